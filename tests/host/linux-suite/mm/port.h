/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mm/port.h inside Linux's tools/testing/memblock: names of ours in terms of its stubs.
 */
#ifndef MM_PORT_H
#define MM_PORT_H

#include <arch/memory.h>

#include <limits.h>
#include <linux/errno.h>
#include <linux/kmemleak.h>	/* dump_stack() */
#include <linux/memory_hotplug.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <stdlib.h>

#include "mm/numa.h"

#define RET_IP		_RET_IP_

#ifndef __noinline
#define __noinline	noinline
#endif
#ifndef ALIGN_UP
#define ALIGN_UP(x, a)	ALIGN(x, a)
#endif
#ifndef MIN
#define MIN(a, b)	((a) < (b) ? (a) : (b))
#define MAX(a, b)	((a) > (b) ? (a) : (b))
#endif
#ifndef KERN_INFO
#define KERN_INFO	""
#endif

#define panic(fmt, ...)						\
	do {							\
		fprintf(stderr, fmt "\n", ##__VA_ARGS__);	\
		abort();					\
	} while (0)

#endif /* MM_PORT_H */
