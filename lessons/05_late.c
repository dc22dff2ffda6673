/* 05 late - A finalizer runs when the collector chooses.
 *
 * PLACE  Before: 04, a close that reports. Next: 06, cleanup that
 * never comes. In 14 a courier closes every file itself.
 *
 * CLAIM  A program forgets each file when it has used it, and lets
 * a finalizer close it. On most days that works; then an open fails
 * with EMFILE, though not one file is in use. A finalizer is a
 * function that a garbage collector calls once it has found that
 * nothing points to an object any more. It looks when memory runs
 * short, and no other shortage makes it look. So leave to a
 * finalizer nothing that must happen: no close, no unlock.
 *
 * EXAMPLE  C has no collector, but one can be linked: libgc, with
 * `cc 05_late.c -lgc`. GC_MALLOC gives memory that nobody frees. */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <fcntl.h>
#include <gc.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { LIMIT = 16, USES = 1000, PIECES = 5 * 1000 * 1000 };

struct file {
	int fd;
};

static int finalized;

/* Closes the file of OBJECT, which nothing points to any more. */
static void finalize(void *object, void *unused)
{
	(void)unused;
	close(((struct file *)object)->fd);
	finalized++;
}

/* Opens a file, uses it and forgets it. 0, or -1 with errno. */
static int use_and_forget(void)
{
	struct file *file = GC_MALLOC(sizeof(*file));

	if (!file)
		return -1;
	file->fd = open("/dev/null", O_RDONLY);
	if (file->fd < 0)
		return -1;
	GC_REGISTER_FINALIZER(file, finalize, NULL, NULL, NULL);
	return 0;
}

/* Opens a file, uses it and closes it. 0, or -1 with errno. */
static int use_and_close(void)
{
	int fd = open("/dev/null", O_RDONLY);

	return fd < 0 ? -1 : close(fd);
}

/* Uses one file after another, and tells how that went. */
static void use_many(const char *title, int (*use)(void))
{
	unsigned long looked = (unsigned long)GC_get_gc_no();
	int uses = 0;

	while (uses < USES && use() == 0)
		uses++;
	printf("%s: %s\n", title, uses == USES ? "all went well" :
	       errno == EMFILE ? "EMFILE" : strerror(errno));
	printf("  collections since: %lu, finalizers run: %d\n",
	       (unsigned long)GC_get_gc_no() - looked, finalized);
}

/* Takes memory, piece by piece, until the collector looks. */
static void need_memory(void)
{
	for (int i = 0; i < PIECES && finalized == 0; i++)
		GC_MALLOC(64);
}

/* The limit is low, so that it does not take long to reach. */
int main(void)
{
	struct rlimit limit;

	GC_INIT();
	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return 1;
	limit.rlim_cur = LIMIT;
	if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
		return 1;
	use_many("used and forgotten", use_and_forget);
	need_memory();
	printf("memory was needed, and a finalizer ran: %s\n",
	       finalized > 0 ? "yes" : "no");
	finalized = 0;
	use_many("used and closed", use_and_close);
	return 0;
}
/* BOUNDARY  Need of memory is not need of descriptors, or locks:
 * the collector knows only the first. libgc's page on finalization:
 * what must be prompt does not belong in a finalizer, which is a
 * backup. CPython differs: it counts references, and closes when
 * the last one goes, at once, most of the time. A cycle, or a
 * traceback that is kept, puts it off; PyPy does not count at all.
 *
 * VERIFY  make lesson-05: how often had the collector looked when
 * the open failed? So let no test wait for it: such a test passes
 * or fails with the memory in use, not with your code. Ask what is
 * open when the close has returned.
 *
 * REVIEW QUESTION  What event triggers a finalizer?
 *
 * EXERCISE  make 05: meters that only a finalizer closes. */
