/* 03 scope - What is tied to a scope ends with it, at once.
 *
 * PLACE  Before: 02, one way out, by labels. Next: 04, a close that
 * reports. In 14 a courier may end this way what a message needs.
 *
 * CLAIM  A chain of labels is right until somebody puts a return
 * above it or jumps to the wrong one. The cleanup attribute, a GNU
 * extension, ties the end of a thing to its variable: a function is
 * called when it leaves its scope, by whichever return, at once,
 * youngest first. Nothing in C comes nearer to Python's `with`.
 * Locks and files belong here, not in a finalizer (05).
 *
 * EXAMPLE  Bytes are read while a lock is held, and given away. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define SCOPED(end) __attribute__((cleanup(end)))

struct shelf {
	pthread_mutex_t lock;
	const char *path;
};

/* A guard is a variable with two functions: one takes a lock ... */
static struct shelf *hold(struct shelf *shelf)
{
	pthread_mutex_lock(&shelf->lock);
	return shelf;
}

/* ... one gives it back. It gets the address of the variable. */
static void let_go(struct shelf **held)
{
	pthread_mutex_unlock(&(*held)->lock);
	printf(" unlock\n");
}

/* Frees a block that was not taken out. */
static void drop_bytes(char **bytes)
{
	printf(*bytes ? " free," : "");
	free(*bytes);
}

/* Takes a block out of its scope, which then finds NULL. */
static char *take(char **bytes)
{
	char *taken = *bytes;

	*bytes = NULL;
	return taken;
}

/* Closes, once, and says how that went, if anybody listens. */
static int end_file(FILE **file)
{
	FILE *last = *file;

	*file = NULL;
	printf(last ? " close," : "");
	return last && fclose(last) ? -errno : 0;
}

/* Gives the caller eight bytes of the shelf's file. */
static int read_eight(struct shelf *shelf, char **ret_bytes)
{
	SCOPED(let_go) struct shelf *held = hold(shelf);
	SCOPED(drop_bytes) char *bytes = malloc(8);
	if (!bytes)
		return -ENOMEM;
	SCOPED(end_file) FILE *file = fopen(held->path, "r");
	if (!file)
		return -errno;
	if (fread(bytes, 1, 8, file) < 8)
		return -ENODATA;
	*ret_bytes = take(&bytes);
	return 0;
}

/* Writes a line. The scope closes the file, or we do. */
static int write_line(const char *path, int hand)
{
	SCOPED(end_file) FILE *file = fopen(path, "w");
	if (!file || fputs("tea\n", file) < 0)
		return -EIO;
	return hand ? end_file(&file) : 0;
}

/* Reads no file, an empty one, an endless one; fills a disk. */
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
	puts(write_line("/dev/full", 0) ? " error" : " 0");
	printf("/dev/full by hand:");
	puts(write_line("/dev/full", 1) ? " error" : " 0");
	return 0;
}
/* BOUNDARY  exit, longjmp and signals end no scope (sys.exit in
 * Python does). A goto past such a declaration ends garbage: clang
 * refuses, gcc has -Wjump-misses-init. So mix no goto with scopes,
 * define and assign at once (Linux: cleanup.h). The result of the
 * function is ignored: where a close must report, call it yourself.
 *
 * VERIFY  Put exit(0) above `return 0` in read_eight: no unlock.
 *
 * REVIEW QUESTION  What does the caller get without the take?
 *
 * EXERCISE  make 03: turn a chain of labels into scopes. */
