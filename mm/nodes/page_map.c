// SPDX-License-Identifier: GPL-2.0-only
/*
 * The arrays behind page.h: which pages there are and where they are described.
 *
 * Spans are cut from memblock's regions.  A hole is kept inside a span if its
 * descriptors cost less than another span or a quarter of what they describe:
 *
 *	RAM	[--158--]97[----------------3 GiB----------------]  .....  [--1--] .. [--1--]
 *	spans	[-------------------- one -----------------------]         [-2-]      [-3-]
 *
 * so the price stays proportional to RAM however it is scattered.
 */
#include "mm/page.h"

#include "mm/memblock.h"
#include "mm/memblock_event.h"	/* ledger_owned() */
#include "mm/sorted.h"
#include "mm/zone.h"

struct page_map page_map;

static const struct page_span no_span;		/* without pages: the first hint */

#define INDEX_SLOTS_MAX		1024UL	/* 8 KiB, and one cache line per 8 slots */
#define INDEX_SHIFT_MIN		15	/* 128 MiB a slot, as a section of Linux */
#define SPAN_SPLITS		64	/* spare entries, for RAM too scattered for one array */
#define SPAN_HOLE		(sizeof(struct page_span) / sizeof(struct page))
#define MAP_LOWEST		PFN_PHYS(MAX_DMA_PFN)	/* ZONE_DMA is left to devices */

static unsigned long span_end(const struct page_span *span)
{
	return span->start + span->pages;
}

/* Will memory.regions[i] and regions[i + 1] be one when HOTPLUG is cleared? */
static bool __init will_merge(unsigned long i)
{
	const struct memblock_region *r = &memblock.memory.regions[i];

	return i + 1 < memblock.memory.cnt && r[1].base == r->base + r->size &&
	       memblock_get_region_node(&r[1]) == memblock_get_region_node(r) &&
	       !((r->flags ^ r[1].flags) & ~(unsigned int)MEMBLOCK_HOTPLUG);
}

/*
 * Where the whole pages of regions[i] end, with a last page of which the regions behind it have
 * the rest.
 * Linux differs: its zones do not have that page, and its log calls it unavailable.
 */
static unsigned long __init merged_end_pfn(unsigned long i)
{
	const struct memblock_region *r = &memblock.memory.regions[i];
	const unsigned long end = memblock_region_memory_end_pfn(r);

	if (IS_ALIGNED(r->base + r->size, PAGE_SIZE))
		return end;
	for (; will_merge(i); i++)
		if (memblock_region_memory_end_pfn(++r) > end)
			return end + 1;
	return end;
}

void __init next_page_range(int *i, unsigned long *start, unsigned long *end, int *nid)
{
	for (unsigned long at = (unsigned long)(*i + 1); at < memblock.memory.cnt; at++) {
		const struct memblock_region *r = &memblock.memory.regions[at];

		*start = PFN_DOWN(r->base) + !IS_ALIGNED(r->base, PAGE_SIZE);
		*end = merged_end_pfn(at);
		if (*start < *end) {
			*i = (int)at;
			*nid = memblock_get_region_node(r);
			return;
		}
	}
	*i = -1;
}

/* Allocate @bytes on or near @nid, contents undefined. */
static void *__init map_alloc(phys_addr_t bytes, int nid, bool exact)
{
	void *mem;

	if (exact)
		mem = memblock_alloc_exact_nid_raw(bytes, SMP_CACHE_BYTES, MAP_LOWEST,
						   MEMBLOCK_ALLOC_ACCESSIBLE, nid);
	else
		mem = memblock_alloc_try_nid_raw(bytes, SMP_CACHE_BYTES, MAP_LOWEST,
						 MEMBLOCK_ALLOC_ACCESSIBLE, nid);
	page_map.bytes += mem ? bytes : 0;
	return ledger_owned(mem, bytes, "page map");
}

static void *__init map_alloc_or_panic(phys_addr_t bytes, int nid)
{
	void *mem = map_alloc(bytes, nid, false);

	if (!mem)
		panic("page map: no %llu bytes left for the descriptors of node %d; add RAM or reserve less",
		      (unsigned long long)bytes, nid);
	return mem;
}

/*
 * May [start, end) join @span, whose own RAM is @ram pages?  @holes are the pages
 * of holes it has already.
 */
static bool __init span_may_join(const struct page_span *span, unsigned long ram,
				 unsigned long holes, unsigned long start, unsigned long end,
				 int nid)
{
	unsigned long hole = start - span_end(span);

	if (span->nid != nid)
		return false;
	/* kernelcore=mirror may draw a zone's border anywhere, and pageblocks have one zone. */
	if (memblock_has_mirror() && !IS_ALIGNED(start, PAGEBLOCK_NR_PAGES))
		return false;
	return hole <= SPAN_HOLE || holes + hole <= (ram + end - start) / 4;
}

static void __init find_spans(void)
{
	unsigned long start, end, ram = 0, holes = 0;
	struct page_span *span = NULL;
	int i, nid;

	for_each_page_range(i, &start, &end, &nid) {
		if (end >= PFN_NONE) {
			pr_warn("page map: RAM above %#llx is not used: frame numbers have %d bits\n",
				(unsigned long long)PFN_PHYS(PFN_NONE), PFN_BITS);
			end = PFN_NONE;
			if (start >= end)
				break;
		}
		if (span && span_may_join(span, ram, holes, start, end, nid)) {
			holes += start - span_end(span);
		} else {
			span = &page_map.spans[page_map.nr_spans++];
			*span = (struct page_span){ .start = start, .nid = nid };
			ram = holes = 0;
		}
		ram += end - start;
		span->pages = end - span->start;
	}
}

/* Cut page_map.spans[i] in two at a border of largest blocks.  Return: false if it cannot be. */
static bool __init split_span(unsigned int i)
{
	struct page_span *span = &page_map.spans[i];
	unsigned long middle = ALIGN_DOWN(span->start + span->pages / 2, MAX_ORDER_NR_PAGES);
	unsigned long end = span_end(span);

	if (middle <= span->start || page_map.nr_spans == page_map.max_spans)
		return false;
	memmove(span + 2, span + 1, (page_map.nr_spans - i - 1) * sizeof(*span));
	page_map.nr_spans++;
	span[1] = span[0];
	span[0].pages = middle - span->start;
	span[1].start = middle;
	span[1].pages = end - middle;
	return true;
}

static phys_addr_t __init descriptor_bytes(unsigned int first, unsigned int end)
{
	phys_addr_t pages = 0;

	for (unsigned int i = first; i < end; i++)
		pages += page_map.spans[i].pages;
	return pages * sizeof(struct page);
}

/*
 * Memory for the descriptors of spans[first .. *end), which are of one node.  Where it cannot be
 * had for all of them *@end comes down.  What is tried, in this order:
 *
 *	spans of the node	[--0--)[--1--)[--2--)[--3--)
 *	all, on the node	 ==========================
 *	half of them ...	 ============
 *	the first alone		 =====
 *	it, on any node		 =====
 *	half of it		 ==		the rest of it is a span of its own then
 *
 * The descriptors of neighbours are together where possible: fewer reserved ranges.
 */
static uintptr_t __init alloc_descriptors(unsigned int first, unsigned int *end)
{
	const int nid = page_map.spans[first].nid;

	for (;;) {
		const phys_addr_t bytes = descriptor_bytes(first, *end);
		const bool alone = *end == first + 1;
		void *mem = map_alloc(bytes, nid, true);

		if (!mem && alone)
			mem = map_alloc(bytes, nid, false);
		if (mem)
			return (uintptr_t)mem;
		if (!alone)
			*end = first + (*end - first) / 2;
		else if (!split_span(first))
			map_alloc_or_panic(bytes, nid);		/* nothing is left to try */
	}
}

/*
 * Give spans[first] its descriptors, and those of the following spans that are of its node.
 * Return: index behind the last span served.
 */
static unsigned int __init describe_spans(unsigned int first)
{
	struct page_span *span = &page_map.spans[first];
	unsigned int end = first + 1;
	uintptr_t mem;

	while (end < page_map.nr_spans && page_map.spans[end].nid == span->nid)
		end++;
	mem = alloc_descriptors(first, &end);
	page_map.desc_lowest = MIN(page_map.desc_lowest, mem);
	for (; first < end; first++, span++) {
		span->first = mem;
		span->map = mem - span->start * sizeof(struct page);
		span->bytes = span->pages * sizeof(struct page);
		mem += span->bytes;
	}
	page_map.desc_end = MAX(page_map.desc_end, mem);
	return end;
}

/* How many aligned blocks of 2^@order pages @span touches; *@first is the number of the first. */
static unsigned long __init count_blocks(const struct page_span *span, unsigned int order,
				     unsigned long *first)
{
	*first = span->start >> order;
	return ((span_end(span) - 1) >> order) - *first + 1;
}

/* Pageblocks and, behind them, chunks of @span. */
static void __init alloc_blocks(struct page_span *span)
{
	unsigned long first_block, first_chunk;
	const unsigned long blocks = count_blocks(span, PAGEBLOCK_ORDER, &first_block);
	const unsigned long chunks = count_blocks(span, CHUNK_ORDER, &first_chunk);
	struct pageblock *block;

	span->members_bytes = blocks * sizeof(*block) + chunks * sizeof(struct units);
	block = map_alloc_or_panic(span->members_bytes, span->nid);
	span->members = (uintptr_t)block;
	span->at[LEVEL_PAGEBLOCK] = span->members - first_block * sizeof(*block);
	span->at[LEVEL_CHUNK] = span->members + blocks * sizeof(*block) -
				first_chunk * sizeof(struct units);
	for (const struct pageblock *end = block + blocks; block < end; block++) {
		block->units.lo = block->units.hi = 0;
		block->units.head.next = block->units.head.previous = &block->units.head;
		block->zone = NULL;
		block->stacks = NO_STACKS;
		block->split = 0;
		block->type = MIGRATE_MOVABLE;
		block->flags = 0;
	}
}

/* The smallest shift, at least INDEX_SHIFT_MIN, by which @last gets a slot. */
static unsigned int __init index_shift(unsigned long last)
{
	unsigned int shift = INDEX_SHIFT_MIN;

	while (last >> shift >= INDEX_SLOTS_MAX)
		shift++;
	return shift;
}

/* The tables that lead to spans lie on the node of the first span. */
static void *__init alloc_table(unsigned long entries)
{
	return map_alloc_or_panic(entries * sizeof(struct page_span *), page_map.spans[0].nid);
}

static void __init build_index(void)
{
	const struct page_span *last_span = &page_map.spans[page_map.nr_spans - 1];
	const unsigned long last = span_end(last_span) - 1;
	struct page_span *span = page_map.spans;

	page_map.index_shift = index_shift(last);
	page_map.index_slots = (last >> page_map.index_shift) + 1;
	page_map.index = alloc_table(page_map.index_slots);
	for (unsigned long slot = 0; slot < page_map.index_slots; slot++) {
		while (span_end(span) <= slot << page_map.index_shift)
			span++;
		page_map.index[slot] = span;
	}
}

/* The slots of desc_index that @span's descriptors touch: *@first to the one returned. */
static unsigned long __init desc_slots_of(const struct page_span *span, unsigned long *first)
{
	const uintptr_t from = span->first - page_map.desc_lowest;

	*first = from >> page_map.desc_shift;
	return (from + span->pages * sizeof(struct page) - 1) >> page_map.desc_shift;
}

static bool __init slot_has(const struct page_span *span, unsigned long slot)
{
	unsigned long first, last = desc_slots_of(span, &first);

	return first <= slot && slot <= last;
}

/*
 * A slot with descriptors of several spans leads to the largest of them; the others are found
 * by search_descriptor().
 */
static void __init build_desc_index(void)
{
	const unsigned long last = page_map.desc_end - page_map.desc_lowest - 1;
	struct page_span **index;

	page_map.desc_shift = index_shift(last);
	page_map.desc_slots = (last >> page_map.desc_shift) + 1;
	page_map.desc_index = index = alloc_table(page_map.desc_slots);
	for (unsigned long slot = 0; slot < page_map.desc_slots; slot++)
		index[slot] = &page_map.spans[0];
	for (unsigned int i = 0; i < page_map.nr_spans; i++) {
		struct page_span *span = &page_map.spans[i];
		unsigned long slot, end = desc_slots_of(span, &slot);

		for (; slot <= end; slot++)
			if (index[slot]->pages < span->pages || !slot_has(index[slot], slot))
				index[slot] = span;
	}
}

/*
 * By insertion: spans are few, or nearly sorted backwards, because memblock gave their members
 * one after the other, from the top down.
 */
static void __init sort_by_members(void)
{
	struct page_span **sorted = alloc_table(page_map.nr_spans);

	for (unsigned int n = 0; n < page_map.nr_spans; n++) {
		struct page_span *span = &page_map.spans[page_map.nr_spans - 1 - n];
		unsigned int i = n;

		for (; i && sorted[i - 1]->members > span->members; i--)
			sorted[i] = sorted[i - 1];
		sorted[i] = span;
	}
	page_map.by_members = sorted;
}

void __init page_map_init(void)
{
	unsigned long start, end;
	int i, nid;

	this_cpu()->page_span_recent = &no_span;
	page_map.max_spans = SPAN_SPLITS;
	for_each_page_range(i, &start, &end, &nid)
		page_map.max_spans++;
	page_map.spans = map_alloc_or_panic(page_map.max_spans * sizeof(*page_map.spans),
					    NUMA_NO_NODE);
	page_map.desc_lowest = UINTPTR_MAX;
	find_spans();
	if (!page_map.nr_spans)
		panic("page map: memblock has no whole page of RAM");
	for (unsigned int n = 0; n < page_map.nr_spans;)
		n = describe_spans(n);
	for (unsigned int n = 0; n < page_map.nr_spans; n++)
		alloc_blocks(&page_map.spans[n]);
	build_index();
	build_desc_index();
	sort_by_members();
}

/* ---- finding ---------------------------------------------------------------- */

struct page_span *page_span_search(unsigned long pfn)
{
	const unsigned int n = page_map.nr_spans;
	const unsigned int at = first_ending_above(n, pfn, i, span_end(&page_map.spans[i]));

	return at < n && page_span_has(&page_map.spans[at], pfn) ? &page_map.spans[at] : NULL;
}

/* The hand-over asks in ascending order, so the span of the last answer mostly has @pfn, too. */
struct page *pfn_to_page(unsigned long pfn)
{
	const struct page_span *span = this_cpu()->page_span_recent;

	if (unlikely(!page_span_has(span, pfn))) {
		span = page_span_of(pfn);
		if (!span)
			return NULL;
		this_cpu()->page_span_recent = span;
	}
	return span_page(span, pfn);
}

const struct page_span *page_span_of_member(const void *at)
{
	unsigned int low = 0, high = page_map.nr_spans;

	while (high - low > 1) {
		unsigned int mid = low + (high - low) / 2;

		if (page_map.by_members[mid]->members <= (uintptr_t)at)
			low = mid;
		else
			high = mid;
	}
	return page_map.by_members[low];
}

static const struct page_span *search_descriptor(uintptr_t addr)
{
	for (unsigned int i = 0; i < page_map.nr_spans; i++)
		if (addr - page_map.spans[i].first < page_map.spans[i].bytes)
			return &page_map.spans[i];
	return NULL;
}

__noinline const struct page_span *page_span_of_descriptor(uintptr_t addr)
{
	const struct page_span *span;

	if ((addr - page_map.desc_lowest) >> page_map.desc_shift >= page_map.desc_slots)
		return NULL;
	span = page_map.desc_index[(addr - page_map.desc_lowest) >> page_map.desc_shift];
	if (unlikely(addr - span->first >= span->bytes))
		span = search_descriptor(addr);
	if (span)
		this_cpu()->page_span_recent = span;
	return span;
}

/* ---- sizes, for views ------------------------------------------------------------ */

phys_addr_t page_map_bytes(void)
{
	return page_map.bytes;
}

unsigned int page_span_count(void)
{
	return page_map.nr_spans;
}

const struct page_span *page_span_get(unsigned int i)
{
	return &page_map.spans[i];
}
