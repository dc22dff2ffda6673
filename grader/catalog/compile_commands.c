/* compile_commands.c - writes the compilation database of clangd, so that an editor knows
 * each C file of the workbook with its flags:
 *
 *	compile_commands		writes build/compile_commands.json, if it changed
 *	compile_commands --list		prints each file, a tab and its flags instead
 *
 * The names of learners' files go from here into JSON and nowhere else: no shell and no
 * make reads them. Source: https://clang.llvm.org/docs/JSONCompilationDatabase.html
 */
#include <errno.h>
#include <glob.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/path.h"
#include "base/files.h"

enum { FLAGS_MAX = 8, FAULT = 3, USAGE = 2 };

/* The C files of one place of the workbook. HEADERS counts the slashes before the name
 * of the exercise whose headers they use; 0 for none. */
struct place {
	const char *pattern;
	int headers;
	const char *flags[FLAGS_MAX];
};

static const struct place places[] = {
	{ "lessons/*.c", 0, { NULL } },
	{ "exercises/*/*.c", 0, { "-D_GNU_SOURCE", NULL } },
	{ "solutions/*/*.c", 1, { "-D_GNU_SOURCE", NULL } },
	{ "grader/*/*.c", 0, { "-D_GNU_SOURCE", "-Igrader", NULL } },
	{ "grader/exercises/*/*.c", 2, { "-D_GNU_SOURCE", "-Igrader", NULL } },
	{ "grader/exercises/*/wheats/*/*.c", 2, { "-D_GNU_SOURCE", NULL } },
};

static const char *const common[] = {
	"-std=gnu11", "-Wall", "-Wextra", "-Igrader/include", NULL
};

/* Appends WORD to ARRAY: false when JSON cannot hold it, for it is not UTF-8. */
static bool append(json_t *array, const char *word)
{
	return json_array_append_new(array, json_string(word)) == 0;
}

/* Appends the folder with the headers of the exercise that FILE is about. */
static bool append_headers(json_t *array, const struct place *place,
			   const char *file)
{
	char flag[PATH_MAX];
	if (place->headers == 0)
		return true;
	for (int i = 0; i < place->headers; i++)
		file = strchr(file, '/') + 1;
	return path_join(flag, sizeof(flag), "-Igrader/exercises/%.*s/starter",
			 (int)strcspn(file, "/"), file) == 0 &&
	       append(array, flag);
}

/* The flags of FILE, an array; NULL when JSON cannot hold them. */
static json_t *flags_of(const struct place *place, const char *file)
{
	json_t *flags = json_array();
	bool well = flags != NULL;
	for (size_t i = 0; well && common[i]; i++)
		well = append(flags, common[i]);
	for (size_t i = 0; well && place->flags[i]; i++)
		well = append(flags, place->flags[i]);
	if (well && append_headers(flags, place, file))
		return flags;
	json_decref(flags);
	return NULL;
}

/* Adds the entry of FILE to DATABASE. A name that JSON cannot hold has none. */
static void add_entry(json_t *database, const char *root,
		      const struct place *place, const char *file)
{
	json_t *words = json_pack("[s]", "gcc");
	json_t *flags = flags_of(place, file);
	if (!words || !flags || json_array_extend(words, flags) < 0 ||
	    !append(words, "-c") || !append(words, file)) {
		json_decref(words);
		words = NULL;
	}
	json_decref(flags);
	json_t *entry = words ? json_pack("{s:s, s:s, s:o}", "directory", root,
					  "file", file, "arguments", words) : NULL;
	if (entry)
		json_array_append_new(database, entry);
}

/* Prints FILE and its flags as one line. */
static void print_entry(const struct place *place, const char *file)
{
	json_t *flags = flags_of(place, file), *flag;
	size_t i;
	if (!flags || strpbrk(file, "\t\n")) {
		json_decref(flags);
		return;
	}
	printf("%s\t", file);
	json_array_foreach(flags, i, flag)
		printf("%s%s", i ? " " : "", json_string_value(flag));
	putchar('\n');
	json_decref(flags);
}

/* Adds the files of PLACE to DATABASE, or prints them when that is NULL. A folder that
 * cannot be read, and what is no plain file, is passed over. */
static void add_place(json_t *database, const char *root,
		      const struct place *place)
{
	glob_t found;
	struct stat status;
	if (glob(place->pattern, 0, NULL, &found) != 0)
		return;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *file = found.gl_pathv[i];
		if (stat(file, &status) < 0 || !S_ISREG(status.st_mode))
			continue;
		if (database)
			add_entry(database, root, place, file);
		else
			print_entry(place, file);
	}
	globfree(&found);
}

/* Writes DATABASE to build/, unless it is there already: 0 or a negative errno. */
static int write_database(const json_t *database)
{
	static const char path[] = "build/compile_commands.json";
	char *text = json_dumps(database, JSON_INDENT(1)), *old = NULL;
	if (!text)
		return -ENOMEM;
	int rc = read_text(path, &old) == 0 && strcmp(old, text) == 0 ? 0 :
		 replace_file(path, text, strlen(text));
	free(text);
	free(old);
	return rc;
}

static int refuse(const char *what, int rc)
{
	fprintf(stderr, "compile_commands: %s: %s\n", what, strerror(-rc));
	return FAULT;
}

int main(int argc, char **argv)
{
	char root[PATH_MAX];
	bool list = argc == 2 && strcmp(argv[1], "--list") == 0;
	if (argc > 1 && !list) {
		fputs("usage: compile_commands [--list]\n", stderr);
		return USAGE;
	}
	int rc = workbook_root(root, sizeof(root));
	if (rc == 0 && chdir(root) < 0)
		rc = -errno;
	json_t *database = list ? NULL : json_array();
	if (rc == 0 && !list && !database)
		rc = -ENOMEM;
	if (rc < 0)
		return refuse("the workbook", rc);
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		add_place(database, root, &places[i]);
	if (!list)
		rc = write_database(database);
	json_decref(database);
	if (rc < 0)
		return refuse("build/compile_commands.json", rc);
	return fflush(stdout) == 0 ? EXIT_SUCCESS : refuse("output", -errno);
}
