// SPDX-License-Identifier: GPL-2.0-only
/*
 * A lock that knows its owner (see owned_lock.h).
 */
#include "kernel/lib/owned_lock.h"

#include "kernel/lib/panic.h"		/* panic_in_progress(), panic_park() */
#include "kernel/lib/percpu.h"

#include <arch/cpu.h>			/* cpu_relax() */

/* Much more than the longest line takes to be written on the slowest serial port in use. */
#define PATIENCE	20000000UL
#define POLITE_POLLS	32U

static bool try_lock(struct owned_lock *lock, unsigned int me)
{
	unsigned int nobody = 0;

	return __atomic_compare_exchange_n(&lock->owner, &nobody, me, false, __ATOMIC_ACQUIRE,
					   __ATOMIC_RELAXED);
}

/* Some time for those who wait, if the last one who had it wants it again. */
static void let_others_go_first(const struct owned_lock *lock, unsigned int me)
{
	for (unsigned int i = 0; i < POLITE_POLLS; i++) {
		if (__atomic_load_n(&lock->last, __ATOMIC_RELAXED) != me ||
		    !__atomic_load_n(&lock->waiting, __ATOMIC_RELAXED))
			return;
		cpu_relax();
	}
}

static void wait_for_lock(struct owned_lock *lock, unsigned int me)
{
	unsigned long polls = 0;

	__atomic_fetch_add(&lock->waiting, 1, __ATOMIC_RELAXED);
	while (!try_lock(lock, me)) {
		panic_park();
		cpu_relax();
		if (panic_in_progress() && ++polls == PATIENCE) {
			__atomic_store_n(&lock->owner, me, __ATOMIC_RELAXED);
			break;
		}
	}
	__atomic_fetch_sub(&lock->waiting, 1, __ATOMIC_RELAXED);
}

void owned_lock(struct owned_lock *lock)
{
	const unsigned int me = smp_processor_id() + 1;

	if (owned_lock_is_mine(lock)) {
		lock->depth++;
		return;
	}
	panic_park();
	let_others_go_first(lock, me);
	if (!try_lock(lock, me))
		wait_for_lock(lock, me);
	__atomic_store_n(&lock->last, me, __ATOMIC_RELAXED);
	lock->depth = 1;
}

bool owned_unlock(struct owned_lock *lock)
{
	if (--lock->depth)
		return false;
	__atomic_store_n(&lock->owner, 0, __ATOMIC_RELEASE);
	return true;
}

bool owned_lock_is_mine(const struct owned_lock *lock)
{
	return __atomic_load_n(&lock->owner, __ATOMIC_RELAXED) == smp_processor_id() + 1;
}
