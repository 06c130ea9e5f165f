// SPDX-License-Identifier: GPL-2.0-only
/*
 * Leaving the machine: by semihosting with a status, by PSCI without one.
 *
 * A semihosting call where nobody serves it is an undefined instruction; trap_handle() steps over
 * it and the call fails.  So it is tried anywhere.
 */
#include <arch/machine.h>

#include "arch/arm64/semihost.h"
#include "kernel/lib/panic.h"
#include "kernel/lib/printk.h"

#include <arch/cpu.h>

#define SYS_EXIT_EXTENDED	0x20
#define APPLICATION_EXIT	0x20026UL

#define PSCI_SYSTEM_RESET	0x84000009UL

static void try_exit(int status)
{
	const uint64_t block[2] = { APPLICATION_EXIT, (uint64_t)status };

	printk_flush();
	console_hold(false);
	semihost_call(SYS_EXIT_EXTENDED, block);
}

void machine_exit(int status)
{
	try_exit(status);
	cpu_halt();
}

void machine_stop(int status)
{
	try_exit(status);
	if (panic_timeout == 0)
		cpu_halt();
	if (panic_timeout > 0) {
		pr_emerg("Rebooting in %d seconds..\n", panic_timeout);
		for (int s = 0; s < panic_timeout; s++)
			clock_delay_ms(1000);
	}
	machine_reset();
}

/* Firmware is called by hvc or smc; the one that is not there is an exception, stepped over. */
void machine_reset(void)
{
	printk_flush();
	psci_call_hvc(PSCI_SYSTEM_RESET);
	psci_call_smc(PSCI_SYSTEM_RESET);
	cpu_halt();
}

void machine_init(void)
{
	panic_set_halt(machine_stop);
}
