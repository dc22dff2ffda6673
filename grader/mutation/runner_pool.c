/* runner_pool.c - see runner_pool.h. */
#include "runner_pool.h"
#include "base/process_pool.h"
#include "sandbox/cell.h"
#include "base/limits.h"
#include "base/path.h"
#include "build/build.h"
#include "catalog/catalog.h"
#include "base/files.h"
#include "base/tree.h"
#include "protocol/test_runner.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

enum { LIBRARY_MAX = COMPILED_MAX, NAME_ROOM = 24, PROCESSES = 24 };

static const struct test_runner no_runner = {
	.process = PROCESS_NONE, .orders = -1, .results = { .fd = -1 },
	.version = -1,
};

/* Ends one runner; what was due of it stays undone. */
static void end_runner(struct test_runner *runner)
{
	process_end(&runner->process);
	if (runner->orders >= 0)
		close(runner->orders);
	if (runner->results.fd >= 0)
		close(runner->results.fd);
	*runner = no_runner;
}

/* Lets a runner end by itself: without orders to come, an idle one does. */
static void dismiss_runner(struct test_runner *runner)
{
	if (runner->orders >= 0)
		close(runner->orders);
	runner->orders = -1;
}

void runner_pool_close(struct runner_pool *pool)
{
	for (size_t i = 0; i < pool->n; i++)
		dismiss_runner(&pool->runner[i]);
	for (size_t i = 0; i < pool->n; i++) {
		if (pool->runner[i].due == 0)
			process_let_end(&pool->runner[i].process, LET_END_MS);
		end_runner(&pool->runner[i]);
	}
	pool->n = 0;
}

/* --- the shelf ------------------------------------------------------------------ */

/* Puts a copy of the library at PATH on the shelf; NULL becomes "-". */
static int shelve(const struct runner_pool *p, const char *path,
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

/* What a test runner is started with. */
struct start {
	char program[PATH_MAX], dir[PATH_MAX];
	const char *argv[2];
	struct cell cell;
};

/* Names the program, and makes a folder for it to work in. */
static int fill_call(const struct runner_pool *p, size_t number, struct start *start)
{
	const struct runner_pool_plan *plan = &p->plan;
	int rc = path_join(start->program, PATH_MAX, "%s/build/test_runner",
			   plan->root);
	if (rc == 0)
		rc = path_join(start->dir, PATH_MAX, "%s/tests.%zu", plan->work,
			       number);
	if (rc == 0)
		rc = make_folders(start->dir);
	return rc < 0 ? rc : sandbox_give(plan->sandbox, start->dir);
}

/* The cell of a runner. The folders of counters are in it only where there is no
 * other way: their names cannot be guessed. */
static void fill_cell(const struct runner_pool *p, struct start *start)
{
	const struct sandbox *sandbox = p->plan.sandbox;
	bool by_path = sandbox && sandbox->sort == SANDBOX_LANDLOCK;
	start->cell = (struct cell){
		.enclosure = CELL_ENCLOSURE,
		.sandbox = sandbox, .processes = PROCESSES, .own = true,
		.reads = { start->program, p->shelf },
		.writes = { start->dir, by_path ? p->plan.counters : NULL },
	};
	start->argv[0] = start->program;
	start->argv[1] = NULL;
}

/* Starts the program whose orders come from, and whose results go to, these ends
 * of pipes. */
static int start_program(const struct runner_pool *p, const struct start *start,
			 int orders, int results, struct process *ret_process)
{
	const int *folder = p->plan.counters_folder;
	struct program program = {
		.argv = start->argv, .dir = start->dir,
		.enclosure = p->plan.sandbox ? &start->cell.enclosure : NULL,
		.passed = { results, orders, folder[0], folder[1] },
		.n_passed = 2 + COUNTERS_FOLDERS,
		.limits = { .cpu_seconds = 30, .memory_bytes = 256 << 20,
			    .file_bytes = COMPILED_MAX,
			    .descriptors = DESCRIPTORS_NEEDED },
		.nice = p->plan.nice,
	};
	return process_start(&program, ret_process);
}

/* Starts a test runner with pipes both ways, or leaves it as it was. */
static int start_runner(const struct runner_pool *p, size_t number,
			struct test_runner *runner)
{
	struct start start;
	struct test_runner started = no_runner;
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
		end_runner(&started);
	else
		*runner = started;
	return rc;
}

int runner_pool_open(const struct runner_pool_plan *plan, struct runner_pool *ret_pool)
{
	struct runner_pool *p = ret_pool;
	int rc = path_join(p->shelf, PATH_MAX, "%s/shelf", plan->work);
	if (rc == 0)
		rc = make_folders(p->shelf);
	p->plan = *plan;
	p->n = jobs_here();
	for (size_t i = 0; i < RUNNERS_MAX; i++)
		p->runner[i] = no_runner;
	for (size_t i = 0; rc == 0 && i < p->n; i++)
		rc = start_runner(p, i, &p->runner[i]);
	if (rc < 0)
		runner_pool_close(p);
	return rc;
}

/* --- orders ------------------------------------------------------------------------ */

/* The test runner that has least to do; one that was given up is started again. */
static int choose(struct runner_pool *p, struct test_runner **ret_runner)
{
	size_t least = 0;
	for (size_t i = 1; i < p->n; i++)
		if (p->runner[i].due < p->runner[least].due)
			least = i;
	*ret_runner = &p->runner[least];
	return p->runner[least].orders >= 0 ? 0 :
	       start_runner(p, least, &p->runner[least]);
}

/* Puts on the shelf what all versions need, once. */
static int shelve_shared(struct runner_pool *p)
{
	if (p->tests[0])
		return 0;
	int rc = shelve(p, p->plan.wrap, p->wrap);
	return rc < 0 ? rc : shelve(p, p->plan.tests, p->tests);
}

int runner_pool_order(struct runner_pool *pool, size_t number,
		  const struct version_order *order)
{
	char subject[PATH_MAX], support[PATH_MAX], text[4][24];
	struct test_runner *runner = NULL;
	int rc = shelve_shared(pool);
	if (rc == 0)
		rc = shelve(pool, order->subject, subject);
	if (rc == 0)
		rc = shelve(pool, order->support, support);
	if (rc == 0)
		rc = choose(pool, &runner);
	if (rc != 0)
		return rc;
	snprintf(text[0], 24, "%zu", number);
	snprintf(text[1], 24, "%d", order->counters < 0 ? -1 :
		 TEST_RUNNER_COUNTERS + order->counters);
	snprintf(text[2], 24, "%d", (int)order->change);
	snprintf(text[3], 24, "%u", order->offset);
	const char *words[] = { text[0], pool->tests, pool->wrap, subject,
				support, text[1], text[2], text[3], order->skip,
				order->stop ? "1" : "0", order->told ? "1" : "0",
				order->only ? order->only : "-" };
	runner->due++;
	return wire_order(runner->orders, "version", words,
			  sizeof(words) / sizeof(*words));
}

/* --- results ------------------------------------------------------------------------ */

/* Who hears the lines. */
struct hearing {
	runner_pool_heard *heard;
	void *data;
};

/* Takes one line. A test runner holds no code of the learner's and writes the first
 * and last line about each version itself. */
static int take_line(struct test_runner *runner, char *line,
		     const struct hearing *hearing)
{
	struct words words;
	long long number;
	if (wire_split(line, &words) < 0 || words.n < 2)
		return -EPROTO;
	if (strcmp(words.word[0], "version") == 0) {
		if (wire_number(words.word[1], &number) < 0 || number < 0)
			return -EPROTO;
		runner->version = (long)number;
		return 0;
	}
	if (runner->version < 0)
		return -EPROTO;
	hearing->heard((size_t)runner->version, &words, hearing->data);
	if (strcmp(words.word[0], "ended") == 0 && runner->due > 0)
		runner->due--;
	return 0;
}

/* Takes all that waits; a test runner that is gone, or speaks otherwise than it ought
 * to, is given up. */
static void take_lines(struct test_runner *runner, const struct hearing *hearing)
{
	char *line;
	int rc = wire_fill(&runner->results);
	bool gone = rc <= 0 && rc != -EAGAIN;
	while (!gone && (rc = wire_next(&runner->results, &line)) != 0)
		gone = rc < 0 || take_line(runner, line, hearing) < 0;
	if (gone)
		end_runner(runner);
}

/* Waits for the next results of any test runner: how many have something due,
 * 0 when all is done; -ETIME at the deadline. */
static int pump(struct runner_pool *p, long deadline, const struct hearing *hearing)
{
	struct pollfd polled[RUNNERS_MAX];
	int due = 0;
	long left = deadline - monotonic_ms();
	for (size_t i = 0; i < p->n; i++) {
		bool waits = p->runner[i].due > 0;
		polled[i] = (struct pollfd){ .events = POLLIN,
			.fd = waits ? p->runner[i].results.fd : -1 };
		due += waits;
	}
	if (due == 0)
		return 0;
	if (left <= 0 || poll(polled, p->n, (int)left) <= 0)
		return errno == EINTR && left > 0 ? due : -ETIME;
	for (size_t i = 0; i < p->n; i++)
		if (polled[i].revents)
			take_lines(&p->runner[i], hearing);
	return due;
}

int runner_pool_collect(struct runner_pool *pool, int milliseconds,
		    runner_pool_heard *heard, void *data)
{
	struct hearing hearing = { heard, data };
	long deadline = monotonic_ms() + milliseconds;
	int rc;
	do
		rc = pump(pool, deadline, &hearing);
	while (rc > 0);
	for (size_t i = 0; i < pool->n; i++)
		if (pool->runner[i].due > 0)
			end_runner(&pool->runner[i]);
	return rc == -ETIME ? 0 : rc;
}
