/* test_files.c - folders are made and removed whole, and only plain files are
 * copied. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include "suite.h"
#include "base/process.h"

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
	ck_assert_int_eq(copy_file(own("folder"), own("b"), MAX), -EISDIR);
	ck_assert_int_eq(copy_file("/dev/zero", own("b"), MAX), -EINVAL);
	ck_assert(!is_there(own("b")));
}
END_TEST

/* The folder of this test, open. */
static int own_dir(void)
{
	int fd = open(own_folder, O_PATH | O_DIRECTORY);
	ck_assert_int_ge(fd, 0);
	return fd;
}

/* What opening PATH below the folder of this test says; a descriptor is closed
 * and comes back as 0. */
static int beneath(const char *path, int flags)
{
	int dir = own_dir(), fd = open_beneath(dir, path, flags);
	close(dir);
	if (fd < 0)
		return fd;
	ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
	close(fd);
	return 0;
}

START_TEST(a_file_beneath_is_read_through_the_folders_above_it)
{
	char *text;
	size_t size;
	int dir = own_dir();
	ck_assert_int_eq(make_folders(own("a/b")), 0);
	own_file("a/b/c", "deep");
	ck_assert_int_eq(read_beneath(dir, "a/b/c", MAX, &text, &size), 0);
	ck_assert_str_eq(text, "deep");
	ck_assert_uint_eq(size, 4);
	free(text);
	ck_assert_int_eq(read_beneath(dir, "a/b/c", 3, &text, &size), -EFBIG);
	ck_assert_int_eq(read_beneath(dir, "a/b/d", 3, &text, &size), -ENOENT);
	close(dir);
}
END_TEST

START_TEST(a_path_that_leads_out_is_not_opened)
{
	static const char *const out[] = {
		"..", "../a", "a/..", "a/../a/f", "a/b/../../..", "/", "/etc/passwd",
		"", "a//f", "a/",
	};
	ck_assert_int_eq(make_folders(own("a/b")), 0);
	own_file("a/f", "x");
	own_file("..a", "x");
	for (size_t i = 0; i < sizeof(out) / sizeof(*out); i++) {
		ck_assert_int_eq(beneath(out[i], O_RDONLY), -EXDEV);
		ck_assert_int_eq(beneath(out[i], O_RDONLY | O_DIRECTORY), -EXDEV);
	}
	ck_assert_int_eq(beneath("a/f", O_RDONLY), 0);
	ck_assert_int_eq(beneath("..a", O_RDONLY), 0);
}
END_TEST

START_TEST(a_link_in_any_place_is_not_followed)
{
	ck_assert_int_eq(make_folders(own("a/b")), 0);
	own_file("a/b/f", "x");
	ck_assert_int_eq(symlink("a", own("to_folder")), 0);
	ck_assert_int_eq(symlink("b", own("a/within")), 0);
	ck_assert_int_eq(symlink("f", own("a/b/to_file")), 0);
	ck_assert_int_eq(symlink("round", own("round")), 0);
	ck_assert_int_eq(beneath("a/b/f", O_RDONLY), 0);
	ck_assert_int_eq(beneath("to_folder/b/f", O_RDONLY), -ELOOP);
	ck_assert_int_eq(beneath("a/within/f", O_RDONLY), -ELOOP);
	ck_assert_int_eq(beneath("a/b/to_file", O_RDONLY), -ELOOP);
	ck_assert_int_eq(beneath("round", O_RDONLY), -ELOOP);
	ck_assert_int_eq(beneath("to_folder", O_RDONLY | O_DIRECTORY), -ELOOP);
}
END_TEST

START_TEST(only_the_type_that_was_asked_for_is_opened)
{
	ck_assert_int_eq(make_folders(own("a")), 0);
	own_file("f", "x");
	ck_assert_int_eq(mkfifo(own("fifo"), 0600), 0);
	int heard = socket(AF_UNIX, SOCK_STREAM, 0);
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	snprintf(at.sun_path, sizeof(at.sun_path), "%.100s", own("socket"));
	ck_assert_int_eq(bind(heard, (struct sockaddr *)&at, sizeof(at)), 0);
	ck_assert_int_eq(beneath("a", O_RDONLY), -EISDIR);
	ck_assert_int_eq(beneath("a", O_RDONLY | O_DIRECTORY), 0);
	ck_assert_int_eq(beneath("f", O_RDONLY | O_DIRECTORY), -ENOTDIR);
	ck_assert_int_eq(beneath("f/g", O_RDONLY), -ENOTDIR);
	ck_assert_int_eq(beneath("fifo", O_RDONLY), -EINVAL);
	ck_assert_int_eq(beneath("fifo", O_WRONLY), -EINVAL);
	ck_assert_int_eq(beneath("fifo/f", O_RDONLY), -ENOTDIR);
	ck_assert_int_eq(beneath("socket", O_RDONLY), -EINVAL);
	close(heard);
	int dev = open("/dev", O_PATH | O_DIRECTORY);
	ck_assert_int_eq(open_beneath(dev, "null", O_RDONLY), -EINVAL);
	close(dev);
}
END_TEST

START_TEST(a_large_file_is_read_to_its_end_or_not_at_all)
{
	enum { LARGE = 20000, PAGE = 4096 };
	static char large[LARGE + 1];
	char *text;
	size_t size;
	memset(large, 'x', LARGE);
	own_file("a", large);
	ck_assert_int_eq(read_file(own("a"), LARGE, &text, &size), 0);
	ck_assert_uint_eq(size, LARGE);
	ck_assert_str_eq(text, large);
	free(text);
	ck_assert_int_eq(read_file(own("a"), LARGE - 1, &text, &size), -EFBIG);
	ck_assert_int_eq(read_file(own("a"), PAGE, &text, &size), -EFBIG);
	ck_assert_int_eq(read_file(own("a"), 2 * PAGE, &text, &size), -EFBIG);
}
END_TEST

START_TEST(a_file_that_says_it_is_empty_is_read_all_the_same)
{
	char *text;
	size_t size;
	ck_assert_int_eq(read_file("/proc/self/status", 1 << 16, &text, &size), 0);
	ck_assert_uint_gt(size, 0);
	ck_assert_int_eq(strncmp(text, "Name:", 5), 0);
	free(text);
	ck_assert_int_eq(read_file("/proc/self/status", 10, &text, &size),
			 -EFBIG);
}
END_TEST

START_TEST(writing_beneath_takes_the_place_and_writes_through_nothing)
{
	char *text;
	size_t size;
	int dir = own_dir();
	own_file("kept", "secret");
	ck_assert_int_eq(make_folders(own("a/folder")), 0);
	ck_assert_int_eq(symlink(own("kept"), own("a/link")), 0);
	ck_assert_int_eq(link(own("kept"), own("a/hard")), 0);
	ck_assert_int_eq(mkfifo(own("a/fifo"), 0600), 0);
	static const char *const names[] = { "a/new", "a/link", "a/hard", "a/fifo" };
	for (size_t i = 0; i < 4; i++) {
		ck_assert_int_eq(write_beneath(dir, names[i], "x\0y", 3), 0);
		ck_assert_int_eq(read_beneath(dir, names[i], MAX, &text, &size), 0);
		ck_assert_uint_eq(size, 3);
		ck_assert_int_eq(memcmp(text, "x\0y", 4), 0);
		free(text);
	}
	ck_assert_int_eq(read_file(own("kept"), MAX, &text, &size), 0);
	ck_assert_str_eq(text, "secret");
	free(text);
	ck_assert_int_eq(write_beneath(dir, "a/folder", "x", 1), -EISDIR);
	ck_assert_int_eq(write_beneath(dir, "../x", "x", 1), -EXDEV);
	ck_assert_int_eq(symlink("a", own("b")), 0);
	ck_assert_int_eq(write_beneath(dir, "b/x", "x", 1), -ELOOP);
	ck_assert_int_eq(write_beneath(dir, "none/x", "x", 1), -ENOENT);
	close(dir);
}
END_TEST

START_TEST(nothing_stays_open_whatever_was_refused)
{
	int dir = own_dir(), before = dup(dir);
	close(before);
	ck_assert_int_eq(make_folders(own("a/b")), 0);
	ck_assert_int_eq(symlink("b", own("a/link")), 0);
	own_file("a/b/f", "x");
	static const char *const names[] = { "a/b/f", "a/b", "a/link/f", "a/..",
					     "a/b/none", "a/b/f/g" };
	for (size_t i = 0; i < 6; i++) {
		int fd = open_beneath(dir, names[i], O_RDONLY);
		if (fd >= 0)
			close(fd);
		write_beneath(dir, names[i], "", 0);
	}
	int after = dup(dir);
	ck_assert_int_eq(after, before);
	close(after);
	close(dir);
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

/* Makes a folder as a process does that is killed, or that lives on: the path, and
 * the process, 0 for one that is gone. */
static pid_t make_by_another(bool lives, char path[PATH_MAX])
{
	int ends[2];
	ck_assert_int_eq(pipe(ends), 0);
	pid_t maker = fork();
	if (maker == 0) {
		char made[PATH_MAX] = "";
		prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
		if (make_own_folder(made, sizeof(made)) == 0 &&
		    write(ends[1], made, sizeof(made)) == sizeof(made))
			pause();
		_exit(1);
	}
	ck_assert_int_eq(read(ends[0], path, PATH_MAX), PATH_MAX);
	close(ends[0]);
	close(ends[1]);
	if (lives)
		return maker;
	ck_assert_int_gt(maker, 1);
	ck_assert_int_eq(kill(maker, SIGKILL), 0);
	ck_assert_int_eq(waitpid(maker, NULL, 0), maker);
	return 0;
}

START_TEST(what_a_dead_maker_left_is_removed_and_what_a_living_one_has_stays)
{
	char dead[PATH_MAX], living[PATH_MAX], next[PATH_MAX], inside[PATH_MAX];
	ck_assert_int_eq(setenv("TMPDIR", own_folder, 1), 0);
	ck_assert_int_eq(make_folders(own("other.1.abc")), 0);
	pid_t maker = make_by_another(true, living);
	make_by_another(false, dead);
	ck_assert(is_folder(dead) && is_folder(living));
	snprintf(inside, PATH_MAX, "%.4000s/file", dead);
	ck_assert_int_eq(write_text(inside, "x"), 0);
	ck_assert_int_eq(make_own_folder(next, sizeof(next)), 0);
	ck_assert(!is_there(dead));
	ck_assert(is_folder(living) && is_folder(next));
	ck_assert(is_folder(own("other.1.abc")));
	ck_assert_int_eq(kill(maker, SIGKILL), 0);
	ck_assert_int_eq(waitpid(maker, NULL, 0), maker);
	ck_assert_int_eq(make_own_folder(inside, sizeof(inside)), 0);
	ck_assert(!is_there(living));
	ck_assert(is_folder(next) && is_folder(inside));
}
END_TEST

START_TEST(a_link_of_the_name_of_ours_is_not_followed)
{
	char path[PATH_MAX];
	ck_assert_int_eq(setenv("TMPDIR", own_folder, 1), 0);
	ck_assert_int_eq(make_folders(own("target")), 0);
	own_file("target/file", "x");
	ck_assert_int_eq(symlink(own("target"), own(OWN_FOLDER "1.abcdef")), 0);
	ck_assert_int_eq(make_own_folder(path, sizeof(path)), 0);
	ck_assert(is_there(own("target/file")));
}
END_TEST

TEST_PROGRAM("folder",
	     a_file_is_copied_byte_by_byte,
	     an_empty_file_is_copied_empty,
	     a_file_of_just_the_size_is_copied_and_a_larger_one_refused,
	     a_link_is_not_followed,
	     a_fifo_is_refused_without_waiting_for_its_writer,
	     a_folder_or_a_device_is_refused,
	     a_file_beneath_is_read_through_the_folders_above_it,
	     a_path_that_leads_out_is_not_opened,
	     a_link_in_any_place_is_not_followed,
	     only_the_type_that_was_asked_for_is_opened,
	     a_large_file_is_read_to_its_end_or_not_at_all,
	     a_file_that_says_it_is_empty_is_read_all_the_same,
	     writing_beneath_takes_the_place_and_writes_through_nothing,
	     nothing_stays_open_whatever_was_refused,
	     what_is_not_there_is_said_so,
	     a_text_that_cannot_be_written_is_said_so,
	     a_text_replaces_what_the_file_held,
	     folders_are_made_with_all_above_them,
	     a_file_in_the_way_of_a_folder_is_said_so,
	     a_path_that_is_too_long_is_said_so,
	     an_own_folder_is_new_and_lies_where_tmpdir_says,
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
	     what_a_dead_maker_left_is_removed_and_what_a_living_one_has_stays,
	     a_link_of_the_name_of_ours_is_not_followed)
