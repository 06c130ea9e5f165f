// SPDX-License-Identifier: GPL-2.0-only
/*
 * The free memory of memblock that lies in a zone.
 *
 * This is not in mm/memblock/, because the portable library knows no zones.
 */
#include "mm/memblock.h"

#include "kernel/lib/align.h"
#include "mm/zone.h"

/*
 *	zone		    zone_start_pfn              zone_end_pfn
 *	free	[-----]  [------]   [----]  [-]   [---------]    [----]
 *	pages	            [--]     [--]          [---]
 *
 * Free ranges shrink to whole pages; ranges come in order, so the first one above ends it.
 */
void __next_mem_pfn_range_in_zone(uint64_t *idx, struct zone *zone, unsigned long *out_spfn,
				  unsigned long *out_epfn)
{
	unsigned long spfn = ULONG_MAX, epfn = 0;

	while (spfn >= epfn) {
		phys_addr_t start, end;

		__next_mem_range(idx, zone_to_nid(zone), MEMBLOCK_NONE, &memblock.memory,
				 &memblock.reserved, &start, &end, NULL);
		if (*idx == UINT64_MAX || memblock_pfn_up(start) >= zone_end_pfn(zone)) {
			*idx = UINT64_MAX;
			spfn = ULONG_MAX;
			epfn = 0;
			break;
		}
		spfn = MAX(memblock_pfn_up(start), zone->zone_start_pfn);
		epfn = MIN(PFN_DOWN(end), zone_end_pfn(zone));
	}
	if (out_spfn)
		*out_spfn = spfn;
	if (out_epfn)
		*out_epfn = epfn;
}
