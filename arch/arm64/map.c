// SPDX-License-Identifier: GPL-2.0-only
/*
 * <arch/map.h> for a device tree: the banks of its memory nodes, or behind UEFI the descriptors
 * of its map.  There is one stage, as given.
 */
#include <arch/map.h>

#include "boot/boot_info_efi.h"
#include "boot/of_fdt.h"
#include "mm/memblock.h"

#define TYPE_RAM	1U

bool arch_map_entry(enum arch_map_stage stage, uint32_t i, struct arch_map_entry *entry)
{
	/* Where the last call was, so that asking for all of them in turn is one walk. */
	static struct {
		struct of_bank_walk	walk;
		uint32_t		next;
	} last;				/* the boot CPU's: snapshots and the monitor */
	struct boot_range bank;
	struct efi_desc desc;

	(void)stage;
	if (boot_info.efi.descs) {
		if (!efi_map_desc(&boot_info.efi, i, &desc))
			return false;
		*entry = (struct arch_map_entry){ desc.base, desc.size, efi_map_type(&desc) };
		return true;
	}
	if (i < last.next)
		last.next = 0;
	if (!last.next)
		last.walk = (struct of_bank_walk){ .reg = { NULL, 0 } };
	do {
		if (!of_next_bank(&last.walk, &bank)) {
			last.next = 0;
			return false;
		}
	} while (last.next++ < i);
	*entry = (struct arch_map_entry){ bank.base, bank.size, TYPE_RAM };
	return true;
}

/* A descriptor, or the hole between two; the map is in order. */
static const char *efi_type_at(phys_addr_t pa, phys_addr_t *first, phys_addr_t *last)
{
	struct efi_desc desc;

	for (uint32_t i = 0; efi_map_desc(&boot_info.efi, i, &desc); i++) {
		if (pa - desc.base < desc.size) {
			*first = desc.base;
			*last = desc.base + (desc.size - 1);
			return efi_map_type(&desc) == TYPE_RAM ? "memory" : "firmware's";
		}
		if (desc.base > pa && desc.base - 1 < *last)
			*last = desc.base - 1;
		if (desc.base < pa && desc.base + desc.size > *first)
			*first = desc.base + desc.size;
	}
	return NULL;
}

/* A bank, or the hole between two, cut to what no other bank has. */
const char *arch_map_type(enum arch_map_stage stage, phys_addr_t pa, phys_addr_t *first,
			  phys_addr_t *last)
{
	struct of_bank_walk walk = { .reg = { NULL, 0 } };
	struct boot_range bank;

	(void)stage;
	*first = 0;
	*last = PHYS_ADDR_MAX;
	if (boot_info.efi.descs)
		return efi_type_at(pa, first, last);
	while (of_next_bank(&walk, &bank)) {
		if (!bank.size || bank.size - 1 > PHYS_ADDR_MAX - bank.base)
			continue;
		if (pa - bank.base < bank.size) {
			*first = bank.base;
			*last = bank.base + (bank.size - 1);
			return "memory";
		}
		if (bank.base > pa && bank.base - 1 < *last)
			*last = bank.base - 1;
		if (bank.base < pa && bank.base + bank.size > *first)
			*first = bank.base + bank.size;
	}
	return NULL;
}
