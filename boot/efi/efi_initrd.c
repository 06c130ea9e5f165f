// SPDX-License-Identifier: GPL-2.0-only
/*
 * The initrd: a loader offers it as a file behind Linux's media GUID (QEMU, GRUB 2.12,
 * systemd-boot), or the command line names files of the volume that the kernel came from.
 * Several files become one, each beginning at a multiple of 4 bytes, as Linux wants archives.
 */
#include "boot/efi/efi_internal.h"
#include "boot/boot_info_efi.h"
#include "kernel/lib/align.h"
#include "kernel/lib/string.h"

#define READ_AT_ONCE	(1ULL << 20)	/* some firmware cannot read more */
#define PATH_UNITS	256U
#define FILE_ALIGN	4ULL

typedef unsigned long long ull;

static const struct efi_guid load_file2_guid = {
	0x4006c0c1, 0xfcb3, 0x403e, { 0x99, 0x6d, 0x4a, 0x6c, 0x87, 0x24, 0xe0, 0x6d }
};
static const struct efi_guid file_system_guid = {
	0x964e5b22, 0x6459, 0x11d2, { 0x8e, 0x39, 0x00, 0xa0, 0xc9, 0x69, 0x72, 0x3b }
};

/* The device path that is only this: vendor media, LINUX_EFI_INITRD_MEDIA_GUID. */
static const struct {
	struct efi_device_path	media;
	struct efi_guid		guid;
	struct efi_device_path	end;
} initrd_path = {
	{ 4, 3, { 20, 0 } },
	{ 0x5568e427, 0x68fc, 0x4f3d, { 0xac, 0x74, 0xca, 0x55, 0x52, 0x31, 0xcc, 0x68 } },
	{ 0x7f, 0xff, { 4, 0 } },
};

/* Low if it can be, else anywhere. */
static bool take_room(struct efi_stub *stub, uint64_t bytes)
{
	uint64_t memory = efi_take_pages(stub, bytes, EFI_PAGE_SIZE, EFI_INITRD_MAX,
					 EFI_LOADER_DATA);

	if (!memory)
		memory = efi_take_pages(stub, bytes, EFI_PAGE_SIZE, UINT64_MAX, EFI_LOADER_DATA);
	stub->initrd = (struct boot_range){ memory, memory ? bytes : 0 };
	if (!memory)
		efi_say(stub, "no room for an initrd of %llu bytes", (ull)bytes);
	return memory;
}

static efi_status_t take_offered(struct efi_stub *stub, struct efi_load_file2 *loader,
				 struct efi_device_path *path)
{
	uint64_t bytes = 0;
	efi_status_t status = loader->load_file(loader, path, false, &bytes, NULL);

	if (status == EFI_SUCCESS || !bytes)
		return status == EFI_BUFFER_TOO_SMALL ? EFI_SUCCESS : status;
	if (status != EFI_BUFFER_TOO_SMALL)
		return status;
	if (!take_room(stub, bytes))
		return EFI_OUT_OF_RESOURCES;
	status = loader->load_file(loader, path, false, &bytes,
				   (void *)(uintptr_t)stub->initrd.base);
	if (status == EFI_SUCCESS)
		stub->initrd.size = MIN(stub->initrd.size, bytes);
	return status;
}

/* ---- files ----------------------------------------------------------------------------------- */

static struct efi_file *open_volume(const struct efi_stub *stub)
{
	struct efi_file_system *volume;
	struct efi_file *root;
	void *found = NULL;

	if (!stub->loaded->device ||
	    stub->boot->handle_protocol(stub->loaded->device, &file_system_guid, &found) !=
		    EFI_SUCCESS)
		return NULL;
	volume = found;
	return volume->open_volume(volume, &root) == EFI_SUCCESS ? root : NULL;
}

static bool file_size(struct efi_file *file, uint64_t *bytes)
{
	return file->set_position(file, EFI_FILE_END) == EFI_SUCCESS &&
	       file->get_position(file, bytes) == EFI_SUCCESS &&
	       file->set_position(file, 0) == EFI_SUCCESS;
}

static bool read_file(struct efi_file *file, uint8_t *to, uint64_t bytes)
{
	while (bytes) {
		uint64_t piece = MIN(bytes, READ_AT_ONCE);

		if (file->read(file, &piece, to) != EFI_SUCCESS || !piece)
			return false;
		to += piece;
		bytes -= piece;
	}
	return true;
}

static void say_path(const struct efi_stub *stub, const char *what, const efi_char16_t *path)
{
	char name[PATH_UNITS];
	size_t i = 0;

	for (; i < sizeof(name) - 1 && path[i]; i++)
		name[i] = path[i] < 0x80 ? (char)path[i] : '?';
	name[i] = '\0';
	efi_say(stub, "initrd=%s: %s", name, what);
}

/*
 * One walk over the files of the command line.  @to: NULL to add up @bytes; else where each is
 * read to, in a room that was counted so.
 */
static bool walk_files(const struct efi_stub *stub, struct efi_file *root, uint8_t *to,
		       uint64_t *bytes)
{
	efi_char16_t path[PATH_UNITS];
	struct efi_file *file;
	size_t at = 0;

	*bytes = 0;
	while (efi_next_initrd(stub->cmdline, &at, path, PATH_UNITS)) {
		uint64_t start = ALIGN_UP(*bytes, FILE_ALIGN), size = 0;
		bool good;

		if (to)
			memset(to + *bytes, 0, start - *bytes);
		if (root->open(root, &file, path, EFI_FILE_READ, 0) != EFI_SUCCESS) {
			say_path(stub, "no such file where the kernel came from", path);
			return false;
		}
		good = file_size(file, &size) && size <= UINT64_MAX / 4 - start &&
		       (!to || read_file(file, to + start, size));
		file->close(file);
		if (!good) {
			say_path(stub, "cannot be read", path);
			return false;
		}
		*bytes = start + size;
	}
	return true;
}

static efi_status_t take_files(struct efi_stub *stub)
{
	struct efi_file *root = open_volume(stub);
	efi_char16_t path[PATH_UNITS];
	uint64_t bytes = 0;
	size_t at = 0;
	bool good;

	if (!root) {
		efi_next_initrd(stub->cmdline, &at, path, PATH_UNITS);
		say_path(stub, "the kernel came from no volume", path);
		return EFI_NOT_FOUND;
	}
	good = walk_files(stub, root, NULL, &bytes);
	if (good && bytes)
		good = take_room(stub, bytes) &&
		       walk_files(stub, root, (uint8_t *)(uintptr_t)stub->initrd.base, &bytes);
	root->close(root);
	return good ? EFI_SUCCESS : EFI_NOT_FOUND;
}

efi_status_t efi_take_initrd(struct efi_stub *stub)
{
	/* Firmware moves the pointer along the path, and does not write what it points at. */
	struct efi_device_path *path = (struct efi_device_path *)(uintptr_t)&initrd_path;
	efi_char16_t first[PATH_UNITS];
	efi_handle_t handle;
	void *loader = NULL;
	efi_status_t status = EFI_SUCCESS;
	size_t at = 0;

	if (stub->boot->locate_device_path(&load_file2_guid, &path, &handle) == EFI_SUCCESS &&
	    stub->boot->handle_protocol(handle, &load_file2_guid, &loader) == EFI_SUCCESS) {
		status = take_offered(stub, loader, path);
		if (status != EFI_SUCCESS)
			efi_say(stub, "the initrd that the loader offers cannot be loaded");
	} else if (efi_next_initrd(stub->cmdline, &at, first, PATH_UNITS)) {
		status = take_files(stub);
	}
	if (stub->initrd.size && status == EFI_SUCCESS)
		efi_say(stub, "initrd of %llu bytes at %#llx", (ull)stub->initrd.size,
			(ull)stub->initrd.base);
	return status;
}
