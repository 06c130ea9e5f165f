// SPDX-License-Identifier: GPL-2.0-only
/*
 * init_mem_mapping(): which RAM is mapped when, and with which page sizes, as Linux decides it.
 *
 * Tables come from memory that is mapped already, so the direct map grows in steps: a
 * little first, then ever more, for what has been mapped holds the tables of what follows.
 * Linux's log shows where each table page came from; ours is the same.
 */
#include "arch/x86_64/paging.h"
#include "arch/x86_64/paging/mmu.h"
#include "arch/x86_64/paging/paging_internal.h"
#include "kernel/lib/align.h"
#include "kernel/lib/init.h"
#include "kernel/lib/params.h"		/* early_param() */
#include "kernel/lib/printk.h"
#include "mm/memblock.h"

#include <arch/memory.h>

static int __init parse_gbpages(char *val)
{
	(void)val;
	paging.no_gbpages = false;
	return 0;
}
early_param("gbpages", parse_gbpages, "use 1G pages for the direct map if the CPU can (default)");

static int __init parse_nogbpages(char *val)
{
	(void)val;
	paging.no_gbpages = true;
	return 0;
}
early_param("nogbpages", parse_nogbpages, "no 1G pages in the direct map");

/* ---- page sizes ---- */

/* Physical [start, end), to be mapped with pages of @level. */
struct piece {
	phys_addr_t	start, end;
	unsigned int	level;
};

#define MAX_PIECES	5

/* A CPU whose CPUID has no 2M pages gets none, as in Linux, although every long mode has them. */
static bool __init gbpages_in_use(void)
{
	return paging.set.pse && paging.set.gbpages && !paging.no_gbpages;
}

static unsigned int __init probe_page_size(void)
{
	return gbpages_in_use() ? PT_1G : paging.set.pse ? PT_2M : PT_4K;
}

/*
 * Cut [start, end) where the page size changes:
 *
 *	 start                                             end
 *	   |--4K--|---2M---|------1G------|---2M---|--4K--|
 *	          h2       h1             t1       t2
 *
 * h2, t2 are multiples of 2M, h1, t1 of 1G, unless the range is too small to have one.
 */
static void __init cut_range(phys_addr_t start, phys_addr_t end, struct piece p[MAX_PIECES])
{
	phys_addr_t h2 = MIN(ALIGN_UP(start, SZ_2M), end);
	phys_addr_t t2 = MAX(ALIGN_DOWN(end, SZ_2M), h2);
	phys_addr_t h1 = MIN(ALIGN_UP(h2, SZ_1G), t2);
	phys_addr_t t1 = MAX(ALIGN_DOWN(t2, SZ_1G), h1);
	unsigned int largest = probe_page_size(), larger = MIN(largest, PT_2M);

	p[0] = (struct piece){ start, h2, PT_4K };
	p[1] = (struct piece){ h2, h1, larger };
	p[2] = (struct piece){ h1, t1, largest };
	p[3] = (struct piece){ t1, t2, larger };
	p[4] = (struct piece){ t2, end, PT_4K };
}

/*
 * The largest page for @p: a size up is allowed if the whole blocks around the piece are
 * one memory region, for then nothing that is not RAM gets mapped.
 */
static unsigned int __init adjust_range_page_size(const struct piece *p)
{
	for (unsigned int l = probe_page_size(); l > p->level; l--) {
		phys_addr_t start = ALIGN_DOWN(p->start, pt_size(l));
		phys_addr_t end = ALIGN_UP(p->end, pt_size(l));

		if (memblock_is_region_memory(start, end - start))
			return l;
	}
	return p->level;
}

/* Drop empty pieces, upgrade the rest, join neighbours of one size.  Return: their number. */
static unsigned int __init split_mem_range(phys_addr_t start, phys_addr_t end,
					struct piece out[MAX_PIECES])
{
	struct piece cut[MAX_PIECES];
	unsigned int n = 0;

	cut_range(start, end, cut);
	for (unsigned int i = 0; i < MAX_PIECES; i++) {
		if (cut[i].start == cut[i].end)
			continue;
		cut[i].level = adjust_range_page_size(&cut[i]);
		if (n && out[n - 1].level == cut[i].level)
			out[n - 1].end = cut[i].end;
		else
			out[n++] = cut[i];
	}
	return n;
}

/* ---- the direct map ---- */

/* Map physical [start, end), all of which is one stretch of RAM or in the first MiB. */
static void __init init_memory_mapping(phys_addr_t start, phys_addr_t end)
{
	struct page_table early = { .root = paging.set.early_root, .levels = paging.set.levels };
	struct piece pieces[MAX_PIECES];
	unsigned int n = split_mem_range(start, end, pieces);

	pr_debug("init_memory_mapping: [mem %#010llx-%#010llx]\n",
		 (unsigned long long)start, (unsigned long long)end - 1);
	for (unsigned int i = 0; i < n; i++) {
		const struct piece *p = &pieces[i];

		pr_debug(" [mem %#010llx-%#010llx] page %s\n", (unsigned long long)p->start,
			 (unsigned long long)p->end - 1, pt_level_name(p->level));
		pt_map(&paging.pt, paging.set.direct_base + p->start, p->start,
		       p->end - p->start, p->level, PTE_RW, paging.direct);
	}
	if (early.root && end > paging.set.early_limit)
		pt_lend(&early, &paging.pt, paging.set.direct_base);
	paging.max_mapped = MAX(paging.max_mapped, end);
}

/* Index of the first memory region that ends above @pa; memblock.memory.cnt if none does. */
static int __init first_region_above(phys_addr_t pa)
{
	unsigned long low = 0, high = memblock.memory.cnt;

	while (low < high) {
		unsigned long middle = (low + high) / 2;
		const struct memblock_region *r = &memblock.memory.regions[middle];

		if (r->base + r->size > pa)
			high = middle;
		else
			low = middle + 1;
	}
	return (int)low;
}

/*
 * The first stretch of whole pages of RAM at or above *@start, which ends below @end:
 * *@start and *@to become its borders.  Return: false if there is none.
 */
static bool __init next_ram(phys_addr_t *start, phys_addr_t end, phys_addr_t *to)
{
	int i = first_region_above(*start) - 1;
	phys_addr_t from, last;

	/* A region may end above *start and yet have no page there. */
	do {
		unsigned long first_pfn, end_pfn;

		__next_mem_pfn_range(&i, MAX_NUMNODES, &first_pfn, &end_pfn, NULL);
		if (i < 0)
			return false;
		from = MAX((phys_addr_t)first_pfn << PAGE_SHIFT, *start);
		last = MIN((phys_addr_t)end_pfn << PAGE_SHIFT, end);
	} while (from >= last && from < end);
	*start = from;
	*to = last;
	return from < last;
}

/*
 * Map the RAM in [start, end), both page aligned.  The pool is closed while the range that
 * holds the rest of it is mapped, as in Linux.
 * Return: bytes of RAM in there.
 */
static phys_addr_t __init init_range_memory_mapping(phys_addr_t start, phys_addr_t end)
{
	phys_addr_t mapped = 0;
	phys_addr_t to;

	for (phys_addr_t from = start; next_ram(&from, end, &to); from = to) {
		paging.pool_allowed = MAX(from, paging.pool_next) >= MIN(to, paging.set.pool_end);
		init_memory_mapping(from, to);
		mapped += to - from;
		paging.pool_allowed = true;
	}
	return mapped;
}

/*
 * Steps.  Tables are taken from memory that is mapped already, so the first step is small and a
 * step grows, by 256, once as much has been mapped as it is large: 2M, 512M, 128G, ...
 *
 *	top down:	start          hole              real_end       end
 *			  |======|                |====|===|=|=|=========|
 *			      5                     4    3  2 1     6
 *
 *	1, 2	2M each, up to the next multiple of 2M
 *	3, 4	512M each: 2M or more were mapped
 *	5	nothing is there between 4 and 5: the hole is passed over, because it may be TiBs of
 *		steps as small as before
 *	6	what is above real_end comes last
 */
static phys_addr_t __init next_step(phys_addr_t step, phys_addr_t mapped)
{
	return mapped >= step && step <= PHYS_ADDR_MAX >> 8 ? step << 8 : step;
}

/* Where the step that ends at @end begins: the next multiple of @step below, or @start. */
static phys_addr_t __init step_start(phys_addr_t end, phys_addr_t step, phys_addr_t start)
{
	return end > step ? MAX(ALIGN_DOWN(end - 1, step), start) : start;
}

/* Where the step that begins at @start ends: the next multiple of @step above, or @end. */
static phys_addr_t __init step_end(phys_addr_t start, phys_addr_t step, phys_addr_t end)
{
	return end - start > step ? MIN(ALIGN_UP(start + 1, step), end) : end;
}

/* The end of the last whole page of RAM below @limit; 0 if there is none. */
static phys_addr_t __init ram_end_below(phys_addr_t limit)
{
	for (int i = first_region_above(limit - 1); i >= 0; i--) {
		const struct memblock_region *r;

		if ((unsigned long)i == memblock.memory.cnt)
			continue;
		r = &memblock.memory.regions[i];
		if (ALIGN_UP(r->base, PAGE_SIZE) <
		    MIN(ALIGN_DOWN(r->base + r->size, PAGE_SIZE), limit))
			return MIN(ALIGN_DOWN(r->base + r->size, PAGE_SIZE), limit);
	}
	return 0;
}

/* The begin of the first whole page of RAM at or above @limit; PHYS_ADDR_MAX: there is none. */
static phys_addr_t __init ram_start_above(phys_addr_t limit)
{
	phys_addr_t to;

	return next_ram(&limit, PHYS_ADDR_MAX, &to) ? limit : PHYS_ADDR_MAX;
}

/* Below @end, where the next step with RAM in it ends; @start if there is no RAM. */
static phys_addr_t __init skip_hole_below(phys_addr_t end, phys_addr_t step, phys_addr_t start)
{
	return MIN(MAX(ALIGN_UP(ram_end_below(end), step), start), end);
}

/* Above @start, where the next step with RAM in it begins; @end if there is no RAM. */
static phys_addr_t __init skip_hole_above(phys_addr_t start, phys_addr_t step, phys_addr_t end)
{
	return MAX(MIN(ALIGN_DOWN(ram_start_above(start), step), end), start);
}

/* Map [start, end) from @real_end down, then the rest above it. */
static void __init memory_map_top_down(phys_addr_t start, phys_addr_t real_end, phys_addr_t end)
{
	phys_addr_t step = SZ_2M, mapped = 0;

	paging.min_mapped = real_end;
	paging.max_mapped = 0;
	for (phys_addr_t top = real_end; top > start; ) {
		phys_addr_t from = step_start(top, step, start);

		mapped += init_range_memory_mapping(from, top);
		top = mapped < step ? skip_hole_below(from, step, start) : from;
		paging.min_mapped = top;
		step = next_step(step, mapped);
	}
	if (real_end < end)
		init_range_memory_mapping(real_end, end);
}

/* Map [start, end) upwards. */
static void __init memory_map_bottom_up(phys_addr_t start, phys_addr_t end)
{
	phys_addr_t step = SZ_2M, mapped = 0;

	paging.min_mapped = start;
	while (start < end) {
		phys_addr_t to = step_end(start, step, end);

		mapped += init_range_memory_mapping(start, to);
		start = mapped < step ? skip_hole_above(to, step, end) : to;
		step = next_step(step, mapped);
	}
}

/*
 * Where the descent begins: below a free 2 MiB block high up, so that the first step maps
 * memory that tables can be taken from.  Inlined: the log shows init_mem_mapping().
 */
static inline __attribute__((always_inline)) phys_addr_t probe_real_end(phys_addr_t end)
{
	phys_addr_t block = memblock_phys_alloc_range(SZ_2M, SZ_2M, SZ_1M, end);

	if (block) {
		memblock_phys_free(block, SZ_2M);
		return block + SZ_2M;
	}
	pr_warn("Failed to release memory for alloc_low_pages()\n");
	return MAX(ALIGN_DOWN(end, SZ_2M), SZ_1M);
}

void __init init_mem_mapping(phys_addr_t end)
{
	if (gbpages_in_use())
		pr_info("Using GB pages for direct mapping\n");

	paging_map_image();
	paging.pt.alloc = alloc_low_pages;
	paging.pool_allowed = true;

	/* Linux's documented exception from "only RAM": the first MiB, holes and all. */
	init_memory_mapping(0, SZ_1M);

	if (memblock_bottom_up()) {
		memory_map_bottom_up(paging.set.image_end, end);
		memory_map_bottom_up(SZ_1M, paging.set.image_end);
	} else {
		memory_map_top_down(SZ_1M, probe_real_end(end), end);
	}

	paging_protect_aliases();
	mmu_load_root(paging.pt.root);
	paging.live = true;
}
