/* wrap_heap.c - the calls that give and take blocks (see heap.h). A call that libc or
 * another library makes by a pointer to one of these is not watched: it is done as libc
 * does it. */
#include "wrap.h"
#include "guarded_heap.h"
#include "heap.h"
#include "memory_watch.h"

#include <malloc.h>

/* A new block for the call that W is: NULL with errno set. */
static void *new_block(struct watched *w, size_t n, size_t alignment, bool zeroed)
{
	return w->step.failed ? NULL :
	       heap_get(n, alignment, zeroed, memory_call_place(w));
}

/* Takes over TEXT, which libc has allocated for the call that W is. */
static char *own_text(const struct watched *w, char *text)
{
	return w->quiet || !text ? text :
	       heap_adopt(text, strlen(text) + 1, memory_call_place(w));
}

void *brakes_malloc(size_t n)
{
	struct watched w = BEGIN(malloc, 0, NULL);
	return w.quiet ? malloc(n) :
	       got_pointer(&w, new_block(&w, n, 0, false));
}

void *brakes_calloc(size_t n, size_t size)
{
	struct watched w = BEGIN(calloc, 0, NULL);
	size_t bytes;
	if (w.quiet)
		return calloc(n, size);
	if (__builtin_mul_overflow(n, size, &bytes)) {
		errno = ENOMEM;
		return got_pointer(&w, NULL);
	}
	return got_pointer(&w, new_block(&w, bytes, 0, true));
}

void *brakes_memalign(size_t alignment, size_t n)
{
	struct watched w = BEGIN(memalign, 0, NULL);
	return w.quiet ? memalign(alignment, n) :
	       got_pointer(&w, new_block(&w, n, alignment, false));
}

void *brakes_valloc(size_t n)
{
	struct watched w = BEGIN(valloc, 0, NULL);
	return w.quiet ? valloc(n) :
	       got_pointer(&w, new_block(&w, n, (size_t)getpagesize(), false));
}

void *brakes_aligned_alloc(size_t alignment, size_t n)
{
	struct watched w = BEGIN(aligned_alloc, 0, NULL);
	return w.quiet ? aligned_alloc(alignment, n) :
	       got_pointer(&w, new_block(&w, n, alignment, false));
}

/* Whether ALIGNMENT is one that posix_memalign takes. Source: posix_memalign(3). */
static bool is_alignment(size_t alignment)
{
	return alignment >= sizeof(void *) && (alignment & (alignment - 1)) == 0;
}

int brakes_posix_memalign(void **ret_block, size_t alignment, size_t n)
{
	struct watched w = BEGIN(posix_memalign, 0, NULL);
	if (w.quiet)
		return posix_memalign(ret_block, alignment, n);
	int rc = w.step.failed ? w.step.err : !is_alignment(alignment) ? EINVAL : 0;
	errno = rc;
	void *block = rc ? NULL : new_block(&w, n, alignment, false);
	if (rc == 0 && !block)
		rc = errno;
	got_pointer(&w, block);
	if (rc == 0)
		*ret_block = block;
	return rc;
}

/* Moves a block always, so that an old pointer to it shows. */
static void *move_block(struct watched *w, void *old, size_t n)
{
	return w->step.failed ? NULL : heap_move(old, n, memory_call_place(w));
}

void *brakes_realloc(void *block, size_t n)
{
	struct watched w = BEGIN(realloc, ID(block), NULL);
	return w.quiet ? realloc(block, n) :
	       got_pointer(&w, move_block(&w, block, n));
}

void *brakes_reallocarray(void *block, size_t n, size_t size)
{
	struct watched w = BEGIN(reallocarray, ID(block), NULL);
	size_t bytes;
	if (w.quiet)
		return reallocarray(block, n, size);
	if (__builtin_mul_overflow(n, size, &bytes)) {
		errno = ENOMEM;
		return got_pointer(&w, NULL);
	}
	return got_pointer(&w, move_block(&w, block, bytes));
}

char *brakes_strdup(const char *text)
{
	struct watched w = BEGIN(strdup, 0, text);
	return got_pointer(&w, w.step.failed ? NULL : own_text(&w, strdup(text)));
}

char *brakes_strndup(const char *text, size_t n)
{
	struct watched w = BEGIN(strndup, 0, NULL);
	return got_pointer(&w, w.step.failed ? NULL :
			   own_text(&w, strndup(text, n)));
}

wchar_t *brakes_wcsdup(const wchar_t *text)
{
	struct watched w = BEGIN(wcsdup, 0, NULL);
	wchar_t *copy = w.step.failed ? NULL : wcsdup(text);
	if (copy && !w.quiet)
		copy = heap_adopt(copy, (wcslen(text) + 1) * sizeof(*text),
				  memory_call_place(&w));
	return got_pointer(&w, copy);
}

/* Formats into a new block for asprintf and vasprintf. */
static int format_block(struct watched *w, char **ret_text, const char *format,
			va_list args)
{
	char *text = NULL;
	int n = w->step.failed ? -1 : vasprintf(&text, format, args);
	if (n >= 0 && !w->quiet)
		text = heap_adopt(text, (size_t)n + 1, memory_call_place(w));
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

/* Makes room for NEED bytes in *LINE, of *SIZE bytes, as getdelim does; at least for a
 * short line when there is no block yet: false with errno set when there is no memory.
 * Source: glibc's iogetdelim.c. */
static bool grow_line(const struct watched *w, char **line, size_t *size, size_t need)
{
	enum { SHORT_LINE = 120 };
	if (*line && *size > 0 && *size >= need)
		return true;
	size_t n = *line && *size > 0 ? 2 * *size : SHORT_LINE;
	if (n < need)
		n = need;
	char *block = *line ? heap_move(*line, n, memory_call_place(w)) :
		      heap_get(n, 0, false, memory_call_place(w));
	if (!block)
		return false;
	*line = block;
	*size = n;
	return true;
}

/* Does what getdelim does, but has libc read into a block of its own: it would free a
 * block that is too small. */
static ssize_t read_line(const struct watched *w, char **line, size_t *size,
			 int delimiter, FILE *f)
{
	char *read = NULL;
	size_t room = 0;
	if (w->quiet || (*line && !guarded_heap_has(*line)))
		return getdelim(line, size, delimiter, f);
	ssize_t n = getdelim(&read, &room, delimiter, f);
	int why = errno;
	bool grown = read && grow_line(w, line, size, n < 0 ? 0 : (size_t)n + 1);
	if (read && !grown) {
		why = errno;
		n = -1;
	}
	if (grown && n >= 0)
		memcpy(*line, read, (size_t)n + 1);
	free(read);
	errno = why;
	return n;
}

/* Ends getline or getdelim: the buffer that it may have moved changes its
 * identity in the ledger; a buffer that stayed is only used. */
static ssize_t got_line(struct watched *w, char *old, char **line, ssize_t n)
{
	if (*line == old)
		w->step.gone = 0;
	else
		w->step.got[0] = ID(*line);
	w->succeeded = n >= 0;
	injection_end(w);
	return n;
}

ssize_t brakes_getdelim(char **line, size_t *size, int delimiter, FILE *f)
{
	char *old = *line;
	struct watched w = BEGIN(getdelim, ID(old), NULL);
	note_failure(&w, f);
	return got_line(&w, old, line, w.step.failed ? -1 :
			read_line(&w, line, size, delimiter, f));
}

ssize_t brakes_getline(char **line, size_t *size, FILE *f)
{
	char *old = *line;
	struct watched w = BEGIN(getline, ID(old), NULL);
	note_failure(&w, f);
	return got_line(&w, old, line, w.step.failed ? -1 :
			read_line(&w, line, size, '\n', f));
}

/* What came from a call that is not watched is left as it is: whether it is a
 * block is likely, not sure. */
void brakes_free(void *block)
{
	if (!block)
		return;
	struct watched w = BEGIN(free, ID(block), NULL);
	if (w.quiet)
		heap_give_back(block, NO_CALL);
	else if (!w.unwatched && injection_times(&w) > 0)
		heap_release(block, memory_call_place(&w));
	injection_end(&w);
}
