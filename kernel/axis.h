/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An axis of addresses for pictures of characters: every border of what is drawn is a border of a
 * piece, and a piece is as wide as the logarithm of its size, so that 4 KiB and 1 TiB are both
 * seen; a piece in which there is nothing is a third as wide.
 */
#ifndef KERNEL_AXIS_H
#define KERNEL_AXIS_H

#include "kernel/lib/types.h"

struct axis_border {
	phys_addr_t	at;
	unsigned int	weight;		/* of the piece that begins here */
};

/**
 * struct axis - filled by axis_add(), then axis_weigh()
 * @border: ascending, without doubles
 * @borders, @room: how many, and how many fit: a full axis takes no more
 * @total: sum of the weights
 */
struct axis {
	struct axis_border	*border;
	unsigned int		borders, room;
	unsigned int		total;
};

/* Let a piece end, and the next one begin, at @at. */
void axis_add(struct axis *axis, phys_addr_t at);

/* Weigh every piece; @is_something says whether there is anything in [base, end). */
void axis_weigh(struct axis *axis, bool (*is_something)(phys_addr_t base, phys_addr_t end));

/**
 * axis_start() - the first address drawn in column @column of @width
 *
 * Columns that begin inside a piece begin at its share of the piece; column @width is the end.
 */
phys_addr_t axis_start(const struct axis *axis, unsigned int column, unsigned int width);

#endif /* KERNEL_AXIS_H */
