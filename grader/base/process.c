/* process.c - see process.h. Pipes are read by poll, so that a flood, a silent
 * program and one that closes its output early all end at the deadline. */
#include "process.h"
#include "error.h"
#include "limits.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { READ_SIZE = 16384, CHILD_FAILED = 126,
       DRAIN_READS = (1 << 20) / READ_SIZE };	/* a pipe's greatest size */

long monotonic_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000L + now.tv_nsec / 1000000L;
}

/* Opens /dev/null where one of the standard descriptors is closed; for reading, so
 * that what is written there is not lost in silence. */
static int open_standard(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDONLY) != fd)
			return errno ? -errno : -EBADF;
	return 0;
}

/* Raises the limit of descriptors. Root may raise what is the most for others. */
static void raise_descriptors(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 ||
	    limit.rlim_cur >= DESCRIPTORS_NEEDED)
		return;
	limit.rlim_cur = DESCRIPTORS_NEEDED;
	if (limit.rlim_max < limit.rlim_cur)
		limit.rlim_max = limit.rlim_cur;
	setrlimit(RLIMIT_NOFILE, &limit);
}

int process_prepare(void)
{
	int rc = open_standard();
	signal(SIGCHLD, SIG_DFL);
	signal(SIGPIPE, SIG_IGN);
	raise_descriptors();
	return rc;
}

int process_check_descriptors(char **ret_why)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 ||
	    limit.rlim_cur >= DESCRIPTORS_NEEDED)
		return 0;
	return because(ret_why, -EMFILE, "too few file descriptors: ulimit -n is "
		       "%lu, and %d are needed", (unsigned long)limit.rlim_cur,
		       DESCRIPTORS_NEEDED);
}

int adopt_orphans(void)
{
	return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0 ? -errno : 0;
}

/* Closes *FD and clears it, so that a second call finds nothing. */
static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Lowers one limit for good, to VALUE and so much more by force; 0 leaves it. */
static void set_limit(int which, size_t value, size_t more)
{
	struct rlimit limit = { .rlim_cur = value, .rlim_max = value + more };
	if (value && setrlimit(which, &limit) < 0 && errno != EPERM)
		_exit(CHILD_FAILED);
}

static void set_limits(const struct limits *limits)
{
	/* SIGXCPU first, which says why, and SIGKILL a second later. */
	set_limit(RLIMIT_CPU, limits->cpu_seconds, 1);
	set_limit(RLIMIT_AS, limits->memory_bytes, 0);
	set_limit(RLIMIT_FSIZE, limits->file_bytes, 0);
	set_limit(RLIMIT_NOFILE, limits->descriptors, 0);
	struct rlimit none = { 0, 0 };
	setrlimit(RLIMIT_CORE, &none);
}

/* Ends a child that cannot become its program, and says why. */
__attribute__((noreturn)) static void fail_child(const char *what)
{
	dprintf(STDERR_FILENO, "%s: %s\n", what, strerror(errno));
	_exit(CHILD_FAILED);
}

/* Moves the passed descriptors to 3, 4, ... and closes all above. They go through
 * numbers above those first, so that none is overwritten before its turn. */
static void pass_descriptors(const int passed[], size_t n)
{
	int high[PROCESS_MAX_PASSED + 1] = { 0 };
	const int above = PROCESS_FIRST_FD + (int)n;
	for (size_t i = 0; i < n; i++) {
		high[i] = fcntl(passed[i], F_DUPFD, above);
		if (high[i] < 0)
			fail_child("a file cannot be passed on");
	}
	for (size_t i = 0; i < n; i++)
		if (dup2(high[i], PROCESS_FIRST_FD + (int)i) < 0)
			fail_child("a file cannot be passed on");
	close_range((unsigned)above, ~0U, 0);
}

/* The pipes of a program that is being started: [0] reads, [1] writes. */
struct pipes {
	int out[2], err[2], started[2];
};

/* Passes what is to be passed, and last the pipe that tells of a cell: which
 * number that gets. */
static int pass_all(const struct program *p, const struct pipes *pipes)
{
	int passed[PROCESS_MAX_PASSED + 1];
	size_t n = p->n_passed;
	memcpy(passed, p->passed, sizeof(p->passed));
	if (p->enclosure)
		passed[n++] = pipes->started[1];
	pass_descriptors(passed, n);
	return PROCESS_FIRST_FD + (int)p->n_passed;
}

/* Gives the child an empty input and our pipes for its outputs. */
static void redirect_standard(const struct pipes *pipes)
{
	int nothing = open("/dev/null", O_RDONLY);
	if (nothing < 0 || dup2(nothing, 0) < 0 ||
	    dup2(pipes->out[1], 1) < 0 || dup2(pipes->err[1], 2) < 0)
		_exit(CHILD_FAILED);
}

static void add_environment(const char *const *env)
{
	for (; env && *env; env++)
		putenv((char *)*env);
}

/* Gets ready for a program that nothing encloses. */
static void enter_bare(const struct program *p)
{
	if (p->dir && chdir(p->dir) < 0)
		_exit(PROCESS_NOT_STARTED);
	add_environment(p->env);
}

/* Lets every signal do what it does without us, so that what a program does is not a
 * matter of who called us. At the terminal, what is ignored stays so (nohup). */
static void reset_signals(bool on_terminal)
{
	sigset_t none;
	for (int i = 1; i < NSIG && !on_terminal; i++)
		signal(i, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Becomes the program, or exits with PROCESS_NOT_STARTED. */
static void become(const struct program *p, const struct pipes *pipes)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (!p->on_terminal) {
		setpgid(0, 0);
		redirect_standard(pipes);
	}
	int started = pass_all(p, pipes);
	reset_signals(p->on_terminal);
	if (p->nice)
		setpriority(PRIO_PROCESS, 0, p->nice);
	const char *const *argv = p->argv;
	if (p->enclosure)
		argv = p->enclosure->enter(p->enclosure, p->argv, p->dir, p->env,
					   started);
	else
		enter_bare(p);
	set_limits(&p->limits);
	execvp(argv[0], (char *const *)argv);
	_exit(PROCESS_NOT_STARTED);
}

/* Closes one end, 0 or 1, of all pipes. */
static void close_ends(struct pipes *pipes, int end)
{
	close_fd(&pipes->out[end]);
	close_fd(&pipes->err[end]);
	close_fd(&pipes->started[end]);
}

/* Lets whoever runs in an enclosure open its outputs anew: 0 or -1. */
static int give_outputs(const struct program *p, const struct pipes *pipes)
{
	const struct enclosure *e = p->enclosure;
	if (!e)
		return 0;
	return e->give(e, pipes->out[1]) < 0 || e->give(e, pipes->err[1]) < 0 ?
	       -1 : 0;
}

/* Opens the pipes that P needs, or none. */
static int open_pipes(const struct program *p, struct pipes *pipes)
{
	*pipes = (struct pipes){ { -1, -1 }, { -1, -1 }, { -1, -1 } };
	if (pipe2(pipes->out, O_CLOEXEC) == 0 &&
	    pipe2(pipes->err, O_CLOEXEC) == 0 &&
	    (!p->enclosure || pipe2(pipes->started, O_CLOEXEC | O_NONBLOCK) == 0) &&
	    give_outputs(p, pipes) == 0)
		return 0;
	int why = -errno;
	close_ends(pipes, 0);
	close_ends(pipes, 1);
	return why;
}

int process_start(const struct program *program, struct process *ret_process)
{
	struct pipes pipes;
	int rc = open_pipes(program, &pipes);
	if (rc < 0)
		return rc;
	pid_t pid = fork();
	if (pid == 0)
		become(program, &pipes);
	rc = pid < 0 ? -errno : 0;
	close_ends(&pipes, 1);
	if (rc < 0) {
		close_ends(&pipes, 0);
		return rc;
	}
	if (!program->on_terminal)
		setpgid(pid, pid);
	*ret_process = (struct process){
		.pid = pid, .out = pipes.out[0], .err = pipes.err[0],
		.started = pipes.started[0],
		.deadline_at = program->deadline_ms ?
			monotonic_ms() + program->deadline_ms : 0,
		.output_max = program->output_max,
		.cut_output = program->cut_output,
	};
	return 0;
}

void process_await_cell(const struct process *process)
{
	struct pollfd polled = { .fd = process->started, .events = POLLIN };
	if (process->started >= 0)
		poll(&polled, 1, CELL_MS);
}

/* One output as it grows. */
struct stream {
	int *fd;
	char *text;
	size_t size, max;
	bool cut;		/* what does not fit is no flood */
	bool flooded;
};

/* Keeps what fits of N bytes, always NUL-terminated. */
static int stream_keep(struct stream *s, const char *bytes, size_t n)
{
	size_t room = s->max - s->size;
	if (n > room) {
		s->flooded = !s->cut;
		n = room;
	}
	char *grown = realloc(s->text, s->size + n + 1);
	if (!grown)
		return -ENOMEM;
	s->text = grown;
	memcpy(s->text + s->size, bytes, n);
	s->size += n;
	s->text[s->size] = '\0';
	return 0;
}

/* Reads once: 1 when there may be more, 0 at the end or when nothing waits. */
static int stream_read(struct stream *s)
{
	char bytes[READ_SIZE];
	ssize_t n = read(*s->fd, bytes, sizeof(bytes));
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return errno == EINTR;
	if (n <= 0) {
		close_fd(s->fd);
		return 0;
	}
	int rc = stream_keep(s, bytes, (size_t)n);
	return rc < 0 ? rc : 1;
}

/* Milliseconds until the deadline, -1 when there is none. */
static int time_left(const struct process *p)
{
	if (!p->deadline_at)
		return -1;
	long left = p->deadline_at - monotonic_ms();
	return left > 0 ? (int)left : 0;
}

/* Reads both outputs until the program itself has ended, floods or is late.
 * What it left behind may hold the pipes open for ever, so their end is not
 * waited for. */
static int read_until_exit(struct process *p, struct stream s[2], int pidfd,
			   bool *ret_late)
{
	for (;;) {
		struct pollfd polled[3] = {
			{ .fd = p->out, .events = POLLIN },
			{ .fd = p->err, .events = POLLIN },
			{ .fd = pidfd, .events = POLLIN },
		};
		int ready = poll(polled, 3, time_left(p));
		if (ready < 0 && errno != EINTR)
			return -errno;
		/* One that prints all the time is late too. */
		*ret_late = ready == 0 ||
			    (!polled[2].revents && time_left(p) == 0);
		for (int i = 0; ready > 0 && i < 2; i++) {
			int rc = polled[i].revents ? stream_read(&s[i]) : 0;
			if (rc < 0)
				return rc;
		}
		if (*ret_late || s[0].flooded || s[1].flooded ||
		    (ready > 0 && polled[2].revents))
			return 0;
	}
}

/* Takes what still stands in a pipe without waiting for more: as much as a pipe
 * holds, since a child that was left behind may go on filling it. */
static int drain(struct stream *s)
{
	int rc = *s->fd >= 0 ? 1 : 0;
	if (rc)
		fcntl(*s->fd, F_SETFL, O_NONBLOCK);
	for (int i = 0; i < DRAIN_READS && rc > 0 && !s->flooded &&
	     *s->fd >= 0; i++)
		rc = stream_read(s);
	return rc < 0 ? rc : 0;
}

/* Reads and waits; on return *ENDED holds the status when it came in time. */
static int follow(struct process *p, struct stream s[2], struct ended *ended)
{
	int pidfd = pidfd_open(p->pid, 0);
	if (pidfd < 0)
		return -errno;
	int rc = read_until_exit(p, s, pidfd, &ended->timed_out);
	close(pidfd);
	for (int i = 0; i < 2 && rc >= 0; i++)
		rc = drain(&s[i]);
	ended->flooded = s[0].flooded || s[1].flooded;
	if (rc >= 0 && !ended->timed_out && !ended->flooded) {
		kill(-p->pid, SIGKILL);
		waitpid(p->pid, &ended->status, 0);
		p->pid = 0;
	}
	return rc;
}

/* Whether the program began at all: 0, or -ENOEXEC. */
static int check_started(const struct process *p, const struct ended *ended)
{
	char byte;
	bool killed = ended->timed_out || ended->flooded;
	if (p->started < 0 || killed || read(p->started, &byte, 1) == 1)
		return 0;
	return -ENOEXEC;
}

int process_wait(struct process *process, struct ended *ret_ended)
{
	struct ended ended = { .status = SIGKILL };
	struct stream s[2] = {
		{ .fd = &process->out, .max = process->output_max,
		  .cut = process->cut_output },
		{ .fd = &process->err, .max = process->output_max,
		  .cut = process->cut_output },
	};
	int rc = follow(process, s, &ended);
	int started = check_started(process, &ended);
	process_end(process);
	for (int i = 0; i < 2 && rc >= 0; i++)
		rc = stream_keep(&s[i], "", 0);
	ended.out = s[0].text;
	ended.out_size = s[0].size;
	ended.err = s[1].text;
	ended.err_size = s[1].size;
	if (rc < 0) {
		ended_release(&ended);
		return rc;
	}
	*ret_ended = ended;
	return started;
}

/* The parent of process PID, or -1. Source: proc_pid_stat(5), field 4, counted
 * after the last ')' because the name may hold anything. */
static pid_t parent_of(const char *pid)
{
	char path[64], line[512];
	snprintf(path, sizeof(path), "/proc/%.20s/stat", pid);
	FILE *stat = fopen(path, "re");
	if (!stat)
		return -1;
	size_t n = fread(line, 1, sizeof(line) - 1, stat);
	fclose(stat);
	line[n] = '\0';
	char *after = strrchr(line, ')');
	int parent = -1;
	if (!after || sscanf(after + 1, " %*c %d", &parent) != 1)
		return -1;
	return parent;
}

/* Kills every child that PARENT has now; PROC is /proc. */
static void kill_children(DIR *proc, pid_t parent)
{
	rewinddir(proc);
	for (struct dirent *entry; (entry = readdir(proc)) != NULL;) {
		if (entry->d_name[0] < '1' || entry->d_name[0] > '9' ||
		    parent_of(entry->d_name) != parent)
			continue;
		kill((pid_t)strtol(entry->d_name, NULL, 10), SIGKILL);
	}
}

/* Kills what is process 1 of a cell: bubblewrap, its parent, holds no right to end
 * it with itself when it has become another user. Source: prctl(2),
 * PR_SET_PDEATHSIG, which is sent with the rights of who dies. */
static void end_cell(pid_t bubblewrap)
{
	DIR *proc = opendir("/proc");
	if (!proc)
		return;
	kill_children(proc, bubblewrap);
	closedir(proc);
}

void process_end(struct process *process)
{
	if (process->pid > 0) {
		if (process->started >= 0)
			end_cell(process->pid);
		kill(-process->pid, SIGKILL);
		kill(process->pid, SIGKILL);
		while (waitpid(process->pid, NULL, 0) < 0 && errno == EINTR)
			continue;
	}
	process->pid = 0;
	close_fd(&process->out);
	close_fd(&process->err);
	close_fd(&process->started);
}

void process_let_end(struct process *process, int milliseconds)
{
	int pidfd = process->pid > 0 ? pidfd_open(process->pid, 0) : -1;
	struct pollfd polled = { .fd = pidfd, .events = POLLIN };
	siginfo_t info = { .si_code = 0 };
	if (pidfd >= 0 && poll(&polled, 1, milliseconds) == 1 &&
	    waitid(P_PID, (id_t)process->pid, &info, WEXITED | WNOWAIT) == 0 &&
	    info.si_code == CLD_EXITED) {
		kill(-process->pid, SIGKILL);
		waitpid(process->pid, NULL, 0);
		process->pid = 0;
	}
	close_fd(&pidfd);
	process_end(process);
}

int process_run(const struct program *program, struct ended *ret_ended)
{
	struct process process;
	int rc = process_start(program, &process);
	return rc < 0 ? rc : process_wait(&process, ret_ended);
}

bool ended_well(const struct ended *ended)
{
	return !ended->timed_out && !ended->flooded &&
	       WIFEXITED(ended->status) && WEXITSTATUS(ended->status) == 0;
}

void ended_release(struct ended *ended)
{
	free(ended->out);
	free(ended->err);
	*ended = (struct ended){ 0 };
}

int reap_descendants(void)
{
	DIR *proc = opendir("/proc");
	if (!proc)
		return -errno;
	int n = 0;
	pid_t gone;
	while ((gone = waitpid(-1, NULL, WNOHANG)) >= 0) {
		n += gone > 0;
		if (gone == 0) {
			kill_children(proc, getpid());
			poll(NULL, 0, 1);
		}
	}
	closedir(proc);
	return n;
}

int reap_cell(void)
{
	if (getpid() == 1)
		kill(-1, SIGKILL);
	return reap_descendants();
}
