/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ASM_EFI_H
#define ASM_EFI_H

/* One calling convention for all. */
#define EFIAPI

/* Everything is read through windows. */
#define EFI_MAX_ADDRESS	UINT64_MAX
#define EFI_INITRD_MAX	UINT64_MAX

#endif /* ASM_EFI_H */
