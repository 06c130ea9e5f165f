/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an EFI stub left in the device tree, and RAM by the EFI map.
 */
#ifndef BOOT_OF_EFI_H
#define BOOT_OF_EFI_H

#include "boot/boot_info.h"

/**
 * early_init_dt_scan_efi() - system table and map, out of /chosen
 * @info: .efi_systab and .efi are filled in, but .efi.descs; it maps nothing
 *
 * Says which property is missing, if one is, or what cannot be.  Return: whether there is a map.
 */
bool early_init_dt_scan_efi(struct boot_info *info);

/**
 * efi_reserve_regions() - memblock's memory from the map in @info, instead of the device tree
 *
 * What firmware needs is NOMAP; tables of ACPI that may be reclaimed are reserved.  What the
 * map calls a device is no memory.
 */
void efi_reserve_regions(struct boot_info *info);

#endif /* BOOT_OF_EFI_H */
