// SPDX-License-Identifier: GPL-2.0-only
/*
 * memblock's allocator: find a gap of `reserved` inside `memory`, reserve it.
 *
 * The search keeps one index into each array and walks both in one direction, so it tries
 * each gap once.  It begins where the wanted range ends, not at the end of memory, and
 * keeps nothing from call to call.
 */
#include "mm/memblock/memblock_internal.h"

/*
 * Nearly all allocations of a boot are top-down and succeed at the first try: that way is
 * inlined into alloc_range_nid().  Everything rarer is a call from there.
 */
#ifndef FAST
#define FAST	static inline __attribute__((always_inline))
#endif
#define RARE	static __noinline

/* ---- finding ------------------------------------------------------------------------ */

/* What is searched for: an allocation's wish with its special ends resolved, 0 < start <= end. */
struct search {
	phys_addr_t		size, align;
	phys_addr_t		start, end;
	struct mb_filter	filter;
};

FAST struct search search_for(const struct mb_wish *wish, enum memblock_flags flags)
{
	struct search s = { .size = wish->size, .align = wish->align, .end = wish->end,
			  .filter = mb_filter(wish->nid, flags) };

	if (s.end <= MEMBLOCK_ALLOC_NOLEAKTRACE)	/* or ACCESSIBLE */
		s.end = memblock.current_limit;
	s.start = MAX(wish->start, (phys_addr_t)PAGE_SIZE);	/* never page 0 */
	s.end = MAX(s.start, s.end);
	return s;
}

/*
 * Rounding as Linux does it: an @align that is no power of two gives what Linux's macros give
 * for it.
 */
/*@ axiomatic Power2 {
	predicate mb_power2(integer a);
	axiom power2_positive: \forall integer a; mb_power2(a) ==> a >= 1;
    }
*/
/*@ requires mb_power2(align) && addr > 0;
    assigns \nothing;
    ensures \result != 0 ==> addr <= \result < addr + align && \result % align == 0;
    ensures \forall integer a; a % align == 0 && addr <= a <= PHYS_ADDR_MAX ==>
	0 < \result <= a;
*/
FAST phys_addr_t round_up_to(phys_addr_t addr, phys_addr_t align)
{
	return ((addr - 1) | (align - 1)) + 1;
}

/*@ requires mb_power2(align);
    assigns \nothing;
    ensures \result <= addr < \result + align;
    ensures \result % align == 0;
    ensures \forall integer a; a % align == 0 && a <= addr ==> a <= \result;
*/
FAST phys_addr_t round_down_to(phys_addr_t addr, phys_addr_t align)
{
	return addr & ~(align - 1);
}

/* How many of the first @j regions begin below @hi; mostly nearly all of them. */
/*@ requires j <= 0xffffffff && \valid_read(r + (0 .. j - 1)) && mb_by_base(r, j);
    assigns \nothing;
    ensures mb_splits(r, \old(j), \result, hi);
*/
FAST unsigned long count_below_from(const struct memblock_region *r, unsigned long j,
				    phys_addr_t hi)
{
	/*@ loop invariant 0 <= tries <= 3 && 0 <= j <= \at(j, Pre);
	    loop invariant \forall integer i; j <= i < \at(j, Pre) ==> r[i].base >= hi;
	    loop assigns tries, j;
	    loop variant tries;
	*/
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
/*@ // [a, a + size) meets one of the first n regions.
    predicate mb_meets{L}(struct memblock_region *r, integer n, integer a, integer size) =
	\exists integer i; 0 <= i < n && r[i].base < a + size && a < mb_end_of(r, i);
*/
/*@ requires \valid_read(s) && \valid(rsv);
    requires 0 < lo <= hi && 0 < s->size && mb_power2(s->align);
    requires 0 <= *rsv <= 0xffffffff;
    requires \valid_read(memblock.reserved.regions + (0 .. *rsv - 1));
    requires mb_sorted(memblock.reserved.regions, *rsv);
    requires \forall integer i; 0 <= i < *rsv ==> memblock.reserved.regions[i].base < hi;
    requires \separated(rsv, s, &memblock, memblock.reserved.regions + (0 .. *rsv - 1));
    assigns *rsv;
    ensures 0 <= *rsv <= \old(*rsv);
    ensures in_range: \result != 0 ==> lo <= \result && \result + s->size <= hi;
    ensures aligned: \result != 0 ==> \result % s->align == 0;
    ensures free: \result != 0 ==>
	!mb_meets(memblock.reserved.regions, \old(*rsv), \result, s->size);
    ensures highest: \forall integer a; a > \result && lo <= a && a + s->size <= hi &&
	a % s->align == 0 ==> mb_meets(memblock.reserved.regions, \old(*rsv), a, s->size);
    ensures place: \result != 0 ==> \forall integer i; 0 <= i < \old(*rsv) ==>
	(i < *rsv <==> memblock.reserved.regions[i].base < \result);
    ensures rest: \result == 0 ==> \forall integer i; *rsv <= i < \old(*rsv) ==>
	memblock.reserved.regions[i].base >= lo;
*/
FAST phys_addr_t highest_in(const struct search *s, phys_addr_t lo, phys_addr_t hi,
			    unsigned long *rsv)
{
	const struct memblock_region *first = memblock.reserved.regions, *r = first + *rsv;
	phys_addr_t size = s->size, found = 0;
	//@ ghost unsigned long k = *rsv;

	/* Invariant: [hi, ...) is done; r[-1] is the highest region that begins below hi. */
	/*@ loop invariant r == first + k && 0 <= k <= \at(*rsv, Pre);
	    loop invariant found == 0 && lo <= hi <= \at(hi, Pre);
	    loop invariant \forall integer i; 0 <= i < k ==> first[i].base < hi;
	    loop invariant \forall integer i; k <= i < \at(*rsv, Pre) ==> first[i].base >= hi;
	    loop invariant hi < \at(hi, Pre) ==> k < \at(*rsv, Pre) && hi == first[k].base;
	    loop invariant \forall integer a;
		a + size > hi && lo <= a && a + size <= \at(hi, Pre) && a % s->align == 0 ==>
		mb_meets(first, \at(*rsv, Pre), a, size);
	    loop assigns r, hi, found, k;
	    loop variant k;
	*/
	while (hi > lo && hi - lo >= size) {
		phys_addr_t below = r > first ? mb_end(r - 1) : 0;

		if (below <= hi - size) {
			found = round_down_to(hi - size, s->align);
			if (found >= MAX(below, lo))
				break;
			found = 0;
		}
		/* A region that begins at or below lo may matter to the memory below lo. */
		if (r == first || r[-1].base <= lo)
			break;
		//@ ghost k--;
		hi = (--r)->base;
	}
	//@ assert r - first == k;
	*rsv = (unsigned long)(r - first);
	return found;
}

FAST phys_addr_t __memblock_find_range_top_down(const struct search *s, unsigned long *at)
{
	const struct memblock_region *mem = memblock.memory.regions;
	const struct memblock_region *rsv = memblock.reserved.regions;
	unsigned long i = mb_below(&memblock.memory, s->end);
	unsigned long j = mb_below(&memblock.reserved, s->end);

	while (i-- && mb_end(&mem[i]) > s->start) {
		const struct memblock_region *m = &mem[i];
		phys_addr_t lo, hi, found;

		if (should_skip_region(m, &s->filter))
			continue;
		lo = MAX(m->base, s->start);
		hi = MIN(mb_end(m), s->end);
		if (hi - lo < s->size)
			continue;
		j = count_below_from(rsv, j, hi);
		found = highest_in(s, lo, hi, &j);
		if (found) {
			*at = j;
			return found;
		}
	}
	return 0;
}

/* The first region from @j on that ends above @lo; mostly @j or one of the next. */
/*@ requires mb_searchable(type) && j <= type->cnt;
    requires \forall integer i; 0 <= i < j ==> mb_end_of(type->regions, i) <= lo;
    assigns mb_state.memory_hint, mb_state.reserved_hint;
    ensures mb_ends_split(type->regions, type->cnt, \result, lo);
*/
FAST unsigned long first_above_from(const struct memblock_type *type, unsigned long j,
				    phys_addr_t lo)
{
	/*@ loop invariant 0 <= tries <= 3 && j <= type->cnt;
	    loop invariant \forall integer i; 0 <= i < j ==> mb_end_of(type->regions, i) <= lo;
	    loop assigns tries, j;
	    loop variant tries;
	*/
	for (int tries = 3; tries; tries--, j++)
		if (j == type->cnt || mb_end(&type->regions[j]) > lo)
			return j;
	return mb_first_above(type, lo);
}

/*
 * The lowest place inside [lo, hi) that avoids reserved regions; the first *rsv of them end at
 * lo or below.  highest_in() the other way round; *rsv is then an index to go on from.
 */
/*@ requires \valid_read(s) && \valid(rsv);
    requires 0 < lo <= hi && 0 < s->size && mb_power2(s->align);
    requires mb_searchable(&memblock.reserved);
    requires mb_ends_split(memblock.reserved.regions, memblock.reserved.cnt, *rsv, lo);
    requires \separated(rsv, s, &memblock,
	memblock.reserved.regions + (0 .. memblock.reserved.cnt - 1));
    assigns *rsv;
    ensures \old(*rsv) <= *rsv <= memblock.reserved.cnt;
    ensures in_range: \result != 0 ==> lo <= \result && \result + s->size <= hi;
    ensures aligned: \result != 0 ==> \result % s->align == 0;
    ensures free: \result != 0 ==>
	!mb_meets(memblock.reserved.regions, memblock.reserved.cnt, \result, s->size);
    ensures lowest: \forall integer a;
	(\result == 0 || a < \result) && lo <= a && a + s->size <= hi && a % s->align == 0 ==>
	mb_meets(memblock.reserved.regions, memblock.reserved.cnt, a, s->size);
    ensures place: \result != 0 ==>
	mb_splits(memblock.reserved.regions, memblock.reserved.cnt, *rsv, \result);
    ensures rest: \forall integer i; 0 <= i < *rsv ==>
	mb_end_of(memblock.reserved.regions, i) <= hi;
*/
FAST phys_addr_t lowest_in(const struct search *s, phys_addr_t lo, phys_addr_t hi,
			   unsigned long *rsv)
{
	const struct memblock_type *type = &memblock.reserved;
	const struct memblock_region *r = type->regions + *rsv, *stop = type->regions + type->cnt;
	phys_addr_t size = s->size, found = 0;
	//@ ghost unsigned long k = *rsv;

	/* Invariant: [..., lo) is done; *r is the lowest region that ends above lo. */
	/*@ loop invariant r == type->regions + k && \at(*rsv, Pre) <= k <= type->cnt;
	    loop invariant found == 0 && \at(lo, Pre) <= lo <= hi;
	    loop invariant mb_ends_split(type->regions, type->cnt, k, lo);
	    loop invariant \forall integer a;
		a < lo && \at(lo, Pre) <= a && a + size <= hi && a % s->align == 0 ==>
		mb_meets(type->regions, type->cnt, a, size);
	    loop assigns r, lo, found, k;
	    loop variant type->cnt - k;
	*/
	while (lo < hi && hi - lo >= size) {
		phys_addr_t top = r < stop && r->base < hi ? r->base : hi;

		if (top > lo && top - lo >= size) {
			found = round_up_to(lo, s->align);
			if (found < top && top - found >= size)
				break;
			found = 0;
		}
		/* A region that ends at or above hi may matter to the memory above hi. */
		if (top == hi || mb_end(r) >= hi)
			break;
		//@ ghost k++;
		lo = mb_end(r++);
	}
	//@ assert r - type->regions == k;
	*rsv = (unsigned long)(r - type->regions);
	return found;
}

FAST phys_addr_t __memblock_find_range_bottom_up(const struct search *s, unsigned long *at)
{
	const struct memblock_type *mem = &memblock.memory;
	unsigned long i = mb_first_above(mem, s->start);
	unsigned long j = mb_first_above(&memblock.reserved, s->start);

	for (; i < mem->cnt && mem->regions[i].base < s->end; i++) {
		const struct memblock_region *m = &mem->regions[i];
		phys_addr_t lo, hi, found;

		if (should_skip_region(m, &s->filter))
			continue;
		lo = MAX(m->base, s->start);
		hi = MIN(mb_end(m), s->end);
		if (hi - lo < s->size)
			continue;
		j = first_above_from(&memblock.reserved, j, lo);
		found = lowest_in(s, lo, hi, &j);
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
 * aligned.  Nobody does this often, so the plain walk of all free ranges will do.
 */
static phys_addr_t find_empty(const struct search *s, int nid, enum memblock_flags flags)
{
	phys_addr_t lo, hi, found;
	uint64_t i;

	if (memblock_bottom_up()) {
		for_each_free_mem_range(i, nid, flags, &lo, &hi, NULL) {
			lo = MIN(MAX(lo, s->start), s->end);
			hi = MIN(MAX(hi, s->start), s->end);
			found = round_up_to(lo, s->align);
			if (found < hi)
				return found;
		}
		return 0;
	}
	for_each_free_mem_range_reverse(i, nid, flags, &lo, &hi, NULL) {
		lo = MIN(MAX(lo, s->start), s->end);
		hi = MIN(MAX(hi, s->start), s->end);
		found = round_down_to(hi, s->align);
		if (found >= lo)
			return found;
	}
	return 0;
}

/* A search for size 0, or bottom-up. */
RARE phys_addr_t find_empty_or_bottom_up(const struct mb_wish *wish, enum memblock_flags flags,
					 unsigned long *at)
{
	struct search s = search_for(wish, flags);

	if (!s.size)
		return find_empty(&s, wish->nid, flags);
	return __memblock_find_range_bottom_up(&s, at);
}

/*
 * @at: out, the index in reserved at which the place would be inserted; not for size 0.
 * Return: address, 0 if there is none.
 */
FAST phys_addr_t memblock_find_in_range_node(const struct mb_wish *wish, enum memblock_flags flags,
					     unsigned long *at)
{
	struct search s;

	if (unlikely(!wish->size || memblock_bottom_up()))
		return find_empty_or_bottom_up(wish, flags, at);
	s = search_for(wish, flags);
	return __memblock_find_range_top_down(&s, at);
}

phys_addr_t mb_find_for_array(const struct mb_wish *wish, enum memblock_flags flags)
{
	unsigned long at;

	return mb_state.handed_over ? 0 : memblock_find_in_range_node(wish, flags, &at);
}

void mb_warn_no_mirror(phys_addr_t size)
{
	pr_warn_ratelimited("Could not allocate %pa bytes of mirrored memory\n", &size);
}

/* ---- allocating ------------------------------------------------------------------------ */

/* The debug lines name this address inside memblock_alloc_range_nid() as the caller. */
#define ALLOC_IP	((unsigned long)memblock_alloc_range_nid + 1)

/* Reserve the place found for @wish, with all that can be known of it.  Return: 0, not possible. */
RARE phys_addr_t reserve_found(const struct mb_wish *wish, phys_addr_t addr)
{
	if (mb_reserve(addr, wish->size, wish->nid, MEMBLOCK_RSRV_KERN, ALLOC_IP))
		return 0;
	accept_memory(addr, wish->size);
	return addr;
}

/* Find a place and reserve it.  Return: 0 if there is none, or if it cannot be reserved. */
FAST phys_addr_t find_and_reserve(const struct mb_wish *wish, enum memblock_flags flags)
{
	unsigned long at = 0;
	phys_addr_t addr = memblock_find_in_range_node(wish, flags, &at);

	if (unlikely(!addr))
		return 0;
	if (unlikely(mb_state.careful))
		return reserve_found(wish, addr);
	if (wish->size && mb_reserve_at(at, addr, addr + wish->size))
		return 0;
	accept_memory(addr, wish->size);
	return addr;
}

/* An allocation: what is asked for, and what may be given instead. */
struct mb_alloc {
	struct mb_wish	wish;
	bool		exact_nid;		/* no other node */
	bool		drop_min;		/* also below start */
	bool		no_align;		/* the caller asked for alignment 0 */
};

/* The same on any node, unless that has been tried already or is not allowed. */
RARE phys_addr_t reserve_on_any_node(struct mb_alloc *q, enum memblock_flags flags)
{
	struct mb_wish any = q->wish;
	phys_addr_t addr;

	if (q->exact_nid || !numa_valid_node(any.nid))
		return 0;
	any.nid = NUMA_NO_NODE;
	addr = find_and_reserve(&any, flags);
	if (addr && mb_state.rsrv_kern)		/* the event has the node that is stored */
		q->wish.nid = NUMA_NO_NODE;
	return addr;
}

RARE phys_addr_t reserve_on_nodes(struct mb_alloc *q, enum memblock_flags flags)
{
	phys_addr_t addr = find_and_reserve(&q->wish, flags);

	return addr ? addr : reserve_on_any_node(q, flags);
}

/* Nothing was found where it was wanted: all that is allowed instead, in Linux's order. */
RARE phys_addr_t try_harder(struct mb_alloc *q)
{
	enum memblock_flags flags = choose_memblock_flags();
	phys_addr_t addr = reserve_on_any_node(q, flags);

	while (!addr) {
		if (flags & MEMBLOCK_MIRROR) {
			mb_warn_no_mirror(q->wish.size);
			addr = reserve_on_nodes(q, MEMBLOCK_NONE);
		}
		if (addr || !q->drop_min || !q->wish.start)
			break;
		/* As Linux, from the beginning: alignment 0 is complained about again. */
		q->wish.start = 0;
		if (q->no_align)
			dump_stack();
		addr = reserve_on_nodes(q, flags);
	}
	return addr;
}

/*
 * Linux differs: after the hand-over it serves from the slab allocator; here there is
 * none, so a late call is a bug of the caller's, who is named.
 */
RARE phys_addr_t refuse_late_alloc(phys_addr_t size, unsigned long caller)
{
	WARN(true, "memblock: %pS wants %pa bytes after the hand-over: ask the page allocator\n",
	     (void *)caller, &size);
	return 0;
}

/*
 * What all public allocators share, memblock_alloc_range_nid() among them; the event needs the
 * address that called the public one.
 */
static phys_addr_t alloc_range_nid(struct mb_alloc *q, unsigned long caller)
{
	phys_addr_t addr;

	if (unlikely(mb_state.handed_over))
		return refuse_late_alloc(q->wish.size, caller);
	if (unlikely(!q->wish.align)) {
		dump_stack();
		q->no_align = true;
		q->wish.align = SMP_CACHE_BYTES;
	}
	addr = find_and_reserve(&q->wish, choose_memblock_flags());
	if (unlikely(!addr))
		addr = try_harder(q);
	mb_tell(MEMBLOCK_OP_ALLOC, addr, q->wish.size, q->wish.nid, MEMBLOCK_NONE, caller,
		addr ? 0 : -ENOMEM);
	return addr;
}

phys_addr_t memblock_alloc_range_nid(phys_addr_t size, phys_addr_t align, phys_addr_t start,
				     phys_addr_t end, int nid, bool exact_nid)
{
	struct mb_alloc q = { .wish = { size, align, start, end, nid }, .exact_nid = exact_nid };

	return alloc_range_nid(&q, RET_IP);
}

phys_addr_t memblock_phys_alloc_range(phys_addr_t size, phys_addr_t align, phys_addr_t start,
				      phys_addr_t end)
{
	struct mb_alloc q = { .wish = { size, align, start, end, NUMA_NO_NODE } };

	if (unlikely(mb_state.verbose))
		mb_log_phys_alloc(&q.wish, RET_IP);
	return alloc_range_nid(&q, RET_IP);
}

phys_addr_t memblock_phys_alloc_try_nid(phys_addr_t size, phys_addr_t align, int nid)
{
	struct mb_alloc q = { .wish = { size, align, 0, MEMBLOCK_ALLOC_ACCESSIBLE, nid } };

	return alloc_range_nid(&q, RET_IP);
}

/* The virtual allocators: max_addr is clamped to current_limit, min_addr may be dropped. */
static void *memblock_alloc_internal(const char *func, struct mb_alloc *q,
				     unsigned long caller)
{
	phys_addr_t addr;

	if (unlikely(mb_state.verbose))
		mb_log_alloc(func, &q->wish, caller);
	q->wish.end = MIN(q->wish.end, memblock.current_limit);
	addr = alloc_range_nid(q, caller);
	return addr ? phys_to_virt(addr) : NULL;
}

void *memblock_alloc_exact_nid_raw(phys_addr_t size, phys_addr_t align, phys_addr_t min_addr,
				   phys_addr_t max_addr, int nid)
{
	struct mb_alloc q = { .wish = { size, align, min_addr, max_addr, nid },
			     .exact_nid = true, .drop_min = true };

	return memblock_alloc_internal(__func__, &q, RET_IP);
}

void *memblock_alloc_try_nid_raw(phys_addr_t size, phys_addr_t align, phys_addr_t min_addr,
				 phys_addr_t max_addr, int nid)
{
	struct mb_alloc q = { .wish = { size, align, min_addr, max_addr, nid }, .drop_min = true };

	return memblock_alloc_internal(__func__, &q, RET_IP);
}

void *memblock_alloc_try_nid(phys_addr_t size, phys_addr_t align, phys_addr_t min_addr,
			     phys_addr_t max_addr, int nid)
{
	struct mb_alloc q = { .wish = { size, align, min_addr, max_addr, nid }, .drop_min = true };
	void *ptr = memblock_alloc_internal(__func__, &q, RET_IP);

	if (ptr)
		memset(ptr, 0, size);
	return ptr;
}

void *__memblock_alloc_or_panic(phys_addr_t size, phys_addr_t align, const char *func)
{
	struct mb_alloc q = { .wish = { size, align, MEMBLOCK_LOW_LIMIT, MEMBLOCK_ALLOC_ACCESSIBLE,
				       NUMA_NO_NODE } };
	void *ptr = memblock_alloc_internal("memblock_alloc_try_nid", &q, RET_IP);

	if (!ptr)
		panic("%s: Failed to allocate %pa bytes", func, &size);
	return memset(ptr, 0, size);
}
