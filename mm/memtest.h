/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * memtest=N: write patterns to all free memory and read them back.
 */
#ifndef MM_MEMTEST_H
#define MM_MEMTEST_H

#include "kernel/lib/types.h"

/**
 * early_memtest() - test the free memory in [@start, @end)
 *
 * Runs the patterns memtest= asked for, the last one first, so that memory ends up
 * zeroed.  Bad words are reserved and said.  Nothing without memtest=.
 *
 * Context: the range is in the direct map; destroys what is free.
 */
void early_memtest(phys_addr_t start, phys_addr_t end);

#endif /* MM_MEMTEST_H */
