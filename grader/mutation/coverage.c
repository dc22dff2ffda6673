/* coverage.c - see coverage.h. The learner's markers, and any gcovr.cfg of
 * theirs, are not obeyed: no configuration is read, and the words that exclude
 * code would have to begin with a prefix that is drawn at random. */
#include "coverage.h"
#include "gcovr_parts.h"
#include "sandbox/cell.h"
#include "base/files.h"
#include "base/limits.h"
#include "base/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { GCOVR_MS = 120000, GCOVR_SECONDS = 30, REPORT_MAX = 32 << 20,
       ARGUMENTS_MAX = 32 };

static int is_notes(const struct dirent *entry)
{
	size_t n = strlen(entry->d_name);
	return n > 5 && strcmp(entry->d_name + n - 5, ".gcno") == 0;
}

int coverage_prepare(const char *objects, const char *folder)
{
	int rc = make_folders(folder);
	DIR *dir = rc < 0 ? NULL : opendir(objects);
	if (!dir)
		return rc < 0 ? rc : -errno;
	for (struct dirent *e; rc == 0 && (e = readdir(dir)) != NULL;) {
		char from[PATH_MAX], to[PATH_MAX];
		if (!is_notes(e))
			continue;
		if (snprintf(from, sizeof(from), "%s/%s", objects,
			     e->d_name) >= PATH_MAX ||
		    snprintf(to, sizeof(to), "%s/%s", folder,
			     e->d_name) >= PATH_MAX)
			rc = -ENAMETOOLONG;
		else if (symlink(from, to) < 0)
			rc = -errno;
	}
	closedir(dir);
	return rc;
}

/* A prefix for exclusion markers that no submission can know. */
static const char *unknown_prefix(char text[32])
{
	unsigned long random = 0;
	FILE *in = fopen("/dev/urandom", "re");
	if (!in || fread(&random, sizeof(random), 1, in) != 1)
		random = (unsigned long)monotonic_ms();
	if (in)
		fclose(in);
	snprintf(text, 32, "MARK%lxX", random);
	return text;
}

/* The words that start gcovr over FOLDER, by START: its configuration is descriptor 3. */
static void put_words(const char *folder, const struct gcovr_parts *start,
		      const char *prefix, const char *ret_argv[ARGUMENTS_MAX])
{
	const char *const own[] = {
		"--json", "--config", "/dev/fd/3", "--root", "/",
		"--filter", ".*", "--object-directory", folder,
		"--exclude-pattern-prefix", prefix, folder, NULL
	};
	size_t n = 0;
	for (size_t i = 0; start->word[i]; i++)
		ret_argv[n++] = start->word[i];
	memcpy(&ret_argv[n], own, sizeof(own));
}

/* Starts gcovr by START with WAIT as descriptor 3, which is its configuration: it comes
 * to read that when it has read its own modules, and waits for its end. CELL may be
 * NULL. */
static int start_gcovr(const char *folder, const struct gcovr_parts *start,
		       const struct cell *cell, int wait,
		       struct process *ret_process)
{
	char prefix[32];
	const char *argv[ARGUMENTS_MAX];
	put_words(folder, start, unknown_prefix(prefix), argv);
	struct program program = {
		.argv = argv, .dir = folder, .env = start->tool.env,
		.enclosure = cell_enclosure(cell),
		.passed = { wait }, .n_passed = 1,
		.limits = { .cpu_seconds = GCOVR_SECONDS,
			    .memory_bytes = TOOL_MEMORY_MAX,
			    .file_bytes = REPORT_MAX },
		.deadline_ms = GCOVR_MS, .output_max = REPORT_MAX,
	};
	return process_start(&program, ret_process);
}

/* The same in a copy of CELL that shows gcovr's own modules too. */
static int start_shown(const char *folder, const struct cell *cell, int wait,
		       struct process *ret_process)
{
	struct gcovr_parts start;
	struct cell showing = *cell;
	int rc = gcovr_parts_find(&start);
	if (rc < 0)
		return rc;
	showing.more_reads = start.tool.folder;
	rc = start_gcovr(folder, &start, &showing, wait, ret_process);
	tool_parts_release(&start.tool);
	return rc;
}

int coverage_start(const char *folder, const struct cell *cell,
		   struct gcovr *ret_gcovr)
{
	int gate[2];
	struct gcovr gcovr = GCOVR_NONE;
	static const struct gcovr_parts by_name = { .word = { "gcovr" } };
	if (pipe2(gate, O_CLOEXEC) < 0)
		return -errno;
	/* gcovr opens the descriptor by its name: its user needs the right to. */
	int rc = cell ? sandbox_give_open(cell->sandbox, gate[0]) : 0;
	if (rc == 0)
		rc = cell ? start_shown(folder, cell, gate[0], &gcovr.process) :
		     start_gcovr(folder, &by_name, NULL, gate[0], &gcovr.process);
	gcovr.gate = gate[1];
	close(gate[0]);
	if (rc < 0)
		coverage_go(&gcovr);
	else
		*ret_gcovr = gcovr;
	return rc;
}

void coverage_go(struct gcovr *gcovr)
{
	if (gcovr->gate >= 0)
		close(gcovr->gate);
	gcovr->gate = -1;
}

void coverage_end(struct gcovr *gcovr)
{
	coverage_go(gcovr);
	process_end(&gcovr->process);
}

int coverage_read(const char *text, json_t **ret_files)
{
	json_t *report = json_loads(text, 0, NULL);
	json_t *files = json_incref(json_object_get(report, "files"));
	json_decref(report);
	if (json_array_size(files) == 0) {
		json_decref(files);
		return -ENODATA;
	}
	*ret_files = files;
	return 0;
}

/* Keeps the last line of what gcovr said: it names the cause. */
static void keep_words(struct gcovr *gcovr, const char *said)
{
	size_t n = strlen(said);
	while (n > 0 && said[n - 1] == '\n')
		n--;
	size_t first = n;
	while (first > 0 && said[first - 1] != '\n')
		first--;
	snprintf(gcovr->said, sizeof(gcovr->said), "%.*s", (int)(n - first),
		 said + first);
}

int coverage_finish(struct gcovr *gcovr, json_t **ret_files)
{
	struct ended ended;
	coverage_go(gcovr);
	int rc = process_wait(&gcovr->process, &ended);
	if (rc == 0 || rc == -ENOEXEC)
		keep_words(gcovr, ended.err);
	if (rc == -ENOEXEC)
		ended_release(&ended);
	if (rc < 0)
		return rc;
	if (WIFEXITED(ended.status) &&
	    WEXITSTATUS(ended.status) == PROCESS_NOT_STARTED)
		rc = -ENOENT;
	else
		rc = ended_well(&ended) ? coverage_read(ended.out, ret_files)
					: -ENODATA;
	ended_release(&ended);
	return rc;
}

/* Whether gcovr's NAME is that of PATH. It writes a backslash as a slash, as if it were
 * one of another system. */
static bool is_name_of(const char *name, const char *path)
{
	for (; *name && *path; name++, path++)
		if (*name != *path && !(*name == '/' && *path == '\\'))
			return false;
	return *name == *path;
}

const json_t *coverage_lines(const json_t *files, const char *path)
{
	size_t i, skip = strspn(path, "/");
	json_t *file;
	json_array_foreach(files, i, file) {
		const char *name = json_string_value(
			json_object_get(file, "file"));
		if (name && is_name_of(name + strspn(name, "/"), path + skip))
			return json_object_get(file, "lines");
	}
	return NULL;
}

/* The report's entry on LINE. A line may have several, one a function; then
 * the first that ran. */
static const json_t *entry_of(const json_t *lines, int line)
{
	const json_t *found = NULL;
	size_t i;
	json_t *entry;
	json_array_foreach(lines, i, entry) {
		if (json_integer_value(json_object_get(entry, "line_number")) !=
		    line || json_is_true(json_object_get(entry,
							 "gcovr/noncode")))
			continue;
		if (!found)
			found = entry;
		if (json_integer_value(json_object_get(entry, "count")) > 0)
			return entry;
	}
	return found;
}

long coverage_line(const json_t *lines, int line)
{
	const json_t *entry = entry_of(lines, line);
	return entry ? (long)json_integer_value(json_object_get(entry, "count"))
		     : -1;
}

long coverage_branch(const json_t *lines, int line, int index)
{
	const json_t *entry = entry_of(lines, line);
	const json_t *branch = json_array_get(
		json_object_get(entry, "branches"), (size_t)index);
	return branch ? (long)json_integer_value(
		json_object_get(branch, "count")) : -1;
}

void coverage_taken(const json_t *lines,
		    void (*seen)(int line, int index, void *data), void *data)
{
	size_t i, j;
	json_t *entry, *branch;
	json_array_foreach(lines, i, entry) {
		int line = (int)json_integer_value(
			json_object_get(entry, "line_number"));
		json_array_foreach(json_object_get(entry, "branches"), j, branch)
			if (json_integer_value(
				json_object_get(branch, "count")) > 0)
				seen(line, (int)j, data);
	}
}
