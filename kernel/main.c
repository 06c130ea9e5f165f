/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The order of boot, one line each.  The entry code calls start_kernel() with what the
 * loader left in its registers; the flow that README.md draws is this function.
 */
#include "kernel/main.h"

#include "boot/boot_info.h"
#include "boot/modules.h"	/* free_initrd_mem() */
#include "kernel/lib/init.h"
#include "kernel/lib/params.h"
#include "kernel/lib/phase.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/sections.h"
#include "kernel/monitor.h"
#include "kernel/picture.h"
#include "kernel/selftest.h"
#include "kernel/smp.h"
#include "kernel/snapshot.h"
#include "kernel/step.h"
#include "mm/ledger_sum.h"
#include "mm/log_buf.h"
#include "mm/memblock.h"		/* memblock_free() */
#include "mm/mm_init.h"
#include "mm/percpu.h"
#include "mm/release.h"
#include "mm/system_hash.h"
#include "mm/vmstat.h"			/* buddy_report() */

#include <arch/cpu.h>
#include <arch/machine.h>
#include <arch/memory.h>		/* ARCH_KEEP_MEMBLOCK */
#include <arch/paging.h>
#include <arch/serial.h>
#include <arch/setup.h>
#include <arch/traps.h>

const char kernel_banner[] = "Daybreak 0.1 (compiler " __VERSION__ ")";

static bool exit_wanted;		/* constant after boot */

core_flag("exit", &exit_wanted, "leave QEMU with the verdict when all is done");

/* Words that no early handler has taken; the unknown ones are listed. */
static void __init parse_command_line(void)
{
	pr_notice("Kernel command line: %s\n", boot_info.cmdline);
	parse_args(boot_info.cmdline);
}

static void __init report_memory(void)
{
	struct image_sizes image = {
		.code = (unsigned long)(_etext - _text),
		.rodata = (unsigned long)(__end_rodata - __start_rodata),
		.rwdata = (unsigned long)(_edata - _sdata),
		.init = (unsigned long)(__init_end - __init_begin),
		.bss = (unsigned long)(__bss_stop - __bss_start),
	};

	page_alloc_init_late(&image);
}

/* Not __init: it frees the ground under those. */
void free_initmem(void)
{
	phys_addr_t start = virt_to_phys(__init_begin), end = virt_to_phys(__init_end);

	paging_release_image(start, end);
	if (ARCH_KEEP_MEMBLOCK)
		memblock_free(phys_to_virt(start), end - start);
	free_reserved_area(phys_to_virt(start), phys_to_virt(end), POISON_FREE_INITMEM,
			   INITMEM_NAME);
}

/* With `exit` QEMU ends with the verdict; else there is the monitor first. */
static __noreturn void finish(bool passed)
{
	pr_alert("verdict: %s\n", passed ? "passed" : "failed");
	if (exit_wanted)
		machine_exit(passed ? EXIT_STATUS_PASS : EXIT_STATUS_TESTS_FAILED);
	if (monitor_has_person())
		machine_exit(monitor());
	pr_notice("Nothing more to do: halted (`exit` on the command line leaves QEMU)\n");
	printk_flush();
	cpu_halt();
}

void start_kernel(uint32_t magic, phys_addr_t info)
{
	bool passed;

	boot_phase_set_clock(get_cycles);
	boot_phase("CPU, console");
	cpu_init();			/* what this CPU can do                        */
	machine_init();			/* panic() can stop the machine                */
	serial_init();			/* the log has a console                       */
	trap_init();			/* faults are handled on stacks that work      */
	boot_phase("clock");
	clock_init();			/* log lines carry the time                    */
	boot_phase("log, page tables");
	snapshot_init();		/* COM2 gets every event                       */
	monitor_init();			/* keys can be read, for memblock=step         */
	step_init();			/* ... and every operation is shown            */
	console_hold(true);		/* until quiet, loglevel=, console= are known  */
	pr_notice("%s\n", kernel_banner);
	cpu_report();

	setup_arch(magic, info);	/* map -> memblock -> direct map -> nodes      */
	setup_per_cpu_areas();		/* each CPU's own, on its node                 */
	boot_phase("command line");
	parse_command_line();		/* the parameters that need not be early       */
	setup_log_buf();		/* log_buf_len=, if there was no room earlier   */
	vfs_caches_init_early();	/* dhash_entries=, ihash_entries=             */
	boot_phase("hand-over");
	mm_core_init();			/* memblock's last act: all to the buddy       */
	boot_phase("other CPUs");
	smp_init();			/* all others wait for work                    */
	boot_phase("after it");
	snapshot_handover();		/* its arrays, for programs on COM2            */
	report_memory();		/* Memory: line, memblock_discard()            */
	mm_initcalls();			/* cma= joins the buddy, hugepages= are taken  */
	pcibios_resource_survey();	/* devices keep off what lies behind RAM's ends */
	free_initrd_mem(&boot_info);	/* the initrd is never unpacked here           */
	mark_rodata_ro();		/* constants cannot change any more            */
	free_initmem();			/* nor is boot code needed                     */
	arch_report_meminfo(printk);	/* pages of the direct map, by size            */
	buddy_report();			/* what can be allocated                       */
	ledger_print();			/* who has what, and that it adds up           */
	snapshot_end();			/* ... for programs                            */

	boot_phase("end");
	passed = selftest_run();
	picture_after_boot();		/* ... for who sits before a screen            */
	finish(passed && ledger_check());	/* a sum that is not even is a failure */
}
