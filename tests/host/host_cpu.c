// SPDX-License-Identifier: GPL-2.0-only
/*
 * The CPU and the kernel image of host builds.
 */
#include "host_mmu.h"

#include <asm/cpufeature.h>
#include "arch/x86_64/image.h"
#include "arch/x86_64/smp.h"

#include <arch/memory.h>
#include <arch/smp.h>

struct cpu_features cpu = {
	.nx = true, .pse = true, .pge = true, .phys_bits = 46, .virt_bits = 48,
};

bool cpu_la57_active(void)
{
	return cpu.la57;
}

void set_real_mode(phys_addr_t pa)
{
	(void)pa;
}

uint64_t arch_map_cpu_stack(unsigned int number, phys_addr_t pa)
{
	(void)number;
	return (uint64_t)(uintptr_t)phys_to_virt(pa) + CPU_STACK_SIZE;
}

struct boot_range kernel_image(void)
{
	return (struct boot_range){
		host_paging_setup.image_start,
		host_paging_setup.image_end - host_paging_setup.image_start,
	};
}
