/* test_tampering.c - what code in the scenario runner does to be taken for something else, or
 * to stop the judge, is a finding with a name, and the next run goes well.
 *
 * The code under test does what its first argument says. Each test runs once in
 * each sort of cell that works here.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include "sandbox/cell.h"
#include "cells.h"
#include "build/build.h"
#include "oracle/findings.h"
#include "protocol/scenario_runner.h"

enum { PROCESSES = 16, AT_ONCE_MS = 1500, GOOD = 42 };

static struct exercise exercise = {
	.id = "planted",
	.subject = { { "code.c" }, 1 },
	.exports = { { "copy_line" }, 1 },
};

/* Its calls are made past the stubs. With AS_IT_IS_LOADED it says what that is
 * before anything was asked. */
static const char code[] =
	"#include <fcntl.h>\n#include <signal.h>\n#include <stdlib.h>\n"
	"#include <string.h>\n#include <sys/syscall.h>\n"
	"#include <sys/stat.h>\n#include <unistd.h>\n"
	"static void say(const char *line)\n{\n"
	"\tsyscall(SYS_write, 4, line, strlen(line));\n}\n"
	"static void fill(const char *word)\n{\n"
	"\tstatic char mebibyte[1 << 20];\n"
	"\tchar name[] = \"file00\";\n"
	"\tfor (int i = 0; i < 40; i++) {\n"
	"\t\tname[4] = '0' + i / 10;\n\t\tname[5] = '0' + i % 10;\n"
	"\t\tint fd = syscall(SYS_openat, AT_FDCWD, name,\n"
	"\t\t\t\t O_WRONLY | O_CREAT, 0600);\n"
	"\t\tsyscall(SYS_write, fd, mebibyte, sizeof(mebibyte));\n"
	"\t\tsyscall(SYS_close, fd);\n\t}\n"
	"\tfor (;;) {\n"
	"\t\tsyscall(SYS_write, 1, word, strlen(word));\n"
	"\t\tusleep(5000);\n\t}\n}\n"
	"#ifdef AS_IT_IS_LOADED\n"
	"__attribute__((constructor)) static void begin(void)\n{\n"
	"\tsay(AS_IT_IS_LOADED);\n}\n"
	"#endif\n"
	"int copy_line(const char *deed, const char *word)\n{\n"
	"\tif (strcmp(deed, \"say\") == 0) {\n"
	"\t\tsay(word);\n\t\tsay(\"\\n\");\n\t}\n"
	"\tif (strcmp(deed, \"say and leave\") == 0) {\n"
	"\t\tsay(word);\n\t\tsay(\"\\n\");\n\t\t_exit(0);\n\t}\n"
	"\tif (strcmp(deed, \"say and stop\") == 0) {\n"
	"\t\tsay(word);\n\t\tsay(\"\\n\");\n\t\traise(SIGSTOP);\n\t}\n"
	"\tif (strcmp(deed, \"stop\") == 0)\n\t\traise(SIGSTOP);\n"
	"\tif (strcmp(deed, \"open\") == 0)\n"
	"\t\tsyscall(SYS_openat, AT_FDCWD, \".\", O_RDONLY);\n"
	"\tif (strcmp(deed, \"fill\") == 0)\n\t\tfill(word);\n"
	"\tif (strcmp(deed, \"kill the scenario runner\") == 0)\n"
	"\t\tkill(getppid(), SIGKILL);\n"
	"\tif (strcmp(deed, \"stop the scenario runner\") == 0)\n"
	"\t\tkill(getppid(), SIGSTOP);\n"
	"\tif (strcmp(deed, \"leave a child\") == 0 && fork() == 0) {\n"
	"\t\tsetsid();\n\t\tsleep(60);\n\t\t_exit(0);\n\t}\n"
	"\tif (strcmp(deed, \"sleep\") == 0)\n\t\tsleep(60);\n"
	"\treturn 42;\n}\n";

/* A judge that comes late, since the machine is busy: the library's poll is
 * called after so many milliseconds. */
static int late_ms;

int poll(struct pollfd *fds, nfds_t n, int milliseconds)
{
	struct timespec late = { 0, late_ms * 1000000L };
	struct timespec wait = { milliseconds / 1000,
				 milliseconds % 1000 * 1000000L };
	nanosleep(&late, NULL);
	return ppoll(fds, n, milliseconds < 0 ? NULL : &wait, NULL);
}

/* A scenario runner in a cell. */
struct stage {
	struct sandbox sandbox;
	struct cell cell;
	char root[PATH_MAX], runner[PATH_MAX], driver[PATH_MAX];
	char subject[PATH_MAX], room[PATH_MAX], scratch[PATH_MAX];
	struct session session;
	struct debug_info *sites;
};

/* Builds the code, which begins with the lines of BEFORE. Its library stands deep
 * in /tmp, where a scenario runner that empties its own must not move it. */
static void build_code(struct stage *p, const char *before)
{
	static struct library library;
	char text[sizeof(code) + 200];
	snprintf(text, sizeof(text), "%s%s", before, code);
	own_file("code.c", text);
	library = (struct library){ .part = PART_SUBJECT,
				    .files = &exercise.subject };
	strcpy(library.source, own_folder);
	strcpy(library.objects, own("objects"));
	strcpy(library.path, own("built/deep/code.so"));
	ck_assert_int_eq(make_folders(library.objects), 0);
	ck_assert_int_eq(make_folders(own("built/deep")), 0);
	ck_assert_int_eq(build_libraries(p->root, &exercise, NULL, &library, 1),
			 0);
	ck_assert_msg(!library.failed, "%s", library.diagnostics);
	libraries_release(&library, 1);
	strcpy(p->subject, own("built/deep/code.so"));
}

static void lay_out(struct stage *p)
{
	strcpy(p->root, workbook());
	snprintf(p->runner, PATH_MAX, "%.4000s/build/scenario_runner", p->root);
	snprintf(p->driver, PATH_MAX, "%.4000s/build/tests/planted/driver.so",
		 p->root);
	strcpy(p->room, own("room"));
	strcpy(p->scratch, own("room/scratch"));
	ck_assert_int_eq(make_folders(p->room), 0);
}

/* Starts the scenario runner in a cell of SORT: false where that does not work. */
static bool enter_stage(struct stage *p, enum sandbox_sort sort)
{
	const char *const argv[] = { p->runner, p->subject, "-", "-", p->driver,
				     NULL };
	struct session_plan plan = { .argv = argv, .scratch = p->scratch,
				     .cell = &p->cell };
	if (!enter_sandbox(p->root, sort, &p->sandbox))
		return false;
	ck_assert_int_eq(sandbox_give(&p->sandbox, p->room), 0);
	p->cell = (struct cell){
		.enclosure = CELL_ENCLOSURE,
		.sandbox = &p->sandbox, .processes = PROCESSES,
		.reads = { p->runner, p->driver, p->subject },
		.writes = { p->room },
	};
	ck_assert_int_eq(session_open(&plan, &p->session), 0);
	return true;
}

/* Runs TEST in each sort, with code that begins with BEFORE. */
static void each_sort(const char *before, void (*test)(struct stage *p))
{
	static struct stage stage;
	ck_assert_int_eq(adopt_orphans(), 0);
	lay_out(&stage);
	build_code(&stage, before);
	const char *const modules[SITE_MODULES] = { stage.subject };
	ck_assert_int_eq(debug_info_open(modules, &stage.sites), 0);
	for (int sort = SANDBOX_LANDLOCK; sort <= SANDBOX_BUBBLEWRAP; sort++) {
		if (!enter_stage(&stage, (enum sandbox_sort)sort))
			continue;
		test(&stage);
		session_close(&stage.session);
	}
	debug_info_close(&stage.sites);
}

/* A test of what the code does; what stands in braces gets the stage as P. */
#define DEEDS_TEST(name, before)					\
	static void in_##name(struct stage *p);				\
	START_TEST(name)						\
	{								\
		each_sort(before, in_##name);				\
	}								\
	END_TEST							\
	static void in_##name(struct stage *p)

/* Makes one run of DEED, with WORD: the answer. */
static struct answer run(struct stage *p, const char *deed, const char *word)
{
	const char *const arguments[] = { deed, word };
	struct plan plain = { .mode = FAULT_NONE };
	ck_assert_int_eq(session_begin(&p->session, plain, CHANGE_NONE, 0), 0);
	struct answer answer = session_ask(&p->session, "copy_line", arguments,
					   2);
	session_end(&p->session);
	return answer;
}

/* Demands that the last run is told as FINDING, "" for nothing wrong. */
static void expect_finding(const struct stage *p, const char *finding)
{
	struct telling telling = { .run = &p->session.run, .sites = p->sites,
				   .scenario = "one" };
	json_t *story = findings_tell(&telling);
	const char *found = json_string_value(json_object_get(story, "finding"));
	ck_assert_msg(strcmp(found ? found : "", finding) == 0,
		      "%s: it is told as \"%s\"",
		      sandbox_name(p->sandbox.sort), found ? found : "");
	json_decref(story);
}

/* Demands that the scenario runner has come through: an ordinary run goes well. */
static void expect_next_runs(struct stage *p)
{
	struct answer answer = run(p, "", "");
	ck_assert_msg(answer.came && answer.value == GOOD,
		      "%s: the next run has no answer",
		      sandbox_name(p->sandbox.sort));
	expect_finding(p, "");
}

/* Demands that DEED is told as FINDING, and the next run goes well. */
static void expect(struct stage *p, const char *deed, const char *word,
		   const char *finding)
{
	run(p, deed, word);
	expect_finding(p, finding);
	expect_next_runs(p);
}

/* --- tests -------------------------------------------------------------------------- */

DEEDS_TEST(an_ordinary_run_is_told_as_nothing, "")
{
	expect_next_runs(p);
	expect_next_runs(p);
}

DEEDS_TEST(an_answer_with_a_number_of_its_own_is_forged, "")
{
	expect(p, "say", "answer 1 0 0 42", "forged");
	expect(p, "say", "answer 0 0 0 42", "forged");
	expect(p, "say", "answer -1 0 0 42", "forged");
}

DEEDS_TEST(an_answer_before_the_question_is_forged,
	   "#define AS_IT_IS_LOADED \"answer 1 0 0 42\\n\"\n")
{
	ck_assert(!run(p, "", "").came);
	expect_finding(p, "forged");
}

DEEDS_TEST(it_is_so_for_a_judge_that_comes_late_as_well,
	   "#define AS_IT_IS_LOADED \"answer 1 0 0 42\\n\"\n")
{
	late_ms = 200;
	ck_assert(!run(p, "", "").came);
	late_ms = 0;
	expect_finding(p, "forged");
}

DEEDS_TEST(a_line_that_is_none_breaks_the_wire, "")
{
	expect(p, "say", "nonsense", "wire");
	expect(p, "say", "step", "wire");
	expect(p, "say", "answer", "wire");
	expect(p, "say", "answer x 0 0 42", "wire");
	expect(p, "say", "%", "wire");
}

DEEDS_TEST(a_goodbye_before_its_time_is_forged, "")
{
	expect(p, "say", "bye", "forged");
	expect(p, "say and leave", "bye", "forged");
	expect(p, "say and stop", "bye", "forged");
}

DEEDS_TEST(a_goodbye_before_the_question_is_forged,
	   "#define AS_IT_IS_LOADED \"bye\\n\"\n")
{
	ck_assert(!run(p, "stop", "").came);
	expect_finding(p, "forged");
}

DEEDS_TEST(who_sleeps_or_stops_is_told_as_hanging, "")
{
	expect(p, "stop", "", "hang");
	expect(p, "sleep", "", "hang");
}

DEEDS_TEST(a_descriptor_that_no_watched_call_opened_is_told, "")
{
	expect(p, "open", "", "unseen");
}

static void fill(struct stage *p, const char *word)
{
	long begun = monotonic_ms();
	run(p, "fill", word);
	expect_finding(p, "filled");
	ck_assert_int_lt(monotonic_ms() - begun, AT_ONCE_MS);
	ck_assert_int_ne(access(p->scratch, F_OK), 0);
	expect_next_runs(p);
}

DEEDS_TEST(who_fills_the_disk_is_ended_and_told, "")
{
	fill(p, "");
}

DEEDS_TEST(who_fills_the_disk_and_prints_all_the_while_is_ended_as_soon, "")
{
	fill(p, ".");
}

DEEDS_TEST(a_child_that_is_left_is_ended_and_told, "")
{
	ck_assert(run(p, "leave a child", "").came);
	expect_finding(p, "left_behind");
	expect_next_runs(p);
}

DEEDS_TEST(the_worker_can_be_neither_killed_nor_stopped, "")
{
	ck_assert(run(p, "kill the scenario runner", "").came);
	expect_finding(p, "");
	expect_next_runs(p);
	ck_assert(run(p, "stop the scenario runner", "").came);
	expect_finding(p, "");
	expect_next_runs(p);
}

TEST_PROGRAM("tampering",
	     an_ordinary_run_is_told_as_nothing,
	     an_answer_with_a_number_of_its_own_is_forged,
	     an_answer_before_the_question_is_forged,
	     it_is_so_for_a_judge_that_comes_late_as_well,
	     a_line_that_is_none_breaks_the_wire,
	     a_goodbye_before_its_time_is_forged,
	     a_goodbye_before_the_question_is_forged,
	     who_sleeps_or_stops_is_told_as_hanging,
	     a_descriptor_that_no_watched_call_opened_is_told,
	     who_fills_the_disk_is_ended_and_told,
	     who_fills_the_disk_and_prints_all_the_while_is_ended_as_soon,
	     a_child_that_is_left_is_ended_and_told,
	     the_worker_can_be_neither_killed_nor_stopped)
