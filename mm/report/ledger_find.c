// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whose is the byte at this address (see ledger_find.h).
 *
 * The buddy is asked first: a page that it has, or gave away, has no record any more.  Then the
 * records; what has none is free in memblock, or lost to rounding, or no RAM.
 */
#include "mm/ledger_find.h"

#include "mm/buddy.h"		/* get_pageblock_migratetype() */
#include "mm/ledger.h"
#include "mm/ledger_sum.h"
#include "mm/port.h"
#include "mm/zone.h"

#include <arch/map.h>

extern const struct block_owner __start_block_owners[] __weak;
extern const struct block_owner __stop_block_owners[] __weak;

/* Who has a block and says so; one writer, the boot CPU, for self-tests and the monitor. */
static struct {
	struct ledger_entry	of[8];		/* @owner NULL: unused; the oldest is forgotten */
	unsigned int		next;
} notes;

__noinline void ledger_note(phys_addr_t pa, const char *owner)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(notes.of); i++)
		if (notes.of[i].owner && notes.of[i].base == pa)
			notes.of[i].owner = NULL;
	if (owner)
		notes.of[notes.next++ % ARRAY_SIZE(notes.of)] =
			(struct ledger_entry){ .base = pa, .owner = owner, .caller = RET_IP };
}

static bool noted_owner(phys_addr_t pa, phys_addr_t base, const char **owner,
			unsigned long *caller)
{
	bool found = false;

	(void)pa;
	for (unsigned int i = 0; i < ARRAY_SIZE(notes.of); i++) {
		if (!notes.of[i].owner || notes.of[i].base != base)
			continue;
		*owner = notes.of[i].owner;
		*caller = notes.of[i].caller;
		found = true;
	}
	return found;
}
BLOCK_OWNER(OWNER_BY_NOTE, noted_owner);

static void ask_owners(phys_addr_t pa, struct ledger_answer *answer)
{
	const struct block_owner *o;

	for (int rank = OWNER_RANKS; rank-- > 0;)
		for (o = __start_block_owners; o < __stop_block_owners; o++)
			if ((int)o->rank == rank &&
			    o->knows(pa, answer->base, &answer->owner, &answer->caller))
				return;
}

/* Is it in a block of the buddy's, free or given away? */
static bool answer_by_buddy(phys_addr_t pa, struct ledger_answer *answer)
{
	struct page_state state;

	page_get_state(PFN_DOWN(pa), &state);
	if (state.mark == MARK_NONE)
		return false;
	answer->state = state.mark == MARK_FREE ? LEDGER_BUDDY_FREE : LEDGER_ALLOCATED;
	answer->base = PFN_PHYS(state.head);
	answer->size = PAGE_SIZE << state.order;
	answer->order = state.order;
	answer->stacked = state.stacked;
	answer->cma = get_pageblock_migratetype(PFN_DOWN(pa)) == MIGRATE_CMA;
	if (answer->state == LEDGER_ALLOCATED)
		ask_owners(pa, answer);
	return true;
}

/* Does the map call it RAM, but not all of its page? */
static bool is_piece_of_page(phys_addr_t pa)
{
	phys_addr_t first, last;
	const char *type = arch_map_type(ARCH_MAP_IN_USE, pa, &first, &last);

	return type && !strcmp(type, "usable") &&
	       (first > ALIGN_DOWN(pa, PAGE_SIZE) || last < (pa | (PAGE_SIZE - 1)));
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
	if (answer_by_buddy(pa, answer))
		return;
	if (!ledger_find_record(pa, &entry)) {
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

