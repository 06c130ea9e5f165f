/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine around the CPU: time, and how to leave.
 */
#ifndef ARCH_MACHINE_H
#define ARCH_MACHINE_H

#include "kernel/lib/types.h"
#include "kernel/lib/panic.h"		/* enum exit_status */

/* Find out how fast get_cycles() counts and give printk its clock.  Needs cpu_init(). */
void clock_init(void);

/* Nanoseconds since clock_init(); 0 before, or if there is no usable time source. */
uint64_t clock_ns(void);

/* How fast get_cycles() counts, in kHz; 0 if unknown. */
uint64_t clock_khz(void);

/* Busy-wait @ms milliseconds; about that if there is no usable time source. */
void clock_delay_ms(unsigned int ms);

/* Tell panic() how to stop: it waits and resets as panic=N says (see machine_stop()). */
void machine_init(void);

/*
 * End the run with @status, one of enum exit_status.  Where QEMU offers a way to leave it (it is
 * likely to be there, or the parameter `debug_exit` promises it), QEMU exits with that status;
 * elsewhere the CPU stops.
 */
__noreturn void machine_exit(int status);

/*
 * As machine_exit(), but where QEMU cannot be left obey panic=N: N > 0 resets after
 * N seconds, N < 0 at once, 0 (the default) stops.
 */
__noreturn void machine_stop(int status);

/* Restart the machine by every known way; stops the CPU if none works. */
__noreturn void machine_reset(void);

#endif /* ARCH_MACHINE_H */
