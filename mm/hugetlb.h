/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Huge pages: pools of pages larger than the buddy's, or kept so.
 *
 *	hugepagesz=SIZE hugepages=N | NODE:N[,NODE:N...]	in pairs, in this order
 *	default_hugepagesz=SIZE
 *	hugetlb_cma=SIZE | NODE:SIZE[,NODE:SIZE...]
 *
 * Gigantic pages (larger than the buddy's largest block) come from memblock while the
 * command line is read; the others from the buddy afterwards.
 */
#ifndef MM_HUGETLB_H
#define MM_HUGETLB_H

#include "mm/port.h"

#define HUGETLB_MAX_SIZES	4	/* no architecture has more here */

/**
 * struct hstate - a pool
 * @name: "1.00 GiB", as Linux prints it
 * @first: physical address of the first page from the buddy, 0: none
 * @first_early: of the first from memblock
 * @pages: in the pool; @early: how many of them are from memblock
 */
struct hstate {
	const char	*name;
	unsigned int	order;
	phys_addr_t	first;
	phys_addr_t	first_early;
	unsigned long	pages;
	unsigned long	early;
};

/**
 * hugetlb_init() - registers all sizes, fills the pools of those the buddy can give
 *
 * Linux's lines, "registered ... page size" last.  Context: once, after the hand-over.
 */
void hugetlb_init(void);

/**
 * hugetlb_cma_reserve() - reserve what hugetlb_cma= asks for
 * @page: size of the gigantic pages it is about
 *
 * Context: as dma_contiguous_reserve(), after it.
 */
void hugetlb_cma_reserve(phys_addr_t page);

/**
 * hugetlb_bootmem_alloc() - do now what early words asked for: dialect=6.18 and later
 *
 * Context: once, when nodes are known, before the hand-over.
 */
void hugetlb_bootmem_alloc(void);

/** hugetlb_get() - pool number @i in order of registration, NULL at the end */
struct hstate *hugetlb_get(unsigned int i);

/** size_to_hstate() - the pool of pages of @size bytes, NULL if there is none */
struct hstate *size_to_hstate(phys_addr_t size);

/**
 * hugetlb_resize() - make a pool larger or smaller
 * @pages: as many as there shall be
 *
 * Pages from memblock that leave the pool become ordinary memory, and the ledger knows.
 * Context: after hugetlb_init().
 * Return: pages there are now; fewer than @pages if memory is short or in pieces.
 */
unsigned long hugetlb_resize(struct hstate *h, unsigned long pages);

/** hugetlb_next() - the page after @pa on that stack of @h which it is on; 0 at the end */
phys_addr_t hugetlb_next(const struct hstate *h, phys_addr_t pa, bool early);

/**
 * gather_bootmem_prealloc() - from now on the pages that memblock gave count as managed
 *
 * In managed_pages of their zones and in totalram_pages(), though the buddy never had them.
 * Context: once, after the hand-over, before watermarks are set up.
 */
void gather_bootmem_prealloc(void);

/* Pages of PAGE_SIZE in all pools that memblock gave: not in the buddy, but not lost either. */
unsigned long hugetlb_early_pages(void);

/** hugetlb_report_meminfo() - the HugePages_* lines and Hugetlb: of /proc/meminfo */
void hugetlb_report_meminfo(int (*print)(const char *fmt, ...));

#endif /* MM_HUGETLB_H */
