/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Being called by UEFI firmware.  <asm/efi.h>, the architecture's own, supplies
 *
 *	EFIAPI		attribute of functions of firmware, and of the one that it calls
 *	EFI_MAX_ADDRESS	the last byte that the kernel can read before it knows its RAM
 *	EFI_INITRD_MAX	the last byte that an initrd should use
 *
 * What an architecture does to become a kernel is in boot/efi_stub.h.
 */
#ifndef ARCH_EFI_H
#define ARCH_EFI_H

#include <asm/efi.h>

#endif /* ARCH_EFI_H */
