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
 * @in_progress: a panic has begun; one writer, the CPU that panics first
 * @current_note: name of the panic note that is speaking, NULL if none; likewise
 * @reason: the first panic's, "" if there was none; likewise
 * @warns: WARNs so far; per CPU one day, summed up to report
 */
extern struct panic_state {
	void		(*halt_hook)(int status);
	bool		(*stack_ok)(unsigned long addr);
	bool		in_progress;
	const char	*current_note;
	char		reason[1024];
	unsigned int	warns;
} panic_state;

#endif /* KERNEL_LIB_PANIC_INTERNAL_H */
