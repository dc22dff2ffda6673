/* unpack.c - see unpack.h. The formats are libarchive's; none is enabled that
 * starts another program. */
#include "unpack.h"
#include "base/path.h"
#include "base/files.h"
#include "verdict/verdict.h"

#include <archive.h>
#include <archive_entry.h>
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = 64 << 10, PATH_SHOWN = 120 };

/* One archive under way. */
struct unpacking {
	struct archive *archive;
	int to;
	const struct catalog *catalog;
	char *bytes;		/* UNPACK_FILE_MAX of them: the file at hand */
	json_t *report;
	json_t *from;		/* which entry each ID/FILE was taken from */
	json_t *tops;		/* each path of an exercises folder with work in it */
	long entries, taken, more;
};

/* --- the report ----------------------------------------------------------- */

/* TEXT of the archive's for a line of ours: cut, and no control characters. */
static const char *plain(const char *text, char line[PATH_SHOWN + 4])
{
	size_t length = strlen(text);
	size_t n = length < PATH_SHOWN ? length : PATH_SHOWN;
	for (size_t i = 0; i < n; i++)
		line[i] = iscntrl((unsigned char)text[i]) ? '?' : text[i];
	strcpy(line + n, n < length ? "..." : "");
	return line;
}

/* Ends the unpacking for good: the archive WHY, in the words of FORMAT. */
__attribute__((format(printf, 2, 3)))
static int fail(struct unpacking *u, const char *format, ...)
{
	char why[1024];
	va_list args;
	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	json_object_set_new(u->report, "failed", verdict_string(why));
	return -EBADMSG;
}

/* Fails with what the library says of it. */
static int fail_damaged(struct unpacking *u)
{
	char shown[PATH_SHOWN + 4];
	const char *words = archive_error_string(u->archive);
	if (archive_errno(u->archive) == ENOMEM)
		return fail(u, "takes more memory to unpack than there is to "
			    "have");
	return fail(u, "is damaged and cannot be unpacked (%s): make it anew",
		    plain(words ? words : "no reason known", shown));
}

/* Notes an entry that is not taken although somebody put it there. */
static void skip(struct unpacking *u, const char *path, const char *why)
{
	char shown[PATH_SHOWN + 4];
	json_t *skipped = json_object_get(u->report, "skipped");
	if (json_array_size(skipped) < UNPACK_TOLD_MAX)
		json_array_append_new(skipped, json_pack(
			"{s:o, s:o}", "name",
			verdict_string(plain(path, shown)), "why",
			verdict_string(why)));
	else
		u->more++;
}

/* --- one entry ------------------------------------------------------------ */

/* What the path of an entry asks for: a file of ours, or nothing. */
struct wanted {
	const struct exercise *exercise;
	const char *file;
	size_t top;		/* length of what stands before "/ID/FILE" */
};

/* Whether PART, of N bytes, is NAME. */
static bool is(const char *part, size_t n, const char *name)
{
	return strlen(name) == n && memcmp(part, name, n) == 0;
}

/* Looks up the last two parts of PATH. */
static bool find_wanted(const struct catalog *catalog, const char *path,
			struct wanted *ret_wanted)
{
	const char *file = strrchr(path, '/'), *id = file;
	if (!file)
		return false;
	while (id > path && id[-1] != '/')
		id--;
	for (size_t i = 0; i < catalog->n; i++) {
		const struct exercise *e = &catalog->exercises[i];
		if (!is(id, (size_t)(file - id), e->id))
			continue;
		for (size_t j = 0; j < e->hand_in.n; j++) {
			if (strcmp(file + 1, e->hand_in.name[j]) != 0)
				continue;
			*ret_wanted = (struct wanted){
				e, e->hand_in.name[j],
				id > path ? (size_t)(id - 1 - path) : 0 };
			return true;
		}
	}
	return false;
}

/* Whether a part of PATH is "..". */
static bool leads_up(const char *path)
{
	for (const char *at = path; at; at = strchr(at, '/')) {
		at += *at == '/';
		if (is(at, strcspn(at, "/"), ".."))
			return true;
	}
	return false;
}

/* Why no file is made of ENTRY; NULL when it may be taken. */
static const char *why_not(struct archive_entry *entry, const char *path)
{
	mode_t type = archive_entry_filetype(entry);
	if (*path == '/')
		return "its path is absolute";
	if (leads_up(path))
		return "its path holds \"..\"";
	if (archive_entry_hardlink(entry))
		return "it is a hard link";
	if (type == AE_IFLNK)
		return "it is a symbolic link";
	if (type != AE_IFREG && type != AE_IFDIR)
		return "it is a device, a pipe or a socket";
	return NULL;
}

/* Reads the file of the entry at hand, cut at UNPACK_FILE_MAX: its size. */
static ssize_t read_entry(struct unpacking *u)
{
	ssize_t n = 1, have = 0;
	while (n > 0 && have < UNPACK_FILE_MAX) {
		n = archive_read_data(u->archive, u->bytes + have,
				      (size_t)(UNPACK_FILE_MAX - have));
		if (n == ARCHIVE_RETRY || n == ARCHIVE_WARN)
			n = 1;
		else if (n < 0)
			return fail_damaged(u);
		else
			have += n;
	}
	return have;
}

/* Writes what is wanted of the entry at hand. */
static int write_entry(struct unpacking *u, const struct wanted *wanted,
		       size_t size)
{
	char path[2 * NAME_MAX_LENGTH + 256];
	int rc = path_join(path, sizeof(path), "%s/%s", wanted->exercise->id,
			   wanted->file);
	if (rc < 0)
		return rc;
	if (mkdirat(u->to, wanted->exercise->id, 0700) < 0 && errno != EEXIST)
		return -errno;
	return write_beneath(u->to, path, u->bytes, size);
}

/* Whether the file that the entry at PATH claims to be was there before. */
static int claim(struct unpacking *u, const struct wanted *wanted,
		 const char *path)
{
	char key[2 * NAME_MAX_LENGTH + 256], shown[PATH_SHOWN + 4];
	int rc = path_join(key, sizeof(key), "%s/%s", wanted->exercise->id,
			   wanted->file);
	if (rc < 0)
		return rc;
	const char *before = verdict_text(u->from, key);
	plain(path, shown);
	if (*before)
		return fail(u, "holds %s twice, as \"%s\" and as \"%s\": pack "
			    "one exercises folder and nothing else", key,
			    before, shown);
	return json_object_set_new(u->from, key, verdict_string(shown)) < 0 ?
	       -ENOMEM : 0;
}

/* Takes the file of the entry at PATH. */
static int take(struct unpacking *u, struct archive_entry *entry,
		const struct wanted *wanted, const char *path)
{
	if (archive_entry_is_encrypted(entry))
		return fail(u, "is encrypted: make it anew without a password");
	int rc = claim(u, wanted, path);
	if (rc < 0)
		return rc;
	ssize_t size = read_entry(u);
	if (size < 0)
		return (int)size;
	u->taken++;
	return write_entry(u, wanted, (size_t)size);
}

/* Whether going past ENTRY would unpack more than we care to: what is
 * compressed as a whole, unlike a zip, has to be unpacked to be skipped. */
static bool too_much(struct archive *archive, struct archive_entry *entry)
{
	return archive_filter_code(archive, 0) != ARCHIVE_FILTER_NONE &&
	       archive_filter_bytes(archive, 0) + archive_entry_size(entry) >
	       UNPACK_TOTAL_MAX;
}

/* Whether to go on reading at ENTRY: 0, or an error after saying why not. */
static int admit(struct unpacking *u, struct archive_entry *entry)
{
	if (++u->entries > UNPACK_ENTRIES_MAX)
		return fail(u, "holds more than %d entries: pack one exercises "
			    "folder and nothing else", UNPACK_ENTRIES_MAX);
	if (too_much(u->archive, entry))
		return fail(u, "unpacks to more than %d MiB: pack one "
			    "exercises folder and nothing else",
			    UNPACK_TOTAL_MAX >> 20);
	return 0;
}

/* --- the workbook as a whole ----------------------------------------------------- */

static const char exercises[] = "exercises", solutions[] = "solutions";

/* Whether the last part of the folder at PATH, of N bytes, is NAME. */
static bool ends_in(const char *path, size_t n, const char *name)
{
	size_t length = strlen(name);
	return n >= length && is(path + n - length, length, name) &&
	       (n == length || path[n - length - 1] == '/');
}

/* Notes the exercises folder that the entry at PATH is in. */
static int note_top(struct unpacking *u, struct archive_entry *entry)
{
	struct wanted wanted;
	const char *path = archive_entry_pathname(entry);
	int rc = admit(u, entry);
	if (rc < 0 || !path || why_not(entry, path) ||
	    archive_entry_filetype(entry) != AE_IFREG ||
	    !find_wanted(u->catalog, path, &wanted) ||
	    !ends_in(path, wanted.top, exercises))
		return rc;
	char *top = strndup(path, wanted.top);
	if (!top || json_object_set_new_nocheck(u->tops, top, json_true()) < 0)
		rc = -ENOMEM;
	free(top);
	return rc;
}

/* Whether the file at PATH is one of the workbook's own solutions: it is in a folder
 * solutions beside an exercises folder that has work in it, as in a copy of the whole
 * workbook. That is said once. */
static bool is_solution(struct unpacking *u, const char *path, size_t top)
{
	char shown[PATH_SHOWN + 4], why[PATH_SHOWN + 64];
	if (!ends_in(path, top, solutions))
		return false;
	size_t above = top - strlen(solutions);
	char *beside = NULL, *folder = strndup(path, top);
	if (asprintf(&beside, "%.*s%s", (int)above, path, exercises) < 0)
		beside = NULL;
	json_t *told = beside ? json_object_get(u->tops, beside) : NULL;
	if (told && folder && json_is_true(told)) {
		snprintf(why, sizeof(why), "%s, beside it, is graded",
			 plain(beside, shown));
		skip(u, folder, why);
		json_object_set_new_nocheck(u->tops, beside, json_false());
	}
	bool is_one = told != NULL;
	free(beside);
	free(folder);
	return is_one;
}

/* Takes, skips or passes over one entry. */
static int look_at(struct unpacking *u, struct archive_entry *entry)
{
	struct wanted wanted;
	const char *path = archive_entry_pathname(entry);
	int rc = admit(u, entry);
	if (rc < 0 || !path || !*path)
		return rc;
	const char *why = why_not(entry, path);
	if (why)
		skip(u, path, why);
	else if (archive_entry_filetype(entry) == AE_IFREG &&
		 find_wanted(u->catalog, path, &wanted) &&
		 !is_solution(u, path, wanted.top))
		return take(u, entry, &wanted, path);
	return 0;
}

/* --- the whole ------------------------------------------------------------ */

/* Fails for an archive whose next header could not be read. */
static int fail_header(struct unpacking *u)
{
	if (archive_format(u->archive) != 0 ||
	    archive_filter_code(u->archive, 0) != ARCHIVE_FILTER_NONE)
		return fail_damaged(u);
	json_object_set_new(u->report, "unknown", json_true());
	return fail(u, "is neither a folder nor an archive that is read here: "
		    "hand in a zip or a tar (.gz, .bz2, .xz, .zst) of the "
		    "exercises folder");
}

/* What is done with each entry: 0 to go on, or a negative errno. */
typedef int entry_fn(struct unpacking *u, struct archive_entry *entry);

/* Goes through all entries. */
static int read_all(struct unpacking *u, entry_fn *each)
{
	struct archive_entry *entry;
	int rc = 0;
	while (rc == 0) {
		int status = archive_read_next_header(u->archive, &entry);
		if (status == ARCHIVE_EOF)
			return 0;
		if (status != ARCHIVE_OK && status != ARCHIVE_WARN)
			return fail_header(u);
		rc = each(u, entry);
	}
	return rc;
}

/* Lets the library try the formats and compressions that we name. One that it
 * was built without it would leave to a program on the PATH: that is not
 * wanted. */
static void enable(struct archive *archive)
{
	archive_read_support_format_zip(archive);
	archive_read_support_format_tar(archive);
	if (archive_zlib_version())
		archive_read_support_filter_gzip(archive);
	if (archive_bzlib_version())
		archive_read_support_filter_bzip2(archive);
	if (archive_liblzma_version())
		archive_read_support_filter_xz(archive);
	if (archive_libzstd_version())
		archive_read_support_filter_zstd(archive);
}

/* Opens FD as an archive and goes through it from its beginning. */
static int read_archive(struct unpacking *u, int fd, entry_fn *each)
{
	if (lseek(fd, 0, SEEK_SET) < 0)
		return -errno;
	u->archive = archive_read_new();
	if (!u->archive)
		return -ENOMEM;
	u->entries = 0;
	enable(u->archive);
	int rc = archive_read_open_fd(u->archive, fd, BLOCK) == ARCHIVE_OK ?
		 read_all(u, each) : fail_header(u);
	archive_read_free(u->archive);
	return rc;
}

/* Looks for the folders of exercises, then takes the files. */
static int read_twice(struct unpacking *u, int fd)
{
	int rc = read_archive(u, fd, note_top);
	return rc < 0 ? rc : read_archive(u, fd, look_at);
}

int unpack(int fd, int to, const struct catalog *catalog, json_t **ret_report)
{
	struct unpacking u = {
		.to = to, .catalog = catalog,
		.bytes = malloc(UNPACK_FILE_MAX), .from = json_object(),
		.tops = json_object(), .report = json_pack("{s:[]}", "skipped"),
	};
	int rc = u.bytes && u.from && u.tops && u.report ? read_twice(&u, fd) :
		 -ENOMEM;
	free(u.bytes);
	json_decref(u.from);
	json_decref(u.tops);
	if (rc == -EBADMSG)
		rc = 0;		/* the report says so */
	if (rc < 0) {
		json_decref(u.report);
		return rc;
	}
	json_object_set_new(u.report, "taken", json_integer(u.taken));
	json_object_set_new(u.report, "more", json_integer(u.more));
	*ret_report = u.report;
	return 0;
}
