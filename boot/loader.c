// SPDX-License-Identifier: GPL-2.0-only
/*
 * The one place that knows which parser a magic means.
 */
#include "boot/loader.h"

#include "boot/linux_params.h"
#include "boot/multiboot2.h"
#include "boot/pvh.h"
#include "kernel/lib/errno.h"
#include "kernel/lib/vsnprintf.h"	/* ksnprintf() */

int boot_info_from_loader(uint32_t magic, phys_addr_t pa, struct boot_info *info)
{
	if (magic == MB2_MAGIC)
		return boot_info_from_multiboot2(magic, pa, info);
	if (magic == LINUX_MAGIC)
		return boot_info_from_linux(magic, pa, info);
	if (magic == PVH_MAGIC || pvh_recognise(info, pa))	/* PVH leaves EAX undefined */
		return boot_info_from_pvh(PVH_MAGIC, pa, info);

	ksnprintf(info->refusal, sizeof(info->refusal),
		  "not booted by multiboot2 or PVH (magic %#x, information at %#llx), nor as Linux",
		  magic, (unsigned long long)pa);
	return -EINVAL;
}
