/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Multiboot2's boot information block (specification 2.0, section 3.6), as GRUB leaves it.
 */
#ifndef BOOT_MULTIBOOT2_H
#define BOOT_MULTIBOOT2_H

#include "boot/boot_info.h"

#define MB2_MAGIC		0x36d76289U	/* in EAX */
#define MB2_MAX_SIZE		0x1000000U	/* 16 MiB: no honest block is larger */

/**
 * boot_info_from_multiboot2() - fill @info from the block at @pa
 *
 * Return: 0, or -EINVAL with @info->refusal set.  See boot_info_from_loader() in loader.h.
 */
int boot_info_from_multiboot2(uint32_t magic, phys_addr_t pa, struct boot_info *info);

/**
 * mb2_parse() - the same for a block that is already in reach
 * @data: the block, 8-byte aligned
 * @size: bytes that may be read; total_size inside the block can only shrink it
 * @pa:   where the block lies, for the extent and for messages
 */
int mb2_parse(const uint8_t *data, size_t size, phys_addr_t pa, struct boot_info *info);

#endif /* BOOT_MULTIBOOT2_H */
