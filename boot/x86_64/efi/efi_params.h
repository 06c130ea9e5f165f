/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the EFI stub knows, as Linux's boot_params.
 */
#ifndef BOOT_X86_64_EFI_PARAMS_H
#define BOOT_X86_64_EFI_PARAMS_H

#include "boot/efi_stub.h"

/* Bytes for a setup_data node that can hold every descriptor of a map of @descs. */
uint64_t efi_node_size(uint64_t descs);

/**
 * efi_fill_params() - everything of boot_params but the memory map
 * @params: 4 KiB, will be zeroed first
 * @file: the loaded bzImage; its setup header has been checked
 * @cmdline: where the kernel will find the command line
 */
void efi_fill_params(uint8_t *params, const uint8_t *file, const struct efi_stub *stub,
		     uint64_t cmdline);

/**
 * efi_fill_map() - e820 and efi_info of boot_params, from the last map
 * @node: room of efi_node_size() bytes for entries beyond 128, and its address in setup_data
 *
 * Neighbours of one type are one entry, as Linux's stub makes them.
 */
void efi_fill_map(uint8_t *params, const struct efi_stub *stub, uint8_t *node);

#endif /* BOOT_X86_64_EFI_PARAMS_H */
