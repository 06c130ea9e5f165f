/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The few types everybody shares.
 *
 * A physical address is a number, never a pointer: it becomes one only through
 * phys_to_virt() of <arch/memory.h>.  A page frame number is an unsigned long,
 * as in Linux.
 */
#ifndef KERNEL_LIB_TYPES_H
#define KERNEL_LIB_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint64_t phys_addr_t;

#define PHYS_ADDR_MAX	((phys_addr_t)-1)

/* Not from <limits.h>: gcc's own asks for a libc's, and a kernel is built without one. */
#ifndef INT_MAX
#define INT_MAX		__INT_MAX__
#endif
#ifndef ULONG_MAX
#define ULONG_MAX	(2UL * __LONG_MAX__ + 1UL)
#endif

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define BIT(n)		(1UL << (n))

#endif /* KERNEL_LIB_TYPES_H */
