// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes as a multiboot2 block.  The parser may refuse it; what it lets through must be
 * terminated, inside its bounds, and free of overlaps that were not refused.
 */
#include "fuzz.h"
#include "boot/multiboot2.h"
#include "host_phys.h"

#include <string.h>

static struct boot_info info;

static void check_info(void)
{
	struct boot_map_entry entry;
	uint32_t n = 0;

	check(memchr(info.cmdline, 0, sizeof(info.cmdline)));
	check(memchr(info.loader, 0, sizeof(info.loader)));
	check(info.nr_modules <= info.module_room && info.nr_extents <= BOOT_EXTENTS_MAX);
	while (boot_map_entry(&info.map, n, &entry))
		n++;
	check(n == info.map.nr);
	for (uint32_t i = 0; i < info.nr_modules; i++) {
		const struct boot_module *m = &info.modules[i];

		check(m->range.size && memchr(m->name, 0, sizeof(m->name)));
		check(m->refused || !boot_overlap(m->range, info.kernel));
		for (uint32_t k = 0; k < i && k < 64 && !m->refused; k++)
			check(!boot_overlap(m->range, info.modules[k].range));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);	/* exact size: ASan sees the byte behind */

	if (host_phys_size != 1ULL << 32)
		host_phys_init(1ULL << 32);
	memcpy(copy, data, size);
	boot_info_init(&info, 0x100000, 0x80000);
	if (mb2_parse(copy, size, 0x10000, &info) == 0)
		check_info();
	else
		check(info.refusal[0]);
	if (info.modules != info.module_store)
		host_phys_reset();
	free(copy);
	return 0;
}
