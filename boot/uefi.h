/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The part of UEFI 2.10 that an application needs which wants to become a kernel: tables,
 * services and protocols, with their names and in their layout.  Services that are not called
 * are there as addresses, to keep the others in place.
 */
#ifndef BOOT_UEFI_H
#define BOOT_UEFI_H

#include "kernel/lib/types.h"

#include <arch/efi.h>		/* EFIAPI: how firmware is called */

typedef uint64_t efi_status_t;	/* UINTN: both machines have 64 bits */
typedef void *efi_handle_t;
typedef uint16_t efi_char16_t;

#define EFI_ERROR_BIT		(1ULL << 63)
#define EFI_SUCCESS		0ULL
#define EFI_LOAD_ERROR		(EFI_ERROR_BIT | 1)
#define EFI_INVALID_PARAMETER	(EFI_ERROR_BIT | 2)
#define EFI_UNSUPPORTED		(EFI_ERROR_BIT | 3)
#define EFI_BUFFER_TOO_SMALL	(EFI_ERROR_BIT | 5)
#define EFI_OUT_OF_RESOURCES	(EFI_ERROR_BIT | 9)
#define EFI_NOT_FOUND		(EFI_ERROR_BIT | 14)

#define EFI_PAGE_SIZE		4096U	/* whatever the CPU does */

struct efi_guid {
	uint32_t	a;
	uint16_t	b, c;
	uint8_t		d[8];
};

struct efi_table_header {
	uint64_t	signature;
	uint32_t	revision;
	uint32_t	size;
	uint32_t	crc;
	uint32_t	reserved;
};

/* ---- console --------------------------------------------------------------------------------- */

struct efi_text_output {
	void		*reset;
	efi_status_t	(EFIAPI *output_string)(struct efi_text_output *self,
						const efi_char16_t *text);
};

/* ---- boot services --------------------------------------------------------------------------- */

enum efi_allocate {
	EFI_ALLOCATE_ANY,
	EFI_ALLOCATE_MAX_ADDRESS,	/* *memory: the last byte that may be used */
	EFI_ALLOCATE_ADDRESS,		/* *memory: exactly there */
};

enum efi_locate {
	EFI_LOCATE_ALL,
	EFI_LOCATE_BY_REGISTER,
	EFI_LOCATE_BY_PROTOCOL,
};

struct efi_device_path;

struct efi_boot_services {
	struct efi_table_header	header;
	void		*raise_tpl, *restore_tpl;
	efi_status_t	(EFIAPI *allocate_pages)(enum efi_allocate how, uint32_t type,
						 uint64_t pages, uint64_t *memory);
	efi_status_t	(EFIAPI *free_pages)(uint64_t memory, uint64_t pages);
	efi_status_t	(EFIAPI *get_memory_map)(uint64_t *bytes, void *map, uint64_t *key,
						 uint64_t *desc_size, uint32_t *desc_version);
	void		*allocate_pool;
	efi_status_t	(EFIAPI *free_pool)(void *buffer);
	void		*create_event, *set_timer, *wait_for_event, *signal_event, *close_event,
			*check_event;
	void		*install_protocol, *reinstall_protocol, *uninstall_protocol;
	efi_status_t	(EFIAPI *handle_protocol)(efi_handle_t handle,
						  const struct efi_guid *protocol,
						  void **interface);
	void		*reserved;
	void		*register_protocol_notify;
	void		*locate_handle;
	efi_status_t	(EFIAPI *locate_device_path)(const struct efi_guid *protocol,
						     struct efi_device_path **path,
						     efi_handle_t *handle);
	void		*install_configuration_table;
	void		*load_image, *start_image, *exit, *unload_image;
	efi_status_t	(EFIAPI *exit_boot_services)(efi_handle_t image, uint64_t map_key);
	void		*get_next_monotonic_count, *stall, *set_watchdog_timer;
	void		*connect_controller, *disconnect_controller;
	void		*open_protocol, *close_protocol, *open_protocol_information;
	void		*protocols_per_handle;
	efi_status_t	(EFIAPI *locate_handle_buffer)(enum efi_locate how,
						       const struct efi_guid *protocol, void *key,
						       uint64_t *nr, efi_handle_t **handles);
};

/* ---- the system table ------------------------------------------------------------------------ */

struct efi_configuration_table {
	struct efi_guid	guid;
	void		*table;
};

struct efi_system_table {
	struct efi_table_header			header;
	const efi_char16_t			*vendor;
	uint32_t				revision;
	efi_handle_t				in_handle;
	void					*in;
	efi_handle_t				out_handle;
	struct efi_text_output			*out;
	efi_handle_t				error_handle;
	struct efi_text_output			*error;
	void					*runtime;
	struct efi_boot_services		*boot;
	uint64_t				nr_tables;
	const struct efi_configuration_table	*tables;
};

/* ---- protocols ------------------------------------------------------------------------------- */

/* A list of nodes, each with its length, the last of type 0x7f. */
struct efi_device_path {
	uint8_t		type;
	uint8_t		subtype;
	uint8_t		length[2];	/* little endian, with these four bytes */
};

struct efi_loaded_image {
	uint32_t			revision;
	efi_handle_t			parent;
	struct efi_system_table		*system_table;
	efi_handle_t			device;		/* NULL: not from a volume */
	const struct efi_device_path	*file_path;
	void				*reserved;
	uint32_t			options_bytes;
	const void			*options;
	uint8_t				*base;
	uint64_t			size;
};

struct efi_load_file2 {
	efi_status_t	(EFIAPI *load_file)(struct efi_load_file2 *self,
					    struct efi_device_path *path, bool boot_policy,
					    uint64_t *bytes, void *buffer);
};

struct efi_file {
	uint64_t	revision;
	efi_status_t	(EFIAPI *open)(struct efi_file *self, struct efi_file **file,
				       const efi_char16_t *name, uint64_t mode,
				       uint64_t attributes);
	efi_status_t	(EFIAPI *close)(struct efi_file *self);
	void		*delete_file;
	efi_status_t	(EFIAPI *read)(struct efi_file *self, uint64_t *bytes, void *buffer);
	void		*write;
	efi_status_t	(EFIAPI *get_position)(struct efi_file *self, uint64_t *position);
	efi_status_t	(EFIAPI *set_position)(struct efi_file *self, uint64_t position);
};

#define EFI_FILE_READ	1ULL
#define EFI_FILE_END	UINT64_MAX	/* of set_position() */

struct efi_file_system {
	uint64_t	revision;
	efi_status_t	(EFIAPI *open_volume)(struct efi_file_system *self, struct efi_file **root);
};

enum efi_pixel_format {
	EFI_PIXEL_RGBX,		/* red in the lowest byte */
	EFI_PIXEL_BGRX,
	EFI_PIXEL_MASKS,
	EFI_PIXEL_NO_FRAMEBUFFER,
};

struct efi_graphics_info {
	uint32_t	version;
	uint32_t	width, height;
	uint32_t	format;
	uint32_t	red, green, blue, unused;	/* EFI_PIXEL_MASKS */
	uint32_t	pixels_per_line;
};

struct efi_graphics_mode {
	uint32_t			nr_modes, mode;
	const struct efi_graphics_info	*info;
	uint64_t			info_size;
	uint64_t			framebuffer;
	uint64_t			framebuffer_size;
};

struct efi_graphics_output {
	void				*query_mode, *set_mode, *blt;
	const struct efi_graphics_mode	*mode;
};

#endif /* BOOT_UEFI_H */
