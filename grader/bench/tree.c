/* tree.c - see tree.h. */
#include "tree.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PROCESSES_MAX = 1024, PAUSE_US = 300 };

const char *const tree_parts[TREE_PARTS + 1] = {
	"compilers", "gcovr", "test runners", "scenario runner", "sandbox",
	"brakes and its judge", "others", NULL
};
enum { OTHERS = 6 };

/* Which part a program belongs to, by the name that the kernel has for it. */
static const struct {
	const char *name;
	int part;
} programs[] = {
	{ "gcc", 0 }, { "cc1", 0 }, { "as", 0 }, { "collect2", 0 }, { "ld", 0 },
	{ "objcopy", 0 }, { "sh", 0 }, { "compile_runner", 0 }, { "gcovr", 1 },
	{ "python3", 1 }, { "gcov", 1 }, { "test_runner", 2 },
	{ "scenario_runner", 3 }, { "scenario_runne", 3 }, { "bwrap", 4 },
	{ "confined", 4 }, { "probe", 4 }, { "brakes", 5 }, { "exe", 5 },
};

/* One process that was seen below the top. */
struct seen {
	pid_t pid, parent;
	long pages;
	char name[16];
	double ms;		/* the most that it was seen to have used */
	bool now;		/* seen in this look */
};

static struct seen all[PROCESSES_MAX];
static size_t n_all;

/* The first line of the file NAME of process PID in /proc: its length, 0 for none. */
static size_t read_line(long pid, const char *name, char *line, size_t size)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/%ld/%s", pid, name);
	FILE *in = fopen(path, "re");
	size_t n = in ? fread(line, 1, size - 1, in) : 0;
	if (in)
		fclose(in);
	line[n] = '\0';
	return n;
}

/* Reads what /proc tells of process PID into S: whether it is there. */
static bool look_at(long pid, struct seen *s)
{
	char line[1024];
	unsigned long long ns = 0;
	long parent;
	if (!read_line(pid, "stat", line, sizeof(line)))
		return false;
	char *open = strchr(line, '('), *close = strrchr(line, ')');
	if (!open || !close ||
	    sscanf(close + 1, " %*c %ld %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u "
		   "%*u %*d %*d %*d %*d %*d %*d %*u %*u %ld", &parent,
		   &s->pages) != 2)
		return false;
	s->pid = (pid_t)pid;
	s->parent = (pid_t)parent;
	snprintf(s->name, sizeof(s->name), "%.*s", (int)(close - open - 1),
		 open + 1);
	if (read_line(pid, "schedstat", line, sizeof(line)))
		sscanf(line, "%llu", &ns);
	s->ms = (double)ns / 1e6;
	return true;
}

/* The entry of a process that was seen before under the same name, or a new one: a
 * program that becomes another one counts as both. NULL when there is no room. */
static struct seen *entry_of(const struct seen *s)
{
	for (size_t i = n_all; i-- > 0;)
		if (all[i].pid == s->pid && strcmp(all[i].name, s->name) == 0)
			return &all[i];
	if (n_all == PROCESSES_MAX)
		return NULL;
	all[n_all] = (struct seen){ .pid = s->pid };
	return &all[n_all++];
}

/* Whether process PID is TOP or below it, by what was seen in this look. */
static bool is_below(pid_t pid, pid_t top)
{
	for (int steps = 0; steps < 32 && pid > 1; steps++) {
		if (pid == top)
			return true;
		size_t i = 0;
		while (i < n_all && !(all[i].now && all[i].pid == pid))
			i++;
		if (i == n_all)
			return false;
		pid = all[i].parent;
	}
	return false;
}

/* Looks at every process once: the memory of those below TOP, in bytes. */
static double look(pid_t top)
{
	struct seen s;
	double pages = 0;
	DIR *proc = opendir("/proc");
	for (size_t i = 0; i < n_all; i++)
		all[i].now = false;
	for (struct dirent *e; proc && (e = readdir(proc)) != NULL;) {
		long pid = strtol(e->d_name, NULL, 10);
		struct seen *entry = pid > 0 && look_at(pid, &s) ? entry_of(&s) :
				     NULL;
		if (!entry)
			continue;
		*entry = s;
		entry->now = true;
	}
	if (proc)
		closedir(proc);
	for (size_t i = 0; i < n_all; i++)
		if (all[i].now && is_below(all[i].pid, top))
			pages += (double)all[i].pages;
		else if (all[i].now)
			all[i].name[0] = '\0';	/* a stranger */
	return pages * (double)sysconf(_SC_PAGESIZE);
}

/* The part of the program called NAME. */
static int part_of(const char *name)
{
	for (size_t i = 0; i < sizeof(programs) / sizeof(*programs); i++)
		if (strcmp(programs[i].name, name) == 0)
			return programs[i].part;
	return OTHERS;
}

/* Adds up what each part used. A process that became another program carries the time
 * of what it was before: that is taken off. */
static void add_up(struct tree *tree)
{
	for (size_t i = 0; i < n_all; i++) {
		double before = 0;
		for (size_t j = 0; j < i; j++)
			if (all[j].pid == all[i].pid && all[j].name[0] &&
			    all[j].ms > before)
				before = all[j].ms;
		if (all[i].name[0] && all[i].ms > before)
			tree->part_ms[part_of(all[i].name)] += all[i].ms - before;
	}
}

void tree_watch(pid_t top, struct tree *ret_tree)
{
	struct tree tree = { .peak_mb = 0 };
	n_all = 0;
	while (top > 0 && waitpid(top, NULL, WNOHANG) == 0) {
		double mb = look(top) / 1e6;
		tree.peak_mb = mb > tree.peak_mb ? mb : tree.peak_mb;
		usleep(PAUSE_US);
	}
	add_up(&tree);
	*ret_tree = tree;
}
