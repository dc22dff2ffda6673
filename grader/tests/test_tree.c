/* test_tree.c - folders are made, measured, emptied and removed whole, however deep
 * they are, and what their links lead to stays. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include "suite.h"
#include "base/limits.h"
#include "base/process.h"

static bool is_there(const char *path)
{
	struct stat status;
	return lstat(path, &status) == 0;
}

static bool is_folder(const char *path)
{
	struct stat status;
	return lstat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* Gives up the rights of root, to whom no folder is closed; the leak checker
 * must still be able to look into us. */
static void become_nobody(void)
{
	if (geteuid() != 0)
		return;
	ck_assert_int_eq(chmod(suite_folder, 0777), 0);
	ck_assert_int_eq(chown(own_folder, 65534, 65534), 0);
	ck_assert_int_eq(setgroups(0, NULL), 0);
	ck_assert_int_eq(setgid(65534), 0);
	ck_assert_int_eq(setuid(65534), 0);
	prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

START_TEST(folders_are_made_with_all_above_them)
{
	ck_assert_int_eq(make_folders(own("a/b/c")), 0);
	ck_assert(is_folder(own("a/b/c")));
	ck_assert_int_eq(make_folders(own("a/b/c")), 0);
	ck_assert_int_eq(make_folders(own("a/b/d/")), 0);
	ck_assert(is_folder(own("a/b/d")));
}
END_TEST

START_TEST(a_file_in_the_way_of_a_folder_is_said_so)
{
	own_file("a", "in the way");
	ck_assert_int_eq(make_folders(own("a/b")), -ENOTDIR);
	ck_assert_int_lt(make_folders(own("a")), 0);
}
END_TEST

START_TEST(a_path_that_is_too_long_is_said_so)
{
	static char path[PATH_MAX + 10];
	memset(path, 'a', sizeof(path) - 1);
	ck_assert_int_eq(make_folders(path), -ENAMETOOLONG);
}
END_TEST

START_TEST(a_tree_is_removed_and_what_its_links_point_to_is_not)
{
	ck_assert_int_eq(make_folders(own("tree/a/b")), 0);
	ck_assert_int_eq(make_folders(own("kept")), 0);
	own_file("tree/a/b/file", "x");
	own_file("kept/file", "x");
	ck_assert_int_eq(symlink(own("kept"), own("tree/a/link")), 0);
	ck_assert_int_eq(mkfifo(own("tree/fifo"), 0600), 0);
	remove_tree(own("tree"));
	ck_assert(!is_there(own("tree")));
	ck_assert(is_there(own("kept/file")));
}
END_TEST

START_TEST(a_single_file_is_removed_and_a_missing_one_is_no_matter)
{
	remove_tree(own_file("a", "x"));
	ck_assert(!is_there(own("a")));
	remove_tree(own("a"));
	ck_assert(is_folder(own_folder));
}
END_TEST

START_TEST(a_tree_with_a_folder_closed_to_us_is_removed_too)
{
	become_nobody();
	ck_assert_int_eq(make_folders(own("tree/closed/deep")), 0);
	ck_assert_int_eq(make_folders(own("tree/unlisted")), 0);
	own_file("tree/closed/deep/file", "x");
	own_file("tree/unlisted/file", "x");
	ck_assert_int_eq(chmod(own("tree/closed/deep"), 0500), 0);
	ck_assert_int_eq(chmod(own("tree/closed"), 0500), 0);
	ck_assert_int_eq(chmod(own("tree/unlisted"), 0), 0);
	remove_tree(own("tree"));
	ck_assert(!is_there(own("tree")));
}
END_TEST

/* --- what is hostile, and what is left ---------------------------------------- */

/* Fills the file NAME of this test with MEBIBYTES that take up room. */
static void fill_file(const char *name, size_t mebibytes)
{
	static char mebibyte[1 << 20];
	memset(mebibyte, 'x', sizeof(mebibyte));
	FILE *out = fopen(own(name), "w");
	ck_assert_ptr_nonnull(out);
	for (size_t i = 0; i < mebibytes; i++)
		ck_assert_uint_eq(fwrite(mebibyte, 1, sizeof(mebibyte), out),
				  sizeof(mebibyte));
	ck_assert_int_eq(fclose(out), 0);
}

START_TEST(a_folder_overflows_by_its_bytes)
{
	ck_assert_int_eq(make_folders(own("room/deep")), 0);
	ck_assert(!folder_overflows(own("room")));
	fill_file("room/one", 8);
	fill_file("room/deep/two", 7);
	ck_assert(!folder_overflows(own("room")));
	fill_file("room/deep/three", 2);
	ck_assert(folder_overflows(own("room")));
	ck_assert(!folder_overflows(own("none")));
}
END_TEST

START_TEST(a_size_that_takes_no_room_does_not_overflow)
{
	ck_assert_int_eq(make_folders(own("room")), 0);
	own_file("room/hollow", "");
	ck_assert_int_eq(truncate(own("room/hollow"), 1L << 40), 0);
	ck_assert(!folder_overflows(own("room")));
}
END_TEST

START_TEST(a_folder_overflows_by_its_entries)
{
	char name[32];
	ck_assert_int_eq(make_folders(own("room")), 0);
	for (int i = 0; i < FOLDER_ENTRIES_MAX - 1; i++) {
		snprintf(name, sizeof(name), "room/%d", i);
		own_file(name, "");
	}
	ck_assert(!folder_overflows(own("room")));
	own_file("room/last", "");
	ck_assert(folder_overflows(own("room")));
}
END_TEST

START_TEST(a_link_to_what_is_large_does_not_overflow)
{
	ck_assert_int_eq(make_folders(own("room")), 0);
	ck_assert_int_eq(make_folders(own("large")), 0);
	fill_file("large/file", 17);
	ck_assert_int_eq(symlink(own("large"), own("room/link")), 0);
	ck_assert_int_eq(symlink(own("room"), own("room/round")), 0);
	ck_assert(!folder_overflows(own("room")));
}
END_TEST

/* Makes DEPTH folders within each other below PATH, deeper than any path can
 * name; MODE is that of the last, whose descriptor the caller closes. */
static int make_deep(const char *path, int depth, mode_t mode)
{
	ck_assert_int_eq(make_folders(path), 0);
	int at = open(path, O_RDONLY | O_DIRECTORY);
	for (int i = 0; i < depth; i++) {
		ck_assert_int_eq(mkdirat(at, "a_folder_in_a_folder", 0700), 0);
		int below = openat(at, "a_folder_in_a_folder",
				   O_RDONLY | O_DIRECTORY);
		ck_assert_int_ge(below, 0);
		close(at);
		at = below;
	}
	int file = openat(at, "file", O_WRONLY | O_CREAT, 0600);
	ck_assert_int_ge(file, 0);
	close(file);
	ck_assert_int_eq(fchmod(at, mode), 0);
	return at;
}

enum { DEPTH = 1000 };	/* of names of 20 bytes: five times PATH_MAX */

START_TEST(a_tree_that_is_deeper_than_any_path_is_removed)
{
	close(make_deep(own("tree"), DEPTH, 0700));
	remove_tree(own("tree"));
	ck_assert(!is_there(own("tree")));
}
END_TEST

START_TEST(what_lies_deeper_than_any_path_overflows_too)
{
	int bottom = make_deep(own("tree"), DEPTH, 0700);
	fill_file("large", 17);
	int dir = open(own_folder, O_RDONLY | O_DIRECTORY);
	ck_assert_int_eq(renameat(dir, "large", bottom, "large"), 0);
	close(dir);
	close(bottom);
	ck_assert(folder_overflows(own("tree")));
}
END_TEST

START_TEST(a_deep_tree_that_is_closed_below_is_removed)
{
	become_nobody();
	close(make_deep(own("tree"), DEPTH, 0));
	remove_tree(own("tree"));
	ck_assert(!is_there(own("tree")));
}
END_TEST

START_TEST(what_cannot_be_removed_keeps_nobody)
{
	become_nobody();
	ck_assert_int_eq(make_folders(own("closed/tree/a")), 0);
	own_file("closed/tree/a/file", "x");
	ck_assert_int_eq(chmod(own("closed"), 0500), 0);
	remove_tree(own("closed/tree"));
	ck_assert(is_there(own("closed/tree")));
	ck_assert(!is_there(own("closed/tree/a")));
	long begun = monotonic_ms();
	remove_tree("/proc/self/fdinfo");	/* not even by root */
	ck_assert_int_lt(monotonic_ms() - begun, 1000);
}
END_TEST

START_TEST(a_folder_is_emptied_but_for_what_is_kept)
{
	ck_assert_int_eq(make_folders(own("room/kept/a")), 0);
	ck_assert_int_eq(make_folders(own("room/b/kept")), 0);
	ck_assert_int_eq(symlink(own_file("target", "x"), own("room/link")), 0);
	empty_folder(own("room"), "kept");
	ck_assert(is_folder(own("room/kept/a")));
	ck_assert(!is_there(own("room/b")) && !is_there(own("room/link")));
	ck_assert(is_there(own("target")));
	empty_folder(own("room"), NULL);
	ck_assert(is_folder(own("room")) && !is_there(own("room/kept")));
}
END_TEST

START_TEST(files_are_removed_by_the_end_of_their_names)
{
	static const char *const gone[] = { "room[x]/a.gcda", "room[x]/.gcda" };
	static const char *const kept[] = {
		"room[x]/a.gcda.c", "room[x]/gcda", "room[x]/deep.gcda/b.gcda",
		"room/a.gcda", "roomx/a.gcda", "target.gcda",
	};
	ck_assert_int_eq(make_folders(own("room[x]/deep.gcda")), 0);
	ck_assert_int_eq(make_folders(own("room")), 0);
	ck_assert_int_eq(make_folders(own("roomx")), 0);
	for (size_t i = 0; i < sizeof(gone) / sizeof(*gone); i++)
		own_file(gone[i], "x");
	for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++)
		own_file(kept[i], "x");
	ck_assert_int_eq(symlink("../target.gcda", own("room[x]/link.gcda")), 0);
	ck_assert_int_eq(remove_files(own("room[x]"), ".gcda"), 0);
	for (size_t i = 0; i < sizeof(gone) / sizeof(*gone); i++)
		ck_assert_msg(!is_there(own(gone[i])), "%s", gone[i]);
	for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++)
		ck_assert_msg(is_there(own(kept[i])), "%s", kept[i]);
	ck_assert(!is_there(own("room[x]/link.gcda")));
	ck_assert_int_eq(remove_files(own("none"), ".gcda"), -ENOENT);
}
END_TEST

/* What became of a file in a /tmp in memory of BYTES after empty_tmp, when that was
 * called by process 1 of a namespace or by its child: whether it is still there, or
 * -1 where no such /tmp can be had. The machine's own /tmp is never emptied here. */
static int file_stays(const char *options, bool by_process_1)
{
	enum { STAYS = 10, GONE, NONE };
	int status = 0;
	pid_t outer = fork();
	if (outer == 0) {
		if (unshare(CLONE_NEWPID | CLONE_NEWNS) < 0)
			_exit(NONE);
		pid_t first = fork();
		if (first > 0) {
			waitpid(first, &status, 0);
			_exit(WIFEXITED(status) ? WEXITSTATUS(status) : NONE);
		}
		if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
		    mount("tmpfs", "/tmp", "tmpfs", 0, options) < 0 ||
		    write_text("/tmp/file", "x") < 0)
			_exit(NONE);
		pid_t second = by_process_1 ? 0 : fork();
		if (second == 0)
			empty_tmp();
		if (second == 0 && !by_process_1)
			_exit(0);
		if (second > 0)
			waitpid(second, NULL, 0);
		_exit(is_there("/tmp/file") ? STAYS : GONE);
	}
	ck_assert_int_eq(waitpid(outer, &status, 0), outer);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status) == NONE ? -1 : WEXITSTATUS(status) == STAYS;
}

START_TEST(only_the_tmp_of_a_cell_is_emptied)
{
	char cells[32], larger[32];
	snprintf(cells, sizeof(cells), "size=%d", CELL_TMP_BYTES);
	snprintf(larger, sizeof(larger), "size=%d", 2 * CELL_TMP_BYTES);
	if (file_stays(cells, true) < 0) {
		puts("skip - no mounts of our own: /tmp of a cell");
		return;
	}
	ck_assert_int_eq(file_stays(cells, true), 0);
	ck_assert_int_eq(file_stays(larger, true), 1);
	ck_assert_int_eq(file_stays(cells, false), 1);
}
END_TEST

TEST_PROGRAM("tree",
	     folders_are_made_with_all_above_them,
	     a_file_in_the_way_of_a_folder_is_said_so,
	     a_path_that_is_too_long_is_said_so,
	     a_tree_is_removed_and_what_its_links_point_to_is_not,
	     a_single_file_is_removed_and_a_missing_one_is_no_matter,
	     a_tree_with_a_folder_closed_to_us_is_removed_too,
	     a_folder_overflows_by_its_bytes,
	     a_size_that_takes_no_room_does_not_overflow,
	     a_folder_overflows_by_its_entries,
	     a_link_to_what_is_large_does_not_overflow,
	     a_tree_that_is_deeper_than_any_path_is_removed,
	     what_lies_deeper_than_any_path_overflows_too,
	     a_deep_tree_that_is_closed_below_is_removed,
	     what_cannot_be_removed_keeps_nobody,
	     a_folder_is_emptied_but_for_what_is_kept,
	     files_are_removed_by_the_end_of_their_names,
	     only_the_tmp_of_a_cell_is_emptied)
