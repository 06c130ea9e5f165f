/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A lock for which CPUs queue: who asked first has it first (a ticket lock).
 *
 *	spin_lock	my ticket = next++, wait until serving == my ticket	acquire
 *	spin_unlock	serving++						release
 *
 * Context: holders may not sleep, and there is no sleep here.  No interrupt is ever enabled in this
 * kernel, so nothing has to be saved.  A fault inside of a lock that reports and takes the same one
 * would wait for ever, so code that reports takes none but its own (mm/page_alloc/page_bad.c).
 * As long as there is one CPU, which struct per_cpu.many_cpus says, a lock costs a branch.
 */
#ifndef KERNEL_LIB_SPINLOCK_H
#define KERNEL_LIB_SPINLOCK_H

#include "kernel/lib/compiler.h"
#include "kernel/lib/mutate.h"
#include "kernel/lib/percpu.h"

#include <arch/cpu.h>			/* cpu_relax() */

/** struct spinlock - all zero: nobody has it */
struct spinlock {
	uint32_t	next, serving;
};

/* Is there a second CPU?  Then what several CPUs write takes locks and atomic operations. */
static inline bool many_cpus(void)
{
	return unlikely(this_cpu()->many_cpus);
}

/* The two, where it is known that there are many. */
static __noinline __maybe_unused void spin_lock_shared(struct spinlock *lock)
{
	const uint32_t ticket = __atomic_fetch_add(&lock->next, 1, __ATOMIC_RELAXED);

	while (__atomic_load_n(&lock->serving, __ATOMIC_ACQUIRE) != ticket)
		cpu_relax();
}

static inline void spin_unlock_shared(struct spinlock *lock)
{
	__atomic_store_n(&lock->serving, lock->serving + 1,
			 MUTATE(unlock_without_release) ? __ATOMIC_RELAXED : __ATOMIC_RELEASE);
}

static inline void spin_lock(struct spinlock *lock)
{
	if (many_cpus() && !MUTATE(no_lock))
		spin_lock_shared(lock);
}

static inline void spin_unlock(struct spinlock *lock)
{
	if (many_cpus() && !MUTATE(no_lock))
		spin_unlock_shared(lock);
}

#endif /* KERNEL_LIB_SPINLOCK_H */
