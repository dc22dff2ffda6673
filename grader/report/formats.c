/* formats.c - see formats.h. */
#include "formats.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "terminal.h"
#include "base/whole.h"

/* The verdict as it is: one JSON object, for a machine. */
static void json_write(FILE *out, int descriptor, const json_t *verdict,
		       const struct report_context *r)
{
	(void)descriptor;
	(void)r;
	json_dumpf(verdict, out, JSON_INDENT(2));
	fputc('\n', out);
}

const struct format formats[] = {
	{ "terminal", terminal_write },
	{ "json", json_write },
	{ NULL, NULL },
};

const struct format *format_find(const char *name)
{
	const struct format *format = formats;
	while (name && format->name && strcmp(format->name, name) != 0)
		format++;
	return format->name ? format : NULL;
}

/* Sends TEXT to where R wants it. */
static int deliver(const char *text, size_t size, const struct report_context *r)
{
	if (r->out)
		return whole_write(r->out, text, size);
	fwrite(text, 1, size, stdout);
	return fflush(stdout) == EOF ? -errno : 0;
}

int format_write(const json_t *verdict, const struct report_context *r)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	if (!out)
		return -errno;
	format_find(r->format)->write(out, r->out ? -1 : STDOUT_FILENO,
				      verdict, r);
	int rc = fclose(out) == EOF ? -errno : 0;
	if (rc == 0)
		rc = deliver(text, size, r);
	free(text);
	return rc;
}
