/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The PC's part of the order of boot.  First version: no ACPI, no SRAT.
 */
#include "arch/x86_64/setup.h"

#include "arch/x86_64/e820.h"
#include "arch/x86_64/paging.h"
#include "boot/boot_info.h"
#include "kernel/lib/align.h"
#include "kernel/lib/init.h"
#include "kernel/lib/panic.h"
#include "kernel/lib/params.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/sections.h"
#include "mm/ledger.h"
#include "mm/memblock.h"
#include "mm/mm_init.h"

#include <arch/cpu.h>
#include <arch/memory.h>

#define MAX_ARCH_PFN_L4		(1UL << (46 - PAGE_SHIFT))
#define MAX_ARCH_PFN_L5		(1UL << (52 - PAGE_SHIFT))

/* Before the first allocation can happen; each with its owner. */
static void __init early_reserve_memory(void)
{
	ledger_reserve(boot_info.kernel.base, boot_info.kernel.size, "kernel image");
	ledger_reserve(0, SZ_64K, "first 64 KiB");
	for (uint32_t i = 0; i < boot_info.nr_modules; i++) {
		const struct boot_module *m = &boot_info.modules[i];

		ledger_reserve(m->range.base, ALIGN_UP(m->range.base + m->range.size, PAGE_SIZE) -
			       m->range.base, m->name[0] ? m->name : "module");
	}
	for (uint32_t i = 0; i < boot_info.nr_extents; i++)
		ledger_reserve(boot_info.extents[i].range.base, boot_info.extents[i].range.size,
			       boot_info.extents[i].owner);
	ledger_reserve(0x9f000, SZ_1M - 0x9f000, "BIOS area");
}

void __init setup_arch(uint32_t magic, phys_addr_t info)
{
	early_paging_init();
	boot_info_init(&boot_info, virt_to_phys(_text), (uint64_t)(_end - _text));
	if (boot_info_from_loader(magic, info, &boot_info))
		panic("%s", boot_info.refusal);
	pr_info("Command line: %s\n", boot_info.cmdline);
	early_reserve_memory();
	if (!e820__memory_setup(&boot_info))
		panic("the memory map has no RAM");
	parse_early_param(boot_info.cmdline);
	e820__finish_early_params();
	e820__add_kernel_range(boot_info.kernel);
	e820__trim_bios_range();
	max_pfn = e820__end_of_ram_pfn(cpu_la57_active() ? MAX_ARCH_PFN_L5 : MAX_ARCH_PFN_L4);

	memblock_set_current_limit(SZ_1M);
	e820__memblock_setup();
	ledger_set_ram(e820_ram_bytes());
	ledger_reserve(0, SZ_1M, "first MiB");
	max_low_pfn = max_pfn;
	init_mem_mapping(PFN_PHYS(max_pfn));
	memblock_set_current_limit(get_max_mapped());
	e820__reallocate_tables();

	memblock_set_node(0, PHYS_ADDR_MAX, &memblock.memory, 0);
	alloc_node_data(0);
	zone_sizes_init();
	e820__setup_pci_gap();
}
