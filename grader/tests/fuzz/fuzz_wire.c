/* fuzz_wire.c - whatever comes up from a scenario runner, the judge's session comes to
 * the end of its run, and the run can be told.
 *
 * The bytes are pieces with a ~ between them. The first letter of a piece says
 * what the judge does, or which pipe the rest of the piece goes into:
 *
 *	u...	the pipe of answers and events
 *	s...	the pipe in which the scenario runner tells of its child
 *	p...	what the code under test prints
 *	b	a run begins
 *	a	a command is asked
 *	e	the run is ended
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "fuzz.h"
#include "../drawn.h"
#include "oracle/session.h"
#include "oracle/findings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whose debug information the story is told with: any library will do. */
#define WIRE_LIBRARY "build/exercises/00_start/driver.so"

/* A judge with nobody but us at the other ends of its pipes. */
struct wire_stage {
	struct session session;
	int up, status, out;
	unsigned acts;
};

/* The judge kills by number only what it has started itself, and it has started
 * nothing here: from here on nobody can be killed, whatever the bytes lead to.
 * Source: seccomp(2). */
static void wire_deny_kill(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_kill, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ESRCH),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(code) / sizeof(*code), code };
	require(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	require(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0);
}

/* What happens once in a process; returns the places of WIRE_LIBRARY. */
static const struct debug_info *wire_begin(void)
{
	static const char *const paths[SITE_MODULES] = { WIRE_LIBRARY };
	static struct debug_info *sites;
	if (!sites) {
		wire_deny_kill();
		signal(SIGPIPE, SIG_IGN);
		require(debug_info_open(paths, &sites) == 0);
	}
	return sites;
}

/* A pipe that nobody waits for: its end for reading, and *ret_end. */
static int wire_pipe(int *ret_end)
{
	int ends[2];
	require(pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0);
	*ret_end = ends[1];
	return ends[0];
}

static void wire_open(struct wire_stage *stage)
{
	struct session *s = &stage->session;
	memset(stage, 0, sizeof(*stage));
	s->orders = open("/dev/null", O_WRONLY | O_CLOEXEC);
	s->control = open("/dev/null", O_WRONLY | O_CLOEXEC);
	s->up.fd = wire_pipe(&stage->up);
	s->status.fd = wire_pipe(&stage->status);
	s->process.out = wire_pipe(&stage->out);
	s->process.err = -1;
	s->run.status = STATUS_NONE;
	s->run.open = -1;
	snprintf(s->room, sizeof(s->room), "%s", fuzz_own_folder());
	snprintf(s->scratch, sizeof(s->scratch), "%.*s/scratch", PATH_MAX - 16,
		 fuzz_own_folder());
}

/* The run is over: whatever came up, it holds together and can be told. */
static void wire_tell(const struct session *s)
{
	const struct run *run = &s->run;
	const struct telling telling = { .run = run, .sites = wire_begin(),
					 .scenario = "any" };
	require(run->status != STATUS_NONE || run->ending != ENDING_ORDERLY);
	require(run->ledger.n <= 2 * run->n_steps);
	require(run->n_trace <= TRACE_MAX && run->n_asks <= ASKS_MAX);
	for (size_t i = 0; i < run->n_steps; i++)
		require(run->steps[i].fault_point <= STEPS_MAX);
	json_t *story = findings_tell(&telling);
	require(story || run->ending == ENDING_ORDERLY);
	require(!story || json_is_string(json_object_get(story, "message")));
	json_decref(story);
	json_decref(findings_exit(&telling));
	char *steps = findings_steps(&telling);
	require(steps != NULL);
	free(steps);
	fuzz_taken += run->n_steps;
}

/* Asks; what does not answer has ended, and not in order. */
static void wire_ask(struct session *s)
{
	static const char *const words[] = { "one word", "" };
	struct answer answer = session_ask(s, "ask", words, 2);
	fuzz_taken += answer.came;
	require(answer.came || s->broken || s->run.over ||
		s->run.ending != ENDING_ORDERLY);
	for (size_t i = 0; answer.came && i < answer.n; i++)
		require(memchr(answer.text[i], '\0', WIRE_LINE_MAX));
}

/* Does what the letter of a piece says: acts are few, for they cost time. */
static void wire_act(struct session *s, char letter)
{
	static const struct plan plan = { .mode = FAULT_ONCE, .point = 1 };
	if (letter == 'b' && session_begin(s, plan, CHANGE_NONE, 0) == 0)
		fuzz_taken++;
	else if (letter == 'a')
		wire_ask(s);
	else if (letter == 'e')
		session_end(s);
}

/* Plays one piece. A pipe that is full takes no more. */
static void wire_play(struct wire_stage *stage, const uint8_t *piece, size_t n)
{
	const int to = piece[0] == 'u' ? stage->up :
		       piece[0] == 's' ? stage->status :
		       piece[0] == 'p' ? stage->out : -1;
	if (to >= 0 && write(to, piece + 1, n - 1) >= 0)
		return;
	if (to < 0 && stage->acts++ < 32)
		wire_act(&stage->session, (char)piece[0]);
}

static void wire_close(struct wire_stage *stage)
{
	close(stage->up);
	close(stage->status);
	close(stage->out);
	session_end(&stage->session);
	wire_tell(&stage->session);
	session_close(&stage->session);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct wire_stage stage;
	const uint8_t *end = data + size;
	wire_begin();
	wire_open(&stage);
	while (data < end) {
		const uint8_t *stop = memchr(data, '~', (size_t)(end - data));
		if (!stop)
			stop = end;
		if (stop > data)
			wire_play(&stage, data, (size_t)(stop - data));
		data = stop < end ? stop + 1 : end;
	}
	wire_close(&stage);
	return 0;
}
