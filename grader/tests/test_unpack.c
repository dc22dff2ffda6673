/* test_unpack.c - what is taken of an archive, and what comes of one that was
 * made to harm. The archives are written here, by libarchive. */
#include "graded.h"
#include "grading/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <locale.h>

enum { TAR, TAR_GZ, ZIP };

static const char secret[] = "not yours";

/* Begins an archive at PATH. */
static struct archive *begin(const char *path, int format)
{
	struct archive *a = archive_write_new();
	if (format == ZIP)
		archive_write_set_format_zip(a);
	else
		archive_write_set_format_pax_restricted(a);
	if (format == TAR_GZ)
		archive_write_add_filter_gzip(a);
	archive_write_set_options(a, "compression-level=1");
	ck_assert_int_eq(archive_write_open_filename(a, path), ARCHIVE_OK);
	return a;
}

/* Adds the header of an entry of TYPE and SIZE; a link points to TARGET. */
static void add_header(struct archive *a, const char *name, mode_t type,
		       const char *target, size_t size)
{
	struct archive_entry *e = archive_entry_new();
	setlocale(LC_CTYPE, "C.UTF-8");
	archive_entry_set_pathname(e, name);
	archive_entry_set_filetype(e, type);
	archive_entry_set_perm(e, 04755);
	archive_entry_set_size(e, (int64_t)size);
	if (type == AE_IFLNK)
		archive_entry_set_symlink(e, target);
	else if (target)
		archive_entry_set_hardlink(e, target);
	ck_assert_int_eq(archive_write_header(a, e), ARCHIVE_OK);
	archive_entry_free(e);
}

/* Adds a file. */
static void add(struct archive *a, const char *name, const char *text)
{
	add_header(a, name, AE_IFREG, NULL, strlen(text));
	ck_assert_int_eq(archive_write_data(a, text, strlen(text)),
			 (la_ssize_t)strlen(text));
}

static const char *end(struct archive *a, const char *path)
{
	ck_assert_int_eq(archive_write_close(a), ARCHIVE_OK);
	ck_assert_int_eq(archive_write_free(a), ARCHIVE_OK);
	return path;
}

/* Unpacks the archive at PATH into the folder "to", in this process. */
static json_t *take(const char *path)
{
	struct catalog catalog;
	json_t *report = NULL;
	char *why;
	remove_tree(own("to"));
	ck_assert_int_eq(make_folders(own("to")), 0);
	ck_assert_int_eq(catalog_read(workbook(), &catalog, &why), 0);
	int from = open(path, O_RDONLY);
	int to = open(own("to"), O_PATH | O_DIRECTORY);
	ck_assert_int_eq(unpack(from, to, &catalog, &report), 0);
	close(from);
	close(to);
	catalog_release(&catalog);
	return report;
}

/* Demands that the file NAME below "to" holds TEXT. */
static void expect_file(const char *name, const char *text)
{
	char path[128], *held;
	size_t size;
	snprintf(path, sizeof(path), "to/%s", name);
	ck_assert_int_eq(read_file(own(path), UNPACK_FILE_MAX, &held, &size), 0);
	ck_assert_str_eq(held, text);
	free(held);
}

/* How many files and folders stand in FOLDER, at any depth. */
static long count(const char *folder)
{
	char command[PATH_MAX + 64];
	long n = -1;
	snprintf(command, sizeof(command), "find %s -mindepth 1 | wc -l", folder);
	FILE *found = popen(command, "r");
	ck_assert_int_eq(fscanf(found, "%ld", &n), 1);
	pclose(found);
	return n;
}

/* Demands N files in the report, and nothing that failed. */
static void expect_taken(json_t *report, long n)
{
	ck_assert_str_eq(verdict_text(report, "failed"), "");
	ck_assert_int_eq(verdict_number(report, "taken"), n);
}

/* Demands that the report names the entry NAME as left out, with WORDS. */
static void expect_skipped(json_t *report, const char *name, const char *words)
{
	size_t i;
	json_t *entry;
	json_array_foreach(json_object_get(report, "skipped"), i, entry) {
		if (strcmp(verdict_text(entry, "name"), name) != 0)
			continue;
		ck_assert_ptr_nonnull(strstr(verdict_text(entry, "why"), words));
		return;
	}
	ck_abort_msg("%s is not named", name);
}

/* Demands that the whole archive failed with WORDS. */
static void expect_failed(json_t *report, const char *words)
{
	ck_assert_msg(strstr(verdict_text(report, "failed"), words) != NULL,
		      "failed: %s", verdict_text(report, "failed"));
	json_decref(report);
}

START_TEST(files_of_exercises_are_taken_whatever_stands_before_them)
{
	for (int format = TAR; format <= ZIP; format++) {
		struct archive *a = begin(own("a"), format);
		add(a, "12_global/day.c", "one");
		add(a, "./exercises/12_global/test_day.c", "two");
		add(a, "M\xc3\xbcller, Anna (17)/exercises/00_start/note.c",
		    "three");
		json_t *report = take(end(a, own("a")));
		expect_taken(report, 3);
		expect_file("12_global/day.c", "one");
		expect_file("12_global/test_day.c", "two");
		expect_file("00_start/note.c", "three");
		ck_assert_int_eq(count(own("to")), 5);
		ck_assert_uint_eq(json_array_size(
			json_object_get(report, "skipped")), 0);
		json_decref(report);
	}
}
END_TEST

START_TEST(what_no_exercise_asks_for_is_passed_over)
{
	struct archive *a = begin(own("a"), ZIP);
	add(a, "day.c", "x");
	add(a, "12_global/day.h", "x");
	add(a, "12_global/DAY.C", "x");
	add(a, "12_global/day.c/x", "x");
	add(a, "12_globals/day.c", "x");
	add(a, "x12_global/day.c", "x");
	add(a, "2_global/day.c", "x");
	add(a, "00_start/day.c", "x");
	add(a, "__MACOSX/12_global/._day.c", "x");
	add(a, "README.md", "x");
	json_t *report = take(end(a, own("a")));
	expect_taken(report, 0);
	ck_assert_int_eq(count(own("to")), 0);
	json_decref(report);
}
END_TEST

START_TEST(a_path_that_leads_out_is_named_and_left_out)
{
	struct archive *a = begin(own("a"), TAR);
	own_file("victim", secret);
	add(a, "../victim", "x");
	add(a, "../12_global/day.c", "x");
	add(a, "exercises/../12_global/day.c", "x");
	add(a, "/12_global/day.c", "x");
	add(a, own("victim"), "x");
	json_t *report = take(end(a, own("a")));
	expect_taken(report, 0);
	expect_skipped(report, "../victim", "\"..\"");
	expect_skipped(report, "../12_global/day.c", "\"..\"");
	expect_skipped(report, "exercises/../12_global/day.c", "\"..\"");
	expect_skipped(report, "/12_global/day.c", "absolute");
	expect_skipped(report, own("victim"), "absolute");
	ck_assert_int_eq(count(own("to")), 0);
	expect_file("../victim", secret);
	json_decref(report);
}
END_TEST

START_TEST(links_and_devices_are_named_and_left_out)
{
	struct archive *a = begin(own("a"), TAR);
	add_header(a, "12_global/day.c", AE_IFLNK, "/etc/passwd", 0);
	add(a, "x", "x");
	add_header(a, "12_global/test_day.c", AE_IFREG, "x", 0);
	add_header(a, "00_start/note.c", AE_IFCHR, NULL, 0);
	add_header(a, "00_start/test_note.c", AE_IFIFO, NULL, 0);
	json_t *report = take(end(a, own("a")));
	expect_taken(report, 0);
	expect_skipped(report, "12_global/day.c", "symbolic link");
	expect_skipped(report, "12_global/test_day.c", "hard link");
	expect_skipped(report, "00_start/note.c", "device");
	expect_skipped(report, "00_start/test_note.c", "pipe");
	ck_assert_int_eq(count(own("to")), 0);
	json_decref(report);
}
END_TEST

START_TEST(a_file_behind_a_link_of_the_archive_goes_nowhere_else)
{
	struct archive *a = begin(own("a"), TAR);
	ck_assert_int_eq(make_folders(own("elsewhere")), 0);
	add_header(a, "12_global", AE_IFLNK, own("elsewhere"), 0);
	add(a, "12_global/day.c", "mine");
	json_t *report = take(end(a, own("a")));
	expect_taken(report, 1);
	expect_skipped(report, "12_global", "symbolic link");
	expect_file("12_global/day.c", "mine");
	ck_assert_int_eq(count(own("elsewhere")), 0);
	json_decref(report);
}
END_TEST

START_TEST(what_is_written_is_a_plain_file_of_ours)
{
	struct stat status;
	struct archive *a = begin(own("a"), TAR);
	add(a, "12_global/day.c", "x");
	json_decref(take(end(a, own("a"))));
	ck_assert_int_eq(stat(own("to/12_global/day.c"), &status), 0);
	ck_assert_uint_eq(status.st_mode & 07111, 0);
	ck_assert_uint_eq(status.st_uid, geteuid());
}
END_TEST

START_TEST(two_entries_for_one_file_refuse_the_archive)
{
	struct archive *a = begin(own("a"), ZIP);
	add(a, "exercises/12_global/day.c", "mine");
	add(a, "old/12_global/day.c", "yours");
	expect_failed(take(end(a, own("a"))), "holds 12_global/day.c twice, as "
		      "\"exercises/12_global/day.c\" and as "
		      "\"old/12_global/day.c\"");
	a = begin(own("a"), ZIP);
	add(a, "a/exercises/12_global/day.c", "mine");
	add(a, "b/solutions/12_global/day.c", "yours");
	expect_failed(take(end(a, own("a"))), "holds 12_global/day.c twice");
}
END_TEST

START_TEST(of_the_whole_workbook_the_exercises_are_taken_in_any_order)
{
	static const char *const tops[] = { "", "brakes-main/", "a/b c/d/" };
	for (int i = 0; i < 6; i++) {
		char name[64], shown[64];
		struct archive *a = begin(own("a"), i % 2 ? ZIP : TAR_GZ);
		for (int j = 0; j < 2; j++) {
			bool ours = (i + j) % 2;
			snprintf(name, sizeof(name), "%s%s/12_global/day.c",
				 tops[i / 2], ours ? "solutions" : "exercises");
			add(a, name, ours ? "ours" : "mine");
		}
		snprintf(name, sizeof(name), "%ssolutions/12_global/test_day.c",
			 tops[i / 2]);
		add(a, name, "ours");
		snprintf(name, sizeof(name), "%sgrader/exercises/12_global/"
			 "wheats/goto/day.c", tops[i / 2]);
		add(a, name, "another");
		json_t *report = take(end(a, own("a")));
		expect_taken(report, 1);
		expect_file("12_global/day.c", "mine");
		ck_assert_int_eq(count(own("to")), 2);
		snprintf(name, sizeof(name), "%ssolutions", tops[i / 2]);
		snprintf(shown, sizeof(shown), "%sexercises, beside it, is "
			 "graded", tops[i / 2]);
		expect_skipped(report, name, shown);
		ck_assert_uint_eq(json_array_size(
			json_object_get(report, "skipped")), 1);
		json_decref(report);
	}
}
END_TEST

START_TEST(solutions_alone_are_taken)
{
	struct archive *a = begin(own("a"), ZIP);
	add(a, "brakes-main/solutions/12_global/day.c", "mine");
	json_t *report = take(end(a, own("a")));
	expect_taken(report, 1);
	expect_file("12_global/day.c", "mine");
	json_decref(report);
}
END_TEST

START_TEST(the_report_holds_no_control_characters_and_no_list_without_end)
{
	char name[64];
	struct archive *a = begin(own("a"), TAR);
	add(a, "../\033[2J\nbrakes: 100 of 100", "x");
	for (int i = 0; i < 500; i++) {
		snprintf(name, sizeof(name), "../%d", i);
		add(a, name, "x");
	}
	json_t *report = take(end(a, own("a")));
	expect_skipped(report, "../?[2J?brakes: 100 of 100", "\"..\"");
	ck_assert_uint_eq(json_array_size(json_object_get(report, "skipped")),
			  UNPACK_TOLD_MAX);
	ck_assert_int_eq(verdict_number(report, "more"),
			 501 - UNPACK_TOLD_MAX);
	json_decref(report);
}
END_TEST

START_TEST(more_entries_than_a_class_could_write_are_not_read)
{
	char name[64];
	struct archive *a = begin(own("a"), TAR_GZ);
	for (int i = 0; i <= UNPACK_ENTRIES_MAX; i++) {
		snprintf(name, sizeof(name), "%d", i);
		add(a, name, "");
	}
	expect_failed(take(end(a, own("a"))), "more than 10000 entries");
}
END_TEST

/* Writes an archive with a gibibyte of zeros as NAME, and a file after it. */
static const char *bomb(int format, const char *name)
{
	static char zeros[1 << 20];
	struct archive *a = begin(own("bomb"), format);
	add_header(a, name, AE_IFREG, NULL, (size_t)1 << 30);
	for (int i = 0; i < 1024; i++)
		ck_assert_int_eq(archive_write_data(a, zeros, sizeof(zeros)),
				 (la_ssize_t)sizeof(zeros));
	add(a, "12_global/test_day.c", "x");
	return end(a, own("bomb"));
}

START_TEST(a_bomb_in_a_zip_is_cut_to_what_is_refused_as_too_large)
{
	struct stat status;
	json_t *report = take(bomb(ZIP, "12_global/day.c"));
	expect_taken(report, 2);
	ck_assert_int_eq(stat(own("to/12_global/day.c"), &status), 0);
	ck_assert_int_eq(status.st_size, UNPACK_FILE_MAX);
	expect_file("12_global/test_day.c", "x");
	json_decref(report);
	struct graded graded = grade("12", own("bomb"), "json");
	expect_refused(&graded, "rejected", 0, "day.c is larger than one mebibyte");
	graded_release(&graded);
}
END_TEST

START_TEST(a_bomb_in_a_tar_is_not_even_unpacked)
{
	static const char *const names[] = { "12_global/day.c", "a/file" };
	for (size_t i = 0; i < 2; i++) {
		bomb(TAR_GZ, names[i]);
		long start = monotonic_ms();
		expect_failed(take(own("bomb")), "unpacks to more than 256 MiB");
		ck_assert_int_lt(monotonic_ms() - start, 1000);
		ck_assert_int_eq(count(own("to")), 0);
	}
}
END_TEST

/* Cuts the file at PATH to N bytes. */
static const char *cut(const char *path, long n)
{
	ck_assert_int_eq(truncate(path, n), 0);
	return path;
}

/* A good archive, long enough to be cut. */
static const char *whole(int format)
{
	struct archive *a = begin(own("whole"), format);
	char text[4096];
	unsigned random = 1;
	for (size_t i = 0; i < sizeof(text) - 1; i++)
		text[i] = (char)('a' + (random = random * 48271 % 65537) % 26);
	text[sizeof(text) - 1] = '\0';
	add(a, "12_global/day.c", text);
	add(a, "12_global/test_day.c", text);
	return end(a, own("whole"));
}

START_TEST(a_truncated_archive_is_refused_as_damaged)
{
	for (int format = TAR; format <= ZIP; format++) {
		json_t *report = take(whole(format));
		expect_taken(report, 2);
		json_decref(report);
		expect_failed(take(cut(whole(format), 1500)), "is damaged");
	}
	/* within the second header */
	expect_failed(take(cut(whole(TAR), 512 + 4096 + 100)), "is damaged");
	struct graded graded = grade("12", own("whole"), "terminal");
	ck_assert_int_eq(graded.status, 1);
	graded_release(&graded);
}
END_TEST

START_TEST(an_encrypted_archive_is_refused_as_such)
{
	struct archive *a = archive_write_new();
	archive_write_set_format_zip(a);
	archive_write_set_options(a, "zip:encryption=traditional");
	archive_write_set_passphrase(a, "x");
	ck_assert_int_eq(archive_write_open_filename(a, own("a")), ARCHIVE_OK);
	add(a, "12_global/day.c", "x");
	expect_failed(take(end(a, own("a"))), "is encrypted");
}
END_TEST

START_TEST(a_machine_gets_a_verdict_on_what_is_no_archive)
{
	static const char *const files[] = { "garbage", "empty" };
	own_file("garbage", "int main(void) { return 0; }\n");
	own_file("empty", "");
	for (size_t i = 0; i < 2; i++) {
		struct graded graded = grade("12", own(files[i]), "json");
		expect_refused(&graded, "rejected", 0, "nor an archive that is read "
			       "here: hand in a zip or a tar");
		graded_release(&graded);
		graded = grade("12", own(files[i]), "terminal");
		ck_assert_int_eq(graded.status, 2);
		ck_assert_ptr_nonnull(strstr(graded.err, files[i]));
		ck_assert_ptr_nonnull(strstr(graded.err, "hand in a zip or a tar"));
		graded_release(&graded);
	}
}
END_TEST

START_TEST(a_pipe_in_the_place_of_the_archive_is_not_waited_for)
{
	ck_assert_int_eq(mkfifo(own("fifo"), 0600), 0);
	struct graded graded = grade("12", own("fifo"), "json");
	ck_assert_int_eq(graded.status, 2);
	ck_assert_ptr_nonnull(strstr(graded.err, "neither a folder nor an"));
	graded_release(&graded);
}
END_TEST

/* Adds our solution of 12 below PREFIX. */
static void add_solution(struct archive *a, const char *prefix)
{
	static const char *const names[] = { "day.c", "test_day.c" };
	for (size_t i = 0; i < 2; i++) {
		char path[128], *text;
		size_t size;
		snprintf(path, sizeof(path), "solutions/12_global/%s", names[i]);
		ck_assert_int_eq(read_file(path, 1 << 20, &text, &size), 0);
		snprintf(path, sizeof(path), "%s12_global/%s", prefix, names[i]);
		add(a, path, text);
		free(text);
	}
}

START_TEST(a_good_archive_gets_full_marks_and_leaves_nothing_behind)
{
	ck_assert_int_eq(make_folders(own("tmp")), 0);
	ck_assert_int_eq(setenv("TMPDIR", own("tmp"), 1), 0);
	for (int format = TAR; format <= ZIP; format++) {
		struct archive *a = begin(own("a"), format);
		add_solution(a, "M\xc3\xbcller, Anna (17)/");
		add_header(a, "/etc/passwd", AE_IFLNK, "x", 0);
		struct graded graded = grade("12", end(a, own("a")), "json");
		ck_assert_int_eq(verdict_number(graded_exercise(&graded),
						"score"), 100);
		ck_assert_int_eq(graded.status, 0);
		expect_skipped(json_object_get(graded.verdict, "archive"),
			       "/etc/passwd", "absolute");
		ck_assert_ptr_nonnull(strstr(graded.err, "\"/etc/passwd\" is left "
					     "out: its path is absolute"));
		graded_release(&graded);
	}
	ck_assert_int_eq(count(own("tmp")), 0);
}
END_TEST

START_TEST(an_archive_without_the_exercise_says_what_is_missing)
{
	struct archive *a = begin(own("a"), ZIP);
	add(a, "12_global/test_day.c", "x");
	struct graded graded = grade("12", end(a, own("a")), "json");
	expect_refused(&graded, "missing", 0, "day.c is not there");
	graded_release(&graded);
	graded = grade("00", own("a"), "json");
	expect_refused(&graded, "missing", 0, "00_start is not there");
	graded_release(&graded);
}
END_TEST

TEST_PROGRAM("unpack",
	     files_of_exercises_are_taken_whatever_stands_before_them,
	     what_no_exercise_asks_for_is_passed_over,
	     a_path_that_leads_out_is_named_and_left_out,
	     links_and_devices_are_named_and_left_out,
	     a_file_behind_a_link_of_the_archive_goes_nowhere_else,
	     what_is_written_is_a_plain_file_of_ours,
	     two_entries_for_one_file_refuse_the_archive,
	     of_the_whole_workbook_the_exercises_are_taken_in_any_order,
	     solutions_alone_are_taken,
	     the_report_holds_no_control_characters_and_no_list_without_end,
	     more_entries_than_a_class_could_write_are_not_read,
	     a_bomb_in_a_zip_is_cut_to_what_is_refused_as_too_large,
	     a_bomb_in_a_tar_is_not_even_unpacked,
	     a_truncated_archive_is_refused_as_damaged,
	     an_encrypted_archive_is_refused_as_such,
	     a_machine_gets_a_verdict_on_what_is_no_archive,
	     a_pipe_in_the_place_of_the_archive_is_not_waited_for,
	     a_good_archive_gets_full_marks_and_leaves_nothing_behind,
	     an_archive_without_the_exercise_says_what_is_missing)
