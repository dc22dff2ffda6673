/* test_folder.c - folders are made and removed whole, and only plain files are
 * copied. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sys/prctl.h>
#include "suite.h"

enum { MAX = 100 };

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

START_TEST(a_file_is_copied_byte_by_byte)
{
	static const char bytes[] = "one\0two\n\xff";
	char *text;
	size_t size;
	FILE *out = fopen(own("a"), "w");
	ck_assert_ptr_nonnull(out);
	ck_assert_uint_eq(fwrite(bytes, 1, sizeof(bytes), out), sizeof(bytes));
	ck_assert_int_eq(fclose(out), 0);
	ck_assert_int_eq(copy_file(own("a"), own("b"), MAX), 0);
	ck_assert_int_eq(read_file(own("b"), MAX, &text, &size), 0);
	ck_assert_uint_eq(size, sizeof(bytes));
	ck_assert_int_eq(memcmp(text, bytes, size), 0);
	ck_assert_int_eq(text[size], '\0');
	free(text);
}
END_TEST

START_TEST(an_empty_file_is_copied_empty)
{
	char *text;
	size_t size;
	own_file("a", "");
	ck_assert_int_eq(copy_file(own("a"), own("b"), MAX), 0);
	ck_assert_int_eq(read_file(own("b"), MAX, &text, &size), 0);
	ck_assert_uint_eq(size, 0);
	ck_assert_str_eq(text, "");
	free(text);
}
END_TEST

START_TEST(a_file_of_just_the_size_is_copied_and_a_larger_one_refused)
{
	char text[MAX + 2] = "";
	memset(text, 'x', MAX);
	own_file("a", text);
	ck_assert_int_eq(copy_file(own("a"), own("b"), MAX), 0);
	strcat(text, "x");
	own_file("c", text);
	ck_assert_int_eq(copy_file(own("c"), own("d"), MAX), -EFBIG);
	ck_assert(!is_there(own("d")));
}
END_TEST

START_TEST(a_link_is_not_followed)
{
	own_file("a", "secret");
	ck_assert_int_eq(symlink(own("a"), own("link")), 0);
	ck_assert_int_eq(copy_file(own("link"), own("b"), MAX), -ELOOP);
	ck_assert_int_eq(symlink("nowhere", own("dangling")), 0);
	ck_assert_int_eq(copy_file(own("dangling"), own("b"), MAX), -ELOOP);
	ck_assert(!is_there(own("b")));
}
END_TEST

START_TEST(a_fifo_is_refused_without_waiting_for_its_writer)
{
	ck_assert_int_eq(mkfifo(own("fifo"), 0600), 0);
	ck_assert_int_eq(copy_file(own("fifo"), own("b"), MAX), -EINVAL);
	ck_assert(!is_there(own("b")));
}
END_TEST

START_TEST(a_folder_or_a_device_is_refused)
{
	ck_assert_int_eq(make_folders(own("folder")), 0);
	ck_assert_int_eq(copy_file(own("folder"), own("b"), MAX), -EINVAL);
	ck_assert_int_eq(copy_file("/dev/zero", own("b"), MAX), -EINVAL);
	ck_assert(!is_there(own("b")));
}
END_TEST

START_TEST(what_is_not_there_is_said_so)
{
	char *text = NULL;
	size_t size = 7;
	ck_assert_int_eq(copy_file(own("none"), own("b"), MAX), -ENOENT);
	ck_assert_int_eq(read_file(own("none"), MAX, &text, &size), -ENOENT);
	ck_assert_ptr_null(text);
	ck_assert_uint_eq(size, 7);
	own_file("a", "text");
	ck_assert_int_eq(copy_file(own("a"), own("none/b"), MAX), -ENOENT);
}
END_TEST

START_TEST(a_text_that_cannot_be_written_is_said_so)
{
	ck_assert_int_eq(write_text(own("none/a"), "text"), -ENOENT);
	ck_assert_int_eq(write_text("/dev/full", "text"), -ENOSPC);
}
END_TEST

START_TEST(a_text_replaces_what_the_file_held)
{
	char *text;
	size_t size;
	own_file("a", "a long text");
	own_file("a", "short");
	ck_assert_int_eq(read_file(own("a"), MAX, &text, &size), 0);
	ck_assert_str_eq(text, "short");
	free(text);
}
END_TEST

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
	char small[8] = "";
	memset(path, 'a', sizeof(path) - 1);
	ck_assert_int_eq(make_folders(path), -ENAMETOOLONG);
	ck_assert_int_eq(make_own_folder(small, sizeof(small)), -ENAMETOOLONG);
}
END_TEST

START_TEST(an_own_folder_is_new_and_lies_where_tmpdir_says)
{
	char first[PATH_MAX], second[PATH_MAX];
	ck_assert_int_eq(setenv("TMPDIR", own_folder, 1), 0);
	ck_assert_int_eq(make_own_folder(first, sizeof(first)), 0);
	ck_assert_int_eq(make_own_folder(second, sizeof(second)), 0);
	ck_assert_str_ne(first, second);
	ck_assert(is_folder(first) && is_folder(second));
	ck_assert_int_eq(strncmp(first, own_folder, strlen(own_folder)), 0);
	ck_assert_int_eq(setenv("TMPDIR", own("none"), 1), 0);
	ck_assert_int_eq(make_own_folder(first, sizeof(first)), -ENOENT);
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

TEST_PROGRAM("folder",
	     a_file_is_copied_byte_by_byte,
	     an_empty_file_is_copied_empty,
	     a_file_of_just_the_size_is_copied_and_a_larger_one_refused,
	     a_link_is_not_followed,
	     a_fifo_is_refused_without_waiting_for_its_writer,
	     a_folder_or_a_device_is_refused,
	     what_is_not_there_is_said_so,
	     a_text_that_cannot_be_written_is_said_so,
	     a_text_replaces_what_the_file_held,
	     folders_are_made_with_all_above_them,
	     a_file_in_the_way_of_a_folder_is_said_so,
	     a_path_that_is_too_long_is_said_so,
	     an_own_folder_is_new_and_lies_where_tmpdir_says,
	     a_tree_is_removed_and_what_its_links_point_to_is_not,
	     a_single_file_is_removed_and_a_missing_one_is_no_matter,
	     a_tree_with_a_folder_closed_to_us_is_removed_too)
