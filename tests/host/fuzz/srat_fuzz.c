// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes as SRAT, SLIT, MADT and CEDT, and any text after numa=.
 *
 * The law: however firmware lies, afterwards all RAM has a node that exists, no byte of
 * RAM or of a reservation is lost, memblock is in normal form, and if SRAT was not
 * believed nothing of it remains.  On these nodes the boot goes on to the hand-over; then
 * every node has its data, the ledger is even and the buddy sound.
 *
 *	byte 0		revision of SRAT
 *	byte 1		length of the text, at most 31; above, the length of the CEDT / 44
 *	byte 2, 3	length of the SLIT, length of the MADT / 16
 *	text, SLIT, MADT, CEDT, and the rest is SRAT
 */
#include "fuzz.h"
#include "srat_tables.h"

#include "arch/x86_64/numa.h"
#include "kernel/lib/align.h"
#include "kernel/lib/params.h"
#include "mm/ledger.h"
#include "mm/memblock/memblock_internal.h"
#include "mm/numa_memblks.h"
#include "mm/page_alloc.h"
#include "mm/zone.h"
#include "mm_machine.h"
#include "tests/host/include/arch_reset.h"
#include "tests/host/include/lib_reset.h"

static const struct mm_machine machine = {
	.name = "three pieces of RAM, one of them above 4 GiB",
	.ram = { { 0x1000, 0x9e000, NUMA_NO_NODE }, { SZ_1M, 127 * SZ_1M, NUMA_NO_NODE },
		 { SZ_4G, 64 * SZ_1M, NUMA_NO_NODE } },
	.reserved = { { 0, SZ_1M, 0 }, { SZ_16M, SZ_1M, 0 } },
};

static phys_addr_t bytes_of(const struct memblock_type *type)
{
	phys_addr_t bytes = 0;

	for (unsigned long i = 0; i < type->cnt; i++)
		bytes += type->regions[i].size;
	return bytes;
}

/* Cut @n bytes, or what is left, off the front of the input. */
static const uint8_t *take(const uint8_t **data, size_t *size, size_t *n)
{
	const uint8_t *from = *data;

	*n = MIN(*n, *size);
	*data += *n;
	*size -= *n;
	return from;
}

static void make_tables(const uint8_t *data, size_t size)
{
	const uint8_t *head = data;
	char text[48] = "numa=";
	size_t n = 4;

	take(&data, &size, &n);
	n = head[1] & 31;
	memcpy(text + 5, take(&data, &size, &n), n);
	params_reset();
	parse_early_param(text);

	fake_tables_clear();
	n = head[2];
	if (n)
		fake_table_add("SLIT", 1, take(&data, &size, &n), n);
	n = head[3] * 16u;
	if (n)
		fake_table_add("APIC", 1, take(&data, &size, &n), n);
	n = (head[1] >> 5) * 44u;
	if (n)
		fake_table_add("CEDT", 1, take(&data, &size, &n), n);
	fake_table_add("SRAT", head[0], data, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct memblock_region *r;
	phys_addr_t ram, reserved;
	struct nodemask nodes = { 0 };
	int nid, n = 0;

	if (size < 4)
		return 0;
	numa_reset();
	printk_reset();
	mm_machine_reset();
	mm_machine_memory(&machine);
	max_low_pfn = max_pfn = PFN_DOWN(memblock_end_of_DRAM());
	ram = bytes_of(&memblock.memory);
	reserved = bytes_of(&memblock.reserved);
	make_tables(data, size);

	initmem_init();

	check(!memblock_type_broken(&memblock.memory) && !memblock_type_broken(&memblock.reserved));
	check(bytes_of(&memblock.memory) == ram && bytes_of(&memblock.reserved) >= reserved);
	for_each_mem_region(r) {
		check(node_isset(&numa_nodes.possible, r->nid));
		node_set(&nodes, r->nid);
	}
	for_each_node_in(nid, &nodes)
		n++;
	check(n >= 1);
	mm_machine_hand_over();
	expect_mm_sound();
	check(!bad_page_count());
	for_each_node_in(nid, &numa_nodes.possible)
		check(node_data[nid]);
	for (int i = -1; i < 5; i++)
		for (int j = -1; j < 5; j++)
			check(node_distance(i, j) >= 0 && node_distance(i, j) < 256 &&
			      (i != j || node_distance(i, j) == LOCAL_DISTANCE));
	return 0;
}
