/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From what a loader left behind to struct boot_info.
 */
#ifndef BOOT_LOADER_H
#define BOOT_LOADER_H

#include "boot/boot_info.h"

/**
 * boot_info_from_loader() - read what the loader left behind
 * @magic: which loader: its magic number, from the entry code
 * @pa: where its block of information is
 * @info:  from boot_info_init()
 *
 * Return: 0, or -EINVAL with @info->refusal saying in one line what is missing.  Never
 * touches memory at or above EARLY_MAP_SIZE.
 */
int boot_info_from_loader(uint32_t magic, phys_addr_t pa, struct boot_info *info);

#endif /* BOOT_LOADER_H */
