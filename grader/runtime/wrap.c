/* wrap.c - what the code under test calls instead of libc. Each does the real
 * thing unless the plan makes it fail or the ledger refuses it, and reports.
 *
 * A wrapper is named brakes_<row of calls.def>; wrap_table.c would not link if a
 * row had none. A release that is made to fail has released.
 */
#include "wrap.h"
#include "quarantine.h"

#include <errno.h>
#include <malloc.h>
#include <stdio_ext.h>

/* Ends an acquisition that gave FD, or -1 with errno set. */
static int got_fd(struct watched *w, int fd)
{
	w->step.got[0] = injection_fd(fd);
	note_errno(w, fd < 0);
	injection_end(w);
	return fd;
}

/* --- heap ---------------------------------------------------------------- */

void *brakes_malloc(size_t n)
{
	struct watched w = BEGIN(malloc, 0, NULL);
	return got_pointer(&w, w.step.failed ? NULL : malloc(n));
}

void *brakes_calloc(size_t n, size_t size)
{
	struct watched w = BEGIN(calloc, 0, NULL);
	return got_pointer(&w, w.step.failed ? NULL : calloc(n, size));
}

void *brakes_memalign(size_t alignment, size_t n)
{
	struct watched w = BEGIN(memalign, 0, NULL);
	return got_pointer(&w, w.step.failed ? NULL : memalign(alignment, n));
}

void *brakes_valloc(size_t n)
{
	struct watched w = BEGIN(valloc, 0, NULL);
	return got_pointer(&w, w.step.failed ? NULL : valloc(n));
}

void *brakes_aligned_alloc(size_t alignment, size_t n)
{
	struct watched w = BEGIN(aligned_alloc, 0, NULL);
	return got_pointer(&w, w.step.failed ? NULL :
			   aligned_alloc(alignment, n));
}

int brakes_posix_memalign(void **ret_block, size_t alignment, size_t n)
{
	struct watched w = BEGIN(posix_memalign, 0, NULL);
	void *block = NULL;
	int rc = w.step.failed ? w.step.err :
		 posix_memalign(&block, alignment, n);
	got_pointer(&w, block);
	if (rc == 0)
		*ret_block = block;
	return rc;
}

/* Moves a block always, so that an old pointer to it shows. */
static void *move_block(void *old, size_t n)
{
	void *block = malloc(n ? n : 1);
	if (!block || !old)
		return block;
	size_t had = malloc_usable_size(old);
	memcpy(block, old, had < n ? had : n);
	quarantine_keep(old);
	return block;
}

void *brakes_realloc(void *block, size_t n)
{
	struct watched w = BEGIN(realloc, ID(block), NULL);
	if (w.quiet)
		return realloc(block, n);
	return got_pointer(&w, w.step.failed ? NULL : move_block(block, n));
}

void *brakes_reallocarray(void *block, size_t n, size_t size)
{
	struct watched w = BEGIN(reallocarray, ID(block), NULL);
	size_t bytes;
	if (__builtin_mul_overflow(n, size, &bytes)) {
		errno = ENOMEM;
		return got_pointer(&w, NULL);
	}
	return got_pointer(&w, w.step.failed ? NULL : move_block(block, bytes));
}

char *brakes_strdup(const char *text)
{
	struct watched w = BEGIN(strdup, 0, text);
	return got_pointer(&w, w.step.failed ? NULL : strdup(text));
}

char *brakes_strndup(const char *text, size_t n)
{
	struct watched w = BEGIN(strndup, 0, NULL);
	return got_pointer(&w, w.step.failed ? NULL : strndup(text, n));
}

wchar_t *brakes_wcsdup(const wchar_t *text)
{
	struct watched w = BEGIN(wcsdup, 0, NULL);
	return got_pointer(&w, w.step.failed ? NULL : wcsdup(text));
}

/* Formats into a new block for asprintf and vasprintf. */
static int format_block(struct watched *w, char **ret_text, const char *format,
			va_list args)
{
	char *text = NULL;
	int n = w->step.failed ? -1 : vasprintf(&text, format, args);
	got_pointer(w, n < 0 ? NULL : text);
	if (n >= 0)
		*ret_text = text;
	return n;
}

int brakes_vasprintf(char **ret_text, const char *format, va_list args)
{
	struct watched w = BEGIN(vasprintf, 0, NULL);
	return format_block(&w, ret_text, format, args);
}

int brakes_asprintf(char **ret_text, const char *format, ...)
{
	struct watched w = BEGIN(asprintf, 0, NULL);
	va_list args;
	va_start(args, format);
	int n = format_block(&w, ret_text, format, args);
	va_end(args);
	return n;
}

/* Ends getline or getdelim: the buffer that it may have moved changes its
 * identity in the ledger; a buffer that stayed is only used. */
static ssize_t got_line(struct watched *w, char *old, char **line, ssize_t n)
{
	if (*line == old) {
		w->step.gone = 0;
		injection_end(w);
	} else {
		got_pointer(w, *line);
	}
	return n;
}

static void note_failure(const struct watched *w, FILE *f);

ssize_t brakes_getdelim(char **line, size_t *size, int delimiter, FILE *f)
{
	char *old = *line;
	struct watched w = BEGIN(getdelim, ID(old), NULL);
	note_failure(&w, f);
	return got_line(&w, old, line, w.step.failed ? -1 :
			getdelim(line, size, delimiter, f));
}

ssize_t brakes_getline(char **line, size_t *size, FILE *f)
{
	char *old = *line;
	struct watched w = BEGIN(getline, ID(old), NULL);
	note_failure(&w, f);
	return got_line(&w, old, line, w.step.failed ? -1 :
			getline(line, size, f));
}

/* What came from a call that is not watched is left as it is: whether it is a
 * block is likely, not sure. */
void brakes_free(void *block)
{
	if (!block)
		return;
	struct watched w = BEGIN(free, ID(block), NULL);
	if (w.quiet)
		free(block);
	else if (!w.unwatched && injection_times(&w) > 0)
		quarantine_keep(block);
	injection_end(&w);
}

/* --- descriptors --------------------------------------------------------- */

/* The mode argument of open, which is there only when a file may be made. */
static mode_t open_mode(int flags, va_list args)
{
	bool makes = (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE;
	return makes ? va_arg(args, mode_t) : 0;
}

int brakes_open(const char *path, int flags, ...)
{
	struct watched w = BEGIN(open, 0, path);
	va_list args;
	va_start(args, flags);
	mode_t mode = open_mode(flags, args);
	va_end(args);
	return got_fd(&w, w.step.failed ? -1 : open(path, flags, mode));
}

int brakes_openat(int dir, const char *path, int flags, ...)
{
	struct watched w = BEGIN(openat, 0, path);
	va_list args;
	va_start(args, flags);
	mode_t mode = open_mode(flags, args);
	va_end(args);
	return got_fd(&w, w.step.failed ? -1 : openat(dir, path, flags, mode));
}

int brakes_creat(const char *path, mode_t mode)
{
	struct watched w = BEGIN(creat, 0, path);
	return got_fd(&w, w.step.failed ? -1 : creat(path, mode));
}

int brakes_dup(int fd)
{
	struct watched w = BEGIN(dup, injection_fd(fd), NULL);
	return got_fd(&w, w.step.failed ? -1 : dup(fd));
}

/* The descriptor of the code's own that a copy of FROM at TO closes, 0 for none. */
static uint64_t replaced(int from, int to)
{
	bool known;
	return from != to && injection_ask(CALL_dup2, injection_fd(to), &known) ==
	       RULING_FINE ? injection_fd(to) : 0;
}

int brakes_dup3(int from, int to, int flags)
{
	struct watched w = BEGIN(dup3, replaced(from, to), NULL);
	return got_fd(&w, w.step.failed ? -1 : dup3(from, to, flags));
}

int brakes_dup2(int from, int to)
{
	struct watched w = BEGIN(dup2, replaced(from, to), NULL);
	int rc = w.step.failed ? -1 : dup2(from, to);
	if (from == to) {
		injection_end(&w);
		return rc;
	}
	return got_fd(&w, rc);
}

/* fcntl acquires a descriptor when it duplicates one, and is a use else. */
int brakes_fcntl(int fd, int command, ...)
{
	struct watched w = BEGIN(fcntl, injection_fd(fd), NULL);
	va_list args;
	va_start(args, command);
	long argument = va_arg(args, long);
	va_end(args);
	int rc = w.step.failed ? -1 : fcntl(fd, command, argument);
	if (command == F_DUPFD || command == F_DUPFD_CLOEXEC)
		return got_fd(&w, rc);
	injection_end(&w);
	return rc;
}

/* Ends an acquisition of two descriptors, which answered RC. */
static int got_ends(struct watched *w, int ends[2], int rc)
{
	w->step.got[1] = rc < 0 ? 0 : injection_fd(ends[1]);
	got_fd(w, rc < 0 ? -1 : ends[0]);
	return rc;
}

int brakes_pipe(int ends[2])
{
	struct watched w = BEGIN(pipe, 0, NULL);
	return got_ends(&w, ends, w.step.failed ? -1 : pipe(ends));
}

int brakes_pipe2(int ends[2], int flags)
{
	struct watched w = BEGIN(pipe2, 0, NULL);
	return got_ends(&w, ends, w.step.failed ? -1 : pipe2(ends, flags));
}

int brakes_socketpair(int domain, int type, int protocol, int ends[2])
{
	struct watched w = BEGIN(socketpair, 0, NULL);
	return got_ends(&w, ends, w.step.failed ? -1 :
			socketpair(domain, type, protocol, ends));
}

/* An acquisition of a descriptor: CALL when it may be made, else -1. GONE is one
 * that it uses. */
#define GET_FD(name, params, args, gone, detail) \
	int brakes_##name params \
	{ \
		struct watched w = BEGIN(name, gone, detail); \
		return got_fd(&w, w.step.failed ? -1 : name args); \
	}

GET_FD(mkstemp, (char *path), (path), 0, path)
GET_FD(mkostemp, (char *path, int flags), (path, flags), 0, path)
GET_FD(mkstemps, (char *path, int n), (path, n), 0, path)
GET_FD(mkostemps, (char *path, int n, int flags), (path, n, flags), 0, path)
GET_FD(memfd_create, (const char *name, unsigned flags), (name, flags), 0, name)
GET_FD(eventfd, (unsigned count, int flags), (count, flags), 0, NULL)
GET_FD(epoll_create, (int n), (n), 0, NULL)
GET_FD(epoll_create1, (int flags), (flags), 0, NULL)
GET_FD(timerfd_create, (clockid_t clock, int flags), (clock, flags), 0, NULL)
GET_FD(inotify_init, (void), (), 0, NULL)
GET_FD(inotify_init1, (int flags), (flags), 0, NULL)
GET_FD(socket, (int domain, int type, int protocol), (domain, type, protocol),
       0, NULL)
GET_FD(accept, (int fd, struct sockaddr *from, socklen_t *size),
       (fd, from, size), injection_fd(fd), NULL)
GET_FD(accept4, (int fd, struct sockaddr *from, socklen_t *size, int flags),
       (fd, from, size, flags), injection_fd(fd), NULL)

/* signalfd acquires a descriptor, unless it is handed one. */
int brakes_signalfd(int fd, const sigset_t *signals, int flags)
{
	struct watched w = BEGIN(signalfd, 0, NULL);
	int rc = w.step.failed ? -1 : signalfd(fd, signals, flags);
	if (fd == -1)
		return got_fd(&w, rc);
	injection_end(&w);
	return rc;
}

int brakes_close(int fd)
{
	struct watched w = BEGIN(close, injection_fd(fd), NULL);
	int rc = injection_times(&w) > 0 ? close(fd) : 0;
	injection_end(&w);
	return w.step.failed ? -1 : rc;
}

/* A use of descriptor FD: CALL when it may be made, else -1. */
#define USE_FD(type, name, params, args) \
	type brakes_##name params \
	{ \
		struct watched w = BEGIN(name, injection_fd(fd), NULL); \
		type rc = w.step.failed ? -1 : name args; \
		injection_end(&w); \
		return rc; \
	}

USE_FD(ssize_t, read, (int fd, void *to, size_t n), (fd, to, n))
USE_FD(ssize_t, pread, (int fd, void *to, size_t n, off_t at), (fd, to, n, at))
USE_FD(off_t, lseek, (int fd, off_t to, int from), (fd, to, from))
USE_FD(int, fsync, (int fd), (fd))
USE_FD(int, ftruncate, (int fd, off_t n), (fd, n))
USE_FD(ssize_t, readv, (int fd, const struct iovec *to, int n), (fd, to, n))
USE_FD(ssize_t, writev, (int fd, const struct iovec *from, int n),
       (fd, from, n))

ssize_t brakes_copy_file_range(int from, off_t *from_at, int to, off_t *to_at,
			       size_t n, unsigned flags)
{
	struct watched w = BEGIN(copy_file_range, injection_fd(to), NULL);
	w.step.beneath = from;
	ssize_t rc = w.step.failed ? -1 :
		     copy_file_range(from, from_at, to, to_at, n, flags);
	injection_end(&w);
	return rc;
}

ssize_t brakes_sendfile(int to, int from, off_t *from_at, size_t n)
{
	struct watched w = BEGIN(sendfile, injection_fd(to), NULL);
	w.step.beneath = from;
	ssize_t rc = w.step.failed ? -1 : sendfile(to, from, from_at, n);
	injection_end(&w);
	return rc;
}

/* Copies what is about to be written, for the story. */
static const char *first_of(char text[DETAIL], const void *bytes, size_t n)
{
	snprintf(text, DETAIL, "%.*s", (int)(n < DETAIL ? n : DETAIL),
		 (const char *)bytes);
	return text;
}

/* Whether FD is the learner's own print: standard output or error, unless the
 * code under test has opened something in its place. */
static bool standard_fd(int fd)
{
	bool known;
	return (fd == STDOUT_FILENO || fd == STDERR_FILENO) &&
	       injection_ask(CALL_write, injection_fd(fd), &known) ==
	       RULING_FINE && !known;
}

/* Begins output to FD, which is not watched when FD is standard. */
#define BEGIN_OUTPUT(name, fd, detail) \
	(standard_fd(fd) ? (struct watched){ .quiet = true } : \
	 BEGIN(name, injection_fd(fd), detail))

ssize_t brakes_write(int fd, const void *bytes, size_t n)
{
	char text[DETAIL];
	struct watched w = BEGIN_OUTPUT(write, fd, first_of(text, bytes, n));
	ssize_t rc = w.step.failed ? -1 : write(fd, bytes, n);
	injection_end(&w);
	return rc;
}

ssize_t brakes_pwrite(int fd, const void *bytes, size_t n, off_t at)
{
	char text[DETAIL];
	struct watched w = BEGIN(pwrite, injection_fd(fd),
				 first_of(text, bytes, n));
	ssize_t rc = w.step.failed ? -1 : pwrite(fd, bytes, n, at);
	injection_end(&w);
	return rc;
}

/* What a format gives, cut, for the story. */
static const char *formatted(char text[DETAIL], const char *format,
			     va_list args)
{
	va_list again;
	va_copy(again, args);
	vsnprintf(text, DETAIL, format, again);
	va_end(again);
	return text;
}

int brakes_vdprintf(int fd, const char *format, va_list args)
{
	char text[DETAIL];
	struct watched w = BEGIN_OUTPUT(vdprintf, fd,
					formatted(text, format, args));
	int rc = w.step.failed ? -1 : vdprintf(fd, format, args);
	injection_end(&w);
	return rc;
}

int brakes_dprintf(int fd, const char *format, ...)
{
	char text[DETAIL];
	va_list args;
	va_start(args, format);
	struct watched w = BEGIN_OUTPUT(dprintf, fd,
					formatted(text, format, args));
	int rc = w.step.failed ? -1 : vdprintf(fd, format, args);
	va_end(args);
	injection_end(&w);
	return rc;
}

/* --- streams ------------------------------------------------------------- */

enum { STREAMS = 64, RETIRED_MAX = 4096 };

/* What libc cannot be asked of a stream: that a write of it was made to fail,
 * and where a memory stream leaves its block. */
static struct {
	FILE *stream;
	bool failed;
	char **block;
} notes[STREAMS];

/* The index of the note on STREAM, of a new one when MAKE says so; -1 when there
 * is none, or no room. */
static int note_of(FILE *stream, bool make)
{
	int note = -1;
	injection_lock();
	for (int i = 0; i < STREAMS; i++)
		if (notes[i].stream == stream)
			note = i;
	for (int i = 0; make && note < 0 && i < STREAMS; i++)
		if (!notes[i].stream)
			note = i;
	if (note >= 0)
		notes[note].stream = stream;
	injection_unlock();
	return note;
}

/* Forgets what is noted of STREAM: the address of its block, NULL for none. */
static char **drop_note(FILE *stream)
{
	int note = note_of(stream, false);
	if (note < 0)
		return NULL;
	char **block = notes[note].block;
	injection_lock();
	memset(&notes[note], 0, sizeof(notes[note]));
	injection_unlock();
	return block;
}

/* Whether output to it is the learner's own print, or input from it. */
static bool standard(FILE *f)
{
	return f == stdout || f == stderr || f == stdin;
}

/* A stream as the ledger counts it. */
static uint64_t stream_id(const FILE *f)
{
	return f ? ID(f) : LEDGER_NULL;
}

/* Ends the acquisition of a stream. */
static FILE *got_stream(struct watched *w, FILE *f)
{
	w->step.beneath = f ? fileno(f) : -1;
	return got_pointer(w, f);
}

FILE *brakes_fopen(const char *path, const char *mode)
{
	struct watched w = BEGIN(fopen, 0, path);
	return got_stream(&w, w.step.failed ? NULL : fopen(path, mode));
}

FILE *brakes_fdopen(int fd, const char *mode)
{
	struct watched w = BEGIN(fdopen, injection_fd(fd), NULL);
	return got_stream(&w, w.step.failed ? NULL : fdopen(fd, mode));
}

/* Closes F, which has no descriptor, and takes the memory that it was in, if that
 * is to be had: the GNU C library frees a FILE as the block that it allocated. */
static int retire_memory_stream(FILE *f)
{
	size_t size = malloc_usable_size(f);
	uintptr_t was = (uintptr_t)f;
	int rc = fclose(f);
	int why = errno;
	void *block = malloc(size);
	if ((uintptr_t)block != was)
		free(block);
	errno = why;
	return rc;
}

/* Does what fclose does, but keeps the FILE itself: another stream at the same
 * address would be taken for the one that was closed. */
static int retire_stream(FILE *f)
{
	static _Atomic unsigned retired;
	int fd = fileno(f);
	if (retired++ >= RETIRED_MAX)
		return fclose(f);
	if (fd < 0)
		return retire_memory_stream(f);
	int rc = fflush(f);
	int why = errno;
	__fpurge(f);
	if (close(fd) < 0 && rc == 0)
		return EOF;
	errno = why;
	return rc;
}

/* Reports the end of F, which is part of the call that W is. */
static void end_stream(const struct watched *w, FILE *f)
{
	struct watched ends = *w;
	ends.step = (struct step){ .call = CALL_fclose, .gone = stream_id(f),
				   .beneath = -1, .site = w->step.site };
	injection_end(&ends);
}

/* freopen closes the old stream also when it then fails. */
FILE *brakes_freopen(const char *path, const char *mode, FILE *f)
{
	struct watched w = BEGIN(freopen, standard(f) ? 0 : stream_id(f), path);
	if (w.quiet)
		return freopen(path, mode, f);
	drop_note(f);
	FILE *again = w.refused ? NULL : w.step.failed ? NULL :
		      freopen(path, mode, f);
	if (!again && !w.refused && w.step.failed && !standard(f))
		retire_stream(f);
	if (!again && !w.refused && !standard(f)) {
		int why = errno;
		end_stream(&w, f);
		w.step.gone = 0;
		errno = why;
	}
	return got_stream(&w, again);
}

FILE *brakes_fmemopen(void *bytes, size_t n, const char *mode)
{
	struct watched w = BEGIN(fmemopen, 0, NULL);
	return got_stream(&w, w.step.failed ? NULL : fmemopen(bytes, n, mode));
}

FILE *brakes_open_memstream(char **ret_block, size_t *ret_size)
{
	struct watched w = BEGIN(open_memstream, 0, NULL);
	FILE *f = w.step.failed ? NULL : open_memstream(ret_block, ret_size);
	int note = f ? note_of(f, true) : -1;
	if (note >= 0)
		notes[note].block = ret_block;
	return got_stream(&w, f);
}

FILE *brakes_tmpfile(void)
{
	struct watched w = BEGIN(tmpfile, 0, NULL);
	return got_stream(&w, w.step.failed ? NULL : tmpfile());
}

/* Closes F and takes its note: the address of a memory stream's block. What a
 * file that FAILS to close was holding back is lost, as on a full disk. */
static int close_stream(FILE *f, bool fails, char ***ret_block)
{
	*ret_block = drop_note(f);
	if (fails && !*ret_block)
		__fpurge(f);
	return retire_stream(f);
}

int brakes_fclose(FILE *f)
{
	struct watched w = BEGIN(fclose, stream_id(f), NULL);
	char **block = NULL;
	int rc = injection_times(&w) > 0 ? close_stream(f, w.step.faulted, &block) : 0;
	note_errno(&w, rc < 0);
	if (block)
		w.step.got[0] = ID(*block);
	injection_end(&w);
	return w.step.failed ? EOF : rc;
}

/* Remembers that a write of F was made to fail, as ferror must tell. */
static void note_failure(const struct watched *w, FILE *f)
{
	int note = w->step.faulted ? note_of(f, true) : -1;
	if (note >= 0)
		notes[note].failed = true;
}

/* Begins a use of F: standard streams are the learner's own affair. */
#define BEGIN_USE(name, f, detail) \
	(standard(f) ? (struct watched){ .quiet = true } : \
	 BEGIN(name, stream_id(f), detail))

static void end_use(struct watched *w, FILE *f)
{
	note_failure(w, f);
	injection_end(w);
}

/* A use of stream F: the call when it may be made, else BAD. */
#define USE_STREAM(type, bad, name, params, args, detail) \
	type brakes_##name params \
	{ \
		struct watched w = BEGIN_USE(name, f, detail); \
		type rc = w.step.failed ? (bad) : name args; \
		end_use(&w, f); \
		return rc; \
	}

USE_STREAM(int, EOF, fputs, (const char *text, FILE *f), (text, f), text)
USE_STREAM(int, EOF, fputc, (int c, FILE *f), (c, f), ((char[]){ (char)c, 0 }))
USE_STREAM(int, EOF, putc, (int c, FILE *f), (c, f), ((char[]){ (char)c, 0 }))
USE_STREAM(size_t, 0, fread, (void *to, size_t size, size_t n, FILE *f),
	   (to, size, n, f), NULL)
USE_STREAM(char *, NULL, fgets, (char *to, int n, FILE *f), (to, n, f), NULL)
USE_STREAM(int, EOF, fgetc, (FILE *f), (f), NULL)
USE_STREAM(int, EOF, getc, (FILE *f), (f), NULL)
USE_STREAM(int, EOF, ungetc, (int c, FILE *f), (c, f), NULL)
USE_STREAM(int, -1, fseek, (FILE *f, long to, int from), (f, to, from), NULL)
USE_STREAM(long, -1, ftell, (FILE *f), (f), NULL)
USE_STREAM(int, -1, setvbuf, (FILE *f, char *to, int mode, size_t n),
	   (f, to, mode, n), NULL)
USE_STREAM(int, 0, feof, (FILE *f), (f), NULL)
USE_STREAM(int, -1, fileno, (FILE *f), (f), NULL)

/* fflush(NULL) means every stream, and is not about one of them. */
int brakes_fflush(FILE *f)
{
	struct watched w = f ? BEGIN_USE(fflush, f, NULL) :
			   (struct watched){ .quiet = true };
	int rc = w.step.failed ? EOF : fflush(f);
	end_use(&w, f);
	return rc;
}

size_t brakes_fwrite(const void *bytes, size_t size, size_t n, FILE *f)
{
	char text[DETAIL];
	struct watched w = BEGIN_USE(fwrite, f, first_of(text, bytes, size * n));
	size_t rc = w.step.failed ? 0 : fwrite(bytes, size, n, f);
	end_use(&w, f);
	return rc;
}

int brakes_vfprintf(FILE *f, const char *format, va_list args)
{
	char text[DETAIL];
	struct watched w = BEGIN_USE(vfprintf, f, formatted(text, format, args));
	int rc = w.step.failed ? -1 : vfprintf(f, format, args);
	end_use(&w, f);
	return rc;
}

int brakes_fprintf(FILE *f, const char *format, ...)
{
	char text[DETAIL];
	va_list args;
	va_start(args, format);
	struct watched w = BEGIN_USE(fprintf, f, formatted(text, format, args));
	int rc = w.step.failed ? -1 : vfprintf(f, format, args);
	va_end(args);
	end_use(&w, f);
	return rc;
}

void brakes_setbuf(FILE *f, char *to)
{
	struct watched w = BEGIN_USE(setbuf, f, NULL);
	if (!w.step.failed)
		setbuf(f, to);
	end_use(&w, f);
}

int brakes_ferror(FILE *f)
{
	struct watched w = BEGIN_USE(ferror, f, NULL);
	int note = note_of(f, false);
	int rc = w.step.failed || (note >= 0 && notes[note].failed) ||
		 ferror(f);
	end_use(&w, f);
	return rc;
}

/* Clears the error of F, ours and libc's. */
static void clear_error(FILE *f)
{
	int note = note_of(f, false);
	if (note >= 0)
		notes[note].failed = false;
	clearerr(f);
}

void brakes_clearerr(FILE *f)
{
	struct watched w = BEGIN_USE(clearerr, f, NULL);
	if (!w.step.failed)
		clear_error(f);
	end_use(&w, f);
}

void brakes_rewind(FILE *f)
{
	struct watched w = BEGIN_USE(rewind, f, NULL);
	if (!w.step.failed) {
		clear_error(f);
		rewind(f);
	}
	end_use(&w, f);
}

/* Scans F for fscanf and vfscanf. */
static int scan_stream(struct watched *w, FILE *f, const char *format,
		       va_list args)
{
	va_list again;
	va_copy(again, args);
	int rc = w->step.failed ? EOF : vfscanf(f, format, args);
	end_use(w, f);
	scanned_blocks(w, format, again, rc);
	va_end(again);
	return rc;
}

int brakes_vfscanf(FILE *f, const char *format, va_list args)
{
	struct watched w = BEGIN_USE(vfscanf, f, NULL);
	return scan_stream(&w, f, format, args);
}

int brakes_fscanf(FILE *f, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	struct watched w = BEGIN_USE(fscanf, f, NULL);
	int rc = scan_stream(&w, f, format, args);
	va_end(args);
	return rc;
}

/* --- directories ----------------------------------------------------------- */

DIR *brakes_opendir(const char *path)
{
	struct watched w = BEGIN(opendir, 0, path);
	return got_pointer(&w, w.step.failed ? NULL : opendir(path));
}

DIR *brakes_fdopendir(int fd)
{
	struct watched w = BEGIN(fdopendir, injection_fd(fd), NULL);
	return got_pointer(&w, w.step.failed ? NULL : fdopendir(fd));
}

struct dirent *brakes_readdir(DIR *dir)
{
	struct watched w = BEGIN(readdir, ID(dir), NULL);
	struct dirent *entry = w.step.failed ? NULL : readdir(dir);
	injection_end(&w);
	return entry;
}

void brakes_rewinddir(DIR *dir)
{
	struct watched w = BEGIN(rewinddir, ID(dir), NULL);
	if (!w.step.failed)
		rewinddir(dir);
	injection_end(&w);
}

int brakes_dirfd(DIR *dir)
{
	struct watched w = BEGIN(dirfd, ID(dir), NULL);
	int fd = w.step.failed ? -1 : dirfd(dir);
	injection_end(&w);
	return fd;
}

int brakes_closedir(DIR *dir)
{
	struct watched w = BEGIN(closedir, dir ? ID(dir) : LEDGER_NULL, NULL);
	int rc = injection_times(&w) > 0 ? closedir(dir) : 0;
	injection_end(&w);
	return w.step.failed ? -1 : rc;
}

/* --- errno ----------------------------------------------------------------- */

/* What the macro errno calls. It is no step of the code: only where it looks at errno
 * is told. */
int *brakes___errno_location(void)
{
	return injection_errno(__builtin_return_address(0));
}

/* --- leaving ------------------------------------------------------------- */

/* The process ends inside the code under test: told first, then done. */
#define LEAVE(name, params, args, status) \
	void brakes_##name params \
	{ \
		char text[DETAIL]; \
		snprintf(text, sizeof(text), "%d", status); \
		struct watched w = BEGIN(name, 0, text); \
		injection_end(&w); \
		name args; \
	}

LEAVE(exit, (int status), (status), status)
LEAVE(_exit, (int status), (status), status)
LEAVE(quick_exit, (int status), (status), status)
LEAVE(abort, (void), (), 134)

/* What assert calls when it does not hold. */
void brakes___assert_fail(const char *condition, const char *file, unsigned line,
			  const char *function)
{
	struct watched w = BEGIN(__assert_fail, 0, condition);
	injection_end(&w);
	__assert_fail(condition, file, line, function);
}
