// SPDX-License-Identifier: GPL-2.0-only
/*
 * The EFI stub, from firmware's call to the kernel's entry (see boot/efi_stub.h).
 */
#include "boot/efi/efi_internal.h"
#include "boot/boot_info_efi.h"
#include "boot/efi_stub.h"
#include "kernel/lib/align.h"
#include "kernel/lib/string.h"
#include "kernel/lib/vsnprintf.h"

static const struct efi_guid loaded_image_guid = {
	0x5b1b31a1, 0x9562, 0x11d2, { 0x8e, 0x3f, 0x00, 0xa0, 0xc9, 0x69, 0x72, 0x3b }
};
static const struct efi_guid acpi_1_guid = {
	0xeb9d2d30, 0x2d88, 0x11d3, { 0x9a, 0x16, 0x00, 0x90, 0x27, 0x3f, 0xc1, 0x4d }
};
static const struct efi_guid acpi_2_guid = {
	0x8868e871, 0xe4f1, 0x11d3, { 0xbc, 0x22, 0x00, 0x80, 0xc7, 0x3c, 0x88, 0x81 }
};
static const struct efi_guid device_tree_guid = {
	0xb1b621d5, 0xf19c, 0x41a5, { 0x83, 0x0b, 0xd9, 0x15, 0x2c, 0x69, 0xaa, 0xe0 }
};

/*
 * For firmware that passes none: a section of its own in the PE header, .cmdline, empty in what
 * the build makes.  Whoever puts the file on a disc may write UTF-8 into it.
 */
static const volatile char builtin_cmdline[BOOT_CMDLINE_SIZE]
	__attribute__((section(".cmdline"), used));

void efi_say(const struct efi_stub *stub, const char *format, ...)
{
	char text[256];
	efi_char16_t wide[sizeof(text)];
	va_list args;
	int n = ksnprintf(text, sizeof(text), "EFI stub: ");

	va_start(args, format);
	kvsnprintf(text + n, sizeof(text) - (size_t)n, format, args);
	va_end(args);
	memcpy(text + MIN(strlen(text), sizeof(text) - 3), "\r\n", 3);
	for (size_t i = 0; i < sizeof(text); i++)
		wide[i] = (unsigned char)text[i];
	if (stub->systab->out)
		stub->systab->out->output_string(stub->systab->out, wide);
}

/* ---- pages ----------------------------------------------------------------------------------- */

static uint64_t whole_pages(uint64_t bytes)
{
	return (bytes + EFI_PAGE_SIZE - 1) / EFI_PAGE_SIZE;
}

uint64_t efi_take_pages(const struct efi_stub *stub, uint64_t bytes, uint64_t align, uint64_t max,
			uint32_t type)
{
	const uint64_t slack = align > EFI_PAGE_SIZE ? align - EFI_PAGE_SIZE : 0;
	uint64_t memory = max;

	if (!bytes || bytes > max || slack > max - bytes)
		return 0;
	if (stub->boot->allocate_pages(EFI_ALLOCATE_MAX_ADDRESS, type, whole_pages(bytes + slack),
				       &memory) != EFI_SUCCESS)
		return 0;
	return ALIGN_UP(memory, MAX(align, (uint64_t)EFI_PAGE_SIZE));
}

bool efi_claim_pages(const struct efi_stub *stub, uint64_t at, uint64_t bytes, uint32_t type)
{
	return stub->boot->allocate_pages(EFI_ALLOCATE_ADDRESS, type, whole_pages(bytes), &at) ==
	       EFI_SUCCESS;
}

/* ---- what firmware tells --------------------------------------------------------------------- */

static const void *find_table(const struct efi_stub *stub, const struct efi_guid *guid)
{
	for (uint64_t i = 0; i < stub->systab->nr_tables; i++)
		if (memcmp(&stub->systab->tables[i].guid, guid, sizeof(*guid)) == 0)
			return stub->systab->tables[i].table;
	return NULL;
}

static void take_tables(struct efi_stub *stub)
{
	const void *rsdp = find_table(stub, &acpi_2_guid);

	if (!rsdp)
		rsdp = find_table(stub, &acpi_1_guid);
	stub->rsdp = (uintptr_t)rsdp;
	stub->tree = find_table(stub, &device_tree_guid);
}

/* The command line of whoever started us; if that has none, the one in the file. */
static void take_cmdline(struct efi_stub *stub)
{
	size_t units = 0;
	const efi_char16_t *name = efi_path_name(stub->loaded->file_path, &units);
	const char *trouble = efi_take_options(stub->cmdline, sizeof(stub->cmdline),
					       stub->loaded->options, stub->loaded->options_bytes,
					       name, units);

	if (trouble)
		efi_say(stub, "command line: %s", trouble);
	if (stub->cmdline[0])
		return;
	memcpy(stub->cmdline, (const char *)builtin_cmdline, sizeof(stub->cmdline));
	stub->cmdline[sizeof(stub->cmdline) - 1] = '\0';
}

/* ---- in order -------------------------------------------------------------------------------- */

static efi_status_t prepare(struct efi_stub *stub)
{
	efi_status_t status;

	take_cmdline(stub);
	take_tables(stub);
	efi_take_screen(stub);
	status = efi_take_initrd(stub);
	if (status == EFI_SUCCESS)
		status = efi_take_map_room(stub);
	if (status == EFI_SUCCESS)
		status = efi_arch_prepare(stub);
	return status == EFI_SUCCESS ? efi_leave_firmware(stub) : status;
}

efi_status_t EFIAPI efi_entry(efi_handle_t image, struct efi_system_table *systab)
{
	struct efi_stub stub = { .image = image, .systab = systab, .boot = systab->boot };
	void *loaded = NULL;
	efi_status_t status = stub.boot->handle_protocol(image, &loaded_image_guid, &loaded);

	if (status != EFI_SUCCESS)
		return status;
	stub.loaded = loaded;
	status = prepare(&stub);
	if (status == EFI_SUCCESS)
		efi_arch_enter(&stub);
	efi_arch_refused();
	return status;
}
