/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of mm/page_alloc/ share.
 */
#ifndef MM_PAGE_ALLOC_PAGE_ALLOC_INTERNAL_H
#define MM_PAGE_ALLOC_PAGE_ALLOC_INTERNAL_H

#include "mm/page_alloc.h"

/*
 * Whose zonelist serves a request for @nid: of NUMA_NO_NODE, and of a node that is not there
 * unless it has to be this one, the first node's.  NULL: nobody's.
 */
static inline const struct pglist_data *pick_node(int nid, gfp_t gfp)
{
	const struct pglist_data *node = zone_index.first_node;

	if (numa_valid_node(nid) && node_data[nid])
		node = node_data[nid];
	else if (nid != NUMA_NO_NODE && (gfp & __GFP_THISNODE))
		return NULL;
	return node && node->node_zonelist ? node : NULL;
}

/*
 * A block of @order in @zone that neither the stack nor the lists of @type have: of other types,
 * and after merging what is on stacks.  Return: its pfn, allocated; PFN_NONE if there is none.
 */
unsigned long __rmqueue(struct zone *zone, unsigned int order, enum migratetype type);

/*
 * Contents of a fresh block, as @gfp and page_options want them; page_owner.h is told that @caller
 * has got it, as blocks of 2^@each pages.
 * Return: false if the poison is gone; that is reported, and nobody should use the block.
 */
bool prep_new_page(unsigned long pfn, gfp_t gfp, unsigned int order, unsigned int each,
		   unsigned long caller);

/* __free_pages() on behalf of @caller. */
void free_pfn(unsigned long pfn, unsigned int order, unsigned long caller);

#endif /* MM_PAGE_ALLOC_PAGE_ALLOC_INTERNAL_H */
