/* hints.c - see hints.h. */
#include "hints.h"
#include "base/path.h"

#include <ctype.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "base/files.h"

int hints_read(const char *root, const struct exercise *exercise,
		char **ret_hints)
{
	char path[PATH_MAX];
	int rc = path_join(path, sizeof(path), "%s/exercises/%s/hints.md",
			   root, exercise->id);
	return rc < 0 ? rc : read_text(path, ret_hints);
}

/* Whether a rung begins at TEXT, the start of a line. */
static bool is_rung(const char *text)
{
	return strncmp(text, "## ", 3) == 0 && isdigit((unsigned char)text[3]);
}

/* The start of the next rung at or below TEXT, or the end. */
static const char *next_rung(const char *text)
{
	while (*text && !is_rung(text)) {
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
	return text;
}

/* The line after the heading at RUNG. */
static const char *below(const char *rung)
{
	rung += strcspn(rung, "\n");
	return rung + (*rung == '\n');
}

long hints_count(const char *hints)
{
	long n = 0;
	for (hints = next_rung(hints); *hints; n++)
		hints = next_rung(below(hints));
	return n;
}

char *hints_get(const char *hints, long number)
{
	const char *rung = next_rung(hints);
	for (; *rung && number > 1; number--)
		rung = next_rung(below(rung));
	if (!*rung)
		return NULL;
	const char *end = next_rung(below(rung));
	while (end > rung && isspace((unsigned char)end[-1]))
		end--;
	return strndup(rung + 3, (size_t)(end - rung) - 3);
}
