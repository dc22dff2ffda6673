/* process.h - the one way in which the grader starts another program.
 *
 * A program gets a process group, dies with the process that started it
 * (PR_SET_PDEATHSIG), holds no descriptor but its standard three and those passed on
 * purpose, and begins with every signal at its default, whatever we inherited. Main
 * calls process_prepare() first, and adopt_orphans() before the first start: orphans
 * then come back here and are ended too. Whether it runs in a sandbox is a matter
 * of its enclosure, which sandbox/ makes.
 */
#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum {
	PROCESS_FIRST_FD = 3,
	PROCESS_MAX_PASSED = 8,
	PROCESS_NOT_STARTED = 127,	/* exit status: no such program */
};

/* What a program may use. 0 leaves a limit as it is. */
struct limits {
	unsigned cpu_seconds;
	size_t memory_bytes;	/* address space */
	size_t file_bytes;	/* size of any file it writes */
	unsigned descriptors;
};

/* What keeps a program away from the rest of the machine. Whoever makes one embeds this,
 * and process.c calls it: it knows nothing of the means. */
struct enclosure {
	/* In the fresh child: makes ready what encloses the program ARGV, with DIR as
	 * its work folder and the variables ENV (either may be NULL), and returns what
	 * to execute for that. Descriptor STARTED gets one byte when the program is
	 * enclosed, just before it begins. What cannot be made ends the child. */
	const char *const *(*enter)(const struct enclosure *enclosure,
				    const char *const argv[], const char *dir,
				    const char *const env[], int started);
	/* Lets whoever runs inside open the pipe FD anew, by /dev/stderr, say: 0 or a
	 * negative errno. */
	int (*give)(const struct enclosure *enclosure, int fd);
};

struct program {
	const char *const *argv;	/* argv[0] is looked up in PATH */
	const char *dir;		/* work folder, or NULL for ours */
	const char *const *env;		/* NAME=value added to ours (in a cell: to
					 * the few there are), or NULL */
	int passed[PROCESS_MAX_PASSED];	/* passed[i] becomes descriptor 3+i */
	size_t n_passed;
	struct limits limits;
	int deadline_ms;		/* wall clock from the start; 0: none */
	size_t output_max;		/* bytes kept of each output */
	bool cut_output;		/* what is more is dropped: no flood */
	bool on_terminal;		/* ours for its standard three */
	int nice;			/* how far it steps back for others */
	const struct enclosure *enclosure; /* what confines it, or NULL */
};

struct process {
	pid_t pid;		/* also its process group; 0 when none */
	int out, err;		/* read ends, -1 when closed */
	int started;		/* tells that its cell stands; -1: it has none */
	long deadline_at;	/* milliseconds, monotonic; 0: none */
	size_t output_max;
	bool cut_output;
};

/* A process that is none: ending it does nothing. */
#define PROCESS_NONE { .out = -1, .err = -1, .started = -1 }

/* How a program ended, and what it printed. Owns out and err. */
struct ended {
	int status;		/* as waitpid tells it */
	bool timed_out;		/* the deadline came first */
	bool flooded;		/* ended: it printed more than output_max */
	char *out, *err;	/* NUL-terminated, cut at output_max */
	size_t out_size, err_size;
};

/* For the beginning of main: makes this process one that can start others, whatever
 * it inherited. Opens /dev/null for each of the descriptors 0 to 2 that is closed,
 * so that no file gets their number; writing to it fails (EBADF). Lets children be
 * waited for (SIGCHLD at its default), and a broken pipe be an error (SIGPIPE
 * ignored). Raises the limit of descriptors to DESCRIPTORS_NEEDED (limits.h) if
 * that is allowed. 0, or a negative errno when /dev/null cannot be opened. */
int process_prepare(void);

/* Checks that this process may have DESCRIPTORS_NEEDED descriptors: 0; or -EMFILE,
 * with a sentence in *RET_WHY that the caller frees. */
int process_check_descriptors(char **ret_why);

/* Makes this process adopt orphaned descendants: 0 or a negative errno.
 * Source: prctl(2), PR_SET_CHILD_SUBREAPER. */
int adopt_orphans(void);

/* Starts PROGRAM: 0 and *ret_process, which the caller ends by
 * process_wait or process_end; or a negative errno. One with cut_output may print
 * until its deadline, so it needs one. A program that is not there
 * ends with the exit status PROCESS_NOT_STARTED, as a shell would tell it. */
int process_start(const struct program *program, struct process *ret_process);

/* Waits until PROCESS is in its cell, or cannot get there, a second at most. Does
 * nothing on one that has none. */
void process_await_cell(const struct process *process);

/* Reads what PROCESS prints and waits for it, ending it and all that it left
 * behind at its deadline: 0 and *ret_ended, which the caller releases by
 * ended_release; or a negative errno, and the process is gone all the same:
 * -ENOEXEC when its cell could not be made, so that it never began; *ret_ended
 * then holds what was said of that, and is the caller's to release as well. */
int process_wait(struct process *process, struct ended *ret_ended);

/* Kills PROCESS and all that it started, and closes its pipes. Does nothing
 * on one that has ended. */
void process_end(struct process *process);

/* The same for one that has been told to end, as by the end of its input: waits so many
 * MILLISECONDS at most for it to exit, which spares a search for what process_end kills. */
void process_let_end(struct process *process, int milliseconds);

/* Starts PROGRAM and waits for it: process_start and process_wait in one. */
int process_run(const struct program *program, struct ended *ret_ended);

/* Whether it ran to its end in time and exited with status 0. */
bool ended_well(const struct ended *ended);

/* Frees what ENDED owns and leaves it empty. */
void ended_release(struct ended *ended);

/* Kills and reaps every child of this process, orphans that it adopted
 * included, until none is left. Returns how many there were. */
int reap_descendants(void);

/* The same for a process that was started in a cell. As process 1 of a namespace
 * it ends all others at once, and no chain of forks can run ahead of it. */
int reap_cell(void);

/* Milliseconds on the monotonic clock. */
long monotonic_ms(void);

#endif
