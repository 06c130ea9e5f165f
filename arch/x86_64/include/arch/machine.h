/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine around the CPU: time, and how to leave.
 */
#ifndef ARCH_MACHINE_H
#define ARCH_MACHINE_H

#include "kernel/lib/types.h"

/* Values for machine_exit(); QEMU's exit status is value * 2 + 1. */
enum exit_value {
	EXIT_PASSED	= 16,		/* 33 */
	EXIT_PANIC	= 17,		/* 35 */
	EXIT_FAILED	= 18,		/* 37: a test failed */
};

/* Calibrate the TSC and give printk its clock.  Needs cpu_init(). */
void clock_init(void);

/* Nanoseconds since clock_init(); 0 before. */
uint64_t clock_ns(void);

/* Busy-wait; returns at once if the clock could not be calibrated. */
void clock_delay_ms(unsigned int ms);

/*
 * End the run: hand @value to the hypervisor's isa-debug-exit device if there is one
 * (under TCG or KVM, or asked for by `debug_exit`), else stop the CPU.
 */
__attribute__((noreturn)) void machine_exit(enum exit_value value);

/* Restart the machine by every known way; stops the CPU if none works. */
__attribute__((noreturn)) void machine_reset(void);

/* Registered with panic(): obeys panic=N, then leaves with EXIT_PANIC. */
void machine_init(void);

#endif /* ARCH_MACHINE_H */
