/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cma=size[@start[-end]]: a contiguous area that movable pages may use until somebody
 * needs it in one piece.
 *
 * Taken from memblock before zones are sized, reserved over the hand-over, then given
 * to the buddy as MIGRATE_CMA pageblocks.
 */
#ifndef MM_CMA_H
#define MM_CMA_H

#include "mm/page_alloc.h"		/* gfp_t */

/* Borders of an area, and their multiple: a pageblock. */
#define CMA_MIN_ALIGNMENT	(PAGEBLOCK_NR_PAGES << PAGE_SHIFT)

/* As in Linux; the first is that of cma= or of who replaces it, the others are anybody's. */
#define MAX_CMA_AREAS	20

/** struct cma - an area, in pages; count 0: none */
struct cma {
	unsigned long	base_pfn;
	unsigned long	count;
	const char	*name;
	bool		active;		/* its pages are in the buddy */
};

extern struct cma cma_areas[MAX_CMA_AREAS];
#define cma_area	cma_areas[0]

/**
 * struct cma_wish - an area somebody wants
 * @limit: no page at or above this address; 0: anywhere
 * @align: of its borders, a power of two; pageblocks if it is less
 * @fixed: at @base and nowhere else; otherwise not below it
 * @nid: of this node if possible, NUMA_NO_NODE: of any
 * @owner: for the ledger; a constant
 * @word: of the command line, for why_note(); a constant
 */
struct cma_wish {
	phys_addr_t	size, base, limit, align;
	bool		fixed;
	int		nid;
	const char	*owner;
	const char	*word;
};

/** cma_new_area() - one of cma_areas[] behind the first that nobody has; NULL, with a line: none */
struct cma *cma_new_area(void);

/**
 * cma_init_reserved_mem() - a range that is reserved becomes an area
 * @cma: an area that nobody has yet
 * @name: kept, not copied
 *
 * Linux differs: it accepts what is no RAM, and trips over it later.
 * Context: before zones are sized.  Return: -EINVAL if the range is no RAM, not all reserved, or
 * its borders are not those of pageblocks.
 */
int cma_init_reserved_mem(struct cma *cma, phys_addr_t base, phys_addr_t size, const char *name);

/** cma_is_on_command_line() - has the user said cma=? */
bool cma_is_on_command_line(void);

/**
 * cma_reserve() - reserve an area as @w wants, with Linux's lines
 *
 * Context: after nodes are known, before zones are sized.
 * Return: NULL if it cannot be had.
 */
const struct cma *cma_reserve(struct cma *cma, struct cma_wish *w);

/* Pages of all areas, from the reservation on: "cma-reserved" of the Memory: line. */
extern unsigned long totalcma_pages;

/**
 * dma_contiguous_reserve() - reserve what cma= asks for, if there is no first area yet
 * @limit: no page at or above this address; 0: anywhere
 *
 * Context: after nodes are known, before zones are sized.
 */
void dma_contiguous_reserve(phys_addr_t limit);

/**
 * cma_init_reserved_areas() - the reserved pages become pageblocks of MIGRATE_CMA
 *
 * An area that is not inside one zone is given up: its pages become ordinary memory,
 * with a line.  Context: after the hand-over.
 */
void cma_init_reserved_areas(void);

/**
 * cma_alloc() - @count contiguous pages of the area of cma=; cma_alloc_from() of any
 * @align: log2 of the alignment, in pages
 * @gfp: __GFP_ZERO, __GFP_COMP, as of alloc_contig_range(); cma_alloc() has none
 *
 * Linux differs: it moves movable pages out of the way, we only take what is free.
 * Return: the first page or NULL.
 */
struct page *cma_alloc_from(const struct cma *cma, unsigned long count, unsigned int align,
			    gfp_t gfp);
struct page *cma_alloc(unsigned long count, unsigned int align);

/** cma_release() - back to the area.  False: those pages are not the area's */
bool cma_release(const struct page *page, unsigned long count);

#endif /* MM_CMA_H */
