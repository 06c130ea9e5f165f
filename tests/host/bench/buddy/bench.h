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
#define BENCH_NONE	(~0UL)

/**
 * struct bench_allocator - one row's contender
 * @reset: nothing free; metadata in memory (touched), contents as they were
 * @seed: 2^order free pages at @page, aligned, never free before; ascending
 * @alloc: a handle, BENCH_NONE when there is none
 * @free: the same handle and order
 * @bytes_per_page: metadata
 */
struct bench_allocator {
	const char	*name;
	void		(*reset)(void);
	void		(*seed)(unsigned long page, unsigned int order);
	unsigned long	(*alloc)(unsigned int order);
	void		(*free)(unsigned long handle, unsigned int order);
	double		(*bytes_per_page)(void);
};

extern const struct bench_allocator bench_daybreak, bench_linuxlike, bench_bitmap;

#endif /* TESTS_HOST_BENCH_H */
