// SPDX-License-Identifier: GPL-2.0-only
/*
 * Building the kernel's address space: the image, the direct map, the fixmap window.
 *
 * The new tables grow beside the ones the entry code made and are loaded when complete.
 * Until then phys_to_virt() goes through the early tables, which reach only the first
 * 4 GiB; so whatever the new tables map further up is lent to the early ones at once, and
 * a table page taken from memory just mapped can be written.
 *
 * Invariant: a page of the direct map is a whole page of memblock.memory or lies in the
 * first MiB; a large page is used only where all of it is.
 */
#include "arch/x86_64/paging.h"

#include "arch/x86_64/paging/mmu.h"
#include "arch/x86_64/paging/paging_internal.h"
#include "kernel/lib/align.h"
#include "kernel/lib/init.h"
#include "kernel/lib/mutate.h"
#include "kernel/lib/panic.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "mm/ledger.h"
#include "mm/memblock.h"
#include "mm/ram_check.h"

#include <arch/memory.h>

struct paging paging;

const struct paging_setup *paging_get_setup(void)
{
	return &paging.set;
}

struct page_table *kernel_page_table(void)
{
	return &paging.pt;
}

bool paging_is_live(void)
{
	return paging.live;
}

phys_addr_t get_max_mapped(void)
{
	return paging.max_mapped;
}

/* ---- pages for tables ---- */

/* Tables of the image and the fixmap: exactly as many pages as that takes. */
static phys_addr_t alloc_fixed_page(void)
{
	phys_addr_t pa = paging.fixed_next;

	if (pa == paging.set.fixed_end)
		panic("paging: kernel image %#llx-%#llx needs more than %u table pages; raise PAGING_FIXED_PAGES",
		      (unsigned long long)paging.set.image_start,
		      (unsigned long long)paging.set.image_end, PAGING_FIXED_PAGES);
	paging.fixed_next += PAGE_SIZE;
	return pa;
}

static phys_addr_t take_from_pool(void)
{
	phys_addr_t pa = paging.pool_next;

	if (pa == paging.set.pool_end)
		return 0;
	paging.pool_next += PAGE_SIZE;
	return pa;
}

/* Planted bug: a page that nobody reserved, low, where only the buddy will give it away. */
static phys_addr_t __init unreserved_page(void)
{
	phys_addr_t pa = memblock_phys_alloc_range(PAGE_SIZE, PAGE_SIZE, SZ_1M, SZ_16M);

	memblock_phys_free(pa, PAGE_SIZE);
	return pa;
}

/*
 * A zeroed page for a table of the direct map.  The pool first, unless the
 * range being mapped is the one the pool lies in; then memory that is mapped already.
 *
 * Linux differs: Linux gives up after that.  Here the early tables still reach the first
 * 4 GiB, so any free page there will do; RAM too fragmented for Linux boots.
 */
__attribute__((noinline)) phys_addr_t alloc_low_pages(void)
{
	phys_addr_t pa = 0;

	if (paging.live)
		panic("paging: table page wanted after init_mem_mapping()");
	if (paging.pool_allowed)
		pa = take_from_pool();
	if (!pa && paging.min_mapped < paging.max_mapped)
		pa = memblock_phys_alloc_range(PAGE_SIZE, PAGE_SIZE, paging.min_mapped,
					       paging.max_mapped);
	if (!pa)
		pa = take_from_pool();
	if (!pa)
		pa = memblock_phys_alloc_range(PAGE_SIZE, PAGE_SIZE, SZ_1M,
					       paging.set.early_limit);
	if (!pa)
		panic("alloc_low_pages: can not alloc memory: %lu tables made, none of [mem %#llx-%#llx] free",
		      paging.pt.tables, (unsigned long long)paging.min_mapped,
		      (unsigned long long)paging.max_mapped);
	ledger_name(pa, PAGE_SIZE, "page tables");
	/* Above what accept_memory() may touch yet; a table that forgets would be made for ever. */
	ram_check_or_panic(pa, PAGE_SIZE);
	if (MUTATE(skip_page_table) && pa == paging.set.pool)
		pa = unreserved_page();
	memset(phys_to_virt(pa), 0, PAGE_SIZE);
	return pa;
}

/* ---- the start ---- */

void paging_setup(const struct paging_setup *set)
{
	struct page_table early = { .root = set->early_root, .levels = set->levels };

	paging = (struct paging){
		.set = *set,
		.fixed_next = set->fixed,
		.pool_next = set->pool,
		.no_gbpages = paging.no_gbpages,
	};
	paging.pt = (struct page_table){
		.root = alloc_fixed_page(),
		.levels = set->levels,
		.legal = ~((set->nx ? 0 : PTE_NX) | (set->pge ? 0 : PTE_G)),
		.alloc = alloc_fixed_page,
		.tables = 1,
	};
	paging.fixmap_table = pt_leaf_table(&paging.pt, FIXMAP_BASE);
	if (early.root)
		pt_lend(&early, &paging.pt, FIXMAP_BASE);
}

void fixmap_set(unsigned int index, phys_addr_t pa, uint64_t flags)
{
	uint64_t *table = phys_to_virt(paging.fixmap_table);

	table[index] = flags ? pa | (flags & paging.pt.legal) : 0;
	mmu_flush_page(FIXMAP_BASE + index * PAGE_SIZE);
}

/* ---- the image ---- */

void __init paging_map_image(void)
{
	const struct paging_setup *s = &paging.set;

	for (const struct image_part *p = s->parts; p->start != p->end; p++)
		if (p->flags)
			pt_map(&paging.pt, s->image_base + p->start, p->start, p->end - p->start,
			       PT_4K, p->flags, NULL);
	for (const struct image_part *p = s->parts; p->start != p->end; p++)
		if (!p->flags)
			pt_change(&paging.pt, s->image_base + p->start, p->end - p->start, 0, PTE_P,
				  NULL);
}

void __init paging_protect_aliases(void)
{
	if (MUTATE(writable_text_alias))
		return;
	for (const struct image_part *p = paging.set.parts; p->start != p->end; p++)
		if (image_is_constant(p))
			pt_change(&paging.pt, paging.set.direct_base + p->start,
				  p->end - p->start, 0, PTE_W | PTE_D, paging.direct);
}

bool image_is_constant(const struct image_part *p)
{
	return p->flags && (!(p->flags & PTE_W) || (p->start >= paging.set.rodata_start &&
						    p->end <= paging.set.rodata_end));
}

bool direct_map_covers(phys_addr_t start, phys_addr_t end)
{
	struct pt_walk w;

	for (phys_addr_t pa = start; pa < end; ) {
		if (!pt_walk(paging.set.direct_base + pa, &w))
			return false;
		pa = ALIGN_DOWN(pa, pt_size(w.level)) + pt_size(w.level);
	}
	return true;
}

void paging_get_counts(struct paging_counts *counts)
{
	memcpy(counts->direct, paging.direct, sizeof(counts->direct));
	counts->tables = paging.pt.tables;
}

/* Linux differs: a 1G page that several steps meet is counted once per step. */
void arch_report_meminfo(int (*print)(const char *fmt, ...))
{
	print("DirectMap4k:    %8lu kB\n", paging.direct[PT_4K] << 2);
	print("DirectMap2M:    %8lu kB\n", paging.direct[PT_2M] << 11);
	if (paging.set.gbpages)
		print("DirectMap1G:    %8lu kB\n", paging.direct[PT_1G] << 20);
}

bool pt_walk(uint64_t va, struct pt_walk *w)
{
	return pt_walk_table(&paging.pt, va, w);
}

bool pt_next_kernel_range(uint64_t va, struct pt_range *r)
{
	return pt_next_range(&paging.pt, va, r);
}
