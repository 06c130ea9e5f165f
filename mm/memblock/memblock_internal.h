/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The inside of memblock: its state, and what its files offer each other.
 *
 * The two arrays of struct memblock are the truth.  What struct mb_state keeps beside
 * them is only believed where the arrays agree: the memory of a doubled array while
 * `regions` points into it, the last search's answer if the entries around it confirm
 * it.  So a test may put any array in place at any time.
 *
 * One circle of calls is inherent: an allocation reserves what it found
 * (memblock_range.c), a full array of reservations is doubled (memblock_array.c), and
 * the larger array is found by the allocator's search (memblock_alloc.c).  It ends
 * because that search reserves nothing itself.
 */
#ifndef MM_MEMBLOCK_MEMBLOCK_INTERNAL_H
#define MM_MEMBLOCK_MEMBLOCK_INTERNAL_H

#include "mm/memblock.h"
#include "mm/port.h"
#include "mm/range.h"

/* The memory of a doubled array: `slots` entries, of which regions[] uses a part. */
struct mb_block {
	struct memblock_region	*first;		/* NULL: the array was never doubled */
	unsigned long		slots;
};

/* On a cache line: inserting at the front is all memmove(), a tenth faster that way. */
#define MB_LINE_ALIGNED	__attribute__((aligned(64)))

/*
 * All of memblock's state that is not public.
 *
 * The hints are the last answers of mb_below(); the static arrays are in use until they
 * are doubled.
 */
struct mb_state {
	bool		verbose;		/* memblock=debug; constant after boot */
	bool		rsrv_kern;		/* memblock_set_rsrv_kern(); constant after boot */
	bool		careful;		/* one of the two; constant after boot */
	bool		step;			/* memblock=step; constant after boot */
	bool		can_resize;		/* boot only */
	bool		has_mirror;		/* boot only */
	bool		scratch_only;		/* memblock_set_kho_scratch_only(); boot only */
	bool		handed_over;		/* the buddy has the free memory; boot only */
	bool		managed_pages_reset;	/* boot only */
	struct mb_block	memory_block;		/* boot only */
	struct mb_block	reserved_block;		/* boot only */
	enum memblock_flags search;		/* what searches begin with; boot only */
	unsigned long	memory_hint;		/* boot only */
	unsigned long	reserved_hint;		/* boot only */
#ifdef CONFIG_HAVE_MEMBLOCK_PHYS_MAP
	struct memblock_region physmem_init[INIT_PHYSMEM_REGIONS];	/* boot only */
#endif
	struct memblock_region memory_init[INIT_MEMBLOCK_MEMORY_REGIONS] MB_LINE_ALIGNED;
						/* boot only */
	struct memblock_region reserved_init[INIT_MEMBLOCK_RESERVED_REGIONS] MB_LINE_ALIGNED;
						/* boot only */
};

extern struct mb_state mb_state;

/* ---- words of the contracts below (tests/proofs/README.md) -------------------------- */

/*@ // A sane region has bytes and does not wrap; entry i of r ends at mb_end_of(r, i).
    logic integer mb_end_of{L}(struct memblock_region *r, integer i) = r[i].base + r[i].size;

    predicate mb_sane{L}(struct memblock_region *r, integer n) =
	\forall integer i; 0 <= i < n ==> 0 < r[i].size && mb_end_of(r, i) <= PHYS_ADDR_MAX;

    predicate mb_by_base{L}(struct memblock_region *r, integer n) =
	\forall integer i, j; 0 <= i < j < n ==> r[i].base < r[j].base;

    // Sorted and disjoint:  [r[0]) [r[1])[r[2])    [r[3])
    predicate mb_sorted{L}(struct memblock_region *r, integer n) =
	mb_sane(r, n) && mb_by_base(r, n) &&
	\forall integer i, j; 0 <= i < j < n ==> mb_end_of(r, i) <= r[j].base;

    // The first "at" of n regions begin below addr, the others do not.
    predicate mb_splits{L}(struct memblock_region *r, integer n, integer at, integer addr) =
	0 <= at <= n &&
	(\forall integer i; 0 <= i < at ==> r[i].base < addr) &&
	(\forall integer i; at <= i < n ==> addr <= r[i].base);

    // Two regions that must be one: they touch and agree.
    predicate mb_merges{L}(struct memblock_region *low, struct memblock_region *high) =
	low->base + low->size == high->base && low->flags == high->flags &&
	low->nid == high->nid;

    // Law 1 of mm/README.md but for the sum, which is the next.
    predicate mb_normal{L}(struct memblock_region *r, integer n) =
	mb_sane(r, n) &&
	\forall integer i; 0 < i < n ==>
		mb_end_of(r, i - 1) <= r[i].base && !mb_merges(r + i - 1, r + i);

    axiomatic Sum {
	logic integer mb_sum{L}(struct memblock_region *r, integer n) reads r[0 .. n - 1].size;
	axiom sum0{L}: \forall struct memblock_region *r; mb_sum(r, 0) == 0;
	axiom sum1{L}: \forall struct memblock_region *r, integer n; n >= 0 ==>
		mb_sum(r, n + 1) == mb_sum(r, n) + r[n].size;
    }

    // An array that can be searched; the hints, which a search writes, are not in it.
    predicate mb_searchable{L}(struct memblock_type *type) =
	\valid_read(type) && type->cnt <= 0xffffffff &&
	\valid_read(type->regions + (0 .. type->cnt - 1)) &&
	\separated(&mb_state.memory_hint, type, type->regions + (0 .. type->cnt - 1)) &&
	\separated(&mb_state.reserved_hint, type, type->regions + (0 .. type->cnt - 1)) &&
	mb_sorted(type->regions, type->cnt);
*/

/* ---- checking ------------------------------------------------------------------- */

/**
 * memblock_type_broken() - check the normal form
 * Return: NULL, or what is wrong, in words.  total_size may be too large after
 * memblock_trim_memory() (its quirk); everything else must be right.
 */
/*@ requires \valid_read(type) && type->cnt <= 0xffffffff;
    requires \valid_read(type->regions + (0 .. type->cnt)) ||
	type->cnt && \valid_read(type->regions + (0 .. type->cnt - 1));
    assigns \nothing;
    ensures sound: \result == \null && type->cnt > 0 ==>
	type->cnt <= type->max && mb_normal(type->regions, type->cnt) &&
	mb_sum(type->regions, type->cnt) <= type->total_size;
    ensures sound_empty: \result == \null && type->cnt == 0 ==> type->regions[0].size == 0;
    ensures complete: 0 < type->cnt <= type->max && mb_normal(type->regions, type->cnt) &&
	mb_sum(type->regions, type->cnt) <= type->total_size ==> \result == \null;
*/
const char *memblock_type_broken(const struct memblock_type *type);

/* ---- one region --------------------------------------------------------------- */

/*@ requires \valid_read(r) && r->base + r->size <= PHYS_ADDR_MAX;
    assigns \nothing;
    ensures \result == r->base + r->size;
*/
static inline phys_addr_t mb_end(const struct memblock_region *r)
{
	return r->base + r->size;
}

static inline struct memblock_region mb_region(phys_addr_t base, phys_addr_t end, int nid,
					       enum memblock_flags flags)
{
	struct memblock_region r = { .base = base, .size = end - base, .flags = flags };

	memblock_set_region_node(&r, nid);
	return r;
}

/* The part [base, end) of @r. */
static inline struct memblock_region mb_part(const struct memblock_region *r, phys_addr_t base,
					     phys_addr_t end)
{
	struct memblock_region part = *r;

	part.base = base;
	part.size = end - base;
	return part;
}

/* Two neighbours that must be one region: they touch and agree. */
/*@ requires \valid_read(low) && \valid_read(high) && low->base + low->size <= PHYS_ADDR_MAX;
    assigns \nothing;
    ensures \result <==> mb_merges(low, high);
*/
static inline bool mb_mergeable(const struct memblock_region *low,
				const struct memblock_region *high)
{
	return mb_end(low) == high->base && low->flags == high->flags &&
	       memblock_get_region_node(low) == memblock_get_region_node(high);
}

/*@ requires \valid_read(type) && \valid_read(type->regions);
    assigns \nothing;
    ensures \result <==> type->regions[0].size == 0;
*/
static inline bool mb_empty(const struct memblock_type *type)
{
	return !type->regions[0].size;
}

/* ---- searching ------------------------------------------------------------------ */

/*
 * How many of the first @n regions begin below @addr.  A step compares three entries,
 * which the processor does side by side in the time of one, and goes on in one quarter of
 * the rest.  The results select pointers instead of being branched on: which quarter it
 * is follows no pattern, so a branch would be mispredicted.
 *
 *	p          p1          p2          p3
 *	|--quarter-|--quarter-|--quarter-|--rest--|
 *
 * Invariant: regions before p begin below addr, regions from p + n on do not.
 */
/*@ requires n <= 0xffffffff && \valid_read(r + (0 .. n - 1)) && mb_by_base(r, n);
    assigns \nothing;
    ensures mb_splits(r, \old(n), \result, addr);
*/
static inline unsigned long mb_count_below(const struct memblock_region *r, unsigned long n,
					   phys_addr_t addr)
{
	const struct memblock_region *p = r;
	//@ ghost unsigned long k = 0;

	/*@ loop invariant p == r + k;
	    loop invariant 0 <= k && k + n <= \at(n, Pre);
	    loop invariant \forall integer i; 0 <= i < k ==> r[i].base < addr;
	    loop invariant \forall integer i; k + n <= i < \at(n, Pre) ==> addr <= r[i].base;
	    loop assigns p, n, k;
	    loop variant n;
	*/
	while (n >= 4) {
		unsigned long quarter = n / 4;
		const struct memblock_region *p1 = p + quarter, *p2 = p1 + quarter,
					     *p3 = p2 + quarter;
		bool c2 = p2[-1].base < addr, c3 = p3[-1].base < addr;

		p = p1[-1].base < addr ? p1 : p;
		p = c2 ? p2 : p;
		p = c3 ? p3 : p;
		/*@ ghost k += r[k + 3 * quarter - 1].base < addr ? 3 * quarter
			     : r[k + 2 * quarter - 1].base < addr ? 2 * quarter
			     : r[k + quarter - 1].base < addr ? quarter : 0;
		*/
		//@ assert p == r + k;
		n -= 3 * quarter;
	}
	/*@ loop invariant p == r + k;
	    loop invariant 0 <= k && k + n <= \at(n, Pre);
	    loop invariant \forall integer i; 0 <= i < k ==> r[i].base < addr;
	    loop invariant \forall integer i; k + n <= i < \at(n, Pre) ==> addr <= r[i].base;
	    loop assigns p, n, k;
	    loop variant n;
	*/
	while (n && p->base < addr) {
		p++;
		n--;
		//@ ghost k++;
	}
	return (unsigned long)(p - r);
}

/* What the last search in this array answered. */
/*@ assigns \nothing;
    ensures \result == &mb_state.reserved_hint || \result == &mb_state.memory_hint;
*/
static inline unsigned long *mb_hint(const struct memblock_type *type)
{
	return type == &memblock.reserved ? &mb_state.reserved_hint : &mb_state.memory_hint;
}

/*
 * How many regions of @type begin below @addr.  Operations at boot mostly come in
 * ascending order, so the last search's answer, and that plus one, are tried before the
 * array is searched.  The entries beside such a guess show whether it is right.
 */
/*@ requires mb_searchable(type);
    assigns mb_state.memory_hint, mb_state.reserved_hint;
    ensures same: type->cnt == \old(type->cnt) && type->regions == \old(type->regions);
    ensures same_regions: \forall integer i; 0 <= i < type->cnt ==>
	type->regions[i].base == \old(type->regions[i].base);
    ensures splits: mb_splits(type->regions, type->cnt, \result, addr);
*/
static inline unsigned long mb_below(const struct memblock_type *type, phys_addr_t addr)
{
	const struct memblock_region *r = type->regions;
	unsigned long *hint = mb_hint(type), n = type->cnt, i = *hint;

	//@ assert mb_by_base(r, n);
	if (i <= n && (!i || r[i - 1].base < addr)) {
		//@ assert \forall integer j; 0 <= j < i ==> r[j].base < addr;
		if (i == n || r[i].base >= addr)
			//@ assert mb_splits(r, n, i, addr);
			return i;
		if (++i == n || r[i].base >= addr)
			//@ assert mb_splits(r, n, i, addr);
			return *hint = i;
	}
	i = mb_count_below(r, n, addr);
	//@ assert mb_splits(r, n, i, addr);
	return *hint = i;
}

/*
 * Index of the first region that ends above @addr, where the first @below regions are those
 * that begin below it: the last of them, or the one behind.
 */
/*@ // Of n regions the first "at" end at addr or below, the others above.
    predicate mb_ends_split{L}(struct memblock_region *r, integer n, integer at, integer addr) =
	0 <= at <= n &&
	(\forall integer i; 0 <= i < at ==> mb_end_of(r, i) <= addr) &&
	(\forall integer i; at <= i < n ==> mb_end_of(r, i) > addr);
*/
/*@ requires \valid_read(r + (0 .. below - 1)) && mb_sorted(r, below);
    requires \forall integer i; 0 <= i < below ==> r[i].base < addr;
    assigns \nothing;
    ensures mb_ends_split(r, below, \result, addr);
*/
static inline unsigned long mb_ends_above(const struct memblock_region *r, unsigned long below,
					  phys_addr_t addr)
{
	return below && mb_end(&r[below - 1]) > addr ? below - 1 : below;
}

/* Index of the first region that ends above @addr, cnt if none does. */
/*@ requires mb_searchable(type);
    assigns mb_state.memory_hint, mb_state.reserved_hint;
    ensures mb_ends_split(type->regions, type->cnt, \result, addr);
*/
static inline unsigned long mb_first_above(const struct memblock_type *type, phys_addr_t addr)
{
	return mb_ends_above(type->regions, mb_below(type, addr), addr);
}

/*
 * The region that contains @addr, NULL if none does.  Questions come in any order, so
 * they neither use the hint nor spoil it for the operations.
 */
/*@ requires mb_searchable(type);
    assigns \nothing;
    ensures \result == \null ==> \forall integer i; 0 <= i < type->cnt ==>
	!(type->regions[i].base <= addr < mb_end_of(type->regions, i));
    ensures \result != \null ==> \exists integer i; 0 <= i < type->cnt &&
	\result == type->regions + i &&
	type->regions[i].base <= addr < mb_end_of(type->regions, i);
*/
static inline const struct memblock_region *memblock_search(const struct memblock_type *type,
							    phys_addr_t addr)
{
	const struct memblock_region *r = type->regions;
	unsigned long i = mb_ends_above(r, mb_count_below(r, type->cnt, addr), addr);

	return i < type->cnt && r[i].base <= addr ? &r[i] : NULL;
}

/* ---- changing (memblock_array.c, memblock_range.c) ----------------------------------- */

/*
 * Make room for @n entries before index @at: what was there is found at +n afterwards, and
 * `regions` itself may have moved.  Needs cnt + n <= max; total_size is the caller's.
 */
void mb_make_room(struct memblock_type *type, unsigned long at, unsigned long n);

/*
 * Take @n entries away at index @at (Linux's takes one); entries behind are found at -n
 * afterwards, and `regions` itself may have moved.  Taking all leaves an empty array.
 * total_size is the caller's.
 */
void memblock_remove_region(struct memblock_type *type, unsigned long at, unsigned long n);

/* Put @region before entry @at.  Needs cnt < max; total_size is the caller's. */
static inline void memblock_insert_region(struct memblock_type *type, unsigned long at,
					  struct memblock_region region)
{
	mb_make_room(type, at, 1);
	type->regions[at] = region;
}

/*
 * Double the array on behalf of [base, base + size): a new reserved array is not
 * placed there.  Return: 0 or -ENOMEM, then nothing has changed.
 */
int memblock_double_array(struct memblock_type *type, phys_addr_t base, phys_addr_t size);

/*
 * Before a range is removed or changed, two more entries must fit, whether splitting at
 * its borders will need them or not.  Linux demands so, and the doubling can be seen.
 */
static inline int mb_room_for_split(struct memblock_type *type, phys_addr_t base, phys_addr_t size)
{
	while (unlikely(type->cnt + 2 > type->max))
		if (memblock_double_array(type, base, size))
			return -ENOMEM;
	return 0;
}

/* What memblock_set_node() and the flag setters do to every byte of a range. */
struct mb_change {
	enum memblock_flags	set;
	enum memblock_flags	clear;
	bool			set_nid;
	int			nid;
};

/* memblock_add_node(), memblock_remove() and the setters, on any array, telling nobody. */
int memblock_add_range(struct memblock_type *type, phys_addr_t base, phys_addr_t size, int nid,
		       enum memblock_flags flags);
int memblock_remove_range(struct memblock_type *type, phys_addr_t base, phys_addr_t size);
int mb_change(struct memblock_type *type, phys_addr_t base, phys_addr_t size,
	      const struct mb_change *change);

/*
 * memblock_add_range() of [base, end) to reserved without node and flags, for a caller
 * that knows already that the range meets no region and belongs before entry @at.
 */
int mb_reserve_at(unsigned long at, phys_addr_t base, phys_addr_t end);

/*
 * __memblock_reserve() without its event, memblock_phys_free(); lines and events name @caller.
 * Without rsrv_kern a reservation has neither the node nor the flags.
 */
int mb_reserve(phys_addr_t base, phys_addr_t size, int nid, enum memblock_flags flags,
	       unsigned long caller);
int mb_free(phys_addr_t base, phys_addr_t size, unsigned long caller);

/* What the flag setters share, with its event. */
int memblock_setclr_flag(struct memblock_type *type, phys_addr_t base, phys_addr_t size, bool set,
			 enum memblock_flags flag, unsigned long caller);

/* ---- the filter of iterators and allocator -------------------------------------------- */

struct mb_filter {
	int			nid;		/* -1: any */
	unsigned int		care;		/* flag bits that matter ... */
	unsigned int		want;		/* ... and what they must be */
};

static inline struct mb_filter mb_filter(int nid, enum memblock_flags flags)
{
	unsigned int skip = MEMBLOCK_NOMAP | MEMBLOCK_DRIVER_MANAGED;
	unsigned int want = flags & (MEMBLOCK_MIRROR | MEMBLOCK_KHO_SCRATCH);

	if (movable_node_is_enabled())
		skip |= MEMBLOCK_HOTPLUG;
	return (struct mb_filter){ .nid = numa_valid_node(nid) ? nid : -1,
				   .care = (skip & ~(unsigned int)flags) | want, .want = want };
}

/*@ predicate mb_skipped{L}(struct memblock_region *r, struct mb_filter *f) =
	(((unsigned int)r->flags ^ f->want) & f->care) != 0 ||
	f->nid >= 0 && r->nid != f->nid;
*/
/*@ requires \valid_read(r) && \valid_read(f);
    assigns \nothing;
    ensures \result <==> mb_skipped(r, f);
*/
static inline bool should_skip_region(const struct memblock_region *r, const struct mb_filter *f)
{
	return (((unsigned int)r->flags ^ f->want) & f->care) ||
	       (f->nid >= 0 && memblock_get_region_node(r) != f->nid);
}

/* ---- a position in a walk of two arrays (memblock_iter.c) ---------------------------------- */

/*
 * Where an iterator goes on: the next region of a, the next gap of b.  mm/memblock_iter.h
 * says what a gap is; the iterators' index has both in one word:
 *
 *	63             32 31              0
 *	|      gap       |     region     |
 *
 * In a reverse walk the region below region 0 is -1, which is 0xffffffff here.
 */
struct mb_position {
	unsigned long	region;
	unsigned long	gap;
};

static inline uint64_t mb_pack_position(unsigned long region, unsigned long gap)
{
	return (uint64_t)(uint32_t)region | (uint64_t)gap << 32;
}

static inline struct mb_position mb_unpack_position(uint64_t idx)
{
	return (struct mb_position){ .region = (uint32_t)idx, .gap = idx >> 32 };
}

/*
 * The same for a reverse walk, with how many regions are left in place of the next one's
 * index: one more, so that -1 becomes 0.
 */
static inline struct mb_position mb_unpack_position_rev(uint64_t idx)
{
	return (struct mb_position){ .region = (uint32_t)((uint32_t)idx + 1), .gap = idx >> 32 };
}

/* ---- searching free memory (memblock_alloc.c) --------------------------------------------- */

/* What an allocation asks for. */
struct mb_wish {
	phys_addr_t	size, align;
	phys_addr_t	start, end;		/* end may be ACCESSIBLE or NOLEAKTRACE */
	int		nid;
};

/*
 * A place in free memory for a doubled array, the highest or (memblock.bottom_up) the lowest.
 * Reserves nothing.  Return: address, 0 if there is none.
 */
phys_addr_t mb_find_for_array(const struct mb_wish *wish, enum memblock_flags flags);

#define MB_SEARCH	((unsigned int)MEMBLOCK_MIRROR | MEMBLOCK_KHO_SCRATCH)

/*
 * Flags to begin a search with: MIRROR once there is mirrored memory, or KHO_SCRATCH.  The mask
 * changes nothing; it tells the compiler which bits there can be.
 */
static inline enum memblock_flags choose_memblock_flags(void)
{
	return mb_state.search & MB_SEARCH;
}

/* Called when one of the two has changed. */
static inline void mb_set_search(void)
{
	mb_state.search = mb_state.scratch_only ? MEMBLOCK_KHO_SCRATCH :
			  mb_state.has_mirror ? MEMBLOCK_MIRROR : MEMBLOCK_NONE;
}

void mb_warn_no_mirror(phys_addr_t size);

/* ---- debug lines (memblock_debug.c) --------------------------------------------------------- */

/* "memblock_reserve: [0x..-0x..] caller" and so on; only with memblock=debug. */
void mb_log_range(const char *what, phys_addr_t base, phys_addr_t size, unsigned long caller);
void mb_log_reserve(phys_addr_t base, phys_addr_t size, int nid, enum memblock_flags flags,
		    unsigned long caller);
void mb_log_add_node(phys_addr_t base, phys_addr_t size, int nid, enum memblock_flags flags,
		     unsigned long caller);
void mb_log_phys_alloc(const struct mb_wish *wish, unsigned long caller);
void mb_log_alloc(const char *func, const struct mb_wish *wish, unsigned long caller);

#define mb_trace(what, base, size, caller)					\
	do {									\
		if (unlikely(mb_state.verbose))					\
			mb_log_range(what, base, size, caller);			\
	} while (0)

/* Tell memblock_event.c, if there is one in this program. */
extern __typeof__(memblock_event) memblock_event __attribute__((weak));

#define mb_tell(...)								\
	do {									\
		if (memblock_event)						\
			memblock_event(__VA_ARGS__);				\
	} while (0)

/* "array" of memblock_event(). */
static inline unsigned int mb_array_id(const struct memblock_type *type)
{
	return type == &memblock.memory ? 0 : type == &memblock.reserved ? 1 : 2;
}

#endif /* MM_MEMBLOCK_MEMBLOCK_INTERNAL_H */
