/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Searching a sorted array of ranges.
 */
#ifndef MM_SORTED_H
#define MM_SORTED_H

/**
 * first_ending_above() - of @n ranges that are sorted and disjoint, the first that ends above @x
 * @n: how many there are; 0 is allowed
 * @i: a name for the index, which @end uses
 * @end: the end of range number @i, an expression: the byte or page behind it
 *
 *	x		       |
 *	ranges	[--0--)  [--1--)   [--2--)	1, or 2 if x is 1's end
 *
 * Return: its index; @n if all end at @x or below.
 */
#define first_ending_above(n, x, i, end)				\
	({								\
		unsigned int low_ = 0, high_ = (n);			\
									\
		while (low_ < high_) {					\
			const unsigned int i = low_ + (high_ - low_) / 2; \
									\
			if ((end) <= (x))				\
				low_ = i + 1;				\
			else						\
				high_ = i;				\
		}							\
		low_;							\
	})

#endif /* MM_SORTED_H */
