// SPDX-License-Identifier: GPL-2.0-only
/*
 * The direct map over fake memory, against a naive view of what each page should be and
 * against the memblock lines that Linux 6.12 (6.1) printed on the same layouts.
 */
#include "arch/x86_64/paging.h"

#include "arch/x86_64/paging/paging_internal.h"
#include "host_console.h"
#include "host_mmu.h"
#include "kernel/lib/align.h"
#include "kernel/lib/printk.h"
#include "ktap.h"
#include "mm/ledger.h"
#include "mm/memblock.h"
#include "paging_machine.h"

#include <arch/memory.h>
#include <arch/paging.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INITRD(end)	{ (end)-0xfc000, (end) }

/* init_mem_mapping()'s lines in the log of that name, up to the caller. */
#define PROBE(end, block)							\
	"memblock_phys_alloc_range: 2097152 bytes align=0x200000 from=0x0000000000100000 max_addr=" end, \
	"memblock_phys_free: [" block "]"
#define TABLE(from, max)							\
	"memblock_phys_alloc_range: 4096 bytes align=0x1000 from=" from " max_addr=" max

static const struct machine linux_machines[] = {
	{ "612-m128m-initrd", .ram = { LOW_RAM, { 1 M, 0x7fe0000 } }, .taken = { INITRD(0x7fe0000) },
	  .lines = { PROBE("0x0000000007fe0000", "0x0000000007c00000-0x0000000007dfffff") } },
	{ "612-m1g-initrd", .ram = { LOW_RAM, { 1 M, 0x3ffe0000 } }, .taken = { INITRD(0x3ffe0000) },
	  .lines = { PROBE("0x000000003ffe0000", "0x000000003fc00000-0x000000003fdfffff") } },
	{ "612-m4g-initrd", .ram = { LOW_RAM, { 1 M, 0xbffe0000 }, { 4 G, 5 G } },
	  .taken = { INITRD(0xbffe0000) },
	  .lines = { PROBE("0x0000000140000000", "0x000000013fe00000-0x000000013fffffff"),
		     TABLE("0x0000000120000000", "0x0000000140000000"),
		     TABLE("0x0000000120000000", "0x0000000140000000"),
		     TABLE("0x0000000120000000", "0x0000000140000000") } },
	{ "612-m6g-initrd", .ram = { LOW_RAM, { 1 M, 0xbffe0000 }, { 4 G, 7 G } },
	  .taken = { INITRD(0xbffe0000) },
	  .lines = { PROBE("0x00000001c0000000", "0x00000001bfe00000-0x00000001bfffffff"),
		     TABLE("0x00000001a0000000", "0x00000001c0000000"),
		     TABLE("0x00000001a0000000", "0x00000001c0000000"),
		     TABLE("0x00000001a0000000", "0x00000001c0000000") } },
	{ "61-m8g-initrd", .ram = { LOW_RAM, { 1 M, 0xbffe0000 }, { 4 G, 9 G } },
	  .taken = { INITRD(0xbffe0000) },
	  .lines = { PROBE("0x0000000240000000", "0x000000023fe00000-0x000000023fffffff"),
		     TABLE("0x0000000220000000", "0x0000000240000000"),
		     TABLE("0x0000000220000000", "0x0000000240000000"),
		     TABLE("0x0000000220000000", "0x0000000240000000") } },
	{ "612-m4g-pdpe1gb-initrd", .ram = { LOW_RAM, { 1 M, 0xbffe0000 }, { 4 G, 5 G } },
	  .taken = { INITRD(0xbffe0000) }, .gbpages = true,
	  .lines = { PROBE("0x0000000140000000", "0x000000013fe00000-0x000000013fffffff"),
		     TABLE("0x0000000120000000", "0x0000000140000000"),
		     TABLE("0x0000000120000000", "0x0000000140000000") } },
	{ "612-q35-m4g-initrd", .ram = { LOW_RAM, { 1 M, 0x7ffdf000 }, { 4 G, 6 G } },
	  .taken = { INITRD(0x7ffdf000) },
	  .lines = { PROBE("0x0000000180000000", "0x000000017fe00000-0x000000017fffffff"),
		     TABLE("0x0000000160000000", "0x0000000180000000"),
		     TABLE("0x0000000160000000", "0x0000000180000000") } },
	{ "612-m4g-mem3500m-initrd", .ram = { LOW_RAM, { 1 M, 0xbffe0000 } }, .taken = { INITRD(0xbffe0000) },
	  .lines = { PROBE("0x00000000bffe0000", "0x00000000bfc00000-0x00000000bfdfffff"),
		     TABLE("0x0000000080000000", "0x00000000bfe00000") } },
	{ "612-m4g-inram-memmap-at",
	  .ram = { LOW_RAM, { 1 M, 0x10000000 }, { 0x80000000, 0x84000000 } }, .end = 0xc0000000,
	  .lines = { PROBE("0x00000000c0000000", "0x0000000083e00000-0x0000000083ffffff") } },
	{ "612-m1g-memmap-unaligned",
	  .ram = { LOW_RAM, { 1 M, 0x20000123 }, { 0x200014ab, 0x3ffe0000 } },
	  .taken = { INITRD(0x3ffe0000) },
	  .lines = { PROBE("0x000000003ffe0000", "0x000000003fc00000-0x000000003fdfffff") } },
	{ "612-srat-hotplug-movable_node-noinitrd-m1g", .ram = { LOW_RAM, { 1 M, 0x3ffe0000 } },
	  .bottom_up = true, .lines = { NULL } },
};

/* The lines about the probe and tables, in order, and no others. */
KTAP_TABLE_TEST(test_memblock_lines_are_those_of_linux, linux_machines, m)
{
	const char *text;
	size_t n = 0;

	machine_verbose = true;
	machine_boot(m);
	machine_verbose = false;
	machine_check(m);

	text = host_console_text();
	for (; m->lines[n]; n++) {
		const char *found = strstr(text, m->lines[n]);

		if (!found) {
			expect_fail("missing, or out of order: %s", m->lines[n]);
			return;
		}
		text = found + strlen(m->lines[n]);
	}
	expect_eq(host_console_count("memblock_phys_alloc_range:") +
		  host_console_count("memblock_phys_free:"), n);
}

/* ---- page by page ---- */

static const struct machine machines[] = {
	{ "4 MiB",		.ram = { LOW_RAM, { 1 M, 0x3e0000 } } },
	{ "128 MiB",		.ram = { LOW_RAM, { 1 M, 0x7fe0000 } } },
	{ "3 GiB",		.ram = { LOW_RAM, { 1 M, 0xbffe0000 } } },
	{ "6 GiB, 2M",		.ram = { LOW_RAM, { 1 M, 0xbffe0000 }, { 4 G, 7 G } } },
	{ "6 GiB, 1G",		.ram = { LOW_RAM, { 1 M, 0xbffe0000 }, { 4 G, 7 G } }, .gbpages = true },
	{ "6 GiB, 1G, 5-level",	.ram = { LOW_RAM, { 1 M, 0xbffe0000 }, { 4 G, 7 G } },
	  .gbpages = true, .la57 = true },
	{ "6 GiB, no NX",	.ram = { LOW_RAM, { 1 M, 0xbffe0000 }, { 4 G, 7 G } }, .no_nx = true },
	{ "6 GiB, no 2M pages",	.ram = { LOW_RAM, { 1 M, 0xbffe0000 }, { 4 G, 7 G } },
	  .gbpages = true, .no_pse = true },
	{ "odd size",		.ram = { LOW_RAM, { 1 M, 0x618a000 } } },
	{ "ends inside a page",	.ram = { LOW_RAM, { 1 M, 0x618a123 }, { 0x7000801, 0x8000fff } } },
	{ "hole of a page in a 2M block", .ram = { LOW_RAM, { 1 M, 65 M }, { 65 M + 4 K, 128 M } } },
	{ "hole of a page in a 1G block", .ram = { LOW_RAM, { 1 M, 6 G }, { 6 G + 4 K, 9 G } },
	  .gbpages = true },
	{ "1G block of two regions", .ram = { LOW_RAM, { 1 M, 4 G + 512 M }, { 4 G + 514 M, 8 G } },
	  .gbpages = true },
	{ "RAM from 0 without a hole", .ram = { { 0, 256 M } } },
	{ "RAM from 0, 1G",	.ram = { { 0, 3 G } }, .gbpages = true },
	{ "tiny low, 5 GiB high", .ram = { LOW_RAM, { 1 M, 2 M }, { 4 G, 9 G } } },
	{ "tiny low, 5 GiB high, bottom-up", .ram = { LOW_RAM, { 1 M, 2 M }, { 4 G, 9 G } },
	  .bottom_up = true },
	{ "6 GiB bottom-up",	.ram = { LOW_RAM, { 1 M, 0xbffe0000 }, { 4 G, 7 G } }, .bottom_up = true },
	{ "6 GiB bottom-up 1G",	.ram = { LOW_RAM, { 1 M, 0xbffe0000 }, { 4 G, 7 G } },
	  .bottom_up = true, .gbpages = true },
	{ "1 TiB at 1 TiB",	.ram = { LOW_RAM, { 1 M, 0xbffe0000 }, { 1 T, 2 T } } },
	{ "1 TiB at 1 TiB, 1G",	.ram = { LOW_RAM, { 1 M, 0xbffe0000 }, { 1 T, 2 T } }, .gbpages = true },
	{ "1 TiB at 1 TiB, 5-level", .ram = { LOW_RAM, { 1 M, 0xbffe0000 }, { 1 T, 2 T } }, .la57 = true },
	{ "last page of 60 TiB", .ram = { LOW_RAM, { 1 M, 64 M }, { 60 T - 4 K, 60 T } } },
	{ "last page of 60 TiB, bottom-up", .ram = { LOW_RAM, { 1 M, 64 M }, { 60 T - 4 K, 60 T } },
	  .bottom_up = true },
	{ "islands of a page",	.ram = { LOW_RAM, { 1 M, 64 M }, { 5 G, 5 G + 4 K },
				  { 6 G + 4 K, 6 G + 8 K }, { 7 G + 2 M - 4 K, 7 G + 2 M },
				  { 1 T + 64 K, 1 T + 68 K } } },
};

KTAP_TABLE_TEST(test_direct_map_is_what_a_naive_view_says, machines, m)
{
	machine_boot(m);
	machine_check(m);
}

/* ---- random layouts ---- */

static uint64_t random_state;

static uint64_t random_below(uint64_t limit)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state % limit;
}

/* From bytes to 2^@max_shift; half of them odd, the others multiples of 4K, 2M or 1G. */
static uint64_t random_amount(unsigned int max_shift)
{
	uint64_t n = random_below(1ULL << (12 + random_below(max_shift - 12)));
	uint64_t align = 1ULL << (12 + 9 * random_below(3));

	return random_below(2) ? n + 1 : ALIGN_UP(n + 1, align);
}

static void random_machine(struct machine *m)
{
	size_t n = 2 + random_below(20);
	phys_addr_t at;

	*m = (struct machine){
		.name = "random",
		.ram = { LOW_RAM, { 1 M, 2 M + random_below(512) * PAGE_SIZE } },
		.gbpages = random_below(2), .la57 = random_below(2), .no_nx = !random_below(8),
		.bottom_up = random_below(2),
	};
	at = m->ram[1].end;
	for (size_t i = 2; i < n; i++) {
		phys_addr_t start = at + random_amount(39);
		phys_addr_t end = start + random_amount(36);

		if (ALIGN_UP(start, PAGE_SIZE) >= ALIGN_DOWN(end, PAGE_SIZE))
			end = start + 3 * PAGE_SIZE;
		m->ram[i] = (struct machine_span){ start, end };
		at = end;
	}
}

static bool random_layout_ok(const struct machine *m)
{
	machine_boot(m);
	machine_check_counts();
	if (paging_check(paging_ram_memblock) || !machine_pages_ok(m, 0, 6 M, PAGE_SIZE))
		return false;
	for (const struct machine_span *s = m->ram; s->start != s->end; s++)
		if (!machine_border_ok(m, s->start, 64 K) || !machine_border_ok(m, s->end, 64 K))
			return false;
	return true;
}

KTAP_TEST(test_direct_map_random_layouts)
{
	const char *seed = getenv("SEED");
	static struct machine m;

	random_state = seed ? strtoull(seed, NULL, 0) : 0x9e3779b97f4a7c15ULL;
	for (int i = 0; i < 200; i++) {
		random_machine(&m);
		if (random_layout_ok(&m))
			continue;
		expect_fail("layout %d is mapped wrongly: gbpages %d la57 %d bottom_up %d no_nx %d",
			    i, m.gbpages, m.la57, m.bottom_up, m.no_nx);
		for (const struct machine_span *s = m.ram; s->start != s->end; s++)
			printf("# ram %#llx-%#llx\n", (unsigned long long)s->start,
			       (unsigned long long)s->end);
		return;
	}
}

/* ---- where tables come from ---- */

/* Page-sized islands, each in a GiB of its own: two tables for each. */
static void islands(struct machine *m)
{
	*m = (struct machine){ "islands", .ram = { LOW_RAM, { 1 M, 2 M } } };
	for (unsigned int i = 0; i < 40; i++)
		m->ram[2 + i] = (struct machine_span){ (10 + i) G, (10 + i) G + 4 K };
	machine_describe_memory(m);
}

/* No 2 MiB block is free, the pool is too small, the islands are taken: Linux panics. */
KTAP_TEST(test_tables_may_come_from_anywhere_below_4g)
{
	static struct machine m;

	islands(&m);
	memblock_reserve(10 G, 100 G);
	paging_setup(&host_paging_setup);
	init_mem_mapping(machine_ram_end(&m));
	expect_log("Failed to release memory for alloc_low_pages()");
	machine_check_counts();
	expect_eq(paging_check(paging_ram_memblock), 0);
}

KTAP_TEST(test_no_memory_for_tables_panics_with_numbers)
{
	static struct machine m;

	islands(&m);
	memblock_reserve(1 M, 100 G);
	paging_setup(&host_paging_setup);
	expect_panic("alloc_low_pages: can not alloc memory") {
		init_mem_mapping(machine_ram_end(&m));
	}
}

KTAP_TEST(test_tables_are_named_in_the_ledger)
{
	struct ledger_entry e;
	phys_addr_t bytes = 0;

	machine_boot(&linux_machines[3]);
	for (unsigned int i = 0; ledger_get(i, &e); i++)
		if (e.owner && strcmp(e.owner, "page tables") == 0)
			bytes += e.size;
	expect_eq(bytes, 3 * PAGE_SIZE);
}

KTAP_TEST(test_table_memory_is_proportional_to_ram_not_to_addresses)
{
	static const struct machine near = { "", .ram = { LOW_RAM, { 1 M, 64 M }, { 5 G, 6 G } } };
	static const struct machine far = {
		"", .ram = { LOW_RAM, { 1 M, 64 M }, { 60 T, 60 T + 1 G } }
	};
	unsigned long tables;

	machine_boot(&near);
	tables = kernel_page_table()->tables;
	machine_boot(&far);
	/* Another 512 GiB needs a table for its 1 GiB slots, no more. */
	expect_eq(kernel_page_table()->tables, tables + 1);
}

/* ---- early tables learn what is mapped above their reach ---- */

#define EARLY_ROOT	0x200000UL
#define EARLY_PDPT	0x201000UL

static void make_early_tables(void)
{
	uint64_t *root = phys_to_virt(EARLY_ROOT);
	uint64_t *pdpt = phys_to_virt(EARLY_PDPT);

	root[pt_index(host_paging_setup.direct_base, PT_512G)] = EARLY_PDPT | PTE_TABLE;
	for (unsigned int i = 0; i < 4; i++)
		pdpt[i] = i * SZ_1G | PTE_RW | PTE_PS;
}

KTAP_TEST(test_early_tables_reach_what_the_new_ones_map)
{
	static const struct machine m = {
		"", .ram = { LOW_RAM, { 1 M, 64 M }, { 4 G, 5 G }, { 1 T, 1 T + 8 M } },
		.taken = { { EARLY_ROOT, EARLY_ROOT + 8 K } },
	};
	struct page_table early = { .root = EARLY_ROOT, .levels = 4 };
	struct paging_setup set = host_paging_setup;
	struct pt_walk w;

	set.early_root = EARLY_ROOT;
	machine_describe_memory(&m);
	make_early_tables();
	paging_setup(&set);
	/* The fixmap window is reached through both. */
	fixmap_set(3, 5 M, PTE_RW);
	expect_true(pt_walk_table(&early, FIXMAP_BASE + 3 * PAGE_SIZE, &w) && w.pa == 5 M);
	expect_true(pt_walk(FIXMAP_BASE + 3 * PAGE_SIZE, &w) && w.pa == 5 M);
	fixmap_set(3, 0, 0);

	init_mem_mapping(machine_ram_end(&m));
	expect_true(pt_walk_table(&early, set.direct_base + 4 G + 123, &w) && w.pa == 4 G + 123);
	expect_true(pt_walk_table(&early, set.direct_base + 1 T + 8 M - 1, &w));
	expect_true(pt_walk_table(&early, set.direct_base + 3 G, &w) && w.level == PT_1G);
	expect_eq(paging_check(paging_ram_memblock), 0);
}

/* ---- reports ---- */

KTAP_TEST(test_range_lines_at_debug_level)
{
	ignore_loglevel = true;
	machine_boot(&machines[1]);
	ignore_loglevel = false;
	expect_log("init_memory_mapping: [mem 0x00000000-0x000fffff]");
	expect_log(" [mem 0x00000000-0x000fffff] page 4k");
	expect_log("init_memory_mapping: [mem 0x07c00000-0x07dfffff]");
	expect_log(" [mem 0x07c00000-0x07dfffff] page 2M");
	expect_log(" [mem 0x07e00000-0x07fdffff] page 4k");
}

KTAP_TEST(test_directmap_lines_sum_up_to_ram)
{
	machine_boot(&machines[4]);	/* 6 GiB with 1G pages */
	arch_report_meminfo(printk);
	expect_log("Using GB pages for direct mapping");
	expect_log("DirectMap4k:        3968 kB");
	expect_log("DirectMap2M:     2093056 kB");
	expect_log("DirectMap1G:     4194304 kB");
}
