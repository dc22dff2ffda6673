/* memory_fault.c - see memory_fault.h. */
#include "memory_fault.h"
#include "wire.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

enum {
	KIND, SIGNAL, WRITES, SIZE, DISTANCE, VIA,
	GOT,				/* three numbers each */
	GONE = GOT + 3, LENT = GONE + 3,
	NUMBERS = LENT + 3,
	TEXT = NUMBERS,
	SITE,				/* pairs, up to SITE_DEPTH */
};

/* Writes a space and NUMBER: the new end. */
static char *put_number(char *at, long long number)
{
	return at + sprintf(at, " %lld", number);
}

static char *put_place(char *at, const struct call_place *place)
{
	at = put_number(at, place->call);
	at = put_number(at, place->module);
	return put_number(at, place->offset);
}

/* How a size goes over the wire, which knows numbers with a sign. */
static long long cut(uint64_t size)
{
	return size > INT_MAX ? INT_MAX : (long long)size;
}

char *memory_fault_put(char *at, const struct memory_fault *fault)
{
	at = put_number(at, fault->kind);
	at = put_number(at, fault->signal);
	at = put_number(at, fault->writes);
	at = put_number(at, cut(fault->size));
	at = put_number(at, cut(fault->distance));
	at = put_number(at, fault->via);
	at = put_place(at, &fault->got);
	at = put_place(at, &fault->gone);
	at = put_place(at, &fault->lent);
	at = wire_put(at, 4 * sizeof(fault->text), fault->text);
	for (int i = 0; i < SITE_DEPTH && fault->site.offset[i]; i++) {
		at = put_number(at, fault->site.module[i]);
		at = put_number(at, fault->site.offset[i]);
	}
	return at;
}

static int get_place(const long long number[3], struct call_place *ret_place)
{
	if (number[0] < -1 || number[0] >= CALL_COUNT || number[1] < 0 ||
	    number[1] > UINT8_MAX || number[2] < 0 || number[2] > UINT32_MAX)
		return -EPROTO;
	*ret_place = (struct call_place){ (int)number[0], (uint8_t)number[1],
					  (uint32_t)number[2] };
	return 0;
}

/* Reads the pairs of module and offset that end a fault. */
static int get_pairs(char *const *words, size_t n, struct site *site)
{
	if (n % 2 || n / 2 > SITE_DEPTH)
		return -EPROTO;
	for (size_t i = 0; i < n / 2; i++) {
		long long module, offset;
		if (wire_number(words[2 * i], &module) < 0 ||
		    wire_number(words[2 * i + 1], &offset) < 0 || module < 0 ||
		    module > UINT8_MAX || offset < 0 || offset > UINT32_MAX)
			return -EPROTO;
		site->module[i] = (uint8_t)module;
		site->offset[i] = (uint32_t)offset;
	}
	return 0;
}

int memory_fault_get(char *const *words, size_t n, struct memory_fault *ret_fault)
{
	long long number[NUMBERS];
	struct memory_fault fault = { 0 };
	if (n < SITE)
		return -EPROTO;
	for (int i = 0; i < NUMBERS; i++)
		if (wire_number(words[i], &number[i]) < 0)
			return -EPROTO;
	if (number[KIND] < 0 || number[KIND] >= MEMORY_KINDS ||
	    number[SIGNAL] < 0 || number[SIGNAL] > SCHAR_MAX ||
	    number[WRITES] < -1 || number[WRITES] > 1 || number[SIZE] < 0 ||
	    number[DISTANCE] < 0 || number[VIA] < -1 ||
	    number[VIA] >= CALL_COUNT ||
	    get_place(number + GOT, &fault.got) < 0 ||
	    get_place(number + GONE, &fault.gone) < 0 ||
	    get_place(number + LENT, &fault.lent) < 0 ||
	    get_pairs(words + SITE, n - SITE, &fault.site) < 0)
		return -EPROTO;
	fault.kind = (enum memory_kind)number[KIND];
	fault.signal = (int)number[SIGNAL];
	fault.writes = (int)number[WRITES];
	fault.size = (uint64_t)number[SIZE];
	fault.distance = (uint64_t)number[DISTANCE];
	fault.via = (int)number[VIA];
	snprintf(fault.text, sizeof(fault.text), "%s", words[TEXT]);
	*ret_fault = fault;
	return 0;
}
