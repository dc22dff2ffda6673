/* 04 close - Close is explicit, idempotent, documented; it reports.
 *
 * PLACE  Before: 03, cleanup that ends with its scope. Next: 05, a
 * collector that may close. Each adapter of 10 and 14 has such a
 * close.
 *
 * CLAIM  What outlives its scope no scope can close: somebody has
 * to call. Close is deterministic, but only if called. It is the
 * last to hear that data was lost, so it must tell. And some day
 * two paths meet, and it is called twice: to close a number twice
 * is to close whatever the number means by then. Python's file
 * object knows that it is closed; in C nobody clears your handle
 * but you. So write one close that releases, clears, tells and may
 * be called again (it is idempotent), and say so in a sentence
 * where it is declared.
 *
 * EXAMPLE  Write, close, close again: by hand, then by a handle. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A handle: -1 stands for none, since 0 is a good descriptor. */
struct hold {
	int fd;
};

/* Closes HOLD: 0, or the negative errno of the close; it is closed
 * either way. Called again, it does nothing and returns 0. */
static int hold_close(struct hold *hold)
{
	int fd = hold->fd;

	hold->fd = -1; /* first: no way out comes before it */
	if (fd < 0)
		return 0;
	return close(fd) < 0 ? -errno : 0;
}

/* Writes to a disk that is full: when does it say so? */
static void lose_a_line(void)
{
	FILE *file = fopen("/dev/full", "w");
	int wrote, closed;

	if (!file)
		return;
	wrote = fputs("a line\n", file);
	closed = fclose(file);
	printf("/dev/full: fputs %s, fclose %s ENOSPC\n",
	       wrote < 0 ? "failed" : "was content",
	       closed < 0 && errno == ENOSPC ? "said" : "hid");
}

/* Whether the stranger can still write to its file. */
static const char *state_of(int stranger)
{
	return write(stranger, "x", 1) == 1 ? "well" : "closed";
}

/* Closes a number twice. In between, a stranger is handed it. */
static void close_by_hand(void)
{
	int mine = open("/dev/null", O_WRONLY);
	int first = close(mine);
	int stranger = open("/dev/null", O_WRONLY);
	int second = close(mine);

	printf("by hand: the stranger got %s number\n",
	       stranger == mine ? "my" : "another");
	printf("  closes %d %d, and the stranger is %s\n", first,
	       second, state_of(stranger));
}

/* Does the same through a handle. */
static void close_by_handle(void)
{
	struct hold mine = { open("/dev/null", O_WRONLY) };
	int first = hold_close(&mine);
	struct hold stranger = { open("/dev/null", O_WRONLY) };
	int second = hold_close(&mine);

	printf("by handle: closes %d %d, and the stranger is %s\n",
	       first, second, state_of(stranger.fd));
	hold_close(&stranger);
}

/* Frees number 0: whoever opens next is given it. */
static void open_as_0(void)
{
	struct hold hold;

	close(0);
	hold.fd = open("/dev/null", O_RDONLY);
	printf("after close(0), open gives %d\n", hold.fd);
	hold_close(&hold);
}

/* Runs them one after the other. */
int main(void)
{
	lose_a_line();
	close_by_hand();
	close_by_handle();
	open_as_0();
	return 0;
}
/* BOUNDARY  `if (fd > 0) close(fd)` forgets descriptor 0. Never
 * repeat a close: Linux has given the number back even when it says
 * EINTR (close(2)), and the second try may hit a stranger, as when
 * curl closed an eventfd twice (CVE-2025-0665). systemd clears in
 * the same breath: fd = safe_close(fd). musl's fclose closes after
 * a failed flush too: r = fflush(f); r |= f->close(f). A close that
 * says 0 does not prove that the disk has it: see fsync(2).
 *
 * VERIFY  make lesson-04. Then take `hold->fd = -1` out: which word
 * of the output will change? Run it and see.
 *
 * REVIEW QUESTION  Why clear the handle first?
 *
 * EXERCISE  make 04: int memo_close(struct memo **memo). */
