// SPDX-License-Identifier: GPL-2.0-only
/*
 * Walking the lists, counting, and checking that everything agrees.
 */
#include "mm/buddy/buddy_internal.h"
#include "mm/pcp.h"

/* ---- walking ------------------------------------------------------------------------ */

/*
 * A member of a list, read: a chunk, a pageblock, or a block larger than that, which is treated
 * as a pageblock of one unit.
 */
struct member {
	const struct head	*head;
	unsigned long		base;		/* of unit 0 */
	unsigned int		shift;		/* order of a unit */
	uint64_t		free;		/* its free units */
};

static struct member member_of(const struct zone *zone, struct head *head, unsigned int order)
{
	const struct units *chunk = chunk_of_head(head);
	const struct pageblock *block = pageblock_of_head(head);

	if (order < CHUNK_ORDER)
		return (struct member){ head, chunk_pfn(member_span(zone, chunk), chunk), 0,
					units_free(chunk) };
	if (order <= PAGEBLOCK_ORDER)
		return (struct member){ head, block_pfn(member_span(zone, block), block),
					CHUNK_ORDER, units_free(&block->units) };
	return (struct member){ head, block_pfn(member_span(zone, block), block), MAX_PAGE_ORDER,
				1 };
}

/* Free blocks of exactly @order in a member: a bit where each ends. */
static uint64_t member_blocks(const struct member *member, unsigned int order)
{
	return bits_single(member->free, order - member->shift);
}

/* The first page of the first of them. */
static unsigned long member_first(const struct member *member, uint64_t blocks, unsigned int order)
{
	return member->base + ((unsigned long)bits_first(blocks, order - member->shift)
			       << member->shift);
}

/* The highest list whose members may have blocks of exactly @order. */
static unsigned int last_list(unsigned int order)
{
	if (order < CHUNK_ORDER)
		return CHUNK_ORDER - 1;
	return order <= PAGEBLOCK_ORDER ? PAGEBLOCK_ORDER : MAX_PAGE_ORDER;
}

/* The first block of @order, at or behind @head on @zone's list of order @list. */
static unsigned long block_from(const struct zone *zone, struct head *head, unsigned int list,
				unsigned int order, unsigned int type)
{
	for (;;) {
		for (; head != &zone->list[type][list]; head = head->next) {
			const struct member member = member_of(zone, head, list);
			const uint64_t blocks = member_blocks(&member, order);

			if (blocks)
				return member_first(&member, blocks, order);
		}
		if (list++ == last_list(order))
			return PFN_NONE;
		head = zone->list[type][list].next;
	}
}

/* On a list of PAGEBLOCK_ORDER or more every member is one block: no search is needed. */
static unsigned long whole_from(const struct zone *zone, struct head *head, unsigned int order,
				unsigned int type)
{
	const struct pageblock *block = pageblock_of_head(head);

	return head == &zone->list[type][order] ? PFN_NONE :
						  block_pfn(member_span(zone, block), block);
}

unsigned long buddy_first(const struct zone *zone, unsigned int order, enum migratetype type)
{
	if (order >= PAGEBLOCK_ORDER)
		return whole_from(zone, zone->list[type][order].next, order, type);
	return block_from(zone, zone->list[type][order].next, order, order, type);
}

static unsigned long next_small(const struct page_span *span, unsigned long pfn, unsigned int order)
{
	struct pageblock *block = span_block(span, pfn);
	struct head *head = order < CHUNK_ORDER ? &span_chunk(span, pfn)->head : &block->units.head;
	const struct member member = member_of(block->zone, head, order);
	const unsigned long unit = (pfn - member.base) >> member.shift;
	const uint64_t rest = member_blocks(&member, order) &
			      ~bits_block(order - member.shift) << unit;
	const unsigned int list = order < CHUNK_ORDER ? chunk_list(member.free) :
							block_list(member.free);

	if (rest)
		return member_first(&member, rest, order);
	return block_from(block->zone, head->next, list, order, block->type);
}

unsigned long buddy_next(unsigned long pfn, unsigned int order)
{
	const struct page_span *span = page_span_of(pfn);
	const struct pageblock *block = span_block(span, pfn);

	if (order >= PAGEBLOCK_ORDER)
		return whole_from(block->zone, block->units.head.next, order, block->type);
	return next_small(span, pfn, order);
}

/* ---- counting ------------------------------------------------------------------------- */

static void count_member(const struct member *member, unsigned long blocks[NR_PAGE_ORDERS])
{
	const unsigned int end = member->shift ? PAGEBLOCK_ORDER + 1 : CHUNK_ORDER;

	for (unsigned int order = member->shift; order < end; order++)
		blocks[order] += bits_count(member_blocks(member, order));
}

static void count_list(const struct zone *zone, unsigned int order, unsigned int type,
		       unsigned long blocks[NR_PAGE_ORDERS])
{
	const struct head *list = &zone->list[type][order];

	for (struct head *head = list->next; head != list; head = head->next) {
		if (order >= PAGEBLOCK_ORDER) {
			blocks[order]++;
		} else {
			const struct member member = member_of(zone, head, order);

			count_member(&member, blocks);
		}
	}
}

void buddy_count(const struct zone *zone, unsigned long blocks[NR_PAGE_ORDERS])
{
	memset(blocks, 0, NR_PAGE_ORDERS * sizeof(*blocks));
	for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++)
		for (unsigned int type = 0; type < MIGRATE_TYPES; type++)
			count_list(zone, order, type, blocks);
	for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++)
		blocks[order] += pcp_blocks(zone, order);
}

/* ---- checking ------------------------------------------------------------------------- */

/* Pages that the lists of one zone hold, and blocks on its stacks. */
struct account {
	unsigned long	pages, cma, stacked;
};

/* Is there a further unit of a block (11) behind a unit that is not allocated? */
static bool states_broken(uint64_t lo, uint64_t hi)
{
	const uint64_t further = lo & hi, used = hi;

	return further & ~(used << 1);
}

static const char *chunk_broken(const struct pageblock *block, const struct member *member,
				unsigned int order)
{
	const struct units *chunk = chunk_of_head((struct head *)member->head);

	if (!(block->split & unit_bit(member->base)))
		return "a chunk that is not split is on a list";
	if (chunk_list(member->free) != order)
		return "a chunk is on another order's list";
	if (member->free == ALL_PAGES)
		return "a free chunk is none of its pageblock";
	if (block->below[unit_of(member->base)] != list_below(member->free, order))
		return "a chunk has larger or smaller blocks than noted";
	return states_broken(chunk->lo, chunk->hi) ? "a block has no first page" : NULL;
}

/* Is the largest block, whose first pageblock is at @pfn, the only thing there is? */
static const char *largest_broken(const struct page_span *span, unsigned long pfn)
{
	const struct pageblock *block = span_block(span, pfn);
	const struct pageblock *upper = span_block(span, pfn + PAGEBLOCK_NR_PAGES);

	if (pfn % MAX_ORDER_NR_PAGES || block->split || upper->split || block->units.hi ||
	    block->units.lo != 1U << LARGEST_UNIT || upper->units.lo || upper->units.hi)
		return "a largest block has parts";
	return NULL;
}

static const char *block_broken(const struct zone *zone, const struct pageblock *block,
				unsigned long pfn, unsigned int order)
{
	const struct page_span *span = member_span(zone, block);
	const uint64_t free = units_free(&block->units);
	const struct pageblock *buddy;

	if (order > PAGEBLOCK_ORDER)
		return largest_broken(span, pfn);
	if (block_list(free) != order)
		return "a pageblock is on another order's list";
	if ((block->units.lo | block->units.hi) & block->split)
		return "a chunk has two states";
	if (states_broken(block->units.lo, block->units.hi))
		return "a block has no first chunk";
	if (order < PAGEBLOCK_ORDER || PAGEBLOCKS_PER_BLOCK == 1 ||
	    !page_span_has(span, pfn ^ PAGEBLOCK_NR_PAGES))
		return NULL;
	buddy = span_block(span, pfn ^ PAGEBLOCK_NR_PAGES);
	return units_free(&buddy->units) == ALL_CHUNKS && buddy->zone == zone &&
	       types_may_merge(block->type, buddy->type) ?
		       "two free buddies have not merged" : NULL;
}

static const char *member_broken(const struct zone *zone, const struct member *member,
				 unsigned int order, unsigned int type)
{
	const struct page_span *span = member_span(zone, member->head);
	const struct pageblock *block = span_block(span, member->base);

	if (member->head->next->previous != member->head)
		return "links disagree";
	if (block->zone != zone)
		return "a member of another zone is on a list";
	if (block->stacks != (type < PCP_TYPES && !block->flags ? stacks_offset(zone, type) :
									  NO_STACKS))
		return "a pageblock has other stacks than its own";
	if (block->type != type)
		return "a pageblock of another type has a member on a list";
	return order < CHUNK_ORDER ? chunk_broken(block, member, order) :
				     block_broken(zone, block, member->base, order);
}

static const char *list_broken(const struct zone *zone, unsigned int order, unsigned int type,
			       struct account *account, unsigned long *where)
{
	const struct head *list = &zone->list[type][order];

	if (!ring_is_empty(list) && !(zone->avail[type] & 1U << order))
		return "avail disagrees with a list";
	if (list->next->previous != list)
		return "links disagree";
	for (struct head *head = list->next; head != list; head = head->next) {
		const struct member member = member_of(zone, head, order);
		const char *what = member_broken(zone, &member, order, type);

		*where = member.base;
		if (what)
			return what;
		account->pages += bits_count(member.free) << member.shift;
		if (type == MIGRATE_CMA)
			account->cma += bits_count(member.free) << member.shift;
	}
	return NULL;
}

/* A block on a stack: its first unit is untracked, the others are further ones. */
static const char *stacked_broken(const struct zone *zone, const struct stacked *stacked,
				  unsigned int order, unsigned int type)
{
	const unsigned long pfn = stacked_pfn(stacked);
	const struct page_span *span = zone_span_of(zone, pfn);
	const struct pageblock *block = span ? span_block(span, pfn) : NULL;
	struct place place;

	if (!span || !page_span_has(span, pfn) || block->zone != zone || block->type != type ||
	    pfn % (1UL << order))
		return "a block on a stack is none of this zone and type";
	place = place_of(&shapes[order], span, pfn);
	if (stacked->units != place.units || stacked->at % 64 != place.unit)
		return "a block on a stack has the place of another";
	if ((place.units->hi & place.block) != place.further ||
	    (place.units->lo & place.block) != place.further ||
	    (order < CHUNK_ORDER ? !chunk_is_split(span, pfn) : !!(block->split & place.block)))
		return "a block on a stack has a state, or is on two";
	return NULL;
}

static void toggle_stacked(const struct stacked *block, unsigned int order)
{
	block->units->hi ^= first_of_stacked(order, block);
}

/* What is sound becomes allocated for now, so that a block on two stacks is seen. */
static const char *pcp_broken(const struct zone *zone, const struct per_cpu_pages *pcp,
			      unsigned int type, unsigned int order, struct account *account,
			      unsigned long *where)
{
	const char *what = pcp_count(pcp) > pcp_high(pcp) ? "a stack is too high" : NULL;

	for (const struct stacked *block = pcp->blocks; !what && block < pcp->top; block++) {
		*where = stacked_pfn(block);
		what = stacked_broken(zone, block, order, type);
		if (what)
			break;
		toggle_stacked(block, order);
		account->stacked++;
	}
	return what;
}

static const char *stacks_broken(const struct zone *zone, struct account *account,
				 unsigned long *where)
{
	const struct per_cpu *area;
	const char *what = NULL;

	for_each_cpu_area(area)
		for (unsigned int i = 0; area->stacks && !what && i < PCP_TYPES * NR_PAGE_ORDERS;
		     i++) {
			const unsigned int type = i / NR_PAGE_ORDERS, order = i % NR_PAGE_ORDERS;

			what = pcp_broken(zone, &stacks_at(area, stacks_offset(zone, type))[order],
					  type, order, account, where);
		}
	return what;
}

/* Those that were found sound are on stacks again. */
static void restore_stacked(const struct zone *zone, unsigned long stacked)
{
	const struct per_cpu *area;

	for_each_cpu_area(area)
		for (unsigned int i = 0; area->stacks && i < PCP_TYPES * NR_PAGE_ORDERS; i++) {
			const unsigned long at = stacks_offset(zone, i / NR_PAGE_ORDERS);
			const unsigned int order = i % NR_PAGE_ORDERS;
			const struct per_cpu_pages *pcp = &stacks_at(area, at)[order];
			const struct stacked *block = pcp->blocks;

			for (; block < pcp->top && stacked; block++, stacked--)
				toggle_stacked(block, order);
		}
}

const char *buddy_broken(const struct zone *zone, unsigned long *where)
{
	struct account account = { 0 };
	const char *what;

	*where = zone->zone_start_pfn;
	what = stacks_broken(zone, &account, where);
	for (unsigned int list = 0; !what && list < NR_PAGE_ORDERS * MIGRATE_TYPES; list++)
		what = list_broken(zone, list / MIGRATE_TYPES, list % MIGRATE_TYPES, &account,
				   where);
	restore_stacked(zone, account.stacked);
	if (!what && account.cma != zone->free_cma_pages)
		what = "free_cma_pages disagrees with the lists";
	if (!what && account.pages != zone->listed_pages)
		what = "listed_pages disagrees with the lists";
	return what;
}
