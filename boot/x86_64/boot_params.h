/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Offsets in struct boot_params of the Linux/x86 boot protocol: read by linux_params.c, written by
 * the EFI stub.  The setup header, from SETUP_SECTS on, stands at the same offsets in bzImage.
 */
#ifndef BOOT_X86_64_BOOT_PARAMS_H
#define BOOT_X86_64_BOOT_PARAMS_H

enum {
	EXT_MEM_K	= 0x002,	/* KiB above 1 MiB, at most 64 MiB of them */
	VIDEO_MODE	= 0x006,	/* of the BIOS */
	VIDEO_COLS	= 0x007,
	VIDEO_LINES	= 0x00e,
	VIDEO_TYPE	= 0x00f,
	LFB_WIDTH	= 0x012,
	LFB_HEIGHT	= 0x014,
	LFB_DEPTH	= 0x016,
	LFB_BASE	= 0x018,
	LFB_SIZE	= 0x01c,
	LFB_PITCH	= 0x024,
	LFB_COLOURS	= 0x026,	/* bits, lowest bit of red, green, blue, unused */
	LFB_CAPABLE	= 0x036,
	LFB_EXT_BASE	= 0x03a,	/* bits 63..32 */
	ACPI_RSDP	= 0x070,
	EXT_RAMDISK	= 0x0c0,	/* bits 63..32 of address and, 4 later, size */
	EXT_CMD_LINE	= 0x0c8,	/* bits 63..32 */
	EFI_SIGNATURE	= 0x1c0,
	EFI_SYSTAB	= 0x1c4,
	EFI_DESC_SIZE	= 0x1c8,
	EFI_VERSION	= 0x1cc,
	EFI_MAP		= 0x1d0,
	EFI_MAP_SIZE	= 0x1d4,
	EFI_SYSTAB_HI	= 0x1d8,
	EFI_MAP_HI	= 0x1dc,
	ALT_MEM_K	= 0x1e0,	/* KiB above 1 MiB */
	E820_ENTRIES	= 0x1e8,
	SENTINEL	= 0x1ef,
	SETUP_SECTS	= 0x1f1,
	SYSSIZE		= 0x1f4,	/* of the kernel in the file, in 16 bytes */
	VID_MODE	= 0x1fa,
	HEADER_JUMP	= 0x200,	/* its second byte: the header's end, from behind it */
	HEADER_MAGIC	= 0x202,
	PROTOCOL	= 0x206,
	LOADER_TYPE	= 0x210,
	RAMDISK		= 0x218,	/* address, size */
	CMD_LINE	= 0x228,
	SETUP_DATA	= 0x250,
	PREF_ADDRESS	= 0x258,
	INIT_SIZE	= 0x260,	/* bytes from where the kernel begins that it needs */
	E820_TABLE	= 0x2d0,
};

#define E820_MAX	128U

#define NODE_HEADER	16U		/* of setup_data: next, type, len */
#define NODE_E820_EXT	1U
#define NODE_INDIRECT	0x80000000U	/* data: u32 type, u32 0, u64 len, u64 addr */

#define VIDEO_VGA	0x01U
#define VIDEO_VESA	0x23U
#define VIDEO_EFI	0x70U
#define LFB_64BIT_BASE	2U		/* LFB_CAPABLE: LFB_EXT_BASE counts */

#define LOADER_EFI_STUB	0x21U		/* what Linux's own stub calls itself */
#define ENTRY_64	0x200U		/* from where the kernel begins */

#endif /* BOOT_X86_64_BOOT_PARAMS_H */
