/* driver.c - lets the judge call volume_bind. */
#include "runtime/driver.h"
#include "volume.h"
#include "runtime/fault_injection.h"

#include <string.h>

enum { CHAPTERS_MAX = 8, NAME_LENGTH = 64 };

/* volume_bind PATH LINES CHAPTER...: replies what it returned, *ret_lines, which
 * stood at LINES before, and how many of its calls were made to fail. The names
 * are the caller's, who uses their memory for something else afterwards. */
static void bind_volume(struct command_call *c)
{
	static char names[CHAPTERS_MAX + 1][NAME_LENGTH];
	const char *chapters[CHAPTERS_MAX + 1];
	size_t n = call_count(c) - 2;
	long lines = call_int(c, 1);
	unsigned before = injection_strikes();
	for (size_t i = 0; i <= n && i < CHAPTERS_MAX; i++) {
		snprintf(names[i], NAME_LENGTH, "%s",
			 i < n ? call_text(c, 2 + i) : "beyond the last");
		chapters[i] = names[i];
	}
	errno = ERRNO_LEFT;
	reply_int(c, volume_bind(call_text(c, 0), chapters, n, &lines));
	memset(names, 'x', sizeof(names));
	reply_int(c, lines);
	reply_int(c, injection_strikes() - before);
}

const struct command driver_commands[] = {
	{ "volume_bind", bind_volume },
	{ 0 },
};
