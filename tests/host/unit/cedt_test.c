// SPDX-License-Identifier: GPL-2.0-only
/*
 * CEDT and SRAT that cannot be walked to their ends.  What those that can do is compared
 * with Linux in srat_test.
 */
#include "ktap.h"
#include "machine_128m.h"

#include "arch/x86_64/numa.h"
#include "host_console.h"
#include "kernel/lib/params.h"
#include "mm/memblock/memblock_internal.h"
#include "mm/numa_memblks.h"
#include "mm_machine.h"
#include "tests/host/include/arch_reset.h"
#include "tests/host/include/lib_reset.h"

#define CEDT_WINDOW	1

static struct table_body srat, cedt;

/* 128 MiB, the kernel at 16 MiB. */
static void machine_128m(void)
{
	mm_machine_reset();
	numa_reset();
	fake_tables_clear();
	memblock_allow_resize();
	machine_128m_memory();
	srat_begin(&srat);
	cedt.n = 0;
}

static void boot_tables(size_t cedt_bytes)
{
	if (cedt_bytes)
		fake_table_add("CEDT", 1, cedt.bytes, cedt_bytes);
	srat_done(&srat, 3);
	params_reset();
	max_low_pfn = max_pfn = PFN_DOWN(memblock_end_of_DRAM());
	initmem_init();
}

static void cedt_window(struct table_body *b, uint64_t base, uint64_t size)
{
	put(b, 2, CEDT_WINDOW);
	put(b, 2, 40);
	put(b, 4, 0);
	put(b, 8, base);
	put(b, 8, size);
	put(b, 16, 0);
}

/* What is whole counts, what is cut off does not. */
KTAP_TEST(test_cedt_every_cut_of_a_table_is_survived)
{
	for (size_t n = 0; n <= 80; n++) {
		machine_128m();
		srat_memory(&srat, 0, 0, 32 M, 1);
		srat_memory(&srat, 1, 96 M, 32 M, 1);
		cedt_window(&cedt, 16 M, 32 M);
		cedt_window(&cedt, 48 M, 64 M);
		boot_tables(n);
		expect_nodes(n < 80 ? 1 : 2);	/* half covered is not covered */
	}
	expect_eq(memblock_search_pfn_nid(PFN_DOWN(40 M), NULL, NULL), 0);
	expect_eq(memblock_search_pfn_nid(PFN_DOWN(64 M), NULL, NULL), 1);
}

/* Entries that would keep the walk where it is, or in one place for hours. */
KTAP_TEST(test_cedt_that_cannot_be_walked_is_left)
{
	for (uint64_t length = 0; length < 4; length++) {
		machine_128m();
		two_nodes(&srat);
		put(&cedt, 2, CEDT_WINDOW);
		put(&cedt, 2, length);
		cedt_window(&cedt, SZ_4G, SZ_1G);
		boot_tables(cedt.n);
		expect_nodes(2);
		expect_true(!node_isset(&numa_nodes.possible, 2));
	}
	machine_128m();
	two_nodes(&srat);
	while (cedt.n + 40 <= sizeof(cedt.bytes))
		cedt_window(&cedt, SZ_4G, SZ_1G);
	boot_tables(cedt.n);
	expect_log("the rest is not read");
	expect_nodes(2);
	expect_true(node_isset(&numa_nodes.possible, 2) && !node_isset(&numa_nodes.possible, 3));
}

KTAP_TEST(test_srat_entry_of_length_0_ends_the_walk)
{
	machine_128m();
	two_nodes(&srat);
	put(&srat, 4, 0x0001);
	boot_tables(0);
	expect_log("[SRAT:0x00] Invalid zero length");
	expect_log("ACPI: SRAT: Unexpected header length: 0");
	expect_log("[SRAT:0x01] Invalid zero length");
	expect_log("No NUMA configuration found");
	expect_nodes(1);
}

KTAP_TEST(test_srat_entry_past_the_end_is_not_read)
{
	machine_128m();
	two_nodes(&srat);
	put(&srat, 4, 0xff01);
	boot_tables(0);
	expect_log("has length 255, the table ends after 4");
	expect_log("No NUMA configuration found");
	expect_nodes(1);
}
