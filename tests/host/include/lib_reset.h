/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kernel/lib as it was when the machine was switched on.
 */
#ifndef TESTS_HOST_LIB_RESET_H
#define TESTS_HOST_LIB_RESET_H

const char *panic_reason(void);	/* of the last panic, "" if none */
void panic_reset(void);		/* as if it had not happened */
void warn_reset(void);		/* warn_count() is 0 again */
void params_reset(void);	/* parse_early_param() works once more; the first dialect */
void trace_reset(void);		/* empty, no sink */
void printk_reset(void);	/* empty ring, default levels, no clock; enabled consoles stay */
void screen_reset(void);	/* no screen; console= may not have named it */
void console_reset(void);	/* no consoles, and console= has said nothing */

#endif /* TESTS_HOST_LIB_RESET_H */
