// SPDX-License-Identifier: GPL-2.0-only
/*
 * memblock after memblock_set_rsrv_kern(): reservations with flags and nodes, what merges then,
 * who counts what, and scratch.  The numbers and lines are of Linux 6.18 and 7.3.
 *
 * Laws 1 and 2.
 */
#include "mm/memblock_since.h"

#include "host_console.h"
#include "mm/memblock/memblock_internal.h"
#include "tests/host/include/ktap.h"
#include "tests/host/include/memblock_reset.h"

#define M	* (1ULL << 20)
#ifdef CONFIG_NUMA
#define IS_NUMA	1
#else
#define IS_NUMA	0
#endif

/* 64 MiB of RAM, of which node 1 has the upper half. */
static void begin(bool on)
{
	memblock_reset();
	memblock_set_rsrv_kern(on);
	memblock_add_node(0, 32 M, 0, MEMBLOCK_NONE);
	memblock_add_node(32 M, 32 M, 1, MEMBLOCK_NONE);
}

/* Entry @i of reserved is [base, base + size) with these flags and this node. */
static void expect_entry(unsigned long i, phys_addr_t base, phys_addr_t size, unsigned int flags,
			 int nid)
{
	const struct memblock_region *r = &memblock.reserved.regions[i];

	require_true(i < memblock.reserved.cnt);
	expect_eq(r->base, base);
	expect_eq(r->size, size);
	expect_eq(r->flags, flags);
	if (IS_NUMA)
		expect_eq(memblock_get_region_node(r), nid);
	expect_true(!memblock_type_broken(&memblock.reserved));
}

KTAP_TEST(test_since_off_is_as_ever)
{
	begin(false);
	memblock_reserve(1 M, 1 M);
	memblock_reserve_kern(2 M, 1 M);
	__memblock_reserve(3 M, 1 M, 0, MEMBLOCK_RSRV_KERN);
	expect_eq(memblock.reserved.cnt, 1);
	expect_entry(0, 1 M, 3 M, 0, MAX_NUMNODES);
	expect_eq(memblock_reserved_kern_size(MEMBLOCK_ALLOC_ANYWHERE, NUMA_NO_NODE), 0);
	expect_eq(memblock_estimated_nr_free_pages(), PFN_DOWN(61 M));
}

#ifdef CONFIG_NUMA
KTAP_TEST(test_since_neighbours_of_another_kind_stay_two)
{
	begin(true);
	memblock_reserve(1 M, 1 M);
	memblock_reserve_kern(2 M, 1 M);
	memblock_reserve_kern(3 M, 1 M);
	__memblock_reserve(4 M, 1 M, 0, MEMBLOCK_RSRV_KERN);
	expect_eq(memblock.reserved.cnt, 3);
	expect_entry(0, 1 M, 1 M, 0, NUMA_NO_NODE);
	expect_entry(1, 2 M, 2 M, MEMBLOCK_RSRV_KERN, NUMA_NO_NODE);
	expect_entry(2, 4 M, 1 M, MEMBLOCK_RSRV_KERN, 0);
}

KTAP_TEST(test_since_an_allocation_has_the_node_it_asked_for)
{
	begin(true);
	expect_eq(memblock_phys_alloc_try_nid(1 M, 1 M, 1), 63 M);
	expect_eq(memblock_phys_alloc_try_nid(1 M, 1 M, 0), 31 M);
	expect_eq(memblock_phys_alloc(1 M, 1 M), 62 M);
	/* More than node 0 has left: of any node, and so without one. */
	expect_eq(memblock_phys_alloc_try_nid(1 M, 1 M, 0), 30 M);
	memblock_reserve(0, 30 M);
	expect_eq(memblock_phys_alloc_try_nid(1 M, 1 M, 0), 61 M);
	expect_eq(memblock.reserved.cnt, 4);
	expect_entry(0, 0, 30 M, 0, NUMA_NO_NODE);
	expect_entry(1, 30 M, 2 M, MEMBLOCK_RSRV_KERN, 0);
	expect_entry(2, 61 M, 2 M, MEMBLOCK_RSRV_KERN, NUMA_NO_NODE);
	expect_entry(3, 63 M, 1 M, MEMBLOCK_RSRV_KERN, 1);
	expect_eq(memblock_reserved_kern_size(MEMBLOCK_ALLOC_ANYWHERE, 1), 1 M);
}
#endif

KTAP_TEST(test_since_only_the_kernels_own_counts_as_taken)
{
	begin(true);
	memblock_reserve(0, 16 M);
	memblock_reserve_kern(16 M, 4 M);
	expect_eq(memblock_reserved_kern_size(MEMBLOCK_ALLOC_ANYWHERE, NUMA_NO_NODE), 4 M);
	expect_eq(memblock_reserved_kern_size(17 M, NUMA_NO_NODE), 1 M);
	expect_eq(memblock_estimated_nr_free_pages(), PFN_DOWN(60 M));
	memblock_reserved_mark_kern(8 M, 8 M);
	expect_eq(memblock_reserved_kern_size(MEMBLOCK_ALLOC_ANYWHERE, NUMA_NO_NODE), 12 M);
}

/* A plain reservation over the kernel's own is no contradiction; one with other flags is. */
KTAP_TEST(test_since_a_plain_range_over_flags_does_not_warn)
{
	expect_warns(1);
	begin(true);
	memblock_reserve_kern(4 M, 4 M);
	memblock_reserve(0, 16 M);
	memblock_phys_free(0, 1 M);
	__memblock_reserve(0, 2 M, NUMA_NO_NODE, MEMBLOCK_RSRV_NOINIT);		/* the one */
}

KTAP_TEST(test_since_gigantic_pages_have_a_flag_of_their_own)
{
	begin(true);
	expect_true(memblock_alloc_hugetlb(4 M, 1, true) == phys_to_virt(60 M));
	expect_true(!memblock_alloc_hugetlb(32 M, 1, true));
	expect_true(memblock_alloc_hugetlb(16 M, NUMA_NO_NODE, false) == phys_to_virt(32 M));
	expect_eq(memblock_reserved_hugetlb_size(MEMBLOCK_ALLOC_ANYWHERE, NUMA_NO_NODE), 20 M);
	expect_entry(memblock.reserved.cnt - 1, 60 M, 4 M,
		     MEMBLOCK_RSRV_KERN | MEMBLOCK_RSRV_HUGETLB, 1);
	/* Of another node, if that may be. */
	expect_true(memblock_alloc_hugetlb(32 M, 1, false) == NULL);
	memblock_reserve(32 M, 28 M);
	expect_true(memblock_alloc_hugetlb(16 M, 1, false) == phys_to_virt(16 M));
}

KTAP_TEST(test_since_scratch_only_searches_scratch)
{
	begin(true);
	memblock_mark_kho_scratch(8 M, 4 M);
	expect_eq(memblock_phys_alloc(1 M, 1 M), 63 M);
	memblock_set_kho_scratch_only();
	expect_eq(memblock_phys_alloc(1 M, 1 M), 11 M);
	expect_eq(memblock_phys_alloc(4 M, 1 M), 0);
	memblock_clear_kho_scratch_only();
	expect_eq(memblock_phys_alloc(1 M, 1 M), 62 M);
	memblock_clear_kho_scratch(0, 64 M);
	expect_eq(memblock.memory.regions[0].flags, 0);
}

KTAP_TEST(test_since_lines_have_node_and_flags)
{
	begin(true);
	memblock_set_verbose(true);
	memblock_reserve(0, 0x100000);
	memblock_reserve_kern(1 M, 1 M);
	memblock_phys_alloc_try_nid(1 M, 1 M, 1);
	memblock_alloc_hugetlb(2 M, 0, true);
	expect_log("__memblock_reserve: [0x0000000000000000-0x00000000000fffff] nid=-1 flags=0 ");
	expect_log("__memblock_reserve: [0x0000000000100000-0x00000000001fffff] nid=-1 flags=20 ");
	expect_log("__memblock_reserve: [0x0000000003f00000-0x0000000003ffffff] nid=1 flags=20 ");
	expect_log("memblock_alloc_hugetlb: 2097152 bytes, nid=0, exact_nid=1 ");
#ifdef CONFIG_NUMA
	expect_log("__memblock_reserve: [0x0000000001e00000-0x0000000001ffffff] nid=0 flags=a0 ");
	memblock_dump_all();
	expect_log("bytes on node 0 flags: 0xa0");
#else
	/* All memory is of one node: the highest place is taken, and dumps have no nodes. */
	expect_log("__memblock_reserve: [0x0000000003c00000-0x0000000003dfffff] nid=0 flags=a0 ");
	memblock_dump_all();
	expect_log("bytes flags: 0xa0");
#endif
	memblock_show_type(&memblock.reserved, printk);
	expect_log("RSV_KERN");
	memblock_set_verbose(false);
}

/* One that did not merge is one entry more, and so the array doubles sooner. */
KTAP_TEST(test_since_a_doubled_array_is_the_kernels_own)
{
	begin(true);
	memblock_allow_resize();
	for (phys_addr_t at = 0; at <= INIT_MEMBLOCK_RESERVED_REGIONS; at++)
		memblock_reserve(at * 0x2000, 0x1000);
	expect_eq(memblock.reserved.max, 2 * INIT_MEMBLOCK_RESERVED_REGIONS);
	expect_true(memblock_reserved_kern_size(MEMBLOCK_ALLOC_ANYWHERE, NUMA_NO_NODE) > 0);
}
