// SPDX-License-Identifier: GPL-2.0-only
/*
 * Steps of the range iterators; mm/memblock_iter.h explains the index and draws it.
 *
 * A step is a function of its arguments alone.  Moving on by one is tried first;
 * a longer way to the next gap that matters is found by halving.
 */
#include "mm/memblock_internal.h"

struct mb_filter mb_filter(int nid, enum memblock_flags flags)
{
	struct mb_filter f = { .nid = numa_valid_node(nid) ? nid : -1 };

	f.care = ~(unsigned int)flags & (MEMBLOCK_NOMAP | MEMBLOCK_DRIVER_MANAGED);
	if (movable_node_is_enabled())
		f.care |= ~(unsigned int)flags & MEMBLOCK_HOTPLUG;
	f.want = flags & MEMBLOCK_MIRROR;
	f.care |= f.want;
	return f;
}

/* Only memory is filtered; anything passes { -1, 0, 0 }. */
static struct mb_filter filter_for(const struct memblock_type *type, int nid,
				   enum memblock_flags flags)
{
	return type == &memblock.memory ? mb_filter(nid, flags) : (struct mb_filter){ .nid = -1 };
}

static inline uint64_t pack(unsigned long a, unsigned long gap)
{
	return (uint64_t)(uint32_t)a | (uint64_t)gap << 32;
}

static inline phys_addr_t gap_start(const struct memblock_type *b, unsigned long gap)
{
	return gap ? mb_end(&b->regions[gap - 1]) : 0;
}

static inline phys_addr_t gap_end(const struct memblock_type *b, unsigned long gap)
{
	return gap < b->cnt ? b->regions[gap].base : PHYS_ADDR_MAX;
}

static void yield_range(const struct memblock_region *m, phys_addr_t start, phys_addr_t end,
			phys_addr_t *out_start, phys_addr_t *out_end, int *out_nid)
{
	if (out_start)
		*out_start = start;
	if (out_end)
		*out_end = end;
	if (out_nid)
		*out_nid = memblock_get_region_node(m);
}

/* The first gap from @gap on that ends above @addr. */
static unsigned long gap_above(const struct memblock_type *b, unsigned long gap, phys_addr_t addr)
{
	if (gap_end(b, gap) > addr)
		return gap;
	if (gap_end(b, gap + 1) > addr)
		return gap + 1;
	return gap + mb_count_below(b->regions + gap, b->cnt - gap, addr + 1);
}

/* The last gap down from @gap that starts below @addr. */
static unsigned long gap_below(const struct memblock_type *b, unsigned long gap, phys_addr_t addr)
{
	if (gap_start(b, gap) < addr)
		return gap;
	if (gap_start(b, gap - 1) < addr)
		return gap - 1;
	/* Region k - 1 begins below addr; it, and so gap k, may end above. */
	gap = mb_count_below(b->regions, gap, addr);
	return gap && gap_start(b, gap) >= addr ? gap - 1 : gap;
}

void __next_mem_range(uint64_t *idx, int nid, enum memblock_flags flags,
		      struct memblock_type *type_a, struct memblock_type *type_b,
		      phys_addr_t *out_start, phys_addr_t *out_end, int *out_nid)
{
	struct mb_filter filter = filter_for(type_a, nid, flags);
	unsigned long a = (uint32_t)*idx, gap = *idx >> 32;

	for (; a < type_a->cnt; a++) {
		const struct memblock_region *m = &type_a->regions[a];
		phys_addr_t start = m->base, end = mb_end(m);

		if (!mb_passes(m, &filter))
			continue;
		if (!type_b) {
			yield_range(m, start, end, out_start, out_end, out_nid);
			*idx = pack(a + 1, gap);
			return;
		}
		if (gap > type_b->cnt)
			break;
		/* Touching regions of b have an empty gap between them: go on. */
		for (gap = gap_above(type_b, gap, start); gap_start(type_b, gap) < end; gap++) {
			phys_addr_t from = MAX(start, gap_start(type_b, gap));
			phys_addr_t to = MIN(end, gap_end(type_b, gap));

			if (from >= to)
				continue;
			yield_range(m, from, to, out_start, out_end, out_nid);
			*idx = end <= gap_end(type_b, gap) ? pack(a + 1, gap) : pack(a, gap + 1);
			return;
		}
	}
	*idx = UINT64_MAX;
}

void __next_mem_range_rev(uint64_t *idx, int nid, enum memblock_flags flags,
			  struct memblock_type *type_a, struct memblock_type *type_b,
			  phys_addr_t *out_start, phys_addr_t *out_end, int *out_nid)
{
	struct mb_filter filter = filter_for(type_a, nid, flags);
	/* One more than the index, so that 0 is the end. */
	unsigned long a = (uint32_t)((uint32_t)*idx + 1), gap = *idx >> 32;

	if (*idx == UINT64_MAX) {
		a = type_a->cnt;
		gap = type_b ? type_b->cnt : 0;
	}
	for (; a; a--) {
		const struct memblock_region *m = &type_a->regions[a - 1];
		phys_addr_t start = m->base, end = mb_end(m);

		if (!mb_passes(m, &filter))
			continue;
		if (!type_b) {
			yield_range(m, start, end, out_start, out_end, out_nid);
			*idx = pack(a - 2, gap);
			return;
		}
		gap = MIN(gap, type_b->cnt);
		for (gap = gap_below(type_b, gap, end); gap_end(type_b, gap) > start; gap--) {
			phys_addr_t from = MAX(start, gap_start(type_b, gap));
			phys_addr_t to = MIN(end, gap_end(type_b, gap));

			if (from < to) {
				yield_range(m, from, to, out_start, out_end, out_nid);
				*idx = start >= gap_start(type_b, gap) ? pack(a - 2, gap)
								      : pack(a - 1, gap - 1);
				return;
			}
			if (!gap)
				break;
		}
	}
	*idx = UINT64_MAX;
}

void __next_mem_pfn_range(int *idx, int nid, unsigned long *out_start_pfn,
			  unsigned long *out_end_pfn, int *out_nid)
{
	const struct memblock_type *type = &memblock.memory;

	while (++*idx < (int)type->cnt) {
		const struct memblock_region *r = &type->regions[*idx];
		int r_nid = memblock_get_region_node(r);

		if (PFN_UP(r->base) >= PFN_DOWN(mb_end(r)))
			continue;
		if (numa_valid_node(nid) && nid != r_nid)
			continue;
		if (out_start_pfn)
			*out_start_pfn = PFN_UP(r->base);
		if (out_end_pfn)
			*out_end_pfn = PFN_DOWN(mb_end(r));
		if (out_nid)
			*out_nid = r_nid;
		return;
	}
	*idx = -1;
}
