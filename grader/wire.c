/* wire.c - see wire.h. Whatever comes up was written beside the learner's code
 * and is believed no further than its form. */
#include "wire.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int wire_fill(struct wire *wire)
{
	if (wire->start > 0) {
		memmove(wire->bytes, wire->bytes + wire->start,
			wire->end - wire->start);
		wire->end -= wire->start;
		wire->start = 0;
	}
	size_t room = sizeof(wire->bytes) - wire->end;
	if (room == 0)
		return -EPROTO;
	ssize_t n = read(wire->fd, wire->bytes + wire->end, room);
	if (n < 0)
		return errno == EINTR ? -EAGAIN : -errno;
	wire->end += (size_t)n;
	return n > 0;
}

int wire_next(struct wire *wire, char **ret_line)
{
	char *line = wire->bytes + wire->start;
	size_t have = wire->end - wire->start;
	char *newline = memchr(line, '\n', have);
	if (!newline)
		return have >= WIRE_LINE_MAX ? -EPROTO : 0;
	size_t n = (size_t)(newline - line);
	if (n >= WIRE_LINE_MAX || memchr(line, '\0', n))
		return -EPROTO;
	*newline = '\0';
	wire->start += n + 1;
	*ret_line = line;
	return 1;
}

int wire_read(struct wire *wire, char **ret_line)
{
	for (;;) {
		int rc = wire_next(wire, ret_line);
		if (rc != 0)
			return rc;
		rc = wire_fill(wire);
		if (rc <= 0 && rc != -EAGAIN)
			return rc;
	}
}

/* The value of a hexadecimal digit, -1 for anything else. */
static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Undoes the escapes of one word in place. */
static int decode(char *word)
{
	if (strcmp(word, "%-") == 0) {
		*word = '\0';
		return 0;
	}
	char *to = word;
	for (const char *from = word; *from; from++) {
		if (*from != '%') {
			*to++ = *from;
			continue;
		}
		int high = digit(from[1]);
		int low = high < 0 ? -1 : digit(from[2]);
		if (low < 0 || high + low == 0)
			return -EPROTO;
		*to++ = (char)(high * 16 + low);
		from += 2;
	}
	*to = '\0';
	return 0;
}

int wire_split(char *line, struct words *ret_words)
{
	ret_words->n = 0;
	for (char *at = line; at;) {
		if (ret_words->n == WIRE_WORDS_MAX)
			return -EPROTO;
		char *space = strchr(at, ' ');
		if (space)
			*space = '\0';
		if (decode(at) < 0)
			return -EPROTO;
		ret_words->word[ret_words->n++] = at;
		at = space ? space + 1 : NULL;
	}
	return 0;
}

char *wire_put(char *at, size_t room, const char *word)
{
	static const char digits[] = "0123456789ABCDEF";
	char *stop = at + (room > 6 ? room - 6 : 0);
	if (at >= stop)
		return at;
	*at++ = ' ';
	if (!*word)
		at = stpcpy(at, "%-");
	for (; *word && at < stop; word++) {
		unsigned char c = (unsigned char)*word;
		if (c > ' ' && c < 127 && c != '%') {
			*at++ = (char)c;
			continue;
		}
		*at++ = '%';
		*at++ = digits[c >> 4];
		*at++ = digits[c & 15];
	}
	*at = '\0';
	return at;
}

int wire_send(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t sent = write(fd, bytes, n);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0)
			return -errno;
		bytes += sent;
		n -= (size_t)sent;
	}
	return 0;
}

int wire_number(const char *word, long long *ret_number)
{
	char *end;
	errno = 0;
	long long value = strtoll(word, &end, 0);
	if (end == word || *end || errno)
		return -EPROTO;
	*ret_number = value;
	return 0;
}

size_t wire_put_step(char line[WIRE_LINE_MAX], const struct step *s)
{
	char *end = line + WIRE_LINE_MAX;
	char *at = line;
	at += snprintf(at, WIRE_LINE_MAX, "step %d %d %d %u %d %#llx %#llx %#llx %d",
		       s->call, s->failed, s->faulted, s->fault_point, s->err,
		       (unsigned long long)s->gone,
		       (unsigned long long)s->got[0],
		       (unsigned long long)s->got[1], s->beneath);
	for (int i = 0; i < SITE_DEPTH; i++)
		at += snprintf(at, (size_t)(end - at), " %u:%x",
			       s->site.module[i], s->site.offset[i]);
	at = wire_put(at, (size_t)(end - at) - 1, s->detail);
	*at++ = '\n';
	return (size_t)(at - line);
}

/* Reads the "MODULE:OFFSET" words of a step. */
static int get_site(char *const words[SITE_DEPTH], struct site *site)
{
	for (int i = 0; i < SITE_DEPTH; i++) {
		unsigned module, offset;
		char after;
		if (sscanf(words[i], "%u:%x%c", &module, &offset, &after) != 2 ||
		    module > 255)
			return -EPROTO;
		site->module[i] = (uint8_t)module;
		site->offset[i] = offset;
	}
	return 0;
}

int wire_get_step(const struct words *words, struct step *ret_step)
{
	enum { NUMBERS = 9, ALL = 1 + NUMBERS + SITE_DEPTH + 1 };
	long long n[NUMBERS];
	if (words->n != ALL)
		return -EPROTO;
	for (int i = 0; i < NUMBERS; i++)
		if (wire_number(words->word[1 + i], &n[i]) < 0)
			return -EPROTO;
	if (n[0] < 0 || n[0] >= CALL_COUNT || n[3] < 0 || n[3] > INT32_MAX ||
	    n[8] < -1 || n[8] > INT32_MAX)
		return -EPROTO;
	struct step step = {
		.call = (enum call)n[0], .failed = n[1] != 0,
		.faulted = n[2] != 0, .fault_point = (unsigned)n[3],
		.err = (int)n[4], .gone = (uint64_t)n[5],
		.got = { (uint64_t)n[6], (uint64_t)n[7] }, .beneath = (int)n[8],
	};
	if (get_site(words->word + 1 + NUMBERS, &step.site) < 0)
		return -EPROTO;
	snprintf(step.detail, sizeof(step.detail), "%s", words->word[ALL - 1]);
	*ret_step = step;
	return 0;
}
