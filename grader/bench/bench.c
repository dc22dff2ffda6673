/* bench.c - what a verdict costs, as ratios taken in one run.
 *
 * Each pair is taken in turns, so that both sides meet the same machine; the
 * figure is the ratio of the medians. Only the ratios mean anything elsewhere.
 */
#include "sandbox/cell.h"
#include "tree.h"
#include "base/path.h"
#include "build/build.h"
#include "base/temporary.h"
#include "base/tree.h"
#include "oracle/fault_sweep.h"
#include "sandbox/sandbox.h"
#include "grading/workspace.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TURNS = 15, OUTPUT_KEPT = 4 << 20 };

static char root[PATH_MAX], work[PATH_MAX];
static int broken;			/* bounds that do not hold */

/* --- measuring ------------------------------------------------------------------ */

static double now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Ends the bench: what it stands on is not there. */
static void give_up(const char *what, int rc)
{
	fprintf(stderr, "bench: %s: %s\n", what, strerror(-rc));
	remove_own_folder(work);
	exit(3);
}

/* How long a shell command takes, in ms; it must succeed. */
static double time_command(const char *command)
{
	const char *const argv[] = { "sh", "-c", command, NULL };
	struct program program = { .argv = argv, .output_max = OUTPUT_KEPT };
	struct ended ended;
	double start = now_ms();
	int rc = process_run(&program, &ended);
	double took = now_ms() - start;
	if (rc < 0 || !ended_well(&ended)) {
		fprintf(stderr, "%s", rc < 0 ? "" : ended.err);
		give_up(command, rc < 0 ? rc : -ECHILD);
	}
	ended_release(&ended);
	return took;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double median(double times[], size_t n)
{
	qsort(times, n, sizeof(*times), by_size);
	return times[n / 2];
}

/* One line of the table, held against its bound; 0 means that there is none. */
static void row(const char *what, double ratio, double bound, const char *note)
{
	printf("%-52s %7.2f  ", what, ratio);
	if (bound > 0)
		printf("%5.2f or less  %s", bound, ratio <= bound ? "holds" :
		       "DOES NOT HOLD");
	printf("%s%s\n", bound > 0 ? "  " : "", note);
	broken += bound > 0 && ratio > bound;
}

/* The ratio of the medians of two commands, run in turns. */
static void compare(const char *what, const char *ours, const char *theirs,
		    double bound)
{
	double a[TURNS] = { 0 }, b[TURNS] = { 0 };
	char note[64];
	for (int i = 0; i < TURNS; i++) {
		a[i] = time_command(ours);
		b[i] = time_command(theirs);
	}
	double x = median(a, TURNS), y = median(b, TURNS);
	snprintf(note, sizeof(note), "(%.0f ms / %.0f ms)", x, y);
	row(what, x / y, bound, note);
}

/* --- the whole verdict ------------------------------------------------------------- */

/* Makes an empty program; the command that runs it under valgrind. */
static void make_empty(char valgrind[PATH_MAX + 64])
{
	char compile[4 * PATH_MAX];
	snprintf(compile, sizeof(compile), "echo 'int main(void){return 0;}' "
		 ">%s/empty.c && gcc %s/empty.c -o %s/empty", work, work, work);
	time_command(compile);
	snprintf(valgrind, PATH_MAX + 64, "valgrind -q --command-line-only=yes "
		 "%s/empty", work);
}

/* The command for the verdict on our solution of ID. */
static void command_for(const char *id, char ret_command[4 * PATH_MAX])
{
	snprintf(ret_command, 4 * PATH_MAX, "%s/build/brakes grade %s --from "
		 "%s/solutions --format json >%s/verdict", root, id, root, work);
}

/* What the confinement costs: the verdict on 08 in each sandbox that works here,
 * against the same with limits alone. */
static void compare_sandboxes(char ours[4 * PATH_MAX])
{
	char confined[4 * PATH_MAX + 64], bare[4 * PATH_MAX + 64], what[128];
	command_for("08_recorder", ours);
	snprintf(bare, sizeof(bare), "%s --sandbox limits", ours);
	for (int sort = SANDBOX_SORTS - 1; sort > SANDBOX_LIMITS; sort--) {
		struct sandbox sandbox;
		char *why = NULL;
		const char *name = sandbox_name((enum sandbox_sort)sort);
		if (sandbox_choose(root, name, work, &sandbox, &why) < 0) {
			printf("%s\n", why ? why : name);
			free(why);
			continue;
		}
		snprintf(confined, sizeof(confined), "%s --sandbox %s", ours,
			 name);
		snprintf(what, sizeof(what), "the verdict on 08 in %s / with "
			 "limits alone", name);
		compare(what, confined, bare, 1.15);
	}
}

/* How many valgrind runs of nothing the verdict on E may take. One that has stages is the
 * capstone, and larger. */
static double bound_of(const struct exercise *e)
{
	if (strcmp(e->id, "08_recorder") == 0)
		return 0.5;
	if (strcmp(e->id, "13_prove") == 0)
		return 0.8;
	return e->stages.n ? 10 : 1;
}

/* The verdict on each exercise. That on 08 is held against its own compilation too. */
static void compare_verdicts(const struct catalog *catalog)
{
	char valgrind[PATH_MAX + 64], ours[4 * PATH_MAX], what[128];
	char compile[4 * PATH_MAX];
	make_empty(valgrind);
	for (size_t i = 0; i < catalog->n; i++) {
		const struct exercise *e = &catalog->exercises[i];
		command_for(e->id, ours);
		time_command(ours);
		snprintf(what, sizeof(what), "the verdict on %.2s / one "
			 "valgrind run of nothing", e->id);
		compare(what, ours, valgrind, bound_of(e));
	}
	compare_sandboxes(ours);
	command_for("08_recorder", ours);
	snprintf(compile, sizeof(compile), "cd %s/solutions/08_recorder && gcc "
		 "-g -I../../grader/exercises/08_recorder/starter -I../../grader/include "
		 "-fPIC -shared recorder.c send.c test_recorder.c "
		 "-o %s/learner.so", root, work);
	compare("the verdict on 08 / compiling and linking it once", ours,
		compile, 4);
}

/* --- memory and processors ---------------------------------------------------- */

/* Watches one verdict on our solution of exercise 08. */
static void watch_verdict(struct tree *ret_tree)
{
	char program[PATH_MAX + 16], from[PATH_MAX + 16];
	snprintf(program, sizeof(program), "%s/build/brakes", root);
	snprintf(from, sizeof(from), "%s/solutions", root);
	pid_t pid = fork();
	if (pid == 0) {
		if (!freopen("/dev/null", "w", stdout))
			_exit(1);
		execl(program, program, "grade", "08", "--from", from, "--format",
		      "json", (char *)NULL);
		_exit(127);
	}
	tree_watch(pid, ret_tree);
}

/* The peak of memory over one verdict, and where the time of the processors goes. */
static void tell_parts(void)
{
	double part[TREE_PARTS] = { 0 }, all = 0;
	struct tree tree = { .peak_mb = 0 };
	for (int turn = 0; turn < TURNS; turn++) {
		watch_verdict(&tree);
		for (int i = 0; i < TREE_PARTS; i++) {
			part[i] += tree.part_ms[i] / TURNS;
			all += tree.part_ms[i] / TURNS;
		}
	}
	row("peak memory of all processes of that one, MB", tree.peak_mb, 150, "");
	puts("Processor time of the verdict on 08 by part, of all of it:");
	for (int i = 0; tree_parts[i]; i++)
		printf("  %-50s %7.2f  (%.0f ms)\n", tree_parts[i],
		       all > 0 ? part[i] / all : 0, part[i]);
}

/* --- the sweep ------------------------------------------------------------------------------ */

static int steps_n;
static long steps_work;

START_TEST(steps)
{
	struct answer a = ask("steps_run", "il", steps_n, steps_work);
	demand("none", a.faulted ? a.value < 0 : a.value == 0, "it said %ld",
	       a.value);
}
END_TEST

/* Builds the code that is swept. */
static void build_steps(struct exercise *e, struct library *l)
{
	snprintf(e->id, sizeof(e->id), "bench");
	e->subject = (struct names){ { "steps.c" }, 1 };
	e->exports = (struct names){ { "steps_run" }, 1 };
	*l = (struct library){ .part = PART_SUBJECT, .files = &e->subject };
	path_join(l->source, PATH_MAX, "%s/grader/bench", root);
	path_join(l->objects, PATH_MAX, "%s/objects", work);
	path_join(l->path, PATH_MAX, "%s/steps.so", work);
	int rc = make_folders(l->objects);
	if (rc == 0)
		rc = build_libraries(root, e, NULL, l, 1);
	if (rc < 0 || l->failed)
		give_up(l->failed ? l->diagnostics : "steps.c", rc);
}

/* The time of a whole sweep: both modes of each of N faults, in ms. */
static double time_sweep(const struct exercise *e, const struct library *l,
			 int n, long microseconds)
{
	struct workspace shop = { .root = root, .exercise = e };
	struct trial trial;
	struct assignment assignment = { .subject = l->path, .sweep = true,
					 .seed = 1 };
	snprintf(shop.built, sizeof(shop.built), "%.4000s/build/bench", root);
	snprintf(shop.work, sizeof(shop.work), "%s", work);
	suite_add(&shop.suite, steps, "steps", SWEPT);
	steps_n = n;
	steps_work = microseconds;
	int rc = trial_open(&shop, &assignment, &trial);
	if (rc < 0)
		give_up("the scenario runner", rc);
	trial.judging.sweep_ms = 600000;
	double start = now_ms();
	rc = judge(&trial.judging, &shop.suite);
	double took = now_ms() - start;
	const struct scenario *s = &shop.suite.scenarios[0];
	if (rc < 0 || s->wrong || s->dirty || s->points != (unsigned)n)
		give_up("the sweep", rc < 0 ? rc : -EPROTO);
	trial_close(&trial);
	suite_release(&shop.suite);
	return took;
}

/* N bare forks, each waited for, in ms. */
static double time_forks(int n)
{
	double start = now_ms();
	for (int i = 0; i < n; i++) {
		pid_t pid = fork();
		if (pid == 0)
			_exit(0);
		if (pid > 0)
			waitpid(pid, NULL, 0);
	}
	return now_ms() - start;
}

/* One row: the sweep of N calls against 2N bare forks. */
static void compare_sweep(const struct exercise *e, const struct library *l,
			  int n, long microseconds, double bound)
{
	int turns = n >= 1000 ? 1 : 5;
	double a[5] = { 0 }, b[5] = { 0 };
	char what[128], note[64];
	for (int i = 0; i < turns; i++) {
		a[i] = time_sweep(e, l, n, microseconds);
		b[i] = time_forks(2 * n);
	}
	double x = median(a, (size_t)turns), y = median(b, (size_t)turns);
	snprintf(what, sizeof(what), "sweep of %d calls%s / %d bare forks", n,
		 microseconds ? ", 0.1 ms of work each" : "", 2 * n);
	snprintf(note, sizeof(note), "(%.0f ms / %.0f ms)", x, y);
	row(what, x / y, bound, note);
}

static void compare_sweeps(void)
{
	static struct exercise e;
	static struct library l;
	build_steps(&e, &l);
	compare_sweep(&e, &l, 10, 0, 0);
	compare_sweep(&e, &l, 100, 0, 6);
	compare_sweep(&e, &l, 1000, 0, 0);
	compare_sweep(&e, &l, 10, 100, 0);
	compare_sweep(&e, &l, 100, 100, 0);
	compare_sweep(&e, &l, 1000, 100, 0);
	libraries_release(&l, 1);
}

/* --- the table -------------------------------------------------------------------------------- */

/* The first line that a command prints. */
static void print_version(const char *command)
{
	char line[256];
	FILE *in = popen(command, "re");
	if (in && fgets(line, sizeof(line), in))
		printf("  %s", line);
	if (in)
		pclose(in);
}

static void print_machine(void)
{
	struct utsname name;
	if (uname(&name) == 0)
		printf("  %s %s %s, %ld processors\n", name.sysname, name.release,
		       name.machine, sysconf(_SC_NPROCESSORS_ONLN));
	print_version("sed -n 's/^model name[^:]*: //p' /proc/cpuinfo");
	print_version("gcc --version");
	print_version("valgrind --version");
	print_version("gcovr --version");
	print_version("echo Check $(pkg-config --modversion check)");
	putchar('\n');
}

int main(void)
{
	struct catalog catalog = { .n = 0 };
	char *why = NULL;
	int rc = workbook_root(root, sizeof(root));
	char *slash = strrchr(root, '/');
	if (rc == 0 && slash && strcmp(slash, "/build") == 0)
		*slash = '\0';
	if (rc == 0)
		rc = make_own_folder(work, sizeof(work));
	if (rc == 0)
		rc = catalog_read(root, &catalog, &why);
	if (rc < 0)
		give_up(why ? why : "the workbook", rc);
	setvbuf(stdout, NULL, _IOLBF, 0);
	puts("Ratios of medians, both sides taken in turns in one run. Machine:");
	print_machine();
	compare_verdicts(&catalog);
	tell_parts();
	compare_sweeps();
	catalog_release(&catalog);
	remove_own_folder(work);
	return broken ? 1 : 0;
}
