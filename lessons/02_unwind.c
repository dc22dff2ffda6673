/* 02 unwind - One exit path that releases in reverse order.
 *
 * PLACE  Lesson 01 showed that each path has to release what it acquired.
 * Lesson 03 shows cleanup that runs by itself at the end of a scope. In the
 * capstone (14) one function holds a folder, a database and a transaction.
 *
 * CLAIM  A function that acquires three resources can fail in three places, and
 * at each of them it holds something else. If you repeat the releases at every
 * return, you will forget one. So write them once, at the end of the function,
 * newest resource first, with a label before each. When a call fails, jump to
 * the label that releases what is held by then; control falls through to the
 * labels below it. This is called unwinding. Name a label after what it
 * releases (release_ink) and not after where it is (error2). Linux kernel,
 * coding-style, section 7; CERT C MEM12-C.
 * Python's `with` statement unwinds by itself. In C you write it.
 *
 * EXAMPLE  Two functions acquire a list, then ink, then a note. Each may be
 * refused. The last part shows why the newest resource is released first. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *refused; /* the resource that cannot be acquired */
static int held;	    /* how many resources are held */

/* Acquires WHAT. Returns 0, or -1 if it is refused. */
static int acquire(const char *what)
{
	if (refused && strcmp(what, refused) == 0)
		return -1;
	printf(" +%s", what);
	held++;
	return 0;
}

/* Releases WHAT. */
static void release(const char *what)
{
	printf(" -%s", what);
	held--;
}

/* Jumps to the label of the resource that it acquired last. */
static int careful(void)
{
	int rc = acquire("list");

	if (rc < 0)
		return rc;
	rc = acquire("ink");
	if (rc < 0)
		goto release_list;
	rc = acquire("note");
	if (rc < 0)
		goto release_ink;
	release("note");
release_ink:
	release("ink");
release_list:
	release("list");
	return rc;
}

/* Jumps back to try again, although it still holds the list and the ink. */
static int stubborn(void)
{
	int tries = 0, rc;
again:
	rc = acquire("list");
	if (rc == 0)
		rc = acquire("ink");
	if (rc == 0)
		rc = acquire("note");
	if (rc < 0 && ++tries < 2)
		goto again;
	release("ink");
	release("list");
	return rc;
}

/* Calls the function PRINT while WHAT is refused, and prints what is held
 * afterwards. */
static void run(const char *name, int print(void), const char *what)
{
	refused = what;
	held = 0;
	printf("%-8s", name);
	print();
	printf(": %d still held\n", held);
}

/* Prints how many bytes the file with the descriptor FD has by now. */
static void show_size(const char *when, int fd)
{
	struct stat status;

	if (fstat(fd, &status) == 0)
		printf("%s: %d bytes in the file\n", when, (int)status.st_size);
}

/* Reverse order matters when a later resource still needs an earlier one. Here
 * the stream keeps its text in the buffer `ink` until it is closed. So the
 * stream is closed first and the buffer is freed second. In the other order
 * fclose would read freed memory: a use after free. */
static int show_order(void)
{
	int rc = -1, fd;
	FILE *note;
	char *ink = malloc(BUFSIZ);

	if (!ink)
		return -1;
	note = tmpfile();
	if (!note)
		goto free_ink;
	fd = dup(fileno(note)); /* a second descriptor of the same file */
	if (fd < 0 || setvbuf(note, ink, _IOFBF, BUFSIZ) != 0)
		goto close_note;
	if (fputs("thanks", note) >= 0)
		rc = 0;
	show_size("before the close", fd);
close_note:
	if (fclose(note) != 0)
		rc = -1;
	if (fd >= 0) {
		show_size("after the close", fd);
		close(fd);
	}
free_ink:
	free(ink);
	return rc;
}

int main(void)
{
	run("careful", careful, NULL);
	run("careful", careful, "note");
	run("careful", careful, "ink");
	run("stubborn", stubborn, "note");
	return show_order() < 0;
}
/* BOUNDARY  A jump backwards is safe only after everything acquired since the
 * label has been released. The function stubborn acquires the list and the ink
 * twice and releases each once. A jump must also not skip the declaration of a
 * variable that a label releases: its value would be indeterminate. Reverse
 * order is right as long as nothing released later still needs what was
 * released before.
 *
 * VERIFY  Type `make lesson-02`. The first three lines release in the reverse
 * of the order in which they acquire. Then let careful jump to release_list
 * when the note is refused: how many resources are still held?
 *
 * REVIEW QUESTION  When control reaches the label release_ink, which resources
 * must be held, and which must not?
 *
 * EXERCISE  Type `make 02`: three real resources, and every call fails. */
