/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * PVH: Xen's direct boot, used by `qemu -kernel`, Firecracker and cloud-hypervisor.
 */
#ifndef BOOT_PVH_H
#define BOOT_PVH_H

#include "boot/boot_info.h"

/* The first word of the start info.  EAX is undefined, so the entry code hands this over. */
#define PVH_MAGIC		0x336ec578U

#define PVH_MAX_MODULES		1024U	/* QEMU 7.2 leaves the count uninitialised */
#define PVH_MAX_ENTRIES		16384U

/* True if @pa is in reach and PVH's magic number is there. */
bool pvh_recognise(const struct boot_info *info, phys_addr_t pa);

/**
 * boot_info_from_pvh() - fill @info from the hvm_start_info at @pa
 *
 * Return: 0, or -EINVAL with @info->refusal set.  See boot_info_from_loader() in loader.h.
 */
int boot_info_from_pvh(uint32_t magic, phys_addr_t pa, struct boot_info *info);

#endif /* BOOT_PVH_H */
