/* 05 late - A finalizer runs when the collector chooses.
 *
 * PLACE  Lesson 04 wrote an explicit close. Lesson 06 shows cleanup that never
 * runs at all. In the capstone (14) the courier closes every file itself.
 *
 * CLAIM  A program does not close its files. It leaves that to finalizers. A
 * garbage collector is a library that frees objects which nothing points to any
 * more; a finalizer is a function that the collector calls for such an object.
 * On most days this works. Then an open fails with EMFILE (too many open files)
 * although no file is in use. The reason: the collector looks for unused
 * objects when enough memory has been allocated since it last looked. No
 * shortage of descriptors or locks makes it look. So do not leave to a
 * finalizer what must happen: no close, no unlock.
 *
 * EXAMPLE  C has no collector, but you can link one: libgc, with
 * `cc 05_late.c -lgc`. GC_MALLOC allocates memory that the collector frees. */
#define _XOPEN_SOURCE 700 /* asks the headers for all of POSIX 2008 */
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

static int finalized; /* how many finalizers have run */

/* The finalizer: closes the file of OBJECT, which nothing points to. */
static void finalize(void *object, void *unused)
{
	(void)unused;
	close(((struct file *)object)->fd);
	finalized++;
}

/* Opens a file and forgets it. Returns 0, or -1 with the reason in errno. */
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

/* Opens a file and closes it. Returns 0, or -1 with the reason in errno. */
static int use_and_close(void)
{
	int fd = open("/dev/null", O_RDONLY);

	if (fd < 0)
		return -1;
	return close(fd);
}

/* Calls the function USE until it fails, at most USES times. */
static void use_many(const char *title, int (*use)(void))
{
	unsigned long before = (unsigned long)GC_get_gc_no();
	const char *result = "all went well";

	for (int i = 0; i < USES; i++) {
		if (use() < 0) {
			result = errno == EMFILE ? "EMFILE" : strerror(errno);
			break;
		}
	}
	printf("%s: %s\n", title, result);
	printf("  collections since: %lu, finalizers run: %d\n",
	       (unsigned long)GC_get_gc_no() - before, finalized);
}

/* Allocates memory piece by piece until the collector looks. */
static void need_memory(void)
{
	for (int i = 0; i < PIECES && finalized == 0; i++)
		GC_MALLOC(64);
}

/* Sets a low limit of open files, so that it is reached at once. */
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
/* BOUNDARY  When a collector looks is its own decision, and collectors differ.
 * The documentation of libgc says that a finalizer may serve as a backup but
 * not for what must happen promptly. CPython counts references and usually
 * closes a file as soon as the last reference is gone. A cycle of objects, or a
 * traceback that is kept, delays it; PyPy does not count references at all.
 * For the same reason no test may wait for a collector: whether it passes
 * depends on how much memory was used and not on your code. Such a test is
 * called flaky. Check what is open when the close has returned.
 *
 * VERIFY  Type `make lesson-05`. How many collections had happened when the
 * open failed?
 *
 * REVIEW QUESTION  Which event makes a finalizer run?
 *
 * EXERCISE  Type `make 05`: meters that only a finalizer closes. */
