/* patch.c - see patch.h. */
#include "patch.h"
#include "spawn.h"
#include "workshop.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

enum { PATCH_MS = 10000, OUTPUT_KEPT = 4096 };

/* Where the words of a header line go, NULL when it is none that we know. */
static char *field_of(struct patch *patch, const char *line, size_t *ret_skip)
{
	struct { const char *key; char *words; } fields[] = {
		{ "Clause: ", patch->clause }, { "Says: ", patch->says },
		{ "Diagnosis: ", patch->diagnosis }, { "Score: ", patch->score },
		{ "Finding: ", patch->finding }, { "Outcome: ", patch->outcome },
	};
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		*ret_skip = strlen(fields[i].key);
		if (strncmp(line, fields[i].key, *ret_skip) == 0)
			return fields[i].words;
	}
	return NULL;
}

/* Reads header lines until the diff begins. */
static int read_header(FILE *in, const char *path, struct patch *patch,
		       char **ret_why)
{
	char line[PATCH_WORDS];
	for (int n = 1; fgets(line, sizeof(line), in); n++) {
		size_t skip;
		if (strncmp(line, "--- ", 4) == 0)
			return 0;
		line[strcspn(line, "\n")] = '\0';
		if (strlen(line) == sizeof(line) - 1)
			return because(ret_why, -EINVAL, "%s:%d: longer than %d "
				       "characters", path, n, PATCH_WORDS - 2);
		char *words = field_of(patch, line, &skip);
		if (words)
			snprintf(words, PATCH_WORDS, "%s", line + skip);
		else if (line[0] && strncmp(line, "diff ", 5) != 0)
			return because(ret_why, -EINVAL, "%s:%d: a header line is "
				       "Clause:, Says:, Diagnosis:, Score:, "
				       "Finding: or Outcome:", path, n);
	}
	return because(ret_why, -EINVAL, "%s: holds no diff (a line that begins "
		       "with ---)", path);
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
	int rc = spawn_run(&program, &ended);
	if (rc < 0)
		return rc;
	if (WIFEXITED(ended.status) &&
	    WEXITSTATUS(ended.status) == SPAWN_NOT_STARTED)
		rc = because(ret_why, -ENOENT, "patch is missing: install it, or "
			     "type make");
	else if (!ended_well(&ended))
		rc = because(ret_why, -EINVAL, "%s does not fit our solution: %s%s",
			     path, ended.out, ended.err);
	ended_release(&ended);
	return rc;
}
