/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A picture of memory on the screen: the map, who has reserved what of RAM, nodes, owners, free
 * blocks by order, and the sum.
 */
#ifndef KERNEL_PICTURE_H
#define KERNEL_PICTURE_H

/**
 * picture_after_boot() - draw it over the upper part of the screen
 *
 * The end of the log stays below it.  Does nothing without a screen of 80 columns and 25 rows that
 * is a console.
 *
 * Context: after the hand-over; the command `picture` draws it again.
 */
void picture_after_boot(void);

#endif /* KERNEL_PICTURE_H */
