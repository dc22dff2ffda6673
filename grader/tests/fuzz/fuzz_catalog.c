/* fuzz_catalog.c - whatever stands in an exercise.json, it is either read as
 * the header says, or refused with a sentence that names the file. */
#include <string.h>
#include "fuzz.h"
#include "catalog/catalog.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Writes the bytes as the description of the one exercise under ROOT. */
static void catalog_describe(const char *root, const uint8_t *data, size_t size)
{
	char path[PATH_MAX + 64];
	snprintf(path, sizeof(path), "%s/grader/exercises/12_global", root);
	require(make_folders(path) == 0);
	strcat(path, "/exercise.json");
	FILE *out = fopen(path, "we");
	require(out != NULL);
	require(fwrite(data, 1, size, out) == size);
	require(fclose(out) == 0);
}

/* Holds a list of names against what is promised of it. */
static void catalog_check_names(const struct names *names)
{
	require(names->n <= LIST_MAX);
	for (size_t i = 0; i < names->n; i++) {
		require(*names->name[i] && *names->name[i] != '.');
		require(!strchr(names->name[i], '/'));
		for (size_t j = 0; j < i; j++)
			require(strcmp(names->name[i], names->name[j]) != 0);
	}
}

static void catalog_check(const struct exercise *e)
{
	const struct names *const lists[] = {
		&e->hand_in, &e->subject, &e->support, &e->given, &e->exports,
		&e->wrap, &e->libraries, &e->lesson_libraries, &e->stages,
		exercise_replaced(e),
	};
	require(strcmp(e->id, "12_global") == 0);
	require(e->title && e->first_step && e->hand_in.n > 0);
	require(e->minutes > 0 && e->minutes <= MINUTES_MAX);
	require(e->behaves >= 0 && e->survives >= 0 && e->proves >= 0);
	require(e->behaves + e->survives + e->proves == 100);
	require(e->proves == 0 || strncmp(e->tests, "test_", 5) == 0);
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		catalog_check_names(lists[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *root = fuzz_own_folder();
	struct catalog catalog;
	char *why;
	catalog_describe(root, data, size);
	if (catalog_read(root, &catalog, &why) < 0) {
		require(why && strstr(why, "12_global/exercise.json"));
		free(why);
		return 0;
	}
	require(!why && catalog.n == 1);
	catalog_check(&catalog.exercises[0]);
	require(catalog_find(&catalog, "12") == &catalog.exercises[0]);
	fuzz_taken++;
	catalog_release(&catalog);
	return 0;
}
