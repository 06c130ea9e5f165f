/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The steps of the stub, each a file of this folder.  They say on the console why they fail.
 */
#ifndef BOOT_EFI_INTERNAL_H
#define BOOT_EFI_INTERNAL_H

#include "boot/efi_stub.h"

/* Called by firmware, the entry point of the PE header. */
efi_status_t EFIAPI efi_entry(efi_handle_t image, struct efi_system_table *systab);

/* The first framebuffer of the machine; none is no error. */
void efi_take_screen(struct efi_stub *stub);

/**
 * efi_take_initrd() - what the loader offers as initrd, or the files that `initrd=` names
 *
 * Return: EFI_SUCCESS, also if none was asked for; an initrd that was asked for and cannot be
 * had ends the boot.
 */
efi_status_t efi_take_initrd(struct efi_stub *stub);

/* Memory for the map, with room for what changes before it is asked for. */
efi_status_t efi_take_map_room(struct efi_stub *stub);

/**
 * efi_leave_firmware() - the last map, and the end of boot services
 *
 * Return: EFI_SUCCESS: firmware's console, memory and files are gone.  Else nothing has ended.
 */
efi_status_t efi_leave_firmware(struct efi_stub *stub);

#endif /* BOOT_EFI_INTERNAL_H */
