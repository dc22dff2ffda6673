/* evidence.c - see evidence.h. */
#include "evidence.h"
#include "base/path.h"
#include "base/files.h"
#include "screen.h"
#include "base/limits.h"
#include "verdict/verdict.h"

#include <stdlib.h>
#include <string.h>

/* Adds one finding to the array DATA. */
static void note(const struct screen_finding *finding, void *data)
{
	json_array_append_new(data, json_pack(
		"{s:s, s:o, s:i, s:o}", "kind", screen_word(finding->kind),
		"file", verdict_string(finding->file), "line", finding->line,
		"message", verdict_string(finding->message)));
}

/* Screens the object of the C file FILE, N characters long, of LIBRARY. */
static void screen_object_of(const struct exercise *exercise,
			     const struct library *library, const char *file,
			     size_t n, json_t *evidence)
{
	char path[PATH_MAX];
	struct names object = { { path }, 1 };
	if (path_join(path, sizeof(path), "%s/%.*s.o", library->objects,
		      (int)n - 2, file) == 0)
		screen_objects(&object, &exercise->exports, note, evidence);
}

/* Screens one file of LIBRARY, when it is C: what runs unasked comes first. */
static void screen_file(const struct exercise *exercise,
			const struct library *library, const char *file,
			json_t *evidence)
{
	char path[PATH_MAX], *text;
	size_t size, n = strlen(file);
	if (n < 3 || strcmp(file + n - 2, ".c") != 0)
		return;
	if (!library->failed)
		screen_object_of(exercise, library, file, n, evidence);
	if (path_join(path, sizeof(path), "%s/%s", library->source, file) < 0 ||
	    read_file(path, SUBMISSION_FILE_MAX, &text, &size) < 0)
		return;
	screen_source(file, text, size, note, evidence);
	free(text);
}

void evidence_add(const struct exercise *exercise,
		  const struct library libraries[], size_t n, json_t *verdict)
{
	json_t *evidence = json_array();
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < libraries[i].files->n; j++)
			screen_file(exercise, &libraries[i],
				    libraries[i].files->name[j], evidence);
	if (json_array_size(evidence) > 0)
		json_object_set(verdict, "evidence", evidence);
	json_decref(evidence);
}
