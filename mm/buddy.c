// SPDX-License-Identifier: GPL-2.0-only
/*
 * Split and merge.
 *
 * What costs time in a buddy allocator is cache lines.  Hence: whether a buddy is
 * free is asked of the marks, which are small enough to stay in the cache, and its
 * descriptor is touched only if it is; the first block's `previous` link is never
 * written, so taking from the front touches no neighbour; the next first is fetched
 * ahead.
 *
 * Invariant between calls, for every free block: its mark (or BLOCK_FREE) says so, no
 * other page of it has a mark, its descriptor has its order, zone and list, and
 * zone->avail has the bit of its list.  buddy_broken() checks it.
 */
#include "mm/buddy_internal.h"

/* ---- take --------------------------------------------------------------------------- */

/* The marks of 32 pages: one block of @order (at most 5) from the first on. */
#define WORD_FREE	((uint64_t)MARK_FREE)

/*
 * A block of order @from at @pfn has left its list.  Its lowest 2^@low pages stay out,
 * the rest becomes free blocks of every order between:
 *
 *	[low|low|  low + 1  |        low + 2        |  ...
 *	 out  free   free              free
 *
 * The lists of these orders are empty, or the block would not have been split.
 */
static inline void split(struct zone *zone, const struct page_span *span, unsigned long pfn,
		  unsigned int low, unsigned int from, unsigned int type)
{
	uint64_t *word = span_marks(span, pfn), marks = 0;
	unsigned int order = from;

	while (order > MAX(low, (unsigned int)MARK_WORD_ORDER)) {
		unsigned long half = pfn + (1UL << --order);

		list_begin(zone, half, span_page(span, half), order, type);
		*span_marks(span, half) = WORD_FREE;	/* the block's first word is its own */
	}
	while (order > low) {
		unsigned long half = pfn + (1UL << --order);

		list_begin(zone, half, span_page(span, half), order, type);
		marks |= WORD_FREE << (2UL << order);
	}
	if (from >= MARK_WORD_ORDER)
		*word = marks | MARK_ALLOC;
	else
		*word ^= (marks | (MARK_FREE ^ MARK_ALLOC)) << mark_shift(pfn);
}

static void take_largest(const struct page_span *span, unsigned long pfn, uint16_t bits)
{
	struct page_block *block = span_block(span, pfn);

	block->flags |= BLOCK_ALLOC;
	head_allocated(&block->head, bits);
}

struct page *buddy_take_page(struct zone *zone, unsigned int order, enum migratetype type,
			     enum migratetype want)
{
	const unsigned int avail = zone->avail[type], fits = avail & ~0U << order;
	const struct page_span *span;
	unsigned int from, left;
	struct free_list *list;
	struct page *page;
	unsigned long pfn, next;

	if (unlikely(!fits))
		return NULL;
	from = (unsigned int)__builtin_ctz(fits);
	list = &zone->list[from][type];
	pfn = list->first;
	span = zone_span_of(zone, pfn);
	page = span_page(span, pfn);
	next = link_get(head_of(span, pfn, from), 0);
	list->first = next;
	if (next != PFN_NONE)
		__builtin_prefetch(peer_of(span, next, from), 1);

	/* What is split off begins lists of all orders below. */
	left = next == PFN_NONE ? avail & ~(1U << from) : avail;
	zone->avail[type] = (uint16_t)(left | ((1U << from) - (1U << order)));
	zone->nr_free[from]--;
	count_free(zone, type, -(1L << order));

	if (unlikely(from == MAX_PAGE_ORDER)) {
		span_block(span, pfn)->flags &= (uint8_t)~BLOCK_FREE;
		if (order == MAX_PAGE_ORDER) {
			take_largest(span, pfn, head_bits(zone, order, want));
			return page;
		}
		block_begin_marks(zone, span, pfn);
	}
	if (from == order)
		*span_marks(span, pfn) ^= (uint64_t)(MARK_FREE ^ MARK_ALLOC) << mark_shift(pfn);
	else
		split(zone, span, pfn, order, from, type);
	head_allocated(page, head_bits(zone, order, want));
	return page;
}

unsigned long buddy_take(struct zone *zone, unsigned int order, enum migratetype type,
			 enum migratetype want)
{
	struct page *page = buddy_take_page(zone, order, type, want);

	return page ? page_to_pfn(page) : PFN_NONE;
}

unsigned int buddy_take_hot(struct zone *zone, enum migratetype type, unsigned long *pfn)
{
	unsigned int avail = zone->avail[type], order;
	const struct page_span *span;
	unsigned long first = 0;

	if (!avail)
		return 0;
	order = MIN((unsigned int)__builtin_ctz(avail), (unsigned int)HOT_ORDER);
	span = page_span_and_pfn(buddy_take_page(zone, order, type, type), &first);
	count_free(zone, type, 1L << order);
	*span_marks(span, first) ^= (uint64_t)MARK_ALLOC << mark_shift(first);
	for (unsigned int i = 0; i < 1U << order; i++)
		pfn[i] = first + (1U << order) - 1 - i;
	return 1U << order;
}

/* ---- give ---------------------------------------------------------------------------- */

/*
 * Do the marks allow a free block of @order at @pfn?  A head that is free and no other
 * head in the rest of the block; up to order 5 only reserved pages can still deceive.
 */
static inline bool marks_allow(uint64_t word, unsigned long pfn, unsigned int order)
{
	uint64_t block = word >> mark_shift(pfn);

	if (order < MARK_WORD_ORDER)
		block &= (1ULL << (2U << order)) - 1;
	return block == MARK_FREE;
}

static inline bool is_free_block(const struct zone *zone, const struct page_span *span,
				 unsigned long pfn, unsigned int order)
{
	uint32_t want = order | (uint32_t)zone->id << PAGE_ZONE_SHIFT;

	return page_span_has(span, pfn) &&
	       (span_page(span, pfn)->bits & (PAGE_ORDER_MASK | PAGE_ZONE_MASK)) == want;
}

/* Would the block above be whole if @pfn's buddy came back?  Then let @pfn rest a while. */
static inline bool likely_to_merge(const struct zone *zone, const struct page_span *span,
				   unsigned long pfn, unsigned int order)
{
	unsigned long above = ALIGN_DOWN(pfn, 2UL << order) ^ (2UL << order);

	return order + 1 < MAX_PAGE_ORDER &&
	       marks_allow(*span_marks(span, above), above, order + 1) &&
	       is_free_block(zone, span, above, order + 1);
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

/*
 * The block at @buddy leaves its list to become a half of something larger.
 * Return: the bit of its list in avail[@type] if that list is empty now.
 */
static inline unsigned int unlist(struct zone *zone, const struct page_span *span,
				  unsigned long buddy, unsigned int order, unsigned int type)
{
	struct page *page = span_page(span, buddy);
	unsigned int own = type_on_list(page);

	if (!list_remove_only(zone, span, buddy, page, order, own))
		return 0;
	if (likely(own == type))
		return 1U << order;
	zone->avail[own] &= (uint16_t)~BIT(order);
	return 0;
}

/* A block that has merged as far as it can goes to its list. */
static inline void put(struct zone *zone, const struct page_span *span, unsigned long pfn,
		       unsigned int order, unsigned int type, bool tail)
{
	struct page *page = head_of(span, pfn, order);

	if (tail || likely_to_merge(zone, span, pfn, order))
		list_append_only(zone, span, pfn, page, order, type);
	else
		list_push_only(zone, span, pfn, page, order, type);
}

/* Order MARK_WORD_ORDER and above: every buddy's mark is in a word of its own. */
static void give_large(struct zone *zone, const struct page_span *span, unsigned long pfn,
		       unsigned int order, unsigned int type, bool tail, unsigned int emptied)
{
	while (order < MAX_PAGE_ORDER) {
		unsigned long buddy = pfn ^ (1UL << order);
		uint64_t *word = span_marks(span, buddy);

		if (*word != WORD_FREE || !is_free_block(zone, span, buddy, order))
			break;
		if (order >= PAGEBLOCK_ORDER && !unite_types(span, pfn, buddy, type))
			break;
		emptied |= unlist(zone, span, buddy, order, type);
		*word = 0;
		pfn &= buddy;
		order++;
	}
	if (order == MAX_PAGE_ORDER) {
		struct page_block *block = span_block(span, pfn);

		block->flags = (uint8_t)((block->flags & ~BLOCK_ALLOC) | BLOCK_FREE);
	} else {
		*span_marks(span, pfn) = WORD_FREE;
	}
	put(zone, span, pfn, order, type, tail);
	zone->avail[type] = (uint16_t)((zone->avail[type] & ~emptied) | 1U << order);
}

/*
 * @pfn's mark is none in @word, which holds its marks and is not yet written back.
 * Merge as far as can be, then put the result on its list.  Counting is the caller's.
 */
static inline void give(struct zone *zone, const struct page_span *span, unsigned long pfn,
			unsigned int order, bool tail, uint64_t word)
{
	const unsigned int type = *type_of(span, pfn);
	uint64_t *const home = span_marks(span, pfn);
	unsigned int emptied = 0;

	while (order < MARK_WORD_ORDER) {
		unsigned long buddy = pfn ^ (1UL << order);

		if (!marks_allow(word, buddy, order) || !is_free_block(zone, span, buddy, order))
			break;
		emptied |= unlist(zone, span, buddy, order, type);
		word ^= WORD_FREE << mark_shift(buddy);
		pfn &= buddy;
		order++;
	}
	if (order >= MARK_WORD_ORDER) {
		*home = 0;
		give_large(zone, span, pfn, order, type, tail, emptied);
		return;
	}
	*home = word | WORD_FREE << mark_shift(pfn);
	put(zone, span, pfn, order, type, tail);
	zone->avail[type] = (uint16_t)((zone->avail[type] & ~emptied) | 1U << order);
}

void buddy_give(struct zone *zone, const struct page_span *span, unsigned long pfn,
		unsigned int order)
{
	if (unlikely(order >= MARK_WORD_ORDER)) {
		unsigned int type = *type_of(span, pfn);

		if (order < MAX_PAGE_ORDER)
			*span_marks(span, pfn) = 0;
		count_free(zone, type, 1L << order);
		give_large(zone, span, pfn, order, type, false, 0);
		return;
	}
	count_free(zone, *type_of(span, pfn), 1L << order);
	give(zone, span, pfn, order, false,
	     *span_marks(span, pfn) ^ (uint64_t)MARK_ALLOC << mark_shift(pfn));
}

/*
 * Descriptors of random pages are all over memory.  Have them on their way together,
 * then the neighbours on the lists of those buddies that will be merged with.
 */
static void fetch_ahead(const struct zone *zone, const unsigned long *pfn, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		__builtin_prefetch(span_page(zone_span_of(zone, pfn[i]), pfn[i]), 1);
	for (unsigned int i = 0; i < count; i++) {
		const struct page_span *span = zone_span_of(zone, pfn[i]);
		const struct page *buddy = span_page(span, pfn[i] ^ 1);

		if (!marks_allow(*span_marks(span, pfn[i]), pfn[i] ^ 1, 0) ||
		    !page_span_has(span, pfn[i] ^ 1))
			continue;
		__builtin_prefetch(span_page(span, link_get(buddy, 0)), 1);
		__builtin_prefetch(span_page(span, link_get(buddy, 1)), 1);
	}
}

/* Pages of one word, bit i: page @base + i, as the largest blocks they make by themselves. */
static void give_word(struct zone *zone, unsigned long base, uint32_t pages)
{
	const unsigned long any = base + (unsigned int)__builtin_ctz(pages);
	const struct page_span *span = zone_span_of(zone, any);

	if (pages == UINT32_MAX) {
		give_large(zone, span, base, MARK_WORD_ORDER, *type_of(span, base), false, 0);
		return;
	}
	while (pages) {
		unsigned int first = (unsigned int)__builtin_ctz(pages), order = 0;
		uint32_t block = 1;

		while (!(first >> order & 1) && (pages >> first & block << (1U << order)) ==
						 block << (1U << order)) {
			block |= block << (1U << order);
			order++;
		}
		give(zone, span, base + first, order, false, *span_marks(span, base + first));
		pages &= ~(block << first);
	}
}

void buddy_give_hot(struct zone *zone, const unsigned long *pfn, unsigned int count)
{
	unsigned int i = 0;

	fetch_ahead(zone, pfn, count);
	while (i < count) {
		const unsigned long word = pfn[i] / MARK_WORD_PAGES;
		uint32_t pages = 0;

		for (; i < count && pfn[i] / MARK_WORD_PAGES == word; i++)
			pages |= 1U << pfn[i] % MARK_WORD_PAGES;
		give_word(zone, word * MARK_WORD_PAGES, pages);
	}
}

void buddy_seed(struct zone *zone, unsigned long pfn, unsigned int order)
{
	const struct page_span *span = page_span_of(pfn);

	if (order < MAX_PAGE_ORDER)
		block_begin_marks(zone, span, pfn);
	count_free(zone, *type_of(span, pfn), 1L << order);
	if (order < MARK_WORD_ORDER) {
		give(zone, span, pfn, order, true, *span_marks(span, pfn));
		return;
	}
	give_large(zone, span, pfn, order, *type_of(span, pfn), true, 0);
}
