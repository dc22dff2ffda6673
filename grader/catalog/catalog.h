/* catalog.h - the exercises there are, read from their folders. Nothing lists
 * them: a folder grader/exercises/NN_name with an exercise.json is one. */
#ifndef CATALOG_CATALOG_H
#define CATALOG_CATALOG_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum { LIST_MAX = 16, NAME_MAX_LENGTH = 64, MINUTES_MAX = 1000,
       DRIVER_OPENS_MAX = 64, ROWS_MAX = 32 };

/* Names from an array of exercise.json; they live as long as the exercise. */
struct names {
	const char *name[LIST_MAX];
	size_t n;
};

/* What shows that a row of the checklist holds. */
enum row_kind {
	ROW_CODE,	/* the suite: a clause of the contract */
	ROW_TESTS,	/* broken versions: a demanded line of the tests */
	ROW_ACCEPT,	/* correct versions, which every test must accept */
	ROW_REACH,	/* error paths, which the tests must reach */
	ROW_KINDS
};

/* One row of the checklist. */
struct row {
	const char *id;		/* "SEND 3", "TESTS 2" */
	const char *text;	/* what it asks for, in the words of the README */
	enum row_kind kind;
	long points;		/* 0 to 100; of all rows together 100 */
	long price;		/* what it costs at least when it is broken */
	struct names clauses;	/* that it keeps; its id counts too */
	struct names scenarios;	/* patterns of their names; none: all of them */
	bool left_out, doubled;	/* shown by releases left out or doubled */
};

/* One exercise. Owns its id and its description. */
struct exercise {
	char id[NAME_MAX_LENGTH];	/* "12_global" */
	json_t *description;		/* exercise.json, whole */
	const char *title;
	const char *first_step;		/* said to the untouched starter */
	long minutes;			/* from 1 to MINUTES_MAX */
	int driver_opens;	/* descriptors that its driver may have open at
				 * the end of a scenario: 0 to
				 * DRIVER_OPENS_MAX */
	long behaves, survives, proves;	/* points, together 100 */
	struct names hand_in;		/* what the learner hands in, tests too */
	struct names subject;		/* what correct and broken versions replace */
	struct names support;		/* the rest of the handed-in code */
	struct names given;		/* headers and the like */
	struct names exports;		/* functions that the headers declare */
	struct names wrap;		/* of them, those that wrap.c stands before */
	struct names also_fail;		/* calls that fail here and are not watched
					 * elsewhere: "atexit" */
	struct names libraries;		/* for the linker: "sqlite3" */
	struct names lesson_libraries;	/* the same of the lesson */
	struct names stages;		/* scenarios are named STAGE_...; may be none */
	struct row rows[ROWS_MAX];	/* the checklist: see rows.h */
	size_t n_rows;
	const char *tests;		/* the hand-in named test_*.c, or NULL */
	bool code_given;		/* the subject is ours: not handed in */
	bool support_given;		/* and so is the support */
};

struct catalog {
	struct exercise *exercises;	/* in the order of their ids */
	size_t n;
};

/* Reads every exercise under ROOT: 0 and *ret_catalog, which the caller
 * releases by catalog_release; or a negative errno with the reason, naming
 * file and line, in *ret_why, which the caller frees. */
int catalog_read(const char *root, struct catalog *ret_catalog,
		 char **ret_why);

void catalog_release(struct catalog *catalog);

/* The files that a correct version or a misconception stands for: the subject,
 * or what is handed in instead of code. */
const struct names *exercise_replaced(const struct exercise *exercise);

/* The exercise that WORD names: its number ("12", "8", "08"), its name
 * ("global") or its id; NULL when there is none. */
const struct exercise *catalog_find(const struct catalog *catalog,
				    const char *word);

/* Reads the array KEY of OBJECT into NAMES, none when it is not there: 0; or -EINVAL, and
 * *ret_why, which the caller frees, says what is wrong. */
int catalog_read_names(const struct exercise *exercise, const json_t *object,
		       const char *key, struct names *names, char **ret_why);

/* Says what is wrong with the description of exercise ID: always -EINVAL (or -ENOMEM). */
int catalog_wrong(char **ret_why, const char *id, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
