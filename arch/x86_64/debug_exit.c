/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Leaving: QEMU's debug exit device, a reset, or a stopped CPU.
 */
#include <arch/machine.h>

#include "arch/x86_64/io.h"
#include "kernel/lib/init.h"
#include "kernel/lib/params.h"	/* early_flag() */
#include "kernel/lib/printk.h"	/* printk_flush() */
#include "kernel/lib/string.h"	/* strcmp() */

#include <arch/cpu.h>
#include <asm/cpufeature.h>

#define DEBUG_EXIT_PORT	0xf4	/* -device isa-debug-exit,iobase=0xf4,iosize=4 */
#define RESET_CONTROL	0xcf9	/* PCI chip sets */
#define KEYBOARD_PORT	0x64

static bool debug_exit_promised;		/* constant after boot */

/* On real hardware port 0xf4 may be anything, so only where QEMU is likely. */
static bool debug_exit_likely(void)
{
	return debug_exit_promised || strcmp(cpu.hypervisor_name, "TCGTCGTCGTCG") == 0 ||
	       strcmp(cpu.hypervisor_name, "KVMKVMKVM") == 0;
}

/* QEMU exits with value * 2 + 1; without the device this comes back. */
static void try_debug_exit(int status)
{
	printk_flush();
	console_hold(false);
	if (debug_exit_likely())
		outl(DEBUG_EXIT_PORT, (uint32_t)(status - 1) / 2);
}

void machine_exit(int status)
{
	try_debug_exit(status);
	cpu_halt();
}

void machine_stop(int status)
{
	try_debug_exit(status);
	if (panic_timeout == 0)
		cpu_halt();
	if (panic_timeout > 0) {
		pr_emerg("Rebooting in %d seconds..\n", panic_timeout);
		for (int s = 0; s < panic_timeout; s++)
			clock_delay_ms(1000);
	}
	machine_reset();
}

void machine_reset(void)
{
	static const struct {
		uint16_t	limit;
		uint64_t	base;
	} __attribute__((packed)) no_idt = { 0, 0 };

	printk_flush();
	outb(RESET_CONTROL, 0x02);
	outb(RESET_CONTROL, 0x06);
	clock_delay_ms(50);
	outb(KEYBOARD_PORT, 0xfe);
	clock_delay_ms(50);

	/* Nothing to handle an exception, not even a double fault: the CPU shuts down. */
	__asm__ volatile("lidt %0; int3" : : "m"(no_idt));
	cpu_halt();
}

void machine_init(void)
{
	panic_set_halt(machine_stop);
}

early_flag("debug_exit", &debug_exit_promised,
	    "there is an isa-debug-exit device at port 0xf4 (assumed under TCG and KVM)");
