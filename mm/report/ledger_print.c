// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the ledger has to say: the sum, the owners, and one address.
 */
#include "mm/ledger.h"

#include "mm/buddy.h"		/* pageblock_type() */
#include "mm/hugetlb.h"
#include "mm/page_owner.h"
#include "mm/zone.h"

#define LEDGER_LINES	16	/* owners shown by name; with head and rest under a screen */

/* One owner's share, summed over its records. */
struct share {
	struct ledger_entry	who;
	phys_addr_t		bytes;
	unsigned int		pieces;
};

static bool same_owner(const struct ledger_entry *a, const struct ledger_entry *b)
{
	if (a->owner && b->owner)
		return a->owner == b->owner || !strcmp(a->owner, b->owner);
	return !a->owner && !b->owner && a->caller == b->caller;
}

/* Was this owner counted with an earlier record? */
static bool seen_before(unsigned int i, const struct ledger_entry *entry)
{
	struct ledger_entry earlier;

	for (unsigned int j = 0; j < i && ledger_get(j, &earlier); j++)
		if (same_owner(&earlier, entry))
			return true;
	return false;
}

static struct share share_of(unsigned int i, const struct ledger_entry *who)
{
	struct share share = { .who = *who };
	struct ledger_entry entry;

	for (; ledger_get(i, &entry); i++) {
		phys_addr_t bytes = ledger_ram_bytes(entry.base, entry.size);

		if (!same_owner(&entry, who) || !bytes)
			continue;
		share.bytes += bytes;
		share.pieces++;
	}
	return share;
}

/* Keep @share among the @count largest.  Return: the new count. */
static unsigned int keep_largest(struct share *top, unsigned int count, const struct share *share)
{
	unsigned int at = count;

	while (at > 0 && top[at - 1].bytes < share->bytes)
		at--;
	if (at == LEDGER_LINES)
		return count;
	count = MIN(count + 1, (unsigned int)LEDGER_LINES);
	for (unsigned int i = count - 1; i > at; i--)
		top[i] = top[i - 1];
	top[at] = *share;
	return count;
}

static void print_owners(const struct ledger_sum *sum)
{
	struct share top[LEDGER_LINES];
	unsigned int count = 0, owners = 0;
	phys_addr_t shown = sum->unnamed;
	struct ledger_entry entry;

	for (unsigned int i = 0; ledger_get(i, &entry); i++) {
		struct share share;

		if (seen_before(i, &entry))
			continue;
		share = share_of(i, &entry);
		if (!share.bytes)
			continue;
		owners++;
		count = keep_largest(top, count, &share);
	}
	for (unsigned int i = 0; i < count; i++) {
		shown += top[i].bytes;
		if (top[i].who.owner)
			pr_info("ledger: %14lluB %s (%u)\n", (unsigned long long)top[i].bytes,
				top[i].who.owner, top[i].pieces);
		else
			pr_info("ledger: %14lluB %ps() (%u)\n", (unsigned long long)top[i].bytes,
				(void *)top[i].who.caller, top[i].pieces);
	}
	if (owners > count)
		pr_info("ledger: %14lluB %u smaller owners\n",
			(unsigned long long)(sum->reserved - shown), owners - count);
	if (sum->unnamed)
		pr_info("ledger: %14lluB (unnamed): there was no room for a record\n",
			(unsigned long long)sum->unnamed);
}

void ledger_print(void)
{
	struct ledger_sum sum;
	const char *verdict = ledger_check() ? "OK" : "BROKEN";

	ledger_get_sum(&sum);
	if (sum.withheld)
		pr_info("ledger: usable %lluB = buddy %lluB + reserved %lluB + rounding %lluB + withheld %lluB %s\n",
			(unsigned long long)sum.usable, (unsigned long long)sum.buddy,
			(unsigned long long)sum.reserved, (unsigned long long)sum.rounding,
			(unsigned long long)sum.withheld, verdict);
	else
		pr_info("ledger: usable %lluB = buddy %lluB + reserved %lluB + rounding %lluB %s\n",
			(unsigned long long)sum.usable, (unsigned long long)sum.buddy,
			(unsigned long long)sum.reserved, (unsigned long long)sum.rounding,
			verdict);
	print_owners(&sum);
}

/* ---- one address ------------------------------------------------------------------ */

static bool find_record(phys_addr_t pa, struct ledger_entry *entry)
{
	for (unsigned int i = 0; ledger_get(i, entry); i++)
		if (pa >= entry->base && pa - entry->base < entry->size)
			return true;
	return false;
}

/* Blocks that somebody has and says so; the oldest is forgotten. */
static struct ledger_entry notes[8];
static unsigned int next_note;

__noinline void ledger_note(phys_addr_t pa, const char *owner)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(notes); i++)
		if (notes[i].owner && notes[i].base == pa)
			notes[i].owner = NULL;
	if (owner)
		notes[next_note++ % ARRAY_SIZE(notes)] =
			(struct ledger_entry){ .base = pa, .owner = owner, .caller = RET_IP };
}

static void find_taker(phys_addr_t pa, struct ledger_answer *answer)
{
	answer->caller = page_owner_get(PFN_DOWN(answer->base));
	if (hugetlb_has(pa)) {
		answer->owner = "huge page";
		answer->caller = (unsigned long)hugetlb_resize + 1;
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(notes); i++)
		if (notes[i].owner && notes[i].base == answer->base) {
			answer->owner = notes[i].owner;
			answer->caller = notes[i].caller;
		}
}

static void find_block(phys_addr_t pa, struct ledger_answer *answer)
{
	struct page_state state;

	page_get_state(PFN_DOWN(pa), &state);
	if (state.mark == MARK_NONE)
		return;
	answer->state = state.mark == MARK_FREE ? LEDGER_BUDDY_FREE : LEDGER_ALLOCATED;
	answer->base = PFN_PHYS(state.head);
	answer->size = PAGE_SIZE << state.order;
	answer->order = state.order;
	answer->stacked = state.stacked;
	answer->cma = pageblock_type(PFN_DOWN(pa)) == MIGRATE_CMA;
	if (answer->state == LEDGER_ALLOCATED)
		find_taker(pa, answer);
}

/* Does the map call it RAM, but not all of its page? */
static bool is_piece_of_page(phys_addr_t pa)
{
	phys_addr_t first, last;
	const char *type = arch_map_type(pa, &first, &last);

	return type && !strcmp(type, "usable") &&
	       (first > ALIGN_DOWN(pa, PAGE_SIZE) || last < (pa | (PAGE_SIZE - 1)));
}

/* What the firmware or the user calls it, for what is no RAM. */
static void explain_by_map(phys_addr_t pa, memblock_print_fn *print)
{
	phys_addr_t first, last;
	const char *type = arch_map_type(pa, &first, &last);

	if (type)
		print("; %s in the map, [mem %pa-%pa]", type, &first, &last);
	else
		print("; a hole of the map, [mem %pa-%pa]", &first, &last);
}

void ledger_find(phys_addr_t pa, struct ledger_answer *answer)
{
	const struct zone *zone = zone_of_pfn(PFN_DOWN(pa));
	struct ledger_entry entry;
	struct ledger_sum sum;

	*answer = (struct ledger_answer){
		.state = LEDGER_NOT_RAM,
		.base = ALIGN_DOWN(pa, PAGE_SIZE),
		.size = PAGE_SIZE,
		.nid = -1,
	};
	if (zone) {
		answer->nid = zone->nid;
		answer->zone = zone->name;
	}
	ledger_get_sum(&sum);
	if (zone || memblock_is_memory(pa))
		answer->state = !sum.usable ? LEDGER_FREE_EARLY :
				sum.unnamed ? LEDGER_RESERVED : LEDGER_ROUNDING;
	find_block(pa, answer);
	if (answer->state == LEDGER_BUDDY_FREE || answer->state == LEDGER_ALLOCATED)
		return;
	if (!find_record(pa, &entry)) {
		if (answer->state == LEDGER_NOT_RAM && is_piece_of_page(pa))
			answer->state = LEDGER_ROUNDING;
		return;
	}
	if (answer->state != LEDGER_NOT_RAM)
		answer->state = LEDGER_RESERVED;
	answer->base = entry.base;
	answer->size = entry.size;
	answer->owner = entry.owner;
	answer->caller = entry.caller;
}

void ledger_explain(phys_addr_t pa, memblock_print_fn *print)
{
	static const char *const words[] = {
		[LEDGER_NOT_RAM] = "not RAM",
		[LEDGER_FREE_EARLY] = "free in memblock",
		[LEDGER_RESERVED] = "reserved",
		[LEDGER_ROUNDING] = "lost to rounding: the rest of its page is somebody's or no RAM",
		[LEDGER_BUDDY_FREE] = "free in the buddy",
		[LEDGER_ALLOCATED] = "allocated",
	};
	struct ledger_answer answer;
	phys_addr_t last;

	ledger_find(pa, &answer);
	last = answer.base + answer.size - 1;
	print("%pa: %s%s, [mem %pa-%pa]", &pa,
	      answer.state == LEDGER_NOT_RAM && answer.owner ? "reserved, " : "",
	      words[answer.state], &answer.base, &last);
	if (answer.state == LEDGER_BUDDY_FREE || answer.state == LEDGER_ALLOCATED)
		print(", order %u%s%s", answer.order, answer.stacked ? ", on a stack" : "",
		      answer.cma ? ", in a CMA area" : "");
	if (answer.owner)
		print(", owner \"%s\"", answer.owner);
	if (answer.caller)
		print(", by %pS", (void *)answer.caller);
	if (answer.zone)
		print(", node %d zone %s", answer.nid, answer.zone);
	if (answer.state == LEDGER_NOT_RAM)
		explain_by_map(pa, print);
	print("\n");
}
