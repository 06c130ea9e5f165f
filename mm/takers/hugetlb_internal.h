/* SPDX-License-Identifier: GPL-2.0-only */
/* Between hugetlb.c (pools) and hugetlb_param.c (the command line); for nobody else. */
#ifndef MM_TAKERS_HUGETLB_INTERNAL_H
#define MM_TAKERS_HUGETLB_INTERNAL_H

#include "mm/hugetlb.h"

#include <arch/paging.h>			/* arch_hugetlb_*() */
#include "mm/zone.h"

/* Index of the pool that HugePages_Total: speaks of. */
extern unsigned int hugetlb_default;

static inline bool hugetlb_is_gigantic(const struct hstate *h)
{
	return h->order > MAX_PAGE_ORDER;
}

static inline phys_addr_t hugetlb_page_size(const struct hstate *h)
{
	return PAGE_SIZE << h->order;
}

/* The pool of @size, made if need be; NULL: the CPU has no such pages. */
struct hstate *hugetlb_add(phys_addr_t size);

/* A page of memblock's that is nobody's joins the pool. */
void hugetlb_push_early(struct hstate *h, phys_addr_t pa);

/* One page from the buddy, of @nid or (NUMA_NO_NODE) of the nodes in turn. */
bool hugetlb_grow(struct hstate *h, int nid);

/* The node with memory after @nid, from the last on to the first again. */
int hugetlb_next_node(int nid);

/* hugetlb_cma.c: are there areas for gigantic pages, and one of @h's out of that of @nid. */
bool hugetlb_cma_enabled(void);
struct page *hugetlb_cma_alloc(const struct hstate *h, int nid);

void hugetlb_param_reset(void);
void hugetlb_cma_reset(void);

#endif /* MM_TAKERS_HUGETLB_INTERNAL_H */
