// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which zone, which list, and is the caller in his right mind?  The blocks
 * themselves are buddy.c's, reports of misuse page_bad.c's.
 */
#include "mm/page_alloc/page_alloc_internal.h"

#include "mm/page_bad.h"
#include "mm/page_owner.h"
#include "mm/buddy/pcp.h"

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
	unsigned int best = LIST_NONE;
	enum migratetype from = type;

	for (unsigned int i = 0; i < 2; i++) {
		enum migratetype other = (enum migratetype)fallbacks[type][i];
		unsigned int smallest = buddy_smallest(zone, order, other);

		if (smallest < best) {
			best = smallest;
			from = other;
		}
	}
	return best != LIST_NONE ? buddy_take(zone, order, from) : PFN_NONE;
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

			if (buddy_smallest(zone, o, other) != o)
				continue;
			if (may_claim(o, type) &&
			    claim_pageblock(zone, buddy_first(zone, o, other), o, type))
				return buddy_take(zone, order, type);
			return steal_smallest(zone, order, type);
		}
	}
	return PFN_NONE;
}

/* ---- take ------------------------------------------------------------------------- */

/* What alloc_pages() returns for @pfn of @zone, off the lists. */
static inline struct page *taken(struct zone *zone, unsigned long pfn)
{
	zone->alloc_count++;
	return span_page(zone_span_of(zone, pfn), pfn);
}

/* A block off the stack or the lists of @type itself. */
static inline struct page *take_easy(struct zone *zone, unsigned int order, enum migratetype type)
{
	struct per_cpu_pages *pcp = &zone->pcp[type][order];
	struct place place;
	unsigned long pfn;

	if (pcp->count || (!order && pcp_refill(zone, type))) {
		pfn = pcp->pfn[--pcp->count];
		place = place_of(&shapes[order], zone_span_of(zone, pfn), pfn);
		toggle_nothing(&place);
		zone->free_pages -= 1UL << order;
	} else {
		pfn = buddy_take(zone, order, type);
	}
	return likely(pfn != PFN_NONE) ? taken(zone, pfn) : NULL;
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

static struct page *take_from_zone(struct zone *zone, unsigned int order, enum migratetype type)
{
	struct page *page = take_easy(zone, order, type);
	unsigned long pfn;

	if (likely(page))
		return page;
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

static bool lists_have(struct zone *zone, unsigned int order, enum migratetype type)
{
	for (unsigned int other = 0; other < MIGRATE_HIGHATOMIC; other++)
		if (buddy_smallest(zone, order, (enum migratetype)other) != LIST_NONE)
			return true;
	return type == MIGRATE_MOVABLE && buddy_smallest(zone, order, MIGRATE_CMA) != LIST_NONE;
}

/* Is there a block for the request?  What is on stacks may have to merge for it. */
static bool has_block(struct zone *zone, const struct request *req)
{
	if (zone->pcp[req->type][req->order].count || lists_have(zone, req->order, req->type))
		return true;
	drain_pages(zone);
	return lists_have(zone, req->order, req->type);
}

#define NO_WATERMARK	(~0UL)	/* not even what is kept for others: __GFP_MEMALLOC */

/* Would @zone stay above @mark plus what it keeps for requests that can go nowhere else? */
static inline bool watermark_ok(struct zone *zone, const struct request *req,
				unsigned long mark)
{
	unsigned long need = (1UL << req->order) - 1;

	if (req->type != MIGRATE_MOVABLE)
		need += zone->free_cma_pages;
	if (mark != NO_WATERMARK)
		need += mark + zone->lowmem_reserve[req->highest];
	return zone->free_pages > need && has_block(zone, req);
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

/* Is there something to do with fresh pages? */
static inline bool need_preparing(gfp_t gfp)
{
	return (page_options & OPTIONS_ALLOC) || (gfp & __GFP_ZERO);
}

/* Checked for the poison first, then zeroed. */
bool prepare_pages(unsigned long pfn, gfp_t gfp, unsigned int order, unsigned long caller)
{
	if ((page_options & PAGE_POISONING) && !page_poison_intact(pfn, order))
		return false;
	if ((page_options & INIT_ON_ALLOC) || (gfp & __GFP_ZERO))
		memset(phys_to_virt(PFN_PHYS(pfn)), 0, PAGE_SIZE << order);
	page_owner_set(pfn, order, order, caller);
	return true;
}

/* No zone is above its low mark, or the request makes no sense. */
static __noinline struct page *alloc_slow(const struct pglist_data *node,
					  const struct request *req, unsigned long caller)
{
	struct page *page;

	if (req->order > MAX_PAGE_ORDER) {
		WARN_ONCE(!(req->gfp & __GFP_NOWARN),
			  "page_alloc: order %u asked by %pS; the largest is %u, see alloc_contig_pages()\n",
			  req->order, (void *)caller, MAX_PAGE_ORDER);
		return NULL;
	}
	page = node ? take_from_list(node, req, true) : NULL;
	if (!page && !(req->gfp & __GFP_NOWARN))
		page_alloc_failure(req->gfp, req->order, caller);
	return page;
}

static __noinline struct page *alloc_block(int nid, gfp_t gfp, unsigned int order,
					   unsigned long caller)
{
	const struct request req = {
		.gfp = gfp, .order = order, .highest = gfp_zone(gfp), .type = gfp_migratetype(gfp),
	};
	const struct pglist_data *node = pick_node(nid, gfp);
	struct page *page = NULL;

	if (unlikely(gfp & (__GFP_DMA | __GFP_DMA32)))
		check_gfp(gfp);
	do {
		if (likely(order <= MAX_PAGE_ORDER && node))
			page = take_from_list(node, &req, false);
		if (unlikely(!page))
			page = alloc_slow(node, &req, caller);
	} while (page && unlikely(need_preparing(gfp)) &&
		 !prepare_pages(page_to_pfn(page), gfp, order, caller));
	return page;
}

/* The easy way of what the stack does not have. */
static __noinline struct page *alloc_listed(const struct easy_way *way, gfp_t gfp,
					    unsigned int order, unsigned long caller)
{
	struct page *page = take_easy(way->zone, order, (enum migratetype)way->type);

	return likely(page) ? page : alloc_block(NUMA_NO_NODE, gfp, order, caller);
}

struct easy_way easy_ways[EASY_WAYS];

void setup_easy_ways(void)
{
	for (gfp_t gfp = 0; gfp < EASY_WAYS; gfp++) {
		const gfp_t zones = gfp & (__GFP_DMA | __GFP_DMA32 | __GFP_HIGHMEM);
		const enum zone_type highest = gfp_zone(gfp);
		const struct pglist_data *first = zone_index.first_node;
		struct zone *zone = first ? first->first_zone[highest] : NULL;

		easy_ways[gfp] = (struct easy_way){ .type = gfp_migratetype(gfp) };
		if (!zone || !zone->span || (zones & (zones - 1)))
			continue;
		easy_ways[gfp].zone = zone;
		easy_ways[gfp].pcp = zone->pcp[easy_ways[gfp].type];
		easy_ways[gfp].mark = zone->watermark[WMARK_LOW] + zone->lowmem_reserve[highest] +
				      zone->cma_pages + MAX_ORDER_NR_PAGES;
	}
}

/*
 * What most requests are: not large, without wishes about contents or node, and the first zone
 * is far above its low mark.  Most often a block that was freed lately does.
 */
__noinline struct page *alloc_pages(gfp_t gfp, unsigned int order)
{
	const struct easy_way *way = &easy_ways[gfp % EASY_WAYS];
	struct zone *zone = way->zone;
	struct per_cpu_pages *pcp;
	struct place place;
	unsigned long pfn;

	if (unlikely(!zone || order > MAX_PAGE_ORDER || need_preparing(gfp) ||
		     (gfp & __GFP_THISNODE) || zone->free_pages <= way->mark))
		return alloc_block(NUMA_NO_NODE, gfp, order, RET_IP);
	pcp = &way->pcp[order];
	if (unlikely(order >= CHUNK_ORDER || !pcp->count))
		return alloc_listed(way, gfp, order, RET_IP);
	pfn = pcp->pfn[--pcp->count];
	place = place_in_chunk(order, zone->span, pfn);
	toggle_nothing(&place);
	zone->free_pages -= 1UL << order;
	zone->alloc_count++;
	return span_page(zone->span, pfn);
}

__noinline struct page *alloc_pages_node(int nid, gfp_t gfp, unsigned int order)
{
	return alloc_block(nid, gfp, order, RET_IP);
}

static void *alloc_address(gfp_t gfp, unsigned int order, unsigned long caller)
{
	struct page *page = alloc_block(NUMA_NO_NODE, gfp & ~__GFP_HIGHMEM, order, caller);

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

/* Is there an allocated block of exactly @order, which may be anything, at @pfn? */
static inline bool is_allocated(const struct page_span *span, unsigned long pfn, unsigned int order)
{
	const struct shape *shape = &shapes[order % BITS_ORDERS];
	const struct place place = place_of(shape, span, pfn);

	return order <= MAX_PAGE_ORDER && !(pfn & shape->inside) &&
	       ((span_block(span, pfn)->split | shape->split) & unit_bit(pfn)) && is_used(&place);
}

/* To the stack, or to the buddy what may not rest or has no stack. */
static void give_block(const struct page_span *span, unsigned long pfn, unsigned int order)
{
	const struct pageblock *block = span_block(span, pfn);
	struct per_cpu_pages *pcp = block->pcp + order;
	struct place place;

	if (unlikely(pcp->count == pcp->high && !pcp_spill(block->zone, pcp, order)))
		return buddy_give(block->zone, span, pfn, order);
	place = place_of(&shapes[order], span, pfn);
	toggle_nothing(&place);
	block->zone->free_pages += 1UL << order;
	pcp->pfn[pcp->count++] = pfn;
}

static __noinline void free_block(const struct page_span *span, unsigned long pfn,
				  unsigned int order, unsigned long caller)
{
	if (unlikely(!span || !is_allocated(span, pfn, order))) {
		page_bad_free(pfn, order, caller);
		return;
	}
	if (unlikely(!page_put_reference(span, pfn)))
		return;
	if (unlikely(page_options & OPTIONS_FREE))
		wipe_pages(pfn, order);
	give_block(span, pfn, order);
}

__noinline void free_pfn(unsigned long pfn, unsigned int order, unsigned long caller)
{
	free_block(page_span_of(pfn), pfn, order, caller);
}

/*
 * The page of a descriptor in @span, or one that it does not have.  Bits below the size of a
 * descriptor go to the top of the index.
 */
static inline unsigned long span_pfn(const struct page_span *span, const struct page *page)
{
	const uintptr_t offset = (uintptr_t)page - span->first;

	_Static_assert(sizeof(*page) == 4, "two bits");
	return span->start + (offset >> 2 | offset << 62);
}

/* What is large, finds its stack full, is in another span than the last one or is wrong. */
static __noinline void free_slow(unsigned long pfn, unsigned int order, unsigned long caller)
{
	const struct page_span *span = page_span_recent;

	if (!page_span_has(span, pfn)) {
		const uintptr_t index = pfn - span->start;
		const uintptr_t page = (index << 2 | index >> 62) + span->first;

		pfn = PFN_NONE;
		span = page_span_and_pfn((const struct page *)page, &pfn);
	}
	free_block(span, pfn, order, caller);
}

/*
 * Most frees are of pages inside of a chunk, which nobody else refers to and which are in the
 * same span as the last.  All others, and all that is wrong, go other ways.
 */
__noinline void __free_pages(struct page *page, unsigned int order)
{
	const struct page_span *span = page_span_recent;
	const unsigned long pfn = span_pfn(span, page);
	const struct pageblock *block = span_block(span, pfn);
	struct per_cpu_pages *pcp;
	struct place place;

	if (unlikely(order >= CHUNK_ORDER))
		return free_slow(pfn, order, RET_IP);
	if (unlikely(!page_span_has(span, pfn) || !(block->split & unit_bit(pfn))))
		return free_slow(pfn, order, RET_IP);
	place = place_in_chunk(order, span, pfn);
	if (unlikely(!is_used_in_chunk(&place, pfn)))
		return free_slow(pfn, order, RET_IP);
	pcp = block->pcp + order;
	if (unlikely(pcp->count == pcp->high))
		return free_slow(pfn, order, RET_IP);
	/* Not in registers meanwhile: saving others for that costs more. */
	__asm__("" : "+m" (*place.units));
	toggle_nothing(&place);
	block->zone->free_pages += 1UL << order;
	pcp->pfn[pcp->count++] = pfn;
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
	page_owner_set(pfn, order, 0, page_owner_get(pfn));
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
	page = alloc_block(NUMA_NO_NODE, gfp & ~__GFP_HIGHMEM, order, RET_IP);
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

	/* What is no page at all ends it, for @size may be anything. */
	for (unsigned long i = 0; i < pages; i++) {
		free_pfn(pfn + i, 0, RET_IP);
		if (!pfn_valid(pfn + i))
			break;
	}
}

unsigned long nr_free_pages(void)
{
	unsigned long pages = 0;
	struct zone *zone;

	for_each_populated_zone(zone)
		pages += zone->free_pages;
	return pages;
}
