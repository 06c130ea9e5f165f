// SPDX-License-Identifier: GPL-2.0-only
/*
 * Split, merge, and the lists between.
 *
 * What costs time in a buddy allocator is cache lines.  Hence: whether a buddy is
 * free is asked of the marks, which are small enough to stay in the cache, and its
 * descriptor is touched only if it is; the first block's `previous` link is never
 * written, so taking from the front touches no neighbour; the next first is fetched
 * ahead.
 *
 * Invariant between calls, for every free block: its mark (or BLOCK_FREE) says so,
 * its descriptor has its order, zone and list, and zone->avail has the bit of its
 * list.  buddy_broken() checks it.
 */
#include "mm/buddy.h"

static inline struct page *head_of(const struct page_span *span, unsigned long pfn,
				   unsigned int order)
{
	return unlikely(order == MAX_PAGE_ORDER) ? &span_block(span, pfn)->head :
						      span_page(span, pfn);
}

/* The head of another block on the same list; mostly in the span we are in. */
static inline struct page *peer_of(const struct page_span *span, unsigned long pfn,
				   unsigned int order)
{
	if (unlikely(!page_span_has(span, pfn)))
		span = page_span_of(pfn);
	return head_of(span, pfn, order);
}

static inline unsigned long link_get(const struct page *page, unsigned int i)
{
	return page->lo[i] | (unsigned long)(page->bits >> PAGE_HI_SHIFT(i) & 0xf) << 32;
}

static inline void link_set(struct page *page, unsigned int i, unsigned long pfn)
{
	page->lo[i] = (uint32_t)pfn;
	page->bits = (page->bits & ~PAGE_HI_MASK(i)) | (uint32_t)(pfn >> 32) << PAGE_HI_SHIFT(i);
}

static inline uint32_t head_bits(const struct zone *zone, unsigned int order, unsigned int type)
{
	return order | type << PAGE_TYPE_SHIFT | (uint32_t)zone->id << PAGE_ZONE_SHIFT;
}

static inline void mark_set(const struct page_span *span, unsigned long pfn, enum page_mark mark)
{
	uint64_t *word = span_marks(span, pfn);

	*word = (*word & ~(3ULL << mark_shift(pfn))) | (uint64_t)mark << mark_shift(pfn);
}

/* From here on the marks of @pfn's block mean something: no heads. */
static void block_begin_marks(const struct page_span *span, unsigned long pfn)
{
	struct page_block *block = span_block(span, pfn);
	uint64_t *word = span_marks(span, ALIGN_DOWN(pfn, MAX_ORDER_NR_PAGES));

	if (block->flags & BLOCK_MARKED)
		return;
	for (unsigned long i = 0; i < MAX_ORDER_NR_PAGES / 32; i++)
		word[i] = 0;
	block->flags |= BLOCK_MARKED;
}

/* ---- lists --------------------------------------------------------------------- */

static inline void list_push(struct zone *zone, const struct page_span *span, unsigned long pfn,
			     struct page *page, unsigned int order, unsigned int type)
{
	struct free_list *list = &zone->list[order][type];
	unsigned long first = list->first;

	page->lo[0] = (uint32_t)first;
	page->bits = head_bits(zone, order, type) | (uint32_t)(first >> 32) << PAGE_HI_SHIFT(0);
	list->first = pfn;
	zone->nr_free[order]++;
	if (first == PFN_NONE) {
		list->last = pfn;
		zone->avail[type] |= (uint16_t)BIT(order);
	} else {
		link_set(peer_of(span, first, order), 1, pfn);
	}
}

static void list_append(struct zone *zone, const struct page_span *span, unsigned long pfn,
			struct page *page, unsigned int order, unsigned int type)
{
	struct free_list *list = &zone->list[order][type];

	page->bits = head_bits(zone, order, type);
	link_set(page, 0, PFN_NONE);
	zone->nr_free[order]++;
	if (list->first == PFN_NONE) {
		list->first = pfn;
		zone->avail[type] |= (uint16_t)BIT(order);
	} else {
		link_set(page, 1, list->last);
		link_set(peer_of(span, list->last, order), 0, pfn);
	}
	list->last = pfn;
}

static inline void list_remove(struct zone *zone, const struct page_span *span, unsigned long pfn,
			       const struct page *page, unsigned int order)
{
	unsigned int type = (page->bits & PAGE_TYPE_MASK) >> PAGE_TYPE_SHIFT;
	struct free_list *list = &zone->list[order][type];
	unsigned long next = link_get(page, 0), previous;

	zone->nr_free[order]--;
	if (list->first == pfn) {
		list->first = next;
		if (next == PFN_NONE)
			zone->avail[type] &= (uint16_t)~BIT(order);
		return;
	}
	previous = link_get(page, 1);
	link_set(peer_of(span, previous, order), 0, next);
	if (next == PFN_NONE)
		list->last = previous;
	else
		link_set(peer_of(span, next, order), 1, previous);
}

/* ---- pageblock types ------------------------------------------------------------- */

static inline uint8_t *type_of(const struct page_span *span, unsigned long pfn)
{
	return &span_block(span, pfn)->type[pfn >> PAGEBLOCK_ORDER & (PAGEBLOCKS_PER_BLOCK - 1)];
}

enum migratetype pageblock_type(unsigned long pfn)
{
	return (enum migratetype)*type_of(page_span_of(pfn), pfn);
}

void set_pageblock_type(unsigned long pfn, enum migratetype type)
{
	*type_of(page_span_of(pfn), pfn) = (uint8_t)type;
}

static bool types_may_merge(unsigned int a, unsigned int b)
{
	return a == b || (a <= MIGRATE_RECLAIMABLE && b <= MIGRATE_RECLAIMABLE);
}

/* @pages became free (taken: negative) with lists of @type. */
static inline void count_free(struct zone *zone, unsigned int type, long pages)
{
	zone->free_pages += (unsigned long)pages;
	if (unlikely(type == MIGRATE_CMA))
		zone->free_cma_pages += (unsigned long)pages;
}

/* ---- take --------------------------------------------------------------------------- */

/* Free blocks of every order in [@low, @high) above the lowest 2^@low pages at @pfn. */
static inline void push_upper_halves(struct zone *zone, const struct page_span *span,
				     unsigned long pfn, unsigned int low, unsigned int high,
				     unsigned int type)
{
	while (high > low) {
		unsigned long half = pfn + (1UL << --high);

		list_push(zone, span, half, span_page(span, half), high, type);
		mark_set(span, half, MARK_FREE);
	}
}

/* What an allocated head says of itself. */
static inline void head_allocated(struct page *page, unsigned long pfn, uint32_t bits)
{
	page->lo[0] = (uint32_t)pfn;
	page->lo[1] = 1;
	page->bits = bits | (uint32_t)(pfn >> 32) << PAGE_HI_SHIFT(0);
}

static void take_largest(const struct page_span *span, unsigned long pfn, uint32_t bits)
{
	struct page_block *block = span_block(span, pfn);

	block->flags |= BLOCK_ALLOC;
	head_allocated(&block->head, pfn, bits);
	head_allocated(span_page(span, pfn), pfn, bits);	/* for page_to_pfn() */
}

unsigned long buddy_take(struct zone *zone, unsigned int order, enum migratetype type,
			 enum migratetype want)
{
	unsigned int avail = zone->avail[type] & ~0U << order, from;
	const struct page_span *span;
	struct free_list *list;
	struct page *page;
	unsigned long pfn;

	if (!avail)
		return PFN_NONE;
	from = (unsigned int)__builtin_ctz(avail);
	list = &zone->list[from][type];
	pfn = list->first;
	span = page_span_of(pfn);
	page = head_of(span, pfn, from);

	zone->nr_free[from]--;
	count_free(zone, type, -(1L << order));
	list->first = link_get(page, 0);
	if (list->first == PFN_NONE)
		zone->avail[type] &= (uint16_t)~BIT(from);
	else
		__builtin_prefetch(peer_of(span, list->first, from), 1);

	if (from == MAX_PAGE_ORDER) {
		span_block(span, pfn)->flags &= (uint8_t)~BLOCK_FREE;
		if (order == MAX_PAGE_ORDER) {
			take_largest(span, pfn, head_bits(zone, order, want));
			return pfn;
		}
		block_begin_marks(span, pfn);
	}
	push_upper_halves(zone, span, pfn, order, from, type);
	mark_set(span, pfn, MARK_ALLOC);
	head_allocated(span_page(span, pfn), pfn, head_bits(zone, order, want));
	return pfn;
}

/* ---- give ---------------------------------------------------------------------------- */

/* Is the block of @order at @pfn (same largest block as something marked) free and ours? */
static inline bool is_free_buddy(const struct zone *zone, const struct page_span *span,
				 unsigned long pfn, unsigned int order)
{
	uint32_t want = order | (uint32_t)zone->id << PAGE_ZONE_SHIFT;

	return span_mark(span, pfn) == MARK_FREE && page_span_has(span, pfn) &&
	       (span_page(span, pfn)->bits & (PAGE_ORDER_MASK | PAGE_ZONE_MASK)) == want;
}

/* Would the block above be whole if @pfn's buddy came back?  Then let @pfn rest a while. */
static inline bool likely_to_merge(const struct zone *zone, const struct page_span *span,
				   unsigned long pfn, unsigned int order)
{
	unsigned long above = ALIGN_DOWN(pfn, 2UL << order) ^ (2UL << order);

	return order + 1 < MAX_PAGE_ORDER && is_free_buddy(zone, span, above, order + 1);
}

/* The two halves of one block are united under @type. */
static void unite_types(const struct page_span *span, unsigned long pfn, unsigned int order,
			uint8_t type)
{
	if (order >= PAGEBLOCK_ORDER) {
		*type_of(span, pfn) = type;
		*type_of(span, pfn ^ (1UL << order)) = type;
	}
}

static inline void give(struct zone *zone, const struct page_span *span, unsigned long pfn,
			unsigned int order, bool tail)
{
	uint8_t type = *type_of(span, pfn);

	count_free(zone, type, 1L << order);
	while (order < MAX_PAGE_ORDER) {
		unsigned long buddy = pfn ^ (1UL << order);

		if (!is_free_buddy(zone, span, buddy, order))
			break;
		if (order >= PAGEBLOCK_ORDER && !types_may_merge(type, *type_of(span, buddy)))
			break;
		list_remove(zone, span, buddy, span_page(span, buddy), order);
		mark_set(span, buddy, MARK_NONE);
		unite_types(span, pfn, order, type);
		pfn &= buddy;
		order++;
	}
	if (order == MAX_PAGE_ORDER) {
		struct page_block *block = span_block(span, pfn);

		block->flags = (uint8_t)((block->flags & ~BLOCK_ALLOC) | BLOCK_FREE);
		if (tail)
			list_append(zone, span, pfn, &block->head, order, type);
		else
			list_push(zone, span, pfn, &block->head, order, type);
		return;
	}
	mark_set(span, pfn, MARK_FREE);
	if (tail || likely_to_merge(zone, span, pfn, order))
		list_append(zone, span, pfn, span_page(span, pfn), order, type);
	else
		list_push(zone, span, pfn, span_page(span, pfn), order, type);
}

void buddy_give(struct zone *zone, const struct page_span *span, unsigned long pfn,
		unsigned int order)
{
	if (order < MAX_PAGE_ORDER)
		mark_set(span, pfn, MARK_NONE);
	give(zone, span, pfn, order, false);
}

void buddy_seed(struct zone *zone, unsigned long pfn, unsigned int order)
{
	const struct page_span *span = page_span_of(pfn);

	if (order < MAX_PAGE_ORDER)
		block_begin_marks(span, pfn);
	give(zone, span, pfn, order, true);
}

/* ---- exact pages ------------------------------------------------------------------------- */

/* A free block leaves its list; its pages are under no head. */
static void take_off(struct zone *zone, const struct page_span *span, unsigned long head,
		     unsigned int order)
{
	list_remove(zone, span, head, head_of(span, head, order), order);
	if (order == MAX_PAGE_ORDER) {
		span_block(span, head)->flags &= (uint8_t)~BLOCK_FREE;
		block_begin_marks(span, head);
	} else {
		mark_set(span, head, MARK_NONE);
	}
}

bool buddy_carve(struct zone *zone, unsigned long pfn, unsigned int order)
{
	const struct page_span *span = page_span_of(pfn);
	struct page_state state;
	unsigned int type;

	page_get_state(pfn, &state);
	if (state.mark != MARK_FREE || state.order < order || state.zone_id != zone->id)
		return false;
	type = state.type;
	count_free(zone, type, -(1L << order));
	take_off(zone, span, state.head, state.order);
	if (order == MAX_PAGE_ORDER) {
		take_largest(span, pfn, head_bits(zone, order, type));
		return true;
	}
	while (state.order > order) {
		unsigned long half = state.head + (1UL << --state.order);
		unsigned long rest = pfn < half ? half : state.head;

		if (pfn >= half)
			state.head = half;
		list_push(zone, span, rest, span_page(span, rest), state.order, type);
		mark_set(span, rest, MARK_FREE);
	}
	mark_set(span, pfn, MARK_ALLOC);
	head_allocated(span_page(span, pfn), pfn, head_bits(zone, order, type));
	return true;
}

void buddy_split_allocated(struct zone *zone, unsigned long pfn, unsigned int order)
{
	const struct page_span *span = page_span_of(pfn);
	unsigned int type =
		(head_of(span, pfn, order)->bits & PAGE_TYPE_MASK) >> PAGE_TYPE_SHIFT;

	if (order == MAX_PAGE_ORDER) {
		span_block(span, pfn)->flags &= (uint8_t)~BLOCK_ALLOC;
		block_begin_marks(span, pfn);
	}
	for (unsigned long end = pfn + (1UL << order); pfn < end; pfn++) {
		mark_set(span, pfn, MARK_ALLOC);
		head_allocated(span_page(span, pfn), pfn, head_bits(zone, 0, type));
	}
}

/* ---- pageblocks ------------------------------------------------------------------------------ */

unsigned long buddy_move_pageblock(struct zone *zone, unsigned long pfn, enum migratetype type)
{
	const struct page_span *span = page_span_of(pfn);
	unsigned long start = ALIGN_DOWN(pfn, PAGEBLOCK_NR_PAGES), moved = 0;
	struct page_state state;

	page_get_state(start, &state);
	if (state.mark == MARK_FREE && state.order > PAGEBLOCK_ORDER &&
	    state.zone_id == zone->id) {
		struct page *page = head_of(span, state.head, state.order);

		list_remove(zone, span, state.head, page, state.order);
		count_free(zone, state.type, -(1L << state.order));
		list_push(zone, span, state.head, page, state.order, type);
		count_free(zone, type, 1L << state.order);
		*type_of(span, state.head) = (uint8_t)type;
		*type_of(span, state.head + PAGEBLOCK_NR_PAGES) = (uint8_t)type;
		return 1UL << state.order;
	}
	*type_of(span, pfn) = (uint8_t)type;
	for (unsigned long p = start; p < start + PAGEBLOCK_NR_PAGES;) {
		page_get_state(p, &state);
		if (state.mark == MARK_FREE && state.zone_id == zone->id) {
			struct page_span *own = page_span_of(p);

			list_remove(zone, own, p, span_page(own, p), state.order);
			count_free(zone, state.type, -(1L << state.order));
			list_push(zone, own, p, span_page(own, p), state.order, type);
			count_free(zone, type, 1L << state.order);
			moved += 1UL << state.order;
		}
		p += state.mark == MARK_NONE ? 1 : 1UL << state.order;
	}
	return moved;
}

void buddy_pageblock_use(const struct zone *zone, unsigned long pfn, struct pageblock_use *use)
{
	unsigned long start = ALIGN_DOWN(pfn, PAGEBLOCK_NR_PAGES);
	struct page_state state;

	*use = (struct pageblock_use){ 0 };
	for (unsigned long p = start; p < start + PAGEBLOCK_NR_PAGES; p += 1UL << state.order) {
		page_get_state(p, &state);
		if (state.zone_id != zone->id || state.mark == MARK_NONE) {
			use->other += state.mark == MARK_NONE ? 1 : 1UL << state.order;
			continue;
		}
		if (state.mark == MARK_FREE)
			use->free += 1UL << state.order;
		else if (state.type == MIGRATE_MOVABLE)
			use->movable += 1UL << state.order;
		else
			use->other += 1UL << state.order;
	}
}

/* ---- walking and checking ---------------------------------------------------------------------- */

void buddy_init_zone(struct zone *zone)
{
	for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++)
		for (unsigned int type = 0; type < MIGRATE_TYPES; type++)
			zone->list[order][type].first = PFN_NONE;
}

unsigned long buddy_first(const struct zone *zone, unsigned int order, enum migratetype type)
{
	return zone->list[order][type].first;
}

unsigned long buddy_next(unsigned long pfn, unsigned int order)
{
	return link_get(head_of(page_span_of(pfn), pfn, order), 0);
}

static const char *block_broken(const struct zone *zone, unsigned long pfn, unsigned int order,
				unsigned int type, unsigned long previous)
{
	struct page_span *span = page_span_of(pfn);
	struct page_state state;
	const struct page *page;

	if (!span || !IS_ALIGNED(pfn, 1UL << order))
		return "a block that is no block is on a list";
	page_get_state(pfn, &state);
	page = head_of(span, pfn, order);
	if (state.mark != MARK_FREE || state.head != pfn || state.order != order)
		return "a block on a list is not marked as free";
	if (state.zone_id != zone->id || state.type != type)
		return "a block is on another zone's or type's list";
	if (previous != PFN_NONE && link_get(page, 1) != previous)
		return "links disagree";
	if (order < MAX_PAGE_ORDER && is_free_buddy(zone, span, pfn ^ (1UL << order), order) &&
	    (order < PAGEBLOCK_ORDER ||
	     types_may_merge(type, *type_of(span, pfn ^ (1UL << order)))))
		return "two free buddies have not merged";
	return NULL;
}

const char *buddy_broken(const struct zone *zone, unsigned long *where)
{
	unsigned long pages = 0, cma = 0;

	for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++) {
		unsigned long blocks = 0;

		for (unsigned int type = 0; type < MIGRATE_TYPES; type++) {
			unsigned long pfn = zone->list[order][type].first, previous = PFN_NONE;

			*where = pfn;
			if ((pfn != PFN_NONE) != !!(zone->avail[type] & BIT(order)))
				return "avail disagrees with a list";
			for (; pfn != PFN_NONE; pfn = buddy_next(pfn, order)) {
				const char *what = block_broken(zone, pfn, order, type, previous);

				*where = pfn;
				if (what)
					return what;
				previous = pfn;
				blocks++;
				cma += type == MIGRATE_CMA ? 1UL << order : 0;
			}
			if (previous != PFN_NONE && zone->list[order][type].last != previous)
				return "a list's last block is not the last";
		}
		if (blocks != zone->nr_free[order])
			return "nr_free disagrees with the lists";
		pages += blocks << order;
	}
	if (cma != zone->free_cma_pages)
		return "free_cma_pages disagrees with the lists";
	return pages == zone->free_pages ? NULL : "free_pages disagrees with the lists";
}
