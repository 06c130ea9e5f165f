/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mm/port.h of the explorer and the fuzzer: a quiet, fast world.
 *
 * Warnings are counted, lines are dropped, a panic leaves through port_panic().
 * Everything else of memblock is the very text that runs in the kernel.
 */
#ifndef MM_PORT_H
#define MM_PORT_H

#include <arch/memory.h>

#include <limits.h>
#include <string.h>

#include "kernel/lib/align.h"
#include "kernel/lib/compiler.h"
#include "kernel/lib/errno.h"
#include "kernel/lib/types.h"
#include "mm/numa.h"

extern unsigned int port_warns;
__attribute__((noreturn)) void port_panic(const char *what, int line);
__attribute__((format(printf, 1, 2))) int printk(const char *fmt, ...);	/* drops it */

static inline void port_drop(const char *fmt, ...)
{
	(void)fmt;
}

static inline unsigned int warn_count(void)
{
	return port_warns;
}

#define KERN_INFO	""
#define WARN_ON(cond)			({ bool w_ = !!(cond); port_warns += w_; w_; })
#define WARN(cond, ...)			(port_drop(__VA_ARGS__), WARN_ON(cond))
#define WARN_ONCE(cond, ...)		WARN(cond, __VA_ARGS__)
#define BUG_ON(cond)			((cond) ? port_panic(__FILE__, __LINE__) : (void)0)
#define panic(...)			(port_drop(__VA_ARGS__), port_panic(__FILE__, __LINE__))
#define pr_err(...)			port_drop(__VA_ARGS__)
#define pr_warn(...)			port_drop(__VA_ARGS__)
#define pr_warn_ratelimited(...)	port_drop(__VA_ARGS__)
#define dump_stack()			((void)0)

static inline void accept_memory(phys_addr_t start, phys_addr_t size)
{
	(void)start;
	(void)size;
}

#endif /* MM_PORT_H */
