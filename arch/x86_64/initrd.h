/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The initrd's two moments in setup_arch(); what others may ask is in setup.h.
 */
#ifndef ARCH_X86_64_INITRD_H
#define ARCH_X86_64_INITRD_H

#include "boot/boot_info.h"

/* Take the first module, unless it is refused, and sum it up; nothing is printed. */
void initrd_init(const struct boot_info *info);

/* After the direct map is built: use it in place, or move it into mapped memory. */
void reserve_initrd(void);

#endif /* ARCH_X86_64_INITRD_H */
