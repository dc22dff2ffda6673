/* progress.c - see progress.h. */
#include "progress.h"
#include "base/path.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "verdict/verdict.h"
#include "base/whole.h"

static const char file_name[] = ".brakes-progress";
static const char heading[] =
	"# Where you are in the workbook; written by brakes.\n"
	"# One line an exercise: its last score, its best one, and how many\n"
	"# hints you have seen. You may commit this file.\n";

/* What a line of the file is. */
enum line { LINE_MARK, LINE_COMMENT, LINE_UNKNOWN };

/* Whether MARK holds numbers that can be. */
static bool is_plausible(struct mark mark)
{
	return mark.score >= 0 && mark.score <= FULL_SCORE &&
	       mark.best >= mark.score && mark.best <= FULL_SCORE &&
	       mark.hints >= 0;
}

/* Reads " NAME=number" at *AT and moves on: whether it was there. */
static bool take_number(const char **at, const char *name,
			long *ret_number)
{
	size_t length = strlen(name);
	char *end;
	*at += strspn(*at, " \t");
	if (strncmp(*at, name, length) != 0 ||
	    !isdigit((unsigned char)(*at)[length]))
		return false;
	*ret_number = strtol(*at + length, &end, 10);
	*at = end;
	return true;
}

/* Reads the line at TEXT. */
static enum line line_read(const char *text, char ret_id[NAME_MAX_LENGTH],
			   struct mark *ret_mark)
{
	size_t length = strcspn(text, " \t\n");
	const char *at = text + length;
	if (text[strspn(text, " \t\r")] == '\n' || !*text || *text == '#')
		return LINE_COMMENT;
	if (length == 0 || length >= NAME_MAX_LENGTH)
		return LINE_UNKNOWN;
	memcpy(ret_id, text, length);
	ret_id[length] = '\0';
	if (!take_number(&at, "score=", &ret_mark->score) ||
	    !take_number(&at, "best=", &ret_mark->best) ||
	    !take_number(&at, "hints=", &ret_mark->hints))
		return LINE_UNKNOWN;
	at += strspn(at, " \t\r");
	return (!*at || *at == '\n') && is_plausible(*ret_mark) ? LINE_MARK :
								 LINE_UNKNOWN;
}

/* The line after the one at TEXT. */
static const char *next_line(const char *text)
{
	text += strcspn(text, "\n");
	return *text ? text + 1 : text;
}

/* Names each line that means nothing, so that it can be mended. */
static void name_unknown(const struct progress *p)
{
	char id[NAME_MAX_LENGTH];
	struct mark mark;
	int number = 1;
	for (const char *at = p->text; *at; at = next_line(at), number++)
		if (line_read(at, id, &mark) == LINE_UNKNOWN)
			fprintf(stderr, "%s:%d: this line is not understood; "
				"it stays, and counts for nothing\n", file_name,
				number);
}

int progress_read(const char *root, struct progress *ret_progress)
{
	struct progress p = { .text = NULL };
	int rc = path_join(p.path, sizeof(p.path), "%s/%s", root, file_name);
	if (rc == 0)
		rc = whole_read(p.path, &p.text);
	if (rc < 0 && rc != -ENOENT) {
		fprintf(stderr, "brakes: %s cannot be read, so nothing is "
			"remembered now: %s\n", p.path, strerror(-rc));
		p.path[0] = '\0';
	}
	if (rc < 0)
		p.text = strdup(heading);
	if (!p.text)
		return -ENOMEM;
	name_unknown(&p);
	*ret_progress = p;
	return 0;
}

void progress_release(struct progress *progress)
{
	free(progress->text);
	progress->text = NULL;
}

struct mark progress_of(const struct progress *progress, const char *id)
{
	char other[NAME_MAX_LENGTH];
	struct mark found = { 0 }, mark;
	for (const char *at = progress->text; *at; at = next_line(at))
		if (line_read(at, other, &mark) ==
		    LINE_MARK && strcmp(other, id) == 0)
			found = mark;
	return found;
}

/* Writes the file anew into OUT, with MARK in the place of ID's old line, or
 * at the end. */
static void rewrite(FILE *out, const struct progress *p, const char *id,
		    struct mark mark)
{
	char other[NAME_MAX_LENGTH];
	struct mark old;
	bool written = false;
	for (const char *at = p->text; *at; at = next_line(at)) {
		size_t length = strcspn(at, "\n");
		bool its = line_read(at, other, &old) == LINE_MARK &&
			   strcmp(other, id) == 0;
		if (!its)
			fprintf(out, "%.*s\n", (int)length, at);
		if (its && !written)
			fprintf(out, "%s score=%ld best=%ld hints=%ld\n", id,
				mark.score, mark.best, mark.hints);
		written = written || its;
	}
	if (!written)
		fprintf(out, "%s score=%ld best=%ld hints=%ld\n", id,
			mark.score, mark.best, mark.hints);
}

int progress_set(struct progress *progress, const char *id, struct mark mark)
{
	char *text = NULL;
	size_t size = 0;
	if (!*progress->path)
		return -EROFS;
	FILE *out = open_memstream(&text, &size);
	if (!out)
		return -errno;
	rewrite(out, progress, id, mark);
	int rc = fclose(out) == EOF ? -errno : 0;
	if (rc < 0) {
		free(text);
		return rc;
	}
	free(progress->text);
	progress->text = text;
	return whole_write(progress->path, text, size);
}

int progress_keep(struct progress *progress, const json_t *verdict)
{
	int rc = 0;
	size_t i;
	json_t *exercise;
	json_array_foreach(json_object_get(verdict, "exercises"), i, exercise) {
		const char *id = verdict_text(exercise, "id");
		struct mark mark = progress_of(progress, id);
		if (strcmp(verdict_text(exercise, "status"), "error") == 0)
			continue;
		mark.score = verdict_number(exercise, "score");
		if (mark.score > mark.best)
			mark.best = mark.score;
		int set = progress_set(progress, id, mark);
		rc = rc < 0 ? rc : set;
	}
	return rc;
}

const struct exercise *progress_next(const struct progress *progress,
				     const struct catalog *catalog)
{
	for (size_t i = 0; i < catalog->n; i++) {
		const struct exercise *e = &catalog->exercises[i];
		if (progress_of(progress, e->id).score < FULL_SCORE)
			return e;
	}
	return NULL;
}
