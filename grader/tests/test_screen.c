/* test_screen.c - what is out of the ordinary is told with its line, and what
 * is ordinary is not told at all. */
#include <errno.h>
#include <ftw.h>
#include "suite.h"
#include "catalog/catalog.h"
#include "screen/evidence.h"
#include "build/patch.h"
#include "screen/screen.h"
#include "base/process.h"
#include "verdict/verdict.h"

/* What was told: "kind file:line name" on a line each, the name being the first
 * word of the message. */
static char told[8192];

static void tell(const struct screen_finding *f, void *data)
{
	size_t n = strlen(told);
	ck_assert_ptr_eq(data, told);
	ck_assert_uint_lt(n + 300, sizeof(told));
	snprintf(told + n, sizeof(told) - n, "%s %s:%d %.*s\n",
		 screen_word(f->kind), f->file, f->line,
		 (int)strcspn(f->message, " "), f->message);
}

/* --- objects -------------------------------------------------------------- */

static void run(const char *const argv[])
{
	struct program program = { .argv = argv, .output_max = 4096 };
	struct ended ended;
	ck_assert_int_eq(process_run(&program, &ended), 0);
	ck_assert_msg(ended_well(&ended), "%s", ended.err);
	ended_release(&ended);
}

/* Compiles SOURCE into day.o as the grader compiles a subject; EXTRA is one
 * flag more. */
static const char *object_of(const char *source, const char *extra)
{
	const char *path = own("day.o");
	const char *const argv[] = {
		"gcc", "-std=gnu11", "-w", "-O0", "-g", "-fPIC", "-fno-builtin",
		"-fsanitize-coverage=trace-pc", extra, "-c",
		own_file("day.c", source), "-o", path, NULL
	};
	run(argv);
	return path;
}

static const struct names exports = { { "day_run", "day_end" }, 2 };

/* Screens the object at PATH: what was told. */
static const char *of_object(const char *path)
{
	struct names objects = { { path }, 1 };
	told[0] = '\0';
	ck_assert_int_eq(screen_objects(&objects, &exports, tell, told), 0);
	return told;
}

#define EXPECT_OBJECT(source, expected)					\
	ck_assert_str_eq(of_object(object_of(source, "--coverage")), expected)

START_TEST(a_constructor_is_told_where_it_is_defined)
{
	EXPECT_OBJECT("int x;\n"
		      "__attribute__((constructor))\n"
		      "static void sneak(void) { x = 1; }\n",
		      "constructor day.c:3 sneak\n");
	EXPECT_OBJECT("__attribute__((constructor(101))) void a(void) { }\n"
		      "__attribute__((constructor(100))) void b(void) { }\n",
		      "constructor day.c:1 a\nconstructor day.c:2 b\n");
}
END_TEST

START_TEST(an_address_put_among_the_constructors_by_hand_is_told_too)
{
	EXPECT_OBJECT("static void first(void) { }\n"
		      "static void sneak(void) { }\n"
		      "__attribute__((section(\".init_array\"), used))\n"
		      "static void (*const go)(void) = sneak;\n",
		      "constructor day.c:2 sneak\n");
	EXPECT_OBJECT("static void sneak(void) { }\n"
		      "__attribute__((section(\".ctors\"), used))\n"
		      "static void (*const go)(void) = sneak;\n",
		      "constructor day.c:1 sneak\n");
	EXPECT_OBJECT("void elsewhere(void);\n"
		      "__attribute__((section(\".init_array\"), used))\n"
		      "static void (*const go)(void) = elsewhere;\n",
		      "constructor day.c:0 elsewhere\n");
}
END_TEST

START_TEST(gcovs_own_constructor_is_not_told_and_one_that_takes_its_name_is)
{
	EXPECT_OBJECT("int f(int a) { return a ? 1 : 2; }\n", "");
	EXPECT_OBJECT("__attribute__((constructor(100)))\n"
		      "static void _sub_I_00100_7(void) { }\n",
		      "constructor day.c:2 _sub_I_00100_7\n");
	/* Without a place in the source the two cannot be told apart. */
	EXPECT_OBJECT("int f(void) { return 1; }\n"
		      "asm(\".text\\n.type _sub_I_00100_7,@function\\n\"\n"
		      "    \"_sub_I_00100_7: ret\\n\"\n"
		      "    \".size _sub_I_00100_7,1\\n\"\n"
		      "    \".section .init_array.00100,\\\"aw\\\"\\n\"\n"
		      "    \".quad _sub_I_00100_7\\n.text\");\n",
		      "constructor day.c:0 _sub_I_00100_0\n");
}
END_TEST

START_TEST(preinit_and_destructors_are_told)
{
	EXPECT_OBJECT("static void early(void) { }\n"
		      "__attribute__((section(\".preinit_array\"), used))\n"
		      "static void (*const go)(void) = early;\n"
		      "__attribute__((destructor)) void last(void) { }\n",
		      "preinit day.c:1 early\ndestructor day.c:4 last\n");
}
END_TEST

START_TEST(an_indirect_function_is_told_where_it_is_chosen)
{
	EXPECT_OBJECT("static int one(void) { return 1; }\n"
		      "static int (*pick(void))(void) { return one; }\n"
		      "int chosen(void) __attribute__((ifunc(\"pick\")));\n",
		      "ifunc day.c:2 chosen\n");
}
END_TEST

START_TEST(an_instruments_name_is_told_unless_it_is_static)
{
	EXPECT_OBJECT("static void __gcov_mine(void) { }\n"
		      "void __gcov_dump(void) { __gcov_mine(); }\n"
		      "__attribute__((weak)) int __lsan_is_turned_off(void)\n"
		      "{ return 1; }\n"
		      "int __llvm_profile_runtime;\n"
		      "void brakes_malloc(void) { }\n",
		      "instrument day.c:2 __gcov_dump\n"
		      "instrument day.c:3 __lsan_is_turned_off\n"
		      "instrument day.c:5 __llvm_profile_runtime\n"
		      "instrument day.c:6 brakes_malloc\n");
	EXPECT_OBJECT("void __asan_init(void) { }\n"
		      "void __ubsan_x(void) { }\n"
		      "void __cyg_profile_func_enter(void *a, void *b) { }\n"
		      "void __wrap_close(void) { }\n",
		      "instrument day.c:1 __asan_init\n"
		      "instrument day.c:2 __ubsan_x\n"
		      "instrument day.c:3 __cyg_profile_func_enter\n"
		      "instrument day.c:4 __wrap_close\n");
	EXPECT_OBJECT("int __sanitizer_x(void) { return 1; }\n",
		      "instrument day.c:1 __sanitizer_x\n");
}
END_TEST

START_TEST(a_watched_call_defined_anew_is_told_by_its_own_name)
{
	const char *path = object_of("#include <stddef.h>\n"
				     "void free(void *p) { }\n"
				     "static int close(int fd) { return fd; }\n"
				     "int f(void) { return close(1); }\n",
				     "--coverage");
	ck_assert_str_eq(of_object(path), "redefined day.c:2 free\n");
}
END_TEST

START_TEST(what_the_header_asks_for_is_told_when_it_is_weak)
{
	EXPECT_OBJECT("__attribute__((weak)) int helper(void) { return 1; }\n"
		      "__attribute__((weak)) int day_run(void) { return 1; }\n"
		      "__attribute__((weak)) int wrapped_day_end(void);\n"
		      "int f(void) { return wrapped_day_end(); }\n",
		      "weak day.c:2 day_run\n");
}
END_TEST

START_TEST(a_function_without_counters_among_others_with_them_is_told)
{
	static const char source[] =
		"#define HIDE(a, b) __attribute__((a##b))\n"
		"int f(int a) { return a ? 1 : 2; }\n"
		"HIDE(no_profile_, instrument_function)\n"
		"int hidden(int a) { return a ? f(a) : 2; }\n";
	EXPECT_OBJECT(source, "uncounted day.c:4 hidden\n");
	ck_assert_str_eq(of_object(object_of(source, "-fno-lto")), "");
}
END_TEST

START_TEST(ordinary_code_of_any_sort_is_not_told)
{
	EXPECT_OBJECT(
		"#include <stdarg.h>\n"
		"#include <stdlib.h>\n"
		"static inline __attribute__((always_inline)) int a(int x)\n"
		"{ return x ? 1 : 2; }\n"
		"inline int b(int x) { return x; }\n"
		"extern inline __attribute__((gnu_inline)) int c(int x)\n"
		"{ return x; }\n"
		"static __attribute__((unused)) int d(int x) { return x; }\n"
		"static void e(int *x) { *x = 0; }\n"
		"__attribute__((format(printf, 1, 2)))\n"
		"void f(char *x, ...) { }\n"
		"__attribute__((noreturn)) void g(void) { for (;;) ; }\n"
		"__attribute__((noinline, cold)) int h(int x) { return x; }\n"
		"int i(void) __asm__(\"other\");\n"
		"int i(void) { return 1; }\n"
		"int j(void) __attribute__((alias(\"other\")));\n"
		"int strcmp(const char *x, const char *y) { return *x - *y; }\n"
		"int line(void) { return 1; }\n"
		"int k(int x)\n{\n"
		"\tint in(int y) { return x + y; }\n"
		"\t__attribute__((cleanup(e))) int z = in(1);\n"
		"\tatexit(g);\n"
		"\treturn a(z) + b(z) + c(z);\n}\n"
		"int main(void) { return k(1); }\n", "");
}
END_TEST

START_TEST(a_thousand_alike_are_told_a_few_times)
{
	char source[64 << 10] = "", *at = source;
	for (int i = 0; i < 500; i++)
		at += sprintf(at, "__attribute__((constructor)) void f%d(void) "
			      "{ }\nvoid __asan_%d(void) { }\n", i, i);
	const char *text = of_object(object_of(source, "--coverage"));
	int lines = 0;
	while ((text = strchr(text, '\n')))
		lines++, text++;
	ck_assert_int_eq(lines, 2 * SCREEN_MOST);
}
END_TEST

START_TEST(what_is_no_object_is_refused)
{
	struct names objects = { { own("none.o") }, 1 };
	ck_assert_int_eq(screen_objects(&objects, &exports, tell, told),
			 -ENOENT);
	objects.name[0] = own_file("text.o", "no object\n");
	ck_assert_int_eq(screen_objects(&objects, &exports, tell, told),
			 -ENOEXEC);
	objects.name[0] = own_file("empty.o", "");
	ck_assert_int_eq(screen_objects(&objects, &exports, tell, told),
			 -ENOEXEC);
	objects.name[0] = "build/scenario_runner";
	ck_assert_int_eq(screen_objects(&objects, &exports, tell, told),
			 -ENOEXEC);
}
END_TEST

/* Something of every kind that an object can hold. */
static const char all_of_it[] =
	"__attribute__((constructor)) static void sneak(void) { }\n"
	"__attribute__((destructor)) void last(void) { }\n"
	"static int one(void) { return 1; }\n"
	"static int (*pick(void))(void) { return one; }\n"
	"int chosen(void) __attribute__((ifunc(\"pick\")));\n"
	"void __asan_init(void) { }\n"
	"__attribute__((weak)) int day_run(void) { return 1; }\n"
	"__attribute__((no_profile_instrument_function)) void f(void) { }\n"
	"__attribute__((section(\".preinit_array\"), used))\n"
	"static void (*const go)(void) = sneak;\n";

static void write_bytes(const char *path, const char *bytes, size_t size)
{
	FILE *out = fopen(path, "w");
	ck_assert_ptr_nonnull(out);
	ck_assert_uint_eq(fwrite(bytes, 1, size, out), size);
	ck_assert_int_eq(fclose(out), 0);
}

/* A next number of a row that is always the same. */
static unsigned next_of(unsigned *row)
{
	*row ^= *row << 13;
	*row ^= *row >> 17;
	*row ^= *row << 5;
	return *row;
}

/* Screens SIZE bytes that once were an object, which may be refused. */
static void screen_remains(const char *bytes, size_t size)
{
	struct names objects = { { own("remains.o") }, 1 };
	write_bytes(objects.name[0], bytes, size);
	told[0] = '\0';
	int rc = screen_objects(&objects, &exports, tell, told);
	ck_assert(rc == 0 || rc == -ENOEXEC);
}

START_TEST(an_object_cut_off_anywhere_is_survived)
{
	char *bytes;
	size_t size;
	const char *path = object_of(all_of_it, "--coverage");
	ck_assert_int_eq(read_file(path, 1 << 20, &bytes, &size), 0);
	for (size_t n = 0; n < size; n += 1 + size / 500)
		screen_remains(bytes, n);
	free(bytes);
}
END_TEST

START_TEST(an_object_garbled_anywhere_is_survived)
{
	char *bytes, *garbled;
	size_t size;
	unsigned row = 2463534242;
	const char *path = object_of(all_of_it, "--coverage");
	ck_assert_int_eq(read_file(path, 1 << 20, &bytes, &size), 0);
	garbled = malloc(size);
	ck_assert_ptr_nonnull(garbled);
	for (int i = 0; i < 2000; i++) {
		memcpy(garbled, bytes, size);
		/* The tables are at the end, the header at the beginning. */
		for (unsigned n = next_of(&row) % 16 + 1; n > 0; n--)
			garbled[i % 3 == 0 ? next_of(&row) % 64 :
				next_of(&row) % size] = (char)next_of(&row);
		screen_remains(garbled, size);
	}
	free(garbled);
	free(bytes);
}
END_TEST

/* --- sources -------------------------------------------------------------- */

static const char *of_bytes(const char *text, size_t size)
{
	told[0] = '\0';
	ck_assert_int_eq(screen_source("day.c", text, size, tell, told), 0);
	return told;
}

#define EXPECT_SOURCE(source, expected)					\
	ck_assert_str_eq(of_bytes(source, strlen(source)), expected)

START_TEST(a_line_directive_is_told_however_it_is_written)
{
	EXPECT_SOURCE("int a;\n#line 7\n  # /* x */ line 8 \"b.c\"\n",
		      "line day.c:2 #line\nline day.c:3 #line\n");
	EXPECT_SOURCE("# 12 \"x.c\"\n%:line 3\n/* a\n */ #li\\\nne 9\n",
		      "line day.c:1 #\nline day.c:2 #line\n"
		      "line day.c:4 #line\n");
	EXPECT_SOURCE("char *a = \"\\\n#line 7\";\n"
		      "#define line 8\n#define A(x) #x\nint b; #line 1\n"
		      "#include \"line.h\"\n// a \\\n#line 3\n", "");
}
END_TEST

START_TEST(a_marker_for_coverage_tools_is_told)
{
	EXPECT_SOURCE("int a; /* GCOV_EXCL_LINE */\n// LCOV_EXCL_START\n\n"
		      "/*\n * GCOVR_EXCL_STOP GCOV_EXCL_LINE */\n",
		      "marker day.c:1 GCOV_EXCL_LINE\n"
		      "marker day.c:2 LCOV_EXCL_START\n"
		      "marker day.c:5 GCOVR_EXCL_STOP\n");
	EXPECT_SOURCE("/* GCOV_EXCL_ and gcov, MY_EXCL_LINE */\n", "");
}
END_TEST

START_TEST(an_attribute_that_keeps_instruments_out_is_told)
{
	EXPECT_SOURCE("__attribute__((no_profile_instrument_function)) f();\n"
		      "__attribute__((__no_instrument_function__)) g();\n"
		      "\n#define A no_sani\\\ntize\n",
		      "attribute day.c:1 no_profile_instrument_function\n"
		      "attribute day.c:2 no_instrument_function\n"
		      "attribute day.c:4 no_sanitize\n");
	EXPECT_SOURCE("int no_sanitizer, my_no_sanitize, no_sanitize2;\n"
		      "/* ____ no_sanitise */\n", "");
}
END_TEST

START_TEST(an_apostrophe_in_dead_text_hides_no_line_after_it)
{
	EXPECT_SOURCE("#if 0\ndon't\n#endif\nno_sanitize\n",
		      "attribute day.c:4 no_sanitize\n");
	EXPECT_SOURCE("#error \"\nno_sanitize\n",
		      "attribute day.c:2 no_sanitize\n");
}
END_TEST

START_TEST(assembly_that_takes_in_a_file_or_picks_a_section_is_told)
{
	EXPECT_SOURCE("asm(\".incbin \\\"a\\\"\");\n"
		      "__asm__ volatile (\"nop\\n\"\n"
		      "\t\"\\t.section .x\\n\"\n"
		      "\t: : \"r\"(f(1)));\n"
		      "int f(void) { asm goto /* x */ (\n"
		      "\".pushsection a\"); }\n",
		      "inclusion day.c:1 .incbin\nsection day.c:3 .section\n"
		      "section day.c:6 .pushsection\n");
	EXPECT_SOURCE("int c(void) { asm(\"nop\"); }\n"
		      "int d(void) asm(\"my.section\"), asm_e(int);\n"
		      "int e = f.section, g = h->include, i = .sections;\n"
		      "#include \"section\"\n", "");
}
END_TEST

START_TEST(characters_that_turn_the_text_are_told_wherever_they_stand)
{
	EXPECT_SOURCE("int a; /* \xE2\x80\xAE x \xE2\x80\xAC */\n"
		      "char *b = \"\xE2\x81\xA6\";\n",
		      "bidi day.c:1 U+202E\nbidi day.c:2 U+2066\n");
	EXPECT_SOURCE("/* \xE2\x80\x94 \xE2\x80\xA9 \xE2\x80\xAF \xE2\x81\xA5 "
		      "\xE2\x81\xAA f\xC3\xBCr \xE2\x82\xAC */\n", "");
}
END_TEST

START_TEST(text_of_any_bytes_is_survived)
{
	enum { SIZE = 1 << 20 };
	static const char *const parts[] = {
		"\"", "'", "/*", "/", "\\\n", "\\", "asm(\"", "asm(", "(", ")",
		"#", "#line 1\n", "\n", "R\"(", "GCOV_EXCL_", "LCOV_EXCL_A",
		"\xE2\x80", "\xE2\x80\xAE\n", "no_sanitize ", "a", "__", "1",
		"asm(\".incbin\")", "\".section\" ", "%:", "\xFF", "$",
	};
	char *text = malloc(SIZE);
	unsigned row = 88172645;
	ck_assert_ptr_nonnull(text);
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		size_t n = strlen(parts[i]);
		for (size_t at = 0; at < SIZE; at++)
			text[at] = parts[i][at % n];
		of_bytes(text, SIZE);
	}
	for (size_t at = 0; at < SIZE; at++)
		text[at] = (char)next_of(&row);
	of_bytes(text, SIZE);
	for (size_t size = 0; size < 64; size++) {
		char *exact = malloc(size ? size : 1);
		ck_assert_ptr_nonnull(exact);
		memcpy(exact, "# /*x*/ line asm(\".incbin\\\\\nGCOV_EXCL_L"
		       "\xE2\x80\xAE no_sanitize \\\n # 12 \"xxxxxxxxx", size);
		of_bytes(exact, size);
		free(exact);
	}
	free(text);
}
END_TEST

/* --- nothing is told of what the workbook itself holds -------------------- */

static int n_screened;

/* Screens a file that nftw(3) comes by, when it is one of ours. */
static int screen_own(const char *path, const struct stat *status, int type,
		      struct FTW *where)
{
	char *text;
	size_t size, n = strlen(path);
	(void)status, (void)where;
	told[0] = '\0';
	if (type != FTW_F || n < 2)
		return 0;
	if (strcmp(path + n - 2, ".o") == 0) {
		of_object(path);
	} else if (strcmp(path + n - 2, ".c") == 0) {
		ck_assert_int_eq(read_file(path, 1 << 20, &text, &size), 0);
		of_bytes(text, size);
		free(text);
	} else {
		return 0;
	}
	ck_assert_msg(!*told, "%s: %s", path, told);
	n_screened++;
	return 0;
}

static void screen_tree(const char *path)
{
	ck_assert_int_eq(nftw(path, screen_own, 16, FTW_PHYS), 0);
}

START_TEST(nothing_is_told_of_our_starters_solutions_and_lessons)
{
	screen_tree("exercises");
	screen_tree("solutions");
	screen_tree("lessons");
	ck_assert_int_gt(n_screened, 3 * 15);
	n_screened = 0;
	screen_tree("grader/exercises");
	ck_assert_int_gt(n_screened, 3 * 15);
}
END_TEST

START_TEST(nothing_is_told_of_the_objects_of_correct_and_broken_versions)
{
	screen_tree("build/exercises");
	ck_assert_int_gt(n_screened, 10 * 15);
}
END_TEST

/* Applies a patch that nftw(3) comes by to a copy of our solution, and screens
 * that. */
static int screen_patched(const char *path, const struct stat *status, int type,
			  struct FTW *where)
{
	char id[NAME_MAX_LENGTH], command[256];
	char *why = NULL;
	(void)status, (void)where;
	if (type != FTW_F || !strstr(path, "/misconceptions/") ||
	    sscanf(path, "grader/exercises/%63[^/]", id) != 1)
		return 0;
	snprintf(command, sizeof(command), "rm -rf %s && cp -r solutions/%s %s",
		 own("patched"), id, own("patched"));
	ck_assert_int_eq(system(command), 0);
	char whole[2 * PATH_MAX];
	snprintf(whole, sizeof(whole), "%s/%s", workbook(), path);
	ck_assert_msg(patch_apply(whole, own("patched"), &why) == 0, "%s: %s",
		      path, why);
	screen_tree(own("patched"));
	return 0;
}

START_TEST(nothing_is_told_of_the_misconceptions)
{
	ck_assert_int_eq(nftw("grader/exercises", screen_patched, 16, FTW_PHYS),
			 0);
	ck_assert_int_gt(n_screened, 10 * 15);
}
END_TEST

/* --- into the verdict ----------------------------------------------------- */

/* Builds day.c of 12_global from SOURCE: its evidence, NULL for none. */
static json_t *evidence_of(const char *source)
{
	struct catalog catalog;
	char *why = NULL;
	static const struct names files = { { "day.c" }, 1 };
	struct library library = { .part = PART_SUBJECT, .files = &files };
	json_t *verdict = verdict_exercise("12_global");
	ck_assert_int_eq(catalog_read(workbook(), &catalog, &why), 0);
	const struct exercise *exercise = catalog_find(&catalog, "12");
	own_file("day.c", source);
	strcpy(library.source, own_folder);
	strcpy(library.objects, own_folder);
	strcpy(library.path, own("day.so"));
	ck_assert_int_eq(build_libraries(workbook(), exercise, NULL,
					 &library, 1), 0);
	evidence_add(exercise, &library, 1, verdict);
	json_t *evidence = json_incref(json_object_get(verdict, "evidence"));
	libraries_release(&library, 1);
	catalog_release(&catalog);
	json_decref(verdict);
	return evidence;
}

/* Demands that number I of EVIDENCE is of KIND, at LINE of day.c. */
static void expect_evidence(const json_t *evidence, size_t i, const char *kind,
			    long line)
{
	const json_t *one = json_array_get(evidence, i);
	ck_assert_str_eq(verdict_text(one, "kind"), kind);
	ck_assert_str_eq(verdict_text(one, "file"), "day.c");
	ck_assert_int_eq(verdict_number(one, "line"), line);
	ck_assert_uint_gt(strlen(verdict_text(one, "message")), 40);
}

START_TEST(evidence_of_objects_and_sources_stands_in_the_verdict)
{
	json_t *evidence = evidence_of(
		"/* LCOV_EXCL_LINE */\n"
		"__attribute__((constructor)) static void sneak(void) { }\n"
		"int close(int fd) { return fd; }\n");
	ck_assert_uint_eq(json_array_size(evidence), 3);
	expect_evidence(evidence, 0, "constructor", 2);
	expect_evidence(evidence, 1, "redefined", 3);
	expect_evidence(evidence, 2, "marker", 1);
	json_decref(evidence);
}
END_TEST

START_TEST(code_that_does_not_compile_has_its_source_screened)
{
	json_t *evidence = evidence_of("int a = ;\n#line 3\n");
	ck_assert_uint_eq(json_array_size(evidence), 1);
	expect_evidence(evidence, 0, "line", 2);
	json_decref(evidence);
}
END_TEST

START_TEST(where_nothing_is_found_the_verdict_has_no_evidence)
{
	ck_assert_ptr_null(evidence_of("int day_run(void) { return 1; }\n"));
	ck_assert_ptr_null(evidence_of("int a = ;\n"));
}
END_TEST

TEST_PROGRAM("screen",
	     a_constructor_is_told_where_it_is_defined,
	     an_address_put_among_the_constructors_by_hand_is_told_too,
	     gcovs_own_constructor_is_not_told_and_one_that_takes_its_name_is,
	     preinit_and_destructors_are_told,
	     an_indirect_function_is_told_where_it_is_chosen,
	     an_instruments_name_is_told_unless_it_is_static,
	     a_watched_call_defined_anew_is_told_by_its_own_name,
	     what_the_header_asks_for_is_told_when_it_is_weak,
	     a_function_without_counters_among_others_with_them_is_told,
	     ordinary_code_of_any_sort_is_not_told,
	     a_thousand_alike_are_told_a_few_times,
	     what_is_no_object_is_refused,
	     an_object_cut_off_anywhere_is_survived,
	     an_object_garbled_anywhere_is_survived,
	     a_line_directive_is_told_however_it_is_written,
	     a_marker_for_coverage_tools_is_told,
	     an_attribute_that_keeps_instruments_out_is_told,
	     an_apostrophe_in_dead_text_hides_no_line_after_it,
	     assembly_that_takes_in_a_file_or_picks_a_section_is_told,
	     characters_that_turn_the_text_are_told_wherever_they_stand,
	     text_of_any_bytes_is_survived,
	     nothing_is_told_of_our_starters_solutions_and_lessons,
	     nothing_is_told_of_the_objects_of_correct_and_broken_versions,
	     nothing_is_told_of_the_misconceptions,
	     evidence_of_objects_and_sources_stands_in_the_verdict,
	     code_that_does_not_compile_has_its_source_screened,
	     where_nothing_is_found_the_verdict_has_no_evidence)
