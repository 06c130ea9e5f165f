// SPDX-License-Identifier: GPL-2.0-only
/*
 * The last memory map, and the end of boot services.
 *
 * Firmware ends its services only for the key of the newest map.  A timer of its own may change
 * the map between the two calls: then the map is asked for again.  After a first refusal nothing
 * but these two calls is allowed, so the room is taken before, with some to spare.
 */
#include "boot/efi/efi_internal.h"
#include "boot/boot_info_efi.h"

#define SPARE_DESCS	64U
#define EXIT_TRIES	8U
#define ROOM_MAX	(4U << 20)	/* of a map: tens of thousands of descriptors */

efi_status_t efi_take_map_room(struct efi_stub *stub)
{
	uint64_t bytes = 0, key, desc_size = 0;
	uint32_t version;
	efi_status_t status = stub->boot->get_memory_map(&bytes, NULL, &key, &desc_size, &version);
	uint64_t memory = 0;

	if (status == EFI_BUFFER_TOO_SMALL && desc_size >= 40 && desc_size <= EFI_PAGE_SIZE &&
	    bytes <= ROOM_MAX) {
		stub->map_room = bytes + SPARE_DESCS * desc_size;
		stub->map.desc_size = (uint32_t)desc_size;
		memory = efi_take_pages(stub, stub->map_room, EFI_PAGE_SIZE, EFI_MAX_ADDRESS,
					EFI_LOADER_DATA);
	}
	if (!memory) {
		efi_say(stub, "no room for a memory map of %llu bytes in descriptors of %llu",
			(unsigned long long)bytes, (unsigned long long)desc_size);
		return EFI_OUT_OF_RESOURCES;
	}
	stub->map.descs = (const uint8_t *)(uintptr_t)memory;
	stub->map.pa = memory;
	return EFI_SUCCESS;
}

static efi_status_t ask_map(struct efi_stub *stub)
{
	uint64_t bytes = stub->map_room, desc_size = 0;
	efi_status_t status = stub->boot->get_memory_map(&bytes, (void *)(uintptr_t)stub->map.pa,
							 &stub->map_key, &desc_size,
							 &stub->map.version);

	if (status == EFI_SUCCESS && desc_size != stub->map.desc_size)
		status = EFI_UNSUPPORTED;	/* the room was counted in others */
	stub->map.bytes = status == EFI_SUCCESS ? (uint32_t)bytes : 0;
	return status;
}

bool efi_map_allows(const struct efi_stub *stub, uint64_t base, uint64_t size)
{
	const uint64_t end = base + size;
	struct efi_desc desc;
	uint64_t known = 0;

	for (uint32_t i = 0; efi_map_desc(&stub->map, i, &desc); i++) {
		const uint64_t start = desc.base > base ? desc.base : base;
		const uint64_t stop = desc.base + desc.size < end ? desc.base + desc.size : end;

		if (start >= stop)
			continue;
		if (desc.type != EFI_BOOT_CODE && desc.type != EFI_BOOT_DATA &&
		    desc.type != EFI_CONVENTIONAL)
			return false;
		known += stop - start;
	}
	return known == size;
}

efi_status_t efi_leave_firmware(struct efi_stub *stub)
{
	efi_status_t status = ask_map(stub);
	const char *trouble = status == EFI_SUCCESS ? efi_arch_trouble(stub) :
			      "firmware gives no memory map";

	if (trouble) {
		efi_say(stub, "%s", trouble);
		return status == EFI_SUCCESS ? EFI_LOAD_ERROR : status;
	}
	for (unsigned int tries = 0; tries < EXIT_TRIES && status == EFI_SUCCESS; tries++) {
		status = stub->boot->exit_boot_services(stub->image, stub->map_key);
		if (status != EFI_INVALID_PARAMETER)
			return status;
		status = ask_map(stub);
	}
	return status == EFI_SUCCESS ? EFI_INVALID_PARAMETER : status;
}
