// SPDX-License-Identifier: GPL-2.0-only
/* A machine as bytes: ACPI's tables, the loader's block (see machine.h). */
#include "machine.h"

#include "boot/linux_params.h"
#include "boot/multiboot2.h"
#include "boot/pvh.h"
#include "tests/host/include/put_bytes.h"

#include <arch/memory.h>
#include <arch/setup.h>

#include <string.h>

#define BLOCK  0x40000ULL /* the loader's block */
#define TABLES 0xa0000ULL /* ACPI's, where no RAM is */

static uint8_t *table_begin(const char *signature, unsigned int revision)
{
	uint8_t *table = at;

	memcpy(at, signature, 4);
	at += 8;
	put(28, revision);
	return table;
}

/* The tables, and the RSDP, whose address it returns. */
static phys_addr_t put_acpi(void)
{
	uint8_t *rsdp = phys_to_virt(TABLES), *root, *srat;

	at = rsdp + 64;
	srat = table_begin("SRAT", machine.srat_revision);
	put(12, 1);
	for (unsigned int i = 0; i < machine.cpus; i++) {
		put(2, 0x1802);
		put(2, 0);
		put(4, machine.cpu[i]);
		put(4, i);
		put(12, 1);
	}
	for (unsigned int i = 0; i < machine.blocks; i++) {
		const struct ref_block *b = &machine.block[i];

		put(2, 0x2801);
		put(6, b->pxm);
		put(8, b->base);
		put(8, b->size);
		put(4, 0);
		put(12, (b->enabled ? 1u : 0u) | (b->hotplug ? 2u : 0u));
	}
	table_end(srat);
	root = table_begin("XSDT", 1);
	put(8, virt_to_phys(srat));
	table_end(root);
	memcpy(rsdp, "RSD PTR ", 8);
	rsdp[15] = 2;
	put_at(rsdp + 20, 4, 36);
	put_at(rsdp + 24, 8, virt_to_phys(root));
	mend(rsdp, 20, rsdp + 8);
	mend(rsdp, 36, rsdp + 32);
	return TABLES;
}

static uint8_t *tag_begin(uint32_t type)
{
	uint8_t *tag = at;

	put(8, type);
	return tag;
}

static void tag_end(uint8_t *tag)
{
	put_at(tag + 4, 4, (uint64_t)(at - tag));
	while ((at - tag) % 8)
		put(1, 0);
}

static void put_records(unsigned int stride)
{
	for (unsigned int i = 0; i < machine.entries; i++) {
		put(8, machine.entry[i].base);
		put(8, machine.entry[i].size);
		put(stride - 16, machine.entry[i].type);
	}
}

/* Descriptors have whole pages and types of their own. */
static void put_efi_records(void)
{
	for (unsigned int i = 0; i < machine.entries; i++) {
		static const uint32_t ram[] = { 1, 2, 3, 4, 7 }, reserved[] = { 0, 5, 6, 12, 13 };
		uint32_t type;

		machine.entry[i].base &= ~0xfffULL;
		machine.entry[i].size &= ~0xfffULL;
		switch (machine.entry[i].type) {
		case 1:
		case 12:
		case 128:
			type = ram[i % 5];
			machine.entry[i].type = 1;
			break;
		case 3:
			type = 9;
			break;
		case 4:
			type = 10;
			break;
		case 5:
			type = 8;
			break;
		case 7:
			type = 14;
			break;
		default:
			type = reserved[i % 5];
			machine.entry[i].type = 2;
		}
		put(8, type);
		put(8, machine.entry[i].base);
		put(8, 0);
		put(8, machine.entry[i].size >> 12);
		put(16, 0xf);
	}
}

static void boot_multiboot2(void)
{
	uint8_t *block = phys_to_virt(BLOCK), *tag;

	at = block;
	put(8, 0);
	tag = tag_begin(1);
	memcpy(at, machine.cmdline, strlen(machine.cmdline) + 1);
	at += strlen(machine.cmdline) + 1;
	tag_end(tag);
	if (machine.road == EFI) {
		tag = tag_begin(17);
		put(4, 48);
		put(4, 1);
		put_efi_records();
	} else {
		tag = tag_begin(6);
		put(4, 24);
		put(4, 0);
		put_records(24);
	}
	tag_end(tag);
	if (machine.srat) {
		tag = tag_begin(15);
		memcpy(at, phys_to_virt(TABLES), 36);
		at += 36;
		tag_end(tag);
	}
	tag_end(tag_begin(0));
	put_at(block, 4, (uint64_t)(at - block));
	setup_arch(MB2_MAGIC, BLOCK);
}

static void boot_pvh(void)
{
	at = phys_to_virt(BLOCK);
	put(4, PVH_MAGIC);
	put(4, 1);
	put(16, 0);
	put(8, BLOCK + 64);
	put(8, machine.srat ? TABLES : 0);
	put(8, BLOCK + 64 + sizeof(machine.cmdline));
	put(8, machine.entries);
	memcpy(phys_to_virt(BLOCK + 64), machine.cmdline, sizeof(machine.cmdline));
	at = phys_to_virt(BLOCK + 64 + sizeof(machine.cmdline));
	put_records(24);
	setup_arch(0, BLOCK);
}

static void boot_linux(void)
{
	uint8_t *p = phys_to_virt(BLOCK);

	put_at(p + 0x202, 4, LINUX_MAGIC);
	put_at(p + 0x206, 2, 0x20f);
	p[0x210] = 0x72;
	put_at(p + 0x70, 8, machine.srat ? TABLES : 0);
	p[0x1e8] = (uint8_t)machine.entries;
	at = p + 0x2d0;
	put_records(20);
	memcpy(p + LINUX_PARAMS_SIZE, machine.cmdline, strlen(machine.cmdline) + 1);
	setup_arch(LINUX_MAGIC, BLOCK);
}

void put_machine(void)
{
	if (machine.srat)
		put_acpi();
	if (machine.road == EFI) {
		at = phys_to_virt(BLOCK);
		put_efi_records();
	}
}

void boot_machine(void)
{
	switch (machine.road) {
	case MULTIBOOT2:
	case EFI:
		boot_multiboot2();
		break;
	case PVH:
		boot_pvh();
		break;
	case LINUX:
		boot_linux();
		break;
	}
}
