/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A lock that knows its owner, for what must work inside itself: a fault while a line is written
 * to the log is reported by lines of the log.
 *
 * The owner may take it again; the last release frees it.  There is no queue, because under a
 * hypervisor the CPU whose turn it is may not be running; but who had it last lets others go first.
 */
#ifndef KERNEL_LIB_OWNED_LOCK_H
#define KERNEL_LIB_OWNED_LOCK_H

#include <stdbool.h>

/**
 * struct owned_lock - zeros are a free one
 * @last: the owner before
 * @waiting: CPUs that want it
 * @owner: number of the CPU that has it, plus 1; 0: nobody
 * @depth: how often the owner has taken it; written by the owner only
 */
struct owned_lock {
	unsigned int	last;
	unsigned int	waiting;
	unsigned int	owner;
	unsigned int	depth;
};

/**
 * owned_lock() - wait for it and take it
 *
 * After a panic has begun other CPUs stop here, and the one that speaks takes it by force from an
 * owner that does not give it back, because that CPU may have been stopped.
 */
void owned_lock(struct owned_lock *lock);

/** owned_unlock() - give it back.  Return: true if it is free now, false if still ours */
bool owned_unlock(struct owned_lock *lock);

/** owned_lock_is_mine() - has this CPU taken it? */
bool owned_lock_is_mine(const struct owned_lock *lock);

#endif /* KERNEL_LIB_OWNED_LOCK_H */
