// SPDX-License-Identifier: GPL-2.0-only
/*
 * The UEFI memory map as a whole: its order, its mirrored memory, its print.
 */
#include "boot/efi_map.h"

#include "kernel/lib/align.h"
#include "kernel/lib/params.h"		/* early_param() */
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "mm/memblock.h"		/* memblock_mark_mirror() */

bool efi_map_is_sorted(const struct boot_efi_map *map)
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

static int parse_efi(char *val)
{
	if (!val)
		return -1;
	boot_info.efi_debug |= parse_option_str(val, "debug");
	return 0;
}
early_param("efi", parse_efi, "debug: print the EFI memory map");

void efi_print_memmap(const struct boot_info *info)
{
	struct efi_desc desc;

	for (uint32_t i = 0; boot_info.efi_debug && efi_map_desc(&info->efi, i, &desc); i++)
		print_desc(i, &desc);
}
