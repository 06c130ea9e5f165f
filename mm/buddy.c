// SPDX-License-Identifier: GPL-2.0-only
/*
 * Split and merge.
 *
 * What costs time in a buddy allocator is cache lines.  Hence: splitting and merging
 * up to 32 pages happens in two words of the chunk (page.h), which also say whether a
 * free is right; lists hold chunks, by their largest free block, so most operations
 * touch no list and no neighbour; the first member's `previous` link is never written,
 * so taking from the front touches no neighbour either.
 *
 * Invariant between calls, for every free block: its bit (or BLOCK_FREE) says so, no
 * other bit covers its pages, its chunk or head is on the list that its bits name, and
 * zone->avail has the bit of that list.  buddy_broken() checks it.
 */
#include "mm/buddy_internal.h"

/* ---- take --------------------------------------------------------------------------- */

/*
 * A block of @order out of the first chunk on the list of @from; the smallest that
 * will do, so the block may be of an order between.
 */
static inline unsigned long take_small(struct zone *zone, unsigned int order, unsigned int from,
				       unsigned int type)
{
	const unsigned long pfn = zone->list[from][type].first;
	const struct page_span *span = zone_span_of(zone, pfn);
	struct chunk *chunk = span_chunk(span, pfn);
	const uint64_t before = chunk->free;
	unsigned int bit = (unsigned int)__builtin_ctzll(before & ~0ULL << (64U - (64U >> order)));
	unsigned int o = tree_order(bit);
	uint64_t after = before ^ 1ULL << bit;

	zone->nr_free[o]--;
	while (o > order) {
		bit = tree_down(bit);
		after |= 2ULL << bit;
		zone->nr_free[--o]++;
	}
	chunk->free = after;
	chunk->used |= 1ULL << bit;
	count_free(zone, type, -(1L << order));
	chunk_relist(zone, span, chunk, pfn, before, false);
	return ALIGN_DOWN(pfn, CHUNK_PAGES) + tree_page(bit, order);
}

/* The lists below CHUNK_ORDER that would do are empty: the whole chunk at @pfn is cut. */
static void cut_chunk(struct zone *zone, const struct page_span *span, unsigned long pfn,
		      unsigned int order, unsigned int type)
{
	struct chunk *chunk = span_chunk(span, pfn);
	unsigned int bit = tree_bit(pfn, CHUNK_ORDER);

	for (unsigned int o = CHUNK_ORDER; o-- > order;) {
		bit = tree_down(bit);
		chunk->free |= 2ULL << bit;
		zone->nr_free[o]++;
	}
	chunk->used = 1ULL << bit;
	list_push(zone, span, chunk_name(span, pfn), &chunk->head, CHUNK_ORDER - 1, type);
}

/* The first block of order @from, at least CHUNK_ORDER, leaves its list. */
static unsigned long pop_large(struct zone *zone, unsigned int from, unsigned int type)
{
	struct free_list *list = &zone->list[from][type];
	const unsigned long pfn = list->first;
	const struct page_span *span = zone_span_of(zone, pfn);
	struct head *head = head_of(span, pfn, from);

	list->first = link_get(head, 0);
	if (list->first == PFN_NONE)
		zone->avail[type] &= (uint16_t)~BIT(from);
	else
		__builtin_prefetch(peer_of(span, list->first, from), 1);
	zone->nr_free[from]--;
	if (from == MAX_PAGE_ORDER)
		span_block(span, pfn)->flags &= (uint8_t)~BLOCK_FREE;
	else
		span_chunk(span, pfn)->free = 0;
	return pfn;
}

/*
 * A block of order @from is split.  Its lowest 2^@order pages are taken, the rest
 * becomes free blocks of every order between:
 *
 *	[order|order| order + 1 |       order + 2       |  ...
 *	 taken free    free              free
 *
 * The lists of these orders are empty, or the block would not have been split.
 */
static __noinline unsigned long take_large(struct zone *zone, unsigned int order,
					   unsigned int from, unsigned int type)
{
	const unsigned long pfn = pop_large(zone, from, type);
	const struct page_span *span = zone_span_of(zone, pfn);

	count_free(zone, type, -(1L << order));
	if (order == MAX_PAGE_ORDER) {
		span_block(span, pfn)->flags |= BLOCK_ALLOC;
		span_block(span, pfn)->head.bits = head_bits(zone, order, type);
		return pfn;
	}
	if (from == MAX_PAGE_ORDER)
		span_begin_chunks(span, pfn);
	while (from > MAX(order, (unsigned int)CHUNK_ORDER)) {
		const unsigned long half = pfn + (1UL << --from);
		struct chunk *chunk = span_chunk(span, half);

		chunk->free = CHUNK_WHOLE;
		list_begin(zone, half, &chunk->head, from, type);
		zone->nr_free[from]++;
		zone->avail[type] |= (uint16_t)BIT(from);
	}
	if (order < CHUNK_ORDER) {
		cut_chunk(zone, span, pfn, order, type);
	} else {
		span_chunk(span, pfn)->used = CHUNK_WHOLE;
		span_chunk(span, pfn)->head.bits = head_bits(zone, order, type);
	}
	return pfn;
}

unsigned long buddy_take(struct zone *zone, unsigned int order, enum migratetype type)
{
	const unsigned int fits = zone->avail[type] & ~0U << order;
	unsigned int from;

	if (unlikely(!fits))
		return PFN_NONE;
	from = (unsigned int)__builtin_ctz(fits);
	return from < CHUNK_ORDER ? take_small(zone, order, from, type) :
				    take_large(zone, order, from, type);
}

/* All free pages of a chunk, bit by bit; the orders they come from are counted off. */
static uint32_t chunk_pages(struct zone *zone, uint64_t tree)
{
	uint32_t pages = 0;

	while (tree) {
		const unsigned int bit = (unsigned int)__builtin_ctzll(tree);
		const unsigned int order = tree_order(bit);

		pages |= (uint32_t)((1ULL << (1U << order)) - 1) << tree_page(bit, order);
		zone->nr_free[order]--;
		tree &= tree - 1;
	}
	return pages;
}

unsigned int buddy_take_hot(struct zone *zone, enum migratetype type, unsigned long *pfn)
{
	const unsigned int avail = zone->avail[type];
	const struct page_span *span;
	unsigned int order, count = 0;
	unsigned long first;
	uint32_t pages = ~0U;
	struct chunk *chunk;

	if (!avail)
		return 0;
	order = (unsigned int)__builtin_ctz(avail);
	if (order >= CHUNK_ORDER) {
		first = take_large(zone, CHUNK_ORDER, order, type);
		count_free(zone, type, (long)CHUNK_PAGES);
		span_chunk(zone_span_of(zone, first), first)->used = 0;
	} else {
		uint64_t before;

		first = zone->list[order][type].first;
		span = zone_span_of(zone, first);
		chunk = span_chunk(span, first);
		before = chunk->free;
		pages = chunk_pages(zone, before);
		chunk->free = 0;
		chunk_relist(zone, span, chunk, first, before, false);
		first = ALIGN_DOWN(first, CHUNK_PAGES);
	}
	for (; pages; pages &= ~(1U << (31 - __builtin_clz(pages))))
		pfn[count++] = first + 31 - (unsigned int)__builtin_clz(pages);
	return count;
}

/* ---- give ---------------------------------------------------------------------------- */

static inline bool is_free_large(const struct zone *zone, const struct page_span *span,
				 unsigned long pfn, unsigned int order)
{
	const uint32_t want = order | (uint32_t)zone->id << PAGE_ZONE_SHIFT;
	const struct chunk *chunk = span_chunk(span, pfn);

	return page_span_has(span, pfn) && chunk->free == CHUNK_WHOLE &&
	       (chunk->head.bits & (PAGE_ORDER_MASK | PAGE_ZONE_MASK)) == want;
}

/* Would the block above be whole if @pfn's buddy came back?  Then let @pfn rest a while. */
static inline bool likely_to_merge(const struct zone *zone, const struct page_span *span,
				   unsigned long pfn, unsigned int order)
{
	const unsigned long above = ALIGN_DOWN(pfn, 2UL << order) ^ (2UL << order);

	return order + 1 < MAX_PAGE_ORDER && is_free_large(zone, span, above, order + 1);
}

/* The two halves of one block are united under @type. */
static inline bool unite_types(const struct page_span *span, unsigned long pfn,
			       unsigned long buddy, unsigned int type)
{
	if (!types_may_merge(type, *type_of(span, buddy)))
		return false;
	*type_of(span, pfn) = (uint8_t)type;
	*type_of(span, buddy) = (uint8_t)type;
	return true;
}

/* Order CHUNK_ORDER and above, no bit set: merge as far as can be, then onto its list. */
static void give_large(struct zone *zone, const struct page_span *span, unsigned long pfn,
		       unsigned int order, bool tail)
{
	const unsigned int type = *type_of(span, pfn);

	while (order < MAX_PAGE_ORDER) {
		const unsigned long buddy = pfn ^ (1UL << order);

		if (!is_free_large(zone, span, buddy, order))
			break;
		if (order >= PAGEBLOCK_ORDER && !unite_types(span, pfn, buddy, type))
			break;
		list_remove(zone, span, buddy, &span_chunk(span, buddy)->head, order);
		span_chunk(span, buddy)->free = 0;
		zone->nr_free[order++]--;
		pfn &= buddy;
	}
	if (order == MAX_PAGE_ORDER) {
		struct page_block *block = span_block(span, pfn);

		block->flags = (uint8_t)((block->flags & ~BLOCK_ALLOC) | BLOCK_FREE);
	} else {
		span_chunk(span, pfn)->free = CHUNK_WHOLE;
	}
	zone->nr_free[order]++;
	if (tail || likely_to_merge(zone, span, pfn, order))
		list_append_only(zone, span, pfn, head_of(span, pfn, order), order, type);
	else
		list_push_only(zone, span, pfn, head_of(span, pfn, order), order, type);
	zone->avail[type] |= (uint16_t)BIT(order);
}

/* All pages of the chunk at @pfn are free: it is no longer on a list of chunks. */
static __noinline void give_chunk(struct zone *zone, const struct page_span *span,
				  unsigned long pfn, uint64_t before, bool tail)
{
	struct chunk *chunk = span_chunk(span, pfn);

	chunk->free = 0;
	chunk_relist(zone, span, chunk, pfn, before, tail);
	give_large(zone, span, ALIGN_DOWN(pfn, CHUNK_PAGES), CHUNK_ORDER, tail);
}

/* The block with @bit, not set anywhere, becomes free and merges inside of @tree. */
static inline uint64_t tree_give(struct zone *zone, uint64_t tree, unsigned int bit,
				 unsigned int order)
{
	while (tree >> (bit ^ 1) & 1) {		/* there is no bit 63 */
		tree ^= 1ULL << (bit ^ 1);
		bit = tree_up(bit);
		zone->nr_free[order++]--;
	}
	zone->nr_free[order] += bit != 62;	/* give_large() counts the chunk */
	return tree | 1ULL << bit;
}

/* A chunk's free blocks were @before and are @after, which may be all of it. */
static inline void chunk_update(struct zone *zone, const struct page_span *span,
				struct chunk *chunk, unsigned long pfn, uint64_t before,
				uint64_t after, bool tail)
{
	if (after == CHUNK_WHOLE)
		return give_chunk(zone, span, pfn, before, tail);
	chunk->free = after;
	chunk_relist(zone, span, chunk, pfn, before, tail);
}

static inline void give_small(struct zone *zone, const struct page_span *span, unsigned long pfn,
			      unsigned int order, bool tail)
{
	struct chunk *chunk = span_chunk(span, pfn);
	const uint64_t before = chunk->free;

	chunk_update(zone, span, chunk, pfn, before,
		     tree_give(zone, before, tree_bit(pfn, order), order), tail);
}

void buddy_give(struct zone *zone, const struct page_span *span, unsigned long pfn,
		unsigned int order)
{
	count_free(zone, *type_of(span, pfn), 1L << order);
	if (order < CHUNK_ORDER) {
		span_chunk(span, pfn)->used ^= 1ULL << tree_bit(pfn, order);
		give_small(zone, span, pfn, order, false);
		return;
	}
	if (order < MAX_PAGE_ORDER)
		span_chunk(span, pfn)->used = 0;
	give_large(zone, span, pfn, order, false);
}

void buddy_give_small(struct zone *zone, const struct page_span *span, unsigned long pfn,
		      unsigned int order)
{
	give_small(zone, span, pfn, order, false);
}

/* Pages of one chunk: bit i is page i of it. */
static void give_pages(struct zone *zone, unsigned long pfn, uint32_t pages)
{
	const struct page_span *span = zone_span_of(zone, pfn);
	struct chunk *chunk = span_chunk(span, pfn);
	const uint64_t before = chunk->free;
	uint64_t after = before;

	if (pages == ~0U)
		after = CHUNK_WHOLE;
	else
		for (; pages; pages &= pages - 1)
			after = tree_give(zone, after, (unsigned int)__builtin_ctz(pages), 0);
	chunk_update(zone, span, chunk, pfn, before, after, false);
}

void buddy_give_hot(struct zone *zone, const unsigned long *pfn, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		__builtin_prefetch(span_chunk(zone_span_of(zone, pfn[i]), pfn[i]), 1);
	for (unsigned int i = 0; i < count;) {
		const unsigned long first = pfn[i];
		uint32_t pages = 0;

		for (; i < count && pfn[i] / CHUNK_PAGES == first / CHUNK_PAGES; i++)
			pages |= 1U << pfn[i] % CHUNK_PAGES;
		give_pages(zone, first, pages);
	}
}

void buddy_seed(struct zone *zone, const struct page_span *span, unsigned long pfn,
		unsigned int order)
{
	if (order < MAX_PAGE_ORDER)
		span_begin_chunks(span, pfn);
	count_free(zone, *type_of(span, pfn), 1L << order);
	if (order < CHUNK_ORDER)
		give_small(zone, span, pfn, order, true);
	else
		give_large(zone, span, pfn, order, true);
}
