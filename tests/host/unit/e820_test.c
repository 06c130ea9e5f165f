// SPDX-License-Identifier: GPL-2.0-only
/*
 * arch/x86_64/map/e820*.c: the sanitiser against a naive map of cells, what changes a table, and
 * maps and memmap= words that no firmware and nobody should write.
 */
#include "ktap.h"

#include "host_console.h"
#include "mm/ledger.h"
#include "mm/ledger_find.h"

#include "arch/x86_64/map/e820_internal.h"
#include "e820_cells.h"
#include "host_phys.h"
#include "kernel/lib/params.h"
#include "kernel/lib/printk.h"
#include "mm/memblock.h"
#include "mm/memblock/memblock_internal.h"
#include "tests/host/include/arch_reset.h"
#include "tests/host/include/lib_reset.h"
#include "tests/host/include/memblock_reset.h"

#include <arch/map.h>
#include <arch/memory.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void __attribute__((weak)) ledger_name(phys_addr_t base, phys_addr_t size, const char *owner)
{
	(void)base;
	(void)size;
	(void)owner;
}

struct record {
	uint64_t	base, size;
	uint32_t	type, pad;
};

static void give(const struct record *records, uint32_t nr)
{
	boot_info_init(&boot_info, 0x100000, 0x80000);
	boot_info.map = (struct boot_map){
		(const uint8_t *)records, nr, sizeof(*records), "test map",
	};
}

static void fresh(void)
{
	e820_reset();
	memblock_reset();
	params_reset();
	boot_info_init(&boot_info, 0x100000, 0x80000);
	ignore_loglevel = true;
}

KTAP_SETUP
{
	fresh();
}

static void expect_entry(uint32_t i, uint64_t addr, uint64_t size, uint32_t type)
{
	if (!expect_true(i < e820_table->nr_entries))
		return;
	expect_eq(e820_table->entries[i].addr, addr);
	expect_eq(e820_table->entries[i].size, size);
	expect_eq(e820_table->entries[i].type, type);
}

/* ---- the sanitiser against cells ----------------------------------------------------------- */

/* Types that attract bugs: 0, neighbours, those that keep borders, the largest. */
static const uint32_t types[] = { 0, 1, 2, 3, 4, 12, 128, 0xefffffff, 0xffffffff };

KTAP_TEST(test_e820_sanitiser_agrees_with_a_map_of_cells)
{
	static struct e820_entry once[E820_STATIC];

	srand(820);
	for (int round = 0; round < 3000; round++) {
		struct cells c = { 0 };
		uint32_t n = (uint32_t)rand() % 24;

		e820_table->nr_entries = 0;
		for (uint32_t i = 0; i < n; i++) {
			uint64_t first = (uint64_t)rand() % CELLS;
			uint64_t size = (uint64_t)rand() % (CELLS - first);
			uint32_t type = types[(size_t)rand() % ARRAY_SIZE(types)];

			e820__range_add(first * CELL, size * CELL, type);
			cells_add(&c, first, size, type);
		}
		expect_eq(e820_sanitise(e820_table), 0);
		expect_eq(cells_differ(&c, e820_table), -1);

		/* Law 6: sanitising what is sane changes nothing ... */
		uint32_t nr = e820_table->nr_entries;

		memcpy(once, e820_table->entries, nr * sizeof(*once));
		expect_eq(e820_sanitise(e820_table), 0);
		expect_eq(e820_table->nr_entries, nr);
		expect_mem_eq(once, e820_table->entries, nr * sizeof(*once));

		/* ... and neither does another order. */
		for (uint32_t i = nr; i > 1; i--) {
			uint32_t k = (uint32_t)rand() % i;
			struct e820_entry t = e820_table->entries[k];

			e820_table->entries[k] = e820_table->entries[i - 1];
			e820_table->entries[i - 1] = t;
		}
		expect_eq(e820_sanitise(e820_table), 0);
		expect_mem_eq(once, e820_table->entries, nr * sizeof(*once));
	}
}

KTAP_TEST(test_e820_update_and_remove_agree_with_a_map_of_cells)
{
	srand(12);
	for (int round = 0; round < 3000; round++) {
		struct cells c = { 0 };

		e820_table->nr_entries = 0;
		ignore_loglevel = false;
		for (uint32_t i = 0; i < 6; i++) {
			uint64_t first = (uint64_t)rand() % CELLS;
			uint64_t n = (uint64_t)rand() % (CELLS - first);
			uint32_t type = 1 + (uint32_t)rand() % 4;

			e820__range_add(first * CELL, n * CELL, type);
			cells_add(&c, first, n, type);
		}
		e820_sanitise(e820_table);
		for (int step = 0; step < 3; step++) {
			uint64_t first = (uint64_t)rand() % CELLS;
			uint64_t n = (uint64_t)rand() % (CELLS - first);
			uint32_t from = 1 + (uint32_t)rand() % 4, to = (uint32_t)rand() % 5;
			uint64_t changed = cells_change(&c, first, n, from, to, true), said;

			said = to ? e820__range_update(first * CELL, n * CELL, from, to) :
				    e820__range_remove(first * CELL, n * CELL, from, true);
			expect_eq(said, changed);
		}
		e820_sanitise(e820_table);
		expect_eq(cells_differ(&c, e820_table), -1);
	}
}

KTAP_TEST(test_e820_update_table_declines_as_linux_does)
{
	expect_eq(e820__update_table(e820_table), -1);
	e820__range_add(0x1000, 0x1000, 1);
	expect_eq(e820__update_table(e820_table), -1);
	e820__range_add(0x1800, 0x1000, 1);
	e820__range_add(0x8000000000000000, 0x8000000000000000, 2);	/* ends at 2^64 */
	expect_eq(e820__update_table(e820_table), -1);
	expect_eq(e820_table->nr_entries, 3);
	e820_table->entries[2].size--;
	expect_eq(e820__update_table(e820_table), 0);
	expect_entry(0, 0x1000, 0x1800, 1);
}

/* ---- intake -------------------------------------------------------------------------------- */

KTAP_TEST(test_e820_one_entry_is_enough)
{
	static const struct record one[] = { { 0x100000, 0x7f00000, 1, 0 } };

	give(one, 1);
	expect_true(e820__memory_setup(&boot_info));
	expect_entry(0, 0x100000, 0x7f00000, 1);
	expect_log("BIOS-e820: [mem 0x0000000000100000-0x0000000007ffffff] usable");
	expect_eq(boot_info.warnings, 0);
}

KTAP_TEST(test_e820_wrapping_entries_are_cut)
{
	static const struct record map[] = {
		{ 0x100000, 0x7f00000, 1, 0 },
		{ 0xfffffffffffff000, 0x1000, 2, 0 },
		{ 0xffffffffffff0000, 0xffffffffffffffff, 2, 0 },
	};

	give(map, 3);
	expect_true(e820__memory_setup(&boot_info));
	expect_eq(e820_table->nr_entries, 2);
	expect_entry(1, 0xffffffffffff0000, 0xffff, 2);
	expect_eq(boot_info.warnings, 1);
	expect_log("e820: 2 entries pass 2^64");
	expect_eq(e820_table_given->nr_entries, 3);
	expect_eq(e820_table_given->entries[2].size, 0xffffffffffffffff);
}

KTAP_TEST(test_e820_no_ram_is_told)
{
	static const struct record map[] = { { 0x100000, 0x7f00000, 2, 0 }, { 0, 0, 1, 0 } };

	give(map, 2);
	expect_false(e820__memory_setup(&boot_info));
}

KTAP_TEST(test_e820_odd_types_keep_their_number)
{
	static const struct record map[] = {
		{ 0, 0x1000, 0, 0 },	    { 0x1000, 0x1000, 6, 0 },
		{ 0x2000, 0x1000, 16, 0 },  { 0x3000, 0x1000, 20, 0 },
		{ 0x4000, 0x1000, 0x80000000, 0 }, { 0x5000, 0x1000, 0xffffffff, 0 },
		{ 0x100000, 0x100000, 1, 0 },
	};

	give(map, 7);
	expect_true(e820__memory_setup(&boot_info));
	expect_eq(e820_table->nr_entries, 7);
	expect_eq(e820_ram_bytes(), 0x100000);
	expect_log("-0x0000000000000fff] type 0");
	expect_log("-0x0000000000003fff] type 20");
	expect_log("-0x0000000000005fff] type 4294967295");
}

KTAP_TEST(test_e820_ten_thousand_entries_all_count)
{
	static struct record map[10000];

	map[0] = (struct record){ 0x100000, 0x10000000, 1, 0 };
	for (uint64_t i = 1; i < 10000; i++)	/* downwards: every one out of order */
		map[i] = (struct record){ 0x20000000 + (10000 - i) * 0x2000, 0x1000, 1, 0 };
	give(map, 10000);
	console_loglevel = 0;
	ignore_loglevel = false;
	expect_true(e820__memory_setup(&boot_info));
	expect_eq(e820_table->nr_entries, 10000);
	expect_eq(e820_table_given->nr_entries, 10000);
	expect_eq(e820_ram_bytes(), 0x10000000 + 9999 * 0x1000);
	expect_entry(9999, 0x20000000 + 9999 * 0x2000, 0x1000, 1);
	expect_eq(boot_info.warnings, 0);

	/* The user may still cut it up. */
	e820__range_update(0x20000000, 0x8000000, 1, 2);
	e820__range_remove(0, 0x200000, 1, true);
	expect_eq(e820__update_table(e820_table), 0);
	expect_eq(e820_ram_bytes(), 0x10000000 - 0x100000);

	/* Borrowed RAM is reserved, and given back once memblock serves. */
	expect_true(boot_info.nr_extents > 0);
	phys_addr_t borrowed = boot_info.extents[0].range.base;

	expect_true(memblock_is_reserved(borrowed));
	e820__memblock_setup();
	e820__reallocate_tables();
	expect_false(memblock_is_reserved(borrowed));
	expect_eq(e820_table->nr_entries, 10000);
	expect_true(memblock_is_reserved(virt_to_phys(e820_table->entries)));
	expect_entry(9999, 0x20000000 + 9999 * 0x2000, 0x1000, 2);
}

KTAP_TEST(test_e820_ten_thousand_pieces_reach_memblock)
{
	static struct record map[10000];

	for (uint64_t i = 0; i < 9999; i++)
		map[i] = (struct record){ 0x10000000 + i * 0x2000, 0x1000, 1, 0 };
	map[9999] = (struct record){ 0x100000, 0x1000000, 1, 0 };
	give(map, 10000);
	console_loglevel = 0;
	ignore_loglevel = false;
	expect_true(e820__memory_setup(&boot_info));
	memblock_set_current_limit(0x100000);
	e820__memblock_setup();
	expect_eq(memblock.memory.cnt, 10000);
}

KTAP_TEST(test_e820_without_room_says_so_and_goes_on)
{
	static struct record map[600];

	for (uint64_t i = 0; i < 600; i++)
		map[i] = (struct record){ 0x100000 + i * 0x2000, 0x1000, 1, 0 };
	boot_info_init(&boot_info, 0x100000, 0x1000000);	/* all RAM is kernel */
	boot_info.map = (struct boot_map){ (void *)map, 600, sizeof(map[0]), "test map" };
	expect_true(e820__memory_setup(&boot_info));
	expect_eq(e820_table->nr_entries, E820_STATIC);
	expect_log("e820: too many entries; ignoring [mem ");
}

/* ---- the user ------------------------------------------------------------------------------ */

static const struct record qemu[] = {
	{ 0, 0x9fc00, 1, 0 },	    { 0x9fc00, 0x400, 2, 0 },
	{ 0xf0000, 0x10000, 2, 0 }, { 0x100000, 0x3fee0000, 1, 0 },
};

static const struct {
	const char	*name;		/* the command line */
	uint64_t	ram;		/* bytes afterwards */
	const char	*says;
} words[] = {
	{ "mem=0", 0x3ff7fc00, "Malformed early option 'mem'" },
	{ "mem", 0x3ff7fc00, "Malformed early option 'mem'" },
	{ "mem=-1", 0x3ff7fc00, "Malformed early option 'mem'" },
	{ "mem=garbage", 0x3ff7fc00, "user-defined physical RAM map:" },
	{ "mem=nopentium", 0x3ff7fc00, "only supported on x86_32" },
	{ "mem=99999999T", 0x3ff7fc00, "user: " },
	{ "mem=512M mem=256M", 0xff9fc00, "user: " },
	{ "mem=256M mem=512M", 0xff9fc00, "user: " },
	{ "memmap", 0x3ff7fc00, NULL },
	{ "memmap=", 0x3ff7fc00, NULL },
	{ "memmap=,,,", 0x3ff7fc00, NULL },
	{ "memmap=x$1", 0x3ff7fc00, NULL },
	{ "memmap=1M$16M", 0x3fe7fc00, "[mem 0x0000000001000000-0x00000000010fffff] reserved" },
	{ "memmap=1M#16M,1M!32M", 0x3fd7fc00, "persistent (type 12)" },
	{ "memmap=1M$16M$", 0x3fe7fc00, "user: " },
	{ "memmap=0$16M", 0x3ff7fc00, "user: " },
	{ "memmap=512M^1", 0x1ff9fc00, "user: " },
	{ "memmap=0", 0, "user: " },
	{ "memmap=1M%16M", 0x3fe7fc00, "e820: remove [mem 0x01000000-0x010fffff]" },
	{ "memmap=1M%16M-1", 0x3fe7fc00, "e820: remove [mem 0x01000000-0x010fffff] usable" },
	{ "memmap=1M%16M-2", 0x3ff7fc00, "e820: remove [mem 0x01000000-0x010fffff] reserved" },
	{ "memmap=1M%16M-1+4", 0x3fe7fc00, "e820: update [mem 0x01000000-0x010fffff] usable ==> ACPI NVS" },
	{ "memmap=1M%16M+4294967295", 0x3fe7fc00, "type 4294967295" },
	{ "memmap=1M%16M-1+1", 0x3ff7fc00, "user: " },
	{ "memmap=1M%16M-1+4x", 0x3ff7fc00, "user: " },
	{ "memmap=1M@1M memmap=16E$0x100000", 0x3ff7fc00, "user: " },
	{ "memmap=exactmap,640K@0,63M@1M", 0x3fa0000, "user: " },
	{ "memmap=exactmapfoo memmap=1M@1M memmap=1M@8M", 0x200000, "user: " },
};

KTAP_TABLE_TEST(test_e820_user_words, words, c)
{
	fresh();
	give(qemu, 4);
	expect_true(e820__memory_setup(&boot_info));
	parse_early_param(c->name);
	e820__finish_early_params();
	expect_eq(e820_ram_bytes(), c->ram);
	if (c->says)
		expect_log(c->says);
}

static const char *const fatal[] = {
	"memmap=exactmap", "memmap=exactmap memmap=1G@0", "memmap=0xffffffffffffff00$0x20000000",
	"memmap=0x8000000000000000@0x8000000000000000",
};

KTAP_TEST(test_e820_spoilt_user_map_names_the_word)
{
	for (size_t i = 0; i < ARRAY_SIZE(fatal); i++) {
		fresh();
		give(qemu, 4);
		e820__memory_setup(&boot_info);
		parse_early_param(fatal[i]);
		expect_panic("Invalid user supplied memory map")
			e820__finish_early_params();
		expect_log(fatal[i]);
	}
}

KTAP_TEST(test_e820_two_hundred_user_words)
{
	static char line[2048];
	size_t at = 0;

	for (unsigned int i = 0; i < 200; i++)	/* all in one, to fit */
		at += (size_t)snprintf(line + at, sizeof(line) - at, "%s4K$%uM", i ? "," : "memmap=",
				       16 + 2 * i);
	give(qemu, 4);
	e820__memory_setup(&boot_info);
	parse_early_param(line);
	e820__finish_early_params();
	expect_eq(e820_table->nr_entries, 4 + 400);
	expect_eq(e820_ram_bytes(), 0x3ff7fc00 - 200 * 0x1000);
	expect_eq(boot_info.warnings, 0);
}

/* ---- fix-ups and what is read off ---------------------------------------------------------- */

KTAP_TEST(test_e820_kernel_outside_ram_is_said_and_made_ram)
{
	static const struct record map[] = {
		{ 0x100000, 0x40000, 1, 0 },
		{ 0x140000, 0x10000, 4, 0 },
		{ 0x150000, 0x100000, 1, 0 },
	};

	give(map, 3);
	e820__memory_setup(&boot_info);
	e820_add_kernel_range(boot_info.kernel);
	e820__update_table(e820_table);
	expect_log(".text .data .bss are not marked as E820_TYPE_RAM!");
	expect_true(e820__mapped_all(0x100000, 0x180000, E820_TYPE_RAM));
	expect_eq(boot_info.warnings, 1);
}

KTAP_TEST(test_e820_ram_beyond_the_cpu_is_removed)
{
	static const struct record map[] = {
		{ 0x100000, 0x100000, 1, 0 }, { 0xff00000000, 0x200000000, 1, 0 },
		{ 0x20000000000, 0x1000, 1, 0 }, { 0x30000000000, 0x1000, 2, 0 },
	};

	give(map, 4);
	e820__memory_setup(&boot_info);
	e820__limit_ram(40);
	expect_eq(e820_table->nr_entries, 3);
	expect_entry(1, 0xff00000000, 0x100000000, 1);
	expect_entry(2, 0x30000000000, 0x1000, 2);
	expect_log("e820: 4194308K of RAM above 0x10000000000: the CPU has 40 address bits; removed");
}

/* What Debian's Linux 6.12.117 registered for the same maps, up to 1 MiB. */
static const struct {
	const char	*name;
	struct record	map[5];
	const char	*says;		/* NULL: nothing */
} nosaves[] = {
	{ "a byte of ACPI data inside of a page",
	  { { 0, 0x90010, 1, 0 }, { 0x90010, 1, 3, 0 }, { 0x90011, 0x6ffef, 1, 0 } },
	  "[mem 0x00090000-0x00090fff]" },
	{ "a byte that is not there", { { 0, 0x90010, 1, 0 }, { 0x90011, 0x6ffef, 1, 0 } },
	  "[mem 0x00090000-0x00090fff]" },
	{ "a byte of the kernel's own", { { 0, 0x90000, 1, 0 }, { 0x90000, 1, 128, 0 },
	  { 0x90001, 0x6ffff, 1, 0 } }, NULL },
	{ "5000 bytes of the kernel's own", { { 0, 0x90000, 1, 0 }, { 0x90000, 5000, 128, 0 },
	  { 0x91388, 0x6ec78, 1, 0 } }, NULL },
	{ "above all RAM", { { 0, 0x80000, 1, 0 }, { 0x90000, 0x70000, 3, 0 } },
	  "[mem 0x00080000-0x000fffff]" },
};

KTAP_TABLE_TEST(test_e820_nosave, nosaves, c)
{
	fresh();
	for (int i = 0; i < 5; i++)
		if (c->map[i].size)
			e820__range_add(c->map[i].base, c->map[i].size, c->map[i].type);
	e820__update_table(e820_table);
	e820__register_nosave_regions(0x100);
	if (c->says)
		expect_log(c->says);
	expect_eq(host_console_count("Registered nosave memory"), c->says != NULL);
}

static const struct {
	const char	*name;
	uint64_t	pa, first, last;
	const char	*type;		/* NULL: in no entry */
} places[] = {
	{ "first byte", 0, 0, 0x8ffff, "usable" },
	{ "last byte of an entry", 0x8ffff, 0, 0x8ffff, "usable" },
	{ "hole", 0x90000, 0x90000, 0xfffff, NULL },
	{ "touching entries", 0x200000, 0x200000, 0x2fffff, "ACPI data" },
	{ "number only", 0xf0000000, 0xf0000000, 0xf0000fff, "type 77" },
	{ "hole to the end", 0xf0001000, 0xf0001000, ~0ULL, NULL },
	{ "last address", ~0ULL, 0xf0001000, ~0ULL, NULL },
};

KTAP_TABLE_TEST(test_e820_type_at_an_address, places, c)
{
	phys_addr_t first, last;
	const char *type;

	fresh();
	e820__range_add(0, 0x90000, 1);
	e820__range_add(0x100000, 0x100000, 1);
	e820__range_add(0x200000, 0x100000, 3);
	e820__range_add(0xf0000000, 0x1000, 77);
	e820__update_table(e820_table);
	type = arch_map_type(ARCH_MAP_IN_USE, c->pa, &first, &last);
	expect_eq(first, c->first);
	expect_eq(last, c->last);
	if (c->type)
		expect_str_eq(type, c->type);
	else
		expect_null(type);
}

static const struct {
	const char	*name;
	struct record	map[4];
	const char	*says;
} gaps[] = {
	{ "equal holes, the lower one", { { 0, 0x40000000, 1, 0 }, { 0x60000000, 0x60000000, 2, 0 },
	  { 0xe0000000, 0x20000000, 2, 0 } }, "[mem 0x40000000-0x5fffffff] available" },
	{ "nothing below 4 GiB", { { 0x100000000, 0x1000, 1, 0 }, { 0x200000000, 0x1000, 1, 0 } },
	  "Cannot find an available gap" },
	{ "no hole", { { 0, 0x80000000, 1, 0 }, { 0x80000000, 0x80000000, 2, 0 } },
	  "Cannot find an available gap in the 32-bit address range" },
};

KTAP_TABLE_TEST(test_e820_pci_gap, gaps, c)
{
	fresh();
	for (int i = 0; i < 4; i++)
		if (c->map[i].size)
			e820__range_add(c->map[i].base, c->map[i].size, c->map[i].type);
	e820__update_table(e820_table);
	e820__setup_pci_gap();
	expect_log(c->says);
}
