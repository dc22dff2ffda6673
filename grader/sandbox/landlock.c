/* landlock.c - see landlock.h. The kernel's header may be older than the kernel:
 * what it lacks is spelled out here. */
#include "landlock.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Source: include/uapi/linux/landlock.h of Linux 6.12. */
struct rules_attr {
	uint64_t files, network, scoped;
};

enum { SCOPE_ABSTRACT_SOCKETS = 1 << 0, SCOPE_SIGNALS = 1 << 1 };
enum { SCOPES_SINCE = 6, NETWORK_SINCE = 4 };

/* The rights to files, by the version that brought them. */
static const struct {
	int since;
	uint64_t rights;
} file_rights[] = {
	{ 1, (1 << 13) - 1 },	/* all from EXECUTE to MAKE_SYM */
	{ 2, 1 << 13 },		/* REFER: renaming across folders */
	{ 3, 1 << 14 },		/* TRUNCATE */
	{ 5, 1 << 15 },		/* IOCTL_DEV */
};

enum {
	MAY_RUN = 1 << 0, MAY_WRITE = 1 << 1, MAY_READ = 1 << 2,
	MAY_LIST = 1 << 3, MAY_TRUNCATE = 1 << 14, MAY_IOCTL = 1 << 15,
	FOR_FILES = MAY_RUN | MAY_WRITE | MAY_READ | MAY_TRUNCATE | MAY_IOCTL,
};

int landlock_version(void)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0,
			       LANDLOCK_CREATE_RULESET_VERSION);
	return version < 0 ? 0 : (int)version;
}

/* All rights to files that this kernel knows. */
static uint64_t all_rights(void)
{
	uint64_t all = 0;
	int version = landlock_version();
	for (size_t i = 0; i < sizeof(file_rights) / sizeof(*file_rights); i++)
		if (version >= file_rights[i].since)
			all |= file_rights[i].rights;
	return all;
}

/* Makes a set of rules of as many of the attributes as this kernel knows. */
static int make_rules(uint64_t files)
{
	int version = landlock_version();
	struct rules_attr attr = { .files = files };
	size_t size = version >= SCOPES_SINCE ? sizeof(attr) :
		      version >= NETWORK_SINCE ?
		      offsetof(struct rules_attr, scoped) :
		      offsetof(struct rules_attr, network);
	if (version >= SCOPES_SINCE)
		attr.scoped = SCOPE_ABSTRACT_SOCKETS | SCOPE_SIGNALS;
	if (version == 0)
		return -ENOSYS;
	long rules = syscall(SYS_landlock_create_ruleset, &attr, size, 0);
	return rules < 0 ? -errno : (int)rules;
}

int landlock_rules(void)
{
	return make_rules(all_rights());
}

/* The rights that USE stands for. */
static uint64_t rights_for(char use)
{
	switch (use) {
	case 'r':
		return MAY_RUN | MAY_READ | MAY_LIST;
	case 'd':
		return MAY_READ | MAY_WRITE | MAY_TRUNCATE | MAY_IOCTL;
	default:
		return ~(uint64_t)0;
	}
}

int landlock_allow(int rules, char use, int place)
{
	struct stat status;
	if (fstat(place, &status) < 0)
		return -errno;
	struct landlock_path_beneath_attr attr = {
		.allowed_access = rights_for(use) & all_rights() &
			(S_ISDIR(status.st_mode) ? ~(uint64_t)0 : FOR_FILES),
		.parent_fd = place,
	};
	return syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH,
		       &attr, 0) < 0 ? -errno : 0;
}

int landlock_enter(int rules)
{
	int rc = syscall(SYS_landlock_restrict_self, rules, 0) < 0 ? -errno : 0;
	close(rules);
	return rc;
}

/* --- a child and its neighbours ------------------------------------------------- */

/* The word at OFFSET of what seccomp looks at. */
#define LOAD(offset) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (offset))
#define ARGUMENT(n) (offsetof(struct seccomp_data, args) + 8 * (n))
/* Passes over SKIP instructions unless the word is VALUE. */
#define UNLESS(value, skip) \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(value), 0, (skip))
#define REFUSE BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

/* When call NR has PID, 0 or -PID as its first argument it is allowed, else not. */
#define SELF_ALONE(nr, pid)						\
	UNLESS((nr), 6),						\
	LOAD(ARGUMENT(0)),						\
	UNLESS((pid), 1), ALLOW,					\
	UNLESS(0, 1), ALLOW,						\
	REFUSE

/* The same of a call that knows no groups and is never about oneself as 0. */
#define NEVER(nr) UNLESS((nr), 1), REFUSE

/* Signals to itself alone, and no process group but the one it has. */
static void signal_self_alone(void)
{
	pid_t self = getpid();
	struct sock_filter code[] = {
		LOAD(offsetof(struct seccomp_data, nr)),
		SELF_ALONE(SYS_kill, self),
		LOAD(offsetof(struct seccomp_data, nr)),
		SELF_ALONE(SYS_tgkill, self),
		LOAD(offsetof(struct seccomp_data, nr)),
		SELF_ALONE(SYS_tkill, self),
		LOAD(offsetof(struct seccomp_data, nr)),
		SELF_ALONE(SYS_rt_sigqueueinfo, self),
		LOAD(offsetof(struct seccomp_data, nr)),
		SELF_ALONE(SYS_rt_tgsigqueueinfo, self),
		LOAD(offsetof(struct seccomp_data, nr)),
		NEVER(SYS_pidfd_send_signal),
		NEVER(SYS_setsid),
		NEVER(SYS_setpgid),
		ALLOW,
	};
	struct sock_fprog program = {
		.len = sizeof(code) / sizeof(*code), .filter = code,
	};
	syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program);
}

void restrain_processes(unsigned fewer)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NPROC, &limit) < 0 ||
	    limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur <= fewer)
		return;
	limit.rlim_cur = limit.rlim_max = limit.rlim_cur - fewer;
	setrlimit(RLIMIT_NPROC, &limit);
}

bool restrain_knows_signals(void)
{
	return landlock_version() >= SCOPES_SINCE;
}

void restrain(void)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return;
	if (!restrain_knows_signals()) {
		signal_self_alone();
		return;
	}
	int rules = make_rules(0);
	if (rules >= 0)
		landlock_enter(rules);
}
