/* SPDX-License-Identifier: GPL-2.0-only */
/* "kernel/lib/types.h" inside Linux's tools/testing/memblock. */
#ifndef KERNEL_LIB_TYPES_H
#define KERNEL_LIB_TYPES_H

#include <linux/types.h>

#endif /* KERNEL_LIB_TYPES_H */
