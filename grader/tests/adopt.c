/* adopt.c - counts what a command leaves running.
 *
 *	adopt [-k MILLISECONDS] FILE COMMAND...
 *
 * It becomes the parent of every orphan of the command's. The command is killed
 * (SIGKILL, and nobody else is) when its milliseconds are over. A second after
 * it has ended "PID LEFT" is written to FILE: its process id, and how many
 * processes of its still live. These are ended. It ends with the status of the
 * command, 137 when that was killed.
 */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { GRACE_MS = 1000, STEP_MS = 5, KILLED = 137, ROUNDS_MAX = 2000 };

/* Milliseconds on the monotonic clock. */
static long now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000L + t.tv_nsec / 1000000L;
}

static void rest(void)
{
	nanosleep(&(struct timespec){ 0, STEP_MS * 1000000L }, NULL);
}

/* Waits for COMMAND, reaping whoever else ends: its status. */
static int await(pid_t command, long kill_at)
{
	int status = 0;
	for (;;) {
		pid_t gone = waitpid(-1, &status, kill_at ? WNOHANG : 0);
		if (gone == command || (gone < 0 && errno != EINTR))
			return status;
		if (kill_at && now() >= kill_at) {
			kill(command, SIGKILL);
			kill_at = 0;
		} else if (gone == 0) {
			rest();
		}
	}
}

/* Whether process PID is a child of this one and no zombie. */
static bool is_child(const char *pid)
{
	char path[300], line[512], state = 'Z';
	int parent = 0;
	snprintf(path, sizeof(path), "/proc/%s/stat", pid);
	FILE *in = fopen(path, "re");
	const char *name_end = in && fgets(line, sizeof(line), in) ?
			       strrchr(line, ')') : NULL;
	if (name_end)
		sscanf(name_end, ") %c %d", &state, &parent);
	if (in)
		fclose(in);
	return state != 'Z' && parent == (int)getpid();
}

/* Counts the living children; with END they are killed as well. Children of
 * theirs come here when they are gone. */
static int count_children(bool end)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	int n = 0;
	while (proc && (entry = readdir(proc)) != NULL) {
		if (strspn(entry->d_name, "0123456789") !=
		    strlen(entry->d_name) || !is_child(entry->d_name))
			continue;
		n++;
		if (end)
			kill((pid_t)atoi(entry->d_name), SIGKILL);
	}
	if (proc)
		closedir(proc);
	return n;
}

/* Reaps those that have ended: whether there are children still. */
static bool reap(void)
{
	pid_t gone;
	while ((gone = waitpid(-1, NULL, WNOHANG)) > 0)
		;
	return gone == 0;
}

/* Gives them a second, then counts and ends those that are left, and what
 * these leave in turn. */
static int count_left(void)
{
	int left = 0;
	for (long until = now() + GRACE_MS; reap() && now() < until;)
		rest();
	for (int i = 0; i < ROUNDS_MAX && reap(); i++) {
		left += count_children(true);
		rest();
	}
	return left;
}

static int usage(void)
{
	fputs("usage: adopt [-k MILLISECONDS] FILE COMMAND...\n", stderr);
	return 2;
}

int main(int argc, char **argv)
{
	long kill_at = 0;
	if (argc > 2 && strcmp(argv[1], "-k") == 0) {
		kill_at = now() + atol(argv[2]);
		argc -= 2;
		argv += 2;
	}
	if (argc < 3)
		return usage();
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	pid_t command = fork();
	if (command == 0) {
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	int status = command < 0 ? 126 << 8 : await(command, kill_at);
	int left = count_left();
	FILE *out = fopen(argv[1], "we");
	if (!out || fprintf(out, "%d %d\n", (int)command, left) < 0 ||
	    fclose(out) != 0)
		return 126;
	return WIFEXITED(status) ? WEXITSTATUS(status) : KILLED;
}
