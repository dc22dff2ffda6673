/* test_wire.c - what is said on the wire comes back as it was, and what is none
 * of ours is refused. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include "suite.h"
#include "protocol/wire.h"

/* Writes WORDS as a line that begins with "w", without a newline. */
static void put_line(char line[WIRE_LINE_MAX], const char *const words[],
		     size_t n)
{
	char *at = stpcpy(line, "w"), *end = line + WIRE_LINE_MAX;
	for (size_t i = 0; i < n; i++)
		at = wire_put(at, (size_t)(end - at), words[i]);
}

/* Splits a copy of TEXT: what wire_split says of it. */
static int split(const char *text, struct words *ret_words)
{
	static char line[WIRE_LINE_MAX];
	snprintf(line, sizeof(line), "%s", text);
	return wire_split(line, ret_words);
}

START_TEST(every_byte_comes_back_as_it_was)
{
	char all[256], line[WIRE_LINE_MAX];
	const char *const words[] = { all };
	struct words got;
	for (int c = 1; c < 256; c++)
		all[c - 1] = (char)c;
	all[255] = '\0';
	put_line(line, words, 1);
	for (char *at = line + 2; *at; at++)
		ck_assert_msg(*at > ' ' && *at < 127, "byte %d", *at);
	ck_assert_int_eq(wire_split(line, &got), 0);
	ck_assert_uint_eq(got.n, 2);
	ck_assert_int_eq(memcmp(got.word[1], all, sizeof(all)), 0);
}
END_TEST

START_TEST(an_empty_word_comes_back_empty_and_in_its_place)
{
	char line[WIRE_LINE_MAX];
	const char *const words[] = { "", "%", "%-", "", "a b\n" };
	struct words got;
	put_line(line, words, 5);
	ck_assert_int_eq(wire_split(line, &got), 0);
	ck_assert_uint_eq(got.n, 6);
	for (size_t i = 0; i < 5; i++)
		ck_assert_str_eq(got.word[i + 1], words[i]);
}
END_TEST

START_TEST(a_word_that_does_not_fit_is_cut_within_its_room)
{
	char long_word[100], line[64];
	memset(long_word, '\n', sizeof(long_word));
	long_word[99] = '\0';
	for (size_t room = 0; room <= 40; room++) {
		memset(line, 'x', sizeof(line));
		line[0] = '\0';
		char *end = wire_put(line, room, long_word);
		ck_assert_uint_le((size_t)(end - line), room ? room - 1 : 0);
		ck_assert_int_eq(*end, '\0');
		for (size_t i = room ? room : 1; i < sizeof(line); i++)
			ck_assert_int_eq(line[i], 'x');
	}
}
END_TEST

START_TEST(a_cut_word_is_never_cut_inside_an_escape)
{
	char line[64] = "w";
	struct words got;
	for (size_t room = 10; room < 60; room++) {
		wire_put(line + 1, room, "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n");
		ck_assert_int_eq(wire_split(line, &got), 0);
		ck_assert_uint_eq(got.n, 2);
		ck_assert_uint_eq(strspn(got.word[1], "\n"),
				  strlen(got.word[1]));
	}
}
END_TEST

START_TEST(an_order_is_sent_whole_or_not_at_all)
{
	static char word[2 * WIRE_LINE_MAX], line[2 * WIRE_LINE_MAX];
	const char *const words[] = { "a b", word };
	int ends[2], rc = 0;
	struct words got;
	ck_assert_int_eq(pipe2(ends, O_NONBLOCK), 0);
	for (size_t n = WIRE_LINE_MAX - 64; n < WIRE_LINE_MAX + 64; n++) {
		memset(word, 'x', n);
		rc = wire_order(ends[1], "go", words, 2);
		ssize_t size = read(ends[0], line, sizeof(line));
		if (rc == -EMSGSIZE) {
			ck_assert_int_eq(size, -1);
			continue;
		}
		ck_assert_int_eq(rc, 0);
		ck_assert_int_gt(size, 0);
		ck_assert_int_le(size, WIRE_LINE_MAX);
		ck_assert_int_eq(line[size - 1], '\n');
		line[size - 1] = '\0';
		ck_assert_int_eq(wire_split(line, &got), 0);
		ck_assert_uint_eq(got.n, 3);
		ck_assert_str_eq(got.word[1], "a b");
		ck_assert_uint_eq(strlen(got.word[2]), n);
	}
	ck_assert_int_eq(rc, -EMSGSIZE);
}
END_TEST

START_TEST(a_broken_escape_is_refused)
{
	static const char *const broken[] = {
		"w %", "w a%", "w %4", "w %G0", "w %0G", "w %4 1", "w %00",
		"w %--", "w a%-", "%", "w %aB",
	};
	struct words got;
	for (size_t i = 0; i < sizeof(broken) / sizeof(*broken); i++)
		ck_assert_msg(split(broken[i], &got) == -EPROTO, "%s",
			      broken[i]);
}
END_TEST

START_TEST(too_many_words_are_refused)
{
	char line[WIRE_LINE_MAX] = "w";
	struct words got;
	for (int i = 1; i < WIRE_WORDS_MAX; i++)
		strcat(line, " w");
	ck_assert_int_eq(split(line, &got), 0);
	ck_assert_uint_eq(got.n, WIRE_WORDS_MAX);
	strcat(line, " w");
	ck_assert_int_eq(split(line, &got), -EPROTO);
}
END_TEST

/* A reader of what is written into a pipe. */
struct pair {
	struct wire wire;
	int to;
};

static void open_pair(struct pair *pair)
{
	int ends[2];
	ck_assert_int_eq(pipe(ends), 0);
	pair->wire = (struct wire){ .fd = ends[0] };
	pair->to = ends[1];
}

static void close_pair(struct pair *pair)
{
	close(pair->wire.fd);
	if (pair->to >= 0)
		close(pair->to);
}

/* The writer has no more to say. */
static void hang_up(struct pair *pair)
{
	close(pair->to);
	pair->to = -1;
}

START_TEST(a_line_that_arrives_byte_by_byte_is_whole)
{
	struct pair pair;
	char *line;
	open_pair(&pair);
	for (const char *at = "answer 0"; *at; at++) {
		ck_assert_int_eq(wire_send(pair.to, at, 1), 0);
		ck_assert_int_eq(wire_fill(&pair.wire), 1);
		ck_assert_int_eq(wire_next(&pair.wire, &line), 0);
	}
	ck_assert_int_eq(wire_send(pair.to, "\nste", 4), 0);
	ck_assert_int_eq(wire_fill(&pair.wire), 1);
	ck_assert_int_eq(wire_next(&pair.wire, &line), 1);
	ck_assert_str_eq(line, "answer 0");
	ck_assert_int_eq(wire_next(&pair.wire, &line), 0);
	close_pair(&pair);
}
END_TEST

START_TEST(lines_that_arrive_together_come_one_by_one)
{
	struct pair pair;
	char *line;
	open_pair(&pair);
	ck_assert_int_eq(wire_send(pair.to, "a\n\nb c\nrest", 11), 0);
	hang_up(&pair);
	ck_assert_int_eq(wire_read(&pair.wire, &line), 1);
	ck_assert_str_eq(line, "a");
	ck_assert_int_eq(wire_read(&pair.wire, &line), 1);
	ck_assert_str_eq(line, "");
	ck_assert_int_eq(wire_read(&pair.wire, &line), 1);
	ck_assert_str_eq(line, "b c");
	ck_assert_int_eq(wire_read(&pair.wire, &line), 0);
	close_pair(&pair);
}
END_TEST

START_TEST(the_longest_line_passes_and_a_longer_one_is_refused)
{
	struct pair pair;
	char text[WIRE_LINE_MAX + 1], *line;
	memset(text, 'a', sizeof(text));
	open_pair(&pair);
	text[WIRE_LINE_MAX - 1] = '\n';
	ck_assert_int_eq(wire_send(pair.to, text, WIRE_LINE_MAX), 0);
	ck_assert_int_eq(wire_read(&pair.wire, &line), 1);
	ck_assert_uint_eq(strlen(line), WIRE_LINE_MAX - 1);
	text[WIRE_LINE_MAX - 1] = 'a';
	text[WIRE_LINE_MAX] = '\n';
	ck_assert_int_eq(wire_send(pair.to, text, sizeof(text)), 0);
	ck_assert_int_eq(wire_read(&pair.wire, &line), -EPROTO);
	close_pair(&pair);
}
END_TEST

START_TEST(a_line_without_an_end_is_refused_before_it_ends)
{
	struct pair pair;
	char text[WIRE_LINE_MAX], *line;
	memset(text, 'a', sizeof(text));
	open_pair(&pair);
	ck_assert_int_eq(wire_send(pair.to, text, sizeof(text)), 0);
	ck_assert_int_eq(wire_read(&pair.wire, &line), -EPROTO);
	close_pair(&pair);
}
END_TEST

START_TEST(a_line_with_a_nul_is_refused)
{
	struct pair pair;
	char *line;
	open_pair(&pair);
	ck_assert_int_eq(wire_send(pair.to, "by\0e\n", 5), 0);
	ck_assert_int_eq(wire_read(&pair.wire, &line), -EPROTO);
	close_pair(&pair);
}
END_TEST

START_TEST(an_empty_pipe_says_that_nothing_waits)
{
	struct pair pair;
	open_pair(&pair);
	ck_assert_int_eq(fcntl(pair.wire.fd, F_SETFL, O_NONBLOCK), 0);
	ck_assert_int_eq(wire_fill(&pair.wire), -EAGAIN);
	hang_up(&pair);
	ck_assert_int_eq(wire_fill(&pair.wire), 0);
	close_pair(&pair);
	ck_assert_int_eq(wire_fill(&pair.wire), -EBADF);
	ck_assert_int_eq(wire_send(pair.wire.fd, "x", 1), -EBADF);
}
END_TEST

enum { ALL_LINES = 3000 };

/* Writes all numbered lines into the pipe. */
static void *write_lines(void *data)
{
	const struct pair *pair = data;
	char line[16];
	for (int i = 0; i < ALL_LINES; i++) {
		int n = snprintf(line, sizeof(line), "line %d\n", i);
		if (wire_send(pair->to, line, (size_t)n) < 0)
			break;
	}
	close(pair->to);
	return NULL;
}

START_TEST(a_long_talk_keeps_its_order_wherever_it_is_split)
{
	static struct pair pair;
	pthread_t writer;
	char *line, wanted[16];
	int n = 0;
	open_pair(&pair);
	ck_assert_int_eq(pthread_create(&writer, NULL, write_lines, &pair), 0);
	while (wire_read(&pair.wire, &line) == 1) {
		snprintf(wanted, sizeof(wanted), "line %d", n++);
		ck_assert_str_eq(line, wanted);
	}
	ck_assert_int_eq(pthread_join(writer, NULL), 0);
	ck_assert_int_eq(n, ALL_LINES);
	close(pair.wire.fd);
}
END_TEST

START_TEST(a_number_is_read_whole_or_not_at_all)
{
	static const struct { const char *word; long long number; } good[] = {
		{ "0", 0 }, { "-1", -1 }, { "4711", 4711 }, { "0x10", 16 },
		{ "010", 10 }, { "-0x10", -16 },
		{ "9223372036854775807", 9223372036854775807LL },
	};
	static const char *const bad[] = {
		"", "-", "x", "0x", "1 2", "12a", "1.5",
		" 1", "\t1", "+1", "--1", "- 1", "0x-1", "-0x",
		"9223372036854775808", "-9223372036854775809",
	};
	long long number;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		ck_assert_int_eq(wire_number(good[i].word, &number), 0);
		ck_assert_int_eq(number, good[i].number);
	}
	number = 42;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		ck_assert_msg(wire_number(bad[i], &number) == -EPROTO, "\"%s\"",
			      bad[i]);
	ck_assert_int_eq(number, 42);
}
END_TEST

/* A step with something in each field. */
static struct step full_step(void)
{
	return (struct step){
		.call = CALL_fdopen, .failed = true, .faulted = true,
		.fault_point = 12, .err = ENOMEM, .gone = 4,
		.got = { 0x7f1234567890, 5 }, .beneath = 3,
		.asked = UINT32_MAX, .moved = 14,
		.site = { { 0, 1, 0, 0 }, { 0x1234, 0xfffffff, 1, 0 } },
		.detail = "a book\nof 100 % \x80 pages",
	};
}

/* Writes STEP as the words of its line. */
static void words_of(const struct step *step, struct words *ret_words)
{
	static char line[WIRE_LINE_MAX];
	size_t n = wire_put_step(line, step);
	ck_assert_uint_lt(n, WIRE_LINE_MAX);
	ck_assert_int_eq(line[n - 1], '\n');
	ck_assert_ptr_eq(memchr(line, '\n', n), line + n - 1);
	line[n - 1] = '\0';
	ck_assert_int_eq(wire_split(line, ret_words), 0);
	ck_assert_str_eq(ret_words->word[0], "step");
}

/* Demands that STEP comes back field by field. */
static void expect_round_trip(const struct step *step)
{
	struct words words;
	struct step got;
	words_of(step, &words);
	ck_assert_int_eq(wire_get_step(&words, &got), 0);
	ck_assert_int_eq(got.call, step->call);
	ck_assert_int_eq(got.failed, step->failed);
	ck_assert_int_eq(got.faulted, step->faulted);
	ck_assert_uint_eq(got.fault_point, step->fault_point);
	ck_assert_int_eq(got.err, step->err);
	ck_assert_uint_eq(got.gone, step->gone);
	ck_assert_uint_eq(got.got[0], step->got[0]);
	ck_assert_uint_eq(got.got[1], step->got[1]);
	ck_assert_int_eq(got.beneath, step->beneath);
	for (int i = 0; i < SITE_DEPTH; i++) {
		ck_assert_uint_eq(got.site.module[i], step->site.module[i]);
		ck_assert_uint_eq(got.site.offset[i], step->site.offset[i]);
	}
	ck_assert_str_eq(got.detail, step->detail);
}

START_TEST(a_step_comes_back_field_by_field)
{
	struct step step = full_step();
	expect_round_trip(&step);
	step = (struct step){ .beneath = -1 };
	expect_round_trip(&step);
	for (int i = 0; i < CALL_COUNT; i++) {
		step.call = (enum call)i;
		expect_round_trip(&step);
	}
}
END_TEST

START_TEST(a_step_about_null_comes_back)
{
	struct step step = full_step();
	step.call = CALL_fclose;
	step.gone = LEDGER_NULL;
	expect_round_trip(&step);
}
END_TEST

START_TEST(the_longest_step_comes_back)
{
	struct step step = full_step();
	memset(step.detail, '\n', sizeof(step.detail) - 1);
	step.detail[sizeof(step.detail) - 1] = '\0';
	step.gone = step.got[0] = step.got[1] = INT64_MAX;
	memset(step.site.offset, 0xff, sizeof(step.site.offset));
	expect_round_trip(&step);
}
END_TEST

START_TEST(a_step_with_a_field_out_of_range_is_refused)
{
	static const struct { size_t at; char *word; } bad[] = {
		{ 1, "-1" }, { 1, "FFFFF" }, { 1, "close" }, { 1, "" },
		{ 4, "-1" }, { 4, "FFFFFFFFFF" },
		{ 5, "FFFFFFFFFF" }, { 5, "-FFFFFFFFFF" },
		{ 6, "1FFFFFFFFFFFFFFFF" }, { 6, "x" }, { 6, "-" },
		{ 9, "-2" }, { 9, "FFFFFFFFFF" },
		{ 10, "-1" }, { 10, "100000000" }, { 10, "D" }, { 11, "-1" },
		{ 11, "100000000" },
		{ 13, "100" }, { 13, "-1" }, { 13, "" },
		{ 14, "100000000" }, { 14, "-1" }, { 18, "Z" },
	};
	struct step step = full_step(), got;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct words words;
		words_of(&step, &words);
		words.word[bad[i].at] = bad[i].word;
		ck_assert_msg(wire_get_step(&words, &got) == -EPROTO,
			      "field %zu is %s", bad[i].at, bad[i].word);
	}
}
END_TEST

START_TEST(a_call_that_the_table_has_not_is_refused)
{
	struct step step = full_step(), got;
	struct words words;
	char number[16];
	words_of(&step, &words);
	snprintf(number, sizeof(number), "%X", (unsigned)CALL_COUNT);
	words.word[1] = number;
	ck_assert_int_eq(wire_get_step(&words, &got), -EPROTO);
	snprintf(number, sizeof(number), "%X", CALL_COUNT - 1u);
	ck_assert_int_eq(wire_get_step(&words, &got), 0);
}
END_TEST

START_TEST(a_step_with_a_word_too_few_or_too_many_is_refused)
{
	struct step step = full_step(), got;
	struct words words;
	memset(step.site.offset, 1, sizeof(step.site.offset));
	words_of(&step, &words);
	size_t whole = words.n;
	words.word[whole] = words.word[whole + 1] = "1";
	for (words.n = 1; words.n <= whole + 2; words.n++) {
		bool fits = words.n <= whole && words.n > 12 &&
			    words.n % 2 == whole % 2;
		ck_assert_msg(wire_get_step(&words, &got) ==
			      (fits ? 0 : -EPROTO), "%zu words", words.n);
	}
}
END_TEST

START_TEST(a_refused_step_leaves_the_old_one_as_it_was)
{
	struct step step = full_step();
	struct step got = { .call = CALL_close, .gone = 7, .detail = "old" };
	struct words words;
	words_of(&step, &words);
	words.word[16] = "nowhere";
	ck_assert_int_eq(wire_get_step(&words, &got), -EPROTO);
	ck_assert_int_eq(got.call, CALL_close);
	ck_assert_uint_eq(got.gone, 7);
	ck_assert_uint_eq(got.site.offset[0], 0);
	ck_assert_str_eq(got.detail, "old");
}
END_TEST

TEST_PROGRAM("wire",
	     every_byte_comes_back_as_it_was,
	     an_empty_word_comes_back_empty_and_in_its_place,
	     a_word_that_does_not_fit_is_cut_within_its_room,
	     a_cut_word_is_never_cut_inside_an_escape,
	     an_order_is_sent_whole_or_not_at_all,
	     a_broken_escape_is_refused,
	     too_many_words_are_refused,
	     a_line_that_arrives_byte_by_byte_is_whole,
	     lines_that_arrive_together_come_one_by_one,
	     the_longest_line_passes_and_a_longer_one_is_refused,
	     a_line_without_an_end_is_refused_before_it_ends,
	     a_line_with_a_nul_is_refused,
	     an_empty_pipe_says_that_nothing_waits,
	     a_long_talk_keeps_its_order_wherever_it_is_split,
	     a_number_is_read_whole_or_not_at_all,
	     a_step_comes_back_field_by_field,
	     a_step_about_null_comes_back,
	     the_longest_step_comes_back,
	     a_step_with_a_field_out_of_range_is_refused,
	     a_call_that_the_table_has_not_is_refused,
	     a_step_with_a_word_too_few_or_too_many_is_refused,
	     a_refused_step_leaves_the_old_one_as_it_was)
