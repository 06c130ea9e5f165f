// SPDX-License-Identifier: GPL-2.0-only
/*
 * boot/firmware/of_reserved_mem.c: /reserved-memory in Linux's two passes, and its lines.
 */
#include "ktap.h"

#include "boot/of_reserved_mem.h"
#include "host_console.h"
#include "kernel/lib/errno.h"
#include "kernel/lib/params.h"
#include "mm/cma.h"
#include "tests/host/include/of_machine.h"

#include <string.h>

static void reserved_memory(void)
{
	memory("memory", MEM, SIZE);
	node("reserved-memory");
	cells("#address-cells", 1, 2);
	cells("#size-cells", 1, 2);
	empty("ranges");
}

static void region(const char *name, uint64_t base, uint64_t size, const char *flag)
{
	node(name);
	range("reg", base, size);
	if (flag)
		empty(flag);
	end();
}

/* A node that wants @size bytes somewhere in [from, from + span); 0: anywhere. */
static void dynamic(const char *name, uint64_t size, uint64_t from, uint64_t span)
{
	node(name);
	cells("size", 2, (unsigned int)(size >> 32), (unsigned int)size);
	if (span)
		range("alloc-ranges", from, span);
	end();
}

static void both_passes(reserved_mem_init_fn init)
{
	end();
	scan();
	early_init_fdt_scan_reserved_mem(&info, init);
	fdt_scan_reserved_mem_reg_nodes();
}

KTAP_TEST(test_of_rmem_nodes_are_reserved_and_listed)
{
	reserved_memory();
	region("fixed@50000000", 0x50000000, 0x200000, NULL);
	region("nomap@51000000", 0x51000000, 0x300000, "no-map");
	both_passes(NULL);
	expect_region(&memblock.reserved, 0, 0x50000000, 0x200000, 0);
	expect_region(&memblock.memory, 1, 0x51000000, 0x300000, MEMBLOCK_NOMAP);
	expect_log("OF: reserved mem: 0x0000000050000000..0x00000000501fffff (2048 KiB) map non-reusable fixed@50000000");
	expect_log("OF: reserved mem: 0x0000000051000000..0x00000000512fffff (3072 KiB) nomap non-reusable nomap@51000000");
	expect_eq(of_reserved_mem_get(1)->nomap, true);
	expect_eq(of_reserved_mem_get(2) == NULL, true);
}

KTAP_TEST(test_of_rmem_no_map_over_something_in_use_is_refused_and_listed)
{
	reserved_memory();
	region("a@50000000", 0x50000000, 0x200000, NULL);
	region("b@50000000", 0x50000000, 0x1000, "no-map");
	both_passes(NULL);
	expect_eq(memblock.memory.cnt, 1);
	expect_log("OF: reserved mem: Reserved memory: failed to reserve memory for node 'b@50000000': base 0x0000000050000000, size 0 MiB");
	expect_log("(4 KiB) nomap non-reusable b@50000000");
	expect_log("OF: reserved mem: OVERLAP DETECTED!");
	expect_log("b@50000000 (0x0000000050000000--0x0000000050001000) overlaps with a@50000000 (0x0000000050000000--0x0000000050200000)");
}

KTAP_TEST(test_of_rmem_no_map_first_wins)
{
	reserved_memory();
	region("b@50000000", 0x50000000, 0x1000, "no-map");
	region("a@50000000", 0x50000000, 0x200000, NULL);
	both_passes(NULL);
	expect_region(&memblock.memory, 1, 0x50000000, 0x1000, MEMBLOCK_NOMAP);
	expect_region(&memblock.reserved, 0, 0x50000000, 0x200000, 0);
	expect_no_log("failed to reserve");
}

KTAP_TEST(test_of_rmem_no_map_at_odd_bytes_splits_there)
{
	reserved_memory();
	region("odd", 0x52000400, 0x1800, "no-map");
	region("nowhere", 0x200000000, 0x1000, "no-map");
	both_passes(NULL);
	expect_eq(memblock.memory.cnt, 3);
	expect_region(&memblock.memory, 1, 0x52000400, 0x1800, MEMBLOCK_NOMAP);
}

KTAP_TEST(test_of_rmem_reg_of_several_pairs_reserves_all_names_first)
{
	reserved_memory();
	node("two");
	cells("reg", 8, 0, 0x50000000, 0, 0x1000, 0, 0x60000000, 0, 0x1000);
	end();
	node("bad");
	cells("reg", 3, 0, 0x55000000, 0x1000);
	end();
	both_passes(NULL);
	expect_eq(memblock.reserved.regions[0].base, 0x50000000);
	expect_eq(memblock.reserved.regions[1].base, 0x60000000);
	expect_log("OF: reserved mem: fdt_scan_reserved_mem_reg_nodes() ignores 1 regions in node 'two'");
	expect_eq(host_console_count("invalid reg property in 'bad', skipping node."), 2);
}

KTAP_TEST(test_of_rmem_size_zero_fails_and_is_not_listed)
{
	reserved_memory();
	region("none", 0x50000000, 0, NULL);
	dynamic("nothing", 0, 0, 0);
	both_passes(NULL);
	expect_log("failed to reserve memory for node 'none': base 0x0000000050000000, size 0 MiB");
	expect_log("failed to allocate memory for node 'nothing': size 0 MiB");
	expect_eq(of_reserved_mem_get(0) == NULL, true);
}

static const struct {
	const char	*name;
	unsigned int	address, size;
	bool		ranges, told;
} formats[] = {
	{ "as the root", 2, 2, true, false },
	{ "no ranges", 2, 2, false, true },
	{ "other addresses", 1, 2, true, true },
	{ "other sizes", 2, 1, true, true },
};

KTAP_TABLE_TEST(of_rmem_format, formats, c)
{
	memory("memory", MEM, SIZE);
	node("reserved-memory");
	cells("#address-cells", 1, c->address);
	cells("#size-cells", 1, c->size);
	if (c->ranges)
		empty("ranges");
	region("r", 0x50000000, 0x1000, NULL);
	both_passes(NULL);
	expect_eq(host_console_count("Reserved memory: unsupported node format, ignoring"),
		  c->told ? 2 : 0);
	expect_eq(memblock.reserved.cnt != 0, !c->told);
}

KTAP_TEST(test_of_rmem_none_is_told)
{
	memory("memory", MEM, SIZE);
	scan();
	early_init_fdt_scan_reserved_mem(&info, NULL);
	fdt_scan_reserved_mem_reg_nodes();
	expect_log("OF: reserved mem: Reserved memory: No reserved-memory node in the DT");
}

KTAP_TEST(test_of_rmem_dynamic_ranges_are_tried_in_order)
{
	reserved_memory();
	region("fixed", 0x60000000, 0x1000000, NULL);
	node("d");
	cells("size", 2, 0, 0x200000);
	cells("alloc-ranges", 8, 0, 0x60000000, 0, 0x1000000, 0, 0x50000000, 0, 0x1000000);
	end();
	both_passes(NULL);
	expect_eq(of_reserved_mem_get(0)->base, 0x50e00000);	/* they are sorted */
	expect_log("OF: reserved mem: 0x0000000050e00000..0x0000000050ffffff (2048 KiB) map non-reusable d");
}

/* Seen on Linux: A takes the end of its range, B touches A and is placed beside it. */
KTAP_TEST(test_of_rmem_dynamic_regions_lie_together)
{
	reserved_memory();
	dynamic("A", 0x200000, 0x60000000, 0x1000000);
	dynamic("B", 0x200000, 0x61000000, 0x1000000);
	both_passes(NULL);
	expect_eq(of_reserved_mem_get(0)->base, 0x60e00000);
	expect_eq(of_reserved_mem_get(1)->base, 0x61000000);
}

static const struct {
	const char	*name;
	const char	*prop;
	int		n;
	unsigned int	high, low;
	const char	*line;
} wishes[] = {
	{ "size of one cell", "size", 1, 0x1000, 0, "invalid size property in 'w' node." },
	{ "alignment of one cell", "alignment", 1, 0x1000, 0,
	  "invalid alignment property in 'w' node." },
	{ "alignment that is no power", "alignment", 2, 0, 0x3000,
	  "alignment 0x3000 of 'w' is no power of two" },
	{ "ranges of half a pair", "alloc-ranges", 2, 0, 0x1000,
	  "invalid alloc-ranges property in 'w', skipping node." },
};

KTAP_TABLE_TEST(of_rmem_wish, wishes, c)
{
	reserved_memory();
	node("w");
	cells(c->prop, c->n, c->high, c->low);
	if (strcmp(c->prop, "size"))
		cells("size", 2, 0, 0x1000);
	end();
	both_passes(NULL);
	expect_log(c->line);
	expect_eq(memblock.reserved.cnt, 0);
}

KTAP_TEST(test_of_rmem_more_than_64_dynamic_nodes)
{
	reserved_memory();
	for (int i = 0; i < 66; i++)
		dynamic("d", 0x100000, 0, 0);
	both_passes(NULL);
	expect_eq(host_console_count("too many defined dynamic regions, skip 'd'"), 2);
	expect_eq(of_reserved_mem_get(63) != NULL && !of_reserved_mem_get(64), true);
}

KTAP_TEST(test_of_rmem_more_than_64_static_nodes)
{
	reserved_memory();
	for (unsigned int i = 0; i < 70; i++)
		region("s", 0x70000000 - i * 0x10000ULL, 0x1000, NULL);
	both_passes(NULL);
	expect_eq(of_reserved_mem_get(69)->base, 0x70000000);
	expect_no_log("OVERLAP");
}

static int refuse_b(const struct reserved_mem *r, const struct fdt_node *n)
{
	return fdt_compatible(&of_fdt.fdt, n, "b") ? -EINVAL : r->size ? -ENOENT : 0;
}

KTAP_TEST(test_of_rmem_region_that_cannot_be_initialised_is_given_back)
{
	reserved_memory();
	node("bad");
	text("compatible", "b");
	range("reg", 0x50000000, 0x1000);
	end();
	both_passes(refuse_b);
	expect_log("OF: reserved mem: node bad compatible matching fail");
	expect_eq(memblock_is_region_reserved(0x50000000, 0x1000), false);
}

KTAP_TEST(test_of_rmem_reservation_block_comes_last)
{
	fdt_build_reservation(0x7fe00000, 0x100);
	fdt_build_reservation(0x50000000, 0);
	fdt_build_reservation(0x51000000, 0x1000);
	reserved_memory();
	dynamic("d", 0x400000, 0, 0);
	both_passes(NULL);
	expect_eq(of_reserved_mem_get(0)->base, 0x7fc00000);	/* over the reservation */
	expect_eq(memblock_is_region_reserved(0x51000000, 0x1000), false);
}

/* ---- of_dma_pool.c --------------------------------------------------------------------- */

static void pool(const char *name, uint64_t base, uint64_t size, const char *flag, const char *more)
{
	node(name);
	text("compatible", "shared-dma-pool");
	range("reg", base, size);
	if (flag)
		empty(flag);
	if (more)
		empty(more);
	end();
}

static const struct {
	const char	*name;
	uint64_t	base, size;
	const char	*flag, *more;
	const char	*cmdline;
	const char	*line;
	bool		reserved;	/* the range, in the end */
	unsigned int	area;		/* 1 + index of its area; 0: none */
} pools[] = {
	{ .name = "reusable: an area", .base = 0x58000000, .size = 0x2000000, .flag = "reusable",
	  .line = "Reserved memory: created CMA memory pool at 0x0000000058000000, size 32 MiB",
	  .reserved = true, .area = 2 },
	{ .name = "the first area", .base = 0x58000000, .size = 0x2000000, .flag = "reusable",
	  .more = "linux,cma-default",
	  .line = "OF: reserved mem: initialized node p, compatible id shared-dma-pool",
	  .reserved = true, .area = 1 },
	{ .name = "the first area, but cma=", .base = 0x58000000, .size = 0x2000000,
	  .flag = "reusable", .more = "linux,cma-default", .cmdline = "cma=16M",
	  .line = "Reserved memory: bypass p node, using cmdline CMA params instead" },
	{ .name = "an area beside cma=", .base = 0x58000000, .size = 0x2000000, .flag = "reusable",
	  .cmdline = "cma=16M", .line = "created CMA memory pool", .reserved = true, .area = 2 },
	{ .name = "1 MiB", .base = 0x58000000, .size = 0x100000, .flag = "reusable",
	  .line = "Reserved memory: incorrect alignment of CMA region" },
	{ .name = "at an odd MiB", .base = 0x58100000, .size = 0x200000, .flag = "reusable",
	  .line = "OF: reserved mem: node p compatible matching fail" },
	{ .name = "reusable and no-map", .base = 0x58000000, .size = 0x200000, .flag = "reusable",
	  .more = "no-map", .line = "OF: reserved mem: node p compatible matching fail" },
	{ .name = "half of it no RAM", .base = 0x7ff00000 - 0x100000, .size = 0x400000,
	  .flag = "reusable", .line = "Reserved memory: unable to setup CMA region" },
	{ .name = "over the kernel", .base = 0x40200000, .size = 0x200000, .flag = "reusable",
	  .line = "OF: reserved mem: not only p has reserved memory there; kept", .reserved = true },
	{ .name = "over another node", .base = 0x60000000, .size = 0x400000, .flag = "reusable",
	  .line = "OF: reserved mem: not only p has reserved memory there; kept", .reserved = true },
	{ .name = "misaligned, over another node", .base = 0x600ff000, .size = 0x2000,
	  .flag = "reusable", .line = "not only p has reserved memory there; kept",
	  .reserved = true },
	{ .name = "a device's own", .base = 0x58000000, .size = 0x100000,
	  .line = "Reserved memory: created DMA memory pool at 0x0000000058000000, size 1 MiB",
	  .reserved = true },
};

KTAP_TABLE_TEST(of_rmem_pools, pools, c)
{
	const struct cma *cma;

	reserved_memory();
	pool("p", c->base, c->size, c->flag, c->more);
	region("other", 0x60100000, 0x1000, NULL);
	if (c->cmdline)
		parse_early_param(c->cmdline);
	both_passes(rmem_dma_pool_setup);
	expect_log(c->line);
	expect_eq(memblock_is_region_reserved(c->base, c->size), c->reserved);
	expect_eq(memblock.memory.cnt, 1);
	for (unsigned int i = 0; i < MAX_CMA_AREAS; i++) {
		cma = &cma_areas[i];
		expect_eq(PFN_PHYS(cma->count), i + 1 == c->area ? c->size : 0);
		if (cma->count)
			expect_eq(PFN_PHYS(cma->base_pfn), c->base);
	}
	expect_eq(PFN_PHYS(totalcma_pages), c->area ? c->size : 0);
}

/* Linux's first area replaces the one that would be reserved without a word. */
KTAP_TEST(test_of_rmem_default_area_is_the_only_one)
{
	reserved_memory();
	pool("p", 0x58000000, 0x2000000, "reusable", "linux,cma-default");
	both_passes(rmem_dma_pool_setup);
	dma_contiguous_reserve(0);
	expect_no_log("cma: Reserved");
	expect_eq(PFN_PHYS(totalcma_pages), 0x2000000);
}

KTAP_TEST(test_of_rmem_areas_run_out)
{
	char name[] = "a@0";

	reserved_memory();
	for (unsigned int i = 0; i < MAX_CMA_AREAS; i++) {
		name[2] = (char)('a' + i);
		pool(name, 0x50000000 + i * 0x200000ULL, 0x200000, "reusable", NULL);
	}
	both_passes(rmem_dma_pool_setup);
	expect_log("Not enough slots for CMA reserved regions!");
	expect_log("OF: reserved mem: node a@t compatible matching fail");
	expect_eq(memblock_is_region_reserved(0x50000000 + 19 * 0x200000ULL, 0x200000), false);
	expect_eq(memblock_is_region_reserved(0x50000000 + 18 * 0x200000ULL, 0x200000), true);
}
