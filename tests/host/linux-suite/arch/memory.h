/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <arch/memory.h> inside Linux's tools/testing/memblock: its stub headers have all of
 * it, and physical addresses are virtual ones.
 */
#ifndef ARCH_MEMORY_H
#define ARCH_MEMORY_H

#include <linux/kernel.h>
#include <linux/types.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/pfn.h>
#include <linux/cache.h>

#endif /* ARCH_MEMORY_H */
