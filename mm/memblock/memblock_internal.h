/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside of memblock.  For mm/memblock/memblock*.c and tests/host only.
 *
 * Searches work on plain sorted arrays and remember nothing between calls.  The
 * one thing kept beside the public struct is where a doubled array's memory
 * begins (struct mb_block); it is believed only while `regions` points into it,
 * so a test may put any array in place at any time.
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

struct mb_state {
	bool		can_resize;
	bool		has_mirror;
	bool		handed_over;		/* the buddy owns free memory now */
	bool		managed_pages_reset;
	struct mb_block	memory_block;
	struct mb_block	reserved_block;
	unsigned long	memory_hint;		/* guesses of mb_below() */
	unsigned long	reserved_hint;
};

extern struct mb_state mb_state;
extern struct memblock_region mb_memory_init[INIT_MEMBLOCK_MEMORY_REGIONS];
extern struct memblock_region mb_reserved_init[INIT_MEMBLOCK_RESERVED_REGIONS];

/* Tests only: as at power on.  memblock_verbose and mirrored_kernelcore too. */
void memblock_reset(void);
void reserve_mem_reset(void);

/**
 * memblock_type_broken() - check the normal form
 * Return: NULL, or what is wrong, in words.  total_size may be too large after
 * memblock_trim_memory() (its quirk); everything else must be right.
 */
const char *memblock_type_broken(const struct memblock_type *type);

/* ---- one region --------------------------------------------------------------- */

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
static inline bool mb_mergeable(const struct memblock_region *low,
				const struct memblock_region *high)
{
	return mb_end(low) == high->base && low->flags == high->flags &&
	       memblock_get_region_node(low) == memblock_get_region_node(high);
}

/*
 * The first whole page at @pa or above.  Linux differs: in the last page of the address
 * space its PFN_UP() wraps to 0, and the range that begins there to nearly everything.
 */
static inline unsigned long mb_pfn_up(phys_addr_t pa)
{
	return PFN_DOWN(pa) + (pa % PAGE_SIZE != 0);
}

static inline bool mb_empty(const struct memblock_type *type)
{
	return !type->regions[0].size;
}

/* ---- searching ------------------------------------------------------------------ */

/*
 * How many of the first @n regions begin below @addr.  Each step asks three entries at
 * once, which costs what asking one would, and goes on in a quarter; without branches,
 * as nobody could predict them.
 *
 * Invariant: regions before p begin below addr, regions from p + n on do not.
 */
static inline unsigned long mb_count_below(const struct memblock_region *r, unsigned long n,
					   phys_addr_t addr)
{
	const struct memblock_region *p = r;

	while (n >= 4) {
		unsigned long quarter = n / 4;
		const struct memblock_region *p1 = p + quarter, *p2 = p1 + quarter,
					     *p3 = p2 + quarter;
		bool c2 = p2[-1].base < addr, c3 = p3[-1].base < addr;

		p = p1[-1].base < addr ? p1 : p;
		p = c2 ? p2 : p;
		p = c3 ? p3 : p;
		n -= 3 * quarter;
	}
	while (n && p->base < addr) {
		p++;
		n--;
	}
	return (unsigned long)(p - r);
}

/* Where the last search in this array ended. */
static inline unsigned long *mb_hint(const struct memblock_type *type)
{
	return type == &memblock.reserved ? &mb_state.reserved_hint : &mb_state.memory_hint;
}

/*
 * How many regions of @type begin below @addr.  At boot one call follows the other
 * closely: the answer of the last search, or one more, is tried first.  It is nothing
 * but a guess; the array itself says whether it is right.
 */
static inline unsigned long mb_below(const struct memblock_type *type, phys_addr_t addr)
{
	const struct memblock_region *r = type->regions;
	unsigned long *hint = mb_hint(type), n = type->cnt, i = *hint;

	if (i <= n && (!i || r[i - 1].base < addr)) {
		if (i == n || r[i].base >= addr)
			return i;
		if (++i == n || r[i].base >= addr)
			return *hint = i;
	}
	return *hint = mb_count_below(r, n, addr);
}

/* Index of the first region that ends above @addr, cnt if none does. */
static inline unsigned long mb_first_above(const struct memblock_type *type, phys_addr_t addr)
{
	unsigned long i = mb_below(type, addr);

	return i && mb_end(&type->regions[i - 1]) > addr ? i - 1 : i;
}

/* The region that contains @addr, NULL if none does. */
static inline const struct memblock_region *mb_find(const struct memblock_type *type,
						    phys_addr_t addr)
{
	const struct memblock_region *r = type->regions;
	unsigned long i = mb_count_below(r, type->cnt, addr);

	if (i < type->cnt && r[i].base == addr)
		return &r[i];
	return i && mb_end(&r[i - 1]) > addr ? &r[i - 1] : NULL;
}

/* ---- changing (memblock_array.c, memblock_range.c) ----------------------------------- */

/*
 * Make room for @n entries before index @at / take @n entries away at index @at.
 * Entries from @at on are found at +n / -n afterwards; `regions` itself may move.
 * mb_open() needs cnt + n <= max.  mb_close() of all leaves an empty array.
 */
void mb_open(struct memblock_type *type, unsigned long at, unsigned long n);
void mb_close(struct memblock_type *type, unsigned long at, unsigned long n);

/*
 * Double the array on behalf of [base, base + size): a new reserved array is not
 * placed there.  Return: 0 or -ENOMEM, then nothing has changed.
 */
int memblock_double_array(struct memblock_type *type, phys_addr_t base, phys_addr_t size);

/*
 * Two more entries must fit, whether a split will need them or not: Linux asks so,
 * and when an array doubles can be seen.
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

int mb_add(struct memblock_type *type, phys_addr_t base, phys_addr_t size, int nid,
	   enum memblock_flags flags);
int mb_remove(struct memblock_type *type, phys_addr_t base, phys_addr_t size);
int mb_change(struct memblock_type *type, phys_addr_t base, phys_addr_t size,
	      const struct mb_change *change);

/*
 * mb_add() of [base, end) to reserved without node and flags, for who knows already that
 * the range meets no region and belongs before entry @at.
 */
int mb_reserve_at(unsigned long at, phys_addr_t base, phys_addr_t end);

/* memblock_reserve() and memblock_phys_free() for an own use, @caller named. */
int mb_reserve(phys_addr_t base, phys_addr_t size, unsigned long caller);
int mb_free(phys_addr_t base, phys_addr_t size, unsigned long caller);

/* ---- the filter of iterators and allocator -------------------------------------------- */

struct mb_filter {
	int			nid;		/* -1: any */
	unsigned int		care;		/* flag bits that matter ... */
	unsigned int		want;		/* ... and what they must be */
};

static inline struct mb_filter mb_filter(int nid, enum memblock_flags flags)
{
	unsigned int skip = MEMBLOCK_NOMAP | MEMBLOCK_DRIVER_MANAGED;
	unsigned int want = flags & MEMBLOCK_MIRROR;

	if (movable_node_is_enabled())
		skip |= MEMBLOCK_HOTPLUG;
	return (struct mb_filter){ .nid = numa_valid_node(nid) ? nid : -1,
				   .care = (skip & ~(unsigned int)flags) | want, .want = want };
}

static inline bool mb_passes(const struct memblock_region *r, const struct mb_filter *f)
{
	return !(((unsigned int)r->flags ^ f->want) & f->care) &&
	       (f->nid < 0 || memblock_get_region_node(r) == f->nid);
}

/* ---- searching free memory (memblock_alloc.c) --------------------------------------------- */

struct mb_wish {
	phys_addr_t	size, align;
	phys_addr_t	start, end;		/* end may be ACCESSIBLE or NOLEAKTRACE */
	int		nid;
};

/* Lowest or highest place, by memblock.bottom_up; 0 if there is none.  Reserves nothing. */
phys_addr_t mb_find_free(const struct mb_wish *wish, enum memblock_flags flags);

/* Flags to begin a search with: MIRROR once there is mirrored memory. */
static inline enum memblock_flags mb_first_choice(void)
{
	return mb_state.has_mirror ? MEMBLOCK_MIRROR : MEMBLOCK_NONE;
}

void mb_warn_no_mirror(phys_addr_t size);

/* ---- debug lines (memblock_debug.c) --------------------------------------------------------- */

/* "memblock_reserve: [0x..-0x..] caller" and so on; only with memblock=debug. */
void mb_log_range(const char *what, phys_addr_t base, phys_addr_t size, unsigned long caller);
void mb_log_add_node(phys_addr_t base, phys_addr_t size, int nid, enum memblock_flags flags,
		     unsigned long caller);
void mb_log_phys_alloc(const struct mb_wish *wish, unsigned long caller);
void mb_log_alloc(const char *func, const struct mb_wish *wish, unsigned long caller);

#define mb_trace(what, base, size, caller)					\
	do {									\
		if (unlikely(memblock_verbose))					\
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
