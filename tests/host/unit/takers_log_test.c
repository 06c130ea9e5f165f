// SPDX-License-Identifier: GPL-2.0-only
/*
 * Early takers against Linux itself.
 *
 * Each log of tests/linux-logs/takers is one machine and command line.  What memblock held
 * is rebuilt from the log line by line; where Linux served cma=, crashkernel=, hugepages=,
 * reserve_mem= or a hash table, ours is run instead, and has to take the same bytes with the
 * same lines.  Then the hand-over, and the views.
 */
#include "ktap.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <asm/cpufeature.h>
#include "host_console.h"
#include "kernel/lib/params.h"
#include "kernel/lib/printk.h"
#include "mm/cma.h"
#include "mm/crash.h"
#include "mm/hugetlb.h"
#include "mm/memblock/memblock_internal.h"
#include "mm/mm_init.h"
#include "mm/page_alloc.h"
#include "mm/system_hash.h"
#include "mm/takers/takers_internal.h"
#include "mm_machine.h"
#include "tests/host/include/lib_reset.h"


#define MAX_LINES	256
#define LINE		512

static char lines[MAX_LINES][LINE], want[MAX_LINES][LINE], got[MAX_LINES][LINE];
static char cmdline[2048];
static int nr_lines, nr_want;

static bool begins(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

/* Lines of a taker; which function asked is told only by Linux's symbols, so cut it off. */
static bool is_taker(const char *s)
{
	return begins(s, "crashkernel") || begins(s, "cma: ") || begins(s, "HugeTLB: ") ||
	       begins(s, "Dentry cache") || begins(s, "Inode-cache");
}

static void without_caller(char *to, const char *line)
{
	const char *end = strstr(line, "max_addr=");

	if (end)
		end += strlen("max_addr=0x0123456789abcdef");
	else if (begins(line, "memblock_reserve"))
		end = strchr(line, ']') + 1;
	snprintf(to, LINE, "%.*s", end ? (int)(end - line) : LINE - 1, line);
}

static bool read_log(const char *name)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "tests/linux-logs/takers/%s.log", name);
	f = fopen(path, "r");
	nr_lines = nr_want = 0;
	while (f && nr_lines < MAX_LINES && fgets(lines[nr_lines], LINE, f)) {
		char *s = lines[nr_lines];

		s[strcspn(s, "\r\n")] = '\0';
		if (s[0] == '[')
			memmove(s, strstr(s, "] ") + 2, strlen(strstr(s, "] ") + 2) + 1);
		if (begins(s, "Kernel command line: "))
			snprintf(cmdline, sizeof(cmdline), "%s", strchr(s, ':') + 2);
		nr_lines++;
	}
	if (f)
		fclose(f);
	return nr_lines > 0;
}

static void start(void)
{
	mm_machine_reset();
	params_reset();
	memset(&reserved_mems, 0, sizeof(reserved_mems));
	ignore_loglevel = true;
	memblock_allow_resize();
	crashk_res = crashk_low_res = (struct crash_area){ 0 };
}

static void compare(void)
{
	int have = 0;

	for (const char *p = host_console_text(); *p; p += strcspn(p, "\n") + 1) {
		char line[LINE];

		snprintf(line, sizeof(line), "%.*s", (int)strcspn(p, "\n"), p);
		if ((is_taker(line) || begins(line, "memblock_")) && have < MAX_LINES)
			without_caller(got[have++], line);
	}
	for (int i = 0; i < nr_want || i < have; i++)
		if (i >= nr_want || i >= have || strcmp(want[i], got[i]) != 0) {
			expect_fail("line %d:\n#   Linux: %s\n#   here:  %s", i,
				    i < nr_want ? want[i] : "(none)", i < have ? got[i] : "(none)");
			break;
		}
}

/* ---- x86 ----------------------------------------------------------------------------------- */

static void rebuild(const char *line)
{
	unsigned long long first, last;

	if (sscanf(line, "memblock_add: [%llx-%llx]", &first, &last) == 2)
		memblock_add(first, last - first + 1);
	if (begins(line, "MEMBLOCK configuration"))
		memblock_trim_memory(PAGE_SIZE);
	if (begins(line, "NODE_DATA"))
		memblock_set_node(0, PHYS_ADDR_MAX, &memblock.memory, 0);
	if (sscanf(line, " reserved[%*x] [%llx-%llx]", &first, &last) == 2 ||
	    sscanf(line, "memblock_reserve: [%llx-%llx]", &first, &last) == 2)
		memblock_reserve(first, last - first + 1);
	if (sscanf(line, "memblock_phys_free: [%llx-%llx]", &first, &last) == 2)
		memblock_phys_free(first, last - first + 1);
}

/* Run what Linux ran at this line. */
static void serve(const char *line)
{
	static bool crash_done, hashes_done;

	memblock_set_verbose(true);
	if (begins(line, "Command line"))
		crash_done = hashes_done = false;
	if (!crash_done && (strstr(line, "reserve_crashkernel_generic") ||
			    begins(line, "Kernel command line"))) {
		reserve_crashkernel(cmdline);
		crash_done = true;
	}
	if (begins(line, "Kernel command line")) {
		strcat(cmdline, " dhash_entries=0 ihash_entries=0");
		parse_args(cmdline);
	}
	if (!hashes_done && strstr(line, "alloc_large_system_hash")) {
		vfs_caches_init_early();
		hashes_done = true;
	}
	memblock_set_verbose(false);
}

static void replay(void)
{
	static pg_data_t node = { .node_present_pages = 1 };
	bool ours = false, handed_over = false;

	node_data[0] = &node;
	nr_node_ids = 1;
	for (int i = 0; i < nr_lines; i++) {
		const char *s = lines[i];

		const bool asks = begins(s, "memblock_alloc") || begins(s, "memblock_phys_alloc");

		if (asks || is_taker(s) || (ours && begins(s, "memblock_reserve")))
			without_caller(want[nr_want++], s);
		else if (!handed_over)
			rebuild(s);
		ours = asks;
		handed_over |= begins(s, "Inode-cache");
		serve(s);
	}
	node_data[0] = NULL;
	nr_node_ids = 0;
}

static char view[4096];

static int print_view(const char *fmt, ...)
{
	size_t n = strlen(view);
	va_list args;

	va_start(args, fmt);
	vsnprintf(view + n, sizeof(view) - n, fmt, args);
	va_end(args);
	return 0;
}

/* Every line of a block between BEGIN and END is in the view. */
static void expect_view(const char *begin, const char *only)
{
	bool in = false;

	for (int i = 0; i < nr_lines; i++) {
		if (begins(lines[i], "====="))
			in = strstr(lines[i], begin) != NULL;
		else if (in && begins(lines[i], only) && !strstr(view, lines[i]))
			expect_fail("not there: %s in\n%s", lines[i], view);
	}
}

static const struct {
	const char	*name;
	bool		gbpages;
	phys_addr_t	early;		/* bytes of huge pages from memblock */
} x86_logs[] = {
	{ "612-m1g-crashkernel-fixed", false, 0 },
	{ "612-m1g-crashkernel-toobig", false, 0 },
	{ "612-m1g-crashkernel128m", false, 0 },
	{ "612-m1g-huge2m-64", false, 0 },
	{ "612-m1g-reserve_mem", false, 0 },
	{ "612-m4g-huge-default1g", true, SZ_1G },
	{ "612-m4g-huge1g-1", true, SZ_1G },
	{ "612-m4g-huge1g-nosupport", false, 0 },
};

KTAP_TABLE_TEST(test_takers_print_and_take_what_linux_does, x86_logs, c)
{
	require_true(read_log(c->name));
	start();
	cpu.gbpages = c->gbpages;
	replay();
	require_true(nr_want > 0);
	mm_machine_hand_over();
	compare();
	expect_mm_sound();
	expect_eq(bad_page_count(), 0);
	expect_eq(hugetlb_early_pages() << PAGE_SHIFT, c->early);
	view[0] = '\0';
	hugetlb_report_meminfo(print_view);
	expect_view("meminfo", "Huge");
	/* What was taken early is nobody else's; given back, all is as if it had never been. */
	for (unsigned int i = 0; hugetlb_get(i); i++)
		expect_eq(hugetlb_resize(hugetlb_get(i), 0), 0);
	expect_eq(hugetlb_early_pages(), 0);
	expect_mm_sound();
	cpu.gbpages = false;
}

/* ---- CMA: only Linux on arm64 has it -------------------------------------------------- */

static const struct {
	const char	*name;
	unsigned long	pages;
} cma_logs[] = {
	{ "arm64-m1g-cma-fixed", 0x4000 },
	{ "arm64-m1g-cma-range", 0x1000 },
	{ "arm64-m1g-cma-toobig", 0 },
	{ "arm64-m1g-cma0", 0 },
	{ "arm64-m1g-cma128m", 0x8000 },
};

/* The log has memblock's arrays from just after: without the area it is just before. */
static void rebuild_from_dump(void)
{
	unsigned long long first, last, mib;

	for (int i = 0; i < nr_lines; i++) {
		if (sscanf(lines[i], " memory[%*x] [%llx-%llx]", &first, &last) == 2)
			memblock_add_node(first, last - first + 1, 0, MEMBLOCK_NONE);
		if (sscanf(lines[i], " reserved[%*x] [%llx-%llx]", &first, &last) == 2)
			memblock_reserve(first, last - first + 1);
	}
	for (int i = 0; i < nr_lines; i++) {
		if (is_taker(lines[i]) || begins(lines[i], "memblock_reserve"))
			without_caller(want[nr_want++], lines[i]);
		if (sscanf(lines[i], "cma: Reserved %llu MiB at %llx", &mib, &first) == 2)
			memblock_phys_free(first, mib << 20);
	}
}

KTAP_TABLE_TEST(test_cma_takes_what_linux_does, cma_logs, c)
{
	struct zone *zone;
	unsigned long cma = 0, cma_free = 0;
	char line[64];

	require_true(read_log(c->name));
	start();
	rebuild_from_dump();
	parse_early_param(cmdline);
	memblock_set_verbose(true);
	dma_contiguous_reserve(memblock_end_of_DRAM());
	memblock_set_verbose(false);
	compare();
	expect_eq(totalcma_pages, c->pages);
	mm_machine_hand_over();
	snprintf(line, sizeof(line), " %luK cma-reserved)", c->pages << 2);
	expect_log(line);
	expect_mm_sound();
	for_each_populated_zone(zone) {
		cma += zone->cma_pages;
		cma_free += zone->free_cma_pages;
	}
	expect_eq(cma, c->pages);
	expect_eq(cma_free, c->pages);
	expect_eq(bad_page_count(), 0);
}
