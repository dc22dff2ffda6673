/* rows.c - see rows.h. */
#include "rows.h"

#include <fnmatch.h>
#include <string.h>

static const char accept_text[] = "Each of your tests is run, and accepts every "
	"correct version.";
static const char reach_text[] = "Your tests reach every error path.";

/* What the ID of a row says that it is shown by. */
static enum row_kind kind_of(const char *id)
{
	if (strcmp(id, "ACCEPT") == 0)
		return ROW_ACCEPT;
	if (strcmp(id, "REACH") == 0)
		return ROW_REACH;
	return strncmp(id, "TESTS", 5) == 0 ? ROW_TESTS : ROW_CODE;
}

/* What a row of KIND costs at least when it is broken. */
static long price_of(enum row_kind kind, bool minor)
{
	if (minor || kind == ROW_REACH)
		return PRICE_OF_DETAIL;
	return kind == ROW_CODE ? PRICE_OF_PROMISE : PRICE_OF_DEMAND;
}

/* The words of a row that has none of its own. */
static const char *text_of(enum row_kind kind, const char *text)
{
	if (text && *text)
		return text;
	return kind == ROW_ACCEPT ? accept_text :
	       kind == ROW_REACH ? reach_text : NULL;
}

/* Adds a row; ID and TEXT live as long as EXERCISE. */
static struct row *add_row(struct exercise *e, const char *id, const char *text,
			   long points)
{
	struct row *row = &e->rows[e->n_rows++];
	enum row_kind kind = kind_of(id);
	*row = (struct row){ .id = id, .text = text_of(kind, text), .kind = kind,
			     .points = points, .price = price_of(kind, false) };
	return row;
}

/* Makes the checklist of an exercise that describes none. */
static int make_rows(struct exercise *e)
{
	long accept = e->proves / 10, reach = e->proves / 4;
	if (e->behaves + e->survives > 0)
		add_row(e, "CONTRACT", "Your code keeps its contract.",
			e->behaves + e->survives);
	if (e->proves == 0)
		return 0;
	struct row *tests = add_row(e, "TESTS", "Your tests catch the broken "
				    "versions.", e->proves - accept - reach);
	tests->left_out = tests->doubled = true;
	add_row(e, "ACCEPT", NULL, accept);
	add_row(e, "REACH", NULL, reach);
	return 0;
}

/* Takes "changes": which broken versions made at run time show ROW. */
static int read_changes(struct exercise *e, struct row *row, const json_t *object,
			char **ret_why)
{
	struct names changes = { .n = 0 };
	int rc = catalog_read_names(e, object, "changes", &changes, ret_why);
	for (size_t i = 0; rc == 0 && i < changes.n; i++) {
		if (strcmp(changes.name[i], "left out") == 0)
			row->left_out = true;
		else if (strcmp(changes.name[i], "doubled") == 0)
			row->doubled = true;
		else
			rc = catalog_wrong(ret_why, e->id, "\"changes\" of %s are "
					   "\"left out\" or \"doubled\"", row->id);
	}
	return rc;
}

/* Reads one row. */
static int read_row(struct exercise *e, json_t *object, char **ret_why)
{
	const char *id, *text = NULL, *minor = NULL;
	json_int_t points;
	json_error_t error;
	if (e->n_rows == ROWS_MAX)
		return catalog_wrong(ret_why, e->id, "\"rows\" has more than %d "
				     "rows", ROWS_MAX);
	if (json_unpack_ex(object, &error, 0, "{s:s, s?s, s:I, s?s}", "id", &id,
			   "text", &text, "points", &points, "minor", &minor) < 0)
		return catalog_wrong(ret_why, e->id, "\"rows\": %s", error.text);
	if (rows_find(e, id))
		return catalog_wrong(ret_why, e->id, "\"rows\" has %s twice", id);
	if (points < 0 || points > 100)
		return catalog_wrong(ret_why, e->id, "the points of %s are not "
				     "from 0 to 100", id);
	struct row *row = add_row(e, id, text, (long)points);
	row->price = price_of(row->kind, minor != NULL);
	if (!row->text)
		return catalog_wrong(ret_why, e->id, "%s has no \"text\"", id);
	int rc = catalog_read_names(e, object, "clauses", &row->clauses, ret_why);
	if (rc == 0)
		rc = catalog_read_names(e, object, "scenarios", &row->scenarios,
					ret_why);
	return rc < 0 ? rc : read_changes(e, row, object, ret_why);
}

/* The rows share out what "points" gives to the code and to the tests. */
static int check_points(const struct exercise *e, char **ret_why)
{
	long code = rows_points(e, ROW_CODE);
	long tests = rows_points(e, ROW_TESTS) + rows_points(e, ROW_ACCEPT) +
		     rows_points(e, ROW_REACH);
	if (code != e->behaves + e->survives || tests != e->proves)
		return catalog_wrong(ret_why, e->id, "the rows have %ld points for "
				     "the code and %ld for tests, and \"points\" "
				     "has %ld and %ld", code, tests,
				     e->behaves + e->survives, e->proves);
	if (e->proves > 0 && !rows_first(e, ROW_TESTS))
		return catalog_wrong(ret_why, e->id, "there are points for tests, "
				     "and \"rows\" has no TESTS");
	return 0;
}

int rows_read(struct exercise *e, char **ret_why)
{
	const json_t *rows = json_object_get(e->description, "rows");
	size_t i;
	json_t *object;
	int rc = 0;
	if (!rows)
		return make_rows(e);
	if (!json_is_array(rows))
		return catalog_wrong(ret_why, e->id, "\"rows\" is not a list");
	json_array_foreach(rows, i, object)
		if (rc == 0)
			rc = read_row(e, object, ret_why);
	return rc < 0 ? rc : check_points(e, ret_why);
}

const struct row *rows_find(const struct exercise *e, const char *id)
{
	for (size_t i = 0; i < e->n_rows; i++)
		if (strcmp(e->rows[i].id, id) == 0)
			return &e->rows[i];
	return NULL;
}

const struct row *rows_first(const struct exercise *e, enum row_kind kind)
{
	for (size_t i = 0; i < e->n_rows; i++)
		if (e->rows[i].kind == kind)
			return &e->rows[i];
	return NULL;
}

long rows_points(const struct exercise *e, enum row_kind kind)
{
	long points = 0;
	for (size_t i = 0; i < e->n_rows; i++)
		if (e->rows[i].kind == kind)
			points += e->rows[i].points;
	return points;
}

/* Whether ROW keeps CLAUSE. */
static bool keeps(const struct row *row, const char *clause)
{
	for (size_t i = 0; i < row->clauses.n; i++)
		if (strcmp(row->clauses.name[i], clause) == 0)
			return true;
	return strcmp(row->id, clause) == 0;
}

const struct row *rows_of_clause(const struct exercise *e, const char *clause)
{
	for (size_t i = 0; i < e->n_rows; i++)
		if (e->rows[i].kind == ROW_CODE && keeps(&e->rows[i], clause))
			return &e->rows[i];
	return NULL;
}

bool row_is_shown_by(const struct row *row, const char *scenario)
{
	for (size_t i = 0; i < row->scenarios.n; i++)
		if (fnmatch(row->scenarios.name[i], scenario, 0) == 0)
			return true;
	return row->scenarios.n == 0;
}

const struct row *rows_of_change(const struct exercise *e, bool doubled)
{
	for (size_t i = 0; i < e->n_rows; i++)
		if (doubled ? e->rows[i].doubled : e->rows[i].left_out)
			return &e->rows[i];
	return rows_first(e, ROW_TESTS);
}
