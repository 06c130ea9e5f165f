/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CPU exceptions: each ends in a report (what, where, registers, call trace) and a panic.
 */
#ifndef ARCH_TRAPS_H
#define ARCH_TRAPS_H

#include "kernel/lib/types.h"

/* Handle exceptions, on stacks that work, and tell call traces what is stack. */
void trap_init(void);

/* Read one byte of any address; false, and *@value untouched, if that faults. */
bool probe_read_byte(uint64_t va, uint8_t *value);

/* A phrase for the place @va lies in: "kernel text", "boot stack guard page", "NULL page"... */
const char *address_place(uint64_t va);

#endif /* ARCH_TRAPS_H */
