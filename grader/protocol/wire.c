/* wire.c - see wire.h. Whatever comes up was written beside the learner's code
 * and is believed no further than its form. */
#include "wire.h"

#include <ctype.h>
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

/* Writes WORD, encoded and with a space before it, from AT to before STOP, and a NUL:
 * the new end, and in *RET_REST what of WORD did not fit. Beyond STOP there is room for
 * the longest code of one character, and the NUL. */
static char *encode(char *at, const char *stop, const char *word,
		    const char **ret_rest)
{
	static const char digits[] = "0123456789ABCDEF";
	*ret_rest = word;
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
	*ret_rest = word;
	return at;
}

enum { ENCODED_MAX = 6 };	/* the bytes that encode needs beyond its end */

char *wire_put(char *at, size_t room, const char *word)
{
	const char *rest;
	return encode(at, at + (room > ENCODED_MAX ? room - ENCODED_MAX : 0), word,
		      &rest);
}

int wire_order(int fd, const char *verb, const char *const words[], size_t n)
{
	char line[WIRE_LINE_MAX], *at = stpcpy(line, verb);
	const char *stop = line + sizeof(line) - ENCODED_MAX - 1;
	for (size_t i = 0; i < n; i++) {
		const char *rest;
		char *end = encode(at, stop, words[i], &rest);
		if (end == at || *rest)
			return -EMSGSIZE;
		at = end;
	}
	*at++ = '\n';
	return wire_send(fd, line, (size_t)(at - line));
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
	const char *digits = word + (*word == '-');
	char *end;
	if (!isdigit((unsigned char)*digits))
		return -EPROTO;
	errno = 0;
	long long value = strtoll(word, &end,
				  strncmp(digits, "0x", 2) == 0 ? 16 : 10);
	if (*end || errno)
		return -EPROTO;
	*ret_number = value;
	return 0;
}

/* Writes a space and NUMBER in hexadecimal, with a sign: the new end. Steps
 * come by the hundred thousand, so they do not go through printf. */
static char *put_hex(char *at, long long number)
{
	static const char digits[] = "0123456789ABCDEF";
	unsigned long long rest = (unsigned long long)number;
	char reversed[16];
	size_t n = 0;
	*at++ = ' ';
	if (number < 0) {
		*at++ = '-';
		rest = -rest;
	}
	do
		reversed[n++] = digits[rest % 16];
	while (rest /= 16);
	while (n > 0)
		*at++ = reversed[--n];
	return at;
}

/* Reads what put_hex wrote: 0 or -EPROTO. */
static int get_hex(const char *word, long long *ret_number)
{
	bool negative = *word == '-';
	unsigned long long number = 0;
	const char *at = word + negative;
	if (!*at || strlen(at) > 16)
		return -EPROTO;
	for (; *at; at++) {
		int value = digit(*at);
		if (value < 0)
			return -EPROTO;
		number = number * 16 + (unsigned)value;
	}
	*ret_number = (long long)(negative ? -number : number);
	return 0;
}

enum { STEP_NUMBERS = 11, STEP_DETAIL = 1 + STEP_NUMBERS };

size_t wire_put_step(char line[WIRE_LINE_MAX], const struct step *s)
{
	const long long numbers[STEP_NUMBERS] = {
		s->call, s->failed, s->faulted, s->fault_point, s->err,
		(long long)s->gone, (long long)s->got[0], (long long)s->got[1],
		s->beneath, s->asked, s->moved,
	};
	char *at = stpcpy(line, "step");
	for (int i = 0; i < STEP_NUMBERS; i++)
		at = put_hex(at, numbers[i]);
	at = wire_put(at, WIRE_LINE_MAX / 2, s->detail);
	for (int i = 0; i < SITE_DEPTH && s->site.offset[i]; i++) {
		at = put_hex(at, s->site.module[i]);
		at = put_hex(at, s->site.offset[i]);
	}
	*at++ = '\n';
	return (size_t)(at - line);
}

/* Reads the pairs of module and offset that end a step. */
static int get_site(const struct words *words, struct site *site)
{
	size_t n = words->n - STEP_DETAIL - 1;
	if (n % 2 || n / 2 > SITE_DEPTH)
		return -EPROTO;
	for (size_t i = 0; i < n / 2; i++) {
		char *const *pair = words->word + STEP_DETAIL + 1 + 2 * i;
		long long module, offset;
		if (get_hex(pair[0], &module) < 0 ||
		    get_hex(pair[1], &offset) < 0 || module < 0 ||
		    module > UINT8_MAX || offset < 0 || offset > UINT32_MAX)
			return -EPROTO;
		site->module[i] = (uint8_t)module;
		site->offset[i] = (uint32_t)offset;
	}
	return 0;
}

int wire_get_step(const struct words *words, struct step *ret_step)
{
	long long n[STEP_NUMBERS];
	if (words->n <= STEP_DETAIL)
		return -EPROTO;
	for (int i = 0; i < STEP_NUMBERS; i++)
		if (get_hex(words->word[1 + i], &n[i]) < 0)
			return -EPROTO;
	if (n[0] < 0 || n[0] >= CALL_COUNT || n[3] < 0 || n[3] > INT32_MAX ||
	    n[4] < INT32_MIN || n[4] > INT32_MAX || n[8] < -1 ||
	    n[8] > INT32_MAX || n[9] < 0 || n[9] > UINT32_MAX || n[10] < 0 ||
	    n[10] > n[9])
		return -EPROTO;
	struct step step = {
		.call = (enum call)n[0], .failed = n[1] != 0,
		.faulted = n[2] != 0, .fault_point = (unsigned)n[3],
		.err = (int)n[4], .gone = (uint64_t)n[5],
		.got = { (uint64_t)n[6], (uint64_t)n[7] }, .beneath = (int)n[8],
		.asked = (uint32_t)n[9], .moved = (uint32_t)n[10],
	};
	int rc = get_site(words, &step.site);
	if (rc < 0)
		return rc;
	snprintf(step.detail, sizeof(step.detail), "%s",
		 words->word[STEP_DETAIL]);
	*ret_step = step;
	return 0;
}
