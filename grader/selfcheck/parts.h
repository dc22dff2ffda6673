/* parts.h - the parts of the gate, and what they share. */
#ifndef SELFCHECK_PARTS_H
#define SELFCHECK_PARTS_H

#include <jansson.h>
#include <limits.h>
#include "catalog/catalog.h"
#include "tally.h"
#include "build/patch.h"

enum { PLACE_MAX = 256, WHY_MAX = 400 };

/* What a submission has to get. */
struct expected {
	long score;
	const char *status;		/* "pass" or "fail" */
	char diagnosis[PATCH_WORDS];	/* "" when none is asked for */
};

/* One submission that the gate makes and has judged, by the number of its
 * folder. Owns what the judges said. */
struct submission {
	enum sort sort;
	char place[PLACE_MAX];		/* where what is expected stands */
	size_t of[2];			/* a pair: its two misconceptions */
	struct expected expected;
	char row[PATCH_WORDS];		/* of the tests, that it breaks; or "" */
	char minor[PATCH_WORDS];	/* why it may be cheap; or "" */
	bool alone;			/* it makes no pairs */
	char *said[2];			/* as printed, of each judging */
	json_t *verdict;		/* NULL: it could not be judged */
};

/* The least that one mistake costs. */
struct price {
	size_t n;		/* mistakes met */
	long lost;
	char place[PLACE_MAX];
};

struct table;

/* A gate under way. Owns its folder and the submissions. */
struct gate {
	const char *root;		/* the workbook */
	const char *sandbox;		/* by its name */
	const char *keep;		/* a folder for the verdicts, or NULL */
	char brakes[PATH_MAX];		/* the program that judges */
	char work[PATH_MAX];
	struct tally tally;
	struct price promise, demand;	/* over all exercises */
	struct table *table;		/* of check_rows.c */

	const struct exercise *exercise;	/* the one that is checked */
	size_t most_pairs;	/* of each exercise, spread evenly; 0 for all */
	long sample;		/* which share of the misconceptions is judged, and
				 * these once; 0: all of them, twice, and pairs */
	bool prices;		/* one judging of each, and no pairs */
	size_t met;		/* misconceptions met so far */
	struct submission *submissions;
	size_t n, room;
};

/* Where the starter of an exercise is, from the workbook's root on. */
#define STARTER "grader/exercises/%s/starter"

/* --- check_starters.c ----------------------------------------------------- */

/* The pristine copies of the exercise are there, and exercises/ID holds the same. Only
 * CI takes it for a failure when it does not: a learner edits exercises/ID. */
void selfcheck_check_starters(struct gate *gate);

/* --- check_texts.c: what the files of an exercise say --------------------- */

/* Its files hold their TODO, and our solution holds none and says why. */
void selfcheck_check_texts(struct gate *gate);

/* Its hints are a ladder, and hold no line of our solution. */
void selfcheck_check_hints(struct gate *gate);

/* The text of a file of the workbook, named by a format from its root on: the
 * caller frees it; NULL when it is not there. */
char *selfcheck_read(const struct gate *gate, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The line, from 1, in which NEEDLE first stands in TEXT; 1 when it is not
 * there. */
int selfcheck_line(const char *text, const char *needle);

/* --- check_lesson.c ------------------------------------------------------- */

/* Its lesson compiles without a warning and prints what its .out says. */
void selfcheck_check_lesson(struct gate *gate);

/* --- check_clauses.c ------------------------------------------------------ */

/* Its lesson teaches clauses of the source page, and each is shown. */
void selfcheck_check_taught(struct gate *gate);

/* Every clause is taught by some exercise of CATALOG, and the README says so. */
void selfcheck_check_clauses(struct gate *gate, const struct catalog *catalog);

/* --- check_submissions.c: made, and judged -------------------------------- */

/* Makes the starter, our solution, the correct versions and the misconceptions
 * of the exercise into submissions. */
void selfcheck_make_submissions(struct gate *gate);

/* Makes two misconceptions that fit one after the other into one: every two, or
 * as many as most_pairs says. */
void selfcheck_make_pairs(struct gate *gate);

/* Has the submissions from FIRST on judged, as often as ROUNDS says. */
void selfcheck_judge(struct gate *gate, size_t first, size_t rounds);

/* Frees what the submissions own, and forgets them. */
void selfcheck_forget_submissions(struct gate *gate);

/* --- check_verdicts.c: what came, against what was expected --------------- */

/* Compares the verdicts of the submissions from FIRST on. */
void selfcheck_compare(struct gate *gate, size_t first);

/* Every broken version is caught, by the judge and by our solution's tests. */
void selfcheck_check_broken(struct gate *gate);

/* --- check_rows.c --------------------------------------------------------- */

/* Something shows each row of the checklist, and no mistake is cheap. */
void selfcheck_check_rows(struct gate *gate);

/* --- check_verdicts.c ----------------------------------------------------- */

/* Calls EACH for every visible entry of grader/exercises/ID/FOLDER, in order,
 * and returns how many there are. */
long selfcheck_each(struct gate *gate, const char *folder,
	       void (*each)(struct gate *gate, const char *name));

#endif
