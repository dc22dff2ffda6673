/* deeds.c - what a test has done inside a cell, and how that went.
 *
 *	deeds DEED[=WORD]...
 *
 * prints a line "DEED ERRNO" for each, with 0 for one that went well. None does
 * harm where no wall stands: signals are sent as number 0, to the one process that
 * WORD names, and what is made is one small file.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { FORKS_MAX = 200, STAY_SECONDS = 60 };

/* Every deed gets the word behind its "=", "" for none, and returns as a system
 * call does: -1 and errno. */

static int do_read(const char *path)
{
	return open(path, O_RDONLY | O_CLOEXEC);
}

static int do_write(const char *path)
{
	return open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
}

static int do_remove(const char *path)
{
	return unlink(path);
}

static int do_change_mode(const char *path)
{
	return chmod(path, 0666);
}

static int do_change_group(const char *path)
{
	return chown(path, (uid_t)-1, getgid());
}

static int do_change_times(const char *path)
{
	static const struct timespec then[2] = { { 1, 0 }, { 1, 0 } };
	return utimensat(AT_FDCWD, path, then, 0);
}

static int do_change_attribute(const char *path)
{
	return setxattr(path, "user.deed", "1", 1, 0);
}

/* Reads what stands at the path through a link in the work folder. */
static int do_follow(const char *path)
{
	unlink("link");
	return symlink(path, "link") < 0 ? -1 : do_read("link");
}

static int do_socket(const char *family)
{
	return socket(atoi(family), SOCK_STREAM, 0);
}

static int do_trace(const char *pid)
{
	return (int)ptrace(PTRACE_SEIZE, atoi(pid), NULL, NULL);
}

static int do_be_traced(const char *none)
{
	(void)none;
	return (int)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

static int do_mount(const char *none)
{
	(void)none;
	return mount("none", ".", "tmpfs", 0, NULL);
}

static int do_unshare(const char *none)
{
	(void)none;
	return unshare(CLONE_NEWUSER);
}

/* Ends a child of a call that makes one, and waits for it. */
static int end_child(long pid)
{
	if (pid == 0)
		_exit(0);
	return pid < 0 || waitpid((pid_t)pid, NULL, 0) < 0 ? -1 : 0;
}

static int do_new_user(const char *none)
{
	(void)none;
	return end_child(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0));
}

static int do_clone3(const char *none)
{
	struct clone_args args = { .exit_signal = SIGCHLD };
	(void)none;
	return end_child(syscall(SYS_clone3, &args, sizeof(args)));
}

static int do_io_uring(const char *none)
{
	char parameters[256] = { 0 };
	(void)none;
	return (int)syscall(SYS_io_uring_setup, 1, parameters);
}

/* System V's memory; what is made goes at once. */
static int do_shared_memory(const char *none)
{
	(void)none;
	int id = (int)syscall(SYS_shmget, IPC_PRIVATE, 4096, 0600);
	return id < 0 ? -1 : (int)syscall(SYS_shmctl, id, IPC_RMID, NULL);
}

static int do_queue(const char *none)
{
	(void)none;
	int id = (int)syscall(SYS_msgget, IPC_PRIVATE, 0600);
	return id < 0 ? -1 : (int)syscall(SYS_msgctl, id, IPC_RMID, NULL);
}

static int do_semaphore(const char *none)
{
	(void)none;
	int id = (int)syscall(SYS_semget, IPC_PRIVATE, 1, 0600);
	return id < 0 ? -1 : (int)syscall(SYS_semctl, id, 0, IPC_RMID, NULL);
}

/* Types into the standard input, which is no terminal: ENOTTY where it may. */
static int do_type(const char *none)
{
	(void)none;
	return ioctl(0, TIOCSTI, "x");
}

/* The same with a bit set that the kernel does not look at. */
static int do_type_in_disguise(const char *none)
{
	(void)none;
	return (int)syscall(SYS_ioctl, 0, TIOCSTI | 1UL << 32, "x");
}

static int do_limit(const char *pid)
{
	struct rlimit limit;
	return prlimit(atoi(pid), RLIMIT_NOFILE, NULL, &limit);
}

static int do_step_back(const char *pid)
{
	return setpriority(PRIO_PROCESS, (id_t)atoi(pid), 19);
}

static int do_move(const char *pid)
{
	cpu_set_t all;
	memset(&all, 0xff, sizeof(all));
	return sched_setaffinity(atoi(pid), sizeof(all), &all);
}

static int do_signal(const char *pid)
{
	return kill(atoi(pid), 0);
}

/* A call by the numbers of another architecture; it ends the process. */
static int do_old_call(const char *none)
{
	(void)none;
#ifdef __x86_64__
	int pid = 20;			/* getpid on i386 */
	__asm__ volatile("int $0x80" : "+a"(pid) : : "memory");
	return pid;
#else
	/* There is none to make. A trap ends even the first process of a cell, which
	 * a signal that it sends itself does not. */
	__builtin_trap();
#endif
}

/* Takes a name, forgets who is above, and stays, deaf to signals. */
__attribute__((noreturn)) static void stay(const char *name)
{
	prctl(PR_SET_NAME, name);
	setsid();
	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_IGN);
	for (int i = 0; i < STAY_SECONDS; i++)
		sleep(1);
	_exit(0);
}

/* Forks as often as it may; "forked N" is said of it. */
static int do_fork(const char *name)
{
	int n = 0;
	pid_t pid = 0;
	while (n < FORKS_MAX && (pid = fork()) > 0)
		n++;
	if (pid == 0)
		stay(name);
	int why = errno;
	printf("forked %d\n", n);
	errno = why;
	return pid < 0 ? -1 : 0;
}

/* Leaves a child that stays, and stays itself. */
static int do_stay(const char *name)
{
	pid_t pid = fork();
	if (pid < 0)
		return -1;
	if (pid > 0) {
		puts("stays 0");
		fflush(stdout);
	}
	stay(name);
}

static const struct {
	const char *name;
	int (*act)(const char *word);
} deeds[] = {
	{ "read", do_read }, { "write", do_write }, { "remove", do_remove },
	{ "change_mode", do_change_mode }, { "change_group", do_change_group },
	{ "change_times", do_change_times },
	{ "change_attribute", do_change_attribute }, { "follow", do_follow }, { "socket", do_socket }, { "trace", do_trace },
	{ "be_traced", do_be_traced }, { "mount", do_mount },
	{ "unshare", do_unshare }, { "new_user", do_new_user },
	{ "clone3", do_clone3 }, { "io_uring", do_io_uring },
	{ "shared_memory", do_shared_memory }, { "queue", do_queue },
	{ "semaphore", do_semaphore }, { "type", do_type },
	{ "type_in_disguise", do_type_in_disguise }, { "limit", do_limit },
	{ "step_back", do_step_back }, { "move", do_move },
	{ "signal", do_signal }, { "old_call", do_old_call },
	{ "fork", do_fork }, { "stay", do_stay },
};

/* Does what ORDER says: the errno of it, EDOM for no such deed. */
static int act(const char *order)
{
	size_t n = strcspn(order, "=");
	const char *word = order[n] ? order + n + 1 : "";
	for (size_t i = 0; i < sizeof(deeds) / sizeof(*deeds); i++)
		if (strncmp(order, deeds[i].name, n) == 0 &&
		    deeds[i].name[n] == '\0')
			return deeds[i].act(word) < 0 ? errno : 0;
	return EDOM;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		int err = act(argv[i]);
		printf("%s %d\n", argv[i], err);
		fflush(stdout);
	}
	return argc < 2;
}
