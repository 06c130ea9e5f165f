// SPDX-License-Identifier: GPL-2.0-only
/*
 * memtest=N.  Words of 8 bytes; a range's unaligned edges are left alone.
 */
#include "mm/memtest.h"

#include "kernel/lib/errno.h"
#include "kernel/lib/params.h"	/* early_param() */
#include "mm/memblock.h"
#include "mm/memblock_event.h"
#include "mm/memblock_iter.h"
#include "mm/port.h"

#define WORD	sizeof(uint64_t)

/* Pattern 0 is written last, so that memory ends up zeroed. */
static const uint64_t patterns[] = {
	0x0000000000000000, 0xffffffffffffffff, 0x5555555555555555, 0xaaaaaaaaaaaaaaaa,
	0x1111111111111111, 0x2222222222222222, 0x4444444444444444, 0x8888888888888888,
	0x3333333333333333, 0x6666666666666666, 0x9999999999999999, 0xcccccccccccccccc,
	0x7777777777777777, 0xbbbbbbbbbbbbbbbb, 0xdddddddddddddddd, 0xeeeeeeeeeeeeeeee,
	0x7a6c7258554e494c,
};

#define NR_PATTERNS	(sizeof(patterns) / sizeof(patterns[0]))

static unsigned int memtest_rounds;	/* boot only: memtest= */

static int parse_memtest(char *val)
{
	unsigned long long n = NR_PATTERNS;
	char *end = val;

	if (val)
		n = kstrtoull(val, &end, 0);
	if (val && (end == val || *end || n > UINT32_MAX))
		return -EINVAL;
	memtest_rounds = (unsigned int)n;
	return 0;
}
early_param("memtest", parse_memtest, "memtest[=N]: test free memory with N patterns (17)");

static void reserve_bad_mem(uint64_t pattern, phys_addr_t start, phys_addr_t end)
{
	pr_info("  %016llx bad mem addr %pa - %pa reserved\n",
		(unsigned long long)__builtin_bswap64(pattern), &start, &end);
	ledger_reserve(start, end - start, "bad memory");
}

static void memtest_range(uint64_t pattern, phys_addr_t start, phys_addr_t end)
{
	phys_addr_t first = ALIGN_UP(start, (phys_addr_t)WORD);
	phys_addr_t bad_start = 0, bad_end = 0;

	/* A range of a few bytes may have no whole word. */
	if (first < start || first >= end)
		return;

	volatile uint64_t *p = phys_to_virt(first);
	size_t words = (end - first) / WORD;

	for (size_t i = 0; i < words; i++)
		p[i] = pattern;
	for (size_t i = 0; i < words; i++) {
		phys_addr_t pa = first + i * WORD;

		if (p[i] == pattern)
			continue;
		if (pa != bad_end) {
			if (bad_end)
				reserve_bad_mem(pattern, bad_start, bad_end);
			bad_start = pa;
		}
		bad_end = pa + WORD;
	}
	if (bad_end)
		reserve_bad_mem(pattern, bad_start, bad_end);
}

static void do_one_pass(uint64_t pattern, phys_addr_t start, phys_addr_t end)
{
	phys_addr_t a, b;
	uint64_t i;

	for_each_free_mem_range(i, NUMA_NO_NODE, MEMBLOCK_NONE, &a, &b, NULL) {
		a = MAX(a, start);
		b = MIN(b, end);
		if (a >= b)
			continue;
		pr_info("  %pa - %pa pattern %016llx\n", &a, &b,
			(unsigned long long)__builtin_bswap64(pattern));
		memtest_range(pattern, a, b);
	}
}

void early_memtest(phys_addr_t start, phys_addr_t end)
{
	if (!memtest_rounds)
		return;
	pr_info("early_memtest: # of tests: %u\n", memtest_rounds);
	for (unsigned int i = memtest_rounds; i-- > 0;)
		do_one_pass(patterns[i % NR_PATTERNS], start, end);
}
