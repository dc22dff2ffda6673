/* load.c - see load.h. */
#include "load.h"
#include "fault_injection.h"
#include "unwatched.h"
#include "ledger/ledger.h"
#include "protocol/scenario_runner.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

/* Moves FD to a number that no library had before: the loader takes a name
 * that it knows for the library that it knows. */
static int move_up(int fd)
{
	static int next = 100;
	int moved = fcntl(fd, F_DUPFD_CLOEXEC, next);
	if (moved < 0)
		return fd;
	next = moved + 1;
	close(fd);
	return moved;
}

/* Copies the file at FD into memory: a descriptor, or a negative errno. */
static int copy_to_memory(int fd)
{
	struct stat status;
	if (fstat(fd, &status) < 0)
		return -errno;
	int copy = memfd_create("subject", MFD_CLOEXEC);
	if (copy < 0)
		return -errno;
	copy = move_up(copy);
	off_t at = 0;
	while (at < status.st_size) {
		ssize_t n = sendfile(copy, fd, &at, (size_t)(status.st_size - at));
		if (n <= 0) {
			int why = n < 0 ? -errno : -EIO;
			close(copy);
			return why;
		}
	}
	return copy;
}

struct search {
	uintptr_t base;
	int module;
};

/* Tells the watch where the code of the library searched for lies. */
static int tell_range(struct dl_phdr_info *info, size_t size, void *data)
{
	const struct search *search = data;
	(void)size;
	if (info->dlpi_addr != search->base)
		return 0;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &info->dlpi_phdr[i];
		uintptr_t start = search->base + part->p_vaddr;
		if (part->p_type == PT_LOAD && (part->p_flags & PF_X))
			injection_module((uint8_t)search->module, search->base,
				     start, start + part->p_memsz);
	}
	return 1;
}

/* The load address of HANDLE. Source: dlinfo(3), RTLD_DI_LINKMAP. */
static int watch_library(void *handle, int module)
{
	struct link_map *map;
	if (dlinfo(handle, RTLD_DI_LINKMAP, &map) < 0)
		return -EINVAL;
	struct search search = { (uintptr_t)map->l_addr, module };
	return dl_iterate_phdr(tell_range, &search) ? 0 : -ENOENT;
}

/* Whether N bytes of the file at COPY, from OFFSET on, stand at MEMORY. */
static bool same_bytes(int copy, off_t offset, const char *memory, size_t n)
{
	char bytes[4096];
	while (n > 0) {
		size_t part = n < sizeof(bytes) ? n : sizeof(bytes);
		ssize_t got = pread(copy, bytes, part, offset);
		if (got <= 0 || memcmp(bytes, memory, (size_t)got) != 0)
			return false;
		offset += got;
		memory += got;
		n -= (size_t)got;
	}
	return true;
}

/* The file whose code is looked for in memory. */
struct original {
	uintptr_t base;
	int copy;
	bool same;
};

/* Compares the code of one library in memory with its file. */
static int compare_code(struct dl_phdr_info *info, size_t size, void *data)
{
	struct original *original = data;
	(void)size;
	if (info->dlpi_addr != original->base)
		return 0;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &info->dlpi_phdr[i];
		const char *memory = (const char *)original->base +
				     part->p_vaddr;
		if (part->p_type == PT_LOAD && (part->p_flags & PF_X))
			original->same = same_bytes(original->copy,
						    (off_t)part->p_offset,
						    memory, part->p_filesz);
	}
	return 1;
}

/* Whether the loader gave us the library at COPY, and not another one that it
 * took for it. */
static bool is_loaded(void *handle, int copy)
{
	struct link_map *map;
	if (dlinfo(handle, RTLD_DI_LINKMAP, &map) < 0)
		return false;
	struct original original = { (uintptr_t)map->l_addr, copy, false };
	dl_iterate_phdr(compare_code, &original);
	return original.same;
}

/* The table of the library MAP that TAG stands for, NULL for none. The loader
 * turns its offset into an address, on most processors. */
static const void *table_of(const struct link_map *map, ElfW(Sxword) tag)
{
	const ElfW(Dyn) *entry = map->l_ld;
	while (entry->d_tag != DT_NULL && entry->d_tag != tag)
		entry++;
	if (entry->d_tag == DT_NULL)
		return NULL;
	uintptr_t at = entry->d_un.d_ptr;
	return (const void *)(at < map->l_addr ? map->l_addr + at : at);
}

/* How many symbols the library MAP has at most that it does not define. Source:
 * the ELF gABI, DT_HASH: the second number; and of DT_GNU_HASH the second, the
 * first symbol that can be looked up. */
static uint32_t undefined_symbols(const struct link_map *map)
{
	const uint32_t *hash = table_of(map, DT_HASH);
	const uint32_t *gnu_hash = table_of(map, DT_GNU_HASH);
	return hash ? hash[1] : gnu_hash ? gnu_hash[1] : 0;
}

/* Whether a library that calls NAME gets there what the ledger does not see:
 * neither row nor harmless, nor a function of the exercise's. The last three names
 * are called by the libraries of gcov and gcc, which are part of every library; they
 * give nothing that free or close would take back. */
static bool is_unwatched(const char *name)
{
	static const char *const ours[] = { "brakes_", "wrapped_", "__gcov_",
					    "__sanitizer_", "__ubsan_",
					    "__stack_chk_", "mmap",
					    "__pthread_key_create",
					    "__getauxval" };
	for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++)
		if (strncmp(name, ours[i], strlen(ours[i])) == 0)
			return false;
	for (size_t i = 0; harmless_calls[i]; i++)
		if (strcmp(name, harmless_calls[i]) == 0)
			return false;
	void *address = dlsym(RTLD_DEFAULT, name);
	return call_named(name) < 0 && address &&
	       injection_module_of((uintptr_t)address) < 0;
}

/* Looks through the functions that HANDLE calls for one that is not watched. */
static void look_for_unwatched(void *handle)
{
	struct link_map *map;
	if (dlinfo(handle, RTLD_DI_LINKMAP, &map) < 0)
		return;
	const ElfW(Sym) *symbols = table_of(map, DT_SYMTAB);
	const char *names = table_of(map, DT_STRTAB);
	uint32_t n = symbols && names ? undefined_symbols(map) : 0;
	for (uint32_t i = 1; i < n; i++)
		if (symbols[i].st_shndx == SHN_UNDEF &&
		    is_unwatched(names + symbols[i].st_name)) {
			unwatched_expect();
			return;
		}
}

/* Loads what is found under NAME, which is a copy of the library at PATH. */
static void *load_named(const char *name, const char *path, int module)
{
	void *handle = dlopen(name, RTLD_NOW | RTLD_GLOBAL);
	bool watched = handle && module >= 0 &&
		       watch_library(handle, module) == 0;
	if (watched && module < WATCHED_MODULES)
		look_for_unwatched(handle);
	if (watched || (handle && module < 0))
		return handle;
	fprintf(stderr, "%s: %s\n", path, handle ? "no code" : dlerror());
	return NULL;
}

void *load_library(const char *path, int module)
{
	/* A debugger wants the file itself. */
	if (getenv(LOAD_IN_PLACE))
		return load_named(path, path, module);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int copy = fd < 0 ? -errno : copy_to_memory(fd);
	if (fd >= 0)
		close(fd);
	if (copy < 0) {
		fprintf(stderr, "%s: %s\n", path, strerror(-copy));
		return NULL;
	}
	char name[32];
	snprintf(name, sizeof(name), "/proc/self/fd/%d", copy);
	void *handle = load_named(name, path, module);
	if (handle && !is_loaded(handle, copy)) {
		fprintf(stderr, "%s: another library was loaded for it\n", path);
		handle = NULL;
	}
	close(copy);
	return handle;
}

void load_counters_into(const char *folder)
{
	setenv("GCOV_PREFIX", folder, 1);
	setenv("GCOV_PREFIX_STRIP", "999", 1);
}
