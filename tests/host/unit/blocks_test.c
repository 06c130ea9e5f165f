// SPDX-License-Identifier: GPL-2.0-only
/*
 * mm/blocks.h, mm/range.h and mm/sorted.h.
 */
#include "mm/blocks.h"

#include "mm/range.h"
#include "mm/sorted.h"
#include "tests/host/include/ktap.h"

/* The definition, order by order from the top: aligned to its size, and all of it below @end. */
static unsigned int order_by_definition(unsigned long pfn, unsigned long end, unsigned int max)
{
	for (unsigned int order = max; order; order--) {
		unsigned long pages = 1UL << order;

		if (pfn % pages == 0 && end - pfn >= pages)
			return order;
	}
	return 0;
}

KTAP_TEST(test_blocks_order_is_the_definition_for_small_ranges)
{
	for (unsigned int max = 0; max <= 5; max++)
		for (unsigned long pfn = 0; pfn < 130; pfn++)
			for (unsigned long end = pfn + 1; end < 200; end++)
				require_eq(largest_block_order(pfn, end, max),
					   order_by_definition(pfn, end, max));
}

static const struct {
	const char	*name;
	unsigned long	pfn, end;
	unsigned int	max, want;
} order_rows[] = {
	{ .name = "page 0 is aligned to everything", .pfn = 0, .end = ~0UL, .max = 63, .want = 63 },
	{ .name = "the maximum", .pfn = 0x100000, .end = 0x200000, .max = 10, .want = 10 },
	{ .name = "the alignment", .pfn = 0x100010, .end = 0x200000, .max = 10, .want = 4 },
	{ .name = "the end", .pfn = 0x100000, .end = 0x10001f, .max = 10, .want = 4 },
	{ .name = "exactly to the end", .pfn = 0x100000, .end = 0x100020, .max = 10, .want = 5 },
	{ .name = "one page", .pfn = 0x100000, .end = 0x100001, .max = 10, .want = 0 },
	{ .name = "the last page number", .pfn = ~0UL - 1, .end = ~0UL, .max = 10, .want = 0 },
	{ .name = "a sum that would wrap", .pfn = 1UL << 63, .end = ~0UL, .max = 63, .want = 62 },
};

KTAP_TABLE_TEST(test_blocks_order, order_rows, row)
{
	expect_eq(largest_block_order(row->pfn, row->end, row->max), row->want);
	expect_eq(order_by_definition(row->pfn, row->end, row->max), row->want);
}

/* Blocks follow each other without a gap, and none could be twice as large. */
KTAP_TEST(test_blocks_cut_a_range_into_as_few_as_can_be)
{
	static const struct {
		unsigned long	pfn;
		unsigned int	order;
	} want[] = { { 3, 0 }, { 4, 2 }, { 8, 3 }, { 16, 2 }, { 20, 0 } };
	unsigned long pfn = 3;

	for (unsigned int i = 0; i < ARRAY_SIZE(want); i++) {
		expect_eq(pfn, want[i].pfn);
		expect_eq(largest_block_order(pfn, 21, 10), want[i].order);
		pfn += 1UL << want[i].order;
	}
	expect_eq(pfn, 21);
}

static const struct {
	const char	*name;
	phys_addr_t	base, size, want;
} end_rows[] = {
	{ "plain", 0x1000, 0x2000, 0x3000 },
	{ "nothing", 0x1000, 0, 0x1000 },
	{ "all there is", 0, PHYS_ADDR_MAX, PHYS_ADDR_MAX },
	{ "up to the last byte, which is in no range", 0x1000, PHYS_ADDR_MAX - 0x1000, PHYS_ADDR_MAX },
	{ "one byte more", 0x1000, PHYS_ADDR_MAX - 0xfff, PHYS_ADDR_MAX },
	{ "far more", 0x1000, PHYS_ADDR_MAX, PHYS_ADDR_MAX },
	{ "begins at the very end", PHYS_ADDR_MAX, 1, PHYS_ADDR_MAX },
	{ "nothing at the very end", PHYS_ADDR_MAX, 0, PHYS_ADDR_MAX },
};

KTAP_TABLE_TEST(test_range_end, end_rows, row)
{
	expect_eq(phys_range_end(row->base, row->size), row->want);
}

/* Law: the first that ends above x, as a walk from the first finds it; for all n and all x. */
KTAP_TEST(test_sorted_first_is_the_one_a_walk_finds)
{
	static const unsigned int ends[] = { 2, 3, 7, 8, 9, 15, 20, 21 };

	for (unsigned int n = 0; n <= ARRAY_SIZE(ends); n++) {
		for (unsigned int x = 0; x < 24; x++) {
			unsigned int want = 0;

			while (want < n && ends[want] <= x)
				want++;
			expect_eq(first_ending_above(n, x, i, ends[i]), want);
		}
	}
}
