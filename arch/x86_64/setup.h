/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From the loader's numbers to zones: the first half of boot.
 */
#ifndef ARCH_X86_64_SETUP_H
#define ARCH_X86_64_SETUP_H

#include "boot/boot_info.h"

/**
 * setup_arch() - everything about memory until the page array stands
 * @magic, @info: what the loader left in EAX and EBX
 *
 * Fills boot_info.  On return memblock has memory, reservations and nodes, the direct map is
 * in use, zones are sized; memblock still allocates.  Panics when there is no safe way on.
 *
 * Context: once, with console, traps and cpu_init() done.
 */
void setup_arch(uint32_t magic, phys_addr_t info);

/* Where the kernel's image lies in RAM; image.c knows it from the linker. */
struct boot_range kernel_image(void);

#endif /* ARCH_X86_64_SETUP_H */
