// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes behind the image, as boot_params and what follows: every pointer in them may lead
 * back into them or anywhere else.
 */
#include "fuzz.h"
#include "arch/x86_64/image.h"
#include "boot/linux_params.h"
#include "boot/loader.h"
#include "host_phys.h"

#include <arch/memory.h>
#include <arch/paging.h>

#include <string.h>

#define IMAGE	0x100000UL
#define AT	0x101000UL

static struct boot_info info;

static void walk_info(void)
{
	struct boot_map_entry entry;

	for (uint32_t i = 0; boot_map_entry(&info.map, i, &entry); i++)
		;
	for (uint32_t i = 0; i < info.efi.bytes; i += info.efi.desc_size)
		(void)*(volatile const uint8_t *)(info.efi.descs + i);
	if (!memchr(info.cmdline, 0, sizeof(info.cmdline)) || info.nr_modules > 1 ||
	    info.nr_extents > BOOT_EXTENTS_MAX)
		abort();
	for (uint32_t i = 0; i < info.nr_extents; i++)
		if (info.extents[i].range.size > PHYS_ADDR_MAX - info.extents[i].range.base)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static size_t dirty;
	uint32_t magic = LINUX_MAGIC;

	if (host_phys_size != 1ULL << 33) {
		host_phys_init(1ULL << 33);
		early_paging_init();
	}
	if (size > 0x10000)
		return 0;
	memset(phys_to_virt(AT), 0, dirty);
	memcpy(phys_to_virt(AT), data, size);
	memcpy((uint8_t *)phys_to_virt(AT) + 0x202, &magic, sizeof(magic));
	dirty = size > 0x206 ? size : 0x206;

	boot_info_init(&info, IMAGE, AT - IMAGE);
	info.phys_end = 1ULL << 33;
	if (boot_info_from_loader(LINUX_MAGIC, AT, &info) == 0)
		walk_info();
	else if (!info.refusal[0])
		abort();
	if (info.map.records && info.map.records != info.basic_map &&
	    virt_to_phys(info.map.records) >= AT + 0x2000) {
		host_phys_reset();
		early_paging_init();
	}
	return 0;
}
