/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the buddy benchmark needs of an allocator.  Pages are numbered from 0.
 */
#ifndef TESTS_HOST_BENCH_H
#define TESTS_HOST_BENCH_H

#include <stdbool.h>
#include <stddef.h>

#define BENCH_PAGES	(1UL << 20)	/* 4 GiB of simulated frames */
#define BENCH_ORDERS	11

/**
 * struct bench_allocator - one row's contender
 * @reset: nothing free; metadata in memory (touched), contents as they were
 * @seed: 2^order free pages at @page, aligned, never free before; ascending
 * @alloc: a handle -- the address of a descriptor, as in Linux -- or NULL
 * @free: the same handle and order
 * @bytes_per_page: metadata
 */
struct bench_allocator {
	const char	*name;
	void		(*reset)(void);
	void		(*seed)(unsigned long page, unsigned int order);
	void		*(*alloc)(unsigned int order);
	void		(*free)(void *handle, unsigned int order);
	double		(*bytes_per_page)(void);
};

/* Metadata lies in large pages, as a kernel's direct map does. */
void bench_large_pages(void *at, size_t size);

extern const struct bench_allocator bench_daybreak, bench_linuxlike, bench_bare, bench_bitmap;

/* ---- instructions.c ------------------------------------------------------------ */

enum bench_operation { BENCH_SEED, BENCH_ALLOC, BENCH_FREE, BENCH_OPERATIONS };

/* The same allocator with its calls counted, from zero. */
const struct bench_allocator *bench_counting(const struct bench_allocator *a);

/* Mean instructions of a call since then, and the number of calls. */
double bench_instructions(enum bench_operation op);
unsigned long bench_calls(enum bench_operation op);

#endif /* TESTS_HOST_BENCH_H */
