/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For the host harness: survive a panic.  Permitted includers:
 * kernel/lib/panic.c, tests/host/.
 */
#ifndef KERNEL_LIB_PANIC_INTERNAL_H
#define KERNEL_LIB_PANIC_INTERNAL_H

const char *panic_reason(void);	/* of the last panic, "" if none */
void panic_reset(void);		/* as if it had not happened */
void warn_reset(void);		/* warn_count() is 0 again */

#endif /* KERNEL_LIB_PANIC_INTERNAL_H */
