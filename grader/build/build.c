/* build.c - see build.h.
 *
 * Flags: -fno-builtin, or gcc turns one call into another that is not in the
 * source; -O0 keeps every call and its line; trace-pc tells where the code goes on
 * after a fault; --coverage, of the subject alone, serves gcovr.
 */
#include "build.h"
#include "compile_runner.h"
#include "tool_parts.h"
#include "base/process_pool.h"
#include "sandbox/cell.h"
#include "base/limits.h"
#include "base/path.h"
#include "base/files.h"
#include "base/tree.h"
#include "ledger/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* The one object that a library's become. No file handed in is called so: they end
 * in .c. */
#define SEALED "sealed.object"

enum {
	OWN_MS = 120000,	/* all versions of ours */
	BUSY = 3,		/* how much longer it may take on a busy machine */
	OUTPUT_KEPT = 64 << 10,
	PROCESSES_MAX = 64,
	HEADER_WORDS = 24,
};

/* A local that is never given a value holds a pattern, so that a release of it
 * is found out: at -O0 the stack often happens to hold zeros. What gcc 14 takes
 * for an error is one with every gcc. */
static const char *const code_flags[] = {
	"-std=gnu11", "-D_GNU_SOURCE", "-pipe", "-O0", "-g", "-fPIC",
	"-fno-builtin", "-fno-lto", "-U_FORTIFY_SOURCE",
	"-fno-omit-frame-pointer", "-fstack-protector-strong", "-fsanitize=bounds",
	"-fmax-errors=5",
	"-fdiagnostics-color=never", "-fno-diagnostics-show-caret",
	"-fdiagnostics-column-unit=byte",
	"-Werror=incompatible-pointer-types",
	"-Werror=implicit-function-declaration", "-fsanitize-coverage=trace-pc",
	"-ftrivial-auto-var-init=pattern", NULL
};
static const char *const tests_flags[] = {
	"-std=gnu11", "-D_GNU_SOURCE", "-pipe", "-O0", "-g", "-fPIC", "-fno-lto",
	"-fno-omit-frame-pointer", "-fmax-errors=5",
	"-fdiagnostics-color=never", "-fno-diagnostics-show-caret",
	"-fdiagnostics-column-unit=byte",
	"-Werror=implicit-function-declaration",
	"-ftrivial-auto-var-init=pattern", NULL
};

/* --- the commands that make a library ----------------------------------- */

/* What every library of one build is given. */
struct order {
	const char *root;
	const struct exercise *exercise;
	const struct sandbox *sandbox;
};

/* Writes WORD, made of a format, as one word of a command. */
__attribute__((format(printf, 2, 3)))
static void put(FILE *list, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vfprintf(list, format, args);
	va_end(args);
	fputc('\0', list);
}

/* Ends a command, or a library after its last command. */
static void put_end(FILE *list)
{
	fputc('\0', list);
}

static void put_words(FILE *list, const char *const words[])
{
	while (*words)
		put(list, "%s", *words++);
}

/* The length of NAME without ".c", 0 when it is no C file. */
static int stem(const char *name)
{
	size_t n = strlen(name);
	return n > 2 && strcmp(name + n - 2, ".c") == 0 ? (int)n - 2 : 0;
}

/* gcc -c for one file. No word joins a path with a character at which gcc would cut
 * it: -fmacro-prefix-map is cut at its last '=', which is ours. */
static void put_compile(FILE *list, const struct order *order,
			const struct library *library, const char *file)
{
	put(list, "gcc");
	put_words(list, library->part == PART_TESTS ? tests_flags : code_flags);
	if (library->part == PART_SUBJECT)
		put(list, "--coverage");
	put(list, "-iquote");
	put(list, "%s/grader/exercises/%s/starter", order->root,
	    order->exercise->id);
	put(list, "-I%s/build/pch", order->root);
	put(list, "-I%s/grader/include", order->root);
	/* __FILE__ is what the learner calls the file, in every run. */
	put(list, "-fmacro-prefix-map=%s/=", library->source);
	put(list, "-c");
	put(list, "%s/%s", library->source, file);
	put(list, "-o");
	put(list, "%s/%.*s.o", library->objects, stem(file), file);
	put_end(list);
}

/* How many C files the library is made of. */
static size_t count_files(const struct library *library)
{
	size_t n = 0;
	for (size_t i = 0; i < library->files->n; i++)
		n += stem(library->files->name[i]) > 0;
	return n;
}

/* Names each object of the library. */
static void put_objects(FILE *list, const struct library *library)
{
	const struct names *files = library->files;
	for (size_t i = 0; i < files->n; i++)
		if (stem(files->name[i]))
			put(list, "%s/%.*s.o", library->objects,
			    stem(files->name[i]), files->name[i]);
}

/* Makes one object of all: its resource calls are renamed, and none but the
 * headers' functions can be seen from outside, for a helper called memcpy would
 * else serve libgcov too. The objects stay as they are, to be looked at. */
static void put_seal(FILE *list, const struct library *library)
{
	bool several = count_files(library) != 1;
	if (several) {
		put_words(list, (const char *[]){ "ld", "-r", "-o", NULL });
		put(list, "%s/" SEALED, library->objects);
		put_objects(list, library);
		put_end(list);
	}
	put_words(list, (const char *[]){ "objcopy", "--redefine-syms", NULL });
	put(list, "%s/symbols", library->objects);
	put(list, "--keep-global-symbols");
	put(list, "%s/globals", library->objects);
	if (!several)
		put_objects(list, library);
	put(list, "%s/" SEALED, library->objects);
	put_end(list);
}

/* gcc -shared for the library. What the linker is to have goes by -Xlinker: -Wl
 * would cut a path at its commas. */
static void put_link(FILE *list, const struct order *order,
		     const struct library *library)
{
	put_words(list, (const char *[]){ "gcc", "-shared", "-o", NULL });
	put(list, "%s", library->path);
	put_words(list, (const char *[]){ "-Xlinker", "--version-script",
					  "-Xlinker", NULL });
	put(list, "%s/exports", library->objects);
	if (library->part == PART_TESTS) {
		put_objects(list, library);
		put(list, "-Wl,--wrap=_tcase_add_test");
		put(list, "-Wl,--wrap=_ck_assert_failed");
	} else {
		put(list, "%s/" SEALED, library->objects);
		put(list, "%s/build/gcov_shim.o", order->root);
		put(list, "--coverage");
	}
	/* Tests may call these too, and a correct version may call none. */
	for (size_t i = 0; i < order->exercise->libraries.n; i++)
		put(list, "-l%s", order->exercise->libraries.name[i]);
	put_end(list);
}

/* All that makes one library. */
static void put_library(FILE *list, const struct order *order,
			const struct library *library)
{
	const struct names *files = library->files;
	for (size_t i = 0; i < files->n; i++)
		if (stem(files->name[i]))
			put_compile(list, order, library, files->name[i]);
	if (library->part != PART_TESTS)
		put_seal(list, library);
	put_link(list, order, library);
	put_end(list);
}

/* Writes the list for build/compile_runner into a memory file: its descriptor,
 * which the caller closes, or a negative errno. */
static int make_list(const struct order *order, const struct library libraries[],
		     size_t n)
{
	int fd = memfd_create("commands", MFD_CLOEXEC);
	int copy = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 0);
	FILE *list = copy < 0 ? NULL : fdopen(copy, "w");
	int rc = list ? 0 : -errno;
	for (size_t i = 0; list && i < n; i++)
		put_library(list, order, &libraries[i]);
	if (list && ferror(list))
		rc = -EIO;
	if (list && fclose(list) != 0 && rc == 0)
		rc = -errno;
	if (!list && copy >= 0)
		close(copy);
	if (rc < 0 && fd >= 0)
		close(fd);
	return rc < 0 ? rc : fd;
}

/* --- building ----------------------------------------------------------- */

/* The program that runs the compilers, and what they may see. */
struct places {
	char runner[PATH_MAX];
	char headers[PATH_MAX], include[PATH_MAX], pch[PATH_MAX];
	char shim[PATH_MAX];
	struct tool_parts parts;
	struct cell cell;
};

/* The paths of what the compilers read of the workbook's. */
static int find_places(const struct order *order, struct places *places)
{
	const char *root = order->root;
	int rc = path_join(places->runner, PATH_MAX, "%s/build/compile_runner",
			   root);
	if (rc == 0)
		rc = path_join(places->headers, PATH_MAX, "%s/grader/exercises/%s/starter",
			       root, order->exercise->id);
	if (rc == 0)
		rc = path_join(places->include, PATH_MAX, "%s/grader/include",
			       root);
	if (rc == 0)
		rc = path_join(places->pch, PATH_MAX, "%s/build/pch", root);
	if (rc == 0)
		rc = path_join(places->shim, PATH_MAX, "%s/build/gcov_shim.o",
			       root);
	return rc;
}

/* The cell: the learner's files, the workbook's headers and the compiler to read,
 * the folders of objects to write in. */
static int fill_cell(const struct order *order, const struct library libraries[],
		     size_t n, struct places *places)
{
	places->cell = (struct cell){
		.enclosure = CELL_ENCLOSURE, .own = true,
		.sandbox = order->sandbox, .processes = PROCESSES_MAX,
		.reads = { places->runner, libraries[0].source, places->headers,
			   places->include, places->pch, places->shim },
		.more_reads = places->parts.folder,
	};
	for (size_t i = 0; i < n; i++) {
		int rc = i < CELL_WRITES ?
			 sandbox_give(order->sandbox, libraries[i].objects) : -E2BIG;
		if (rc < 0)
			return rc;
		places->cell.writes[i] = libraries[i].objects;
	}
	return 0;
}

/* Starts build/compile_runner with the list that is open as LIST. */
static int start_runner(const struct order *order, int list,
			const struct library libraries[], size_t n,
			struct places *places, struct process *ret_process)
{
	char jobs[24];
	const char *const argv[] = { places->runner, jobs, NULL };
	struct program program = {
		.argv = argv, .env = places->parts.env,
		.dir = libraries[0].source,
		.passed = { list }, .n_passed = 1,
		.limits = { .cpu_seconds = COMPILE_MS / 1000,
			    .memory_bytes = TOOL_MEMORY_MAX,
			    .file_bytes = COMPILED_MAX },
		.deadline_ms = order->sandbox ? BUSY * COMPILE_MS : OWN_MS,
		.output_max = n * (COMPILE_RUNNER_SAID + COMPILE_RUNNER_LINE),
		.enclosure = order->sandbox ? &places->cell.enclosure : NULL,
	};
	snprintf(jobs, sizeof(jobs), "%zu", jobs_here());
	int rc = find_places(order, places);
	if (rc == 0 && order->sandbox)
		rc = fill_cell(order, libraries, n, places);
	return rc < 0 ? rc : process_start(&program, ret_process);
}

/* Starts to make all libraries: one program to be started, and one cell. */
static int start_all(const struct order *order, const struct library libraries[],
		     size_t n, struct process *ret_process)
{
	struct places places;
	int rc = compiler_parts_find(&places.parts);
	if (rc < 0)
		return rc;
	int list = make_list(order, libraries, n);
	rc = list < 0 ? list : start_runner(order, list, libraries, n, &places,
					    ret_process);
	if (list >= 0)
		close(list);
	tool_parts_release(&places.parts);
	return rc;
}

/* --- what came of it ---------------------------------------------------- */

/* How the commands of one library ended. */
struct result {
	bool told;
	enum compile_end kind;
	int value;
	const char *said;	/* SIZE bytes */
	size_t size;
};

/* Reads one result of compile_runner's at *AT, with LEFT bytes there: 0 or
 * -EPROTO. */
static int read_result(const char **at, size_t *left, struct result results[],
		       size_t n)
{
	size_t number, size;
	int kind, value, line = 0;
	if (sscanf(*at, "%zu %d %d %zu%n", &number, &kind, &value, &size,
		   &line) != 4 || (*at)[line] != '\n' || number >= n ||
	    size > *left - (size_t)line - 1)
		return -EPROTO;
	line++;
	results[number] = (struct result){ true, (enum compile_end)kind, value,
					   *at + line, size };
	*at += (size_t)line + size;
	*left -= (size_t)line + size;
	return 0;
}

/* Whether a line that one of the tools begins, and not a file of the learner's,
 * holds WORDS. */
static bool tool_says(const char *said, const char *words)
{
	static const char *const tools[] = {
		"gcc: ", "cc1: ", "as: ", "{standard input}: ", "collect2: ",
		"/usr/bin/ld: ", "(.text+", "objcopy: ", "virtual memory",
	};
	for (; *said; said += strcspn(said, "\n"), said += *said == '\n') {
		const char *found = strstr(said, words);
		bool here = found && found < said + strcspn(said, "\n");
		for (size_t i = 0; here && i < sizeof(tools) / sizeof(*tools);
		     i++)
			if (strncmp(said, tools[i], strlen(tools[i])) == 0)
				return true;
	}
	return false;
}

/* What it comes to that a command ended with RESULT, and said SAID. A tool that is
 * killed had no memory left, for its limit of time speaks by SIGXCPU first. */
static enum outcome why_failed(const struct result *result, const char *said)
{
	static const struct {
		int signal;
		const char *words;
		enum outcome outcome;
	} rows[] = {
		{ SIGXCPU, "CPU time limit exceeded", OUTCOME_TIMEOUT },
		{ SIGXFSZ, "File size limit exceeded", OUTCOME_OUTPUT_LIMIT },
		{ 0, "File too large", OUTCOME_OUTPUT_LIMIT },
		{ 0, "out of memory", OUTCOME_MEMORY_LIMIT },
		{ 0, "memory exhausted", OUTCOME_MEMORY_LIMIT },
		{ 0, "Cannot allocate memory", OUTCOME_MEMORY_LIMIT },
		{ SIGKILL, "Killed signal", OUTCOME_MEMORY_LIMIT },
		/* Variables of more than 2 GiB are out of reach of the code. */
		{ 0, "relocation truncated to fit", OUTCOME_MEMORY_LIMIT },
		{ 0, "GOTPCREL relocation", OUTCOME_MEMORY_LIMIT },
	};
	int signal = result->kind == COMPILE_KILLED ? result->value : -1;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (signal == rows[i].signal || tool_says(said, rows[i].words))
			return rows[i].outcome;
	return OUTCOME_COMPILE_ERROR;
}

/* Takes over how the commands of a library ended: 0, or a negative errno when it
 * cannot be told from that what the library is like. LATE: they were stopped at
 * the deadline. */
static int take_result(struct library *library, const struct result *result,
		       bool late)
{
	if (!result->told && !late)
		return -EIO;
	if (result->told && result->kind == COMPILE_NOT_STARTED)
		return -result->value;
	library->failed = !result->told || result->kind == COMPILE_KILLED ||
			  result->value != 0;
	if (!library->failed)
		return 0;
	library->diagnostics = strndup(result->told ? result->said : "",
				       result->size);
	if (!library->diagnostics)
		return -ENOMEM;
	library->why = result->told ? why_failed(result, library->diagnostics) :
		       OUTCOME_TIMEOUT;
	return 0;
}

/* Takes over what ENDED, compile_runner, has told of each library. */
static int take_results(struct building *building, const struct ended *ended)
{
	struct result *results = calloc(building->n, sizeof(*results));
	const char *at = ended->out;
	size_t left = ended->out_size;
	int rc = results ? 0 : -ENOMEM;
	/* A deadline may fall in the midst of the last one. */
	while (rc == 0 && left > 0 &&
	       read_result(&at, &left, results, building->n) == 0)
		continue;
	for (size_t i = 0; rc == 0 && i < building->n; i++)
		rc = take_result(&building->libraries[i], &results[i],
				 ended->timed_out);
	free(results);
	return rc;
}

/* Waits for compile_runner and takes over what it tells. */
static int await_runner(struct building *building)
{
	struct ended ended = { .status = 0 };
	int rc = process_wait(&building->process, &ended);
	if (rc == 0)
		rc = take_results(building, &ended);
	if (rc < 0 && ended.err)
		snprintf(building->why, sizeof(building->why), "%.*s",
			 (int)strcspn(ended.err, "\n"), ended.err);
	ended_release(&ended);
	return rc;
}

/* --- symbols ------------------------------------------------------------ */

/* Whether EXERCISE watches CALL: it has to ask for a few of them. */
static bool is_watched(const struct call_info *call,
		       const struct exercise *exercise)
{
	for (size_t i = 0; i < exercise->also_fail.n; i++)
		if (strcmp(exercise->also_fail.name[i], call->name) == 0)
			return true;
	return !(call->ways & WAY_ASKED);
}

/* Writes the file for objcopy: the calls, and the functions of the exercise
 * that its wrap.c replaces. */
static int write_symbols(const struct library *library,
			 const struct exercise *exercise)
{
	char path[PATH_MAX];
	int rc = path_join(path, sizeof(path), "%s/symbols", library->objects);
	FILE *out = rc < 0 ? NULL : fopen(path, "we");
	if (!out)
		return rc < 0 ? rc : -errno;
	for (int i = 0; i < CALL_COUNT; i++)
		if (!calls[i].pretend && is_watched(&calls[i], exercise))
			fprintf(out, "%s brakes_%s\n", calls[i].name,
				calls[i].name);
	for (const struct call_alias *a = call_aliases; a->other; a++)
		fprintf(out, "%s brakes_%s\n", a->other, a->other);
	for (size_t i = 0; i < exercise->wrap.n; i++)
		fprintf(out, "%s wrapped_%s\n", exercise->wrap.name[i],
			exercise->wrap.name[i]);
	rc = ferror(out) ? -EIO : 0;
	return fclose(out) != 0 && rc == 0 ? -errno : rc;
}

/* Whether wrap.c replaces NAME. */
static bool wrapped(const struct exercise *exercise, const char *name)
{
	for (size_t i = 0; i < exercise->wrap.n; i++)
		if (strcmp(exercise->wrap.name[i], name) == 0)
			return true;
	return false;
}

/* Writes the functions of the headers, as they are called in the library, with
 * AFTER behind each. */
static void put_exports(FILE *out, const struct exercise *exercise,
			const char *after)
{
	for (size_t i = 0; i < exercise->exports.n; i++)
		fprintf(out, "%s%s%s", wrapped(exercise,
			exercise->exports.name[i]) ? "wrapped_" : "",
			exercise->exports.name[i], after);
}

/* Writes one of the files that tell which symbols are seen from outside: NAME is
 * that for objcopy or for the linker. */
static int write_seen(const struct library *library,
		      const struct exercise *exercise, const char *name,
		      bool linker)
{
	char path[PATH_MAX];
	bool tests = library->part == PART_TESTS;
	int rc = path_join(path, sizeof(path), "%s/%s", library->objects, name);
	FILE *out = rc < 0 ? NULL : fopen(path, "we");
	if (!out)
		return rc < 0 ? rc : -errno;
	fputs(linker ? "{ global: " : "", out);
	if (!tests)
		put_exports(out, exercise, linker ? "; " : "\n");
	if (linker)
		fprintf(out, "%s local: *; };\n", tests ? "learner_tests;" :
			"brakes_coverage_dump; brakes_coverage_reset;");
	rc = ferror(out) ? -EIO : 0;
	return fclose(out) != 0 && rc == 0 ? -errno : rc;
}

/* Everything but the headers' functions is local, so that a helper or a main of
 * the learner's, whatever its name, is harmless. */
static int write_exports(const struct library *library,
			 const struct exercise *exercise)
{
	int rc = write_seen(library, exercise, "globals", false);
	return rc < 0 ? rc : write_seen(library, exercise, "exports", true);
}

int build_start(const char *root, const struct exercise *exercise,
		const struct sandbox *sandbox, struct library libraries[],
		size_t n, struct building *ret_building)
{
	struct order order = { root, exercise, sandbox };
	int rc = 0;
	*ret_building = (struct building){ libraries, n, PROCESS_NONE, "" };
	for (size_t i = 0; rc == 0 && i < n; i++) {
		rc = write_symbols(&libraries[i], exercise);
		if (rc == 0)
			rc = write_exports(&libraries[i], exercise);
	}
	return rc < 0 || n == 0 ? rc : start_all(&order, libraries, n,
						 &ret_building->process);
}

int build_finish(struct building *building)
{
	return building->n ? await_runner(building) : 0;
}

void build_end(struct building *building)
{
	process_end(&building->process);
}

int build_libraries(const char *root, const struct exercise *exercise,
		    const struct sandbox *sandbox, struct library libraries[],
		    size_t n)
{
	struct building building;
	int rc = build_start(root, exercise, sandbox, libraries, n, &building);
	return rc < 0 ? rc : build_finish(&building);
}

int build_header(const char *root)
{
	char folder[PATH_MAX], header[PATH_MAX];
	struct ended ended;
	int rc = path_join(folder, sizeof(folder), "%s/build/pch", root);
	if (rc == 0)
		rc = path_join(header, sizeof(header), "%s/check.h", folder);
	if (rc == 0)
		rc = make_folders(folder);
	if (rc == 0)
		rc = write_text(header, "#include_next <check.h>\n");
	if (rc < 0)
		return rc;
	const char *argv[HEADER_WORDS] = { "gcc" };
	size_t n = 1;
	for (size_t i = 0; tests_flags[i]; i++)
		argv[n++] = tests_flags[i];
	argv[n++] = "-xc-header";
	argv[n++] = "check.h";
	argv[n++] = "-o";
	argv[n++] = "check.h.gch.new";
	struct program program = { .argv = argv, .dir = folder,
				   .deadline_ms = COMPILE_MS,
				   .output_max = OUTPUT_KEPT };
	rc = process_run(&program, &ended);
	if (rc < 0)
		return rc;
	rc = ended_well(&ended) ? 0 : -ENOENT;
	ended_release(&ended);
	return rc;
}

void libraries_release(struct library libraries[], size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(libraries[i].diagnostics);
		libraries[i].diagnostics = NULL;
	}
}
