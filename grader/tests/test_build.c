/* test_build.c - what becomes of C files on their way to a library: calls are
 * redirected, names hidden, errors told. */
#include <errno.h>
#include <sys/wait.h>
#include "base/process_pool.h"
#include "base/path.h"
#include "suite.h"
#include "build/build.h"
#include "build/tool_parts.h"
#include "oracle/session.h"

/* The exercise that the libraries belong to: planted's driver calls it. */
static struct exercise exercise = {
	.id = "planted",
	.subject = { { "code.c" }, 1 },
	.exports = { { "copy_line" }, 1 },
};

static const struct names both = { { "code.c", "more.c", "code.h" }, 3 };

/* Describes a library of PART, NAME.so, from FILES in the test's folder. */
static struct library describe(enum part part, const struct names *files,
			       const char *name)
{
	struct library library = { .part = part, .files = files };
	strcpy(library.source, own_folder);
	ck_assert_int_eq(path_join(library.objects, PATH_MAX, "%s/%s.o.d",
				   own_folder, name), 0);
	ck_assert_int_eq(path_join(library.path, PATH_MAX, "%s/%s.so",
				   own_folder, name), 0);
	ck_assert_int_eq(make_folders(library.objects), 0);
	return library;
}

static int build_one(struct library *library)
{
	return build_libraries(workbook(), &exercise, NULL, library, 1);
}

/* Builds one library that must compile. */
static void build_well(struct library *library)
{
	ck_assert_int_eq(build_one(library), 0);
	ck_assert_msg(!library->failed, "%s", library->diagnostics);
	ck_assert_int_eq(access(library->path, R_OK), 0);
	libraries_release(library, 1);
}

/* Builds SOURCE alone as the subject; the path of its library. */
static const char *build_source(const char *source)
{
	static struct library library;
	own_file("code.c", source);
	library = describe(PART_SUBJECT, &exercise.subject, "subject");
	build_well(&library);
	return library.path;
}

/* What nm says of the file at PATH; the caller frees it. */
static char *symbols_of(const char *path, const char *option)
{
	const char *const argv[] = { "nm", option, path, NULL };
	struct program program = { .argv = argv, .output_max = 1 << 20 };
	struct ended ended;
	ck_assert_int_eq(process_run(&program, &ended), 0);
	ck_assert_msg(ended_well(&ended), "%s", ended.err);
	char *text = ended.out;
	ended.out = NULL;
	ended_release(&ended);
	return text;
}

/* What the object of SOURCE calls, as built for the subject; the caller frees
 * it. The library itself would show what gcov calls as well. */
static char *calls_of(const char *source)
{
	build_source(source);
	return symbols_of(own("subject.o.d/sealed.object"), "-u");
}

/* Whether a line of TEXT ends in ENDING: " T copy_line". */
static bool has(const char *text, const char *ending)
{
	size_t n = strlen(ending);
	for (const char *at = text; (at = strstr(at, ending)); at += n)
		if (at[n] == '\n' || at[n] == '@')
			return true;
	return false;
}

START_TEST(resource_calls_are_redirected_and_others_are_not)
{
	char *text = calls_of(
		"#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n"
		"int copy_line(const char *a, const char *b)\n{\n"
		"\tFILE *f = fopen(a, \"w\");\n"
		"\tchar *c = malloc(strlen(b) + 1);\n"
		"\tfree(c);\n"
		"\treturn f ? fclose(f) : 0;\n}\n");
	ck_assert(has(text, " U brakes_fopen"));
	ck_assert(has(text, " U brakes_fclose"));
	ck_assert(has(text, " U brakes_malloc") && has(text, " U brakes_free"));
	ck_assert(!has(text, " U malloc") && !has(text, " U fopen"));
	ck_assert(has(text, " U strlen"));
	free(text);
}
END_TEST

START_TEST(other_names_of_a_call_are_redirected_too)
{
	char *text = calls_of(
		"#define _FILE_OFFSET_BITS 64\n"
		"#define _GNU_SOURCE\n"
		"#include <fcntl.h>\n#include <unistd.h>\n"
		"int copy_line(const char *a, const char *b)\n{\n"
		"\t(void)b;\n"
		"\treturn open64(a, O_RDONLY) + fdatasync(0);\n}\n");
	ck_assert(has(text, " U brakes_open64"));
	ck_assert(has(text, " U brakes_fdatasync"));
	ck_assert(!has(text, " U open64") && !has(text, " U fdatasync"));
	free(text);
}
END_TEST

START_TEST(a_call_stays_the_one_that_was_written)
{
	char *text = calls_of(
		"#include <stdio.h>\n"
		"int copy_line(const char *a, const char *b)\n{\n"
		"\tprintf(\"line\\n\");\n"
		"\treturn fprintf(stderr, \"text\") + (a == b);\n}\n");
	ck_assert(has(text, " U printf") && has(text, " U brakes_fprintf"));
	ck_assert(!has(text, " U puts") && !has(text, " U brakes_fwrite"));
	free(text);
}
END_TEST

START_TEST(only_the_functions_of_the_headers_are_exported)
{
	char *text = symbols_of(build_source(
		"int shared = 1;\n"
		"int helper(int n) { return n; }\n"
		"int strcmp(const char *a, const char *b)\n"
		"{\n\treturn *a + *b;\n}\n"
		"int main(void) { return 1; }\n"
		"int copy_line(const char *a, const char *b)\n{\n"
		"\treturn helper(shared) + strcmp(a, b);\n}\n"), "-D");
	ck_assert(has(text, " T copy_line"));
	ck_assert(has(text, " T brakes_coverage_dump"));
	ck_assert(!has(text, " helper") && !strstr(text, " strcmp"));
	ck_assert(!strstr(text, " main") && !strstr(text, " shared"));
	free(text);
}
END_TEST

/* Asks the library at SUBJECT for copy_line: what it returned. */
static long ask_library(const char *subject)
{
	char runner[PATH_MAX], driver[PATH_MAX], scratch[PATH_MAX];
	static struct session session;
	strcpy(scratch, own("scratch"));
	path_join(runner, PATH_MAX, "%s/build/scenario_runner", workbook());
	path_join(driver, PATH_MAX, "%s/build/tests/planted/driver.so",
		  workbook());
	const char *const argv[] = { runner, subject, "-", "-", driver, NULL };
	const char *const arguments[] = { "a", "b" };
	struct session_plan plan = { .argv = argv, .scratch = scratch };
	struct plan plain = { .mode = FAULT_NONE };
	ck_assert_int_eq(session_open(&plan, &session), 0);
	ck_assert_int_eq(session_begin(&session, plain, CHANGE_NONE, 0), 0);
	struct answer answer = session_ask(&session, "copy_line", arguments, 2);
	session_end(&session);
	ck_assert_int_eq(session.run.ending, ENDING_ORDERLY);
	session_close(&session);
	ck_assert(answer.came);
	return answer.value;
}

START_TEST(a_helper_named_strcmp_and_an_own_main_are_harmless)
{
	ck_assert_int_eq(ask_library(build_source(
		"int strcmp(const char *a, const char *b)\n"
		"{\n\treturn a == b ? 1 : 42;\n}\n"
		"int main(void) { return strcmp(\"\", 0); }\n"
		"int copy_line(const char *a, const char *b)\n"
		"{\n\treturn strcmp(a, b);\n}\n")), 42);
}
END_TEST

START_TEST(names_of_the_graders_own_do_not_meet_the_learners)
{
	ck_assert_int_eq(ask_library(build_source(
		"int injection_begin(void) { return 1; }\n"
		"int load_library(void) { return 2; }\n"
		"int driver_commands = 4;\n"
		"int copy_line(const char *a, const char *b)\n{\n"
		"\treturn injection_begin() + load_library() + driver_commands +\n"
		"\t       (a == b);\n}\n")), 7);
}
END_TEST

START_TEST(a_file_that_does_not_compile_is_told_with_its_place)
{
	own_file("code.c", "int copy_line(void)\n{\n\treturn oops;\n}\n");
	struct library library = describe(PART_SUBJECT, &exercise.subject, "s");
	ck_assert_int_eq(build_one(&library), 0);
	ck_assert(library.failed);
	ck_assert_ptr_nonnull(library.diagnostics);
	ck_assert_msg(strstr(library.diagnostics, "code.c:3:") != NULL, "%s",
		      library.diagnostics);
	ck_assert_ptr_nonnull(strstr(library.diagnostics, "error:"));
	ck_assert_int_ne(access(library.path, F_OK), 0);
	libraries_release(&library, 1);
	ck_assert_ptr_null(library.diagnostics);
}
END_TEST

/* What it comes to that a library of SOURCE cannot be built. */
static enum outcome outcome_of(const char *source)
{
	own_file("code.c", source);
	struct library library = describe(PART_SUBJECT, &exercise.subject, "s");
	ck_assert_int_eq(build_one(&library), 0);
	ck_assert(library.failed);
	enum outcome why = library.why;
	libraries_release(&library, 1);
	return why;
}

START_TEST(what_it_comes_to_is_told_by_the_tools_alone)
{
	ck_assert_int_eq(outcome_of("#error out of memory\n"),
			 OUTCOME_COMPILE_ERROR);
	ck_assert_int_eq(outcome_of("__asm__(\".data\\n"
				    ".fill 0x70000000, 1, 1\");\n"),
			 OUTCOME_OUTPUT_LIMIT);
	/* One is out of reach of the code: that is 2 GiB on x86-64, 4 on AArch64. */
	ck_assert_int_eq(outcome_of("static char a[1UL << 33], b[1UL << 33];\n"
				    "char *all(void) { return a < b ? a : b; }\n"),
			 OUTCOME_MEMORY_LIMIT);
}
END_TEST

START_TEST(any_number_of_warnings_is_no_failure)
{
	enum { WARNINGS = 3000 };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	for (int i = 0; i < WARNINGS; i++)
		fprintf(out, "char warned_of_%d = 1000;\n", i);
	fclose(out);
	build_source(text);
	free(text);
}
END_TEST

START_TEST(a_library_that_fails_keeps_no_other_from_being_built)
{
	static const struct names tests = { { "more.c" }, 1 };
	own_file("code.c", "int copy_line(void) { return oops; }\n");
	own_file("more.c", "void learner_tests(void *t) { (void)t; }\n");
	struct library libraries[] = {
		describe(PART_SUBJECT, &exercise.subject, "subject"),
		describe(PART_TESTS, &tests, "tests"),
	};
	ck_assert_int_eq(build_libraries(workbook(), &exercise, NULL,
					 libraries, 2),
			 0);
	ck_assert(libraries[0].failed);
	ck_assert_msg(!libraries[1].failed, "%s", libraries[1].diagnostics);
	ck_assert_int_eq(access(libraries[1].path, R_OK), 0);
	libraries_release(libraries, 2);
}
END_TEST

START_TEST(a_file_that_is_missing_is_a_failure_of_its_library)
{
	struct library library = describe(PART_SUBJECT, &exercise.subject, "s");
	ck_assert_int_eq(build_one(&library), 0);
	ck_assert(library.failed);
	ck_assert_ptr_nonnull(library.diagnostics);
	libraries_release(&library, 1);
}
END_TEST

START_TEST(two_files_that_define_the_same_do_not_link)
{
	own_file("code.c", "int twice(void) { return 1; }\n");
	own_file("more.c", "int twice(void) { return 2; }\n");
	struct library library = describe(PART_SUBJECT, &both, "s");
	ck_assert_int_eq(build_one(&library), 0);
	ck_assert(library.failed);
	ck_assert_msg(strstr(library.diagnostics, "twice") != NULL, "%s",
		      library.diagnostics);
	libraries_release(&library, 1);
}
END_TEST

START_TEST(files_of_a_library_call_each_other_and_headers_are_not_compiled)
{
	own_file("code.h", "#error compiled by itself\n");
	own_file("code.c", "int more(void);\n"
		 "int copy_line(const char *a, const char *b)\n"
		 "{\n\treturn more() + (a == b);\n}\n");
	own_file("more.c", "int more(void) { return 5; }\n");
	struct library library = describe(PART_SUBJECT, &both, "subject");
	build_well(&library);
	ck_assert_int_eq(ask_library(library.path), 5);
}
END_TEST

START_TEST(tests_of_the_learner_are_not_redirected_and_export_one_function)
{
	static const struct names tests = { { "test_code.c" }, 1 };
	own_file("test_code.c",
		 "#include <check.h>\n#include <stdlib.h>\n"
		 "#include \"brakes.h\"\n"
		 "START_TEST(one) { free(malloc(1)); }\nEND_TEST\n"
		 "void learner_tests(TCase *tests)\n"
		 "{\n\ttcase_add_test(tests, one);\n}\n");
	struct library library = describe(PART_TESTS, &tests, "tests");
	build_well(&library);
	char *text = symbols_of(library.path, "-D");
	ck_assert(has(text, " T learner_tests"));
	ck_assert(has(text, " U malloc") && !strstr(text, "brakes_malloc"));
	ck_assert(!strstr(text, "copy_line"));
	free(text);
}
END_TEST

START_TEST(a_function_behind_a_wrapper_is_exported_by_another_name)
{
	exercise.wrap = (struct names){ { "copy_line" }, 1 };
	char *text = symbols_of(build_source(
		"int copy_line(const char *a, const char *b)\n"
		"{\n\treturn a == b;\n}\n"), "-D");
	ck_assert(has(text, " T wrapped_copy_line"));
	ck_assert(!has(text, " T copy_line"));
	free(text);
}
END_TEST

/* Builds SOURCE in the folder NAME of the test's, and its objects in there too. */
static struct library build_in(const char *name, const char *source)
{
	struct library library = { .part = PART_SUBJECT, .files = &exercise.subject };
	ck_assert_int_eq(path_join(library.source, PATH_MAX, "%s/%s", own_folder,
				   name), 0);
	ck_assert_int_eq(path_join(library.objects, PATH_MAX, "%s/o.d",
				   library.source), 0);
	ck_assert_int_eq(path_join(library.path, PATH_MAX, "%s/subject.so",
				   library.objects), 0);
	ck_assert_int_eq(make_folders(library.objects), 0);
	char file[PATH_MAX];
	ck_assert_int_eq(path_join(file, PATH_MAX, "%s/code.c", library.source), 0);
	ck_assert_int_eq(write_text(file, source), 0);
	return library;
}

START_TEST(no_character_of_a_path_means_anything_to_the_compilers)
{
	static const char *const folders[] = {
		"a,b", "a=b", "a b", "a'b", "a\"b", "a\\b", "a;b", "$(a)", "a%sb",
		"@a", "-a", "a\nb",
	};
	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		struct library library = build_in(folders[i],
			"const char *copy_line(void) { return __FILE__; }\n");
		build_well(&library);
		char *text;
		size_t size;
		ck_assert_int_eq(read_file(library.path, 1 << 20, &text, &size), 0);
		ck_assert_msg(memmem(text, size, "\0code.c\0", 8) != NULL,
			      "__FILE__ in %s", folders[i]);
		free(text);
	}
}
END_TEST

START_TEST(paths_may_be_long_and_libraries_many)
{
	enum { N = 24, PARTS = 6, ONE_ARGUMENT = 128 << 10 };
	static struct library libraries[N];
	char name[PARTS * 201 + 16], *at = name;
	size_t words = 0;
	for (int i = 0; i < PARTS; i++)
		at += sprintf(at, "%0200d/", i);
	for (int i = 0; i < N; i++) {
		sprintf(at, "%d", i);
		libraries[i] = build_in(name, "int copy_line(void) { return 0; }\n");
		words += 7 * strlen(libraries[i].objects);
	}
	/* As one argument of a program the commands would be too long. */
	ck_assert_uint_gt(words, ONE_ARGUMENT);
	ck_assert_int_eq(build_libraries(workbook(), &exercise, NULL, libraries, N),
			 0);
	for (int i = 0; i < N; i++)
		ck_assert_msg(!libraries[i].failed, "%s", libraries[i].diagnostics);
	libraries_release(libraries, N);
}
END_TEST

START_TEST(what_is_not_told_and_was_not_late_is_the_graders_affair)
{
	own_file("code.c", "int copy_line(void) { return 0; }\n");
	own_file("gcc", "#!/bin/sh\ncase $* in *-c*) kill -9 $PPID ;; esac\n");
	ck_assert_int_eq(chmod(own("gcc"), 0700), 0);
	struct library library = describe(PART_SUBJECT, &exercise.subject, "s");
	char path[PATH_MAX];
	ck_assert_int_eq(path_join(path, PATH_MAX, "%s:%s", own_folder,
				   getenv("PATH")), 0);
	ck_assert_int_eq(setenv("PATH", path, 1), 0);
	ck_assert_int_eq(build_one(&library), -EIO);
	ck_assert(!library.failed);
	libraries_release(&library, 1);
}
END_TEST

START_TEST(a_compiler_that_is_killed_has_had_no_memory)
{
	own_file("code.c", "int copy_line(void) { return 0; }\n");
	own_file("gcc", "#!/bin/sh\nkill -9 $$\n");
	ck_assert_int_eq(chmod(own("gcc"), 0700), 0);
	struct library library = describe(PART_SUBJECT, &exercise.subject, "s");
	ck_assert_int_eq(setenv("PATH", own_folder, 1), 0);
	ck_assert_int_eq(build_one(&library), 0);
	ck_assert(library.failed);
	ck_assert_int_eq(library.why, OUTCOME_MEMORY_LIMIT);
	libraries_release(&library, 1);
}
END_TEST

START_TEST(a_compiler_elsewhere_is_asked_where_its_parts_are)
{
	struct tool_parts parts;
	char script[2 * PATH_MAX], part[PATH_MAX], path[PATH_MAX];
	ck_assert_int_eq(compiler_parts_find(&parts), 0);
	ck_assert_ptr_null(parts.folder[0]);
	tool_parts_release(&parts);

	ck_assert_int_eq(make_folders(own("gcc/lib/parts")), 0);
	ck_assert_int_eq(make_folders(own("gcc/bin")), 0);
	ck_assert_ptr_nonnull(realpath(own("gcc/lib/parts"), part));
	snprintf(script, sizeof(script), "#!/bin/sh\n"
		 "echo 'COMPILER_PATH=%s/../parts/:/usr/lib/gcc/:/nowhere/' >&2\n",
		 part);
	ck_assert_int_eq(chmod(own_file("gcc/bin/gcc", script), 0755), 0);
	ck_assert_int_eq(path_join(path, PATH_MAX, "%s:%s", own("gcc/bin"),
				   getenv("PATH")), 0);
	ck_assert_int_eq(setenv("PATH", path, 1), 0);
	ck_assert_int_eq(compiler_parts_find(&parts), 0);
	ck_assert_uint_eq(parts.n, 1);
	ck_assert_str_eq(parts.folder[0], part);
	ck_assert_ptr_null(parts.folder[1]);
	tool_parts_release(&parts);
}
END_TEST

START_TEST(a_missing_compiler_is_the_graders_affair)
{
	own_file("code.c", "int copy_line(void) { return 0; }\n");
	struct library library = describe(PART_SUBJECT, &exercise.subject, "s");
	ck_assert_int_eq(setenv("PATH", own("none"), 1), 0);
	ck_assert_int_eq(build_one(&library), -ENOENT);
	libraries_release(&library, 1);
}
END_TEST

START_TEST(a_missing_objcopy_is_the_graders_affair_too)
{
	own_file("code.c", "int copy_line(void) { return 0; }\n");
	own_file("gcc", "#!/bin/sh\nexec /usr/bin/env PATH=/usr/bin:/bin gcc "
		 "\"$@\"\n");
	ck_assert_int_eq(chmod(own("gcc"), 0700), 0);
	struct library library = describe(PART_SUBJECT, &exercise.subject, "s");
	ck_assert_int_eq(setenv("PATH", own_folder, 1), 0);
	ck_assert_int_eq(build_one(&library), -ENOENT);
	libraries_release(&library, 1);
}
END_TEST

START_TEST(programs_end_in_their_own_places_however_many_run_at_a_time)
{
	enum { N = 9 };
	char script[N][32];
	const char *argv[N][4];
	struct program programs[N];
	for (int i = 0; i < N; i++) {
		snprintf(script[i], sizeof(script[i]), "echo %d; exit %d", i,
			 i);
		argv[i][0] = "sh";
		argv[i][1] = "-c";
		argv[i][2] = script[i];
		argv[i][3] = NULL;
		programs[i] = (struct program){ .argv = argv[i],
						.output_max = 100 };
	}
	for (size_t jobs = 1; jobs <= N; jobs += 4) {
		struct ended ended[N];
		ck_assert_int_eq(run_programs(programs, N, jobs, ended), 0);
		for (int i = 0; i < N; i++) {
			ck_assert_int_eq(atoi(ended[i].out), i);
			ck_assert_int_eq(WEXITSTATUS(ended[i].status), i);
			ended_release(&ended[i]);
		}
	}
	ck_assert_int_eq(run_programs(NULL, 0, 1, NULL), 0);
	ck_assert_uint_ge(jobs_here(), 1);
}
END_TEST

TEST_PROGRAM("build",
	     resource_calls_are_redirected_and_others_are_not,
	     other_names_of_a_call_are_redirected_too,
	     a_call_stays_the_one_that_was_written,
	     only_the_functions_of_the_headers_are_exported,
	     a_helper_named_strcmp_and_an_own_main_are_harmless,
	     names_of_the_graders_own_do_not_meet_the_learners,
	     a_file_that_does_not_compile_is_told_with_its_place,
	     what_it_comes_to_is_told_by_the_tools_alone,
	     any_number_of_warnings_is_no_failure,
	     a_library_that_fails_keeps_no_other_from_being_built,
	     a_file_that_is_missing_is_a_failure_of_its_library,
	     two_files_that_define_the_same_do_not_link,
	     files_of_a_library_call_each_other_and_headers_are_not_compiled,
	     tests_of_the_learner_are_not_redirected_and_export_one_function,
	     a_function_behind_a_wrapper_is_exported_by_another_name,
	     no_character_of_a_path_means_anything_to_the_compilers,
	     paths_may_be_long_and_libraries_many,
	     what_is_not_told_and_was_not_late_is_the_graders_affair,
	     a_compiler_that_is_killed_has_had_no_memory,
	     a_compiler_elsewhere_is_asked_where_its_parts_are,
	     a_missing_compiler_is_the_graders_affair,
	     a_missing_objcopy_is_the_graders_affair_too,
	     programs_end_in_their_own_places_however_many_run_at_a_time)
