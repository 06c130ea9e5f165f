/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What screen.c remembers.
 */
#ifndef KERNEL_LIB_SCREEN_INTERNAL_H
#define KERNEL_LIB_SCREEN_INTERNAL_H

#include "kernel/lib/printk.h"		/* struct console */
#include "kernel/lib/screen.h"

enum screen_escape { ESCAPE_NONE, ESCAPE_BEGUN, ESCAPE_NUMBER };

/**
 * struct screen - the screen; one writer, the CPU that printks
 * @dev: NULL: there is none; constant after screen_start()
 * @cells: what is shown, row by row
 * @col, @row: the cursor; @col may be behind the last column, @row behind the last row: the line
 *	breaks, and the screen moves up, when the next character comes
 * @hidden: cells are kept, but not drawn
 * @escape, @number: inside an escape, and its number so far
 */
extern struct screen {
	const struct screen_device	*dev;
	struct screen_cell		*cells;
	unsigned int			col, row;
	bool				hidden;
	enum screen_escape		escape;
	unsigned int			number;
	struct console			console;
} screen;

#endif /* KERNEL_LIB_SCREEN_INTERNAL_H */
