/* shortage.c - see shortage.h. */
#include "shortage.h"
#include "files.h"
#include "limits.h"
#include "path.h"
#include "temporary.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { KIB = 1 << 10, MIB = 1 << 20, READ_MAX = 4096 };

/* The limits of a process that a grading sets for what it runs: with lower ones of
 * the caller's a submission would run under others than the workbook promises. */
static const struct {
	int which;
	rlim_t need, unit;
	const char *what, *unit_name, *option;
} limits[] = {
	{ RLIMIT_NOFILE, DESCRIPTORS_NEEDED, 1, "open files", "", "-n" },
	{ RLIMIT_FSIZE, COMPILED_MAX, KIB, "the size of a file", " KiB", "-f" },
	{ RLIMIT_AS, TOOL_MEMORY_MAX, KIB, "address space", " KiB", "-v" },
	{ RLIMIT_DATA, TOOL_MEMORY_MAX, KIB, "memory for data", " KiB", "-d" },
	{ RLIMIT_STACK, 8 * MIB, KIB, "the stack", " KiB", "-s" },
	{ RLIMIT_CPU, CODE_SECONDS_MAX, 1, "processor time", " seconds", "-t" },
};

/* What else there has to be, for each enum enough. */
static const unsigned long processes[] = { 64, 256 };
static const unsigned long disk_bytes[] = { 4UL * MIB, 32UL * MIB };
static const unsigned long disk_entries[] = { 512, 4096 };
static const unsigned long memory_bytes[] = { 128UL * MIB, 512UL * MIB };

/* Limits of processes from here on are not counted up to. */
enum { PROCESSES_MANY = 4096 };

/* --- limits of a process ------------------------------------------------ */

/* Raises a soft limit to NEED where the hard limit allows. */
static void raise_limit(int which, rlim_t need)
{
	struct rlimit limit;
	if (getrlimit(which, &limit) == 0 && limit.rlim_cur < need) {
		limit.rlim_cur = need < limit.rlim_max ? need : limit.rlim_max;
		setrlimit(which, &limit);
	}
}

static char *find_limit(void)
{
	char *why = NULL;
	for (size_t i = 0; i < sizeof(limits) / sizeof(*limits) && !why; i++) {
		struct rlimit limit;
		raise_limit(limits[i].which, limits[i].need);
		if (getrlimit(limits[i].which, &limit) < 0 ||
		    limit.rlim_cur >= limits[i].need)
			continue;
		if (asprintf(&why, "the limit on %s (ulimit %s) is %llu%s, and a "
			     "grading needs %llu%s: raise it and grade again",
			     limits[i].what, limits[i].option,
			     (unsigned long long)(limit.rlim_cur / limits[i].unit),
			     limits[i].unit_name,
			     (unsigned long long)(limits[i].need / limits[i].unit),
			     limits[i].unit_name) < 0)
			return NULL;
	}
	return why;
}

/* How many tasks our user has; the kernel counts threads too. */
static unsigned long count_tasks(void)
{
	unsigned long n = 0;
	DIR *proc = opendir("/proc");
	for (struct dirent *e; proc && (e = readdir(proc)) != NULL;) {
		char path[64];
		struct stat status;
		if (e->d_name[0] < '1' || e->d_name[0] > '9')
			continue;
		snprintf(path, sizeof(path), "/proc/%.20s/task", e->d_name);
		if (stat(path, &status) == 0 && status.st_uid == getuid())
			n += status.st_nlink > 2 ? status.st_nlink - 2 : 1;
	}
	if (proc)
		closedir(proc);
	return n;
}

/* The kernel counts the processes of a user, but for root's; a cell of root's runs
 * as a user of its own, who has none yet. */
static char *find_processes(enum enough enough)
{
	struct rlimit limit;
	char *why = NULL;
	raise_limit(RLIMIT_NPROC, PROCESSES_MANY);
	if (getrlimit(RLIMIT_NPROC, &limit) < 0 || limit.rlim_cur >= PROCESSES_MANY)
		return NULL;
	unsigned long used = geteuid() == 0 ? 0 : count_tasks();
	unsigned long need = used + processes[enough];
	if (limit.rlim_cur >= need)
		return NULL;
	if (asprintf(&why, "the limit on processes (ulimit -u) is %lu, and a grading "
		     "needs %lu beside the %lu that this user has: raise it, or end "
		     "other programs, and grade again",
		     (unsigned long)limit.rlim_cur, processes[enough], used) < 0)
		return NULL;
	return why;
}

/* --- control groups ----------------------------------------------------- */

/* The number that the file at PATH begins with: false when there is none, as for
 * "max". */
static bool read_number(const char *path, unsigned long *ret_number)
{
	FILE *in = fopen(path, "re");
	bool read = in && fscanf(in, "%lu", ret_number) == 1;
	if (in)
		fclose(in);
	return read;
}

/* The folder of our control group, as version 2 has them: false when there is
 * none. */
static bool find_group(char group[PATH_MAX])
{
	char line[READ_MAX];
	bool found = false;
	FILE *in = fopen("/proc/self/cgroup", "re");
	while (in && !found && fgets(line, sizeof(line), in)) {
		line[strcspn(line, "\n")] = '\0';
		found = strncmp(line, "0::/", 4) == 0 && !strstr(line, "/..") &&
			path_join(group, PATH_MAX, "/sys/fs/cgroup%s",
				  line + 3 + (line[4] == '\0')) == 0;
	}
	if (in)
		fclose(in);
	return found;
}

/* What is left under the limit NAME of the group in the folder GROUP; when USED is
 * NULL all of it. ULONG_MAX: it has no such limit. */
static unsigned long left_in_group(const char *group, const char *name,
				   const char *used)
{
	char path[PATH_MAX];
	unsigned long most, now = 0;
	if (path_join(path, sizeof(path), "%s/%s", group, name) < 0 ||
	    !read_number(path, &most))
		return ULONG_MAX;
	if (used && path_join(path, sizeof(path), "%s/%s", group, used) == 0)
		read_number(path, &now);
	return most > now ? most - now : 0;
}

/* The same for our group and all above it: the least of them. */
static unsigned long left_in_groups(const char *name, const char *used)
{
	unsigned long least = ULONG_MAX;
	char group[PATH_MAX];
	bool more = find_group(group);
	while (more) {
		unsigned long left = left_in_group(group, name, used);
		least = left < least ? left : least;
		char *slash = strrchr(group, '/');
		more = slash - group > (ptrdiff_t)strlen("/sys/fs");
		*slash = '\0';
	}
	return least;
}

static char *find_group_limit(enum enough enough)
{
	char *why = NULL;
	unsigned long left = left_in_groups("pids.max", "pids.current");
	/* Of memory in use the kernel takes back what is only kept for speed. */
	unsigned long memory = left_in_groups("memory.max", NULL);
	int n = 0;
	if (left < processes[enough])
		n = asprintf(&why, "this container, or control group, may have %lu "
			     "more processes (pids.max), and a grading needs %lu: "
			     "give it more and grade again", left,
			     processes[enough]);
	else if (memory < memory_bytes[enough])
		n = asprintf(&why, "this container, or control group, may use %lu "
			     "MiB of memory (memory.max), and a grading needs %lu "
			     "MiB: give it more and grade again", memory / MIB,
			     memory_bytes[enough] / MIB);
	return n < 0 ? NULL : why;
}

/* --- memory and disk ---------------------------------------------------- */

/* Memory that can be had without taking it from other programs, in bytes;
 * ULONG_MAX: not known. */
static unsigned long memory_here(void)
{
	char line[256];
	unsigned long kib = ULONG_MAX / KIB;
	FILE *in = fopen("/proc/meminfo", "re");
	while (in && fgets(line, sizeof(line), in) &&
	       sscanf(line, "MemAvailable: %lu", &kib) != 1)
		continue;
	if (in)
		fclose(in);
	return kib * KIB;
}

/* Whether the kernel grants BYTES: where it promises no more than it has, it may
 * not. */
static bool is_granted(unsigned long bytes)
{
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return false;
	munmap(memory, bytes);
	return true;
}

static char *find_memory(enum enough enough)
{
	char *why = NULL;
	unsigned long need = memory_bytes[enough], here = memory_here();
	if (here >= need && is_granted(need))
		return NULL;
	int n = here >= need ?
		asprintf(&why, "the kernel grants no %lu MiB of memory, and a grading "
			 "needs them: end other programs and grade again",
			 need / MIB) :
		asprintf(&why, "there are %lu MiB of free memory, and a grading needs "
			 "%lu MiB: end other programs and grade again", here / MIB,
			 need / MIB);
	return n < 0 ? NULL : why;
}

/* The length of FOLDER without the folders of make_own_folder that end it: the part
 * that the user knows. */
static int base_of(const char *folder)
{
	char path[PATH_MAX];
	if (path_join(path, sizeof(path), "%s", folder) < 0)
		return (int)strlen(folder);
	for (char *slash; is_own_folder(path) && (slash = strrchr(path, '/'));)
		*slash = '\0';
	return (int)strlen(path);
}

static char *find_disk(const char *folder, enum enough enough)
{
	struct statvfs disk;
	char *why = NULL;
	if (!folder || statvfs(folder, &disk) < 0)
		return NULL;
	unsigned long long bytes =
		(unsigned long long)disk.f_bavail * disk.f_frsize;
	int n = 0;
	if (bytes < disk_bytes[enough])
		n = asprintf(&why, "there is no space left for a grading in the "
			     "temporary folder %.*s: %llu KiB are free, and it "
			     "needs %lu KiB; free some, or set TMPDIR to another "
			     "folder", base_of(folder), folder, bytes / KIB, disk_bytes[enough] / KIB);
	else if (disk.f_files && disk.f_favail < disk_entries[enough])
		n = asprintf(&why, "there is no space left for a grading in the "
			     "temporary folder %.*s: %llu more files (inodes) can "
			     "be made there, and it needs %lu; remove some, or set "
			     "TMPDIR to another folder", base_of(folder), folder,
			     (unsigned long long)disk.f_favail,
			     disk_entries[enough]);
	return n < 0 ? NULL : why;
}

/* --- the whole ---------------------------------------------------------- */

char *shortage_find(const char *folder, enum enough enough)
{
	if (access("/proc/self/fd", X_OK) < 0)
		return strdup("there is no /proc here, which a grading needs: as "
			      "root, type mount -t proc proc /proc");
	char *why = find_limit();
	if (!why)
		why = find_processes(enough);
	if (!why)
		why = find_group_limit(enough);
	if (!why)
		why = find_memory(enough);
	return why ? why : find_disk(folder, enough);
}

const char *shortage_of_errno(int err)
{
	static const struct {
		int err;
		const char *says;
	} rows[] = {
		{ EMFILE, "this process may not open more files (ulimit -n): raise "
		  "that limit and grade again" },
		{ ENFILE, "the machine can open no more files: end other programs "
		  "and grade again" },
		{ EAGAIN, "no process could be started (ulimit -u): end other "
		  "programs, or raise that limit, and grade again" },
		{ ENOMEM, "there is not enough memory: end other programs and grade "
		  "again" },
		{ EFBIG, "a file may not be as large as a grading needs it "
		  "(ulimit -f): raise that limit and grade again" },
		{ ENOSPC, "there is no space left in the temporary folder: free "
		  "some, or set TMPDIR to another folder" },
		{ EDQUOT, "there is no space left for this user in the temporary "
		  "folder: free some, or set TMPDIR to another folder" },
		{ ENAMETOOLONG, "the path of the temporary folder is too long: set "
		  "TMPDIR to a shorter one" },
		{ EMSGSIZE, "the path of the temporary folder is too long: set "
		  "TMPDIR to a shorter one" },
		{ EROFS, "the temporary folder cannot be written: set TMPDIR to "
		  "another folder" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (rows[i].err == err)
			return rows[i].says;
	return NULL;
}
