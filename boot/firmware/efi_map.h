/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The UEFI memory map as the loader passed it on: a second opinion about RAM, the only one if
 * there is no e820 map, and the only source about mirrored and specific-purpose memory.
 */
#ifndef BOOT_FIRMWARE_EFI_MAP_H
#define BOOT_FIRMWARE_EFI_MAP_H

#include "arch/x86_64/map/e820.h"
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

/* The e820 type that Linux's boot stub gives a descriptor. */
uint32_t efi_e820_type(const struct efi_desc *desc);

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

/* Mark mirrored memory in memblock; does nothing unless kernelcore=mirror. */
void efi_find_mirror(const struct boot_info *info);

/*
 * Bytes that one map calls RAM and the other does not: each direction is an oddity of its own.
 * Nothing of what the maps say changes: e820 is believed, as by Linux.
 *
 * Return: their number; 0 unless there are two maps and the EFI map is in order.
 */
uint64_t efi_map_compare(struct boot_info *info);

/* "efi: mem00: [Conventional|...] range=[...] (1MB)" for every descriptor. */
void efi_map_print(const struct boot_info *info);

#endif /* BOOT_FIRMWARE_EFI_MAP_H */
