/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cutting a range of pages into blocks.  A block has 2^order pages and begins at a
 * multiple of its size; whoever hands ranges to the buddy or takes them from it cuts them
 * into the largest blocks that fit:
 *
 *	pfn	3   4       8               16      20  21
 *	order	|0 |   2   |       3       |    2   | 0 |
 */
#ifndef MM_BLOCKS_H
#define MM_BLOCKS_H

/**
 * largest_block_order() - the order of the first block of [pfn, end)
 * @pfn, @end: page frame numbers, pfn < end; both of any alignment
 * @max: no block is larger than 2^max pages; below 64
 *
 * Return: the order of the largest block that begins at @pfn and ends at @end or below.
 * Page 0 is aligned to every size.
 */
static inline unsigned int largest_block_order(unsigned long pfn, unsigned long end,
					       unsigned int max)
{
	const unsigned long left = end - pfn;
	unsigned int order = max;
	unsigned long pages;

	if (pfn) {
		unsigned int aligned = (unsigned int)__builtin_ctzl(pfn);

		order = aligned < order ? aligned : order;
	}
	pages = 1UL << order;
	while (left < pages) {
		pages >>= 1;
		order--;
	}
	return order;
}

#endif /* MM_BLOCKS_H */
