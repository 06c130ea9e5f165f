// SPDX-License-Identifier: GPL-2.0-only
/*
 * hugepages= and its family: words in order, pages from memblock and from the buddy, and
 * all of them back.  Node 0 has two whole GiB besides the kernel's and the
 * page map's, node 1 has three.
 */
#include "ktap.h"

#include <asm/cpufeature.h>
#include "host_console.h"
#include "kernel/lib/dialect.h"
#include "kernel/lib/params.h"
#include "mm/cma.h"
#include "mm/hugetlb.h"
#include "mm/ledger.h"
#include "mm/memblock/memblock_internal.h"
#include "mm/mm_init.h"
#include "mm/page_alloc.h"
#include "mm/pcp.h"
#include "mm/totalram.h"
#include "mm_machine.h"
#include "tests/host/include/lib_reset.h"


#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define G	* (1ULL << 30)

static const struct mm_machine two_nodes = {
	.name = "two nodes",
	.ram = { { 0x1000, 0x9f000, 0 },
		 { 0x100000, (7 G) / 2 - 0x100000, 0 },
		 { 4 G, (7 G) / 2, 1 } },
	.reserved = { { 0, 0x200000, 0 } },
};

/* Everything up to the hand-over; the words are read where Linux reads them. */
static void boot(const struct mm_machine *machine, const char *cmdline, bool gbpages)
{
	static const struct image_sizes image;

	mm_machine_reset();
	params_reset();
	choose_dialect(cmdline);
	cpu.gbpages = gbpages;
	mm_machine_memory(machine);
	max_low_pfn = max_pfn = PFN_DOWN(memblock_end_of_DRAM());
	parse_early_param(cmdline);
	for (const struct mm_span *s = machine->ram; s < machine->ram + MM_SPANS && s->size; s++)
		alloc_node_data(s->nid);
	hugetlb_cma_reserve(SZ_1G);
	if (!dialect->hugepages_after_zones)
		hugetlb_bootmem_alloc();
	zone_sizes_init();
	parse_args(cmdline);
	mm_core_init();
	page_alloc_init_late(&image);
	mm_initcalls();
}

static unsigned long pages_of(phys_addr_t size)
{
	const struct hstate *h = size_to_hstate(size);

	return h ? h->pages : 0;
}

static const struct {
	const char	*name;
	const char	*cmdline;
	unsigned long	huge, gigantic;		/* pages there are in the end */
	const char	*log[3];
} words[] = {
	{ "nothing", "", 0, 0, { "HugeTLB: registered 1.00 GiB page size, pre-allocated 0 pages",
				 "HugeTLB: registered 2.00 MiB page size, pre-allocated 0 pages" } },
	{ "2M", "hugepagesz=2M hugepages=8", 8, 0, { "2.00 MiB page size, pre-allocated 8 pages" } },
	{ "default size", "hugepages=5", 5, 0, { "2.00 MiB page size, pre-allocated 5 pages" } },
	{ "1G", "hugepagesz=1G hugepages=2", 0, 2, { "1.00 GiB page size, pre-allocated 2 pages",
						     "16380 KiB vmemmap can be freed for a 1.00 GiB page" } },
	{ "both", "hugepagesz=1G hugepages=1 hugepagesz=2M hugepages=3", 3, 1, { NULL } },
	{ "1G by default", "default_hugepagesz=1G hugepages=1", 0, 1, { NULL } },
	{ "count before the default size", "hugepages=1 default_hugepagesz=1G", 0, 1, { NULL } },
	{ "default named again", "default_hugepagesz=1G hugepagesz=1G hugepages=1", 0, 1, { NULL } },
	{ "size is default later", "hugepagesz=1G hugepages=1 hugepagesz=2M default_hugepagesz=1G hugepages=3",
	  3, 1, { NULL } },
	{ "default size known, count given", "hugepagesz=1G hugepages=1 default_hugepagesz=1G hugepages=2",
	  0, 1, { "twice without interleaving hugepagesz=, ignoring hugepages=2" } },
	{ "odd spellings", "hugepagesz=2048K hugepages=2 hugepagesz=0x40000000 hugepages=1", 2, 1,
	  { NULL } },
	{ "count and size apart", "hugepagesz=2M a hugepages=2", 2, 0, { NULL } },
	{ "default size given twice", "hugepages=4 hugepagesz=2M hugepages=2", 4, 0,
	  { "HugeTLB: Ignoring hugepages=2 associated with 2.00 MiB page size",
	    "HugeTLB: Using hugepages=4 for number of default huge pages" } },
	{ "count twice", "hugepagesz=2M hugepages=2 hugepages=3", 2, 0,
	  { "HugeTLB: hugepages= specified twice without interleaving hugepagesz=, ignoring hugepages=3" } },
	{ "size twice", "hugepagesz=2M hugepages=2 hugepagesz=2M hugepages=7", 2, 0,
	  { "HugeTLB: hugepagesz=2M specified twice, ignoring",
	    "HugeTLB: hugepages=7 does not follow a valid hugepagesz, ignoring" } },
	{ "default size twice", "default_hugepagesz=2M default_hugepagesz=1G", 0, 0,
	  { "HugeTLB: default_hugepagesz previously specified, ignoring 1G" } },
	{ "3M", "hugepagesz=3M hugepages=3", 0, 0,
	  { "HugeTLB: unsupported hugepagesz=3M",
	    "HugeTLB: hugepages=3 does not follow a valid hugepagesz, ignoring" } },
	{ "default of 3M", "default_hugepagesz=3M", 0, 0,
	  { "HugeTLB: unsupported default_hugepagesz=3M" } },
	{ "empty size", "hugepagesz= hugepages=3", 0, 0, { "HugeTLB: unsupported hugepagesz=" } },
	{ "garbage count", "hugepagesz=2M hugepages=x", 0, 0,
	  { "HugeTLB: Invalid hugepages parameter x" } },
	{ "empty count", "hugepages=", 0, 0, { NULL } },
	{ "negative count", "hugepages=-1", 0, 0, { "HugeTLB: Invalid hugepages parameter -1" } },
	{ "nodes", "hugepagesz=1G hugepages=0:1,1:2", 0, 3, { NULL } },
	{ "nodes of 2M", "hugepagesz=2M hugepages=1:3,0:2", 5, 0, { NULL } },
	{ "node full", "hugepagesz=1G hugepages=0:4,1:1", 0, 3,
	  { "HugeTLB: allocating 4 of page size 1.00 GiB failed node0.  Only allocated 2 hugepages." } },
	{ "no such node", "hugepagesz=1G hugepages=7:1", 0, 0,
	  { "HugeTLB: Invalid hugepages parameter 7:1" } },
	{ "absurd node", "hugepagesz=1G hugepages=99999999999:1", 0, 0,
	  { "HugeTLB: Invalid hugepages parameter 99999999999:1" } },
	{ "second node garbage", "hugepagesz=1G hugepages=0:1,x", 0, 0,
	  { "HugeTLB: Invalid hugepages parameter x" } },
	{ "node without count", "hugepagesz=1G hugepages=0:", 0, 0,
	  { "HugeTLB: Invalid hugepages parameter " } },
	{ "comma at the end", "hugepagesz=1G hugepages=0:1,", 0, 1, { NULL } },
	{ "more than RAM", "hugepagesz=1G hugepages=100", 0, 5,
	  { "HugeTLB: allocating 100 of page size 1.00 GiB failed.  Only allocated 5 hugepages." } },
	{ "2M more than RAM", "hugepages=99999999999999", 0, 0,
	  { "HugeTLB: allocating 99999999999999 of page size 2.00 MiB failed.  Only allocated " } },
};

KTAP_TABLE_TEST(test_hugetlb_words, words, c)
{
	boot(&two_nodes, c->cmdline, true);
	for (size_t i = 0; i < ARRAY_SIZE(c->log) && c->log[i]; i++)
		expect_log(c->log[i]);
	expect_no_log("Unknown kernel command line parameters \"huge");
	if (strncmp(c->name, "2M more", 7) != 0)
		expect_eq(pages_of(SZ_2M), c->huge);
	else
		/* Nearly all, but not below the watermarks. */
		expect_true(pages_of(SZ_2M) > 2000);
	expect_eq(pages_of(SZ_1G), c->gigantic);
	expect_eq(hugetlb_early_pages(), c->gigantic << 18);
	expect_mm_sound();
	expect_eq(bad_page_count(), 0);
}

static const struct {
	const char	*name;
	const char	*cmdline;
	phys_addr_t	on_node[2];
	const char	*log[4];
} cma_words[] = {
	{ "spread", "hugetlb_cma=2G", { 1 G, 1 G },
	  { "hugetlb_cma: reserve 2048 MiB, up to 1024 MiB per node",
	    "on node 0\nhugetlb_cma: reserved 1024 MiB on node 0",
	    "on node 1\nhugetlb_cma: reserved 1024 MiB on node 1" } },
	{ "all on the first", "hugetlb_cma=1G", { 1 G, 0 },
	  { "hugetlb_cma: reserve 1024 MiB, up to 512 MiB per node",
	    "cma: Reserved 1024 MiB at 0x0000000080000000 on node 0" } },
	{ "rounded up", "hugetlb_cma=1500M", { 1 G, 1 G }, { "reserve 1500 MiB, up to 750 MiB" } },
	{ "too little", "hugetlb_cma=1023M", { 0, 0 },
	  { "hugetlb_cma: cma area should be at least 1024 MiB" } },
	{ "by node", "hugetlb_cma=1:2G,0:1G", { 1 G, 2 G },
	  { "hugetlb_cma: reserved 1024 MiB on node 0", "hugetlb_cma: reserved 2048 MiB on node 1" } },
	{ "no such node", "hugetlb_cma=7:1G,1:1G", { 0, 1 G },
	  { "hugetlb_cma: invalid node 7 specified", "hugetlb_cma: reserved 1024 MiB on node 1" } },
	{ "too little on a node", "hugetlb_cma=0:512M,1:1G", { 0, 1 G },
	  { "hugetlb_cma: cma area of node 0 should be at least 1024 MiB" } },
	{ "too much for a node", "hugetlb_cma=0:9G,1:1G", { 0, 1 G },
	  { "cma: Failed to reserve 9216 MiB on node 0",
	    "hugetlb_cma: reservation failed: err -12, node 0" } },
	{ "garbage", "hugetlb_cma=x", { 0, 0 }, { NULL } },
	{ "nothing", "hugetlb_cma=0", { 0, 0 }, { NULL } },
	{ "absurd", "hugetlb_cma=15E", { 0, 0 }, { "hugetlb_cma: reservation failed: err -12" } },
	{ "no value", "hugetlb_cma", { 0, 0 }, { "Malformed early option 'hugetlb_cma'" } },
	{ "instead of pages", "hugetlb_cma=1G hugepagesz=1G hugepages=1 hugepagesz=2M hugepages=3",
	  { 1 G, 0 }, { "HugeTLB: hugetlb_cma is enabled, skip boot time allocation",
			"1.00 GiB page size, pre-allocated 0 pages",
			"2.00 MiB page size, pre-allocated 3 pages" } },
};

/* Areas are where they were asked for; gigantic pages come from them and go back to them. */
/* As early words they mean the same; more than five are malformed. */
KTAP_TABLE_TEST(test_hugetlb_words_of_later_releases, words, c)
{
	static const char *const releases[] = { "6.18", "7.3" };
	char cmdline[256];

	for (size_t r = 0; r < ARRAY_SIZE(releases); r++) {
		snprintf(cmdline, sizeof(cmdline), "dialect=%s %s", releases[r], c->cmdline);
		boot(&two_nodes, cmdline, true);
		for (size_t i = 0; i < ARRAY_SIZE(c->log) && c->log[i]; i++)
			expect_log(c->log[i]);
		expect_no_log("Unknown kernel command line parameters \"huge");
		if (strncmp(c->name, "2M more", 7) != 0)
			expect_eq(pages_of(SZ_2M), c->huge);
		expect_eq(pages_of(SZ_1G), c->gigantic);
		expect_mm_sound();
	}
	expect_eq(bad_page_count(), 0);
}

KTAP_TEST(test_hugetlb_words_that_are_malformed_early)
{
	boot(&two_nodes, "dialect=7.3 hugepages hugepagesz=2M hugepages=1 hugepagesz=1G hugepages=1 "
	     "default_hugepagesz=2M hugepages=9", true);
	expect_log("Malformed early option 'hugepages'");
	expect_no_log("Unknown kernel command line parameters \"huge");
	expect_eq(pages_of(SZ_2M), 1);
	expect_eq(pages_of(SZ_1G), 1);
	boot(&two_nodes, "hugepages", true);
	expect_log("Unknown kernel command line parameters \"hugepages\"");
}

KTAP_TABLE_TEST(test_hugetlb_cma_words, cma_words, c)
{
	unsigned long areas = (c->on_node[0] + c->on_node[1]) >> PAGE_SHIFT, cma = 0, cma_free = 0;
	struct zone *zone;
	struct hstate *h;

	boot(&two_nodes, c->cmdline, true);
	for (size_t i = 0; i < ARRAY_SIZE(c->log) && c->log[i]; i++)
		expect_log(c->log[i]);
	expect_eq(totalcma_pages, areas);
	for (int nid = 0; nid < 2; nid++) {
		cma = 0;
		for_each_populated_zone(zone)
			cma += zone->nid == nid ? zone->cma_pages : 0;
		expect_eq(PFN_PHYS(cma), c->on_node[nid]);
	}
	h = size_to_hstate(SZ_1G);
	if (areas) {
		/* One more than they hold: nodes take turns, so each node is asked. */
		expect_eq(hugetlb_resize(h, (areas >> 18) + 1), (areas >> 18) + 1);
		for_each_populated_zone(zone)
			cma_free += zone->free_cma_pages;
		expect_true(cma_free < areas);
	}
	expect_mm_sound();
	expect_eq(hugetlb_resize(h, 0), 0);
	for_each_populated_zone(zone)
		expect_eq(zone->free_cma_pages, zone->cma_pages);
	expect_mm_sound();
	expect_eq(bad_page_count(), 0);
}

/* One after the other over the nodes, whole pages of its own node each. */
KTAP_TEST(test_hugetlb_takes_nodes_in_turn)
{
	unsigned long on_node[2] = { 0 };

	boot(&two_nodes, "hugepagesz=1G hugepages=4", true);
	for (phys_addr_t pa = size_to_hstate(SZ_1G)->first_early; pa;
	     pa = *(phys_addr_t *)phys_to_virt(pa)) {
		expect_eq(pa & (SZ_1G - 1), 0);
		on_node[pa >= 4 G]++;
	}
	expect_eq(on_node[0], 2);
	expect_eq(on_node[1], 2);
}

/* Linux splits the reservation behind the first page; the log and the dump show it. */
KTAP_TEST(test_hugetlb_tail_is_noinit)
{
	struct memblock_region *r;
	unsigned int heads = 0, tails = 0;

	boot(&two_nodes, "hugepagesz=1G hugepages=1", true);
	for_each_reserved_mem_region(r) {
		if (memblock_is_reserved_noinit(r)) {
			expect_eq(r->size, SZ_1G - PAGE_SIZE);
			expect_eq(r->base & (SZ_1G - 1), PAGE_SIZE);
			tails++;
		}
		heads += r->size == PAGE_SIZE && !(r->base & (SZ_1G - 1)) && r->base;
	}
	expect_eq(tails, 1);
	expect_eq(heads, 1);
}

KTAP_TEST(test_hugetlb_without_cpu_support)
{
	boot(&two_nodes, "hugepagesz=1G hugepages=1", false);
	expect_log("HugeTLB: unsupported hugepagesz=1G");
	expect_log("HugeTLB: hugepages=1 does not follow a valid hugepagesz, ignoring");
	expect_null(size_to_hstate(SZ_1G));
	expect_no_log("1.00 GiB");
}

/* Linux would take the page, and never give it back. */
KTAP_TEST(test_hugetlb_on_a_cpu_without_big_pages)
{
	cpu.pse = false;
	boot(&two_nodes, "hugepagesz=1G hugepages=1 hugepages=8", true);
	cpu.pse = true;
	expect_log("HugeTLB: huge pages not supported, ignoring associated command-line parameters");
	expect_no_log("HugeTLB: registered");
	expect_eq(pages_of(SZ_1G), 0);
	expect_no_log("1073741824 bytes");
}

/* ---- back, and again ------------------------------------------------------------------------ */

static unsigned long managed_pages(void)
{
	unsigned long pages = 0;
	struct zone *zone;

	for_each_populated_zone(zone)
		pages += zone->managed_pages;
	return pages;
}

KTAP_TEST(test_hugetlb_given_back_is_262144_pages)
{
	unsigned long without[NR_PAGE_ORDERS], after[NR_PAGE_ORDERS], total;
	struct ledger_entry e;
	struct hstate *h;

	boot(&two_nodes, "", true);
	drain_all_pages();
	mm_histogram(without);
	total = totalram_pages();
	boot(&two_nodes, "hugepagesz=1G hugepages=3", true);
	h = size_to_hstate(SZ_1G);
	/* They count as managed all the time, as on Linux. */
	expect_eq(totalram_pages(), total);
	expect_eq(managed_pages(), total);
	for (unsigned long left = 3; left--;) {
		unsigned long free = nr_free_pages();

		expect_eq(hugetlb_resize(h, left), left);
		expect_eq(nr_free_pages() - free, 262144);
		expect_mm_sound();
	}
	drain_all_pages();
	mm_histogram(after);
	expect_mem_eq(without, after, sizeof(after));	/* as if they had never been taken */
	expect_eq(totalram_pages(), total);
	for (unsigned int i = 0; ledger_get(i, &e); i++)
		expect_true(!e.owner || strcmp(e.owner, "huge page") != 0);
	expect_eq(bad_page_count(), 0);
}

KTAP_TEST(test_hugetlb_grows_from_the_buddy)
{
	unsigned long before[NR_PAGE_ORDERS], after[NR_PAGE_ORDERS];
	struct hstate *h;

	boot(&two_nodes, "", true);
	drain_all_pages();
	mm_histogram(before);
	h = size_to_hstate(SZ_1G);
	expect_eq(hugetlb_resize(h, 2), 2);
	expect_eq(h->early, 0);
	expect_eq(hugetlb_resize(size_to_hstate(SZ_2M), 700), 700);
	expect_mm_sound();
	expect_true(hugetlb_resize(h, 1000) < 6);
	expect_eq(hugetlb_resize(h, 0), 0);
	expect_eq(hugetlb_resize(size_to_hstate(SZ_2M), 0), 0);
	drain_all_pages();
	mm_histogram(after);
	expect_mem_eq(before, after, sizeof(after));
	expect_mm_sound();
	expect_eq(bad_page_count(), 0);
}

static char view[1024];

static int print_view(const char *fmt, ...)
{
	size_t n = strlen(view);
	va_list args;

	va_start(args, fmt);
	vsnprintf(view + n, sizeof(view) - n, fmt, args);
	va_end(args);
	return 0;
}

KTAP_TEST(test_hugetlb_meminfo)
{
	boot(&two_nodes, "hugepagesz=1G hugepages=1 hugepagesz=2M hugepages=8", true);
	view[0] = '\0';
	hugetlb_report_meminfo(print_view);
	expect_str_eq(view, "HugePages_Total:       8\nHugePages_Free:        8\n"
			    "HugePages_Rsvd:        0\nHugePages_Surp:        0\n"
			    "Hugepagesize:       2048 kB\nHugetlb:         1064960 kB\n");
}
