/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The memory map of the PC: as given, as sanitised, as shaped by the user.
 *
 * Spans are half-open inside and inclusive when printed.  Function names, lines and results
 * are Linux 6.12's; what is ours alone is marked "Linux differs".
 */
#ifndef ARCH_X86_64_E820_H
#define ARCH_X86_64_E820_H

#include "boot/boot_info.h"

enum e820_type {
	E820_TYPE_RAM			= BOOT_TYPE_RAM,
	E820_TYPE_RESERVED		= BOOT_TYPE_RESERVED,
	E820_TYPE_ACPI			= BOOT_TYPE_ACPI,
	E820_TYPE_NVS			= BOOT_TYPE_NVS,
	E820_TYPE_UNUSABLE		= BOOT_TYPE_UNUSABLE,
	E820_TYPE_PMEM			= BOOT_TYPE_PMEM,
	E820_TYPE_PRAM			= 12,
	E820_TYPE_RESERVED_KERN		= 128,
};
#define E820_TYPE_SOFT_RESERVED		BOOT_TYPE_SOFT_RESERVED

/* Any 32-bit number is a legal type: what has no name is treated as reserved. */
struct e820_entry {
	uint64_t	addr;
	uint64_t	size;
	uint32_t	type;
};

/*
 * A table of @capacity slots.  After e820__update_table() it is sorted and disjoint; between
 * updates it may hold zero-sized entries and overlaps.
 */
struct e820_table {
	uint32_t		nr_entries;
	uint32_t		capacity;
	struct e820_entry	*entries;
};

/* The working map, which becomes memblock's memory; all three are constant after boot. */
extern struct e820_table *e820_table;
/* The firmware's map, sanitised; constant after boot. */
extern struct e820_table *e820_table_firmware;
/* The firmware's map in the order and with the errors it was given; constant after boot. */
extern struct e820_table *e820_table_given;

/* "usable", "reserved", ..., or "type N" in one of two buffers that take turns. */
const char *e820_type_name(uint32_t type);

/* Print every entry as "PREFIX: [mem 0x...-0x...] TYPE". */
void e820__print_table(const struct e820_table *table, const char *prefix);

/* The three views, one after the other, for the monitor and for those who doubt. */
void e820_print_views(void);

/* True if [start, end) is covered completely by / touches entries of @type (0: of any type). */
bool e820__mapped_all(uint64_t start, uint64_t end, uint32_t type);
bool e820__mapped_any(uint64_t start, uint64_t end, uint32_t type);

/* Append an entry; a full table that cannot grow says "too many entries". */
void e820__range_add(uint64_t start, uint64_t size, uint32_t type);

/*
 * Convert what is of type @from in the span to @to, print the update line, return the bytes
 * changed.  The table is to be sanitised afterwards.
 */
uint64_t e820__range_update(uint64_t start, uint64_t size, uint32_t from, uint32_t to);

/* Make a gap of what is of type @type (of any type if not @check) likewise. */
uint64_t e820__range_remove(uint64_t start, uint64_t size, uint32_t type, bool check);

/**
 * e820__update_table() - sort, make disjoint, merge
 *
 * Every address gets the numerically highest type that covers it; runs of one type are one
 * entry, except that persistent (12) and soft reserved memory keeps its borders.  Like Linux
 * it declines to touch a table of less than 2 entries or with an entry that wraps.
 *
 * Return: 0, or -1 if it declined.
 */
int e820__update_table(struct e820_table *table);

/* Sanitise the working map and, if that worked, print it as "modified". */
void e820__update_table_print(void);

/**
 * e820__memory_setup() - take in the firmware's map from @info, sanitise, print
 *
 * Linux differs: one entry is enough (Linux invents a map), and an entry that wraps is cut
 * at the end of the address space (Linux drops the whole map).
 *
 * Context: nothing may have been allocated; tables too large for their static room borrow.
 * Return: false if there is no entry of RAM at all.
 */
bool e820__memory_setup(struct boot_info *info);

/* After the early parameters: the user's map, or panic "Invalid user supplied memory map". */
void e820__finish_early_params(void);

/*
 * RAM that holds setup_data becomes a type of its own, which reads "usable" and is never merged
 * with other RAM; Linux's lines.  Does nothing if the loader handed over none.
 */
void e820__reserve_setup_data(const struct boot_info *info);

/* Page 0 is the BIOS's, 0xa0000-0xfffff is not RAM; both lines appear on every boot. */
void trim_bios_range(void);

/* The kernel's own span must be RAM: warn and make it so if the map says otherwise. */
void e820_add_kernel_range(struct boot_range kernel);

/*
 * Take away RAM the CPU cannot address, with a warning.  Linux differs: it believes the map.
 * @phys_bits: width of a physical address
 */
void e820__limit_ram(unsigned int phys_bits);

/*
 * Highest end of RAM or ACPI data in pages, at most @max_arch_pfn; prints the last_pfn line.
 * The second looks below 4 GiB only.
 */
unsigned long e820__end_of_ram_pfn(unsigned long max_arch_pfn);
unsigned long e820__end_of_low_ram_pfn(unsigned long max_arch_pfn);

/* Tell memblock: RAM added, soft reserved reserved, pages trimmed, first dump. */
void e820__memblock_setup(void);

/* Move borrowed tables into memblock's memory, while the borrowed one is still mapped. */
void e820__reallocate_tables(void);

/* The largest hole below 4 GiB, where PCI devices may go. */
void e820__setup_pci_gap(void);

/* One line per run of pages below @limit_pfn that are not wholly RAM. */
void e820__register_nosave_regions(unsigned long limit_pfn);

/*
 * The space between an end of RAM and the next round address is kept from devices; late, and
 * only where there are any (pci.c).
 */
void e820__reserve_resources_late(void);

/* Where that space behind @e ends: at the end of @e if it is not kept, no RAM, or round already. */
uint64_t e820_ram_buffer_end(const struct e820_entry *e);

/* Bytes of RAM in the working map, for the ledger: not rounded to pages. */
uint64_t e820_ram_bytes(void);

/* The words of mem= and memmap= so far, "mem=512M memmap=1M$2M"; "" if none. */
const char *e820_user_words(void);

#endif /* ARCH_X86_64_E820_H */
