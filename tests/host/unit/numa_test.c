// SPDX-License-Identifier: GPL-2.0-only
/*
 * The list of node blocks against a model that knows only single units of memory;
 * numa=fake= and movable zones by their laws.
 *
 * Law: after initmem's work every byte of RAM has exactly one node, RAM and reservations
 * are what they were, and HOTPLUG is only where a node was found to have nothing of the
 * kernel's in it.
 */
#include "ktap.h"

#include "host_console.h"
#include "kernel/lib/align.h"
#include "kernel/lib/params.h"
#include "mm/memblock/memblock_internal.h"
#include "mm/mm_init.h"
#include "mm/nodes/movable.h"
#include "mm/numa_memblks.h"
#include "mm_machine.h"
#include "tests/host/include/lib_reset.h"

#include <stdlib.h>
#include <string.h>

#define M	* 1048576ULL

/* ---- a model: 64 units of 128 KiB ----------------------------------------------------------- */

#define UNIT	0x20000UL
#define UNITS	64
#define BASE	(16 M)

/* Blocks as a finder would add them; [first, end) in units. */
static struct {
	int	nid, first, end;
	bool	hotplug;
} blocks[8];
static int nr_blocks;

static bool ram[UNITS], taken[UNITS];
static int model_nid[UNITS];		/* -1: no RAM */
static bool model_hotplug[UNITS];

static unsigned int seed;

static phys_addr_t unit_pa(int u)
{
	return BASE + (phys_addr_t)(unsigned int)u * UNIT;
}

static int rnd(int n)
{
	seed = seed * 1103515245u + 12345u;
	return (int)(seed >> 16) % n;
}

static int find_blocks(void)
{
	for (int i = 0; i < nr_blocks; i++) {
		phys_addr_t start = unit_pa(blocks[i].first);
		phys_addr_t end = unit_pa(blocks[i].end);

		numa_set_parsed(blocks[i].nid);
		if (numa_add_memblk(blocks[i].nid, start, end))
			return -1;
		if (blocks[i].hotplug)
			memblock_mark_hotplug(start, end - start);
	}
	return nr_blocks ? 0 : -1;
}

static int one_node(void)
{
	numa_set_parsed(0);
	return numa_add_memblk(0, 0, PFN_PHYS(max_pfn));
}

static void make_machine(void)
{
	mm_machine_reset();
	memset(taken, 0, sizeof(taken));
	for (int i = 0; i < UNITS; i++) {
		ram[i] = rnd(8) != 0;
		if (ram[i])
			memblock_add(unit_pa(i), UNIT);
	}
	ram[UNITS - 1] = true;
	memblock_add(unit_pa(UNITS - 1), UNIT);
	for (int i = rnd(3); i > 0; i--) {
		int at = rnd(UNITS);

		taken[at] = true;
		memblock_reserve(unit_pa(at), UNIT);
	}
	max_low_pfn = max_pfn = PFN_DOWN(memblock_end_of_DRAM());

	nr_blocks = 1 + rnd(8);
	for (int i = 0, at = 0; i < nr_blocks; i++) {
		blocks[i].nid = rnd(3);
		blocks[i].hotplug = rnd(3) == 0;
		if (rnd(6) == 0)	/* anywhere, over others */
			at = rnd(UNITS);
		blocks[i].first = at;
		at += 1 + rnd(i == nr_blocks - 1 ? UNITS : 16);
		at = MIN(at, UNITS);
		blocks[i].end = at;
		at += rnd(3) ? 0 : rnd(3);
		at = MIN(at, UNITS);
	}
}

static bool holds_ram(int b)
{
	for (int u = blocks[b].first; u < blocks[b].end; u++)
		if (ram[u])
			return true;
	return false;
}

/* The node that claims @u by a block with RAM in it, -1 none, -2 two of them. */
static int claimed(int u)
{
	int nid = -1;

	for (int b = 0; b < nr_blocks; b++) {
		if (!holds_ram(b) || u < blocks[b].first || u >= blocks[b].end)
			continue;
		if (nid >= 0 && nid != blocks[b].nid)
			return -2;
		nid = blocks[b].nid;
	}
	return nid;
}

/* What the nearest claimed unit in direction @step says. */
static int neighbour(int u, int step)
{
	for (u += step; u >= 0 && u < UNITS; u += step)
		if (claimed(u) >= 0)
			return claimed(u);
	return -1;
}

/* A run of RAM without node goes to the nearest RAM that has one; the lower if equal. */
static void adopt(int first, int end)
{
	int low = first - 1, high = end;

	while (low >= 0 && model_nid[low] < 0)
		low--;
	while (high < UNITS && model_nid[high] < 0)
		high++;
	for (int u = first; u < end; u++)
		model_nid[u] = low < 0 || (high < UNITS && high - end < first - 1 - low) ?
				       model_nid[high] : model_nid[low];
}

/* Return: false if Linux, and we, would not believe these blocks. */
static bool model(void)
{
	bool kernel[3] = { false }, any = false;
	int first_ram = 0, uncovered = 0;

	while (!ram[first_ram])
		first_ram++;
	for (int u = 0; u < UNITS; u++) {
		if (u >= first_ram && claimed(u) == -2)
			return false;
		model_nid[u] = claimed(u);
		if (model_nid[u] < 0 && neighbour(u, -1) == neighbour(u, 1))
			model_nid[u] = neighbour(u, 1);
		if (u < first_ram)
			model_nid[u] = -1;
		if (taken[u] && model_nid[u] >= 0)
			kernel[model_nid[u]] = true;
		if (!ram[u])
			model_nid[u] = -1;
		any |= model_nid[u] >= 0;
		uncovered += ram[u] && model_nid[u] < 0;
	}
	if ((unsigned int)uncovered * UNIT > 1 M || !any)
		return false;
	memset(model_hotplug, 0, sizeof(model_hotplug));
	for (int b = 0; b < nr_blocks; b++)
		for (int u = blocks[b].first; u < blocks[b].end; u++)
			model_hotplug[u] |= ram[u] && blocks[b].hotplug &&
					    !(model_nid[u] >= 0 && kernel[model_nid[u]]);
	for (int u = 0, end; u < UNITS; u = end) {
		for (end = u + 1; end < UNITS && ram[end] && model_nid[end] < 0 &&
				  model_hotplug[end] == model_hotplug[u];)
			end++;
		if (ram[u] && model_nid[u] < 0)
			adopt(u, end);
		else
			end = u + 1;
	}
	return true;
}

static bool expect_like_model(void)
{
	for (int u = 0; u < UNITS; u++) {
		phys_addr_t pa = unit_pa(u);
		const struct memblock_region *r = memblock_search(&memblock.memory, pa);

		expect_eq(r != NULL, ram[u]);
		if (r && (r->nid != model_nid[u] ||
			  (r->flags == MEMBLOCK_HOTPLUG) != model_hotplug[u])) {
			expect_fail("unit %d: node %d flags %#x, model says %d %d", u, r->nid,
				    r->flags, model_nid[u], model_hotplug[u]);
			return false;
		}
	}
	return true;
}

static void print_machine(void)
{
	for (int i = 0; i < nr_blocks; i++)
		expect_fail("block %d: node %d [%d,%d)%s", i, blocks[i].nid, blocks[i].first,
			    blocks[i].end, blocks[i].hotplug ? " hotplug" : "");
}

KTAP_TEST(test_numa_blocks_do_what_a_model_of_units_says)
{
	unsigned int believed = 0;

	for (unsigned int i = 0; i < 20000; i++) {
		seed = i * 2654435761u;
		make_machine();

		bool want = model(), have = numa_memblks_init(find_blocks, true) == 0;
		bool same = want == have;

		expect_eq(have, want);
		believed += want;
		if (!have) {
			expect_eq(numa_memblks_init(one_node, true), 0);
			for (int u = 0; u < UNITS; u++) {
				model_nid[u] = ram[u] ? 0 : -1;
				model_hotplug[u] = false;
			}
		}
		expect_eq(memblock_type_broken(&memblock.memory) == NULL, true);
		expect_eq(memblock_type_broken(&memblock.reserved) == NULL, true);
		if (!expect_like_model() || !same) {
			expect_fail("machine %u:", i);
			print_machine();
			return;
		}
		host_console_reset();
	}
	expect_true(believed > 4000 && believed < 16000);
}

/* ---- numa=fake= ----------------------------------------------------------------------- */

static int two_nodes(void)
{
	numa_set_parsed(0);
	numa_set_parsed(1);
	numa_add_memblk(0, 0, 3 M << 10);
	numa_add_memblk(1, 4 M << 10, 7 M << 10);
	return 0;
}

static void machine_6g(int (*find)(void), const char *fake)
{
	char text[64];

	mm_machine_reset();
	mm_machine_memory(&mm_machine_6g);
	max_low_pfn = max_pfn = PFN_DOWN(memblock_end_of_DRAM());
	strcpy(text, fake);
	numa_emulation_request(text);
	expect_eq(numa_memblks_init(find, true), 0);
}

static int count_possible(void)
{
	int nid, n = 0;

	for_each_node_in(nid, &numa_nodes.possible)
		n++;
	return n;
}

static const struct {
	const char	*name;		/* the parameter's text */
	int		nodes;		/* on one physical node */
	int		nodes_of_two;	/* on two */
	const char	*line;
} fakes[] = {
	{ "0", 1, 2, NULL },
	{ "", 1, 2, NULL },
	{ "garbage", 1, 2, NULL },
	{ "UUU", 1, 2, NULL },
	{ "M", 1, 2, NULL },
	{ "-5", 1, 2, NULL },
	{ "1", 1, 2, "Faking node 0 at" },	/* the other one stays, without memory */
	{ "2", 2, 2, "Faking node 1 at" },
	{ "7", 6, 6, "(1920MB)" },		/* across the hole; the last takes the rest */
	{ "64", 64, 64, "Faking node 63 at" },
	{ "1000", 1, 2, "Not enough memory for each node.  NUMA emulation disabled." },
	{ "1025", 1, 2, "numa=fake=1025 too large, reducing to 1024" },
	{ "18446744073709551615", 1, 2, NULL },		/* is -1 */
	{ "4294967298", 2, 2, "Faking node 1 at" },	/* is 2 */
	{ "99999999999", 1, 2, "too large, reducing to 1024" },
	{ "2G", 2, 2, "(2080MB)" },		/* 97 pages of hole cost 32 MiB */
	{ "16M", 190, 190, "Fake node size 16MB too small, increasing to 32MB" },
	{ "1000M", 6, 6, "(992MB)" },
	{ "7G", 1, 2, "Faking node 0 at" },
	{ "16000000G", 1, 2, "Faking node 0 at" },
	{ "2U", 2, 4, "Faking node 1 at" },
	{ "5U", 5, 10, "Faking node 4 at" },
	{ "1000U", 1, 2, "numa_emulation: phys: 0 only got" },
	{ "4294967298U", 1, 2, "phys: 0 only got 2 of 4294967298 nodes, failing" },
	{ "18446744073709551615U", 1, 2, " of -1 nodes, failing" },
	{ "4294967296U", 1, 2, NULL },
	{ "4:10,20,30,20,10,40,30,40,10", 4, 4, "NUMA: Initialized distance table, cnt=4" },
	{ "3:10", 3, 2, "NUMA: Initialized distance table, cnt=3" },
};

/* Every page keeps having exactly one node, whatever is asked for. */
static void expect_covered(int nodes)
{
	const struct memblock_region *r;
	phys_addr_t bytes = 0;

	for_each_mem_region(r) {
		expect_true(node_isset(&numa_nodes.possible, r->nid));
		bytes += r->size;
	}
	expect_eq(bytes, 0x9e000 + 0xbfee0000ULL + 0xc0000000ULL);
	expect_eq(count_possible(), nodes);
}

KTAP_TABLE_TEST(test_numa_fake, fakes, c)
{
	ignore_loglevel = true;
	machine_6g(one_node, c->name);
	if (c->line)
		expect_log(c->line);
	else
		expect_no_log("Fak");
	if (!c->line)
		expect_no_log("numa=fake=");
	expect_covered(c->nodes);
	machine_6g(two_nodes, c->name);
	expect_covered(c->nodes_of_two);
}

KTAP_TEST(test_numa_fake_distances_are_given_or_physical)
{
	machine_6g(two_nodes, "4:10,50,60,70,");
	expect_eq(node_distance(0, 1), 50);
	expect_eq(node_distance(0, 3), 70);
	expect_eq(node_distance(1, 0), REMOTE_DISTANCE);	/* 0, 2 on node 0, 1, 3 on node 1 */
	expect_eq(node_distance(1, 3), LOCAL_DISTANCE);
}

/* What Linux 6.12 had in sysfs on 1 GiB, one node: only a comma makes a number count. */
static const struct {
	const char	*name;
	uint8_t		distance[4];
} fake_distances[] = {
	{ "2:20", { 10, 10, 10, 10 } },
	{ "2:20,", { 10, 10, 10, 10 } },
	{ "2:10,15,25,10", { 10, 15, 25, 10 } },
	{ "2:10,15,25", { 10, 15, 10, 10 } },
	{ "2:10,015,0x1e,10,", { 10, 13, 30, 10 } },
	{ "2:10-15,20,30,10,", { 10, 20, 20, 10 } },
	{ "2:10,15-20,30,10,", { 10, 10, 20, 10 } },
	{ "2:10,-15,30,10,", { 10, 20, 30, 10 } },
	{ "2:10,,30,10,", { 10, 10, 10, 10 } },
	{ "2:10,15x,30,10,", { 10, 10, 10, 10 } },
};

KTAP_TABLE_TEST(test_numa_fake_distances_are_linuxs, fake_distances, c)
{
	machine_6g(one_node, c->name);
	for (int i = 0; i < 4; i++)
		expect_eq(node_distance(i / 2, i % 2), c->distance[i]);
}

/* Five nodes, two with memory, the higher one named first; as Linux 6.12 was given them. */
static int two_of_five(void)
{
	static const uint8_t slit[5][5] = {
		{ 10, 20, 30, 40, 50 }, { 20, 10, 20, 30, 40 }, { 30, 20, 10, 25, 26 },
		{ 99, 60, 70, 10, 12 }, { 50, 61, 71, 12, 10 },
	};

	for (int i = 0; i < 5; i++)
		numa_set_parsed(i);
	numa_add_memblk(4, 512 << 20, 1024 << 20);
	numa_add_memblk(0, 0, 512 << 20);
	for (int i = 0; i < 25; i++)
		numa_set_distance(i / 5, i % 5, slit[i / 5][i % 5]);
	return 0;
}

static void machine_1g(int (*find)(void), const char *fake)
{
	char text[64];

	mm_machine_reset();
	mm_machine_memory(&mm_machine_1g);
	max_low_pfn = max_pfn = PFN_DOWN(memblock_end_of_DRAM());
	strcpy(text, fake);
	numa_emulation_request(text);
	expect_eq(numa_memblks_init(find, true), 0);
}

/* numa=off beside it: Linux tells what it makes, and uses none of it. */
KTAP_TEST(test_numa_fake_nodes_that_are_not_wanted)
{
	char text[] = "4";

	mm_machine_reset();
	mm_machine_memory(&mm_machine_1g);
	max_low_pfn = max_pfn = PFN_DOWN(memblock_end_of_DRAM());
	numa_emulation_request(text);
	numa_emulation_forbid(true);
	expect_eq(numa_memblks_init(one_node, true), 0);
	expect_log("Faking node 3 at");
	expect_eq(host_console_count("Initialized distance table"), 0);
	expect_eq(count_possible(), 1);
	expect_eq(memblock.memory.cnt, 2);
	machine_1g(one_node, "4");	/* of this machine only */
	expect_eq(count_possible(), 4);
}

/* fake=NU cuts the node of the first block that is left, as often as there are nodes. */
KTAP_TEST(test_numa_fake_parts_of_nodes_in_order_of_blocks)
{
	machine_1g(two_of_five, "2U");
	expect_log("Faking node 0 at [mem 0x0000000020000000-0x000000002fffffff] (256MB)");
	expect_log("Faking node 2 at [mem 0x0000000000001000-0x0000000010000fff] (256MB)");
	expect_eq(host_console_count("Fake node size 0MB too small, increasing to 32MB"), 3);
	expect_eq(count_possible(), 7);
	machine_1g(two_of_five, "9U");
	expect_log("numa_emulation: phys: 0 only got 8 of 9 nodes, failing");
}

/* Nodes without memory come behind: number I has the row of physical node I - 3, see Linux. */
KTAP_TEST(test_numa_fake_distances_of_nodes_without_memory)
{
	static const uint8_t want[3][4] = {
		{ 40, 40, 20, 20 }, { 26, 26, 30, 30 }, { 12, 12, 99, 99 },
	};

	machine_1g(two_of_five, "2U");
	for (int i = 0; i < 12; i++)
		expect_eq(node_distance(4 + i / 4, i % 4), want[i / 4][i % 4]);
	/* A list is for those with memory: two rows of two. */
	machine_1g(two_of_five, "2:10,20,30,10,99,");
	expect_eq(node_distance(0, 1), 20);
	expect_eq(node_distance(1, 0), 30);
	expect_eq(node_distance(1, 1), 10);
	expect_eq(count_possible(), 5);
	expect_eq(node_distance(2, 0), 20);	/* physical: 1 to 0 */
	expect_eq(node_distance(2, 1), 40);	/* 1 to 4 */
}

/* Less than 32 MiB below 4 GiB is not left to the next node. */
KTAP_TEST(test_numa_fake_node_reaches_the_border_of_dma32)
{
	mm_machine_reset();
	memblock_add(0x1000, (4096 M) - 0x1000);
	memblock_add(4096 M, 5120 M);
	max_low_pfn = max_pfn = PFN_DOWN(memblock_end_of_DRAM());

	char text[] = "4064M";

	numa_emulation_request(text);
	expect_eq(numa_memblks_init(one_node, true), 0);
	expect_log("Faking node 0 at [mem 0x0000000000001000-0x00000000ffffffff] (4095MB)");
	expect_log("Faking node 1 at [mem 0x0000000100000000-0x000000023fffffff] (5120MB)");
}

/* ---- ZONE_MOVABLE --------------------------------------------------------------------- */

static const struct mm_machine two_halves = {
	.name = "two halves",
	.ram = { { 0x1000, 0x9e000, 0 }, { 0x100000, 0x1ff00000, 0 },
		 { 0x20000000, 0x1ffe0000, 1 } },
	.reserved = { { 0, 0x100000, 0 } },
};

static const struct {
	const char	*name;		/* command line */
	unsigned long	movable[2];	/* addresses; 0: nowhere */
} movables[] = {
	{ "", { 0, 0 } },
	{ "kernelcore=300M", { 0x9800000, 0x29800000 } },
	{ "kernelcore=512M", { 0x10400000, 0x30000000 } },
	{ "kernelcore=8M", { 0x1000000, 0x20000000 } },	/* DMA memory is enough */
	{ "kernelcore=1023M", { 0, 0 } },
	{ "kernelcore=2G", { 0, 0 } },
	{ "kernelcore=0", { 0, 0 } },
	{ "kernelcore=100%", { 0, 0 } },
	{ "kernelcore=250%", { 0, 0 } },
	{ "kernelcore=50%", { 0x10400000, 0x30000000 } },
	{ "movablecore=512M", { 0x10400000, 0x30000000 } },
	{ "movablecore=50%", { 0x10400000, 0x30000000 } },
	{ "movablecore=2G", { 0, 0 } },
	{ "movablecore=1", { 0, 0 } },
	{ "kernelcore=300M movablecore=128M", { 0x1c400000, 0x3c000000 } },
	{ "kernelcore=512M kernelcore=300M", { 0x9800000, 0x29800000 } },
	{ "kernelcore=300M kernelcore=0%", { 0x9800000, 0x29800000 } },
	{ "kernelcore=300M kernelcore=50%", { 0x10400000, 0x30000000 } },
	{ "kernelcore=50% kernelcore=0", { 0, 0 } },
	{ "kernelcore=300M%", { 0x9800000, 0x29800000 } },	/* only a bare number is percent */
	{ "movablecore=512M movablecore=0%", { 0x10400000, 0x30000000 } },
	{ "kernelcore", { 0, 0 } },
	{ "kernelcore=x", { 0, 0 } },
};

/* There, and no page of the node below it is in that zone; 0: nowhere. */
static void expect_movable_begins(const struct pglist_data *node, unsigned long pfn)
{
	expect_eq(node->movable_pfn, pfn);
	if (!pfn)
		return;
	expect_ptr_eq(zone_of_pfn(pfn), &node->node_zones[ZONE_MOVABLE]);
	if (pfn > node->node_start_pfn)
		expect_true(zone_of_pfn(pfn - 1) != &node->node_zones[ZONE_MOVABLE]);
}

KTAP_TABLE_TEST(test_movable_zone_begins, movables, c)
{
	mm_machine_reset();
	mm_machine_memory(&two_halves);
	params_reset();
	parse_early_param(c->name);
	mm_machine_hand_over();
	for (int nid = 0; nid < 2; nid++)
		expect_movable_begins(node_data[nid], PFN_DOWN(c->movable[nid]));
	expect_mm_sound();
}

/* A node of less than a page has no zone, and where its HOTPLUG begins concerns nobody. */
KTAP_TEST(test_movable_zone_of_a_node_of_less_than_a_page)
{
	mm_machine_reset();
	mm_machine_memory(&mm_machine_1g);
	memblock_set_node(0x20000100, 0x100, &memblock.memory, 1);
	memblock_mark_hotplug(0x20000100, 0x100);
	movable_node_enabled = true;
	mm_machine_hand_over();
	movable_node_enabled = false;
	expect_mm_sound();
	expect_eq(node_data[0]->movable_pfn, 0);
}

KTAP_TEST(test_movable_zone_keeps_out_mirrored_memory)
{
	mm_machine_reset();
	mm_machine_memory(&mm_machine_6g);
	params_reset();
	parse_early_param("kernelcore=mirror");
	memblock_mark_mirror(0, SZ_4G + 256 M);
	memblock_mark_mirror(SZ_4G + 1024 M, 256 M);
	mm_machine_hand_over();
	expect_no_log("unmirrored");
	expect_log("  Node 0: 0x0000000110000000");
	expect_eq(zone_of_pfn(PFN_DOWN(SZ_4G + 128 M))->index, ZONE_NORMAL);
	expect_eq(zone_of_pfn(PFN_DOWN(SZ_4G + 512 M))->index, ZONE_MOVABLE);
	expect_eq(zone_of_pfn(PFN_DOWN(SZ_4G + 1100 M))->index, ZONE_NORMAL);
	expect_eq(zone_of_pfn(PFN_DOWN(SZ_4G + 1300 M))->index, ZONE_MOVABLE);
	expect_mm_sound();
}

KTAP_TEST(test_movable_zone_tells_of_unmirrored_kernel_memory)
{
	mm_machine_reset();
	mm_machine_memory(&mm_machine_6g);
	params_reset();
	parse_early_param("kernelcore=mirror");
	memblock_mark_mirror(1024 M, SZ_4G);
	mm_machine_hand_over();
	expect_log("This configuration results in unmirrored kernel memory.");
	expect_log("  Node 0: 0x0000000140000000");
	expect_mm_sound();
}
