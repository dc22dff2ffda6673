/* build.c - see build.h.
 *
 * Flags: -fno-builtin, or gcc turns one call into another that nobody wrote;
 * -O0 keeps every call and its line; trace-pc tells where the code goes on
 * after a fault; --coverage, of the subject alone, serves gcovr.
 */
#include "build.h"
#include "base/process_pool.h"
#include "sandbox/cell.h"
#include "base/path.h"
#include "base/files.h"
#include "ledger/ledger.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The one object that a library's become. No file handed in is called so: they end
 * in .c. */
#define SEALED "sealed.object"

enum {
	OWN_MS = 120000,	/* all versions of ours */
	BUSY = 3,		/* how much longer it may take on a busy machine */
	OUTPUT_KEPT = 64 << 10,
	PROCESSES_MAX = 64,
	HEADER_WORDS = 16,
};

/* A local that is never given a value holds a pattern, so that a release of it
 * is found out: at -O0 the stack often happens to hold zeros. What gcc 14 takes
 * for an error is one with every gcc. */
static const char *const code_flags[] = {
	"-std=gnu11", "-D_GNU_SOURCE", "-pipe", "-O0", "-g", "-fPIC",
	"-fno-builtin", "-fno-lto", "-U_FORTIFY_SOURCE",
	"-fno-omit-frame-pointer", "-fno-stack-protector", "-fmax-errors=5",
	"-fdiagnostics-color=never", "-fno-diagnostics-show-caret",
	"-fdiagnostics-column-unit=byte",
	"-Werror=incompatible-pointer-types",
	"-Werror=implicit-function-declaration", "-fsanitize-coverage=trace-pc",
	"-ftrivial-auto-var-init=pattern", NULL
};
static const char *const tests_flags[] = {
	"-std=gnu11", "-D_GNU_SOURCE", "-pipe", "-O0", "-g", "-fPIC", "-fno-lto",
	"-fmax-errors=5", "-fdiagnostics-color=never",
	"-fno-diagnostics-show-caret", "-fdiagnostics-column-unit=byte", NULL
};

/* --- what is typed to build a library --------------------------------------- */

/* What every library of one build is given. */
struct order {
	const char *root;
	const struct exercise *exercise;
	const struct sandbox *sandbox;
};

/* Writes WORD, made of a format, as one word of a shell's. */
__attribute__((format(printf, 2, 3)))
static void put(FILE *script, const char *format, ...)
{
	char *word = NULL;
	va_list args;
	va_start(args, format);
	int n = vasprintf(&word, format, args);
	va_end(args);
	fputs(" '", script);
	for (const char *at = n < 0 ? "" : word; *at; at++)
		*at == '\'' ? fputs("'\\''", script) : fputc(*at, script);
	fputc('\'', script);
	free(n < 0 ? NULL : word);
}

static void put_flags(FILE *script, const char *const flags[])
{
	while (*flags)
		put(script, "%s", *flags++);
}

/* The length of NAME without ".c", 0 when it is no C file. */
static int stem(const char *name)
{
	size_t n = strlen(name);
	return n > 2 && strcmp(name + n - 2, ".c") == 0 ? (int)n - 2 : 0;
}

/* gcc -c for one file. */
static void put_compile(FILE *script, const struct order *order,
			const struct library *library, const char *file)
{
	fputs("gcc", script);
	put_flags(script, library->part == PART_TESTS ? tests_flags : code_flags);
	if (library->part == PART_SUBJECT)
		put(script, "--coverage");
	put(script, "-iquote");
	put(script, "%s/exercises/%s", order->root, order->exercise->id);
	put(script, "-I%s/build/pch", order->root);
	put(script, "-I%s/grader/include", order->root);
	/* __FILE__ is what the learner calls the file, in every run. */
	put(script, "-fmacro-prefix-map=%s/=", library->source);
	put(script, "-c");
	put(script, "%s/%s", library->source, file);
	put(script, "-o");
	put(script, "%s/%.*s.o", library->objects, stem(file), file);
	fputs(" &&\n", script);
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
static void put_objects(FILE *script, const struct library *library)
{
	const struct names *files = library->files;
	for (size_t i = 0; i < files->n; i++)
		if (stem(files->name[i]))
			put(script, "%s/%.*s.o", library->objects,
			    stem(files->name[i]), files->name[i]);
}

/* Makes one object of all: its resource calls are renamed, and none but the
 * headers' functions can be seen from outside, for a helper called memcpy would
 * else serve libgcov too. The objects stay as they are, to be looked at. */
static void put_seal(FILE *script, const struct library *library)
{
	bool several = count_files(library) != 1;
	if (several) {
		fputs("ld -r -o", script);
		put(script, "%s/" SEALED, library->objects);
		put_objects(script, library);
		fputs(" &&\n", script);
	}
	fputs("objcopy", script);
	put(script, "--redefine-syms=%s/symbols", library->objects);
	put(script, "--keep-global-symbols=%s/globals", library->objects);
	if (!several)
		put_objects(script, library);
	put(script, "%s/" SEALED, library->objects);
	fputs(" &&\n", script);
}

/* gcc -shared for the library. */
static void put_link(FILE *script, const struct order *order,
		     const struct library *library)
{
	fputs("gcc -shared -o", script);
	put(script, "%s", library->path);
	put(script, "-Wl,--version-script=%s/exports", library->objects);
	if (library->part == PART_TESTS) {
		put_objects(script, library);
		put(script, "-Wl,--wrap=_tcase_add_test");
	} else {
		put(script, "%s/" SEALED, library->objects);
		put(script, "%s/build/gcov_shim.o", order->root);
		put(script, "--coverage");
	}
	/* Tests may call these too, and a correct version may call none. */
	for (size_t i = 0; i < order->exercise->libraries.n; i++)
		put(script, "-l%s", order->exercise->libraries.name[i]);
	fputc('\n', script);
}

/* All that makes one library, stopping at the first failure. What was said, and
 * with which status it ended, goes into two files beside the objects. */
static void put_library(FILE *script, const struct order *order,
			const struct library *library)
{
	const struct names *files = library->files;
	fputs("{\n", script);
	for (size_t i = 0; i < files->n; i++)
		if (stem(files->name[i]))
			put_compile(script, order, library, files->name[i]);
	if (library->part != PART_TESTS)
		put_seal(script, library);
	put_link(script, order, library);
	fputs("} 2>", script);
	put(script, "%s/said", library->objects);
	fputs("\necho $? >", script);
	put(script, "%s/status", library->objects);
	fputc('\n', script);
}

/* All that makes N libraries, as many at a time as there are processors: one
 * program to be started, and one cell. The caller frees it; NULL when memory is
 * out. */
static char *script_for(const struct order *order,
			const struct library libraries[], size_t n)
{
	char *text = NULL;
	size_t size = 0, jobs = jobs_here();
	FILE *script = open_memstream(&text, &size);
	if (!script)
		return NULL;
	for (size_t job = 0; job < jobs && job < n; job++) {
		fputs("{\n", script);
		for (size_t i = job; i < n; i += jobs)
			put_library(script, order, &libraries[i]);
		fputs("} &\n", script);
	}
	fputs("wait\n", script);
	bool failed = ferror(script);
	if (fclose(script) == 0 && !failed)
		return text;
	free(text);
	return NULL;
}

/* --- building ---------------------------------------------------------------- */

/* What the compilers may see. */
struct places {
	char headers[PATH_MAX], include[PATH_MAX], pch[PATH_MAX];
	char shim[PATH_MAX];
	struct cell cell;
};

/* The learner's files and the workbook's headers, and the folders of objects. */
static int fill_places(const struct order *order,
		       const struct library libraries[], size_t n,
		       struct places *places)
{
	int rc = path_join(places->headers, PATH_MAX, "%s/exercises/%s",
			   order->root, order->exercise->id);
	if (rc == 0)
		rc = path_join(places->include, PATH_MAX, "%s/grader/include",
			       order->root);
	if (rc == 0)
		rc = path_join(places->pch, PATH_MAX, "%s/build/pch",
			       order->root);
	if (rc == 0)
		rc = path_join(places->shim, PATH_MAX, "%s/build/gcov_shim.o",
			       order->root);
	places->cell = (struct cell){
		.enclosure = CELL_ENCLOSURE,
		.sandbox = order->sandbox, .processes = PROCESSES_MAX,
		.reads = { libraries[0].source, places->headers,
			   places->include, places->pch, places->shim },
	};
	for (size_t i = 0; rc == 0 && i < n; i++) {
		if (i == CELL_WRITES)
			return -E2BIG;
		places->cell.writes[i] = libraries[i].objects;
		rc = sandbox_give(order->sandbox, libraries[i].objects);
	}
	return rc;
}

/* The number in the file that tells how a library's commands ended; -1 when they
 * did not come to their end. */
static int read_status(const struct library *library)
{
	char path[PATH_MAX], *text;
	size_t size;
	if (path_join(path, sizeof(path), "%s/status", library->objects) < 0 ||
	    read_file(path, OUTPUT_KEPT, &text, &size) < 0)
		return -1;
	int status = size ? (int)strtol(text, NULL, 10) : -1;
	free(text);
	return status;
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

/* What it comes to that a library could not be built. A tool that is killed had
 * no memory left, for its limit of time speaks by SIGXCPU first; one that left no
 * status was late. */
static enum outcome why_failed(int status, const char *said)
{
	static const struct {
		const char *words;
		enum outcome outcome;
	} rows[] = {
		{ "CPU time limit exceeded", OUTCOME_TIMEOUT },
		{ "File size limit exceeded", OUTCOME_OUTPUT_LIMIT },
		{ "File too large", OUTCOME_OUTPUT_LIMIT },
		{ "out of memory", OUTCOME_MEMORY_LIMIT },
		{ "memory exhausted", OUTCOME_MEMORY_LIMIT },
		{ "Cannot allocate memory", OUTCOME_MEMORY_LIMIT },
		{ "Killed signal", OUTCOME_MEMORY_LIMIT },
		/* Variables of more than 2 GiB are out of reach of the code. */
		{ "relocation truncated to fit", OUTCOME_MEMORY_LIMIT },
		{ "GOTPCREL relocation", OUTCOME_MEMORY_LIMIT },
	};
	if (status < 0)
		return OUTCOME_TIMEOUT;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (tool_says(said, rows[i].words))
			return rows[i].outcome;
	return OUTCOME_COMPILE_ERROR;
}

/* Takes over what the commands of a library said, and whether they failed. */
static int take_result(struct library *library)
{
	char path[PATH_MAX];
	size_t size;
	int status = read_status(library);
	if (status == PROCESS_NOT_STARTED)
		return -ENOENT;
	library->failed = status != 0;
	if (!library->failed)
		return 0;
	int rc = path_join(path, sizeof(path), "%s/said", library->objects);
	if (rc == 0)
		rc = read_start(path, OUTPUT_KEPT, &library->diagnostics, &size);
	if (rc == -ENOENT)
		library->diagnostics = strdup("");
	if (!library->diagnostics)
		return rc < 0 ? rc : -ENOMEM;
	library->why = why_failed(status, library->diagnostics);
	return 0;
}

/* Starts the script over all libraries. */
static int start_script(const struct order *order, const char *script,
			const struct library libraries[], size_t n,
			struct process *ret_process)
{
	static const char *const env[] = { "LC_ALL=C", NULL };
	const char *const argv[] = { "sh", "-c", script, NULL };
	struct places places;
	int rc = order->sandbox ? fill_places(order, libraries, n, &places) : 0;
	struct program program = {
		.argv = argv, .env = env, .dir = libraries[0].source,
		.limits = { .cpu_seconds = COMPILE_MS / 1000,
			    .memory_bytes = 1UL << 30,
			    .file_bytes = COMPILED_MAX },
		.deadline_ms = order->sandbox ? BUSY * COMPILE_MS : OWN_MS,
		.output_max = OUTPUT_KEPT,
		.enclosure = order->sandbox ? &places.cell.enclosure : NULL,
	};
	return rc < 0 ? rc : process_start(&program, ret_process);
}

/* Writes the script and starts it. */
static int start_all(const struct order *order, const struct library libraries[],
		     size_t n, struct process *ret_process)
{
	char *script = script_for(order, libraries, n);
	int rc = script ? start_script(order, script, libraries, n,
				       ret_process) : -ENOMEM;
	free(script);
	return rc;
}

/* Waits for the script: 0, -ENOENT when there is no shell, or another negative
 * errno. */
static int await_script(struct process *process)
{
	struct ended ended = { .status = 0 };
	int rc = process_wait(process, &ended);
	if (rc == 0 && WIFEXITED(ended.status) &&
	    WEXITSTATUS(ended.status) == PROCESS_NOT_STARTED)
		rc = -ENOENT;
	ended_release(&ended);
	return rc;
}

/* --- symbols --------------------------------------------------------------- */

/* Writes the file for objcopy: the calls, and the functions of the exercise
 * that its wrap.c stands before. */
static int write_symbols(const struct library *library,
			 const struct exercise *exercise)
{
	char path[PATH_MAX];
	int rc = path_join(path, sizeof(path), "%s/symbols", library->objects);
	FILE *out = rc < 0 ? NULL : fopen(path, "we");
	if (!out)
		return rc < 0 ? rc : -errno;
	for (int i = 0; i < CALL_COUNT; i++)
		if (!calls[i].pretend)
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

/* Whether wrap.c stands before NAME. */
static bool wrapped(const struct exercise *exercise, const char *name)
{
	for (size_t i = 0; i < exercise->wrap.n; i++)
		if (strcmp(exercise->wrap.name[i], name) == 0)
			return true;
	return false;
}

/* Writes the functions of the headers, as they are called in the library, with AFTER
 * behind each. */
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
	*ret_building = (struct building){ libraries, n, PROCESS_NONE };
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
	int rc = building->n ? await_script(&building->process) : 0;
	for (size_t i = 0; rc == 0 && i < building->n; i++)
		rc = take_result(&building->libraries[i]);
	return rc;
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
	struct program program = { .argv = argv, .dir = folder,
				   .deadline_ms = COMPILE_MS,
				   .output_max = OUTPUT_KEPT };
	rc = process_run(&program, &ended);
	if (rc == 0 && !ended_well(&ended))
		rc = -ENOENT;
	if (rc == 0)
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
