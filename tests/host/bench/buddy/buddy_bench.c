// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nanoseconds and instructions per operation of the buddy allocator beside three
 * references, on the host, over 4 GiB of simulated frames.  No verdict.
 *
 * The contenders run in turns.  Times are medians of these runs; what a row wins or
 * loses is the median of the ratios of neighbouring runs, so that a machine that is busy with
 * something else disturbs both alike.  Instructions do not know about load.
 */
#define _DEFAULT_SOURCE		/* madvise() */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "bench.h"

#define RUNS	7

static const struct bench_allocator *const contenders[] = {
	&bench_daybreak, &bench_linuxlike, &bench_bare, &bench_bitmap,
};

#define CONTENDERS	(sizeof(contenders) / sizeof(contenders[0]))
#define COUNTED		3	/* the first of them: instructions, too */
#define RIVALS		2	/* those behind the first: how many times slower are they? */

/* A live block. */
struct block {
	void		*handle;
	unsigned int	order;
};

static struct block live[BENCH_PAGES];
static unsigned long nr_live, live_pages;
static uint64_t random_state;

void bench_large_pages(void *at, size_t size)
{
	madvise(at, size, MADV_HUGEPAGE);	/* not everywhere, and then for nobody */
}

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

/* What is given to the buddy, cut into blocks beforehand: the same work for all, memblock's. */
static struct piece {
	unsigned int	page;
	unsigned int	order;
} pieces[BENCH_PAGES];
static unsigned long nr_pieces;

static void cut_range(unsigned long page, unsigned long end)
{
	while (page < end) {
		unsigned int order = page ? (unsigned int)__builtin_ctzl(page) : BENCH_ORDERS - 1;

		if (order >= BENCH_ORDERS)
			order = BENCH_ORDERS - 1;
		while (page + (1UL << order) > end)
			order--;
		pieces[nr_pieces++] = (struct piece){ (unsigned int)page, order };
		page += 1UL << order;
	}
}

static void seed_pieces(const struct bench_allocator *a)
{
	for (const struct piece *p = pieces; p < pieces + nr_pieces; p++)
		a->seed(p->page, p->order);
}

/* @n ranges with one page between them.  Return: ns per range. */
static double seed_ranges(const struct bench_allocator *a, unsigned long n)
{
	double start;

	nr_pieces = 0;
	for (unsigned long i = 0; i < n; i++)
		cut_range(BENCH_PAGES * i / n, BENCH_PAGES * (i + 1) / n - (n > 1));
	a->reset();
	start = now();
	seed_pieces(a);
	return (now() - start) / (double)n;
}

static void seed_all(const struct bench_allocator *a)
{
	nr_pieces = 0;
	cut_range(0, BENCH_PAGES);
	a->reset();
	seed_pieces(a);
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
		void *handle = a->alloc(plan[i]);

		if (!handle)
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
	void *handle;

	seed_all(a);
	start = now();
	while ((handle = a->alloc(0)))
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
	void *handles[16];
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

static const struct row {
	const char	*name;
	enum { STEADY, BULK, HOT, SEED } kind;
	unsigned int	how;		/* orders; shuffled?; pages; ranges */
} rows[] = {
	{ "mix, half in use: alloc + free", STEADY, ORDERS_MIX },
	{ "uniform orders: alloc + free", STEADY, ORDERS_UNIFORM },
	{ "order 0, half in use: alloc + free", STEADY, ORDERS_ZERO },
	{ "bulk: alloc all + free in order", BULK, false },
	{ "bulk: alloc all + free at random", BULK, true },
	{ "hot pair (per pair)", HOT, 1 },
	{ "hot 16 (per pair)", HOT, 16 },
	{ "seed 1 range (per range)", SEED, 1 },
	{ "seed 64 ranges (per range)", SEED, 64 },
	{ "seed 10k ranges (per range)", SEED, 10000 },
	{ "seed 100k ranges (per range)", SEED, 100000 },
};

static unsigned int row_numbers(const struct row *row)
{
	return row->kind <= BULK ? 2 : 1;
}

static void run_row(const struct row *row, const struct bench_allocator *a, double *ns)
{
	switch (row->kind) {
	case STEADY: return steady(a, (enum orders)row->how, ns);
	case BULK: return bulk(a, row->how, ns);
	case HOT: return hot(a, row->how, ns);
	case SEED: ns[0] = seed_ranges(a, row->how);
	}
}

static void count_row(const struct row *row, const struct bench_allocator *a, double *instructions)
{
	double ns[ROW_NUMBERS];

	run_row(row, bench_counting(a), ns);
	instructions[0] = bench_instructions(BENCH_ALLOC);
	instructions[1] = bench_instructions(BENCH_FREE);
	if (row->kind == HOT)
		instructions[0] += instructions[1];
	if (row->kind == SEED)
		instructions[0] = bench_instructions(BENCH_SEED) *
				  (double)bench_calls(BENCH_SEED) / row->how;
}

static int compare(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(const double *values)
{
	double sorted[RUNS];

	memcpy(sorted, values, sizeof(sorted));
	qsort(sorted, RUNS, sizeof(sorted[0]), compare);
	return sorted[RUNS / 2];
}

/* One number, or two with a plus, right-aligned in a column. */
static void print_cell(int width, int digits, unsigned int numbers, const double *v)
{
	char text[48];

	if (numbers == 2)
		snprintf(text, sizeof(text), "%.*f + %.*f", digits, v[0], digits, v[1]);
	else
		snprintf(text, sizeof(text), "%.*f", digits, v[0]);
	printf("%*s", width, text);
	fflush(stdout);
}

static void bench_row(const struct row *row)
{
	static double ns[CONTENDERS][ROW_NUMBERS][RUNS];
	double ratio[RIVALS][ROW_NUMBERS][RUNS], cell[ROW_NUMBERS];
	const unsigned int numbers = row_numbers(row);

	for (unsigned int run = 0; run < RUNS; run++) {
		for (unsigned int c = 0; c < CONTENDERS; c++) {
			double one[ROW_NUMBERS] = { 0 };

			run_row(row, contenders[c], one);
			for (unsigned int i = 0; i < numbers; i++)
				ns[c][i][run] = one[i];
		}
		for (unsigned int i = 0; i < RIVALS * numbers; i++)
			ratio[i / numbers][i % numbers][run] =
				ns[1 + i / numbers][i % numbers][run] / ns[0][i % numbers][run];
	}
	printf("%-35s", row->name);
	for (unsigned int c = 0; c < CONTENDERS; c++) {
		for (unsigned int i = 0; i < numbers; i++)
			cell[i] = median(ns[c][i]);
		print_cell(c ? 17 : 15, 1, numbers, cell);
	}
	for (unsigned int rival = 0; rival < RIVALS; rival++) {
		for (unsigned int i = 0; i < numbers; i++)
			cell[i] = median(ratio[rival][i]);
		print_cell(16, 2, numbers, cell);
	}
	for (unsigned int c = 0; c < COUNTED; c++) {
		count_row(row, contenders[c], cell);
		print_cell(15, 0, numbers, cell);
	}
	printf("\n");
}

int main(int argc, char **argv)
{
	printf("buddy benchmark, revision %s, %lu pages, medians of %d runs in turns\n\n",
	       argc > 1 ? argv[1] : "?", BENCH_PAGES, RUNS);
	printf("%-35s%15s%17s%34s%32s%45s\n", "", "", "ns", "", "times as fast as",
	       "instructions");
	printf("%-35s", "");
	for (unsigned int c = 0; c < CONTENDERS; c++)
		printf("%*s", c ? 17 : 15, contenders[c]->name);
	for (unsigned int rival = 0; rival < RIVALS; rival++)
		printf("%16s", contenders[1 + rival]->name);
	for (unsigned int c = 0; c < COUNTED; c++)
		printf("%15s", contenders[c]->name);
	printf("\n");
	for (unsigned int row = 0; row < sizeof(rows) / sizeof(rows[0]); row++)
		if (argc < 3 || strstr(rows[row].name, argv[2]))
			bench_row(&rows[row]);
	printf("%-35s", "metadata, bytes per page");
	for (unsigned int c = 0; c < CONTENDERS; c++) {
		contenders[c]->reset();
		printf("%*.2f", c ? 17 : 15, contenders[c]->bytes_per_page());
	}
	printf("\n");
	return 0;
}
