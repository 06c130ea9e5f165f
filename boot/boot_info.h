/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the loader told us, whoever it was.
 *
 * boot_info_from_loader() has one parser a protocol turn a foreign, untrusted block into this
 * structure; after that nobody knows a loader's format.  Strings are copied and
 * terminated.  The firmware's maps are large and of foreign length, so they are looked at in
 * place, through bounded views; their extents are in @extents and get reserved with it.
 * Whoever wants to keep a map beyond init_mem_mapping() copies it (arch/ does).
 *
 * Nothing here allocates.  Spans are half-open [base, base + size) and never wrap.
 */
#ifndef BOOT_BOOT_INFO_H
#define BOOT_BOOT_INFO_H

#include "kernel/lib/types.h"

#include <arch/memory.h>		/* EARLY_MAP_SIZE */

#define BOOT_CMDLINE_SIZE	2048	/* Linux's COMMAND_LINE_SIZE, with the NUL */
#define BOOT_NAME_SIZE		48	/* of a module's command line, cut silently */
#define BOOT_MODULES_STATIC	16	/* more than these live in borrowed RAM */
#define BOOT_MODULES_MAX	4096
#define BOOT_EXTENTS_MAX	40
#define BOOT_MAP_RECORD		20	/* bytes of a map record that carry meaning */

struct boot_range {
	phys_addr_t	base;
	uint64_t	size;
};

/*
 * A span of RAM that the loader or this parser uses; to be reserved in the name of @owner.
 *
 * Linux's protocol has a list of setup_data nodes, each an extent of this owner; arch/ turns them
 * into a type of their own in the map, as Linux does.  What multiboot2 and PVH hand over instead
 * (the block, the start info, its map, command line and module list) is an extent each.
 */
#define BOOT_SETUP_DATA	boot_setup_data
extern const char boot_setup_data[];	/* "setup_data"; compared by address */

struct boot_extent {
	struct boot_range	range;
	const char		*owner;
};

struct boot_module {
	struct boot_range	range;
	char			name[BOOT_NAME_SIZE];
	bool			refused;	/* overlaps something: reserved, not used */
	bool			freed;		/* its memory is ordinary memory again */
};

/* e820's numbers for what a span is; any other is treated as reserved. */
enum boot_map_type {
	BOOT_TYPE_RAM		= 1,
	BOOT_TYPE_RESERVED	= 2,
	BOOT_TYPE_ACPI		= 3,
	BOOT_TYPE_NVS		= 4,
	BOOT_TYPE_UNUSABLE	= 5,
	BOOT_TYPE_PMEM		= 7,
};
#define BOOT_TYPE_SOFT_RESERVED	0xefffffffU

/*
 * The memory map as given: @nr records, @stride bytes apart, each a little-endian
 * { u64 base; u64 size; u32 type; } with the type numbers of e820 (the loaders we know use
 * this layout).  Read it with boot_map_entry().
 */
struct boot_map {
	const uint8_t	*records;	/* NULL: none */
	uint32_t	nr;
	uint32_t	stride;		/* >= BOOT_MAP_RECORD */
	const char	*source;	/* "multiboot2 memory map", for messages */
};

struct boot_map_entry {
	uint64_t	base;
	uint64_t	size;		/* base + size may wrap: nothing is checked here */
	uint32_t	type;
};

/* The UEFI memory map in place; boot/boot_info_efi.h reads it. */
struct boot_efi_map {
	const uint8_t	*descs;		/* NULL: none */
	uint32_t	bytes;
	uint32_t	desc_size;
	uint32_t	version;
	phys_addr_t	pa;		/* where @descs is, to reserve and to print */
};

enum boot_screen {
	BOOT_SCREEN_NONE,
	BOOT_SCREEN_RGB,	/* a linear framebuffer */
	BOOT_SCREEN_TEXT,	/* two bytes a character, as VGA has them */
};

/*
 * What the loader says of the screen.  It is believed in so far as a line fits the pitch and the
 * end does not wrap: boot_take_screen().
 */
struct boot_framebuffer {
	enum boot_screen type;
	phys_addr_t	base;
	uint32_t	pitch;		/* bytes */
	uint32_t	width;		/* of text: characters */
	uint32_t	height;
	uint8_t		bpp;		/* of RGB */
	uint8_t		at[3];		/* lowest bit of red, green, blue */
	uint8_t		bits[3];	/* of each */
};

struct boot_info {
	struct boot_range	kernel;		/* the image in RAM, from boot_info_init() */
	phys_addr_t		phys_end;	/* first the CPU cannot form; 0: unknown */
	const char		*protocol;	/* "multiboot2", "PVH", "Linux protocol" */
	char			loader[64];	/* "GRUB 2.06-13", or empty */
	char			cmdline[BOOT_CMDLINE_SIZE];
	struct boot_map		map;
	struct boot_efi_map	efi;
	bool			efi_debug;	/* efi=debug */
	phys_addr_t		efi_systab;	/* 0: not an UEFI machine, or not told */
	phys_addr_t		rsdp;		/* 0: search the BIOS areas */
	struct boot_framebuffer	fb;
	struct boot_module	*modules;
	uint32_t		nr_modules;	/* in @modules, refused ones too */
	uint32_t		module_room;
	struct boot_range	module_rest;	/* around those that found no room; size 0: none */
	struct boot_extent	extents[BOOT_EXTENTS_MAX];
	uint32_t		nr_extents;
	unsigned int		warnings;	/* oddities in input, from all of boot and arch */
	char			refusal[160];	/* why the boot cannot go on, or empty */

	/* Private to boot/: storage behind the pointers above. */
	struct boot_module	module_store[BOOT_MODULES_STATIC];
	uint8_t			basic_map[2 * BOOT_MAP_RECORD];
	uint8_t			rsdp_copy[36];
};

/* The one the kernel booted with, constant after boot; tests use their own. */
extern struct boot_info boot_info;

/*
 * Say that input was odd, with the numbers, and count it: the summary shows the count.  A
 * flood is cut after BOOT_WARN_SHOWN lines, counting goes on.
 */
#define BOOT_WARN_SHOWN	48
#define boot_warn(info, ...)							\
	do {									\
		if (++(info)->warnings <= BOOT_WARN_SHOWN)			\
			pr_warn(__VA_ARGS__);					\
		if ((info)->warnings == BOOT_WARN_SHOWN)			\
			pr_warn("boot: further oddities are only counted\n");	\
	} while (0)

/**
 * boot_info_init() - empty @info and tell it where the kernel lies
 */
void boot_info_init(struct boot_info *info, phys_addr_t kernel_base, uint64_t kernel_size);

/**
 * boot_map_entry() - record @i of the map as given
 *
 * Return: false if there is no such record.
 */
bool boot_map_entry(const struct boot_map *map, uint32_t i, struct boot_map_entry *entry);

/**
 * boot_add_extent() - have [base, base + size) reserved in the name of @owner
 *
 * Size 0 does nothing.  A full table is our own bug and says so.
 */
void boot_add_extent(struct boot_info *info, phys_addr_t base, uint64_t size, const char *owner);

/**
 * boot_touches_ram() - is a byte of @range RAM of the map, or of the image?
 * @ram: set to what it touches
 */
bool boot_touches_ram(const struct boot_info *info, struct boot_range range,
		      struct boot_range *ram);

/*
 * Further spans to keep clear of: if @want touches one of them, set its base to that one's end
 * (boot_step_over()) and return true.
 */
typedef bool (*boot_busy_fn)(const void *ctx, struct boot_range *want);

/**
 * boot_borrow() - RAM for tables before memblock knows any
 * @size:  bytes, rounded up to pages; zeroed
 * @owner: recorded in @info->extents
 * @busy:  spans not yet in @info that must stay untouched; may be NULL
 *
 * Takes the lowest fitting place above the kernel and below EARLY_MAP_SIZE that the map calls RAM
 * and nothing else, and that touches neither the kernel, nor a module, nor an extent.  Without a
 * map of the loader's the EFI map counts.
 *
 * Return: its address in the direct map, or NULL.
 */
void *boot_borrow(struct boot_info *info, uint64_t size, const char *owner,
		  boot_busy_fn busy, const void *ctx);

/**
 * boot_room_for_modules() - provide for @nr modules before boot_add_module() is called
 *
 * Up to BOOT_MODULES_STATIC need nothing; for more, RAM is borrowed.
 */
void boot_room_for_modules(struct boot_info *info, uint32_t nr, boot_busy_fn busy, const void *ctx);

/**
 * boot_add_module() - note the module [start, end)
 * @name: not necessarily terminated; at most @name_len bytes of it are read
 *
 * An empty module is dropped; one that overlaps the kernel, an extent or an earlier module is
 * kept as refused.  Both are said.
 */
void boot_add_module(struct boot_info *info, uint64_t start, uint64_t end,
		     const char *name, size_t name_len);

/*
 * What of the kernel, the extents and the modules the range @m overlaps, or NULL; @with is set to
 * that span.
 */
const char *boot_range_user(const struct boot_info *info, struct boot_range m,
			    struct boot_range *with);

/**
 * boot_take_screen() - the screen is @fb, says the loader that @who names
 *
 * Where the colours of RGB have no bits, those that everybody uses are taken.  What cannot be is
 * said, and there is no screen then.
 */
void boot_take_screen(struct boot_info *info, const struct boot_framebuffer *fb, const char *who);

/* Copy at most @n bytes of foreign text to @dst of @size bytes; false if it was cut. */
bool boot_copy_text(char *dst, size_t size, const char *text, size_t n);

/* True if [a, a + a_size) and [b, b + b_size) share a byte; empty spans share none. */
static inline bool boot_overlap(struct boot_range a, struct boot_range b)
{
	return a.size && b.size && a.base < b.base + b.size && b.base < a.base + a.size;
}

/* If @want touches @busy, move it up to the end of @busy.  Return: whether it moved. */
static inline bool boot_step_over(struct boot_range *want, struct boot_range busy)
{
	if (!boot_overlap(*want, busy))
		return false;
	want->base = busy.base + busy.size;
	return true;
}

#endif /* BOOT_BOOT_INFO_H */
