// SPDX-License-Identifier: GPL-2.0-only
/*
 * kernel/lib/ksyms.c: every address of a small table, and its edges.
 */
#include "kernel/lib/ksyms.h"

#include "kernel/lib/types.h"
#include "tests/host/include/ktap.h"

static const uint32_t offsets[] = { 0, 0x10, 0x11, 0x40, 0x48, 0x50 };
static const uint32_t names[] = { 4, 0, 8, 15, 12 };	/* the pool has its own order */

static const struct ksyms_table table = {
	.base = 0xffffffff80100000,
	.count = ARRAY_SIZE(names),
	.offsets = offsets,
	.names = names,
	.pool = "two\0one\0thr\0fou",
};

static const char *const in_order[] = { "one", "two", "thr", NULL, "fou" };

KTAP_TEST(test_ksyms_every_address)
{
	for (size_t i = 0; i < table.count; i++) {
		for (uint64_t off = offsets[i]; off < offsets[i + 1]; off++) {
			unsigned long offset = 0, size = 0;

			expect_str_eq(ksyms_lookup_in(&table, table.base + off, &offset, &size),
				      in_order[i]);
			if (!in_order[i])
				continue;
			expect_eq(offset, off - offsets[i]);
			expect_eq(size, offsets[i + 1] - offsets[i]);
		}
	}
}

KTAP_TEST(test_ksyms_outside)
{
	unsigned long offset = 77;

	expect_null(ksyms_lookup_in(&table, table.base - 1, &offset, NULL));
	expect_null(ksyms_lookup_in(&table, table.base + 0x50, &offset, NULL));
	expect_null(ksyms_lookup_in(&table, 0, &offset, NULL));
	expect_null(ksyms_lookup_in(&table, ~0UL, &offset, NULL));
	expect_eq(offset, 77);
	expect_str_eq(ksyms_lookup_in(&table, table.base, NULL, NULL), "one");
}

KTAP_TEST(test_ksyms_empty_and_absent)
{
	static const uint32_t end[] = { 0 };
	static const struct ksyms_table empty = { .base = 0x1000, .offsets = end, .pool = "" };

	expect_null(ksyms_lookup_in(&empty, 0x1000, NULL, NULL));
	/* This program has no table of its own. */
	expect_null(ksyms_lookup(table.base, NULL, NULL));
}
