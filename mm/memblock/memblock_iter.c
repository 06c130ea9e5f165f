// SPDX-License-Identifier: GPL-2.0-only
/*
 * Steps of the range iterators; mm/memblock_iter.h explains regions, gaps and the index, whose
 * packing is mb_pack_position()'s.
 *
 * A step depends on its arguments and on what the arrays say now, on nothing else.  It first
 * tries the next gap; a gap farther away is found by searching.  next_range() and
 * next_range_rev() do steps of any kind; easy_step() and easy_step_back() before them do the
 * kind that nearly all walks need.
 */
#include "mm/memblock/memblock_internal.h"

/* Only memory is filtered: other arrays get { -1, 0, 0 }, which skips no region. */
static inline struct mb_filter filter_for(const struct memblock_type *type, int nid,
					  enum memblock_flags flags)
{
	struct mb_filter f = mb_filter(nid, flags);
	bool filtered = type == &memblock.memory;

	/* Field by field: to choose between two structs the compiler would store both. */
	f.nid = filtered ? f.nid : -1;
	f.care = filtered ? f.care : 0;
	f.want = filtered ? f.want : 0;
	return f;
}

/* Gap @gap of @b is [gap_start, gap_end), where that is not empty. */
static inline phys_addr_t gap_start(const struct memblock_type *b, unsigned long gap)
{
	return gap ? mb_end(&b->regions[gap - 1]) : 0;
}

static inline phys_addr_t gap_end(const struct memblock_type *b, unsigned long gap)
{
	return gap < b->cnt ? b->regions[gap].base : PHYS_ADDR_MAX;
}

/* Where a step writes the range it found; any of them may be NULL. */
struct step_results {
	phys_addr_t	*start, *end;
	int		*nid;
};

static inline void yield_range(const struct step_results *out, const struct memblock_region *m,
			       phys_addr_t start, phys_addr_t end)
{
	if (out->start)
		*out->start = start;
	if (out->end)
		*out->end = end;
	if (out->nid)
		*out->nid = memblock_get_region_node(m);
}

/* The first gap from @gap on that ends above @addr.  Rare; inlined it would cost registers. */
static __noinline unsigned long gap_above(const struct memblock_type *b, unsigned long gap,
					  phys_addr_t addr)
{
	return gap + mb_count_below(b->regions + gap, b->cnt - gap, addr + 1);
}

/* The last gap down from @gap that starts below @addr. */
static __noinline unsigned long gap_below(const struct memblock_type *b, unsigned long gap,
					  phys_addr_t addr)
{
	/* Region gap - 1 begins below addr; if it ends above, gap - 1 is the last such gap. */
	gap = mb_count_below(b->regions, gap, addr);
	return gap_start(b, gap) < addr ? gap : gap - 1;
}

/*
 * The first part of @m that is in a gap of @b, from *gap on.
 *
 *	m	     [start                 end)
 *	b	[---]     [----][--]     [-------]
 *	gap	     < 1 >      2   < 3 >
 *
 * Gap 2 is empty and skipped.  Linux differs: it may yield it, a range of size 0.
 *
 * Return: true if there is such a part: *gap is its gap, and *m_ends tells whether @m ends
 * with it (else the gap does).  False: *gap is where the search for the next region begins.
 */
static inline bool step_forward(const struct memblock_region *m, const struct memblock_type *b,
				unsigned long *gap, const struct step_results *out, bool *m_ends)
{
	phys_addr_t start = m->base, end = mb_end(m);
	unsigned long g = *gap;

	for (;;) {
		phys_addr_t from = gap_start(b, g), to = gap_end(b, g);

		if (from >= end)
			break;
		if (to <= start) {
			g++;
			if (gap_end(b, g) <= start)
				g = gap_above(b, g, start);
		} else if (from < to) {
			yield_range(out, m, MAX(from, start), MIN(to, end));
			*m_ends = end <= to;
			*gap = g;
			return true;
		} else {
			g++;
		}
	}
	*gap = g;
	return false;
}

/* A step of any kind; easy_step() may have gone past regions and gaps that do not matter. */
static __noinline void next_range(uint64_t *idx, int nid, enum memblock_flags flags,
				  struct memblock_type *type_a, struct memblock_type *type_b,
				  phys_addr_t *out_start, phys_addr_t *out_end, int *out_nid)
{
	const struct step_results out = { out_start, out_end, out_nid };
	struct mb_filter filter = filter_for(type_a, nid, flags);
	struct mb_position at = mb_unpack_position(*idx);
	unsigned long a = at.region, gap = at.gap;
	bool m_ends;

	for (; a < type_a->cnt; a++) {
		const struct memblock_region *m = &type_a->regions[a];

		if (should_skip_region(m, &filter))
			continue;
		if (!type_b) {
			yield_range(&out, m, m->base, mb_end(m));
			*idx = mb_pack_position(a + 1, gap);
			return;
		}
		if (unlikely(gap > type_b->cnt))
			break;
		if (step_forward(m, type_b, &gap, &out, &m_ends)) {
			*idx = mb_pack_position(a + m_ends, gap + !m_ends);
			return;
		}
	}
	*idx = UINT64_MAX;
}

/* step_forward() the other way: the last part of @m that is in a gap of @b, from *gap down. */
static inline bool step_back(const struct memblock_region *m, const struct memblock_type *b,
			     unsigned long *gap, const struct step_results *out, bool *m_ends)
{
	phys_addr_t start = m->base, end = mb_end(m);
	unsigned long g = *gap;

	for (;;) {
		phys_addr_t from = gap_start(b, g), to = gap_end(b, g);

		if (to <= start)
			break;
		if (from >= end) {
			g--;
			if (gap_start(b, g) >= end)
				g = gap_below(b, g, end);
		} else if (from < to) {
			yield_range(out, m, MAX(from, start), MIN(to, end));
			*m_ends = start >= from;
			*gap = g;
			return true;
		} else {
			/*
			 * An empty gap, but not gap 0, so there is one below: gap 0 begins at
			 * 0, and if it ended there, too, the loop would have ended with it.
			 */
			g--;
		}
	}
	*gap = g;
	return false;
}

static __noinline void next_range_rev(uint64_t *idx, int nid, enum memblock_flags flags,
				      struct memblock_type *type_a, struct memblock_type *type_b,
				      phys_addr_t *out_start, phys_addr_t *out_end,
				      int *out_nid)
{
	const struct step_results out = { out_start, out_end, out_nid };
	struct mb_filter filter = filter_for(type_a, nid, flags);
	struct mb_position at = mb_unpack_position_rev(*idx);
	unsigned long a = at.region, gap = at.gap;
	bool m_ends;

	if (*idx == UINT64_MAX) {
		a = type_a->cnt;
		gap = type_b ? type_b->cnt : 0;
	}
	/* Linux differs: it reads behind the array if a has shrunk since the last step. */
	a = MIN(a, type_a->cnt);
	for (; a; a--) {
		const struct memblock_region *m = &type_a->regions[a - 1];

		if (should_skip_region(m, &filter))
			continue;
		if (!type_b) {
			yield_range(&out, m, m->base, mb_end(m));
			*idx = mb_pack_position(a - 2, gap);
			return;
		}
		gap = MIN(gap, type_b->cnt);
		if (step_back(m, type_b, &gap, &out, &m_ends)) {
			*idx = mb_pack_position(a - 1 - m_ends, gap - !m_ends);
			return;
		}
	}
	*idx = UINT64_MAX;
}

/* ---- the common step ---------------------------------------------------------------- */

/*
 * Nearly every step of nearly every walk is easy: nothing is filtered, the region has no
 * flags, the gap lies between two regions of b, and the next range is one or two regions or
 * gaps away.  easy_step() does these in a third of next_range()'s time, as it needs no call
 * and few variables.  Any other step it leaves to next_range() and returns false; *idx has
 * then at most gone past regions and gaps that the step would have passed as well.
 */
#define EASY_TRIES	3	/* regions and gaps to go past */

static inline bool easy_walk(const struct memblock_type *type_b, int nid, enum memblock_flags flags)
{
	return likely(type_b && nid == NUMA_NO_NODE && flags == MEMBLOCK_NONE);
}

static inline bool easy_step(uint64_t *idx, const struct memblock_type *type_a,
			     const struct memblock_type *type_b, const struct step_results *out)
{
	struct mb_position at = mb_unpack_position(*idx);
	unsigned long a = at.region, gap = at.gap;

	for (int n = EASY_TRIES; n && a < type_a->cnt && gap && gap < type_b->cnt; n--) {
		const struct memblock_region *m = &type_a->regions[a];
		const struct memblock_region *b = &type_b->regions[gap];
		phys_addr_t start = m->base, end = mb_end(m), from = mb_end(b - 1), to = b->base;

		if (unlikely(m->flags || from >= to))
			break;
		if (to <= start) {
			gap++;
		} else if (from >= end) {
			a++;
		} else {
			yield_range(out, m, MAX(from, start), MIN(to, end));
			*idx = end <= to ? mb_pack_position(a + 1, gap) :
					   mb_pack_position(a, gap + 1);
			return true;
		}
	}
	*idx = mb_pack_position(a, gap);
	return false;
}

void __next_mem_range(uint64_t *idx, int nid, enum memblock_flags flags,
		      struct memblock_type *type_a, struct memblock_type *type_b,
		      phys_addr_t *out_start, phys_addr_t *out_end, int *out_nid)
{
	const struct step_results out = { out_start, out_end, out_nid };

	if (easy_walk(type_b, nid, flags) && easy_step(idx, type_a, type_b, &out))
		return;
	next_range(idx, nid, flags, type_a, type_b, out_start, out_end, out_nid);
}

static inline bool easy_step_back(uint64_t *idx, const struct memblock_type *type_a,
				  const struct memblock_type *type_b,
				  const struct step_results *out)
{
	struct mb_position at = mb_unpack_position(*idx);
	unsigned long a = at.region, gap = at.gap;

	for (int n = EASY_TRIES; n && a < type_a->cnt && gap && gap < type_b->cnt; n--) {
		const struct memblock_region *m = &type_a->regions[a];
		const struct memblock_region *b = &type_b->regions[gap];
		phys_addr_t start = m->base, end = mb_end(m), from = mb_end(b - 1), to = b->base;

		if (unlikely(m->flags || from >= to))
			break;
		if (from >= end) {
			gap--;
		} else if (to <= start) {
			a--;
		} else {
			yield_range(out, m, MAX(from, start), MIN(to, end));
			*idx = start >= from ? mb_pack_position(a - 1, gap) :
					       mb_pack_position(a, gap - 1);
			return true;
		}
	}
	*idx = mb_pack_position(a, gap);
	return false;
}

void __next_mem_range_rev(uint64_t *idx, int nid, enum memblock_flags flags,
			  struct memblock_type *type_a, struct memblock_type *type_b,
			  phys_addr_t *out_start, phys_addr_t *out_end, int *out_nid)
{
	const struct step_results out = { out_start, out_end, out_nid };

	if (easy_walk(type_b, nid, flags) && easy_step_back(idx, type_a, type_b, &out))
		return;
	next_range_rev(idx, nid, flags, type_a, type_b, out_start, out_end, out_nid);
}

/* ---- pages ----------------------------------------------------------------------------- */

void __next_mem_pfn_range(int *idx, int nid, unsigned long *out_start_pfn,
			  unsigned long *out_end_pfn, int *out_nid)
{
	const struct memblock_type *type = &memblock.memory;

	while (++*idx < (int)type->cnt) {
		const struct memblock_region *r = &type->regions[*idx];
		int r_nid = memblock_get_region_node(r);

		if (memblock_pfn_up(r->base) >= PFN_DOWN(mb_end(r)))
			continue;
		if (numa_valid_node(nid) && nid != r_nid)
			continue;
		if (out_start_pfn)
			*out_start_pfn = memblock_pfn_up(r->base);
		if (out_end_pfn)
			*out_end_pfn = PFN_DOWN(mb_end(r));
		if (out_nid)
			*out_nid = r_nid;
		return;
	}
	*idx = -1;
}
