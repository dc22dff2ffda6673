/* fault_sweep.h - runs the suite of an exercise over one submission: every scenario
 * plain, then each swept one again with each of its fallible calls failing, in each of
 * the modes that the exercise uses (protocol/plan.h). */
#ifndef ORACLE_FAULT_SWEEP_H
#define ORACLE_FAULT_SWEEP_H

#include <jansson.h>
#include "judge.h"
#include "debug/debug_info.h"

enum { SCENARIOS_MAX = 64 };

struct release_sites;

/* One scenario and what became of it. */
struct scenario {
	const TTest *test;
	const char *name;
	enum sweeping sweeping;
	bool ran;		/* in this judging */
	json_t *wrong;		/* the finding of the plain run, NULL: it behaved */
	unsigned points;	/* fault points of the plain run */
	unsigned char *ways;	/* by fault point, from 0: enum call_way and what
				 * fault_sweep.c notes besides */
	unsigned dirty;		/* of them, those at which something is wrong */
	unsigned unjudged;	/* counted dirty because time ran out */
	json_t *findings;	/* a list: the first finding of each dirty point */
	size_t simple;		/* of them, the first ones, with one call that failed */
	json_t *breaks;		/* clause, "" for none: {dirty point: true} */
	json_t *exits;		/* a list: {call, function, line, exit_line} */
	char *out, *err;	/* what the plain run printed */
};

struct suite {
	struct scenario scenarios[SCENARIOS_MAX];
	size_t n;
	bool overflows;		/* there are more: it cannot be judged */
};

/* What to run. */
struct judging {
	struct session *session;
	const struct debug_info *sites;
	const json_t *nouns, *clauses;
	const char *handed_in;	/* the folder of the learner's files */
	int driver_opens;	/* see catalog.h */
	long seed;
	bool sweep;		/* false: the plain runs alone */
	unsigned modes;		/* that calls fail in: bit 1 << enum fault_mode */
	bool swept_alone;	/* leaves out scenarios that are PLAIN */
	const char *only;	/* this scenario alone, NULL for all */
	enum change change;	/* a release turned into none or two */
	uint32_t change_offset;
	long sweep_ms;		/* the sweep ends then; 0: after 40 seconds */
	bool stop_at_first;	/* the first thing wrong is enough */
	/* Called for each step of each run, to find where releases are made. */
	void (*releases)(const struct step *step, const struct debug_info *sites,
			 struct release_sites *release_sites);
	struct release_sites *release_sites;
};

/* Runs SUITE: 0 with its scenarios filled, or a negative errno when the grader
 * itself failed, -E2BIG when the suite has too many. The caller releases them by
 * suite_release. */
int judge(const struct judging *judging, struct suite *suite);

/* Frees what the scenarios own; the list of scenarios stays. */
void suite_release(struct suite *suite);

/* Runs one scenario under one PLAN: *ret_finding is what is wrong, NULL for nothing,
 * *ret_steps all its steps as text. The caller owns both. 0; -ENOENT when there is no
 * such scenario; or another negative errno when the grader itself failed. */
int judge_replay(const struct judging *judging, struct suite *suite,
		 struct plan plan, json_t **ret_finding, char **ret_steps);

#endif
