// SPDX-License-Identifier: GPL-2.0-only
/*
 * cma=: reserve early, activate late, allocate from what is free (see cma.h).
 *
 *	cma=64M				anywhere below the limit, above 4 GiB first if
 *					there is as much again
 *	cma=64M@1G			exactly there
 *	cma=64M@1G-2G			somewhere in there
 */
#include "mm/cma.h"

#include "kernel/lib/params.h"	/* early_param(), memparse() */
#include "mm/buddy.h"		/* set_pageblock_migratetype() */
#include "mm/ledger.h"
#include "mm/memblock.h"
#include "mm/page_alloc.h"
#include "mm/release.h"
#include "mm/takers.h"		/* early_memory_suffices() */
#include "mm/takers/takers_internal.h"
#include "mm/totalram.h"
#include "mm/why.h"

struct cma cma_areas[MAX_CMA_AREAS];	/* constant after boot: cma_init_reserved_areas() is last */
unsigned long totalcma_pages;		/* constant after boot */
struct cma_word cma_word __initdata;

/* As in Linux, whatever follows the last number is ignored. */
static int __init early_cma(char *val)
{
	char *p;

	if (!val) {
		pr_err("Config string not provided\n");
		return -EINVAL;
	}
	cma_word.given = true;
	cma_word.size = memparse(val, &p);
	cma_word.base = cma_word.limit = 0;
	if (*p != '@')
		return 0;
	cma_word.base = memparse(p + 1, &p);
	cma_word.limit = *p == '-' ? memparse(p + 1, &p) : cma_word.base + cma_word.size;
	return 0;
}
early_param("cma", early_cma, "nn[KMG][@start[-end]]: a contiguous memory area; 0: none");

/* ---- reserving ------------------------------------------------------------------------- */

static phys_addr_t __init cma_find(const struct cma_wish *w)
{
	const phys_addr_t end = memblock_end_of_DRAM();
	phys_addr_t pa = 0;

	/* Where devices of 32 bits cannot reach, and away from the end, where others allocate. */
	if (!memblock_bottom_up() && end >= CMA_FROM && end - CMA_FROM >= w->size) {
		memblock_set_bottom_up(true);
		pa = memblock_alloc_range_nid(w->size, w->align, CMA_FROM, w->limit, w->nid, true);
		memblock_set_bottom_up(false);
	}
	if (!pa)
		pa = memblock_alloc_range_nid(w->size, w->align, w->base, w->limit, w->nid, true);
	return pa;
}

/* In one region or several that touch. */
static bool __init is_all_ram(phys_addr_t base, phys_addr_t size)
{
	const struct memblock_region *r;
	phys_addr_t ram = 0;

	for_each_mem_region(r) {
		phys_addr_t from = MAX(base, r->base), to = MIN(base + size, r->base + r->size);

		ram += from < to ? to - from : 0;
	}
	return ram == size;
}

/*
 * Return: the area's address; 0 if it cannot be had.  A wish that no free memory could fulfil
 * costs a line here; that there is no room is for the caller to say.
 */
static __noinline phys_addr_t __init cma_declare_contiguous_nid(struct cma_wish *w)
{
	const phys_addr_t align = MAX(w->align, CMA_MIN_ALIGNMENT), end = memblock_end_of_DRAM();

	w->align = align;
	if (w->fixed && (w->base & (align - 1))) {
		pr_err("cma: Region at %pa must be aligned to %pa bytes\n", &w->base, &align);
		return 0;
	}
	w->base = ALIGN_UP(w->base, align);
	w->size = MAX(w->size, ALIGN_UP(w->size, align));	/* larger than all: does not wrap */
	w->limit = ALIGN_DOWN(w->limit, align);
	if (!w->base)
		w->fixed = false;
	if (!w->limit || w->limit > end)
		w->limit = end;
	if (w->size > w->limit || w->base > w->limit - w->size) {
		pr_err("cma: Size (%pa) of region at %pa exceeds limit (%pa)\n", &w->size, &w->base,
		       &w->limit);
		return 0;
	}
	if (!w->fixed)
		return cma_find(w);
	/* Linux differs: it reserves what is no RAM, too, and trips over it later. */
	if (!is_all_ram(w->base, w->size)) {
		pr_err("cma: Region at %pa of %pa bytes is not all RAM\n", &w->base, &w->size);
		return 0;
	}
	if (memblock_is_region_reserved(w->base, w->size) ||
	    memblock_reserve(w->base, w->size) < 0)
		return 0;
	return w->base;
}

bool __init cma_is_on_command_line(void)
{
	return cma_word.given;
}

struct cma *__init cma_new_area(void)
{
	for (unsigned int i = 1; i < MAX_CMA_AREAS; i++)
		if (!cma_areas[i].count)
			return &cma_areas[i];
	pr_err("Not enough slots for CMA reserved regions!\n");
	return NULL;
}

int __init cma_init_reserved_mem(struct cma *cma, phys_addr_t base, phys_addr_t size,
				 const char *name)
{
	if (!size || ((base | size) & (CMA_MIN_ALIGNMENT - 1)) || !is_all_ram(base, size) ||
	    !memblock_is_region_reserved(base, size))
		return -EINVAL;
	*cma = (struct cma){
		.base_pfn = PFN_DOWN(base), .count = size >> PAGE_SHIFT, .name = name,
	};
	totalcma_pages += cma->count;
	return 0;
}

const struct cma *__init cma_reserve(struct cma *cma, struct cma_wish *w)
{
	phys_addr_t pa = cma_declare_contiguous_nid(w);

	if (pa && !early_memory_suffices()) {
		memblock_phys_free(pa, w->size);
		pa = 0;
	}
	if (!pa || cma_init_reserved_mem(cma, pa, w->size, "reserved")) {
		pr_err("cma: Failed to reserve %ld MiB on node %d\n", (long)(w->size >> 20),
		       w->nid);
		why_note(&(struct why_wish){
			.word = w->word, .size = w->size, .align = w->align, .grain = w->align,
			.low = w->base, .high = w->fixed ? 0 : w->limit, .nid = w->nid,
			.fixed = w->fixed, .far = "",
		});
		return NULL;
	}
	ledger_name(pa, w->size, w->owner);
	pr_info("cma: Reserved %ld MiB at %pa on node %d\n", (long)(w->size >> 20), &pa, w->nid);
	return cma;
}

void __init dma_contiguous_reserve(phys_addr_t limit)
{
	struct cma_wish w = {
		.size = cma_word.size, .base = cma_word.base, .limit = cma_word.limit,
		.fixed = cma_word.base + cma_word.size == cma_word.limit,
		.nid = NUMA_NO_NODE, .owner = "cma", .word = "cma",
	};

	if (!cma_word.given)
		w = (struct cma_wish){ .size = CMA_SIZE_DEFAULT, .nid = NUMA_NO_NODE,
				       .owner = "cma", .word = "cma" };
	if (!w.size || cma_area.count)
		return;
	if (!w.limit || (limit && limit < w.limit))
		w.limit = limit;
	cma_reserve(&cma_area, &w);
}

/* ---- activating ---------------------------------------------------------------------------- */

/* The zone that has all pages of the area, whose lists its blocks will be on; NULL if none has. */
static struct zone *__init zone_of_area(const struct cma *cma)
{
	const struct zone_range *range = zone_range_from(cma->base_pfn);

	if (!range || range->start > cma->base_pfn ||
	    range->end < cma->base_pfn + cma->count)
		return NULL;
	return range->zone;
}

static void __init cma_activate_area(struct cma *cma)
{
	const unsigned long end = cma->base_pfn + cma->count;
	struct zone *zone = zone_of_area(cma);

	if (!zone)
		pr_err("cma: CMA area %s could not be activated\n", cma->name);
	for (unsigned long pfn = cma->base_pfn; zone && pfn < end; pfn += PAGEBLOCK_NR_PAGES)
		set_pageblock_migratetype(pfn, MIGRATE_CMA);
	free_reserved_range(cma->base_pfn, cma->count);
	ledger_release(PFN_PHYS(cma->base_pfn), PFN_PHYS(cma->count));
	if (zone) {
		zone->cma_pages += cma->count;
		cma->active = true;
	} else {
		totalcma_pages -= cma->count;
		cma->count = 0;
	}
	totalram_report("cma");
}

void __init cma_init_reserved_areas(void)
{
	for (unsigned int i = 0; i < MAX_CMA_AREAS; i++) {
		if (cma_areas[i].count)
			cma_activate_area(&cma_areas[i]);
	}
}

/* ---- allocating ------------------------------------------------------------------------------ */

struct page *cma_alloc_from(const struct cma *cma, unsigned long count, unsigned int align,
			    gfp_t gfp)
{
	const unsigned long end = cma->base_pfn + cma->count, step = 1UL << align;
	unsigned long pfn = ALIGN_UP(cma->base_pfn, step);

	if (!cma->active || !count || count > cma->count)
		return NULL;
	for (; pfn < end && count <= end - pfn; pfn += step)
		if (!alloc_contig_range(pfn, pfn + count, gfp))
			return pfn_to_page(pfn);
	return NULL;
}

struct page *cma_alloc(unsigned long count, unsigned int align)
{
	return align > PAGEBLOCK_ORDER ? NULL : cma_alloc_from(&cma_area, count, align, 0);
}

bool cma_release(const struct page *page, unsigned long count)
{
	unsigned long pfn = page_to_pfn(page);

	if (!cma_area.active || pfn < cma_area.base_pfn || count > cma_area.count ||
	    pfn - cma_area.base_pfn > cma_area.count - count)
		return false;
	free_contig_range(pfn, count);
	return true;
}
