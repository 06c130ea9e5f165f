/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From memblock's banks to zones.
 */
#ifndef ARCH_ARM64_INIT_H
#define ARCH_ARM64_INIT_H

/**
 * arm64_memblock_init() - limits, initrd, kernel, reserved memory of the device tree
 *
 * RAM that the CPU, the direct map or mem= cannot have is taken away; memstart_addr is set.
 * Panics if there is no RAM.  Context: banks are known, nothing has been allocated.
 */
void arm64_memblock_init(void);

/**
 * bootmem_init() - nodes, page array, zones, early takers, and the dump of memblock
 *
 * Context: after paging_init().
 */
void bootmem_init(void);

/* Behind UEFI: memblock's memory is that of the EFI map; efi.c.  Context: before anything else. */
void efi_init(void);

/* Behind UEFI without a device tree of devices: ACPI's tables are listed.  After paging_init(). */
void efi_acpi_init(void);

/* Every region gets its node, by the device tree or one for all; numa.c. */
void arch_numa_init(void);

#endif /* ARCH_ARM64_INIT_H */
