// SPDX-License-Identifier: GPL-2.0-only
/*
 * The views, character by character, beside what Linux 6.12 printed for -m 1G.
 */
#include "ktap.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "mm/buddy.h"
#include "mm/nodemask.h"
#include "mm/numa_memblks.h"
#include "mm/page_alloc.h"
#include "mm/totalram.h"
#include "mm/vmstat.h"
#include "mm_machine.h"

static char text[65536];
static size_t used;

static int collect(const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(text + used, sizeof(text) - used, fmt, args);
	va_end(args);
	used += (size_t)n;
	return n;
}

static const char *show(void (*view)(vmstat_print_fn *print))
{
	used = 0;
	text[0] = 0;
	view(collect);
	return text;
}

#define expect_text(part)	expect_true(strstr(text, part) != NULL)

KTAP_SETUP
{
	mm_machine_boot(&mm_machine_1g);
}

KTAP_TEST(test_vmstat_buddyinfo)
{
	show(buddyinfo_print);
	/* 0x100000-0x1000000 is free but for nothing: 3 blocks of order 10, one of 9 and 8 */
	expect_text("Node 0, zone      DMA      0      0      0      0      0      0      0      "
		    "0      1      1      3 \n");
	expect_text("Node 0, zone    DMA32 ");
	expect_eq(strlen(strchr(text, '\n') + 1), strlen("Node 0, zone    DMA32 ") + 11 * 7 + 1);
}

KTAP_TEST(test_vmstat_pagetypeinfo)
{
	show(pagetypeinfo_print);
	expect_text("Page block order: 9\nPages per block:  512\n\n"
		    "Free pages count per migrate type at order       0      1      2      3     "
		    " 4      5      6      7      8      9     10 \n"
		    "Node    0, zone      DMA, type    Unmovable      0      0      0      0     "
		    " 0      0      0      0      0      0      0 \n"
		    "Node    0, zone      DMA, type      Movable      0      0      0      0     "
		    " 0      0      0      0      1      1      3 \n");
	expect_text("\n\n"
		    "Number of blocks type     Unmovable      Movable  Reclaimable   HighAtomic  "
		    "        CMA      Isolate \n"
		    "Node 0, zone      DMA            0            8            0            0   "
		    "         0            0 \n"
		    "Node 0, zone    DMA32            0          504            0            0   "
		    "         0            0 \n");
}

KTAP_TEST(test_vmstat_zoneinfo)
{
	show(zoneinfo_print);
	expect_text("Node 0, zone      DMA\n  per-node stats\n      nr_inactive_anon 0\n");
	expect_text("      pgdemote_khugepaged 0\n  pages free     3840\n        boost    0\n");
	expect_text("        spanned  4095\n        present  3998\n        managed  3840\n"
		    "        cma      0\n        protection: (0, ");
	expect_text("      nr_free_pages 3840\n      nr_zone_inactive_anon 0\n");
	expect_text("  pagesets\n    cpu: 0\n              count: 0\n              high:  0\n"
		    "              batch: 1\n");
	expect_text("  node_unreclaimable:  0\n  start_pfn:           1\nNode 0, zone    DMA32\n"
		    "  pages free     ");
	expect_text("Node 0, zone   Normal\n  pages free     0\n        boost    0\n"
		    "        min      0\n        low      0\n        high     0\n"
		    "        promo    0\n        spanned  0\n        present  0\n"
		    "        managed  0\n        cma      0\n"
		    "        protection: (0, 0, 0, 0, 0)\nNode 0, zone  Movable\n");
	expect_text("Node 0, zone  Movable\n  pages free     0\n        boost    0\n"
		    "        min      32\n        low      32\n        high     32\n"
		    "        promo    32\n");
	expect_text("Node 0, zone   Device\n  pages free     0\n        boost    0\n"
		    "        min      0\n        low      0\n        high     0\n"
		    "        promo    0\n        spanned  0\n        present  0\n"
		    "        managed  0\n        cma      0\n"
		    "        protection: (0, 0, 0, 0, 0)\n");
}

/* Of two nodes without memory the one with a CPU is shown; zones are, if they have pages. */
KTAP_TEST(test_vmstat_zoneinfo_has_no_node_that_is_not_online)
{
	static const struct mm_machine machine = {
		.name = "two of four nodes",
		.ram = { { 0x1000, 0x9e000, 0 }, { 0x100000, 0x1ff00000, 0 },
			 { 0x20000000, 0x1ffe0000, 2 } },
		.reserved = { { 0, 0x200000, 0 } },
	};

	mm_machine_reset();
	mm_machine_memory(&machine);
	node_set(&numa_nodes.possible, 1);
	node_set(&numa_nodes.possible, 3);
	numa_set_online(1);
	mm_machine_hand_over();
	show(zoneinfo_print);
	expect_text("Node 1, zone   Device\n");
	expect_text("Node 2, zone   Device\n");
	expect_true(!strstr(text, "Node 3"));
	show(buddyinfo_print);
	expect_true(!strstr(text, "Node 1"));
}

static void print_huge(vmstat_print_fn *print)
{
	print("HugePages_Total: %7d\n", 0);
}

KTAP_TEST(test_vmstat_meminfo)
{
	char line[64];

	used = 0;
	meminfo_print(collect, print_huge);
	snprintf(line, sizeof(line), "MemTotal:       %8lu kB\nMemFree:        %8lu kB\n",
		 totalram_pages() * 4, nr_free_pages() * 4);
	expect_text(line);
	expect_text("MemAvailable: ");
	expect_text("\nHugePages_Total:       0\n");
	expect_text("\nUnaccepted:            0 kB\n");
	expect_text("\nActive(anon):          0 kB\n");
}

/* ---- Linux's own texts, line by line --------------------------------------------------------- */

static const struct mm_machine two_nodes = {
	.name = "two nodes",
	.ram = { { 0x1000, 0x9ec00, 0 }, { 0x100000, 0x1ff00000, 0 },
		 { 0x20000000, 0x1ffe0000, 1 } },
	.reserved = { { 0, 0x100000, 0 }, { 0x1000000, 0xc0000, 0 } },
};

/* Columns of migrate types, at which CMA's is cut out: Debian does not have it. */
#define CMA_COLUMN	(22 + 4 * 13)

static void cut_cma(char *line, bool block_counts)
{
	if (block_counts || strncmp(line, "Number of blocks type", 21) == 0)
		memmove(line + CMA_COLUMN, line + CMA_COLUMN + 13,
			strlen(line + CMA_COLUMN + 13) + 1);
}

/* Numbers may differ, their columns may not: "      8 " and "   1234 " are the same. */
static void normalise(char *line)
{
	char *to = line;

	for (const char *from = line; *from; from++) {
		bool digit = *from >= '0' && *from <= '9';

		if (digit && to > line && to[-1] == ' ' && from[1] != ' ')
			*to++ = ' ';
		else
			*to++ = digit ? '#' : *from;
	}
	while (to > line && (to[-1] == ' ' || to[-1] == '#'))
		to--;		/* a last number that is left-aligned */
	*to = '\0';
}

/* Lines of the second CPU of Linux's machine, and rows of ours that Debian lacks. */
static bool is_own(const char *line)
{
	static bool second;

	if (strncmp(line, "    cpu: ", 9) == 0)
		second = line[9] != '0';
	else if (strncmp(line, "  node_unreclaimable", 20) == 0)
		second = false;
	return second || strstr(line, "type          CMA") || strncmp(line, "DirectMap", 9) == 0 ||
	       strncmp(line, "VmallocTotal:", 13) == 0;	/* wider than its column there */
}

static bool next_line(const char **p, char *line, size_t size, bool ours)
{
	static bool counts;

	do {
		if (!**p)
			return false;
		snprintf(line, size, "%.*s", (int)strcspn(*p, "\n"), *p);
		*p += strcspn(*p, "\n");
		*p += **p == '\n';
	} while (is_own(line));
	if (ours)
		cut_cma(line, counts && strncmp(line, "Node ", 5) == 0);
	counts = (counts && strncmp(line, "Node ", 5) == 0) ||
		 strncmp(line, "Number of blocks", 16) == 0;
	normalise(line);
	return true;
}

static void meminfo_of_linux(vmstat_print_fn *print)
{
	meminfo_print(print, NULL);
}

static const struct {
	const char	*name;
	void		(*view)(vmstat_print_fn *print);
} views[] = {
	{ "buddyinfo", buddyinfo_print },
	{ "pagetypeinfo", pagetypeinfo_print },
	{ "zoneinfo", zoneinfo_print },
	{ "meminfo", meminfo_of_linux },
};

KTAP_TABLE_TEST(test_vmstat_lines_are_linuxs, views, c)
{
	static char file[65536];
	char path[128], theirs[512], ours[512];
	const char *p = file, *q;
	FILE *f;

	mm_machine_boot(&two_nodes);
	q = show(c->view);
	snprintf(path, sizeof(path), "tests/linux-logs/views/612-numa2-m1g.%s", c->name);
	f = fopen(path, "r");
	require_true(f != NULL);
	file[fread(file, 1, sizeof(file) - 1, f)] = '\0';
	fclose(f);
	while (next_line(&p, theirs, sizeof(theirs), false)) {
		if (!next_line(&q, ours, sizeof(ours), true))
			snprintf(ours, sizeof(ours), "(none)");
		expect_str_eq(ours, theirs);
	}
	expect_false(next_line(&q, ours, sizeof(ours), true));
}
