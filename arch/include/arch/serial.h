/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Serial ports, polled: number 0 is for people, who read the log, number 1 for programs; the others
 * are there if console= names them.
 */
#ifndef ARCH_SERIAL_H
#define ARCH_SERIAL_H

#include "kernel/lib/types.h"

#define SERIAL_PORTS	4

/*
 * Find the ports, program 115200 8N1, register them as consoles, number 0 first.  A port that
 * is not there is left alone from then on: nothing waits for it.  Only the first call counts.
 */
void serial_init(void);

/* True if port @index answered at serial_init(). */
bool serial_present(unsigned int index);

/* True if the log goes to port @index: raw bytes would disturb it. */
bool serial_is_console(unsigned int index);

/* Write @n bytes as they are (no "\n" to "\r\n").  Silently drops them if there is no port. */
void serial_write_raw(unsigned int index, const char *s, size_t n);

/* One received byte, or -1 if none is waiting or there is no port. */
int serial_getc(unsigned int index);

#endif /* ARCH_SERIAL_H */
