/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The UEFI memory map as the loader passed it on: a second opinion about RAM, the only one if
 * there is no e820 map, and the only source about mirrored and specific-purpose memory.
 */
#ifndef BOOT_EFI_MAP_H
#define BOOT_EFI_MAP_H

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

/* True if descriptors ascend and do not overlap: firmware makes them so, loaders keep it. */
bool efi_map_is_sorted(const struct boot_efi_map *map);

/* Mark mirrored memory in memblock; does nothing unless kernelcore=mirror. */
void efi_find_mirror(const struct boot_info *info);

/* "efi: mem00: [Conventional|...] range=[...] (1MB)" for every descriptor. */
void efi_print_memmap(const struct boot_info *info);

#endif /* BOOT_EFI_MAP_H */
