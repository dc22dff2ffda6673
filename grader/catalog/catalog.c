/* catalog.c - see catalog.h. */
#include "catalog.h"
#include "base/path.h"
#include "rows.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int catalog_wrong(char **ret_why, const char *id, const char *format, ...)
{
	char what[512], *why = NULL;
	va_list args;
	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	if (asprintf(&why, "grader/exercises/%s/exercise.json: %s", id, what) < 0)
		return -ENOMEM;
	*ret_why = why;
	return -EINVAL;
}

static bool holds(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++)
		if (strcmp(names->name[i], name) == 0)
			return true;
	return false;
}

int catalog_read_names(const struct exercise *e, const json_t *object,
		       const char *key, struct names *names, char **ret_why)
{
	const json_t *array = json_object_get(object, key);
	if (array && !json_is_array(array))
		return catalog_wrong(ret_why, e->id, "\"%s\" is not a list", key);
	if (json_array_size(array) > LIST_MAX)
		return catalog_wrong(ret_why, e->id, "\"%s\" has more than %d names",
			     key, LIST_MAX);
	size_t i;
	json_t *value;
	json_array_foreach(array, i, value) {
		const char *name = json_string_value(value);
		if (!name || !*name || strchr(name, '/') || name[0] == '.')
			return catalog_wrong(ret_why, e->id,
				     "\"%s\" holds what is no plain name", key);
		if (holds(names, name))
			return catalog_wrong(ret_why, e->id, "\"%s\" names %s twice",
				     key, name);
		names->name[names->n++] = name;
	}
	return 0;
}

/* Finds out whether NAMES, under KEY, are handed in or ours: all or none. */
static int read_given(struct exercise *e, const struct names *names,
		      const char *key, bool *ret_given, char **ret_why)
{
	size_t handed_in = 0;
	for (size_t i = 0; i < names->n; i++)
		handed_in += holds(&e->hand_in, names->name[i]);
	if (handed_in != 0 && handed_in != names->n)
		return catalog_wrong(ret_why, e->id, "\"hand_in\" names some files of "
			     "\"%s\", and not all", key);
	*ret_given = handed_in == 0;
	return 0;
}

/* Finds out whose the code is. */
static int read_givenness(struct exercise *e, char **ret_why)
{
	int rc = read_given(e, &e->subject, "subject", &e->code_given, ret_why);
	return rc < 0 ? rc : read_given(e, &e->support, "support",
					&e->support_given, ret_why);
}

const struct names *exercise_replaced(const struct exercise *e)
{
	return e->code_given && e->proves == 0 ? &e->hand_in : &e->subject;
}

/* Reads every list of names. */
static int read_lists(struct exercise *e, char **ret_why)
{
	struct { const char *key; struct names *names; } lists[] = {
		{ "hand_in", &e->hand_in }, { "subject", &e->subject },
		{ "support", &e->support }, { "given", &e->given },
		{ "exports", &e->exports }, { "wrap", &e->wrap },
		{ "also_fail", &e->also_fail },
		{ "libraries", &e->libraries }, { "stages", &e->stages },
	};
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		int rc = catalog_read_names(e, e->description, lists[i].key,
				    lists[i].names, ret_why);
		if (rc < 0)
			return rc;
	}
	const json_t *lesson = json_object_get(e->description, "lesson");
	if (lesson && !json_is_object(lesson))
		return catalog_wrong(ret_why, e->id, "\"lesson\" is not an object");
	int rc = catalog_read_names(e, lesson, "libraries", &e->lesson_libraries,
			    ret_why);
	if (rc < 0)
		return rc;
	if (!json_object_get(lesson, "libraries"))
		e->lesson_libraries = e->libraries;
	for (size_t i = 0; i < e->hand_in.n; i++)
		if (strncmp(e->hand_in.name[i], "test_", 5) == 0)
			e->tests = e->hand_in.name[i];
	if (e->hand_in.n == 0)
		return catalog_wrong(ret_why, e->id, "\"hand_in\" names no file");
	if (e->proves > 0 && !e->tests)
		return catalog_wrong(ret_why, e->id, "there are points for tests, and "
			     "\"hand_in\" names no test_*.c");
	return read_givenness(e, ret_why);
}

/* Reads the title, the minutes, what the driver opens and the points. Each
 * number is held against its bounds before they are added: their sum might wrap
 * to 100. */
static int read_facts(struct exercise *e, char **ret_why)
{
	json_error_t error;
	json_int_t minutes = 0, behaves = 0, survives = 0, proves = 0, opens = 0;
	if (json_unpack_ex(e->description, &error, 0,
			   "{s:s, s:I, s:s, s?I, s:{s?I, s?I, s?I}}",
			   "title", &e->title, "minutes", &minutes,
			   "first_step", &e->first_step,
			   "driver_opens", &opens, "points",
			   "behaves", &behaves, "survives", &survives,
			   "proves", &proves) < 0)
		return catalog_wrong(ret_why, e->id, "%s", error.text);
	if (minutes < 1 || minutes > MINUTES_MAX)
		return catalog_wrong(ret_why, e->id, "\"minutes\" is not from 1 to %d",
			     MINUTES_MAX);
	if (opens < 0 || opens > DRIVER_OPENS_MAX)
		return catalog_wrong(ret_why, e->id,
			     "\"driver_opens\" is not from 0 to %d",
			     DRIVER_OPENS_MAX);
	if (behaves < 0 || behaves > 100 || survives < 0 || survives > 100 ||
	    proves < 0 || proves > 100 || behaves + survives + proves != 100)
		return catalog_wrong(ret_why, e->id, "the points are not 100 together");
	e->minutes = (long)minutes;
	e->driver_opens = (int)opens;
	e->behaves = (long)behaves;
	e->survives = (long)survives;
	e->proves = (long)proves;
	return 0;
}

/* Reads the exercise in folder ID. */
static int read_exercise(const char *root, const char *id, struct exercise *e,
			 char **ret_why)
{
	char path[PATH_MAX];
	json_error_t error;
	int rc = path_join(path, sizeof(path),
			   "%s/grader/exercises/%s/exercise.json", root, id);
	if (rc < 0)
		return rc;
	snprintf(e->id, sizeof(e->id), "%.*s", NAME_MAX_LENGTH - 1, id);
	e->description = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
	if (!e->description && error.line < 1)
		return catalog_wrong(ret_why, id, "cannot be read: %s", strerror(errno));
	if (!e->description)
		return catalog_wrong(ret_why, id, "line %d: %s", error.line, error.text);
	rc = read_facts(e, ret_why);
	if (rc == 0)
		rc = read_lists(e, ret_why);
	return rc < 0 ? rc : rows_read(e, ret_why);
}

/* Whether NAME has the form NN_name. */
static int is_exercise(const struct dirent *entry)
{
	const char *name = entry->d_name;
	return isdigit((unsigned char)name[0]) &&
	       isdigit((unsigned char)name[1]) && name[2] == '_' &&
	       strlen(name) < NAME_MAX_LENGTH;
}

/* Reads the N folders of FOUND into a catalog that has room for them. */
static int read_all(const char *root, struct dirent **found, int n,
		    struct catalog *catalog, char **ret_why)
{
	catalog->exercises = calloc((size_t)n + 1, sizeof(*catalog->exercises));
	if (!catalog->exercises)
		return -ENOMEM;
	for (int i = 0; i < n; i++) {
		struct exercise *e = &catalog->exercises[catalog->n++];
		int rc = read_exercise(root, found[i]->d_name, e, ret_why);
		if (rc < 0)
			return rc;
	}
	return 0;
}

/* Says that the folder of the exercises cannot be read. */
static int cannot_read(const char *path, char **ret_why)
{
	int rc = -errno;
	if (asprintf(ret_why, "%s: %s", path, strerror(-rc)) < 0)
		*ret_why = NULL;
	return rc;
}

int catalog_read(const char *root, struct catalog *ret_catalog, char **ret_why)
{
	char path[PATH_MAX];
	struct dirent **found = NULL;
	struct catalog catalog = { 0 };
	*ret_why = NULL;
	int rc = path_join(path, sizeof(path), "%s/grader/exercises", root);
	if (rc < 0)
		return rc;
	int n = scandir(path, &found, is_exercise, alphasort);
	if (n < 0)
		return cannot_read(path, ret_why);
	rc = read_all(root, found, n, &catalog, ret_why);
	for (int i = 0; i < n; i++)
		free(found[i]);
	free(found);
	if (rc < 0)
		catalog_release(&catalog);
	else
		*ret_catalog = catalog;
	return rc;
}

void catalog_release(struct catalog *catalog)
{
	for (size_t i = 0; i < catalog->n; i++)
		json_decref(catalog->exercises[i].description);
	free(catalog->exercises);
	*catalog = (struct catalog){ 0 };
}

const struct exercise *catalog_find(const struct catalog *catalog,
				    const char *word)
{
	char *end;
	long number = strtol(word, &end, 10);
	bool numeric = end != word && *end == '\0';
	for (size_t i = 0; i < catalog->n; i++) {
		const char *id = catalog->exercises[i].id;
		if (strcmp(id, word) == 0 || strcmp(id + 3, word) == 0 ||
		    (numeric && strtol(id, NULL, 10) == number))
			return &catalog->exercises[i];
	}
	return NULL;
}
