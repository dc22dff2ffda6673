/* wrap.c - what the code under test calls instead of libc. Each does the real
 * thing unless the plan makes it fail or the ledger refuses it, and reports.
 *
 * A wrapper is named brakes_<row of calls.def>; wrap_table.c would not link if a
 * row had none. A release that is made to fail has released.
 */
#include "wrap.h"
#include "heap.h"
#include "memory_watch.h"

#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <stdio_ext.h>
#include <sys/ioctl.h>

/* Ends an acquisition that gave FD, or -1 with errno set. */
static int got_fd(struct watched *w, int fd)
{
	w->step.got[0] = injection_fd(fd);
	note_errno(w, fd < 0);
	injection_end(w);
	return fd;
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
		note_errno(&w, rc < 0);
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
	note_errno(&w, rc < 0);
	injection_end(&w);
	return w.step.failed ? -1 : rc;
}

/* A use of descriptor FD: CALL when it may be made, else -1. */
#define USE_FD(type, name, params, args) \
	type brakes_##name params \
	{ \
		struct watched w = BEGIN(name, injection_fd(fd), NULL); \
		type rc = w.step.failed ? -1 : name args; \
		note_errno(&w, rc < 0); \
		injection_end(&w); \
		return rc; \
	}

USE_FD(off_t, lseek, (int fd, off_t to, int from), (fd, to, from))
USE_FD(int, fsync, (int fd), (fd))
USE_FD(int, ftruncate, (int fd, off_t n), (fd, n))
USE_FD(int, flock, (int fd, int operation), (fd, operation))
USE_FD(int, lockf, (int fd, int operation, off_t n), (fd, operation, n))

/* --- transfers ------------------------------------------------------------- */

/* How many of N bytes FD has to give, from AT on, or from where it stands when AT is
 * negative: N itself where that cannot be told. Source: ioctl_list(2), FIONREAD, which
 * also serves regular files. */
static size_t there_to_read(int fd, size_t n, off_t at)
{
	struct stat status;
	int waiting;
	int why = errno;
	off_t left = -1;
	if (at < 0 && ioctl(fd, FIONREAD, &waiting) == 0)
		left = waiting;
	else if (at >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode))
		left = status.st_size > at ? status.st_size - at : 0;
	errno = why;
	return left >= 0 && (size_t)left < n ? (size_t)left : n;
}

/* How many bytes the transfer that W is may move, of the N that its caller asks for. */
static size_t allowed(const struct watched *w, size_t n)
{
	return w->step.faulted ? w->share : n;
}

/* Ends a transfer that moved RC bytes, -1 with errno set. */
static ssize_t moved(struct watched *w, ssize_t rc)
{
	note_errno(w, rc < 0);
	w->step.moved = rc <= 0 ? 0 : (size_t)rc < w->step.asked ? (uint32_t)rc :
			w->step.asked;
	injection_end(w);
	return rc;
}

ssize_t brakes_read(int fd, void *to, size_t n)
{
	struct watched w = BEGIN_TRANSFER(read, injection_fd(fd), NULL,
					  there_to_read(fd, n, -1));
	memory_lent(&w, to, n, true);
	return moved(&w, w.step.failed ? -1 : read(fd, to, allowed(&w, n)));
}

ssize_t brakes_pread(int fd, void *to, size_t n, off_t at)
{
	struct watched w = BEGIN_TRANSFER(pread, injection_fd(fd), NULL,
					  there_to_read(fd, n, at));
	memory_lent(&w, to, n, true);
	return moved(&w, w.step.failed ? -1 :
		     pread(fd, to, allowed(&w, n), at));
}

/* How many bytes the N pieces hold together. */
static size_t bytes_of(const struct iovec pieces[], int n)
{
	size_t bytes = 0;
	for (int i = 0; i < n; i++)
		bytes += pieces[i].iov_len;
	return bytes;
}

/* Copies the first BYTES of the N pieces to CUT: how many pieces they are. */
static int cut_pieces(struct iovec cut[IOV_MAX], const struct iovec pieces[],
		      int n, size_t bytes)
{
	int i = 0;
	for (; i < n && bytes > 0; i++) {
		cut[i] = pieces[i];
		if (cut[i].iov_len > bytes)
			cut[i].iov_len = bytes;
		bytes -= cut[i].iov_len;
	}
	return i;
}

/* Transfers the pieces by MOVE, readv or writev, as far as W may. */
static ssize_t move_pieces(struct watched *w, int fd, const struct iovec pieces[],
			   int n, ssize_t (*move)(int, const struct iovec *, int))
{
	struct iovec cut[IOV_MAX];
	if (w->step.failed)
		return moved(w, -1);
	if (!w->step.faulted || n > IOV_MAX)
		return moved(w, move(fd, pieces, n));
	return moved(w, move(fd, cut, cut_pieces(cut, pieces, n, w->share)));
}

ssize_t brakes_readv(int fd, const struct iovec *to, int n)
{
	size_t bytes = there_to_read(fd, bytes_of(to, n), -1);
	struct watched w = BEGIN_TRANSFER(readv, injection_fd(fd), NULL, bytes);
	return move_pieces(&w, fd, to, n, readv);
}

ssize_t brakes_writev(int fd, const struct iovec *from, int n)
{
	struct watched w = BEGIN_TRANSFER(writev, injection_fd(fd), NULL,
					  bytes_of(from, n));
	return move_pieces(&w, fd, from, n, writev);
}

ssize_t brakes_copy_file_range(int from, off_t *from_at, int to, off_t *to_at,
			       size_t n, unsigned flags)
{
	size_t bytes = there_to_read(from, n, from_at ? *from_at : -1);
	struct watched w = BEGIN_TRANSFER(copy_file_range, injection_fd(to), NULL,
					  bytes);
	w.step.beneath = from;
	return moved(&w, w.step.failed ? -1 :
		     copy_file_range(from, from_at, to, to_at, allowed(&w, n),
				     flags));
}

ssize_t brakes_sendfile(int to, int from, off_t *from_at, size_t n)
{
	size_t bytes = there_to_read(from, n, from_at ? *from_at : -1);
	struct watched w = BEGIN_TRANSFER(sendfile, injection_fd(to), NULL, bytes);
	w.step.beneath = from;
	return moved(&w, w.step.failed ? -1 :
		     sendfile(to, from, from_at, allowed(&w, n)));
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

/* Begins output of N bytes to FD, which is not watched when FD is standard; N is 0 when
 * it cannot come short. */
#define BEGIN_OUTPUT(name, fd, detail, n) \
	(standard_fd(fd) ? (struct watched){ .quiet = true } : \
	 BEGIN_TRANSFER(name, injection_fd(fd), detail, n))

ssize_t brakes_write(int fd, const void *bytes, size_t n)
{
	char text[DETAIL];
	struct watched w = BEGIN_OUTPUT(write, fd, first_of(text, bytes, n), n);
	memory_lent(&w, bytes, n, false);
	return moved(&w, w.step.failed ? -1 : write(fd, bytes, allowed(&w, n)));
}

ssize_t brakes_send(int fd, const void *bytes, size_t n, int flags)
{
	char text[DETAIL];
	struct watched w = BEGIN_TRANSFER(send, injection_fd(fd),
					  first_of(text, bytes, n), n);
	memory_lent(&w, bytes, n, false);
	return moved(&w, w.step.failed ? -1 :
		     send(fd, bytes, allowed(&w, n), flags));
}

ssize_t brakes_sendto(int fd, const void *bytes, size_t n, int flags,
		      const struct sockaddr *to, socklen_t size)
{
	char text[DETAIL];
	struct watched w = BEGIN_TRANSFER(sendto, injection_fd(fd),
					  first_of(text, bytes, n), n);
	memory_lent(&w, bytes, n, false);
	return moved(&w, w.step.failed ? -1 :
		     sendto(fd, bytes, allowed(&w, n), flags, to, size));
}

ssize_t brakes_recv(int fd, void *to, size_t n, int flags)
{
	struct watched w = BEGIN_TRANSFER(recv, injection_fd(fd), NULL,
					  there_to_read(fd, n, -1));
	memory_lent(&w, to, n, true);
	return moved(&w, w.step.failed ? -1 :
		     recv(fd, to, allowed(&w, n), flags));
}

ssize_t brakes_recvfrom(int fd, void *to, size_t n, int flags,
			struct sockaddr *from, socklen_t *size)
{
	struct watched w = BEGIN_TRANSFER(recvfrom, injection_fd(fd), NULL,
					  there_to_read(fd, n, -1));
	memory_lent(&w, to, n, true);
	return moved(&w, w.step.failed ? -1 :
		     recvfrom(fd, to, allowed(&w, n), flags, from, size));
}

ssize_t brakes_pwrite(int fd, const void *bytes, size_t n, off_t at)
{
	char text[DETAIL];
	struct watched w = BEGIN_TRANSFER(pwrite, injection_fd(fd),
					  first_of(text, bytes, n), n);
	memory_lent(&w, bytes, n, false);
	return moved(&w, w.step.failed ? -1 :
		     pwrite(fd, bytes, allowed(&w, n), at));
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
					formatted(text, format, args), 0);
	int rc = w.step.failed ? -1 : vdprintf(fd, format, args);
	note_errno(&w, rc < 0);
	injection_end(&w);
	return rc;
}

int brakes_dprintf(int fd, const char *format, ...)
{
	char text[DETAIL];
	va_list args;
	va_start(args, format);
	struct watched w = BEGIN_OUTPUT(dprintf, fd,
					formatted(text, format, args), 0);
	int rc = w.step.failed ? -1 : vdprintf(fd, format, args);
	va_end(args);
	note_errno(&w, rc < 0);
	injection_end(&w);
	return rc;
}

/* --- streams ------------------------------------------------------------- */

enum { STREAMS = 64, RETIRED_MAX = 4096 };

/* What libc cannot be asked of a stream: that a use of it was made to fail, and with
 * which error a read that had moved a part; where a memory stream leaves its block, and
 * the buffer that it was given. */
static struct {
	FILE *stream;
	bool failed;
	int unreadable;
	char **block;
	size_t *size;
	struct lent_buffer lent;
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

/* Forgets what is noted of STREAM: the address of its block, NULL for none, and in
 * *RET_SIZE that of its size. */
static char **drop_note(FILE *stream, size_t **ret_size)
{
	int note = note_of(stream, false);
	if (note < 0)
		return NULL;
	char **block = notes[note].block;
	*ret_size = notes[note].size;
	injection_lock();
	memset(&notes[note], 0, sizeof(notes[note]));
	injection_unlock();
	return block;
}

/* Notes the buffer TO of N bytes that the call which W is has given to F; FRAME is
 * the wrapper's. */
static void note_buffer(const struct watched *w, FILE *f, const char *to, size_t n,
			void *frame)
{
	int note = w->quiet ? -1 : note_of(f, to != NULL);
	if (note >= 0)
		notes[note].lent = lent_buffer(w, to, n, frame);
}

/* The call W, about to use the buffer of F: ends the process when that is gone. */
static struct watched with_buffer(struct watched w, FILE *f, void *frame)
{
	int note = w.quiet || w.refused ? -1 : note_of(f, false);
	if (note >= 0 && notes[note].lent.bytes)
		lent_buffer_used(&w, &notes[note].lent, frame);
	return w;
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

/* Closes F, which has no descriptor, and keeps the memory that it was in: the GNU C
 * library frees a FILE as the block that it allocated. Where that free is not seen, the
 * memory is taken again, if it is to be had. */
static int retire_memory_stream(FILE *f)
{
	size_t size = malloc_usable_size(f);
	uintptr_t was = (uintptr_t)f;
	bool kept = heap_hold(f);
	int rc = fclose(f);
	int why = errno;
	heap_hold(NULL);
	void *block = kept ? NULL : malloc(size);
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
	drop_note(f, &(size_t *){ NULL });
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
	if (note >= 0) {
		notes[note].block = ret_block;
		notes[note].size = ret_size;
	}
	return got_stream(&w, f);
}

FILE *brakes_tmpfile(void)
{
	struct watched w = BEGIN(tmpfile, 0, NULL);
	return got_stream(&w, w.step.failed ? NULL : tmpfile());
}

/* Closes F for the call that W is, and takes its note: the address of a memory stream's
 * block. What a stream that is made to fail was holding back is lost, as on a full disk
 * or where there is no memory. */
static int close_stream(const struct watched *w, FILE *f, char ***ret_block)
{
	size_t *size = NULL;
	char **block = *ret_block = drop_note(f, &size);
	if (w->step.faulted)
		__fpurge(f);
	int rc = retire_stream(f);
	if (block && *block && !w->quiet)
		*block = heap_adopt(*block, *size + 1, memory_call_place(w));
	return rc;
}

int brakes_fclose(FILE *f)
{
	struct watched w = with_buffer(BEGIN(fclose, stream_id(f), NULL), f,
				       __builtin_frame_address(0));
	char **block = NULL;
	int rc = injection_times(&w) > 0 ? close_stream(&w, f, &block) : 0;
	note_errno(&w, rc < 0);
	if (block)
		w.step.got[0] = ID(*block);
	injection_end(&w);
	return w.step.failed ? EOF : rc;
}

void note_failure(const struct watched *w, FILE *f)
{
	int note = w->step.faulted ? note_of(f, true) : -1;
	if (note >= 0)
		notes[note].failed = true;
}

/* Begins a use of F that transfers N bytes: standard streams are the learner's own
 * affair. */
#define BEGIN_STREAM_TRANSFER(name, f, detail, n) \
	(standard(f) ? (struct watched){ .quiet = true } : \
	 with_buffer(BEGIN_TRANSFER(name, stream_id(f), detail, n), f, \
		     __builtin_frame_address(0)))

/* Begins a use of F that transfers nothing, or what cannot be cut. */
#define BEGIN_USE(name, f, detail) BEGIN_STREAM_TRANSFER(name, f, detail, 0)

/* Ends a use of F, which WENT well or not: its end of file is no failure. */
static void end_use(struct watched *w, FILE *f, bool went)
{
	note_failure(w, f);
	w->succeeded = went && !w->step.failed;
	injection_end(w);
}

/* A use of stream F: the call when it may be made, else BAD. */
#define USE_STREAM(type, bad, name, params, args, detail) \
	type brakes_##name params \
	{ \
		struct watched w = BEGIN_USE(name, f, detail); \
		type rc = w.step.failed ? (bad) : name args; \
		end_use(&w, f, rc != (bad)); \
		return rc; \
	}

USE_STREAM(int, EOF, fputs, (const char *text, FILE *f), (text, f), text)
USE_STREAM(int, EOF, fputc, (int c, FILE *f), (c, f), ((char[]){ (char)c, 0 }))
USE_STREAM(int, EOF, putc, (int c, FILE *f), (c, f), ((char[]){ (char)c, 0 }))
USE_STREAM(char *, NULL, fgets, (char *to, int n, FILE *f), (to, n, f), NULL)
USE_STREAM(int, EOF, fgetc, (FILE *f), (f), NULL)
USE_STREAM(int, EOF, getc, (FILE *f), (f), NULL)
USE_STREAM(int, EOF, ungetc, (int c, FILE *f), (c, f), NULL)
USE_STREAM(int, -1, fseek, (FILE *f, long to, int from), (f, to, from), NULL)
USE_STREAM(long, -1, ftell, (FILE *f), (f), NULL)
USE_STREAM(int, 0, feof, (FILE *f), (f), NULL)
USE_STREAM(int, -1, fileno, (FILE *f), (f), NULL)

/* fflush(NULL) means every stream, and is not about one of them. */
int brakes_fflush(FILE *f)
{
	struct watched w = f ? BEGIN_USE(fflush, f, NULL) :
			   (struct watched){ .quiet = true };
	int rc = w.step.failed ? EOF : fflush(f);
	end_use(&w, f, rc == 0);
	return rc;
}

/* Ends a transfer of objects of SIZE bytes from or to F, of which MOVED bytes were
 * moved: how many whole ones that are. */
static size_t moved_objects(struct watched *w, FILE *f, size_t size, size_t moved)
{
	w->step.moved = moved < w->step.asked ? (uint32_t)moved : w->step.asked;
	end_use(w, f, moved > 0);
	return size ? moved / size : 0;
}

/* One that is made to fail has moved what the plan lets it: nothing, or a part. */
size_t brakes_fwrite(const void *bytes, size_t size, size_t n, FILE *f)
{
	char text[DETAIL];
	struct watched w = BEGIN_STREAM_TRANSFER(
		fwrite, f, first_of(text, bytes, size * n), size * n);
	memory_lent(&w, bytes, size * n, false);
	if (w.step.faulted)
		return moved_objects(&w, f, size, fwrite(bytes, 1, w.share, f));
	size_t rc = w.step.failed ? 0 : fwrite(bytes, size, n, f);
	return moved_objects(&w, f, size, rc * size);
}

/* How many of N bytes F has to give: N itself where that cannot be told. */
static size_t there_in(FILE *f, size_t n)
{
	struct stat status;
	int why = errno;
	off_t at = f ? ftello(f) : -1;
	int fd = f ? fileno(f) : -1;
	off_t left = at >= 0 && fd >= 0 && fstat(fd, &status) == 0 &&
		     S_ISREG(status.st_mode) ? status.st_size - at : -1;
	errno = why;
	return left >= 0 && (size_t)left < n ? (size_t)left : n;
}

/* Lets the read that W is fail as the one before it that had moved a part: what cannot be
 * read there cannot be read again, as long as the error of F is not cleared. */
static void fail_again(struct watched *w, FILE *f)
{
	int note = w->quiet || w->refused ? -1 : note_of(f, false);
	if (note < 0 || w->step.faulted || !notes[note].unreadable)
		return;
	w->step.failed = true;
	w->step.err = notes[note].unreadable;
}

/* Ends a read that was made to fail when MOVED bytes were moved. */
static size_t cut_read(struct watched *w, FILE *f, size_t size, size_t moved)
{
	int note = moved > 0 ? note_of(f, true) : -1;
	if (note >= 0)
		notes[note].unreadable = w->step.err;
	return moved_objects(w, f, size, moved);
}

/* The stream is only looked at when it may still be used. */
size_t brakes_fread(void *to, size_t size, size_t n, FILE *f)
{
	bool known, usable = injection_ask(CALL_fread, stream_id(f), &known) ==
			     RULING_FINE;
	struct watched w = BEGIN_STREAM_TRANSFER(
		fread, f, NULL, usable ? there_in(f, size * n) : size * n);
	if (w.step.faulted)
		return cut_read(&w, f, size, fread(to, 1, w.share, f));
	fail_again(&w, f);
	size_t rc = w.step.failed ? 0 : fread(to, size, n, f);
	return moved_objects(&w, f, size, rc * size);
}

int brakes_vfprintf(FILE *f, const char *format, va_list args)
{
	char text[DETAIL];
	struct watched w = BEGIN_USE(vfprintf, f, formatted(text, format, args));
	int rc = w.step.failed ? -1 : vfprintf(f, format, args);
	end_use(&w, f, rc >= 0);
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
	end_use(&w, f, rc >= 0);
	return rc;
}

int brakes_setvbuf(FILE *f, char *to, int mode, size_t n)
{
	struct watched w = BEGIN_USE(setvbuf, f, NULL);
	int rc = w.step.failed ? -1 : setvbuf(f, to, mode, n);
	if (rc == 0 && mode != _IONBF)
		note_buffer(&w, f, to, n, __builtin_frame_address(0));
	end_use(&w, f, false);
	return rc;
}

void brakes_setbuf(FILE *f, char *to)
{
	struct watched w = BEGIN_USE(setbuf, f, NULL);
	if (!w.step.failed) {
		setbuf(f, to);
		note_buffer(&w, f, to, BUFSIZ, __builtin_frame_address(0));
	}
	end_use(&w, f, false);
}

int brakes_ferror(FILE *f)
{
	struct watched w = BEGIN_USE(ferror, f, NULL);
	int note = note_of(f, false);
	int rc = w.step.failed || (note >= 0 && notes[note].failed) ||
		 ferror(f);
	end_use(&w, f, false);
	return rc;
}

/* Clears the error of F, ours and libc's. */
static void clear_error(FILE *f)
{
	int note = note_of(f, false);
	if (note >= 0) {
		notes[note].failed = false;
		notes[note].unreadable = 0;
	}
	clearerr(f);
}

void brakes_clearerr(FILE *f)
{
	struct watched w = BEGIN_USE(clearerr, f, NULL);
	if (!w.step.failed)
		clear_error(f);
	end_use(&w, f, false);
}

void brakes_rewind(FILE *f)
{
	struct watched w = BEGIN_USE(rewind, f, NULL);
	if (!w.step.failed) {
		clear_error(f);
		rewind(f);
	}
	end_use(&w, f, false);
}

/* Scans F for fscanf and vfscanf. */
static int scan_stream(struct watched *w, FILE *f, const char *format,
		       va_list args)
{
	va_list again;
	va_copy(again, args);
	int rc = w->step.failed ? EOF : vfscanf(f, format, args);
	end_use(w, f, rc > 0);
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
	note_errno(&w, rc < 0);
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

/* --- what is to be done at the end ----------------------------------------- */

/* A registration of FUNCTION: 0, or not 0 when there is no room. */
#define REGISTER(name, params, args) \
	int brakes_##name params \
	{ \
		struct watched w = BEGIN(name, 0, NULL); \
		int rc = w.step.failed ? -1 : name args; \
		note_errno(&w, rc != 0); \
		injection_end(&w); \
		return rc; \
	}

REGISTER(atexit, (void (*function)(void)), (function))
REGISTER(at_quick_exit, (void (*function)(void)), (function))
REGISTER(on_exit, (void (*function)(int, void *), void *argument),
	 (function, argument))

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
