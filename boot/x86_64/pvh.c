// SPDX-License-Identifier: GPL-2.0-only
/*
 * PVH's hvm_start_info -> struct boot_info.
 *
 *	 0 magic  4 version  8 flags  12 nr_modules
 *	16 modlist  24 cmdline  32 rsdp			version 0 ends at 40
 *	40 memmap  48 memmap_entries			version 1 ends at 56
 *
 * Pointers are physical addresses of 64 bits; only those below EARLY_MAP_SIZE can be followed.
 * QEMU 7.2 leaves flags, nr_modules, modlist and the modules' command lines uninitialised on
 * pc and q35 when there is no -initrd, so nothing about modules is believed unchecked.
 */
#include "boot/pvh.h"

#include "kernel/lib/align.h"
#include "kernel/lib/errno.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/lib/unaligned.h"
#include "kernel/lib/vsnprintf.h"	/* ksnprintf() */

#include <arch/memory.h>		/* phys_to_virt() */

#define START_INFO_V0	40
#define START_INFO_V1	56
#define MODULE_RECORD	32
#define MAP_RECORD	24
#define VGA_TEXT	0xb8000U
#define BDA_VIDEO_MODE	0x449UL		/* u8 mode, u16 columns */

struct start_info {
	uint32_t	magic;
	uint32_t	version;
	uint32_t	flags;
	uint32_t	nr_modules;
	uint64_t	modlist;
	uint64_t	cmdline;
	uint64_t	rsdp;
	uint64_t	memmap;
	uint32_t	memmap_entries;
	uint32_t	reserved;
};

struct module_record {
	uint64_t	base;
	uint64_t	size;
	uint64_t	cmdline;
	uint64_t	reserved;
};

_Static_assert(sizeof(struct start_info) == START_INFO_V1, "layout");
_Static_assert(sizeof(struct module_record) == MODULE_RECORD, "layout");

/* Bytes that can be read at @pa: up to the image, which has unmapped pages, or EARLY_MAP_SIZE. */
static uint64_t pvh_reach(const struct boot_info *info, uint64_t pa)
{
	if (!pa || pa >= EARLY_MAP_SIZE)		/* 0 is never meant */
		return 0;
	if (pa < info->kernel.base)
		return info->kernel.base - pa;
	return pa < info->kernel.base + info->kernel.size ? 0 : EARLY_MAP_SIZE - pa;
}

bool pvh_recognise(const struct boot_info *info, phys_addr_t pa)
{
	uint32_t magic;

	if (pvh_reach(info, pa) < START_INFO_V0)
		return false;
	memcpy(&magic, phys_to_virt(pa), sizeof(magic));
	return magic == PVH_MAGIC;
}

static int pvh_refuse(struct boot_info *info, const char *why, phys_addr_t pa)
{
	ksnprintf(info->refusal, sizeof(info->refusal), "PVH: start info at %#llx %s",
		  (unsigned long long)pa, why);
	return -EINVAL;
}

static void pvh_take_cmdline(struct boot_info *info, uint64_t pa)
{
	if (!pa)
		return;
	if (!pvh_reach(info, pa)) {
		boot_warn(info, "PVH: command line at %#llx is out of reach; ignored\n",
			  (unsigned long long)pa);
		return;
	}

	size_t most = MIN(pvh_reach(info, pa), 2UL * BOOT_CMDLINE_SIZE);
	const char *text = phys_to_virt(pa);

	if (!boot_copy_text(info->cmdline, sizeof(info->cmdline), text, most))
		boot_warn(info, "PVH: command line is cut to %d bytes\n", BOOT_CMDLINE_SIZE - 1);
	boot_add_extent(info, pa, MIN(strnlen(text, most) + 1, most), "boot command line");
}

/* A count that cannot be: behind the real records lies whatever memory holds, mostly zeroes. */
static uint32_t without_empty_tail(const struct boot_map *map)
{
	struct boot_map_entry entry;
	uint32_t nr = map->nr;

	while (nr && boot_map_entry(map, nr - 1, &entry) && !entry.size)
		nr--;
	return nr;
}

static void pvh_take_map(struct boot_info *info, uint64_t pa, uint32_t nr)
{
	uint32_t said = nr;

	if (nr > PVH_MAX_ENTRIES) {
		boot_warn(info, "PVH: memory map of %u entries; only %u are read\n",
			  nr, PVH_MAX_ENTRIES);
		nr = PVH_MAX_ENTRIES;
	}
	if (!nr || pvh_reach(info, pa) < MAP_RECORD)
		return;
	if (pvh_reach(info, pa) / MAP_RECORD < nr) {
		boot_warn(info, "PVH: memory map at %#llx with %u entries would run into the kernel or 4 GiB; cut\n",
			  (unsigned long long)pa, nr);
		nr = (uint32_t)(pvh_reach(info, pa) / MAP_RECORD);
	}
	info->map = (struct boot_map){
		.records = phys_to_virt(pa),
		.nr	 = nr,
		.stride	 = MAP_RECORD,
		.source	 = "PVH memory map",
	};
	if (nr < said)
		info->map.nr = without_empty_tail(&info->map);
	boot_add_extent(info, pa, (uint64_t)nr * MAP_RECORD, "boot memory map");
}

struct module_list {
	const uint8_t	*records;
	uint32_t	nr;
};

static struct module_record pvh_module(const struct module_list *list, uint32_t i)
{
	struct module_record r;

	memcpy(&r, list->records + (size_t)i * MODULE_RECORD, sizeof(r));
	if (r.size > PHYS_ADDR_MAX - r.base)
		r.size = 0;		/* wraps: cannot be */
	return r;
}

static bool pvh_modules_collide(const void *ctx, struct boot_range *want)
{
	const struct module_list *list = ctx;
	bool moved = false;

	for (uint32_t i = 0; i < list->nr; i++) {
		struct module_record r = pvh_module(list, i);

		moved |= boot_step_over(want, (struct boot_range){ r.base, r.size });
	}
	return moved;
}

static void pvh_take_modules(struct boot_info *info, const struct start_info *si)
{
	uint64_t bytes = (uint64_t)si->nr_modules * MODULE_RECORD;

	if (!si->nr_modules)
		return;
	if (si->nr_modules > PVH_MAX_MODULES || pvh_reach(info, si->modlist) < bytes) {
		boot_warn(info, "PVH: %u modules listed at %#llx cannot be; ignored\n",
			  si->nr_modules, (unsigned long long)si->modlist);
		return;
	}

	struct module_list list = { phys_to_virt(si->modlist), si->nr_modules };

	boot_add_extent(info, si->modlist, bytes, "boot module list");
	boot_room_for_modules(info, list.nr, pvh_modules_collide, &list);
	for (uint32_t i = 0; i < list.nr; i++) {
		struct module_record r = pvh_module(&list, i);
		bool named = pvh_reach(info, r.cmdline) >= BOOT_NAME_SIZE;

		boot_add_module(info, r.base, r.base + r.size,
				named ? phys_to_virt(r.cmdline) : "", named ? BOOT_NAME_SIZE : 0);
	}
}

/*
 * The start info does not speak of a screen.  Where a BIOS has run, its data area says whether it
 * left text of 80 columns behind.
 */
static void pvh_look_for_text(struct boot_info *info)
{
	const struct boot_framebuffer fb = {
		.type = BOOT_SCREEN_TEXT, .base = VGA_TEXT, .pitch = 160, .width = 80, .height = 25,
	};
	const uint8_t *mode = phys_to_virt(BDA_VIDEO_MODE);

	if ((mode[0] == 2 || mode[0] == 3) && get_le16(mode + 1) == fb.width)
		boot_take_screen(info, &fb, "PVH");
}

int boot_info_from_pvh(uint32_t magic, phys_addr_t pa, struct boot_info *info)
{
	struct start_info si = { 0 };

	info->protocol = "PVH";
	if (magic != PVH_MAGIC || !pvh_recognise(info, pa))
		return pvh_refuse(info, "is not there", pa);
	memcpy(&si, phys_to_virt(pa), START_INFO_V0);
	if (si.version < 1)
		return pvh_refuse(info, "is of version 0, which has no memory map", pa);
	if (pvh_reach(info, pa) < START_INFO_V1)
		return pvh_refuse(info, "is out of reach or runs into the kernel", pa);
	memcpy(&si, phys_to_virt(pa), START_INFO_V1);

	boot_add_extent(info, pa, START_INFO_V1, "boot information");
	info->rsdp = si.rsdp;
	pvh_take_cmdline(info, si.cmdline);
	pvh_take_map(info, si.memmap, si.memmap_entries);
	if (!info->map.nr)
		return pvh_refuse(info, "has no memory map", pa);
	pvh_take_modules(info, &si);
	pvh_look_for_text(info);
	return 0;
}
