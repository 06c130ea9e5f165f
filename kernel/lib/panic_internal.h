/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What panic.c and backtrace.c remember.
 */
#ifndef KERNEL_LIB_PANIC_INTERNAL_H
#define KERNEL_LIB_PANIC_INTERNAL_H

#include "kernel/lib/panic.h"

/**
 * struct panic_state - the end, and what was odd on the way there
 * @halt_hook: how to stop; constant after boot
 * @stack_ok: whether call traces may read 16 bytes at an address; constant after boot
 * @stop_others: stops the other CPUs; constant after boot
 * @owner: number of the CPU that panicked first, plus 1; 0: no panic has begun
 * @parked: CPUs that have stopped for it
 * @current_note: name of the panic note that is speaking, NULL if none; likewise
 * @reason: the first panic's, "" if there was none; likewise
 * @warns: WARNs so far, of all CPUs; counted by an atomic addition
 */
extern struct panic_state {
	void		(*halt_hook)(int status);
	bool		(*stack_ok)(unsigned long addr);
	void		(*stop_others)(void);
	unsigned int	owner;
	unsigned int	parked;
	const char	*current_note;
	char		reason[1024];
	unsigned int	warns;
} panic_state;

#endif /* KERNEL_LIB_PANIC_INTERNAL_H */
