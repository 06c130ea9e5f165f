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

static unsigned long total_pages;

/* ---- flags ------------------------------------------------------------------- */

/* 0: no zone is meant by this combination of DMA, HIGHMEM, DMA32, MOVABLE. */
enum zone_type gfp_zone(gfp_t gfp)
{
	if (gfp & __GFP_DMA)
		return ZONE_DMA;
	if (gfp & __GFP_DMA32)
		return ZONE_DMA32;
	if ((gfp & (__GFP_HIGHMEM | __GFP_MOVABLE)) == (__GFP_HIGHMEM | __GFP_MOVABLE))
		return ZONE_MOVABLE;
	return ZONE_NORMAL;
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

static bool gfp_is_valid(gfp_t gfp)
{
	gfp_t zones = gfp & (__GFP_DMA | __GFP_DMA32 | __GFP_HIGHMEM);

	return !WARN_ONCE(zones & (zones - 1),
			  "page_alloc: gfp %#x names two zones; one of them is ignored\n", gfp);
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
	return best < NR_PAGE_ORDERS ? buddy_take(zone, order, from, type) : PFN_NONE;
}

/*
 * @type has no block: look at the largest block of the others.  Converting a whole
 * pageblock keeps the next such requests in one place; where that is not allowed,
 * taking the smallest block does the least damage.
 */
static unsigned long take_fallback(struct zone *zone, unsigned int order, enum migratetype type)
{
	for (unsigned int o = NR_PAGE_ORDERS; o-- > order;) {
		for (unsigned int i = 0; i < 2; i++) {
			enum migratetype other = (enum migratetype)fallbacks[type][i];

			if (!(zone->avail[other] & BIT(o)))
				continue;
			if (may_claim(o, type) &&
			    claim_pageblock(zone, buddy_first(zone, o, other), o, type))
				return buddy_take(zone, order, type, type);
			return steal_smallest(zone, order, type);
		}
	}
	return PFN_NONE;
}

static inline unsigned long take_from_zone(struct zone *zone, unsigned int order,
					   enum migratetype type)
{
	unsigned long pfn = buddy_take(zone, order, type, type);

	if (likely(pfn != PFN_NONE))
		return pfn;
	if (type == MIGRATE_MOVABLE && zone->free_cma_pages) {
		pfn = buddy_take(zone, order, MIGRATE_CMA, type);
		if (pfn != PFN_NONE)
			return pfn;
	}
	return take_fallback(zone, order, type);
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
	return zone->free_pages > need && avail >> req->order;
}

/* How far down a request may go when all zones are below their low mark. */
static unsigned long last_mark(const struct zone *zone, gfp_t gfp)
{
	unsigned long min = zone->watermark[WMARK_MIN];

	if ((gfp & (__GFP_MEMALLOC | __GFP_NOMEMALLOC)) == __GFP_MEMALLOC)
		return NO_WATERMARK;
	return gfp & __GFP_HIGH ? min - min / 2 : min;
}

static inline unsigned long take_from_list(const struct pglist_data *node,
					   const struct request *req, bool desperate)
{
	for (unsigned int i = 0; node->node_zonelist[i]; i++) {
		struct zone *zone = node->node_zonelist[i];
		unsigned long pfn;

		if ((req->gfp & __GFP_THISNODE) && i >= node->node_zonelist_own)
			break;
		if (zone->index > req->highest)
			continue;
		if (!watermark_ok(zone, req, desperate ? last_mark(zone, req->gfp) :
							 zone->watermark[WMARK_LOW]))
			continue;
		pfn = take_from_zone(zone, req->order, req->type);
		if (likely(pfn != PFN_NONE)) {
			zone->alloc_count++;
			return pfn;
		}
	}
	return PFN_NONE;
}

/* ---- alloc ------------------------------------------------------------------------ */

static struct pglist_data *pick_node(int nid)
{
	if (numa_valid_node(nid) && node_data[nid])
		return node_data[nid];
	nid = node_next(0);
	return nid < MAX_NUMNODES ? node_data[nid] : NULL;
}

/* Contents of fresh pages: checked for the poison, then zeroed if wanted. */
static bool prepare_pages(unsigned long pfn, const struct request *req)
{
	size_t bytes = PAGE_SIZE << req->order;

	if (page_poisoning && !page_poison_intact(pfn, req->order))
		return false;
	if (init_on_alloc || (req->gfp & __GFP_ZERO))
		memset(phys_to_virt(PFN_PHYS(pfn)), 0, bytes);
	return true;
}

static unsigned long alloc_pfn(int nid, gfp_t gfp, unsigned int order, unsigned long caller)
{
	const struct request req = {
		.gfp = gfp, .order = order, .highest = gfp_zone(gfp), .type = gfp_migratetype(gfp),
	};
	const struct pglist_data *node = pick_node(nid);
	unsigned long pfn;

	if (WARN_ONCE(order > MAX_PAGE_ORDER,
		      "page_alloc: order %u asked by %pS; the largest is %u, see alloc_contig_pages()\n",
		      order, (void *)caller, MAX_PAGE_ORDER))
		return PFN_NONE;
	gfp_is_valid(gfp);
	if (unlikely(!node || !node->node_zonelist))
		return PFN_NONE;
	do {
		pfn = take_from_list(node, &req, false);
		if (unlikely(pfn == PFN_NONE))
			pfn = take_from_list(node, &req, true);
		if (unlikely(pfn == PFN_NONE)) {
			if (!(gfp & __GFP_NOWARN))
				page_alloc_failure(gfp, order, caller);
			return PFN_NONE;
		}
	} while (unlikely(page_poisoning || init_on_alloc || (gfp & __GFP_ZERO)) &&
		 !prepare_pages(pfn, &req));
	return pfn;
}

__noinline struct page *alloc_pages(gfp_t gfp, unsigned int order)
{
	unsigned long pfn = alloc_pfn(NUMA_NO_NODE, gfp, order, RET_IP);

	return likely(pfn != PFN_NONE) ? page_at(pfn) : NULL;
}

__noinline struct page *alloc_pages_node(int nid, gfp_t gfp, unsigned int order)
{
	unsigned long pfn = alloc_pfn(nid, gfp, order, RET_IP);

	return pfn != PFN_NONE ? page_at(pfn) : NULL;
}

__noinline unsigned long __get_free_pages(gfp_t gfp, unsigned int order)
{
	unsigned long pfn = alloc_pfn(NUMA_NO_NODE, gfp & ~__GFP_HIGHMEM, order, RET_IP);

	return pfn != PFN_NONE ? (unsigned long)phys_to_virt(PFN_PHYS(pfn)) : 0;
}

unsigned long get_zeroed_page(gfp_t gfp)
{
	return __get_free_pages(gfp | __GFP_ZERO, 0);
}

/* ---- free --------------------------------------------------------------------------- */

static void wipe_pages(unsigned long pfn, unsigned int order)
{
	size_t bytes = PAGE_SIZE << order;

	if (page_poisoning)
		memset(phys_to_virt(PFN_PHYS(pfn)), PAGE_POISON, bytes);
	else if (init_on_free)
		memset(phys_to_virt(PFN_PHYS(pfn)), 0, bytes);
}

/* The head of an allocated block of exactly @order at @pfn, NULL if there is none. */
static inline struct page *allocated_head(const struct page_span *span, unsigned long pfn,
					  unsigned int order)
{
	struct page_block *block = span_block(span, pfn);
	struct page *head;

	if (unlikely(order >= MAX_PAGE_ORDER))
		return order == MAX_PAGE_ORDER && (block->flags & BLOCK_ALLOC) &&
				       IS_ALIGNED(pfn, MAX_ORDER_NR_PAGES) ? &block->head : NULL;
	if (unlikely(!(block->flags & BLOCK_MARKED)) || span_mark(span, pfn) != MARK_ALLOC)
		return NULL;
	head = span_page(span, pfn);
	return (head->bits & PAGE_ORDER_MASK) == order ? head : NULL;
}

static inline void free_pfn(unsigned long pfn, unsigned int order, unsigned long caller)
{
	const struct page_span *span = page_span_of(pfn);
	struct page *head = span ? allocated_head(span, pfn, order) : NULL;

	if (unlikely(!head)) {
		page_bad_free(pfn, order, caller);
		return;
	}
	if (unlikely(--head->lo[1]))
		return;
	if (unlikely(page_poisoning || init_on_free))
		wipe_pages(pfn, order);
	buddy_give(zone_from_id((head->bits & PAGE_ZONE_MASK) >> PAGE_ZONE_SHIFT), span, pfn, order);
}

__noinline void __free_pages(struct page *page, unsigned int order)
{
	free_pfn(page_to_pfn(page), order, RET_IP);
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

	if (!pages || order > MAX_PAGE_ORDER)
		return NULL;
	pfn = alloc_pfn(NUMA_NO_NODE, gfp & ~__GFP_HIGHMEM, order, RET_IP);
	if (pfn == PFN_NONE)
		return NULL;
	split_page(pfn_to_page(pfn), order);
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

/* ---- hand-over ---------------------------------------------------------------------------- */

static bool release_page(unsigned long pfn)
{
	struct zone *zone = zone_of_pfn(pfn);

	if (!zone || !page_is_reserved(pfn)) {
		page_bad_free(pfn, 0, RET_IP);
		return false;
	}
	if (page_poisoning || init_on_free)
		wipe_pages(pfn, 0);
	zone->managed_pages++;
	buddy_seed(zone, pfn, 0);
	return true;
}

void memblock_free_pages(struct page *page, unsigned long pfn, unsigned int order)
{
	static const struct zone_range *range;
	const unsigned long end = pfn + (1UL << order);

	(void)page;
	/* Later callers (memblock_free_late()) may be mistaken; they count totalram themselves. */
	if (total_pages) {
		for (; pfn < end; pfn++)
			if (!release_page(pfn))
				total_pages--;
		return;
	}
	while (pfn < end) {
		if (!range || range < zone_range_get(0) || pfn < range->start || pfn >= range->end)
			range = zone_range_from(pfn);
		if (!range || range->start > pfn)
			return;		/* not described: above the highest page number */
		while (pfn + (1UL << order) > range->end)
			order--;
		if (page_poisoning || init_on_free)
			wipe_pages(pfn, order);
		range->zone->managed_pages += 1UL << order;
		buddy_seed(range->zone, pfn, order);
		pfn += 1UL << order;
	}
}

void reserve_bootmem_region(phys_addr_t start, phys_addr_t end, int nid)
{
	/* A page that was never given to the buddy is reserved; that costs nothing. */
	(void)start;
	(void)end;
	(void)nid;
}

bool free_reserved_page(unsigned long pfn)
{
	bool freed = release_page(pfn);

	total_pages += freed;
	return freed;
}

unsigned long totalram_pages(void)
{
	return total_pages;
}

void totalram_pages_add(long count)
{
	total_pages += (unsigned long)count;
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
	total_pages = 0;
	init_on_alloc = init_on_free = page_poisoning = false;
	page_bad_reset();
}
