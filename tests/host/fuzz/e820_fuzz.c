// SPDX-License-Identifier: GPL-2.0-only
/*
 * The map, two ways.  First byte even: each four bytes are a claim, a conversion or a removal
 * in a space of 64 cells, and the sanitised result must be what the cells say.  Odd: up to
 * the first NUL a command line, then 20-byte records as firmware's map, and the whole way to
 * memblock, which must end in order or in Linux's panic.
 */
#include "ledger_reset.h"
#include "fuzz.h"
#include "arch/x86_64/map/e820_internal.h"
#include "e820_cells.h"
#include "host_phys.h"
#include "kernel/lib/panic.h"
#include "kernel/lib/params.h"
#include "kernel/lib/printk.h"
#include "mm/ledger.h"
#include "mm/memblock.h"
#include "mm/memblock/memblock_internal.h"
#include "tests/host/include/arch_reset.h"
#include "tests/host/include/lib_reset.h"
#include "tests/host/include/memblock_reset.h"

#include <setjmp.h>
#include <string.h>

static const uint32_t types[8] = { 1, 2, 3, 12, 128, 0xefffffff, 0xffffffff, 20 };
static jmp_buf panicked;

static void halt(int status)
{
	(void)status;
	/* Linux panics here too; anything else is a finding. */
	if (!strstr(panic_reason(), "Invalid user supplied memory map") &&
	    !strstr(panic_reason(), "memblock"))
		abort();
	longjmp(panicked, 1);
}

static void fuzz_cells(const uint8_t *data, size_t size)
{
	struct cells c = { 0 };

	for (; size >= 4 && e820_table->nr_entries < E820_STATIC / 2 - 4; data += 4, size -= 4) {
		uint64_t first = data[0] % CELLS, n = data[1] % (CELLS - first);
		uint32_t type = types[data[2] % 8], other = types[data[3] % 8];

		if (data[2] & 0x80) {
			/* Conversions want facts, not claims. */
			e820_sanitise(e820_table);
			if (cells_change(&c, first, n, type, other, true) !=
			    e820__range_update(first * CELL, n * CELL, type, other))
				abort();
			memset(c.border, 0, sizeof(c.border));
			return;		/* borders inside runs are no longer the cells' */
		}
		if (data[2] & 0x40)
			continue;
		e820__range_add(first * CELL, n * CELL, type);
		cells_add(&c, first, n, type);
	}
	if (e820_sanitise(e820_table) || cells_differ(&c, e820_table) >= 0)
		abort();
}

static void check_order(const struct e820_table *table)
{
	for (uint32_t i = 0; i < table->nr_entries; i++) {
		const struct e820_entry *e = &table->entries[i];

		if (!e->size || e820_end(e) < e->addr || (i && e820_end(e - 1) > e->addr))
			abort();
	}
}

static void fuzz_boot(const uint8_t *data, size_t size)
{
	const uint8_t *nul = memchr(data, 0, size);
	char cmdline[COMMAND_LINE_SIZE];
	size_t len = nul ? (size_t)(nul - data) : 0;

	if (len >= sizeof(cmdline))
		return;
	memcpy(cmdline, data, len);
	cmdline[len] = '\0';
	if (nul)
		len++;
	boot_info.map = (struct boot_map){
		data + len, (uint32_t)((size - len) / 20), 20, "fuzz",
	};
	if (!e820__memory_setup(&boot_info))
		return;
	check_order(e820_table);
	params_reset();
	parse_early_param(cmdline);
	e820__finish_early_params();
	e820_add_kernel_range(boot_info.kernel);
	trim_bios_range();
	e820__limit_ram(46);
	if (e820_table->nr_entries > 1)
		check_order(e820_table);
	max_pfn = e820__end_of_ram_pfn(1UL << 34);
	memblock_set_current_limit(0x100000);
	e820__memblock_setup();
	if (memblock_type_broken(&memblock.memory))
		abort();
	e820__reallocate_tables();
	e820__register_nosave_regions(max_pfn);
	e820__setup_pci_gap();
	e820__reserve_resources_late();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (host_phys_size != 1ULL << 46)
		host_phys_init(1ULL << 46);
	panic_set_halt(halt);
	panic_reset();
	e820_reset();
	memblock_reset();
	ledger_reset();
	boot_info_init(&boot_info, 0x100000, 0x80000);
	if (!size || setjmp(panicked))
		return 0;
	if (data[0] & 1)
		fuzz_boot(data + 1, size - 1);
	else
		fuzz_cells(data + 1, size - 1);
	if (boot_info.nr_extents)
		host_phys_reset();
	return 0;
}
