// SPDX-License-Identifier: GPL-2.0-only
/*
 * A machine with a device tree that UEFI firmware started: the stub's properties in /chosen, and
 * memory by the EFI map alone (see boot/of_efi.h).
 */
#include "boot/of_efi.h"

#include "boot/efi_map.h"
#include "boot/of_fdt.h"
#include "kernel/lib/init.h"
#include "kernel/lib/printk.h"
#include "mm/memblock.h"
#include "mm/memblock_event.h"		/* ledger_reserve() */

#include <arch/memory.h>

typedef unsigned long long ull;

#define EFI_WRITE_COMBINE	(1ULL << 1)
#define EFI_WRITE_THROUGH	(1ULL << 2)
#define EFI_WRITE_BACK		(1ULL << 3)
#define EFI_IS_MEMORY		(EFI_WRITE_COMBINE | EFI_WRITE_THROUGH | EFI_WRITE_BACK)

/* ---- /chosen --------------------------------------------------------------------------- */

/* A number of all the cells of a property of /chosen.  False: it is not there. */
static bool __init chosen_number(const char *name, uint64_t *number)
{
	struct fdt_node chosen;
	struct fdt_value v;

	return (fdt_find_child(&of_fdt.fdt, &of_fdt.root, "chosen", &chosen) ||
		fdt_find_child(&of_fdt.fdt, &of_fdt.root, "chosen@0", &chosen)) &&
	       fdt_prop(&of_fdt.fdt, &chosen, name, &v) && v.len >= 4 &&
	       fdt_take_cells(&v, v.len / 4, number);
}

static bool __init map_is_possible(struct boot_info *info, uint64_t bytes, uint64_t desc_size,
				   uint64_t version)
{
	const phys_addr_t pa = info->efi.pa;

	if (pa && pa % 8 == 0 && version == 1 && desc_size >= 40 && desc_size % 8 == 0 &&
	    bytes >= desc_size && bytes <= UINT32_MAX && bytes <= info->phys_end &&
	    pa <= info->phys_end - bytes)
		return true;
	boot_warn(info, "efi: the memory map at %#llx cannot be one: version %llu, %llu bytes in descriptors of %llu; not used\n",
		  (ull)pa, (ull)version, (ull)bytes, (ull)desc_size);
	return false;
}

bool __init early_init_dt_scan_efi(struct boot_info *info)
{
	static const char *const names[] = {
		"linux,uefi-system-table", "linux,uefi-mmap-start", "linux,uefi-mmap-size",
		"linux,uefi-mmap-desc-size", "linux,uefi-mmap-desc-ver",
	};
	uint64_t value[ARRAY_SIZE(names)];

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (chosen_number(names[i], &value[i]))
			continue;
		if (i)
			pr_err("efi: Can't find property '%s' in DT!\n", names[i]);
		else
			pr_info("efi: UEFI not found.\n");
		return false;
	}
	info->efi_systab = value[0];
	info->efi.pa = value[1];
	if (!map_is_possible(info, value[2], value[3], value[4]))
		return false;
	info->efi.bytes = (uint32_t)(value[2] - value[2] % value[3]);
	info->efi.desc_size = (uint32_t)value[3];
	info->efi.version = (uint32_t)value[4];
	return true;
}

/* ---- the map --------------------------------------------------------------------------- */

static bool __init is_usable(const struct efi_desc *desc)
{
	const uint32_t type = efi_map_type(desc);

	return desc->attr & EFI_WRITE_BACK &&
	       (type == BOOT_TYPE_RAM || type == BOOT_TYPE_ACPI || type == BOOT_TYPE_PMEM);
}

static void __init take_region(struct boot_info *info, const struct efi_desc *desc)
{
	const phys_addr_t first = PFN_PHYS(PFN_UP(desc->base));
	const phys_addr_t end = (desc->base + desc->size) & PAGE_MASK;

	early_init_dt_add_memory_arch(desc->base, desc->size, info);
	if (end <= first || of_memory_is_full())
		return;
	if (!is_usable(desc) && !memblock_mark_nomap(first, end - first))
		ledger_fill(first, end - first, "firmware", RET_IP);
	if (desc->type == EFI_ACPI_RECLAIM)
		ledger_reserve(first, end - first, "ACPI tables");
}

/*
 * Linux differs: a window of devices that firmware allows to be written in bursts is memory, if
 * NOMAP, and since no node has it, the machine has no nodes.
 */
void __init efi_reserve_regions(struct boot_info *info)
{
	struct efi_desc desc;

	memblock_dump_all();
	memblock_remove(0, PHYS_ADDR_MAX);
	for (uint32_t i = 0; efi_map_desc(&info->efi, i, &desc); i++)
		if (desc.attr & EFI_IS_MEMORY && desc.size && desc.type != EFI_MMIO &&
		    desc.type != EFI_MMIO_PORT && efi_map_type(&desc) != BOOT_TYPE_SOFT_RESERVED)
			take_region(info, &desc);
}
