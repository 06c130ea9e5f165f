/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * /proc/iomem, as far as memory goes: the map in use and what of it is whose.
 */
#ifndef ARCH_X86_64_IOMEM_H
#define ARCH_X86_64_IOMEM_H

#include "kernel/lib/types.h"

/** struct iomem_part - a named piece of RAM, [base, base + size) */
struct iomem_part {
	const char	*name;
	phys_addr_t	base;
	phys_addr_t	size;		/* 0: not there */
};

/**
 * iomem_print() - one line per entry of the map, its parts indented below it
 * @parts: pieces of the kernel's image, ascending; the crash kernel's areas are known
 *
 * Linux differs: devices and ROMs have lines, too; here they are not looked for.
 */
void iomem_print(const struct iomem_part *parts, unsigned int nr_parts,
		 int (*print)(const char *fmt, ...));

/** firmware_map_print() - /sys/firmware/memmap: "NUMBER START LAST TYPE", firmware's words */
void firmware_map_print(int (*print)(const char *fmt, ...));

#endif /* ARCH_X86_64_IOMEM_H */
