// SPDX-License-Identifier: GPL-2.0-only
/*
 * What this architecture does to memblock before and after the direct map (see init.h).
 */
#include "arch/arm64/init.h"

#include "arch/arm64/paging.h"
#include "boot/boot_info.h"
#include "boot/of_reserved_mem.h"
#include "kernel/lib/align.h"
#include "kernel/lib/bug.h"
#include "kernel/lib/dialect.h"
#include "kernel/lib/errno.h"
#include "kernel/lib/init.h"
#include "kernel/lib/panic.h"
#include "kernel/lib/params.h"
#include "kernel/lib/phase.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/sections.h"
#include "mm/cma.h"
#include "mm/crash.h"
#include "mm/hugetlb.h"
#include "mm/memblock.h"
#include "mm/memblock_event.h"
#include "mm/memtest.h"
#include "mm/mm_init.h"			/* zone_sizes_init() */
#include "mm/ram_check.h"

#include <arch/memory.h>
#include <asm/cpufeature.h>

typedef unsigned long long ull;

#define LINEAR_SIZE	(PAGE_END - PAGE_OFFSET)
#define PHYS_MASK_BITS	48		/* what page tables can hold */
#define MEMSTART_ALIGN	SZ_1G
#define NO_LIMIT	PHYS_ADDR_MAX

phys_addr_t memstart_addr __ro_after_init;
unsigned long arm64_dma_limit_pfn __ro_after_init;

static phys_addr_t memory_limit __initdata = NO_LIMIT;	/* boot only: mem= */

/* An amount, not an address; the last one counts. */
static int __init early_mem(char *val)
{
	if (!val)
		return -EINVAL;
	memory_limit = memparse(val, &val) & PAGE_MASK;
	pr_notice("Memory limited to %lldMB\n", (long long)memory_limit >> 20);
	return 0;
}
early_param("mem", early_mem, "SIZE: how much RAM may be used (arm64)");
early_flag("nokaslr", NULL, "accepted: nothing is placed at random");

/* ---- limits -------------------------------------------------------------------------- */

/* Linux differs: it believes in RAM that its tables could reach and the CPU cannot. */
static __noinline void __init remove_unreachable(void)
{
	const phys_addr_t end = 1ULL << cpu.phys_bits;

	if (memblock_end_of_DRAM() <= end)
		return;
	boot_warn(&boot_info, "RAM above %#llx is not used: this CPU has %u physical address bits\n",
		  (ull)end, cpu.phys_bits);
	memblock_remove(end, PHYS_ADDR_MAX);
}

static void __init check_banks(void)
{
	if (!memblock.memory.total_size)
		panic("no RAM in the device tree: no available node below the root with device_type \"memory\" and a reg of whole pages");
}

/* Linux differs: an image that lies in no bank need not be RAM. */
static void __init check_kernel(void)
{
	const struct boot_range *k = &boot_info.kernel;

	if (memblock_is_region_memory(k->base, k->size))
		return;
	boot_warn(&boot_info, "the kernel at [mem %#018llx-%#018llx] is in no bank of the device tree; added\n",
		  (ull)k->base, (ull)(k->base + k->size - 1));
	memblock_add(k->base, k->size);
}

/* ---- the initrd ---------------------------------------------------------------------- */

/*
 * Is it where RAM is?  Asked before mem= cuts RAM off.
 * Linux differs: what it points at becomes RAM, and the boot ends in a fault.
 */
static void __init check_initrd(void)
{
	struct boot_module *m = &boot_info.modules[0];

	if (!boot_info.nr_modules || m->refused ||
	    memblock_is_region_memory(m->range.base, m->range.size))
		return;
	m->refused = true;
	boot_warn(&boot_info, "initrd [mem %#018llx-%#018llx] is not in RAM; not used\n",
		  (ull)m->range.base, (ull)(m->range.base + m->range.size - 1));
}

__attribute__((always_inline)) static inline void reserve_initrd_pages(void)
{
	struct boot_module *m = &boot_info.modules[0];
	const phys_addr_t base = ALIGN_DOWN(m->range.base, PAGE_SIZE);
	const phys_addr_t size = ALIGN_UP(m->range.base + m->range.size, PAGE_SIZE) - base;

	if (!boot_info.nr_modules || m->refused)
		return;
	if (WARN_ON(base < memblock_start_of_DRAM() ||
		    base + size > memblock_start_of_DRAM() + LINEAR_SIZE)) {
		pr_warn("initrd not fully accessible via the linear mapping -- please check your bootloader ...\n");
		m->refused = true;
		return;
	}
	memblock_add(base, size);
	memblock_clear_nomap(base, size);
	ledger_reserve_kern(base, size, "initrd");
}

/* ---- in Linux's order ---------------------------------------------------------------- */

void __init arm64_memblock_init(void)
{
	check_banks();
	check_kernel();
	check_initrd();

	memblock_remove(1ULL << PHYS_MASK_BITS, PHYS_ADDR_MAX);
	remove_unreachable();
	memstart_addr = ALIGN_DOWN(memblock_start_of_DRAM(), MEMSTART_ALIGN);
	if (memblock_end_of_DRAM() - memstart_addr > LINEAR_SIZE)
		pr_warn("Memory doesn't fit in the linear mapping, VA_BITS too small\n");

	/* What lies behind the direct map goes; if the kernel lies there, what lies below. */
	memblock_remove(MAX(memstart_addr + LINEAR_SIZE, virt_to_phys(_end)), PHYS_ADDR_MAX);
	if (memstart_addr + LINEAR_SIZE < memblock_end_of_DRAM()) {
		memstart_addr = ALIGN_UP(memblock_end_of_DRAM() - LINEAR_SIZE, MEMSTART_ALIGN);
		memblock_remove(0, memstart_addr);
	}

	if (memory_limit != NO_LIMIT) {
		memblock_mem_limit_remove_map(memory_limit);
		memblock_add(boot_info.kernel.base, boot_info.kernel.size);
	}
	reserve_initrd_pages();
	ledger_reserve_kern(boot_info.kernel.base, boot_info.kernel.size, "kernel image");
	early_init_fdt_scan_reserved_mem(&boot_info, rmem_dma_pool_setup);
}

void __init bootmem_init(void)
{
	const phys_addr_t start = memblock_start_of_DRAM(), end = memblock_end_of_DRAM();

	ram_check.limit = get_max_mapped();
	boot_phase("nodes");
	early_memtest(start, end);
	max_pfn = max_low_pfn = PFN_DOWN(end);
	arm64_dma_limit_pfn = PFN_DOWN(start < SZ_4G ? MIN(SZ_4G, end) : end);
	arch_numa_init();
	hugetlb_cma_reserve(arch_hugetlb_gigantic_size());	/* hugetlb_cma=	*/
	if (!dialect->hugepages_after_zones)
		hugetlb_bootmem_alloc();			/* hugepages=, if early words */
	boot_phase("page map, zones");
	zone_sizes_init();
	boot_phase("early takers");
	dma_contiguous_reserve(PFN_PHYS(arm64_dma_limit_pfn));	/* cma=		*/
	reserve_crashkernel(boot_info.cmdline);			/* crashkernel=	*/
	memblock_dump_all();
}
