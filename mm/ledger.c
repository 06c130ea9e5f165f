// SPDX-License-Identifier: GPL-2.0-only
/*
 * Records of who has which range, and the account of all bytes (see ledger.h).
 *
 * Invariant: records are sorted, disjoint, never empty; two neighbours that touch
 * differ in owner or caller.
 *
 * Records begin in the static array and move to memory of memblock's before it is full.
 * Where that cannot be (more than LEDGER_RECORDS reservations before the first allocation,
 * or no memory) bytes are still counted, as "(unnamed)"; none is ever lost.
 */
#include "mm/ledger.h"

#include "kernel/lib/trace.h"	/* trace_add() */
#include "mm/port.h"
#include "mm/range.h"
#include "mm/sorted.h"

struct ledger ledger;

/* ---- records ------------------------------------------------------------------- */

static phys_addr_t record_end(unsigned int i)
{
	const struct ledger_entry *record = &ledger.records[i];

	return record->base + record->size;
}

/* The index of the first record that ends after @pa; the number of records if none does. */
static unsigned int record_from(phys_addr_t pa)
{
	const struct ledger_entry *r = ledger.records;

	return first_ending_above(ledger.nr, pa, i, r[i].base + r[i].size);
}

static void record_delete(unsigned int i)
{
	ledger.nr--;
	memmove(&ledger.records[i], &ledger.records[i + 1],
		(ledger.nr - i) * sizeof(ledger.records[0]));
}

/* May @entry, which touches record @i, become part of it? */
static bool record_agrees(unsigned int i, const struct ledger_entry *entry)
{
	return ledger.records[i].owner == entry->owner && ledger.records[i].caller == entry->caller;
}

/*
 * Put @entry, which overlaps none, before record @i.
 * Return: index of the record that holds it now; ledger.nr if there was no room.
 */
static unsigned int record_insert(unsigned int i, const struct ledger_entry *entry)
{
	if (i > 0 && record_end(i - 1) == entry->base && record_agrees(i - 1, entry)) {
		ledger.records[i - 1].size += entry->size;
		if (i < ledger.nr && record_end(i - 1) == ledger.records[i].base &&
		    record_agrees(i, entry)) {
			ledger.records[i - 1].size += ledger.records[i].size;
			record_delete(i);
		}
		return i - 1;
	}
	if (i < ledger.nr && entry->base + entry->size == ledger.records[i].base &&
	    record_agrees(i, entry)) {
		ledger.records[i].base = entry->base;
		ledger.records[i].size += entry->size;
		return i;
	}
	if (!ledger.records) {
		ledger.records = ledger.first;
		ledger.max = LEDGER_RECORDS;
	}
	if (ledger.nr == ledger.max)
		return ledger.nr;
	memmove(&ledger.records[i + 1], &ledger.records[i],
		(ledger.nr - i) * sizeof(ledger.records[0]));
	ledger.records[i] = *entry;
	ledger.nr++;
	return i;
}

/*
 * What has no record yet gets one:
 *
 *	records	    [---A---]      [--B--]
 *	new	[=======================]
 *	result	[-n-][--A---][--n--][--B--]
 */
void ledger_fill(phys_addr_t base, phys_addr_t size, const char *owner, unsigned long caller)
{
	phys_addr_t end = phys_range_end(base, size);

	while (base < end) {
		unsigned int i = record_from(base);
		phys_addr_t stop = i < ledger.nr ? MIN(end, ledger.records[i].base) : end;
		struct ledger_entry entry = { base, stop - base, owner, caller };

		if (stop <= base) {
			base = record_end(i);
			continue;
		}
		record_insert(i, &entry);
		base = stop;
	}
}

phys_addr_t ledger_clear(phys_addr_t base, phys_addr_t size)
{
	phys_addr_t end = phys_range_end(base, size), cleared = 0;
	unsigned int i = record_from(base);

	while (i < ledger.nr && ledger.records[i].base < end) {
		struct ledger_entry old = ledger.records[i];
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

		if (i == ledger.nr || ledger.records[i].base >= end)
			return;
		part = ledger.records[i];
		next = record_end(i);
		if (!part.owner) {
			part.base = MAX(part.base, base);
			part.size = MIN(next, end) - part.base;
			part.owner = owner;
			ledger_clear(part.base, part.size);
			record_insert(record_from(part.base), &part);
		}
		base = next;
	}
}

bool ledger_get(unsigned int i, struct ledger_entry *entry)
{
	if (i >= ledger.nr)
		return false;
	*entry = ledger.records[i];
	return true;
}

bool ledger_find_record(phys_addr_t pa, struct ledger_entry *entry)
{
	return ledger_get(record_from(pa), entry) && entry->base <= pa;
}

size_t ledger_wants(void)
{
	if (ledger.closed || ledger.nr < ledger.max / 4 * 3)
		return 0;
	return 2 * ledger.max * sizeof(struct ledger_entry);
}

void *ledger_move(void *to, size_t *bytes)
{
	struct ledger_entry *old = ledger.records;

	memcpy(to, old, ledger.nr * sizeof(*old));
	*bytes = ledger.max * sizeof(*old);
	ledger.max *= 2;
	ledger.records = to;
	return old == ledger.first ? NULL : old;
}

/* ---- the account ----------------------------------------------------------------- */

void ledger_set_ram(phys_addr_t bytes)
{
	ledger.ram = bytes;
}

void ledger_trimmed(phys_addr_t bytes)
{
	ledger.trimmed += bytes;
}

void ledger_keep(long pages)
{
	ledger.kept += (unsigned long)pages;
}

void ledger_open_account(const struct ledger_sum *sum, phys_addr_t shared,
			 phys_addr_t (*buddy_bytes)(void))
{
	ledger.sum = *sum;
	ledger.shared = shared;
	ledger.buddy_bytes = buddy_bytes;
	ledger.closed = true;
}

/*
 * The buddy's growth is taken from where the range was in the sum: first from the bytes with a
 * record, then from the unnamed ones, and what then remains was counted as lost to rounding.
 */
void ledger_release(phys_addr_t base, phys_addr_t size)
{
	struct ledger_sum *sum = &ledger.sum;
	phys_addr_t buddy, rest, named, unnamed;

	if (!ledger.closed) {
		ledger_clear(base, size);
		return;
	}
	trace_add(&(struct trace_event){ .op = "release", .base = base, .size = size,
					 .caller = RET_IP, .nid = NUMA_NO_NODE });
	buddy = ledger.buddy_bytes();
	rest = buddy - sum->buddy;
	/* Pages that the buddy refused are not in it and keep their place in the sum. */
	named = rest ? ledger_clear(base, size) : 0;
	named = MIN(rest, named);
	rest -= named;
	unnamed = MIN(rest, sum->unnamed);
	sum->unnamed -= unnamed;
	sum->reserved -= named + unnamed;
	sum->rounding -= MIN(rest - unnamed, sum->rounding);
	sum->buddy = buddy;
}
