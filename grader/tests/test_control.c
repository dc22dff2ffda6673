/* test_control.c - a failure is the learner's only when our own solution does not fail in
 * the same way. */
#include <errno.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include "suite.h"
#include "base/path.h"
#include "base/process.h"
#include "base/shortage.h"
#include "catalog/catalog.h"
#include "grading/grade.h"
#include "verdict/verdict.h"

static const char id[] = "00_start";

/* What came of a grading. */
struct result {
	int rc;
	json_t *verdict;
	enum doubt doubt;
	char *why;
};

/* Puts a gcc before the real one: SCRIPT, then the real one. Each start of it adds a line
 * to the file "started". */
static void put_gcc(const char *script)
{
	char text[2048], path[PATH_MAX];
	const char *old = getenv("PATH");
	snprintf(text, sizeof(text), "#!/bin/sh\necho >>'%s'\n%s\nPATH='%s' exec gcc "
		 "\"$@\"\n", own("started"), script, old);
	ck_assert_int_eq(make_folders(own("bin")), 0);
	ck_assert_int_eq(chmod(own_file("bin/gcc", text), 0755), 0);
	ck_assert_int_eq(path_join(path, sizeof(path), "%s:%s", own("bin"), old), 0);
	ck_assert_int_eq(setenv("PATH", path, 1), 0);
}

/* How often the compiler was started. */
static size_t count_started(void)
{
	char *text;
	size_t size;
	ck_assert_int_eq(read_file(own("started"), 1 << 20, &text, &size), 0);
	free(text);
	return size;
}

/* Copies our solution into the test's folder, with the code FILE replaced by TEXT when
 * there is one. */
static void hand_in(const struct exercise *e, const char *file, const char *text)
{
	ck_assert_int_eq(make_folders(own(id)), 0);
	for (size_t i = 0; i < e->hand_in.n; i++) {
		char from[PATH_MAX], to[PATH_MAX];
		ck_assert_int_eq(path_join(from, PATH_MAX, "solutions/%s/%s", id,
					   e->hand_in.name[i]), 0);
		ck_assert_int_eq(path_join(to, PATH_MAX, "%s/%s", own(id),
					   e->hand_in.name[i]), 0);
		if (text && strcmp(file, e->hand_in.name[i]) == 0)
			ck_assert_int_eq(write_text(to, text), 0);
		else
			ck_assert_int_eq(copy_file(from, to, 1 << 20), 0);
	}
}

/* Grades our solution with the subject replaced by TEXT, NULL: as it is; SURELY: by
 * grade_exercise, else once. */
static struct result grade_text(const char *text, bool surely)
{
	struct catalog catalog;
	struct result result = { .doubt = DOUBT_NONE };
	ck_assert_int_eq(catalog_read(workbook(), &catalog, &result.why), 0);
	const struct exercise *e = catalog_find(&catalog, id);
	struct sandbox sandbox = { .sort = SANDBOX_LIMITS, .root = workbook() };
	struct grading grading = { .root = workbook(), .from = own_folder,
				   .sandbox = &sandbox, .seed = 1 };
	ck_assert_ptr_nonnull(e);
	hand_in(e, e->subject.name[0], text);
	adopt_orphans();
	result.rc = surely ?
		grade_exercise(&grading, e, &result.verdict, &result.why) :
		grade_once(&grading, e, &result.verdict, &result.doubt, &result.why);
	catalog_release(&catalog);
	return result;
}

static void result_release(struct result *result)
{
	json_decref(result->verdict);
	free(result->why);
}

/* The verdict has this outcome and, unless it is NULL, this status. */
static void expect(const struct result *result, const char *outcome,
		   const char *status)
{
	ck_assert_msg(result->rc == 0, "%d %s", result->rc,
		      result->why ? result->why : "");
	ck_assert_str_eq(verdict_text(result->verdict, "outcome"), outcome);
	ck_assert_str_eq(verdict_text(result->verdict, "status"), status);
}

START_TEST(full_marks_leave_nothing_to_doubt)
{
	struct result once = grade_text(NULL, false);
	expect(&once, "judged", "pass");
	ck_assert_int_eq(once.doubt, DOUBT_NONE);
	result_release(&once);
}
END_TEST

START_TEST(an_error_in_a_line_of_the_learners_needs_no_control)
{
	put_gcc("");
	struct result once = grade_text("int broken(\n", false);
	expect(&once, "compile_error", "fail");
	ck_assert_int_eq(once.doubt, DOUBT_NONE);
	size_t started = count_started();
	struct result surely = grade_text("int broken(\n", true);
	expect(&surely, "compile_error", "fail");
	ck_assert_uint_eq(count_started(), 2 * started);
	result_release(&once);
	result_release(&surely);
}
END_TEST

START_TEST(a_compiler_that_fails_for_no_line_of_theirs_fails_nobody)
{
	put_gcc("case \" $* \" in *' -c '*)\n"
		"echo \"gcc: fatal error: cannot execute 'as': vfork\" >&2; exit 1\n"
		"esac");
	struct result once = grade_text(NULL, false);
	expect(&once, "compile_error", "fail");
	ck_assert_int_eq(once.doubt, DOUBT_TOOLS);
	struct result surely = grade_text(NULL, true);
	ck_assert_int_lt(surely.rc, 0);
	ck_assert_ptr_null(surely.verdict);
	ck_assert_ptr_nonnull(surely.why);
	ck_assert_msg(strstr(surely.why, "cannot execute 'as': vfork") != NULL, "%s",
		      surely.why);
	result_release(&once);
	result_release(&surely);
}
END_TEST

START_TEST(a_compiler_that_blames_a_line_by_a_fatal_error_is_doubted_too)
{
	put_gcc("case \" $* \" in *' -c '*)\n"
		"for f; do case $f in *.c) break ;; esac; done\n"
		"echo \"$f:1:1: fatal error: stdio.h: No such file\" >&2; exit 1\n"
		"esac");
	struct result surely = grade_text(NULL, true);
	ck_assert_int_lt(surely.rc, 0);
	ck_assert_msg(strstr(surely.why, "stdio.h: No such file") != NULL, "%s",
		      surely.why);
	result_release(&surely);
}
END_TEST

START_TEST(a_compiler_that_fails_once_costs_nothing)
{
	char script[512];
	snprintf(script, sizeof(script), "case \" $* \" in *' -c '*)\n"
		 "mkdir '%s' 2>/dev/null && "
		 "{ echo 'gcc: fatal error: Killed signal' >&2; exit 1; }\nesac",
		 own("failed"));
	put_gcc(script);
	struct result surely = grade_text(NULL, true);
	expect(&surely, "judged", "pass");
	ck_assert_int_eq(access(own("failed"), F_OK), 0);
	result_release(&surely);
}
END_TEST

START_TEST(code_that_crashes_where_our_solution_does_not_is_the_learners)
{
	struct result once = grade_text(
		"#include <stdlib.h>\n"
		"int note_save(const char *path, const char *text)\n"
		"{\n\t(void)path;\n\t(void)text;\n\tabort();\n}\n", false);
	ck_assert_int_eq(once.doubt, DOUBT_RUN);
	expect(&once, "crash", "fail");
	struct result surely = grade_text(
		"#include <stdlib.h>\n"
		"int note_save(const char *path, const char *text)\n"
		"{\n\t(void)path;\n\t(void)text;\n\tabort();\n}\n", true);
	expect(&surely, "crash", "fail");
	result_release(&once);
	result_release(&surely);
}
END_TEST

/* Sets the limit WHICH, hard and soft, and expects a refusal that names WORDS. */
static void expect_shortage(int which, rlim_t value, const char *words)
{
	struct rlimit limit = { value, value };
	ck_assert_int_eq(setrlimit(which, &limit), 0);
	char *why = shortage_find(NULL, ENOUGH_TO_START);
	ck_assert_ptr_nonnull(why);
	ck_assert_msg(strstr(why, words) != NULL, "%s", why);
	free(why);
}

START_TEST(a_limit_that_is_too_low_is_named_with_its_figure)
{
	static const struct { int which; rlim_t value; const char *words; } rows[] = {
		{ RLIMIT_NOFILE, 96, "(ulimit -n) is 96, and a grading needs 256" },
		{ RLIMIT_FSIZE, 1000 << 10, "(ulimit -f) is 1000 KiB" },
#ifndef __SANITIZE_ADDRESS__	/* which maps far more than this itself */
		{ RLIMIT_AS, 50000 << 10, "(ulimit -v) is 50000 KiB" },
		{ RLIMIT_DATA, 50000 << 10, "(ulimit -d) is 50000 KiB" },
#endif
		{ RLIMIT_STACK, 512 << 10, "(ulimit -s) is 512 KiB" },
		{ RLIMIT_CPU, 50, "(ulimit -t) is 50 seconds" },
		{ RLIMIT_NPROC, 5, "(ulimit -u) is 5, and a grading needs" },
	};
	const size_t n = sizeof(rows) / sizeof(*rows);
	for (size_t i = 0; i < n; i++) {
		int status;
		pid_t child = fork();
		ck_assert_int_ge(child, 0);
		if (child == 0)
			expect_shortage(rows[i].which, rows[i].value, rows[i].words);
		if (child == 0)
			_exit(0);
		ck_assert_int_eq(waitpid(child, &status, 0), child);
		ck_assert_msg(status == 0, "%s", rows[i].words);
	}
}
END_TEST

START_TEST(a_soft_limit_is_raised_and_costs_nothing)
{
	struct rlimit limit;
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	ck_assert_uint_ge(limit.rlim_max, 256);
	limit.rlim_cur = 32;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	char *why = shortage_find(NULL, ENOUGH_TO_START);
	ck_assert_msg(!why, "%s", why);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	ck_assert_uint_eq(limit.rlim_cur, 256);
}
END_TEST

START_TEST(an_error_number_of_a_shortage_says_what_to_do)
{
	ck_assert_ptr_nonnull(strstr(shortage_of_errno(ENOSPC), "TMPDIR"));
	ck_assert_ptr_nonnull(strstr(shortage_of_errno(EMSGSIZE), "TMPDIR"));
	ck_assert_ptr_nonnull(strstr(shortage_of_errno(EMFILE), "ulimit -n"));
	ck_assert_ptr_null(shortage_of_errno(EINVAL));
}
END_TEST

TEST_PROGRAM("control",
	     full_marks_leave_nothing_to_doubt,
	     an_error_in_a_line_of_the_learners_needs_no_control,
	     a_compiler_that_fails_for_no_line_of_theirs_fails_nobody,
	     a_compiler_that_blames_a_line_by_a_fatal_error_is_doubted_too,
	     a_compiler_that_fails_once_costs_nothing,
	     code_that_crashes_where_our_solution_does_not_is_the_learners,
	     a_limit_that_is_too_low_is_named_with_its_figure,
	     a_soft_limit_is_raised_and_costs_nothing,
	     an_error_number_of_a_shortage_says_what_to_do)
