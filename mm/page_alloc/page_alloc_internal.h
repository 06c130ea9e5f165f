/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What page_alloc.c and page_contig.c share.  For these two only.
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
 * Contents of a fresh block, as @gfp and page_options want them, and who has got it.
 * Return: false if the poison is gone; told, and nobody should use the block.
 */
bool prepare_pages(unsigned long pfn, gfp_t gfp, unsigned int order, unsigned long caller);

/* __free_pages() on behalf of @caller. */
void free_pfn(unsigned long pfn, unsigned int order, unsigned long caller);

#endif /* MM_PAGE_ALLOC_PAGE_ALLOC_INTERNAL_H */
