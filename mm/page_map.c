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
 * so the price stays proportional to RAM however it is scattered.  The page_blocks of
 * spans that share a largest block must be the same memory; such spans form a chain
 * with one allocation.
 */
#include "mm/page.h"

#include "mm/ledger.h"
#include "mm/zone.h"

struct page_span **page_index;
unsigned long page_index_slots;
unsigned int page_index_shift = 15;

static struct page_span *spans;
static unsigned int nr_spans, max_spans;
static phys_addr_t map_bytes;
struct page_span **desc_index;
uintptr_t desc_lowest;
unsigned long desc_index_slots;
unsigned int desc_index_shift = 15;
static uintptr_t desc_end;

#define INDEX_SLOTS_MAX		1024UL	/* 8 KiB, and one cache line per 8 slots */
#define INDEX_SHIFT_MIN		15	/* 128 MiB a slot, as a section of Linux */
#define SPAN_SPLITS		64	/* spare entries, for RAM too scattered for one array */
#define SPAN_HOLE		(sizeof(struct page_span) / sizeof(struct page))
#define MAP_LOWEST		SZ_16M	/* leave DMA memory to those who need it */

static unsigned long first_block(const struct page_span *span)
{
	return span->start >> MAX_PAGE_ORDER;
}

static unsigned long last_block(const struct page_span *span)
{
	return (span->start + span->pages - 1) >> MAX_PAGE_ORDER;
}

static unsigned long span_end(const struct page_span *span)
{
	return span->start + span->pages;
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
	if (mem) {
		ledger_name(virt_to_phys(mem), bytes, "page map");
		map_bytes += bytes;
	}
	return mem;
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
	/* kernelcore=mirror may draw a zone's border anywhere, and chunks have one zone. */
	if (memblock_has_mirror() && !IS_ALIGNED(start, CHUNK_PAGES))
		return false;
	return hole <= SPAN_HOLE || holes + hole <= (ram + end - start) / 4;
}

static void __init find_spans(void)
{
	unsigned long start, end, ram = 0, holes = 0;
	struct page_span *span = NULL;
	int i, nid;

	for_each_mem_pfn_range(i, MAX_NUMNODES, &start, &end, &nid) {
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
			span = &spans[nr_spans++];
			*span = (struct page_span){ .start = start, .nid = nid };
			ram = holes = 0;
		}
		ram += end - start;
		span->pages = end - span->start;
	}
}

/* Cut spans[i] in two at a border of largest blocks.  Return: false if it cannot be. */
static bool __init split_span(unsigned int i)
{
	struct page_span *span = &spans[i];
	unsigned long middle = ALIGN_DOWN(span->start + span->pages / 2, MAX_ORDER_NR_PAGES);
	unsigned long end = span_end(span);

	if (middle <= span->start || nr_spans == max_spans)
		return false;
	memmove(span + 2, span + 1, (nr_spans - i - 1) * sizeof(*span));
	nr_spans++;
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
		pages += spans[i].pages;
	return pages * sizeof(struct page);
}

/*
 * Descriptors of spans[first] and as many of the following spans of its node as fit
 * in one piece of memory.  Return: index behind the last span served.
 */
static unsigned int __init alloc_descriptors(unsigned int first)
{
	int nid = spans[first].nid;
	unsigned int end = first + 1;
	uintptr_t mem;

	while (end < nr_spans && spans[end].nid == nid)
		end++;
	for (;;) {
		phys_addr_t bytes = descriptor_bytes(first, end);

		mem = (uintptr_t)map_alloc(bytes, nid, true);
		if (!mem && end == first + 1)
			mem = (uintptr_t)map_alloc(bytes, nid, false);
		if (mem)
			break;
		if (end > first + 1)
			end = first + (end - first) / 2;
		else if (!split_span(first))
			map_alloc_or_panic(bytes, nid);
	}
	desc_lowest = MIN(desc_lowest, mem);
	for (; first < end; first++) {
		spans[first].first = mem;
		spans[first].map = mem - spans[first].start * sizeof(struct page);
		mem += spans[first].pages * sizeof(struct page);
	}
	desc_end = MAX(desc_end, mem);
	return end;
}

static unsigned long first_chunk(const struct page_span *span)
{
	return span->start / CHUNK_PAGES;
}

static unsigned long chunk_count(const struct page_span *span)
{
	return (span_end(span) - 1) / CHUNK_PAGES - first_chunk(span) + 1;
}

__noinline void span_clear_chunks(const struct page_span *span, unsigned long pfn)
{
	const unsigned long start = ALIGN_DOWN(pfn, MAX_ORDER_NR_PAGES);
	const unsigned long end = MIN(start + MAX_ORDER_NR_PAGES, span_end(span));
	struct chunk *chunk = span_chunk(span, MAX(start, span->start));

	while (chunk <= span_chunk(span, end - 1))
		*chunk++ = (struct chunk){ 0 };
	span_block(span, pfn)->flags |= BLOCK_MARKED;
}

/* A largest block with pages of several spans is never whole: its chunks begin at once. */
static void __init begin_shared_blocks(unsigned int first, unsigned int end)
{
	for (unsigned int i = first; i < end; i++) {
		if (i > first)
			span_clear_chunks(&spans[i], spans[i].start);
		if (i + 1 < end)
			span_clear_chunks(&spans[i], span_end(&spans[i]) - 1);
	}
}

/* page_blocks and chunks of the spans of the chain that begins at spans[first]. */
static unsigned int __init alloc_blocks(unsigned int first)
{
	unsigned int end = first + 1;
	unsigned long block = first_block(&spans[first]), count;
	struct page_block *blocks;

	while (end < nr_spans && first_block(&spans[end]) == last_block(&spans[end - 1]))
		end++;
	count = last_block(&spans[end - 1]) - block + 1;
	blocks = map_alloc_or_panic(count * sizeof(*blocks), spans[first].nid);
	for (unsigned long i = 0; i < count; i++)
		blocks[i] = (struct page_block){ .type = { MIGRATE_MOVABLE, MIGRATE_MOVABLE } };
	for (unsigned int i = first; i < end; i++) {
		void *chunks = map_alloc_or_panic(chunk_count(&spans[i]) * sizeof(struct chunk),
						  spans[i].nid);

		spans[i].blocks = (uintptr_t)blocks - block * sizeof(*blocks);
		spans[i].chunks = (uintptr_t)chunks - first_chunk(&spans[i]) * sizeof(struct chunk);
	}
	begin_shared_blocks(first, end);
	return end;
}

/* The smallest shift, at least INDEX_SHIFT_MIN, by which @last gets a slot. */
static unsigned int __init index_shift(unsigned long last)
{
	unsigned int shift = INDEX_SHIFT_MIN;

	while (last >> shift >= INDEX_SLOTS_MAX)
		shift++;
	return shift;
}

static void __init build_index(void)
{
	unsigned long last = span_end(&spans[nr_spans - 1]) - 1;
	unsigned int span = 0;

	page_index_shift = index_shift(last);
	page_index_slots = (last >> page_index_shift) + 1;
	page_index = map_alloc_or_panic(page_index_slots * sizeof(*page_index), spans[0].nid);
	for (unsigned long slot = 0; slot < page_index_slots; slot++) {
		while (span_end(&spans[span]) <= slot << page_index_shift)
			span++;
		page_index[slot] = &spans[span];
	}
}

static bool __init slot_has(const struct page_span *span, unsigned long slot)
{
	uintptr_t first = span->first - desc_lowest;
	uintptr_t end = first + span->pages * sizeof(struct page);

	return first >> desc_index_shift <= slot && slot <= (end - 1) >> desc_index_shift;
}

/* A slot with descriptors of several spans gets the largest; others are searched for. */
static void __init build_desc_index(void)
{
	unsigned long last = desc_end - desc_lowest - 1;

	desc_index_shift = index_shift(last);
	desc_index_slots = (last >> desc_index_shift) + 1;
	desc_index = map_alloc_or_panic(desc_index_slots * sizeof(*desc_index), spans[0].nid);
	for (unsigned long slot = 0; slot < desc_index_slots; slot++)
		desc_index[slot] = &spans[0];
	for (unsigned int i = 0; i < nr_spans; i++) {
		uintptr_t first = spans[i].first - desc_lowest;
		uintptr_t end = first + spans[i].pages * sizeof(struct page);

		for (uintptr_t slot = first >> desc_index_shift;
		     slot <= (end - 1) >> desc_index_shift; slot++)
			if (desc_index[slot]->pages < spans[i].pages ||
			    !slot_has(desc_index[slot], slot))
				desc_index[slot] = &spans[i];
	}
}

void __init page_map_init(void)
{
	unsigned long start, end;
	int i, nid;

	max_spans = SPAN_SPLITS;
	for_each_mem_pfn_range(i, MAX_NUMNODES, &start, &end, &nid)
		max_spans++;
	spans = map_alloc_or_panic(max_spans * sizeof(*spans), NUMA_NO_NODE);
	desc_lowest = UINTPTR_MAX;
	find_spans();
	if (!nr_spans)
		panic("page map: memblock has no whole page of RAM");
	for (unsigned int n = 0; n < nr_spans;)
		n = alloc_descriptors(n);
	for (unsigned int n = 0; n < nr_spans;)
		n = alloc_blocks(n);
	build_index();
	build_desc_index();
}

/* ---- finding ---------------------------------------------------------------- */

struct page_span *page_span_search(unsigned long pfn)
{
	unsigned int low = 0, high = nr_spans;

	while (low < high) {
		unsigned int mid = low + (high - low) / 2;

		if (span_end(&spans[mid]) <= pfn)
			low = mid + 1;
		else
			high = mid;
	}
	return low < nr_spans && page_span_has(&spans[low], pfn) ? &spans[low] : NULL;
}

struct page *pfn_to_page(unsigned long pfn)
{
	return page_at(pfn);
}

unsigned long page_to_pfn_search(uintptr_t addr)
{
	for (unsigned int i = 0; i < nr_spans; i++) {
		uintptr_t offset = addr - spans[i].first;

		if (offset < spans[i].pages * sizeof(struct page))
			return offset % sizeof(struct page) ? PFN_NONE :
				spans[i].start + offset / sizeof(struct page);
	}
	return PFN_NONE;
}

static bool is_hot(unsigned long pfn)
{
	const struct zone *zone = zone_of_pfn(pfn);

	for (unsigned int type = 0; zone && type < HOT_TYPES; type++)
		for (unsigned int i = 0; i < zone->hot[type].count; i++)
			if (zone->hot[type].pfn[i] == pfn)
				return true;
	return false;
}

/* Only for an allocated block. */
static unsigned int references(const struct page_span *span, unsigned long head)
{
	return 1 + (span_block(span, head)->flags & BLOCK_REFS ? span_page(span, head)->more : 0);
}

static void fill_state(const struct page_span *span, unsigned long pfn, unsigned int order,
		       enum page_mark mark, const struct head *head, struct page_state *state)
{
	state->mark = mark;
	state->head = pfn;
	state->order = order;
	state->zone_id = (head->bits & PAGE_ZONE_MASK) >> PAGE_ZONE_SHIFT;
	state->type = mark == MARK_FREE ? head->bits >> PAGE_TYPE_SHIFT :
					  pageblock_type_in(span, pfn);
	state->refcount = mark == MARK_ALLOC ? references(span, pfn) : 0;
}

/* Is @pfn in a block of @order, below MAX_PAGE_ORDER? */
static bool find_block(const struct page_span *span, unsigned long pfn, unsigned int order,
		       struct page_state *state)
{
	const unsigned long head = ALIGN_DOWN(pfn, 1UL << order);
	const unsigned int bit = tree_bit(head, MIN(order, (unsigned int)CHUNK_ORDER));
	const struct chunk *chunk;

	if (!page_span_has(span, head))
		return false;
	chunk = span_chunk(span, head);
	if (!((chunk->free | chunk->used) >> bit & 1) ||
	    (order >= CHUNK_ORDER && (chunk->head.bits & PAGE_ORDER_MASK) != order))
		return false;
	fill_state(span, head, order, chunk->free >> bit & 1 ? MARK_FREE : MARK_ALLOC,
		   &chunk->head, state);
	return true;
}

void page_get_state(unsigned long pfn, struct page_state *state)
{
	struct page_span *span = page_span_of(pfn);
	const struct page_block *block;

	*state = (struct page_state){ .mark = MARK_NONE, .head = pfn };
	if (!span)
		return;
	block = span_block(span, pfn);
	if (block->flags & (BLOCK_FREE | BLOCK_ALLOC)) {
		fill_state(span, ALIGN_DOWN(pfn, MAX_ORDER_NR_PAGES), MAX_PAGE_ORDER,
			   block->flags & BLOCK_FREE ? MARK_FREE : MARK_ALLOC, &block->head, state);
		return;
	}
	if (!(block->flags & BLOCK_MARKED))
		return;
	for (unsigned int order = 0; order < MAX_PAGE_ORDER; order++)
		if (find_block(span, pfn, order, state))
			return;
	if (is_hot(pfn)) {
		fill_state(span, pfn, 0, MARK_FREE, &span_chunk(span, pfn)->head, state);
		state->type = pageblock_type_in(span, pfn);
		state->hot = true;
	}
}

bool page_is_reserved(unsigned long pfn)
{
	struct page_state state;

	page_get_state(pfn, &state);
	return state.mark == MARK_NONE && pfn_valid(pfn);
}

unsigned int page_count(const struct page *page)
{
	struct page_state state;

	page_get_state(page_to_pfn(page), &state);
	return state.refcount;
}

/* From here on struct page of all pages around @pfn says something: no more references. */
static void begin_references(unsigned long pfn)
{
	struct page_block *block = span_block(page_span_of(pfn), pfn);
	const unsigned long start = ALIGN_DOWN(pfn, MAX_ORDER_NR_PAGES);

	if (block->flags & BLOCK_REFS)
		return;
	for (unsigned long p = start; p < start + MAX_ORDER_NR_PAGES; p++)
		if (pfn_valid(p))
			page_at(p)->more = 0;
	block->flags |= BLOCK_REFS;
}

void get_page(struct page *page)
{
	struct page_state state;

	page_get_state(page_to_pfn(page), &state);
	if (WARN(state.mark != MARK_ALLOC, "get_page: page at %p is not allocated\n", (void *)page))
		return;
	begin_references(state.head);
	page_at(state.head)->more++;
}

bool page_put_reference(const struct page_span *span, unsigned long pfn)
{
	if (likely(references(span, pfn) == 1))
		return true;
	span_page(span, pfn)->more--;
	return false;
}

/* ---- telling ------------------------------------------------------------------ */

phys_addr_t page_map_bytes(void)
{
	return map_bytes;
}

unsigned int page_span_count(void)
{
	return nr_spans;
}

const struct page_span *page_span_get(unsigned int i)
{
	return &spans[i];
}

void page_map_reset(void)
{
	page_index = NULL;
	page_index_slots = 0;
	spans = NULL;
	nr_spans = max_spans = 0;
	map_bytes = 0;
	desc_index = NULL;
	desc_index_slots = 0;
	desc_lowest = desc_end = 0;
}
