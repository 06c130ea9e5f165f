/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The MultiProcessor specification's table: not read, but it is the BIOS's and stays.
 */
#ifndef ARCH_X86_64_MP_TABLE_H
#define ARCH_X86_64_MP_TABLE_H

#include "kernel/lib/types.h"

/* Look in the usual places; reserve what is found and say so. */
void find_mptable(void);

#endif /* ARCH_X86_64_MP_TABLE_H */
