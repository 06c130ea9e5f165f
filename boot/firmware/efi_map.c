// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading the UEFI memory map in place.
 *
 * Descriptors are at least 40 bytes and may grow (GRUB on OVMF: 48); only the stride of the
 * loader is believed.  Pages are always 4 KiB here, whatever the CPU does.
 */
#include "boot/firmware/efi_map.h"

#include "arch/x86_64/map/e820_internal.h"
#include "kernel/lib/align.h"
#include "kernel/lib/params.h"		/* early_param() */
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/lib/unaligned.h"
#include "mm/memblock.h"		/* memblock_mark_mirror() */

#define EFI_PAGE_SHIFT	12
#define MMIO_REMOVE_MIN	(4 * SZ_64K)	/* smaller ones may be what firmware's own code needs */

bool efi_map_desc(const struct boot_efi_map *map, uint32_t i, struct efi_desc *desc)
{
	if (!map->descs || i >= map->bytes / map->desc_size)
		return false;

	const uint8_t *d = map->descs + (size_t)i * map->desc_size;
	uint64_t pages = get_le64(d + 24);

	memcpy(&desc->type, d, sizeof(desc->type));
	desc->base = get_le64(d + 8);
	desc->attr = get_le64(d + 32);
	desc->size = pages > UINT64_MAX >> EFI_PAGE_SHIFT ? UINT64_MAX : pages << EFI_PAGE_SHIFT;
	desc->size = e820_clip(desc->base, desc->size);
	return true;
}

uint32_t efi_e820_type(const struct efi_desc *desc)
{
	switch (desc->type) {
	case EFI_LOADER_CODE:
	case EFI_LOADER_DATA:
	case EFI_BOOT_CODE:
	case EFI_BOOT_DATA:
	case EFI_CONVENTIONAL:
		return desc->attr & EFI_SPECIFIC_PURPOSE ? E820_TYPE_SOFT_RESERVED : E820_TYPE_RAM;
	case EFI_ACPI_RECLAIM:
		return E820_TYPE_ACPI;
	case EFI_ACPI_NVS:
		return E820_TYPE_NVS;
	case EFI_UNUSABLE:
		return E820_TYPE_UNUSABLE;
	case EFI_PERSISTENT:
		return E820_TYPE_PMEM;
	default:
		return E820_TYPE_RESERVED;
	}
}

void efi_map_to_e820(struct boot_info *info, struct e820_table *table)
{
	struct efi_desc desc;

	for (uint32_t i = 0; efi_map_desc(&info->efi, i, &desc); i++) {
		struct e820_entry *last = table->nr_entries ?
					  &table->entries[table->nr_entries - 1] : NULL;
		uint32_t type = efi_e820_type(&desc);

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
		if (efi_e820_type(&desc) == E820_TYPE_SOFT_RESERVED)
			changed += e820__range_update(desc.base, desc.size, E820_TYPE_RAM,
						      E820_TYPE_SOFT_RESERVED);
	if (changed)
		e820__update_table(e820_table);
}

void efi_find_mirror(const struct boot_info *info)
{
	struct efi_desc desc;
	uint64_t mirrored = 0, total = 0;

	for (uint32_t i = 0; efi_map_desc(&info->efi, i, &desc); i++) {
		total += desc.size;
		if (!(desc.attr & EFI_MORE_RELIABLE))
			continue;
		memblock_mark_mirror(desc.base, desc.size);
		mirrored += desc.size;
	}
	if (mirrored)
		pr_info("efi: Memory: %lldM/%lldM mirrored memory\n",
			(long long)(mirrored >> 20), (long long)(total >> 20));
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

/* Descriptors in ascending order that do not overlap: firmware makes them so, loaders keep it. */
static bool is_sorted(const struct boot_efi_map *map)
{
	struct efi_desc desc;
	uint64_t end = 0;

	for (uint32_t i = 0; efi_map_desc(map, i, &desc); i++) {
		if (desc.size && desc.base < end)
			return false;
		if (desc.size)
			end = desc.base + desc.size;
	}
	return true;
}

/* Memory set aside for a purpose is RAM in both maps, whatever is done with it. */
static bool is_ram(uint32_t type)
{
	return type == E820_TYPE_RAM || type == E820_TYPE_SOFT_RESERVED;
}

/* Step to descriptor *@i or the next one behind it that is RAM; false if there is none. */
static bool next_ram(const struct boot_efi_map *map, uint32_t *i, struct efi_desc *desc)
{
	for (; efi_map_desc(map, *i, desc); ++*i)
		if (desc->size && is_ram(efi_e820_type(desc)))
			return true;
	return false;
}

/* Bytes that are RAM in both maps; both are walked once, side by side. */
static uint64_t ram_in_both(const struct boot_efi_map *map, const struct e820_table *table)
{
	struct efi_desc desc;
	uint64_t both = 0;
	uint32_t i = 0, k = 0;

	while (k < table->nr_entries && next_ram(map, &i, &desc)) {
		const struct e820_entry *e = &table->entries[k];
		uint64_t desc_end = desc.base + desc.size;
		uint64_t end = MIN(e820_end(e), desc_end);
		uint64_t start = MAX(e->addr, desc.base);

		if (is_ram(e->type) && start < end)
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
	if (!is_sorted(&info->efi)) {
		boot_warn(info, "efi: the EFI map is not in order or overlaps itself; "
			  "not compared with e820\n");
		return 0;
	}
	for (uint32_t i = 0; next_ram(&info->efi, &i, &desc); i++)
		efi += desc.size;
	for (uint32_t k = 0; k < table->nr_entries; k++)
		if (is_ram(table->entries[k].type))
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

/* ---- efi=debug ------------------------------------------------------------------------------- */

static const char *const type_names[] = {
	"Reserved", "Loader Code", "Loader Data", "Boot Code", "Boot Data", "Runtime Code",
	"Runtime Data", "Conventional", "Unusable", "ACPI Reclaim", "ACPI Mem NVS", "MMIO",
	"MMIO Port", "PAL Code", "Persistent", "Unaccepted",
};

/* In the order of the columns; an attribute that is not set leaves blanks. */
static const struct {
	uint64_t	bit;
	const char	*name;
} attr_names[] = {
	{ 1ULL << 63, "RUN" }, { 1ULL << 20, "HP" }, { 1ULL << 16, "MR" }, { 1ULL << 19, "CC" },
	{ 1ULL << 18, "SP" },  { 1ULL << 15, "NV" }, { 1ULL << 14, "XP" }, { 1ULL << 13, "RP" },
	{ 1ULL << 12, "WP" },  { 1ULL << 17, "RO" }, { 1ULL << 4, "UCE" }, { 1ULL << 3, "WB" },
	{ 1ULL << 2, "WT" },   { 1ULL << 1, "WC" },  { 1ULL << 0, "UC" },
};

static void print_desc(uint32_t i, const struct efi_desc *desc)
{
	bool known = desc->type < ARRAY_SIZE(type_names);

	if (known)
		pr_info("efi: mem%02u: [%-12s", i, type_names[desc->type]);
	else
		pr_info("efi: mem%02u: [type=%-7u", i, desc->type);
	for (size_t k = 0; k < ARRAY_SIZE(attr_names); k++)
		pr_cont("|%*s", (int)strlen(attr_names[k].name),
			desc->attr & attr_names[k].bit ? attr_names[k].name : "");
	pr_cont("] range=[0x%016llx-0x%016llx] (%lluMB)\n", (unsigned long long)desc->base,
		(unsigned long long)(desc->base + desc->size - 1),
		(unsigned long long)(desc->size >> 20));
}

static bool debug;

static int parse_efi(char *val)
{
	if (!val)
		return -1;
	debug |= parse_option_str(val, "debug");
	return 0;
}
early_param("efi", parse_efi, "debug: print the EFI memory map");

void efi_map_print(const struct boot_info *info)
{
	struct efi_desc desc;

	for (uint32_t i = 0; debug && efi_map_desc(&info->efi, i, &desc); i++)
		print_desc(i, &desc);
}
