/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pages for everybody (mm/page_alloc/): Linux's names, flags and limits over the buddy allocator.
 *
 * A block is freed as it was allocated: same first page, same order.  Any other free (double free,
 * wrong order, middle of a block, reserved page, no page at all) is reported as "BUG: Bad page
 * state" with the caller and changes no state: the block stays its owner's.  Where there is no
 * memory the result is NULL.
 *
 * Context: after mem_init(), any CPU, at the same time as others, with no lock of the allocator.
 * Interrupts are never enabled here; a handler of one may not allocate, nor may a trap's.
 */
#ifndef MM_PAGE_ALLOC_H
#define MM_PAGE_ALLOC_H

#include "mm/zone.h"

typedef unsigned int gfp_t;

#define __GFP_DMA		0x01u
#define __GFP_HIGHMEM		0x02u
#define __GFP_DMA32		0x04u
#define __GFP_MOVABLE		0x08u
#define __GFP_RECLAIMABLE	0x10u
#define __GFP_HIGH		0x20u
#define __GFP_IO		0x40u
#define __GFP_FS		0x80u
#define __GFP_ZERO		0x100u
#define __GFP_DIRECT_RECLAIM	0x400u
#define __GFP_KSWAPD_RECLAIM	0x800u
#define __GFP_WRITE		0x1000u
#define __GFP_NOWARN		0x2000u
#define __GFP_RETRY_MAYFAIL	0x4000u
#define __GFP_NOFAIL		0x8000u
#define __GFP_NORETRY		0x10000u
#define __GFP_MEMALLOC		0x20000u
#define __GFP_COMP		0x40000u
#define __GFP_NOMEMALLOC	0x80000u
#define __GFP_HARDWALL		0x100000u
#define __GFP_THISNODE		0x200000u
#define __GFP_ACCOUNT		0x400000u

#define GFP_KERNEL		0xcc0u
#define GFP_ATOMIC		0x820u
#define GFP_NOWAIT		0x2800u
#define GFP_NOIO		0xc00u
#define GFP_NOFS		0xc40u
#define GFP_USER		0x100cc0u
#define GFP_HIGHUSER		0x100cc2u
#define GFP_HIGHUSER_MOVABLE	0x100ccau

/**
 * alloc_pages(), alloc_pages_node() - 2^@order contiguous pages, aligned to their size
 * @gfp: which zones, and down to which watermark; contents are undefined without __GFP_ZERO
 *	 (init_on_alloc=1 zeroes always)
 * @order: above MAX_PAGE_ORDER: NULL, and one warning per boot without __GFP_NOWARN
 *
 * alloc_pages() tries the node of the running CPU first, alloc_pages_node() the node @nid.  With
 * NUMA_NO_NODE, or a node that does not exist, alloc_pages_node() is alloc_pages(); but with
 * __GFP_THISNODE a node that does not exist has no pages.
 *
 * Return: the first page, reference count 1; NULL if there is none.
 */
struct page *alloc_pages(gfp_t gfp, unsigned int order);
struct page *alloc_pages_node(int nid, gfp_t gfp, unsigned int order);
#define alloc_page(gfp)		alloc_pages(gfp, 0)

/** __free_pages() - drop a reference; the last one frees the block.  NULL is a bad page */
void __free_pages(struct page *page, unsigned int order);
#define __free_page(page)	__free_pages(page, 0)

/**
 * __get_free_pages(), get_zeroed_page(), free_pages() - the same by address in the direct map
 *
 * Return: the address of the first page; 0 if there is none.  free_pages(0) does nothing.
 */
unsigned long __get_free_pages(gfp_t gfp, unsigned int order);
unsigned long get_zeroed_page(gfp_t gfp);
void free_pages(unsigned long addr, unsigned int order);
#define __get_free_page(gfp)	__get_free_pages(gfp, 0)
#define free_page(addr)		free_pages(addr, 0)

/**
 * alloc_pages_exact() - ceil(@size / PAGE_SIZE) contiguous pages
 *
 * The rest of the block is freed at once.  They are freed by free_pages_exact() with the same size.
 * Return: the address of the first; NULL if there is none, or @size is 0 or more than the largest
 * block.
 */
void *alloc_pages_exact(size_t size, gfp_t gfp);
void free_pages_exact(void *addr, size_t size);

/**
 * split_page() - an allocated block of 2^@order pages becomes single pages
 *
 * Each is freed on its own, with order 0.  If @page and @order are no such block, that is reported
 * as a bad page.
 */
void split_page(struct page *page, unsigned int order);

/**
 * alloc_contig_range() - exactly the pages [@start, @end)
 * @start, @end: pfns
 * @gfp: only __GFP_ZERO and __GFP_COMP are read
 *
 * All of them must be free and in one zone.  Contents are as of alloc_pages().  They are single
 * pages, which may be freed one by one; with __GFP_COMP they stay whole blocks.
 * Return: 0; -EBUSY if one is not free; -EINVAL if the range is empty or @start is in no zone.
 */
int alloc_contig_range(unsigned long start, unsigned long end, gfp_t gfp);

/**
 * alloc_contig_pages() - @nr_pages contiguous pages, more than the largest order too
 * @align: the first pfn is a multiple of it; a power of two
 * @gfp: as of alloc_contig_range(), and which zones; __GFP_THISNODE
 *
 * The lowest free range of the first zone that @gfp allows and that has one, outside of CMA areas,
 * is taken as by alloc_contig_range().
 * Return: the first page; NULL if there is none, or an argument makes no sense.
 */
struct page *alloc_contig_pages(unsigned long nr_pages, unsigned long align, gfp_t gfp, int nid);

/**
 * free_contig_range() - free pages of the two above: all or, without __GFP_COMP, some of them
 *
 * Pages that are not allocated, or are a part of a block, are reported and left alone; the first
 * pfn without a descriptor ends it.  0 pages are allowed.
 */
void free_contig_range(unsigned long pfn, unsigned long nr_pages);

/* What @gfp asks for: the highest zone allowed, and the migrate type. */
enum zone_type gfp_zone(gfp_t gfp);
enum migratetype gfp_migratetype(gfp_t gfp);

/**
 * setup_preferred_zones() - fill this_cpu()->preferred_zones
 *
 * Context: after zonelists and after watermarks have been made, both of which forget it.
 */
void setup_preferred_zones(void);

/**
 * page_alloc_many_cpus() - from now on locks are taken and atomic operations used
 *
 * Every CPU's area is on the list of for_each_cpu_area(), has stacks (setup_per_cpu_pageset()), a
 * valid page_span_recent (any CPU's will do), and calls setup_preferred_zones() before it allocates
 * for the first time.
 * Context: by the only CPU there is, before it starts the second one; there is no way back.
 */
void page_alloc_many_cpus(void);

/** nr_free_pages() - free pages of all zones, on lists and on stacks */
unsigned long nr_free_pages(void);

/** bad_page_count() - bad pages and bad frees since boot, also those that were not printed */
unsigned long bad_page_count(void);

#endif /* MM_PAGE_ALLOC_H */
