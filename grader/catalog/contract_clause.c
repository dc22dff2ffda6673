/* contract_clause.c - see contract_clause.h. A clause begins a line of the comment on top, after
 * its star, and ends where the next begins, or the paragraph. */
#include "contract_clause.h"
#include "base/path.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "base/files.h"

/* The text of a line after the star of its comment. */
static const char *after_star(const char *line)
{
	line += strspn(line, " \t");
	if (*line == '*')
		line += 1 + strspn(line + 1, " \t");
	return line;
}

/* Whether TEXT begins with NAME, and not with a longer number. */
static bool begins_with(const char *text, const char *name, size_t length)
{
	return strncmp(text, name, length) == 0 &&
	       !isalnum((unsigned char)text[length]);
}

/* Whether TEXT begins another clause of the same family: "CONTRACT 4". */
static bool is_clause(const char *text, const char *name)
{
	size_t family = strcspn(name, " 0123456789");
	return strncmp(text, name, family) == 0 && text[family] == ' ' &&
	       isdigit((unsigned char)text[family + 1]);
}

/* Adds the line at TEXT to the words of CLAUSE, single-spaced. */
static void add_words(struct clause *clause, const char *text)
{
	size_t at = strlen(clause->text);
	if (at > 0 && at < CLAUSE_MAX - 1)
		clause->text[at++] = ' ';
	for (; *text && *text != '\n' && at < CLAUSE_MAX - 1; text++)
		if (*text != ' ' || (at > 0 && clause->text[at - 1] != ' '))
			clause->text[at++] = *text;
	clause->text[at] = '\0';
}

/* Takes the clause that begins at TEXT, up to its end. */
static void take(struct clause *clause, const char *name, const char *text)
{
	clause->text[0] = '\0';
	do {
		add_words(clause, text);
		text += strcspn(text, "\n");
		text = after_star(text + (*text == '\n'));
	} while (*text && *text != '\n' && *text != '/' &&
		 !is_clause(text, name));
}

/* Looks for the clause in the text of one header. */
static bool look_in(const char *header, const char *name, size_t length,
		    struct clause *clause)
{
	clause->line = 1;
	while (*header) {
		const char *text = after_star(header);
		if (begins_with(text, name, length)) {
			take(clause, name, text);
			return true;
		}
		header += strcspn(header, "\n");
		header += *header == '\n';
		clause->line++;
	}
	return false;
}

int contract_clause_find(const char *root, const struct exercise *exercise,
		const char *name, struct clause *ret_clause)
{
	size_t length = strcspn(name, ",");
	bool found = false;
	for (size_t i = 0; !found && *name && i < exercise->given.n; i++) {
		char path[PATH_MAX], *header;
		ret_clause->file = exercise->given.name[i];
		if (path_join(path, sizeof(path), "%s/exercises/%s/%s", root,
			      exercise->id, ret_clause->file) < 0 ||
		    read_text(path, &header) < 0)
			continue;
		found = look_in(header, name, length, ret_clause);
		free(header);
	}
	return found ? 0 : -ENOENT;
}
