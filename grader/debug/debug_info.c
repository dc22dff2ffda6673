/* debug_info.c - see debug_info.h. */
#include "debug_info.h"
#include "base/printable.h"

#include <dwarf.h>
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

/* The code of one function. */
struct code {
	const unsigned char *bytes;
	size_t size;
	Dwarf_Addr start;	/* where the module has it */
};

/* The bytes of the section that holds ADDRESS, from there on: their number, 0 for none. */
static size_t section_bytes(Elf *elf, Dwarf_Addr address,
			    const unsigned char **ret_bytes)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	while ((section = elf_nextscn(elf, section))) {
		if (!gelf_getshdr(section, &header) ||
		    !(header.sh_flags & SHF_EXECINSTR) ||
		    address < header.sh_addr ||
		    address - header.sh_addr >= header.sh_size)
			continue;
		Elf_Data *data = elf_getdata(section, NULL);
		size_t before = address - header.sh_addr;
		if (!data || !data->d_buf || before >= data->d_size)
			return 0;
		*ret_bytes = (const unsigned char *)data->d_buf + before;
		return data->d_size - before;
	}
	return 0;
}

#ifdef __aarch64__
enum { CALL_SIZE = 4, CALL_STEP = 4 };
#else
enum { CALL_SIZE = 5, CALL_STEP = 1 };
#endif

/* What the call instruction at AT of CODE leads to, 0 when there is none. Source: the
 * Intel manual, CALL rel32 (E8); the Arm ARM, BL. */
static Dwarf_Addr call_target(const struct code *code, size_t at)
{
	uint32_t word;
	if (at + CALL_SIZE > code->size)
		return 0;
	memcpy(&word, code->bytes + at + (CALL_SIZE - 4), sizeof(word));
#ifdef __aarch64__
	if (word >> 26 != 0x25)
		return 0;
	return code->start + at + (Dwarf_Addr)((int32_t)(word << 6) >> 4);
#else
	if (code->bytes[at] != 0xe8)
		return 0;
	return code->start + at + CALL_SIZE + (Dwarf_Addr)(int32_t)word;
#endif
}

/* Finds the function around ADDRESS; *RET_INTO is how far into it that lies. */
static bool find_code(Dwfl_Module *m, Dwarf_Addr address, struct code *ret_code,
		      size_t *ret_into)
{
	GElf_Addr bias;
	GElf_Off into;
	GElf_Sym symbol;
	Elf *elf = dwfl_module_getelf(m, &bias);
	if (!elf || !dwfl_module_addrinfo(m, address, &into, &symbol, NULL, NULL,
					  NULL) || into >= symbol.st_size)
		return false;
	struct code code = { .start = address - into };
	size_t there = section_bytes(elf, code.start - bias, &code.bytes);
	code.size = there < symbol.st_size ? there : symbol.st_size;
	*ret_code = code;
	*ret_into = into;
	return into < code.size;
}

/* Finds in CODE the block that holds the byte INTO: from the call of trace-pc that opens
 * it to the next one, or to the end of the function; *RET_LAST says which. */
static bool find_block(const struct code *code, Dwarf_Addr traced, size_t into,
		       size_t *ret_from, size_t *ret_to, bool *ret_last)
{
	bool found = false;
	*ret_to = code->size;
	*ret_last = true;
	for (size_t at = into % CALL_STEP; at < code->size; at += CALL_STEP) {
		if (call_target(code, at) != traced)
			continue;
		if (at > into) {
			*ret_to = at;
			*ret_last = false;
			break;
		}
		*ret_from = at;
		found = true;
	}
	return found;
}

/* The line of the last row that begins in [FROM, TO), 0 for none; the function's last
 * row, which is that of its closing brace, does not count when IS_LAST. */
static int last_line(Dwfl_Module *m, Dwarf_Addr from, Dwarf_Addr to, bool is_last)
{
	struct rows rows;
	Dwarf_Addr bias, start;
	int line = 0, before = 0;
	if (!dwfl_module_addrdie(m, from, &bias) || !find_row(m, from, &rows))
		return 0;
	for (size_t i = 0; i < rows.n; i++) {
		Dwarf_Line *row = dwarf_onesrcline(rows.lines, i);
		int here = 0;
		if (dwarf_lineaddr(row, &start) != 0 || start < from - bias ||
		    start >= to - bias || dwarf_lineno(row, &here) != 0)
			continue;
		before = line;
		line = here;
	}
	return is_last ? before : line;
}

struct place debug_info_leaving(const struct debug_info *info, unsigned module,
			   uint32_t offset, uint32_t traced)
{
	struct place place = debug_info_find(info, module, offset);
	Dwfl_Module *m = module < SITE_MODULES ? info->module[module] : NULL;
	struct code code;
	GElf_Addr bias;
	size_t into, from, to;
	bool is_last;
	place.line = 0;
	if (!m || !dwfl_module_getelf(m, &bias) ||
	    !find_code(m, bias + traced, &code, &into) || into + 1 < CALL_SIZE)
		return place;
	Dwarf_Addr target = call_target(&code, into + 1 - CALL_SIZE);
	if (target && find_code(m, bias + offset, &code, &into) &&
	    find_block(&code, target, into, &from, &to, &is_last))
		place.line = last_line(m, code.start + from, code.start + to,
				       is_last);
	return place;
}

/* Whether SCOPE, or one in it, declares a variable at LINE. */
static bool declares(Dwarf_Die *scope, int line, int depth)
{
	Dwarf_Die child;
	int more = dwarf_child(scope, &child);
	for (; more == 0; more = dwarf_siblingof(&child, &child)) {
		int declared = 0;
		int tag = dwarf_tag(&child);
		if (tag == DW_TAG_variable &&
		    dwarf_decl_line(&child, &declared) == 0 && declared == line)
			return true;
		if (tag == DW_TAG_lexical_block && depth > 0 &&
		    declares(&child, line, depth - 1))
			return true;
	}
	return false;
}

bool debug_info_declares(const struct debug_info *info, unsigned module,
			 uint32_t offset, int line)
{
	enum { DEPTH = 16 };
	Dwfl_Module *m = module < SITE_MODULES ? info->module[module] : NULL;
	Dwarf_Addr bias;
	GElf_Addr elf_bias;
	if (!m || !dwfl_module_getelf(m, &elf_bias))
		return false;
	Dwarf_Die *unit = dwfl_module_addrdie(m, elf_bias + offset, &bias);
	Dwarf_Die *scopes = NULL;
	int n = unit ? dwarf_getscopes(unit, elf_bias + offset - bias, &scopes) : 0;
	bool found = false;
	for (int i = 0; i < n && !found; i++)
		if (dwarf_tag(&scopes[i]) == DW_TAG_subprogram)
			found = declares(&scopes[i], line, DEPTH);
	free(scopes);
	return found;
}

/* A line that is looked for in one function. */
struct sought {
	const char *function, *file;
	int line;
	bool found;
};

/* Whether the line table has a row of the line that is sought within FUNCTION. */
static bool has_row(Dwarf_Die *function, const struct sought *sought)
{
	Dwarf_Die unit_room, *unit = dwarf_diecu(function, &unit_room, NULL, NULL);
	Dwarf_Lines *rows;
	size_t n;
	if (!unit || dwarf_getsrclines(unit, &rows, &n) != 0)
		return false;
	for (size_t i = 0; i < n; i++) {
		Dwarf_Line *row = dwarf_onesrcline(rows, i);
		Dwarf_Addr address;
		int line;
		const char *file = dwarf_linesrc(row, NULL, NULL);
		if (file && strcmp(base_of(file), sought->file) == 0 &&
		    dwarf_lineno(row, &line) == 0 && line == sought->line &&
		    dwarf_lineaddr(row, &address) == 0 &&
		    dwarf_haspc(function, address) == 1)
			return true;
	}
	return false;
}

static int look_in_function(Dwarf_Die *function, void *data)
{
	struct sought *sought = data;
	const char *name = dwarf_diename(function);
	if (!name || strcmp(own_name(name), sought->function) != 0)
		return DWARF_CB_OK;
	sought->found = has_row(function, sought);
	return sought->found ? DWARF_CB_ABORT : DWARF_CB_OK;
}

bool debug_info_is_in(const struct debug_info *info, unsigned module,
		      const char *function, const char *file, int line)
{
	Dwfl_Module *m = module < SITE_MODULES ? info->module[module] : NULL;
	struct sought sought = { function, file, line, false };
	Dwarf_Addr bias;
	Dwarf_Die *unit = m ? dwfl_module_nextcu(m, NULL, &bias) : NULL;
	for (; unit && !sought.found; unit = dwfl_module_nextcu(m, unit, &bias))
		dwarf_getfuncs(unit, look_in_function, &sought, 0);
	return sought.found;
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
