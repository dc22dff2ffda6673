/* 12 global - A global holds for ever: give it an owner instead.
 *
 * PLACE  Before: 11, a unit of work ends all that it began. Next:
 * 13, proving it. The courier of 14 keeps no global: each run of it
 * opens its own spool and its own ledger, and ends both.
 *
 * CLAIM  A program passes every leak tool; yet a file stays open,
 * its lines are not on the disk, and the second run writes into the
 * file of the first. Nobody forgot a close: there is no place where
 * one could stand, since a global does not end before the program.
 * The cure is design. Let the call, or the object, that needs the
 * thing own it and end it; to all others it is lent, an argument.
 *
 * EXAMPLE  Two ways to keep a log of the weather. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

typedef int keep_fn(const char *path, const char *line);

/* The singleton: opened when first asked for, owned by nobody. */
static FILE *the_log(const char *path)
{
	static FILE *log;

	if (!log)
		log = fopen(path, "w");
	return log;
}

/* Keeps a line in whatever log there is, at that path or not. */
static int keep_in_global(const char *path, const char *line)
{
	FILE *log = the_log(path);

	if (!log)
		return -errno;
	return fputs(line, log) < 0 ? -EIO : 0;
}

/* Keeps a line in a log that lives as long as this call. */
static int keep_in_scope(const char *path, const char *line)
{
	FILE *log = fopen(path, "w");
	int err;

	if (!log)
		return -errno;
	err = fputs(line, log) < 0 ? -EIO : 0;
	if (fclose(log) != 0 && err == 0)
		err = -errno;
	return err;
}

/* Counts the descriptors that are open at this moment. */
static int open_now(void)
{
	int count = 0;

	for (int fd = 0; fd < 256; fd++)
		count += fcntl(fd, F_GETFD) != -1;
	return count;
}

/* Tells how much of a log has reached the disk, and removes it. */
static void show(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		printf("  %s: no such file\n", path);
	else
		printf("  %s: %d bytes\n", path, (int)st.st_size);
	remove(path);
}

/* Keeps two days, then one on a disk that is full, and looks. */
static void try_out(const char *title, keep_fn *keep)
{
	int before = open_now();
	int monday = keep("monday", "18 degrees\n");
	int tuesday = keep("tuesday", "21 degrees\n");
	int full = keep("/dev/full", "24 degrees\n");

	printf("%s: %d %d, and on a full disk %s\n", title, monday,
	       tuesday, full == -ENOSPC ? "ENOSPC" : "0");
	show("monday");
	show("tuesday");
	printf("  still open: %d\n", open_now() - before);
}

/* Tries both ways, in a folder that it makes and removes. */
int main(void)
{
	char folder[] = "/tmp/weather-XXXXXX";

	if (!mkdtemp(folder) || chdir(folder) < 0)
		return 1;
	try_out("in a global", keep_in_global);
	try_out("in a scope", keep_in_scope);
	return rmdir(folder) < 0;
}
/* BOUNDARY  Memory that lives to the end is excused: a table or a
 * cache owes nobody a free. A lock, a socket, a temporary file and
 * unflushed data are not: exit flushes, but drops the error. (CERT
 * FIO42-C: close files when they are no longer needed.)
 *
 * VERIFY  valgrind ./a.out says `still reachable` and `0 errors`: a
 * static still points at the log. Check hides it as well: in fork
 * mode each test is a new process, so put both days in one test.
 *
 * REVIEW QUESTION  What must be opened anew between two tests, and
 * what may rightly live for ever?
 *
 * EXERCISE  make 12: a till whose book outlives the day. */
