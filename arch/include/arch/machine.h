/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine around the CPU: time, and how to leave.
 */
#ifndef ARCH_MACHINE_H
#define ARCH_MACHINE_H

#include "kernel/lib/types.h"
#include "kernel/lib/panic.h"		/* enum exit_status */

/* Calibrate the TSC and give printk its clock.  Needs cpu_init(). */
void clock_init(void);

/* Nanoseconds since clock_init(); 0 before, or if the TSC could not be calibrated. */
uint64_t clock_ns(void);

/* The TSC's frequency in kHz; 0 if unknown. */
uint64_t clock_tsc_khz(void);

/* Busy-wait @ms milliseconds; about that if the TSC could not be calibrated. */
void clock_delay_ms(unsigned int ms);

/* Tell panic() how to stop: it waits and resets as panic=N says (see machine_stop()). */
void machine_init(void);

/*
 * End the run with @status, one of enum exit_status.  If there is a debug exit device -- under
 * TCG or KVM, or promised by the parameter `debug_exit` -- QEMU exits with that status.
 * Elsewhere the CPU stops.
 */
__noreturn void machine_exit(int status);

/*
 * As machine_exit(), but where there is no debug exit device obey panic=N: N > 0 resets after
 * N seconds, N < 0 at once, 0 (the default) stops.
 */
__noreturn void machine_stop(int status);

/* Restart the machine by every known way; stops the CPU if none works. */
__noreturn void machine_reset(void);

#endif /* ARCH_MACHINE_H */
