// SPDX-License-Identifier: GPL-2.0-only
/*
 * memblock's allocator: find a gap of `reserved` inside `memory`, reserve it.
 *
 * The search keeps one cursor in each array and walks both in one direction, so a
 * gap is looked at once.  It starts where the wanted range ends, not at the end of
 * memory, and remembers nothing from call to call: whatever the arrays say now is
 * what counts.
 */
#include "mm/memblock_internal.h"

/* ---- finding ------------------------------------------------------------------------ */

/* mb_wish with special ends resolved: 0 < start <= end. */
struct hunt {
	phys_addr_t		size, align;
	phys_addr_t		start, end;
	struct mb_filter	filter;
};

/* As Linux rounds: also for what is no power of two, which nobody promises to be useful. */
static inline phys_addr_t round_up_to(phys_addr_t addr, phys_addr_t align)
{
	return ((addr - 1) | (align - 1)) + 1;
}

static inline phys_addr_t round_down_to(phys_addr_t addr, phys_addr_t align)
{
	return addr & ~(align - 1);
}

/*
 * The highest place inside [lo, hi) that avoids the first *rsv reserved regions; all
 * others begin at hi or above.  Gaps are tried from the top:
 *
 *	memory	      lo[--------------------------------)hi
 *	reserved  [3--------]    [2--]       [1--]    [0---
 *	gaps		     3rd      2nd         1st
 *
 * Return: address or 0; *rsv then counts the regions that may begin below lo.
 */
static phys_addr_t highest_in(const struct hunt *h, phys_addr_t lo, phys_addr_t hi,
			      unsigned long *rsv)
{
	const struct memblock_region *r = memblock.reserved.regions + *rsv;
	const struct memblock_region *first = memblock.reserved.regions;
	phys_addr_t found = 0;

	/* Invariant: [hi, ...) is done; r[-1] is the highest region that begins below hi. */
	while (hi > lo && hi - lo >= h->size) {
		phys_addr_t below = r > first ? mb_end(r - 1) : 0;

		if (below <= hi - h->size) {
			found = round_down_to(hi - h->size, h->align);
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

static phys_addr_t find_top_down(const struct hunt *h)
{
	const struct memblock_type *mem = &memblock.memory, *rsv = &memblock.reserved;
	unsigned long i = mb_count_below(mem->regions, mem->cnt, h->end);
	unsigned long j = mb_count_below(rsv->regions, rsv->cnt, h->end);

	while (i-- && mb_end(&mem->regions[i]) > h->start) {
		const struct memblock_region *m = &mem->regions[i];
		phys_addr_t lo = MAX(m->base, h->start), hi = MIN(mb_end(m), h->end), found;

		if (hi - lo < h->size || !mb_passes(m, &h->filter))
			continue;
		if (j && rsv->regions[j - 1].base >= hi)
			j = mb_count_below(rsv->regions, j, hi);
		found = highest_in(h, lo, hi, &j);
		if (found)
			return found;
	}
	return 0;
}

/* As highest_in(), upwards: the first *rsv regions end at lo or below. */
static phys_addr_t lowest_in(const struct hunt *h, phys_addr_t lo, phys_addr_t hi,
			     unsigned long *rsv)
{
	const struct memblock_type *type = &memblock.reserved;
	unsigned long j = *rsv;
	phys_addr_t found = 0;

	/* Invariant: [..., lo) is done; region j is the lowest that ends above lo. */
	while (lo < hi && hi - lo >= h->size) {
		phys_addr_t above = j < type->cnt ? type->regions[j].base : PHYS_ADDR_MAX;
		phys_addr_t top = MIN(above, hi);

		if (top > lo && top - lo >= h->size) {
			found = round_up_to(lo, h->align);
			if (found < top && top - found >= h->size)
				break;
			found = 0;
		}
		/* A region that ends at or above hi may matter to the memory above hi. */
		if (above >= hi || mb_end(&type->regions[j]) >= hi)
			break;
		lo = mb_end(&type->regions[j++]);
	}
	*rsv = j;
	return found;
}

static phys_addr_t find_bottom_up(const struct hunt *h)
{
	const struct memblock_type *mem = &memblock.memory, *rsv = &memblock.reserved;
	unsigned long i = mb_first_above(mem, h->start);
	unsigned long j = mb_first_above(rsv, h->start);

	for (; i < mem->cnt && mem->regions[i].base < h->end; i++) {
		const struct memblock_region *m = &mem->regions[i];
		phys_addr_t lo = MAX(m->base, h->start), hi = MIN(mb_end(m), h->end), found;

		if (hi - lo < h->size || !mb_passes(m, &h->filter))
			continue;
		if (j < rsv->cnt && mb_end(&rsv->regions[j]) <= lo)
			j = mb_first_above(rsv, lo);
		found = lowest_in(h, lo, hi, &j);
		if (found)
			return found;
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

phys_addr_t mb_find_free(const struct mb_wish *wish, enum memblock_flags flags)
{
	struct hunt h = { .size = wish->size, .align = wish->align, .end = wish->end,
			  .filter = mb_filter(wish->nid, flags) };

	if (mb_state.handed_over)
		return 0;
	if (h.end == MEMBLOCK_ALLOC_ACCESSIBLE || h.end == MEMBLOCK_ALLOC_NOLEAKTRACE)
		h.end = memblock.current_limit;
	h.start = MAX(wish->start, (phys_addr_t)PAGE_SIZE);	/* never page 0 */
	h.end = MAX(h.start, h.end);
	if (!h.size)
		return find_nothing(&h, wish->nid, flags);
	return memblock_bottom_up() ? find_bottom_up(&h) : find_top_down(&h);
}

/* ---- allocating ------------------------------------------------------------------------ */

/* An address inside memblock_alloc_range_nid(): who an allocation's reservations are by. */
#define ALLOC_IP	((unsigned long)memblock_alloc_range_nid + 1)

void mb_warn_no_mirror(phys_addr_t size)
{
	pr_warn_ratelimited("Could not allocate %pa bytes of mirrored memory\n", &size);
}

/* Find and reserve; a reservation that fails is a search that failed. */
static phys_addr_t attempt(const struct mb_wish *wish, enum memblock_flags flags)
{
	phys_addr_t addr = mb_find_free(wish, flags);

	return addr && !mb_reserve(addr, wish->size, ALLOC_IP) ? addr : 0;
}

static phys_addr_t attempt_nodes(const struct mb_wish *wish, enum memblock_flags flags,
				 bool exact_nid)
{
	struct mb_wish any = *wish;
	phys_addr_t addr = attempt(wish, flags);

	if (addr || exact_nid || !numa_valid_node(wish->nid))
		return addr;
	any.nid = NUMA_NO_NODE;
	return attempt(&any, flags);
}

static phys_addr_t alloc_range(const struct mb_wish *wish, bool exact_nid)
{
	enum memblock_flags flags = mb_first_choice();
	phys_addr_t addr = attempt_nodes(wish, flags, exact_nid);

	if (!addr && flags & MEMBLOCK_MIRROR) {
		mb_warn_no_mirror(wish->size);
		addr = attempt_nodes(wish, MEMBLOCK_NONE, exact_nid);
	}
	if (addr)
		accept_memory(addr, wish->size);
	return addr;
}

/*
 * What is common to all entrances.  Linux differs: after the hand-over it serves from
 * the slab allocator; here there is none, and a late caller has a bug to be told about.
 */
static phys_addr_t alloc(struct mb_wish wish, bool exact_nid, bool drop_min,
			 unsigned long caller)
{
	phys_addr_t addr;

	if (WARN(mb_state.handed_over,
		 "memblock: %pS wants %pa bytes after the hand-over: ask the page allocator\n",
		 (void *)caller, &wish.size))
		return 0;
	if (!wish.align) {
		dump_stack();
		wish.align = SMP_CACHE_BYTES;
	}
	addr = alloc_range(&wish, exact_nid);
	if (!addr && drop_min && wish.start) {
		wish.start = 0;
		addr = alloc_range(&wish, exact_nid);
	}
	memblock_event(MEMBLOCK_OP_ALLOC, addr, wish.size, wish.nid, MEMBLOCK_NONE, caller,
		       addr ? 0 : -ENOMEM);
	return addr;
}

phys_addr_t memblock_alloc_range_nid(phys_addr_t size, phys_addr_t align, phys_addr_t start,
				     phys_addr_t end, int nid, bool exact_nid)
{
	struct mb_wish wish = { size, align, start, end, nid };

	return alloc(wish, exact_nid, false, RET_IP);
}

phys_addr_t memblock_phys_alloc_range(phys_addr_t size, phys_addr_t align, phys_addr_t start,
				      phys_addr_t end)
{
	struct mb_wish wish = { size, align, start, end, NUMA_NO_NODE };

	if (unlikely(memblock_verbose))
		mb_log_phys_alloc(&wish, RET_IP);
	return alloc(wish, false, false, RET_IP);
}

phys_addr_t memblock_phys_alloc_try_nid(phys_addr_t size, phys_addr_t align, int nid)
{
	struct mb_wish wish = { size, align, 0, MEMBLOCK_ALLOC_ACCESSIBLE, nid };

	return alloc(wish, false, false, RET_IP);
}

/* The virtual allocators: max_addr is clamped to current_limit, min_addr may be dropped. */
static void *alloc_virt(const char *func, struct mb_wish wish, bool exact_nid,
			unsigned long caller)
{
	phys_addr_t addr;

	if (unlikely(memblock_verbose))
		mb_log_alloc(func, &wish, caller);
	wish.end = MIN(wish.end, memblock.current_limit);
	addr = alloc(wish, exact_nid, true, caller);
	return addr ? phys_to_virt(addr) : NULL;
}

void *memblock_alloc_exact_nid_raw(phys_addr_t size, phys_addr_t align, phys_addr_t min_addr,
				   phys_addr_t max_addr, int nid)
{
	struct mb_wish wish = { size, align, min_addr, max_addr, nid };

	return alloc_virt(__func__, wish, true, RET_IP);
}

void *memblock_alloc_try_nid_raw(phys_addr_t size, phys_addr_t align, phys_addr_t min_addr,
				 phys_addr_t max_addr, int nid)
{
	struct mb_wish wish = { size, align, min_addr, max_addr, nid };

	return alloc_virt(__func__, wish, false, RET_IP);
}

void *memblock_alloc_try_nid(phys_addr_t size, phys_addr_t align, phys_addr_t min_addr,
			     phys_addr_t max_addr, int nid)
{
	struct mb_wish wish = { size, align, min_addr, max_addr, nid };
	void *ptr = alloc_virt(__func__, wish, false, RET_IP);

	if (ptr)
		memset(ptr, 0, size);
	return ptr;
}

void *__memblock_alloc_or_panic(phys_addr_t size, phys_addr_t align, const char *func)
{
	struct mb_wish wish = { size, align, MEMBLOCK_LOW_LIMIT, MEMBLOCK_ALLOC_ACCESSIBLE,
				NUMA_NO_NODE };
	void *ptr = alloc_virt("memblock_alloc_try_nid", wish, false, RET_IP);

	if (!ptr)
		panic("%s: Failed to allocate %pa bytes", func, &size);
	return memset(ptr, 0, size);
}
