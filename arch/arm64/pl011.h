/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the console's UART is: compiled in, then what the device tree or the user says.
 */
#ifndef ARCH_ARM64_PL011_H
#define ARCH_ARM64_PL011_H

#include "kernel/lib/types.h"

/**
 * pl011_use() - from now on the console is the PL011 at @pa
 * @who: has said so, for the log
 *
 * Only if a PL011 says there that it is one, and never where RAM is: else the console stays
 * where it is, and a line says so.  Lines before are kept and shown there, too.
 */
void pl011_use(phys_addr_t pa, const char *who);

/** pl011_earlycon() - `earlycon` without an address: Linux's line about the tree's UART at @pa */
void pl011_earlycon(phys_addr_t pa);

#endif /* ARCH_ARM64_PL011_H */
