// SPDX-License-Identifier: GPL-2.0-only
/*
 * From the loaded bzImage to its 64-bit entry (see boot/efi_stub.h).
 *
 * The kernel runs at 1 MiB and nowhere else.  Mostly firmware gives us that place.  If it uses
 * it itself, the kernel is copied elsewhere and its entry moves it (boot/x86_64/linux_head.asm),
 * when boot services have ended and nobody needs what is there; if somebody still would,
 * the boot is refused.
 *
 *	one block below 4 GiB:	boot_params | command line | setup_data node for a long map
 */
#include "boot/boot_info_efi.h"
#include "boot/efi_stub.h"
#include "boot/linux_params.h"
#include "boot/x86_64/boot_params.h"
#include "boot/x86_64/efi/efi_params.h"
#include "kernel/lib/compiler.h"
#include "kernel/lib/string.h"
#include "kernel/lib/unaligned.h"

#define KERNEL_ALIGN	0x200000UL	/* so that the entry may move it by a plain copy */

/* In efi_jump.asm. */
void __noreturn efi_jump(uint64_t entry, const void *params);
void efi_end_qemu(void);

static const uint8_t *kernel_in_file(const struct efi_stub *stub)
{
	return stub->loaded->base + (stub->loaded->base[SETUP_SECTS] + 1U) * 512U;
}

static uint64_t block_size(const struct efi_stub *stub)
{
	return LINUX_PARAMS_SIZE + LINUX_CMDLINE_SIZE +
	       efi_node_size(stub->map_room / stub->map.desc_size);
}

static void fill_block(struct efi_stub *stub)
{
	uint8_t *params = (uint8_t *)(uintptr_t)stub->block.base;
	uint8_t *cmdline = params + LINUX_PARAMS_SIZE;

	efi_fill_params(params, stub->loaded->base, stub, (uintptr_t)cmdline);
	memset(cmdline, 0, LINUX_CMDLINE_SIZE);
	memcpy(cmdline, stub->cmdline, sizeof(stub->cmdline));
}

efi_status_t efi_arch_prepare(struct efi_stub *stub)
{
	const uint8_t *file = stub->loaded->base;
	const uint64_t home = get_le64(file + PREF_ADDRESS);
	const uint64_t need = get_le32(file + INIT_SIZE), bytes = 16ULL * get_le32(file + SYSSIZE);

	if (kernel_in_file(stub) + bytes > file + stub->loaded->size || bytes > need) {
		efi_say(stub, "the file is cut off: %llu bytes were loaded",
			(unsigned long long)stub->loaded->size);
		return EFI_LOAD_ERROR;
	}
	stub->home = (struct boot_range){ home, need };
	stub->kernel = (struct boot_range){ home, need };
	if (!efi_claim_pages(stub, home, need, EFI_LOADER_CODE))
		stub->kernel.base = efi_take_pages(stub, need, KERNEL_ALIGN, EFI_MAX_ADDRESS,
						   EFI_LOADER_CODE);
	stub->block.size = block_size(stub);
	stub->block.base = efi_take_pages(stub, stub->block.size, EFI_PAGE_SIZE,
					  EFI_MAX_ADDRESS, EFI_LOADER_DATA);
	if (!stub->kernel.base || !stub->block.base) {
		efi_say(stub, "no room for the kernel's %llu bytes below 4 GiB",
			(unsigned long long)need);
		return EFI_OUT_OF_RESOURCES;
	}
	memcpy((void *)(uintptr_t)stub->kernel.base, kernel_in_file(stub), bytes);
	fill_block(stub);
	return EFI_SUCCESS;
}

const char *efi_arch_trouble(const struct efi_stub *stub)
{
	if (stub->kernel.base == stub->home.base ||
	    efi_map_allows(stub, stub->home.base, stub->home.size))
		return NULL;
	return "firmware keeps something at 1 MiB, where the kernel has to be";
}

void efi_arch_enter(struct efi_stub *stub)
{
	uint8_t *params = (uint8_t *)(uintptr_t)stub->block.base;

	efi_fill_map(params, stub, params + LINUX_PARAMS_SIZE + LINUX_CMDLINE_SIZE);
	efi_jump(stub->kernel.base + ENTRY_64, params);
}

void efi_arch_refused(void)
{
	efi_end_qemu();
}
