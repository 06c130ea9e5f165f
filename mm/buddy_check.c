// SPDX-License-Identifier: GPL-2.0-only
/*
 * Walking the lists, and checking that everything agrees.
 */
#include "mm/buddy_internal.h"

void buddy_init_zone(struct zone *zone)
{
	for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++)
		for (unsigned int type = 0; type < MIGRATE_TYPES; type++)
			zone->list[order][type].first = PFN_NONE;
}

/* ---- walking ------------------------------------------------------------------------ */

static struct chunk *chunk_at(unsigned long pfn)
{
	return span_chunk(page_span_of(pfn), pfn);
}

static unsigned long next_on_list(unsigned long pfn, unsigned int order)
{
	return link_get(head_of(page_span_of(pfn), pfn, order), 0);
}

/* The first block of @order, at or behind the list member @pfn of the list of @list. */
static unsigned long small_from(const struct zone *zone, unsigned long pfn, unsigned int list,
				unsigned int order, unsigned int type)
{
	for (;;) {
		for (; pfn != PFN_NONE; pfn = next_on_list(pfn, list)) {
			const uint64_t blocks = chunk_at(pfn)->free & tree_level(order);

			if (blocks)
				return ALIGN_DOWN(pfn, CHUNK_PAGES) +
				       tree_page((unsigned int)__builtin_ctzll(blocks), order);
		}
		if (++list == CHUNK_ORDER)
			return PFN_NONE;
		pfn = zone->list[list][type].first;
	}
}

unsigned long buddy_first(const struct zone *zone, unsigned int order, enum migratetype type)
{
	const unsigned long pfn = zone->list[order][type].first;

	return order < CHUNK_ORDER ? small_from(zone, pfn, order, order, type) : pfn;
}

unsigned long buddy_next(unsigned long pfn, unsigned int order)
{
	const struct page_span *span = page_span_of(pfn);
	const struct chunk *chunk;
	unsigned int list;
	uint64_t rest;

	if (order >= CHUNK_ORDER)
		return next_on_list(pfn, order);
	chunk = span_chunk(span, pfn);
	rest = chunk->free & tree_level(order) & ~1ULL << tree_bit(pfn, order);
	if (rest)
		return ALIGN_DOWN(pfn, CHUNK_PAGES) +
		       tree_page((unsigned int)__builtin_ctzll(rest), order);
	list = chunk->head.bits & PAGE_ORDER_MASK;
	return small_from(head_zone(&chunk->head), next_on_list(chunk_name(span, pfn), list), list,
			  order, type_on_list(&chunk->head));
}

/* ---- checking ------------------------------------------------------------------------- */

/* Pages that the lists of one zone hold, and what they say. */
struct account {
	unsigned long	pages, cma;
	unsigned long	blocks[NR_PAGE_ORDERS];
};

static bool is_whole_buddy(const struct zone *zone, unsigned long pfn, unsigned int order)
{
	struct page_state state;

	page_get_state(pfn, &state);
	return state.mark == MARK_FREE && !state.hot && state.head == pfn && state.order == order &&
	       state.zone_id == zone->id;
}

static const char *block_broken(const struct zone *zone, unsigned long pfn, unsigned int order,
				unsigned int type)
{
	const unsigned long buddy = pfn ^ (1UL << order);
	const struct page_span *span = page_span_of(pfn);
	struct page_state state;

	if (!IS_ALIGNED(pfn, 1UL << order))
		return "a block that is no block is on a list";
	page_get_state(pfn, &state);
	if (state.mark != MARK_FREE || state.head != pfn || state.order != order)
		return "a block on a list is not marked as free";
	if (state.zone_id != zone->id || state.type != type)
		return "a block is on another zone's or type's list";
	if (order < MAX_PAGE_ORDER && is_whole_buddy(zone, buddy, order) &&
	    (order < PAGEBLOCK_ORDER || types_may_merge(type, *type_of(span, buddy))))
		return "two free buddies have not merged";
	return NULL;
}

/* Every page under at most one bit, no two free buddies, every bit in the zone. */
static const char *chunk_broken(const struct zone *zone, unsigned long pfn, unsigned int order,
				unsigned int type, struct account *account)
{
	const struct chunk *chunk = chunk_at(pfn);
	uint32_t seen = 0;

	if (!chunk->free || (chunk->free | chunk->used) & CHUNK_WHOLE ||
	    tree_top(chunk->free) != order)
		return "a chunk is on another order's list";
	if (chunk->head.bits != head_bits(zone, order, type))
		return "a chunk is on another zone's or type's list";
	for (unsigned int bit = 0; bit < 62; bit++) {
		const unsigned int o = tree_order(bit), page = tree_page(bit, o);
		const uint32_t pages = (uint32_t)((1ULL << (1U << o)) - 1) << page;
		const uint64_t either = (chunk->free | chunk->used) >> bit & 1;

		if (!either)
			continue;
		if ((seen & pages) || (chunk->free & chunk->used) >> bit & 1)
			return "a page is in two blocks";
		seen |= pages;
		if (!(chunk->free >> bit & 1))
			continue;
		if (chunk->free >> (bit ^ 1) & 1)
			return "two free buddies have not merged";
		account->blocks[o]++;
	}
	return NULL;
}

static const char *list_broken(const struct zone *zone, unsigned int order, unsigned int type,
			       struct account *account, unsigned long *where)
{
	const struct free_list *list = &zone->list[order][type];
	unsigned long previous = PFN_NONE;

	*where = list->first;
	if ((list->first != PFN_NONE) != !!(zone->avail[type] & BIT(order)))
		return "avail disagrees with a list";
	for (unsigned long pfn = list->first; pfn != PFN_NONE; pfn = next_on_list(pfn, order)) {
		const struct page_span *span = page_span_of(pfn);
		const char *what;

		*where = pfn;
		if (!span)
			return "no page is on a list";
		if (previous != PFN_NONE && link_get(head_of(span, pfn, order), 1) != previous)
			return "links disagree";
		if (order < CHUNK_ORDER) {
			what = chunk_broken(zone, pfn, order, type, account);
			account->cma += type == MIGRATE_CMA ? tree_pages(chunk_at(pfn)->free) : 0;
		} else {
			what = block_broken(zone, pfn, order, type);
			account->blocks[order]++;
			account->cma += type == MIGRATE_CMA ? 1UL << order : 0;
		}
		if (what)
			return what;
		previous = pfn;
	}
	if (previous != PFN_NONE && list->last != previous)
		return "a list's last block is not the last";
	return NULL;
}

const char *buddy_broken(const struct zone *zone, unsigned long *where)
{
	struct account account = { 0 };

	for (unsigned int list = 0; list < NR_PAGE_ORDERS * MIGRATE_TYPES; list++) {
		const char *what = list_broken(zone, list / MIGRATE_TYPES, list % MIGRATE_TYPES,
					       &account, where);

		if (what)
			return what;
	}
	for (unsigned int type = 0; type < HOT_TYPES; type++)
		account.pages += zone->hot[type].count;
	for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++) {
		if (account.blocks[order] != zone->nr_free[order])
			return "nr_free disagrees with the lists";
		account.pages += account.blocks[order] << order;
	}
	if (account.cma != zone->free_cma_pages)
		return "free_cma_pages disagrees with the lists";
	return account.pages == zone->free_pages ? NULL :
						   "free_pages disagrees with lists and hot pages";
}
