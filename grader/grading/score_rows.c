/* score_rows.c - see score_rows.h. */
#include "score_rows.h"

#include <string.h>
#include "catalog/rows.h"
#include "verdict/verdict.h"

/* PART of ALL as a share of POINTS, rounded up. */
static long share_of(long points, long part, long all)
{
	if (part >= all)
		return points;
	return (points * part + all - 1) / all;
}

long row_lost(const struct row *row, const struct seen *seen)
{
	if (seen->bad == 0 && !seen->broken)
		return 0;
	if (!seen->broken || row->kind == ROW_REACH)
		return share_of(row->points, seen->bad, seen->all);
	long half = row->points / 2;
	long lost = row->points - half + share_of(half, seen->bad, seen->all);
	return lost > row->price ? lost : row->price;
}

void row_enter(json_t *verdict, const struct row *row, long lost, bool broken)
{
	json_t *rows = json_object_get(verdict, "rows");
	long kept = lost < row->points ? row->points - lost : 0;
	if (!rows) {
		rows = json_array();
		json_object_set_new(verdict, "rows", rows);
	}
	json_array_append_new(rows, json_pack(
		"{s:s, s:s, s:s, s:I, s:I, s:I}", "id", row->id, "text", row->text,
		"status", broken ? "fail" : lost > 0 ? "skip" : "pass",
		"score", (json_int_t)kept, "max_score", (json_int_t)row->points,
		"lost", (json_int_t)lost));
}

/* The row of ROWS called ID; NULL when there is none. */
static json_t *entered(const json_t *rows, const char *id)
{
	size_t i;
	json_t *row;
	json_array_foreach(rows, i, row)
		if (strcmp(verdict_text(row, "id"), id) == 0)
			return row;
	return NULL;
}

void rows_complete(json_t *verdict, const struct exercise *e)
{
	json_t *sorted = json_array();
	for (size_t i = 0; i < e->n_rows; i++) {
		const char *id = e->rows[i].id;
		if (!entered(json_object_get(verdict, "rows"), id))
			row_enter(verdict, &e->rows[i], e->rows[i].points, false);
		json_array_append(sorted, entered(json_object_get(verdict, "rows"),
						  id));
	}
	json_object_set_new(verdict, "rows", sorted);
}
