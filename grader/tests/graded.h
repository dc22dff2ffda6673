/* graded.h - for tests that grade by the program, as a user would. */
#ifndef GRADED_H
#define GRADED_H

#include "suite.h"
#include "base/process.h"
#include "verdict/verdict.h"

#include <sys/wait.h>

enum { GRADED_MS = 90000 };

/* What the program said of one grading. */
struct graded {
	int status;		/* its exit status */
	json_t *verdict;	/* whole; NULL when it printed none */
	char *err;		/* on the side */
};

/* Grades exercise ID from FROM with the format F; graded_release frees. */
static inline struct graded grade(const char *id, const char *from,
				  const char *f)
{
	const char *const argv[] = { "build/brakes", "grade", id, "--from", from,
				     "--format", f, NULL };
	struct program program = { .argv = argv, .deadline_ms = GRADED_MS,
				   .output_max = 4 << 20 };
	struct ended ended;
	ck_assert_int_eq(process_run(&program, &ended), 0);
	ck_assert_msg(!ended.timed_out, "the grader did not come to its end");
	struct graded graded = {
		.status = WEXITSTATUS(ended.status),
		.verdict = json_loads(ended.out, 0, NULL),
		.err = ended.err,
	};
	ended.err = NULL;
	ended_release(&ended);
	return graded;
}

static inline void graded_release(struct graded *graded)
{
	json_decref(graded->verdict);
	free(graded->err);
}

/* The first exercise of the verdict; fails when there is none. */
static inline const json_t *graded_exercise(const struct graded *graded)
{
	const json_t *exercise = json_array_get(
		json_object_get(graded->verdict, "exercises"), 0);
	ck_assert_msg(exercise != NULL, "no verdict: %.1000s", graded->err);
	return exercise;
}

/* Holds the first exercise against an outcome, and words that one of its checks
 * must say; SCORE is what the rest has earned, the status that of something to
 * fix. */
static inline void expect_refused(const struct graded *graded,
				  const char *outcome, long score,
				  const char *words)
{
	const json_t *exercise = graded_exercise(graded);
	ck_assert_str_eq(verdict_text(exercise, "outcome"), outcome);
	ck_assert_msg(verdict_complaint(exercise, words) != NULL,
		      "nothing says \"%s\"", words);
	ck_assert_int_eq(verdict_number(exercise, "score"), score);
	ck_assert_int_eq(graded->status, 1);
}

#endif
