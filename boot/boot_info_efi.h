/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a descriptor of the UEFI memory map is, and how one is read in place; what is made of the
 * map as a whole: boot/efi_map.h.
 */
#ifndef BOOT_BOOT_INFO_EFI_H
#define BOOT_BOOT_INFO_EFI_H

#include "boot/boot_info.h"

/* UEFI 2.10, 7.2.3 GetMemoryMap(). */
enum efi_type {
	EFI_RESERVED,
	EFI_LOADER_CODE,
	EFI_LOADER_DATA,
	EFI_BOOT_CODE,
	EFI_BOOT_DATA,
	EFI_RUNTIME_CODE,
	EFI_RUNTIME_DATA,
	EFI_CONVENTIONAL,
	EFI_UNUSABLE,
	EFI_ACPI_RECLAIM,
	EFI_ACPI_NVS,
	EFI_MMIO,
	EFI_MMIO_PORT,
	EFI_PAL_CODE,
	EFI_PERSISTENT,
	EFI_UNACCEPTED,
};

#define EFI_MORE_RELIABLE	(1ULL << 16)
#define EFI_SPECIFIC_PURPOSE	(1ULL << 18)

struct efi_desc {
	uint32_t	type;
	uint64_t	base;
	uint64_t	size;		/* bytes; cut so that base + size does not wrap */
	uint64_t	attr;
};

/* Descriptor @i; false if there is none. */
bool efi_map_desc(const struct boot_efi_map *map, uint32_t i, struct efi_desc *desc);

/* The type of a struct boot_map's record that Linux's boot stub gives a descriptor. */
uint32_t efi_map_type(const struct efi_desc *desc);

#endif /* BOOT_BOOT_INFO_EFI_H */
