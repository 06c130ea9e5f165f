/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The end of memblock: which pages go to the buddy, in which blocks; which are
 * marked reserved; what the doubled arrays become.
 *
 * Law 3 on a small scale: a page is freed exactly once if it is wholly memory
 * and not touched by any reservation, else never.
 */
#include <stdio.h>
#include <string.h>

#include "kernel/lib/align.h"
#include "kernel/lib/vsnprintf.h"	/* ksnprintf(): %pa %pS */
#include "mm/memblock/memblock_internal.h"	/* the static arrays */
#include "tests/host/include/host_console.h"
#include "tests/host/include/ktap.h"
#include "tests/host/model/fake_buddy.h"
#include "tests/host/model/mbtest.h"

static void start(void)
{
	mbtest_reset();
	fake_buddy_reset();
	max_low_pfn = FAKE_PAGES;
	memblock_allow_resize();
}

struct span {
	phys_addr_t	base, size;
};

/* Every page against the definition, byte ranges at page granularity. */
static void expect_right_pages(const struct span *mem, size_t mems, const struct span *rsv,
			       size_t rsvs)
{
	unsigned long wrong = 0, free_pages = 0;

	for (unsigned long pfn = 0; pfn < FAKE_PAGES; pfn++) {
		phys_addr_t lo = PFN_PHYS(pfn), hi = lo + PAGE_SIZE;
		bool whole = false, touched = false;

		for (size_t i = 0; i < mems; i++)
			whole |= mem[i].base <= lo && mem[i].base + mem[i].size >= hi;
		for (size_t i = 0; i < rsvs; i++)
			touched |= rsv[i].base < hi && rsv[i].base + rsv[i].size > lo;
		free_pages += whole && !touched;
		wrong += fake_buddy.freed[pfn] != (whole && !touched);
		wrong += !fake_buddy.reserved[pfn] != !touched;
	}
	expect_eq(wrong, 0);
	expect_eq(fake_buddy.totalram, free_pages);
	expect_eq(fake_buddy_freed(), free_pages);
	expect_eq(fake_buddy.bad, 0);
}

#define MAX_SPANS	6

static const struct {
	const char	*name;
	struct span	mem[MAX_SPANS], rsv[MAX_SPANS];
} page_rows[] = {
	{ "nothing", { { 0 } }, { { 0 } } },
	{ "one page", { { 0x10000, 0x1000 } }, { { 0 } } },
	{ "page 0", { { 0, 0x1000 } }, { { 0 } } },
	{ "a PC", { { 0x1000, 0x9e000 }, { 0x100000, 0x1ff00000 } },
	  { { 0, 0x10000 }, { 0x100000, 0x345678 } } },
	{ "memory rounds inward", { { 0x10001, 0x5000 }, { 0x20000, 0x1fff } }, { { 0 } } },
	{ "less than a page", { { 0x10001, 0xffe } }, { { 0 } } },
	{ "less than a page over a border", { { 0x10800, 0x1000 } }, { { 0 } } },
	{ "reserved rounds outward", { { 0x10000, 0x10000 } }, { { 0x14fff, 2 } } },
	{ "one reserved byte", { { 0x10000, 0x10000 } }, { { 0x14000, 1 } } },
	{ "two reservations in one page", { { 0x10000, 0x10000 } },
	  { { 0x14000, 1 }, { 0x14800, 1 } } },
	{ "reserved outside memory", { { 0x10000, 0x10000 } }, { { 0x1000000, 0x10000 } } },
	{ "reserved over a hole", { { 0x10000, 0x10000 }, { 0x40000, 0x10000 } },
	  { { 0x18000, 0x30000 } } },
	{ "reserved over three regions",
	  { { 0x10000, 0x4000 }, { 0x18000, 0x4000 }, { 0x20000, 0x4000 } },
	  { { 0x12000, 0x10000 } } },
	{ "everything reserved", { { 0x100000, 0x100000 } }, { { 0, 0x10000000 } } },
	{ "one page below 4 MiB", { { 0x1000, 0x3fe000 } }, { { 0 } } },
	{ "large", { { 0, 0x20000000 } }, { { 0x8000000, 0x1000 }, { 0x12345000, 1 } } },
};

KTAP_TABLE_TEST(test_handover_frees_exactly_the_free_pages, page_rows, row)
{
	size_t mems = 0, rsvs = 0;

	start();
	for (; mems < MAX_SPANS && row->mem[mems].size; mems++)
		memblock_add(row->mem[mems].base, row->mem[mems].size);
	for (; rsvs < MAX_SPANS && row->rsv[rsvs].size; rsvs++)
		memblock_reserve(row->rsv[rsvs].base, row->rsv[rsvs].size);
	memblock_free_all();
	expect_right_pages(row->mem, mems, row->rsv, rsvs);
	expect_eq(fake_buddy.managed_resets, 1);
	expect_eq(fake_buddy.resets_after_free, 0);
	expect_eq(host_console_count(""), 0);
}

/* The blocks of one range, as "pfn:order ". */
static const char *blocks(void)
{
	static char out[1024];
	size_t n = 0;

	out[0] = '\0';
	for (unsigned int i = 0; i < fake_buddy.blocks && n < sizeof(out) - 32; i++)
		n += (size_t)snprintf(out + n, sizeof(out) - n, "%lu:%u ", fake_buddy.block[i].pfn,
				      fake_buddy.block[i].order);
	return out;
}

static const struct {
	const char	*name;
	unsigned long	first, end;	/* pfns */
	const char	*want;
} block_rows[] = {
	{ "one", 5, 6, "5:0 " },
	{ "two, aligned", 6, 8, "6:1 " },
	{ "two, not aligned", 7, 9, "7:0 8:0 " },
	{ "from 0", 0, 1024, "0:10 " },
	{ "from 0, short", 0, 7, "0:2 4:1 6:0 " },
	{ "from 0, one", 0, 1, "0:0 " },
	{ "largest is 10", 0, 4096, "0:10 1024:10 2048:10 3072:10 " },
	{ "up and down", 3, 21, "3:0 4:2 8:3 16:2 20:0 " },
	{ "ascending head", 1, 1024, "1:0 2:1 4:2 8:3 16:4 32:5 64:6 128:7 256:8 512:9 " },
	{ "descending tail", 1024, 2047,
	  "1024:9 1536:8 1792:7 1920:6 1984:5 2016:4 2032:3 2040:2 2044:1 2046:0 " },
	{ "aligned high", 1UL << 16, (1UL << 16) + 1024, "65536:10 " },
};

KTAP_TABLE_TEST(test_handover_cuts_aligned_blocks, block_rows, row)
{
	start();
	memblock_add(PFN_PHYS(row->first), PFN_PHYS(row->end - row->first));
	memblock_free_all();
	expect_str_eq(blocks(), row->want);
	expect_eq(fake_buddy.totalram, row->end - row->first);
	expect_eq(fake_buddy.bad, 0);
}

KTAP_TEST(test_handover_stops_at_max_low_pfn)
{
	start();
	max_low_pfn = 0x105;
	memblock_add(0x100000, 0x10000);
	memblock_add(0x200000, 0x10000);
	memblock_free_all();
	expect_str_eq(blocks(), "256:2 260:0 ");
	expect_eq(fake_buddy.totalram, 5);
}

/* NOMAP and driver-managed memory is not freed, hotplug is. */
KTAP_TEST(test_handover_by_flags)
{
	fake_buddy_reset();
	mbtest_load("==HHNNDDMMXX", "", page_grid);
	max_low_pfn = FAKE_PAGES;
	movable_node_enabled = true;
	memblock_free_all();
	for (unsigned long i = 0; i < 12; i++) {
		unsigned long pfn = (page_grid.base >> PAGE_SHIFT) + i;
		bool nomap = i == 4 || i == 5 || i >= 10, managed = i == 6 || i == 7;

		expect_eq(fake_buddy.freed[pfn], !nomap && !managed);
		expect_eq(fake_buddy.reserved[pfn], nomap);
	}
	/* hotplug flags are gone, and what became equal is one */
	expect_true(picture_same(&memblock.memory, "====NNDDMMNN", page_grid, "after"));
}

KTAP_TEST(test_handover_clears_hotplug_from_the_first_byte)
{
	start();
	memblock_add_node(0, 0x2000, 0, MEMBLOCK_HOTPLUG);
	memblock_free_all();
	expect_eq(memblock.memory.cnt, 1);
	expect_eq(memblock.memory.regions[0].flags, MEMBLOCK_NONE);
}

KTAP_TEST(test_handover_noinit_reservations_are_not_marked)
{
	fake_buddy_reset();
	mbtest_load("========", ".=III=..", page_grid);
	max_low_pfn = FAKE_PAGES;
	memblock_free_all();
	for (unsigned long i = 0; i < 8; i++) {
		unsigned long pfn = (page_grid.base >> PAGE_SHIFT) + i;

		expect_eq(fake_buddy.reserved[pfn], i == 1 || i == 5);
		expect_eq(fake_buddy.freed[pfn], i == 0 || i > 5);
	}
}

#ifdef CONFIG_NUMA
/* Reservations learn the node of the memory they lie in, split at the borders. */
KTAP_TEST(test_handover_reservations_get_nodes)
{
	static const int want[] = { 0, 0, 0, 1, 1, 1, 0, 2, 2, 2, 2, 2 };

	fake_buddy_reset();
	mbtest_load("0001110.2222", "============", page_grid);
	max_low_pfn = FAKE_PAGES;
	memblock_free_all();
	for (unsigned long i = 0; i < ARRAY_SIZE(want); i++) {
		unsigned long pfn = (page_grid.base >> PAGE_SHIFT) + i;

		expect_eq(fake_buddy.reserved[pfn], 1);
		/* [7] is in no memory: the first node there is */
		expect_eq(fake_buddy.reserved_nid[pfn], i == 7 ? 0 : want[i]);
	}
	expect_true(picture_same(&memblock.reserved, "0001110=2222", page_grid, "nodes"));
}

KTAP_TEST(test_handover_reservation_outside_takes_its_first_pages_node_or_the_first)
{
	unsigned long pfn = page_grid.base >> PAGE_SHIFT;

	fake_buddy_reset();
	mbtest_load("..22.3", "=......=", page_grid);
	max_low_pfn = FAKE_PAGES;
	memblock_free_all();
	expect_eq(fake_buddy.reserved_nid[pfn], 2);
	expect_eq(fake_buddy.reserved_nid[pfn + 7], 2);
}

/* Outside of memory, but in a page that begins in it: that page's node. */
KTAP_TEST(test_handover_reservation_behind_the_end_of_memory_in_its_page)
{
	start();
	memblock_add_node(0x100000, 0x1000, 0, MEMBLOCK_NONE);
	memblock_add_node(0x10000, 0x800, 2, MEMBLOCK_NONE);
	memblock_reserve(0x10800, 0x100);
	memblock_free_all();
	expect_eq(fake_buddy.reserved[0x10], 1);
	expect_eq(fake_buddy.reserved_nid[0x10], 2);
}

/* A reservation that has a node keeps it, whatever its page begins with. */
KTAP_TEST(test_handover_reservation_in_the_second_node_of_a_page)
{
	start();
	memblock_add_node(0x10000, 0x800, 1, MEMBLOCK_NONE);
	memblock_add_node(0x10800, 0x800, 2, MEMBLOCK_NONE);
	memblock_reserve(0x10900, 0x100);
	memblock_free_all();
	expect_eq(fake_buddy.reserved_nid[0x10], 2);
}

KTAP_TEST(test_handover_without_any_node_is_node_0)
{
	start();
	memblock_add(0x100000, 0x1000);
	memblock_reserve(0x10000, 0x1000);
	fake_buddy.reserved_nid[0x10] = 7;
	memblock_free_all();
	expect_eq(fake_buddy.reserved[0x10], 1);
	expect_eq(fake_buddy.reserved_nid[0x10], 0);
}

KTAP_TEST(test_handover_part_of_a_page_in_memory)
{
	unsigned long pfn = 0x11;

	start();
	memblock_add_node(0x10000, 0x1000, 2, MEMBLOCK_NONE);
	memblock_add_node(0x11000, 0x1000, 1, MEMBLOCK_NONE);
	memblock_reserve(0x11800, 0x1800);	/* begins in node 1, ends outside */
	memblock_free_all();
	expect_eq(fake_buddy.reserved_nid[pfn], 1);
	expect_eq(fake_buddy.reserved[pfn], 1);
	expect_eq(fake_buddy.reserved[pfn + 1], 1);
	expect_eq(fake_buddy.freed[pfn], 0);
}

/* Row 4: giving nodes splits so much that the array doubles on the way. */
static void double_while_nodes_are_given(phys_addr_t limit)
{
	struct span mem[1] = { { 0x1000000, 0x1000000 } };
	static struct span rsv[200];
	size_t n = 0;

	start();
	for (unsigned int i = 0; i < 64; i++)
		memblock_add_node(0x1000000 + i * 0x40000ULL, 0x40000, (int)i % 2,
				  MEMBLOCK_NONE);
	/* 100 reservations, many over node borders */
	for (unsigned int i = 0; i < 100; i++) {
		rsv[n] = (struct span){ 0x103f000 + i * 0x20000ULL, 0x2000 };
		memblock_reserve(rsv[n].base, rsv[n].size);
		n++;
	}
	require_eq(memblock.reserved.max, 128);
	memblock_set_current_limit(limit);
	memblock_free_all();
	require_eq(memblock.reserved.max, 256);
	rsv[n++] = (struct span){ virt_to_phys(mb_state.reserved_block.first), 0x2000 };
	expect_right_pages(mem, 1, rsv, n);
	for (unsigned long i = 0; i < memblock.reserved.cnt; i++)
		expect_true(numa_valid_node(memblock.reserved.regions[i].nid));
}

/* The new array may lie above, where nodes are still to be given, or have to lie below. */
KTAP_TEST(test_handover_doubling_while_nodes_are_given)
{
	double_while_nodes_are_given(MEMBLOCK_ALLOC_ANYWHERE);
	double_while_nodes_are_given(0x1020000);
}
#endif

KTAP_TEST(test_handover_twice_resets_managed_pages_once)
{
	start();
	memblock_add(0x100000, 0x100000);
	reset_all_zones_managed_pages();
	expect_eq(fake_buddy.managed_resets, 1);
	memblock_free_all();
	expect_eq(fake_buddy.managed_resets, 1);
}

/* ---- late ---- */

static const struct {
	const char	*name;
	phys_addr_t	base, size;
	unsigned long	first, end;
} late_rows[] = {
	{ "whole pages", 0x10000, 0x3000, 0x10, 0x13 },
	{ "rounds inward", 0x10001, 0x3000, 0x11, 0x13 },
	{ "rounds inward at the end", 0x10000, 0x2fff, 0x10, 0x12 },
	{ "less than a page", 0x10001, 0xffe, 0x11, 0x11 },
	{ "no whole page", 0x10800, 0x1000, 0x11, 0x11 },
	{ "nothing", 0x10000, 0, 0x10, 0x10 },
	{ "one byte more than a page", 0x10000, 0x1001, 0x10, 0x11 },
};

KTAP_TABLE_TEST(test_handover_late_frees_whole_pages_one_by_one, late_rows, row)
{
	start();
	memblock_free_late(row->base, row->size);
	expect_eq(fake_buddy.blocks, row->end - row->first);
	for (unsigned int i = 0; i < fake_buddy.blocks; i++) {
		expect_eq(fake_buddy.block[i].pfn, row->first + i);
		expect_eq(fake_buddy.block[i].order, 0);
	}
	expect_eq(fake_buddy.totalram, row->end - row->first);
}

/* A page that the buddy refuses, because it is not reserved, is no part of totalram. */
KTAP_TEST(test_handover_late_counts_the_pages_that_were_taken)
{
	start();
	fake_buddy.refuse = 0x12;
	memblock_free_late(0x10000, 0x4000);
	expect_eq(fake_buddy_freed(), 3);
	expect_eq(fake_buddy.totalram, 3);
	expect_eq(fake_buddy.freed[0x12], 0);
	expect_eq(fake_buddy.freed[0x13], 1);
}

KTAP_TEST(test_handover_late_says_its_line)
{
	start();
	memblock_set_verbose(true);
	memblock_free_late(0x10000, 0x2000);
	expect_log("memblock_free_late: [0x0000000000010000-0x0000000000011fff] ");
}

/* The last page of the address space is never whole: where rounding up would wrap to 0. */
KTAP_TEST(test_handover_frees_nothing_from_the_last_page)
{
	start();
	memblock_add(PHYS_ADDR_MAX - 0x800, 0x800);
	max_low_pfn = FAKE_PAGES;
	memblock_free_all();
	expect_eq(fake_buddy.blocks, 0);
	expect_eq(fake_buddy.totalram, 0);
	memblock_free_late(PHYS_ADDR_MAX - 0x800, 0x800);
	memblock_free_late(PHYS_ADDR_MAX - 0x800, ~0ULL);
	expect_eq(fake_buddy.blocks, 0);
	expect_eq(fake_buddy.totalram, 0);
}

/* ---- discard ---- */

/* Row 8: static arrays are not ours to free. */
KTAP_TEST(test_handover_discard_of_static_arrays_frees_nothing)
{
	start();
	memblock_add(0x100000, 0x100000);
	memblock_reserve(0x100000, 0x1000);
	memblock_free_all();
	fake_buddy_reset();
	memblock_discard();
	expect_eq(fake_buddy.blocks, 0);
	expect_eq(fake_buddy.totalram, 0);
}

/* Row 26, and the order of Linux's log: reserved first, then memory. */
KTAP_TEST(test_handover_discard_frees_doubled_arrays_once)
{
	void *by = (void *)((uintptr_t)memblock_discard + 1);
	phys_addr_t memory, reserved, memory_last, reserved_last;
	char lines[256];

	start();
	memblock_add(0x1000000, 0x1000000);
	for (unsigned int i = 0; i < 300; i++) {
		memblock_add(0x4000000 + i * 0x2000ULL, 0x1000);
		memblock_reserve(0x8000000 + i * 0x2000ULL, 0x1000);
	}
	require_eq(memblock.memory.max, 512);
	require_eq(memblock.reserved.max, 512);
	memory = virt_to_phys(mb_state.memory_block.first);
	reserved = virt_to_phys(mb_state.reserved_block.first);
	memory_last = memory + 0x2fff;
	reserved_last = reserved + 0x2fff;
	memblock_free_all();
	fake_buddy_reset();
	memblock_set_verbose(true);
	memblock_discard();
	require_eq(fake_buddy.blocks, 6);	/* 512 * 24 bytes are 3 pages, twice */
	expect_eq(fake_buddy.block[0].pfn, PFN_DOWN(reserved));
	expect_eq(fake_buddy.block[3].pfn, PFN_DOWN(memory));
	expect_eq(fake_buddy.totalram, 6);
	/* as in Linux's log, these are by memblock_discard() itself */
	ksnprintf(lines, sizeof(lines),
		  "memblock_free_late: [%pa-%pa] %pS\nmemblock_free_late: [%pa-%pa] %pS\n",
		  &reserved, &reserved_last, by, &memory, &memory_last, by);
	expect_str_eq(host_console_text(), lines);
	memblock_set_verbose(false);
	/* dead: nothing to walk, nothing to find, and not again */
	expect_eq(memblock.memory.cnt, 0);
	expect_eq(memblock.reserved.cnt, 0);
	expect_eq(memblock.memory.total_size, 0);
	expect_eq(memblock.reserved.total_size, 0);
	expect_eq(memblock.memory.max, INIT_MEMBLOCK_REGIONS);
	expect_eq(memblock.memory.regions[0].size, 0);
	expect_null(mb_state.memory_block.first);
	expect_null(mb_state.reserved_block.first);
	expect_false(memblock_is_memory(0x1000000));
	expect_ptr_eq(memblock.reserved.regions, mb_state.reserved_init);
	memblock_discard();
	expect_eq(fake_buddy.blocks, 6);
}

KTAP_TEST(test_handover_discard_of_one_doubled_array)
{
	start();
	memblock_add(0x1000000, 0x1000000);
	for (unsigned int i = 0; i < 129; i++)
		memblock_reserve(0x8000000 + i * 0x2000ULL, 0x1000);
	memblock_free_all();
	fake_buddy_reset();
	memblock_discard();
	expect_eq(fake_buddy.blocks, 2);
	expect_eq(memblock.memory.cnt, 1);
	expect_eq(memblock.reserved.cnt, 0);
}

/* An array put in place by hand is nobody's page. */
KTAP_TEST(test_handover_discard_leaves_foreign_arrays)
{
	static struct memblock_region mine[4];

	start();
	memblock.memory.regions = mine;
	memblock.memory.max = ARRAY_SIZE(mine);
	memblock_add(0x1000000, 0x1000000);
	memblock_discard();
	expect_eq(fake_buddy.blocks, 0);
	expect_eq(memblock.memory.cnt, 1);
}

/* Rows 4 and 8: freed once and only once, arrays and all, over the whole life. */
KTAP_TEST(test_handover_whole_life_frees_every_page_at_most_once)
{
	unsigned long twice = 0;

	start();
	memblock_add(0x1000000, 0x4000000);
	for (unsigned int i = 0; i < 300; i++) {
		memblock_add(0x8000000 + i * 0x2000ULL, 0x1000);
		memblock_reserve(0x2000000 + i * 0x2800ULL, 0x900);
	}
	memblock_free_all();
	memblock_discard();
	for (unsigned long pfn = 0; pfn < FAKE_PAGES; pfn++)
		twice += fake_buddy.freed[pfn] > 1;
	expect_eq(twice, 0);
	expect_eq(fake_buddy.totalram, fake_buddy_freed());
}
