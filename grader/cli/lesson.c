/* lesson.c - a lesson read and run: its text, then what it prints. */
#include "base/path.h"
#include "commands.h"

#include <stdlib.h>
#include <string.h>
#include "report/page.h"
#include "build/run_program.h"
#include "base/whole.h"

/* Runs what was built in SCRATCH and shows what it prints. */
static int show_run(struct page *page, const char *scratch)
{
	struct ended ended;
	char ending[64];
	int rc = run_program_run(scratch, NULL, &ended);
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

/* Builds NAME of the folder lessons/ in SCRATCH and shows it running. */
static int build_and_show(struct page *page, const struct request *r,
			  const char *scratch, const char *name)
{
	struct names source = { .name = { name }, .n = 1 };
	struct ended ended;
	char dir[PATH_MAX];
	int rc = path_join(dir, sizeof(dir), "%s/lessons", r->root);
	if (rc == 0)
		rc = run_program_build(scratch, dir, &source,
				   &r->asked[0]->lesson_libraries, &ended);
	if (rc != 0)
		return rc;
	bool built = ended_well(&ended);
	if (!built)
		page_block(page, "  | ", ended.err, 0);
	ended_release(&ended);
	return built ? show_run(page, scratch) : -1;
}

/* Shows what the lesson prints, in a folder that is gone afterwards. */
static int run_it(struct page *page, const struct request *r, const char *name)
{
	char scratch[PATH_MAX];
	int rc = run_program_make(scratch);
	page_style(page, STYLE_STRONG);
	page_flow(page, 0, "It prints:");
	page_style(page, STYLE_PLAIN);
	page_end_line(page);
	if (rc == 0)
		rc = build_and_show(page, r, scratch, name);
	run_program_remove(scratch);
	return rc;
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
	char name[NAME_MAX_LENGTH + 8], path[PATH_MAX], *text = NULL;
	snprintf(name, sizeof(name), "%s.c", r->asked[0]->id);
	if (path_join(path, sizeof(path), "%s/lessons/%s", r->root, name) < 0 ||
	    whole_read(path, &text) < 0) {
		fprintf(stderr, "brakes: no lesson stands in lessons/%s\n",
			name);
		return STATUS_USAGE;
	}
	page_block(&page, "", text, 0);
	free(text);
	page_end_line(&page);
	if (run_it(&page, r, name) < 0) {
		fprintf(stderr, "brakes: the lesson could not be built and "
			"run\n");
		return STATUS_FAULT;
	}
	tell_next(&page, name, r->asked[0]);
	return STATUS_FULL;
}
