// SPDX-License-Identifier: GPL-2.0-only
/*
 * memblock's allocator: find a gap of `reserved` inside `memory`, reserve it.
 *
 * The search keeps one cursor in each array and walks both in one direction, so a
 * gap is looked at once.  It starts where the wanted range ends, not at the end of
 * memory, and remembers nothing from call to call: whatever the arrays say now is
 * what counts.
 */
#include "mm/memblock/memblock_internal.h"

/*
 * The common case -- top-down, first try -- is inlined into one piece of code, alloc();
 * boots do little else.  Everything rarer is a call from there.
 */
#ifndef FAST
#define FAST	static inline __attribute__((always_inline))
#endif
#define RARE	static __noinline

/* ---- finding ------------------------------------------------------------------------ */

/* A wish with special ends resolved: 0 < start <= end. */
struct hunt {
	phys_addr_t		size, align;
	phys_addr_t		start, end;
	struct mb_filter	filter;
};

FAST struct hunt hunt_for(const struct mb_wish *wish, enum memblock_flags flags)
{
	struct hunt h = { .size = wish->size, .align = wish->align, .end = wish->end,
			  .filter = mb_filter(wish->nid, flags) };

	if (h.end <= MEMBLOCK_ALLOC_NOLEAKTRACE)	/* or ACCESSIBLE */
		h.end = memblock.current_limit;
	h.start = MAX(wish->start, (phys_addr_t)PAGE_SIZE);	/* never page 0 */
	h.end = MAX(h.start, h.end);
	return h;
}

/* As Linux rounds: also for what is no power of two, which nobody promises to be useful. */
FAST phys_addr_t round_up_to(phys_addr_t addr, phys_addr_t align)
{
	return ((addr - 1) | (align - 1)) + 1;
}

FAST phys_addr_t round_down_to(phys_addr_t addr, phys_addr_t align)
{
	return addr & ~(align - 1);
}

/* The number of the first @j regions that begin below @hi; mostly it is near j. */
FAST unsigned long seek_down(const struct memblock_region *r, unsigned long j, phys_addr_t hi)
{
	for (int tries = 3; tries; tries--, j--)
		if (!j || r[j - 1].base < hi)
			return j;
	return mb_count_below(r, j, hi);
}

/*
 * The highest place inside [lo, hi) that avoids the first *rsv reserved regions; all
 * others begin at hi or above.  Gaps are tried from the top:
 *
 *	memory	      lo[--------------------------------)hi
 *	reserved  [3--------]    [2--]       [1--]    [0---
 *	gaps		     3rd      2nd         1st
 *
 * Return: address, *rsv is then the entry above it; or 0, *rsv then counts the regions
 * that may begin below lo.
 */
FAST phys_addr_t highest_in(const struct hunt *h, phys_addr_t lo, phys_addr_t hi,
			    unsigned long *rsv)
{
	const struct memblock_region *first = memblock.reserved.regions, *r = first + *rsv;
	phys_addr_t size = h->size, found = 0;

	/* Invariant: [hi, ...) is done; r[-1] is the highest region that begins below hi. */
	while (hi > lo && hi - lo >= size) {
		phys_addr_t below = r > first ? mb_end(r - 1) : 0;

		if (below <= hi - size) {
			found = round_down_to(hi - size, h->align);
			if (found >= MAX(below, lo))
				break;
			found = 0;
		}
		/* A region that begins at or below lo may matter to the memory below lo. */
		if (r == first || r[-1].base <= lo)
			break;
		hi = (--r)->base;
	}
	*rsv = (unsigned long)(r - first);
	return found;
}

FAST phys_addr_t find_top_down(const struct hunt *h, unsigned long *at)
{
	const struct memblock_region *mem = memblock.memory.regions;
	const struct memblock_region *rsv = memblock.reserved.regions;
	unsigned long i = mb_below(&memblock.memory, h->end);
	unsigned long j = mb_below(&memblock.reserved, h->end);

	while (i-- && mb_end(&mem[i]) > h->start) {
		const struct memblock_region *m = &mem[i];
		phys_addr_t lo, hi, found;

		if (!mb_passes(m, &h->filter))
			continue;
		lo = MAX(m->base, h->start);
		hi = MIN(mb_end(m), h->end);
		if (hi - lo < h->size)
			continue;
		j = seek_down(rsv, j, hi);
		found = highest_in(h, lo, hi, &j);
		if (found) {
			*at = j;
			return found;
		}
	}
	return 0;
}

/* The first region from @j on that ends above @lo; mostly it is near j. */
FAST unsigned long seek_up(const struct memblock_type *type, unsigned long j, phys_addr_t lo)
{
	for (int tries = 3; tries; tries--, j++)
		if (j == type->cnt || mb_end(&type->regions[j]) > lo)
			return j;
	return mb_first_above(type, lo);
}

/* As highest_in(), upwards: the first *rsv regions end at lo or below. */
FAST phys_addr_t lowest_in(const struct hunt *h, phys_addr_t lo, phys_addr_t hi,
			   unsigned long *rsv)
{
	const struct memblock_type *type = &memblock.reserved;
	const struct memblock_region *r = type->regions + *rsv, *stop = type->regions + type->cnt;
	phys_addr_t size = h->size, found = 0;

	/* Invariant: [..., lo) is done; *r is the lowest region that ends above lo. */
	while (lo < hi && hi - lo >= size) {
		phys_addr_t top = r < stop && r->base < hi ? r->base : hi;

		if (top > lo && top - lo >= size) {
			found = round_up_to(lo, h->align);
			if (found < top && top - found >= size)
				break;
			found = 0;
		}
		/* A region that ends at or above hi may matter to the memory above hi. */
		if (top == hi || mb_end(r) >= hi)
			break;
		lo = mb_end(r++);
	}
	*rsv = (unsigned long)(r - type->regions);
	return found;
}

FAST phys_addr_t find_bottom_up(const struct hunt *h, unsigned long *at)
{
	const struct memblock_type *mem = &memblock.memory;
	unsigned long i = mb_first_above(mem, h->start);
	unsigned long j = mb_first_above(&memblock.reserved, h->start);

	for (; i < mem->cnt && mem->regions[i].base < h->end; i++) {
		const struct memblock_region *m = &mem->regions[i];
		phys_addr_t lo, hi, found;

		if (!mb_passes(m, &h->filter))
			continue;
		lo = MAX(m->base, h->start);
		hi = MIN(mb_end(m), h->end);
		if (hi - lo < h->size)
			continue;
		j = seek_up(&memblock.reserved, j, lo);
		found = lowest_in(h, lo, hi, &j);
		if (found) {
			*at = j;
			return found;
		}
	}
	return 0;
}

/*
 * Size 0 asks for an address, not for memory.  Linux clamps every free range to
 * [start, end], so that top-down even a range above end yields end itself, if that is
 * aligned.  Rare: the plain walk will do.
 */
static phys_addr_t find_nothing(const struct hunt *h, int nid, enum memblock_flags flags)
{
	phys_addr_t lo, hi, found;
	uint64_t i;

	if (memblock_bottom_up()) {
		for_each_free_mem_range(i, nid, flags, &lo, &hi, NULL) {
			lo = MIN(MAX(lo, h->start), h->end);
			hi = MIN(MAX(hi, h->start), h->end);
			found = round_up_to(lo, h->align);
			if (found < hi)
				return found;
		}
		return 0;
	}
	for_each_free_mem_range_reverse(i, nid, flags, &lo, &hi, NULL) {
		lo = MIN(MAX(lo, h->start), h->end);
		hi = MIN(MAX(hi, h->start), h->end);
		found = round_down_to(hi, h->align);
		if (found >= lo)
			return found;
	}
	return 0;
}

/* All that is not top-down or not for memory. */
RARE phys_addr_t find_otherwise(const struct mb_wish *wish, enum memblock_flags flags,
				unsigned long *at)
{
	struct hunt h = hunt_for(wish, flags);

	if (!h.size)
		return find_nothing(&h, wish->nid, flags);
	return find_bottom_up(&h, at);
}

FAST phys_addr_t find(const struct mb_wish *wish, enum memblock_flags flags, unsigned long *at)
{
	struct hunt h;

	if (unlikely(!wish->size || memblock_bottom_up()))
		return find_otherwise(wish, flags, at);
	h = hunt_for(wish, flags);
	return find_top_down(&h, at);
}

phys_addr_t mb_find_free(const struct mb_wish *wish, enum memblock_flags flags)
{
	unsigned long at;

	return mb_state.handed_over ? 0 : find(wish, flags, &at);
}

/* ---- allocating ------------------------------------------------------------------------ */

/* An address inside memblock_alloc_range_nid(): who an allocation's reservations are by. */
#define ALLOC_IP	((unsigned long)memblock_alloc_range_nid + 1)

void mb_warn_no_mirror(phys_addr_t size)
{
	pr_warn_ratelimited("Could not allocate %pa bytes of mirrored memory\n", &size);
}

/* Find and reserve; a reservation that fails is a search that failed. */
FAST phys_addr_t attempt(const struct mb_wish *wish, enum memblock_flags flags)
{
	unsigned long at = 0;
	phys_addr_t addr = find(wish, flags, &at);

	if (unlikely(!addr))
		return 0;
	mb_trace("memblock_reserve", addr, wish->size, ALLOC_IP);
	if (wish->size && mb_reserve_at(at, addr, addr + wish->size))
		return 0;
	accept_memory(addr, wish->size);
	return addr;
}

/* An allocation: the wish, and what else may be tried if it cannot be had. */
struct request {
	struct mb_wish	wish;
	bool		exact_nid;		/* no other node */
	bool		drop_min;		/* below start rather than not at all */
	bool		no_align;		/* the caller said 0 */
};

/* The wish with any node, if that is another wish and allowed. */
RARE phys_addr_t attempt_any_node(const struct request *q, enum memblock_flags flags)
{
	struct mb_wish any = q->wish;

	if (q->exact_nid || !numa_valid_node(any.nid))
		return 0;
	any.nid = NUMA_NO_NODE;
	return attempt(&any, flags);
}

RARE phys_addr_t attempt_nodes(const struct request *q, enum memblock_flags flags)
{
	phys_addr_t addr = attempt(&q->wish, flags);

	return addr ? addr : attempt_any_node(q, flags);
}

/* The first attempt failed: all others, in Linux's order. */
RARE phys_addr_t try_harder(struct request *q)
{
	enum memblock_flags flags = mb_first_choice();
	phys_addr_t addr = attempt_any_node(q, flags);

	while (!addr) {
		if (flags & MEMBLOCK_MIRROR) {
			mb_warn_no_mirror(q->wish.size);
			addr = attempt_nodes(q, MEMBLOCK_NONE);
		}
		if (addr || !q->drop_min || !q->wish.start)
			break;
		/* All over again, the complaint about the alignment as well. */
		q->wish.start = 0;
		if (q->no_align)
			dump_stack();
		addr = attempt_nodes(q, flags);
	}
	return addr;
}

/*
 * Linux differs: after the hand-over it serves from the slab allocator; here there is
 * none, and a late caller has a bug to be told about.
 */
RARE phys_addr_t refuse(phys_addr_t size, unsigned long caller)
{
	WARN(true, "memblock: %pS wants %pa bytes after the hand-over: ask the page allocator\n",
	     (void *)caller, &size);
	return 0;
}

/* What is common to all entrances. */
static phys_addr_t alloc(struct request *q, unsigned long caller)
{
	phys_addr_t addr;

	if (unlikely(mb_state.handed_over))
		return refuse(q->wish.size, caller);
	if (unlikely(!q->wish.align)) {
		dump_stack();
		q->no_align = true;
		q->wish.align = SMP_CACHE_BYTES;
	}
	addr = attempt(&q->wish, mb_first_choice());
	if (unlikely(!addr))
		addr = try_harder(q);
	mb_tell(MEMBLOCK_OP_ALLOC, addr, q->wish.size, q->wish.nid, MEMBLOCK_NONE, caller,
		addr ? 0 : -ENOMEM);
	return addr;
}

phys_addr_t memblock_alloc_range_nid(phys_addr_t size, phys_addr_t align, phys_addr_t start,
				     phys_addr_t end, int nid, bool exact_nid)
{
	struct request q = { .wish = { size, align, start, end, nid }, .exact_nid = exact_nid };

	return alloc(&q, RET_IP);
}

phys_addr_t memblock_phys_alloc_range(phys_addr_t size, phys_addr_t align, phys_addr_t start,
				      phys_addr_t end)
{
	struct request q = { .wish = { size, align, start, end, NUMA_NO_NODE } };

	if (unlikely(memblock_verbose))
		mb_log_phys_alloc(&q.wish, RET_IP);
	return alloc(&q, RET_IP);
}

phys_addr_t memblock_phys_alloc_try_nid(phys_addr_t size, phys_addr_t align, int nid)
{
	struct request q = { .wish = { size, align, 0, MEMBLOCK_ALLOC_ACCESSIBLE, nid } };

	return alloc(&q, RET_IP);
}

/* The virtual allocators: max_addr is clamped to current_limit, min_addr may be dropped. */
static void *alloc_virt(const char *func, struct request *q, unsigned long caller)
{
	phys_addr_t addr;

	if (unlikely(memblock_verbose))
		mb_log_alloc(func, &q->wish, caller);
	q->wish.end = MIN(q->wish.end, memblock.current_limit);
	addr = alloc(q, caller);
	return addr ? phys_to_virt(addr) : NULL;
}

void *memblock_alloc_exact_nid_raw(phys_addr_t size, phys_addr_t align, phys_addr_t min_addr,
				   phys_addr_t max_addr, int nid)
{
	struct request q = { .wish = { size, align, min_addr, max_addr, nid },
			     .exact_nid = true, .drop_min = true };

	return alloc_virt(__func__, &q, RET_IP);
}

void *memblock_alloc_try_nid_raw(phys_addr_t size, phys_addr_t align, phys_addr_t min_addr,
				 phys_addr_t max_addr, int nid)
{
	struct request q = { .wish = { size, align, min_addr, max_addr, nid }, .drop_min = true };

	return alloc_virt(__func__, &q, RET_IP);
}

void *memblock_alloc_try_nid(phys_addr_t size, phys_addr_t align, phys_addr_t min_addr,
			     phys_addr_t max_addr, int nid)
{
	struct request q = { .wish = { size, align, min_addr, max_addr, nid }, .drop_min = true };
	void *ptr = alloc_virt(__func__, &q, RET_IP);

	if (ptr)
		memset(ptr, 0, size);
	return ptr;
}

void *__memblock_alloc_or_panic(phys_addr_t size, phys_addr_t align, const char *func)
{
	struct request q = { .wish = { size, align, MEMBLOCK_LOW_LIMIT, MEMBLOCK_ALLOC_ACCESSIBLE,
				       NUMA_NO_NODE } };
	void *ptr = alloc_virt("memblock_alloc_try_nid", &q, RET_IP);

	if (!ptr)
		panic("%s: Failed to allocate %pa bytes", func, &size);
	return memset(ptr, 0, size);
}
