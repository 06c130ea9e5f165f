/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * memblock: the physical memory of early boot.
 *
 * Two sorted arrays of regions: `memory` is the RAM there is, `reserved` is what
 * is taken, in RAM or not.  Free memory is memory minus reserved.  Names,
 * argument order and observable behaviour are those of Linux 6.12; mm/MEMBLOCK.md
 * is the manual, mm/README.md lists every difference.
 *
 * Normal form, true between any two calls: regions are sorted by base, disjoint,
 * never empty, never wrap, and no two touching neighbours agree in both flags and
 * node.  memblock_type_broken() (memblock_internal.h) checks it.
 *
 * Conventions of all functions here unless said otherwise:
 *   - A range is (base, size) in bytes, any alignment, covering [base, base + size).
 *   - A range that would pass the end of the address space is cut there: size
 *     becomes PHYS_ADDR_MAX - base at most.  The last byte is never in a region.
 *   - Size 0 does nothing and succeeds.
 *   - Return: 0, or -ENOMEM if the array is full and cannot grow.
 *   - Context: boot CPU only, no locking; arrays grow only after
 *     memblock_allow_resize(), before that a full array is a panic.
 */
#ifndef MM_MEMBLOCK_H
#define MM_MEMBLOCK_H

#include <arch/memory.h>

#include "mm/numa.h"

/* Static entries per array; doubled from memblock's own memory when they run out. */
#define INIT_MEMBLOCK_REGIONS			128
#define INIT_PHYSMEM_REGIONS			4

#ifndef INIT_MEMBLOCK_RESERVED_REGIONS
#define INIT_MEMBLOCK_RESERVED_REGIONS		INIT_MEMBLOCK_REGIONS
#endif
#ifndef INIT_MEMBLOCK_MEMORY_REGIONS
#define INIT_MEMBLOCK_MEMORY_REGIONS		INIT_MEMBLOCK_REGIONS
#endif

/* What an "end" or "max_addr" argument may be besides an address. */
#define MEMBLOCK_ALLOC_ANYWHERE		(~(phys_addr_t)0)	/* no limit at all */
#define MEMBLOCK_ALLOC_ACCESSIBLE	0			/* memblock.current_limit */
#define MEMBLOCK_ALLOC_NOLEAKTRACE	1		/* the same; hides from leak tracing */

#define MEMBLOCK_LOW_LIMIT		0
#ifndef ARCH_LOW_ADDRESS_LIMIT
#define ARCH_LOW_ADDRESS_LIMIT		0xffffffffUL
#endif
#ifndef SMP_CACHE_BYTES
#define SMP_CACHE_BYTES			64
#endif

/* A set of bits; neighbours merge only if the whole word is equal. */
enum memblock_flags {
	MEMBLOCK_NONE		= 0x0,	/* ordinary */
	MEMBLOCK_HOTPLUG	= 0x1,	/* may be unplugged later */
	MEMBLOCK_MIRROR		= 0x2,	/* mirrored by the platform */
	MEMBLOCK_NOMAP		= 0x4,	/* keep out of the direct map and of the buddy */
	MEMBLOCK_DRIVER_MANAGED	= 0x8,	/* added by a driver, not in the firmware's map */
	MEMBLOCK_RSRV_NOINIT	= 0x10,	/* reserved only: page descriptors stay untouched */
	/* Only after memblock_set_rsrv_kern(), of Linux since 6.12: */
	MEMBLOCK_RSRV_KERN	= 0x20,	/* reserved only: taken for the kernel's own use */
	MEMBLOCK_KHO_SCRATCH	= 0x40,	/* memory only: for a kernel that kexec has started */
	MEMBLOCK_RSRV_HUGETLB	= 0x80,	/* reserved only: a gigantic page */
};

struct memblock_region {
	phys_addr_t base;
	phys_addr_t size;
	enum memblock_flags flags;
#ifdef CONFIG_NUMA
	int nid;
#endif
};

/*
 * One array.  regions[0] .. regions[cnt - 1] are in normal form; an empty array has
 * regions[0].size == 0.  While the static array is in use `regions` points at its
 * start; a doubled array may keep free room before regions[0] as well as behind.
 */
struct memblock_type {
	unsigned long cnt;
	unsigned long max;		/* entries the array may hold before it doubles */
	phys_addr_t total_size;		/* bytes; see memblock_trim_memory() for its quirk */
	struct memblock_region *regions;
	const char *name;		/* for messages */
};

struct memblock {
	bool bottom_up;			/* allocate from low addresses? */
	phys_addr_t current_limit;	/* default end of allocations */
	struct memblock_type memory;
	struct memblock_type reserved;
};

extern struct memblock memblock;
#ifdef CONFIG_HAVE_MEMBLOCK_PHYS_MAP
extern struct memblock_type physmem;	/* RAM as found, before any limit */
#endif

/* memblock=debug: every operation prints a line (Linux: the private memblock_debug). */
void memblock_set_verbose(bool on);
bool memblock_is_verbose(void);

/* memblock=step: whoever listens to memblock_event() may stop and draw. */
bool memblock_is_stepping(void);

/* kernelcore=mirror was given: memblock_mark_mirror() works only then. */
extern bool mirrored_kernelcore;

/* First, last, highest conceivable page frame; set by the architecture. */
extern unsigned long max_low_pfn, min_low_pfn, max_pfn;
extern unsigned long long max_possible_pfn;

/* ---- adding and removing ------------------------------------------------- */

/**
 * memblock_add() - register RAM
 *
 * Only the parts that are not yet in memory are added; what is there keeps its
 * node and flags.  New parts have no node (nid MAX_NUMNODES) and no flags.
 */
int memblock_add(phys_addr_t base, phys_addr_t size);

/**
 * memblock_add_node() - register RAM of a known node
 * @nid: stored as given; anything numa_valid_node() refuses means "no node"
 * @flags: stored as given in the new parts
 *
 * As memblock_add().  Warns for each existing region that has a new part directly
 * below it and differs in node or flags: the caller's map contradicts itself.
 */
int memblock_add_node(phys_addr_t base, phys_addr_t size, int nid, enum memblock_flags flags);

/** memblock_remove() - forget RAM; the range may cover anything, also nothing */
int memblock_remove(phys_addr_t base, phys_addr_t size);

/**
 * memblock_reserve() - take a range out of the allocatable set
 *
 * The range may overlap existing reservations (reserving twice is harmless) and
 * may lie outside memory.  Reservations are not counted: one free undoes all.
 */
int memblock_reserve(phys_addr_t base, phys_addr_t size);

/**
 * memblock_reserve_kern() - memblock_reserve() of memory that is in the kernel's own use
 *
 * Of 6.16.  The same as memblock_reserve() unless memblock_set_rsrv_kern() was called, see there.
 */
int memblock_reserve_kern(phys_addr_t base, phys_addr_t size);

/**
 * memblock_set_rsrv_kern() - do reservations know whose they are and on which node?
 *
 * Off, as in Linux 6.12, they have neither flags nor a node (nid MAX_NUMNODES).  On, as since
 * 6.16, they have MEMBLOCK_RSRV_KERN if they are allocations or memblock_reserve_kern(), and the
 * node that an allocation asked for, else NUMA_NO_NODE; so neighbours merge less often.  The
 * rest of what came with it is in mm/memblock_since.h.  Context: before the first reservation.
 */
void memblock_set_rsrv_kern(bool on);

/**
 * memblock_phys_free() - give a reserved range back to memblock
 *
 * Never gives pages to the buddy: after memblock_free_all() use
 * memblock_free_late().  Freeing what is not reserved is harmless.
 */
int memblock_phys_free(phys_addr_t base, phys_addr_t size);

/** memblock_free() - memblock_phys_free() of @size bytes at @ptr; NULL does nothing */
void memblock_free(void *ptr, size_t size);

/** memblock_allow_resize() - from now on full arrays double; cannot be undone */
void memblock_allow_resize(void);

#ifdef CONFIG_HAVE_MEMBLOCK_PHYS_MAP
/**
 * memblock_physmem_add() - RAM that is there, whatever memblock.memory is cut to (s390)
 * @base, @size: bytes, cut at the end of the address space; 0 does nothing
 *
 * Return: 0, or -ENOMEM if the array is full and cannot double (memblock_add()'s rules).
 */
int memblock_physmem_add(phys_addr_t base, phys_addr_t size);
#endif

/* ---- flags and nodes ------------------------------------------------------ */

/*
 * Set or clear one flag in every byte of memory (or reserved, where it says so)
 * inside the range; regions split and merge as needed.
 */
int memblock_mark_hotplug(phys_addr_t base, phys_addr_t size);
int memblock_clear_hotplug(phys_addr_t base, phys_addr_t size);
int memblock_mark_nomap(phys_addr_t base, phys_addr_t size);
int memblock_clear_nomap(phys_addr_t base, phys_addr_t size);
int memblock_reserved_mark_noinit(phys_addr_t base, phys_addr_t size);	/* reserved */

/*
 * Does nothing and returns 0 unless mirrored_kernelcore.  Otherwise every later
 * search prefers mirrored memory (memblock_has_mirror() becomes true).
 */
int memblock_mark_mirror(phys_addr_t base, phys_addr_t size);
bool memblock_has_mirror(void);

/**
 * memblock_set_node() - assign a node to the part of @type inside the range
 * @type: &memblock.memory or &memblock.reserved
 *
 * Without CONFIG_NUMA: returns 0 and does nothing.
 */
int memblock_set_node(phys_addr_t base, phys_addr_t size, struct memblock_type *type, int nid);

static inline bool memblock_is_hotpluggable(const struct memblock_region *m)
{
	return m->flags & MEMBLOCK_HOTPLUG;
}

static inline bool memblock_is_mirror(const struct memblock_region *m)
{
	return m->flags & MEMBLOCK_MIRROR;
}

static inline bool memblock_is_nomap(const struct memblock_region *m)
{
	return m->flags & MEMBLOCK_NOMAP;
}

static inline bool memblock_is_reserved_noinit(const struct memblock_region *m)
{
	return m->flags & MEMBLOCK_RSRV_NOINIT;
}

static inline bool memblock_is_driver_managed(const struct memblock_region *m)
{
	return m->flags & MEMBLOCK_DRIVER_MANAGED;
}

/* The node of one region; 0 and no effect without CONFIG_NUMA.  Does not merge. */
static inline void memblock_set_region_node(struct memblock_region *r, int nid)
{
#ifdef CONFIG_NUMA
	r->nid = nid;
#else
	(void)r;
	(void)nid;
#endif
}

/*@ requires \valid_read(r);
    assigns \nothing;
    ensures \result == r->nid;
*/
static inline int memblock_get_region_node(const struct memblock_region *r)
{
#ifdef CONFIG_NUMA
	return r->nid;
#else
	(void)r;
	return 0;
#endif
}

/* ---- allocating ------------------------------------------------------------ */

/*
 * All allocators search free memory -- top-down from the highest range, or from
 * the lowest after memblock_set_bottom_up(true) -- and reserve what they found.
 *
 *   @size   bytes; 0 returns an address and reserves nothing
 *   @align  power of two; 0 means SMP_CACHE_BYTES, with a stack dump
 *   start, end, min_addr, max_addr: the block lies in [start, end); see
 *           MEMBLOCK_ALLOC_* for special ends.  The page at 0 is never given.
 *   @nid    node to prefer; without a valid one any node will do
 *
 * NOMAP and driver-managed memory is never given, hotplug memory not while
 * movable_node is on.  With memblock_has_mirror() mirrored memory comes first, a
 * warning tells when it ran out.
 *
 * After memblock_free_all(): refused with a warning that names the caller.
 */

/**
 * memblock_alloc_range_nid() - the allocator itself
 * @exact_nid: true: fail rather than take another node's memory
 * Return: physical address, 0 on failure (silent).
 */
phys_addr_t memblock_alloc_range_nid(phys_addr_t size, phys_addr_t align, phys_addr_t start,
				     phys_addr_t end, int nid, bool exact_nid);

/* Physical allocators: contents undefined; 0 on failure; @end is taken literally. */
phys_addr_t memblock_phys_alloc_range(phys_addr_t size, phys_addr_t align,
				      phys_addr_t start, phys_addr_t end);
phys_addr_t memblock_phys_alloc_try_nid(phys_addr_t size, phys_addr_t align, int nid);

static inline phys_addr_t memblock_phys_alloc(phys_addr_t size, phys_addr_t align)
{
	return memblock_phys_alloc_range(size, align, 0, MEMBLOCK_ALLOC_ACCESSIBLE);
}

/*
 * Virtual allocators: a direct-map address, NULL on failure.  @max_addr is lowered
 * to current_limit.  @min_addr is a wish: if nothing is found above it, the search
 * is repeated from 0.  _raw: contents undefined, all others zeroed.
 */
void *memblock_alloc_try_nid(phys_addr_t size, phys_addr_t align, phys_addr_t min_addr,
			     phys_addr_t max_addr, int nid);
void *memblock_alloc_try_nid_raw(phys_addr_t size, phys_addr_t align, phys_addr_t min_addr,
				 phys_addr_t max_addr, int nid);
void *memblock_alloc_exact_nid_raw(phys_addr_t size, phys_addr_t align, phys_addr_t min_addr,
				   phys_addr_t max_addr, int nid);

static inline void *memblock_alloc(phys_addr_t size, phys_addr_t align)
{
	return memblock_alloc_try_nid(size, align, MEMBLOCK_LOW_LIMIT,
				      MEMBLOCK_ALLOC_ACCESSIBLE, NUMA_NO_NODE);
}

static inline void *memblock_alloc_raw(phys_addr_t size, phys_addr_t align)
{
	return memblock_alloc_try_nid_raw(size, align, MEMBLOCK_LOW_LIMIT,
					  MEMBLOCK_ALLOC_ACCESSIBLE, NUMA_NO_NODE);
}

static inline void *memblock_alloc_from(phys_addr_t size, phys_addr_t align,
					phys_addr_t min_addr)
{
	return memblock_alloc_try_nid(size, align, min_addr, MEMBLOCK_ALLOC_ACCESSIBLE,
				      NUMA_NO_NODE);
}

static inline void *memblock_alloc_low(phys_addr_t size, phys_addr_t align)
{
	return memblock_alloc_try_nid(size, align, MEMBLOCK_LOW_LIMIT, ARCH_LOW_ADDRESS_LIMIT,
				      NUMA_NO_NODE);
}

static inline void *memblock_alloc_node(phys_addr_t size, phys_addr_t align, int nid)
{
	return memblock_alloc_try_nid(size, align, MEMBLOCK_LOW_LIMIT,
				      MEMBLOCK_ALLOC_ACCESSIBLE, nid);
}

/* Of 6.14: memblock_alloc() that panics, naming the calling function and the size. */
void *__memblock_alloc_or_panic(phys_addr_t size, phys_addr_t align, const char *func);
#define memblock_alloc_or_panic(size, align) \
	__memblock_alloc_or_panic(size, align, __func__)

/* Direction and default limit of later allocations. */
static inline void memblock_set_bottom_up(bool enable)
{
	memblock.bottom_up = enable;
}

static inline bool memblock_bottom_up(void)
{
	return memblock.bottom_up;
}

static inline void memblock_set_current_limit(phys_addr_t limit)
{
	memblock.current_limit = limit;
}

static inline phys_addr_t memblock_get_current_limit(void)
{
	return memblock.current_limit;
}

/* ---- asking ------------------------------------------------------------------ */

/* The total_size fields. */
phys_addr_t memblock_phys_mem_size(void);
phys_addr_t memblock_reserved_size(void);

/* Pages in (memory - reserved); 0 if more is reserved than exists. */
unsigned long memblock_estimated_nr_free_pages(void);

/* Lowest address and end of memory; both 0 if there is none. */
phys_addr_t memblock_start_of_DRAM(void);
phys_addr_t memblock_end_of_DRAM(void);

/* Is the byte at @addr in memory, in memory and not NOMAP, in reserved? */
bool memblock_is_memory(phys_addr_t addr);
bool memblock_is_map_memory(phys_addr_t addr);
bool memblock_is_reserved(phys_addr_t addr);

/* One single region of memory covers the range.  Size 0: is @base in memory? */
bool memblock_is_region_memory(phys_addr_t base, phys_addr_t size);

/* Any byte of the range is reserved.  Size 0: @base strictly inside a region? */
bool memblock_is_region_reserved(phys_addr_t base, phys_addr_t size);
bool memblock_overlaps_region(struct memblock_type *type, phys_addr_t base, phys_addr_t size);

/* Plain comparison of two ranges; sums may wrap. */
unsigned long memblock_addrs_overlap(phys_addr_t base1, phys_addr_t size1,
				     phys_addr_t base2, phys_addr_t size2);

/**
 * memblock_search_pfn_nid() - the node of a page
 * @start_pfn, @end_pfn: out, may be NULL: borders of its region, rounded down;
 *	untouched if the page is not in memory
 * Return: the region's nid, NUMA_NO_NODE if there is none.
 */
int memblock_search_pfn_nid(unsigned long pfn, unsigned long *start_pfn,
			    unsigned long *end_pfn);

/**
 * memblock_validate_numa_coverage() - does (nearly) all memory have a node?
 * @threshold_bytes: this much may lack one
 * Return: false, with an error line, if more whole pages than that have none.
 */
bool memblock_validate_numa_coverage(unsigned long threshold_bytes);

/*
 * The first whole page at @pa or above.  Linux differs: in the last page of the address
 * space its PFN_UP() wraps to 0, and the range that begins there to nearly everything.
 */
static inline unsigned long memblock_pfn_up(phys_addr_t pa)
{
	return PFN_DOWN(pa) + (pa % PAGE_SIZE != 0);
}

/* Whole pages inside a memory region; pages touched by a reserved one. */
static inline unsigned long memblock_region_memory_base_pfn(const struct memblock_region *r)
{
	return PFN_UP(r->base);
}

static inline unsigned long memblock_region_memory_end_pfn(const struct memblock_region *r)
{
	return PFN_DOWN(r->base + r->size);
}

static inline unsigned long memblock_region_reserved_base_pfn(const struct memblock_region *r)
{
	return PFN_DOWN(r->base);
}

static inline unsigned long memblock_region_reserved_end_pfn(const struct memblock_region *r)
{
	return PFN_UP(r->base + r->size);
}

/* ---- limits -------------------------------------------------------------------- */

/* Keep the lowest @limit BYTES of memory; 0 or more than there is: no change. */
void memblock_enforce_memory_limit(phys_addr_t limit);

/*
 * Keep memory inside the range and NOMAP regions anywhere; reserved: inside only.  Wants two
 * free entries in memory, as a split would; without them nothing happens.
 */
void memblock_cap_memory_range(phys_addr_t base, phys_addr_t size);

/* memblock_enforce_memory_limit() that keeps NOMAP regions. */
void memblock_mem_limit_remove_map(phys_addr_t limit);

/*
 * Round every memory region inward to @align (power of two), drop what vanishes.
 * Quirk of Linux kept: total_size does not shrink with a region, only when one is
 * dropped, so that dumps agree with Linux's.  Never count pages by it.
 */
void memblock_trim_memory(phys_addr_t align);

/* ---- hand-over ------------------------------------------------------------------ */

/* Give every whole free page to the buddy.  Once; afterwards nothing can be allocated. */
void memblock_free_all(void);

/* Has memblock_free_all() been called? */
bool memblock_handed_over(void);

/* Give the whole pages of a range to the buddy, after memblock_free_all(). */
void memblock_free_late(phys_addr_t base, phys_addr_t size);

/*
 * Give doubled arrays to the buddy.  memblock must not be used any more.  Not called where
 * ARCH_KEEP_MEMBLOCK says that the arrays live on.
 */
void memblock_discard(void);

/* managed_pages of every zone becomes 0, the first time it is called. */
void reset_all_zones_managed_pages(void);

/* ---- reserve_mem=nn:align:name ---------------------------------------------------- */

/* Return: 1 and the range (start, size), or 0 if there is no such name. */
int reserve_mem_find_by_name(const char *name, phys_addr_t *start, phys_addr_t *size);

/* Of 6.15: give the range back, to the buddy if that is up.  Return: 1, 0 if unknown. */
int reserve_mem_release_by_name(const char *name);

/* ---- showing ----------------------------------------------------------------------- */

typedef int memblock_print_fn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Both arrays as Linux's "MEMBLOCK configuration"; lines start with KERN_INFO. */
void memblock_dump(memblock_print_fn *print);

/* The same to printk, only with memblock=debug. */
void memblock_dump_all(void);

/* One array as /sys/kernel/debug/memblock/NAME shows it. */
void memblock_show_type(const struct memblock_type *type, memblock_print_fn *print);

/*
 * Every operation is told to the ledger through this hook, after it was done, with
 * its arguments uncut.  A program without a ledger need not have it.
 *
 *	op		base, size		nid	flags		rc
 *	ADD		as given		given	given		0, -ENOMEM
 *	REMOVE FREE	as given		-1	0		0, -ENOMEM
 *	RESERVE		as given		given	given		0, -ENOMEM
 *	ALLOC		result, size		asked	0, RSRV_HUGETLB	0, -ENOMEM (base 0)
 *	SET_FLAG CLEAR_FLAG as given		-1	the bit		0, -ENOMEM
 *	SET_NODE	as given		given	array		0, -ENOMEM
 *	DOUBLE		the new array's pages	-1	array		0, -ENOMEM (base 0)
 *	TRIM		0, align		-1	0		0
 *	CAP		what was kept	-1	NOMAP if such	0
 *					memory stayed whole
 *	FREE_LATE	as given		-1	0		0
 *	FREE_ALL DISCARD 0, bytes given		-1	0		0
 *
 * With memblock_set_rsrv_kern() an allocation that another node gave has nid -1.
 * array: 0 memory, 1 reserved, 2 other.  An allocation is one ALLOC and no RESERVE.
 * A doubling reserves its array itself (no RESERVE event follows) and may be
 * followed by the FREE of the old one.  @caller is the return address of the public
 * function the user called.
 */
enum memblock_op {
	MEMBLOCK_OP_ADD,
	MEMBLOCK_OP_REMOVE,
	MEMBLOCK_OP_RESERVE,
	MEMBLOCK_OP_FREE,
	MEMBLOCK_OP_ALLOC,
	MEMBLOCK_OP_SET_FLAG,
	MEMBLOCK_OP_CLEAR_FLAG,
	MEMBLOCK_OP_SET_NODE,
	MEMBLOCK_OP_DOUBLE,
	MEMBLOCK_OP_TRIM,
	MEMBLOCK_OP_CAP,
	MEMBLOCK_OP_FREE_LATE,
	MEMBLOCK_OP_FREE_ALL,
	MEMBLOCK_OP_DISCARD,
	MEMBLOCK_OP_COUNT
};

void memblock_event(enum memblock_op op, phys_addr_t base, phys_addr_t size, int nid,
		    unsigned int flags, unsigned long caller, int rc);

#include "mm/memblock_iter.h"

#endif /* MM_MEMBLOCK_H */
