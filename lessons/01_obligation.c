/* 01 obligation - Each acquisition owes one release on every path.
 *
 * PLACE  Before: 00, one missing close. Next: 02, one way out for
 * all paths. 14, a courier, owes on every line that opens.
 *
 * CLAIM  For days a program runs well; then open fails: too many
 * open files. A path that is rarely taken left one open each time.
 * A leak fails nowhere; what fails comes later and is innocent. So
 * read a function as a ledger: what it takes it owes, and each path
 * to a return pays all that it owes, once (CERT FIO42-C, MEM31-C).
 *
 * EXAMPLE  A copy with four exits. A descriptor is the number that
 * open gives to an open file; when it is -1, errno says why. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Writes into the ledger that FD was taken, if it was. */
static int take(const char *name, int fd)
{
	if (fd >= 0)
		printf(" +%s", name);
	return fd;
}

/* Pays, and writes that down: 0 or a negative errno. */
static int pay(const char *name, int fd)
{
	printf(" -%s", name);
	return close(fd) < 0 ? -errno : 0;
}

/* Copies the first bytes of a file: 0 or a negative errno. */
static int copy(const char *from, const char *to)
{
	char bytes[16];
	ssize_t n;
	int err, in, out;

	in = take("in", open(from, O_RDONLY));
	if (in < 0)
		return -errno;	/* exit 1: owes nothing */
	out = take("out", open(to, O_WRONLY));
	if (out < 0) {
		err = -errno;	/* now: close may change it */
		pay("in", in);
		return err;	/* exit 2: owed in */
	}
	n = read(in, bytes, sizeof bytes);
	if (n < 0 || write(out, bytes, (size_t)n) < 0) {
		err = -errno;
		pay("out", out);
		pay("in", in);
		return err;	/* exit 3: owed both */
	}
	err = pay("out", out);
	pay("in", in);
	return err;		/* exit 4: owed both, too */
}

/* Takes two files, and has one variable to remember them by. */
static int forget(const char *from, const char *to)
{
	int fd = take("first", open(from, O_RDONLY));

	if (fd < 0)
		return -errno;
	fd = take("second", open(to, O_WRONLY));
	return pay("second", fd);
}

/* Prints the ledger of one call, and what the call said. */
static void show(int call(const char *, const char *),
		 const char *from, const char *to)
{
	printf("%s to %s:", from, to);
	int err = call(from, to);
	printf(" | %s\n", err < 0 ? strerror(-err) : "no error");
}

/* Ends a child, by a signal or by exit, with words in a buffer. */
static void end_by(const char *name, int signal)
{
	printf("ended by %s:", name);
	fflush(stdout); /* or the child would say it again */
	if (fork() == 0) {
		printf(" the buffer was written");
		exit(raise(signal)); /* 0 is no signal */
	}
	wait(NULL);
	putchar('\n');
}

/* Takes each exit once, then looks at two ways to end. */
int main(void)
{
	show(copy, "/nowhere", "/dev/null");
	show(copy, "/dev/zero", "/nowhere");
	show(copy, "/dev/zero", "/dev/full");
	show(copy, "/dev/zero", "/dev/null");
	show(forget, "/dev/zero", "/dev/null");
	end_by("exit", 0);
	end_by("SIGKILL", SIGKILL);
	return 0;
}
/* BOUNDARY  A process that ends gives back descriptors and memory,
 * but no buffer is written: exit does that, and drops the error;
 * _exit, abort and a signal do not. And a leak may pass for
 * success: in row five nobody knows the number of `first` now.
 *
 * VERIFY  valgrind --track-fds=yes ./a.out: who holds /dev/zero?
 *
 * REVIEW QUESTION  Which path owes what?
 *
 * EXERCISE  make 01: two paths, and a pointer overwritten. */
