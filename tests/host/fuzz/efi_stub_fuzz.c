// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes as load options and as the map of a firmware that otherwise keeps the rules: the
 * stub boots or refuses, and what it hands over is a map in bounds and a terminated line.
 *
 *	byte 0	size of a descriptor; an offered initrd	byte 1	changes of the map's key
 *	byte 2	half the bytes of load options; the rest is the map
 */
#include "fuzz.h"
#include "boot/x86_64/boot_params.h"
#include "efi_firmware.h"
#include "kernel/lib/unaligned.h"

#include <string.h>

static void check_params(void)
{
	const uint8_t *p = firmware.params;
	const uint8_t *node = (const uint8_t *)(uintptr_t)get_le64(p + SETUP_DATA);
	const char *cmdline = (const char *)(uintptr_t)(get_le32(p + CMD_LINE) |
				(uint64_t)get_le32(p + EXT_CMD_LINE) << 32);
	uint64_t entries = p[E820_ENTRIES];

	if (!memchr(cmdline, 0, BOOT_CMDLINE_SIZE) || entries > E820_MAX)
		abort();
	if (node && (entries != E820_MAX || get_le32(node + 8) != NODE_E820_EXT))
		abort();
	entries += node ? get_le32(node + 12) / 20 : 0;
	if (entries > firmware_whims.map_bytes / firmware_whims.desc_size)
		abort();
	for (uint64_t i = E820_MAX; i < entries; i++)
		(void)*(volatile const uint8_t *)(node + 16 + (i - E820_MAX) * 20 + 19);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t initrd[256];
	uint32_t options;

	if (size < 4 || size > 65536)
		return 0;
	firmware_new();
	firmware_whims.desc_size = 32 + 8U * (data[0] % 8);
	firmware_whims.offered = data[0] & 0x80 ? initrd : NULL;
	firmware_whims.offered_size = data[1];
	firmware_whims.key_changes = data[1] % 16;
	firmware_whims.at_home = data[2] % 2 ? EFI_BOOT_DATA : EFI_CONVENTIONAL;
	options = data[2] * 2U;
	data += 3;
	size -= 3;
	options = options < size ? options : (uint32_t)size;
	firmware_whims.options = data;
	firmware_whims.options_bytes = options;
	firmware_whims.map = data + options;
	firmware_whims.map_bytes = size - options;
	firmware_whims.files[0] = (struct firmware_file){ "a", "1234", 4 };
	firmware_start();
	if (firmware.entered)
		check_params();
	else if (!firmware.refused)
		abort();
	return 0;
}
