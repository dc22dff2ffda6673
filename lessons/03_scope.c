/* 03 scope - Cleanup that runs by itself at the end of a scope.
 *
 * PLACE  Lesson 02 wrote the exit path by hand, with labels. Lesson 04 shows a
 * close that reports its error. In the capstone (14) you may use either.
 *
 * CLAIM  A chain of labels is right until a return is added above it, or a
 * jump goes to the wrong label. The cleanup attribute ties the release of a
 * resource to a variable. When control leaves the scope of the variable, by
 * any return, the compiler calls a function with the address of the variable.
 * Several variables are cleaned up newest first. This is deterministic: it
 * happens at the end of the scope and not later. C++ and Rust call the pattern
 * RAII; Python has `with`. The attribute is an extension of GNU C, known to gcc
 * and clang, and not part of standard C. Locks and files belong here, and not
 * in a finalizer (lesson 05).
 *
 * EXAMPLE  read_eight reads bytes while it holds a lock, and returns the bytes
 * to its caller. It has four ways to leave and not one explicit release. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define SCOPED(release) __attribute__((cleanup(release)))

struct shelf {
	pthread_mutex_t lock;
	const char *path;
};

/* A scope guard is a variable that means "the lock is held". It needs two
 * functions. This one acquires the lock; NULL says that it could not. */
static struct shelf *lock_shelf(struct shelf *shelf)
{
	return pthread_mutex_lock(&shelf->lock) == 0 ? shelf : NULL;
}

/* This one releases it. The compiler passes the address of the variable. */
static void unlock_shelf(struct shelf **held)
{
	if (!*held)
		return;
	pthread_mutex_unlock(&(*held)->lock);
	printf(" unlock\n");
}

/* Frees a block, unless the variable is NULL: then there is none. */
static void free_bytes(char **bytes)
{
	if (*bytes)
		printf(" free,");
	free(*bytes);
}

/* Transfers ownership: returns the block and leaves NULL in the variable, so
 * that the cleanup at the end of the scope finds nothing to free. */
static char *take(char **bytes)
{
	char *taken = *bytes;

	*bytes = NULL;
	return taken;
}

/* Closes a file, once, and returns 0 or a negative errno. As a cleanup
 * function its result is ignored. */
static int close_file(FILE **file)
{
	FILE *last = *file;

	*file = NULL;
	if (!last)
		return 0;
	printf(" close,");
	return fclose(last) != 0 ? -errno : 0;
}

/* Reads eight bytes of the shelf's file into a block, which the caller frees.
 * Returns 0 or a negative errno. */
static int read_eight(struct shelf *shelf, char **ret_bytes)
{
	SCOPED(unlock_shelf) struct shelf *held = lock_shelf(shelf);
	if (!held)
		return -EDEADLK;
	SCOPED(free_bytes) char *bytes = malloc(8);
	if (!bytes)
		return -ENOMEM;
	SCOPED(close_file) FILE *file = fopen(held->path, "r");
	if (!file)
		return -errno;
	if (fread(bytes, 1, 8, file) < 8)
		return -ENODATA;
	*ret_bytes = take(&bytes);
	return 0;
}

/* Writes a line. Either the scope closes the file, or this function does. */
static int write_line(const char *path, int close_by_hand)
{
	SCOPED(close_file) FILE *file = fopen(path, "w");
	if (!file)
		return -errno;
	if (fputs("tea\n", file) < 0)
		return -EIO;
	return close_by_hand ? close_file(&file) : 0;
}

/* Reads from a path that does not exist, from an empty file and from an endless
 * one. Then writes to /dev/full, a device on which every write fails. */
int main(void)
{
	const char *path[] = { "/no", "/dev/null", "/dev/zero" };
	struct shelf shelf = { PTHREAD_MUTEX_INITIALIZER, NULL };
	char *bytes = NULL;

	for (int i = 0; i < 3; i++) {
		shelf.path = path[i];
		printf("%s:", path[i]);
		read_eight(&shelf, &bytes);
	}
	free(bytes);
	printf("/dev/full by scope:");
	puts(write_line("/dev/full", 0) < 0 ? " error" : " 0");
	printf("/dev/full by hand:");
	puts(write_line("/dev/full", 1) < 0 ? " error" : " 0");
	return 0;
}
/* BOUNDARY  exit, longjmp and fatal signals skip scope cleanup. (Python's
 * sys.exit does not: it raises an exception.) A goto that jumps into a scope
 * past such a declaration leads to cleanup of an uninitialized variable: clang
 * refuses to compile it, gcc warns with -Wjump-misses-init. So do not mix goto
 * with scoped variables, and initialize each where it is declared (compare
 * include/linux/cleanup.h). The result of a cleanup function is ignored: the
 * line "/dev/full by scope" reports 0 although the text was lost. Where an
 * error of the close matters, call the close yourself.
 *
 * VERIFY  Put exit(0) above `return 0` in read_eight and run the lesson: the
 * line of /dev/zero has no unlock.
 *
 * REVIEW QUESTION  What does the caller of read_eight get if the last line but
 * one is `*ret_bytes = bytes;`?
 *
 * EXERCISE  Type `make 03`: turn a chain of labels into scopes. */
