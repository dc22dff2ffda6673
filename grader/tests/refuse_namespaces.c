/* refuse_namespaces.c - runs a command where no namespace is to be had, as in a
 * container of Docker's.
 *
 *	refuse_namespaces COMMAND...
 *	refuse_namespaces	its status tells whether Landlock is here
 *
 * unshare, setns, mount and a clone with a flag for a namespace are refused
 * with EPERM; clone3 does not exist (ENOSYS), since its flags cannot be looked
 * at: the C library then uses clone. Source: seccomp_rule_add(3).
 */
#include <errno.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Flags of clone for a namespace; that of time is none of its own. */
static const unsigned long flags[] = {
	CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER,
	CLONE_NEWPID, CLONE_NEWNET,
};

static const int refused[] = {
	SCMP_SYS(unshare), SCMP_SYS(setns), SCMP_SYS(mount),
	SCMP_SYS(umount2), SCMP_SYS(pivot_root),
};

/* Fills the filter: 0 or a negative errno. */
static int refuse_all(scmp_filter_ctx filter)
{
	const size_t n = sizeof(refused) / sizeof(*refused);
	int rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS),
				  SCMP_SYS(clone3), 0);
	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), refused[i],
				      0);
	for (size_t i = 0; rc == 0 && i < sizeof(flags) / sizeof(*flags); i++)
		rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM),
				      SCMP_SYS(clone), 1,
				      SCMP_A0(SCMP_CMP_MASKED_EQ, flags[i],
					      flags[i]));
	return rc;
}

/* Whether the kernel has Landlock and it is on. */
static int landlock_here(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0,
		       LANDLOCK_CREATE_RULESET_VERSION) > 0;
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return landlock_here() ? 0 : 1;
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int rc = filter ? refuse_all(filter) : -ENOMEM;
	if (rc == 0)
		rc = seccomp_load(filter);
	seccomp_release(filter);
	if (rc < 0) {
		fprintf(stderr, "refuse_namespaces: errno %d\n", -rc);
		return 126;
	}
	execvp(argv[1], argv + 1);
	perror(argv[1]);
	return 127;
}
