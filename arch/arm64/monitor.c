// SPDX-License-Identifier: GPL-2.0-only
/*
 * The monitor's questions about the device tree, the page tables and bytes of memory.
 */
#include "arch/arm64/paging.h"
#include "boot/of_fdt.h"
#include "boot/of_reserved_mem.h"
#include "kernel/lib/errno.h"
#include "kernel/lib/monitor.h"
#include "kernel/lib/string.h"
#include "mm/vmstat.h"			/* meminfo_print() */

#include <arch/memory.h>
#include <arch/traps.h>			/* probe_read_byte() */

typedef unsigned long long ull;

static int cmd_dt(int argc, char **argv)
{
	struct of_bank_walk walk = { .reg = { NULL, 0 } };
	const struct reserved_mem *r;
	struct boot_range bank;
	uint64_t base, size;

	(void)argc;
	(void)argv;
	while (of_next_bank(&walk, &bank))
		monitor_print("dt: memory   [mem %#018llx-%#018llx] %s\n", (ull)bank.base,
			      (ull)(bank.base + bank.size - 1), walk.node.name);
	for (unsigned int i = 0; (r = of_reserved_mem_get(i)); i++)
		monitor_print("dt: reserved [mem %#018llx-%#018llx] %s%s\n", (ull)r->base,
			      (ull)(r->base + r->size - 1), r->name, r->nomap ? " (no-map)" : "");
	for (uint32_t i = 0; fdt_reservation(&of_fdt.fdt, i, &base, &size); i++)
		monitor_print("dt: memreserve [mem %#018llx-%#018llx]\n", (ull)base,
			      (ull)(base + size - 1));
	return 0;
}
MONITOR_COMMAND(dt, "", "banks and reserved memory of the device tree", 0, 0, cmd_dt);

static const char *const level_names[] = { "", "4k", "2M", "1G", "512G" };

static int cmd_pt(int argc, char **argv)
{
	struct pt_walk w;
	uint64_t va;

	(void)argc;
	if (!monitor_address(argv[1], &va))
		return -EINVAL;
	pt_walk(va, &w);
	for (unsigned int l = PT_LEVELS; l >= w.level; l--)
		monitor_print("pt: %4s[%3u] %#018llx %s\n", level_names[l], pt_index(va, l),
			      (ull)w.entry[l],
			      !(w.entry[l] & PTE_VALID) ? "nothing" :
			      pt_is_leaf(w.entry[l], l) ? "page" : "table");
	if (w.mapped)
		monitor_print("pt: %#018llx -> %#018llx %s %c%c%s\n", (ull)va, (ull)w.pa,
			      level_names[w.level],
			      w.entry[w.level] & PTE_READONLY ? '-' : 'w',
			      w.entry[w.level] & PTE_PXN ? '-' : 'x',
			      w.entry[w.level] & PTE_CONTIGUOUS ? " contiguous" : "");
	return 0;
}
MONITOR_COMMAND(pt, "VIRTUAL", "walk of the page tables", 1, 1, cmd_pt);

static int cmd_meminfo(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	meminfo_print(monitor_print, arch_report_meminfo);
	return 0;
}
MONITOR_COMMAND(meminfo, "", "totals and DirectMap (/proc/meminfo)", 0, 0, cmd_meminfo);
