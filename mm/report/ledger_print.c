// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ledger in words: the sum, the owners, and one address.
 */
#include "mm/ledger_find.h"
#include "mm/ledger_sum.h"

#include "mm/port.h"

#include <arch/map.h>

#define LEDGER_LINES	16	/* owners shown by name; with head and rest under a screen */

bool ledger_same_owner(const struct ledger_entry *a, const struct ledger_entry *b)
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
		if (ledger_same_owner(&earlier, entry))
			return true;
	return false;
}

static struct ledger_share share_of(unsigned int i, const struct ledger_entry *who)
{
	struct ledger_share share = { .who = *who };
	struct ledger_entry entry;

	for (; ledger_get(i, &entry); i++) {
		phys_addr_t bytes = ledger_ram_bytes(entry.base, entry.size);

		if (!ledger_same_owner(&entry, who) || !bytes)
			continue;
		share.bytes += bytes;
		share.pieces++;
	}
	return share;
}

/* Keep @share among the @count largest, of which @room fit.  Return: the new count. */
static unsigned int keep_largest(struct ledger_share *top, unsigned int count, unsigned int room,
				 const struct ledger_share *share)
{
	unsigned int at = count;

	while (at > 0 && top[at - 1].bytes < share->bytes)
		at--;
	if (at == room)
		return count;
	count = MIN(count + 1, room);
	for (unsigned int i = count - 1; i > at; i--)
		top[i] = top[i - 1];
	top[at] = *share;
	return count;
}

unsigned int ledger_shares(struct ledger_share *top, unsigned int room)
{
	unsigned int count = 0, owners = 0;
	struct ledger_entry entry;

	for (unsigned int i = 0; ledger_get(i, &entry); i++) {
		struct ledger_share share;

		if (seen_before(i, &entry))
			continue;
		share = share_of(i, &entry);
		if (!share.bytes)
			continue;
		owners++;
		count = keep_largest(top, count, room, &share);
	}
	return owners;
}

static void print_owners(const struct ledger_sum *sum)
{
	struct ledger_share top[LEDGER_LINES];
	unsigned int owners = ledger_shares(top, LEDGER_LINES);
	unsigned int count = MIN(owners, (unsigned int)LEDGER_LINES);
	phys_addr_t shown = sum->unnamed;

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

/* What the firmware or the user calls it, for what is no RAM. */
static void explain_by_map(phys_addr_t pa, memblock_print_fn *print)
{
	phys_addr_t first, last;
	const char *type = arch_map_type(ARCH_MAP_IN_USE, pa, &first, &last);

	if (type)
		print("; %s in the map, [mem %pa-%pa]", type, &first, &last);
	else
		print("; a hole of the map, [mem %pa-%pa]", &first, &last);
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
