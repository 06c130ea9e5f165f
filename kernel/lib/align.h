/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rounding and comparing.  All alignments are powers of two; ALIGN_UP() wraps
 * to 0 where the result does not fit, callers that take foreign numbers check.
 */
#ifndef KERNEL_LIB_ALIGN_H
#define KERNEL_LIB_ALIGN_H

#define ALIGN_DOWN(x, a)	((x) & ~((__typeof__(x))(a)-1))
#define ALIGN_UP(x, a)		ALIGN_DOWN((x) + ((__typeof__(x))(a)-1), a)
#define IS_ALIGNED(x, a)	(((x) & ((__typeof__(x))(a)-1)) == 0)

#define SZ_4K	0x1000UL
#define SZ_64K	0x10000UL
#define SZ_1M	0x100000UL
#define SZ_2M	0x200000UL
#define SZ_16M	0x1000000UL
#define SZ_1G	0x40000000UL
#define SZ_4G	0x100000000UL

/* Types must agree, as -Wsign-compare would ask. */
#define MIN(a, b)	((a) < (b) ? (a) : (b))
#define MAX(a, b)	((a) > (b) ? (a) : (b))

#endif /* KERNEL_LIB_ALIGN_H */
