/* symbols.c - see symbols.h. */
#include "symbols.h"
#include "ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

/* Whether NAME belongs to the instruments: our stubs, gcov, the sanitizers. */
static bool instrument(const char *name)
{
	static const char *const prefixes[] = {
		"brakes_", "wrapped_", "__gcov_", "__sanitizer_cov_",
	};
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++)
		if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	return false;
}

/* Whether NAME needs no mention. */
static bool known(const char *name, const struct names *own)
{
	if (!*name || instrument(name) || call_named(name) >= 0)
		return true;
	for (size_t i = 0; i < own->n; i++)
		if (strcmp(name, own->name[i]) == 0)
			return true;
	for (size_t i = 0; harmless_calls[i]; i++)
		if (strcmp(name, harmless_calls[i]) == 0)
			return true;
	return false;
}

/* Tells each undefined symbol of one symbol table. */
static void scan(Elf *elf, Elf_Scn *section, const struct names *own,
		 symbol_seen *seen, void *data)
{
	GElf_Shdr header;
	GElf_Sym symbol;
	Elf_Data *table = elf_getdata(section, NULL);
	if (!gelf_getshdr(section, &header) || header.sh_type != SHT_SYMTAB ||
	    !table || !header.sh_entsize)
		return;
	int count = (int)(header.sh_size / header.sh_entsize);
	for (int i = 1; i < count && gelf_getsym(table, i, &symbol); i++) {
		const char *name = elf_strptr(elf, header.sh_link,
					      symbol.st_name);
		if (name && symbol.st_shndx == SHN_UNDEF && !known(name, own))
			seen(name, data);
	}
}

int symbols_unwatched(const char *path, const struct names *own,
		      symbol_seen *seen, void *data)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	elf_version(EV_CURRENT);
	Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
	Elf_Scn *section = NULL;
	while (elf && (section = elf_nextscn(elf, section)))
		scan(elf, section, own, seen, data);
	int rc = elf ? 0 : -ENOEXEC;
	elf_end(elf);
	close(fd);
	return rc;
}
