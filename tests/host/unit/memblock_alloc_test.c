/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The allocators as callers know them: which function prefers what, zeroes
 * what, falls back how, and says nothing when it fails.
 */
#include <stdio.h>
#include <string.h>

#include "mm/memblock.h"
#include "tests/host/include/host_console.h"
#include "tests/host/include/ktap.h"
#include "tests/host/model/fake_buddy.h"
#include "tests/host/model/mbtest.h"

#define ANY	NUMA_NO_NODE

static phys_addr_t page(unsigned int n)
{
	return page_grid.base + (phys_addr_t)n * PAGE_SIZE;
}

enum via {
	VIA_PHYS_RANGE,		/* [min, max) */
	VIA_PHYS,
	VIA_PHYS_TRY_NID,
	VIA_TRY_NID,
	VIA_TRY_NID_RAW,
	VIA_EXACT_RAW,
	VIA_ALLOC,
	VIA_ALLOC_RAW,
	VIA_FROM,
	VIA_LOW,
	VIA_NODE,
};

struct args {
	phys_addr_t	size, align, min, max;
	int		nid;
};

static phys_addr_t phys_or_0(void *p)
{
	return p ? virt_to_phys(p) : 0;
}

static phys_addr_t alloc_via(enum via via, const struct args *a)
{
	switch (via) {
	case VIA_PHYS_RANGE:
		return memblock_phys_alloc_range(a->size, a->align, a->min, a->max);
	case VIA_PHYS:
		return memblock_phys_alloc(a->size, a->align);
	case VIA_PHYS_TRY_NID:
		return memblock_phys_alloc_try_nid(a->size, a->align, a->nid);
	case VIA_TRY_NID:
		return phys_or_0(memblock_alloc_try_nid(a->size, a->align, a->min, a->max, a->nid));
	case VIA_TRY_NID_RAW:
		return phys_or_0(memblock_alloc_try_nid_raw(a->size, a->align, a->min, a->max,
							    a->nid));
	case VIA_EXACT_RAW:
		return phys_or_0(memblock_alloc_exact_nid_raw(a->size, a->align, a->min, a->max,
							      a->nid));
	case VIA_ALLOC:
		return phys_or_0(memblock_alloc(a->size, a->align));
	case VIA_ALLOC_RAW:
		return phys_or_0(memblock_alloc_raw(a->size, a->align));
	case VIA_FROM:
		return phys_or_0(memblock_alloc_from(a->size, a->align, a->min));
	case VIA_LOW:
		return phys_or_0(memblock_alloc_low(a->size, a->align));
	case VIA_NODE:
		return phys_or_0(memblock_alloc_node(a->size, a->align, a->nid));
	}
	return 0;
}

static const enum via all_ways[] = {
	VIA_PHYS_RANGE, VIA_PHYS, VIA_PHYS_TRY_NID, VIA_TRY_NID, VIA_TRY_NID_RAW, VIA_EXACT_RAW,
	VIA_ALLOC, VIA_ALLOC_RAW, VIA_FROM, VIA_LOW, VIA_NODE,
};

static const enum via zeroing[] = { VIA_TRY_NID, VIA_ALLOC, VIA_FROM, VIA_LOW, VIA_NODE };
static const enum via raw[] = { VIA_TRY_NID_RAW, VIA_EXACT_RAW, VIA_ALLOC_RAW };

KTAP_TEST(test_alloc_every_way_takes_the_top_page)
{
	const struct args one = { PAGE_SIZE, PAGE_SIZE, 0, 0, ANY };

	for (size_t i = 0; i < ARRAY_SIZE(all_ways); i++) {
		mbtest_load("..====..", "", page_grid);
		expect_eq(alloc_via(all_ways[i], &one), page(5));
		expect_true(picture_same(&memblock.reserved, ".....=", page_grid, "top page"));
	}
}

KTAP_TEST(test_alloc_every_way_takes_the_bottom_page)
{
	const struct args one = { PAGE_SIZE, PAGE_SIZE, 0, 0, ANY };

	for (size_t i = 0; i < ARRAY_SIZE(all_ways); i++) {
		mbtest_load("..====..", "", page_grid);
		memblock_set_bottom_up(true);
		expect_eq(alloc_via(all_ways[i], &one), page(2));
		expect_true(picture_same(&memblock.reserved, "..=", page_grid, "bottom page"));
	}
}

KTAP_TEST(test_alloc_every_way_fails_silently)
{
	const struct args large = { 5 * PAGE_SIZE, PAGE_SIZE, 0, 0, ANY };

	for (size_t i = 0; i < ARRAY_SIZE(all_ways); i++) {
		mbtest_load("..====..", "", page_grid);
		expect_eq(alloc_via(all_ways[i], &large), 0);
		expect_eq(memblock.reserved.cnt, 0);
	}
	expect_eq(host_console_count(""), 0);
}

/* Exactly @size bytes are zeroed; the neighbours are not touched. */
KTAP_TEST(test_alloc_zeroes_exactly_its_bytes)
{
	static const phys_addr_t sizes[] = { 1, 7, 8, 63, 64, 100, 4095, 4096, 4097, 10000 };

	for (size_t i = 0; i < ARRAY_SIZE(zeroing); i++) {
		for (size_t s = 0; s < ARRAY_SIZE(sizes); s++) {
			struct args a = { sizes[s], 8, 0, 0, ANY };
			unsigned char *bytes, *lo;
			phys_addr_t at;

			mbtest_load("..========..", "", page_grid);
			lo = phys_to_virt(page(2));
			memset(lo, 0xa5, 8 * PAGE_SIZE);
			at = alloc_via(zeroing[i], &a);
			require_true(at != 0);
			bytes = phys_to_virt(at);
			for (phys_addr_t b = 0; b < a.size; b++)
				if (bytes[b]) {
					expect_eq(bytes[b], 0);
					break;
				}
			expect_eq(bytes[-1], 0xa5);
			if (at + a.size < page(10))
				expect_eq(bytes[a.size], 0xa5);
		}
	}
}

KTAP_TEST(test_alloc_raw_does_not_touch_the_memory)
{
	const struct args a = { 3 * PAGE_SIZE, PAGE_SIZE, 0, 0, ANY };

	for (size_t i = 0; i < ARRAY_SIZE(raw); i++) {
		unsigned char *bytes;
		unsigned int dirty = 0;

		mbtest_load("..====..", "", page_grid);
		memset(phys_to_virt(page(2)), 0xa5, 4 * PAGE_SIZE);
		bytes = phys_to_virt(alloc_via(raw[i], &a));
		for (size_t b = 0; b < a.size; b++)
			dirty += bytes[b] == 0xa5;
		expect_eq(dirty, a.size);
	}
}

KTAP_TEST(test_alloc_zero_size_is_not_null)
{
	mbtest_load("..====..", "", page_grid);
	expect_ptr_eq(memblock_alloc(0, PAGE_SIZE), phys_to_virt(page(6)));
	expect_eq(memblock.reserved.cnt, 0);
}

/* max_addr above the limit is lowered to it; below it counts. */
KTAP_TEST(test_alloc_max_is_lowered_to_the_limit)
{
	static const struct {
		phys_addr_t	max_page;	/* 0 and 1 as they are */
		unsigned int	want_page;
	} cases[] = {
		{ 0, 5 }, { 1, 5 }, { 4, 3 }, { 6, 5 }, { 7, 5 }, { 100, 5 },
	};
	static const enum via ways[] = { VIA_TRY_NID, VIA_TRY_NID_RAW, VIA_EXACT_RAW };

	for (size_t w = 0; w < ARRAY_SIZE(ways); w++) {
		for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
			phys_addr_t max = cases[i].max_page;
			struct args a = { PAGE_SIZE, PAGE_SIZE, 0, max, ANY };

			if (max > 1)
				a.max = page((unsigned int)max);
			mbtest_load("========", "", page_grid);
			memblock_set_current_limit(page(6));
			expect_eq(alloc_via(ways[w], &a), page(cases[i].want_page));
		}
	}
}

KTAP_TEST(test_alloc_max_is_hard)
{
	const struct args a = { PAGE_SIZE, PAGE_SIZE, 0, page_grid.base + 2 * PAGE_SIZE, ANY };

	mbtest_load("..====..", "", page_grid);
	expect_eq(alloc_via(VIA_TRY_NID, &a), 0);
	expect_eq(alloc_via(VIA_TRY_NID_RAW, &a), 0);
	expect_eq(alloc_via(VIA_EXACT_RAW, &a), 0);
	expect_eq(alloc_via(VIA_PHYS_RANGE, &a), 0);
}

/* Row 19: min is a wish of the virtual allocators, a border of the physical one. */
KTAP_TEST(test_alloc_min_is_dropped_if_nothing_is_above)
{
	static const enum via ways[] = { VIA_TRY_NID, VIA_TRY_NID_RAW, VIA_EXACT_RAW, VIA_FROM };
	const struct args above = { PAGE_SIZE, PAGE_SIZE, page(100), 0, ANY };
	const struct args inside = { PAGE_SIZE, PAGE_SIZE, page(4), 0, ANY };

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		for (int up = 0; up < 2; up++) {
			mbtest_load("..====..", "", page_grid);
			memblock_set_bottom_up(up);
			expect_eq(alloc_via(ways[i], &inside), up ? page(4) : page(5));
			expect_eq(alloc_via(ways[i], &above), up ? page(2) : page(4));
		}
	}
	mbtest_load("..====..", "", page_grid);
	expect_eq(alloc_via(VIA_PHYS_RANGE, &above), 0);
}

KTAP_TEST(test_alloc_low_stays_below_4_gib)
{
	const struct picture_grid low = { 0xfffff000 - 0x1000, 0x1000 };	/* 2 below 4G */

	mbtest_load("====", "", low);
	/* The limit is an inclusive-looking 0xffffffff: the last page does not fit. */
	expect_ptr_eq(memblock_alloc_low(0x1000, 0x1000), phys_to_virt(0xffffe000));
	expect_ptr_eq(memblock_alloc_low(0x1000, 1), NULL);
	expect_ptr_eq(memblock_alloc_low(0xfff, 1), phys_to_virt(0xfffff000));
	expect_ptr_eq(memblock_alloc(0x1000, 0x1000), phys_to_virt(0x100000000 + 0x1000));
	memblock_set_current_limit(0xfffff000);
	expect_ptr_eq(memblock_alloc_low(0x1000, 0x1000), NULL);
}

#ifdef CONFIG_NUMA
/* Order: [nid, >= min], [any, >= min], [nid, >= 0], [any, >= 0]; exact never any. */
struct order_row {
	const char	*name;
	const char	*reserved;
	unsigned int	min;
	int		nid;
	int		preferred;	/* page found by try_nid, -1 for none */
	int		exact;		/* page found by exact_nid */
};

static const char *const order_memory = "000011110000";

static const struct order_row order_rows[] = {
	{ "node above min",		"............", 6, 1, 7, 7 },
	{ "node above min, other part",	"............", 6, 0, 11, 11 },
	{ "min before node",		"....====....", 6, 1, 11, -1 },
	{ "node full above, other",	"......==....", 6, 1, 11, 5 },
	{ "nothing above, node",	"......======", 6, 1, 5, 5 },
	{ "nothing above, node full",	"....========", 6, 1, 3, -1 },
	{ "nothing at all",		"============", 6, 1, -1, -1 },
	{ "no min, node",		"............", 0, 1, 7, 7 },
	{ "no min, node full",		"....====....", 0, 1, 11, -1 },
	{ "node without memory",	"............", 6, 3, 11, -1 },
};

static void expect_order(const struct order_row *row, enum via via, int want)
{
	struct args a = { PAGE_SIZE, PAGE_SIZE, row->min ? page(row->min) : 0, 0, row->nid };

	mbtest_load(order_memory, row->reserved, page_grid);
	expect_eq(alloc_via(via, &a), want < 0 ? 0 : page((unsigned int)want));
}

KTAP_TABLE_TEST(test_alloc_order_of_fallbacks, order_rows, row)
{
	expect_order(row, VIA_TRY_NID, row->preferred);
	expect_order(row, VIA_TRY_NID_RAW, row->preferred);
	expect_order(row, VIA_EXACT_RAW, row->exact);
	if (!row->min) {
		expect_order(row, VIA_NODE, row->preferred);
		expect_order(row, VIA_PHYS_TRY_NID, row->preferred);
	}
}

KTAP_TEST(test_alloc_reservation_has_no_node)
{
	mbtest_load("00001111", "", page_grid);
	memblock_phys_alloc_try_nid(PAGE_SIZE, PAGE_SIZE, 0);
	memblock_alloc_node(PAGE_SIZE, PAGE_SIZE, 1);
	expect_true(picture_same(&memblock.reserved, "...=...=", page_grid, "no node"));
}

KTAP_TEST(test_alloc_reservations_of_two_nodes_merge)
{
	mbtest_load("00001111", "", page_grid);
	memblock_phys_alloc_try_nid(PAGE_SIZE, PAGE_SIZE, 0);
	memblock_set_bottom_up(true);
	memblock_alloc_node(PAGE_SIZE, PAGE_SIZE, 1);
	expect_true(picture_same(&memblock.reserved, "...==...", page_grid, "merged"));
}
#endif

/* ---- mirror ---- */

#define MIRROR_LINE(bytes)	"Could not allocate " bytes " bytes of mirrored memory\n"

static void mirror_on(const char *memory, const char *reserved)
{
	mbtest_load(memory, reserved, page_grid);
	mirrored_kernelcore = true;
	/* Marking nothing is enough: some memory is mirrored, says the caller. */
	memblock_mark_mirror(page(1000), PAGE_SIZE);
}

KTAP_TEST(test_alloc_mirror_comes_first)
{
	mirror_on("..MM==..", "");
	expect_eq(memblock_phys_alloc(PAGE_SIZE, PAGE_SIZE), page(3));
	expect_eq(memblock_phys_alloc(PAGE_SIZE, PAGE_SIZE), page(2));
	expect_eq(host_console_count(""), 0);
}

/* Row 21. */
KTAP_TEST(test_alloc_mirror_exhausted_warns_and_takes_other)
{
	mirror_on("..MM==..", "..==....");
	expect_eq(memblock_phys_alloc(PAGE_SIZE, PAGE_SIZE), page(5));
	expect_str_eq(host_console_text(), MIRROR_LINE("0x0000000000001000"));
}

KTAP_TEST(test_alloc_mirror_too_small_warns_with_the_size)
{
	mirror_on("..M====.", "");
	expect_eq(memblock_phys_alloc(0x3000, PAGE_SIZE), page(4));
	expect_str_eq(host_console_text(), MIRROR_LINE("0x0000000000003000"));
}

KTAP_TEST(test_alloc_mirror_nothing_at_all_fails_with_the_warning)
{
	mirror_on("..MM==..", "..====..");
	expect_eq(memblock_phys_alloc(PAGE_SIZE, PAGE_SIZE), 0);
	expect_eq(host_console_count("mirrored memory"), 1);
}

KTAP_TEST(test_alloc_mirror_off_again_for_nothing)
{
	mbtest_load("..MM==..", "", page_grid);
	expect_eq(memblock_phys_alloc(PAGE_SIZE, PAGE_SIZE), page(5));
	expect_eq(host_console_count(""), 0);
}

#ifdef CONFIG_NUMA
/* (nid, mirror), (any, mirror), (nid, all), (any, all). */
KTAP_TEST(test_alloc_mirror_of_another_node_before_plain_of_this)
{
	mirror_on("00mm11yy", "");
	expect_eq(memblock_phys_alloc_try_nid(PAGE_SIZE, PAGE_SIZE, 1), page(7));
	mirror_on("00mm11yy", "......==");
	expect_eq(memblock_phys_alloc_try_nid(PAGE_SIZE, PAGE_SIZE, 1), page(3));
	mirror_on("00mm11yy", "..==..==");
	expect_eq(memblock_phys_alloc_try_nid(PAGE_SIZE, PAGE_SIZE, 0), page(1));
	mirror_on("00mm11yy", "====..==");
	expect_eq(memblock_phys_alloc_try_nid(PAGE_SIZE, PAGE_SIZE, 0), page(5));
}

KTAP_TEST(test_alloc_mirror_exact_node_before_giving_up)
{
	mirror_on("00mm11yy", "......==");
	expect_eq(memblock_alloc_range_nid(PAGE_SIZE, PAGE_SIZE, 0, 0, 1, true), page(5));
	expect_eq(memblock_alloc_range_nid(2 * PAGE_SIZE, PAGE_SIZE, 0, 0, 1, true), 0);
}
#endif

/* The limit drops before the mirror does not: mirror fails, plain is above min. */
KTAP_TEST(test_alloc_mirror_below_min_loses_to_plain_above)
{
	mirror_on("MM..==..", "");
	expect_ptr_eq(memblock_alloc_from(PAGE_SIZE, PAGE_SIZE, page(4)), phys_to_virt(page(5)));
	expect_eq(host_console_count("mirrored memory"), 1);
}

/* ---- or_panic ---- */

KTAP_TEST(test_alloc_or_panic_returns_zeroed_memory)
{
	unsigned char *p;

	mbtest_load("..====..", "", page_grid);
	memset(phys_to_virt(page(2)), 0xa5, 4 * PAGE_SIZE);
	p = memblock_alloc_or_panic(PAGE_SIZE, PAGE_SIZE);
	expect_ptr_eq(p, phys_to_virt(page(5)));
	expect_eq(p[0], 0);
	expect_eq(p[PAGE_SIZE - 1], 0);
}

KTAP_TEST(test_alloc_or_panic_names_the_caller)
{
	mbtest_load("..====..", "", page_grid);
	expect_panic("test_alloc_or_panic_names_the_caller: Failed to allocate 0x0000000000005000 bytes")
		memblock_alloc_or_panic(0x5000, PAGE_SIZE);
}

/* ---- accept_memory() ---- */

/* Whatever is given out is passed on, exactly, before anyone can touch it. */
KTAP_TEST(test_alloc_memory_is_accepted)
{
	mbtest_load("..====..", "", page_grid);
	fake_accept.calls = 0;
	memblock_phys_alloc(100, 8);
	expect_eq(fake_accept.calls, 1);
	expect_eq(fake_accept.start, page(6) - 104);
	expect_eq(fake_accept.size, 100);
	memblock_alloc(PAGE_SIZE, PAGE_SIZE);
	expect_eq(fake_accept.calls, 2);
	expect_eq(fake_accept.start, page(4));
	expect_eq(fake_accept.size, PAGE_SIZE);
	memblock_alloc(PAGE_SIZE * 100, PAGE_SIZE);
	expect_eq(fake_accept.calls, 2);
}

/* ---- many ---- */

/* Every second page taken: the remaining ones come out in order, both ways. */
KTAP_TEST(test_alloc_among_fragments_in_order)
{
	for (int up = 0; up < 2; up++) {
		mbtest_reset();
		memblock_add(page(0), 100 * PAGE_SIZE);
		for (unsigned int i = 0; i < 100; i += 2)
			memblock_reserve(page(i), PAGE_SIZE);
		memblock_set_bottom_up(up);
		for (unsigned int i = 0; i < 50; i++)
			expect_eq(memblock_phys_alloc(PAGE_SIZE, PAGE_SIZE),
				  page(up ? 2 * i + 1 : 99 - 2 * i));
		expect_eq(memblock.reserved.cnt, 1);
		expect_eq(memblock_phys_alloc(1, 1), 0);
	}
}

/* Small pieces pack downwards from the top, each aligned. */
KTAP_TEST(test_alloc_small_pieces_pack)
{
	mbtest_load("..====..", "", page_grid);
	expect_eq(memblock_phys_alloc(100, 8), page(6) - 104);
	expect_eq(memblock_phys_alloc(100, 8), page(6) - 208);
	expect_eq(memblock_phys_alloc(1, 1), page(6) - 1);
	expect_eq(memblock_phys_alloc(3, 1), page(6) - 4);
	expect_eq(memblock_phys_alloc(4, 4), page(6) - 108);
	expect_eq(memblock.reserved.cnt, 1);
	expect_eq(memblock.reserved.total_size, 208);
}
