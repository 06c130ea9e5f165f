/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shared by hugetlb.c (pools), hugetlb_param.c (the command line) and hugetlb_cma.c.
 */
#ifndef MM_TAKERS_HUGETLB_INTERNAL_H
#define MM_TAKERS_HUGETLB_INTERNAL_H

#include "mm/cma.h"		/* MAX_CMA_AREAS */
#include "mm/hugetlb.h"
#include "mm/zone.h"

#include <arch/paging.h>	/* arch_hugetlb_*() */

/**
 * struct hugetlb - the pools and the areas for gigantic pages
 * @pool: in order of registration
 * @default_pool: index of the one that HugePages_Total: is about
 * @next_nid: the node that gives the next page, where the user has named none
 * @cma_mask: bit i: cma_areas[i] is one of hugetlb_cma='s
 * @cma_nid: nodes of those areas
 *
 * one writer, the boot CPU: at boot, later when the monitor changes pools.
 */
struct hugetlb {
	struct hstate	pool[HUGETLB_MAX_SIZES];
	unsigned int	nr_pools;
	unsigned int	default_pool;
	int		next_nid;
	uint32_t	cma_mask;
	int		cma_nid[MAX_CMA_AREAS];
};

extern struct hugetlb hugetlb;

/** struct huge_wish - a hugepages=; @nodes: its text if it is a list of nodes, else NULL */
struct huge_wish {
	unsigned long	pages;
	const char	*nodes;
};

#define HUGETLB_EARLY_WORDS	5	/* Linux's limit where there are two sizes */

/* A word that was read early and is done later. */
struct huge_early_word {
	int		(*setup)(char *val);
	char		*val;
};

/**
 * struct hugetlb_words - what the command line has said so far
 * @wishes: by pool
 * @for_default: a hugepages= before any size
 * @size: pool of the last hugepagesz= that made sense
 * @last: the wish given last: a second one for the same size is refused
 * @bad_size: the last hugepagesz= or default_hugepagesz= made no sense
 * @skipped: gigantic pages are left to hugetlb_cma=, and a line has said so
 * @next_nid: the node that gives the next gigantic page
 * @early: words that wait for hugetlb_bootmem_alloc(), @nr_early of them
 * @cma_nodes: text of hugetlb_cma= if it is a list of nodes, else NULL
 * @cma_size: bytes it wants of all nodes together
 *
 * boot only.
 */
struct hugetlb_words {
	struct huge_wish wishes[HUGETLB_MAX_SIZES];
	struct huge_wish for_default;
	struct hstate	*size;
	const struct huge_wish *last;
	bool		bad_size;
	bool		default_given;
	bool		skipped;
	int		next_nid;
	struct huge_early_word early[HUGETLB_EARLY_WORDS];
	unsigned int	nr_early;
	const char	*cma_nodes;
	phys_addr_t	cma_size;
};

extern struct hugetlb_words hugetlb_words;

static inline bool hstate_is_gigantic(const struct hstate *h)
{
	return h->order > MAX_PAGE_ORDER;
}

static inline phys_addr_t huge_page_size(const struct hstate *h)
{
	return PAGE_SIZE << h->order;
}

/* The pool of @size, made if need be; NULL: the CPU has no such pages. */
struct hstate *hugetlb_add_hstate(phys_addr_t size);

/* A page of memblock's that is nobody's joins the pool. */
void hugetlb_push_early(struct hstate *h, phys_addr_t pa);

/* One page from the buddy, of @nid or (NUMA_NO_NODE) of the nodes in turn. */
bool alloc_pool_huge_folio(struct hstate *h, int nid);

/* The node with memory after @nid, from the last on to the first again. */
int hugetlb_next_node(int nid);

/* hugetlb_cma.c: are there areas for gigantic pages, and one of @h's out of that of @nid. */
bool hugetlb_cma_enabled(void);
struct page *hugetlb_cma_alloc(const struct hstate *h, int nid);

#endif /* MM_TAKERS_HUGETLB_INTERNAL_H */
