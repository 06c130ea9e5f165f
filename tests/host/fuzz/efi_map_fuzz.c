// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes as an EFI memory map; the first one chooses the descriptor's size.
 */
#include "ledger_reset.h"
#include "fuzz.h"
#include "arch/x86_64/efi_e820.h"
#include "arch/x86_64/map/e820_internal.h"
#include "boot/efi_map.h"
#include "host_phys.h"
#include "mm/ledger.h"
#include "mm/memblock.h"
#include "mm/memblock/memblock_internal.h"
#include "tests/host/include/arch_reset.h"
#include "tests/host/include/memblock_reset.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint64_t e820[][3] = {
		{ 0, 0xa0000, 1 }, { 0x100000, 0x7f00000, 1 }, { 0x8000000, 0x100000000, 2 },
	};
	uint32_t desc_size = size ? 40 + 8U * (data[0] % 8) : 40;
	uint32_t nr = size ? (uint32_t)((size - 1) / desc_size) : 0;
	uint8_t *copy = malloc((size_t)nr * desc_size + 1);
	struct efi_desc desc;

	if (host_phys_size != 1ULL << 46)
		host_phys_init(1ULL << 46);
	e820_reset();
	memblock_reset();
	ledger_reset();
	boot_info_init(&boot_info, 0x100000, 0x80000);
	memcpy(copy, data + 1, (size_t)nr * desc_size);
	if (size && data[0] & 0x40)	/* with a second opinion */
		boot_info.map = (struct boot_map){ (const void *)e820, 3, 24, "fuzz" };
	boot_info.efi = (struct boot_efi_map){ copy, nr * desc_size, desc_size, 1, 0x10000 };

	for (uint32_t i = 0; efi_map_desc(&boot_info.efi, i, &desc); i++)
		if (desc.base + desc.size < desc.base)
			abort();
	e820__memory_setup(&boot_info);
	for (uint32_t i = 1; i < e820_table->nr_entries; i++)
		if (e820_end(&e820_table->entries[i - 1]) > e820_table->entries[i].addr)
			abort();
	efi_map_soft_reserve(&boot_info);
	efi_remove_e820_mmio(&boot_info);
	efi_map_compare(&boot_info);
	efi_find_mirror(&boot_info);
	free(copy);
	return 0;
}
