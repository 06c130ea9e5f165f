// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nanoseconds per operation of the buddy allocator beside two references, on the
 * host, over 4 GiB of simulated frames.  Best of several runs; no verdict.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench.h"

#define RUNS	5

static const struct bench_allocator *const contenders[] = {
	&bench_daybreak, &bench_linuxlike, &bench_bitmap,
};

#define CONTENDERS	(sizeof(contenders) / sizeof(contenders[0]))

/* A live block. */
struct block {
	unsigned long	handle;
	unsigned int	order;
};

static struct block live[BENCH_PAGES];
static unsigned long nr_live, live_pages;
static uint64_t random_state;

static uint64_t random_next(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

static unsigned long random_below(unsigned long n)
{
	return (unsigned long)((unsigned __int128)random_next() * n >> 64);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* ---- seeding ---------------------------------------------------------------------- */

static void seed_range(const struct bench_allocator *a, unsigned long page, unsigned long end)
{
	while (page < end) {
		unsigned int order = page ? (unsigned int)__builtin_ctzl(page) : BENCH_ORDERS - 1;

		if (order >= BENCH_ORDERS)
			order = BENCH_ORDERS - 1;
		while (page + (1UL << order) > end)
			order--;
		a->seed(page, order);
		page += 1UL << order;
	}
}

/* @n ranges with one page between them.  Return: ns per range. */
static double seed_ranges(const struct bench_allocator *a, unsigned long n)
{
	double start;

	a->reset();
	start = now();
	for (unsigned long i = 0; i < n; i++)
		seed_range(a, BENCH_PAGES * i / n, BENCH_PAGES * (i + 1) / n - (n > 1));
	return (now() - start) / (double)n;
}

static void seed_all(const struct bench_allocator *a)
{
	a->reset();
	seed_range(a, 0, BENCH_PAGES);
	nr_live = live_pages = 0;
	random_state = 88172645463325252ULL;
}

/* ---- steady state ------------------------------------------------------------------- */

enum orders { ORDERS_MIX, ORDERS_UNIFORM, ORDERS_ZERO };

static unsigned int pick_order(enum orders orders)
{
	if (orders == ORDERS_ZERO)
		return 0;
	if (orders == ORDERS_UNIFORM)
		return (unsigned int)random_below(BENCH_ORDERS);
	return random_below(10) < 7 ? 0 : (unsigned int)random_below(BENCH_ORDERS - 2) + 1;
}

#define BATCH	4096UL

static unsigned int plan[BATCH];

static unsigned long alloc_batch(const struct bench_allocator *a, enum orders orders, double *ns)
{
	unsigned long done = 0;
	double start;

	for (unsigned long i = 0; i < BATCH; i++)
		plan[i] = pick_order(orders);
	start = now();
	for (unsigned long i = 0; i < BATCH && live_pages < BENCH_PAGES / 2; i++) {
		unsigned long handle = a->alloc(plan[i]);

		if (handle == BENCH_NONE)
			continue;
		live[nr_live++] = (struct block){ handle, plan[i] };
		live_pages += 1UL << plan[i];
		done++;
	}
	*ns += now() - start;
	return done;
}

static unsigned long free_batch(const struct bench_allocator *a, double *ns)
{
	static struct block victims[BATCH];
	unsigned long count = nr_live < BATCH ? nr_live : BATCH;
	double start;

	for (unsigned long i = 0; i < count; i++) {
		unsigned long v = random_below(nr_live);

		victims[i] = live[v];
		live[v] = live[--nr_live];
		live_pages -= 1UL << victims[i].order;
	}
	start = now();
	for (unsigned long i = 0; i < count; i++)
		a->free(victims[i].handle, victims[i].order);
	*ns += now() - start;
	return count;
}

static void steady(const struct bench_allocator *a, enum orders orders, double *result)
{
	double warm = 0, alloc_ns = 0, free_ns = 0;
	unsigned long allocs = 0, frees = 0;

	seed_all(a);
	while (live_pages < BENCH_PAGES / 2)
		alloc_batch(a, orders, &warm);
	for (unsigned int i = 0; i < 400; i++) {
		bool counts = i >= 200;

		frees += counts * free_batch(a, counts ? &free_ns : &warm);
		allocs += counts * alloc_batch(a, orders, counts ? &alloc_ns : &warm);
	}
	result[0] = alloc_ns / (double)allocs;
	result[1] = free_ns / (double)frees;
}

/* ---- bulk and hot --------------------------------------------------------------------- */

static void bulk(const struct bench_allocator *a, bool shuffle, double *result)
{
	double start;
	unsigned long handle;

	seed_all(a);
	start = now();
	while ((handle = a->alloc(0)) != BENCH_NONE)
		live[nr_live++].handle = handle;
	result[0] = (now() - start) / (double)nr_live;
	for (unsigned long i = nr_live; shuffle && i > 1; i--) {
		unsigned long other = random_below(i);

		handle = live[i - 1].handle;
		live[i - 1].handle = live[other].handle;
		live[other].handle = handle;
	}
	start = now();
	for (unsigned long i = 0; i < nr_live; i++)
		a->free(live[i].handle, 0);
	result[1] = (now() - start) / (double)nr_live;
}

static void hot(const struct bench_allocator *a, unsigned int n, double *result)
{
	enum { ROUNDS = 2000000 };
	unsigned long handles[16];
	double start;

	seed_all(a);
	start = now();
	for (unsigned int i = 0; i < ROUNDS / n; i++) {
		for (unsigned int j = 0; j < n; j++)
			handles[j] = a->alloc(0);
		for (unsigned int j = 0; j < n; j++)
			a->free(handles[j], 0);
	}
	result[0] = (now() - start) / ROUNDS;
}

/* ---- table ------------------------------------------------------------------------------ */

#define ROW_NUMBERS	2

static void run_row(unsigned int row, const struct bench_allocator *a, double *result)
{
	static const unsigned long ranges[] = { 1, 64, 10000, 100000 };

	switch (row) {
	case 0: return steady(a, ORDERS_MIX, result);
	case 1: return steady(a, ORDERS_UNIFORM, result);
	case 2: return steady(a, ORDERS_ZERO, result);
	case 3: return bulk(a, false, result);
	case 4: return bulk(a, true, result);
	case 5: return hot(a, 1, result);
	case 6: return hot(a, 16, result);
	default:
		result[0] = seed_ranges(a, ranges[row - 7]);
	}
}

static const struct {
	const char	*name;
	unsigned int	numbers;
} rows[] = {
	{ "mix, half in use: alloc + free", 2 },
	{ "uniform orders: alloc + free", 2 },
	{ "order 0, half in use: alloc + free", 2 },
	{ "bulk: alloc all + free in order", 2 },
	{ "bulk: alloc all + free at random", 2 },
	{ "hot pair (per pair)", 1 },
	{ "hot 16 (per pair)", 1 },
	{ "seed 1 range (per range)", 1 },
	{ "seed 64 ranges (per range)", 1 },
	{ "seed 10k ranges (per range)", 1 },
	{ "seed 100k ranges (per range)", 1 },
};

static void best_of(unsigned int row, const struct bench_allocator *a, double *best)
{
	for (unsigned int run = 0; run < RUNS; run++) {
		double result[ROW_NUMBERS] = { 0 };

		run_row(row, a, result);
		for (unsigned int i = 0; i < rows[row].numbers; i++)
			if (!run || result[i] < best[i])
				best[i] = result[i];
	}
}

int main(int argc, char **argv)
{
	printf("buddy benchmark, revision %s, ns, best of %d, %lu pages\n\n", argc > 1 ? argv[1] : "?",
	       RUNS, BENCH_PAGES);
	printf("%-36s", "");
	for (unsigned int c = 0; c < CONTENDERS; c++)
		printf("%20s", contenders[c]->name);
	printf("%12s\n", "vs linux");
	for (unsigned int row = 0; row < sizeof(rows) / sizeof(rows[0]); row++) {
		double best[CONTENDERS][ROW_NUMBERS] = { { 0 } };

		if (argc > 2 && !strstr(rows[row].name, argv[2]))
			continue;
		printf("%-36s", rows[row].name);
		for (unsigned int c = 0; c < CONTENDERS; c++) {
			char text[40];

			best_of(row, contenders[c], best[c]);
			if (rows[row].numbers == 2)
				snprintf(text, sizeof(text), "%.1f + %.1f", best[c][0], best[c][1]);
			else
				snprintf(text, sizeof(text), "%.1f", best[c][0]);
			printf("%20s", text);
			fflush(stdout);
		}
		printf("%6.2f", best[1][0] / best[0][0]);
		if (rows[row].numbers == 2)
			printf(" %5.2f", best[1][1] / best[0][1]);
		printf("\n");
	}
	printf("%-36s", "metadata, bytes per page");
	for (unsigned int c = 0; c < CONTENDERS; c++) {
		contenders[c]->reset();
		printf("%20.2f", contenders[c]->bytes_per_page());
	}
	printf("\n");
	return 0;
}
