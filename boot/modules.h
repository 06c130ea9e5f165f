/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the loader brought along; the first module is the initrd.
 */
#ifndef BOOT_MODULES_H
#define BOOT_MODULES_H

#include "boot/boot_info.h"

/* Modules, refused ones too, their ends rounded up to a page, reserved by owner. */
void early_reserve_initrd(const struct boot_info *info);

/**
 * take_initrdmem() - where the loader brought no module, initrdmem= may point at one
 *
 * Linux differs: it does not reserve the range, and so may put anything there before it is read.
 *
 * Context: after parse_early_param(), before the first allocation.
 */
void take_initrdmem(struct boot_info *info);

/*
 * Those above 1 MiB that had to wait for memblock's arrays to be able to grow.
 * Context: memblock knows memory, its current limit is still 1 MiB.
 */
void reserve_more_modules(const struct boot_info *info);

/**
 * reserve_initrd() - make all modules readable by phys_to_virt()
 *
 * A module outside of the direct map (mem= below it, a hole, reserved memory) is copied to
 * mapped memory and its old place given back, with Linux's RAMDISK lines for the initrd and a
 * checksum.  One for which there is no room is refused; Linux differs: it panics.
 *
 * Context: after init_mem_mapping().
 */
void reserve_initrd(struct boot_info *info);

/**
 * free_initrd_mem() - the first module becomes ordinary memory, unless `retain_initrd` was said
 *
 * Prints its checksum first, so that what is gone can still be compared.  Pages it shares
 * with somebody else, and all below 1 MiB, stay; Linux differs: it keeps nothing.
 *
 * Context: after the hand-over, before free_initmem().
 */
void free_initrd_mem(struct boot_info *info);

#endif /* BOOT_MODULES_H */
