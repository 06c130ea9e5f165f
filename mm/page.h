/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Page descriptors: 5 bytes a page, and none of them initialised at boot.
 *
 * Three arrays describe RAM, all sized by RAM and not by the highest address:
 *
 *	struct page	4 bytes a page			references beyond the first
 *	struct chunk	32 bytes per 32 pages		which blocks are free, which allocated
 *	struct page_block 16 bytes per 2^MAX_PAGE_ORDER pages
 *
 * A chunk has one bit for every block that its 32 pages can make, twice: free and
 * allocated ("used").  So everything an allocator must know to split, merge and refuse
 * a wrong free is in half a cache line, and no order is kept anywhere:
 *
 *	bit	0 ................ 31 | 32 ...... 47 | 48 .. 55 | 56..59 | 60 61 | 62
 *	block	32 single pages	      | 16 pairs     | 8 fours  | 4      | 2	 | all
 *	merge	bit b and its buddy b ^ 1 make bit 32 + b / 2
 *
 * A larger block has bit 62 of its first chunk, its order in the chunk's head, and no
 * bit in the other chunks.  Pages under no bit are reserved: nobody gave them to the
 * buddy.  Free chunks and blocks are on lists by their heads.
 *
 * Invariant: chunks mean something only in a block that says so (BLOCK_MARKED); they
 * and all pages start as whatever was in memory.  A block of the largest order has its
 * head in struct page_block, so handing over a terabyte writes 16 bytes per 4 MiB and
 * nothing else.  References mean something only with BLOCK_REFS.
 *
 * A span is a run of pages whose descriptors lie in one array.  Small holes are
 * inside spans; spans belong to one node.  All pages of a chunk are of one zone: where
 * a zone ends inside of 32 pages, a span ends and both have a chunk for them.
 */
#ifndef MM_PAGE_H
#define MM_PAGE_H

#include "mm/handover.h"	/* MAX_PAGE_ORDER */
#include "mm/port.h"

#define NR_PAGE_ORDERS		(MAX_PAGE_ORDER + 1)
#define MAX_ORDER_NR_PAGES	(1UL << MAX_PAGE_ORDER)

#ifndef PAGEBLOCK_ORDER
#define PAGEBLOCK_ORDER		MIN(9, MAX_PAGE_ORDER)
#endif
#define PAGEBLOCK_NR_PAGES	(1UL << PAGEBLOCK_ORDER)
#define PAGEBLOCKS_PER_BLOCK	(1UL << (MAX_PAGE_ORDER - PAGEBLOCK_ORDER))

_Static_assert(MAX_PAGE_ORDER >= 6 && MAX_PAGE_ORDER <= 15,
	       "a chunk is 32 pages; order has 4 bits");
_Static_assert(PAGEBLOCKS_PER_BLOCK <= 2, "a pageblock is one or half of a largest block");

/* 2^40 pages: as much as 52 bits of physical address can have. */
#define PFN_BITS		40
#define PFN_LIMIT		(1UL << PFN_BITS)
#define PFN_NONE		(PFN_LIMIT - 1)

/**
 * struct page - one page; its address is what the page is called
 * @more: references beyond the first, of an allocated block's first page
 */
struct page {
	uint32_t	more;
};

/**
 * struct head - place of a block or chunk on a list
 * @lo, @hi: low 32 and high 8 bits of two page frame numbers: next and previous of its
 *	list (the previous of the first is not kept up to date)
 * @bits: PAGE_* fields below; the zone also while it is on no list
 */
struct head {
	uint32_t	lo[2];
	uint8_t		hi[2];
	uint16_t	bits;
};

#define PAGE_ORDER_MASK		0x000fU		/* of its list, or of an allocated block */
#define PAGE_ZONE_SHIFT		4		/* struct zone.id */
#define PAGE_ZONE_MASK		0x1ff0U
#define PAGE_TYPE_SHIFT		13		/* migrate type of its list */

#define CHUNK_ORDER		5
#define CHUNK_PAGES		(1UL << CHUNK_ORDER)
#define CHUNK_WHOLE		(1ULL << 62)	/* the chunk, or a block that begins with it */

/**
 * struct chunk - 32 pages
 * @free, @used: bit tree_bit() set: that block is free, allocated
 * @head: on the list of its largest free block
 */
struct chunk {
	uint64_t	free;
	uint64_t	used;
	struct head	head;
	uint32_t	unused;
};

_Static_assert(sizeof(struct page) + sizeof(struct chunk) / CHUNK_PAGES <= 16,
	       "the promise of design.md section 7");

/* What a page is part of. */
enum page_mark {
	MARK_NONE	= 0,	/* no block: reserved */
	MARK_ALLOC	= 1,
	MARK_FREE	= 2,
};

/* struct page_block.flags */
#define BLOCK_MARKED		0x01	/* its chunks are valid */
#define BLOCK_FREE		0x02	/* one free block of order MAX_PAGE_ORDER */
#define BLOCK_ALLOC		0x04	/* one allocated block of that order */
#define BLOCK_REFS		0x08	/* struct page.more of its pages is valid */

/**
 * struct page_block - 2^MAX_PAGE_ORDER pages
 * @head: valid with BLOCK_FREE or BLOCK_ALLOC
 * @type: migrate type of its pageblocks
 */
struct page_block {
	struct head	head;
	uint8_t		type[2];
	uint8_t		flags;
	uint8_t		unused;
};

_Static_assert(sizeof(struct page_block) == 16, "16 bytes per 4 MiB");

/**
 * struct page_span - pages [start, start + pages) with one array each
 * @map, @blocks, @chunks: addresses of what describes pfn 0, if it were there;
 *	arithmetic on them is done in uintptr_t
 */
struct page_span {
	unsigned long	start;
	unsigned long	pages;
	uintptr_t	map;		/* pages of it: [first, first + pages) in memory */
	uintptr_t	first;
	uintptr_t	blocks;
	uintptr_t	chunks;
	int		nid;
};

/* Slot i: the first span that ends after pfn i << shift; built by page_map_init(). */
extern struct page_span **page_index;
extern unsigned long page_index_slots;
extern unsigned int page_index_shift;

struct page_span *page_span_search(unsigned long pfn);

static inline bool page_span_has(const struct page_span *span, unsigned long pfn)
{
	return pfn - span->start < span->pages;
}

/* The span of @pfn or NULL.  One or two loads on ordinary machines. */
static inline struct page_span *page_span_of(unsigned long pfn)
{
	struct page_span *span;

	if (unlikely(pfn >> page_index_shift >= page_index_slots))
		return NULL;
	span = page_index[pfn >> page_index_shift];
	if (likely(span && page_span_has(span, pfn)))
		return span;
	return page_span_search(pfn);
}

static inline struct page *span_page(const struct page_span *span, unsigned long pfn)
{
	return (struct page *)(span->map + pfn * sizeof(struct page));
}

static inline struct page_block *span_block(const struct page_span *span, unsigned long pfn)
{
	return (struct page_block *)(span->blocks +
				     (pfn >> MAX_PAGE_ORDER) * sizeof(struct page_block));
}

/* Only valid in a BLOCK_MARKED block. */
static inline struct chunk *span_chunk(const struct page_span *span, unsigned long pfn)
{
	return (struct chunk *)(span->chunks + pfn / CHUNK_PAGES * sizeof(struct chunk));
}

/* The bit of the block of @order, at most CHUNK_ORDER, around @pfn. */
static inline unsigned int tree_bit(unsigned long pfn, unsigned int order)
{
	return 64U - (64U >> order) + ((unsigned int)(pfn % CHUNK_PAGES) >> order);
}

/* Chunks of the largest block around @pfn that are in @span: no blocks.  Sets BLOCK_MARKED. */
void span_clear_chunks(const struct page_span *span, unsigned long pfn);

/* They mean something from here on. */
static inline void span_begin_chunks(const struct page_span *span, unsigned long pfn)
{
	if (unlikely(!(span_block(span, pfn)->flags & BLOCK_MARKED)))
		span_clear_chunks(span, pfn);
}

static inline unsigned int pageblock_type_in(const struct page_span *span, unsigned long pfn)
{
	return span_block(span, pfn)->type[pfn >> PAGEBLOCK_ORDER & (PAGEBLOCKS_PER_BLOCK - 1)];
}

/* ---- the outside view ---------------------------------------------------- */

/* Has @pfn a descriptor?  True in small holes too, as in Linux. */
static inline bool pfn_valid(unsigned long pfn)
{
	return page_span_of(pfn) != NULL;
}

/*
 * The descriptor of @pfn, NULL if it has none.  Not to be dereferenced.  handover.h
 * declares pfn_to_page(), the same for those who may not see the inside.
 */
static inline struct page *page_at(unsigned long pfn)
{
	struct page_span *span = page_span_of(pfn);

	return span ? span_page(span, pfn) : NULL;
}

/* The same from the other side: slot i has a span with descriptors near lowest + (i << shift). */
extern struct page_span **desc_index;
extern uintptr_t desc_lowest;
extern unsigned long desc_index_slots;
extern unsigned int desc_index_shift;

unsigned long page_to_pfn_search(uintptr_t addr);

/* The span of a descriptor and the page it describes; NULL if @page is none.  By address alone. */
static inline const struct page_span *page_span_and_pfn(const struct page *page, unsigned long *pfn)
{
	const uintptr_t addr = (uintptr_t)page;
	const struct page_span *span;
	uintptr_t offset;

	if (unlikely((addr - desc_lowest) >> desc_index_shift >= desc_index_slots))
		return NULL;
	span = desc_index[(addr - desc_lowest) >> desc_index_shift];
	offset = addr - span->first;
	if (unlikely(offset / sizeof(*page) >= span->pages)) {
		*pfn = page_to_pfn_search(addr);
		return page_span_of(*pfn);
	}
	*pfn = span->start + offset / sizeof(*page);
	return likely(offset % sizeof(*page) == 0) ? span : NULL;
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

/** struct page_state - the block around a page */
struct page_state {
	enum page_mark	mark;		/* MARK_NONE: reserved or no page at all	*/
	bool		hot;		/* free, but not on a list			*/
	unsigned long	head;		/* first pfn of the block			*/
	unsigned int	order;
	unsigned int	refcount;	/* of an allocated block			*/
	unsigned int	type;		/* of a free block: migrate type of its list	*/
	unsigned int	zone_id;	/* of a block					*/
};

/** page_get_state() - which block is @pfn in, and is it free?  For reports, not for speed */
void page_get_state(unsigned long pfn, struct page_state *state);

/* Is @pfn reserved: has a descriptor, but is in no block? */
bool page_is_reserved(unsigned long pfn);

/* References to an allocated block: alloc_pages() gives 1. */
unsigned int page_count(const struct page *page);
void get_page(struct page *page);

/* Drop a reference to the allocated block at @pfn.  Return: true if it was the last. */
bool page_put_reference(const struct page_span *span, unsigned long pfn);

/* ---- building (page_map.c) ------------------------------------------------ */

/**
 * page_map_init() - allocate the arrays from memblock, each on its node
 *
 * Context: once, after nodes are known, before memblock_free_all().
 */
void page_map_init(void);

/* Bytes of all the arrays and tables: the price of knowing the pages. */
phys_addr_t page_map_bytes(void);

unsigned int page_span_count(void);
const struct page_span *page_span_get(unsigned int i);

/* Forget everything; tests only. */
void page_map_reset(void);

#endif /* MM_PAGE_H */
