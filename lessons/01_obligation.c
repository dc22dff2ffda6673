/* 01 obligation - Release every resource exactly once on every path.
 *
 * PLACE  Lesson 00 showed one missing close. Lesson 02 shows how one exit path
 * can serve all errors. In the capstone (14) every open has this obligation.
 *
 * CLAIM  A program runs well for days. Then open fails: too many open files.
 * A path that rarely runs left one file open each time. The leak itself never
 * fails. A later, unrelated call fails, and so the leak is hard to find.
 * Read a function as a ledger, a list of what it acquires and what it releases.
 * Each acquisition must be released exactly once on every path to a return
 * (CERT C rules FIO42-C and MEM31-C).
 *
 * EXAMPLE  The function copy has four exit paths and prints its ledger: +in
 * when it opens the input, -in when it closes it. A descriptor is the number
 * that open returns for an open file. If open fails it returns -1, and the
 * variable errno holds the reason. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Prints that NAME was acquired if the descriptor FD is valid. Returns FD. */
static int acquired(const char *name, int fd)
{
	if (fd >= 0)
		printf(" +%s", name);
	return fd;
}

/* Closes FD and prints that NAME was released. Returns 0, or a negative
 * errno: -ENOSPC, for example, when the disk is full. */
static int release(const char *name, int fd)
{
	printf(" -%s", name);
	return close(fd) < 0 ? -errno : 0;
}

/* Writes N bytes. One write may transfer fewer bytes than it was asked to
 * (a short write), so the loop goes on until all are written. */
static int write_all(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t written = write(fd, bytes, n);

		if (written < 0)
			return -errno;
		bytes += written;
		n -= (size_t)written;
	}
	return 0;
}

/* Copies the first bytes of a file. Returns 0 or a negative errno. */
static int copy(const char *from, const char *to)
{
	char bytes[16];
	ssize_t n;
	int err, in, out;

	in = acquired("in", open(from, O_RDONLY));
	if (in < 0)
		return -errno;	/* path 1: nothing to release */
	out = acquired("out", open(to, O_WRONLY));
	if (out < 0) {
		err = -errno;	/* save it now: close may change errno */
		release("in", in);
		return err;	/* path 2: had to release in */
	}
	n = read(in, bytes, sizeof bytes);
	err = n < 0 ? -errno : write_all(out, bytes, (size_t)n);
	if (err < 0) {
		release("out", out);
		release("in", in);
		return err;	/* path 3: had to release both */
	}
	err = release("out", out);
	release("in", in);
	return err;		/* path 4: had to release both, too */
}

/* Opens two files but keeps only one variable for them. The second open
 * overwrites the only copy of the first descriptor. */
static int forget(const char *from, const char *to)
{
	int fd = acquired("first", open(from, O_RDONLY));

	if (fd < 0)
		return -errno;
	fd = acquired("second", open(to, O_WRONLY));
	if (fd < 0)
		return -errno;
	return release("second", fd);
}

/* Prints the ledger of one call. The parameter `call` is a function: show runs
 * the function that it is given. */
static void show(int call(const char *, const char *), const char *from,
		 const char *to)
{
	printf("%s to %s:", from, to);
	int err = call(from, to);
	printf(" | %s\n", err < 0 ? strerror(-err) : "no error");
}

/* Ends this process by a signal that no program can handle. */
static void be_killed(int unused)
{
	(void)unused;
	raise(SIGKILL);
}

/* Starts a second process by fork, which copies this process. The copy (the
 * child) leaves text in the buffer of stdout and calls the function END. The
 * parent waits until the child is gone. */
static void end_by(const char *name, void end(int))
{
	printf("ended by %s:", name);
	fflush(stdout); /* otherwise the child would print this text again */
	pid_t child = fork();

	if (child < 0) {
		perror("fork");
		return;
	}
	if (child == 0) {
		printf(" the buffer was written");
		end(0);
	}
	waitpid(child, NULL, 0);
	putchar('\n');
}

/* Takes each path once, then compares two ways to end a process. */
int main(void)
{
	show(copy, "/nowhere", "/dev/null");
	show(copy, "/dev/zero", "/nowhere");
	show(copy, "/dev/zero", "/dev/full");
	show(copy, "/dev/zero", "/dev/null");
	show(forget, "/dev/zero", "/dev/null");
	end_by("exit", exit);
	end_by("SIGKILL", be_killed);
	return 0;
}
/* BOUNDARY  When a process ends, the kernel reclaims its memory and closes its
 * descriptors. The kernel does not write the buffers of stdio streams: those
 * are inside the process. exit() writes them but ignores errors. _exit(),
 * abort() and fatal signals do not write them, and the data is lost.
 * A leak can also look like success: row five reports no error, yet no variable
 * holds the descriptor of `first` any more.
 *
 * VERIFY  Type `make lesson-01`. With valgrind installed, compile the lesson
 * and run `valgrind --track-fds=yes ./a.out`: which line opened the descriptor
 * that is never closed?
 *
 * REVIEW QUESTION  What must each of the four paths release?
 *
 * EXERCISE  Type `make 01`: fix two error paths and an overwritten pointer. */
