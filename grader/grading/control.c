/* control.c - a failure is the learner's only when it is shown to be. Where the
 * machine may be at fault, our own solution is graded under the same conditions:
 * the control. When it fails too, there is no grade.
 *
 * A verdict with nothing to doubt costs nothing more: full marks, or an error that
 * the compiler places in a line of the learner's.
 */
#include "grade.h"
#include "base/error.h"
#include "base/path.h"
#include "base/shortage.h"
#include "verdict/verdict.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Finds the first check of VERDICT that lost points, and copies its words. */
static void first_loss(const json_t *verdict, char *ret_words, size_t size)
{
	size_t i;
	json_t *check;
	json_array_foreach(json_object_get(verdict, "checks"), i, check) {
		if (verdict_number(check, "score") >=
		    verdict_number(check, "max_score"))
			continue;
		snprintf(ret_words, size, "%s", verdict_text(check, "message"));
		return;
	}
}

/* Copies the line of SAID, a compiler's words, that tells of the first error. */
static void first_error(const char *said, char *ret_words, size_t size)
{
	const char *error = strstr(said, "error: ");
	const char *line = error ? error : said;
	while (line > said && line[-1] != '\n')
		line--;
	snprintf(ret_words, size, "%.*s", (int)strcspn(line, "\n"), line);
}

/* Why the control lost points: what the compiler said, else the first thing that
 * it lost points for; and a shortage, if one can be seen. */
static int tell_loss(const char *id, const json_t *verdict, char **ret_why)
{
	char words[160] = "it lost points";
	const char *said = verdict_text(verdict, "diagnostics");
	char *shortage = shortage_find(getenv("TMPDIR"), ENOUGH_FOR_SURE);
	if (*said)
		first_error(said, words, sizeof(words));
	else
		first_loss(verdict, words, sizeof(words));
	int rc = because(ret_why, -EIO, "our own solution of %s fails on this machine "
			 "too (%s), so nothing was graded%s%s", id, words,
			 shortage ? ": " : "; mend that and grade again",
			 shortage ? shortage : "");
	free(shortage);
	return rc;
}

/* Grades our own solution where GRADING graded the learner's: 0 when it gets full
 * marks, else a negative errno with the cause. */
static int control(const struct grading *grading, const struct exercise *exercise,
		   char **ret_why)
{
	struct grading known = *grading;
	char solutions[PATH_MAX];
	enum doubt doubt;
	json_t *verdict = NULL;
	int rc = path_join(solutions, sizeof(solutions), "%s/solutions",
			   grading->root);
	known.from = solutions;
	known.replay = (struct replay){ .point = 0 };
	if (rc == 0)
		rc = grade_once(&known, exercise, &verdict, &doubt, ret_why);
	if (rc == 0 && strcmp(verdict_text(verdict, "status"), "pass") != 0)
		rc = tell_loss(exercise->id, verdict, ret_why);
	json_decref(verdict);
	return rc;
}

/* Says what an error number means, when there is no sentence about it yet. */
static int explain(int rc, char **ret_why)
{
	const char *says = rc < 0 && !*ret_why ? shortage_of_errno(-rc) : NULL;
	return says ? because(ret_why, rc, "%s", says) : rc;
}

int grade_exercise(const struct grading *grading,
		   const struct exercise *exercise, json_t **ret_verdict,
		   char **ret_why)
{
	json_t *verdict = NULL;
	enum doubt doubt = DOUBT_NONE;
	*ret_why = shortage_find(getenv("TMPDIR"), ENOUGH_TO_START);
	if (*ret_why)
		return -EIO;
	int rc = grade_once(grading, exercise, &verdict, &doubt, ret_why);
	if (rc == 0 && doubt != DOUBT_NONE)
		rc = control(grading, exercise, ret_why);
	/* The shortage that a compiler met may have passed before the control. */
	if (rc == 0 && doubt == DOUBT_TOOLS) {
		json_decref(verdict);
		verdict = NULL;
		rc = grade_once(grading, exercise, &verdict, &doubt, ret_why);
	}
	if (rc < 0)
		json_decref(verdict);
	else
		*ret_verdict = verdict;
	return explain(rc, ret_why);
}
