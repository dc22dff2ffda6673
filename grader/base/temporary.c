/* temporary.c - see temporary.h. */
#include "temporary.h"
#include "error.h"
#include "files.h"
#include "limits.h"
#include "path.h"
#include "tree.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* What the names of our folders begin with, and what mkdtemp adds at their end. */
#define PREFIX "brakes."
enum { DRAWN = 6 };

#define MARKER ".brakes-temporary-folder"
/* The first line is for a person who finds such a folder. */
#define MARK "A temporary folder of the program brakes, which removes it.\n" \
	     "folder %s\nboot %s\nprocess %d\n"
enum { MARK_MAX = 512, BOOT_MAX = 64 };

/* --- the marker ------------------------------------------------------------ */

/* The process that NAME, an entry, says to be the maker of a folder; -1 when it is
 * no name of ours. */
static int maker_in_name(const char *name)
{
	size_t prefix = strlen(PREFIX);
	if (strncmp(name, PREFIX, prefix) != 0 ||
	    !isdigit((unsigned char)name[prefix]))
		return -1;
	char *end;
	errno = 0;
	long maker = strtol(name + prefix, &end, 10);
	if (errno || maker < 1 || maker > INT_MAX || *end++ != '.')
		return -1;
	for (size_t i = 0; i < DRAWN; i++)
		if (!isalnum((unsigned char)end[i]))
			return -1;
	return end[DRAWN] == '\0' ? (int)maker : -1;
}

/* Reads the number of this boot, which no other boot or machine has. Source:
 * random(4), /proc/sys/kernel/random/boot_id. */
static void read_boot(char boot[BOOT_MAX])
{
	char *text = NULL;
	size_t size;
	snprintf(boot, BOOT_MAX, "unknown");
	if (read_file("/proc/sys/kernel/random/boot_id", BOOT_MAX - 1, &text,
		      &size) == 0)
		snprintf(boot, BOOT_MAX, "%.*s", (int)strcspn(text, "\n"), text);
	free(text);
}

/* Writes what stands in the marker of the folder NAME that MAKER made in BOOT. */
static int format_mark(char mark[MARK_MAX], const char *name, const char *boot,
		       int maker)
{
	int n = snprintf(mark, MARK_MAX, MARK, name, boot, maker);
	return n < 0 || n >= MARK_MAX ? -ENAMETOOLONG : 0;
}

/* Opens the marker of the folder NAME that is open as FOLDER, if it is one of ours:
 * a descriptor, or -1. BOOT and MAKER are what it says. */
static int open_marker(int folder, const char *name, char boot[BOOT_MAX],
		       int *ret_maker)
{
	char text[MARK_MAX] = "", expected[MARK_MAX];
	struct stat status;
	int maker = maker_in_name(name);
	int fd = maker < 0 ? -1 : open_beneath(folder, MARKER, O_RDWR);
	if (fd < 0)
		return -1;
	ssize_t n = read(fd, text, MARK_MAX - 1);
	const char *said = strstr(text, "\nboot ");
	snprintf(boot, BOOT_MAX, "%.*s",
		 said ? (int)strcspn(said + 6, "\n") : 0, said ? said + 6 : "");
	if (n > 0 && fstat(fd, &status) == 0 && status.st_uid == geteuid() &&
	    status.st_nlink == 1 && status.st_size == n &&
	    format_mark(expected, name, boot, maker) == 0 &&
	    strcmp(text, expected) == 0) {
		*ret_maker = maker;
		return fd;
	}
	close(fd);
	return -1;
}

/* Puts the marker into the new folder PATH. Its lock is held from before it says
 * what it is until this process ends: it is left open on purpose. Source: flock(2),
 * by which NFS wants a file that is open for writing. */
static int put_marker(const char *path)
{
	char file[PATH_MAX], mark[MARK_MAX], boot[BOOT_MAX];
	read_boot(boot);
	int rc = path_join(file, sizeof(file), "%s/" MARKER, path);
	if (rc == 0)
		rc = format_mark(mark, strrchr(path, '/') + 1, boot, getpid());
	if (rc < 0)
		return rc;
	int fd = open(file, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		      0600);
	if (fd < 0)
		return -errno;
	ssize_t n = (ssize_t)strlen(mark);
	errno = ENOSPC;		/* what a short write means */
	if (flock(fd, LOCK_EX | LOCK_NB) < 0 || write(fd, mark, (size_t)n) != n) {
		rc = -errno;
		close(fd);
		unlink(file);
	}
	return rc;
}

bool is_own_folder(const char *path)
{
	char boot[BOOT_MAX];
	int maker;
	const char *slash = strrchr(path, '/');
	int folder = open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (folder < 0)
		return false;
	int marker = open_marker(folder, slash ? slash + 1 : path, boot, &maker);
	close(folder);
	if (marker >= 0)
		close(marker);
	return marker >= 0;
}

/* --- what killed gradings left ------------------------------------------------ */

/* Whether the process MAKER of the boot BOOT may still live. */
static bool may_live(const char *boot, int maker)
{
	char now[BOOT_MAX];
	read_boot(now);
	return strcmp(boot, now) == 0 && (kill(maker, 0) == 0 || errno == EPERM);
}

/* Removes the folder NAME in BASE, which is open as FOLDER, if it is ours and its
 * maker, and all that it forked, are gone. */
static void remove_if_stale(const char *base, const char *name, int folder)
{
	char path[PATH_MAX], boot[BOOT_MAX];
	int maker;
	int marker = open_marker(folder, name, boot, &maker);
	if (marker < 0)
		return;
	if (flock(marker, LOCK_EX | LOCK_NB) == 0 && !may_live(boot, maker) &&
	    path_join(path, sizeof(path), "%s/%s", base, name) == 0)
		remove_own_folder(path);
	close(marker);
}

/* Removes what killed gradings left in BASE. */
static void remove_stale(const char *base)
{
	enum { FLAGS = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC };
	DIR *dir = opendir(base);
	for (struct dirent *e; dir && (e = readdir(dir)) != NULL;) {
		if (maker_in_name(e->d_name) < 0)
			continue;
		int folder = openat(dirfd(dir), e->d_name, FLAGS);
		if (folder < 0)
			continue;
		remove_if_stale(base, e->d_name, folder);
		close(folder);
	}
	if (dir)
		closedir(dir);
}

void remove_own_folder(const char *path)
{
	empty_folder(path, MARKER);
	remove_tree(path);
}

/* --- where ------------------------------------------------------------------- */

/* Whether PATH is a file system in memory that has room for us: a sweep makes
 * and removes folders by the thousand, which costs a disk three times as much. */
static bool roomy_memory(const char *path)
{
	struct statfs status;
	return access(path, W_OK) == 0 && statfs(path, &status) == 0 &&
	       status.f_type == TMPFS_MAGIC &&
	       status.f_bavail * (size_t)status.f_bsize >= ROOM_IN_MEMORY;
}

/* Whether programs that are built in the folder PATH can be run there. Source:
 * mount(8), noexec. */
static bool runs_programs(const char *path)
{
	struct statvfs status;
	return statvfs(path, &status) == 0 && !(status.f_flag & ST_NOEXEC);
}

/* Finds another folder than NAMED for programs. The workbook's build/ holds some. */
static int find_for_programs(const char *named, char base[PATH_MAX],
			     char **ret_why)
{
	char build[PATH_MAX] = "", root[PATH_MAX];
	if (workbook_root(root, sizeof(root)) == 0)
		path_join(build, sizeof(build), "%s/build", root);
	const char *const others[] = { "/tmp", "/var/tmp", build };
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (access(others[i], W_OK | X_OK) == 0 &&
		    runs_programs(others[i]) && realpath(others[i], base))
			return 0;
	return because(ret_why, -EACCES, "no program can be run in %s, which is "
		       "mounted noexec, nor in /tmp, /var/tmp or build/: set "
		       "TMPDIR to a folder where programs can be run", named);
}

/* Finds the folder BASE, an absolute path, in which to make one. */
static int find_base(enum folder_use use, char base[PATH_MAX], char **ret_why)
{
	const char *named = getenv("TMPDIR");
	bool set = named && *named;
	if (!set)
		named = roomy_memory("/dev/shm") ? "/dev/shm" : "/tmp";
	if (!realpath(named, base))
		return because(ret_why, -errno, "%s%s: %s; make that folder, or "
			       "%s", set ? "TMPDIR names " : "", named,
			       strerror(errno), set ? "unset TMPDIR" :
			       "set TMPDIR to a folder for temporary files");
	return use == FOLDER_FOR_FILES || runs_programs(base) ? 0 :
	       find_for_programs(named, base, ret_why);
}

/* Locks the folder PATH as well, until this process ends. Versions before 1.0 look at
 * this lock alone, and may run on the same machine. */
static void hold(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0)
		flock(fd, LOCK_SH | LOCK_NB);
}

/* Makes a folder in BASE with its marker, or none. */
static int make_in(const char *base, char path[PATH_MAX], size_t size)
{
	int rc = path_join(path, size < PATH_MAX ? size : PATH_MAX,
			   "%s/" PREFIX "%d.XXXXXX", base, (int)getpid());
	if (rc < 0)
		return rc;
	if (!mkdtemp(path))
		return -errno;
	rc = put_marker(path);
	if (rc == 0)
		hold(path);
	else
		rmdir(path);
	return rc;
}

int make_own_folder_for(enum folder_use use, char *ret_path, size_t size,
			char **ret_why)
{
	char base[PATH_MAX], path[PATH_MAX];
	int rc = find_base(use, base, ret_why);
	if (rc < 0)
		return rc;
	remove_stale(base);
	rc = make_in(base, path, size);
	if (rc < 0)
		return because(ret_why, rc, "no temporary folder can be made in "
			       "%s: %s; set TMPDIR to another folder", base,
			       strerror(-rc));
	return path_join(ret_path, size, "%s", path);
}

int make_own_folder(char *ret_path, size_t size)
{
	char *why = NULL;
	int rc = make_own_folder_for(FOLDER_FOR_FILES, ret_path, size, &why);
	free(why);
	return rc;
}
