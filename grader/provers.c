/* provers.c - see provers.h. */
#include "provers.h"
#include "build.h"
#include "catalog.h"
#include "folder.h"
#include "worker/prover.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

enum { LIBRARY_MAX = 64 << 20, NAME_ROOM = 24, PROCESSES = 24 };

static const struct prover no_prover = {
	.process = PROCESS_NONE, .orders = -1, .results = { .fd = -1 },
	.version = -1,
};

/* Ends one prover; what was due of it stays undone. */
static void end_prover(struct prover *prover)
{
	spawn_end(&prover->process);
	if (prover->orders >= 0)
		close(prover->orders);
	if (prover->results.fd >= 0)
		close(prover->results.fd);
	*prover = no_prover;
}

void provers_close(struct provers *provers)
{
	for (size_t i = 0; i < provers->n; i++)
		end_prover(&provers->prover[i]);
	provers->n = 0;
}

/* --- the shelf ------------------------------------------------------------------ */

/* Puts a copy of the library at PATH on the shelf; NULL becomes "-". */
static int shelve(const struct provers *p, const char *path,
		  char ret_path[PATH_MAX])
{
	unsigned long long random = 0;
	char name[NAME_ROOM];
	if (!path) {
		strcpy(ret_path, "-");
		return 0;
	}
	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		return -errno;
	snprintf(name, sizeof(name), "%016llx.so", random);
	int rc = path_join(ret_path, PATH_MAX, "%s/%s", p->shelf, name);
	return rc < 0 ? rc : copy_file(path, ret_path, LIBRARY_MAX);
}

/* --- starting -------------------------------------------------------------------- */

/* What a prover is started with. */
struct start {
	char program[PATH_MAX], dir[PATH_MAX];
	const char *argv[2];
	struct cell cell;
};

/* Names the program, and makes a folder for it to work in. */
static int fill_call(const struct provers *p, size_t number, struct start *start)
{
	const struct provers_plan *plan = &p->plan;
	int rc = path_join(start->program, PATH_MAX, "%s/build/prover",
			   plan->root);
	if (rc == 0)
		rc = path_join(start->dir, PATH_MAX, "%s/tests.%zu", plan->work,
			       number);
	if (rc == 0)
		rc = make_folders(start->dir);
	return rc < 0 ? rc : sandbox_give(plan->sandbox, start->dir);
}

/* The cell of a prover. The folders of counters are in it only where there is no
 * other way: their names cannot be guessed. */
static void fill_cell(const struct provers *p, struct start *start)
{
	const struct sandbox *sandbox = p->plan.sandbox;
	bool by_path = sandbox && sandbox->sort == SANDBOX_LANDLOCK;
	start->cell = (struct cell){
		.sandbox = sandbox, .processes = PROCESSES, .own = true,
		.reads = { start->program, p->shelf },
		.writes = { start->dir, by_path ? p->plan.counters : NULL },
	};
	start->argv[0] = start->program;
	start->argv[1] = NULL;
}

/* Starts the program whose orders come from, and whose results go to, these ends
 * of pipes. */
static int start_program(const struct provers *p, const struct start *start,
			 int orders, int results, struct process *ret_process)
{
	const int *folder = p->plan.counters_folder;
	struct program program = {
		.argv = start->argv, .dir = start->dir,
		.cell = p->plan.sandbox ? &start->cell : NULL,
		.passed = { results, orders, folder[0], folder[1] },
		.n_passed = 2 + COUNTERS_FOLDERS,
		.limits = { .cpu_seconds = 30, .memory_bytes = 256 << 20,
			    .file_bytes = 64 << 20, .descriptors = 256 },
		.nice = p->plan.nice,
	};
	return spawn_start(&program, ret_process);
}

/* Starts a prover with pipes both ways, or leaves it as it was. */
static int start_prover(const struct provers *p, size_t number,
			struct prover *prover)
{
	struct start start;
	struct prover started = no_prover;
	int orders[2], results[2];
	int rc = fill_call(p, number, &start);
	if (rc < 0)
		return rc;
	fill_cell(p, &start);
	if (pipe2(orders, O_CLOEXEC) < 0)
		return -errno;
	started.orders = orders[1];
	rc = pipe2(results, O_CLOEXEC | O_NONBLOCK) < 0 ? -errno : 0;
	if (rc == 0) {
		started.results.fd = results[0];
		fcntl(results[1], F_SETFL, 0);
		rc = start_program(p, &start, orders[0], results[1],
				   &started.process);
		close(results[1]);
	}
	close(orders[0]);
	if (rc < 0)
		end_prover(&started);
	else
		*prover = started;
	return rc;
}

int provers_open(const struct provers_plan *plan, struct provers *ret_provers)
{
	struct provers *p = ret_provers;
	int rc = path_join(p->shelf, PATH_MAX, "%s/shelf", plan->work);
	if (rc == 0)
		rc = make_folders(p->shelf);
	p->plan = *plan;
	p->n = jobs_here();
	for (size_t i = 0; i < PROVERS_MAX; i++)
		p->prover[i] = no_prover;
	for (size_t i = 0; rc == 0 && i < p->n; i++)
		rc = start_prover(p, i, &p->prover[i]);
	if (rc < 0)
		provers_close(p);
	return rc;
}

/* --- orders ------------------------------------------------------------------------ */

/* The prover that has least to do, started anew if it was given up. */
static int choose(struct provers *p, struct prover **ret_prover)
{
	size_t least = 0;
	for (size_t i = 1; i < p->n; i++)
		if (p->prover[i].due < p->prover[least].due)
			least = i;
	*ret_prover = &p->prover[least];
	return p->prover[least].orders >= 0 ? 0 :
	       start_prover(p, least, &p->prover[least]);
}

/* Puts on the shelf what all versions need, once. */
static int shelve_shared(struct provers *p)
{
	if (p->tests[0])
		return 0;
	int rc = shelve(p, p->plan.wrap, p->wrap);
	return rc < 0 ? rc : shelve(p, p->plan.tests, p->tests);
}

int provers_order(struct provers *provers, size_t number,
		  const struct version_order *order)
{
	char subject[PATH_MAX], support[PATH_MAX], text[4][24];
	char line[WIRE_LINE_MAX], *at = stpcpy(line, "version");
	const char *end = line + sizeof(line) - 2;
	struct prover *prover = NULL;
	int rc = shelve_shared(provers);
	if (rc == 0)
		rc = shelve(provers, order->subject, subject);
	if (rc == 0)
		rc = shelve(provers, order->support, support);
	if (rc == 0)
		rc = choose(provers, &prover);
	if (rc < 0)
		return rc;
	snprintf(text[0], 24, "%zu", number);
	snprintf(text[1], 24, "%d", order->counters < 0 ? -1 :
		 PROVER_COUNTERS + order->counters);
	snprintf(text[2], 24, "%d", (int)order->change);
	snprintf(text[3], 24, "%u", order->offset);
	const char *words[] = { text[0], provers->tests, provers->wrap, subject,
				support, text[1], text[2], text[3], order->skip,
				order->stop ? "1" : "0" };
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		at = wire_put(at, (size_t)(end - at), words[i]);
	*at++ = '\n';
	prover->due++;
	return wire_send(prover->orders, line, (size_t)(at - line));
}

/* --- results ------------------------------------------------------------------------ */

/* Who hears the lines. */
struct hearing {
	provers_heard *heard;
	void *data;
};

/* Takes one line. A prover holds no code of the learner's and writes the first
 * and last line about each version itself. */
static int take_line(struct prover *prover, char *line,
		     const struct hearing *hearing)
{
	struct words words;
	long long number;
	if (wire_split(line, &words) < 0 || words.n < 2)
		return -EPROTO;
	if (strcmp(words.word[0], "version") == 0) {
		if (wire_number(words.word[1], &number) < 0 || number < 0)
			return -EPROTO;
		prover->version = (long)number;
		return 0;
	}
	if (prover->version < 0)
		return -EPROTO;
	hearing->heard((size_t)prover->version, &words, hearing->data);
	if (strcmp(words.word[0], "ended") == 0 && prover->due > 0)
		prover->due--;
	return 0;
}

/* Takes all that waits; a prover that is gone, or speaks otherwise than it ought
 * to, is given up. */
static void take_lines(struct prover *prover, const struct hearing *hearing)
{
	char *line;
	int rc = wire_fill(&prover->results);
	bool gone = rc <= 0 && rc != -EAGAIN;
	while (!gone && (rc = wire_next(&prover->results, &line)) != 0)
		gone = rc < 0 || take_line(prover, line, hearing) < 0;
	if (gone)
		end_prover(prover);
}

/* Waits for the next results of any prover: how many provers have something due,
 * 0 when all is done; -ETIME at the deadline. */
static int pump(struct provers *p, long deadline, const struct hearing *hearing)
{
	struct pollfd polled[PROVERS_MAX];
	int due = 0;
	long left = deadline - spawn_now();
	for (size_t i = 0; i < p->n; i++) {
		bool waits = p->prover[i].due > 0;
		polled[i] = (struct pollfd){ .events = POLLIN,
			.fd = waits ? p->prover[i].results.fd : -1 };
		due += waits;
	}
	if (due == 0)
		return 0;
	if (left <= 0 || poll(polled, p->n, (int)left) <= 0)
		return errno == EINTR && left > 0 ? due : -ETIME;
	for (size_t i = 0; i < p->n; i++)
		if (polled[i].revents)
			take_lines(&p->prover[i], hearing);
	return due;
}

int provers_collect(struct provers *provers, int milliseconds,
		    provers_heard *heard, void *data)
{
	struct hearing hearing = { heard, data };
	long deadline = spawn_now() + milliseconds;
	int rc;
	do
		rc = pump(provers, deadline, &hearing);
	while (rc > 0);
	for (size_t i = 0; i < provers->n; i++)
		if (provers->prover[i].due > 0)
			end_prover(&provers->prover[i]);
	return rc == -ETIME ? 0 : rc;
}
