// SPDX-License-Identifier: GPL-2.0-only
/*
 * setup_arch(): Linux's order of early memory set-up on this architecture, one line each.
 *
 * There is no direct map before paging_init(): until then memblock is only told, its arrays do
 * not grow, and the device tree is read through the fixmap.
 */
#include <arch/setup.h>

#include "arch/arm64/init.h"
#include "arch/arm64/paging.h"
#include "arch/arm64/pl011.h"
#include "boot/of_fdt.h"
#include "boot/of_reserved_mem.h"
#include "kernel/lib/dialect.h"
#include "kernel/lib/init.h"
#include "kernel/lib/panic.h"
#include "kernel/lib/params.h"		/* parse_early_param() */
#include "kernel/lib/phase.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/sections.h"
#include "mm/memblock_event.h"		/* ledger_reserve() */

#include <arch/memory.h>
#include <arch/traps.h>			/* probe_read_byte() */
#include <asm/cpufeature.h>
#include <asm/entry.h>

#define FDT_HEADER	40U

/* Why there can be no tree at @pa, before a byte of it is read; NULL: there may be one. */
static const char *__init bad_place(phys_addr_t pa)
{
	if (!pa)
		return "there is none (x0 is 0)";
	if (pa % 8)
		return "it is not 8-byte aligned";
	return pa >> cpu.phys_bits ? "this CPU cannot form its address" : NULL;
}

static const char *__init open_tree(phys_addr_t pa)
{
	const char *why = bad_place(pa);
	const void *blob;
	uint8_t byte;

	if (why)
		return why;
	blob = fixmap_remap_fdt(pa, FDT_HEADER);
	if (!probe_read_byte((uint64_t)blob, &byte))
		return "there is no memory";
	fixmap_remap_fdt(pa, FDT_SIZE_MAX);
	return early_init_dt_verify(blob, FDT_SIZE_MAX, &boot_info);
}

/* Linux differs: it says this before there is a console, and hangs. */
static __noreturn void refuse_tree(phys_addr_t pa, const char *why)
{
	pr_crit("Error: invalid device tree blob at physical address %pa\n", &pa);
	pr_crit("The dtb must be 8-byte aligned and must not exceed 2 MB in size\n");
	pr_crit("Please check your bootloader.\n");
	panic("no device tree at %pa: %s", &pa, why);
}

/* @use is told where the console is by the tree, if it says. */
static void __init stdout_from_tree(void (*use)(phys_addr_t pa))
{
	phys_addr_t pa;

	if (of_stdout("arm,pl011", &pa))
		use(pa);
}

static void __init use_stdout(phys_addr_t pa)
{
	pl011_use(pa, "stdout-path");
}

static void __init setup_machine_fdt(phys_addr_t pa)
{
	const char *why = open_tree(pa);
	const char *name;

	if (why)
		refuse_tree(pa, why);
	boot_add_extent(&boot_info, pa, of_fdt.fdt.size, "device tree");
	early_init_dt_scan_chosen(&boot_info);
	choose_dialect(boot_info.cmdline);
	memblock_set_rsrv_kern(dialect->rsrv_kern);
	ledger_reserve(pa, of_fdt.fdt.size, "device tree");
	early_init_dt_scan_memory(&boot_info);
	early_init_dt_check_for_usable_mem_range();
	stdout_from_tree(use_stdout);
	name = of_flat_dt_get_machine_name();
	pr_info("Machine model: %s\n", name ? name : "<unknown>");
}

static void __init take_boot_info(phys_addr_t pa)
{
	const phys_addr_t base = virt_to_phys(_text);

	boot_info_init(&boot_info, base, (uint64_t)(_end - _text));
	boot_info.phys_end = 1ULL << cpu.phys_bits;
	boot_info.protocol = "device tree";
	if (base % KIMAGE_ALIGN)
		pr_err("[Firmware Bug]: Kernel image misaligned at boot, please fix your bootloader!\n");
	setup_machine_fdt(pa);
}

static void __init check_boot_args(void)
{
	if (!boot_args[1] && !boot_args[2] && !boot_args[3])
		return;
	pr_err("WARNING: x1-x3 nonzero in violation of boot protocol:\n");
	for (int i = 1; i < 4; i++)
		pr_err("\tx%d: %016llx\n", i, (unsigned long long)boot_args[i]);
	pr_err("This indicates a broken bootloader or old kernel\n");
}

static void __init report_oddities(void)
{
	if (boot_info.warnings)
		pr_warn("boot: %u oddities in what firmware, loader and user said (see above)\n",
			boot_info.warnings);
}

void __init setup_arch(uint32_t magic, phys_addr_t info)
{
	(void)magic;
	boot_phase("device tree");
	take_boot_info(info);			/* the tree: banks, command line, initrd       */
	parse_early_param(boot_info.cmdline);	/* memblock=debug, mem=                        */
	console_hold(false);			/* what is shown is known now                  */
	boot_phase("memblock");
	efi_init();				/* behind UEFI: RAM by its map                 */
	arm64_memblock_init();			/* limits, initrd, kernel, reserved memory     */
	boot_phase("direct map");
	paging_init();				/* the direct map                              */
	efi_acpi_init();			/* tables, if the tree is empty                */
	stdout_from_tree(pl011_earlycon);	/* earlycon: the tree's UART, Linux's line     */
	boot_phase("reserved memory");
	if (fdt_scan_reserved_mem_reg_nodes())	/* what the tree keeps from us, listed         */
		map_mem_again();		/* ... or not any more                         */
	bootmem_init();				/* nodes, page array, zones, early takers      */
	check_boot_args();
	report_oddities();
}

/* No devices here that could be moved. */
void pcibios_resource_survey(void)
{
}
