/* driver.c - lets the judge call the courier and its parts, look into the
 * database, and play the recipient. It links SQLite for itself: no call that
 * is made here is counted or made to fail. */
#include "courier.h"
#include "airbag.h"
#include "runtime/driver.h"
#include "unit.h"
#include "outbox.h"
#include "spool.h"

#include <dirent.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SLOTS = 4, NAMES_MAX = 512, OWN_STATUS = 3 };

static struct parcel *parcels[SLOTS];
static sqlite3 *opened;		/* by ledger_open */
static sqlite3 *lent;		/* opened here, for unit_run */
static sqlite3 *reader;		/* opened here: while it reads, none commits */
static char untouched;		/* what an out-parameter points to at first */

/* The slot that argument 0 names. */
static int slot_of(const struct command_call *c)
{
	return (int)(call_int(c, 0) & (SLOTS - 1));
}

/* Ends a run whose scratch folder or database is not what it has to be. */
static void must(int well)
{
	if (!well)
		abort();
}

/* --- the learner's ------------------------------------------------------- */

/* letter_next SPOOL: what it returned, and the id, the text and the path, each
 * of which was "untouched" before. */
static void read_next(struct command_call *c)
{
	struct letter letter = { "untouched", "untouched", "untouched" };
	errno = ERRNO_LEFT;
	reply_int(c, letter_next(call_text(c, 0), &letter));
	reply_text(c, letter.id);
	reply_text(c, letter.text);
	reply_text(c, letter.path);
}

/* parcel_open SLOT OUTBOX ID LINE: what it returned, and whether *ret_parcel
 * was touched. */
static void open_parcel(struct command_call *c)
{
	struct parcel *parcel = (struct parcel *)&untouched;
	errno = ERRNO_LEFT;
	reply_int(c, parcel_open_at(call_text(c, 1), call_text(c, 2),
				    "caller.c", (int)call_int(c, 3), &parcel));
	reply_int(c, parcel != (struct parcel *)&untouched);
	if (parcel != (struct parcel *)&untouched)
		parcels[slot_of(c)] = parcel;
}

/* parcel_write SLOT TEXT: what it returned. */
static void write_parcel(struct command_call *c)
{
	errno = ERRNO_LEFT;
	reply_int(c, parcel_write(parcels[slot_of(c)], call_text(c, 1)));
}

/* parcel_send SLOT: what it returned, and whether *parcel is NULL. */
static void send_parcel(struct command_call *c)
{
	errno = ERRNO_LEFT;
	reply_int(c, parcel_send(&parcels[slot_of(c)]));
	reply_int(c, parcels[slot_of(c)] == NULL);
}

/* parcel_drop SLOT: whether *parcel is NULL. */
static void drop_parcel(struct command_call *c)
{
	parcel_drop(&parcels[slot_of(c)]);
	reply_int(c, parcels[slot_of(c)] == NULL);
}

/* parcel_recall OUTBOX ID: what it returned. */
static void recall_parcel(struct command_call *c)
{
	errno = ERRNO_LEFT;
	reply_int(c, parcel_recall(call_text(c, 0), call_text(c, 1)));
}

/* airbag_report: what it returned, and what it wrote. */
static void report(struct command_call *c)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	must(out != NULL);
	reply_int(c, airbag_report(out));
	fclose(out);
	reply_text(c, text);
	free(text);
}

/* ledger_open PATH: what it returned, and whether *ret_db was touched. */
static void open_ledger(struct command_call *c)
{
	sqlite3 *db = (sqlite3 *)&untouched;
	errno = ERRNO_LEFT;
	reply_int(c, ledger_open(call_text(c, 0), &db));
	reply_int(c, db != (sqlite3 *)&untouched);
	opened = db != (sqlite3 *)&untouched ? db : NULL;
}

/* ledger_close: what it returned, and whether *db is NULL. */
static void close_ledger(struct command_call *c)
{
	errno = ERRNO_LEFT;
	reply_int(c, ledger_close(&opened));
	reply_int(c, opened == NULL);
}

/* The work of a unit: it does as it is told and counts. */
struct counted {
	int result;
	int acts, undos;
};

static int count_act(void *arg)
{
	struct counted *counted = arg;
	counted->acts++;
	return counted->result;
}

static void count_undo(void *arg)
{
	struct counted *counted = arg;
	counted->undos++;
}

/* unit_run ID RESULT: what it returned, how often act (which returns RESULT)
 * was called, and how often undo. */
static void run_unit(struct command_call *c)
{
	struct counted counted = { .result = (int)call_int(c, 1) };
	struct work work = { count_act, count_undo, &counted };
	errno = ERRNO_LEFT;
	reply_int(c, unit_run(lent, call_text(c, 0), &work));
	reply_int(c, counted.acts);
	reply_int(c, counted.undos);
}

/* courier_run SPOOL OUTBOX LEDGER: what it returned. The paths are used for
 * something else afterwards. */
static void run_courier(struct command_call *c)
{
	static char paths[3][64];
	for (size_t i = 0; i < 3; i++)
		snprintf(paths[i], sizeof(paths[i]), "%s", call_text(c, i));
	errno = ERRNO_LEFT;
	reply_int(c, courier_run(paths[0], paths[1], paths[2]));
	memset(paths, 'x', sizeof(paths) - 1);
}

/* --- the world around it ------------------------------------------------- */

/* folder NAME: makes it. */
static void make_folder(struct command_call *c)
{
	must(mkdir(call_text(c, 0), 0700) == 0);
	reply_int(c, 0);
}

/* discard NAME: removes a file or an empty folder, if it is still there. */
static void discard(struct command_call *c)
{
	reply_int(c, remove(call_text(c, 0)));
}

/* disk HOW: "full", and no file can grow from now on; else it can. Source:
 * setrlimit(2), RLIMIT_FSIZE: with SIGXFSZ ignored, a write fails. */
static void set_disk(struct command_call *c)
{
	struct rlimit limit;
	must(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
	must(getrlimit(RLIMIT_FSIZE, &limit) == 0);
	limit.rlim_cur = strcmp(call_text(c, 0), "full") == 0 ? 0 :
			 limit.rlim_max;
	must(setrlimit(RLIMIT_FSIZE, &limit) == 0);
	reply_int(c, 0);
}

/* Opens the database at PATH for ourselves, with the table in it. */
static sqlite3 *open_own(const char *path)
{
	sqlite3 *db = NULL;
	must(sqlite3_open(path, &db) == SQLITE_OK);
	must(sqlite3_exec(db, "CREATE TABLE IF NOT EXISTS "
			  "delivered (id TEXT PRIMARY KEY)", NULL, NULL,
			  NULL) == SQLITE_OK);
	return db;
}

/* lend PATH: opens the database that unit_run is lent. */
static void lend(struct command_call *c)
{
	lent = open_own(call_text(c, 0));
	reply_int(c, 0);
}

/* hold PATH: begins to read the database, so that no one can commit. */
static void hold(struct command_call *c)
{
	reader = open_own(call_text(c, 0));
	must(sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM delivered", NULL,
			  NULL, NULL) == SQLITE_OK);
	reply_int(c, 0);
}

/* let_go: ends reading. */
static void let_go(struct command_call *c)
{
	must(sqlite3_close(reader) == SQLITE_OK);
	reader = NULL;
	reply_int(c, 0);
}

/* deliver PATH ID: puts a row into the database, as an earlier run would. */
static void put_row(struct command_call *c)
{
	sqlite3 *db = open_own(call_text(c, 0));
	char *sql = sqlite3_mprintf("INSERT INTO delivered VALUES (%Q)",
				    call_text(c, 1));
	must(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK);
	sqlite3_free(sql);
	must(sqlite3_close(db) == SQLITE_OK);
	reply_int(c, 0);
}

/* Adds the id of a row to the reply. */
static int add_row(void *arg, int n, char **values, char **names)
{
	(void)n;
	(void)names;
	reply_text(arg, values[0]);
	return 0;
}

/* rows PATH: 0, and the id of each row. A database without the table, and one
 * that is not there, has none. */
static void list_rows(struct command_call *c)
{
	sqlite3 *db = NULL;
	reply_int(c, 0);
	if (sqlite3_open_v2(call_text(c, 0), &db, SQLITE_OPEN_READWRITE,
			    NULL) == SQLITE_OK)
		sqlite3_exec(db, "SELECT id FROM delivered ORDER BY id",
			     add_row, c, NULL);
	sqlite3_close(db);
}

/* The names in FOLDER that begin with no dot, sorted: how many. */
static int names_in(const char *folder, struct dirent ***ret_names)
{
	int n = scandir(folder, ret_names, NULL, alphasort);
	must(n >= 0);
	return n;
}

/* Whether the recipient leaves NAME alone. */
static int is_unfinished(const char *name)
{
	size_t n = strlen(name);
	return n > 4 && strcmp(name + n - 4, ".tmp") == 0;
}

/* list FOLDER: 0, and what stands in it, one name after the other. */
static void list(struct command_call *c)
{
	struct dirent **names;
	int n = names_in(call_text(c, 0), &names);
	reply_int(c, 0);
	for (int i = 0; i < n; i++) {
		if (names[i]->d_name[0] != '.')
			reply_text(c, names[i]->d_name);
		free(names[i]);
	}
	free(names);
}

/* Replies the name and the text of a file, and removes it. */
static void take(struct command_call *c, const char *folder, const char *name)
{
	char path[NAMES_MAX], text[1100];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	FILE *in = fopen(path, "r");
	size_t n = in ? fread(text, 1, sizeof(text) - 1, in) : 0;
	text[n] = '\0';
	if (in)
		fclose(in);
	remove(path);
	reply_text(c, name);
	reply_text(c, text);
}

/* collect OUTBOX: takes all that is finished, as the recipient does; 0, and
 * for each file its name and its text. */
static void collect(struct command_call *c)
{
	struct dirent **names;
	int n = names_in(call_text(c, 0), &names);
	reply_int(c, 0);
	for (int i = 0; i < n; i++) {
		if (names[i]->d_name[0] != '.' &&
		    !is_unfinished(names[i]->d_name))
			take(c, call_text(c, 0), names[i]->d_name);
		free(names[i]);
	}
	free(names);
}

/* exit: as a return from main would. */
static void leave_by_exit(struct command_call *c)
{
	(void)c;
	exit(OWN_STATUS);
}

const struct command driver_commands[] = {
	{ "letter_next", read_next },
	{ "parcel_open", open_parcel },
	{ "parcel_write", write_parcel },
	{ "parcel_send", send_parcel },
	{ "parcel_drop", drop_parcel },
	{ "parcel_recall", recall_parcel },
	{ "airbag_report", report },
	{ "ledger_open", open_ledger },
	{ "ledger_close", close_ledger },
	{ "unit_run", run_unit },
	{ "courier_run", run_courier },
	{ "folder", make_folder },
	{ "discard", discard },
	{ "disk", set_disk },
	{ "lend", lend },
	{ "hold", hold },
	{ "let_go", let_go },
	{ "put_row", put_row },
	{ "rows", list_rows },
	{ "unit_rows", list_rows },
	{ "list", list },
	{ "collect", collect },
	{ "exit", leave_by_exit },
	{ 0 },
};
