/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reserve_mem=nn:align:name, silent about everything as in 6.12.
 */
#include <string.h>

#include "kernel/lib/params.h"	/* parse_args() */
#include "mm/memblock/memblock_internal.h"
#include "mm/takers/takers_internal.h"
#include "tests/host/include/host_console.h"
#include "tests/host/include/ktap.h"
#include "tests/host/model/fake_buddy.h"
#include "tests/host/model/mbtest.h"

static void start(void)
{
	mbtest_reset();
	memset(&reserved_mems, 0, sizeof(reserved_mems));
	fake_buddy_reset();
	memblock_add(0x1000000, 0x1000000);
	max_low_pfn = FAKE_PAGES;
}

static const struct {
	const char	*name;
	const char	*cmdline;
	const char	*find;		/* name to look for */
	phys_addr_t	start, size;	/* 0: must not be there */
} word_rows[] = {
	{ "plain", "reserve_mem=4096:4096:trace", "trace", 0x1fff000, 0x1000 },
	{ "suffixes", "reserve_mem=1M:2M:oops", "oops", 0x1e00000, 0x100000 },
	{ "hex", "reserve_mem=0x2000:0x1000:x", "x", 0x1ffe000, 0x2000 },
	{ "align 0 is 64", "reserve_mem=100:0:a", "a", 0x1ffff80, 100 },
	{ "align 1 is 64", "reserve_mem=100:1:a", "a", 0x1ffff80, 100 },
	{ "align 63 is 64", "reserve_mem=100:63:a", "a", 0x1ffff80, 100 },
	{ "name of 15", "reserve_mem=4096:4096:abcdefghijklmno", "abcdefghijklmno", 0x1fff000,
	  0x1000 },
	{ "name of 15 before another word",
	  "reserve_mem=4096:4096:abcdefghijklmno reserve_mem=4096:4096:z", "abcdefghijklmno",
	  0x1fff000, 0x1000 },
	{ "name of 16", "reserve_mem=4096:4096:abcdefghijklmnop", "abcdefghijklmnop", 0, 0 },
	{ "name empty", "reserve_mem=4096:4096:", "", 0, 0 },
	{ "name blank", "reserve_mem=\"4096:4096:  \"", "  ", 0, 0 },
	{ "name of tabs", "reserve_mem=\"4096:4096:\t\v\r\"", "\t\v\r", 0, 0 },
	{ "name of control bytes", "reserve_mem=4096:4096:\1", "\1", 0x1fff000, 0x1000 },
	{ "name with blanks", "reserve_mem=\"4096:4096: a \"", " a ", 0x1fff000, 0x1000 },
	{ "name with a colon", "reserve_mem=4096:4096:a:b", "a:b", 0x1fff000, 0x1000 },
	{ "size 0", "reserve_mem=0:4096:a", "a", 0, 0 },
	{ "size missing", "reserve_mem=:4096:a", "a", 0, 0 },
	{ "size garbage", "reserve_mem=x:4096:a", "a", 0, 0 },
	{ "no align", "reserve_mem=4096:a", "a", 0, 0 },
	{ "garbage behind the align", "reserve_mem=4096:4096x:a", ":a", 0, 0 },
	{ "no colon", "reserve_mem=4096", "", 0, 0 },
	{ "no value", "reserve_mem", "", 0, 0 },
	{ "empty value", "reserve_mem=", "", 0, 0 },
	{ "too large", "reserve_mem=1G:4096:a", "a", 0, 0 },
	{ "align too large", "reserve_mem=4096:1G:a", "a", 0, 0 },
	{ "first of two", "reserve_mem=4096:4096:a reserve_mem=8192:4096:b", "a", 0x1fff000,
	  0x1000 },
	{ "second of two", "reserve_mem=4096:4096:a reserve_mem=8192:4096:b", "b", 0x1ffd000,
	  0x2000 },
	{ "same name twice", "reserve_mem=4096:4096:a reserve_mem=8192:4096:a", "a", 0x1fff000,
	  0x1000 },
	{ "unknown name", "reserve_mem=4096:4096:a", "b", 0, 0 },
	{ "prefix of a name", "reserve_mem=4096:4096:abc", "ab", 0, 0 },
};

KTAP_TABLE_TEST(test_reserve_mem_words, word_rows, row)
{
	phys_addr_t start_pa = 7, size = 8;

	start();
	parse_args(row->cmdline);
	expect_eq(reserve_mem_find_by_name(row->find, &start_pa, &size), row->size != 0);
	expect_eq(start_pa, row->size ? row->start : 7);
	expect_eq(size, row->size ? row->size : 8);
	if (row->size)
		expect_true(memblock_is_region_reserved(row->start, row->size));
	else if (!*row->find || row->find[0] == 'a')
		expect_true(memblock.reserved.cnt == 0 || memblock.reserved.total_size == 0x1000);
	/* silent, and never handed on as a word nobody knows */
	if (strchr(row->cmdline, '='))
		expect_str_eq(host_console_text(), "");
}

KTAP_TEST(test_reserve_mem_tells_the_ledger)
{
	start();
	fake_name = (struct fake_name){ 0 };
	parse_args("reserve_mem=8192:4096:trace");
	expect_eq(fake_name.base, 0x1ffe000);
	expect_eq(fake_name.size, 8192);
	expect_str_eq(fake_name.owner, "trace");
}

/* What follows the word is not read, however well it would fit. */
KTAP_TEST(test_reserve_mem_ends_with_its_word)
{
	phys_addr_t s, n;

	start();
	parse_args("reserve_mem=4096:64 b");
	parse_args("reserve_mem=4096 64:a");
	expect_eq(reserve_mem_find_by_name("a", &s, &n), 0);
	expect_eq(reserve_mem_find_by_name("b", &s, &n), 0);
	expect_eq(memblock.reserved.cnt, 0);
}

KTAP_TEST(test_reserve_mem_same_name_takes_nothing)
{
	start();
	parse_args("reserve_mem=4096:4096:a reserve_mem=8192:4096:a reserve_mem=4096:4096:a");
	expect_eq(memblock.reserved.total_size, 4096);
}

KTAP_TEST(test_reserve_mem_bad_words_take_no_place)
{
	phys_addr_t s, n;

	start();
	parse_args("reserve_mem=0:4096:a reserve_mem=0:4096:b reserve_mem=0:4096:c "
		   "reserve_mem=0:4096:d reserve_mem=0:4096:e reserve_mem=0:4096:f "
		   "reserve_mem=0:4096:g reserve_mem=0:4096:h reserve_mem=x:4096:i "
		   "reserve_mem=1G:4096:j reserve_mem=4096:4096: reserve_mem=4096:4096:z");
	expect_eq(reserve_mem_find_by_name("z", &s, &n), 1);
	expect_eq(memblock.reserved.total_size, 4096);
}

KTAP_TEST(test_reserve_mem_ninth_is_refused)
{
	phys_addr_t s, n;

	start();
	parse_args("reserve_mem=4096:4096:a reserve_mem=4096:4096:b reserve_mem=4096:4096:c "
		   "reserve_mem=4096:4096:d reserve_mem=4096:4096:e reserve_mem=4096:4096:f "
		   "reserve_mem=4096:4096:g reserve_mem=4096:4096:h reserve_mem=4096:4096:i");
	expect_eq(reserve_mem_find_by_name("h", &s, &n), 1);
	expect_eq(reserve_mem_find_by_name("i", &s, &n), 0);
	expect_eq(memblock.reserved.total_size, 8 * 4096);
	expect_str_eq(host_console_text(), "");
}

/* What would leave too little for the page map is given back, silently. */
KTAP_TEST(test_reserve_mem_leaves_room_for_the_page_map)
{
	phys_addr_t s, n;

	start();
	fake_memory_suffices = false;
	parse_args("reserve_mem=4096:4096:a");
	fake_memory_suffices = true;
	expect_eq(reserve_mem_find_by_name("a", &s, &n), 0);
	expect_eq(memblock.reserved.cnt, 0);
	expect_str_eq(host_console_text(), "");
	parse_args("reserve_mem=4096:4096:a");
	expect_eq(reserve_mem_find_by_name("a", &s, &n), 1);
}

KTAP_TEST(test_reserve_mem_release_before_hand_over)
{
	phys_addr_t s, n;

	start();
	parse_args("reserve_mem=4096:4096:a reserve_mem=4096:4096:b");
	expect_eq(reserve_mem_release_by_name("c"), 0);
	expect_eq(reserve_mem_release_by_name("a"), 1);
	expect_eq(reserve_mem_find_by_name("a", &s, &n), 0);
	expect_eq(reserve_mem_release_by_name("a"), 0);
	expect_eq(reserve_mem_find_by_name("b", &s, &n), 1);
	expect_eq(memblock.reserved.total_size, 4096);
	expect_eq(fake_buddy.blocks, 0);
	expect_null(fake_buddy.step);		/* totalram_pages has not changed */
}

KTAP_TEST(test_reserve_mem_release_after_hand_over_goes_to_the_buddy)
{
	start();
	parse_args("reserve_mem=8192:4096:a");
	memblock_free_all();
	fake_buddy_reset();
	expect_eq(reserve_mem_release_by_name("a"), 1);
	expect_eq(fake_buddy.blocks, 2);
	expect_eq(fake_buddy.block[0].pfn, 0x1ffe);
	expect_eq(fake_buddy.totalram, 2);
	expect_str_eq(fake_buddy.step, "a");
}
