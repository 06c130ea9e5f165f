/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ASM_EFI_H
#define ASM_EFI_H

/* Firmware has the calling convention of the PE world. */
#define EFIAPI	__attribute__((ms_abi))

/* The entry code maps 4 GiB; the protocol tells loaders to keep an initrd in the first half. */
#define EFI_MAX_ADDRESS	0xffffffffUL
#define EFI_INITRD_MAX	0x7fffffffUL

#endif /* ASM_EFI_H */
