// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tables after they were made: questions, and rights that are taken away.
 */
#include "arch/arm64/paging.h"
#include "arch/arm64/paging/paging_internal.h"
#include "kernel/lib/align.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/sections.h"

#include <arch/memory.h>
#include <asm/sysreg.h>

bool pt_walk(uint64_t va, struct pt_walk *w)
{
	phys_addr_t table = virt_to_phys(static_tables.root);
	uint64_t entry;

	*w = (struct pt_walk){ .level = PT_LEVELS };
	if (va < PAGE_OFFSET)
		return false;
	for (;; w->level--) {
		entry = w->entry[w->level] =
			table_window(table, w->level)[pt_index(va, w->level)];
		if (!(entry & PTE_VALID) || pt_is_leaf(entry, w->level))
			break;
		table = entry & PTE_ADDR;
	}
	w->mapped = entry & PTE_VALID;
	if (w->mapped)
		w->pa = (entry & PTE_ADDR) + va % pt_size(w->level);
	return w->mapped;
}

bool direct_map_covers(phys_addr_t start, phys_addr_t end)
{
	struct pt_walk w;

	if (!paging.live || start < memstart_addr || end - memstart_addr > PAGE_END - PAGE_OFFSET)
		return false;
	for (phys_addr_t pa = start; pa < end;
	     pa = ALIGN_DOWN(pa, pt_size(w.level)) + pt_size(w.level))
		if (!pt_walk((uint64_t)phys_to_virt(pa), &w))
			return false;
	return true;
}

phys_addr_t get_max_mapped(void)
{
	return paging.max_mapped;
}

/* Linux differs: its /proc/meminfo has no such lines here. */
void arch_report_meminfo(int (*print)(const char *fmt, ...))
{
	print("DirectMap4k:    %8lu kB\n", paging.direct[PT_4K] << 2);
	print("DirectMap2M:    %8lu kB\n", paging.direct[PT_2M] << 11);
	print("DirectMap1G:    %8lu kB\n", paging.direct[PT_1G] << 20);
}

/* ---- law 8 --------------------------------------------------------------------------- */

/* Leaves below @table, entries of @level, that are writable and executable. */
static unsigned long check_leaves(uint64_t entry, unsigned int level)
{
	return pt_is_leaf(entry, level) && !(entry & PTE_READONLY) && !(entry & PTE_PXN);
}

/* All tables, by a counter a level instead of recursion. */
unsigned long paging_check(void)
{
	phys_addr_t table[PT_LEVELS + 1] = { [PT_LEVELS] = virt_to_phys(static_tables.root) };
	unsigned int at[PT_LEVELS + 1] = { 0 }, level = PT_LEVELS;
	unsigned long offences = 0;

	while (level <= PT_LEVELS) {
		uint64_t entry;

		if (at[level] == PT_ENTRIES) {
			level++;
			continue;
		}
		entry = table_window(table[level], level)[at[level]++];
		offences += check_leaves(entry, level);
		if ((entry & PTE_VALID) && !pt_is_leaf(entry, level)) {
			table[--level] = entry & PTE_ADDR;
			at[level] = 0;
		}
	}
	return offences;
}

/* ---- rights -------------------------------------------------------------------------- */

static uint64_t *image_entry(const char *va)
{
	return &static_tables.image_4k[0][((uint64_t)va - KIMAGE_VADDR) / PAGE_SIZE];
}

void mark_rodata_ro(void)
{
	unsigned long offences;

	for (const char *p = __start_ro_after_init; p < __end_ro_after_init; p += PAGE_SIZE)
		*image_entry(p) |= PTE_READONLY;
	tlb_flush_all();
	pr_info("Write protecting the kernel read-only data: %luk\n",
		(unsigned long)(__end_ro_after_init - _text) >> 10);
	offences = paging_check();
	if (offences)
		pr_warn("Checked W+X mappings: FAILED, %lu W+X pages found\n", offences);
	else
		pr_info("Checked W+X mappings: passed, no W+X pages found\n");
}

/* Its pages in the direct map are ordinary memory already. */
void paging_release_image(phys_addr_t start, phys_addr_t end)
{
	for (phys_addr_t pa = start; pa < end; pa += PAGE_SIZE)
		*image_entry((const char *)(pa + kimage_voffset)) = 0;
	tlb_flush_all();
}
