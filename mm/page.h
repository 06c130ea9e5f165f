/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Page descriptors: less than 5 bytes a page, and none of them initialised at boot.
 *
 * Three arrays describe RAM, all sized by RAM and not by the highest address:
 *
 *	struct page	 4 bytes a page			references beyond the first
 *	struct units	 32 bytes per 64 pages		a "chunk": the state of each page, two bits
 *	struct pageblock 64 bytes per 512 pages		the state of each chunk, two bits
 *
 *	pageblock	[  chunk |  chunk |  chunk |  chunk | .. 8 of them  ]
 *	chunk			 [ page, page, .. 64 of them ]
 *
 * A chunk keeps the states of its pages in two words, "lo" and "hi", and a pageblock
 * those of its chunks in two words of the same kind.  A "unit" is what one bit is about: a page
 * of a chunk, or a chunk of a pageblock.
 *
 *	hi lo
 *	0  0	untracked: in no block.  A page is reserved then, or on a stack (mm/pcp.h), as the
 *		first of its block; of a chunk that is "split" its own words have the states of its
 *		pages
 *	0  1	free
 *	1  0	first unit of an allocated block
 *	1  1	further unit of it, or of a block on a stack
 *
 * So a block is taken and given back by the same two operations, whatever its order
 * (mm/block_place.h).  Inside of a word splitting and merging need no operation: free blocks are
 * the aligned runs of free units, and the order of a block is not stored anywhere.  An allocated
 * block of order n is one first unit and 2^n - 1 further ones behind it, which is what a free is
 * checked against.
 *
 *	orders 0 .. 5	in a chunk; if all 64 pages are free, the chunk is free in its pageblock
 *	orders 6 .. 9	in a pageblock
 *	order  10	one unit more, behind the chunks of the first of its two pageblocks; all
 *			chunks of both are untracked and not split
 *
 * Chunks are on lists by their largest free block, pageblocks by their largest block of free
 * chunks.  (On the lists of order 9 and 10 each member is one block.)
 *
 * Invariants: (1) the words of a chunk are valid only while the chunk is split; until then they,
 * like struct page, are whatever was in memory.  (2) struct page.more is valid only in pageblocks
 * with BLOCK_REFS.  So handing over a terabyte writes 64 bytes per 4 MiB.
 *
 * A span is a run of pages whose descriptors lie in one array.  Small holes are
 * inside spans; spans belong to one node.  Spans share no descriptor: where one ends
 * inside of a pageblock, both have a pageblock and perhaps a chunk for their part.  All
 * pages of a struct pageblock are of one zone.
 *
 * Whoever may not see the inside uses pfn_to_page() (mm/handover.h), page_to_pfn() and
 * page_get_state().
 */
#ifndef MM_PAGE_H
#define MM_PAGE_H

#include "kernel/lib/percpu.h"
#include "mm/handover.h"	/* MAX_PAGE_ORDER */
#include "mm/port.h"

#define NR_PAGE_ORDERS		(MAX_PAGE_ORDER + 1)
#define MAX_ORDER_NR_PAGES	(1UL << MAX_PAGE_ORDER)

#ifndef PAGEBLOCK_ORDER
#define PAGEBLOCK_ORDER		MIN(9, MAX_PAGE_ORDER)
#endif
#define PAGEBLOCK_NR_PAGES	(1UL << PAGEBLOCK_ORDER)
#define PAGEBLOCKS_PER_BLOCK	(1UL << (MAX_PAGE_ORDER - PAGEBLOCK_ORDER))

#define CHUNK_ORDER		6
#define CHUNK_PAGES		(1UL << CHUNK_ORDER)
#define PAGEBLOCK_CHUNKS	(1U << (PAGEBLOCK_ORDER - CHUNK_ORDER))
#define ALL_PAGES		(~0ULL)				/* of a chunk */
#define ALL_CHUNKS		((1U << PAGEBLOCK_CHUNKS) - 1)	/* of a pageblock */

_Static_assert(PAGEBLOCK_ORDER >= CHUNK_ORDER && PAGEBLOCK_CHUNKS <= 8, "8 bits a pageblock");
_Static_assert(PAGEBLOCKS_PER_BLOCK <= 2, "a pageblock is one or half of a largest block");

/* 2^40 pages: as much as 52 bits of physical address can have. */
#define PFN_BITS		40
#define PFN_LIMIT		(1UL << PFN_BITS)
#define PFN_NONE		(PFN_LIMIT - 1)

/**
 * struct page - one page; others know the page by the address of its descriptor
 * @more: references beyond the first, of an allocated block's first page
 */
struct page {
	uint32_t	more;
};

/**
 * struct head - place of a chunk or pageblock on a list, which is a ring with the zone in it
 */
struct head {
	struct head	*next, *previous;
};

/**
 * struct units - 64 pages, which is a chunk; or the chunks of a pageblock
 * @lo, @hi: bit i is unit i
 */
struct units {
	uint64_t	lo, hi;
	struct head	head;
};

/* Which kind of block a page is in. */
enum page_mark {
	MARK_NONE	= 0,	/* none: it is reserved, or no page */
	MARK_ALLOC	= 1,
	MARK_FREE	= 2,
};

/* struct pageblock.flags */
#define BLOCK_REFS		0x01	/* struct page.more of its pages is valid */

#define NO_STACKS		0	/* in struct pageblock.stacks: frees go to the lists */

struct zone;

/**
 * struct pageblock - 512 pages, or that part of them that is in one span
 * @units: the states of its chunks and, behind them, of a block of MAX_PAGE_ORDER that begins here
 * @zone: its zone if anything of it was ever given to the buddy, else NULL
 * @stacks: where in each CPU's table the stacks of its zone and type are (mm/pcp.h), or NO_STACKS
 * @below: for each split chunk, 1 + the order of its largest free block; 0 if it has none.  It
 *	selects the chunk's list; a free of a smaller order leaves the chunk there.
 * @split: a bit for each chunk that is split, which is untracked in @units
 * @type: migrate type
 * @flags: BLOCK_REFS
 *
 * All of it is under zone->lock, but that frees without it read @split, @stacks and @flags, which
 * are what they must be as long as something of the pageblock is allocated; and that they change
 * one bit of a block's words (mm/block_place.h).
 */
struct pageblock {
	struct units	units;
	struct zone	*zone;
	unsigned long	stacks;
	uint8_t		below[PAGEBLOCK_CHUNKS];
	uint8_t		split;
	uint8_t		type;
	uint8_t		flags;
} __attribute__((aligned(64)));

#define UNITS_SHIFT		5	/* log2 of the sizes */
#define PAGEBLOCK_SHIFT		6
#define LARGEST_UNIT		PAGEBLOCK_CHUNKS	/* of a block of more than a pageblock */

_Static_assert(sizeof(struct units) == 1 << UNITS_SHIFT, "two a cache line");
_Static_assert(sizeof(struct pageblock) == 1 << PAGEBLOCK_SHIFT, "a cache line");
_Static_assert(sizeof(struct page) + sizeof(struct units) / CHUNK_PAGES <= 16,
	       "law 7: at most 16 bytes a page");

/* The two arrays of struct page_span.at: for orders below CHUNK_ORDER, and for the others. */
enum unit_level { LEVEL_CHUNK, LEVEL_PAGEBLOCK, NR_LEVELS };

/**
 * struct page_span - pages [start, start + pages) with one array of each kind
 * @map, @at: addresses of what describes pfn 0, if it were there; arithmetic on them is
 *	done in uintptr_t
 */
struct page_span {
	unsigned long	start;
	unsigned long	pages;
	uintptr_t	map;		/* its pages are described at [first, first + bytes) */
	uintptr_t	first;
	uintptr_t	bytes;		/* of these descriptors */
	uintptr_t	at[NR_LEVELS];	/* chunks and pageblocks */
	uintptr_t	members;	/* both: [members, members + members_bytes) in memory */
	uintptr_t	members_bytes;
	int		nid;
};

/**
 * struct page_map - the spans, and two tables that lead to them
 * @index: slot i: the first span that ends after pfn i << @index_shift
 * @spans: in order of pfn; @nr_spans of them, room for @max_spans
 * @by_members: the spans, in order of the address of their @members
 * @desc_index: slot i: a span with descriptors near @desc_lowest + (i << @desc_shift)
 * @bytes: of all arrays and tables
 *
 * constant after boot: page_map_init() fills it.
 */
struct page_map {
	struct page_span	**index;
	unsigned long		index_slots;
	unsigned int		index_shift;
	unsigned int		nr_spans, max_spans;
	struct page_span	*spans;
	struct page_span	**by_members;
	struct page_span	**desc_index;
	unsigned long		desc_slots;
	unsigned int		desc_shift;
	uintptr_t		desc_lowest, desc_end;
	phys_addr_t		bytes;
};

extern struct page_map page_map;

/* page_span_of() for the rare cases: a binary search.  Return: NULL if @pfn has no descriptor. */
struct page_span *page_span_search(unsigned long pfn);

static inline bool page_span_has(const struct page_span *span, unsigned long pfn)
{
	return pfn - span->start < span->pages;
}

/* The span of @pfn or NULL.  One or two loads on ordinary machines. */
static inline struct page_span *page_span_of(unsigned long pfn)
{
	struct page_span *span;

	if (unlikely(pfn >> page_map.index_shift >= page_map.index_slots))
		return NULL;
	span = page_map.index[pfn >> page_map.index_shift];
	if (likely(span && page_span_has(span, pfn)))
		return span;
	return page_span_search(pfn);
}

static inline struct page *span_page(const struct page_span *span, unsigned long pfn)
{
	return (struct page *)(span->map + pfn * sizeof(struct page));
}

static inline struct pageblock *span_block(const struct page_span *span, unsigned long pfn)
{
	return (struct pageblock *)(span->at[LEVEL_PAGEBLOCK] +
				    (pfn >> PAGEBLOCK_ORDER << PAGEBLOCK_SHIFT));
}

/* Its words are valid only if chunk_is_split(). */
static inline struct units *span_chunk(const struct page_span *span, unsigned long pfn)
{
	return (struct units *)(span->at[LEVEL_CHUNK] + (pfn >> CHUNK_ORDER << UNITS_SHIFT));
}

/* Which chunk of its pageblock @pfn is in, and its bit there. */
static inline unsigned int unit_of(unsigned long pfn)
{
	return (unsigned int)(pfn >> CHUNK_ORDER) & (PAGEBLOCK_CHUNKS - 1);
}

static inline unsigned int unit_bit(unsigned long pfn)
{
	return 1U << unit_of(pfn);
}

/* Where its stacks are; another CPU may just change its type. */
static inline unsigned long block_stacks(const struct pageblock *block)
{
	return __atomic_load_n(&block->stacks, __ATOMIC_RELAXED);
}

/* Of a pageblock whose chunks may be cut or become whole at the same time. */
static inline unsigned int block_split(const struct pageblock *block)
{
	return __atomic_load_n(&block->split, __ATOMIC_ACQUIRE);
}

static inline bool chunk_is_split(const struct page_span *span, unsigned long pfn)
{
	return block_split(span_block(span, pfn)) & unit_bit(pfn);
}

/*
 * span_pfn_unchecked() - the pfn whose descriptor in @span is @page, which may be any pointer
 *
 * If @page is no descriptor of @span, the result is a number that is no pfn of @span, so one
 * comparison (page_span_has()) checks alignment and both ends: the index is the offset in bytes,
 * rotated by the two bits that are below the size of a descriptor.
 *
 *	offset	0 0 0 ... b b b 0 0	->	index	0 0 0 0 0 ... b b b
 *	offset	0 0 0 ... b b b 1 0	->	index	1 0 0 0 0 ... b b b	no span is so large
 */
static inline unsigned long span_pfn_unchecked(const struct page_span *span,
					       const struct page *page)
{
	const uintptr_t offset = (uintptr_t)page - span->first;

	_Static_assert(sizeof(*page) == 4, "two bits");
	return span->start + (offset >> 2 | offset << 62);
}

/* The other way: the pointer, any, for which span_pfn_unchecked() said @pfn. */
static inline const struct page *span_page_unchecked(const struct page_span *span,
						     unsigned long pfn)
{
	const unsigned long index = pfn - span->start;

	return (const struct page *)(span->first + (index << 2 | index >> 62));
}

/* ---- the outside view ---------------------------------------------------- */

/* Has @pfn a descriptor?  True in small holes too, as in Linux. */
static inline bool pfn_valid(unsigned long pfn)
{
	return page_span_of(pfn) != NULL;
}

/* The descriptor of @pfn, NULL if it has none: pfn_to_page() for those who see the inside. */
static inline struct page *page_at(unsigned long pfn)
{
	struct page_span *span = page_span_of(pfn);

	return span ? span_page(span, pfn) : NULL;
}

/* The span that has the descriptor at @addr, NULL if none has; kept as this CPU's hint. */
const struct page_span *page_span_of_descriptor(uintptr_t addr);

/* The span that has the chunk or pageblock at @at, which must be one. */
const struct page_span *page_span_of_member(const void *at);

/* The span of a descriptor and the page it describes; NULL if @page is none.  By address alone. */
static inline const struct page_span *page_span_and_pfn(const struct page *page, unsigned long *pfn)
{
	const uintptr_t addr = (uintptr_t)page;
	const struct page_span *span = this_cpu()->page_span_recent;

	if (unlikely(addr - span->first >= span->bytes))
		span = page_span_of_descriptor(addr);
	if (unlikely(!span || addr % sizeof(*page)))
		return NULL;
	*pfn = (addr - span->map) / sizeof(*page);
	return span;
}

/** page_to_pfn() - the page of a descriptor; PFN_NONE if @page, any value, is none */
static inline unsigned long page_to_pfn(const struct page *page)
{
	unsigned long pfn;

	return page_span_and_pfn(page, &pfn) ? pfn : PFN_NONE;
}

static inline phys_addr_t page_to_phys(const struct page *page)
{
	return PFN_PHYS(page_to_pfn(page));
}

static inline void *page_address(const struct page *page)
{
	return phys_to_virt(page_to_phys(page));
}

static inline struct page *virt_to_page(const void *va)
{
	return pfn_to_page(PFN_DOWN(virt_to_phys(va)));
}

/* ---- the block around a page (mm/buddy/page_state.c) ------------------------------ */

/** struct page_state - the block around a page */
struct page_state {
	enum page_mark	mark;		/* MARK_NONE: reserved or no page at all	*/
	bool		stacked;	/* free, on a stack of its zone's (mm/pcp.h)	*/
	unsigned long	head;		/* first pfn of the block			*/
	unsigned int	order;
	unsigned int	refcount;	/* of an allocated block			*/
	unsigned int	type;		/* of a block: migrate type of its pageblock	*/
	unsigned int	zone_id;	/* of a block					*/
};

/** page_get_state() - which block is @pfn in, and is it free?  For reports, not for speed */
void page_get_state(unsigned long pfn, struct page_state *state);

/* Is @pfn reserved: has a descriptor, but is in no block? */
bool page_is_reserved(unsigned long pfn);

/* How many references an allocated block has: alloc_pages() gives 1, get_page() adds 1. */
unsigned int page_count(const struct page *page);
void get_page(struct page *page);

/* The same for the allocated block at @pfn. */
unsigned int page_references(const struct page_span *span, unsigned long pfn);

/* Drop a reference to the allocated block at @pfn.  Return: true if it was the last. */
bool page_put_reference(const struct page_span *span, unsigned long pfn);

/* ---- building (page_map.c) ------------------------------------------------ */

/*
 * Whole pages of RAM as pfns [start, end) of node @nid, as the hand-over will see them.  Unlike
 * for_each_mem_pfn_range() it knows that regions which only HOTPLUG parts will be one.  A page
 * in which they meet goes with the lower:
 *
 *	pages		|    4    |    5    |    6    |
 *	regions		-------------)[HOTPLUG----------
 *	ranges		-------------------)[----------
 *
 * i is an int, the region's index, -1 at the end.  Context: before memblock_free_all().
 */
void next_page_range(int *i, unsigned long *start, unsigned long *end, int *nid);

#define for_each_page_range(i, start, end, nid)						\
	for (i = -1, next_page_range(&i, start, end, nid); i >= 0;			\
	     next_page_range(&i, start, end, nid))

/**
 * page_map_init() - allocate the arrays from memblock, each on its node
 *
 * Context: once, after nodes are known, before memblock_free_all().
 */
void page_map_init(void);

/* Bytes of all the arrays and tables: the price of knowing the pages. */
phys_addr_t page_map_bytes(void);

/* Spans in ascending order; @i below page_span_count(), 0 before page_map_init(). */
unsigned int page_span_count(void);
const struct page_span *page_span_get(unsigned int i);

#endif /* MM_PAGE_H */
