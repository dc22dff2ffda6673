/* formats.c - see formats.h. */
#include "formats.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/path.h"
#include "base/files.h"
#include "terminal.h"

/* The verdict as it is: one JSON object, for a machine. */
static int json_write(FILE *out, int descriptor, const json_t *verdict,
		       const struct report_context *r)
{
	(void)descriptor;
	(void)r;
	if (json_dumpf(verdict, out, JSON_INDENT(2)) < 0)
		return -ENOMEM;
	fputc('\n', out);
	return 0;
}

/* The verdict for a person. */
static int text_write(FILE *out, int descriptor, const json_t *verdict,
		      const struct report_context *r)
{
	terminal_write(out, descriptor, verdict, r);
	return 0;
}

const struct format formats[] = {
	{ "terminal", text_write },
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

/* Where a file at PATH gets its entry: the folder of it or, when it is a link, of what
 * it leads to, with a dot after it that no plain file can have. 0 or a negative
 * errno. */
static int folder_of(const char *path, char ret_folder[PATH_MAX])
{
	char *resolved = realpath(path, NULL);
	char *text = resolved ? resolved : strdup(path);
	if (!text)
		return -ENOMEM;
	int rc = path_join(ret_folder, PATH_MAX, "%s/.", dirname(text));
	free(text);
	return rc;
}

int format_can_write(const char *path)
{
	char folder[PATH_MAX];
	struct stat old = { 0 };
	bool exists = stat(path, &old) == 0;
	if (exists && S_ISDIR(old.st_mode))
		return -EISDIR;
	int rc = folder_of(path, folder);
	if (rc < 0)
		return rc;
	/* What is no plain file is not replaced, but written to. */
	if (exists && !S_ISREG(old.st_mode))
		rc = access(path, W_OK);
	else
		rc = access(folder, W_OK | X_OK);
	return rc < 0 ? -errno : 0;
}

/* Sends TEXT to where R wants it. */
static int deliver(const char *text, size_t size, const struct report_context *r)
{
	if (r->out)
		return replace_file(r->out, text, size);
	if (fwrite(text, 1, size, stdout) < size || fflush(stdout) == EOF)
		return errno ? -errno : -EIO;
	return 0;
}

int format_write(const json_t *verdict, const struct report_context *r)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	if (!out)
		return -errno;
	int rc = format_find(r->format)->write(out, r->out ? -1 :
					       STDOUT_FILENO, verdict, r);
	if (ferror(out) && rc == 0)
		rc = -ENOMEM;
	if (fclose(out) == EOF && rc == 0)
		rc = -ENOMEM;
	errno = 0;
	if (rc == 0)
		rc = deliver(text, size, r);
	free(text);
	return rc;
}
