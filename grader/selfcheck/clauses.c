/* clauses.c - see clauses.h. */
#include "clauses.h"
#include "base/path.h"
#include "base/files.h"
#include "build/patch.h"
#include "verdict/verdict.h"
#include "base/error.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int clauses_read(const char *root, json_t **ret_clauses, char **ret_why)
{
	char path[PATH_MAX];
	json_error_t error;
	int rc = path_join(path, sizeof(path), "%s/grader/selfcheck/clauses.json", root);
	*ret_clauses = rc < 0 ? NULL : json_load_file(path, 0, &error);
	if (json_array_size(*ret_clauses) > 0)
		return 0;
	json_decref(*ret_clauses);
	return because(ret_why, -EINVAL, "grader/selfcheck/clauses.json:%d: %s",
		       error.line, error.text);
}

const json_t *clauses_taught(const struct exercise *exercise)
{
	const json_t *lesson = json_object_get(exercise->description, "lesson");
	return json_object_get(lesson, "teaches");
}

/* --- what shows a clause --------------------------------------------------- */

/* Whether the lesson prints LINE, which stands in its .out. */
static int show_line(const char *root, const struct exercise *e,
		     const char *line, char **ret_words, char **ret_why)
{
	char path[PATH_MAX], *text;
	size_t size, n = strlen(line);
	int rc = path_join(path, sizeof(path), "%s/lessons/%s.out", root, e->id);
	if (rc == 0)
		rc = read_file(path, 1 << 20, &text, &size);
	if (rc < 0)
		return because(ret_why, -EINVAL, "lessons/%s.out cannot be "
			       "read", e->id);
	const char *at = text;
	while (at && !(strncmp(at, line, n) == 0 && at[n] == '\n')) {
		at = strchr(at, '\n');
		at = at && at[1] ? at + 1 : NULL;
	}
	free(text);
	if (!at)
		return because(ret_why, -EINVAL, "lessons/%s.out holds no line "
			       "\"%s\"", e->id, line);
	return because(ret_words, 0, "the lesson has to print `%s`",
		       line + strspn(line, " "));
}

/* The words of the patch FILE, "mutants/NAME.patch" or "misconceptions/...". */
static int show_patch(const char *root, const struct exercise *e,
		      const char *file, char **ret_words, char **ret_why)
{
	char path[PATH_MAX];
	struct patch patch;
	bool broken = strncmp(file, "mutants/", 8) == 0;
	int rc = path_join(path, sizeof(path), "%s/grader/exercises/%s/%s", root,
			   e->id, file);
	if (rc == 0)
		rc = patch_read(path, &patch, ret_why);
	if (rc < 0)
		return rc;
	if (broken)
		return because(ret_words, 0, "tests have to catch the version where %s",
			       patch.says);
	return because(ret_words, 0, "`%.*s` has to be told \"%s\"",
		       (int)strcspn(strchr(file, '/') + 1, "."),
		       strchr(file, '/') + 1, patch.diagnosis);
}

int clauses_shown(const char *root, const struct exercise *exercise,
		  const json_t *entry, char **ret_words, char **ret_why)
{
	static const char prints[] = "prints: ";
	const char *by = verdict_text(entry, "shown_by");
	if (strncmp(by, prints, strlen(prints)) == 0)
		return show_line(root, exercise, by + strlen(prints), ret_words,
				 ret_why);
	if (strncmp(by, "mutants/", 8) == 0 ||
	    strncmp(by, "misconceptions/", 15) == 0)
		return show_patch(root, exercise, by, ret_words, ret_why);
	return because(ret_why, -EINVAL, "\"shown_by\" is to be \"prints: "
		       "LINE\", \"mutants/...\" or \"misconceptions/...\", and "
		       "is \"%s\"", by);
}

/* --- the table --------------------------------------------------------------- */

/* Writes TEXT with what Markdown would take for a column put out of its way. */
static void put_cell(FILE *out, const char *text)
{
	for (; *text; text++)
		fputs(*text == '|' ? "\\|" : (char[]){ *text, 0 }, out);
}

/* Writes the rows of CLAUSE for one exercise. */
static int put_rows(const char *root, const struct exercise *e,
		    const json_t *clause, FILE *out, char **ret_why)
{
	size_t i;
	json_t *entry;
	json_array_foreach(clauses_taught(e), i, entry) {
		char *words;
		if (strcmp(verdict_text(entry, "clause"),
			   verdict_text(clause, "key")) != 0)
			continue;
		int rc = clauses_shown(root, e, entry, &words, ret_why);
		if (rc < 0)
			return rc;
		fputs("| ", out);
		put_cell(out, verdict_text(clause, "says"));
		fprintf(out, " | %.2s | ", e->id);
		put_cell(out, words);
		fputs(" |\n", out);
		free(words);
	}
	return 0;
}

/* Writes every row. */
static int put_table(const char *root, const struct catalog *catalog,
		     const json_t *clauses, FILE *out, char **ret_why)
{
	size_t i;
	json_t *clause;
	int rc = 0;
	fputs("| clause | lesson | the check that fails where it is not taught |\n"
	      "|---|---|---|\n", out);
	json_array_foreach(clauses, i, clause)
		for (size_t j = 0; rc == 0 && j < catalog->n; j++)
			rc = put_rows(root, &catalog->exercises[j], clause, out,
				      ret_why);
	return rc;
}

int clauses_table(const char *root, const struct catalog *catalog,
		  char **ret_table, char **ret_why)
{
	json_t *clauses;
	char *text = NULL;
	size_t size;
	int rc = clauses_read(root, &clauses, ret_why);
	if (rc < 0)
		return rc;
	FILE *out = open_memstream(&text, &size);
	rc = out ? put_table(root, catalog, clauses, out, ret_why) : -ENOMEM;
	if (out && fclose(out) != 0 && rc == 0)
		rc = -ENOMEM;
	json_decref(clauses);
	if (rc < 0)
		free(text);
	else
		*ret_table = text;
	return rc;
}
