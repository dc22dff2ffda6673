/* tool_parts.c - see tool_parts.h. */
#include "tool_parts.h"
#include "base/path.h"
#include "base/process.h"
#include "sandbox/cell.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ASK_MS = 10000, ANSWER_MAX = 256 << 10 };

static const char linked_by[] = "LD_LIBRARY_PATH";

/* --- folders ------------------------------------------------------------ */

static bool is_folder(const char *path)
{
	struct stat status;
	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* Adds the folder PATH, once. "/" would show everything. */
static int add_folder(struct tool_parts *t, const char *path)
{
	if (!path[1] || cell_shows(path) || !is_folder(path))
		return 0;
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->folder[i], path) == 0)
			return 0;
	if (t->n == PART_FOLDERS)
		return -E2BIG;
	t->folder[t->n] = strdup(path);
	return t->folder[t->n] ? (t->n++, 0) : -ENOMEM;
}

/* Takes the parts "." and ".." out of PATH, an absolute one, in place. */
static void take_out_dots(char *path)
{
	char *to = path;
	for (const char *from = path; *from;) {
		size_t n = 1 + strcspn(from + 1, "/");
		if (n == 3 && strncmp(from, "/..", 3) == 0) {
			while (to > path && *--to != '/')
				continue;
		} else if (n > 1 && !(n == 2 && from[1] == '.')) {
			memmove(to, from, n);
			to += n;
		}
		from += n;
	}
	strcpy(to, to == path ? "/" : "");
}

/* A compiler that is reached by a link looks for its parts by the link's path. */
int tool_parts_add(struct tool_parts *parts, const char *path)
{
	char real[PATH_MAX], plain[PATH_MAX];
	if (*path != '/' || !realpath(path, real) ||
	    path_join(plain, sizeof(plain), "%s", path) < 0)
		return 0;
	take_out_dots(plain);
	int rc = add_folder(parts, real);
	return rc < 0 ? rc : add_folder(parts, plain);
}

/* Adds the folders of LIST, N bytes long, which SEPARATOR separates. */
static int add_list(struct tool_parts *t, const char *list, size_t n, char separator)
{
	const char *end = list + n;
	for (int rc; list < end; list++) {
		char path[PATH_MAX];
		const char *stop = memchr(list, separator, (size_t)(end - list));
		stop = stop ? stop : end;
		rc = path_join(path, sizeof(path), "%.*s", (int)(stop - list),
			       list) < 0 ? 0 : tool_parts_add(t, path);
		if (rc < 0)
			return rc;
		list = stop;
	}
	return 0;
}

/* --- the compiler asked ------------------------------------------------- */

/* Whether the gcc in the folder DIR is one that no cell shows, or a script, which
 * may start one. */
static bool is_foreign(const char *dir)
{
	char path[PATH_MAX], real[PATH_MAX], magic[4];
	if (path_join(path, sizeof(path), "%s/gcc", dir) < 0 ||
	    access(path, X_OK) < 0 || !realpath(path, real))
		return false;
	if (!cell_shows(real))
		return true;
	int fd = open(real, O_RDONLY | O_CLOEXEC);
	bool program = fd >= 0 && read(fd, magic, 4) == 4 &&
		       memcmp(magic, "\177ELF", 4) == 0;
	if (fd >= 0)
		close(fd);
	return !program;
}

/* Whether any gcc in PATH is: the first may be ccache, which starts the next. */
static bool any_is_foreign(void)
{
	char dir[PATH_MAX];
	const char *path = getenv("PATH");
	for (size_t n; path && *path; path += n + (path[n] == ':')) {
		n = strcspn(path, ":");
		if (path_join(dir, sizeof(dir), "%.*s", (int)n, path) == 0 &&
		    is_foreign(dir))
			return true;
	}
	return false;
}

/* Takes the folders out of one line of what gcc -v says. Lines that begin with a
 * space are the folders of headers. */
static int take_line(struct tool_parts *t, const char *line, size_t n)
{
	static const char *const lists[] = { "COMPILER_PATH=", "LIBRARY_PATH=" };
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		size_t skip = strlen(lists[i]);
		if (n > skip && strncmp(line, lists[i], skip) == 0)
			return add_list(t, line + skip, n - skip, ':');
	}
	return n > 2 && strncmp(line, " /", 2) == 0 && !memchr(line + 1, ' ', n - 1)
	       ? add_list(t, line + 1, n - 1, '\n') : 0;
}

static int ask_compiler(struct tool_parts *t)
{
	const char *const argv[] = { "gcc", "-v", "-E", "-xc", "/dev/null", NULL };
	struct program gcc = { .argv = argv, .env = t->env, .deadline_ms = ASK_MS,
			       .output_max = ANSWER_MAX, .cut_output = true };
	struct ended ended;
	int rc = process_run(&gcc, &ended);
	if (rc < 0)
		return rc;
	for (const char *at = ended.err; rc == 0 && at && *at;) {
		size_t n = strcspn(at, "\n");
		rc = take_line(t, at, n);
		at += n + (at[n] == '\n');
	}
	ended_release(&ended);
	return rc;
}

/* A compiler from a module finds libraries of its own by this variable. */
static int take_libraries(struct tool_parts *t)
{
	const char *path = getenv(linked_by);
	size_t n = 0;
	while (t->env[n])
		n++;
	if (!path || !*path)
		return 0;
	if (asprintf(&t->variable, "%s=%s", linked_by, path) < 0) {
		t->variable = NULL;
		return -ENOMEM;
	}
	t->env[n] = t->variable;
	return add_list(t, path, strlen(path), ':');
}

int compiler_parts_find(struct tool_parts *ret_parts)
{
	/* ccache has no folder to write in, nor anything to gain. */
	struct tool_parts t = { .env = { "LC_ALL=C", "CCACHE_DISABLE=1" } };
	bool foreign = any_is_foreign();
	int rc = foreign ? take_libraries(&t) : 0;
	if (rc == 0 && foreign)
		rc = ask_compiler(&t);
	if (rc < 0)
		tool_parts_release(&t);
	else
		*ret_parts = t;
	return rc;
}

void tool_parts_release(struct tool_parts *parts)
{
	for (size_t i = 0; i < parts->n; i++)
		free(parts->folder[i]);
	free(parts->variable);
	*parts = (struct tool_parts){ .n = 0 };
}
