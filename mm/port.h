/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Everything mm/memblock/memblock*.c needs from outside.  A foreign test-suite, a bench
 * or another kernel supplies its own file of this name and nothing else; see
 * tests/host/linux-suite/mm/port.h for one.  Adding a symbol needs a reason in
 * the commit.
 *
 *	phys_to_virt() virt_to_phys() PAGE_SIZE PFN_*	<arch/memory.h>
 *	memset() memcpy() memmove()			kernel/lib/string.h
 *	printk() pr_*()					kernel/lib/printk.h
 *	panic() dump_stack() BUG*() WARN*()		kernel/lib/panic.h, bug.h
 *	RET_IP __noinline likely() unlikely()		kernel/lib/compiler.h
 *	accept_memory()					here: first touch of memory given out
 */
#ifndef MM_PORT_H
#define MM_PORT_H

#include <arch/memory.h>

#include "kernel/lib/align.h"
#include "kernel/lib/bug.h"
#include "kernel/lib/compiler.h"
#include "kernel/lib/errno.h"
#include "kernel/lib/panic.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/lib/types.h"
#include "mm/numa.h"

/* Linux differs: it allows ten of these in five seconds.  This early nobody knows the time. */
#define pr_warn_ratelimited	pr_warn

/*
 * Called for every range given out, before its first use: where the architecture makes sure
 * that there is memory at all.
 */
void accept_memory(phys_addr_t start, phys_addr_t size);

#endif /* MM_PORT_H */
