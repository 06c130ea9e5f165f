/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The UEFI memory map as the loader passed it on: a second opinion about RAM, the only one if
 * there is no e820 map, and the only source about mirrored and specific-purpose memory.
 */
#ifndef BOOT_EFI_MAP_H
#define BOOT_EFI_MAP_H

#include "boot/boot_info_efi.h"	/* efi_map_desc() */

/* True if descriptors ascend and do not overlap: firmware makes them so, loaders keep it. */
bool efi_map_is_sorted(const struct boot_efi_map *map);

/* Mark mirrored memory in memblock; does nothing unless kernelcore=mirror. */
void efi_find_mirror(const struct boot_info *info);

/* "efi: mem00: [Conventional|...] range=[...] (1MB)" for every descriptor. */
void efi_print_memmap(const struct boot_info *info);

#endif /* BOOT_EFI_MAP_H */
