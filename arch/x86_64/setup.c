// SPDX-License-Identifier: GPL-2.0-only
/*
 * setup_arch(): Linux's order of early memory set-up, one line each.
 *
 * The order is the point: everything in use is reserved, with an owner's name, before the
 * first allocation can happen; memblock learns of RAM before page tables are built from it;
 * ACPI is read when all tables can be reached; nodes are known before zones are sized.
 */

#include <arch/setup.h>

#include "arch/x86_64/e820.h"
#include "arch/x86_64/efi_e820.h"
#include "arch/x86_64/image.h"
#include "arch/x86_64/mp_table.h"
#include "arch/x86_64/numa.h"
#include "arch/x86_64/paging.h"
#include "arch/x86_64/screen.h"
#include "arch/x86_64/smp.h"		/* init_possible_cpus() */
#include "arch/x86_64/spcr.h"
#include "boot/acpi.h"
#include "boot/efi_map.h"
#include "boot/loader.h"
#include "boot/modules.h"
#include "boot/phys_read.h"
#include "kernel/lib/align.h"
#include "kernel/lib/compiler.h"
#include "kernel/lib/dialect.h"
#include "kernel/lib/init.h"
#include "kernel/lib/mutate.h"
#include "kernel/lib/panic.h"
#include "kernel/lib/params.h"		/* parse_early_param() */
#include "kernel/lib/phase.h"
#include "kernel/lib/printk.h"
#include "mm/ledger.h"
#include "mm/log_buf.h"
#include "mm/memblock.h"
#include "mm/memblock_event.h"
#include "mm/memblock_iter.h"
#include "mm/memblock_since.h"		/* memblock_clear_kho_scratch() */
#include "mm/memtest.h"
#include "mm/mm_init.h"			/* zone_sizes_init() */
#include "mm/page.h"			/* struct page */
#include "mm/ram_check.h"
#include "mm/takers.h"			/* mm_early_takers() */

#include <arch/memory.h>
#include <asm/cpufeature.h>

#define LOW_RESERVE		SZ_64K		/* BIOSes scribble here; Linux's default */
#define BIOS_START_MIN		0x20000UL	/* a lower "end of base memory" is a lie */
#define BIOS_START_MAX		0x9f000UL
#define PHYS_BITS_L4		46U		/* Linux's MAX_PHYSMEM_BITS */
#define PHYS_BITS_L5		52U

/* ---- what the loader said ------------------------------------------------------------------ */

static void __init take_boot_info(uint32_t magic, phys_addr_t pa)
{
	struct boot_range image = kernel_image();

	boot_info_init(&boot_info, image.base, image.size);
	boot_info.phys_end = 1ULL << cpu.phys_bits;
	if (boot_info_from_loader(magic, pa, &boot_info))
		panic("%s", boot_info.refusal);
	pr_info("Command line: %s\n", boot_info.cmdline);
	choose_dialect(boot_info.cmdline);
	memblock_set_rsrv_kern(dialect->rsrv_kern);
}

/* ---- before memblock knows any memory -------------------------------------------------------- */

/* The BIOS's data area at the top of base memory, and all above it up to 1 MiB. */
static void __init reserve_bios_regions(void)
{
	uint16_t base_kib = 0, ebda_segment = 0;
	phys_addr_t start, ebda;

	phys_read(&base_kib, 0x413, sizeof(base_kib));
	phys_read(&ebda_segment, 0x40e, sizeof(ebda_segment));
	start = (phys_addr_t)base_kib << 10;
	ebda = (phys_addr_t)ebda_segment << 4;

	if (start < BIOS_START_MIN || start > BIOS_START_MAX)
		start = BIOS_START_MAX;
	if (ebda >= BIOS_START_MIN && ebda < start)
		start = ebda;
	ledger_reserve(start, SZ_1M - start, "BIOS area");
}

static void __init early_reserve_memory(void)
{
	if (!MUTATE(skip_kernel_image))
		ledger_reserve_kern(boot_info.kernel.base, boot_info.kernel.size, "kernel image");
	for (uint32_t i = 0; i < boot_info.nr_extents; i++) {
		const struct boot_extent *x = &boot_info.extents[i];

		if (x->owner == BOOT_SETUP_DATA)
			ledger_reserve_kern(x->range.base, x->range.size, x->owner);
		else
			ledger_reserve(x->range.base, x->range.size, x->owner);
	}
	ledger_reserve(0, LOW_RESERVE, "first 64 KiB");
	early_reserve_initrd(&boot_info);
	reserve_bios_regions();
}

/* ---- from the map to memblock ---------------------------------------------------------------- */

static void __init setup_memory_map(void)
{
	if (!e820__memory_setup(&boot_info))
		panic("no RAM in the memory map of %u entries (%s); nothing to boot on",
		      e820_table_given->nr_entries, boot_info.protocol);
}

static void __init report_nx(void)
{
	if (cpu.nx)
		pr_info("NX (Execute Disable) protection: active\n");
	else
		pr_notice("Notice: NX (Execute Disable) protection missing in CPU!\n");
}

static void __init find_end_of_ram(void)
{
	unsigned int bits = cpu_la57_active() ? PHYS_BITS_L5 : PHYS_BITS_L4;
	unsigned long max_arch_pfn = 1UL << (bits - PAGE_SHIFT);

	e820__limit_ram(MIN(bits, cpu.phys_bits));
	max_pfn = e820__end_of_ram_pfn(max_arch_pfn);
	max_low_pfn = max_pfn;
	if (max_pfn > PFN_DOWN(SZ_4G))
		max_low_pfn = e820__end_of_low_ram_pfn(max_arch_pfn);
}

static void __init memblock_setup(void)
{
	memblock_set_current_limit(SZ_1M);	/* where arrays may grow to, for now */
	ram_check.blame = e820_user_words();
	ram_check.limit = EARLY_MAP_SIZE;
	ledger_set_ram(e820_ram_bytes());
	e820__memblock_setup();
	reserve_more_modules(&boot_info);
}

/* Too much lives in the first MiB. */
static __always_inline void __init reserve_first_mib(void)
{
	ledger_reserve(0, SZ_1M, "first MiB");
}

/* The trampoline for other CPUs; in later dialects its place is scratch until now. */
static __noinline void __init reserve_real_mode(void)
{
	phys_addr_t pa = memblock_phys_alloc_range(REAL_MODE_SIZE, PAGE_SIZE, 0, SZ_1M);

	set_real_mode(pa);
	if (pa)
		ledger_name(pa, REAL_MODE_SIZE, "real-mode trampoline");
	else
		pr_info("No sub-1M memory is available for the trampoline\n");
	if (!dialect->low_scratch)
		return;
	reserve_first_mib();
	memblock_clear_kho_scratch(0, SZ_1M);
}

/* All RAM is mapped: allocate anywhere. */
static void __init use_direct_map(void)
{
	max_low_pfn = max_pfn;
	ram_check.limit = get_max_mapped();
	memblock_set_current_limit(get_max_mapped());
}

static void __init report_oddities(void)
{
	if (boot_info.warnings)
		pr_warn("boot: %u oddities in what firmware, loader and user said (see above)\n",
			boot_info.warnings);
}

/* Memory not worth saving, and room for devices. */
static void __init find_holes(void)
{
	boot_phase("holes");
	e820__register_nosave_regions(max_pfn);
	e820__setup_pci_gap();
}

void __init setup_arch(uint32_t magic, phys_addr_t info)
{
	early_paging_init();			/* firmware's tables can be read               */
	boot_phase("loader's words");
	take_boot_info(magic, info);		/* loader-neutral from here on                 */
	screen_init(&boot_info);		/* the log has a second console                */
	early_reserve_memory();			/* what is in use, before anything is taken    */
	boot_phase("map");
	setup_memory_map();			/* what firmware says                          */
	parse_early_param(boot_info.cmdline);	/* memblock=debug, mem=, memmap=               */
	console_hold(false);			/* what is shown, and where, is known now      */
	take_initrdmem(&boot_info);		/* initrdmem=                                  */
	memblock_set_bottom_up(movable_node_is_enabled());	/* until SRAT is read          */
	report_nx();
	e820__reserve_setup_data(&boot_info);	/* the Linux protocol's list: a type of its own */
	e820__finish_early_params();		/* what the user makes of it                   */
	efi_remove_e820_mmio(&boot_info);	/* devices' space is a gap                     */
	efi_print_memmap(&boot_info);		/* efi=debug                                   */
	efi_map_compare(&boot_info);		/* two maps, two opinions?                     */
	e820_add_kernel_range(boot_info.kernel);	/* we are here, so it is RAM           */
	trim_bios_range();			/* page 0, video and ROMs                      */
	find_end_of_ram();			/* last_pfn                                    */
	find_mptable();
	boot_phase("memblock");
	memblock_setup();			/* now memblock knows                          */
	efi_find_mirror(&boot_info);		/* kernelcore=mirror                           */
	reserve_real_mode();			/* trampoline for other CPUs                   */
	if (!dialect->low_scratch)
		reserve_first_mib();		/* else it has been                            */
	check_memory_size(cpu.pse ? 0 : 8, e820_user_words());	/* a clean refusal       */
	boot_phase("direct map");
	init_mem_mapping(PFN_PHYS(max_pfn));	/* the direct map                              */
	screen_map();				/* the framebuffer is no part of it            */
	use_direct_map();
	boot_phase("modules, ACPI");
	early_memtest(0, get_max_mapped());	/* memtest=                                    */
	setup_log_buf();			/* log_buf_len=                                */
	reserve_initrd(&boot_info);		/* in place, or moved to where it is mapped    */
	acpi_boot_table_init(&boot_info);	/* what tables there are                       */
	acpi_reserve_initial_tables();
	acpi_parse_spcr();			/* where somebody may sit                      */
	boot_phase("nodes");
	initmem_init();				/* who is whose neighbour                      */
	boot_phase("early takers");
	mm_early_takers(get_max_mapped(), boot_info.cmdline);	/* cma=, crashkernel= ...      */
	e820__reallocate_tables();		/* borrowed memory goes back                   */
	if (dialect->holes_before_zones)
		find_holes();
	boot_phase("page map, zones");
	zone_sizes_init();			/* page array and zones                        */
	init_possible_cpus();			/* those that can be started                   */
	if (!dialect->holes_before_zones)
		find_holes();
	report_oddities();
}
