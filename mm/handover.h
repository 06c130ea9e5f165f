/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What memblock_free_all() needs from the page allocator: the one place where
 * memblock looks up.  mm_init.c and page_alloc.c implement it, test ports fake it.
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

/* Give the block of 2^order pages at @pfn, aligned to its size, to the buddy. */
void memblock_free_pages(struct page *page, unsigned long pfn, unsigned int order);

/* Mark the pages that [start, end) touches reserved, where they have descriptors. */
void reserve_bootmem_region(phys_addr_t start, phys_addr_t end, int nid);

/* Pages that became ordinary memory (negative: were taken out of it): Linux's totalram_pages. */
void totalram_pages_add(long pages);

/* managed_pages = 0 in every zone of every node. */
void zones_clear_managed_pages(void);

#endif /* MM_HANDOVER_H */
