/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Arrays that cannot grow, both arrays growing in one call, and arrays that are
 * full to the brim and need not grow.
 *
 * Both arrays double in one call.
 */
#include "kernel/lib/errno.h"
#include "mm/memblock/memblock_internal.h"	/* the static arrays */
#include "tests/host/include/host_console.h"
#include "tests/host/include/ktap.h"
#include "tests/host/include/memblock_reset.h"
#include "tests/host/model/machine.h"
#include "tests/host/model/mbtest.h"

/* ---- if it cannot ---- */

/* Row 2: in the middle of everything, nothing changes. */
KTAP_TEST(test_double_failure_changes_nothing)
{
	machine_reset(false);
	model_add(&machine.reserved, 0, 1024, MAX_NUMNODES, 0);
	for (size_t c = 101; c < 100 + 2 * FULL - 2; c += 2)
		model_remove(&machine.reserved, c, c + 1);
	model_to_memblock(&machine);
	require_eq(memblock.reserved.cnt, FULL);
	expect_eq(memblock_reserve(cell(201), 0x800), -ENOMEM);
	expect_eq(memblock_reserve(cell(101), 100 * PAGE_SIZE), -ENOMEM);
	expect_eq(memblock_phys_free(cell(100), PAGE_SIZE), -ENOMEM);
	expect_eq(memblock_reserved_mark_noinit(cell(100), PAGE_SIZE), -ENOMEM);
#ifdef CONFIG_NUMA
	expect_eq(memblock_set_node(cell(100), PAGE_SIZE, &memblock.reserved, 1), -ENOMEM);
#endif
	expect_no_log("mirrored memory");
	expect_eq(memblock.reserved.max, FULL);
	expect_ptr_eq(memblock.reserved.regions, mb_state.reserved_init);
	expect_same();
	expect_log("memblock: Failed to double reserved array from 128 to 256 entries !\n");
	/* an allocation that finds room, but no entry */
	expect_eq(memblock_phys_alloc(16, 16), 0);
	expect_ptr_eq(memblock_alloc(16, 16), NULL);
	expect_same();
}

KTAP_TEST(test_double_memory_failure_changes_nothing)
{
	machine_reset(false);
	model_remove(&machine.memory, 0, 1024);
	comb(&machine.memory, 100, FULL);
	model_to_memblock(&machine);
	expect_eq(memblock_add(cell(900), PAGE_SIZE), -ENOMEM);
	expect_eq(memblock_add_node(cell(900), PAGE_SIZE, 0, MEMBLOCK_NONE), -ENOMEM);
	expect_eq(memblock_remove(cell(100), PAGE_SIZE), -ENOMEM);
	expect_eq(memblock_mark_hotplug(cell(100), PAGE_SIZE), -ENOMEM);
	expect_eq(memblock_clear_hotplug(cell(100), PAGE_SIZE), -ENOMEM);
	expect_eq(memblock_mark_nomap(cell(100), PAGE_SIZE), -ENOMEM);
	expect_eq(memblock_clear_nomap(cell(100), PAGE_SIZE), -ENOMEM);
	mirrored_kernelcore = true;
	expect_eq(memblock_mark_mirror(cell(100), PAGE_SIZE), -ENOMEM);
	expect_same();
	expect_eq(host_console_count("memblock: Failed to double memory array from 128 to 256 entries !"),
		  8);
}

/* A line is said before it is known how it ends; each attempt that found a place says one. */
KTAP_TEST(test_double_failure_is_preceded_by_its_line)
{
	static const struct {
		const char	*line;
		unsigned int	times;
	} lines[] = {
		{ "memblock_add: [0x0000000001384000-0x0000000001384fff] ", 1 },
		{ "memblock_add_node: [0x0000000001384000-0x0000000001384fff] nid=0 flags=1 ", 1 },
		{ "memblock_remove: [0x0000000001064000-0x0000000001064fff] ", 1 },
		{ "memblock_phys_free: [0x0000000001000000-0x0000000001000fff] ", 2 },
		{ "memblock_reserve: [0x0000000001384000-0x0000000001384fff] ", 1 },
		/* node 0; any node; the same without min_addr */
		{ "memblock_alloc_try_nid: 16 bytes ", 1 },
		{ "memblock_reserve: [0x000000000118cff0-0x000000000118cfff] ", 4 },
	};

	machine_reset(false);
	model_remove(&machine.memory, 0, 1024);
	for (size_t i = 0; i < FULL; i++)
		model_add(&machine.memory, 144 + 2 * i, 145 + 2 * i, 0, 0);
	comb(&machine.reserved, 0, 72);
	comb(&machine.reserved, 400, FULL - 72);
	model_to_memblock(&machine);
	memblock_set_verbose(true);
	expect_eq(memblock_add(cell(900), PAGE_SIZE), -ENOMEM);
	expect_eq(memblock_add_node(cell(900), PAGE_SIZE, 0, MEMBLOCK_HOTPLUG), -ENOMEM);
	expect_eq(memblock_remove(cell(100), PAGE_SIZE), -ENOMEM);
	expect_eq(memblock_phys_free(cell(0), PAGE_SIZE), -ENOMEM);
	memblock_free(phys_to_virt(cell(0)), PAGE_SIZE);
	expect_eq(memblock_reserve(cell(900), PAGE_SIZE), -ENOMEM);
	expect_null(memblock_alloc_try_nid(16, 16, cell(200), cell(398), 0));
	memblock_set_verbose(false);
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		expect_eq(host_console_count(lines[i].line), lines[i].times);
	expect_same();
}

/* ---- both ---- */

static bool arrays_apart(void)
{
	return !memblock_addrs_overlap(array_at(&memblock.memory), array_bytes(memblock.memory.max),
				       array_at(&memblock.reserved),
				       array_bytes(memblock.reserved.max));
}

/* Linux differs: it may place one new array over the other. */
KTAP_TEST(test_double_both_in_one_call)
{
	for (int up = 0; up < 2; up++) {
		machine_reset(up);
		model_remove(&machine.memory, 0, 1024);
		model_add(&machine.memory, 600, 1000, MAX_NUMNODES, 0);
		comb(&machine.memory, 0, FULL - 1);
		comb(&machine.reserved, 300, FULL);
		model_to_memblock(&machine);
		expect_eq(memblock_add(cell(1010), PAGE_SIZE), 0);
		expect_eq(memblock.memory.max, 2 * FULL);
		expect_eq(memblock.reserved.max, 2 * FULL);
		expect_true(arrays_apart());
		model_add(&machine.memory, 1010, 1011, MAX_NUMNODES, 0);
		machine_reserve(array_at(&memblock.memory), array_bytes(2 * FULL));
		machine_reserve(array_at(&memblock.reserved), array_bytes(2 * FULL));
		expect_same();
	}
}

/* The second time, freeing memory's old array needs entries as well. */
KTAP_TEST(test_double_both_again)
{
	for (size_t reserved = 2 * FULL - 3; reserved <= 2 * FULL; reserved++) {
		phys_addr_t old_memory;

		mbtest_reset();
		memblock_allow_resize();
		memblock_add(0x1000000, 0x1000000);
		for (unsigned int i = 1; i < 2 * FULL; i++)
			memblock_add(0x10000000 + i * 0x2000ULL, 0x1000);
		require_eq(memblock.memory.cnt, 2 * FULL);
		for (unsigned int i = 0; memblock.reserved.cnt < reserved; i++)
			memblock_reserve(0x20000000 + i * 0x2000ULL, 0x1000);
		require_eq(memblock.reserved.max, 2 * FULL);
		old_memory = array_at(&memblock.memory);
		expect_eq(memblock_add(0x30000000, 0x1000), 0);
		expect_eq(memblock.memory.max, 4 * FULL);
		/* freeing the old array may take two entries; three are not asked for */
		expect_eq(memblock.reserved.max, reserved > 2 * FULL - 2 ? 4 * FULL : 2 * FULL);
		expect_true(arrays_apart());
		expect_null(picture_type_broken(&memblock.memory));
		expect_null(picture_type_broken(&memblock.reserved));
		expect_true(old_memory == array_at(&memblock.memory) ||
			    !memblock_is_reserved(old_memory) ||
			    old_memory == array_at(&memblock.reserved));
		expect_true(memblock_is_region_reserved(array_at(&memblock.memory),
							array_bytes(4 * FULL)));
		expect_eq(memblock.memory.cnt, 2 * FULL + 1);
	}
}

/* Memory could double, reserved cannot: a failure like any other. */
KTAP_TEST(test_double_both_second_fails)
{
	machine_reset(false);
	model_remove(&machine.memory, 0, 1024);
	comb(&machine.memory, 0, FULL - 1);
	model_add(&machine.memory, 600, 602, MAX_NUMNODES, 0);	/* room for one array */
	comb(&machine.reserved, 301, FULL);
	model_to_memblock(&machine);
	expect_eq(memblock_add(cell(1010), PAGE_SIZE), -ENOMEM);
	expect_same();
	expect_eq(memblock.memory.max, FULL);
	expect_eq(memblock.reserved.max, FULL);
	expect_log("memblock: Failed to double reserved array from 128 to 256 entries !\n");
	expect_log("memblock: Failed to double memory array from 128 to 256 entries !\n");
}

/* ---- at the brim (with ASan, which sees a write behind the array) ---- */

KTAP_TEST(test_double_not_needed_when_merging_at_the_brim)
{
	machine_reset(false);
	comb(&machine.reserved, 100, FULL - 2);
	model_add(&machine.reserved, 600, 601, 0, 0);
	model_add(&machine.reserved, 601, 602, 1, 0);
	model_to_memblock(&machine);
#ifdef CONFIG_NUMA
	require_eq(memblock.reserved.cnt, FULL);
	memblock.reserved.max = FULL + 2;	/* says a test; the array has 128 */
	memblock.reserved.cnt = FULL;
	expect_eq(memblock_set_node(cell(600), 2 * PAGE_SIZE, &memblock.reserved, 1), 0);
	memblock.reserved.max = FULL;
	model_node(&machine.reserved, 600, 602, 1);
	expect_eq(memblock.reserved.cnt, FULL - 1);
#endif
	expect_same();
}

KTAP_TEST(test_double_brim_split_fills_the_last_two_entries)
{
	machine_reset(false);
	comb(&machine.memory, 0, 0);
	model_remove(&machine.memory, 0, 1024);
	comb(&machine.memory, 0, FULL - 3);
	model_add(&machine.memory, 600, 700, MAX_NUMNODES, 0);
	model_to_memblock(&machine);
	require_eq(memblock.memory.cnt, FULL - 2);
	expect_eq(memblock_mark_nomap(cell(650), PAGE_SIZE), 0);
	model_flag(&machine.memory, 650, 651, MEMBLOCK_NOMAP, true);
	expect_eq(memblock.memory.cnt, FULL);
	expect_eq(memblock.memory.max, FULL);
	expect_same();
}

KTAP_TEST(test_double_brim_two_step_growth)
{
	/* One call that needs more than one doubling: 4 * 128 gaps. */
	mbtest_reset();
	memblock_allow_resize();
	memblock_add(0x1000000, 0x1000000);
	for (unsigned int i = 0; i < 250; i++)
		memblock_reserve(0x10000000 + i * 0x2000ULL, 0x1000);
	expect_eq(memblock.reserved.max, 256);
	expect_eq(memblock_reserve(0x10000000, 250 * 0x2000), 0);
	expect_eq(memblock.reserved.max, 512);
	expect_eq(memblock.reserved.cnt, 2);
	expect_null(picture_type_broken(&memblock.reserved));
}

/* Nothing to do needs no entry: a full array that must not grow is no reason to panic. */
KTAP_TEST(test_double_brim_size_zero_wants_nothing)
{
	machine_reset(false);
	model_remove(&machine.memory, 0, 1024);
	comb(&machine.memory, 0, FULL);
	comb(&machine.reserved, 0, FULL);
	memblock_reset();
	model_to_memblock(&machine);
	expect_eq(memblock_mark_hotplug(cell(2), 0), 0);
	expect_eq(memblock_clear_nomap(~0ULL, 5), 0);
	expect_eq(memblock_reserved_mark_noinit(cell(2), 0), 0);
	expect_eq(memblock_set_node(cell(2), 0, &memblock.memory, 1), 0);
	expect_eq(memblock_remove(cell(2), 0), 0);
	expect_eq(memblock_phys_free(cell(2), 0), 0);
	expect_eq(memblock_add(cell(500), 0), 0);
	expect_eq(memblock_reserve(~0ULL, 7), 0);
	expect_same();
}

/* Twenty regions and twenty-one gaps rewritten, and the array is exactly full. */
KTAP_TEST(test_double_brim_wide_window_fills_the_array)
{
	for (size_t at = 0; at <= 86; at += 43) {
		machine_reset(false);
		model_remove(&machine.memory, 0, 1024);
		comb(&machine.memory, 1, FULL - 21);
		memblock_reset();
		model_to_memblock(&machine);
		memblock_add_node(cell(2 * at), 41 * PAGE_SIZE, MAX_NUMNODES, MEMBLOCK_HOTPLUG);
		model_add(&machine.memory, 2 * at, 2 * at + 41, MAX_NUMNODES, MEMBLOCK_HOTPLUG);
		expect_true(mbtest_warned());
		expect_eq(memblock.memory.cnt, FULL);
		expect_same();
	}
}
