// SPDX-License-Identifier: GPL-2.0-only
/*
 * The CPU and the kernel image of host builds.
 */
#include "host_mmu.h"

#include <asm/cpufeature.h>
#include "arch/x86_64/image.h"


struct cpu_features cpu = {
	.nx = true, .pse = true, .pge = true, .phys_bits = 46, .virt_bits = 48,
};

bool cpu_la57_active(void)
{
	return cpu.la57;
}

struct boot_range kernel_image(void)
{
	return (struct boot_range){
		host_paging_setup.image_start,
		host_paging_setup.image_end - host_paging_setup.image_start,
	};
}
