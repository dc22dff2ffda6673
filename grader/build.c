/* build.c - see build.h.
 *
 * Flags: -fno-builtin, or gcc turns one call into another that nobody wrote;
 * -O0 keeps every call and its line; trace-pc tells where the code goes on
 * after a fault; --coverage, of the subject alone, serves gcovr.
 */
#include "build.h"
#include "folder.h"
#include "ledger.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	OUTPUT_KEPT = 64 << 10,
	ARGUMENTS_MAX = 32,
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

size_t jobs_here(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);
	return n < 1 ? 1 : n > 8 ? 8 : (size_t)n;
}

int run_programs(const struct program programs[], size_t n, size_t jobs,
		 struct ended ended[])
{
	struct process *running = calloc(n + 1, sizeof(*running));
	size_t started = 0, finished = 0;
	int rc = running ? 0 : -ENOMEM;
	while (rc == 0 && finished < n) {
		bool start = started < n && started - finished < jobs;
		rc = start ? spawn_start(&programs[started], &running[started])
			   : spawn_wait(&running[finished], &ended[finished]);
		if (rc == 0)
			start ? started++ : finished++;
	}
	for (size_t i = finished; rc < 0 && i < started; i++)
		spawn_end(&running[i]);
	for (size_t i = 0; rc < 0 && i < finished; i++)
		ended_release(&ended[i]);
	free(running);
	return rc;
}

/* --- command lines --------------------------------------------------------- */

/* One program to be run for one library. Owns the texts it made. */
struct task {
	struct library *library;
	const char *argv[ARGUMENTS_MAX + 2 * LIST_MAX];
	size_t n;
	char *made[4 + 2 * LIST_MAX];
	size_t n_made;
};

/* The tasks of one phase. */
struct tasks {
	struct task *task;
	size_t n;
};

static void add(struct task *task, const char *argument)
{
	task->argv[task->n++] = argument;
}

static void add_flags(struct task *task, const char *const flags[])
{
	while (*flags)
		add(task, *flags++);
}

/* Adds an argument made of a format; false when memory is out. */
__attribute__((format(printf, 2, 3)))
static bool add_made(struct task *task, const char *format, ...)
{
	char *text = NULL;
	va_list args;
	va_start(args, format);
	int n = vasprintf(&text, format, args);
	va_end(args);
	if (n < 0)
		return false;
	task->made[task->n_made++] = text;
	add(task, text);
	return true;
}

static void tasks_release(struct tasks *tasks)
{
	for (size_t i = 0; i < tasks->n; i++)
		for (size_t j = 0; j < tasks->task[i].n_made; j++)
			free(tasks->task[i].made[j]);
	free(tasks->task);
	*tasks = (struct tasks){ 0 };
}

/* The length of NAME without ".c", 0 when it is no C file. */
static size_t stem(const char *name)
{
	size_t n = strlen(name);
	return n > 2 && strcmp(name + n - 2, ".c") == 0 ? n - 2 : 0;
}

/* What each phase is given. */
struct phase {
	const char *root;
	const struct exercise *exercise;
	const char *symbols;		/* the file for objcopy */
};

/* gcc -c for one file. */
static bool compile_task(const struct phase *phase, struct task *task,
			 const char *file)
{
	const struct library *library = task->library;
	add(task, "gcc");
	add_flags(task, library->part == PART_TESTS ? tests_flags : code_flags);
	if (library->part == PART_SUBJECT)
		add(task, "--coverage");
	add(task, "-iquote");
	bool made = add_made(task, "%s/exercises/%s", phase->root,
			     phase->exercise->id);
	add(task, "-I");
	made = made && add_made(task, "%s/build/pch", phase->root);
	add(task, "-I");
	made = made && add_made(task, "%s/grader/include", phase->root);
	/* __FILE__ is what the learner calls the file, in every run. */
	made = made && add_made(task, "-fmacro-prefix-map=%s/=",
				library->source);
	add(task, "-c");
	made = made && add_made(task, "%s/%s", library->source, file);
	add(task, "-o");
	return made && add_made(task, "%s/%.*s.o", library->objects,
				(int)stem(file), file);
}

/* objcopy for one object: renames its resource calls. */
static bool redirect_task(const struct phase *phase, struct task *task,
			  const char *file)
{
	add(task, "objcopy");
	add(task, "--redefine-syms");
	add(task, phase->symbols);
	return add_made(task, "%s/%.*s.o", task->library->objects,
			(int)stem(file), file);
}

/* gcc -shared for one library. */
static bool link_task(const struct phase *phase, struct task *task)
{
	const struct library *library = task->library;
	bool made = true;
	add(task, "gcc");
	add(task, "-shared");
	add(task, "-o");
	add(task, library->path);
	for (size_t i = 0; i < library->files->n; i++)
		if (stem(library->files->name[i]))
			made = made && add_made(task, "%s/%.*s.o",
				library->objects,
				(int)stem(library->files->name[i]),
				library->files->name[i]);
	made = made && add_made(task, "-Wl,--version-script=%s/exports",
				library->objects);
	if (library->part == PART_TESTS) {
		add(task, "-Wl,--wrap=_tcase_add_test");
	} else {
		made = made && add_made(task, "%s/build/shim.o", phase->root);
		add(task, "--coverage");
	}
	/* Tests may call these too, and a correct version may call none. */
	for (size_t i = 0; i < phase->exercise->libraries.n; i++)
		made = made && add_made(task, "-l%s",
			phase->exercise->libraries.name[i]);
	return made;
}

/* --- phases ---------------------------------------------------------------- */

/* Whether a line that one of the tools begins, and not a file of the learner's,
 * holds WORDS. */
static bool tool_says(const char *said, const char *words)
{
	static const char *const tools[] = {
		"gcc: ", "cc1: ", "as: ", "{standard input}: ", "collect2: ",
		"/usr/bin/ld: ", "(.text+", "objcopy: ",
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

/* What it comes to that a program did not end well. A tool that is killed, when
 * its limit of time is beyond our deadline, had no memory left. */
static enum outcome why_failed(const struct ended *ended)
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
	if (ended->timed_out)
		return OUTCOME_TIMEOUT;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (tool_says(ended->err, rows[i].words))
			return rows[i].outcome;
	return OUTCOME_COMPILE_ERROR;
}

/* Takes over what a program of a library said, and whether it failed. */
static int take_result(struct library *library, struct ended *ended)
{
	if (WIFEXITED(ended->status) &&
	    WEXITSTATUS(ended->status) == SPAWN_NOT_STARTED)
		return -ENOENT;
	if (ended_well(ended) || library->failed)
		return 0;
	library->failed = true;
	library->why = why_failed(ended);
	library->diagnostics = ended->err;
	ended->err = NULL;
	return 0;
}

static int run_tasks(const struct tasks *tasks)
{
	static const char *const env[] = { "LC_ALL=C", NULL };
	struct program *programs = calloc(tasks->n + 1, sizeof(*programs));
	struct ended *ended = calloc(tasks->n + 1, sizeof(*ended));
	for (size_t i = 0; programs && i < tasks->n; i++)
		programs[i] = (struct program){
			.argv = tasks->task[i].argv, .env = env,
			.dir = tasks->task[i].library->source,
			.limits = { .cpu_seconds = COMPILE_MS / 1000 + 1,
				    .memory_bytes = 2UL << 30,
				    .file_bytes = COMPILED_MAX },
			.deadline_ms = COMPILE_MS, .output_max = OUTPUT_KEPT,
			.cut_output = true };
	int rc = programs && ended ? run_programs(programs, tasks->n,
						  jobs_here(), ended) : -ENOMEM;
	for (size_t i = 0; rc == 0 && i < tasks->n; i++) {
		int one = take_result(tasks->task[i].library, &ended[i]);
		rc = rc ? rc : one;
	}
	for (size_t i = 0; ended && i < tasks->n; i++)
		ended_release(&ended[i]);
	free(programs);
	free(ended);
	return rc;
}

typedef bool file_task(const struct phase *phase, struct task *task,
		       const char *file);

/* Makes one task for each C file of each library that has not failed. */
static bool make_file_tasks(const struct phase *phase, file_task *make,
			    struct library libraries[], size_t n,
			    struct tasks *tasks)
{
	bool made = true;
	for (size_t i = 0; i < n; i++) {
		const struct names *files = libraries[i].files;
		bool skip = libraries[i].failed || (make == redirect_task &&
			    libraries[i].part == PART_TESTS);
		for (size_t j = 0; !skip && j < files->n; j++) {
			if (!stem(files->name[j]))
				continue;
			struct task *task = &tasks->task[tasks->n++];
			task->library = &libraries[i];
			made = made && make(phase, task, files->name[j]);
		}
	}
	return made;
}

/* Makes one task for each library that has not failed. */
static bool make_link_tasks(const struct phase *phase,
			    struct library libraries[], size_t n,
			    struct tasks *tasks)
{
	bool made = true;
	for (size_t i = 0; i < n; i++) {
		if (libraries[i].failed)
			continue;
		struct task *task = &tasks->task[tasks->n++];
		task->library = &libraries[i];
		made = made && link_task(phase, task);
	}
	return made;
}

/* Runs one phase over all libraries; MAKE is NULL for linking. */
static int run_phase(const struct phase *phase, file_task *make,
		     struct library libraries[], size_t n)
{
	struct tasks tasks = { calloc(n * LIST_MAX + 1, sizeof(struct task)), 0 };
	if (!tasks.task)
		return -ENOMEM;
	bool made = make ? make_file_tasks(phase, make, libraries, n, &tasks)
			 : make_link_tasks(phase, libraries, n, &tasks);
	int rc = made ? run_tasks(&tasks) : -ENOMEM;
	tasks_release(&tasks);
	return rc;
}

/* --- symbols --------------------------------------------------------------- */

/* Writes the file for objcopy: the calls, and the functions of the exercise
 * that its wrap.c stands before. */
static int write_symbols(const char *path, const struct exercise *exercise)
{
	FILE *out = fopen(path, "we");
	if (!out)
		return -errno;
	for (int i = 0; i < CALL_COUNT; i++)
		if (!calls[i].pretend)
			fprintf(out, "%s brakes_%s\n", calls[i].name,
				calls[i].name);
	for (const struct call_alias *a = call_aliases; a->other; a++)
		fprintf(out, "%s brakes_%s\n", a->other, a->other);
	for (size_t i = 0; i < exercise->wrap.n; i++)
		fprintf(out, "%s wrapped_%s\n", exercise->wrap.name[i],
			exercise->wrap.name[i]);
	int rc = ferror(out) ? -EIO : 0;
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

/* Writes the version script: everything but the headers' functions is local,
 * so that a helper or a main of the learner's, whatever its name, is harmless. */
static int write_exports(const struct library *library,
			 const struct exercise *exercise)
{
	char path[PATH_MAX];
	int rc = path_join(path, sizeof(path), "%s/exports", library->objects);
	FILE *out = rc < 0 ? NULL : fopen(path, "we");
	if (!out)
		return rc < 0 ? rc : -errno;
	fputs("{ global: ", out);
	for (size_t i = 0; library->part != PART_TESTS &&
	     i < exercise->exports.n; i++)
		fprintf(out, "%s%s; ", wrapped(exercise,
			exercise->exports.name[i]) ? "wrapped_" : "",
			exercise->exports.name[i]);
	fputs(library->part == PART_TESTS ? "learner_tests; " :
	      "brakes_coverage_dump; ", out);
	fputs("local: *; };\n", out);
	rc = ferror(out) ? -EIO : 0;
	return fclose(out) != 0 && rc == 0 ? -errno : rc;
}

int build_libraries(const char *root, const struct exercise *exercise,
		    struct library libraries[], size_t n)
{
	char symbols[PATH_MAX];
	struct phase phase = { root, exercise, symbols };
	int rc = n == 0 ? 0 : path_join(symbols, sizeof(symbols), "%s/symbols",
					libraries[0].objects);
	if (rc == 0 && n > 0)
		rc = write_symbols(symbols, exercise);
	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = write_exports(&libraries[i], exercise);
	file_task *const phases[] = { compile_task, redirect_task, NULL };
	for (int i = 0; rc == 0 && i < 3; i++)
		rc = run_phase(&phase, phases[i], libraries, n);
	return rc;
}

int build_header(const char *root)
{
	char folder[PATH_MAX], header[PATH_MAX];
	struct task task = { 0 };
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
	add(&task, "gcc");
	add_flags(&task, tests_flags);
	add(&task, "-xc-header");
	add(&task, "check.h");
	struct program program = { .argv = task.argv, .dir = folder,
				   .deadline_ms = COMPILE_MS,
				   .output_max = OUTPUT_KEPT };
	rc = spawn_run(&program, &ended);
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
