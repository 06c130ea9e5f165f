// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes as a machine: RAM of odd sizes at odd places, 4 or 5 levels, with and without
 * 1G pages and NX, both directions.  The direct map must be what the naive view says.
 */
#include "fuzz.h"
#include "arch/x86_64/paging.h"
#include "kernel/lib/align.h"
#include "ktap.h"
#include "mm/memblock.h"
#include "paging_machine.h"

#include <arch/memory.h>

/* ---- bytes to RAM ---- */

/*
 * Two bytes are an amount: the low six bits a shift, the rest a number.  0: 1 byte.
 * The sum of all stays below the fake memory's 64 TiB.
 */
static uint64_t amount(const uint8_t *data)
{
	uint64_t mantissa = (uint64_t)data[1] << 2 | data[0] >> 6;

	return (mantissa << (data[0] & 63) % 32) + 1;
}

/* Enough low RAM for tables, so that running out of it is no finding. */
static void decode(struct machine *m, const uint8_t *data, size_t size)
{
	unsigned int n = 2;
	phys_addr_t at;

	*m = (struct machine){
		.name = "fuzz", .ram = { LOW_RAM, { 1 M, 64 M + (data[0] >> 4) * 4 K } },
		.gbpages = data[0] & 1, .la57 = data[0] & 2, .bottom_up = data[0] & 4,
		.no_nx = data[0] & 8,
	};
	at = m->ram[1].end;
	for (data++, size--; size >= 4 && n < MACHINE_RAM - 1; data += 4, size -= 4, n++) {
		phys_addr_t start = at + amount(data);

		at = start + amount(data + 2);
		/* Neighbours inside one page would be one page to nobody: keep them apart. */
		m->ram[n] = (struct machine_span){ start, at };
		if (ALIGN_UP(start, PAGE_SIZE) >= ALIGN_DOWN(at, PAGE_SIZE))
			at = m->ram[n].end = ALIGN_UP(start, PAGE_SIZE) + PAGE_SIZE;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct machine m;

	if (!size)
		return 0;
	decode(&m, data, size);
	machine_boot(&m);
	machine_check_counts();
	expect_eq(paging_check(paging_ram_memblock), 0);
	for (const struct machine_span *s = m.ram; s->start != s->end; s++) {
		machine_border_ok(&m, s->start, 8 K);
		machine_border_ok(&m, s->end, 8 K);
		machine_border_ok(&m, s->start + (s->end - s->start) / 2, 4 K);
	}
	return 0;
}
