// SPDX-License-Identifier: GPL-2.0-only
/*
 * alloc_pages() and __free_pages(): which zone serves a request, down to which watermark, from
 * which migrate type; and is what somebody frees a block?  Functions that do what one of Linux
 * does have its name:
 *
 *	alloc_pages()
 *	  __rmqueue_pcplist()			a block off the stack: most requests end here
 *	  __alloc_pages()			all others:
 *	    get_page_from_freelist()		  which zone
 *	      zone_watermark_ok()
 *	      rmqueue()				  which block of it
 *	        __rmqueue_pcplist()		    off the stack
 *	        __rmqueue_smallest()		    off the lists (mm/buddy/buddy.c)
 *	        __rmqueue()			    of merged stacks, of other migrate types
 *						    (page_fallback.c)
 *	    __alloc_pages_slowpath()		  the same, below the low watermark
 *	    prep_new_page()			  contents
 *
 *	__free_pages()
 *	  free_unref_page_commit()		onto the stack: most frees end here
 *	  free_unref_page()			all others:
 *	    free_pages_prepare()		  is it a block?
 *	    free_unref_page_commit()		  onto the stack
 *	    __free_one_page()			  onto the lists (mm/buddy/buddy.c)
 *
 * The blocks themselves are mm/buddy/'s, reports of misuse page_bad.c's.
 */
#include "mm/page_alloc/page_alloc_internal.h"

#include "kernel/lib/percpu.h"
#include "mm/block_place.h"
#include "mm/buddy.h"
#include "mm/page_alloc/page_bad.h"
#include "mm/page_owner.h"
#include "mm/page_wipe.h"
#include "mm/pcp.h"

/* ---- flags ------------------------------------------------------------------- */

/* By the lowest four bits of a gfp_t: DMA, HIGHMEM, DMA32, MOVABLE; of two the lower zone. */
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

/* ---- take ------------------------------------------------------------------------- */

/*
 * The top block of a stack, which is not empty, becomes allocated.  @plain: there is one CPU.
 * Return: its pfn.
 */
static __always_inline unsigned long __rmqueue_pcplist(struct per_cpu_pages *pcp,
						       unsigned int order, bool plain)
{
	struct stacked *top = pcp->top - 1;
	const uint64_t first = first_of_stacked(order, top);

	__atomic_store_n(&pcp->top, top, __ATOMIC_RELAXED);
	if (plain)
		top->units->hi |= first;
	else
		units_or_hi(top->units, first);
	pcp->room += PCP_GIVEN_ONE;
	return stacked_pfn(top);
}

/* A block off the stack or, if that is empty, off the lists of @type itself. */
static inline struct page *take_of_type(struct zone *zone, unsigned int order,
					enum migratetype type)
{
	struct per_cpu_pages *pcp = &zone_stacks(zone, type)[order];
	unsigned long pfn;

	if (many_cpus())
		serve_drain();
	if (pcp->top != pcp->blocks || (!order && rmqueue_bulk(zone, type))) {
		pfn = __rmqueue_pcplist(pcp, order, false);
		return span_page(zone_span_of(zone, pfn), pfn);
	}
	if (order)
		pcp_set_height(zone, pcp);
	spin_lock(&zone->lock);
	pfn = __rmqueue_smallest(zone, order, type);
	zone->alloc_count += pfn != PFN_NONE;
	spin_unlock(&zone->lock);
	return likely(pfn != PFN_NONE) ? span_page(zone_span_of(zone, pfn), pfn) : NULL;
}

static struct page *rmqueue(struct zone *zone, unsigned int order, enum migratetype type)
{
	struct page *page = take_of_type(zone, order, type);
	unsigned long pfn;

	if (likely(page))
		return page;
	pfn = __rmqueue(zone, order, type);
	return pfn != PFN_NONE ? span_page(zone_span_of(zone, pfn), pfn) : NULL;
}

/* ---- watermarks ------------------------------------------------------------------ */

/**
 * struct alloc_context - a request, taken apart once
 * @highest: the highest zone it may come from
 */
struct alloc_context {
	gfp_t			gfp;
	unsigned int		order;
	enum zone_type		highest;
	enum migratetype	type;
};

static bool lists_have(struct zone *zone, unsigned int order, enum migratetype type)
{
	bool have = false;

	spin_lock(&zone->lock);
	for (unsigned int other = 0; !have && other < MIGRATE_HIGHATOMIC; other++)
		have = buddy_smallest(zone, order, (enum migratetype)other) != LIST_NONE;
	have = have || (type == MIGRATE_MOVABLE &&
			buddy_smallest(zone, order, MIGRATE_CMA) != LIST_NONE);
	spin_unlock(&zone->lock);
	return have;
}

/* Is there a block for the request?  Blocks on stacks may have to merge for it. */
static bool has_block(struct zone *zone, const struct alloc_context *ac)
{
	if (pcp_count(&zone_stacks(zone, ac->type)[ac->order]) ||
	    lists_have(zone, ac->order, ac->type))
		return true;
	drain_pages_zone(zone);
	return lists_have(zone, ac->order, ac->type);
}

#define NO_WATERMARK	(~0UL)	/* __GFP_MEMALLOC: not even lowmem_reserve is kept */

/* Would @zone stay above @mark plus what it keeps for requests that can go nowhere else? */
static inline bool zone_watermark_ok(struct zone *zone, const struct alloc_context *ac,
				     unsigned long mark)
{
	unsigned long need = (1UL << ac->order) - 1;

	if (ac->type != MIGRATE_MOVABLE)
		need += __atomic_load_n(&zone->free_cma_pages, __ATOMIC_RELAXED);
	if (mark != NO_WATERMARK)
		need += mark + zone->lowmem_reserve[ac->highest];
	if (zone_listed_pages(zone) <= need && zone_free_pages(zone) <= need)
		return false;
	return has_block(zone, ac);
}

/* The watermark for a request when all zones are below their low one. */
static unsigned long last_mark(const struct zone *zone, gfp_t gfp)
{
	unsigned long min = zone->watermark[WMARK_MIN];

	if ((gfp & (__GFP_MEMALLOC | __GFP_NOMEMALLOC)) == __GFP_MEMALLOC)
		return NO_WATERMARK;
	return gfp & __GFP_HIGH ? min - min / 2 : min;
}

/* Of the first zone on @node's zonelist that has it; @desperate: down to last_mark(). */
static inline struct page *get_page_from_freelist(const struct pglist_data *node,
						  const struct alloc_context *ac, bool desperate)
{
	struct zone *zone;

	for (unsigned int i = 0; (zone = node->node_zonelist[i]); i++) {
		struct page *page;

		if (unlikely(zone->index > ac->highest))
			continue;
		if ((ac->gfp & __GFP_THISNODE) && i >= node->node_zonelist_own)
			break;
		if (!zone_watermark_ok(zone, ac, desperate ? last_mark(zone, ac->gfp) :
							 zone->watermark[WMARK_LOW]))
			continue;
		page = rmqueue(zone, ac->order, ac->type);
		if (likely(page))
			return page;
	}
	return NULL;
}

/* ---- alloc ------------------------------------------------------------------------ */

/* Must a fresh block be checked, zeroed or told to page_owner? */
static inline bool need_preparing(gfp_t gfp)
{
	return (page_options & OPTIONS_ALLOC) || (gfp & __GFP_ZERO);
}

/* The poison is checked first, then the block is zeroed. */
bool prep_new_page(unsigned long pfn, gfp_t gfp, unsigned int order, unsigned int each,
		   unsigned long caller)
{
	if ((page_options & PAGE_POISONING) && !check_page_poison(pfn, order))
		return false;
	if ((page_options & INIT_ON_ALLOC) || (gfp & __GFP_ZERO))
		memset(phys_to_virt(PFN_PHYS(pfn)), 0, PAGE_SIZE << order);
	page_owner_set(pfn, order, each, caller);
	return true;
}

/* No zone is above its low watermark, or @ac asks for more than the largest block. */
static __noinline struct page *__alloc_pages_slowpath(const struct pglist_data *node,
						      const struct alloc_context *ac,
						      unsigned long caller)
{
	struct page *page;

	if (ac->order > MAX_PAGE_ORDER) {
		WARN_ONCE(!(ac->gfp & __GFP_NOWARN),
			  "page_alloc: order %u asked by %pS; the largest is %u, see alloc_contig_pages()\n",
			  ac->order, (void *)caller, MAX_PAGE_ORDER);
		return NULL;
	}
	page = node ? get_page_from_freelist(node, ac, true) : NULL;
	if (!page && node && many_cpus()) {
		drain_all_pages();		/* what other CPUs have on stacks */
		page = get_page_from_freelist(node, ac, true);
	}
	if (!page && !(ac->gfp & __GFP_NOWARN))
		warn_alloc(ac->gfp, ac->order, caller);
	return page;
}

static __noinline struct page *__alloc_pages(int nid, gfp_t gfp, unsigned int order,
					     unsigned long caller)
{
	const struct alloc_context ac = {
		.gfp = gfp, .order = order, .highest = gfp_zone(gfp), .type = gfp_migratetype(gfp),
	};
	const struct pglist_data *node = pick_node(nid, gfp);
	struct page *page = NULL;

	if (unlikely(gfp & (__GFP_DMA | __GFP_DMA32)))
		check_gfp(gfp);
	do {
		if (likely(order <= MAX_PAGE_ORDER && node))
			page = get_page_from_freelist(node, &ac, false);
		if (unlikely(!page))
			page = __alloc_pages_slowpath(node, &ac, caller);
	} while (page && unlikely(need_preparing(gfp)) &&
		 !prep_new_page(page_to_pfn(page), gfp, order, order, caller));
	return page;
}

/* ---- preferred zones --------------------------------------------------------------- */

void setup_preferred_zones(void)
{
	for (gfp_t gfp = 0; gfp < PREFERRED_ZONES; gfp++) {
		const gfp_t zones = gfp & (__GFP_DMA | __GFP_DMA32 | __GFP_HIGHMEM);
		const enum zone_type highest = gfp_zone(gfp);
		struct preferred_zone *preferred = &this_cpu()->preferred_zones[gfp];
		const struct pglist_data *first = zone_index.first_node;
		struct zone *zone = first ? first->first_zone[highest] : NULL;

		*preferred = (struct preferred_zone){ .type = gfp_migratetype(gfp) };
		if (!zone || !zone->span || (zones & (zones - 1)) ||
		    (page_options & OPTIONS_ALLOC))
			continue;
		preferred->zone = zone;
		preferred->pcp = zone_stacks(zone, preferred->type);
		preferred->mark = zone->watermark[WMARK_LOW] + zone->lowmem_reserve[highest] +
				  zone->cma_pages + MAX_ORDER_NR_PAGES;
	}
}

/*
 * With many CPUs: the preferred zone, if it will do.  Else: a request with wishes, or little
 * memory.
 */
static __noinline struct page *alloc_otherwise(gfp_t gfp, unsigned int order, unsigned long caller)
{
	const struct per_cpu *area = this_cpu();
	const struct preferred_zone *preferred = &area->preferred_zones[gfp % PREFERRED_ZONES];
	struct zone *zone = preferred->zone;
	struct page *page = NULL;

	if (area->many_cpus && zone && order <= MAX_PAGE_ORDER &&
	    !(gfp & (__GFP_ZERO | __GFP_THISNODE)) && zone_listed_pages(zone) > preferred->mark)
		page = take_of_type(zone, order, (enum migratetype)preferred->type);
	return likely(page) ? page : __alloc_pages(NUMA_NO_NODE, gfp, order, caller);
}

void page_alloc_many_cpus(void)
{
	struct per_cpu *area;

	for_each_cpu_area(area) {
		area->many_cpus = true;
		area->plain_orders = 0;
	}
}

/* The preferred zone will do, but its stack is empty. */
static __noinline struct page *alloc_listed(const struct preferred_zone *preferred, gfp_t gfp,
					    unsigned int order, unsigned long caller)
{
	struct page *page = take_of_type(preferred->zone, order,
					 (enum migratetype)preferred->type);

	return likely(page) ? page : __alloc_pages(NUMA_NO_NODE, gfp, order, caller);
}

/* The address of @page in the direct map; 0 if there is no page. */
static __noinline uintptr_t address_of(const struct page *page)
{
	return page ? (uintptr_t)page_address(page) : 0;
}

/*
 * The descriptor of a fresh block or, if @address, where it is in the direct map; 0 if there is
 * none.  It is inlined, so RET_IP is the caller of the function around it.
 *
 * Most requests have no wishes about contents or node, and the first zone is far above its low
 * mark, by what is on its lists alone; most often the stack has a block that was freed lately.
 */
static __always_inline uintptr_t alloc_block(gfp_t gfp, unsigned int order, bool address)
{
	const struct per_cpu *area = this_cpu();
	const struct preferred_zone *preferred = &area->preferred_zones[gfp % PREFERRED_ZONES];
	struct zone *zone = preferred->zone;
	struct per_cpu_pages *pcp;
	struct page *page;
	unsigned long pfn;

	if (unlikely(!zone || order >= area->plain_orders ||
		     (gfp & (__GFP_ZERO | __GFP_THISNODE)) ||
		     zone_listed_pages(zone) <= preferred->mark)) {
		page = alloc_otherwise(gfp, order, RET_IP);
		return address ? address_of(page) : (uintptr_t)page;
	}
	pcp = &preferred->pcp[order];
	if (unlikely(pcp->top == pcp->blocks)) {
		page = alloc_listed(preferred, gfp, order, RET_IP);
		return address ? address_of(page) : (uintptr_t)page;
	}
	pfn = __rmqueue_pcplist(pcp, order, true);
	return address ? (uintptr_t)phys_to_virt(PFN_PHYS(pfn)) :
			 (uintptr_t)span_page(zone->span, pfn);
}

__noinline struct page *alloc_pages(gfp_t gfp, unsigned int order)
{
	return (struct page *)alloc_block(gfp, order, false);
}

__noinline unsigned long __get_free_pages(gfp_t gfp, unsigned int order)
{
	return alloc_block(gfp & ~__GFP_HIGHMEM, order, true);
}

__noinline unsigned long get_zeroed_page(gfp_t gfp)
{
	return address_of(__alloc_pages(NUMA_NO_NODE, (gfp & ~__GFP_HIGHMEM) | __GFP_ZERO, 0,
					RET_IP));
}

__noinline struct page *alloc_pages_node(int nid, gfp_t gfp, unsigned int order)
{
	return __alloc_pages(nid, gfp, order, RET_IP);
}

/* ---- free --------------------------------------------------------------------------- */

/* Is there an allocated block of exactly @order at @pfn?  @order may be any number. */
static inline bool is_allocated(const struct page_span *span, unsigned long pfn, unsigned int order,
				struct claim *claim)
{
	return order <= MAX_PAGE_ORDER &&
	       block_is_allocated(span, span_block(span, pfn), pfn, order, claim);
}

/*
 * Checks and contents of a block that somebody frees, and of all who do at the same time one takes
 * it, as if it were on a stack.
 * Return: false if it stays allocated: it is no such block, which is reported, or has references.
 */
static inline bool free_pages_prepare(const struct page_span *span, unsigned long pfn,
				      unsigned int order, struct claim *claim,
				      unsigned long caller)
{
	if (unlikely(!span || !is_allocated(span, pfn, order, claim))) {
		bad_page(pfn, order, caller);
		return false;
	}
	if (unlikely(!page_put_reference(span, pfn)))
		return false;
	if (unlikely(!block_claim(claim, order))) {
		bad_page(pfn, order, caller);
		return false;
	}
	if (unlikely(page_options & OPTIONS_FREE))
		wipe_pages(pfn, order);
	return true;
}

/* A claimed block becomes the top of the stack @pcp, which is not full. */
static __always_inline void free_unref_page_commit(struct per_cpu_pages *pcp,
						   const struct claim *claim, unsigned long pfn)
{
	struct stacked *top = pcp->top;

	*top = stacked_block(claim->units, pfn, claim->unit);
	__atomic_store_n(&pcp->top, top + 1, __ATOMIC_RELAXED);
}

/* To the stack; to the lists if there is none for such a block. */
static __noinline void free_unref_page(const struct page_span *span, unsigned long pfn,
				       unsigned int order, unsigned long caller)
{
	struct per_cpu_pages *pcp;
	struct claim claim;
	struct zone *zone;

	if (!free_pages_prepare(span, pfn, order, &claim, caller))
		return;
	zone = __atomic_load_n(&span_block(span, pfn)->zone, __ATOMIC_RELAXED);
	pcp = stacks_at(this_cpu(), block_stacks(span_block(span, pfn))) + order;
	if (likely(pcp->top != pcp->end || free_pcppages_bulk(zone, pcp, order)))
		return free_unref_page_commit(pcp, &claim, pfn);
	spin_lock(&zone->lock);
	__free_one_page(zone, span, pfn, order);
	spin_unlock(&zone->lock);
}

__noinline void free_pfn(unsigned long pfn, unsigned int order, unsigned long caller)
{
	free_unref_page(page_span_of(pfn), pfn, order, caller);
}

/*
 * A block whose stack is full, or of another span than the last; or is wrong.
 * @pfn: what span_pfn_unchecked() said of its descriptor and the span found last
 */
static __noinline void free_slow(unsigned long pfn, unsigned int order, unsigned long caller)
{
	const struct page_span *span = this_cpu()->page_span_recent;

	if (!page_span_has(span, pfn)) {
		const struct page *page = span_page_unchecked(span, pfn);

		pfn = PFN_NONE;
		span = page_span_and_pfn(page, &pfn);
	}
	free_unref_page(span, pfn, order, caller);
}

/*
 * Most frees are of blocks without further references, in the same span as the last, and their
 * stack is not full; this is about them, as long as there is one CPU.  @pfn may be any number.
 * Return: false if it is none of them, or is wrong: nothing has changed.
 */
static __always_inline bool free_to_stack(const struct per_cpu *area, const struct page_span *span,
					  unsigned long pfn, unsigned int order)
{
	struct pageblock *block = span_block(span, pfn);
	struct per_cpu_pages *pcp;
	struct claim claim;

	if (unlikely(order >= area->plain_orders || !page_span_has(span, pfn)))
		return false;
	if (unlikely(!block_is_allocated(span, block, pfn, order, &claim)))
		return false;
	pcp = stacks_at(area, block_stacks(block)) + order;
	if (unlikely(pcp->top == pcp->end))
		return false;
	block_claim_plain(&claim, order);
	free_unref_page_commit(pcp, &claim, pfn);
	return true;
}

__noinline void __free_pages(struct page *page, unsigned int order)
{
	const struct per_cpu *area = this_cpu();
	const struct page_span *span = area->page_span_recent;
	const unsigned long pfn = span_pfn_unchecked(span, page);

	if (unlikely(!free_to_stack(area, span, pfn, order)))
		free_slow(pfn, order, RET_IP);
}

/* free_slow() for those who know the pfn.  The next free is likely to be in the same span. */
static __noinline void free_pfn_slow(unsigned long pfn, unsigned int order, unsigned long caller)
{
	const struct page_span *span = page_span_of(pfn);

	if (span)
		this_cpu()->page_span_recent = span;
	free_unref_page(span, pfn, order, caller);
}

__noinline void free_pages(unsigned long addr, unsigned int order)
{
	const struct per_cpu *area = this_cpu();
	unsigned long pfn;

	if (unlikely(!addr))
		return;
	pfn = PFN_DOWN(virt_to_phys((void *)addr));
	if (unlikely(!free_to_stack(area, area->page_span_recent, pfn, order)))
		free_pfn_slow(pfn, order, RET_IP);
}

/* ---- exact sizes ------------------------------------------------------------------------ */

/* Pages that @size bytes need, up to all of the address space. */
static unsigned long pages_for_size(size_t size)
{
	return (size >> PAGE_SHIFT) + !!(size & (PAGE_SIZE - 1));
}

/* The order of the smallest block of at least @size bytes. */
static unsigned int get_order(size_t size)
{
	const unsigned long pages = pages_for_size(size);

	return pages <= 1 ? 0 : 64U - (unsigned int)__builtin_clzl(pages - 1);
}

__noinline void *alloc_pages_exact(size_t size, gfp_t gfp)
{
	const unsigned long pages = pages_for_size(size);
	const unsigned int order = get_order(size);
	struct page *page;
	unsigned long pfn;

	if (!pages || order > MAX_PAGE_ORDER)
		return NULL;
	page = __alloc_pages(NUMA_NO_NODE, gfp & ~__GFP_HIGHMEM, order, RET_IP);
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
	const unsigned long pages = pages_for_size(size);

	/* @size may be any number: the first pfn without a descriptor ends the loop. */
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
		pages += zone_free_pages(zone);
	return pages;
}
