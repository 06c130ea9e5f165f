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
#include "srat_tables.h"

#include "arch/x86_64/numa.h"
#include "host_console.h"
#include "kernel/lib/align.h"
#include "kernel/lib/params.h"
#include "kernel/lib/params_internal.h"
#include "kernel/lib/printk.h"
#include "mm/memblock_internal.h"
#include "mm/mm_init.h"
#include "mm/numa_memblks.h"
#include "mm_machine.h"

#define MAX_LINES	512
#define LINE		256

static const struct {
	const char	*name;
	const char	*srat;		/* file in tests/linux-logs/srat, NULL: the machine had none */
	const char	*slit;
	uint8_t		revision;
} logs[] = {
	{ "612-m1g-fake16M-toosmall", NULL, NULL, 0 },
	{ "612-m1g-fake4", NULL, NULL, 0 },
	{ "612-m1g-fake64-toomany", NULL, NULL, 0 },
	{ "612-m1g-kernelcore-mirror", NULL, NULL, 0 },
	{ "612-m1g-kernelcore512m", NULL, NULL, 0 },
	{ "612-m1g-movablecore50pct", NULL, NULL, 0 },
	{ "612-m1g-slots-maxmem4g", "slots.srat", NULL, 1 },
	{ "612-numa2-m1g", "numa2.srat", NULL, 1 },
	{ "612-numa2-m1g-dist", "numa2.srat", "dist.slit", 1 },
	{ "612-numa2-m1g-fake2U", "numa2.srat", NULL, 1 },
	{ "612-numa2-m1g-noacpi", "numa2.srat", NULL, 1 },
	{ "612-numa2-m1g-off", "numa2.srat", NULL, 1 },
	{ "612-srat-above-m1g", "above.srat", NULL, 3 },
	{ "612-srat-bigpxm-m1g", "bigpxm.srat", NULL, 3 },
	{ "612-srat-cpuonly-m1g", "cpuonly.srat", NULL, 3 },
	{ "612-srat-disabled-m1g", "disabled.srat", NULL, 3 },
	{ "612-srat-hotplug-m1g", "hotplug.srat", NULL, 3 },
	{ "612-srat-hotplug-movable_node-noinitrd-m1g", "hotplug.srat", NULL, 3 },
	{ "612-srat-hotplugall-movable_node-m1g", "hotplug-all.srat", NULL, 3 },
	{ "612-srat-memless-m1g", "memless.srat", NULL, 3 },
	{ "612-srat-nonvol-m1g", "nonvol.srat", NULL, 3 },
	{ "612-srat-overlap-m1g", "overlap.srat", NULL, 3 },
	{ "612-srat-selfoverlap-m1g", "selfoverlap.srat", NULL, 3 },
	{ "612-srat-two-m1g", "two.srat", NULL, 3 },
	{ "612-srat-two-slit-bad-m1g", "two.srat", "bad.slit", 3 },
	{ "612-srat-two-slit-good-m1g", "two.srat", "good.slit", 3 },
};

/* ---- lines that count -------------------------------------------------------------------- */

/* Beginnings; those after NULL count only until the zones are there. */
static const char *const compared[] = {
	"ACPI: SRAT: ", "ACPI: SLIT table", "SRAT: ", "NUMA", "No NUMA", "Faking ", "Fake ",
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

/* ---- what memblock held -------------------------------------------------------------------- */

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

/* ---- running -------------------------------------------------------------------------------- */

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
