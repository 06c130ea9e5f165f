// SPDX-License-Identifier: GPL-2.0-only
/*
 * Seeding (mm/buddy/handover.c) and late releases (mm/page_alloc/release.c) beside the plain way:
 * a page is free if it is RAM and nobody has reserved it, and free blocks are as large as can be.
 */
#include "ktap.h"

#include "buddy_model.h"
#include "mm/buddy.h"
#include "mm/handover.h"
#include "mm/memblock.h"
#include "mm/page_alloc.h"
#include "mm/pcp.h"
#include "mm/release.h"
#include "mm/totalram.h"
#include "mm_machine.h"

static struct buddy_model model;
static struct mm_machine machine;

static uint64_t random_state = 88172645463325252ULL;

static unsigned long random_below(unsigned long n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (unsigned long)(random_state % n);
}

/*
 * Up to 14 pieces of RAM above 1 MiB, with holes from a page to 3 MiB between them, some of which
 * begin inside of a page; and reservations of a few bytes to 2 MiB anywhere.
 */
static void make_machine(void)
{
	phys_addr_t at = SZ_1M;

	machine = (struct mm_machine){ .name = "random", .dirty = true };
	machine.ram[0] = (struct mm_span){ PAGE_SIZE, 0x9f000 - random_below(PAGE_SIZE), 0 };
	machine.ram[1] = (struct mm_span){ at, 12 * SZ_1M, 0 };
	at += 12 * SZ_1M;
	for (unsigned int i = 2; i < MM_SPANS; i++) {
		const phys_addr_t size = PAGE_SIZE + random_below(1 << (13 + random_below(11)));

		at += PAGE_SIZE * (random_below(2) ? 1 + random_below(64) : random_below(768));
		at += random_below(4) ? 0 : random_below(PAGE_SIZE);
		machine.ram[i] = (struct mm_span){ at, size, 0 };
		at = ALIGN_UP(at + size, PAGE_SIZE);
	}
	for (unsigned int i = 0; i < MM_SPANS; i++)
		machine.reserved[i] = (struct mm_span){
			.base = ALIGN_DOWN(random_below(at), random_below(2) ? 1 : PAGE_SIZE),
			.size = 1 + random_below(1 << (3 + random_below(19))),
		};
}

static unsigned long model_pages(void)
{
	unsigned long pages = 0;

	for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++)
		pages += model.blocks[order] << order;
	return pages;
}

static void expect_seeded(struct zone *zone)
{
	const char *difference;

	model_init(&model, zone);
	difference = model_compare(&model);
	if (difference)
		expect_fail("zone %s: %s", zone->name, difference);
	expect_eq(zone->managed_pages, model_pages());
	for (unsigned long pfn = model.start; pfn < model.end; pfn++) {
		struct page_state state;

		page_get_state(pfn, &state);
		if ((state.mark == MARK_FREE) != model.free[pfn - model.start])
			expect_fail("zone %s: pfn %#lx", zone->name, pfn);
	}
}

KTAP_TEST(test_handover_seeds_what_the_plain_way_calls_free)
{
	for (unsigned int round = 0; round < 40; round++) {
		struct zone *zone;

		make_machine();
		mm_machine_boot(&machine);
		drain_all_pages();
		for_each_populated_zone(zone)
			expect_seeded(zone);
		expect_mm_sound();
	}
}

KTAP_TEST(test_handover_is_over_after_its_end)
{
	mm_machine_boot(&mm_machine_small);
	expect_panic("BUG")
		memblock_free_pages(pfn_to_page(0x800), 0x800, 0);
}

/* What memblock_free_late() is told about each page, and what it counts. */
KTAP_TEST(test_handover_late_page_must_be_reserved)
{
	const phys_addr_t reserved = mm_machine_1g.reserved[1].base;
	unsigned long total, bad = bad_page_count(), pfn;

	mm_machine_boot(&mm_machine_1g);
	total = totalram_pages();
	pfn = page_to_pfn(alloc_page(GFP_KERNEL));
	bad = bad_page_count();
	expect_true(memblock_free_late_page(PFN_DOWN(reserved)));
	expect_eq(bad_page_count(), bad);
	expect_false(memblock_free_late_page(PFN_DOWN(reserved)));	/* free by now */
	expect_false(memblock_free_late_page(pfn));			/* allocated */
	expect_false(memblock_free_late_page(PFN_DOWN(SZ_4G)));		/* no page */
	expect_eq(bad_page_count(), bad + 3);
	expect_eq(totalram_pages(), total);				/* the caller counts */
	memblock_free_late(reserved + PAGE_SIZE, 2 * PAGE_SIZE);
	expect_eq(totalram_pages(), total + 2);
	memblock_free_late(reserved, 4 * PAGE_SIZE);			/* three are free */
	expect_eq(totalram_pages(), total + 3);
	expect_eq(bad_page_count(), bad + 6);
}
