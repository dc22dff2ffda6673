/* progress.c - see progress.h. */
#include "progress.h"
#include "base/path.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "verdict/verdict.h"
#include "base/files.h"

static const char file_name[] = ".brakes-progress";
static const char heading[] =
	"# Where you are in the workbook; written by brakes.\n"
	"# One line an exercise: its last score, its best one, and how many\n"
	"# hints you have seen. You may commit this file.\n";

/* What a line of the file is. */
enum line { LINE_MARK, LINE_COMMENT, LINE_UNKNOWN };

/* Whether MARK holds numbers that can be. */
static bool is_plausible(struct mark mark)
{
	return mark.score >= 0 && mark.score <= FULL_SCORE &&
	       mark.best >= mark.score && mark.best <= FULL_SCORE &&
	       mark.hints >= 0 && mark.hints <= HINTS_MAX;
}

/* Reads " NAME=number" at *AT and moves on: whether it was there. */
static bool take_number(const char **at, const char *name,
			long *ret_number)
{
	size_t length = strlen(name);
	char *end;
	*at += strspn(*at, " \t");
	if (strncmp(*at, name, length) != 0 ||
	    !isdigit((unsigned char)(*at)[length]))
		return false;
	*ret_number = strtol(*at + length, &end, 10);
	*at = end;
	return true;
}

/* Reads the line at TEXT. */
static enum line line_read(const char *text, char ret_id[NAME_MAX_LENGTH],
			   struct mark *ret_mark)
{
	size_t length = strcspn(text, " \t\n");
	const char *at = text + length;
	if (text[strspn(text, " \t\r")] == '\n' || !*text || *text == '#')
		return LINE_COMMENT;
	if (length == 0 || length >= NAME_MAX_LENGTH)
		return LINE_UNKNOWN;
	memcpy(ret_id, text, length);
	ret_id[length] = '\0';
	if (!take_number(&at, "score=", &ret_mark->score) ||
	    !take_number(&at, "best=", &ret_mark->best) ||
	    !take_number(&at, "hints=", &ret_mark->hints))
		return LINE_UNKNOWN;
	at += strspn(at, " \t\r");
	return (!*at || *at == '\n') && is_plausible(*ret_mark) ? LINE_MARK :
								 LINE_UNKNOWN;
}

/* The line after the one at TEXT. */
static const char *next_line(const char *text)
{
	text += strcspn(text, "\n");
	return *text ? text + 1 : text;
}

/* Names each line that means nothing, so that it can be mended. */
static void name_unknown(const struct progress *p)
{
	char id[NAME_MAX_LENGTH];
	struct mark mark;
	int number = 1;
	for (const char *at = p->text; *at; at = next_line(at), number++)
		if (line_read(at, id, &mark) == LINE_UNKNOWN)
			fprintf(stderr, "%s:%d: this line is not understood; "
				"it stays, and counts for nothing\n", file_name,
				number);
}

int progress_read(const char *root, struct progress *ret_progress)
{
	struct progress p = { .text = NULL };
	int rc = path_join(p.path, sizeof(p.path), "%s/%s", root, file_name);
	if (rc == 0)
		rc = read_text(p.path, &p.text);
	if (rc < 0 && rc != -ENOENT) {
		fprintf(stderr, "brakes: %s cannot be read, so nothing is "
			"remembered now: %s\n", p.path, strerror(-rc));
		p.path[0] = '\0';
	}
	if (rc < 0)
		p.text = strdup(heading);
	if (!p.text)
		return -ENOMEM;
	name_unknown(&p);
	*ret_progress = p;
	return 0;
}

void progress_release(struct progress *progress)
{
	free(progress->text);
	progress->text = NULL;
}

struct mark progress_of(const struct progress *progress, const char *id)
{
	char other[NAME_MAX_LENGTH];
	struct mark found = { 0 }, mark;
	for (const char *at = progress->text; *at; at = next_line(at))
		if (line_read(at, other, &mark) ==
		    LINE_MARK && strcmp(other, id) == 0)
			found = mark;
	return found;
}

/* --- changing it ----------------------------------------------------------------- */

/* What is new about one exercise. */
struct news {
	const char *id;
	long score;		/* KEPT: as it was */
	long hints;		/* KEPT: as it was */
};

enum { KEPT = -1, LOCK_TRIES = 500, LOCK_PAUSE_MS = 10 };

/* MARK with what is new. */
static struct mark updated(struct mark mark, const struct news *news)
{
	if (news->score != KEPT)
		mark.score = news->score;
	if (mark.score > mark.best)
		mark.best = mark.score;
	if (news->hints > mark.hints)
		mark.hints = news->hints;
	return mark;
}

/* Writes TEXT into OUT with NEWS in the place of the old line about its exercise,
 * or at the end. */
static void rewrite(FILE *out, const struct progress *p, const struct news *news)
{
	char other[NAME_MAX_LENGTH];
	struct mark old, mark = updated(progress_of(p, news->id), news);
	bool written = false;
	for (const char *at = p->text; ; at = next_line(at)) {
		size_t length = strcspn(at, "\n");
		bool its = *at && line_read(at, other, &old) == LINE_MARK &&
			   strcmp(other, news->id) == 0;
		if (*at && !its)
			fprintf(out, "%.*s\n", (int)length, at);
		if ((its || !*at) && !written)
			fprintf(out, "%s score=%ld best=%ld hints=%ld\n",
				news->id, mark.score, mark.best, mark.hints);
		written = written || its;
		if (!*at)
			return;
	}
}

/* Changes the text in memory: 0 or a negative errno. */
static int change_text(struct progress *p, const struct news *news)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	if (!out)
		return -errno;
	rewrite(out, p, news);
	if (fclose(out) == EOF) {
		free(text);
		return -ENOMEM;
	}
	free(p->text);
	p->text = text;
	return 0;
}

/* Whether FD is the file that PATH names now. */
static bool is_at(int fd, const char *path)
{
	struct stat open, named;
	return fstat(fd, &open) == 0 && stat(path, &named) == 0 &&
	       open.st_dev == named.st_dev && open.st_ino == named.st_ino;
}

/* Locks FD: 0, -EAGAIN while another process has it, or another negative errno.
 * Where a file system knows no locks the last to write wins, as before. */
static int lock(int fd)
{
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	return errno == ENOLCK || errno == ENOSYS || errno == EOPNOTSUPP ? 0 :
	       -errno;
}

/* Opens the file at PATH, made if it is not there, and locks it: a descriptor, or a
 * negative errno. Who had the lock has put another file in its place: then that one
 * is to be locked. */
static int open_locked(const char *path)
{
	static const struct timespec pause = {
		.tv_nsec = LOCK_PAUSE_MS * 1000000L };
	int rc = -EAGAIN;
	for (int tries = 0; rc == -EAGAIN && tries < LOCK_TRIES; tries++) {
		int fd = open(path, O_RDWR | O_CREAT | O_NONBLOCK | O_CLOEXEC,
			      0666);
		if (fd < 0)
			return -errno;
		rc = lock(fd);
		bool current = is_at(fd, path);
		if (rc == 0 && current)
			return fd;
		close(fd);
		rc = rc == 0 ? -EAGAIN : rc;
		if (current)
			nanosleep(&pause, NULL);
	}
	return rc;
}

/* Reads the file again: 0 or a negative errno. */
static int read_again(struct progress *p)
{
	char *text = NULL;
	int rc = read_text(p->path, &text);
	if (rc == 0 && !*text) {
		free(text);
		text = strdup(heading);
		rc = text ? 0 : -ENOMEM;
	}
	if (rc < 0)
		return rc;
	free(p->text);
	p->text = text;
	return 0;
}

/* Changes the file by N pieces of NEWS: 0 or a negative errno. */
static int change(struct progress *p, const struct news news[], size_t n)
{
	if (!*p->path)
		return -EROFS;
	int fd = open_locked(p->path);
	if (fd < 0)
		return fd;
	int rc = read_again(p);
	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = change_text(p, &news[i]);
	if (rc == 0)
		rc = replace_file(p->path, p->text, strlen(p->text));
	close(fd);
	return rc;
}

int progress_set_score(struct progress *progress, const char *id, long score)
{
	struct news news = { .id = id, .score = score, .hints = KEPT };
	return change(progress, &news, 1);
}

int progress_set_hints(struct progress *progress, const char *id, long level)
{
	struct news news = { .id = id, .score = KEPT, .hints = level };
	return change(progress, &news, 1);
}

int progress_keep(struct progress *progress, const json_t *verdict)
{
	const json_t *exercises = json_object_get(verdict, "exercises");
	struct news *news = calloc(json_array_size(exercises) + 1, sizeof(*news));
	size_t i, n = 0;
	json_t *exercise;
	if (!news)
		return -ENOMEM;
	json_array_foreach(exercises, i, exercise)
		if (strcmp(verdict_text(exercise, "status"), "error") != 0)
			news[n++] = (struct news){
				.id = verdict_text(exercise, "id"),
				.score = verdict_number(exercise, "score"),
				.hints = KEPT,
			};
	int rc = n > 0 ? change(progress, news, n) : 0;
	free(news);
	return rc;
}

const struct exercise *progress_next(const struct progress *progress,
				     const struct catalog *catalog)
{
	for (size_t i = 0; i < catalog->n; i++) {
		const struct exercise *e = &catalog->exercises[i];
		if (progress_of(progress, e->id).score < FULL_SCORE)
			return e;
	}
	return NULL;
}
