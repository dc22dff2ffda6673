/* test_report.c - what a learner reads, and what is remembered of it. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/path.h"
#include "catalog/contract_clause.h"
#include "report/formats.h"
#include "catalog/hints.h"
#include "report/timeline.h"
#include "cli/suggest.h"
#include "report/page.h"
#include "cli/progress.h"
#include "report/terminal.h"
#include "base/files.h"
#include "base/tree.h"
#include "verdict/verdict.h"

static char folder[PATH_MAX];

/* Every test works in a folder of its own. */
static void enter(void)
{
	strcpy(folder, "/tmp/brakes-report-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chdir(folder), 0);
}

/* And leaves nothing of it. */
static void leave(void)
{
	ck_assert_int_eq(chdir("/"), 0);
	remove_tree(folder);
}

/* What is said on standard error goes into the file "said" from here on. */
static void hush(void)
{
	ck_assert_ptr_nonnull(freopen("said", "w", stderr));
	setbuf(stderr, NULL);
}

/* What a page holds once its writer is done. */
struct sheet {
	struct page page;
	char *text;
	size_t size;
};

/* Begins a page in memory, WIDTH columns wide. */
static void sheet_begin(struct sheet *s, int width, bool unicode)
{
	*s = (struct sheet){ .text = NULL };
	s->page.look = (struct look){ .unicode = unicode, .width = width };
	s->page.out = open_memstream(&s->text, &s->size);
	ck_assert_ptr_nonnull(s->page.out);
}

/* Ends the page; its text must be WANTED. */
static void expect_sheet(struct sheet *s, const char *wanted)
{
	fclose(s->page.out);
	ck_assert_str_eq(s->text, wanted);
	free(s->text);
}

/* The file PATH must hold WANTED. */
static void expect_file(const char *path, const char *wanted)
{
	char *text = NULL;
	ck_assert_int_eq(read_text(path, &text), 0);
	ck_assert_str_eq(text, wanted);
	free(text);
}

static void write_file(const char *path, const char *text)
{
	ck_assert_int_eq(replace_file(path, text, strlen(text)), 0);
}

START_TEST(words_are_wrapped_under_each_other)
{
	struct sheet s;
	sheet_begin(&s, 20, false);
	page_put(&s.page, "x ");
	page_flow(&s.page, 2, "the book is never closed, you left");
	page_flow(&s.page, 2, " through here");
	expect_sheet(&s, "x the book is never\n  closed, you left\n"
		     "  through here");
}
END_TEST

START_TEST(a_space_is_kept_wherever_the_hang_is)
{
	struct sheet s;
	sheet_begin(&s, 40, false);
	page_flow(&s.page, 4, "when a call fails");
	page_end_line(&s.page);
	page_flow(&s.page, 12, "a b");
	page_flow(&s.page, 12, " c");
	expect_sheet(&s, "when a call fails\na b c");
}
END_TEST

START_TEST(a_word_that_is_too_long_stays_whole)
{
	struct sheet s;
	sheet_begin(&s, 10, false);
	page_flow(&s.page, 2, "a verylongwordindeed b");
	expect_sheet(&s, "a\n  verylongwordindeed\n  b");
}
END_TEST

START_TEST(what_a_terminal_would_act_on_is_shown_as_an_escape)
{
	struct sheet s;
	sheet_begin(&s, 80, true);
	page_put(&s.page, "\033[2J\a\n\177 "
		 "\xc2\x9b \xe2\x80\xae \xff \xc3\xa9");
	expect_sheet(&s, "\\x1b[2J\\x07\\x0a\\x7f \\u009b \\u202e \\xff "
		     "\xc3\xa9");
}
END_TEST

START_TEST(an_overlong_or_cut_sequence_is_no_character)
{
	struct sheet s;
	sheet_begin(&s, 80, true);
	page_put(&s.page, "\xc0\x9b \xe0\x80\x9b \xe2\x82");
	expect_sheet(&s, "\\xc0\\x9b \\xe0\\x80\\x9b \\xe2\\x82");
}
END_TEST

START_TEST(a_plain_page_holds_nothing_but_ascii)
{
	struct sheet s;
	sheet_begin(&s, 80, false);
	page_sign(&s.page, SIGN_FAIL);
	page_style(&s.page, STYLE_BAD);
	page_put(&s.page, " caf\xc3\xa9");
	expect_sheet(&s, "x caf\\u00e9");
}
END_TEST

START_TEST(a_block_is_cut_and_says_so)
{
	struct sheet s;
	sheet_begin(&s, 80, false);
	page_block(&s.page, "| ", "a\tb\r\nc\nd\ne", 2);
	expect_sheet(&s, "| a       b\n| c\n| (2 more lines)\n");
}
END_TEST

START_TEST(a_pipe_is_plain_and_80_columns_wide)
{
	struct look look;
	int ends[2];
	ck_assert_int_eq(pipe(ends), 0);
	unsetenv("COLUMNS");
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("TERM", "xterm", 1);
	look = look_of(ends[1]);
	ck_assert(!look.colour && !look.unicode);
	ck_assert_int_eq(look.width, 80);
	setenv("COLUMNS", "60", 1);
	ck_assert_int_eq(look_of(-1).width, 60);
	close(ends[0]);
	close(ends[1]);
}
END_TEST

static const char leak[] =
	"{\"name\": \"sweep\", \"group\": \"survives\", \"status\": \"fail\","
	" \"score\": 0, \"max_score\": 35, \"clause\": \"CONTRACT 1\","
	" \"message\": \"when fputs fails (call 2, day.c:31), the book is "
	"never closed\", \"file\": \"day.c\", \"line\": 33,"
	" \"fault\": {\"scenario\": \"one_day\", \"call\": 2, \"step\": 3,"
	" \"mode\": \"on\"}, \"ledger\": ["
	" {\"kind\": \"heap\", \"noun\": \"block\", \"acquired\": "
	"{\"file\": \"day.c\","
	" \"line\": 29, \"step\": 2}, \"released\": {\"function\": \"free\","
	" \"file\": \"day.c\", \"line\": 32, \"step\": 5}},"
	" {\"kind\": \"stream\", \"noun\": \"book\", \"acquired\": "
	"{\"file\": \"day.c\", \"line\": 27, \"step\": 1}, \"released\": null}]}";

START_TEST(what_was_never_released_is_drawn_first_and_to_the_end)
{
	struct sheet s;
	json_t *check = json_loads(leak, 0, NULL);
	sheet_begin(&s, 60, false);
	timeline_draw(&s.page, check);
	expect_sheet(&s,
		"   book   day.c:27 |---x----------> never closed\n"
		"   block  day.c:29   |-x---|        free, day.c:32\n");
	json_decref(check);
}
END_TEST

START_TEST(what_never_ended_is_named_in_the_words_of_its_kind)
{
	struct sheet s;
	json_t *check = json_loads(
		"{\"ledger\": [{\"kind\": \"lock\", \"noun\": \"lock\","
		" \"ended\": \"given back\", \"acquired\": {\"file\":"
		" \"day.c\", \"line\": 27, \"step\": 1},"
		" \"released\": null}]}", 0, NULL);
	sheet_begin(&s, 60, false);
	timeline_draw(&s.page, check);
	expect_sheet(&s,
		"   lock  day.c:27 |---------------> never given back\n");
	json_decref(check);
}
END_TEST

START_TEST(a_check_without_a_ledger_draws_nothing)
{
	struct sheet s;
	json_t *check = json_object();
	sheet_begin(&s, 60, false);
	timeline_draw(&s.page, check);
	expect_sheet(&s, "");
	json_decref(check);
}
END_TEST

/* A workbook with one exercise of one header, and what a report has to know. */
struct desk {
	struct exercise exercise;
	struct catalog catalog;
	char from[PATH_MAX];
	struct report_context context;
};

static void desk_begin(struct desk *d)
{
	*d = (struct desk){ .exercise = {
		.id = "12_global", .title = "An owner",
		.given = { .name = { "day.h" }, .n = 1 },
	} };
	d->catalog = (struct catalog){ .exercises = &d->exercise, .n = 1 };
	ck_assert_int_eq(path_join(d->from, PATH_MAX, "%s/exercises", folder),
			 0);
	d->context = (struct report_context){ .root = folder, .own = true,
		.catalog = &d->catalog, .from = d->from, .next = &d->exercise };
	mkdir("exercises", 0777);
	mkdir("exercises/12_global", 0777);
	write_file("exercises/12_global/day.h",
		   "/* day.h\n *\n * CONTRACT 1  When it is over,\n"
		   " *             all is closed.\n"
		   " * CONTRACT 12  Another. */\n");
}

/* What the terminal shows of an exercise with OUTCOME and the check LEAK. */
static char *shown(const struct desk *d, enum outcome outcome,
		   const char *status)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	json_t *exercise = verdict_exercise("12_global");
	json_t *checks = json_object_get(exercise, "checks");
	if (strcmp(status, "fail") == 0)
		json_array_append_new(checks, json_loads(leak, 0, NULL));
	verdict_outcome(exercise, outcome);
	json_object_set_new(exercise, "status", json_string(status));
	json_object_set_new(exercise, "advice", json_string("open the book."));
	json_object_set_new(exercise, "printed", json_string("\033[31mred"));
	json_t *exercises = json_array();
	json_array_append_new(exercises, exercise);
	json_t *verdict = verdict_whole(exercises, "none", 1);
	terminal_write(out, -1, verdict, &d->context);
	json_decref(verdict);
	fclose(out);
	return text;
}

START_TEST(the_first_line_is_the_first_finding)
{
	struct desk d;
	desk_begin(&d);
	char *text = shown(&d, OUTCOME_JUDGED, "fail");
	ck_assert_int_eq(strncmp(text, "x survives   when fputs fails", 29), 0);
	ck_assert_ptr_nonnull(strstr(text,
		"\nexercises/12_global/day.c:33: "));
	ck_assert_ptr_nonnull(strstr(text, "\nexercises/12_global/day.h:3: "
				     "CONTRACT 1 When it is over, all"));
	ck_assert_ptr_nonnull(strstr(text, "make 12 FAIL=one_day:2:on"));
	ck_assert_ptr_nonnull(strstr(text, "make hint-12"));
	ck_assert_ptr_nonnull(strstr(text, "| \\x1b[31mred"));
	ck_assert_ptr_nonnull(strstr(text, "Do this first: open the book."));
	ck_assert_ptr_null(strchr(text, '\033'));
	free(text);
}
END_TEST

START_TEST(a_broken_version_is_named_before_they_are_counted)
{
	struct desk d;
	desk_begin(&d);
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	json_t *exercise = verdict_exercise("12_global");
	verdict_check(exercise, "proves", "caught", "fail", 9, 40, NULL,
		      "your tests catch 1 of 2");
	verdict_check(exercise, "proves", "caught", "fail", 0, 0, NULL,
		      "your tests accept a leak");
	json_t *verdict = json_pack("{s:[o]}", "exercises", exercise);
	terminal_write(out, -1, verdict, &d.context);
	fclose(out);
	ck_assert_int_eq(strncmp(text, "x proves     your tests accept", 30),
			 0);
	ck_assert_ptr_null(strstr(text, "1 of 2"));
	ck_assert_ptr_nonnull(strstr(text, "  9/40"));
	free(text);
	json_decref(verdict);
}
END_TEST

/* What the terminal shows of EXERCISE, which has N pieces of evidence. */
static char *shown_with_evidence(const struct desk *d, json_t *exercise, int n)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	json_t *evidence = json_array();
	for (int i = 1; i <= n; i++)
		json_array_append_new(evidence, json_pack(
			"{s:s, s:s, s:i, s:s}", "kind", "constructor",
			"file", "day.c", "line", i, "message",
			"sneak is a constructor: it runs as soon as the code "
			"is loaded."));
	json_object_set_new(exercise, "evidence", evidence);
	json_t *verdict = json_pack("{s:[O]}", "exercises", exercise);
	terminal_write(out, -1, verdict, &d->context);
	fclose(out);
	json_decref(verdict);
	return text;
}

START_TEST(evidence_stands_between_the_findings_and_the_score)
{
	struct desk d;
	desk_begin(&d);
	json_t *exercise = verdict_exercise("12_global");
	verdict_check(exercise, "behaves", "one", "fail", 0, 40, NULL, "no");
	char *text = shown_with_evidence(&d, exercise, 1);
	const char *at = strstr(text, "\nWorth a look (that costs nothing):\n"
		"exercises/12_global/day.c:1: sneak is a constructor: it runs "
		"as soon as the code\n    is loaded.\n");
	ck_assert_ptr_nonnull(at);
	ck_assert_int_eq(strncmp(text, "x behaves", 9), 0);
	ck_assert_ptr_nonnull(strstr(at, "  0/40"));
	free(text);
	text = shown_with_evidence(&d, exercise, 10);
	ck_assert_ptr_nonnull(strstr(text, "day.c:8: sneak"));
	ck_assert_ptr_null(strstr(text, "day.c:9: sneak"));
	ck_assert_ptr_nonnull(strstr(text, "\n(and 2 more)\n"));
	free(text);
	json_decref(exercise);
}
END_TEST

START_TEST(evidence_takes_nothing_from_full_marks)
{
	struct desk d;
	desk_begin(&d);
	json_t *exercise = verdict_exercise("12_global");
	json_object_set_new(exercise, "status", json_string("pass"));
	char *text = shown_with_evidence(&d, exercise, 0);
	ck_assert_ptr_null(strstr(text, "Worth a look"));
	free(text);
	text = shown_with_evidence(&d, exercise, 1);
	ck_assert_int_eq(strncmp(text, "+ 12 global: ", 13), 0);
	ck_assert_ptr_nonnull(strstr(text, "\nWorth a look"));
	free(text);
	json_decref(exercise);
}
END_TEST

START_TEST(full_marks_are_told_in_a_sentence)
{
	struct desk d;
	desk_begin(&d);
	char *text = shown(&d, OUTCOME_JUDGED, "pass");
	ck_assert_int_eq(strncmp(text, "+ 12 global: ", 13), 0);
	ck_assert_ptr_nonnull(strstr(text, "make solution-12"));
	free(text);
}
END_TEST

START_TEST(every_outcome_but_judged_is_explained)
{
	struct desk d;
	desk_begin(&d);
	for (int i = OUTCOME_JUDGED + 1; i < OUTCOME_COUNT; i++) {
		char *text = shown(&d, (enum outcome)i, "error");
		ck_assert_int_eq(strncmp(text, "x ", 2), 0);
		ck_assert_int_gt((int)strlen(text), 40);
		free(text);
	}
}
END_TEST

/* What the terminal shows of an error of the compiler that SAID; the line of
 * source holds SOURCE, the caret stands after 2 characters of it. */
static char *shown_error(const struct desk *d, const char *source,
			 const char *said)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	json_t *exercise = verdict_exercise("12_global");
	json_t *check = verdict_check(exercise, "behaves", "compiles", "fail",
				      0, 25, NULL, "it does not compile: oops");
	json_object_update_new(check, json_pack(
		"{s:s, s:i, s:i, s:i, s:s}", "file", "day.c", "line", 7,
		"column", 9, "caret", 2, "source", source));
	json_object_set_new(exercise, "diagnostics", json_string(said));
	verdict_outcome(exercise, OUTCOME_COMPILE_ERROR);
	json_t *verdict = json_pack("{s:[o]}", "exercises", exercise);
	terminal_write(out, -1, verdict, &d->context);
	json_decref(verdict);
	fclose(out);
	return text;
}

START_TEST(an_error_of_the_compiler_shows_the_line_and_a_caret)
{
	struct desk d;
	desk_begin(&d);
	char *text = shown_error(&d, "a b;", "day.c:7:9: error: oops\n");
	ck_assert_ptr_nonnull(strstr(text,
		"\nexercises/12_global/day.c:7:9: look here\n"
		"      7 | a b;\n"
		"        |   ^\n"));
	ck_assert_ptr_nonnull(strstr(text, "Fix the first error first"));
	free(text);
	/* On a plain page the accent is an escape of six columns. */
	text = shown_error(&d, "\xc3\xa9 b;", "");
	ck_assert_ptr_nonnull(strstr(text, "      7 | \\u00e9 b;\n"
					   "        |        ^\n"));
	free(text);
}
END_TEST

START_TEST(a_wide_character_takes_two_columns)
{
	struct sheet s;
	ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C.UTF-8"));
	sheet_begin(&s, 40, true);
	page_put(&s.page, "\xe4\xb8\xad" "e\xcc\x81");
	ck_assert_int_eq(s.page.column, 3);
	ck_assert_int_eq(page_columns(&s.page, "\xf0\x9f\x98\x80"), 2);
	page_to(&s.page, 6);
	page_put(&s.page, "|");
	fclose(s.page.out);
	ck_assert_str_eq(s.text, "\xe4\xb8\xad" "e\xcc\x81   |");
	free(s.text);
}
END_TEST

START_TEST(the_compiler_is_quoted_when_it_said_more_than_the_one_error)
{
	struct desk d;
	desk_begin(&d);
	char *text = shown_error(&d, "a b;", "day.c:7:9: error: oops\n");
	ck_assert_ptr_null(strstr(text, "The compiler said:"));
	free(text);
	text = shown_error(&d, "a b;", "day.c:7:9: error: oops\n"
			   "day.c:8:9: error: \033[2Jmore\n");
	ck_assert_ptr_nonnull(strstr(text, "The compiler said:"));
	ck_assert_ptr_nonnull(strstr(text, "error: \\x1b[2Jmore"));
	ck_assert_ptr_null(strchr(text, '\033'));
	free(text);
	text = shown_error(&d, "", "day.c:7:9: error: oops\n");
	ck_assert_ptr_nonnull(strstr(text, "The compiler said:"));
	free(text);
}
END_TEST

START_TEST(a_clause_is_found_by_its_whole_number)
{
	struct desk d;
	struct clause clause;
	desk_begin(&d);
	ck_assert_int_eq(contract_clause_find(folder, &d.exercise, "CONTRACT 12",
				     &clause), 0);
	ck_assert_int_eq(clause.line, 5);
	ck_assert_str_eq(clause.file, "day.h");
	ck_assert_int_eq(contract_clause_find(folder, &d.exercise, "CONTRACT 2",
				     &clause), -ENOENT);
}
END_TEST

START_TEST(what_others_wrote_into_the_progress_stays)
{
	struct progress p;
	write_file(".brakes-progress", "# mine\nnonsense\n"
		   "12_global score=4 best=50 hints=1\n"
		   "99_later score=1 best=1 hints=0");
	hush();
	ck_assert_int_eq(progress_read(folder, &p), 0);
	expect_file("said", ".brakes-progress:2: this line is not understood; "
		    "it stays, and counts for nothing\n");
	ck_assert_int_eq(progress_of(&p, "12_global").best, 50);
	ck_assert_int_eq(progress_set_hints(&p, "12_global", 2), 0);
	ck_assert_int_eq(progress_set_hints(&p, "12_global", 1), 0);
	ck_assert_int_eq(progress_set_score(&p, "08_recorder", 0), 0);
	progress_release(&p);
	expect_file(".brakes-progress", "# mine\nnonsense\n"
		    "12_global score=4 best=50 hints=2\n"
		    "99_later score=1 best=1 hints=0\n"
		    "08_recorder score=0 best=0 hints=0\n");
}
END_TEST

START_TEST(numbers_that_cannot_be_count_for_nothing)
{
	struct progress p;
	write_file(".brakes-progress",
		   "12_global score=101 best=101 hints=0\n"
		   "12_global score=9 best=8 hints=0\n"
		   "12_global score=-1 best=8 hints=0\n"
		   "12_global score=1 best=8 hints=100\n"
		   "12_global score=1 best=8 hints=99999999999999999999\n"
		   "12_global score=1 best=8 hints=0 more\n");
	hush();
	ck_assert_int_eq(progress_read(folder, &p), 0);
	ck_assert_int_eq(progress_of(&p, "12_global").best, 0);
	progress_release(&p);
}
END_TEST

START_TEST(a_progress_that_cannot_be_read_is_left_alone)
{
	struct progress p;
	hush();
	ck_assert_int_eq(mkdir(".brakes-progress", 0777), 0);
	ck_assert_int_eq(progress_read(folder, &p), 0);
	ck_assert_int_lt(progress_set_score(&p, "12_global", 0), 0);
	progress_release(&p);
	ck_assert_int_eq(rmdir(".brakes-progress"), 0);
}
END_TEST

START_TEST(a_verdict_sets_the_score_and_keeps_the_best)
{
	struct desk d;
	struct progress p;
	desk_begin(&d);
	ck_assert_int_eq(progress_read(folder, &p), 0);
	ck_assert_int_eq(progress_set_score(&p, "12_global", 60), 0);
	ck_assert_int_eq(progress_set_hints(&p, "12_global", 1), 0);
	json_t *exercises = json_pack("{s:[{s:s, s:s, s:i}]}", "exercises",
		"id", "12_global", "status", "fail", "score", 40);
	ck_assert_int_eq(progress_keep(&p, exercises), 0);
	json_decref(exercises);
	struct mark mark = progress_of(&p, "12_global");
	ck_assert_int_eq(mark.score, 40);
	ck_assert_int_eq(mark.best, 60);
	ck_assert_int_eq(mark.hints, 1);
	ck_assert_ptr_eq(progress_next(&p, &d.catalog), &d.exercise);
	progress_release(&p);
}
END_TEST

START_TEST(an_error_is_no_score)
{
	struct desk d;
	struct progress p;
	desk_begin(&d);
	ck_assert_int_eq(progress_read(folder, &p), 0);
	ck_assert_int_eq(progress_set_score(&p, "12_global", 60), 0);
	json_t *exercises = json_pack("{s:[{s:s, s:s, s:i}]}", "exercises",
		"id", "12_global", "status", "error", "score", 0);
	ck_assert_int_eq(progress_keep(&p, exercises), 0);
	json_decref(exercises);
	ck_assert_int_eq(progress_of(&p, "12_global").score, 60);
	progress_release(&p);
}
END_TEST

/* Keeps a verdict of SCORE on exercise number I, in a process of its own. */
static void keep_in_child(struct progress *p, int i, int score)
{
	char id[32];
	snprintf(id, sizeof(id), "%02d_exercise", i);
	pid_t child = fork();
	ck_assert_int_ge(child, 0);
	if (child > 0)
		return;
	json_t *verdict = json_pack("{s:[{s:s, s:s, s:i}]}", "exercises",
		"id", id, "status", "fail", "score", score);
	_exit(progress_keep(p, verdict) == 0 ? 0 : 1);
}

START_TEST(gradings_at_once_keep_each_others_scores)
{
	enum { WRITERS = 16 };
	struct progress p;
	ck_assert_int_eq(progress_read(folder, &p), 0);
	for (int i = 0; i < WRITERS; i++)
		keep_in_child(&p, i, i + 1);
	for (int i = 0, status; i < WRITERS; i++) {
		ck_assert_int_gt(wait(&status), 0);
		ck_assert_int_eq(status, 0);
	}
	progress_release(&p);
	ck_assert_int_eq(progress_read(folder, &p), 0);
	for (int i = 0; i < WRITERS; i++) {
		char id[32];
		snprintf(id, sizeof(id), "%02d_exercise", i);
		ck_assert_int_eq(progress_of(&p, id).score, i + 1);
	}
	progress_release(&p);
}
END_TEST

START_TEST(a_lock_that_is_never_given_back_is_an_error_and_no_wait_without_end)
{
	struct progress p;
	write_file(".brakes-progress", "12_global score=4 best=4 hints=0\n");
	ck_assert_int_eq(progress_read(folder, &p), 0);
	int held = open(".brakes-progress", O_RDWR);
	ck_assert_int_eq(flock(held, LOCK_EX), 0);
	ck_assert_int_eq(progress_set_score(&p, "12_global", 5), -EAGAIN);
	close(held);
	expect_file(".brakes-progress", "12_global score=4 best=4 hints=0\n");
	ck_assert_int_eq(progress_set_score(&p, "12_global", 5), 0);
	expect_file(".brakes-progress", "12_global score=5 best=5 hints=0\n");
	progress_release(&p);
}
END_TEST

START_TEST(a_ladder_has_as_many_rungs_as_numbered_headings)
{
	static const char hints[] = "# Hints\n\n## 1 Where\nhere\n\n"
				    "## Not a rung\n## 2 What\nthat\n";
	char *rung = hints_get(hints, 1);
	ck_assert_int_eq(hints_count(hints), 2);
	ck_assert_str_eq(rung, "1 Where\nhere\n\n## Not a rung");
	free(rung);
	rung = hints_get(hints, 2);
	ck_assert_str_eq(rung, "2 What\nthat");
	free(rung);
	ck_assert_ptr_null(hints_get(hints, 3));
	ck_assert_int_eq(hints_count(""), 0);
}
END_TEST

START_TEST(a_slip_of_the_finger_is_understood)
{
	static const char *const words[] = { "grade", "hint", "format" };
	ck_assert_str_eq(suggest_word("grad", words, 3), "grade");
	ck_assert_str_eq(suggest_word("gradde", words, 3), "grade");
	ck_assert_str_eq(suggest_word("form", words, 3), "format");
	ck_assert_ptr_null(suggest_word("elephant", words, 3));
}
END_TEST

START_TEST(whether_a_file_can_be_written_is_known_before)
{
	char link[PATH_MAX];
	ck_assert_int_eq(format_can_write("verdict"), 0);
	ck_assert_int_eq(access("verdict", F_OK), -1);
	write_file("verdict", "old");
	ck_assert_int_eq(format_can_write("verdict"), 0);
	expect_file("verdict", "old");
	ck_assert_int_eq(format_can_write("/dev/null"), 0);
	ck_assert_int_eq(format_can_write("nowhere/verdict"), -ENOENT);
	ck_assert_int_eq(format_can_write("verdict/verdict"), -ENOTDIR);
	ck_assert_int_eq(format_can_write("."), -EISDIR);
	ck_assert_int_eq(symlink("verdict", "link"), 0);
	ck_assert_int_eq(path_join(link, sizeof(link), "%s/link", folder), 0);
	ck_assert_int_eq(format_can_write(link), 0);
}
END_TEST

START_TEST(the_formats_are_found_by_name)
{
	ck_assert_str_eq(format_find(NULL)->name, "terminal");
	ck_assert_str_eq(format_find("json")->name, "json");
	ck_assert_ptr_null(format_find("yaml"));
}
END_TEST

/* What stands on a page. */
static TCase *page_tests(void)
{
	TCase *tests = tcase_create("page");
	tcase_add_checked_fixture(tests, enter, leave);
	tcase_add_test(tests, words_are_wrapped_under_each_other);
	tcase_add_test(tests, a_space_is_kept_wherever_the_hang_is);
	tcase_add_test(tests, a_word_that_is_too_long_stays_whole);
	tcase_add_test(tests,
		       what_a_terminal_would_act_on_is_shown_as_an_escape);
	tcase_add_test(tests, an_overlong_or_cut_sequence_is_no_character);
	tcase_add_test(tests, a_plain_page_holds_nothing_but_ascii);
	tcase_add_test(tests, a_block_is_cut_and_says_so);
	tcase_add_test(tests, a_pipe_is_plain_and_80_columns_wide);
	tcase_add_test(tests,
		       what_was_never_released_is_drawn_first_and_to_the_end);
	tcase_add_test(tests,
		       what_never_ended_is_named_in_the_words_of_its_kind);
	tcase_add_test(tests, a_check_without_a_ledger_draws_nothing);
	tcase_add_test(tests, the_first_line_is_the_first_finding);
	tcase_add_test(tests,
		       a_broken_version_is_named_before_they_are_counted);
	tcase_add_test(tests,
		       evidence_stands_between_the_findings_and_the_score);
	tcase_add_test(tests, evidence_takes_nothing_from_full_marks);
	tcase_add_test(tests, full_marks_are_told_in_a_sentence);
	tcase_add_test(tests, every_outcome_but_judged_is_explained);
	tcase_add_test(tests,
		       an_error_of_the_compiler_shows_the_line_and_a_caret);
	tcase_add_test(tests, a_wide_character_takes_two_columns);
	tcase_add_test(tests,
		the_compiler_is_quoted_when_it_said_more_than_the_one_error);
	tcase_add_test(tests, a_clause_is_found_by_its_whole_number);
	return tests;
}

/* What stands in files, and the small parts. */
static TCase *file_tests(void)
{
	TCase *tests = tcase_create("files");
	tcase_set_timeout(tests, 60);
	tcase_add_checked_fixture(tests, enter, leave);
	tcase_add_test(tests, what_others_wrote_into_the_progress_stays);
	tcase_add_test(tests, numbers_that_cannot_be_count_for_nothing);
	tcase_add_test(tests, a_progress_that_cannot_be_read_is_left_alone);
	tcase_add_test(tests, a_verdict_sets_the_score_and_keeps_the_best);
	tcase_add_test(tests, an_error_is_no_score);
	tcase_add_test(tests, whether_a_file_can_be_written_is_known_before);
	tcase_add_test(tests, gradings_at_once_keep_each_others_scores);
	tcase_add_test(tests,
		a_lock_that_is_never_given_back_is_an_error_and_no_wait_without_end);
	tcase_add_test(tests, a_ladder_has_as_many_rungs_as_numbered_headings);
	tcase_add_test(tests, a_slip_of_the_finger_is_understood);
	tcase_add_test(tests, the_formats_are_found_by_name);
	return tests;
}

int main(void)
{
	Suite *suite = suite_create("report");
	suite_add_tcase(suite, page_tests());
	suite_add_tcase(suite, file_tests());
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
