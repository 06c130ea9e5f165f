/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the UEFI memory map says to e820.
 */
#ifndef ARCH_X86_64_EFI_E820_H
#define ARCH_X86_64_EFI_E820_H

#include "arch/x86_64/e820.h"
#include "boot/efi_map.h"

/* Append the whole map to @table, neighbours of equal type joined. */
void efi_map_to_e820(struct boot_info *info, struct e820_table *table);

/* RAM of the e820 map that UEFI set aside for a specific purpose becomes soft reserved. */
void efi_map_soft_reserve(struct boot_info *info);

/*
 * Space of devices that firmware's e820 calls reserved is a gap again, if it is large; Linux's
 * lines.  Linux differs: it also keeps the memory of boot services until the runtime services
 * have been told their addresses.  Those are never called here, so it is ordinary RAM at once.
 */
void efi_remove_e820_mmio(const struct boot_info *info);

/*
 * Bytes that one map calls RAM and the other does not: each direction is an oddity of its own.
 * Nothing of what the maps say changes: e820 is believed, as by Linux.
 *
 * Return: their number; 0 unless there are two maps and the EFI map is in order.
 */
uint64_t efi_map_compare(struct boot_info *info);

#endif /* ARCH_X86_64_EFI_E820_H */
