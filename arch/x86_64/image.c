// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's own place, from the linker's symbols.  Not hosted.
 */
#include "arch/x86_64/setup.h"
#include "kernel/lib/sections.h"

#include <arch/memory.h>

struct boot_range kernel_image(void)
{
	phys_addr_t base = virt_to_phys(_text);

	return (struct boot_range){ base, virt_to_phys(_end) - base };
}
