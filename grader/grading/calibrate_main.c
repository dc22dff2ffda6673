/* calibrate_main.c - the program that the Makefile has measure the references:
 *
 *	calibrate ID		measures the reference of one exercise
 *	calibrate --headers	compiles check.h ahead
 *
 * It is a program apart from brakes, so that a change of what a learner types or reads
 * measures nothing again. */
#include "calibrate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/path.h"
#include "base/process.h"
#include "build/build.h"

enum { FAULT = 3, USAGE = 2 };

/* Says why something could not be done: the status to leave with. */
static int refuse(const char *what, int rc, const char *why)
{
	fprintf(stderr, "calibrate: %s: %s\n", what, why ? why : strerror(-rc));
	return FAULT;
}

static int measure(const char *root, const char *id)
{
	struct catalog catalog = { .n = 0 };
	char *why = NULL;
	int rc = catalog_read(root, &catalog, &why);
	if (rc < 0)
		return refuse(id, rc, why);
	const struct exercise *exercise = catalog_find(&catalog, id);
	if (!exercise)
		return refuse(id, 0, "there is no such exercise");
	rc = calibrate_exercise(root, exercise, &why);
	int status = rc < 0 ? refuse(id, rc, why) : EXIT_SUCCESS;
	free(why);
	catalog_release(&catalog);
	return status;
}

static int compile_headers(const char *root)
{
	int rc = build_header(root);
	return rc < 0 ? refuse("check.h", rc, NULL) : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	char root[PATH_MAX];
	if (argc != 2) {
		fputs("usage: calibrate ID | --headers\n", stderr);
		return USAGE;
	}
	char *why = NULL;
	int rc = process_prepare();
	if (rc == 0)
		rc = process_check_descriptors(&why);
	if (rc == 0)
		rc = workbook_root(root, sizeof(root));
	if (rc < 0)
		return refuse("the workbook", rc, why);
	adopt_orphans();
	int status = strcmp(argv[1], "--headers") == 0 ?
		     compile_headers(root) : measure(root, argv[1]);
	reap_descendants();
	return status;
}
