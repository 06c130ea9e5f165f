// SPDX-License-Identifier: GPL-2.0-only
/*
 * How pages get into the buddy: all at once from memblock, later one by one.
 *
 * memblock_free_all() gives chunks in ascending order, each as large as alignment and
 * the end of its free range allow.  Nearly all of RAM are largest blocks, which never
 * merge: such a chunk costs its first pageblock and a link at the end of a list.  Smaller
 * ones are at the ends of ranges and go the ordinary way.
 *
 *	range		  [---------------------------------)
 *	chunks		  [0|  1  |       3       |  2  | 0 )	orders
 */
#include "mm/handover.h"

#include "mm/buddy/buddy_internal.h"
#include "mm/ledger_find.h"
#include "mm/page_alloc.h"
#include "mm/page_bad.h"

static unsigned long total_pages;

/* Where seeding is: chunks in [start, start + pages) are of @zone and @span. */
static struct {
	unsigned long		start;
	unsigned long		pages;		/* 0: look again */
	struct zone		*zone;
	const struct page_span	*span;
} seed;

/*
 * A run of largest blocks, which is nearly all of RAM: the next one is described by the
 * pageblock behind the last, and goes behind it on the list.
 */
static struct {
	unsigned long		next;		/* pfn that continues the run, PFN_NONE: none */
	unsigned long		end;		/* largest blocks of this zone and span end here */
	struct pageblock	*block;		/* of the last one */
	struct zone		*zone;
} run = { .next = PFN_NONE };

/*
 * The chunk that is being seeded: its pages go to the buddy together, when the next chunk's turn
 * has come or memblock has given all.  They end where the chunk, the zone or the span does:
 * the rest of these 64 is another chunk's.
 */
static struct {
	unsigned long		start;		/* first pfn of the chunk, whoever has it */
	uint64_t		pages;		/* that are here; 0: none is open */
	uint64_t		missing;	/* those of them that have not come yet */
	struct zone		*zone;
	const struct page_span	*span;
} open_chunk;

static inline bool seed_open_chunk(unsigned long pfn, unsigned int order)
{
	const uint64_t pages = bits_block(order) << pfn % CHUNK_PAGES;

	if (ALIGN_DOWN(pfn, CHUNK_PAGES) != open_chunk.start || ~open_chunk.missing & pages)
		return false;
	open_chunk.missing ^= pages;
	return true;
}

static void close_chunk(void)
{
	const uint64_t pages = open_chunk.pages ^ open_chunk.missing;

	if (pages)
		open_chunk.zone->managed_pages +=
			buddy_seed_pages(open_chunk.zone, open_chunk.span, open_chunk.start, pages);
	open_chunk.pages = open_chunk.missing = 0;
}

/* The chunk around @pfn, or its part in @seed. */
static void begin_open_chunk(unsigned long pfn)
{
	const unsigned long start = ALIGN_DOWN(pfn, CHUNK_PAGES), end = seed.start + seed.pages;

	open_chunk.start = start;
	open_chunk.pages = ALL_PAGES;
	if (start < seed.start)
		open_chunk.pages <<= seed.start - start;
	if (end - start < CHUNK_PAGES)
		open_chunk.pages &= ALL_PAGES >> (CHUNK_PAGES - (end - start));
	open_chunk.missing = open_chunk.pages;
	open_chunk.zone = seed.zone;
	open_chunk.span = seed.span;
}

static inline bool seed_run(unsigned long pfn)
{
	struct pageblock *last = run.block, *block;

	if (unlikely(pfn != run.next || pfn >= run.end))
		return false;
	block = last + PAGEBLOCKS_PER_BLOCK;
	if (unlikely(block->type != last->type))
		return false;
	block->units.lo = 1U << LARGEST_UNIT;
	block->zone = run.zone;
	block->pcp = last->pcp;
	head_join(&block->units.head, &last->units.head);
	run.block = block;
	run.next = pfn + MAX_ORDER_NR_PAGES;
	run.zone->managed_pages += MAX_ORDER_NR_PAGES;
	run.zone->free_pages += MAX_ORDER_NR_PAGES;
	return true;
}

/* The block at @pfn, just put on its list, may be the first of a run. */
static void begin_run(struct zone *zone, const struct page_span *span, unsigned long pfn)
{
	run.block = span_block(span, pfn);
	if (MAX_PAGE_ORDER == PAGEBLOCK_ORDER || run.block->type >= PCP_TYPES)
		return;
	run.zone = zone;
	run.next = pfn + MAX_ORDER_NR_PAGES;
	run.end = ALIGN_DOWN(seed.start + seed.pages, MAX_ORDER_NR_PAGES);
}

static void seed_and_merge(struct zone *zone, unsigned long pfn, unsigned int order)
{
	zone->managed_pages += 1UL << order;
	buddy_seed(zone, page_span_of(pfn), pfn, order);
}

/* Somebody's whom the ledger knows: of two nodes that share the page, or no RAM. */
static bool stays_reserved(unsigned long pfn)
{
	struct ledger_answer answer;

	ledger_find(PFN_PHYS(pfn), &answer);
	return answer.state == LEDGER_RESERVED;
}

static bool release_page(unsigned long pfn, unsigned long caller)
{
	struct zone *zone = zone_of_pfn(pfn);

	if (!zone && stays_reserved(pfn))
		return false;		/* no zone can have it */
	if (zone)
		drain_pages(zone);	/* else it is searched for on all the stacks */
	if (!zone || !page_is_reserved(pfn)) {
		page_bad_free(pfn, 0, caller);
		return false;
	}
	wipe_pages(pfn, 0);
	seed_and_merge(zone, pfn, 0);
	return true;
}

/* Find out where [pfn, end) lies and seed it, cut at borders of zones and spans. */
static void seed_anywhere(unsigned long pfn, unsigned long end, unsigned int order)
{
	while (pfn < end) {
		const struct zone_range *range = zone_range_from(pfn);
		const struct page_span *span = page_span_of(pfn);

		if (!range || range->start > pfn || !span)
			return;		/* not described: above the highest page number */
		seed.start = MAX(range->start, span->start);
		seed.pages = MIN(range->end, span->start + span->pages) - seed.start;
		seed.zone = range->zone;
		seed.span = span;
		while (pfn + (1UL << order) > seed.start + seed.pages)
			order--;
		wipe_pages(pfn, order);
		seed_and_merge(range->zone, pfn, order);
		pfn += 1UL << order;
	}
}

/* Later callers (memblock_free_late()) may be mistaken; they count totalram themselves. */
static void free_late_pages(unsigned long pfn, unsigned long end, unsigned long caller)
{
	seed.pages = 0;
	for (; pfn < end; pfn++)
		if (!release_page(pfn, caller))
			total_pages--;
}

/* All of it is where seeding is. */
static void seed_here(unsigned long pfn, unsigned int order)
{
	if (order < CHUNK_ORDER) {
		begin_open_chunk(pfn);
		seed_open_chunk(pfn, order);
		return;
	}
	seed.zone->managed_pages += 1UL << order;
	buddy_seed(seed.zone, seed.span, pfn, order);
	if (order == MAX_PAGE_ORDER)
		begin_run(seed.zone, seed.span, pfn);
}

/* What is not the next block of a run, nor in the open chunk. */
static __noinline void seed_pages(unsigned long pfn, unsigned int order, unsigned long caller)
{
	const unsigned long end = pfn + (1UL << order);

	run.next = PFN_NONE;
	close_chunk();
	if (unlikely(total_pages))
		free_late_pages(pfn, end, caller);
	else if (likely(pfn - seed.start < seed.pages && end - seed.start <= seed.pages &&
			!(page_options & OPTIONS_FREE)))
		seed_here(pfn, order);
	else
		seed_anywhere(pfn, end, order);
}

void memblock_free_pages(struct page *page, unsigned long pfn, unsigned int order)
{
	(void)page;
	if (order < CHUNK_ORDER ? seed_open_chunk(pfn, order) :
				  order == MAX_PAGE_ORDER && likely(seed_run(pfn)))
		return;
	seed_pages(pfn, order, RET_IP);
}

void reserve_bootmem_region(phys_addr_t start, phys_addr_t end, int nid)
{
	/* A page that was never given to the buddy is reserved; that costs nothing. */
	(void)start;
	(void)end;
	(void)nid;
}

__noinline bool free_reserved_page(unsigned long pfn)
{
	bool freed = release_page(pfn, RET_IP);

	total_pages += freed;
	return freed;
}

/* Is all of @pfn's pageblock that is in @span reserved? */
static bool was_never_given(const struct page_span *span, unsigned long pfn)
{
	const struct pageblock *block = span_block(span, pfn);
	struct page_state state;

	if (block->units.lo | block->units.hi | block->split)
		return false;
	page_get_state(pfn, &state);		/* part of a largest block? */
	return state.mark == MARK_NONE;
}

/* The first page at or after @pfn, below @end, that is not reserved; @end if all are. */
static unsigned long reserved_until(unsigned long pfn, unsigned long end)
{
	while (pfn < end) {
		const struct page_span *span = page_span_of(pfn);

		if (span && was_never_given(span, pfn))
			pfn = MIN(end, ALIGN_DOWN(pfn, PAGEBLOCK_NR_PAGES) + PAGEBLOCK_NR_PAGES);
		else if (page_is_reserved(pfn))
			pfn++;
		else
			break;
	}
	return pfn;
}

static void release_run(struct zone *zone, unsigned long pfn, unsigned long end)
{
	while (pfn < end) {
		unsigned int order = pfn ? (unsigned int)__builtin_ctzl(pfn) : MAX_PAGE_ORDER;

		order = MIN(order, (unsigned int)MAX_PAGE_ORDER);
		while (pfn + (1UL << order) > end)
			order--;
		wipe_pages(pfn, order);
		seed_and_merge(zone, pfn, order);
		pfn += 1UL << order;
	}
}

__noinline unsigned long free_reserved_range(unsigned long pfn, unsigned long pages)
{
	const unsigned long end = pfn + pages;
	const struct zone_range *range;
	unsigned long freed = 0;

	while (pfn < end && (range = zone_range_from(pfn)) && range->start < end) {
		unsigned long start = MAX(pfn, range->start);

		drain_pages(range->zone);	/* pageblocks of stacked blocks may say nothing */
		pfn = reserved_until(start, MIN(end, range->end));
		if (pfn == start) {
			page_bad_free(pfn++, 0, RET_IP);
			continue;
		}
		release_run(range->zone, start, pfn);
		freed += pfn - start;
	}
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
	run.next = PFN_NONE;
	close_chunk();
}

void handover_reset(void)
{
	total_pages = 0;
	memset(&seed, 0, sizeof(seed));
	run.next = PFN_NONE;
	memset(&open_chunk, 0, sizeof(open_chunk));
}
