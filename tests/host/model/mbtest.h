/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the memblock tests share: a fresh memblock, rows of drawings, regions
 * written out, and lines of the log.
 */
#ifndef TESTS_HOST_MODEL_MBTEST_H
#define TESTS_HOST_MODEL_MBTEST_H

#include "tests/host/model/picture.h"

/* Page-sized cells from 16 MiB: where addresses do not matter. */
extern const struct picture_grid page_grid;

/*
 * memblock as it is at boot, resizing allowed or not, no mirror, no hotplug
 * rule, debug off, log and warnings forgotten.
 */
void mbtest_reset(void);

/* Reset and load both arrays; NULL is an empty array. */
void mbtest_load(const char *memory, const char *reserved, struct picture_grid grid);

/* What a row does to one array. */
enum row_op {
	ROW_ADD,		/* memblock_add(), or _add_node() if the letter is not '=' */
	ROW_RESERVE,
	ROW_REMOVE,
	ROW_PHYS_FREE,
	ROW_FREE,		/* through the virtual address */
	ROW_MARK_HOTPLUG,
	ROW_CLEAR_HOTPLUG,
	ROW_MARK_MIRROR,
	ROW_MARK_NOMAP,
	ROW_CLEAR_NOMAP,
	ROW_MARK_NOINIT,
	ROW_SET_NODE,		/* to the node of the letter, in memory */
	ROW_SET_NODE_RESERVED,
};

/*
 * One operation on one array.  @span is a drawing of one run of letters, its
 * place is the range, its letter gives node and flags where the operation takes
 * them.  The array is memory or reserved, whichever the operation is about.
 */
struct row {
	const char	*name;
	enum row_op	op;
	const char	*before;
	const char	*span;
	const char	*after;
	bool		warns;
};

/*
 * Run the row on several grids, as drawn and mirrored, alone and with many
 * strange regions on both sides (so that every search has something to search).
 * Return: true if the arrays, the result 0, and the warning are as the row says;
 * the other array must not have changed.
 */
bool row_holds(const struct row *row);

/* The range that the letters of @span other than '.' cover. */
void span_range(const char *span, struct picture_grid grid, phys_addr_t *base,
		phys_addr_t *size);

/* A WARN happened since mbtest_reset() or the last call. */
bool mbtest_warned(void);

#endif /* TESTS_HOST_MODEL_MBTEST_H */
