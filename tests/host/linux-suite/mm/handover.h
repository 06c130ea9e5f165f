/* SPDX-License-Identifier: GPL-2.0-only */
/* mm/handover.h inside Linux's tools/testing/memblock, which never hands over. */
#ifndef MM_HANDOVER_H
#define MM_HANDOVER_H

#include <linux/mm.h>
#include <linux/mmzone.h>

static inline void zones_clear_managed_pages(void)
{
	pg_data_t *node;

	for_each_online_pgdat(node) {
		for (int i = 0; i < MAX_NR_ZONES; i++)
			atomic_long_set(&node->node_zones[i].managed_pages, 0);
	}
}

static inline bool memblock_free_late_page(unsigned long pfn)
{
	memblock_free_pages(pfn_to_page(pfn), pfn, 0);
	return true;
}

#endif /* MM_HANDOVER_H */
