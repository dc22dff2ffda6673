/* symbols.c - see symbols.h. */
#include "symbols.h"
#include "ledger/ledger.h"

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
		"__ubsan_handle_", "__stack_chk_",
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

/* Calls SEEN with each symbol of one symbol table that is, or is not, DEFINED. */
static void scan(Elf *elf, Elf_Scn *section, bool defined, symbol_seen *seen,
		 void *data)
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
		if (name && (symbol.st_shndx != SHN_UNDEF) == defined)
			seen(name, data);
	}
}

/* The same over one object file. */
static int scan_object(const char *path, bool defined, symbol_seen *seen,
		       void *data)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	elf_version(EV_CURRENT);
	Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
	Elf_Scn *section = NULL;
	int rc = elf && elf_kind(elf) == ELF_K_ELF ? 0 : -ENOEXEC;
	while (rc == 0 && (section = elf_nextscn(elf, section)))
		scan(elf, section, defined, seen, data);
	elf_end(elf);
	close(fd);
	return rc;
}

/* A name that is looked for. */
struct wanted {
	const char *name;
	bool found;
};

static void compare(const char *name, void *data)
{
	struct wanted *wanted = data;
	if (strcmp(name, wanted->name) == 0)
		wanted->found = true;
}

/* Everything that one undefined symbol is held against. */
struct search {
	const struct names *objects, *own;
	symbol_seen *seen;
	void *data;
};

/* Calls SEEN with an undefined symbol that is in no table and that no object defines. */
static void consider(const char *name, void *data)
{
	const struct search *search = data;
	struct wanted wanted = { name, known(name, search->own) };
	for (size_t i = 0; !wanted.found && i < search->objects->n; i++)
		scan_object(search->objects->name[i], true, compare, &wanted);
	if (!wanted.found)
		search->seen(name, search->data);
}

int symbols_unwatched(const struct names *objects, const struct names *own,
		      symbol_seen *seen, void *data)
{
	struct search search = { objects, own, seen, data };
	for (size_t i = 0; i < objects->n; i++) {
		int rc = scan_object(objects->name[i], false, consider, &search);
		if (rc < 0)
			return rc;
	}
	return 0;
}
