/* replay.h - one fault point that is asked for by --fail, and whether there is one. */
#ifndef GRADING_REPLAY_H
#define GRADING_REPLAY_H

#include <jansson.h>
#include <stdbool.h>
#include "catalog/catalog.h"
#include "oracle/fault_sweep.h"
#include "oracle/session.h"
#include "protocol/plan.h"

/* One fault point to replay, "SCENARIO:K" or "SCENARIO:K:MODE" (protocol/plan.h). */
struct replay {
	char scenario[NAME_MAX_LENGTH];	/* "" when none is asked for */
	unsigned point;			/* from 1 to STEPS_MAX */
	enum fault_mode mode;
	bool debug;			/* in gdb, at the failing call */
};

/* Reads the text of --fail: 0, or -EINVAL. */
int replay_parse(const char *text, struct replay *ret_replay);

/* Whether SUITE has the scenario of REPLAY, or none is asked for. If it has not,
 * VERDICT on the exercise ID gets "no_replay": a sentence with those that it has. */
bool replay_has_scenario(const struct replay *replay, const struct suite *suite,
			 const char *id, json_t *verdict);

/* Whether the fault of REPLAY struck in RUN. If it did not, VERDICT gets "no_replay":
 * a sentence that says how many calls there were to choose from. */
bool replay_has_struck(const struct replay *replay, const struct run *run,
		       json_t *verdict);

#endif
