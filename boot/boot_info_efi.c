// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading a descriptor of the UEFI memory map in place.
 *
 * Descriptors are at least 40 bytes and may grow (GRUB on OVMF: 48); only the stride of the
 * loader is believed.  Pages are always 4 KiB here, whatever the CPU does.
 */
#include "boot/boot_info_efi.h"

#include "kernel/lib/string.h"
#include "kernel/lib/unaligned.h"
#include "mm/range.h"

#define EFI_PAGE_SHIFT	12

bool efi_map_desc(const struct boot_efi_map *map, uint32_t i, struct efi_desc *desc)
{
	if (!map->descs || i >= map->bytes / map->desc_size)
		return false;

	const uint8_t *d = map->descs + (size_t)i * map->desc_size;
	uint64_t pages = get_le64(d + 24);

	memcpy(&desc->type, d, sizeof(desc->type));
	desc->base = get_le64(d + 8);
	desc->attr = get_le64(d + 32);
	desc->size = pages > UINT64_MAX >> EFI_PAGE_SHIFT ? UINT64_MAX : pages << EFI_PAGE_SHIFT;
	desc->size = phys_range_end(desc->base, desc->size) - desc->base;
	return true;
}

uint32_t efi_map_type(const struct efi_desc *desc)
{
	switch (desc->type) {
	case EFI_LOADER_CODE:
	case EFI_LOADER_DATA:
	case EFI_BOOT_CODE:
	case EFI_BOOT_DATA:
	case EFI_CONVENTIONAL:
		return desc->attr & EFI_SPECIFIC_PURPOSE ? BOOT_TYPE_SOFT_RESERVED : BOOT_TYPE_RAM;
	case EFI_ACPI_RECLAIM:
		return BOOT_TYPE_ACPI;
	case EFI_ACPI_NVS:
		return BOOT_TYPE_NVS;
	case EFI_UNUSABLE:
		return BOOT_TYPE_UNUSABLE;
	case EFI_PERSISTENT:
		return BOOT_TYPE_PMEM;
	default:
		return BOOT_TYPE_RESERVED;
	}
}
