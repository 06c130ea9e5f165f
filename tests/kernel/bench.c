/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ticks of the TSC for what memory does, for scripts/bench-guest: under QEMU's
 * `-icount shift=0,sleep=off` a tick is an instruction.  Runs only when named.
 *
 *	# bench phase direct map 123456
 *	# bench alloc order-0 ...
 *
 * The one law: all that was taken goes back.
 */
#include "kernel/lib/phase.h"
#include "kernel/lib/vsnprintf.h"	/* ksnprintf() */
#include "kernel/selftest.h"
#include "mm/buddy.h"
#include "mm/mm_init.h"
#include "mm/page_alloc.h"
#include "mm/totalram.h"

#include <arch/cpu.h>


#define ROUNDS	2000
#define HELD	256

/* Every page is written to, so the host must have as much: larger guests do without. */
#define EXHAUST_PAGES	(SZ_1G >> PAGE_SHIFT)

static void say(struct ktap *t, const char *what, uint64_t value)
{
	ktap_note(t, "bench %s %llu", what, (unsigned long long)value);
}

/* Of the hundred blocks in a mix 70 are pages; the others are 1 to 6 orders larger. */
static unsigned int mixed_order(unsigned int i)
{
	const unsigned int n = i * 61 % 100;

	return n < 70 ? 0 : n < 82 ? 1 : n < 90 ? 2 : n < 95 ? 3 : n < 98 ? 4 : n < 99 ? 5 : 6;
}

static unsigned int order_of(unsigned int i, unsigned int order)
{
	return order <= MAX_PAGE_ORDER ? order : mixed_order(i);
}

/* HELD blocks of @order, or a mix if it is larger than any; then back in the same sequence. */
static void bench_order(struct ktap *t, struct page **held, const char *name, unsigned int order)
{
	uint64_t alloc = 0, free = 0;
	char what[32];

	for (unsigned int round = 0; round < ROUNDS / HELD; round++) {
		uint64_t start = get_cycles(), middle;

		for (unsigned int i = 0; i < HELD; i++)
			held[i] = alloc_pages(GFP_KERNEL | __GFP_NOWARN, order_of(i, order));
		middle = get_cycles();
		for (unsigned int i = 0; i < HELD; i++)
			if (held[i])
				__free_pages(held[i], order_of(i, order));
		alloc += middle - start;
		free += get_cycles() - middle;
	}
	ksnprintf(what, sizeof(what), "alloc %s", name);
	say(t, what, alloc / (ROUNDS / HELD * HELD));
	ksnprintf(what, sizeof(what), "free %s", name);
	say(t, what, free / (ROUNDS / HELD * HELD));
}

/* The same with single pages by address. */
static void bench_addresses(struct ktap *t, unsigned long *at)
{
	uint64_t alloc = 0, free = 0;

	for (unsigned int round = 0; round < ROUNDS / HELD; round++) {
		uint64_t start = get_cycles(), middle;

		for (unsigned int i = 0; i < HELD; i++)
			at[i] = __get_free_pages(GFP_KERNEL | __GFP_NOWARN, 0);
		middle = get_cycles();
		for (unsigned int i = 0; i < HELD; i++)
			free_pages(at[i], 0);
		alloc += middle - start;
		free += get_cycles() - middle;
	}
	say(t, "__get_free_pages order 0", alloc / (ROUNDS / HELD * HELD));
	say(t, "free_pages order 0", free / (ROUNDS / HELD * HELD));
}

/* One page, taken and given back at once. */
static void bench_hot_pair(struct ktap *t)
{
	uint64_t start = get_cycles();

	for (unsigned int i = 0; i < ROUNDS; i++)
		__free_pages(alloc_pages(GFP_KERNEL, 0), 0);
	say(t, "hot pair", (get_cycles() - start) / ROUNDS);
}

/* All blocks of @order there are, linked through their first words, and all back. */
static void bench_exhaust(struct ktap *t, const char *name, unsigned int order)
{
	uint64_t start = get_cycles(), middle, count = 0;
	struct page *page, *last = NULL;
	char what[32];

	while ((page = alloc_pages(GFP_HIGHUSER_MOVABLE | __GFP_NOWARN, order))) {
		*(struct page **)page_address(page) = last;
		last = page;
		count++;
	}
	middle = get_cycles();
	for (; last; last = page) {
		page = *(struct page **)page_address(last);
		__free_pages(last, order);
	}
	if (!expect_true(t, count))
		return;
	ksnprintf(what, sizeof(what), "exhaust %s", name);
	say(t, what, (middle - start) / count);
	ksnprintf(what, sizeof(what), "refill %s", name);
	say(t, what, (get_cycles() - middle) / count);
}

static void say_phases(struct ktap *t)
{
	const struct boot_phase *phase, *next;
	char what[40];

	for (unsigned int i = 0; (phase = boot_phase_get(i)); i++) {
		next = boot_phase_get(i + 1);
		ksnprintf(what, sizeof(what), "phase %s", phase->name);
		if (next)
			say(t, what, next->start - phase->start);
	}
}

SELFTEST(report_bench)
{
	const unsigned long free = nr_free_pages();
	unsigned long blocks = 0;
	struct zone *zone;
	void *table;

	say_phases(t);
	for_each_populated_zone(zone) {
		unsigned long of_zone[NR_PAGE_ORDERS];

		buddy_count(zone, of_zone);
		blocks += of_zone[MAX_PAGE_ORDER];
	}
	say(t, "blocks", blocks);
	say(t, "reserved", get_num_physpages() - totalram_pages());
	bench_hot_pair(t);
	table = (void *)__get_free_pages(GFP_KERNEL, 0);	/* of what is held: HELD words */
	if (!expect_true(t, table))
		return;
	bench_order(t, table, "order 0", 0);
	bench_addresses(t, table);
	bench_order(t, table, "order 3", 3);
	bench_order(t, table, "mixed", NR_PAGE_ORDERS);
	free_pages((unsigned long)table, 0);
	if (free <= EXHAUST_PAGES) {
		bench_exhaust(t, "order 0", 0);
		bench_exhaust(t, "order 10", MAX_PAGE_ORDER);
	}
	expect_eq(t, nr_free_pages(), free);
}
