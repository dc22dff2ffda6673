/* test_files.c - only regular files are read and copied, and a file is replaced
 * whole or not at all. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include "base/limits.h"
#include "suite.h"

enum { MAX = 100 };

static bool is_there(const char *path)
{
	struct stat status;
	return lstat(path, &status) == 0;
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

/* --- a file that is replaced -------------------------------------------------- */

/* Demands that the file NAME of this test holds TEXT. */
static void expect_text(const char *name, const char *text)
{
	char *now = NULL;
	ck_assert_msg(read_text(own(name), &now) == 0, "%s cannot be read", name);
	ck_assert_str_eq(now, text);
	free(now);
}

/* How many entries the folder of this test has. */
static int count_entries(void)
{
	int n = -2;		/* "." and ".." */
	DIR *dir = opendir(own_folder);
	ck_assert_ptr_nonnull(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static bool is_link(const char *path)
{
	struct stat status;
	return lstat(path, &status) == 0 && S_ISLNK(status.st_mode);
}

static int replace(const char *name, const char *text)
{
	return replace_file(own(name), text, strlen(text));
}

START_TEST(a_file_is_replaced_whole_and_keeps_its_mode)
{
	struct stat now;
	ck_assert_int_eq(replace("a", "old"), 0);
	ck_assert_int_eq(chmod(own("a"), 0640), 0);
	int reader = open(own("a"), O_RDONLY);
	ck_assert_int_eq(replace("a", "new"), 0);
	expect_text("a", "new");
	ck_assert_int_eq(stat(own("a"), &now), 0);
	ck_assert_int_eq(now.st_mode & 0777, 0640);
	char old[4] = "";
	ck_assert_int_eq(read(reader, old, 3), 3);
	ck_assert_str_eq(old, "old");	/* who has it open keeps the old one */
	close(reader);
	ck_assert_int_eq(count_entries(), 1);
}
END_TEST

START_TEST(a_file_that_cannot_be_written_leaves_nothing_beside_it)
{
	ck_assert_int_eq(mkdir(own("full"), 0777), 0);
	ck_assert_int_eq(replace("full", "x"), -EISDIR);
	ck_assert_int_eq(replace("nowhere/a", "x"), -ENOENT);
	ck_assert_int_eq(replace("full/", "x"), -EISDIR);
	ck_assert_int_eq(count_entries(), 1);
}
END_TEST

START_TEST(a_link_stays_and_what_it_leads_to_is_replaced)
{
	ck_assert_int_eq(make_folders(own("far/away")), 0);
	own_file("far/away/file", "old");
	ck_assert_int_eq(symlink("far/away/file", own("link")), 0);
	ck_assert_int_eq(symlink(own("link"), own("second")), 0);
	ck_assert_int_eq(symlink("far", own("folder")), 0);
	ck_assert_int_eq(symlink("none", own("far/dangling")), 0);
	ck_assert_int_eq(replace("second", "one"), 0);
	expect_text("far/away/file", "one");
	ck_assert_int_eq(replace("link", "two"), 0);
	expect_text("far/away/file", "two");
	ck_assert(is_link(own("link")) && is_link(own("second")));
	ck_assert_int_eq(replace("folder/dangling", "three"), 0);
	ck_assert(is_link(own("far/dangling")));
	expect_text("far/none", "three");
	ck_assert_int_eq(symlink("round", own("round")), 0);
	ck_assert_int_eq(replace("round", "x"), -ELOOP);
	ck_assert_int_eq(replace("folder", "x"), -EISDIR);
}
END_TEST

START_TEST(what_is_no_regular_file_is_written_to_and_stays)
{
	char got[8] = "";
	ck_assert_int_eq(mkfifo(own("fifo"), 0600), 0);
	ck_assert_int_eq(symlink("/dev/null", own("null")), 0);
	int reader = open(own("fifo"), O_RDONLY | O_NONBLOCK);
	ck_assert_int_ge(reader, 0);
	ck_assert_int_eq(replace("fifo", "told"), 0);
	ck_assert_int_eq(read(reader, got, sizeof(got)), 4);
	ck_assert_str_eq(got, "told");
	close(reader);
	struct stat status;
	ck_assert_int_eq(lstat(own("fifo"), &status), 0);
	ck_assert(S_ISFIFO(status.st_mode));
	ck_assert_int_eq(replace("null", "x"), 0);
	ck_assert(is_link(own("null")));
	ck_assert_int_eq(symlink("/dev/full", own("no_room")), 0);
	ck_assert_int_eq(replace("no_room", "x"), -ENOSPC);
	ck_assert_int_eq(count_entries(), 3);
}
END_TEST

/* As /dev/stdout is a link to /proc/self/fd/1, where the output goes to a file. */
START_TEST(an_open_file_of_a_process_is_written_to_and_its_link_stays)
{
	char name[64], first[8] = "before\n";
	int fd = open(own("log"), O_RDWR | O_CREAT | O_APPEND, 0600);
	ck_assert_int_eq(write(fd, first, 7), 7);
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	ck_assert_int_eq(symlink(name, own("stdout")), 0);
	struct stat before, after;
	ck_assert_int_eq(stat(own("log"), &before), 0);
	ck_assert_int_eq(replace("stdout", "verdict\n"), 0);
	ck_assert_int_eq(replace_file(name, "again\n", 6), 0);
	expect_text("log", "before\nverdict\nagain\n");
	ck_assert_int_eq(stat(own("log"), &after), 0);
	ck_assert_uint_eq(before.st_ino, after.st_ino);
	ck_assert(is_link(own("stdout")));
	ck_assert_int_eq(count_entries(), 2);
	close(fd);
}
END_TEST

START_TEST(what_is_no_text_file_is_not_read)
{
	char *text = NULL;
	ck_assert_int_eq(replace_file(own("nul"), "a\0b", 3), 0);
	ck_assert_int_eq(read_text(own("nul"), &text), -EILSEQ);
	ck_assert_int_eq(mkfifo(own("pipe"), 0666), 0);
	ck_assert_int_eq(read_text(own("pipe"), &text), -EINVAL);
	ck_assert_int_eq(read_text("/", &text), -EISDIR);
	ck_assert_int_eq(read_text(own("none"), &text), -ENOENT);
	own_file("large", "");
	ck_assert_int_eq(truncate(own("large"), TEXT_FILE_MAX + 1), 0);
	ck_assert_int_eq(read_text(own("large"), &text), -EFBIG);
	ck_assert_ptr_null(text);
}
END_TEST

TEST_PROGRAM("files",
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
	     a_file_is_replaced_whole_and_keeps_its_mode,
	     a_file_that_cannot_be_written_leaves_nothing_beside_it,
	     a_link_stays_and_what_it_leads_to_is_replaced,
	     what_is_no_regular_file_is_written_to_and_stays,
	     an_open_file_of_a_process_is_written_to_and_its_link_stays,
	     what_is_no_text_file_is_not_read)
