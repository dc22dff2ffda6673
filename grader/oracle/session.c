/* session.c - see session.h. */
#include "session.h"
#include "sandbox/cell.h"
#include "base/files.h"
#include "base/limits.h"
#include "base/tree.h"
#include "protocol/scenario_runner.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	PATIENCE_MS = 2000,
	READING_MS = 2000,		/* of our own processor time */
	LOOK_EVERY_MS = 50,
	OUTPUT_KEPT = 64 << 10,
	OUTPUT_MAX = 1 << 20,
	READS_AT_ONCE = 64,
	LINES_MAX = 3 * STEPS_MAX,
	WAIT_STATUS_MAX = 0xffff,	/* of what waitpid tells */
};

/* --- the scenario runner ----------------------------------------------------------- */

static void close_all(int fds[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

/* Makes N pipes, or none: fds[2*i] reads, fds[2*i+1] writes. */
static int make_pipes(int fds[], size_t n)
{
	memset(fds, -1, 2 * n * sizeof(*fds));
	for (size_t i = 0; i < n; i++) {
		if (pipe2(fds + 2 * i, O_CLOEXEC) == 0)
			continue;
		int why = -errno;
		close_all(fds, 2 * n);
		return why;
	}
	return 0;
}

/* Makes reading and writing never wait. */
static void never_wait(int fd)
{
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

/* Keeps the names of the folders in which the scenario runner is to write. */
static void keep_folders(struct session *s, const struct session_plan *plan)
{
	snprintf(s->scratch, PATH_MAX, "%s", plan->scratch);
	snprintf(s->room, PATH_MAX, "%.*s",
		 (int)(strrchr(plan->scratch, '/') - plan->scratch),
		 plan->scratch);
	snprintf(s->coverage, PATH_MAX, "%s",
		 plan->coverage ? plan->coverage : "");
}

int session_open(const struct session_plan *plan, struct session *ret_session)
{
	int fds[2 * SCENARIO_RUNNER_PIPES];
	int rc = make_pipes(fds, SCENARIO_RUNNER_PIPES);
	if (rc < 0)
		return rc;
	struct program program = {
		.argv = plan->argv, .on_terminal = plan->debug,
		.passed = { fds[0], fds[3], fds[5], fds[6] },
		.n_passed = SCENARIO_RUNNER_PIPES,
		.nice = plan->nice, .enclosure = cell_enclosure(plan->cell),
		.limits = { .cpu_seconds = CODE_SECONDS_MAX, .memory_bytes = 256 << 20,
			    .file_bytes = 1 << 20,
			    .descriptors = DESCRIPTORS_NEEDED },
	};
	static const char *const in_place[] = { LOAD_IN_PLACE "=1", NULL };
	if (plan->debug) {
		program.limits = (struct limits){ 0 };
		program.env = in_place;
	}
	memset(ret_session, 0, sizeof(*ret_session));
	rc = process_start(&program, &ret_session->process);
	close_all((int[]){ fds[0], fds[3], fds[5], fds[6] }, SCENARIO_RUNNER_PIPES);
	if (rc < 0) {
		close_all((int[]){ fds[1], fds[2], fds[4], fds[7] },
			  SCENARIO_RUNNER_PIPES);
		return rc;
	}
	ret_session->orders = fds[1];
	ret_session->control = fds[7];
	ret_session->up.fd = fds[2];
	ret_session->status.fd = fds[4];
	ret_session->sandbox = plan->cell ? plan->cell->sandbox : NULL;
	ret_session->patience_ms = plan->debug ? -1 : PATIENCE_MS;
	keep_folders(ret_session, plan);
	int unwaiting[] = { fds[2], fds[4], fds[7], ret_session->process.out,
			    ret_session->process.err };
	for (size_t i = 0; i < sizeof(unwaiting) / sizeof(*unwaiting); i++)
		never_wait(unwaiting[i]);
	return 0;
}

/* Releases what the last run left as evidence. */
static void release_run(struct run *run)
{
	ledger_release(&run->ledger);
	free(run->steps);
	free(run->out);
	free(run->err);
	*run = (struct run){ .status = STATUS_NONE, .open = -1 };
}

void session_close(struct session *session)
{
	release_run(&session->run);
	/* The runner ends when it has no orders to come. */
	close_all((int[]){ session->orders, session->control }, 2);
	process_let_end(&session->process, session->broken ? 0 : LET_END_MS);
	close_all((int[]){ session->up.fd, session->status.fd }, 2);
	remove_tree(session->scratch);
}

/* --- evidence ------------------------------------------------------------- */

/* The run under way, or the last one. */
static struct run *current_run(struct session *session)
{
	return &session->run;
}

/* The first ending counts: what follows it is its consequence. */
static void set_ending(struct run *run, enum ending ending)
{
	if (run->ending == ENDING_ORDERLY)
		run->ending = ending;
}

/* Keeps every step for the story. */
static int keep_step(struct run *run, const struct step *step)
{
	if (run->n_steps == STEPS_MAX)
		return -E2BIG;
	if (step->fault_point > STEPS_MAX)
		return -EPROTO;	/* a run is made for each */
	if (run->n_steps == run->room) {
		size_t room = run->room ? 2 * run->room : 64;
		struct step *grown = realloc(run->steps, room * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		run->steps = grown;
		run->room = room;
	}
	run->steps[run->n_steps++] = *step;
	return 0;
}

/* Whether STEP is the failure that follows FAULT, a transfer that moved a part: it is
 * what the code has to answer. */
static bool comes_after_part(const struct run *run, const struct step *fault,
			     const struct step *step)
{
	return run->plan.mode == FAULT_PARTIAL && !fault->failed && step->failed;
}

/* Remembers the first fault of the run, and the first of the ask. */
static void note_fault(struct run *run, const struct step *step)
{
	if (!run->ask_struck || comes_after_part(run, &run->ask_fault, step)) {
		run->ask_fault = *step;
		run->ask_fault_step = run->ledger.steps;
	}
	run->ask_struck = true;
	if (run->struck && !comes_after_part(run, &run->fault, step))
		return;
	run->struck = true;
	run->fault = *step;
	run->fault_step = run->ledger.steps;
	run->fault_ask = run->n_asks;
}

/* Reads a number that is not below LOW nor above HIGH: 0 or -EPROTO. */
static int number_within(const char *word, long long low, long long high,
			 long long *ret_number)
{
	long long number;
	if (wire_number(word, &number) < 0 || number < low || number > high)
		return -EPROTO;
	*ret_number = number;
	return 0;
}

/* A call was made: into the ledger, and against the code if it rules so. */
static int take_step(struct run *run, const struct words *words)
{
	struct step step;
	enum ruling ruling = RULING_FINE;
	const struct entry *entry = NULL;
	int rc = wire_get_step(words, &step);
	if (rc < 0)
		return rc;
	rc = keep_step(run, &step);
	if (rc == 0)
		rc = ledger_record(&run->ledger, &step, &ruling, &entry);
	if (rc < 0)
		return rc;
	if (step.faulted)
		note_fault(run, &step);
	if (ruling == RULING_FINE || run->offence.ruling != RULING_FINE)
		return 0;
	run->offence = (struct offence){ .ruling = ruling, .step = step,
					 .number = run->ledger.steps };
	if (entry) {
		run->offence.entry = *entry;
		run->offence.has_entry = true;
	}
	return 0;
}

/* Reads "MODULE:OFFSET" into POINT: 0 or -EPROTO. */
static int take_address(const char *word, struct trace_point *point)
{
	char *end;
	unsigned long long module = strtoull(word, &end, 10);
	if (*end != ':' || module > UINT8_MAX)
		return -EPROTO;
	unsigned long long offset = strtoull(end + 1, &end, 16);
	if (*end || offset > UINT32_MAX)
		return -EPROTO;
	point->module = (uint8_t)module;
	point->offset = (uint32_t)offset;
	return 0;
}

/* A block was entered after the fault, or the code looked at errno. */
static int take_trace(struct run *run, const struct words *words, bool is_errno)
{
	struct trace_point point = { .is_errno = is_errno, .ask = run->n_asks };
	long long err = 0, steps;
	if (words->n != (is_errno ? 4 : 3) || run->n_trace == TRACE_MAX ||
	    take_address(words->word[1], &point) < 0 ||
	    number_within(words->word[words->n - 1], 0, STEPS_MAX, &steps) < 0 ||
	    (is_errno &&
	     number_within(words->word[2], INT_MIN, INT_MAX, &err) < 0))
		return -EPROTO;
	point.err = (int)err;
	point.steps = (size_t)steps;
	run->trace[run->n_trace++] = point;
	return 0;
}

static int take_stain(struct run *run, const struct words *words)
{
	long long block;
	if (words->n != 2 || wire_number(words->word[1], &block) < 0)
		return -EPROTO;
	if (!run->stain)
		run->stain = (uint64_t)block;
	return 0;
}

/* A bad access to memory. */
static int take_memory(struct run *run, const struct words *words)
{
	struct memory_fault fault;
	if (memory_fault_get(words->word + 1, words->n - 1, &fault) < 0)
		return -EPROTO;
	if (!run->has_memory)
		run->memory = fault;
	run->has_memory = true;
	return 0;
}

/* Whether the line answers the ask under way: 0; -EBADMSG when nothing was
 * asked, or something else. Who writes an answer without having been asked
 * cannot know the number. */
static int check_number(struct session *s, const struct words *words)
{
	long long number;
	if (words->n < 4 || words->n > 4 + ANSWER_TEXTS ||
	    wire_number(words->word[1], &number) < 0)
		return -EPROTO;
	bool asked = s->number != 0 && number == (long long)s->number;
	s->number = 0;
	return asked ? 0 : -EBADMSG;
}

/* Whether what befell the ask under way may also be made good: a transfer that came
 * short may be continued, an interrupted call made again, a close that was interrupted
 * left at that. */
static bool may_be_made_good(const struct run *run)
{
	return !run->ask_fault.failed || run->ask_fault.err == EINTR;
}

/* Notes in ANSWER what failed in its call. Code that made good what may be made good has
 * had no failure; which error it tells of a transfer that came short is its own choice,
 * if it tells one: there is none in errno. */
static void note_failure(const struct run *run, struct answer *answer)
{
	answer->fault_call = ledger_in_memory(&run->ledger, &run->ask_fault) ?
			     CALL_memory_stream : run->ask_fault.call;
	answer->fault_err = run->ask_fault.err;
	if (!may_be_made_good(run))
		return;
	answer->faulted = answer->value < 0;
	if (!run->ask_fault.failed && answer->value != -ERRNO_LEFT)
		answer->fault_err = (int)-answer->value;
}

/* Fills ANSWER from the line's words, which live in the wire's buffer. */
static int take_answer(struct session *s, const struct words *words,
		       struct answer *answer)
{
	const struct run *run = &s->run;
	long long err, faulted, value = 0;
	int rc = check_number(s, words);
	if (rc < 0)
		return rc;
	if (!answer ||
	    number_within(words->word[2], INT_MIN, INT_MAX, &err) < 0 ||
	    number_within(words->word[3], 0, 1, &faulted) < 0)
		return -EPROTO;
	answer->came = true;
	answer->err = (int)err;
	answer->faulted = faulted != 0;
	answer->n = words->n - 4;
	for (size_t i = 0; i < answer->n; i++)
		answer->text[i] = words->word[4 + i];
	if (answer->n && wire_number(answer->text[0], &value) == 0)
		answer->value = (long)value;
	if (answer->faulted)
		note_failure(run, answer);
	return 0;
}

/* What the child says of itself: once, that it is about to load; that a process which
 * the code has forked came back from it, too; and goodbye,
 * which only a run that is over may say. Code that says it by itself and exits
 * would else have ended in order in the midst of a call. */
static int take_word(struct run *run, const char *what)
{
	if (strcmp(what, "ready") == 0 && !run->ready) {
		run->ready = true;
		return 0;
	}
	if (strcmp(what, "twin") == 0) {
		run->returned_twice = true;
		return 0;
	}
	if (strcmp(what, "bye") != 0)
		return -EPROTO;
	if (!run->over)
		return -EBADMSG;
	run->said_bye = true;
	return 0;
}

/* One line that came up: 1 when it was the answer that is waited for, else 0 or
 * what pump returns. */
static int take_line(struct session *s, char *line, struct answer *answer)
{
	struct run *run = current_run(s);
	struct words words;
	if (run->n_lines++ >= LINES_MAX || wire_split(line, &words) < 0)
		return -EPROTO;
	const char *what = words.word[0];
	if (strcmp(what, "step") == 0)
		return take_step(run, &words);
	if (strcmp(what, "block") == 0 || strcmp(what, "errno") == 0)
		return take_trace(run, &words, *what == 'e');
	if (strcmp(what, "stain") == 0)
		return take_stain(run, &words);
	if (strcmp(what, "memory") == 0)
		return take_memory(run, &words);
	if (strcmp(what, "answer") != 0)
		return take_word(run, what);
	int rc = take_answer(s, &words, answer);
	return rc < 0 ? rc : 1;
}

/* Takes all whole lines that are here: 1 when ANSWER came. */
static int take_lines(struct session *s, struct answer *answer)
{
	char *line;
	int rc;
	while ((rc = wire_next(&s->up, &line)) > 0) {
		rc = take_line(s, line, answer);
		if (rc != 0)
			return rc;
	}
	return rc;
}

/* --- waiting -------------------------------------------------------------- */

/* Keeps the beginning of what the learner's code printed. */
static void keep_output(char **text, size_t *size, const char *bytes, size_t n)
{
	size_t room = OUTPUT_KEPT - *size;
	size_t keep = n < room ? n : room;
	char *grown = keep ? realloc(*text, *size + keep + 1) : NULL;
	if (!grown)
		return;
	memcpy(grown + *size, bytes, keep);
	*text = grown;
	*size += keep;
	grown[*size] = '\0';
}

/* Reads what is there, for a while: a flood must not keep us here. */
static void take_output(struct run *run, int fd, char **text, size_t *size)
{
	char bytes[8192];
	for (int i = 0; i < READS_AT_ONCE; i++) {
		ssize_t n = read(fd, bytes, sizeof(bytes));
		if (n <= 0)
			return;
		run->printed += (size_t)n;
		keep_output(text, size, bytes, (size_t)n);
	}
}

static void take_outputs(struct session *s)
{
	struct run *run = current_run(s);
	if (s->process.out < 0)
		return;
	take_output(run, s->process.out, &run->out, &run->out_size);
	take_output(run, s->process.err, &run->err, &run->err_size);
}

/* "status STATUS LEFT OPEN MODULE OFFSET": how the child ended, how many
 * processes it left, what it had open, and the last block that it entered, or
 * wrote into our memory. */
static int take_end(struct session *s, const struct words *words)
{
	long long status, left, open, module, offset;
	if (words->n != 6 ||
	    number_within(words->word[1], 0, WAIT_STATUS_MAX, &status) < 0 ||
	    number_within(words->word[2], 0, INT_MAX, &left) < 0 ||
	    number_within(words->word[3], -1, INT_MAX, &open) < 0 ||
	    number_within(words->word[4], 0, UINT32_MAX, &module) < 0 ||
	    number_within(words->word[5], 0, UINT32_MAX, &offset) < 0)
		return -EPROTO;
	s->running = false;
	current_run(s)->status = (int)status;
	current_run(s)->left = (int)left;
	current_run(s)->open = (int)open;
	current_run(s)->last_module = module > UINT8_MAX ? UINT8_MAX : (uint8_t)module;
	current_run(s)->last_offset = (uint32_t)offset;
	return 0;
}

/* One line of the scenario runner's own: that its child runs, or how it ended. */
static int take_worker_line(struct session *s, char *line)
{
	struct words words;
	if (wire_split(line, &words) < 0)
		return -EPROTO;
	if (strcmp(words.word[0], "status") == 0)
		return take_end(s, &words);
	if (strcmp(words.word[0], "child") != 0 || words.n != 1)
		return -EPROTO;
	s->running = true;
	return 0;
}

/* What the scenario runner says of its child. One that makes no sense is as good as
 * gone: -EPIPE. */
static int take_status(struct session *s)
{
	char *line;
	int rc = wire_fill(&s->status);
	if (rc == 0)
		return -EPIPE;
	while (rc >= 0 && (rc = wire_next(&s->status, &line)) > 0)
		rc = take_worker_line(s, line);
	return rc == -EAGAIN ? 0 : rc == -EPROTO ? -EPIPE : rc;
}

/* How long to wait at once: what is written to the disk meanwhile has to be
 * looked at now and then. */
static int slice_of(long deadline)
{
	long left = deadline - monotonic_ms();
	return left <= 0 ? 0 : left < LOOK_EVERY_MS ? (int)left : LOOK_EVERY_MS;
}

/* Looks at the disk, however much the child has to say meanwhile. */
static bool fills_the_disk(struct session *s)
{
	long now = monotonic_ms();
	if (now - s->looked_at < LOOK_EVERY_MS)
		return false;
	s->looked_at = now;
	return folder_overflows(s->room);
}

/* Waits once, until DEADLINE at most, and takes whatever came: 1 when ANSWER
 * came, 0 when to go on, -ETIME when it is late, -EPROTO for a broken line,
 * -EBADMSG for an answer to what was not asked, -EDQUOT when the disk is being
 * filled, or -EPIPE when the scenario runner itself is gone. */
static int pump(struct session *s, long deadline, struct answer *answer)
{
	struct pollfd polled[] = {
		{ .fd = s->up.fd, .events = POLLIN },
		{ .fd = s->status.fd, .events = POLLIN },
		{ .fd = s->process.out, .events = POLLIN },
		{ .fd = s->process.err, .events = POLLIN },
	};
	int ready = poll(polled, 4, deadline < 0 ? -1 : slice_of(deadline));
	if (ready < 0)
		return errno == EINTR ? 0 : -errno;
	if (fills_the_disk(s))
		return -EDQUOT;
	if (ready == 0)
		return monotonic_ms() >= deadline ? -ETIME : 0;
	if (polled[2].revents || polled[3].revents)
		take_outputs(s);
	if (current_run(s)->printed > OUTPUT_MAX &&
	    current_run(s)->ending == ENDING_ORDERLY)
		return -EFBIG;
	int rc = polled[0].revents ? wire_fill(&s->up) : 0;
	if (polled[0].revents && (rc >= 0 || rc == -EAGAIN))
		rc = take_lines(s, answer);
	int gone = polled[1].revents ? take_status(s) : 0;
	return rc < 0 || gone == 0 ? rc : gone;
}

static long deadline_of(const struct session *s)
{
	return s->patience_ms < 0 ? -1 : monotonic_ms() + s->patience_ms;
}

/* Milliseconds of processor time that the judge itself has used. */
static long own_time(void)
{
	return clock() / (CLOCKS_PER_SEC / 1000);
}

/* Waits for the answer, for goodbye, or until the process is gone: as pump, or
 * -ETIME when reading alone has taken too long. Lines can be made up that are
 * cheap to send and dear to look up in the ledger; processor time, so that a
 * busy machine costs no points. */
static int await_answer(struct session *s, struct answer *answer)
{
	const struct run *run = current_run(s);
	long deadline = deadline_of(s), started = own_time();
	int rc = 0;
	while (rc == 0 && run->status == STATUS_NONE && !run->said_bye) {
		rc = pump(s, deadline, answer);
		if (rc == 0 && own_time() - started > READING_MS)
			rc = -ETIME;
	}
	return rc;
}

/* Tells the scenario runner what to do with its child, whose number means nothing out
 * here; the scenario runner then tells its status. One order is enough: where the pipe
 * is full of them, nothing is lost. */
static void tell_worker(const struct session *s, char what)
{
	if (s->running)
		wire_send(s->control, &what, 1);
}

/* Names the ending by what pump said. */
static void name_ending(struct run *run, int rc)
{
	if (rc == -ETIME)
		set_ending(run, ENDING_HANG);
	else if (rc == -EPROTO)
		set_ending(run, ENDING_BROKEN_WIRE);
	else if (rc == -EDQUOT)
		set_ending(run, ENDING_FILLED);
	else if (rc == -EBADMSG)
		set_ending(run, ENDING_FORGED);
	else if (rc == -EFBIG)
		set_ending(run, ENDING_FLOOD);
	else if (rc == -E2BIG)
		set_ending(run, ENDING_ENDLESS);
	else if (rc < 0)
		set_ending(run, ENDING_GRADER);
}

/* Whether RC, of pump, is the doing of the code under test and not of the
 * scenario runner, which goes on. */
static bool is_theirs(int rc)
{
	return rc == -EPROTO || rc == -EBADMSG || rc == -EFBIG ||
	       rc == -E2BIG || rc == -EDQUOT;
}

/* Whether the scenario runner has told what is waited for: that the child has begun, or,
 * when ENDED is asked for, how it ended. */
static bool told(const struct session *s, bool ended)
{
	return s->run.status != STATUS_NONE || (!ended && s->running);
}

/* Waits until the scenario runner has told. What the code under test sends wrongly
 * meanwhile names the ending and is thrown away; and however much it sends, the
 * deadline holds. */
static int await_worker(struct session *s, long deadline, bool ended)
{
	int rc = 0;
	while (rc == 0 && !told(s, ended)) {
		rc = pump(s, deadline, NULL);
		if (is_theirs(rc)) {
			name_ending(current_run(s), rc);
			tell_worker(s, CONTROL_KILL);
			s->up.start = s->up.end = 0;
			rc = 0;
		}
		if (rc == 0 && deadline >= 0 && monotonic_ms() > deadline)
			rc = -ETIME;
	}
	return told(s, ended) ? 0 : rc;
}

/* Waits until the process of the run is gone, whatever it takes. */
static int await_status(struct session *s)
{
	return await_worker(s, s->patience_ms < 0 ? -1 :
			    monotonic_ms() + 2 * s->patience_ms, true);
}

/* Takes what is left in the pipes, all that they can hold, for the next run
 * must not find it: 0, or the first error of pump's kind. */
static int empty_pipes(struct session *s)
{
	int first = 0;
	for (int i = 0; i < READS_AT_ONCE; i++) {
		int rc = take_lines(s, NULL);
		if (rc < 0)
			s->up.start = s->up.end = 0;
		if (first == 0)
			first = rc;
		if (wire_fill(&s->up) <= 0)
			break;
	}
	take_outputs(s);
	return first;
}

/* The scenario runner itself can be used no more. */
static void give_up(struct session *s)
{
	s->broken = true;
	set_ending(current_run(s), ENDING_GRADER);
	process_end(&s->process);
}

/* Names the ending by the status of a process that said no goodbye, or went
 * when it had said it and not been ended yet. */
static void judge_status(struct run *run, bool debugged)
{
	int status = run->status;
	if (run->said_bye && (run->open >= 0 || debugged))
		return;
	if (WIFSIGNALED(status))
		set_ending(run, WTERMSIG(status) == SIGPROF ? ENDING_HANG :
			   ENDING_SIGNAL);
	else if (WEXITSTATUS(status) == SCENARIO_RUNNER_NO_CODE)
		set_ending(run, ENDING_NO_CODE);
	else if (WEXITSTATUS(status) == SCENARIO_RUNNER_LOST ||
		 WEXITSTATUS(status) == SCENARIO_RUNNER_NO_COMMAND)
		set_ending(run, run->ready ? ENDING_BROKEN_WIRE :
			   ENDING_GRADER);
	else
		set_ending(run, ENDING_EXIT);
}

/* Ends the run: RC is what pump said last, 0 when the process is gone. */
static void conclude(struct session *s, int rc)
{
	name_ending(current_run(s), rc);
	tell_worker(s, CONTROL_KILL);
	if (await_status(s) < 0) {
		give_up(s);
		return;
	}
	rc = empty_pipes(s);
	judge_status(current_run(s), s->patience_ms < 0);
	name_ending(current_run(s), rc);
}

/* --- one run -------------------------------------------------------------- */

/* Makes an empty scratch folder for the user that the scenario runner runs as. */
static int fresh_scratch(const char *path, const struct sandbox *sandbox)
{
	if (mkdir(path, 0700) < 0) {
		if (errno != EEXIST)
			return -errno;
		remove_tree(path);
		if (mkdir(path, 0700) < 0)
			return -errno;
	}
	return sandbox_give(sandbox, path);
}

int session_begin(struct session *s, struct plan plan, enum change change,
		  uint32_t change_offset)
{
	if (s->broken)
		return -EPIPE;
	release_run(&s->run);
	s->run.plan = plan;
	s->run.change = change;
	s->run.change_offset = change_offset;
	s->up.start = s->up.end = 0;
	s->number = 0;
	int rc = fresh_scratch(s->scratch, s->sandbox);
	if (rc < 0)
		return rc;
	char number[4][24];
	snprintf(number[0], 24, "%d", plan.mode);
	snprintf(number[1], 24, "%u", plan.point);
	snprintf(number[2], 24, "%d", change);
	snprintf(number[3], 24, "%u", change_offset);
	const char *const words[] = { s->scratch, number[0], number[1],
				      s->coverage, number[2], number[3] };
	rc = wire_order(s->orders, "run", words, 6);
	if (rc == 0)
		rc = await_worker(s, deadline_of(s), false);
	if (rc < 0)
		give_up(s);
	return rc;
}

/* A number that the code under test cannot guess, and not 0. */
static uint32_t draw_number(void)
{
	uint32_t number = 0;
	while (number == 0 &&
	       getrandom(&number, sizeof(number), 0) == sizeof(number))
		continue;
	return number;
}

/* An ask begins here. */
static void note_ask(struct run *run, const char *command)
{
	run->ask_struck = false;
	if (run->n_asks == ASKS_MAX)
		return;
	run->ask_step[run->n_asks] = run->ledger.steps;
	run->ask_came[run->n_asks] = false;
	snprintf(run->ask_command[run->n_asks++],
		 sizeof(run->ask_command[0]), "%s", command);
}

/* Keeps what the last ask was answered. */
static void note_answer(struct run *run, const struct answer *answer)
{
	size_t last = run->n_asks - 1;
	if (run->n_asks == 0 || run->ask_came[last])
		return;
	run->ask_came[last] = true;
	run->ask_value[last] = answer->value;
}

struct answer session_ask(struct session *s, const char *command,
			  const char *const arguments[], size_t n)
{
	struct answer answer = { 0 };
	char number[16];
	const char *words[WIRE_WORDS_MAX] = { number, command };
	for (size_t i = 0; i < n && i + 2 < WIRE_WORDS_MAX; i++)
		words[i + 2] = arguments[i];
	if (current_run(s)->ending != ENDING_ORDERLY || s->broken)
		return answer;
	note_ask(current_run(s), command);
	s->number = draw_number();
	snprintf(number, sizeof(number), "%u", s->number);
	int rc = wire_order(s->orders, "ask", words, n + 2);
	if (rc == 0)
		rc = await_answer(s, &answer);
	if (rc == 1)
		note_answer(current_run(s), &answer);
	else
		conclude(s, rc);
	return answer;
}

void session_end(struct session *s)
{
	if (current_run(s)->status == STATUS_NONE && !s->broken) {
		current_run(s)->over = true;
		int rc = wire_order(s->orders, "end", NULL, 0);
		if (rc == 0)
			rc = await_answer(s, NULL);
		if (rc == 0 && current_run(s)->said_bye)
			tell_worker(s, CONTROL_END);
		conclude(s, rc);
	}
	remove_tree(s->scratch);
}
