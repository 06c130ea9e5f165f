// SPDX-License-Identifier: GPL-2.0-only
/*
 * memblock and nodes: giving ranges to nodes, and asking back.
 */
#include "mm/memblock/memblock_internal.h"

int memblock_set_node(phys_addr_t base, phys_addr_t size, struct memblock_type *type, int nid)
{
	int rc = 0;

#ifdef CONFIG_NUMA
	struct mb_change change = { .set_nid = true, .nid = nid };

	rc = mb_change(type, base, size, &change);
#endif
	mb_tell(MEMBLOCK_OP_SET_NODE, base, size, nid, mb_array_id(type), RET_IP, rc);
	return rc;
}

int memblock_search_pfn_nid(unsigned long pfn, unsigned long *start_pfn, unsigned long *end_pfn)
{
	const struct memblock_region *r = memblock_search(&memblock.memory, PFN_PHYS(pfn));

	if (!r)
		return NUMA_NO_NODE;
	if (start_pfn)
		*start_pfn = PFN_DOWN(r->base);
	if (end_pfn)
		*end_pfn = PFN_DOWN(mb_end(r));
	return memblock_get_region_node(r);
}

bool memblock_validate_numa_coverage(unsigned long threshold_bytes)
{
	unsigned long pages = 0, start, end;
	int i, nid;

	for_each_mem_pfn_range(i, MAX_NUMNODES, &start, &end, &nid) {
		if (!numa_valid_node(nid))
			pages += end - start;
	}
	if (pages << PAGE_SHIFT <= threshold_bytes)
		return true;
	pr_err("NUMA: no nodes coverage for %luMB of %luMB RAM\n", pages << PAGE_SHIFT >> 20,
	       (unsigned long)(memblock_phys_mem_size() >> 20));
	return false;
}
