// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which nodes exist, and the memory that describes each.
 */
#include "mm/zone.h"

#include "mm/memblock.h"
#include "mm/memblock_event.h"	/* ledger_owned() */
#include "mm/numa_memblks.h"	/* numa_nodes */

struct pglist_data *node_data[MAX_NUMNODES];	/* constant after boot */
int nr_node_ids;				/* constant after boot */

static void __init add_node(int nid, struct pglist_data *node)
{
	node->node_id = nid;
	node_data[nid] = node;
	nr_node_ids = MAX(nr_node_ids, nid + 1);
	zone_index.first_node = node_data[node_next(0)];
}

void __init alloc_node_data(int nid)
{
	const size_t size = sizeof(struct pglist_data);
	phys_addr_t pa;
	int where;

	if (!numa_valid_node(nid) || node_data[nid])
		return;
	pa = memblock_phys_alloc_try_nid(size, SMP_CACHE_BYTES, nid);
	if (!pa)
		panic("Cannot allocate %zu bytes for node %d data", size, nid);
	ledger_name(pa, size, "node data");
	pr_info("NODE_DATA(%d) allocated [mem %#010llx-%#010llx]\n", nid, (unsigned long long)pa,
		(unsigned long long)(pa + size - 1));
	where = memblock_search_pfn_nid(PFN_DOWN(pa), NULL, NULL);
	if (where != nid && numa_valid_node(where))
		pr_info("    NODE_DATA(%d) on node %d\n", nid, where);

	memset(phys_to_virt(pa), 0, size);
	add_node(nid, phys_to_virt(pa));
}

void __init alloc_offline_node_data(int nid)
{
	const size_t size = sizeof(struct pglist_data);
	struct pglist_data *node = ledger_owned(memblock_alloc(size, SMP_CACHE_BYTES), size,
						"node data");

	if (!node)
		panic("Cannot allocate %zu bytes for node %d data", size, nid);
	add_node(nid, node);
}

int node_next(int nid)
{
	for (; nid < nr_node_ids; nid++)
		if (node_data[nid])
			return nid;
	return MAX_NUMNODES;
}

bool node_online(int nid)
{
	return numa_valid_node(nid) && node_data[nid] &&
	       (node_data[nid]->node_present_pages || node_isset(&numa_nodes.online, nid));
}

unsigned long get_num_physpages(void)
{
	unsigned long pages = 0;
	int nid;

	for_each_node(nid)
		pages += node_data[nid]->node_present_pages;
	return pages;
}
