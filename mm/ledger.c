// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ledger's book: records beside memblock, and the sum.
 *
 * Invariant: records are sorted, disjoint, never empty; two neighbours that touch
 * differ in owner or caller.  The sum is counted from three sides that know nothing
 * of each other: the buddy's counters, memblock's arrays as they were at the
 * hand-over, and the map.
 */
#include "mm/ledger.h"

#include "kernel/lib/trace.h"	/* trace_add() */
#include "mm/range.h"
#include "mm/zone.h"

static struct ledger_entry static_records[LEDGER_RECORDS];
static struct ledger_entry *records = static_records;
static unsigned int nr_records, max_records = LEDGER_RECORDS;

static struct {
	phys_addr_t	ram;		/* of the map, 0: not told			*/
	phys_addr_t	before_trim;	/* bytes in memblock.memory before the trim	*/
	phys_addr_t	trimmed;	/* and what the trim cost			*/
	phys_addr_t	shared;		/* recorded in pages of two nodes		*/
	unsigned long	kept;		/* pages: managed, but reserved			*/
	bool		closed;
	bool		growing;
	struct ledger_sum sum;		/* at the last release; buddy: as it was then	*/
} book;

/* ---- records ------------------------------------------------------------------- */

static phys_addr_t record_end(unsigned int i)
{
	return records[i].base + records[i].size;
}

/* The first record that ends after @pa. */
static unsigned int record_from(phys_addr_t pa)
{
	unsigned int low = 0, high = nr_records;

	while (low < high) {
		unsigned int mid = low + (high - low) / 2;

		if (record_end(mid) <= pa)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void record_delete(unsigned int i)
{
	nr_records--;
	memmove(&records[i], &records[i + 1], (nr_records - i) * sizeof(records[0]));
}

static bool records_join(unsigned int i, const struct ledger_entry *entry)
{
	return records[i].owner == entry->owner && records[i].caller == entry->caller;
}

/*
 * Put @entry, which overlaps none, before record @i.
 * Return: index of the record that holds it now; nr_records if there was no room.
 */
static unsigned int record_insert(unsigned int i, const struct ledger_entry *entry)
{
	if (i > 0 && record_end(i - 1) == entry->base && records_join(i - 1, entry)) {
		records[i - 1].size += entry->size;
		if (i < nr_records && record_end(i - 1) == records[i].base &&
		    records_join(i, entry)) {
			records[i - 1].size += records[i].size;
			record_delete(i);
		}
		return i - 1;
	}
	if (i < nr_records && entry->base + entry->size == records[i].base &&
	    records_join(i, entry)) {
		records[i].base = entry->base;
		records[i].size += entry->size;
		return i;
	}
	if (nr_records == max_records)
		return nr_records;
	memmove(&records[i + 1], &records[i], (nr_records - i) * sizeof(records[0]));
	records[i] = *entry;
	nr_records++;
	return i;
}

/*
 * What has no record yet gets one:
 *
 *	records	    [---A---]      [--B--]
 *	new	[=======================]
 *	result	[-n-][--A---][--n--][--B--]
 */
static void records_fill(phys_addr_t base, phys_addr_t size, const char *owner,
			 unsigned long caller)
{
	phys_addr_t end = phys_range_end(base, size);

	while (base < end) {
		unsigned int i = record_from(base);
		phys_addr_t stop = i < nr_records ? MIN(end, records[i].base) : end;
		struct ledger_entry entry = { base, stop - base, owner, caller };

		if (stop <= base) {
			base = record_end(i);
			continue;
		}
		record_insert(i, &entry);
		base = stop;
	}
}

/* Remove [base, base + size) from the records.  Return: bytes that had one. */
static phys_addr_t records_clear(phys_addr_t base, phys_addr_t size)
{
	phys_addr_t end = phys_range_end(base, size), cleared = 0;
	unsigned int i = record_from(base);

	while (i < nr_records && records[i].base < end) {
		struct ledger_entry old = records[i];
		phys_addr_t from = MAX(old.base, base), to = MIN(old.base + old.size, end);

		cleared += to - from;
		record_delete(i);
		if (old.base < from) {
			struct ledger_entry low = { old.base, from - old.base, old.owner,
						    old.caller };

			record_insert(i++, &low);
		}
		if (old.base + old.size > to) {
			struct ledger_entry high = { to, old.base + old.size - to, old.owner,
						     old.caller };

			record_insert(i++, &high);
		}
	}
	return cleared;
}

void ledger_name(phys_addr_t base, phys_addr_t size, const char *owner)
{
	phys_addr_t end = phys_range_end(base, size);

	trace_add(&(struct trace_event){ .op = "name", .base = base, .size = size,
					 .owner = owner, .nid = NUMA_NO_NODE });
	while (base < end) {
		unsigned int i = record_from(base);
		struct ledger_entry part;
		phys_addr_t next;

		if (i == nr_records || records[i].base >= end)
			return;
		part = records[i];
		next = record_end(i);
		if (!part.owner) {
			part.base = MAX(part.base, base);
			part.size = MIN(next, end) - part.base;
			part.owner = owner;
			records_clear(part.base, part.size);
			record_insert(record_from(part.base), &part);
		}
		base = next;
	}
}

bool ledger_get(unsigned int i, struct ledger_entry *entry)
{
	if (i >= nr_records)
		return false;
	*entry = records[i];
	return true;
}

/* ---- following memblock ---------------------------------------------------------- */

void (*memblock_stepper)(uint64_t seq, const struct trace_event *event);

static phys_addr_t memory_bytes(void)
{
	struct memblock_region *r;
	phys_addr_t bytes = 0;

	for_each_mem_region(r)
		bytes += r->size;
	return bytes;
}

/* Of less than a page nothing comes. */
static void release_pages(phys_addr_t first, phys_addr_t end)
{
	if (first < end)
		ledger_release(first, end - first);
}

static void follow(enum memblock_op op, phys_addr_t base, phys_addr_t size, unsigned long caller)
{
	/* After the hand-over memblock's arrays say nothing about who has a page. */
	if (book.closed && op != MEMBLOCK_OP_FREE_LATE)
		return;
	switch (op) {
	case MEMBLOCK_OP_ADD:
	case MEMBLOCK_OP_REMOVE:
		book.before_trim = memblock.memory.total_size;
		break;
	case MEMBLOCK_OP_TRIM:
		book.trimmed += book.before_trim - memory_bytes();
		book.before_trim = memory_bytes();
		break;
	case MEMBLOCK_OP_RESERVE:
	case MEMBLOCK_OP_ALLOC:
		records_fill(base, size, NULL, caller);
		break;
	case MEMBLOCK_OP_DOUBLE:
		records_fill(base, size, "memblock array", caller);
		break;
	case MEMBLOCK_OP_FREE:
		records_clear(base, size);
		break;
	case MEMBLOCK_OP_CAP:
		records_clear(0, base);
		records_clear(phys_range_end(base, size), PHYS_ADDR_MAX);
		break;
	case MEMBLOCK_OP_FREE_LATE:	/* one more event, of what came of it: whole pages */
		release_pages(ALIGN_UP(base, PAGE_SIZE),
			      ALIGN_DOWN(phys_range_end(base, size), PAGE_SIZE));
		break;
	default:
		break;
	}
}

/*
 * A book that is three quarters full moves to memory of its own, twice as large; where there
 * is none it goes on as it is.  Only right after an allocation: there memblock is at rest and
 * may be asked again.
 */
static void make_room(void)
{
	const size_t bytes = max_records * sizeof(records[0]);
	struct ledger_entry *old = records, *bigger;

	if (book.closed || book.growing || nr_records < max_records / 4 * 3)
		return;
	book.growing = true;
	bigger = memblock_alloc_raw(2 * bytes, PAGE_SIZE);
	if (bigger) {
		memcpy(bigger, records, nr_records * sizeof(records[0]));
		records = bigger;
		max_records *= 2;
		ledger_name(virt_to_phys(bigger), 2 * bytes, "ledger");
		if (old != static_records)
			memblock_free(old, bytes);
	}
	book.growing = false;
}

void memblock_event(enum memblock_op op, phys_addr_t base, phys_addr_t size, int nid,
		    unsigned int flags, unsigned long caller, int rc)
{
	static const char *const names[MEMBLOCK_OP_COUNT] = {
		[MEMBLOCK_OP_ADD] = "add",
		[MEMBLOCK_OP_REMOVE] = "remove",
		[MEMBLOCK_OP_RESERVE] = "reserve",
		[MEMBLOCK_OP_FREE] = "free",
		[MEMBLOCK_OP_ALLOC] = "alloc",
		[MEMBLOCK_OP_SET_FLAG] = "set_flag",
		[MEMBLOCK_OP_CLEAR_FLAG] = "clear_flag",
		[MEMBLOCK_OP_SET_NODE] = "set_node",
		[MEMBLOCK_OP_DOUBLE] = "double",
		[MEMBLOCK_OP_TRIM] = "trim",
		[MEMBLOCK_OP_CAP] = "cap",
		[MEMBLOCK_OP_FREE_LATE] = "free_late",
		[MEMBLOCK_OP_FREE_ALL] = "free_all",
		[MEMBLOCK_OP_DISCARD] = "discard",
	};
	const struct trace_event event = {
		.op = names[op], .base = base, .size = size, .caller = caller,
		.nid = (int16_t)nid, .rc = (int16_t)rc, .flags = flags,
	};

	trace_add(&event);
	if (!rc)
		follow(op, base, size, caller);
	if (memblock_stepper)
		memblock_stepper(trace_count() - 1, &event);
	if (op == MEMBLOCK_OP_ALLOC && !rc)
		make_room();
}

/* ---- the sum ------------------------------------------------------------------------ */

static phys_addr_t buddy_bytes(void)
{
	phys_addr_t pages = 0;
	struct zone *zone;

	for_each_populated_zone(zone)
		pages += zone->managed_pages;
	return (pages - book.kept) << PAGE_SHIFT;
}

void ledger_keep(long pages)
{
	book.kept += (unsigned long)pages;
}

phys_addr_t ledger_ram_bytes(phys_addr_t base, phys_addr_t size)
{
	phys_addr_t end = phys_range_end(base, size), bytes = 0;
	const struct zone_range *range = zone_range_from(PFN_DOWN(base));
	const struct zone_range *last = zone_range_get(zone_range_count());

	for (; range && range < last && PFN_PHYS(range->start) < end; range++) {
		phys_addr_t from = MAX(base, PFN_PHYS(range->start));
		phys_addr_t to = MIN(end, PFN_PHYS(range->end));

		if (from < to)
			bytes += to - from;
	}
	return bytes;
}

static phys_addr_t recorded_bytes(void)
{
	phys_addr_t bytes = 0;

	for (unsigned int i = 0; i < nr_records; i++)
		bytes += ledger_ram_bytes(records[i].base, records[i].size);
	return bytes;
}

/*
 * Recorded bytes in pages that are no zone's: two nodes share them.  They are named, but
 * cannot be found by zone, and never go to the buddy.
 */
static phys_addr_t shared_bytes(void)
{
	const struct memblock_region *r;
	phys_addr_t bytes = 0;

	for_each_mem_region(r) {
		for (unsigned int i = 0; i < nr_records; i++) {
			phys_addr_t from = MAX(r->base, records[i].base);
			phys_addr_t to = MIN(r->base + r->size,
					     phys_range_end(records[i].base, records[i].size));

			bytes += from < to ? to - from : 0;
		}
	}
	return bytes - recorded_bytes();
}

void ledger_set_ram(phys_addr_t bytes)
{
	book.ram = bytes;
}

void ledger_close(void)
{
	phys_addr_t memory = memory_bytes(), free = 0, pieces = 0, start, end;
	uint64_t i;

	for_each_free_mem_range(i, NUMA_NO_NODE, MEMBLOCK_NONE, &start, &end, NULL) {
		phys_addr_t first = PFN_UP(start), last = PFN_DOWN(end);

		free += end - start;
		pieces += end - start - (first < last ? (last - first) << PAGE_SHIFT : 0);
	}
	book.sum = (struct ledger_sum){
		.usable = book.ram ? book.ram : memory + book.trimmed,
		.buddy = buddy_bytes(),
		.reserved = memory - free,
		.rounding = pieces + book.trimmed,
	};
	book.sum.withheld = book.sum.usable - memory - book.trimmed;
	book.shared = shared_bytes();
	book.sum.unnamed = book.sum.reserved -
			   MIN(recorded_bytes() + book.shared, book.sum.reserved);
	book.closed = true;
}

void ledger_release(phys_addr_t base, phys_addr_t size)
{
	phys_addr_t buddy = buddy_bytes(), rest = buddy - book.sum.buddy, named, part;

	if (!book.closed) {
		records_clear(base, size);
		return;
	}
	trace_add(&(struct trace_event){ .op = "release", .base = base, .size = size,
					 .caller = RET_IP, .nid = NUMA_NO_NODE });
	/* Pages that were refused are not in the buddy and keep their place in the sum. */
	named = rest ? records_clear(base, size) : 0;
	named = MIN(rest, named);
	rest -= named;
	part = MIN(rest, book.sum.unnamed);
	book.sum.unnamed -= part;
	book.sum.reserved -= named + part;
	book.sum.rounding -= MIN(rest - part, book.sum.rounding);
	book.sum.buddy = buddy;
}

void ledger_get_sum(struct ledger_sum *sum)
{
	*sum = book.sum;
	sum->buddy = buddy_bytes();
}

bool ledger_check(void)
{
	struct ledger_sum sum;

	ledger_get_sum(&sum);
	return book.closed && sum.buddy == book.sum.buddy &&
	       sum.usable == sum.buddy + sum.reserved + sum.rounding + sum.withheld &&
	       recorded_bytes() + book.shared + sum.unnamed == sum.reserved;
}

void ledger_reset(void)
{
	records = static_records;
	nr_records = 0;
	max_records = LEDGER_RECORDS;
	memset(&book, 0, sizeof(book));
}
