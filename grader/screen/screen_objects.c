/* screen_objects.c - see screen.h: the half that reads what the compiler made.
 *
 * Sections, symbols and relocations say what is there; DWARF says at which line of
 * the source. Assembly text can write any of these, so garbled entries are passed
 * over, and every loop is bounded by the size of the file.
 */
#include "screen.h"
#include "ledger/ledger.h"

#include <dwarf.h>
#include <elfutils/libdwfl.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ENTRIES_MAX = 1 << 20 };	/* of debug information, that are looked at */

/* One object that is looked at. */
struct object {
	struct screen screen;
	const struct names *exports;
	int fd;
	Elf *elf;
	Dwfl *dwfl;
	Dwarf *dwarf;		/* of DWFL; NULL when there is none */
	Elf_Data *symbols;	/* NULL when there are none */
	size_t n_symbols, strings;
	bool gcov_seen[SCREEN_KINDS];	/* its own entry, once of each kind */
};

/* --- opening ------------------------------------------------------------ */

static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_build_id_find_elf,
	.find_debuginfo = dwfl_standard_find_debuginfo,
	.section_address = dwfl_offline_section_address,
};

/* The debug information of the object at PATH, its relocations applied; without
 * it, findings have no line. */
static void open_dwarf(struct object *o, const char *path)
{
	Dwarf_Addr bias;
	o->dwfl = dwfl_begin(&callbacks);
	if (!o->dwfl)
		return;
	dwfl_report_begin(o->dwfl);
	Dwfl_Module *module = dwfl_report_offline(o->dwfl, "object", path, -1);
	dwfl_report_end(o->dwfl, NULL, NULL);
	if (module)
		o->dwarf = dwfl_module_getdwarf(module, &bias);
}

/* Finds the symbol table. */
static void find_symbols(struct object *o)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	while (!o->symbols && (section = elf_nextscn(o->elf, section))) {
		if (!gelf_getshdr(section, &header) ||
		    header.sh_type != SHT_SYMTAB)
			continue;
		o->symbols = elf_getdata(section, NULL);
		size_t each = gelf_fsize(o->elf, ELF_T_SYM, 1, EV_CURRENT);
		if (o->symbols && each)
			o->n_symbols = o->symbols->d_size / each;
		o->strings = header.sh_link;
	}
}

static void object_close(struct object *o)
{
	if (o->dwfl)
		dwfl_end(o->dwfl);
	elf_end(o->elf);
	close(o->fd);
}

/* Opens the object at PATH: 0, or a negative errno with nothing to close. */
static int object_open(struct object *o, const char *path)
{
	GElf_Ehdr header;
	o->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (o->fd < 0)
		return -errno;
	elf_version(EV_CURRENT);
	o->elf = elf_begin(o->fd, ELF_C_READ, NULL);
	if (!o->elf || !gelf_getehdr(o->elf, &header) ||
	    header.e_type != ET_REL) {
		object_close(o);
		return -ENOEXEC;
	}
	find_symbols(o);
	open_dwarf(o, path);
	return 0;
}

/* --- symbols and their places ------------------------------------------- */

/* One symbol by its name; NAME is "" when that is garbled. */
struct symbol {
	GElf_Sym entry;
	const char *name;
};

static bool get_symbol(const struct object *o, size_t i, struct symbol *symbol)
{
	if (i >= o->n_symbols || i > INT_MAX ||
	    !gelf_getsym(o->symbols, (int)i, &symbol->entry))
		return false;
	symbol->name = elf_strptr(o->elf, o->strings, symbol->entry.st_name);
	if (!symbol->name)
		symbol->name = "";
	return true;
}

static bool has_prefix(const char *name, const char *prefix)
{
	return strncmp(name, prefix, strlen(prefix)) == 0;
}

/* The name that the linker knows an entry of debug information by. */
static const char *linker_name(Dwarf_Die *die)
{
	Dwarf_Attribute attribute;
	const char *name = dwarf_formstring(dwarf_attr_integrate(
		die, DW_AT_linkage_name, &attribute));
	return name ? name : dwarf_diename(die);
}

/* Whether DIE defines a function or an object. */
static bool is_definition(Dwarf_Die *die)
{
	int tag = dwarf_tag(die);
	return (tag == DW_TAG_subprogram || tag == DW_TAG_variable) &&
	       !dwarf_hasattr(die, DW_AT_declaration);
}

typedef bool die_seen(Dwarf_Die *die, void *data);

/* Calls SEEN with each definition until it returns true: whether it did. */
static bool each_definition(const struct object *o, die_seen *seen, void *data)
{
	Dwarf_CU *unit = NULL;
	Dwarf_Die top, die;
	int left = ENTRIES_MAX;
	while (o->dwarf && left-- > 0 &&
	       dwarf_get_units(o->dwarf, unit, &unit, NULL, NULL, &top,
			       NULL) == 0) {
		if (dwarf_child(&top, &die) != 0)
			continue;
		do {
			if (is_definition(&die) && seen(&die, data))
				return true;
		} while (left-- > 0 && dwarf_siblingof(&die, &die) == 0);
	}
	return false;
}

/* A definition that is looked for by its name. */
struct wanted {
	const char *name;
	Dwarf_Die die;
};

static bool is_wanted(Dwarf_Die *die, void *data)
{
	struct wanted *wanted = data;
	const char *name = linker_name(die);
	wanted->die = *die;
	return name && strcmp(name, wanted->name) == 0;
}

static bool is_defined(const struct object *o, const char *name)
{
	struct wanted wanted = { .name = name };
	return each_definition(o, is_wanted, &wanted);
}

/* Tells of NAME at the place of the entry DIE. */
static void tell_at(struct object *o, enum screen_kind kind, const char *name,
		    Dwarf_Die *die)
{
	char base[NAME_MAX_LENGTH];
	int line = 0;
	const char *file = dwarf_decl_file(die);
	const char *slash = file ? strrchr(file, '/') : NULL;
	snprintf(base, sizeof(base), "%s", !file ? o->screen.file :
		 slash ? slash + 1 : file);
	dwarf_decl_line(die, &line);
	screen_report(&o->screen, kind, name, base, line > 0 ? line : 0);
}

/* Tells of a function, by the linker's NAME, and where it is defined. */
static void tell(struct object *o, enum screen_kind kind, const char *name)
{
	struct wanted wanted = { .name = name };
	if (screen_full(&o->screen, kind))
		return;
	if (!each_definition(o, is_wanted, &wanted)) {
		screen_report(&o->screen, kind, name, o->screen.file, 0);
		return;
	}
	tell_at(o, kind, wanted.name, &wanted.die);
}

/* The function of section SECTION that holds OFFSET, if any. */
static const char *function_at(const struct object *o, size_t section,
			       GElf_Addr offset)
{
	struct symbol s;
	for (size_t i = 1; get_symbol(o, i, &s); i++)
		if (GELF_ST_TYPE(s.entry.st_info) == STT_FUNC && *s.name &&
		    s.entry.st_shndx == section && offset >= s.entry.st_value &&
		    (offset == s.entry.st_value ||
		     offset - s.entry.st_value < s.entry.st_size))
			return s.name;
	return NULL;
}

/* --- what runs without a call -------------------------------------------------- */

/* The kind of the section NAME, whose addresses are called without a call in the code. */
static int kind_of_section(const char *name)
{
	static const struct {
		const char *name;
		enum screen_kind kind;
	} rows[] = {
		{ ".preinit_array", SCREEN_PREINIT },
		{ ".init_array", SCREEN_CONSTRUCTOR },
		{ ".ctors", SCREEN_CONSTRUCTOR },
		{ ".fini_array", SCREEN_DESTRUCTOR },
		{ ".dtors", SCREEN_DESTRUCTOR },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char after = has_prefix(name, rows[i].name) ?
			     name[strlen(rows[i].name)] : 'x';
		if (after == '\0' || after == '.')
			return (int)rows[i].kind;
	}
	return -1;
}

/* Whether NAME, of a function without a place in the source, is the one that
 * gcov has put into such a section: it has one of each kind. */
static bool is_gcovs(struct object *o, enum screen_kind kind, const char *name)
{
	if ((!has_prefix(name, "_sub_I_00100_") &&
	     !has_prefix(name, "_sub_D_00100_")) || o->gcov_seen[kind] ||
	    is_defined(o, name))
		return false;
	o->gcov_seen[kind] = true;
	return true;
}

/* Considers an address in such a section: that of symbol I, or ADDEND bytes
 * from where its section begins. */
static void consider_address(struct object *o, enum screen_kind kind, size_t i,
			     GElf_Sxword addend)
{
	struct symbol s;
	if (screen_full(&o->screen, kind) || !get_symbol(o, i, &s))
		return;
	const char *name = s.name;
	if (GELF_ST_TYPE(s.entry.st_info) == STT_SECTION)
		name = function_at(o, s.entry.st_shndx,
				   s.entry.st_value + (GElf_Addr)addend);
	if (!name || !*name)
		screen_report(&o->screen, kind, "code without a name",
			    o->screen.file, 0);
	else if (!is_gcovs(o, kind, name))
		tell(o, kind, name);
}

/* Considers the relocations of one section, if they are of such addresses. */
static void scan_relocations(struct object *o, Elf_Scn *section,
			     size_t section_names)
{
	GElf_Shdr header, target;
	Elf_Data *table;
	if (!gelf_getshdr(section, &header) || header.sh_type != SHT_RELA ||
	    !gelf_getshdr(elf_getscn(o->elf, header.sh_info), &target))
		return;
	const char *name = elf_strptr(o->elf, section_names, target.sh_name);
	int kind = name ? kind_of_section(name) : -1;
	if (kind < 0 || !(table = elf_getdata(section, NULL)))
		return;
	GElf_Rela entry;
	for (int i = 0; !screen_full(&o->screen, (enum screen_kind)kind) &&
	     gelf_getrela(table, i, &entry); i++)
		consider_address(o, (enum screen_kind)kind,
				 GELF_R_SYM(entry.r_info), entry.r_addend);
}

static void scan_sections(struct object *o)
{
	Elf_Scn *section = NULL;
	size_t names;
	if (elf_getshdrstrndx(o->elf, &names) != 0)
		return;
	while ((section = elf_nextscn(o->elf, section)))
		scan_relocations(o, section, names);
}

/* --- what symbols say --------------------------------------------------- */

/* Whether NAME belongs to what measures the code. */
static bool instrument(const char *name)
{
	static const char *const prefixes[] = {
		"__gcov_", "__llvm_profile", "__asan_", "__lsan_", "__ubsan_",
		"__sanitizer_", "__cyg_profile_func_", "brakes_", "__wrap_",
	};
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++)
		if (has_prefix(name, prefixes[i]))
			return true;
	return false;
}

static bool is_export(const struct object *o, const char *name)
{
	for (size_t i = 0; i < o->exports->n; i++)
		if (strcmp(name, o->exports->name[i]) == 0)
			return true;
	return false;
}

/* Reports an indirect function, at the place of its resolver. */
static void tell_ifunc(struct object *o, const struct symbol *s)
{
	struct wanted resolver = { .name = function_at(
		o, s->entry.st_shndx, s->entry.st_value) };
	if (resolver.name && each_definition(o, is_wanted, &resolver))
		tell_at(o, SCREEN_IFUNC, s->name, &resolver.die);
	else
		tell(o, SCREEN_IFUNC, s->name);
}

/* Considers a symbol that this object defines for others too. */
static void consider_symbol(struct object *o, const struct symbol *s)
{
	bool weak = GELF_ST_BIND(s->entry.st_info) == STB_WEAK;
	if (weak && !screen_full(&o->screen, SCREEN_WEAK) &&
	    is_export(o, s->name))
		tell(o, SCREEN_WEAK, s->name);
	if (call_named(s->name) >= 0)
		tell(o, SCREEN_REDEFINED, s->name);
	else if (instrument(s->name))
		tell(o, SCREEN_INSTRUMENT, s->name);
}

static void scan_symbols(struct object *o)
{
	struct symbol s;
	for (size_t i = 1; get_symbol(o, i, &s); i++) {
		if (s.entry.st_shndx == SHN_UNDEF || !*s.name)
			continue;
		if (GELF_ST_TYPE(s.entry.st_info) == STT_GNU_IFUNC &&
		    !screen_full(&o->screen, SCREEN_IFUNC))
			tell_ifunc(o, &s);
		if (GELF_ST_BIND(s.entry.st_info) != STB_LOCAL)
			consider_symbol(o, &s);
	}
}

/* --- what has no counters ----------------------------------------------- */

/* The names of the functions whose branches gcov counts, in order. */
struct counted {
	struct object *object;
	const char **name;
	size_t n;
};

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Reports DIE when it is a function with code and without counters. */
static bool consider_counters(Dwarf_Die *die, void *data)
{
	struct counted *counted = data;
	struct object *o = counted->object;
	const char *name = linker_name(die);
	if (name && dwarf_tag(die) == DW_TAG_subprogram &&
	    dwarf_hasattr(die, DW_AT_low_pc) &&
	    !bsearch(&name, counted->name, counted->n, sizeof(*counted->name),
		     compare))
		tell_at(o, SCREEN_UNCOUNTED, name, die);
	return screen_full(&o->screen, SCREEN_UNCOUNTED);
}

/* Compares the functions of the source with the counters. An object without any
 * was compiled without them. */
static int scan_counters(struct object *o)
{
	static const char prefix[] = "__gcov0.";
	struct counted counted = { .object = o };
	struct symbol s;
	counted.name = calloc(o->n_symbols + 1, sizeof(*counted.name));
	if (!counted.name)
		return -ENOMEM;
	for (size_t i = 1; get_symbol(o, i, &s); i++)
		if (has_prefix(s.name, prefix))
			counted.name[counted.n++] = s.name + strlen(prefix);
	qsort(counted.name, counted.n, sizeof(*counted.name), compare);
	if (counted.n > 0)
		each_definition(o, consider_counters, &counted);
	free(counted.name);
	return 0;
}

/* --- the whole ---------------------------------------------------------- */

/* The name of the C file that PATH was compiled from. */
static void source_of(const char *path, char source[NAME_MAX_LENGTH])
{
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;
	const char *dot = strrchr(base, '.');
	int n = dot ? (int)(dot - base) : (int)strlen(base);
	snprintf(source, NAME_MAX_LENGTH, "%.*s.c", n, base);
}

int screen_objects(const struct names *objects, const struct names *exports,
		   screen_seen *seen, void *data)
{
	int rc = 0;
	for (size_t i = 0; rc == 0 && i < objects->n; i++) {
		char source[NAME_MAX_LENGTH];
		struct object o = { .exports = exports };
		o.screen = (struct screen){ source, seen, data, { 0 } };
		source_of(objects->name[i], source);
		rc = object_open(&o, objects->name[i]);
		if (rc < 0)
			return rc;
		scan_sections(&o);
		scan_symbols(&o);
		rc = scan_counters(&o);
		object_close(&o);
	}
	return rc;
}
