// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes as the device tree of a firmware: what the EFI stub makes of it is a tree without
 * damage, with the stub's words in /chosen, whatever the room.
 */
#include "fuzz.h"
#include "boot/efi_stub.h"
#include "boot/fdt.h"
#include "kernel/lib/unaligned.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint32_t magic = __builtin_bswap32(0xd00dfeed);
	struct efi_stub stub = {
		.cmdline = "exit", .initrd = { 0x1000, 2 },
		.map = { .bytes = 96, .desc_size = 48, .version = 1, .pa = 0x2000 },
	};
	struct fdt_node root = { 0 }, chosen;
	struct fdt_value v;
	uint8_t *old, *made;
	uint32_t room, written;
	struct fdt fdt;

	if (size < 40 || size > 65536)
		return 0;
	old = malloc(size);
	memcpy(old, data, size);
	memcpy(old, &magic, sizeof(magic));
	if (get_be32(old + 4) > size) {		/* firmware has all the bytes that it promises */
		const uint32_t all = __builtin_bswap32((uint32_t)size);

		memcpy(old + 4, &all, sizeof(all));
	}
	stub.tree = old;
	room = efi_tree_room(&stub);
	made = malloc(room);
	written = efi_write_tree(&stub, made, room);
	if (!written || written > room || fdt_open(&fdt, made, written) || fdt.damage)
		abort();
	if (!fdt_next_node(&fdt, &root) || !fdt_find_child(&fdt, &root, "chosen", &chosen) ||
	    !fdt_prop(&fdt, &chosen, "bootargs", &v) || v.len != 5 || memcmp(v.data, "exit", 5))
		abort();
	if (efi_write_tree(&stub, made, written / 2))
		abort();
	free(made);
	free(old);
	return 0;
}
