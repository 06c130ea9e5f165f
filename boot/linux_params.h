/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The Linux boot protocol: struct boot_params, as GRUB's `linux`, QEMU's -kernel and kexec
 * leave it.  The entry code has copied it and the command line to one place.
 */
#ifndef BOOT_LINUX_PARAMS_H
#define BOOT_LINUX_PARAMS_H

#include "boot/boot_info.h"

/* Ours: the loader hands over no magic.  It is the mark inside the block, too. */
#define LINUX_MAGIC		0x53726448U	/* "HdrS" */

/* What the entry code leaves behind the image; entry.inc knows the sum. */
#define LINUX_PARAMS_SIZE	4096U
#define LINUX_CMDLINE_SIZE	4096U	/* not terminated: longer than this */

#define LINUX_MAX_SETUP_DATA	24U	/* nodes of the list, and targets, that are believed */

/**
 * boot_info_from_linux() - fill @info from the copy of boot_params at @pa
 *
 * Return: 0, or -EINVAL with @info->refusal set.  See boot_info_from_loader() in loader.h.
 */
int boot_info_from_linux(uint32_t magic, phys_addr_t pa, struct boot_info *info);

#endif /* BOOT_LINUX_PARAMS_H */
