// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nodes against Linux itself, and against tables that lie.
 *
 * Each log of tests/linux-logs below is one machine, SRAT and command line.  What
 * memblock held when Linux began to look for nodes is rebuilt from the log; then
 * initmem_init(), the zones and the zonelists are run.  Every line Linux printed about
 * them has to be printed here, character by character and in this order, and no other.
 * Only where node data lies may differ: ours is smaller.
 */
#include "ktap.h"
#include "machine_128m.h"

#include "arch/x86_64/numa.h"
#include "host_console.h"
#include "kernel/lib/align.h"
#include "kernel/lib/params.h"
#include "kernel/lib/printk.h"
#include "mm/ledger.h"
#include "mm/memblock/memblock_internal.h"
#include "mm/mm_init.h"
#include "mm/numa_memblks.h"
#include "mm_machine.h"
#include "tests/host/include/arch_reset.h"
#include "tests/host/include/lib_reset.h"

#define MAX_LINES	512
#define LINE		256

static const struct {
	const char	*name;
	const char	*srat;		/* in tests/linux-logs/srat; NULL: no SRAT */
	const char	*slit;
	uint8_t		revision;
	const char	*cedt;
} logs[] = {
	{ "612-m1g-fake16M-toosmall", NULL, NULL, 0, NULL },
	{ "612-m1g-fake4", NULL, NULL, 0, NULL },
	{ "612-m1g-fake64-toomany", NULL, NULL, 0, NULL },
	{ "612-m1g-kernelcore-mirror", NULL, NULL, 0, NULL },
	{ "612-m1g-kernelcore512m", NULL, NULL, 0, NULL },
	{ "612-m1g-movablecore50pct", NULL, NULL, 0, NULL },
	{ "612-m1g-slots-maxmem4g", "slots.srat", NULL, 1, NULL },
	{ "612-numa2-m1g", "numa2.srat", NULL, 1, NULL },
	{ "612-numa2-m1g-dist", "numa2.srat", "dist.slit", 1, NULL },
	{ "612-numa2-m1g-fake2U", "numa2.srat", NULL, 1, NULL },
	{ "612-numa2-m1g-noacpi", "numa2.srat", NULL, 1, NULL },
	{ "612-numa2-m1g-off", "numa2.srat", NULL, 1, NULL },
	{ "612-srat-above-m1g", "above.srat", NULL, 3, NULL },
	{ "612-srat-bigpxm-m1g", "bigpxm.srat", NULL, 3, NULL },
	{ "612-srat-cedt-above-m1g", "cedt-above.srat", NULL, 3, "cedt-above.cedt" },
	{ "612-srat-cedt-gap-m1g", "cedt-gap.srat", NULL, 3, "cedt-gap.cedt" },
	{ "612-srat-cedt-gap-between-m1g", "cedt-gap-between.srat", NULL, 3, "cedt-gap-between.cedt" },
	{ "612-srat-cedt-pxm-almost-m1g", "cedt-pxm-almost.srat", NULL, 3, "cedt-pxm-almost.cedt" },
	{ "612-srat-cedt-three-m1g", "cedt-three.srat", NULL, 3, "cedt-three.cedt" },
	{ "612-srat-cedt-zero-m1g", "cedt-zero.srat", NULL, 3, "cedt-zero.cedt" },
	{ "612-srat-cpuonly-m1g", "cpuonly.srat", NULL, 3, NULL },
	{ "612-srat-disabled-m1g", "disabled.srat", NULL, 3, NULL },
	{ "612-srat-fake-second-finder-m512m", "fake-second-finder-m512m.srat", NULL, 1, NULL },
	{ "612-srat-fake2U-distances-m6g", "fake2U-distances-m6g.srat", NULL, 1, NULL },
	{ "612-srat-fake3MU-m3g", "fake3MU-m3g.srat", NULL, 1, NULL },
	{ "612-srat-hotplug-m1g", "hotplug.srat", NULL, 3, NULL },
	{ "612-srat-hotplug-movable_node-noinitrd-m1g", "hotplug.srat", NULL, 3, NULL },
	{ "612-srat-hotplugall-movable_node-m1g", "hotplug-all.srat", NULL, 3, NULL },
	{ "612-srat-memless-m1g", "memless.srat", NULL, 3, NULL },
	{ "612-srat-nonvol-m1g", "nonvol.srat", NULL, 3, NULL },
	{ "612-srat-overlap-m1g", "overlap.srat", NULL, 3, NULL },
	{ "612-srat-selfoverlap-m1g", "selfoverlap.srat", NULL, 3, NULL },
	{ "612-srat-two-m1g", "two.srat", NULL, 3, NULL },
	{ "612-srat-two-slit-bad-m1g", "two.srat", "bad.slit", 3, NULL },
	{ "612-srat-two-slit-good-m1g", "two.srat", "good.slit", 3, NULL },
};

/* ---- lines that count --------------------------------------------------------------- */

/* Beginnings; those after NULL count only until the zones are there. */
static const char *const compared[] = {
	"ACPI: SRAT: ", "ACPI: SLIT table", "ACPI: ACPI NUMA: ", "SRAT: ", "NUMA", "No NUMA", "Faking ", "Fake ",
	"Not enough memory", "numa_emulation", "Warning: ", "node ", "NODE_DATA(", "    NODE_DATA",
	"The system ", "Zone ranges", "  DMA", "  Normal", "  Device", "Movable zone", "  Node ",
	"Early memory", "  node ", "Initmem setup", "On node ", "Fallback order", "Built ",
	"Policy zone", "MEMBLOCK", " memory",
};

static char want[MAX_LINES][LINE], got[MAX_LINES][LINE];
static char cmdline[2048];

struct node_data_place {
	unsigned long long	start, end;
} places[64];
static unsigned int nr_places;

/* A reserved region in a dump, without its number; not if node data begins it. */
static bool keep_reserved(char *to, const char *line)
{
	unsigned long long start;

	if (sscanf(line, " reserved[%*x] [%llx", &start) != 1)
		return false;
	for (unsigned int i = 0; i < nr_places; i++)
		if (places[i].start == start)
			return false;
	snprintf(to, LINE, "%s", strchr(line, '\t'));
	return true;
}

static bool keep(char *to, const char *line)
{
	unsigned long long start, end;

	if (sscanf(line, "NODE_DATA(%*d) allocated [mem %llx-%llx]", &start, &end) == 2 &&
	    nr_places < ARRAY_SIZE(places))
		places[nr_places++] = (struct node_data_place){ start, end };
	if (strncmp(line, " reserved[", 10) == 0)
		return keep_reserved(to, line);
	if (strncmp(line, "memblock_alloc", 14) == 0 && strstr(line, "align=0x1000 nid=-1")) {
		snprintf(to, LINE, "%.*s", (int)(strstr(line, "max_addr") - line), line);
		return true;
	}
	for (size_t i = 0; i < ARRAY_SIZE(compared); i++)
		if (strncmp(line, compared[i], strlen(compared[i])) == 0) {
			snprintf(to, LINE, "%s", line);
			to[strcspn(to, strncmp(line, "NODE_DATA", 9) == 0 ? "[" : "")] = '\0';
			if (strstr(to, "reserved size"))
				*strstr(to, "reserved size") = '\0';
			return true;
		}
	return false;
}

/* ---- what memblock held ------------------------------------------------------------- */

static bool nodes_begin(const char *line)
{
	return strncmp(line, "ACPI: SRAT: ", 12) == 0 || strncmp(line, "ACPI: SLIT t", 12) == 0 ||
	       strncmp(line, "No NUMA", 7) == 0 || strncmp(line, "NUMA ", 5) == 0;
}

static void rebuild(const char *line)
{
	unsigned long long first, last;

	if (sscanf(line, "memblock_add: [%llx-%llx]", &first, &last) == 2)
		memblock_add(first, last - first + 1);
	if (strncmp(line, "MEMBLOCK configuration", 22) == 0)
		memblock_trim_memory(PAGE_SIZE);
	if (sscanf(line, " reserved[%*x] [%llx-%llx]", &first, &last) == 2 ||
	    sscanf(line, "memblock_reserve: [%llx-%llx]", &first, &last) == 2)
		memblock_reserve(first, last - first + 1);
	if (sscanf(line, "memblock_phys_free: [%llx-%llx]", &first, &last) == 2)
		memblock_phys_free(first, last - first + 1);
}

static int read_log(const char *name)
{
	char path[256], line[4096];
	bool begun = false;
	int n = 0;
	FILE *f;

	snprintf(path, sizeof(path), "tests/linux-logs/%s.log", name);
	f = fopen(path, "r");
	nr_places = 0;
	while (f && fgets(line, sizeof(line), f)) {
		char *text = line[0] == '[' ? strstr(line, "] ") + 2 : line;

		text[strcspn(text, "\r\n")] = '\0';
		if (strncmp(text, "Command line: ", 14) == 0)
			snprintf(cmdline, sizeof(cmdline), "%s", text + 14);
		begun |= nodes_begin(text);
		if (!begun)
			rebuild(text);
		else if (n < MAX_LINES && keep(want[n], text))
			n++;
	}
	if (f)
		fclose(f);
	return n;
}

static void read_table(const char *signature, const char *name, uint8_t revision)
{
	char path[256];
	uint8_t body[4096];
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "tests/linux-logs/srat/%s", name);
	f = fopen(path, "rb");
	require_true(f != NULL);
	n = fread(body, 1, sizeof(body), f);
	fclose(f);
	fake_table_add(signature, revision, body, n);
}

/* ---- running ------------------------------------------------------------------------ */

static void reset(void)
{
	mm_machine_reset();
	numa_reset();
	fake_tables_clear();
	movable_node_enabled = false;
	memblock_allow_resize();
}

static void boot_nodes(const char *options)
{
	params_reset();
	parse_early_param(options);
	ignore_loglevel = true;
	max_low_pfn = max_pfn = PFN_DOWN(memblock_end_of_DRAM());
	if (movable_node_is_enabled())
		memblock_set_bottom_up(true);
	initmem_init();
}

static void boot_zones(void)
{
	zone_sizes_init();
	build_all_zonelists();
}

static int read_capture(void)
{
	char line[LINE];
	int n = 0;

	nr_places = 0;
	for (const char *p = host_console_text(); *p && n < MAX_LINES; p += strcspn(p, "\n") + 1) {
		snprintf(line, sizeof(line), "%.*s", (int)strcspn(p, "\n"), p);
		if (keep(got[n], line))
			n++;
	}
	return n;
}

KTAP_TABLE_TEST(test_srat_prints_what_linux_prints, logs, c)
{
	int wanted, have;

	reset();
	wanted = read_log(c->name);
	require_true(wanted > 0);
	fake_madt(2);
	if (c->srat)
		read_table("SRAT", c->srat, c->revision);
	if (c->slit)
		read_table("SLIT", c->slit, 1);
	if (c->cedt)
		read_table("CEDT", c->cedt, 1);
	boot_nodes(cmdline);
	boot_zones();
	have = read_capture();
	for (int i = 0; i < wanted || i < have; i++)
		if (i >= wanted || i >= have || strcmp(want[i], got[i]) != 0) {
			expect_fail("line %d:\n#   Linux: %s\n#   here:  %s", i,
				    i < wanted ? want[i] : "(none)", i < have ? got[i] : "(none)");
			break;
		}
}

/* ---- tables that lie ---------------------------------------------------------------- */

static struct table_body body;

/* 128 MiB, the kernel at 16 MiB; SRAT is what was put into `body`. */
static void machine_128m(void)
{
	reset();
	machine_128m_memory();
	srat_begin(&body);
}

static void boot_srat(uint8_t revision)
{
	srat_done(&body, revision);
	boot_nodes("");
}

static void expect_fallback(void)
{
	expect_log("No NUMA configuration found");
	expect_nodes(1);
	expect_eq(node_distance(0, 1), REMOTE_DISTANCE);
}

KTAP_TEST(test_srat_every_cut_of_a_table_is_survived)
{
	machine_128m();
	srat_cpu(&body, 0, 0, 1);
	srat_x2apic(&body, 1, 1, 1);
	two_nodes(&body);
	for (size_t cut = 0, whole = body.n; cut <= whole; cut++) {
		reset();
		memblock_add(0x1000, 0x9e000);
		memblock_add(1 M, 127 M);
		body.n = cut;
		boot_srat(3);
		expect_nodes(cut == whole ? 2 : 1);
	}
}

KTAP_TEST(test_srat_short_memory_entry_costs_the_table)
{
	machine_128m();
	two_nodes(&body);
	body.bytes[13] = 39;		/* the first memory entry's length, one too short */
	body.bytes[12 + 39] = 0x77;	/* an unknown entry of 1 byte, then the second one */
	expect_eq(body.bytes[12 + 40], 1);
	boot_srat(3);
	expect_log("ACPI: SRAT: Unexpected header length: 39");
	expect_log("ACPI: SRAT: SRAT not used.");
	expect_no_log("ACPI: SRAT: Node");
	expect_fallback();
}

KTAP_TEST(test_srat_cpu_entry_must_have_16_bytes)
{
	machine_128m();
	put(&body, 2, 0x1100);
	put(&body, 15, 0);
	two_nodes(&body);
	boot_srat(3);
	expect_log("ACPI: SRAT: SRAT not used.");
	expect_fallback();
}

KTAP_TEST(test_srat_cpus_number_the_nodes)
{
	machine_128m();
	srat_memory(&body, 5, 0, 64 M, 1);
	srat_memory(&body, 0x12345 & 1023, 64 M, 64 M, 1);
	srat_cpu(&body, 7, 0, 0);		/* disabled: takes no number */
	srat_x2apic(&body, 0x12345 & 1023, 300, 1);
	boot_srat(2);
	expect_log("ACPI: SRAT: Node 1 PXM 5 [mem 0x00000000-0x03ffffff]");
	expect_log("ACPI: SRAT: Node 0 PXM 837 [mem 0x04000000-0x07ffffff]");
	expect_nodes(2);
}

KTAP_TEST(test_srat_revision_1_has_8_bits_of_a_domain)
{
	machine_128m();
	srat_cpu(&body, 300, 0, 1);
	srat_memory(&body, 300, 0, 64 M, 1);
	srat_memory(&body, 44, 64 M, 64 M, 1);
	boot_srat(1);
	expect_log("ACPI: SRAT: Node 0 PXM 44 [mem 0x00000000-0x03ffffff]");
	expect_log("ACPI: SRAT: Node 0 PXM 44 [mem 0x04000000-0x07ffffff]");
	expect_nodes(1);
}

KTAP_TEST(test_srat_domain_beyond_the_limit)
{
	machine_128m();
	srat_memory(&body, 0, 0, 64 M, 1);
	srat_memory(&body, 1024, 64 M, 64 M, 1);
	boot_srat(3);
	expect_log("ACPI: SRAT: Too many proximity domains.");
	expect_fallback();
}

KTAP_TEST(test_srat_generic_initiator_is_a_node)
{
	machine_128m();
	put(&body, 2, 0x2005);
	put(&body, 2, 0);
	put(&body, 4, 9);
	put(&body, 8, 0);
	put(&body, 8, 0);
	put(&body, 4, 1);
	put(&body, 4, 0);
	two_nodes(&body);
	boot_srat(3);
	expect_log("ACPI: SRAT: Node 1 PXM 0 [mem 0x00000000-0x03ffffff]");
	boot_zones();
	expect_log("Initmem setup node 0 as memoryless");
	expect_log("Built 3 zonelists");
}

KTAP_TEST(test_srat_empty_and_wrapping_ranges)
{
	machine_128m();
	srat_memory(&body, 0, 0, 0, 1);
	srat_memory(&body, 1, ~0xfffULL, 0x2000, 1);
	srat_memory(&body, 2, 0, 128 M, 1);
	boot_srat(3);
	expect_log("ACPI: SRAT: Node 0 PXM 0 [mem 0x00000000-0xffffffffffffffff]");
	expect_log("Warning: invalid memblk node 1 [mem 0xfffffffffffff000-0x00000fff]");
	expect_log("ACPI: SRAT: Node 1 PXM 1 [mem 0xfffffffffffff000-0x00000fff]");
	expect_nodes(1);
	boot_zones();
	expect_log("Initmem setup node 0 as memoryless");
	expect_log("Initmem setup node 1 as memoryless");
}

/* 1600 blocks of 82 KiB, of @nodes nodes in turn. */
static void boot_many_nodes(unsigned int nodes)
{
	static struct table_body big;

	machine_128m();
	srat_begin(&big);
	for (unsigned int i = 0; i < 1600; i++)
		srat_memory(&big, i % nodes, i * 0x14800ULL, 0x14800, 1);
	fake_table_add("SRAT", 3, big.bytes, big.n);
	boot_nodes("");
	expect_eq(host_console_count("ACPI: SRAT: Node"), 1600);
}

KTAP_TEST(test_srat_300_interleaved_nodes)
{
	boot_many_nodes(300);
	expect_nodes(300);
}

KTAP_TEST(test_srat_more_zones_than_can_be_numbered)
{
	boot_many_nodes(700);
	expect_log("NUMA: nodes have 896 zones, 512 can be numbered; nodes are not used");
	expect_fallback();
}

KTAP_TEST(test_srat_10000_entries_cost_the_table)
{
	static uint8_t bytes[12 + 40 * 10000];
	struct table_body one;

	machine_128m();
	for (unsigned int i = 0; i < 10000; i++) {
		one.n = 0;
		srat_memory(&one, i & 1, i * 0x3000ULL, 0x3000, 3);
		memcpy(bytes + 12 + 40 * i, one.bytes, 40);
	}
	fake_table_add("SRAT", 3, bytes, sizeof(bytes));
	boot_nodes("");
	expect_log("too many memblk ranges");
	expect_log("ACPI: SRAT: Failed to add memblk to node 0 [mem 0x01800000-0x01802fff]");
	expect_eq(host_console_count("ACPI: SRAT: SRAT not used."), 1);
	expect_fallback();
}

KTAP_TEST(test_srat_failure_leaves_no_trace)
{
	machine_128m();
	srat_memory(&body, 3, 0, 80 M, 3);
	srat_memory(&body, 4, 64 M, 64 M, 3);
	put(&body, 0, 0);
	boot_srat(3);
	expect_log("node 0 [mem 0x00001000-0x04ffffff] overlaps with "
		   "node 1 [mem 0x04000000-0x07ffffff]");
	expect_fallback();
	expect_false(node_isset(&numa_nodes.possible, 1));
}

/* ---- RAM in no node ----------------------------------------------------------------- */

KTAP_TEST(test_srat_a_megabyte_in_no_node_goes_to_the_nearest)
{
	machine_128m();
	srat_memory(&body, 0, 0, 64 M, 1);
	srat_memory(&body, 1, 65 M, 63 M, 1);
	boot_srat(3);
	expect_log("NUMA: [mem 0x04000000-0x040fffff] is in no node; node 0 takes it");
	expect_nodes(2);
	boot_zones();
	expect_log("  node   0: [mem 0x0000000000100000-0x00000000040fffff]");
}

KTAP_TEST(test_srat_more_than_a_megabyte_in_no_node_is_linux_line)
{
	machine_128m();
	srat_memory(&body, 0, 0, 64 M, 1);
	srat_memory(&body, 1, 65 M + 0x1000, 63 M - 0x1000, 1);
	boot_srat(3);
	expect_log("NUMA: no nodes coverage for 1MB of 127MB RAM");
	expect_fallback();
}

KTAP_TEST(test_srat_many_crumbs_in_no_node_are_summed_up)
{
	machine_128m();
	for (unsigned int i = 0; i < 128; i++)
		srat_memory(&body, i & 1, i * 1 M, 1 M - 0x1000, 1);
	boot_srat(3);
	expect_eq(host_console_count("is in no node"), 8);
	expect_log("NUMA: 487424 bytes more in 119 places are in no node; "
		   "the nearest take them");
	expect_nodes(2);
}

/* ---- borders inside of a node --------------------------------------------------------- */

/* Where HOTPLUG begins and ends in node 1: [64 MiB, 128 MiB), with nothing of the kernel's. */
static const struct {
	const char	*name;
	phys_addr_t	from, to;
	const char	*options;
} hotplug_borders[] = {
	{ "begins one byte late", 96 M + 1, 128 M, "" },
	{ "begins in a page", 96 M + 0x5ad, 128 M, "" },
	{ "the last byte of a page is hotplug", 96 M - 1, 128 M, "" },
	{ "ends in a page", 64 M, 96 M + 0x5ad, "" },
	{ "a part of one page", 96 M + 0x10, 96 M + 0x20, "" },
	{ "the first bytes of a page", 96 M, 96 M + 0x20, "" },
	{ "the last bytes of a page", 97 M - 0x20, 97 M, "" },
	{ "of two neighbours a part", 96 M - 0x20, 96 M + 0x20, "" },
	{ "near the beginning of RAM", 64 M + 0x55ad, 128 M, "" },
	{ "begins with a page", 96 M, 128 M, "" },
	{ "ends with a page", 64 M, 96 M, "" },
	{ "some pages", 96 M, 96 M + 0x5000, "" },
	{ "one page", 97 M - 0x1000, 97 M, "" },
	{ "movable_node", 96 M + 0x5ad, 128 M, "movable_node" },
	{ "movable_node, begins with a page", 96 M, 128 M, "movable_node" },
	{ "movable_node, near the beginning", 64 M + 0x55ad, 128 M, "movable_node" },
};

/* memblock_free_all() clears HOTPLUG: the page is one of RAM like others then. */
KTAP_TABLE_TEST(test_srat_hotplug_that_begins_in_a_page_loses_none, hotplug_borders, c)
{
	machine_128m();
	srat_memory(&body, 0, 0, 64 M, 1);
	srat_memory(&body, 1, 64 M, c->from - 64 M, 1);
	srat_memory(&body, 1, c->from, c->to - c->from, 3);
	srat_memory(&body, 1, c->to, 128 M - c->to, 1);
	srat_done(&body, 3);
	ledger_set_ram(127 M + 0x9e000);
	boot_nodes(c->options);
	mm_machine_hand_over();
	expect_mm_sound();
	expect_eq(NODE_DATA(1)->node_spanned_pages, 64 M / PAGE_SIZE);
	for (unsigned long pfn = 64 M / PAGE_SIZE; pfn < 128 M / PAGE_SIZE; pfn++)
		if (!zone_of_pfn(pfn))
			expect_fail("pfn %#lx is in no zone", pfn);
}

/* ---- SLIT --------------------------------------------------------------------------- */

static const struct {
	const char	*name;
	uint64_t	n;		/* what it says */
	unsigned int	bytes;		/* what it has */
	uint8_t		d[9];
	bool		valid;
	int		there, back;
} slits[] = {
	{ "symmetric", 2, 4, { 10, 21, 21, 10 }, true, 21, 21 },
	{ "asymmetric", 2, 4, { 10, 21, 31, 10 }, true, 21, 31 },
	{ "unreachable", 2, 4, { 10, 255, 255, 10 }, true, 255, 255 },
	{ "more localities than nodes", 3, 9, { 10, 15, 99, 16, 10, 99, 99, 99, 10 }, true, 15, 16 },
	{ "fewer localities than nodes", 1, 1, { 10 }, true, 20, 20 },
	{ "no locality", 0, 0, { 0 }, true, 20, 20 },
	{ "diagonal is not 10", 2, 4, { 10, 20, 20, 11 }, false, 20, 20 },
	{ "a neighbour at 10", 2, 4, { 10, 10, 20, 10 }, false, 20, 20 },
	{ "a neighbour at 0", 2, 4, { 10, 0, 20, 10 }, false, 20, 20 },
	{ "shorter than it says", 3, 8, { 10, 20, 20, 20, 10, 20, 20, 20 }, false, 20, 20 },
	{ "N times N wraps", 1ULL << 32, 4, { 10, 20, 20, 10 }, false, 20, 20 },
	{ "N is enormous", ~0ULL, 4, { 10, 20, 20, 10 }, false, 20, 20 },
};

KTAP_TABLE_TEST(test_slit, slits, c)
{
	struct table_body slit = { 0 };

	machine_128m();
	two_nodes(&body);
	put(&slit, 8, c->n);
	for (unsigned int i = 0; i < c->bytes; i++)
		put(&slit, 1, c->d[i]);
	fake_table_add("SLIT", 1, slit.bytes, slit.n);
	boot_srat(3);
	expect_eq(host_console_has("ACPI: SLIT table looks invalid. Not used."), !c->valid);
	expect_eq(node_distance(0, 1), c->there);
	expect_eq(node_distance(1, 0), c->back);
	expect_eq(node_distance(1, 1), 10);
	expect_eq(node_distance(5, 6), 20);
	expect_eq(node_distance(-1, 1 << 30), 20);
	expect_nodes(2);
}

KTAP_TEST(test_slit_without_srat_changes_nothing)
{
	const uint8_t slit[] = { 2, 0, 0, 0, 0, 0, 0, 0, 10, 33, 33, 10 };

	machine_128m();
	fake_table_add("SLIT", 1, slit, sizeof(slit));
	boot_nodes("");
	expect_no_log("distance");
	expect_fallback();
}

KTAP_TEST(test_slit_shorter_than_its_count)
{
	machine_128m();
	two_nodes(&body);
	fake_table_add("SLIT", 1, "\2\0\0", 3);
	boot_srat(3);
	expect_log("ACPI: SLIT table looks invalid. Not used.");
}
