// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/iomem and /sys/firmware/memmap as text (see iomem.h).
 */
#include "arch/x86_64/iomem.h"

#include "arch/x86_64/e820.h"
#include "kernel/lib/align.h"
#include "mm/crash.h"

typedef unsigned long long ull;

static const struct {
	uint32_t	type;
	const char	*name;
} names[] = {
	{ E820_TYPE_RAM,	   "System RAM" },
	{ E820_TYPE_RESERVED,	   "Reserved" },
	{ E820_TYPE_ACPI,	   "ACPI Tables" },
	{ E820_TYPE_NVS,	   "ACPI Non-volatile Storage" },
	{ E820_TYPE_UNUSABLE,	   "Unusable memory" },
	{ E820_TYPE_PMEM,	   "Persistent Memory" },
	{ E820_TYPE_PRAM,	   "Persistent Memory (legacy)" },
	{ E820_TYPE_RESERVED_KERN, "System RAM" },
	{ E820_TYPE_SOFT_RESERVED, "Soft Reserved" },
};

static const char *name_of(uint32_t type)
{
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].type == type)
			return names[i].name;
	return "Unknown E820 type";
}

static void print_part(const struct iomem_part *part, int (*print)(const char *fmt, ...))
{
	print("  %08llx-%08llx : %s\n", (ull)part->base, (ull)(part->base + part->size - 1),
	      part->name);
}

/* The part of @parts with the lowest base in [from, e's end), or of the crash areas. */
static struct iomem_part next_part(const struct e820_entry *e, uint64_t from,
				   const struct iomem_part *parts, unsigned int nr_parts)
{
	const struct iomem_part crash[] = {
		{ "Crash kernel", crashk_res.base, crashk_res.size },
		{ "Crash kernel", crashk_low_res.base, crashk_low_res.size },
	};
	struct iomem_part next = { .size = 0 };

	for (unsigned int i = 0; i < nr_parts + ARRAY_SIZE(crash); i++) {
		const struct iomem_part *p = i < nr_parts ? &parts[i] : &crash[i - nr_parts];

		if (!p->size || p->base < from || p->base - e->addr >= e->size)
			continue;
		if (!next.size || p->base < next.base)
			next = *p;
	}
	return next;
}

/* Up to @limit, addresses behind entry @i that no entry has are kept from devices. */
static void print_buffer(uint32_t i, uint64_t limit, int (*print)(const char *fmt, ...))
{
	const struct e820_entry *e = &e820_table->entries[i];
	const uint64_t start = e->addr + e->size;

	if (i + 1 < e820_table->nr_entries)
		limit = MIN(limit, e[1].addr);
	if (start < limit)
		print("%08llx-%08llx : RAM buffer\n", (ull)start, (ull)(limit - 1));
}

void iomem_print(const struct iomem_part *parts, unsigned int nr_parts,
		 int (*print)(const char *fmt, ...))
{
	uint64_t buffers = 0;

	for (uint32_t i = 0; i < e820_table->nr_entries; i++) {
		const struct e820_entry *e = &e820_table->entries[i];
		struct iomem_part part;

		print("%08llx-%08llx : %s\n", (ull)e->addr, (ull)(e->addr + e->size - 1),
		      name_of(e->type));
		for (uint64_t from = e->addr;; from = part.base + 1) {
			part = next_part(e, from, parts, nr_parts);
			if (!part.size)
				break;
			print_part(&part, print);
		}
		buffers = MAX(buffers, e820_ram_buffer_end(e));
		print_buffer(i, buffers, print);
	}
}

void firmware_map_print(int (*print)(const char *fmt, ...))
{
	for (uint32_t i = 0; i < e820_table_firmware->nr_entries; i++) {
		const struct e820_entry *e = &e820_table_firmware->entries[i];

		print("%u 0x%llx 0x%llx %s\n", i, (ull)e->addr, (ull)(e->addr + e->size - 1),
		      name_of(e->type));
	}
}
