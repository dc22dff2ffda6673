/* cell.c - see cell.h. All of it happens between fork and exec: what it makes is
 * gone with the exec, and what it cannot make ends the child. */
#include "cell.h"
#include "base/limits.h"
#include "base/path.h"
#include "base/temporary.h"
#include "confine.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WORDS_MAX = 512, NO_CELL = 126 };

/* What of the system a program may read: compilers, libraries, scripts. */
static const char *const system_places[] = {
	"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32",
	"/etc/alternatives", "/etc/ld.so.cache", "/nix/store", "/gnu/store", NULL
};

/* Devices for Landlock to allow; bubblewrap makes its own. */
static const char *const devices[] = {
	"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", NULL
};

static const char *const names[SANDBOX_SORTS] = {
	[SANDBOX_LIMITS] = "limits",
	[SANDBOX_LANDLOCK] = "landlock",
	[SANDBOX_BUBBLEWRAP] = "bubblewrap",
};

const char *sandbox_name(enum sandbox_sort sort)
{
	return names[sort];
}

int sandbox_give(const struct sandbox *sandbox, const char *path)
{
	if (!sandbox || !sandbox->user)
		return 0;
	return lchown(path, sandbox->user, sandbox->user) < 0 ? -errno : 0;
}

int sandbox_give_open(const struct sandbox *sandbox, int fd)
{
	if (!sandbox || !sandbox->user)
		return 0;
	return fchown(fd, sandbox->user, sandbox->user) < 0 ? -errno : 0;
}

int sandbox_open_folder(const struct sandbox *sandbox, const char *path)
{
	char folder[PATH_MAX];
	if (!sandbox || !sandbox->user || sandbox->sort != SANDBOX_LANDLOCK)
		return 0;
	int rc = path_join(folder, sizeof(folder), "%s", path);
	while (rc == 0 && is_own_folder(folder)) {
		rc = chmod(folder, 0711) < 0 ? -errno : 0;
		*strrchr(folder, '/') = '\0';
	}
	return rc;
}

/* --- a command line ------------------------------------------------------------ */

/* The command line under way. */
struct line {
	const char *word[WORDS_MAX];
	size_t n;
};

/* Adds one word; with too many there is no cell. */
static void add(struct line *line, const char *word)
{
	if (!word || line->n + 1 >= WORDS_MAX)
		_exit(NO_CELL);
	line->word[line->n++] = word;
	line->word[line->n] = NULL;
}

static void add_all(struct line *line, const char *const words[])
{
	while (*words)
		add(line, *words++);
}

/* Makes a word of a format. */
__attribute__((format(printf, 1, 2)))
static const char *word(const char *format, ...)
{
	char *text;
	va_list args;
	va_start(args, format);
	int n = vasprintf(&text, format, args);
	va_end(args);
	return n < 0 ? NULL : text;
}

/* Adds an option with one operand. */
static void add_pair(struct line *line, const char *option, const char *operand)
{
	add(line, option);
	add(line, operand);
}

/* Whether the two words follow each other in LINE. */
static bool has_pair(const struct line *line, const char *option,
		     const char *operand)
{
	for (size_t i = 1; i < line->n; i++)
		if (strcmp(line->word[i - 1], option) == 0 &&
		    strcmp(line->word[i], operand) == 0)
			return true;
	return false;
}

/* Where PATH stands deep in /tmp, which the program may write to, the topmost folder
 * on the way becomes a mount of its own: it cannot be moved away, and shut_ways
 * shuts it. */
static void add_way(struct line *line, const char *path)
{
	size_t tmp = strlen("/tmp/");
	if (strncmp(path, "/tmp/", tmp) != 0 || !strchr(path + tmp, '/'))
		return;
	const char *top = word("%.*s", (int)(tmp + strcspn(path + tmp, "/")),
			       path);
	if (top && !has_pair(line, "--tmpfs", top))
		add_pair(line, "--tmpfs", top);
}

static void shut_ways(struct line *line)
{
	for (size_t i = 1, n = line->n; i < n; i++)
		if (strcmp(line->word[i - 1], "--tmpfs") == 0 &&
		    strcmp(line->word[i], "/tmp") != 0)
			add_pair(line, "--remount-ro", line->word[i]);
}

/* Adds PATH to be seen inside where it stands outside. The folders above it are
 * made first: bubblewrap itself would make them for its own user alone. */
static void add_bind(struct line *line, const char *option, const char *path)
{
	const char *slash = strrchr(path, '/');
	add_way(line, path);
	if (slash && slash > path)
		add_pair(line, "--dir", word("%.*s", (int)(slash - path), path));
	add_pair(line, option, path);
	add(line, path);
}

/* --- where programs stand ------------------------------------------------------- */

bool cell_shows(const char *path)
{
	for (size_t i = 0; system_places[i]; i++) {
		size_t n = strlen(system_places[i]);
		if (strncmp(path, system_places[i], n) == 0 &&
		    (path[n] == '\0' || path[n] == '/'))
			return true;
	}
	return false;
}

/* Whether one of the programs that run in cells stands in DIR. */
static bool holds_tool(const char *dir)
{
	static const char *const tools[] = {
		"gcc", "objcopy", "ld", "as", "gcov", "gcovr", "python3", "sh",
	};
	char path[PATH_MAX];
	for (size_t i = 0; i < sizeof(tools) / sizeof(*tools); i++)
		if (snprintf(path, sizeof(path), "%s/%s", dir, tools[i]) <
		    PATH_MAX && access(path, X_OK) == 0)
			return true;
	return false;
}

/* Adds each folder of PATH that is none of the system's, by ADDS with OPTION: there
 * may stand a compiler that somebody installed beside the system's. */
static void add_path(struct line *line, const char *option,
		     void (*adds)(struct line *, const char *, const char *))
{
	const char *path = getenv("PATH");
	for (size_t n; path && *path; path += n + (path[n] == ':')) {
		n = strcspn(path, ":");
		const char *dir = word("%.*s", (int)n, path);
		if (dir && *dir == '/' && dir[1] && !cell_shows(dir) &&
		    holds_tool(dir))
			adds(line, option, dir);
	}
}

/* --- bubblewrap ------------------------------------------------------------------ */

/* Adds a place of the system as it is: a link as a link. */
static void bind_place(struct line *line, const char *path)
{
	struct stat status;
	char target[PATH_MAX];
	if (lstat(path, &status) < 0)
		return;
	ssize_t n = S_ISLNK(status.st_mode) ?
		    readlink(path, target, sizeof(target) - 1) : -1;
	if (n < 0) {
		add_bind(line, "--ro-bind", path);
		return;
	}
	add_pair(line, "--symlink", word("%.*s", (int)n, target));
	add(line, path);
}

/* Adds what the program may see beside the system. */
static void bind_own(struct line *line, const struct cell *cell,
		     const char *first, const char *filter)
{
	add_path(line, "--ro-bind", add_bind);
	add_bind(line, "--ro-bind", first);
	add_bind(line, "--ro-bind", filter);
	for (size_t i = 0; i < CELL_READS && cell->reads[i]; i++)
		add_bind(line, "--ro-bind", cell->reads[i]);
	for (char *const *more = cell->more_reads; more && *more; more++)
		add_bind(line, "--ro-bind", *more);
	for (size_t i = 0; i < CELL_WRITES && cell->writes[i]; i++)
		add_bind(line, "--bind", cell->writes[i]);
}

/* Adds bubblewrap's own words. Who is root makes no user namespace: root in
 * there would be root out here; who shuts the door becomes somebody else instead. */
static void add_bubblewrap(struct line *line, const struct cell *cell,
			   const char *first, const char *filter)
{
	static const char *const apart[] = {
		"bwrap", "--unshare-pid", "--unshare-ipc", "--unshare-net",
		"--unshare-uts", "--die-with-parent", "--new-session",
		"--as-pid-1", "--cap-drop", "ALL", NULL
	};
	static const char *const as_root[] = {
		"--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", NULL
	};
	static const char *const as_user[] = { "--unshare-user", NULL };
	static const char *const mounts[] = {
		"--proc", "/proc", "--dev", "/dev", "--perms", "1777", NULL
	};
	static const char *const shut[] = {
		"--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/",
		"--", NULL
	};
	add_all(line, apart);
	add_all(line, cell->sandbox->user ? as_root : as_user);
	for (size_t i = 0; system_places[i]; i++)
		bind_place(line, system_places[i]);
	add_all(line, mounts);
	add_pair(line, "--size", word("%d", CELL_TMP_BYTES));
	add_pair(line, "--tmpfs", "/tmp");
	bind_own(line, cell, first, filter);
	shut_ways(line);
	add_all(line, shut);
}

/* --- the door --------------------------------------------------------------------- */

/* Adds the rules that Landlock is to keep. */
static void add_landlock(struct line *line, const struct cell *cell)
{
	for (size_t i = 0; system_places[i]; i++)
		add_pair(line, "-r", system_places[i]);
	add_path(line, "-r", add_pair);
	add_pair(line, "-r", "/proc");
	for (size_t i = 0; i < CELL_READS && cell->reads[i]; i++)
		add_pair(line, "-r", cell->reads[i]);
	for (char *const *more = cell->more_reads; more && *more; more++)
		add_pair(line, "-r", *more);
	for (size_t i = 0; devices[i]; i++)
		add_pair(line, "-d", devices[i]);
	for (size_t i = 0; i < CELL_WRITES && cell->writes[i]; i++)
		add_pair(line, "-w", cell->writes[i]);
}

/* Adds the words of sandbox/confine.h: how the door is shut from inside. */
static void add_words(struct line *line, const struct cell *cell,
		      const char *dir, const char *filter, int started)
{
	const struct sandbox *sandbox = cell->sandbox;
	add(line, filter);
	add(line, word("%d", started));
	add(line, word("%u", (unsigned)sandbox->user));
	add(line, word("%u", cell->processes));
	add(line, dir ? dir : "/");
	if (sandbox->sort == SANDBOX_LANDLOCK)
		add_landlock(line, cell);
	add(line, "--");
}

/* The program begins with few of our variables: none of them is its business, and
 * some would change what it does. */
static void set_environment(const struct cell *cell, const char *const env[])
{
	bool own_tmp = cell->sandbox->sort == SANDBOX_BUBBLEWRAP;
	const char *path = getenv("PATH");
	const char *kept = path ? word("%s", path) : "/usr/bin:/bin";
	if (clearenv() != 0)
		_exit(NO_CELL);
	setenv("PATH", kept, 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("HOME", "/nonexistent", 1);
	const char *folder = own_tmp || !cell->writes[0] ? "/tmp" :
			     cell->writes[0];
	setenv("TMPDIR", folder, 1);
	setenv("TEMP", folder, 1);	/* Check's name for it */
	for (; env && *env; env++)
		putenv((char *)*env);
}

/* Gets ready for a program that limits alone confine. */
static void enter_bare(const char *dir, const char *const env[], int started)
{
	if (write(started, "+", 1) == 1)
		close(started);
	if (dir && chdir(dir) < 0)
		_exit(PROCESS_NOT_STARTED);
	for (; env && *env; env++)
		putenv((char *)*env);
}

const char *const *cell_enter(const struct enclosure *enclosure,
			      const char *const argv[], const char *dir,
			      const char *const env[], int started)
{
	static struct line line;
	const struct cell *cell = (const struct cell *)enclosure;
	const struct sandbox *sandbox = cell->sandbox;
	if (sandbox->sort == SANDBOX_LIMITS) {
		enter_bare(dir, env, started);
		return argv;
	}
	bool shared = sandbox->sort == SANDBOX_LANDLOCK && !sandbox->user;
	const char *filter = word("%s/build/seccomp%s.bpf", sandbox->root,
				  shared ? ".shared" : "");
	const char *first = cell->own ? argv[0] :
			    word("%s/build/confined", sandbox->root);
	if (sandbox->sort == SANDBOX_BUBBLEWRAP)
		add_bubblewrap(&line, cell, first, filter);
	add(&line, first);
	if (cell->own)
		add(&line, CONFINE_WORD);
	add_words(&line, cell, dir, filter, started);
	add_all(&line, argv + cell->own);
	set_environment(cell, env);
	return line.word;
}

int cell_give(const struct enclosure *enclosure, int fd)
{
	const struct cell *cell = (const struct cell *)enclosure;
	return sandbox_give_open(cell->sandbox, fd);
}
