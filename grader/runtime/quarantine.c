/* quarantine.c - see quarantine.h. */
#include "quarantine.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

enum { FILL = 0xDB, BLOCKS_MAX = 65536, BYTES_MAX = 64 << 20 };

static void *kept[BLOCKS_MAX];
static size_t n_kept, bytes_kept;

void quarantine_keep(void *block)
{
	size_t n = malloc_usable_size(block);
	if (n_kept == BLOCKS_MAX || n > BYTES_MAX - bytes_kept) {
		free(block);
		return;
	}
	memset(block, FILL, n);
	kept[n_kept++] = block;
	bytes_kept += n;
}

bool quarantine_holds(uintptr_t address)
{
	for (size_t i = 0; i < n_kept; i++)
		if (address >= (uintptr_t)kept[i] &&
		    address - (uintptr_t)kept[i] < malloc_usable_size(kept[i]))
			return true;
	return false;
}

/* Whether a kept block no longer holds the fill alone. */
static bool stained(const unsigned char *bytes)
{
	size_t n = malloc_usable_size((void *)bytes);
	for (size_t i = 0; i < n; i++)
		if (bytes[i] != FILL)
			return true;
	return false;
}

void quarantine_check(void (*tell)(uint64_t block))
{
	for (size_t i = 0; i < n_kept; i++)
		if (stained(kept[i]))
			tell((uint64_t)(uintptr_t)kept[i]);
}
