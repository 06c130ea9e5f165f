/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * physmem: RAM as found, kept beside memory by machines that ask for it.
 *
 * Built where CONFIG_HAVE_MEMBLOCK_PHYS_MAP is set.
 */
#include <string.h>

#include "mm/memblock.h"
#include "tests/host/include/host_console.h"
#include "tests/host/include/ktap.h"
#include "tests/host/model/mbtest.h"

#ifdef CONFIG_HAVE_MEMBLOCK_PHYS_MAP
KTAP_TEST(test_physmem_add_obeys_the_rules_of_add)
{
	memset(physmem.regions, 0x55, 4 * sizeof(physmem.regions[0]));
	mbtest_reset();
	expect_eq(physmem.regions[0].size, 0);
	expect_eq(physmem.regions[3].base, 0);
	expect_str_eq(physmem.name, "physmem");
	expect_eq(physmem.max, 4);
	expect_eq(memblock_physmem_add(0x1000, 0x1000), 0);
	expect_eq(memblock_physmem_add(0x3000, 0x1000), 0);
	expect_eq(memblock_physmem_add(0x2000, 0x1000), 0);
	expect_eq(physmem.cnt, 1);
	expect_eq(physmem.total_size, 0x3000);
	expect_eq(memblock.memory.cnt, 0);
	expect_null(picture_type_broken(&physmem));
}

KTAP_TEST(test_physmem_says_its_line)
{
	mbtest_reset();
	memblock_set_verbose(true);
	memblock_physmem_add(0x1000, 0x1000);
	expect_log("memblock_physmem_add: [0x0000000000001000-0x0000000000001fff] ");
}

KTAP_TEST(test_physmem_fifth_region_needs_resizing)
{
	mbtest_reset();
	for (unsigned int i = 1; i < 5; i++)
		memblock_physmem_add(i * 0x2000, 0x1000);
	expect_panic("memblock: cannot resize physmem array")
		memblock_physmem_add(0x20000, 0x1000);
	expect_eq(physmem.cnt, 4);
}

/* physmem minus a type; it is never filtered. */
KTAP_TEST(test_physmem_ranges)
{
	phys_addr_t s, e;
	uint64_t i;
	int n = 0;

	mbtest_load("..====..", "", page_grid);
	memblock_physmem_add(page_grid.base, 8 * page_grid.unit);
	for_each_physmem_range(i, &memblock.memory, &s, &e) {
		expect_eq(s, page_grid.base + (n ? 6 : 0) * page_grid.unit);
		expect_eq(e, s + 2 * page_grid.unit);
		n++;
	}
	expect_eq(n, 2);
	for_each_physmem_range(i, NULL, &s, &e) {
		expect_eq(e - s, 8 * page_grid.unit);
		n++;
	}
	expect_eq(n, 3);
}

KTAP_TEST(test_physmem_is_dumped_third)
{
	mbtest_load("", "=", page_grid);
	memblock_physmem_add(0x1000, 0x1000);
	memblock_set_verbose(true);
	memblock_dump_all();
	expect_log("bytes flags: 0x0\n physmem.cnt  = 0x1\n physmem[0x0]\t[0x0000000000001000-");
}
#endif
