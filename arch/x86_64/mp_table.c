// SPDX-License-Identifier: GPL-2.0-only
/*
 * Search for the MP floating pointer (MP specification 1.4, chapter 4).
 *
 *	pointer	 0 "_MP_"  4 table  8 length in 16 bytes (1)  9 revision (1 or 4)  10 sum
 *	table	 0 "PCMP"  4 length ...
 */
#include "arch/x86_64/mp_table.h"

#include "boot/phys_read.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "mm/memblock_event.h"

#define POINTER_SIZE	16U

static bool is_pointer(phys_addr_t pa, const void *ctx)
{
	uint8_t p[POINTER_SIZE];

	(void)ctx;
	return phys_read(p, pa, sizeof(p)) && p[8] == 1 && (p[9] == 1 || p[9] == 4) &&
	       phys_sum(pa, sizeof(p)) == 0;
}

static bool smp_scan_config(phys_addr_t base, phys_addr_t size)
{
	phys_addr_t pa = phys_scan(base, base + size, "_MP_", 4, is_pointer, NULL);
	uint8_t table[6];
	uint16_t length;
	uint32_t at;

	if (!pa)
		return false;
	pr_info("found SMP MP-table at [mem %#010llx-%#010llx]\n", (unsigned long long)pa,
		(unsigned long long)pa + POINTER_SIZE - 1);
	ledger_reserve(pa, POINTER_SIZE, "MP table");

	if (phys_read(&at, pa + 4, sizeof(at)) && at && phys_read(table, at, sizeof(table)) &&
	    memcmp(table, "PCMP", 4) == 0) {
		memcpy(&length, table + 4, sizeof(length));
		ledger_reserve(at, length, "MP table");
	}
	return true;
}

void find_mptable(void)
{
	uint16_t ebda = 0;

	/* First KiB, last KiB of 640, the BIOS; then the extended BIOS data area. */
	if (smp_scan_config(0, 0x400) || smp_scan_config(639 * 0x400, 0x400) ||
	    smp_scan_config(0xf0000, 0x10000))
		return;
	phys_read(&ebda, 0x40e, sizeof(ebda));
	if (ebda)
		smp_scan_config((phys_addr_t)ebda << 4, 0x400);
}
