/* printable.c - see printable.h. */
#include "printable.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static const char dots[] = "...";

/* How long the UTF-8 sequence that begins with BYTE is, 0 for none. */
static size_t sequence_length(unsigned char byte)
{
	return byte < 0x80 ? 1 : byte >= 0xc2 && byte < 0xe0 ? 2 :
	       byte >= 0xe0 && byte < 0xf0 ? 3 :
	       byte >= 0xf0 && byte < 0xf5 ? 4 : 0;
}

/* Decodes the character at TEXT: its length, 0 when it is not UTF-8.
 * Source: RFC 3629, 3 and 4. */
static size_t decode(const char *text, uint32_t *ret_code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *byte = (const unsigned char *)text;
	size_t length = sequence_length(*byte);
	uint32_t code = length < 2 ? *byte : *byte & (0x7fU >> length);
	for (size_t i = 1; i < length; i++) {
		if ((byte[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (byte[i] & 0x3f);
	}
	if (length == 0 || code < least[length] || code > 0x10ffff ||
	    (code >= 0xd800 && code < 0xe000))
		return 0;
	*ret_code = code;
	return length;
}

/* Whether a terminal would act on CODE, or show text in another order, or not
 * at all. Source: Unicode's bidirectional and format characters. */
static bool is_dangerous(uint32_t code)
{
	static const struct { uint32_t first, last; } ranges[] = {
		{ 0, 0x1f }, { 0x7f, 0x9f }, { 0xad, 0xad },
		{ 0x61c, 0x61c }, { 0x200b, 0x200f }, { 0x2028, 0x202e },
		{ 0x2060, 0x206f }, { 0xe000, 0xf8ff }, { 0xfe00, 0xfe0f },
		{ 0xfeff, 0xfeff }, { 0xfff0, 0xffff },
		{ 0xe0000, 0x10ffff },
	};
	for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++)
		if (code >= ranges[i].first && code <= ranges[i].last)
			return true;
	return false;
}

/* Shows one character; PLAIN when only ASCII may be shown as it is. */
static size_t show(const char *text, bool plain, char shown[PRINTABLE_SHOWN_MAX])
{
	uint32_t code;
	size_t length = decode(text, &code);
	if (length == 0) {
		snprintf(shown, PRINTABLE_SHOWN_MAX, "\\x%02x",
			 (unsigned char)*text);
		return 1;
	}
	bool escaped = is_dangerous(code) || (plain && length > 1);
	if (!escaped)
		snprintf(shown, PRINTABLE_SHOWN_MAX, "%.*s", (int)length, text);
	else
		snprintf(shown, PRINTABLE_SHOWN_MAX, length == 1 ? "\\x%02x" :
			 code > 0xffff ? "\\U%08x" : "\\u%04x", (unsigned)code);
	return length;
}

size_t printable_show(const char *text, char shown[PRINTABLE_SHOWN_MAX])
{
	return show(text, false, shown);
}

size_t printable_show_ascii(const char *text, char shown[PRINTABLE_SHOWN_MAX])
{
	return show(text, true, shown);
}

bool printable_is_harmless(const char *text)
{
	while (*text) {
		uint32_t code;
		size_t length = decode(text, &code);
		if (length == 0 || is_dangerous(code))
			return false;
		text += length;
	}
	return true;
}

int printable_columns(const char *shown)
{
	int n = 0;
	while (*shown) {
		uint32_t code;
		size_t length = decode(shown, &code);
		int width = length ? wcwidth((wchar_t)code) : 1;
		n += width < 0 ? 1 : width;
		shown += length ? length : 1;
	}
	return n;
}

int printable_characters(const char *shown)
{
	int n = 0;
	for (; *shown; shown++)
		n += ((unsigned char)*shown & 0xc0) != 0x80;
	return n;
}

/* As printable_show, but for newlines and tabs, which stay. */
static size_t show_in_lines(const char *text, char shown[PRINTABLE_SHOWN_MAX])
{
	if (*text != '\n' && *text != '\t')
		return printable_show(text, shown);
	shown[0] = *text;
	shown[1] = '\0';
	return 1;
}

/* Copies what fits into SIZE bytes and returns the rest of TEXT. */
static const char *copy(char *to, size_t size, const char *text)
{
	size_t used = 0;
	to[0] = '\0';
	while (*text) {
		char shown[PRINTABLE_SHOWN_MAX];
		size_t length = show_in_lines(text, shown);
		size_t n = strlen(shown);
		if (used + n + 1 > size)
			break;
		memcpy(to + used, shown, n + 1);
		used += n;
		text += length;
	}
	return text;
}

void printable_copy(char *to, size_t size, const char *text)
{
	copy(to, size, text);
}

/* How long TEXT is once it is harmless. */
static size_t harmless_length(const char *text)
{
	size_t n = 0;
	while (*text) {
		char shown[PRINTABLE_SHOWN_MAX];
		text += show_in_lines(text, shown);
		n += strlen(shown);
	}
	return n;
}

char *printable_harmless(const char *text, size_t most)
{
	size_t length = harmless_length(text);
	bool cut = most != PRINTABLE_WHOLE && length > most;
	char *made = malloc((cut ? most : length) + sizeof(dots));
	if (!made)
		return NULL;
	copy(made, (cut ? most - strlen(dots) : length) + 1, text);
	if (cut)
		strcat(made, dots);
	return made;
}

/* As printable_show, but as C writes it in a string. */
static size_t show_in_quotes(const char *text, char shown[PRINTABLE_SHOWN_MAX])
{
	static const char plain[] = "\n\t\r\"\\", escaped[] = "ntr\"\\";
	const char *at = strchr(plain, *text);
	if (!at)
		return printable_show(text, shown);
	snprintf(shown, PRINTABLE_SHOWN_MAX, "\\%c", escaped[at - plain]);
	return 1;
}

void printable_quote(char *to, size_t size, const char *text)
{
	size_t used = 0, whole = 0;
	to[0] = '\0';
	while (*text) {
		char shown[PRINTABLE_SHOWN_MAX];
		text += show_in_quotes(text, shown);
		size_t n = strlen(shown);
		if (used + n + 1 > size) {
			strcpy(to + whole, dots);
			return;
		}
		memcpy(to + used, shown, n + 1);
		used += n;
		if (used + sizeof(dots) <= size)
			whole = used;
	}
}

void printable_join_lines(char *text)
{
	for (; *text; text++)
		if (*text == '\n' || *text == '\t')
			*text = ' ';
}
