// SPDX-License-Identifier: GPL-2.0-only
/*
 * The views, character by character, beside what Linux 6.12 printed for -m 1G.
 */
#include "ktap.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "mm/buddy.h"
#include "mm/page_alloc.h"
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
