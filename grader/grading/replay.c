/* replay.c - see replay.h. */
#include "replay.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "verdict/verdict.h"

int replay_parse(const char *text, struct replay *ret_replay)
{
	struct replay replay = { .mode = FAULT_ONCE };
	size_t length = strcspn(text, ":");
	const char *number = text + length + (text[length] == ':');
	char *end;
	if (length == 0 || length >= sizeof(replay.scenario) ||
	    !isdigit((unsigned char)*number))
		return -EINVAL;
	memcpy(replay.scenario, text, length);
	unsigned long point = strtoul(number, &end, 10);
	if (point < 1 || point > STEPS_MAX)
		return -EINVAL;
	replay.point = (unsigned)point;
	if (*end)
		replay.mode = *end == ':' ? fault_mode_named(end + 1) : FAULT_NONE;
	if (replay.mode == FAULT_NONE)
		return -EINVAL;
	*ret_replay = replay;
	return 0;
}

/* Puts the sentence of FORMAT into VERDICT; false, for the callers. */
__attribute__((format(printf, 2, 3)))
static bool refuse(json_t *verdict, const char *format, ...)
{
	char why[1024];
	va_list args;
	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	json_object_set_new(verdict, "no_replay", verdict_sentence(why));
	return false;
}

bool replay_has_scenario(const struct replay *replay, const struct suite *suite,
			 const char *id, json_t *verdict)
{
	char list[768] = "";
	size_t at = 0;
	if (!replay->scenario[0])
		return true;
	for (size_t i = 0; i < suite->n && at < sizeof(list); i++) {
		const char *name = suite->scenarios[i].name;
		if (strcmp(name, replay->scenario) == 0)
			return true;
		at += (size_t)snprintf(list + at, sizeof(list) - at, "%s%s",
				       i ? ", " : "", name);
	}
	return refuse(verdict, "%s has no scenario %s: there are %s", id,
		      replay->scenario, list);
}

/* The number of the last call of RUN that could have been made to fail; 0: none. */
static unsigned last_point(const struct run *run)
{
	unsigned most = 0;
	for (size_t i = 0; i < run->n_steps; i++)
		if (run->steps[i].fault_point > most)
			most = run->steps[i].fault_point;
	return most;
}

bool replay_has_struck(const struct replay *replay, const struct run *run,
		       json_t *verdict)
{
	const char *name = replay->scenario;
	unsigned last = last_point(run);
	if (run->struck)
		return true;
	if (last == 0 || run->plan.mode == FAULT_NONE)
		return refuse(verdict, "%s has no call that can be made to "
			      "fail: there is nothing to replay", name);
	if (replay->point <= last)
		return refuse(verdict, "call %u of %s is %s", replay->point, name,
			      run->plan.mode == FAULT_INTERRUPTED ?
			      "none that a signal can interrupt" :
			      "no transfer that can come short");
	return refuse(verdict, "%s makes %u call%s that can fail, and there is "
		      "no call %u: the last is %s:%u", name, last,
		      last == 1 ? "" : "s", replay->point, name, last);
}
