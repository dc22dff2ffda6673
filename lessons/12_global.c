/* 12 global - Give a long-lived resource an owner instead of a global.
 *
 * PLACE  Lesson 11 ended everything that a unit of work began. Lesson 13 tests
 * cleanup. The courier of the capstone (14) has no global: each run opens its
 * own spool and its own ledger and closes both.
 *
 * CLAIM  A program passes the usual leak checks. Yet a file stays open, its
 * lines are not on the disk, and the second run writes into the file of the
 * first. Nobody forgot a close. There is no point in the program at which to
 * close the file, because a global lives until the program ends. An object that
 * exists once and is reached from everywhere is called a singleton. The cure is
 * a matter of design: the function, or the object, that needs the resource owns
 * it and closes it. All other code borrows it as an argument.
 *
 * EXAMPLE  Two ways to keep a log of the weather. */
#define _POSIX_C_SOURCE 200809L /* asks the headers for POSIX 2008 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

typedef int keep_fn(const char *path, const char *line);

/* The singleton: it is opened at the first call, and no code closes it. */
static FILE *the_log(const char *path)
{
	static FILE *log;

	if (!log)
		log = fopen(path, "w");
	return log;
}

/* Appends LINE to the one log, whatever path that was opened with. Returns 0 or
 * a negative errno. */
static int keep_in_global(const char *path, const char *line)
{
	FILE *log = the_log(path);

	if (!log)
		return -errno;
	return fputs(line, log) < 0 ? -errno : 0;
}

/* Writes LINE to a log that lives as long as this call. Returns 0 or a negative
 * errno: the first error that it met. */
static int keep_in_scope(const char *path, const char *line)
{
	FILE *log = fopen(path, "w");
	int err = 0;

	if (!log)
		return -errno;
	if (fputs(line, log) < 0)
		err = -errno;
	if (fclose(log) != 0 && err == 0)
		err = -errno;
	return err;
}

/* Counts the open descriptors of this process. */
static int open_now(void)
{
	int count = 0;

	for (int fd = 0; fd < 256; fd++)
		if (fcntl(fd, F_GETFD) != -1)
			count++;
	return count;
}

/* Prints how many bytes of a log have reached the disk, and removes the log. */
static void show(const char *path)
{
	struct stat status;

	if (stat(path, &status) < 0) {
		printf("  %s: no such file\n", path);
		return;
	}
	printf("  %s: %d bytes\n", path, (int)status.st_size);
	remove(path);
}

/* Keeps the weather of two days, then of one on a disk that is full. */
static void try_out(const char *title, keep_fn *keep)
{
	int before = open_now();
	int monday = keep("monday", "18 degrees\n");
	int tuesday = keep("tuesday", "21 degrees\n");
	int full = keep("/dev/full", "24 degrees\n");

	printf("%s: %d %d, and on a full disk %s\n", title, monday, tuesday,
	       full == -ENOSPC ? "ENOSPC" : "0");
	show("monday");
	show("tuesday");
	printf("  still open: %d\n", open_now() - before);
}

/* Tries both ways in a folder that it makes and removes. */
int main(void)
{
	char folder[] = "/tmp/weather-XXXXXX";

	if (!mkdtemp(folder))
		return 1;
	if (chdir(folder) == 0) {
		try_out("in a global", keep_in_global);
		try_out("in a scope", keep_in_scope);
	}
	return rmdir(folder) < 0;
}
/* BOUNDARY  Memory that lives until the program ends is harmless: no code must
 * free a table or a cache. A lock, a socket, a temporary file and unwritten
 * data are not harmless. exit writes the buffers of stdio but ignores errors
 * (CERT C FIO42-C: close files when they are no longer needed).
 *
 * VERIFY  With valgrind installed, compile the lesson and run `valgrind
 * ./a.out`: it reports 0 errors and says `still reachable`, because a static
 * variable still points to the log. `valgrind --track-fds=yes ./a.out` does
 * list the open file. Check can hide it, too: in fork mode each test is a new
 * process, so a test of this fault has to call keep twice.
 *
 * REVIEW QUESTION  Which resources must be new in each test, and which may
 * rightly live until the program ends?
 *
 * EXERCISE  Type `make 12`: a till whose book stays open after the day. */
