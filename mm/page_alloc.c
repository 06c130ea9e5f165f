// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which zone, which list, and is the caller in his right mind?  The blocks
 * themselves are buddy.c's, reports of misuse page_bad.c's.
 */
#include "mm/page_alloc.h"

#include "kernel/lib/params.h"	/* early_param() */
#include "mm/buddy.h"
#include "mm/page_bad.h"

bool init_on_alloc, init_on_free, page_poisoning;

/* ---- flags ------------------------------------------------------------------- */

/* By the bits DMA, HIGHMEM, DMA32, MOVABLE; of two zones the lower one. */
static const uint8_t gfp_zones[16] = {
	ZONE_NORMAL, ZONE_DMA, ZONE_NORMAL, ZONE_DMA,
	ZONE_DMA32, ZONE_DMA, ZONE_DMA32, ZONE_DMA,
	ZONE_NORMAL, ZONE_DMA, ZONE_MOVABLE, ZONE_DMA,
	ZONE_DMA32, ZONE_DMA, ZONE_DMA32, ZONE_DMA,
};

enum zone_type gfp_zone(gfp_t gfp)
{
	return (enum zone_type)gfp_zones[gfp & 15];
}

enum migratetype gfp_migratetype(gfp_t gfp)
{
	static const uint8_t type[4] = {
		MIGRATE_UNMOVABLE, MIGRATE_MOVABLE, MIGRATE_RECLAIMABLE, MIGRATE_UNMOVABLE,
	};

	if (unlikely(page_group_by_mobility_disabled))
		return MIGRATE_UNMOVABLE;
	return (enum migratetype)type[gfp >> 3 & 3];
}

static void check_gfp(gfp_t gfp)
{
	gfp_t zones = gfp & (__GFP_DMA | __GFP_DMA32 | __GFP_HIGHMEM);

	WARN_ONCE(zones & (zones - 1), "page_alloc: gfp %#x names two zones; the lower is used\n",
		  gfp);
}

/* ---- fallback ------------------------------------------------------------------ */

static const uint8_t fallbacks[3][2] = {
	[MIGRATE_UNMOVABLE] = { MIGRATE_RECLAIMABLE, MIGRATE_MOVABLE },
	[MIGRATE_MOVABLE] = { MIGRATE_RECLAIMABLE, MIGRATE_UNMOVABLE },
	[MIGRATE_RECLAIMABLE] = { MIGRATE_UNMOVABLE, MIGRATE_MOVABLE },
};

/* May a request for @type convert the pageblock around a block of @order? */
static bool may_claim(unsigned int order, enum migratetype type)
{
	return order >= PAGEBLOCK_ORDER / 2 || type != MIGRATE_MOVABLE ||
	       page_group_by_mobility_disabled;
}

/*
 * The block at @pfn with its whole pageblock changes to @type, if at least half of the
 * pageblock is free or used in a way that agrees with @type.
 */
static bool claim_pageblock(struct zone *zone, unsigned long pfn, unsigned int order,
			    enum migratetype type)
{
	struct pageblock_use use;

	if (order < PAGEBLOCK_ORDER) {
		buddy_pageblock_use(zone, pfn, &use);
		use.free += type == MIGRATE_MOVABLE ? use.movable : use.other;
		if (use.free < PAGEBLOCK_NR_PAGES / 2 && !page_group_by_mobility_disabled)
			return false;
	}
	buddy_move_pageblock(zone, pfn, type);
	return true;
}

/* The smallest block of another type, without converting anything. */
static unsigned long steal_smallest(struct zone *zone, unsigned int order, enum migratetype type)
{
	unsigned int best = NR_PAGE_ORDERS;
	enum migratetype from = type;

	for (unsigned int i = 0; i < 2; i++) {
		enum migratetype other = (enum migratetype)fallbacks[type][i];
		unsigned int avail = zone->avail[other] & ~0U << order;
		unsigned int smallest = avail ? (unsigned int)__builtin_ctz(avail) : NR_PAGE_ORDERS;

		if (smallest < best) {
			best = smallest;
			from = other;
		}
	}
	return best < NR_PAGE_ORDERS ? buddy_take(zone, order, from) : PFN_NONE;
}

/*
 * @type has no block: look at the largest block of the others.  Converting a whole
 * pageblock keeps the next such requests in one place; where that is not allowed,
 * taking the smallest block does the least damage.
 */
static __noinline unsigned long take_fallback(struct zone *zone, unsigned int order,
					      enum migratetype type)
{
	for (unsigned int o = NR_PAGE_ORDERS; o-- > order;) {
		for (unsigned int i = 0; i < 2; i++) {
			enum migratetype other = (enum migratetype)fallbacks[type][i];

			if (!(zone->avail[other] & BIT(o)))
				continue;
			if (may_claim(o, type) &&
			    claim_pageblock(zone, buddy_first(zone, o, other), o, type))
				return buddy_take(zone, order, type);
			return steal_smallest(zone, order, type);
		}
	}
	return PFN_NONE;
}

/* ---- hot pages ----------------------------------------------------------------- */

void drain_pages(struct zone *zone)
{
	for (unsigned int type = 0; type < HOT_TYPES; type++) {
		struct hot_pages *hot = &zone->hot[type];

		buddy_give_hot(zone, hot->pfn, hot->count);
		hot->count = 0;
	}
}

void drain_all_pages(void)
{
	struct zone *zone;

	for_each_populated_zone(zone)
		drain_pages(zone);
}

/*
 * @pfn, under no bit, finds the stack full.  Who frees in order of address has filled
 * its lower half with one chunk, which goes back as a whole; else @pfn merges at once.
 */
static __noinline void give_to_full(struct zone *zone, const struct page_span *span,
				    unsigned long pfn, struct hot_pages *hot)
{
	if (hot->pfn[0] / CHUNK_PAGES != hot->pfn[HOT_PAGES / 2 - 1] / CHUNK_PAGES)
		return buddy_give_small(zone, span, pfn, 0);
	buddy_give_hot(zone, hot->pfn, HOT_PAGES / 2);
	memcpy(hot->pfn, hot->pfn + HOT_PAGES / 2, sizeof(hot->pfn) / 2);
	hot->count = HOT_PAGES / 2;
	hot->pfn[hot->count++] = pfn;
}

/* A page under no bit goes on top of its zone's stack. */
static inline void give_hot(struct zone *zone, const struct page_span *span, unsigned long pfn,
			    struct hot_pages *hot)
{
	if (unlikely(hot->count == HOT_PAGES))
		return give_to_full(zone, span, pfn, hot);
	hot->pfn[hot->count++] = pfn;
}

static inline unsigned long take_hot(struct zone *zone, enum migratetype type)
{
	struct hot_pages *hot = &zone->hot[type];
	unsigned long pfn;

	if (unlikely(!hot->count)) {
		hot->count = buddy_take_hot(zone, type, hot->pfn);
		if (unlikely(!hot->count))
			return PFN_NONE;
	}
	pfn = hot->pfn[--hot->count];
	zone->free_pages--;
	span_chunk(zone_span_of(zone, pfn), pfn)->used |= 1ULL << pfn % CHUNK_PAGES;
	return pfn;
}

/* A block off the lists or the stack of @type itself. */
static inline unsigned long take_easy(struct zone *zone, unsigned int order, enum migratetype type)
{
	return order ? buddy_take(zone, order, type) : take_hot(zone, type);
}

static __noinline unsigned long take_hard(struct zone *zone, unsigned int order,
					  enum migratetype type)
{
	unsigned long pfn;

	drain_pages(zone);
	pfn = buddy_take(zone, order, type);
	if (pfn == PFN_NONE && type == MIGRATE_MOVABLE && zone->free_cma_pages)
		pfn = buddy_take(zone, order, MIGRATE_CMA);
	return pfn != PFN_NONE ? pfn : take_fallback(zone, order, type);
}

/* What alloc_pages() returns for @pfn of @zone. */
static inline struct page *taken(struct zone *zone, unsigned long pfn)
{
	zone->alloc_count++;
	return span_page(zone_span_of(zone, pfn), pfn);
}

static struct page *take_from_zone(struct zone *zone, unsigned int order, enum migratetype type)
{
	unsigned long pfn = take_easy(zone, order, type);

	if (pfn == PFN_NONE)
		pfn = take_hard(zone, order, type);
	return pfn != PFN_NONE ? taken(zone, pfn) : NULL;
}

/* ---- watermarks ------------------------------------------------------------------ */

/**
 * struct request - what alloc_pages() was asked, taken apart once
 */
struct request {
	gfp_t			gfp;
	unsigned int		order;
	enum zone_type		highest;
	enum migratetype	type;
};

/* Single pages serve one, and may merge for larger requests. */
static bool has_hot_pages(const struct zone *zone)
{
	return zone->hot[0].count | zone->hot[1].count | zone->hot[2].count;
}

#define NO_WATERMARK	(~0UL)	/* not even what is kept for others: __GFP_MEMALLOC */

/* Would @zone stay above @mark plus what it keeps for requests that can go nowhere else? */
static inline bool watermark_ok(const struct zone *zone, const struct request *req,
				unsigned long mark)
{
	unsigned long need = (1UL << req->order) - 1;
	unsigned int avail = zone->avail[MIGRATE_UNMOVABLE] | zone->avail[MIGRATE_MOVABLE] |
			     zone->avail[MIGRATE_RECLAIMABLE];

	if (req->type == MIGRATE_MOVABLE)
		avail |= zone->avail[MIGRATE_CMA];
	else
		need += zone->free_cma_pages;
	if (mark != NO_WATERMARK)
		need += mark + zone->lowmem_reserve[req->highest];
	return zone->free_pages > need && (avail >> req->order || has_hot_pages(zone));
}

/* How far down a request may go when all zones are below their low mark. */
static unsigned long last_mark(const struct zone *zone, gfp_t gfp)
{
	unsigned long min = zone->watermark[WMARK_MIN];

	if ((gfp & (__GFP_MEMALLOC | __GFP_NOMEMALLOC)) == __GFP_MEMALLOC)
		return NO_WATERMARK;
	return gfp & __GFP_HIGH ? min - min / 2 : min;
}

static inline struct page *take_from_list(const struct pglist_data *node,
					  const struct request *req, bool desperate)
{
	struct zone *zone;

	for (unsigned int i = 0; (zone = node->node_zonelist[i]); i++) {
		struct page *page;

		if (unlikely(zone->index > req->highest))
			continue;
		if ((req->gfp & __GFP_THISNODE) && i >= node->node_zonelist_own)
			break;
		if (!watermark_ok(zone, req, desperate ? last_mark(zone, req->gfp) :
							 zone->watermark[WMARK_LOW]))
			continue;
		page = take_from_zone(zone, req->order, req->type);
		if (likely(page))
			return page;
	}
	return NULL;
}

/* ---- alloc ------------------------------------------------------------------------ */

static inline struct pglist_data *pick_node(int nid)
{
	if (numa_valid_node(nid) && node_data[nid])
		return node_data[nid];
	return first_node;
}

/* Contents of fresh pages: checked for the poison, then zeroed if wanted. */
static bool prepare_pages(const struct page *page, gfp_t gfp, unsigned int order)
{
	unsigned long pfn = page_to_pfn(page);

	if (page_poisoning && !page_poison_intact(pfn, order))
		return false;
	if (init_on_alloc || (gfp & __GFP_ZERO))
		memset(phys_to_virt(PFN_PHYS(pfn)), 0, PAGE_SIZE << order);
	return true;
}

/* No zone is above its low mark, or the request makes no sense. */
static __noinline struct page *alloc_slow(const struct pglist_data *node,
					  const struct request *req, unsigned long caller)
{
	struct page *page;

	if (WARN_ONCE(req->order > MAX_PAGE_ORDER,
		      "page_alloc: order %u asked by %pS; the largest is %u, see alloc_contig_pages()\n",
		      req->order, (void *)caller, MAX_PAGE_ORDER))
		return NULL;
	page = node && node->node_zonelist ? take_from_list(node, req, true) : NULL;
	if (!page && !(req->gfp & __GFP_NOWARN))
		page_alloc_failure(req->gfp, req->order, caller);
	return page;
}

static inline struct page *alloc_block(int nid, gfp_t gfp, unsigned int order, unsigned long caller)
{
	const struct request req = {
		.gfp = gfp, .order = order, .highest = gfp_zone(gfp), .type = gfp_migratetype(gfp),
	};
	const struct pglist_data *node = pick_node(nid);
	struct page *page = NULL;

	if (unlikely(gfp & (__GFP_DMA | __GFP_DMA32)))
		check_gfp(gfp);
	do {
		if (likely(order <= MAX_PAGE_ORDER && node && node->node_zonelist))
			page = take_from_list(node, &req, false);
		if (unlikely(!page))
			page = alloc_slow(node, &req, caller);
	} while (page && unlikely(page_poisoning || init_on_alloc || (gfp & __GFP_ZERO)) &&
		 !prepare_pages(page, gfp, order));
	return page;
}

/*
 * What most requests are: no wishes about contents or place, and the first zone is above
 * its low mark.  NULL: go the long way.
 */
static inline struct page *alloc_here(gfp_t gfp, unsigned int order)
{
	const enum zone_type highest = gfp_zone(gfp);
	struct zone *zone;
	unsigned long pfn;

	if (unlikely(!first_node || !(zone = first_node->first_zone[highest])))
		return NULL;
	if (unlikely(zone->free_pages < zone->watermark[WMARK_LOW] +
					zone->lowmem_reserve[highest] + zone->free_cma_pages +
					(1UL << order)))
		return NULL;
	pfn = take_easy(zone, order, gfp_migratetype(gfp));
	return likely(pfn != PFN_NONE) ? taken(zone, pfn) : NULL;
}

__noinline struct page *alloc_pages(gfp_t gfp, unsigned int order)
{
	struct page *page;

	if (likely(order <= MAX_PAGE_ORDER && !(gfp & (__GFP_ZERO | __GFP_DMA | __GFP_DMA32)) &&
		   !(page_poisoning | init_on_alloc)) &&
	    likely((page = alloc_here(gfp, order))))
		return page;
	return alloc_block(NUMA_NO_NODE, gfp, order, RET_IP);
}

/* The same for callers that are not in a hurry; image size counts too. */
static __noinline struct page *alloc_any(int nid, gfp_t gfp, unsigned int order,
					 unsigned long caller)
{
	return alloc_block(nid, gfp, order, caller);
}

__noinline struct page *alloc_pages_node(int nid, gfp_t gfp, unsigned int order)
{
	return alloc_any(nid, gfp, order, RET_IP);
}

static void *alloc_address(gfp_t gfp, unsigned int order, unsigned long caller)
{
	struct page *page = alloc_any(NUMA_NO_NODE, gfp & ~__GFP_HIGHMEM, order, caller);

	return page ? page_address(page) : NULL;
}

__noinline unsigned long __get_free_pages(gfp_t gfp, unsigned int order)
{
	return (unsigned long)alloc_address(gfp, order, RET_IP);
}

__noinline unsigned long get_zeroed_page(gfp_t gfp)
{
	return (unsigned long)alloc_address(gfp | __GFP_ZERO, 0, RET_IP);
}

/* ---- free --------------------------------------------------------------------------- */

void wipe_pages(unsigned long pfn, unsigned int order)
{
	size_t bytes = PAGE_SIZE << order;

	if (page_poisoning)
		memset(phys_to_virt(PFN_PHYS(pfn)), PAGE_POISON, bytes);
	else if (init_on_free)
		memset(phys_to_virt(PFN_PHYS(pfn)), 0, bytes);
}

/* Is there an allocated block of exactly @order at @pfn? */
static inline bool is_allocated(const struct page_span *span, unsigned long pfn, unsigned int order)
{
	const struct page_block *block = span_block(span, pfn);
	const struct chunk *chunk;

	if (unlikely(order > MAX_PAGE_ORDER || (pfn & ((1UL << order) - 1))))
		return false;
	if (unlikely(order == MAX_PAGE_ORDER))
		return block->flags & BLOCK_ALLOC;
	if (unlikely(!(block->flags & BLOCK_MARKED)))
		return false;
	chunk = span_chunk(span, pfn);
	if (order < CHUNK_ORDER)
		return chunk->used >> tree_bit(pfn, order) & 1;
	return chunk->used == CHUNK_WHOLE && (chunk->head.bits & PAGE_ORDER_MASK) == order;
}

static inline struct zone *zone_of_block(const struct page_span *span, unsigned long pfn,
					 unsigned int order)
{
	return head_zone(order == MAX_PAGE_ORDER ? &span_block(span, pfn)->head :
						   &span_chunk(span, pfn)->head);
}

/* What free_one() does not take: large, with more references, for CMA, or wrong. */
static __noinline void free_block(const struct page_span *span, unsigned long pfn,
				  unsigned int order, unsigned long caller)
{
	if (unlikely(!span || !is_allocated(span, pfn, order))) {
		page_bad_free(pfn, order, caller);
		return;
	}
	if (unlikely(!page_put_reference(span, pfn)))
		return;
	if (unlikely(page_poisoning | init_on_free))
		wipe_pages(pfn, order);
	buddy_give(zone_of_block(span, pfn, order), span, pfn, order);
}

/* One bit says all there is to check of most frees: allocated, of this order. */
static inline void free_one(const struct page_span *span, unsigned long pfn, unsigned int order,
			    unsigned long caller)
{
	const struct page_block *block;
	struct chunk *chunk;
	unsigned int type;
	struct zone *zone;
	uint64_t bit;

	if (unlikely(!span || order >= CHUNK_ORDER))
		return free_block(span, pfn, order, caller);
	block = span_block(span, pfn);
	chunk = span_chunk(span, pfn);
	type = pageblock_type_in(span, pfn);
	bit = 1ULL << tree_bit(pfn, order);
	if (unlikely((block->flags & (BLOCK_MARKED | BLOCK_REFS)) != BLOCK_MARKED ||
		     !(chunk->used & bit) || (pfn & ((1U << order) - 1)) || type >= HOT_TYPES))
		return free_block(span, pfn, order, caller);
	if (unlikely(page_poisoning | init_on_free))
		wipe_pages(pfn, order);
	chunk->used ^= bit;
	zone = head_zone(&chunk->head);
	zone->free_pages += 1UL << order;
	if (order)
		buddy_give_small(zone, span, pfn, order);
	else
		give_hot(zone, span, pfn, &zone->hot[type]);
}

static __noinline void free_pfn(unsigned long pfn, unsigned int order, unsigned long caller)
{
	free_one(page_span_of(pfn), pfn, order, caller);
}

__noinline void __free_pages(struct page *page, unsigned int order)
{
	unsigned long pfn = PFN_NONE;
	const struct page_span *span = page_span_and_pfn(page, &pfn);

	free_one(span, pfn, order, RET_IP);
}

__noinline void free_pages(unsigned long addr, unsigned int order)
{
	if (addr)
		free_pfn(PFN_DOWN(virt_to_phys((void *)addr)), order, RET_IP);
}

/* ---- exact sizes ------------------------------------------------------------------------ */

void split_page(struct page *page, unsigned int order)
{
	struct page_state state;
	unsigned long pfn = page_to_pfn(page);

	page_get_state(pfn, &state);
	if (state.mark != MARK_ALLOC || state.head != pfn || state.order != order) {
		page_bad_free(pfn, order, RET_IP);
		return;
	}
	if (order)
		buddy_split_allocated(zone_from_id(state.zone_id), pfn, order);
}

static unsigned int order_of_pages(unsigned long pages)
{
	return pages <= 1 ? 0 : 64U - (unsigned int)__builtin_clzl(pages - 1);
}

__noinline void *alloc_pages_exact(size_t size, gfp_t gfp)
{
	unsigned long pages = (size >> PAGE_SHIFT) + !!(size & (PAGE_SIZE - 1)), pfn;
	unsigned int order = order_of_pages(pages);
	struct page *page;

	if (!pages || order > MAX_PAGE_ORDER)
		return NULL;
	page = alloc_any(NUMA_NO_NODE, gfp & ~__GFP_HIGHMEM, order, RET_IP);
	if (!page)
		return NULL;
	pfn = page_to_pfn(page);
	split_page(page, order);
	for (unsigned long i = pages; i < 1UL << order; i++)
		free_pfn(pfn + i, 0, RET_IP);
	return phys_to_virt(PFN_PHYS(pfn));
}

__noinline void free_pages_exact(void *addr, size_t size)
{
	unsigned long pfn = PFN_DOWN(virt_to_phys(addr));
	unsigned long pages = (size >> PAGE_SHIFT) + !!(size & (PAGE_SIZE - 1));

	for (unsigned long i = 0; i < pages; i++)
		free_pfn(pfn + i, 0, RET_IP);
}

unsigned long nr_free_pages(void)
{
	unsigned long pages = 0;
	struct zone *zone;

	for_each_populated_zone(zone)
		pages += zone->free_pages;
	return pages;
}

/* ---- command line ---------------------------------------------------------------------------- */

static int __init parse_switch(char *val, bool *what)
{
	if (!val || !strcmp(val, "1") || !strcmp(val, "on") || !strcmp(val, "y"))
		*what = true;
	else if (!strcmp(val, "0") || !strcmp(val, "off") || !strcmp(val, "n"))
		*what = false;
	else
		return -EINVAL;
	return 0;
}

static int __init parse_init_on_alloc(char *val)
{
	return parse_switch(val, &init_on_alloc);
}
early_param("init_on_alloc", parse_init_on_alloc, "1: zero pages when they are allocated");

static int __init parse_init_on_free(char *val)
{
	return parse_switch(val, &init_on_free);
}
early_param("init_on_free", parse_init_on_free, "1: zero pages when they are freed");

static int __init parse_page_poison(char *val)
{
	return parse_switch(val, &page_poisoning);
}
early_param("page_poison", parse_page_poison, "1: fill free pages with 0xaa and check it");

void page_alloc_reset(void)
{
	init_on_alloc = init_on_free = page_poisoning = false;
	page_bad_reset();
}
