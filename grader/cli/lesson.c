/* lesson.c - a lesson read and run: its text, then what it prints. */
#include "base/error.h"
#include "base/files.h"
#include "base/path.h"
#include "base/supervisor.h"
#include "build/run_program.h"
#include "commands.h"
#include "report/page.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A lesson to be run, and where it is shown. */
struct showing {
	struct page *page;
	const struct request *r;
	const char *name;		/* of its file in lessons/ */
};

/* Runs what was built in FOLDER and shows what it prints. */
static int show_run(struct page *page, const char *folder, char **ret_why)
{
	struct ended ended;
	char ending[64];
	int rc = run_program_run(folder, NULL, &ended, ret_why);
	if (rc < 0)
		return rc;
	run_program_ending(&ended, ending, sizeof(ending));
	page_block(page, "  | ", ended.out, 0);
	page_block(page, "  | ", ended.err, 0);
	page_to(page, 2);
	page_flowf(page, 2, "(%s)", ending);
	page_end_line(page);
	ended_release(&ended);
	return 0;
}

/* Builds the lesson in FOLDER and shows it running. */
static int build_and_show(const struct showing *s, const char *folder,
			  char **ret_why)
{
	struct names source = { .name = { s->name }, .n = 1 };
	struct ended ended = { .status = 0 };
	char dir[PATH_MAX];
	int rc = path_join(dir, sizeof(dir), "%s/lessons", s->r->root);
	if (rc == 0)
		rc = run_program_build(folder, dir, &source,
				       &s->r->asked[0]->lesson_libraries,
				       &ended, ret_why);
	if (rc < 0)
		return rc;
	bool built = ended_well(&ended);
	if (!built)
		page_block(s->page, "  | ", ended.err, 0);
	ended_release(&ended);
	return built ? show_run(s->page, folder, ret_why) :
	       because(ret_why, -ENOEXEC, "lessons/%s does not compile",
		       s->name);
}

/* Says on the side why the lesson was not shown running. */
static int give_up(int rc, char *why)
{
	fprintf(stderr, "brakes: the lesson could not be built and run: %s\n",
		why ? why : strerror(-rc));
	free(why);
	return STATUS_FAULT;
}

/* Shows what the lesson prints, under a keeper, in its temporary folder. */
static int run_it(void *data)
{
	const struct showing *s = data;
	char *why = NULL;
	page_style(s->page, STYLE_STRONG);
	page_flow(s->page, 0, "It prints:");
	page_style(s->page, STYLE_PLAIN);
	page_end_line(s->page);
	int rc = build_and_show(s, getenv("TMPDIR"), &why);
	return rc < 0 ? give_up(rc, why) : STATUS_FULL;
}

/* Says where the lesson stands and what comes after it. */
static void tell_next(struct page *page, const char *name,
		      const struct exercise *e)
{
	const struct names *linked = &e->lesson_libraries;
	page_end_line(page);
	page_flowf(page, 0, "The lesson is lessons/%s. Change it, and run it "
		   "yourself:", name);
	page_end_line(page);
	page_put(page, "  cc lessons/");
	page_put(page, name);
	for (size_t i = 0; i < linked->n; i++) {
		page_put(page, " -l");
		page_put(page, linked->name[i]);
	}
	page_put(page, " && ./a.out");
	page_end_line(page);
	page_flowf(page, 0, "The exercise: read exercises/%s/README.md, edit, "
		   "and type: make %.2s", e->id, e->id);
	page_end_line(page);
}

int command_lesson(const struct request *r)
{
	struct page page = page_on_stdout();
	struct showing showing = { .page = &page, .r = r };
	const struct supervised supervised = {
		.work = run_it, .data = &showing, .fault = STATUS_FAULT,
		.folder = FOLDER_FOR_PROGRAMS,
	};
	char *why = NULL;
	char name[NAME_MAX_LENGTH + 8], path[PATH_MAX], *text = NULL;
	snprintf(name, sizeof(name), "%s.c", r->asked[0]->id);
	if (path_join(path, sizeof(path), "%s/lessons/%s", r->root, name) < 0 ||
	    read_text(path, &text) < 0) {
		fprintf(stderr, "brakes: no lesson stands in lessons/%s\n",
			name);
		return STATUS_USAGE;
	}
	page_block(&page, "", text, 0);
	free(text);
	page_end_line(&page);
	showing.name = name;
	int status = supervise(&supervised, &why);
	if (status != STATUS_FULL)
		return status < 0 ? give_up(status, why) : status;
	tell_next(&page, name, r->asked[0]);
	return STATUS_FULL;
}
