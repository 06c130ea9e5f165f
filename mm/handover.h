/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What memblock's end needs from the floors above it: the only upward calls of memblock.
 * mm/buddy/handover.c, mm/page_alloc/release.c, mm/totalram.c and mm/nodes/ implement it; tests
 * and other kernels have their own.
 */
#ifndef MM_HANDOVER_H
#define MM_HANDOVER_H

#include "kernel/lib/types.h"

struct page;

/* Order of the largest block: 4 MiB with pages of 4 KiB.  `make MAX_PAGE_ORDER=N` has 6 to 10. */
#ifndef MAX_PAGE_ORDER
#define MAX_PAGE_ORDER	10
#endif

/* The descriptor of a page; may point nowhere if the page has none. */
struct page *pfn_to_page(unsigned long pfn);

/**
 * memblock_free_pages() - memblock_free_all() gives a free block to the buddy
 * @page: pfn_to_page(@pfn)
 * @pfn: its first page, a multiple of 2^@order; ascending from call to call
 * @order: at most MAX_PAGE_ORDER
 *
 * It is not counted as totalram.  Context: between handover_begin() and handover_end().
 */
void memblock_free_pages(struct page *page, unsigned long pfn, unsigned int order);

/**
 * memblock_free_late_page() - memblock_free_late() gives a reserved page to the buddy
 *
 * A page that is not reserved is reported as a bad page.  It is not counted as totalram.
 * Context: after the hand-over.  Return: true if it went to the buddy.
 */
bool memblock_free_late_page(unsigned long pfn);

/* Mark the pages that [start, end) touches reserved, where they have descriptors. */
void reserve_bootmem_region(phys_addr_t start, phys_addr_t end, int nid);

/* Pages that became ordinary memory (negative: were taken out of it): Linux's totalram_pages. */
void totalram_pages_add(long pages);

/* managed_pages = 0 in every zone of every node. */
void zones_clear_managed_pages(void);

#endif /* MM_HANDOVER_H */
