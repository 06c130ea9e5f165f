/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's image, as the linker's symbols describe it.
 */
#ifndef ARCH_X86_64_IMAGE_H
#define ARCH_X86_64_IMAGE_H

#include "boot/boot_info.h"

/* Where the image lies in RAM. */
struct boot_range kernel_image(void);

/**
 * early_paging_init() - tell paging what the image and the CPU are, and take over the tables
 * of the entry code
 *
 * After this early_memremap() works.  Context: first thing in setup_arch(), needs cpu_init().
 */
void early_paging_init(void);

#endif /* ARCH_X86_64_IMAGE_H */
