// SPDX-License-Identifier: GPL-2.0-only
/*
 * The audit of the ledger: the account is closed at the hand-over, and checked at any time
 * afterwards (see ledger_sum.h).
 */
#include "mm/ledger_sum.h"

#include "mm/memblock_event.h"	/* memblock_memory_bytes() */
#include "mm/port.h"
#include "mm/range.h"
#include "mm/zone.h"

/* What zones count as managed, without the pages that are reserved all the same. */
static phys_addr_t bytes_of_buddy(void)
{
	phys_addr_t pages = 0;
	struct zone *zone;

	for_each_populated_zone(zone)
		pages += zone->managed_pages;
	return (pages - ledger.kept) << PAGE_SHIFT;
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

/* Bytes of records that are RAM of some zone. */
static phys_addr_t recorded_bytes(void)
{
	phys_addr_t bytes = 0;

	for (unsigned int i = 0; i < ledger.nr; i++)
		bytes += ledger_ram_bytes(ledger.records[i].base, ledger.records[i].size);
	return bytes;
}

/*
 * Bytes of records in pages that are no zone's, because two nodes share them.  They are named,
 * cannot be found by zone, and never go to the buddy.
 */
static phys_addr_t shared_bytes(void)
{
	const struct memblock_region *r;
	phys_addr_t bytes = 0;

	for (unsigned int i = 0; i < ledger.nr; i++) {
		const struct ledger_entry *e = &ledger.records[i];

		for_each_mem_region(r) {
			phys_addr_t from = MAX(r->base, e->base);
			phys_addr_t to = MIN(r->base + r->size, e->base + e->size);

			bytes += from < to ? to - from : 0;
		}
	}
	return bytes - recorded_bytes();
}

void ledger_close(void)
{
	phys_addr_t memory = memblock_memory_bytes(), free = 0, pieces = 0, start, end;
	const phys_addr_t shared = shared_bytes(), named = recorded_bytes() + shared;
	struct ledger_sum sum;
	uint64_t i;

	for_each_free_mem_range(i, NUMA_NO_NODE, MEMBLOCK_NONE, &start, &end, NULL) {
		phys_addr_t first = PFN_UP(start), last = PFN_DOWN(end);

		free += end - start;
		pieces += end - start - (first < last ? (last - first) << PAGE_SHIFT : 0);
	}
	sum = (struct ledger_sum){
		.usable = ledger.ram ? ledger.ram : memory + ledger.trimmed,
		.buddy = bytes_of_buddy(),
		.reserved = memory - free,
		.rounding = pieces + ledger.trimmed,
	};
	sum.withheld = sum.usable - memory - ledger.trimmed;
	sum.unnamed = sum.reserved - MIN(named, sum.reserved);
	ledger_open_account(&sum, shared, bytes_of_buddy);
}

void ledger_get_sum(struct ledger_sum *sum)
{
	*sum = ledger.sum;
	sum->buddy = bytes_of_buddy();
}

bool ledger_check(void)
{
	struct ledger_sum sum;

	ledger_get_sum(&sum);
	return ledger.closed && sum.buddy == ledger.sum.buddy &&
	       sum.usable == sum.buddy + sum.reserved + sum.rounding + sum.withheld &&
	       recorded_bytes() + ledger.shared + sum.unnamed == sum.reserved;
}
