/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * UEFI firmware for the EFI stub on a host: real addresses below 2 GiB, services that keep
 * the rules of the book and stop the test if the stub does not, and whims that a test sets.
 */
#ifndef TESTS_HOST_EFI_FIRMWARE_H
#define TESTS_HOST_EFI_FIRMWARE_H

#include "boot/boot_info_efi.h"
#include "boot/efi_stub.h"

#define FIRMWARE_RAM		(32UL << 20)
#define FIRMWARE_HOME		0x100000UL	/* in it: where the kernel has to be */
#define FIRMWARE_KERNEL_SIZE	0x8000UL	/* in the file; in memory twice of it */
#define FIRMWARE_FILES		3

struct firmware_file {
	const char	*path;
	const void	*data;
	uint64_t	size;
};

/* Set before firmware_start(), except by firmware_new(). */
struct firmware_whims {
	unsigned int		key_changes;	/* before boot services end */
	uint32_t		desc_size;
	uint32_t		at_home;	/* type of the pages at FIRMWARE_HOME */
	unsigned int		strange_descs;	/* of alternating types above 4 GiB */
	unsigned int		allocations;	/* that succeed, then no more */
	const void		*offered;	/* the loader's initrd */
	uint64_t		offered_size;
	bool			has_volume;
	struct firmware_file	files[FIRMWARE_FILES];
	uint64_t		read_at_most;	/* bytes of a file that a read gives; 0: all */
	const void		*options;
	uint32_t		options_bytes;
	const void		*own_path;	/* a device path */
	const struct efi_graphics_mode *mode;
	uint32_t		loaded_bytes;	/* of the file; 0: all */
	const void		*map;		/* instead of the true one */
	uint64_t		map_bytes;
};

/* What happened. */
struct firmware_state {
	bool		entered;	/* the kernel was */
	bool		ended;		/* boot services have */
	bool		refused;	/* efi_arch_refused() */
	efi_status_t	status;		/* the stub's, if not entered */
	uint64_t	entry;
	const uint8_t	*params;
	char		said[4096];
};

extern struct firmware_whims firmware_whims;
extern struct firmware_state firmware;
extern uint8_t *firmware_ram;		/* FIRMWARE_RAM bytes, at this real address */

/* Empty RAM, no whims. */
void firmware_new(void);

/* Load a file with FIRMWARE_KERNEL_SIZE bytes of kernel and call its entry point. */
void firmware_start(void);

/* What is at @pa in the map as firmware knows it now. */
uint32_t firmware_type_at(uint64_t pa);

#endif /* TESTS_HOST_EFI_FIRMWARE_H */
