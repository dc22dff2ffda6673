/* seccomp_filter.c - writes a seccomp filter to standard output, once, when the workbook is
 * built: that of every cell, or with the word "shared" that of a cell whose user has
 * files outside, which Landlock alone keeps away. What is not named here is allowed: compilers, gcovr and
 * a learner's code all have to live with it, so it refuses what reaches beyond
 * the cell, and what none of them needs.
 *
 * Source: the lists of flatpak and Docker, which refuse much the same, and the
 * manual pages of section 2.
 */
#include <errno.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Refused whatever the arguments. */
static const struct {
	const char *name;
	int err;
} refused[] = {
	/* other processes' memory, descriptors and secrets */
	{ "ptrace", EPERM }, { "process_vm_readv", EPERM },
	{ "process_vm_writev", EPERM }, { "kcmp", EPERM },
	{ "pidfd_getfd", EPERM }, { "process_madvise", EPERM },
	{ "process_mrelease", EPERM }, { "move_pages", EPERM },
	{ "migrate_pages", EPERM }, { "perf_event_open", EPERM },
	{ "add_key", EPERM }, { "keyctl", EPERM }, { "request_key", EPERM },
	/* the network, and what lives on when its maker is gone */
	{ "socket", EPERM }, { "shmget", EPERM }, { "semget", EPERM },
	{ "msgget", EPERM }, { "mq_open", EPERM },
	/* namespaces and mounts; clone3 hides its flags, and libc goes on with
	 * clone when told that there is none */
	{ "unshare", EPERM }, { "setns", EPERM }, { "clone3", ENOSYS },
	{ "mount", EPERM }, { "umount2", EPERM }, { "pivot_root", EPERM },
	{ "chroot", EPERM }, { "move_mount", EPERM }, { "open_tree", EPERM },
	{ "fsopen", EPERM }, { "fsconfig", EPERM }, { "fsmount", EPERM },
	{ "fspick", EPERM }, { "mount_setattr", EPERM },
	{ "name_to_handle_at", EPERM }, { "open_by_handle_at", EPERM },
	/* ways around a filter, and large or seldom used parts of the kernel */
	{ "io_uring_setup", ENOSYS }, { "io_uring_enter", ENOSYS },
	{ "io_uring_register", ENOSYS }, { "userfaultfd", ENOSYS },
	{ "memfd_secret", ENOSYS }, { "bpf", EPERM },
	{ "fanotify_init", EPERM }, { "lookup_dcookie", EPERM },
	{ "modify_ldt", EPERM }, { "vm86", EPERM }, { "vm86old", EPERM },
	/* the machine */
	{ "reboot", EPERM }, { "kexec_load", EPERM },
	{ "kexec_file_load", EPERM }, { "init_module", EPERM },
	{ "finit_module", EPERM }, { "delete_module", EPERM },
	{ "swapon", EPERM }, { "swapoff", EPERM }, { "acct", EPERM },
	{ "quotactl", EPERM }, { "quotactl_fd", EPERM }, { "syslog", EPERM },
	{ "sethostname", EPERM }, { "setdomainname", EPERM },
	{ "settimeofday", EPERM }, { "clock_settime", EPERM },
	{ "clock_adjtime", EPERM }, { "adjtimex", EPERM }, { "iopl", EPERM },
	{ "ioperm", EPERM }, { "vhangup", EPERM },
};

/* Refused in a shared cell: Landlock keeps no watch over who may do what with a
 * file, nor over its times. Source: the kernel's "Landlock: unprivileged access
 * control", current limitations. A number is for libraries that do not know the
 * call yet; from 424 on all processors have the same. */
static const struct {
	const char *name;
	int number;
} attributes[] = {
	{ "chmod", 0 }, { "fchmodat", 0 }, { "fchmodat2", 452 },
	{ "chown", 0 }, { "lchown", 0 }, { "fchownat", 0 },
	{ "chown32", 0 }, { "lchown32", 0 },
	{ "setxattr", 0 }, { "lsetxattr", 0 }, { "setxattrat", 463 },
	{ "removexattr", 0 }, { "lremovexattr", 0 }, { "removexattrat", 466 },
	{ "file_setattr", 469 },
	{ "utime", 0 }, { "utimes", 0 }, { "futimesat", 0 },
};

/* The same when the path that is their second argument is not NULL. */
static const char *const times[] = { "utimensat", "utimensat_time64" };

/* Refused when an argument, under MASK, is or is not VALUE. */
static const struct {
	const char *name;
	unsigned argument;
	enum scmp_compare is;
	uint64_t mask, value;
} partly[] = {
	/* new namespaces */
	{ "clone", 0, SCMP_CMP_MASKED_EQ, CLONE_NEWNS, CLONE_NEWNS },
	{ "clone", 0, SCMP_CMP_MASKED_EQ, CLONE_NEWUSER, CLONE_NEWUSER },
	{ "clone", 0, SCMP_CMP_MASKED_EQ, CLONE_NEWPID, CLONE_NEWPID },
	{ "clone", 0, SCMP_CMP_MASKED_EQ, CLONE_NEWNET, CLONE_NEWNET },
	{ "clone", 0, SCMP_CMP_MASKED_EQ, CLONE_NEWIPC, CLONE_NEWIPC },
	{ "clone", 0, SCMP_CMP_MASKED_EQ, CLONE_NEWUTS, CLONE_NEWUTS },
	{ "clone", 0, SCMP_CMP_MASKED_EQ, CLONE_NEWCGROUP, CLONE_NEWCGROUP },
	/* typing into somebody's terminal */
	{ "ioctl", 1, SCMP_CMP_MASKED_EQ, UINT32_MAX, TIOCSTI },
	{ "ioctl", 1, SCMP_CMP_MASKED_EQ, UINT32_MAX, TIOCLINUX },
	/* limits and priorities of other processes than oneself */
	{ "prlimit64", 0, SCMP_CMP_NE, 0, 0 },
	{ "setpriority", 1, SCMP_CMP_NE, 0, 0 },
	{ "ioprio_set", 1, SCMP_CMP_NE, 0, 0 },
	{ "sched_setaffinity", 0, SCMP_CMP_NE, 0, 0 },
	{ "sched_setscheduler", 0, SCMP_CMP_NE, 0, 0 },
	{ "sched_setparam", 0, SCMP_CMP_NE, 0, 0 },
	{ "sched_setattr", 0, SCMP_CMP_NE, 0, 0 },
};

/* Adds the rule on one call, if this library knows it: what it has never heard
 * of is newer than it, or of another processor. */
static int refuse(scmp_filter_ctx filter, const char *name, int err,
		  unsigned n, const struct scmp_arg_cmp *argument)
{
	int call = seccomp_syscall_resolve_name(name);
	if (call == __NR_SCMP_ERROR)
		return 0;
	return seccomp_rule_add_array(filter, SCMP_ACT_ERRNO((uint32_t)err),
				      call, n, argument);
}

/* Adds all rules: 0 or a negative errno. */
static int fill(scmp_filter_ctx filter)
{
	int rc = 0;
	for (size_t i = 0; rc == 0 && i < sizeof(refused) / sizeof(*refused); i++)
		rc = refuse(filter, refused[i].name, refused[i].err, 0, NULL);
	for (size_t i = 0; rc == 0 && i < sizeof(partly) / sizeof(*partly); i++) {
		bool masked = partly[i].is == SCMP_CMP_MASKED_EQ;
		struct scmp_arg_cmp argument = {
			.arg = partly[i].argument, .op = partly[i].is,
			.datum_a = masked ? partly[i].mask : partly[i].value,
			.datum_b = masked ? partly[i].value : 0,
		};
		rc = refuse(filter, partly[i].name, EPERM, 1, &argument);
	}
	return rc;
}

/* Adds the rules for a shared cell: 0 or a negative errno. */
static int fill_shared(scmp_filter_ctx filter)
{
	const struct scmp_arg_cmp by_path = { .arg = 1, .op = SCMP_CMP_NE };
	int rc = 0;
	for (size_t i = 0; rc == 0 && i < sizeof(attributes) / sizeof(*attributes);
	     i++) {
		bool unknown = seccomp_syscall_resolve_name(attributes[i].name) ==
			       __NR_SCMP_ERROR;
		if (unknown && attributes[i].number)
			rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM),
					      attributes[i].number, 0);
		else
			rc = refuse(filter, attributes[i].name, EPERM, 0, NULL);
	}
	for (size_t i = 0; rc == 0 && i < sizeof(times) / sizeof(*times); i++)
		rc = refuse(filter, times[i], EPERM, 1, &by_path);
	return rc;
}

int main(int argc, char **argv)
{
	/* Code of another architecture (int 0x80 on x86-64) ends the process. */
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int rc = filter ? seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH,
					   SCMP_ACT_KILL_PROCESS) : -ENOMEM;
	if (rc == 0)
		rc = fill(filter);
	if (rc == 0 && argc > 1 && strcmp(argv[1], "shared") == 0)
		rc = fill_shared(filter);
	if (rc == 0)
		rc = seccomp_export_bpf(filter, STDOUT_FILENO);
	seccomp_release(filter);
	if (rc < 0)
		fprintf(stderr, "filter: errno %d\n", -rc);
	return rc < 0;
}
