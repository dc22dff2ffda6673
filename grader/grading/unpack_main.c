/* unpack_main.c - the program that parses an archive: unpack_child.h starts it, in a
 * cell of its own. It alone links libarchive, so that neither brakes nor its judge loads
 * that. It takes the archive that is open as UNPACK_FROM, fills its work folder, and
 * prints the report of unpack.h. */
#include "unpack.h"
#include "unpack_child.h"
#include "base/path.h"
#include "catalog/catalog.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FAULT = 3 };

/* Says what went wrong: the status to leave with. */
static int refuse(int rc, const char *why)
{
	fprintf(stderr, "unpack: %s\n", why ? why : strerror(-rc));
	return FAULT;
}

/* Prints REPORT, to the end. */
static int hand_over(const json_t *report)
{
	bool printed = json_dumpf(report, stdout, 0) == 0 && fflush(stdout) == 0;
	return printed ? EXIT_SUCCESS : refuse(0, "the report could not be written");
}

/* Takes what CATALOG asks for. */
static int unpack_here(const struct catalog *catalog)
{
	json_t *report = NULL;
	int here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int rc = here < 0 ? -errno : unpack(UNPACK_FROM, here, catalog, &report);
	int status = rc < 0 ? refuse(rc, NULL) : hand_over(report);
	json_decref(report);
	if (here >= 0)
		close(here);
	return status;
}

int main(void)
{
	char root[PATH_MAX];
	struct catalog catalog = { .n = 0 };
	char *why = NULL;
	/* Names in an archive may be of any alphabet. */
	setlocale(LC_CTYPE, "C.UTF-8");
	int rc = workbook_root(root, sizeof(root));
	if (rc == 0)
		rc = catalog_read(root, &catalog, &why);
	int status = rc < 0 ? refuse(rc, why) : unpack_here(&catalog);
	free(why);
	catalog_release(&catalog);
	return status;
}
