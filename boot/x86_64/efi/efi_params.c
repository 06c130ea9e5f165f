// SPDX-License-Identifier: GPL-2.0-only
/*
 * boot_params as Linux's EFI stub fills it: the file's setup header, what firmware told, and an
 * e820 map out of the EFI map, which goes along.
 */
#include "boot/x86_64/efi/efi_params.h"

#include "boot/boot_info_efi.h"
#include "boot/linux_params.h"
#include "boot/x86_64/boot_params.h"
#include "kernel/lib/string.h"

static void put(uint8_t *params, size_t at, uint64_t value, size_t bytes)
{
	memcpy(params + at, &value, bytes);
}

static void put_split(uint8_t *params, size_t low, size_t high, uint64_t value)
{
	put(params, low, value, 4);
	put(params, high, value >> 32, 4);
}

/* ---- the screen ------------------------------------------------------------------------------ */

/* A colour's bits stand together: their number, and the first. */
static void put_colour(uint8_t *params, size_t at, uint32_t mask)
{
	if (!mask)
		return;
	params[at] = (uint8_t)(32 - __builtin_clz(mask) - __builtin_ctz(mask));
	params[at + 1] = (uint8_t)__builtin_ctz(mask);
}

static void put_screen(uint8_t *params, const struct efi_screen *screen)
{
	const struct boot_framebuffer *fb = &screen->fb;

	if (!fb->bpp || fb->pitch > UINT16_MAX || fb->width > UINT16_MAX || fb->height > UINT16_MAX)
		return;
	params[VIDEO_TYPE] = VIDEO_EFI;
	put(params, LFB_WIDTH, fb->width, 2);
	put(params, LFB_HEIGHT, fb->height, 2);
	put(params, LFB_DEPTH, fb->bpp, 2);
	put_split(params, LFB_BASE, LFB_EXT_BASE, fb->base);
	put(params, LFB_CAPABLE, fb->base >> 32 ? LFB_64BIT_BASE : 0, 4);
	put(params, LFB_SIZE, (uint64_t)fb->pitch * fb->height, 4);
	put(params, LFB_PITCH, fb->pitch, 2);
	put_colour(params, LFB_COLOURS, screen->red);
	put_colour(params, LFB_COLOURS + 2, screen->green);
	put_colour(params, LFB_COLOURS + 4, screen->blue);
	put_colour(params, LFB_COLOURS + 6, screen->unused);
}

/* ---- all but the map ------------------------------------------------------------------------- */

void efi_fill_params(uint8_t *params, const uint8_t *file, const struct efi_stub *stub,
		     uint64_t cmdline)
{
	const size_t header_end = HEADER_JUMP + 2U + file[HEADER_JUMP + 1];

	memset(params, 0, LINUX_PARAMS_SIZE);
	memcpy(params + SETUP_SECTS, file + SETUP_SECTS, header_end - SETUP_SECTS);
	params[LOADER_TYPE] = LOADER_EFI_STUB;
	put(params, VID_MODE, 0xffff, 2);
	put(params, SETUP_DATA, 0, 8);		/* the file's may be of another loader */
	put_split(params, CMD_LINE, EXT_CMD_LINE, cmdline);
	put_split(params, RAMDISK, EXT_RAMDISK, stub->initrd.size ? stub->initrd.base : 0);
	put_split(params, RAMDISK + 4, EXT_RAMDISK + 4, stub->initrd.size);
	put(params, ACPI_RSDP, stub->rsdp, 8);
	put_screen(params, &stub->screen);
}

/* ---- the map --------------------------------------------------------------------------------- */

struct record {
	uint64_t	base;
	uint64_t	size;
	uint32_t	type;
};

uint64_t efi_node_size(uint64_t descs)
{
	return NODE_HEADER + descs * BOOT_MAP_RECORD;
}

/* Write record number @n; return the next number. */
static uint32_t put_record(uint8_t *params, uint8_t *node, uint32_t n, const struct record *r)
{
	uint8_t *to = n < E820_MAX ? params + E820_TABLE + n * BOOT_MAP_RECORD :
				     node + NODE_HEADER + (n - E820_MAX) * BOOT_MAP_RECORD;

	memcpy(to, &r->base, 8);
	memcpy(to + 8, &r->size, 8);
	memcpy(to + 16, &r->type, 4);
	return n + 1;
}

static uint32_t put_records(uint8_t *params, uint8_t *node, const struct boot_efi_map *map)
{
	struct record r = { 0, 0, 0 };
	struct efi_desc desc;
	uint32_t n = 0;

	for (uint32_t i = 0; efi_map_desc(map, i, &desc); i++) {
		const uint32_t type = efi_map_type(&desc);

		if (!desc.size)
			continue;
		if (r.size && r.type == type && r.base + r.size == desc.base) {
			r.size += desc.size;
			continue;
		}
		if (r.size)
			n = put_record(params, node, n, &r);
		r = (struct record){ desc.base, desc.size, type };
	}
	return r.size ? put_record(params, node, n, &r) : n;
}

void efi_fill_map(uint8_t *params, const struct efi_stub *stub, uint8_t *node)
{
	const struct boot_efi_map *map = &stub->map;
	const uint32_t n = put_records(params, node, map);

	params[E820_ENTRIES] = (uint8_t)(n < E820_MAX ? n : E820_MAX);
	if (n > E820_MAX) {
		put(node, 0, 0, 8);
		put(node, 8, NODE_E820_EXT, 4);
		put(node, 12, (n - E820_MAX) * BOOT_MAP_RECORD, 4);
		put(params, SETUP_DATA, (uintptr_t)node, 8);
	}
	memcpy(params + EFI_SIGNATURE, "EL64", 4);
	put_split(params, EFI_SYSTAB, EFI_SYSTAB_HI, (uintptr_t)stub->systab);
	put(params, EFI_DESC_SIZE, map->desc_size, 4);
	put(params, EFI_VERSION, map->version, 4);
	put_split(params, EFI_MAP, EFI_MAP_HI, map->pa);
	put(params, EFI_MAP_SIZE, map->bytes, 4);
}
