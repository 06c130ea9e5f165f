// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end of memblock: all free memory goes to the buddy.
 *
 * Reserved memory rounds outward to pages and free memory inward, so a page that is
 * partly reserved is never given away.  After memblock_free_all() the arrays remain
 * readable, but nothing can be allocated from them.
 */
#include "mm/memblock/memblock_internal.h"

#include "mm/blocks.h"
#include "mm/handover.h"

void reset_all_zones_managed_pages(void)
{
	if (mb_state.managed_pages_reset)
		return;
	zones_clear_managed_pages();
	mb_state.managed_pages_reset = true;
}

/* ---- reserved pages ------------------------------------------------------------------ */

/*
 * The node that a reservation's pages are counted for: its own, else its first page's, else
 * the lowest that has memory.  Linux differs: else the first that is online, memory or not.
 */
static int node_of_reserved(const struct memblock_region *r)
{
	int nid = memblock_get_region_node(r), lowest = MAX_NUMNODES;
	struct memblock_region *m;

	if (!numa_valid_node(nid))
		nid = memblock_search_pfn_nid(PFN_DOWN(r->base), NULL, NULL);
	if (numa_valid_node(nid))
		return nid;
	for_each_mem_region(m) {
		nid = memblock_get_region_node(m);
		if (numa_valid_node(nid) && nid < lowest)
			lowest = nid;
	}
	return numa_valid_node(lowest) ? lowest : 0;
}

/*
 * Every reservation gets the node of the memory it lies in.  Splitting it may double the
 * reserved array; the new array is one more reservation, possibly in memory that has been
 * passed already, so the walk begins again.
 */
static void give_reserved_nodes(void)
{
	struct memblock_region *r;
	unsigned long max;

	do {
		max = memblock.reserved.max;
		for_each_mem_region(r) {
			/* Of a map of thousands of pieces most have nothing reserved in them. */
			if (memblock_overlaps_region(&memblock.reserved, r->base, r->size))
				memblock_set_node(r->base, r->size, &memblock.reserved,
						  memblock_get_region_node(r));
		}
	} while (memblock.reserved.max != max);
}

static void memmap_init_reserved_pages(void)
{
	struct memblock_region *r;

	give_reserved_nodes();
	for_each_mem_region(r) {
		if (memblock_is_nomap(r))
			reserve_bootmem_region(r->base, mb_end(r), memblock_get_region_node(r));
	}
	for_each_reserved_mem_region(r) {
		if (!memblock_is_reserved_noinit(r))
			reserve_bootmem_region(r->base, mb_end(r), node_of_reserved(r));
	}
}

/* ---- free pages ------------------------------------------------------------------------ */

static void __free_pages_memory(unsigned long start, unsigned long end)
{
	while (start < end) {
		unsigned int order = largest_block_order(start, end, MAX_PAGE_ORDER);

		memblock_free_pages(pfn_to_page(start), start, order);
		start += 1UL << order;
	}
}

/* Return: how many pages; of a range without a whole page below max_low_pfn none. */
static unsigned long __free_memory_core(phys_addr_t base, phys_addr_t end_addr)
{
	unsigned long start = memblock_pfn_up(base), end = PFN_DOWN(end_addr);

	end = MIN(end, max_low_pfn);
	if (start >= end)
		return 0;
	__free_pages_memory(start, end);
	return end - start;
}

/* Return: how many pages the buddy got. */
static unsigned long free_low_memory_core_early(void)
{
	phys_addr_t start, end;
	unsigned long pages = 0;
	uint64_t i;

	memblock_clear_hotplug(0, PHYS_ADDR_MAX);
	memmap_init_reserved_pages();
	for_each_free_mem_range(i, NUMA_NO_NODE, MEMBLOCK_NONE, &start, &end, NULL)
		pages += __free_memory_core(start, end);
	return pages;
}

void memblock_free_all(void)
{
	unsigned long pages;

	mb_state.scratch_only = false;
	mb_set_search();
	reset_all_zones_managed_pages();
	pages = free_low_memory_core_early();
	totalram_pages_add((long)pages);
	mb_state.handed_over = true;
	mb_tell(MEMBLOCK_OP_FREE_ALL, 0, PFN_PHYS(pages), NUMA_NO_NODE, MEMBLOCK_NONE,
		RET_IP, 0);
}

bool memblock_handed_over(void)
{
	return mb_state.handed_over;
}

/*
 * Page by page, because a late range may begin and end anywhere in somebody else's block.
 * @by: whom the line names; @caller: who called memblock from outside.
 */
static void free_late(phys_addr_t base, phys_addr_t size, unsigned long by, unsigned long caller)
{
	unsigned long pfn = memblock_pfn_up(base), end = PFN_DOWN(phys_range_end(base, size));

	mb_trace("memblock_free_late", base, size, by);
	for (; pfn < end; pfn++)
		if (memblock_free_late_page(pfn))
			totalram_pages_add(1);
	mb_tell(MEMBLOCK_OP_FREE_LATE, base, size, NUMA_NO_NODE, MEMBLOCK_NONE, caller, 0);
}

void memblock_free_late(phys_addr_t base, phys_addr_t size)
{
	free_late(base, size, RET_IP, RET_IP);
}

/* The debug lines name this address inside memblock_discard() as the caller. */
#define DISCARD_IP	((unsigned long)memblock_discard + 1)

/*
 * Give the pages of a doubled array to the buddy; the array is empty then, and static again.
 * (Linux's still points to its old memory and must not be read any more.)
 */
static phys_addr_t discard_array(struct memblock_type *type, struct mb_block *block,
				 struct memblock_region *fallback, unsigned long slots,
				 unsigned long caller)
{
	phys_addr_t bytes = ALIGN_UP(block->slots * sizeof(*block->first), PAGE_SIZE);

	if (!block->first || type->regions < block->first ||
	    type->regions >= block->first + block->slots)
		return 0;
	free_late(virt_to_phys(block->first), bytes, DISCARD_IP, caller);
	*block = (struct mb_block){ 0 };
	fallback[0] = mb_region(0, 0, MAX_NUMNODES, MEMBLOCK_NONE);
	type->regions = fallback;
	type->cnt = 0;
	type->max = slots;
	type->total_size = 0;
	return bytes;
}

void memblock_discard(void)
{
	phys_addr_t bytes;

	bytes = discard_array(&memblock.reserved, &mb_state.reserved_block, mb_state.reserved_init,
			      ARRAY_SIZE(mb_state.reserved_init), RET_IP);
	bytes += discard_array(&memblock.memory, &mb_state.memory_block, mb_state.memory_init,
			       ARRAY_SIZE(mb_state.memory_init), RET_IP);
	mb_tell(MEMBLOCK_OP_DISCARD, 0, bytes, NUMA_NO_NODE, MEMBLOCK_NONE, RET_IP, 0);
}
