// SPDX-License-Identifier: GPL-2.0-only
/*
 * Walking the lists, counting, and checking that everything agrees.
 */
#include "mm/buddy_internal.h"

void buddy_init_zone(struct zone *zone)
{
	for (unsigned int type = 0; type < MIGRATE_TYPES; type++)
		for (unsigned int order = 0; order < NR_LISTS; order++)
			head_init(&zone->list[type][order]);
	head_init(&zone->warm);
}

/* ---- walking ------------------------------------------------------------------------ */

/*
 * What a list of @order has: chunks, pageblocks, or blocks larger than these.  The last
 * are like pageblocks of one unit.
 */
struct member {
	const struct head	*head;
	unsigned long		base;		/* of unit 0 */
	unsigned int		shift;		/* order of a unit */
	uint64_t		free;		/* its free units */
};

static struct member member_of(const struct zone *zone, struct head *head, unsigned int order)
{
	const struct chunk *chunk = chunk_of(head);
	const struct pageblock *block = block_of(head);

	if (order < CHUNK_ORDER)
		return (struct member){ head, chunk_pfn(member_span(zone, chunk), chunk), 0,
					chunk_free(chunk) };
	if (order <= PAGEBLOCK_ORDER)
		return (struct member){ head, block_pfn(member_span(zone, block), block),
					CHUNK_ORDER, block_free(block) };
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

/* The last list whose members may have blocks of @order. */
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

/* Lists of whole pageblocks and larger are what is long on large machines. */
static unsigned long whole_from(const struct zone *zone, struct head *head, unsigned int order,
				unsigned int type)
{
	const struct pageblock *block = block_of(head);

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
	struct chunk *chunk = span_chunk(span, pfn);
	struct head *head = order < CHUNK_ORDER ? &chunk->head : &block->head;
	const struct member member = member_of(block->zone, head, order);
	const unsigned long unit = (pfn - member.base) >> member.shift;
	const uint64_t rest = member_blocks(&member, order) &
			      ~bits_block(order - member.shift) << unit;
	const unsigned int list = order < CHUNK_ORDER ? chunk_list(member.free) :
							block_list((unsigned int)member.free);

	if (rest)
		return member_first(&member, rest, order);
	return block_from(block->zone, head->next, list, order, block->type);
}

unsigned long buddy_next(unsigned long pfn, unsigned int order)
{
	const struct page_span *span = page_span_of(pfn);
	const struct pageblock *block = span_block(span, pfn);

	if (order >= PAGEBLOCK_ORDER)
		return whole_from(block->zone, block->head.next, order, block->type);
	return next_small(span, pfn, order);
}

/* ---- counting ------------------------------------------------------------------------- */

static void count_member(const struct member *member, unsigned long blocks[NR_PAGE_ORDERS])
{
	const unsigned int end = member->shift ? PAGEBLOCK_ORDER + 1 : CHUNK_ORDER;

	for (unsigned int order = member->shift; order < end; order++)
		blocks[order] += bits_count(member_blocks(member, order));
}

/* A hot chunk may be all free, which no chunk on a list is. */
static void count_apart(const struct zone *zone, struct chunk *chunk,
			unsigned long blocks[NR_PAGE_ORDERS])
{
	struct member member;

	if (!chunk)
		return;
	member = member_of(zone, &chunk->head, 0);
	if (member.free == ALL_PAGES)
		blocks[CHUNK_ORDER]++;
	else
		count_member(&member, blocks);
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
	for (unsigned int type = 0; type < HOT_TYPES; type++)
		count_apart(zone, zone->hot[type].chunk, blocks);
	for (struct head *head = zone->warm.next; head != &zone->warm; head = head->next)
		count_apart(zone, chunk_of(head), blocks);
}

/* ---- checking ------------------------------------------------------------------------- */

/* Pages that the lists of one zone hold. */
struct account {
	unsigned long	pages, cma;
};

/* Every run of units that are further ones of a block begins with a first one. */
static bool states_broken(uint64_t lo, uint64_t hi)
{
	const uint64_t further = lo & hi, used = hi;

	return further & ~(used << 1);
}

static const char *chunk_broken(const struct pageblock *block, const struct member *member,
				unsigned int order)
{
	const struct chunk *chunk = chunk_of((struct head *)member->head);

	if (!(block->split & unit_bit(member->base)) || (block->apart & unit_bit(member->base)))
		return "a chunk that says nothing or is apart is on a list";
	if (chunk_list(chunk_free(chunk)) != order)
		return "a chunk is on another order's list";
	return states_broken(chunk->lo, chunk->hi) ? "a block has no first page" : NULL;
}

static const char *block_broken(const struct zone *zone, const struct pageblock *block,
				unsigned long pfn, unsigned int order)
{
	const struct page_span *span = member_span(zone, block);
	const struct pageblock *buddy;

	if (order > PAGEBLOCK_ORDER)
		return !(block->flags & BLOCK_FREE) || pfn % MAX_ORDER_NR_PAGES ?
			       "a largest block is not marked as free" : NULL;
	if (block_list(block_free(block)) != order)
		return "a pageblock is on another order's list";
	if ((block->lo | block->hi) & block->split)
		return "a chunk has two states";
	if (states_broken(block->lo, block->hi))
		return "a block has no first chunk";
	if (order < PAGEBLOCK_ORDER || MAX_PAGE_ORDER == PAGEBLOCK_ORDER ||
	    !page_span_has(span, pfn ^ PAGEBLOCK_NR_PAGES))
		return NULL;
	buddy = span_block(span, pfn ^ PAGEBLOCK_NR_PAGES);
	return block_free(buddy) == ALL_CHUNKS && buddy->zone == zone &&
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
	if (block->type != type)
		return "a pageblock of another type has a member on a list";
	return order < CHUNK_ORDER ? chunk_broken(block, member, order) :
				     block_broken(zone, block, member->base, order);
}

static const char *list_broken(const struct zone *zone, unsigned int order, unsigned int type,
			       struct account *account, unsigned long *where)
{
	const struct head *list = &zone->list[type][order];

	if (!list_empty(list) && !(zone->avail[type] & 1U << order))
		return "avail disagrees with a list";
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

/* A hot or warm chunk is on no list and says something. */
static const char *apart_broken(const struct zone *zone, struct chunk *chunk,
				struct account *account)
{
	struct member member;
	const struct pageblock *block;

	if (!chunk)
		return NULL;
	member = member_of(zone, &chunk->head, 0);
	block = span_block(member_span(zone, chunk), member.base);
	account->pages += bits_count(member.free);
	if (block->type == MIGRATE_CMA)
		account->cma += bits_count(member.free);
	return block->split & block->apart & unit_bit(member.base) && block->zone == zone ?
		       NULL : "a hot or warm chunk is none of this zone";
}

const char *buddy_broken(const struct zone *zone, unsigned long *where)
{
	struct account account = { 0 };
	const char *what = NULL;
	unsigned int warm = 0;

	*where = zone->zone_start_pfn;
	for (unsigned int type = 0; !what && type < HOT_TYPES; type++)
		what = apart_broken(zone, zone->hot[type].chunk, &account);
	for (struct head *head = zone->warm.next; !what && head != &zone->warm; head = head->next) {
		what = apart_broken(zone, chunk_of(head), &account);
		warm++;
	}
	if (!what && warm != zone->nr_warm)
		what = "the warm chunks are miscounted";
	for (unsigned int list = 0; !what && list < NR_PAGE_ORDERS * MIGRATE_TYPES; list++)
		what = list_broken(zone, list / MIGRATE_TYPES, list % MIGRATE_TYPES, &account,
				   where);
	if (!what && account.cma != zone->free_cma_pages)
		what = "free_cma_pages disagrees with the lists";
	if (!what && account.pages != zone->free_pages)
		what = "free_pages disagrees with the lists, hot and warm chunks";
	return what;
}
