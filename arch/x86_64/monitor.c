// SPDX-License-Identifier: GPL-2.0-only
/*
 * The monitor's questions about the map, the page tables and bytes of memory.
 */
#include "arch/x86_64/e820.h"
#include "arch/x86_64/iomem.h"
#include "arch/x86_64/paging.h"
#include "kernel/lib/errno.h"
#include "kernel/lib/monitor.h"
#include "kernel/lib/sections.h"
#include "kernel/lib/string.h"
#include "mm/vmstat.h"

#include <arch/map.h>
#include <arch/memory.h>

static int cmd_e820(int argc, char **argv)
{
	const char *which = argc > 1 ? argv[1] : "user";
	enum arch_map_stage stage = ARCH_MAP_IN_USE;
	struct arch_map_entry e;

	if (!strcmp(which, "given"))
		stage = ARCH_MAP_GIVEN;
	else if (!strcmp(which, "sane"))
		stage = ARCH_MAP_SANE;
	else if (strcmp(which, "user"))
		return -EINVAL;
	for (uint32_t i = 0; arch_map_entry(stage, i, &e); i++)
		monitor_print("%s: [mem %#018llx-%#018llx] %s\n", which,
			      (unsigned long long)e.base, (unsigned long long)(e.base + e.size - 1),
			      e820_type_name(e.type));
	return 0;
}
MONITOR_COMMAND(e820, "[given|sane|user]", "the firmware's map: raw, sanitised, as used", 0, 1,
		cmd_e820);

static int cmd_iomem(int argc, char **argv)
{
	const struct iomem_part image[] = {
		{ "Kernel code", virt_to_phys(_text), (phys_addr_t)(_etext - _text) },
		{ "Kernel rodata", virt_to_phys(__start_rodata),
		  (phys_addr_t)(__end_rodata - __start_rodata) },
		{ "Kernel data", virt_to_phys(_sdata), (phys_addr_t)(_edata - _sdata) },
		{ "Kernel bss", virt_to_phys(__bss_start), (phys_addr_t)(__bss_stop - __bss_start) },
	};

	(void)argc;
	(void)argv;
	iomem_print(image, ARRAY_SIZE(image), monitor_print);
	return 0;
}
MONITOR_COMMAND(iomem, "", "RAM and what is reserved of the map (/proc/iomem)", 0, 0, cmd_iomem);

static int cmd_memmap(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	firmware_map_print(monitor_print);
	return 0;
}
MONITOR_COMMAND(memmap, "", "the firmware's map (/sys/firmware/memmap)", 0, 0, cmd_memmap);

static int cmd_pt(int argc, char **argv)
{
	uint64_t va;

	if (argc == 1) {
		pt_dump_ranges(monitor_print);
		return 0;
	}
	if (!monitor_address(argv[1], &va))
		return -EINVAL;
	pt_dump_walk(va, monitor_print);
	return 0;
}
MONITOR_COMMAND(pt, "[VIRTUAL]", "walk of the page tables, or all that is mapped", 0, 1, cmd_pt);

static int cmd_meminfo(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	meminfo_print(monitor_print, arch_report_meminfo);
	return 0;
}
MONITOR_COMMAND(meminfo, "", "totals and DirectMap (/proc/meminfo)", 0, 0, cmd_meminfo);

/*
 * Where the byte can be read: a kernel address as it is, a physical one in the direct map.
 * NULL if it is not mapped.
 */
static const uint8_t *readable(uint64_t addr)
{
	struct pt_walk w;

	if (addr >> 63)
		return pt_walk(addr, &w) && !w.uncached ? (const uint8_t *)addr : NULL;
	return direct_map_covers(addr, addr + 1) ? phys_to_virt(addr) : NULL;
}

static void dump_line(uint64_t addr, uint64_t count)
{
	char text[17] = "";

	monitor_print("%016llx ", (unsigned long long)addr);
	for (unsigned int i = 0; i < 16; i++) {
		const uint8_t *byte = i < count ? readable(addr + i) : NULL;

		text[i] = byte && *byte >= ' ' && *byte < 0x7f ? (char)*byte : '.';
		if (byte)
			monitor_print(" %02x", *byte);
		else
			monitor_print(i < count ? " ??" : "   ");
	}
	monitor_print("  %s\n", text);
}

#define DUMP_MAX	4096

static int cmd_x(int argc, char **argv)
{
	uint64_t addr, count = 64;

	if (!monitor_address(argv[1], &addr) || (argc > 2 && !monitor_number(argv[2], &count)))
		return -EINVAL;
	if (count > DUMP_MAX || addr > UINT64_MAX - DUMP_MAX) {
		monitor_print("at most %d bytes, below the end of the address space\n", DUMP_MAX);
		return 0;
	}
	for (uint64_t at = 0; at < count; at += 16)
		dump_line(addr + at, count - at);
	return 0;
}
MONITOR_COMMAND(x, "ADDR [BYTES]", "bytes at a physical or kernel address; ?? is not mapped", 1, 2,
		cmd_x);
