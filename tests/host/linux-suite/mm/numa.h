/* SPDX-License-Identifier: GPL-2.0-only */
/* "mm/numa.h" inside Linux's tools/testing/memblock. */
#ifndef MM_NUMA_H
#define MM_NUMA_H

#include <linux/types.h>
#include <linux/numa.h>

#endif /* MM_NUMA_H */
