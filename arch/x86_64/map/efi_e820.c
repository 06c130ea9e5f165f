// SPDX-License-Identifier: GPL-2.0-only
/*
 * The UEFI memory map beside e820: in its place where there is no e820, a correction, and a
 * second opinion.
 */
#include "arch/x86_64/efi_e820.h"

#include "arch/x86_64/map/e820_internal.h"
#include "boot/efi_map.h"
#include "kernel/lib/align.h"
#include "kernel/lib/printk.h"

#define MMIO_REMOVE_MIN	(4 * SZ_64K)	/* smaller ones may be what firmware's own code needs */

void efi_map_to_e820(struct boot_info *info, struct e820_table *table)
{
	struct efi_desc desc;

	for (uint32_t i = 0; efi_map_desc(&info->efi, i, &desc); i++) {
		struct e820_entry *last = table->nr_entries ?
					  &table->entries[table->nr_entries - 1] : NULL;
		uint32_t type = efi_map_type(&desc);

		if (last && last->type == type && e820_end(last) == desc.base)
			last->size += desc.size;
		else if (desc.size)
			e820_table_add(table, desc.base, desc.size, type);
	}
}

void efi_map_soft_reserve(struct boot_info *info)
{
	struct efi_desc desc;
	uint64_t changed = 0;

	for (uint32_t i = 0; efi_map_desc(&info->efi, i, &desc); i++)
		if (efi_map_type(&desc) == E820_TYPE_SOFT_RESERVED)
			changed += e820__range_update(desc.base, desc.size, E820_TYPE_RAM,
						      E820_TYPE_SOFT_RESERVED);
	if (changed)
		e820__update_table(e820_table);
}

void efi_remove_e820_mmio(const struct boot_info *info)
{
	uint64_t removed = 0;
	struct efi_desc desc;

	for (uint32_t i = 0; efi_map_desc(&info->efi, i, &desc); i++) {
		unsigned long long start = desc.base, last = desc.base + desc.size - 1;

		if (desc.type != EFI_MMIO || !desc.size)
			continue;
		if (desc.size < MMIO_REMOVE_MIN) {
			pr_info("efi: Not removing mem%02u: MMIO range=[0x%08llx-0x%08llx] (%lluKB) "
				"from e820 map\n",
				i, start, last, (unsigned long long)desc.size >> 10);
			continue;
		}
		pr_info("efi: Remove mem%02u: MMIO range=[0x%08llx-0x%08llx] (%lluMB) "
			"from e820 map\n",
			i, start, last, (unsigned long long)desc.size >> 20);
		removed += e820__range_remove(desc.base, desc.size, E820_TYPE_RESERVED, true);
	}
	if (removed)
		e820__update_table(e820_table);
}

/* Memory set aside for a purpose is RAM in both maps, whatever is done with it. */
static bool is_ram_type(uint32_t type)
{
	return type == E820_TYPE_RAM || type == E820_TYPE_SOFT_RESERVED;
}

/* Step to descriptor *@i or the next one behind it that is RAM; false if there is none. */
static bool next_ram_desc(const struct boot_efi_map *map, uint32_t *i, struct efi_desc *desc)
{
	for (; efi_map_desc(map, *i, desc); ++*i)
		if (desc->size && is_ram_type(efi_map_type(desc)))
			return true;
	return false;
}

/* Bytes that are RAM in both maps; both are walked once, side by side. */
static uint64_t ram_in_both(const struct boot_efi_map *map, const struct e820_table *table)
{
	struct efi_desc desc;
	uint64_t both = 0;
	uint32_t i = 0, k = 0;

	while (k < table->nr_entries && next_ram_desc(map, &i, &desc)) {
		const struct e820_entry *e = &table->entries[k];
		uint64_t desc_end = desc.base + desc.size;
		uint64_t end = MIN(e820_end(e), desc_end);
		uint64_t start = MAX(e->addr, desc.base);

		if (is_ram_type(e->type) && start < end)
			both += end - start;
		if (e820_end(e) <= desc_end)
			k++;
		else
			i++;
	}
	return both;
}

uint64_t efi_map_compare(struct boot_info *info)
{
	const struct e820_table *table = e820_table_firmware;
	uint64_t efi = 0, e820 = 0, both;
	struct efi_desc desc;

	if (!info->map.nr || !info->efi.bytes)
		return 0;
	if (!efi_map_is_sorted(&info->efi)) {
		boot_warn(info, "efi: the EFI map is not in order or overlaps itself; "
			  "not compared with e820\n");
		return 0;
	}
	for (uint32_t i = 0; next_ram_desc(&info->efi, &i, &desc); i++)
		efi += desc.size;
	for (uint32_t k = 0; k < table->nr_entries; k++)
		if (is_ram_type(table->entries[k].type))
			e820 += table->entries[k].size;
	both = ram_in_both(&info->efi, table);
	if (efi > both)
		boot_warn(info, "efi: %lluK of RAM in the EFI map are not RAM in e820, which is believed\n",
			  (unsigned long long)(efi - both + 1023) >> 10);
	if (e820 > both)
		boot_warn(info, "efi: %lluK of RAM in e820, which is believed, are not RAM in the EFI map\n",
			  (unsigned long long)(e820 - both + 1023) >> 10);
	return efi - both + (e820 - both);
}
