/* test_memory.c - blocks of the code under test on pages of their own, and what is told of
 * a bad access to them. This program is its own code under test.
 *
 * A deed is done in a process that dies of it; what that tells comes through a pipe.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include "suite.h"
#include "protocol/wire.h"
#include "runtime/guarded_heap.h"
#include "runtime/heap.h"
#include "runtime/memory_watch.h"
#include "runtime/wrap.h"

void *brakes_malloc(size_t n);
void *brakes_calloc(size_t n, size_t size);
void *brakes_realloc(void *block, size_t n);
void *brakes_memalign(size_t alignment, size_t n);
char *brakes_strdup(const char *text);
ssize_t brakes_getline(char **line, size_t *size, FILE *f);
void brakes_free(void *block);
FILE *brakes_fopen(const char *path, const char *mode);
int brakes_setvbuf(FILE *f, char *to, int mode, size_t n);
int brakes_fputs(const char *text, FILE *f);
int brakes_fclose(FILE *f);
int brakes_open(const char *path, int flags, ...);
ssize_t brakes_read(int fd, void *to, size_t n);
FILE *brakes_open_memstream(char **ret_block, size_t *ret_size);

extern char __executable_start, etext;

enum { GUARDED = 100 };

static int tell_to;

static void tell(const struct memory_fault *fault)
{
	char line[MEMORY_FAULT_BYTES];
	char *end = memory_fault_put(line, fault);
	*end++ = '\n';
	ck_assert_int_ge(write(tell_to, line, (size_t)(end - line)), 0);
}

/* Starts anew, with all of this program watched and some blocks guarded. */
static void begin(void)
{
	uintptr_t start = (uintptr_t)&__executable_start;
	injection_module(0, start, start, (uintptr_t)&etext);
	injection_start((struct listener){ 0 });
	memory_watch_prepare();
	guarded_heap_allow(GUARDED);
	memory_watch(tell);
}

/* Does DEED in another process: what it told in *ret_fault; how the process ended. */
static int do_deed(void (*deed)(void), struct memory_fault *ret_fault)
{
	char line[WIRE_LINE_MAX] = "";
	struct words words;
	int ends[2], status;
	ck_assert_int_eq(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		tell_to = ends[1];
		begin();
		deed();
		_exit(0);
	}
	close(ends[1]);
	ssize_t n = read(ends[0], line, sizeof(line) - 1);
	close(ends[0]);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	*ret_fault = (struct memory_fault){ .kind = MEMORY_KINDS };
	if (n <= 0)
		return status;
	line[strcspn(line, "\n")] = '\0';
	ck_assert_int_eq(wire_split(line + 1, &words), 0);
	ck_assert_int_eq(memory_fault_get(words.word, words.n, ret_fault), 0);
	return status;
}

/* --- bad accesses -------------------------------------------------------------- */

static void reads_freed(void)
{
	volatile char *block = brakes_malloc(40);
	brakes_free((void *)block);
	(void)block[7];
}

static void writes_freed(void)
{
	volatile char *block = brakes_malloc(40);
	brakes_free((void *)block);
	block[39] = 1;
}

static void writes_moved(void)
{
	volatile char *block = brakes_malloc(40);
	brakes_realloc((void *)block, 80);
	block[0] = 1;
}

static void writes_past(void)
{
	char *volatile block = brakes_malloc(13);
	memset(block, 'x', 14);
}

static void reads_past(void)
{
	volatile char *block = brakes_calloc(5, 8);
	(void)block[40];
}

static void reads_on_past(void)
{
	char *volatile block = brakes_strdup("a text");
	block[6] = 'x';
	volatile size_t n = strlen(block);
	(void)n;
}

static void writes_before(void)
{
	volatile char *first = brakes_malloc(4096), *block = brakes_malloc(4096);
	first[0] = block[-2] = 1;
}

static void reads_nothing_of_nothing(void)
{
	volatile char *block = brakes_malloc(0);
	(void)block[0];
}

/* The sanitizers would look at another address first, or end the process themselves. */
#define UNCHECKED __attribute__((no_sanitize("address", "undefined")))

UNCHECKED static void follows_unset(void)
{
	struct { int *volatile first, *volatile second; } *volatile block =
		brakes_malloc(sizeof(*block));
	block->second[3] = 1;
}

UNCHECKED static void follows_unset_after_realloc(void)
{
	char **volatile block = brakes_malloc(8);
	block[0] = "a text";
	block = brakes_realloc((void *)block, 64);
	(void)*(volatile char *)block[7];
}

UNCHECKED static void follows_null(void)
{
	volatile struct { char room[100]; int number; } *volatile nothing = NULL;
	nothing->number = 1;	/* NOLINT(clang-analyzer-core.NullDereference) */
}

static void frees_twice_behind_our_back(void)
{
	char *block = brakes_malloc(40);
	heap_give_back(block, NO_CALL);
	heap_give_back(block, NO_CALL);
}

static void reads_into_freed(void)
{
	int fd = brakes_open("/dev/zero", O_RDONLY);
	char *block = brakes_malloc(40);
	brakes_free(block);
	brakes_read(fd, block, 10);
}

static void closes_over_a_freed_buffer(void)
{
	FILE *f = brakes_fopen("/dev/null", "w");
	char *block = brakes_malloc(4000);
	brakes_setvbuf(f, block, _IOFBF, 4000);
	brakes_fputs("a text", f);
	brakes_free(block);
	brakes_fclose(f);
}

__attribute__((noinline)) static FILE *open_over_a_local(void)
{
	char local[1000];
	FILE *f = brakes_fopen("/dev/null", "w");
	brakes_setvbuf(f, local, _IOFBF, sizeof(local));
	brakes_fputs("a text", f);
	return f;
}

static void closes_over_a_local_that_is_gone(void)
{
	FILE *f = open_over_a_local();
	brakes_fclose(f);
}

static volatile int zero;

UNCHECKED static void divides_by_zero(void)
{
	zero = 1000 / zero;
}

/* Each deed, and what has to be told of it. */
static const struct {
	const char *name;
	void (*deed)(void);
	int signal;
	enum memory_kind kind;
	int writes;
	uint64_t size, distance;
	int got, gone, via;
} deeds[] = {
#define DEED(name, ...) { #name, name, __VA_ARGS__ },
	DEED(reads_freed, SIGSEGV, MEMORY_FREED, 0, 40, 0, CALL_malloc, CALL_free, -1)
	DEED(writes_freed, SIGSEGV, MEMORY_FREED, 1, 40, 0, CALL_malloc, CALL_free, -1)
	DEED(writes_moved, SIGSEGV, MEMORY_FREED, 1, 40, 0, CALL_malloc, CALL_realloc,
	     -1)
	DEED(writes_past, SIGSEGV, MEMORY_PAST, 1, 13, 1, CALL_malloc, -1, -1)
	DEED(reads_past, SIGSEGV, MEMORY_PAST, 0, 40, 1, CALL_calloc, -1, -1)
	DEED(reads_on_past, SIGSEGV, MEMORY_PAST, 0, 7, 1, CALL_strdup, -1, -1)
	DEED(writes_before, SIGSEGV, MEMORY_BEFORE, 1, 4096, 2, CALL_malloc, -1, -1)
	DEED(reads_nothing_of_nothing, SIGSEGV, MEMORY_PAST, 0, 0, 1, CALL_malloc, -1,
	     -1)
	DEED(follows_unset, SIGSEGV, MEMORY_UNSET_BLOCK, 1, 16, 0, CALL_malloc, -1, -1)
	DEED(follows_unset_after_realloc, SIGSEGV, MEMORY_UNSET_BLOCK, 0, 64, 0,
	     CALL_realloc, -1, -1)
	DEED(follows_null, SIGSEGV, MEMORY_NULL, 1, 0, 0, -1, -1, -1)
	DEED(frees_twice_behind_our_back, SIGSEGV, MEMORY_FREED, 1, 40, 0, CALL_malloc,
	     -1, -1)
	DEED(reads_into_freed, SIGSEGV, MEMORY_FREED, 1, 40, 0, CALL_malloc, CALL_free,
	     CALL_read)
	DEED(closes_over_a_freed_buffer, SIGSEGV, MEMORY_FREED, -1, 4000, 0,
	     CALL_malloc, CALL_free, CALL_fclose)
	DEED(closes_over_a_local_that_is_gone, SIGSEGV, MEMORY_FRAME_GONE, -1, 0, 0, -1,
	     -1, CALL_fclose)
	DEED(divides_by_zero, SIGFPE, MEMORY_OTHER, -1, 0, 0, -1, -1, -1)
};

START_TEST(each_bad_access_is_told_as_what_it_is)
{
	for (size_t i = 0; i < sizeof(deeds) / sizeof(*deeds); i++) {
		struct memory_fault fault;
		int status = do_deed(deeds[i].deed, &fault);
		ck_assert_msg(WIFSIGNALED(status), "%s", deeds[i].name);
		ck_assert_int_eq(WTERMSIG(status), deeds[i].signal);
		ck_assert_msg(fault.kind == deeds[i].kind, "%s: %d", deeds[i].name,
			      (int)fault.kind);
		ck_assert_msg(fault.writes == deeds[i].writes || fault.writes < 0,
			      "%s: %d", deeds[i].name, fault.writes);
		ck_assert_msg(fault.size == deeds[i].size &&
			      fault.distance == deeds[i].distance, "%s: %d %d",
			      deeds[i].name, (int)fault.size, (int)fault.distance);
		ck_assert_msg(fault.got.call == deeds[i].got &&
			      fault.gone.call == deeds[i].gone &&
			      fault.via == deeds[i].via, "%s: %d %d %d",
			      deeds[i].name, fault.got.call, fault.gone.call,
			      fault.via);
	}
}
END_TEST

/* Where the code of DEED lies, as an offset of module 0. */
static uint32_t offset_of(void (*deed)(void))
{
	return (uint32_t)((uintptr_t)deed - (uintptr_t)&__executable_start);
}

START_TEST(the_place_is_in_the_code_that_made_the_access_also_from_within_libc)
{
	void (*const in_libc[])(void) = { writes_past, reads_on_past, reads_freed };
	for (size_t i = 0; i < sizeof(in_libc) / sizeof(*in_libc); i++) {
		struct memory_fault fault;
		do_deed(in_libc[i], &fault);
		ck_assert_uint_eq(fault.site.module[0], 0);
		uint32_t from = offset_of(in_libc[i]), at = fault.site.offset[0];
		ck_assert_msg(at > from && at - from < 400, "%zu: %x %x", i, from, at);
		ck_assert(fault.got.offset > from && fault.got.offset < at);
	}
}
END_TEST

/* --- found when it is too late for a signal ----------------------------------------- */

static void writes_between(void)
{
	volatile char *block = brakes_malloc(45);
	block[45] = 1;
	brakes_free((void *)block);
}

static void writes_before_a_small_one(void)
{
	volatile char *block = brakes_malloc(8);
	block[-3] = 1;
	brakes_free((void *)block);
}

START_TEST(what_was_written_around_a_block_is_told_when_it_is_freed)
{
	struct memory_fault fault;
	int status = do_deed(writes_between, &fault);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(fault.kind, MEMORY_FOUND_PAST);
	ck_assert_uint_eq(fault.distance, 1);
	ck_assert_int_eq(fault.gone.call, CALL_free);
	ck_assert_uint_eq(fault.site.offset[0], fault.gone.offset);
	status = do_deed(writes_before_a_small_one, &fault);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(fault.kind, MEMORY_FOUND_BEFORE);
	ck_assert_uint_eq(fault.distance, 3);
}
END_TEST

START_TEST(what_was_written_around_a_block_that_is_never_freed_is_found)
{
	struct memory_fault fault;
	begin();
	volatile char *block = brakes_malloc(45), *other = brakes_malloc(45);
	ck_assert(!guarded_heap_check(&fault));
	other[46] = 1;
	ck_assert(guarded_heap_check(&fault));
	ck_assert_uint_eq(fault.distance, 2);
	ck_assert_int_eq(fault.gone.call, -1);
	(void)block;
}
END_TEST

/* --- what is right stays right ---------------------------------------------------------- */

static void works_with_blocks(void)
{
	char *block = brakes_malloc(100);
	memset(block, 'x', 100);
	for (size_t n = 200; n > 10; n -= 10) {
		block = brakes_realloc(block, n);
		ck_assert(block[0] == 'x' && block[9] == 'x');
		memset(block, 'x', n);
	}
	brakes_free(block);
	for (size_t alignment = 16; alignment <= 8192; alignment *= 2) {
		block = brakes_memalign(alignment, 24);
		ck_assert_uint_eq((uintptr_t)block % alignment, 0);
		brakes_free(block);
	}
	for (size_t n = 1; n < 4 << 20; n *= 3) {
		block = brakes_calloc(1, n);
		ck_assert(block[0] == 0 && block[n - 1] == 0);
		memset(block, 'x', n);
		brakes_free(block);
	}
}

START_TEST(blocks_of_every_size_and_alignment_work)
{
	struct memory_fault fault;
	ck_assert_int_eq(do_deed(works_with_blocks, &fault), 0);
	ck_assert_int_eq(fault.kind, MEMORY_KINDS);
}
END_TEST

START_TEST(a_number_is_aligned_in_the_block_that_holds_nothing_else)
{
	begin();
	for (size_t n = sizeof(void *); n <= 512; n += sizeof(void *))
		ck_assert_uint_eq((uintptr_t)brakes_malloc(n) % sizeof(void *), 0);
	for (size_t n = 1; n < 16; n++)
		ck_assert_uint_eq((uintptr_t)brakes_malloc(64 * n) % 16, 0);
}
END_TEST

START_TEST(beyond_the_limit_blocks_are_ordinary_ones_and_work)
{
	enum { MANY = 20000 };
	static char *blocks[MANY];
	begin();
	for (int i = 0; i < MANY; i++) {
		blocks[i] = brakes_malloc(24);
		memset(blocks[i], i, 24);
	}
	int guarded = 0;
	for (int i = 0; i < MANY; i++) {
		guarded += guarded_heap_has(blocks[i]);
		ck_assert_int_eq(blocks[i][23], (char)i);
		brakes_free(blocks[i]);
	}
	ck_assert_int_eq(guarded, GUARDED);
	ck_assert_uint_eq(ledger_live(injection_ledger()), 0);
	ck_assert_uint_eq(injection_ledger()->wrong, 0);
}
END_TEST

static void *take_and_give(void *nothing)
{
	for (int i = 0; i < 40; i++) {
		char *block = brakes_malloc(100);
		memset(block, i, 100);
		block = brakes_realloc(block, 200);
		ck_assert_int_eq(block[99], i);
		brakes_free(block);
	}
	return nothing;
}

static void works_in_threads(void)
{
	pthread_t threads[4];
	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, take_and_give, NULL);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
}

static void works_in_a_fork(void)
{
	char *block = brakes_strdup("a text");
	int status;
	pid_t child = fork();
	if (child == 0) {
		take_and_give(NULL);
		brakes_free(block);
		_exit(0);
	}
	waitpid(child, &status, 0);
	ck_assert(WIFEXITED(status) && strcmp(block, "a text") == 0);
	brakes_free(block);
}

/* What a process does that the code under test has forked is its own affair. */
static void crashes_in_a_fork(void)
{
	pid_t child = fork();
	if (child == 0)
		reads_freed();
	int status;
	waitpid(child, &status, 0);
	_exit(WIFSIGNALED(status) ? 0 : 1);
}

static void reads_lines(void)
{
	size_t size = 4;
	char *line = brakes_malloc(size);
	FILE *f = fmemopen("a\nlonger line than that\n\nend", 28, "r");
	ck_assert_int_eq(brakes_getline(&line, &size, f), 2);
	ck_assert_str_eq(line, "a\n");
	ck_assert_int_eq(brakes_getline(&line, &size, f), 22);
	ck_assert_str_eq(line, "longer line than that\n");
	ck_assert_int_eq(brakes_getline(&line, &size, f), 1);
	ck_assert_int_eq(brakes_getline(&line, &size, f), 3);
	ck_assert_str_eq(line, "end");
	ck_assert_int_eq(brakes_getline(&line, &size, f), -1);
	brakes_free(line);
	line = NULL;
	size = 0;
	ck_assert_int_eq(brakes_getline(&line, &size, f), -1);
	ck_assert(line && size > 0);
	brakes_free(line);
	ck_assert_uint_eq(ledger_live(injection_ledger()), 0);
}

static void writes_a_memory_stream(void)
{
	char *text;
	size_t size;
	FILE *f = brakes_open_memstream(&text, &size);
	brakes_fputs("a text", f);
	brakes_fclose(f);
	ck_assert_str_eq(text, "a text");
	ck_assert(size == 6 && guarded_heap_size(text) == 7);
	brakes_free(text);
	ck_assert_uint_eq(ledger_live(injection_ledger()), 0);
}

/* The buffer lives as long as the stream, in a function further up, or not at all. */
__attribute__((noinline)) static void print_through(FILE *f)
{
	char other[500];
	snprintf(other, sizeof(other), "a text");
	brakes_fputs(other, f);
}

static void buffers_that_live(void)
{
	static char kept[1000];
	char local[1000] = "";
	for (int i = 0; i < 3; i++) {
		FILE *f = brakes_fopen("/dev/null", "w");
		brakes_setvbuf(f, i == 0 ? local : i == 1 ? kept : NULL,
			       i == 2 ? _IONBF : _IOFBF, i == 2 ? 0 : 1000);
		print_through(f);
		brakes_fclose(f);
	}
	char *block = brakes_malloc(1000);
	FILE *f = brakes_fopen("/dev/null", "w");
	brakes_setvbuf(f, block, _IOFBF, 1000);
	print_through(f);
	brakes_fclose(f);
	brakes_free(block);
}

START_TEST(correct_code_is_told_nothing_of)
{
	void (*const right[])(void) = {
		works_in_threads, works_in_a_fork, crashes_in_a_fork, reads_lines,
		writes_a_memory_stream, buffers_that_live,
	};
	for (size_t i = 0; i < sizeof(right) / sizeof(*right); i++) {
		struct memory_fault fault;
		int status = do_deed(right[i], &fault);
		ck_assert_msg(status == 0 && fault.kind == MEMORY_KINDS,
			      "%zu: %x, %d", i, (unsigned)status, (int)fault.kind);
	}
}
END_TEST

/* --- on the wire ------------------------------------------------------------------------ */

START_TEST(a_fault_comes_back_from_the_wire_as_it_went)
{
	struct memory_fault fault = {
		.kind = MEMORY_INDEX, .signal = SIGBUS, .writes = -1, .size = 4096,
		.distance = UINT64_MAX, .via = CALL_fclose,
		.got = { CALL_malloc, 1, 77 }, .gone = NO_CALL,
		.lent = { CALL_setvbuf, 0, UINT32_MAX },
		.site = { { 2, 1 }, { 5, 6 } }, .text = "'char [%d]'",
	}, back;
	char line[MEMORY_FAULT_BYTES];
	struct words words;
	*memory_fault_put(line, &fault) = '\0';
	ck_assert_int_eq(wire_split(line + 1, &words), 0);
	ck_assert_int_eq(memory_fault_get(words.word, words.n, &back), 0);
	fault.distance = INT_MAX;
	ck_assert_int_eq(memcmp(&back.site, &fault.site, sizeof(fault.site)), 0);
	ck_assert_str_eq(back.text, fault.text);
	ck_assert(back.kind == fault.kind && back.signal == fault.signal &&
		  back.writes == -1 && back.size == 4096 &&
		  back.distance == fault.distance && back.via == fault.via &&
		  back.got.offset == 77 && back.got.module == 1 &&
		  back.gone.call == -1 && back.lent.offset == UINT32_MAX);
}
END_TEST

START_TEST(numbers_out_of_range_are_refused)
{
	static const char good[] = "1 11 0 40 1 -1 0 0 5 0 0 5 -1 0 0 %- 0 5";
	static const struct { int word; const char *value; } bad[] = {
		{ 0, "99" }, { 0, "-1" }, { 1, "1000" }, { 2, "2" }, { 3, "-1" },
		{ 4, "-1" }, { 5, "100000" }, { 6, "100000" }, { 7, "256" },
		{ 8, "-1" }, { 8, "4294967296" }, { 16, "256" }, { 17, "x" },
	};
	struct memory_fault fault;
	for (size_t i = 0; i <= sizeof(bad) / sizeof(*bad); i++) {
		bool all_good = i == sizeof(bad) / sizeof(*bad);
		char line[sizeof(good)];
		struct words words;
		memcpy(line, good, sizeof(good));
		ck_assert_int_eq(wire_split(line, &words), 0);
		if (!all_good)
			words.word[bad[i].word] = (char *)bad[i].value;
		ck_assert_msg(memory_fault_get(words.word, words.n, &fault) ==
			      (all_good ? 0 : -EPROTO), "%zu", i);
		ck_assert_int_eq(memory_fault_get(words.word, words.n - 1, &fault),
				 -EPROTO);
		ck_assert_int_eq(memory_fault_get(words.word, 10, &fault), -EPROTO);
	}
}
END_TEST

TEST_PROGRAM("memory",
	     each_bad_access_is_told_as_what_it_is,
	     the_place_is_in_the_code_that_made_the_access_also_from_within_libc,
	     what_was_written_around_a_block_is_told_when_it_is_freed,
	     what_was_written_around_a_block_that_is_never_freed_is_found,
	     blocks_of_every_size_and_alignment_work,
	     a_number_is_aligned_in_the_block_that_holds_nothing_else,
	     beyond_the_limit_blocks_are_ordinary_ones_and_work,
	     correct_code_is_told_nothing_of,
	     a_fault_comes_back_from_the_wire_as_it_went,
	     numbers_out_of_range_are_refused)
