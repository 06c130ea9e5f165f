// SPDX-License-Identifier: GPL-2.0-only
/*
 * map_mem(): the direct map, with Linux's choice of entries and order of allocations.
 *
 *	usually			pages only, so that rights could be changed one by one
 *	rodata=on (or off) and kfence.sample_interval=N
 *				the largest entry that fits: 1 GiB, 2 MiB, and 16 neighbours marked
 *				contiguous where all of them belong together
 *
 * Nothing is mapped that could be written through before this: tables are filled through the
 * windows of fixmap.c.
 *
 * Linux differs: it has a KFENCE, whose pool is taken here; ours only knows the word.
 */
#include "arch/arm64/paging.h"
#include "arch/arm64/paging/paging_internal.h"
#include "kernel/lib/align.h"
#include "kernel/lib/compiler.h"
#include "kernel/lib/errno.h"
#include "kernel/lib/init.h"
#include "kernel/lib/panic.h"
#include "kernel/lib/params.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/sections.h"
#include "kernel/lib/string.h"
#include "mm/ledger.h"
#include "mm/memblock.h"
#include "mm/memblock_iter.h"

#include <arch/memory.h>
#include <arch/traps.h>			/* probe_read_byte() */
#include <asm/sysreg.h>

#define ALLOC_NOLEAKTRACE	((phys_addr_t)1)	/* Linux's other name for "anywhere" */

struct paging paging = { .rodata_full = true };

static int __init parse_rodata(char *val)
{
	if (!val)
		return -EINVAL;
	if (!strcmp(val, "full"))
		paging.rodata_full = true;
	else if (!strcmp(val, "on") || !strcmp(val, "off"))
		paging.rodata_full = false;
	else
		return -EINVAL;
	return 0;
}
early_param("rodata", parse_rodata, "full | on | off: may the direct map have blocks? (arm64)");

static int __init parse_kfence(char *val)
{
	if (!val)
		return -EINVAL;
	paging.kfence_interval = kstrtoull(val, NULL, 0);
	return 0;
}
early_param("kfence.sample_interval", parse_kfence,
	    "N: not 0 allows blocks in the direct map, with rodata=on (arm64)");

/* Linux's name: may single pages of the direct map change their rights? */
static bool __init can_set_direct_map(void)
{
	return paging.rodata_full || !paging.kfence_interval;
}

/* ---- tables -------------------------------------------------------------------------- */

static __noinline phys_addr_t __init early_pgtable_alloc(unsigned int level)
{
	const phys_addr_t pa = memblock_phys_alloc_range(PAGE_SIZE, PAGE_SIZE, 0,
							 ALLOC_NOLEAKTRACE);
	uint8_t byte;

	if (!pa)
		panic("Failed to allocate page table page: %lu made; the device tree describes %llu KiB of RAM, %llu KiB are reserved",
		      paging.tables, (unsigned long long)memblock_phys_mem_size() >> 10,
		      (unsigned long long)memblock_reserved_size() >> 10);
	ledger_name(pa, PAGE_SIZE, "page tables");
	if (!probe_read_byte((uint64_t)table_window(pa, level), &byte))
		panic("no RAM at %pa, which the device tree calls RAM; leave it out with mem=", &pa);
	memset(table_window(pa, level), 0, PAGE_SIZE);
	paging.tables++;
	return pa;
}

/* The table below entry @va of the table of @level; made if it is missing. */
static phys_addr_t __init table_below(phys_addr_t table, uint64_t va, unsigned int level)
{
	uint64_t *entry = &table_window(table, level)[pt_index(va, level)];

	if (!(*entry & PTE_VALID))
		*entry = early_pgtable_alloc(level - 1) | PTE_VALID | PTE_TABLE;
	return *entry & PTE_ADDR;
}

/* ---- which entry --------------------------------------------------------------------- */

/* Do [va, end) and the same from @pa begin and reach like a unit of @size? */
static bool __init fits(uint64_t va, uint64_t end, phys_addr_t pa, uint64_t size)
{
	return !((va | pa) & (size - 1)) && end - va >= size;
}

static unsigned int __init level_for(uint64_t va, uint64_t end, phys_addr_t pa, bool pages_only)
{
	unsigned int level = pages_only ? PT_4K : PT_1G;

	while (level > PT_4K && !fits(va, end, pa, pt_size(level)))
		level--;
	return level;
}

/*
 * Fill entries of the table of @level that holds @va, as long as they are of that size, at
 * most to the table's end.  Return: how far it came.
 */
static uint64_t __init fill(phys_addr_t table, uint64_t va, uint64_t end, phys_addr_t pa,
			    unsigned int level, uint64_t prot)
{
	const uint64_t size = pt_size(level), stop = MIN(end, ALIGN_DOWN(va, size * PT_ENTRIES) +
							 size * PT_ENTRIES);
	const uint64_t leaf = prot | PTE_VALID | (level == PT_4K ? PTE_TABLE : 0);
	uint64_t *entries = table_window(table, level), contiguous = 0;

	for (; va < stop; va += size, pa += size) {
		if (!(va & (size * PT_CONTIGUOUS - 1)))
			contiguous = level < PT_1G && !paging.pages_only &&
				     fits(va, end, pa, size * PT_CONTIGUOUS) ? PTE_CONTIGUOUS : 0;
		if (level_for(va, end, pa, paging.pages_only) != level)
			break;
		entries[pt_index(va, level)] = pa | leaf | contiguous;
		paging.direct[level]++;
	}
	return va;
}

/* Map physical [start, end) in the direct map: page aligned, nothing of it is mapped yet. */
static void __init __map_memblock(phys_addr_t start, phys_addr_t end, uint64_t prot)
{
	uint64_t va = (uint64_t)phys_to_virt(start);
	const uint64_t last = va + (end - start);

	while (va < last) {
		const phys_addr_t pa = start + (va - (uint64_t)phys_to_virt(start));
		const unsigned int level = level_for(va, last, pa, paging.pages_only);
		phys_addr_t table = virt_to_phys(static_tables.root);

		for (unsigned int l = PT_512G; l > level; l--)
			table = table_below(table, va, l);
		va = fill(table, va, last, pa, level, prot);
	}
}

/* ---- all of it ----------------------------------------------------------------------- */

/*
 * [_text, __init_begin) is kept out of the loop, so that what is constant has no writable alias
 * for a moment, and mapped behind it.
 */
static void __init map_mem(void)
{
	const phys_addr_t kernel_start = virt_to_phys(_text);
	const phys_addr_t kernel_end = virt_to_phys(__init_begin);
	phys_addr_t start, end;
	uint64_t i;

	memblock_mark_nomap(kernel_start, kernel_end - kernel_start);
	for_each_mem_range(i, &start, &end) {
		start = ALIGN_UP(start, PAGE_SIZE);
		end = ALIGN_DOWN(end, PAGE_SIZE);
		if (start < end)
			__map_memblock(start, end, PROT_RW);
	}
	__map_memblock(kernel_start, kernel_end, PROT_RO);
	memblock_clear_nomap(kernel_start, kernel_end - kernel_start);
}

void __init map_mem_again(void)
{
	phys_addr_t start, end;
	struct pt_walk w;
	uint64_t i;

	for_each_mem_range(i, &start, &end) {
		phys_addr_t pa = ALIGN_UP(start, PAGE_SIZE);

		while (pa < ALIGN_DOWN(end, PAGE_SIZE)) {
			if (pt_walk((uint64_t)phys_to_virt(pa), &w)) {
				pa = ALIGN_DOWN(pa, pt_size(w.level)) + pt_size(w.level);
				continue;
			}
			__map_memblock(pa, pa + PAGE_SIZE, PROT_RW);
			pa += PAGE_SIZE;
		}
	}
	tables_written();
}

void __init paging_init(void)
{
	paging.pages_only = can_set_direct_map();
	map_mem();
	tables_written();
	paging.max_mapped = memblock_end_of_DRAM();
	paging.live = true;
	memblock_allow_resize();
}
