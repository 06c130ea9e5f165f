/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Walking memblock: included by mm/memblock.h, never on its own.
 *
 * A range iterator walks type_a minus type_b (type_b may be NULL).  Its state is a
 * u64: the low half is the index of a region of a, the high half the index of a GAP
 * of b.  Gap g lies between b[g - 1] and b[g], so there are cnt + 1 of them:
 *
 *	a		[----0----]      [-------1-------]
 *	b		    [0]   [---1---]     [2]
 *	gaps	<-- 0 -->   <1>           <--2-->   <-- 3 --> PHYS_ADDR_MAX
 *	ranges	 [--]        [-]           [-]      [--]
 *
 * Forward iteration starts at 0, reverse at all ones, both end with all ones.  The
 * arrays may change between two steps only if the caller knows what that does to
 * the indices.
 *
 * Filter, applied only if type_a is &memblock.memory: other nodes than @nid (if
 * valid), HOTPLUG while movable_node is on, NOMAP and DRIVER_MANAGED are skipped
 * unless @flags names them; with MIRROR in @flags only mirrored regions are taken.
 */
#ifndef MM_MEMBLOCK_ITER_H
#define MM_MEMBLOCK_ITER_H

/* One step; *idx == ~0 afterwards means the end.  Out pointers may be NULL. */
void __next_mem_range(uint64_t *idx, int nid, enum memblock_flags flags,
		      struct memblock_type *type_a, struct memblock_type *type_b,
		      phys_addr_t *out_start, phys_addr_t *out_end, int *out_nid);
void __next_mem_range_rev(uint64_t *idx, int nid, enum memblock_flags flags,
			  struct memblock_type *type_a, struct memblock_type *type_b,
			  phys_addr_t *out_start, phys_addr_t *out_end, int *out_nid);

#define __for_each_mem_range(i, type_a, type_b, nid, flags, p_start, p_end, p_nid)	\
	for (i = 0, __next_mem_range(&i, nid, flags, type_a, type_b,			\
				     p_start, p_end, p_nid);				\
	     i != UINT64_MAX;								\
	     __next_mem_range(&i, nid, flags, type_a, type_b, p_start, p_end, p_nid))

#define __for_each_mem_range_rev(i, type_a, type_b, nid, flags, p_start, p_end, p_nid)	\
	for (i = UINT64_MAX, __next_mem_range_rev(&i, nid, flags, type_a, type_b,	\
						  p_start, p_end, p_nid);		\
	     i != UINT64_MAX;								\
	     __next_mem_range_rev(&i, nid, flags, type_a, type_b, p_start, p_end, p_nid))

/* Memory, any node, everything but NOMAP. */
#define for_each_mem_range(i, p_start, p_end)						\
	__for_each_mem_range(i, &memblock.memory, NULL, NUMA_NO_NODE,			\
			     MEMBLOCK_HOTPLUG | MEMBLOCK_DRIVER_MANAGED,		\
			     p_start, p_end, NULL)
#define for_each_mem_range_rev(i, p_start, p_end)					\
	__for_each_mem_range_rev(i, &memblock.memory, NULL, NUMA_NO_NODE,		\
				 MEMBLOCK_HOTPLUG | MEMBLOCK_DRIVER_MANAGED,		\
				 p_start, p_end, NULL)

/* Every reservation. */
#define for_each_reserved_mem_range(i, p_start, p_end)					\
	__for_each_mem_range(i, &memblock.reserved, NULL, NUMA_NO_NODE,			\
			     MEMBLOCK_NONE, p_start, p_end, NULL)

/* Free memory: memory minus reserved, filtered by @nid and @flags. */
#define for_each_free_mem_range(i, nid, flags, p_start, p_end, p_nid)			\
	__for_each_mem_range(i, &memblock.memory, &memblock.reserved,			\
			     nid, flags, p_start, p_end, p_nid)
#define for_each_free_mem_range_reverse(i, nid, flags, p_start, p_end, p_nid)		\
	__for_each_mem_range_rev(i, &memblock.memory, &memblock.reserved,		\
				 nid, flags, p_start, p_end, p_nid)

#ifdef CONFIG_HAVE_MEMBLOCK_PHYS_MAP
/* RAM as found minus @type. */
#define for_each_physmem_range(i, type, p_start, p_end)					\
	__for_each_mem_range(i, &physmem, type, NUMA_NO_NODE, MEMBLOCK_NONE,		\
			     p_start, p_end, NULL)
#endif

/* Regions themselves, in order, unfiltered. */
#define for_each_mem_region(region)							\
	for (region = memblock.memory.regions;						\
	     region < memblock.memory.regions + memblock.memory.cnt;			\
	     region++)
#define for_each_reserved_mem_region(region)						\
	for (region = memblock.reserved.regions;					\
	     region < memblock.reserved.regions + memblock.reserved.cnt;		\
	     region++)

/*
 * Whole pages of memory as pfns [spfn, epfn), regions without one skipped, on @nid
 * or (no valid nid) all nodes; NOMAP and HOTPLUG too.  i is an int, -1 at the end.
 */
void __next_mem_pfn_range(int *idx, int nid, unsigned long *out_start_pfn,
			  unsigned long *out_end_pfn, int *out_nid);

#define for_each_mem_pfn_range(i, nid, p_start, p_end, p_nid)				\
	for (i = -1, __next_mem_pfn_range(&i, nid, p_start, p_end, p_nid);		\
	     i >= 0; __next_mem_pfn_range(&i, nid, p_start, p_end, p_nid))

/*
 * Free pages of @zone's node clipped to @zone (zone_iter.c).  A step: from *idx (0 to begin)
 * to the next range [*out_spfn, *out_epfn) of whole pages; out pointers may be NULL.  At the
 * end *idx is all ones, the range ULONG_MAX and 0.
 *
 * The macro goes on from the range the caller has stepped to already, that one included:
 *
 *	i = 0;
 *	__next_mem_pfn_range_in_zone(&i, zone, &spfn, &epfn);
 *	for_each_free_mem_pfn_range_in_zone_from(i, zone, &spfn, &epfn)
 */
struct zone;
void __next_mem_pfn_range_in_zone(uint64_t *idx, struct zone *zone,
				  unsigned long *out_spfn, unsigned long *out_epfn);

#define for_each_free_mem_pfn_range_in_zone_from(i, zone, p_start, p_end)		\
	for (; i != UINT64_MAX; __next_mem_pfn_range_in_zone(&i, zone, p_start, p_end))

#endif /* MM_MEMBLOCK_ITER_H */
