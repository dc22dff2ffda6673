/* fuzz_coverage.c - whatever gcovr prints, the counts read from it are those of
 * lines and branches that it tells of. */
#include <string.h>
#include "fuzz.h"
#include "mutation/coverage.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The lines of one file while its branches are heard. */
struct coverage_heard {
	const json_t *lines;
	size_t n;
};

/* Asks for a branch that was told of, as a calibration does. */
static void coverage_hear(int line, int index, void *data)
{
	struct coverage_heard *heard = data;
	require(index >= 0);
	coverage_branch(heard->lines, line, index);
	heard->n++;
}

/* Asks for every line that is told of, for its neighbours and for odd ones. */
static void coverage_ask(const json_t *lines)
{
	static const int odd[] = { 0, -1, INT_MAX, INT_MIN };
	struct coverage_heard heard = { lines, 0 };
	size_t i;
	json_t *entry;
	json_array_foreach(lines, i, entry) {
		int line = (int)json_integer_value(
			json_object_get(entry, "line_number"));
		fuzz_taken += coverage_line(lines, line) > 0;
		for (int branch = -1; branch < 4; branch++)
			coverage_branch(lines, line, branch);
	}
	for (i = 0; i < sizeof(odd) / sizeof(*odd); i++) {
		coverage_line(lines, odd[i]);
		coverage_branch(lines, odd[i], odd[i]);
	}
	coverage_taken(lines, coverage_hear, &heard);
	fuzz_taken += heard.n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	json_t *files = NULL;
	require(text != NULL);
	memcpy(text, data, size);
	text[size] = '\0';
	int rc = coverage_read(text, &files);
	free(text);
	if (rc < 0) {
		require(!files);
		return 0;
	}
	require(json_array_size(files) > 0);
	size_t i;
	json_t *file;
	json_array_foreach(files, i, file) {
		const char *name = json_string_value(
			json_object_get(file, "file"));
		if (name)
			coverage_ask(coverage_lines(files, name));
	}
	require(!coverage_lines(files, "/no/such/file.c"));
	json_decref(files);
	return 0;
}
