// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes as the BIOS area with an RSDP at its start.  Checksums would stop a fuzzer, so
 * they are mended on the way: of the RSDP, of both roots and of the first entries' tables.
 */
#include "ledger_reset.h"
#include "fuzz.h"
#include "boot/acpi.h"
#include "arch/x86_64/image.h"
#include "boot/phys_read.h"
#include "host_phys.h"
#include "mm/ledger.h"
#include "mm/memblock.h"
#include "mm/memblock/memblock_internal.h"
#include "tests/host/include/arch_reset.h"
#include "tests/host/include/memblock_reset.h"

#include <arch/memory.h>

#include <string.h>

#define AREA	0xe0000UL
#define SIZE	0x20000UL

static struct boot_info info;

static void mend(uint64_t pa, uint64_t n, uint64_t sum)
{
	uint8_t *p = phys_to_virt(pa), total = 0;

	*(uint8_t *)phys_to_virt(sum) = 0;
	for (uint64_t i = 0; i < n; i++)
		total = (uint8_t)(total + p[i]);
	*(uint8_t *)phys_to_virt(sum) = (uint8_t)-total;
}

static bool inside(uint64_t pa, uint64_t n)
{
	return pa >= AREA && n <= SIZE && pa <= AREA + SIZE - n;
}

static uint64_t get(uint64_t pa, size_t n)
{
	uint64_t v = 0;

	memcpy(&v, phys_to_virt(pa), n);
	return v;
}

static void mend_table(uint64_t pa, size_t width)
{
	uint64_t length;

	if (!inside(pa, 36))
		return;
	length = get(pa + 4, 4);
	if (length < 36 || !inside(pa, length))
		return;
	for (uint64_t i = 36; width && i + width <= length && i < 36 + 8 * width; i += width)
		mend_table(get(pa + i, width), 0);
	mend(pa, length, pa + 9);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (host_phys_size != 1ULL << 32) {
		host_phys_init(1ULL << 32);
		early_paging_init();
	}
	boot_info.phys_end = 1ULL << 32;
	acpi_reset();
	memblock_reset();
	ledger_reset();
	boot_info_init(&info, 0x100000, 0x80000);
	if (size > SIZE)
		return 0;
	memset(phys_to_virt(AREA), 0, SIZE);
	memcpy(phys_to_virt(AREA), data, size);
	memcpy(phys_to_virt(AREA), "RSD PTR ", 8);
	mend_table(get(AREA + 16, 4), 4);
	mend_table(get(AREA + 24, 8), 8);
	mend(AREA, 20, AREA + 8);
	mend(AREA, 36, AREA + 32);

	info.rsdp = size & 1 ? AREA : 0;
	acpi_boot_table_init(&info);
	acpi_reserve_initial_tables();

	const struct acpi_table *t = acpi_find_table("SRAT");
	uint8_t byte;

	if (t && !acpi_read(t, t->length - 1, &byte, 1))
		abort();
	if (t && acpi_read(t, t->length, &byte, 1))
		abort();
	return 0;
}
