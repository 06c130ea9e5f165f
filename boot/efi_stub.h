/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The EFI stub: what makes the file that loaders of Linux take an application of UEFI firmware,
 * too.  boot/efi/ asks firmware and leaves it; boot/ARCH/efi/ puts the kernel where it
 * can run and enters it as that architecture's loaders do.  Nothing of it is in kernel.elf.
 *
 * The file is loaded as it lies on the disc: each section's address is its place in the file.
 */
#ifndef BOOT_EFI_STUB_H
#define BOOT_EFI_STUB_H

#include "boot/boot_info.h"
#include "boot/uefi.h"
#include "kernel/lib/compiler.h"

/* The linear framebuffer; masks of the bits of a pixel; bpp 0: there is none. */
struct efi_screen {
	struct boot_framebuffer	fb;
	uint32_t		red, green, blue, unused;
};

struct efi_stub {
	efi_handle_t			image;
	struct efi_system_table		*systab;
	struct efi_boot_services	*boot;
	const struct efi_loaded_image	*loaded;
	char				cmdline[BOOT_CMDLINE_SIZE];
	struct boot_range		initrd;		/* size 0: none */
	struct efi_screen		screen;
	phys_addr_t			rsdp;		/* 0: no ACPI */
	const void			*tree;		/* firmware's device tree, or NULL */
	struct boot_efi_map		map;		/* the last one asked for */
	uint64_t			map_room;	/* bytes at map.descs */
	uint64_t			map_key;

	/* Of boot/ARCH/efi/. */
	struct boot_range		kernel;		/* where it is entered */
	struct boot_range		home;		/* where it will run */
	struct boot_range		block;		/* what it is handed */
};


/* ---- what boot/ARCH/efi/ supplies ------------------------------------------------------------ */

/**
 * efi_arch_prepare() - copy the kernel to where it can be entered, and take what memory is needed
 *
 * Return: EFI_SUCCESS, or why not, said on the console.
 */
efi_status_t efi_arch_prepare(struct efi_stub *stub);

/*
 * Boot services are about to end, with the map in @stub: why this cannot go well, or NULL.
 */
const char *efi_arch_trouble(const struct efi_stub *stub);

/* Enter the kernel.  Boot services have ended. */
void __noreturn efi_arch_enter(struct efi_stub *stub);

/* The boot ends here, before the kernel: tell a test, if there is a way. */
void efi_arch_refused(void);

/* ---- what boot/efi/ offers ------------------------------------------------------------------- */

/* One line on firmware's console: "EFI stub: TEXT". */
__printf(2, 3) void efi_say(const struct efi_stub *stub, const char *format, ...);

/**
 * efi_take_pages() - memory of firmware, as loader data or @type, at or below @max
 * @bytes: rounded up to whole pages
 * @align: a power of 2
 *
 * Return: its address, or 0.
 */
uint64_t efi_take_pages(const struct efi_stub *stub, uint64_t bytes, uint64_t align, uint64_t max,
			uint32_t type);

/* Exactly [@at, @at + @bytes) as @type.  False: it is not free. */
bool efi_claim_pages(const struct efi_stub *stub, uint64_t at, uint64_t bytes, uint32_t type);

/**
 * efi_map_allows() - may [@base, @base + @size) be overwritten once boot services have ended?
 *
 * Return: true if the map in @stub calls all of it RAM that nobody needs any more: firmware's,
 * or free.  What a loader has allocated counts as needed.
 */
bool efi_map_allows(const struct efi_stub *stub, uint64_t base, uint64_t size);

/**
 * efi_write_tree() - the device tree for the kernel, with the map as it is now
 * @to: 8-byte aligned; @room bytes, efi_tree_room() of which are enough
 *
 * Return: its size, or 0 if it does not fit.  Only the contents of the map change its bytes, not
 * its size.
 */
uint32_t efi_write_tree(const struct efi_stub *stub, void *to, uint32_t room);
uint32_t efi_tree_room(const struct efi_stub *stub);

#define EFI_TREE_MAX	0x200000U	/* what a kernel takes */

/* Parts of a command line, in boot/efi/efi_options.c; no firmware is asked. */

/**
 * efi_take_options() - load options, as UTF-16 of any quality, to a command line in UTF-8
 * @own_name: file name of this program, or NULL: a shell passes it as the first word
 *
 * Return: NULL, or what is wrong; @cmdline is terminated, and empty if it is no text at all.
 */
const char *efi_take_options(char *cmdline, size_t size, const void *options, uint32_t bytes,
			     const efi_char16_t *own_name, size_t own_units);

/**
 * efi_next_initrd() - the path in the next `initrd=PATH` of @cmdline, as firmware wants it
 * @at: where to go on; 0 at first
 *
 * Slashes become backslashes.  Return: false if there is none; a path of @units or more is cut.
 */
bool efi_next_initrd(const char *cmdline, size_t *at, efi_char16_t *path, size_t units);

/* The last name of a device path, the file; NULL if there is none.  @units: its length. */
const efi_char16_t *efi_path_name(const struct efi_device_path *path, size_t *units);

/* Bits per pixel and so on of a mode; false if it has no framebuffer that can be drawn on. */
bool efi_screen_from_mode(struct efi_screen *screen, const struct efi_graphics_mode *mode);

#endif /* BOOT_EFI_STUB_H */
