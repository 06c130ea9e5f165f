// SPDX-License-Identifier: GPL-2.0-only
/*
 * The map's way through setup_arch(): in from the loader, shaped by the user, fixed up, out
 * to memblock; and what is read off it later: last_pfn, the PCI gap, pages not to be saved.
 */
#include "arch/x86_64/e820.h"
#include "arch/x86_64/efi_e820.h"
#include "arch/x86_64/map/e820_internal.h"
#include "kernel/lib/align.h"
#include "kernel/lib/dialect.h"
#include "kernel/lib/init.h"
#include "kernel/lib/panic.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "mm/ledger.h"
#include "mm/memblock.h"
#include "mm/memblock_event.h"
#include "mm/memblock_since.h"		/* memblock_mark_kho_scratch() */

#include <arch/memory.h>		/* PFN_*(), phys_to_virt() */

#define GRUB_MEMORY_CODE 20	/* GRUB's own number, on UEFI: code of runtime services */
#define NOSAVE_MAX	256		/* lines; no real machine comes near */

#define ISA_HOLE_START	0xa0000UL
#define ISA_HOLE_END	0x100000UL

/* More regions than this make memblock's arrays too large for the first MiB. */
#define LOW_ENTRIES	2000

/* ---- in -------------------------------------------------------------------------------------- */

/* Cut entries that wrap; Linux differs: one of them costs the whole map. */
static void clip_entries(struct e820_table *table)
{
	struct e820_entry *first = NULL;
	uint32_t wrapped = 0;

	for (uint32_t i = 0; i < table->nr_entries; i++) {
		struct e820_entry *e = &table->entries[i];

		if (e820_end(e) >= e->addr)
			continue;
		first = first ? first : e;
		wrapped++;
	}
	if (!first)
		return;
	boot_warn(&boot_info,
		  "e820: %u entries pass 2^64, first [%#018llx + %#llx] %s; cut there\n",
		  wrapped, (unsigned long long)first->addr, (unsigned long long)first->size,
		  e820_type_name(first->type));
	for (struct e820_entry *e = first; e < table->entries + table->nr_entries; e++)
		e->size = e820_clip(e->addr, e->size);
}

static void take_loader_map(struct boot_info *info)
{
	struct boot_map_entry entry;

	e820_table_room(e820_table_given, info->map.nr);
	for (uint32_t i = 0; boot_map_entry(&info->map, i, &entry); i++)
		e820_table_add(e820_table_given, entry.base, entry.size, entry.type);
}

/* Where there is an EFI map, type 20 is no type of e820's: Linux calls that memory reserved. */
static void name_runtime_code(const struct boot_info *info, struct e820_table *table)
{
	for (uint32_t i = 0; info->efi.bytes && i < table->nr_entries; i++)
		if (table->entries[i].type == GRUB_MEMORY_CODE)
			table->entries[i].type = E820_TYPE_RESERVED;
}

static void copy_table(struct e820_table *to, const struct e820_table *from)
{
	to->nr_entries = 0;
	e820_table_room(to, from->nr_entries);
	to->nr_entries = MIN(from->nr_entries, to->capacity);
	memcpy(to->entries, from->entries, to->nr_entries * sizeof(*to->entries));
}

bool e820__memory_setup(struct boot_info *info)
{
	const char *prefix = "BIOS-e820";

	e820_tables_init();
	e820_state.may_borrow = true;
	if (info->map.nr) {
		take_loader_map(info);
		if (strcmp(info->map.source, "basic memory sizes") == 0) {
			pr_info("e820: the loader has no memory map, only %s\n", info->map.source);
			prefix = "BIOS-e801";
		}
	} else {
		pr_info("e820: the loader has no memory map of this kind; using the EFI memory map\n");
		efi_map_to_e820(info, e820_table_given);
	}
	copy_table(e820_table, e820_table_given);
	name_runtime_code(info, e820_table);
	clip_entries(e820_table);
	if (e820_sanitise(e820_table))
		boot_warn(info, "e820: no room to sort %u entries\n", e820_table->nr_entries);
	copy_table(e820_table_firmware, e820_table);

	pr_info("BIOS-provided physical RAM map:\n");
	e820__print_table(e820_table, prefix);
	if (info->map.nr)
		efi_map_soft_reserve(info);
	return e820_ram_bytes() != 0;
}

/* ---- shaped ---------------------------------------------------------------------------------- */

void e820__finish_early_params(void)
{
	if (!e820_user_defined())
		return;
	if (e820__update_table(e820_table) < 0) {
		/* Linux says no more than the panic. */
		pr_emerg("e820: %s: %u entries are left; there must be 2 or more and none may wrap\n",
			 e820_user_words(), e820_table->nr_entries);
		e820__print_table(e820_table, "user");
		panic("Invalid user supplied memory map");
	}
	pr_info("user-defined physical RAM map:\n");
	e820__print_table(e820_table, "user");
	e820_user_explain();
}

void e820__reserve_setup_data(const struct boot_info *info)
{
	bool any = false;

	if (!dialect->kern_type)
		return;
	for (uint32_t i = 0; i < info->nr_extents; i++) {
		const struct boot_extent *x = &info->extents[i];

		if (x->owner != BOOT_SETUP_DATA)
			continue;
		e820__range_update(x->range.base, x->range.size, E820_TYPE_RAM,
				   E820_TYPE_RESERVED_KERN);
		any = true;
	}
	if (!any)
		return;
	e820__update_table(e820_table);
	pr_info("extended physical RAM map:\n");
	e820__print_table(e820_table, "reserve setup_data");
}

void trim_bios_range(void)
{
	e820__range_update(0, PAGE_SIZE, E820_TYPE_RAM, E820_TYPE_RESERVED);
	e820__range_remove(ISA_HOLE_START, ISA_HOLE_END - ISA_HOLE_START, E820_TYPE_RAM, true);
	e820__update_table(e820_table);
}

void e820_add_kernel_range(struct boot_range kernel)
{
	if (e820__mapped_all(kernel.base, kernel.base + kernel.size, E820_TYPE_RAM))
		return;

	boot_warn(&boot_info, ".text .data .bss are not marked as E820_TYPE_RAM!\n");
	e820__range_remove(kernel.base, kernel.size, E820_TYPE_RAM, false);
	e820__range_add(kernel.base, kernel.size, E820_TYPE_RAM);
}

void e820__limit_ram(unsigned int phys_bits)
{
	uint64_t limit = 1ULL << phys_bits, beyond = 0;

	for (uint32_t i = 0; i < e820_table->nr_entries; i++) {
		struct e820_entry *e = &e820_table->entries[i];

		if (!e820_is_ram(e) || e820_end(e) <= limit)
			continue;
		beyond += e820_end(e) - MAX(e->addr, limit);
		e->size = e->addr < limit ? limit - e->addr : 0;
	}
	if (!beyond)
		return;
	boot_warn(&boot_info, "e820: %lluK of RAM above %#llx: the CPU has %u address bits; removed\n",
		  (unsigned long long)(beyond >> 10), (unsigned long long)limit, phys_bits);
	e820__update_table(e820_table);
}

/* ---- read off -------------------------------------------------------------------------------- */

static unsigned long end_of_ram_pfn(unsigned long limit_pfn, unsigned long max_arch_pfn)
{
	unsigned long last_pfn = 0;

	for (uint32_t i = 0; i < e820_table->nr_entries; i++) {
		const struct e820_entry *e = &e820_table->entries[i];
		unsigned long end_pfn = PFN_DOWN(e820_end(e));

		/* Linux differs: it forgets type 128 here, and never maps such memory above RAM. */
		if (!e820_is_ram(e) && e->type != E820_TYPE_ACPI)
			continue;
		if (PFN_DOWN(e->addr) < limit_pfn)
			last_pfn = MAX(last_pfn, MIN(end_pfn, limit_pfn));
	}
	last_pfn = MIN(last_pfn, max_arch_pfn);
	pr_info("last_pfn = %#lx max_arch_pfn = %#lx\n", last_pfn, max_arch_pfn);
	return last_pfn;
}

unsigned long e820__end_of_ram_pfn(unsigned long max_arch_pfn)
{
	return end_of_ram_pfn(max_arch_pfn, max_arch_pfn);
}

unsigned long e820__end_of_low_ram_pfn(unsigned long max_arch_pfn)
{
	return end_of_ram_pfn(PFN_DOWN(SZ_4G), max_arch_pfn);
}

/* What find_gap() has found so far. */
struct gap {
	uint64_t	start, size;
	bool		found;
};

static void consider_gap(struct gap *gap, uint64_t start, uint64_t end)
{
	if (end > start && end - start >= gap->size)
		*gap = (struct gap){ start, end - start, true };
}

/* From the bottom up, remembering the highest end seen.  Of equal holes the higher one wins. */
static void find_gap_upwards(struct gap *gap)
{
	uint64_t last = 0;

	for (uint32_t i = 0; i < e820_table->nr_entries && last < SZ_4G; i++) {
		const struct e820_entry *e = &e820_table->entries[i];

		consider_gap(gap, last, MIN(e->addr, SZ_4G));
		last = MAX(last, e820_end(e));
	}
	consider_gap(gap, last, SZ_4G);
}

/* From the top down, remembering the lowest start seen.  Of equal holes the lower one wins. */
static void find_gap_downwards(struct gap *gap)
{
	uint64_t last = SZ_4G;

	for (uint32_t i = e820_table->nr_entries; i-- > 0;) {
		const struct e820_entry *e = &e820_table->entries[i];

		consider_gap(gap, e820_end(e), last);
		last = MIN(last, e->addr);
	}
}

void e820__setup_pci_gap(void)
{
	struct gap gap = { .size = 0x400000 };

	if (dialect->highest_gap)
		find_gap_upwards(&gap);
	else
		find_gap_downwards(&gap);
	if (!gap.found) {
		gap.start = ((uint64_t)max_pfn << PAGE_SHIFT) + SZ_1M;
		pr_err("Cannot find an available gap in the 32-bit address range\n");
		pr_err("PCI devices with unassigned 32-bit BARs may not work!\n");
	}
	pr_info("[%s %#010lx-%#010lx] available for PCI devices\n",
		dialect->highest_gap ? "gap" : "mem", (unsigned long)gap.start,
		(unsigned long)(gap.start + gap.size - 1));
}

/* A run of page frames that is still growing, and how many have been printed. */
struct nosave {
	unsigned long	start_pfn, end_pfn;
	unsigned int	printed;
};

static void nosave_add(struct nosave *run, unsigned long start_pfn, unsigned long end_pfn)
{
	if (start_pfn >= end_pfn)
		return;
	if (run->end_pfn == start_pfn && run->end_pfn) {
		run->end_pfn = end_pfn;
		return;
	}
	if (run->end_pfn && run->printed++ < NOSAVE_MAX)
		pr_info("PM: hibernation: Registered nosave memory: [mem %#010llx-%#010llx]\n",
			(unsigned long long)run->start_pfn << PAGE_SHIFT,
			((unsigned long long)run->end_pfn << PAGE_SHIFT) - 1);
	run->start_pfn = start_pfn;
	run->end_pfn = end_pfn;
}

void e820__register_nosave_regions(unsigned long limit_pfn)
{
	struct nosave run = { 0, 0, 0 };
	uint64_t last = 0;	/* where the RAM before ended: to the byte, it may go on there */

	for (uint32_t i = 0; i < e820_table->nr_entries; i++) {
		const struct e820_entry *e = &e820_table->entries[i];

		if (!e820_is_ram(e))
			continue;
		if (last < e->addr)
			nosave_add(&run, PFN_DOWN(last), PFN_UP(e->addr));
		last = e820_end(e);
	}
	nosave_add(&run, PFN_DOWN(last), limit_pfn);
	nosave_add(&run, ~0UL - 1, ~0UL);	/* print the last one */
	if (run.printed > NOSAVE_MAX)
		pr_info("PM: hibernation: %u nosave ranges more\n", run.printed - NOSAVE_MAX);
}

uint64_t e820_ram_buffer_end(const struct e820_entry *e)
{
	const uint64_t end = e820_end(e);

	if (!e820_state.have_buffers || e->type != E820_TYPE_RAM)
		return end;
	if (end < SZ_1M)
		return ALIGN_UP(end, SZ_64K);
	return ALIGN_UP(end, end < SZ_16M ? (uint64_t)SZ_1M : 64ULL * SZ_1M);
}

void e820__reserve_resources_late(void)
{
	e820_state.have_buffers = true;
	for (uint32_t i = 0; i < e820_table->nr_entries; i++) {
		const struct e820_entry *e = &e820_table->entries[i];
		uint64_t start = e820_end(e), end = e820_ram_buffer_end(e);

		if (start >= end)
			continue;
		printk("%se820: %s [mem %#010llx-%#010llx]\n",
		       dialect->highest_gap ? KERN_INFO : KERN_DEBUG, dialect->ram_buffer,
		       (unsigned long long)start, (unsigned long long)(end - 1));
	}
}

/* ---- out ------------------------------------------------------------------------------------- */

/* memblock's array is full and cannot grow: the RAM of the map from entry @i on is left alone. */
static void leave_out(uint32_t i)
{
	uint64_t from = e820_table->entries[i].addr, bytes = 0;
	uint32_t ranges = 0;

	for (; i < e820_table->nr_entries; i++) {
		if (e820_is_ram(&e820_table->entries[i])) {
			bytes += e820_table->entries[i].size;
			ranges++;
		}
	}
	boot_warn(&boot_info, "e820: memblock has room for %lu ranges of RAM only; %u from %#llx on, %lluK, are not used\n",
		  memblock.memory.max, ranges, (unsigned long long)from,
		  (unsigned long long)bytes / 1024);
}

/*
 * Linux differs: once there is no room for a longer array it tries again for each range left,
 * with a line each.
 */
void e820__memblock_setup(void)
{
	e820_state.may_borrow = false;
	memblock_allow_resize();
	/* Linux differs: a map this long makes it panic, its arrays must fit below 1 MiB. */
	if (e820_table->nr_entries > LOW_ENTRIES)
		memblock_set_current_limit(EARLY_MAP_SIZE);

	for (uint32_t i = 0; i < e820_table->nr_entries; i++) {
		const struct e820_entry *e = &e820_table->entries[i];

		if (e->type == E820_TYPE_SOFT_RESERVED)
			ledger_reserve(e->addr, e->size, "soft reserved");
		if (e820_is_ram(e) && memblock_add(e->addr, e->size)) {
			leave_out(i);
			break;
		}
	}
	memblock_trim_memory(PAGE_SIZE);
	if (dialect->low_scratch)
		memblock_mark_kho_scratch(0, SZ_1M);
	memblock_dump_all();
}

static void reallocate(struct e820_table *table)
{
	uint64_t size = table->nr_entries * sizeof(*table->entries);
	phys_addr_t pa;

	if (table->capacity <= E820_STATIC)
		return;
	pa = memblock_phys_alloc_range(size, SMP_CACHE_BYTES, 0, EARLY_MAP_SIZE);
	if (!pa) {
		boot_warn(&boot_info, "e820: no RAM to keep %u entries of the map; dropped\n",
			  table->nr_entries);
		table->nr_entries = 0;
		return;
	}
	ledger_name(pa, size, e820_owner);
	e820_table_move(table, phys_to_virt(pa), table->nr_entries);
}

void e820__reallocate_tables(void)
{
	reallocate(e820_table);
	reallocate(e820_table_firmware);
	reallocate(e820_table_given);
	for (uint32_t i = 0; i < boot_info.nr_extents; i++) {
		struct boot_extent *x = &boot_info.extents[i];

		if (x->owner != e820_owner)
			continue;
		memblock_phys_free(x->range.base, x->range.size);
		x->range.size = 0;
	}
}
