// SPDX-License-Identifier: GPL-2.0-only
/*
 * Behind UEFI firmware: RAM by its map, and tables of ACPI if there is no device tree to speak
 * of (see init.h).
 */
#include "arch/arm64/init.h"
#include "boot/acpi.h"
#include "boot/boot_info.h"
#include "boot/efi_map.h"
#include "boot/of_efi.h"
#include "boot/of_fdt.h"
#include "boot/phys_read.h"
#include "kernel/lib/align.h"
#include "kernel/lib/init.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/lib/unaligned.h"
#include "mm/memblock.h"
#include "mm/memblock_event.h"		/* ledger_reserve() */

#include <arch/memory.h>
#include <arch/paging.h>

#define SYSTAB_BYTES	120U
#define VENDOR_UNITS	32U

/* "efi: EFI v2.7 by EDK II" */
static void __init print_systab(phys_addr_t pa)
{
	uint8_t st[SYSTAB_BYTES], units[2 * VENDOR_UNITS];
	char vendor[VENDOR_UNITS + 1] = "unknown";
	uint32_t revision;

	if (!phys_read(st, pa, sizeof(st)) || memcmp(st, "IBI SYST", 8) != 0) {
		boot_warn(&boot_info, "efi: there is no system table at %pa\n", &pa);
		boot_info.efi_systab = 0;
		return;
	}
	if (phys_read(units, get_le64(st + 24), sizeof(units)))
		for (unsigned int i = 0; i < VENDOR_UNITS; i++)
			vendor[i] = (char)units[2 * i];
	revision = get_le32(st + 8);
	pr_info("efi: EFI v%u.%u%s by %s\n", revision >> 16, (revision & 0xffff) / 10,
		(revision & 0xffff) % 10 ? ".x" : "", vendor);
}

void __init efi_init(void)
{
	const struct boot_efi_map *map = &boot_info.efi;
	phys_addr_t base;
	void *descs = NULL;

	if (!early_init_dt_scan_efi(&boot_info))
		return;
	print_systab(boot_info.efi_systab);
	if (map->bytes <= EARLY_MEMREMAP_MAX)
		descs = early_memremap(map->pa, map->bytes);
	if (!descs) {
		boot_warn(&boot_info, "efi: a memory map of %u bytes is too long; not used\n",
			  map->bytes);
		return;
	}
	boot_info.efi.descs = descs;
	efi_print_memmap(&boot_info);
	efi_reserve_regions(&boot_info);
	early_init_dt_check_for_usable_mem_range();
	efi_find_mirror(&boot_info);
	base = ALIGN_DOWN(map->pa, PAGE_SIZE);
	ledger_reserve(base, ALIGN_UP(map->pa + map->bytes, PAGE_SIZE) - base, "EFI memory map");
	boot_add_extent(&boot_info, map->pa, map->bytes, "EFI memory map");
	boot_info.efi.descs = NULL;
	early_memunmap(descs, map->bytes);
}

/* A tree that a stub made of nothing has /chosen and no other node. */
static bool __init tree_is_bare(void)
{
	struct fdt_node node = of_fdt.root;
	unsigned int others = 0;

	while (fdt_next_child(&of_fdt.fdt, &of_fdt.root, &node))
		others += strcmp(node.name, "chosen") != 0;
	return !others;
}

void __init efi_acpi_init(void)
{
	if (!boot_info.efi_systab)
		return;
	if (memblock_is_map_memory(boot_info.efi.pa))
		boot_info.efi.descs = phys_to_virt(boot_info.efi.pa);
	if (!tree_is_bare())
		return;
	acpi_boot_table_init(&boot_info);
}
