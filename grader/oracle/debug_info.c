/* debug_info.c - see debug_info.h. */
#include "debug_info.h"
#include "base/printable.h"

#include <elfutils/libdwfl.h>
#include <errno.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>

struct debug_info {
	Dwfl *dwfl;
	Dwfl_Module *module[SITE_MODULES];
};

static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_build_id_find_elf,
	.find_debuginfo = dwfl_standard_find_debuginfo,
	.section_address = dwfl_offline_section_address,
};

int debug_info_open(const char *const paths[SITE_MODULES], struct debug_info **ret_info)
{
	struct debug_info *info = calloc(1, sizeof(*info));
	if (!info)
		return -ENOMEM;
	info->dwfl = dwfl_begin(&callbacks);
	if (!info->dwfl) {
		free(info);
		return -ENOMEM;
	}
	dwfl_report_begin(info->dwfl);
	for (int i = 0; i < SITE_MODULES; i++)
		if (paths[i])
			info->module[i] = dwfl_report_offline(
				info->dwfl, "module", paths[i], -1);
	dwfl_report_end(info->dwfl, NULL, NULL);
	if (!info->module[0]) {
		debug_info_close(&info);
		return -ENOEXEC;
	}
	*ret_info = info;
	return 0;
}

void debug_info_close(struct debug_info **info)
{
	if (!*info)
		return;
	dwfl_end((*info)->dwfl);
	free(*info);
	*info = NULL;
}

/* The last part of a path. */
static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* The name of a function in the source: the build puts a prefix before some. */
static const char *own_name(const char *function)
{
	size_t prefix = strlen("wrapped_");
	return strncmp(function, "wrapped_", prefix) == 0 ? function + prefix
							  : function;
}

struct place debug_info_find(const struct debug_info *info, unsigned module,
			uint32_t offset)
{
	struct place place = { .file = "?", .function = "?" };
	Dwfl_Module *m = module < SITE_MODULES ? info->module[module] : NULL;
	GElf_Addr bias;
	if (!m || !dwfl_module_getelf(m, &bias))
		return place;
	Dwfl_Line *line = dwfl_module_getsrc(m, bias + offset);
	const char *file = line ? dwfl_lineinfo(line, NULL, &place.line, NULL,
						NULL, NULL) : NULL;
	if (file && printable_is_harmless(base_of(file)))
		place.file = base_of(file);
	else
		place.line = 0;
	const char *function = dwfl_module_addrname(m, bias + offset);
	if (function && printable_is_harmless(function))
		place.function = own_name(function);
	return place;
}

struct wanted {
	const char *name;
	bool defined;
};

/* The rows of the line table around one address. */
struct rows {
	Dwarf_Lines *lines;
	size_t n;
	size_t at;		/* the row that covers the address */
	Dwarf_Addr start;	/* where that row begins */
};

/* Finds the row that covers ADDRESS: false when none does. */
static bool find_row(Dwfl_Module *m, Dwarf_Addr address, struct rows *rows)
{
	Dwarf_Addr bias, start;
	Dwarf_Die *unit = dwfl_module_addrdie(m, address, &bias);
	if (!unit || dwarf_getsrclines(unit, &rows->lines, &rows->n) != 0)
		return false;
	bool found = false;
	for (size_t i = 0; i < rows->n; i++) {
		Dwarf_Line *line = dwarf_onesrcline(rows->lines, i);
		if (dwarf_lineaddr(line, &start) != 0 || start > address - bias)
			continue;
		if (found && start < rows->start)
			continue;
		rows->at = i;
		rows->start = start;
		found = true;
	}
	rows->start += bias;
	return found;
}

/* Whether rows I and J have the same place in the source. */
static bool same_place(const struct rows *rows, size_t i, size_t j)
{
	int line[2] = { 0 }, column[2] = { 0 };
	const size_t row[2] = { i, j };
	for (int k = 0; k < 2; k++) {
		Dwarf_Line *one = dwarf_onesrcline(rows->lines, row[k]);
		dwarf_lineno(one, &line[k]);
		dwarf_linecol(one, &column[k]);
	}
	return line[0] == line[1] && column[0] == column[1];
}

struct place debug_info_block(const struct debug_info *info, unsigned module,
			 uint32_t offset)
{
	enum { CALL_LENGTH = 5 };	/* on x86-64; 4 on AArch64 */
	struct place place = debug_info_find(info, module, offset);
	struct rows rows;
	GElf_Addr bias;
	Dwfl_Module *m = module < SITE_MODULES ? info->module[module] : NULL;
	if (!m || !dwfl_module_getelf(m, &bias) ||
	    !find_row(m, bias + offset, &rows))
		return place;
	bool inherited = rows.start + CALL_LENGTH - 1 < bias + offset ||
			 (rows.at > 0 && same_place(&rows, rows.at, rows.at - 1));
	size_t next = rows.at;
	while (inherited && next + 1 < rows.n &&
	       same_place(&rows, next, rows.at))
		next++;
	if (next != rows.at)
		dwarf_lineno(dwarf_onesrcline(rows.lines, next), &place.line);
	return place;
}

/* Looks for one wanted symbol in one dynamic symbol table. */
static void scan(Elf *elf, Elf_Scn *section, struct wanted *wanted)
{
	GElf_Shdr header;
	Elf_Data *table = elf_getdata(section, NULL);
	if (!gelf_getshdr(section, &header) || header.sh_type != SHT_DYNSYM ||
	    !table || !header.sh_entsize)
		return;
	size_t count = header.sh_size / header.sh_entsize;
	for (size_t i = 1; i < count; i++) {
		GElf_Sym symbol;
		if (!gelf_getsym(table, (int)i, &symbol))
			continue;
		const char *name = elf_strptr(elf, header.sh_link,
					      symbol.st_name);
		if (name && symbol.st_shndx != SHN_UNDEF &&
		    strcmp(own_name(name), wanted->name) == 0)
			wanted->defined = true;
	}
}

/* Looks for it in each module. */
static void scan_modules(const struct debug_info *info, struct wanted *wanted)
{
	for (int i = 0; i < SITE_MODULES; i++) {
		GElf_Addr bias;
		Elf *elf = info->module[i] ?
			   dwfl_module_getelf(info->module[i], &bias) : NULL;
		Elf_Scn *section = NULL;
		while (elf && (section = elf_nextscn(elf, section)))
			scan(elf, section, wanted);
	}
}

const char *debug_info_missing(const struct debug_info *info, const char *const names[],
			  size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct wanted wanted = { names[i], false };
		scan_modules(info, &wanted);
		if (!wanted.defined)
			return names[i];
	}
	return NULL;
}
