// SPDX-License-Identifier: GPL-2.0-only
/*
 * UEFI firmware for the EFI stub on a host (see efi_firmware.h).
 */
#define _GNU_SOURCE
#include "efi_firmware.h"

#include "boot/efi/efi_internal.h"
#include "boot/x86_64/boot_params.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define PAGES		(FIRMWARE_RAM / EFI_PAGE_SIZE)
#define FILE_HEADER	4096UL		/* of the loaded file; then the kernel */
#define FILE_SIZE	(FILE_HEADER + FIRMWARE_KERNEL_SIZE)

struct firmware_whims firmware_whims;
struct firmware_state firmware;
uint8_t *firmware_ram;

static uint32_t types[PAGES];
static uint64_t key;
static uint64_t top;			/* pages below are given out first */
static bool leaving;			/* after the first try to end boot services */
static jmp_buf back;

static void wrong(const char *what)
{
	fprintf(stderr, "efi_firmware: the stub %s\n", what);
	abort();
}

static void only_before_the_end(void)
{
	if (firmware.ended || leaving)
		wrong("calls a service that is gone");
}

/* ---- memory ------------------------------------------------------------------------------- */

uint32_t firmware_type_at(uint64_t pa)
{
	const uint64_t page = (pa - (uintptr_t)firmware_ram) / EFI_PAGE_SIZE;

	return page < PAGES ? types[page] : EFI_RESERVED;
}

static bool all_free(uint64_t page, uint64_t pages)
{
	if (page >= PAGES || pages > PAGES - page)
		return false;
	for (uint64_t i = 0; i < pages; i++)
		if (types[page + i] != EFI_CONVENTIONAL)
			return false;
	return true;
}

static efi_status_t give(uint64_t page, uint64_t pages, uint32_t type, uint64_t *memory)
{
	for (uint64_t i = 0; i < pages; i++)
		types[page + i] = type;
	*memory = (uintptr_t)firmware_ram + page * EFI_PAGE_SIZE;
	memset(firmware_ram + page * EFI_PAGE_SIZE, 0xa5, pages * EFI_PAGE_SIZE);
	key++;
	return EFI_SUCCESS;
}

static efi_status_t EFIAPI allocate_pages(enum efi_allocate how, uint32_t type, uint64_t pages,
					  uint64_t *memory)
{
	const uint64_t ram = (uintptr_t)firmware_ram;

	only_before_the_end();
	if (!pages || type > EFI_LOADER_DATA || type < EFI_LOADER_CODE)
		wrong("asks for no pages, or for firmware's own");
	if (!firmware_whims.allocations)
		return EFI_OUT_OF_RESOURCES;
	firmware_whims.allocations--;
	if (how == EFI_ALLOCATE_ADDRESS) {
		if (*memory < ram || !all_free((*memory - ram) / EFI_PAGE_SIZE, pages))
			return EFI_NOT_FOUND;
		return give((*memory - ram) / EFI_PAGE_SIZE, pages, type, memory);
	}
	for (uint64_t page = top; page-- > 0;)
		if (pages <= PAGES && all_free(page, pages) && (how == EFI_ALLOCATE_ANY ||
		    ram + (page + pages) * EFI_PAGE_SIZE - 1 <= *memory))
			return give(page, pages, type, memory);
	return EFI_OUT_OF_RESOURCES;
}

static uint64_t put_desc(uint8_t *map, uint64_t n, uint32_t type, uint64_t base, uint64_t pages)
{
	uint8_t *d = map + n * firmware_whims.desc_size;
	const uint64_t attr = 0xf;

	memset(d, 0xee, firmware_whims.desc_size);
	memcpy(d, &type, 4);
	memcpy(d + 8, &base, 8);
	memcpy(d + 24, &pages, 8);
	memcpy(d + 32, &attr, 8);
	return n + 1;
}

/* Every run of pages of one type, then the strange ones. */
static uint64_t write_map(uint8_t *map)
{
	uint64_t n = 0;

	for (uint64_t page = 0, first = 0; page < PAGES; page++) {
		if (page + 1 < PAGES && types[page + 1] == types[first])
			continue;
		n = put_desc(map, n, types[first], (uintptr_t)firmware_ram + first * EFI_PAGE_SIZE,
			     page + 1 - first);
		first = page + 1;
	}
	for (uint64_t i = 0; i < firmware_whims.strange_descs; i++)
		n = put_desc(map, n, i % 2 ? EFI_CONVENTIONAL : EFI_RESERVED,
			     (4UL << 30) + i * 0x10000, 16);
	return n * firmware_whims.desc_size;
}

static efi_status_t EFIAPI get_memory_map(uint64_t *bytes, void *map, uint64_t *map_key,
					  uint64_t *desc_size, uint32_t *version)
{
	static uint8_t now[1 << 20];
	const bool lies = firmware_whims.map;
	const uint64_t need = lies ? firmware_whims.map_bytes : write_map(now);
	const uint64_t room = *bytes;

	if (firmware.ended)
		wrong("asks for the map when boot services have ended");
	*bytes = need;
	*desc_size = firmware_whims.desc_size;
	*version = 1;
	if (room < need)
		return EFI_BUFFER_TOO_SMALL;
	if (need)
		memcpy(map, lies ? firmware_whims.map : now, need);
	*map_key = key;
	return EFI_SUCCESS;
}

static efi_status_t EFIAPI exit_boot_services(efi_handle_t image, uint64_t map_key)
{
	(void)image;
	leaving = true;
	if (firmware_whims.key_changes) {
		firmware_whims.key_changes--;
		key++;
	}
	if (map_key != key)
		return EFI_INVALID_PARAMETER;
	firmware.ended = true;
	return EFI_SUCCESS;
}

static efi_status_t EFIAPI free_pool(void *buffer)
{
	only_before_the_end();
	free(buffer);
	return EFI_SUCCESS;
}

/* ---- console ------------------------------------------------------------------------------ */

static efi_status_t EFIAPI output_string(struct efi_text_output *self, const efi_char16_t *text)
{
	size_t len = strlen(firmware.said);

	(void)self;
	only_before_the_end();
	for (; *text && len < sizeof(firmware.said) - 1; text++)
		firmware.said[len++] = (char)*text;
	firmware.said[len] = '\0';
	return EFI_SUCCESS;
}

static struct efi_text_output out = { NULL, output_string };

/* ---- files -------------------------------------------------------------------------------- */

struct open_file {
	struct efi_file			file;
	const struct firmware_file	*what;
	uint64_t			at;
};

static struct open_file opened[FIRMWARE_FILES];
static struct efi_file root;

static efi_status_t EFIAPI file_open(struct efi_file *self, struct efi_file **file,
				     const efi_char16_t *name, uint64_t mode, uint64_t attributes)
{
	char path[256];
	size_t n = 0;

	(void)self, (void)attributes;
	only_before_the_end();
	if (mode != EFI_FILE_READ)
		wrong("opens a file to write");
	for (; name[n] && n < sizeof(path) - 1; n++)
		path[n] = (char)name[n];
	path[n] = '\0';
	for (int i = 0; i < FIRMWARE_FILES; i++) {
		const struct firmware_file *f = &firmware_whims.files[i];

		if (!f->path || strcmp(f->path, path) != 0)
			continue;
		opened[i] = (struct open_file){ root, f, 0 };
		*file = &opened[i].file;
		return EFI_SUCCESS;
	}
	return EFI_NOT_FOUND;
}

static efi_status_t EFIAPI file_close(struct efi_file *self)
{
	(void)self;
	only_before_the_end();
	return EFI_SUCCESS;
}

static efi_status_t EFIAPI file_read(struct efi_file *self, uint64_t *bytes, void *buffer)
{
	struct open_file *f = (struct open_file *)(void *)self;
	const uint64_t left = f->what->size - f->at, most = firmware_whims.read_at_most;

	*bytes = *bytes < left ? *bytes : left;
	if (most && *bytes > most)
		*bytes = most;
	memcpy(buffer, (const uint8_t *)f->what->data + f->at, *bytes);
	f->at += *bytes;
	return EFI_SUCCESS;
}

static efi_status_t EFIAPI file_where(struct efi_file *self, uint64_t *position)
{
	*position = ((struct open_file *)(void *)self)->at;
	return EFI_SUCCESS;
}

static efi_status_t EFIAPI file_seek(struct efi_file *self, uint64_t position)
{
	struct open_file *f = (struct open_file *)(void *)self;

	f->at = position == EFI_FILE_END ? f->what->size : position;
	return EFI_SUCCESS;
}

static struct efi_file root = {
	1, file_open, file_close, NULL, file_read, NULL, file_where, file_seek
};

static efi_status_t EFIAPI open_volume(struct efi_file_system *self, struct efi_file **file)
{
	(void)self;
	*file = &root;
	return EFI_SUCCESS;
}

static struct efi_file_system volume = { 1, open_volume };

static efi_status_t EFIAPI load_file(struct efi_load_file2 *self, struct efi_device_path *path,
				     bool boot_policy, uint64_t *bytes, void *buffer)
{
	const uint64_t room = *bytes;

	(void)self, (void)path;
	if (boot_policy)
		wrong("boots by LoadFile2");
	*bytes = firmware_whims.offered_size;
	if (!buffer || room < *bytes)
		return EFI_BUFFER_TOO_SMALL;
	memcpy(buffer, firmware_whims.offered, *bytes);
	return EFI_SUCCESS;
}

static struct efi_load_file2 offer = { load_file };

/* ---- protocols ---------------------------------------------------------------------------- */

static struct efi_loaded_image loaded;
static struct efi_graphics_output graphics;

static efi_status_t EFIAPI handle_protocol(efi_handle_t handle, const struct efi_guid *guid,
					   void **interface)
{
	only_before_the_end();
	switch (guid->a) {
	case 0x5b1b31a1:
		*interface = &loaded;
		return EFI_SUCCESS;
	case 0x964e5b22:
		*interface = &volume;
		return handle == &volume ? EFI_SUCCESS : EFI_UNSUPPORTED;
	case 0x4006c0c1:
		*interface = &offer;
		return EFI_SUCCESS;
	case 0x9042a9de:
		*interface = &graphics;
		return EFI_SUCCESS;
	default:
		return EFI_UNSUPPORTED;
	}
}

static efi_status_t EFIAPI locate_device_path(const struct efi_guid *guid,
					      struct efi_device_path **path, efi_handle_t *handle)
{
	(void)guid;
	only_before_the_end();
	if (!firmware_whims.offered)
		return EFI_NOT_FOUND;
	*path = (void *)((uint8_t *)*path + 20);
	*handle = &offer;
	return EFI_SUCCESS;
}

static efi_status_t EFIAPI locate_handle_buffer(enum efi_locate how, const struct efi_guid *guid,
						void *search_key, uint64_t *nr,
						efi_handle_t **handles)
{
	(void)how, (void)guid, (void)search_key;
	only_before_the_end();
	if (!firmware_whims.mode)
		return EFI_NOT_FOUND;
	*handles = malloc(sizeof(**handles));
	(*handles)[0] = &graphics;
	*nr = 1;
	return EFI_SUCCESS;
}

/* ---- the machine -------------------------------------------------------------------------- */

static struct efi_boot_services services = {
	.allocate_pages = allocate_pages, .get_memory_map = get_memory_map, .free_pool = free_pool,
	.handle_protocol = handle_protocol, .locate_device_path = locate_device_path,
	.exit_boot_services = exit_boot_services, .locate_handle_buffer = locate_handle_buffer,
};
static const struct efi_configuration_table tables[] = {
	{ { 0xeb9d2d30, 0x2d88, 0x11d3, { 0x9a, 0x16, 0, 0x90, 0x27, 0x3f, 0xc1, 0x4d } },
	  (void *)0xe0000 },
	{ { 0x8868e871, 0xe4f1, 0x11d3, { 0xbc, 0x22, 0, 0x80, 0xc7, 0x3c, 0x88, 0x81 } },
	  (void *)0x7b7e014 },
};
static struct efi_system_table systab = {
	.out = &out, .boot = &services, .nr_tables = 2, .tables = tables,
};

void firmware_new(void)
{
	if (!firmware_ram) {
		/* Some spare, so that HOME can be at a multiple of 2 MiB plus 1 MiB. */
		const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT;
		const uintptr_t at = (uintptr_t)mmap(NULL, FIRMWARE_RAM + (2UL << 20),
						     PROT_READ | PROT_WRITE, flags, -1, 0);

		firmware_ram = (uint8_t *)((at + (2UL << 20) - 1) & ~((2UL << 20) - 1));
	}
	firmware_whims = (struct firmware_whims){ .desc_size = 48, .at_home = EFI_CONVENTIONAL,
						  .allocations = 1000, .has_volume = true };
	firmware = (struct firmware_state){ 0 };
	leaving = false;
	top = PAGES - FILE_SIZE / EFI_PAGE_SIZE;
	for (uint64_t i = 0; i < PAGES; i++)
		types[i] = i < top ? EFI_CONVENTIONAL : EFI_LOADER_CODE;
}

static void put(uint8_t *at, uint64_t value, size_t bytes)
{
	memcpy(at, &value, bytes);
}

static uint8_t *load(void)
{
	uint8_t *file = firmware_ram + FIRMWARE_RAM - FILE_SIZE;

	memset(file, 0, FILE_HEADER);
	file[SETUP_SECTS] = FILE_HEADER / 512 - 1;
	put(file + SYSSIZE, FIRMWARE_KERNEL_SIZE / 16, 4);
	put(file + HEADER_JUMP, 0x6aeb, 2);
	put(file + HEADER_MAGIC, 0x53726448, 4);
	put(file + PROTOCOL, 0x20f, 2);
	put(file + SETUP_DATA, 0xdeadbeef, 8);		/* as QEMU leaves it */
	put(file + PREF_ADDRESS, (uintptr_t)firmware_ram + FIRMWARE_HOME, 8);
	put(file + INIT_SIZE, 2 * FIRMWARE_KERNEL_SIZE, 4);
	for (uint64_t i = 0; i < FIRMWARE_KERNEL_SIZE; i++)
		file[FILE_HEADER + i] = (uint8_t)(i * 7 + (i >> 8));
	return file;
}

void firmware_start(void)
{
	const uint64_t home = FIRMWARE_HOME / EFI_PAGE_SIZE;

	for (uint64_t i = 0; i < 4; i++)
		types[home + i] = firmware_whims.at_home;
	graphics.mode = firmware_whims.mode;
	loaded = (struct efi_loaded_image){
		.device = firmware_whims.has_volume ? &volume : NULL,
		.file_path = firmware_whims.own_path,
		.options = firmware_whims.options,
		.options_bytes = firmware_whims.options_bytes,
		.base = load(),
		.size = firmware_whims.loaded_bytes ? firmware_whims.loaded_bytes : FILE_SIZE,
	};
	if (!setjmp(back))
		firmware.status = efi_entry(&loaded, &systab);
}

/* ---- what is assembly in the stub ---------------------------------------------------------- */

void efi_jump(uint64_t entry, const void *params);
void efi_end_qemu(void);

void efi_jump(uint64_t entry, const void *params)
{
	if (!firmware.ended)
		wrong("enters the kernel with firmware still there");
	firmware.entered = true;
	firmware.entry = entry;
	firmware.params = params;
	longjmp(back, 1);
}

void efi_end_qemu(void)
{
	firmware.refused = true;
}
