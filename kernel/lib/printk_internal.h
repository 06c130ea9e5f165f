/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between printk.c, console.c and the host harness.  Permitted includers:
 * kernel/lib/{printk,console}.c, tests/host/.
 */
#ifndef KERNEL_LIB_PRINTK_INTERNAL_H
#define KERNEL_LIB_PRINTK_INTERNAL_H

#include "kernel/lib/printk.h"

/* Show every complete line of the ring that @con has not shown yet. */
void console_catch_up(struct console *con);

/* The same for all enabled consoles; called by printk.c for each new line. */
void console_flush_all(void);

/* Start all consoles over with line 0; for an emptied ring. */
void console_rewind(void);

/* Tests only: empty ring, default levels, no clock; enabled consoles stay. */
void printk_reset(void);
/* Tests only: forget all consoles and what console= said. */
void console_reset(void);

#endif /* KERNEL_LIB_PRINTK_INTERNAL_H */
