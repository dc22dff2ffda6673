/* gcovr_parts.c - see gcovr_parts.h. */
#include "gcovr_parts.h"
#include "base/path.h"
#include "base/process.h"
#include "sandbox/cell.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ASK_MS = 10000, ANSWER_MAX = 64 << 10, LINE_ROOM = GCOVR_LINE };

/* Prints the folders of Python itself, an empty line, and where it looks for
 * modules. */
static const char question[] =
	"import importlib.util, sys\n"
	"if importlib.util.find_spec('gcovr') is None: sys.exit(1)\n"
	"print(sys.prefix, sys.base_prefix, '', *sys.path, sep='\\n')\n";

/* Starts gcovr as its script does, in half the time: the script first looks through what
 * is installed. No module comes from the work folder, where tests may have written. What
 * the JSON report does not need is loaded when it is asked for: lxml, the processes of
 * multiprocessing, OpenSSL. Where that does not work, the script itself is started. */
static const char fast_start[] =
	"import gc, os, sys\n"
	"sys.path = [p for p in sys.path if p]\n"
	"gc.disable()\n"
	"from types import ModuleType\n"
	"class Later(ModuleType):\n"
	"    __path__ = []\n"
	"    def __getattr__(self, name):\n"
	"        if name[:2] == '__':\n"
	"            raise AttributeError(name)\n"
	"        put_back()\n"
	"        return getattr(__import__(self.__name__, fromlist=[name]), name)\n"
	"def put_back():\n"
	"    for name in later:\n"
	"        if sys.modules.get(name, 0) in (None, later[name]):\n"
	"            del sys.modules[name]\n"
	"later = {name: Later(name) for name in ('lxml', 'lxml.etree', 'multiprocessing')}\n"
	"later['lxml'].etree = later['lxml.etree']\n"
	"later['multiprocessing'].cpu_count = os.cpu_count\n"
	"later['_hashlib'] = None\n"
	"sys.modules.update(later)\n"
	"try:\n"
	"    from gcovr.__main__ import main\n"
	"except Exception:\n"
	"    os.execvp('gcovr', ['gcovr'] + sys.argv[1:])\n"
	"put_back()\n"
	"sys.argv[0] = 'gcovr'\n"
	"try:\n"
	"    code = main()\n"
	"except SystemExit as end:\n"
	"    code = end.code\n"
	"sys.stdout.flush()\n"
	"sys.stderr.flush()\n"
	"os._exit(code if isinstance(code, int) else code is not None)\n";

/* Finds the program NAME in PATH: false when there is none. */
static bool find_in_path(const char *name, char ret_path[PATH_MAX])
{
	const char *path = getenv("PATH");
	for (size_t n; path && *path; path += n + (path[n] == ':')) {
		n = strcspn(path, ":");
		if (path_join(ret_path, PATH_MAX, "%.*s/%s", (int)n, path, name) == 0
		    && access(ret_path, X_OK) == 0)
			return true;
	}
	return false;
}

/* Reads the first line of the script at PATH, "#!INTERPRETER ARGUMENT", into words:
 * *ret_argument is NULL when it has none. False when it is no script. */
static bool read_interpreter(const char *path, char line[LINE_ROOM],
			     const char **ret_interpreter, const char **ret_argument)
{
	FILE *in = fopen(path, "re");
	bool read = in && fgets(line, LINE_ROOM, in) && strncmp(line, "#!", 2) == 0;
	if (in)
		fclose(in);
	if (!read)
		return false;
	char *rest = NULL;
	*ret_interpreter = strtok_r(line + 2, " \t\n", &rest);
	*ret_argument = strtok_r(NULL, " \t\n", &rest);
	return *ret_interpreter != NULL;
}

/* Whether the words with which a script begins start a Python: "/usr/bin/python3", or
 * "/usr/bin/env python3". */
static bool is_python(const char *interpreter, const char *argument)
{
	static const char python[] = "python";
	const char *name = strrchr(interpreter, '/');
	name = name ? name + 1 : interpreter;
	if (argument && strcmp(name, "env") == 0)
		name = argument;
	return strncmp(name, python, strlen(python)) == 0;
}

/* Whether every cell shows PATH, and what it leads to. */
static bool is_shown(const char *path)
{
	char real[PATH_MAX];
	return cell_shows(path) && realpath(path, real) && cell_shows(real);
}

/* Whether PATH holds the user's home: that is not shown as a whole. */
static bool holds_home(const char *path)
{
	const char *home = getenv("HOME");
	size_t n = strlen(path);
	return home && strncmp(home, path, n) == 0 &&
	       (home[n] == '\0' || home[n] == '/');
}

/* Takes over the folders of TEXT, the answer, and makes PYTHONPATH of those in
 * which modules are looked for: a Python in a cell has no home to find them by. */
static int take_answer(struct tool_parts *parts, char *text)
{
	static const char name[] = "PYTHONPATH=";
	size_t size = sizeof(name) + strlen(text) + 1;
	char *variable = malloc(size), *end, *line = text;
	int rc = 0;
	if (!variable)
		return -ENOMEM;
	end = stpcpy(variable, name);
	for (bool modules = false; rc == 0 && *line; line += *line == '\n') {
		size_t n = strcspn(line, "\n");
		char path[PATH_MAX];
		modules = modules || n == 0;
		if (path_join(path, sizeof(path), "%.*s", (int)n, line) == 0 &&
		    *path == '/' && !cell_shows(path) && !holds_home(path)) {
			rc = tool_parts_add(parts, path);
			if (modules && !strchr(path, ':'))
				end += sprintf(end, "%s%s",
					       end[-1] == '=' ? "" : ":", path);
		}
		line += n;
	}
	parts->variable = variable;
	parts->env[0] = variable;
	return rc;
}

/* Asks the Python that gcovr names in its first line. */
static int ask_python(const char *interpreter, const char *argument,
		      struct tool_parts *parts)
{
	const char *const with[] = { interpreter, argument, "-c", question, NULL };
	const char *const without[] = { interpreter, "-c", question, NULL };
	struct program python = { .argv = argument ? with : without,
				  .deadline_ms = ASK_MS, .output_max = ANSWER_MAX };
	struct ended ended;
	int rc = process_run(&python, &ended);
	if (rc < 0)
		return rc;
	rc = ended_well(&ended) ? take_answer(parts, ended.out) : -ENOPKG;
	ended_release(&ended);
	return rc;
}

/* Puts down the words that start gcovr: its Python with fast_start, or its name. */
static void choose_words(struct gcovr_parts *parts, const char *interpreter,
			 const char *argument)
{
	size_t n = 0;
	if (interpreter && is_python(interpreter, argument)) {
		parts->word[n++] = interpreter;
		if (argument)
			parts->word[n++] = argument;
		parts->word[n++] = "-c";
		parts->word[n++] = fast_start;
	} else {
		parts->word[n++] = "gcovr";
	}
	parts->word[n] = NULL;
}

int gcovr_parts_find(struct gcovr_parts *ret_parts)
{
	struct gcovr_parts *parts = ret_parts;
	char path[PATH_MAX];
	const char *interpreter = NULL, *argument = NULL;
	int rc = 0;
	parts->tool = (struct tool_parts){ .n = 0 };
	if (!find_in_path("gcovr", path))
		return -ENOENT;
	bool script = read_interpreter(path, parts->line, &interpreter, &argument);
	if (!is_shown(path) || (script && !is_shown(interpreter)))
		rc = script ? ask_python(interpreter, argument, &parts->tool) :
			      -ENOPKG;
	choose_words(parts, interpreter, argument);
	if (rc < 0)
		tool_parts_release(&parts->tool);
	return rc;
}
