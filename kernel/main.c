/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The order of boot, one line each.  boot/entry64.asm calls start_kernel() with what the
 * loader left in its registers; design.md's flow is this function.
 */
#include "kernel/main.h"

#include "kernel/lib/printk.h"
#include "kernel/selftest.h"

#include <arch/cpu.h>
#include <arch/machine.h>
#include <arch/serial.h>
#include <arch/traps.h>

const char kernel_banner[] = "Daybreak 0.1 (" __VERSION__ ")";

void start_kernel(uint32_t magic, phys_addr_t info)
{
	cpu_init();			/* what this CPU can do                        */
	machine_init();			/* panic() can stop the machine                */
	serial_init();			/* the log is heard                            */
	traps_init();			/* faults are handled on stacks that work     */
	clock_init();			/* log lines carry the time                    */
	pr_notice("%s\n", kernel_banner);
	cpu_report();

	pr_info("loader magic %#x, info at %pa\n", magic, &info);
	machine_exit(selftest_run() ? EXIT_STATUS_PASS : EXIT_STATUS_TESTS_FAILED);
}
