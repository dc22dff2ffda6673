/* 04 close - A close is explicit, idempotent, documented, and reports errors.
 *
 * PLACE  Lesson 03 showed cleanup that a scope runs. Lesson 05 shows a
 * collector that may close, later. Every adapter in 10 and 14 has a close like
 * the one here.
 *
 * CLAIM  A resource that outlives its scope needs an explicit close. Such a
 * close is deterministic, but only if it is called. Close is the last call
 * that can report lost data, so it has to return its error. One day two paths
 * both call it. On a descriptor that is a double close: the second close closes
 * whatever has that number by then. A Python file object knows that it is
 * closed. In C only you can clear the handle. So write one close that releases,
 * clears the handle, returns the error, and may be called again. A function
 * that may be called again without harm is idempotent. Say all this in one
 * sentence where the function is declared.
 *
 * EXAMPLE  The program writes to a full disk, then closes a file twice: first a
 * bare descriptor, then a handle. The stranger is other code, which opens a
 * file in between and gets the number that has just become free. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A handle. -1 means "none", because 0 is a valid descriptor. */
struct handle {
	int fd;
};

/* Closes HANDLE and returns 0 or a negative errno; HANDLE is closed in either
 * case. On a handle that is already closed it does nothing and returns 0. */
static int handle_close(struct handle *handle)
{
	int fd = handle->fd;

	handle->fd = -1; /* first: no return comes before it */
	if (fd < 0)
		return 0;
	return close(fd) < 0 ? -errno : 0;
}

/* Opens /dev/null, to which everybody may write. */
static int open_null(void)
{
	int fd = open("/dev/null", O_WRONLY);

	if (fd < 0) {
		perror("/dev/null");
		exit(1);
	}
	return fd;
}

/* Writes to a disk that is full. Which call reports it? */
static void lose_a_line(void)
{
	FILE *file = fopen("/dev/full", "w");
	int written, closed;

	if (!file)
		return;
	written = fputs("a line\n", file);
	closed = fclose(file);
	printf("/dev/full: fputs %s, fclose %s ENOSPC\n",
	       written < 0 ? "failed" : "succeeded",
	       closed < 0 && errno == ENOSPC ? "reported" : "hid");
}

/* Tells whether the stranger can still write to its file. */
static const char *state_of(int stranger)
{
	return write(stranger, "x", 1) == 1 ? "well" : "closed";
}

/* Closes a descriptor twice. In between the stranger opens a file. */
static void close_by_hand(void)
{
	int mine = open_null();
	int first = close(mine);
	int stranger = open_null();
	int second = close(mine); /* the fault that this lesson is about */

	printf("by hand: the stranger got %s number\n",
	       stranger == mine ? "my" : "another");
	printf("  closes %d %d, and the stranger is %s\n", first, second,
	       state_of(stranger));
}

/* Does the same through a handle. */
static void close_by_handle(void)
{
	struct handle mine = { open_null() };
	int first = handle_close(&mine);
	struct handle stranger = { open_null() };
	int second = handle_close(&mine);

	printf("by handle: closes %d %d, and the stranger is %s\n", first,
	       second, state_of(stranger.fd));
	handle_close(&stranger);
}

/* Makes descriptor 0 free. The next open returns the lowest free number. */
static void open_as_0(void)
{
	struct handle handle;

	close(0);
	handle.fd = open_null();
	printf("after close(0), open gives %d\n", handle.fd);
	handle_close(&handle);
}

int main(void)
{
	lose_a_line();
	close_by_hand();
	close_by_handle();
	open_as_0();
	return 0;
}
/* BOUNDARY  The test `if (fd > 0) close(fd)` forgets descriptor 0. Do not
 * repeat a close that failed. On Linux the descriptor is free even when close
 * returns EINTR (close(2)), so a second close may hit the new owner of the
 * number; POSIX.1-2024 allows systems on which the descriptor is still open.
 * In curl, a double close of an eventfd was a security fault (CVE-2025-0665).
 * Some closes that fail release nothing: sqlite3_close returns SQLITE_BUSY and
 * leaves the database open. Read the manual of each. A close that returns 0
 * does not prove that the data is on the disk: see fsync(2).
 *
 * VERIFY  Type `make lesson-04`. Then remove the line `handle->fd = -1`. Which
 * word of the output will change? Run the lesson and see.
 *
 * REVIEW QUESTION  Why does handle_close clear the handle before it closes?
 *
 * EXERCISE  Type `make 04`: write int memo_close(struct memo **memo). */
