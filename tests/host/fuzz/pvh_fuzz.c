// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes in low memory, the first of them PVH's start info: pointers may point back into
 * them or anywhere else.
 */
#include "fuzz.h"
#include "boot/pvh.h"
#include "boot/loader.h"
#include "host_phys.h"

#include <arch/memory.h>

#include <string.h>

#define AT	0x1000UL

static struct boot_info info;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static size_t dirty;
	struct boot_map_entry entry;
	uint32_t magic = PVH_MAGIC;

	if (host_phys_size != 1ULL << 32)
		host_phys_init(1ULL << 32);
	if (size > 0x10000)
		return 0;
	memset(phys_to_virt(AT), 0, dirty);
	memcpy(phys_to_virt(AT), data, size);
	memcpy(phys_to_virt(AT), &magic, sizeof(magic));
	dirty = size;

	boot_info_init(&info, 0x100000, 0x80000);
	if (boot_info_from_loader(0, AT, &info) != 0) {
		if (!info.refusal[0])
			abort();
		return 0;
	}
	for (uint32_t i = 0; boot_map_entry(&info.map, i, &entry); i++)
		;
	if (!memchr(info.cmdline, 0, sizeof(info.cmdline)) || info.nr_modules > info.module_room)
		abort();
	for (uint32_t i = 0; i < info.nr_modules; i++)
		if (!info.modules[i].range.size)
			abort();
	if (info.modules != info.module_store)
		host_phys_reset();
	return 0;
}
