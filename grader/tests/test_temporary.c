/* test_temporary.c - temporary folders are made where they can be used, and none is
 * removed that the grader did not make. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include "suite.h"
#include "base/temporary.h"

#define MARKER ".brakes-temporary-folder"

/* These stand before those of the C library: a file system that knows no locks, one
 * that is mounted noexec, and what is removed last. */
static int no_locks;
static char noexec[PATH_MAX], removed_last[NAME_MAX + 1];

int flock(int fd, int operation)
{
	if (!no_locks)
		return (int)syscall(SYS_flock, fd, operation);
	errno = no_locks;
	return -1;
}

int statvfs(const char *path, struct statvfs *status)
{
	int fd = open(path, O_PATH | O_CLOEXEC);
	int rc = fd < 0 ? -1 : fstatvfs(fd, status);
	if (rc == 0 && *noexec && strcmp(path, noexec) == 0)
		status->f_flag |= ST_NOEXEC;
	if (fd >= 0)
		close(fd);
	return rc;
}

int unlinkat(int dir, const char *name, int flags)
{
	int rc = (int)syscall(SYS_unlinkat, dir, name, flags);
	if (rc == 0)
		snprintf(removed_last, sizeof(removed_last), "%s", name);
	return rc;
}

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

/* Makes a folder in the one of this test. */
static void make_here(char path[PATH_MAX])
{
	ck_assert_int_eq(setenv("TMPDIR", own_folder, 1), 0);
	ck_assert_int_eq(make_own_folder(path, PATH_MAX), 0);
}

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

START_TEST(a_path_that_does_not_fit_is_said_so_and_no_folder_is_left)
{
	char small[8] = "old";
	ck_assert_int_eq(setenv("TMPDIR", own_folder, 1), 0);
	ck_assert_int_eq(make_own_folder(small, sizeof(small)), -ENAMETOOLONG);
	ck_assert_str_eq(small, "old");
	ck_assert_int_eq(rmdir(own_folder), 0);
}
END_TEST

START_TEST(a_relative_tmpdir_gives_an_absolute_path)
{
	char path[PATH_MAX], expected[PATH_MAX];
	ck_assert_int_eq(make_folders(own("a/b")), 0);
	ck_assert_int_eq(symlink("a", own("link")), 0);
	ck_assert_int_eq(chdir(own("a/b")), 0);
	ck_assert_int_eq(setenv("TMPDIR", "../../link/../a", 1), 0);
	ck_assert_int_eq(make_own_folder(path, sizeof(path)), 0);
	ck_assert_int_eq(chdir("/"), 0);
	snprintf(expected, sizeof(expected), "%s/brakes.", own("a"));
	ck_assert_int_eq(strncmp(path, expected, strlen(expected)), 0);
	ck_assert(is_own_folder(path));
}
END_TEST

/* Demands that no folder can be made with TMPDIR, and that the sentence names it. */
static void expect_refused(const char *tmpdir, int wanted)
{
	char path[PATH_MAX] = "old", *why = NULL;
	ck_assert_int_eq(setenv("TMPDIR", tmpdir, 1), 0);
	ck_assert_int_eq(make_own_folder_for(FOLDER_FOR_FILES, path,
					     sizeof(path), &why), wanted);
	ck_assert_ptr_nonnull(why);
	ck_assert_msg(strstr(why, tmpdir) && strstr(why, "TMPDIR") &&
		      strstr(why, strerror(-wanted)), "%s", why);
	ck_assert_str_eq(path, "old");
	free(why);
}

START_TEST(what_is_wrong_with_tmpdir_is_said)
{
	char none[PATH_MAX], file[PATH_MAX];
	strcpy(none, own("none"));
	strcpy(file, own_file("file", "x"));
	expect_refused(none, -ENOENT);
	expect_refused(file, -ENOTDIR);
	expect_refused("/proc", -ENOENT);
}
END_TEST

START_TEST(where_no_lock_can_be_had_no_folder_is_left)
{
	char tmpdir[PATH_MAX];
	strcpy(tmpdir, own("tmp"));
	ck_assert_int_eq(make_folders(tmpdir), 0);
	no_locks = ENOLCK;
	expect_refused(tmpdir, -ENOLCK);
	ck_assert_int_eq(rmdir(tmpdir), 0);
}
END_TEST

START_TEST(a_folder_for_programs_is_where_programs_can_be_run)
{
	char path[PATH_MAX], *why = NULL;
	ck_assert_int_eq(setenv("TMPDIR", own_folder, 1), 0);
	ck_assert_int_eq(make_own_folder_for(FOLDER_FOR_PROGRAMS, path,
					     sizeof(path), &why), 0);
	ck_assert_int_eq(strncmp(path, own_folder, strlen(own_folder)), 0);
	strcpy(noexec, own_folder);
	ck_assert_int_eq(make_own_folder_for(FOLDER_FOR_FILES, path,
					     sizeof(path), &why), 0);
	ck_assert_int_eq(strncmp(path, own_folder, strlen(own_folder)), 0);
	ck_assert_int_eq(make_own_folder_for(FOLDER_FOR_PROGRAMS, path,
					     sizeof(path), &why), 0);
	ck_assert_int_ne(strncmp(path, own_folder, strlen(own_folder)), 0);
	remove_own_folder(path);
	ck_assert(!is_there(path));
}
END_TEST

START_TEST(the_marker_is_removed_last)
{
	char path[PATH_MAX], inside[PATH_MAX + 8];
	make_here(path);
	snprintf(inside, sizeof(inside), "%s/zzz", path);
	ck_assert_int_eq(make_folders(inside), 0);
	snprintf(inside, sizeof(inside), "%s/a", path);
	ck_assert_int_eq(write_text(inside, "x"), 0);
	remove_own_folder(path);
	ck_assert(!is_there(path));
	ck_assert_str_eq(removed_last, MARKER);
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

/* Copies the marker of the folder FROM to the file TO of this test. */
static void copy_marker(const char *from, const char *to)
{
	char marker[PATH_MAX];
	snprintf(marker, sizeof(marker), "%.4000s/" MARKER, from);
	ck_assert_int_eq(copy_file(marker, own(to), 4096), 0);
}

/* Makes folders of the user's that look like ours, each with a file of theirs; DEAD is
 * one of ours, whose marker some have. */
static void make_alike(const char *dead, const char *const names[], size_t n)
{
	char name[64];
	for (size_t i = 0; i < n; i++) {
		ck_assert_int_eq(make_folders(own(names[i])), 0);
		snprintf(name, sizeof(name), "%s/work.c", names[i]);
		own_file(name, "theirs");
	}
	copy_marker(dead, "brakes.git/" MARKER);
	copy_marker(dead, "brakes.1.copied/" MARKER);
	copy_marker(dead, "marker");
	own_file("brakes.1.empty1/" MARKER, "");
	own_file("brakes.1.texted/" MARKER, "brakes\n");
	ck_assert_int_eq(symlink(own("marker"), own("brakes.1.linked/" MARKER)), 0);
	ck_assert_int_eq(mkfifo(own("brakes.1.fifo12/" MARKER), 0600), 0);
	ck_assert_int_eq(make_folders(own("brakes.1.folder/" MARKER)), 0);
}

START_TEST(a_folder_of_the_users_is_kept_whatever_it_is_called)
{
	static const char *const names[] = {
		"brakes.git", "brakes.handins", "brakes.", "brakes.1", "brakes.1.",
		"brakes.1.abcde", "brakes.1.abcdefg", "brakes.1.abc-ef",
		"brakes.x.abcdef", "brakes.-1.abcdef", "brakes.99999999999.abcdef",
		"brakes.1.abcdef", "brakes.1.copied", "brakes.1.empty1",
		"brakes.1.texted", "brakes.1.linked", "brakes.1.fifo12",
		"brakes.1.folder",
	};
	enum { N = sizeof(names) / sizeof(*names) };
	char dead[PATH_MAX], path[PATH_MAX];
	ck_assert_int_eq(setenv("TMPDIR", own_folder, 1), 0);
	make_by_another(false, dead);
	make_alike(dead, names, N);
	make_here(path);
	ck_assert(!is_there(dead));
	for (size_t i = 0; i < N; i++) {
		snprintf(path, sizeof(path), "%s/work.c", own(names[i]));
		ck_assert_msg(is_there(path), "%s is gone", names[i]);
		ck_assert_msg(!is_own_folder(own(names[i])), "%s", names[i]);
	}
}
END_TEST

START_TEST(a_marker_with_a_second_name_or_of_another_user_proves_nothing)
{
	char dead[PATH_MAX], theirs[PATH_MAX], marker[PATH_MAX], path[PATH_MAX];
	ck_assert_int_eq(setenv("TMPDIR", own_folder, 1), 0);
	make_by_another(false, dead);
	snprintf(marker, sizeof(marker), "%.4000s/" MARKER, dead);
	ck_assert_int_eq(link(marker, own("second")), 0);
	make_here(path);
	ck_assert(is_folder(dead));
	ck_assert_int_eq(unlink(own("second")), 0);
	if (geteuid() == 0) {
		make_by_another(false, theirs);
		ck_assert(!is_there(dead));
		snprintf(marker, sizeof(marker), "%.4000s/" MARKER, theirs);
		ck_assert_int_eq(chown(marker, 65534, 65534), 0);
		make_here(path);
		ck_assert(is_folder(theirs));
	} else {
		puts("skip - not root: a marker of another user");
		make_here(path);
		ck_assert(!is_there(dead));
	}
}
END_TEST

START_TEST(a_link_of_the_name_of_ours_is_not_followed)
{
	char path[PATH_MAX];
	ck_assert_int_eq(setenv("TMPDIR", own_folder, 1), 0);
	ck_assert_int_eq(make_folders(own("target")), 0);
	own_file("target/file", "x");
	ck_assert_int_eq(symlink(own("target"), own("brakes.1.abcdef")), 0);
	ck_assert_int_eq(make_own_folder(path, sizeof(path)), 0);
	ck_assert(is_there(own("target/file")));
}
END_TEST

TEST_PROGRAM("temporary",
	     an_own_folder_is_new_and_lies_where_tmpdir_says,
	     a_path_that_does_not_fit_is_said_so_and_no_folder_is_left,
	     a_relative_tmpdir_gives_an_absolute_path,
	     what_is_wrong_with_tmpdir_is_said,
	     where_no_lock_can_be_had_no_folder_is_left,
	     a_folder_for_programs_is_where_programs_can_be_run,
	     the_marker_is_removed_last,
	     what_a_dead_maker_left_is_removed_and_what_a_living_one_has_stays,
	     a_folder_of_the_users_is_kept_whatever_it_is_called,
	     a_marker_with_a_second_name_or_of_another_user_proves_nothing,
	     a_link_of_the_name_of_ours_is_not_followed)
