/* screen.c - see screen.h: the kinds, their words, and how often each is reported. */
#include "screen.h"

#include <stdio.h>

static const struct { const char *word, *says; } kinds[] = {
#define KIND(id, word, says) { word, says },
#include "screen.def"
#undef KIND
};

const char *screen_word(enum screen_kind kind)
{
	return kinds[kind].word;
}

bool screen_full(const struct screen *screen, enum screen_kind kind)
{
	return screen->reported[kind] >= SCREEN_MOST;
}

void screen_report(struct screen *screen, enum screen_kind kind,
		 const char *name, const char *file, int line)
{
	char message[NAME_MAX_LENGTH + 256];
	if (screen_full(screen, kind))
		return;
	screen->reported[kind]++;
	snprintf(message, sizeof(message), "%.*s %s", NAME_MAX_LENGTH, name,
		 kinds[kind].says);
	struct screen_finding finding = { kind, file, line, message };
	screen->seen(&finding, screen->data);
}
