/* patch.c - see patch.h. */
#include "patch.h"
#include "base/process.h"
#include "base/error.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

enum { PATCH_MS = 10000, OUTPUT_KEPT = 4096 };

/* Where the words of a header line go, NULL when it is none that we know. */
static char *field_of(struct patch *patch, const char *line, size_t *ret_skip)
{
	struct { const char *key; char *words; } fields[] = {
		{ "Clause: ", patch->clause }, { "Says: ", patch->says },
		{ "Row: ", patch->row }, { "Minor: ", patch->minor },
		{ "Alone: ", patch->alone },
		{ "Diagnosis: ", patch->diagnosis }, { "Score: ", patch->score },
		{ "Kind: ", patch->kind }, { "Finding: ", patch->finding },
		{ "Outcome: ", patch->outcome }, { "Most: ", patch->most },
		{ "Least: ", patch->least }, { "Never: ", patch->never },
		{ "Evidence: ", patch->evidence }, { "Needs: ", patch->needs },
	};
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		*ret_skip = strlen(fields[i].key);
		if (strncmp(line, fields[i].key, *ret_skip) == 0)
			return fields[i].words;
	}
	return NULL;
}

/* Takes line N of the header, whose words begin at TEXT. */
static int take_line(const char *text, const char *path, int n,
		     struct patch *patch, char **ret_why)
{
	size_t skip;
	char *words = field_of(patch, text, &skip);
	if (words)
		snprintf(words, PATCH_WORDS, "%s", text + skip);
	else if (*text && strncmp(text, "diff ", 5) != 0)
		return because(ret_why, -EINVAL, "%s:%d: a header line is "
			       "Clause:, Row:, Says:, Diagnosis:, Score:, "
			       "Minor: or Alone:, and of a test case Kind:, Finding:, Outcome:, Most:, "
			       "Least:, Evidence:, Never: or Needs:", path, n);
	return 0;
}

/* Reads header lines until the diff begins, or the commands of a script. */
static int read_header(FILE *in, const char *path, struct patch *patch,
		       char **ret_why)
{
	char line[PATCH_WORDS];
	bool script = false;
	for (int n = 1; fgets(line, sizeof(line), in); n++) {
		if (n == 1 && strncmp(line, "#!", 2) == 0) {
			script = true;
			continue;
		}
		if (script ? line[0] != '#' : strncmp(line, "--- ", 4) == 0)
			return 0;
		line[strcspn(line, "\n")] = '\0';
		if (strlen(line) == sizeof(line) - 1)
			return because(ret_why, -EINVAL, "%s:%d: longer than %d "
				       "characters", path, n, PATCH_WORDS - 2);
		const char *text = line + (script ? strspn(line, "# ") : 0);
		int rc = take_line(text, path, n, patch, ret_why);
		if (rc < 0)
			return rc;
	}
	return because(ret_why, -EINVAL, script ? "%s: holds no command" :
		       "%s: holds no diff (a line that begins with ---)", path);
}

int patch_read(const char *path, struct patch *ret_patch, char **ret_why)
{
	FILE *in = fopen(path, "re");
	if (!in)
		return because(ret_why, -errno, "%s: %s", path, strerror(errno));
	memset(ret_patch, 0, sizeof(*ret_patch));
	int rc = read_header(in, path, ret_patch, ret_why);
	fclose(in);
	return rc;
}

int patch_apply(const char *path, const char *folder, char **ret_why)
{
	const char *const argv[] = {
		"patch", "-p1", "--fuzz=0", "--force", "--silent", "--binary",
		"--no-backup-if-mismatch", "-i", path, NULL
	};
	struct program program = { .argv = argv, .dir = folder,
				   .deadline_ms = PATCH_MS,
				   .output_max = OUTPUT_KEPT };
	struct ended ended;
	int rc = process_run(&program, &ended);
	if (rc < 0)
		return rc;
	if (WIFEXITED(ended.status) &&
	    WEXITSTATUS(ended.status) == PROCESS_NOT_STARTED)
		rc = because(ret_why, -ENOENT, "patch is missing: install it, or "
			     "type make");
	else if (!ended_well(&ended))
		rc = because(ret_why, -EINVAL, "%s does not fit our solution: %s%s",
			     path, ended.out, ended.err);
	ended_release(&ended);
	return rc;
}
