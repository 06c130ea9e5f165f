// SPDX-License-Identifier: GPL-2.0-only
/*
 * One bit of the buddy's own memory turns over: buddy_broken() says what and where, whichever
 * bit it was, and says nothing any more when it has turned back.
 */
#include "ktap.h"

#include "mm/buddy/buddy_internal.h"
#include "mm/page_alloc.h"
#include "mm/pcp.h"
#include "mm_machine.h"

/* Allocated and free pages of all small orders, so that every list has members. */
static void boot_used(void)
{
	static struct page *page[3000];

	mm_machine_boot(&mm_machine_1g);
	for (unsigned int i = 0; i < 3000; i++)
		page[i] = alloc_pages(GFP_KERNEL, i % 10);
	for (unsigned int i = 0; i < 3000; i++)
		if (i % 7 < 4 && page[i])
			__free_pages(page[i], i % 10);
	drain_all_pages();
}

/* Turns each bit of @word that is in @bits, one after the other; it belongs to @list. */
static void turn_bits(const struct zone *zone, uint64_t *word, uint64_t bits, const char *what,
		      unsigned int list)
{
	unsigned long where;

	for (unsigned int bit = 0; bit < 64; bit++) {
		if (!(bits >> bit & 1))
			continue;
		*word ^= 1ULL << bit;
		if (!buddy_broken(zone, &where))
			ktap_fail(__FILE__, __LINE__, "bit %u of %s on list %u: unnoticed", bit,
				  what, list);
		*word ^= 1ULL << bit;
	}
	expect_null(buddy_broken(zone, &where));
}

/* Not the links forward: whoever follows one gets an exception, or ends elsewhere and sees that. */
static void turn_links(const struct zone *zone, struct head *list, unsigned int order)
{
	for (struct head *head = list->next; head != list; head = head->next)
		turn_bits(zone, (uint64_t *)&head->previous, ~0ULL, "a member's previous", order);
	turn_bits(zone, (uint64_t *)&list->previous, ~0ULL, "the list's last", order);
}

/* A page that was free and is not, or is more than free, is missing in the zone's count. */
static void turn_free(const struct zone *zone, struct units *chunk, unsigned int order)
{
	const uint64_t free = units_free(chunk);

	turn_bits(zone, &chunk->lo, free, "a free page's state, lo", order);
	turn_bits(zone, &chunk->hi, free, "a free page's state, hi", order);
}

KTAP_TEST(test_fault_a_bit_of_a_listed_member_is_noticed)
{
	unsigned int seen = 0;
	struct zone *zone;

	boot_used();
	for_each_populated_zone(zone) {
		for (unsigned int type = 0; type < MIGRATE_TYPES; type++) {
			for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++) {
				struct head *list = &zone->list[type][order];
				struct head *first = list->next;

				if (first == list)
					continue;
				turn_links(zone, list, order);
				if (order < CHUNK_ORDER)
					turn_free(zone, chunk_of_head(first), order);
				seen++;
			}
		}
	}
	expect_true(seen >= 12);
}
