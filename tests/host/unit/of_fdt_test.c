// SPDX-License-Identifier: GPL-2.0-only
/*
 * boot/firmware/of_fdt.c, of_numa.c: from device trees to memblock's arrays, Linux's lines and
 * nodes.
 */
#include "ktap.h"

#include "boot/of_numa.h"
#include "host_console.h"
#include "mm/numa_memblks.h"
#include "mm/zone.h"
#include "tests/host/include/of_machine.h"

#include <string.h>

/* ---- memory nodes -------------------------------------------------------------------- */

static const struct {
	const char	*name;
	uint64_t	base, size, got_base, got_size;	/* got_size 0: nothing */
} banks[] = {
	{ "whole pages stay", MEM, SIZE, MEM, SIZE },
	{ "both ends move inward", MEM + 0x400, 0x3000, MEM + 0x1000, 0x2000 },
	{ "one page", MEM, 0x1000, MEM, 0x1000 },
	{ "a page less a byte", MEM, 0xfff, 0, 0 },
	{ "0xc00 bytes over a border", MEM + 0x800, 0xc00, 0, 0 },
	{ "size 0", MEM, 0, 0, 0 },
	{ "wraps", 0xfffffffffffff000, 0x2000, 0, 0 },
	{ "ends with the address space", 0xffffffffffff0000, 0x10000, 0xffffffffffff0000, 0xf000 },
};

KTAP_TABLE_TEST(of_fdt_bank, banks, c)
{
	memory("ram@0", c->base, c->size);
	scan();
	expect_eq(memblock.memory.cnt, c->got_size ? 1 : 0);
	if (c->got_size)
		expect_region(&memblock.memory, 0, c->got_base, c->got_size, 0);
}

KTAP_TEST(test_of_fdt_small_block_is_told)
{
	memory("memory", MEM + 0x800, 0x700);
	scan();
	expect_log("OF: fdt: Ignoring memory block 0x40000800 - 0x40000f00");
	expect_eq(info.warnings, 1);
}

static const struct {
	const char	*name;
	const char	*node, *type, *status;	/* NULL: no such property */
	bool		counts;
} nodes[] = {
	{ "another name", "ram@1", "memory", NULL, true },
	{ "no device_type", "memory@40000000", NULL, NULL, false },
	{ "device_type in capitals", "memory@40000000", "Memory", NULL, false },
	{ "ok", "memory", "memory", "ok", true },
	{ "okay", "memory", "memory", "okay", true },
	{ "disabled", "memory", "memory", "disabled", false },
	{ "empty status", "memory", "memory", "", false },
};

KTAP_TABLE_TEST(of_fdt_node, nodes, c)
{
	node(c->node);
	if (c->type)
		text("device_type", c->type);
	if (c->status)
		text("status", c->status);
	range("reg", MEM, SIZE);
	end();
	scan();
	expect_eq(memblock.memory.cnt, c->counts);
}

KTAP_TEST(test_of_fdt_nested_memory_does_not_count)
{
	node("bus");
	memory("memory", MEM, SIZE);
	end();
	scan();
	expect_eq(memblock.memory.cnt, 0);
}

KTAP_TEST(test_of_fdt_cells_default_to_one_and_odd_tails_are_ignored)
{
	fdt_build_start();
	node("");
	node("memory");
	text("device_type", "memory");
	cells("reg", 5, (unsigned int)MEM, 0x10000, 0x80000000, 0x20000, 0xc0000000);
	end();
	scan();
	expect_eq(memblock.memory.cnt, 2);
	expect_region(&memblock.memory, 0, MEM, 0x10000, 0);
	expect_region(&memblock.memory, 1, 0x80000000, 0x20000, 0);
}

KTAP_TEST(test_of_fdt_root_without_cells_is_refused)
{
	fdt_build_start();
	node("");
	cells("#address-cells", 1, 0);
	cells("#size-cells", 1, 0);
	expect_eq(strcmp(verify(), "its addresses have no cells, or it has numbers of more than 16"),
		  0);
	fdt_build_start();
	node("");
	cells("#size-cells", 1, 0x40000000);
	expect_eq(verify() != NULL, true);
}

KTAP_TEST(test_of_fdt_banks_merge_in_any_order)
{
	memory("m@3", MEM + 0x300000, 0x100000);
	memory("m@1", MEM, 0x200000);
	memory("m@2", MEM + 0x180000, 0x180000);
	scan();
	expect_eq(memblock.memory.cnt, 1);
	expect_region(&memblock.memory, 0, MEM, 0x400000, 0);
}

KTAP_TEST(test_of_fdt_usable_memory_replaces_reg)
{
	node("memory");
	text("device_type", "memory");
	range("reg", MEM, SIZE);
	range("linux,usable-memory", MEM + 0x1000, 0x2000);
	end();
	scan();
	expect_eq(memblock.memory.cnt, 1);
	expect_region(&memblock.memory, 0, MEM + 0x1000, 0x2000, 0);
}

KTAP_TEST(test_of_fdt_hotpluggable_marks_the_bytes_as_written)
{
	memory("m", MEM, 0x10000);
	node("n");
	text("device_type", "memory");
	range("reg", MEM + 0x10800, 0x8800);
	empty("hotpluggable");
	end();
	scan();
	expect_eq(memblock.memory.cnt, 2);
	expect_region(&memblock.memory, 1, MEM + 0x11000, 0x8000, MEMBLOCK_HOTPLUG);
}

KTAP_TEST(test_of_fdt_too_many_banks_are_told_and_left_out)
{
	for (unsigned int i = 0; i < 200; i++)
		memory("m", MEM + i * 0x2000ULL, 0x1000);
	scan();
	expect_eq(memblock.memory.cnt + 3, memblock.memory.max);
	expect_log("OF: fdt: no room to note memory block 0x400fa000 - 0x400fb000; not used");
}

/* ---- /chosen ------------------------------------------------------------------------- */

KTAP_TEST(test_of_fdt_chosen_gives_command_line_and_initrd)
{
	text("model", "a machine");
	node("chosen@0");
	text("bootargs", "one two");
	text("stdout-path", "/pl011@9000000:115200");
	cells("linux,initrd-start", 1, 0x48000000);
	cells("linux,initrd-end", 2, 0, 0x48000123);
	end();
	scan();
	expect_eq(strcmp(info.cmdline, "one two"), 0);
	expect_eq(strcmp(of_fdt.stdout_path, "/pl011@9000000:115200"), 0);
	expect_eq(strcmp(of_flat_dt_get_machine_name(), "a machine"), 0);
	expect_eq(info.nr_modules, 1);
	expect_eq(info.modules[0].range.base, 0x48000000);
	expect_eq(info.modules[0].range.size, 0x123);
}

KTAP_TEST(test_of_fdt_initrd_that_cannot_be_is_told)
{
	node("chosen");
	cells("linux,initrd-start", 1, 0x48001000);
	cells("linux,initrd-end", 1, 0x48001000);
	end();
	scan();
	expect_eq(info.nr_modules, 0);
	expect_log("OF: fdt: the initrd ends at 0x48001000, before it begins at 0x48001000; ignored");
}

KTAP_TEST(test_of_fdt_initrd_over_the_kernel_is_refused)
{
	node("chosen");
	cells("linux,initrd-start", 1, 0x40280000);
	cells("linux,initrd-end", 1, 0x40380000);
	end();
	scan();
	expect_eq(info.modules[0].refused, true);
}

KTAP_TEST(test_of_fdt_bootargs_without_an_end_are_cut)
{
	char longest[BOOT_CMDLINE_SIZE];

	memset(longest, 'x', sizeof(longest));
	node("chosen");
	bytes("bootargs", longest, sizeof(longest));
	end();
	scan();
	expect_eq(strlen(info.cmdline), BOOT_CMDLINE_SIZE - 1);
	expect_log("OF: fdt: bootargs of 2048 bytes; only the first 2047 are used");
}

KTAP_TEST(test_of_fdt_usable_memory_range_caps_and_adds)
{
	memory("m", MEM, SIZE);
	node("chosen");
	cells("linux,usable-memory-range", 8, 0, 0x50000000, 0, 0x1000000, 0, 0x90000000, 0,
	      0x1000000);
	end();
	scan();
	expect_eq(memblock.memory.cnt, 2);
	expect_region(&memblock.memory, 0, 0x50000000, 0x1000000, 0);
	expect_region(&memblock.memory, 1, 0x90000000, 0x1000000, 0);
}

KTAP_TEST(test_of_fdt_usable_memory_range_too_short_is_ignored)
{
	memory("m", MEM, SIZE);
	node("chosen");
	cells("linux,usable-memory-range", 2, 0x50000000, 0x1000000);
	end();
	scan();
	expect_region(&memblock.memory, 0, MEM, SIZE, 0);
}

/* ---- nodes --------------------------------------------------------------------------- */

static void numa_memory(const char *name, uint64_t base, uint64_t size, unsigned int nid)
{
	node(name);
	text("device_type", "memory");
	range("reg", base, size);
	cells("numa-node-id", 1, nid);
	end();
}

static void two_nodes(void)
{
	numa_memory("memory@60000000", MEM + SIZE / 2, SIZE / 2, 1);
	numa_memory("memory@40000000", MEM, SIZE / 2, 0);
}

KTAP_TEST(test_of_numa_nodes_and_distances)
{
	two_nodes();
	node("distance-map");
	text("compatible", "numa-distance-map-v1");
	cells("distance-matrix", 9, 0, 0, 10, 0, 1, 31, 1, 1, 10);
	end();
	scan();
	expect_eq(numa_memblks_init(of_numa_init, false), 0);
	expect_eq(memblock.memory.regions[0].nid, 0);
	expect_eq(memblock.memory.regions[1].nid, 1);
	expect_eq(node_distance(1, 0), 31);
}

KTAP_TEST(test_of_numa_last_node_without_an_id_spoils_all)
{
	two_nodes();
	memory("memory@80000000", MEM + SIZE, 0x1000000);
	scan();
	expect_eq(numa_memblks_init(of_numa_init, false) < 0, true);
}

KTAP_TEST(test_of_numa_id_too_large)
{
	numa_memory("memory", MEM, SIZE, MAX_NUMNODES);
	scan();
	expect_eq(numa_memblks_init(of_numa_init, false) < 0, true);
	expect_log("exceeds maximum value");
	expect_log("OF: NUMA: bad property in memory node");
}

static const struct {
	const char	*name;
	unsigned int	a, b, d;
	const char	*line;
} distances[] = {
	{ "own distance not 10", 0, 0, 11, "OF: NUMA: Invalid distance[node0 -> node0] = 11" },
	{ "other's distance 10", 0, 1, 10, "OF: NUMA: Invalid distance[node0 -> node1] = 10" },
};

KTAP_TABLE_TEST(of_numa_distance, distances, c)
{
	two_nodes();
	node("distance-map");
	text("compatible", "numa-distance-map-v1");
	cells("distance-matrix", 3, c->a, c->b, c->d);
	end();
	scan();
	expect_eq(numa_memblks_init(of_numa_init, false) < 0, true);
	expect_log(c->line);
}

KTAP_TEST(test_of_numa_map_without_a_matrix)
{
	two_nodes();
	node("distance-map");
	text("compatible", "numa-distance-map-v1");
	end();
	scan();
	expect_eq(numa_memblks_init(of_numa_init, false) < 0, true);
	expect_log("OF: NUMA: No distance-matrix property in distance-map");
}
