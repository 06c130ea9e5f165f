// SPDX-License-Identifier: GPL-2.0-only
/*
 * From the loaded Image to its entry with a device tree (see boot/efi_stub.h).
 *
 * The kernel runs at any multiple of 2 MiB: it is copied to one with room for its .bss, as a
 * loader of Images would do it.  Firmware has the MMU and the caches on; efi_jump.S
 * turns them off, and what was written goes out to memory before.
 */
#include "boot/boot_info_efi.h"
#include "boot/efi_stub.h"
#include "kernel/lib/align.h"
#include "kernel/lib/string.h"
#include "kernel/lib/unaligned.h"

#define IMAGE_SIZE	16U		/* offset in the Image's header: of it and its .bss */
#define IMAGE_MAGIC	56U
#define KERNEL_ALIGN	0x200000UL

/* In efi_jump.S: write [start, end) out to memory, MMU off, x0 = tree, go to @start. */
void __noreturn efi_jump(uint64_t start, uint64_t end, uint64_t tree);

efi_status_t efi_arch_prepare(struct efi_stub *stub)
{
	const uint8_t *file = stub->loaded->base;
	const uint64_t need = get_le64(file + IMAGE_SIZE);

	if (memcmp(file + IMAGE_MAGIC, "ARM\x64", 4) != 0 || stub->loaded->size > need) {
		efi_say(stub, "not an Image of %llu bytes", (unsigned long long)stub->loaded->size);
		return EFI_LOAD_ERROR;
	}
	stub->kernel.size = need;
	stub->kernel.base = efi_take_pages(stub, need, KERNEL_ALIGN, EFI_MAX_ADDRESS,
					   EFI_LOADER_CODE);
	stub->block.size = efi_tree_room(stub);
	stub->block.base = efi_take_pages(stub, stub->block.size, EFI_PAGE_SIZE, EFI_MAX_ADDRESS,
					  EFI_LOADER_DATA);
	if (!stub->kernel.base || !stub->block.base) {
		efi_say(stub, "no room for the kernel's %llu bytes", (unsigned long long)need);
		return EFI_OUT_OF_RESOURCES;
	}
	memcpy((void *)(uintptr_t)stub->kernel.base, file, stub->loaded->size);
	return EFI_SUCCESS;
}

/* A tree that is too long is seen while there is a console; the last one has the same size. */
const char *efi_arch_trouble(const struct efi_stub *stub)
{
	return efi_write_tree(stub, (void *)(uintptr_t)stub->block.base,
			      (uint32_t)stub->block.size) ? NULL : "no room for the device tree";
}

void efi_arch_enter(struct efi_stub *stub)
{
	efi_write_tree(stub, (void *)(uintptr_t)stub->block.base, (uint32_t)stub->block.size);
	efi_jump(stub->kernel.base, stub->kernel.base + stub->kernel.size, stub->block.base);
}

/* Firmware goes on; who watches a test sees the line and a status from its own clock. */
void efi_arch_refused(void)
{
}
