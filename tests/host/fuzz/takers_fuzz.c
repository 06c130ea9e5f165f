// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any command line on a small machine, from memblock to the hand-over and back.
 *
 * The law: whatever words ask for early memory, the boot goes on, memblock is in normal form,
 * the ledger is even, no page is bad, and what huge pages and CMA took can be given back.
 *
 *	byte 0		bits 0-2: shape of RAM; bit 3: two nodes; bit 4: CPU with 1 GiB pages
 *	the rest	the command line
 */
#include "fuzz.h"
#include <asm/cpufeature.h>
#include "kernel/lib/params.h"
#include "mm/cma.h"
#include "mm/crash.h"
#include "mm/hugetlb.h"
#include "mm/ledger.h"
#include "mm/log_buf.h"
#include "mm/memblock/memblock_internal.h"
#include "mm/mm_init.h"
#include "mm/page_alloc.h"
#include "mm/system_hash.h"
#include "mm/takers/takers_internal.h"
#include "mm_machine.h"
#include "tests/host/include/lib_reset.h"


#include <string.h>

#define M	* (1ULL << 20)
#define G	* (1ULL << 30)

static const struct { uint64_t base, size; } shapes[8][3] = {
	{ { 0x1000, 0x9e000 }, { 1 M, 127 M } },
	{ { 0x1000, 0x9e000 }, { 1 M, 15 M } },
	{ { 0x1000, 0x9e000 }, { 1 M, 1023 M } },
	{ { 1 M, 63 M }, { 4 G, 64 M } },
	{ { 1 M, 2 G + 512 M }, { 4 G, 2 G + 512 M } },
	{ { 1 M, 255 M - 0x1000 }, { 257 M, 3 M }, { 512 M, 128 M + 0x3000 } },
	{ { 1 M, 7 M } },
	{ { 0x1000, 0x9e000 }, { 1 M, 2 G }, { 4 G, 1 G } },
};

static void power_on(unsigned int shape, bool two_nodes)
{
	mm_machine_reset();
	memset(&reserved_mems, 0, sizeof(reserved_mems));
	params_reset();
	printk_reset();
	for (int i = 0; i < 3 && shapes[shape][i].size; i++)
		memblock_add_node(shapes[shape][i].base, shapes[shape][i].size,
				  two_nodes ? i & 1 : 0,
				  MEMBLOCK_NONE);
	memblock_reserve(0, SZ_1M);
	memblock_reserve(SZ_1M, SZ_1M);
	memblock_trim_memory(PAGE_SIZE);
	memblock_allow_resize();
	max_low_pfn = max_pfn = PFN_DOWN(memblock_end_of_DRAM());
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct image_sizes image;
	char cmdline[COMMAND_LINE_SIZE];
	struct hstate *h;

	if (size < 1 || size > sizeof(cmdline))
		return 0;
	memcpy(cmdline, data + 1, size - 1);
	cmdline[size - 1] = '\0';
	cpu.gbpages = data[0] & 16;
	power_on(data[0] & 7, data[0] & 8);

	parse_early_param(cmdline);
	log_buf_word.wanted = MIN(log_buf_word.wanted, SZ_16M);	/* it is zeroed: the host's RAM */
	setup_log_buf();
	for (int nid = 0; nid <= (data[0] >> 3 & 1); nid++)
		alloc_node_data(nid);
	dma_contiguous_reserve(memblock_end_of_DRAM());
	hugetlb_cma_reserve(SZ_1G);
	reserve_crashkernel(cmdline);
	zone_sizes_init();
	parse_args(cmdline);
	setup_log_buf();
	vfs_caches_init_early();
	check(!memblock_type_broken(&memblock.memory) && !memblock_type_broken(&memblock.reserved));
	mm_core_init();
	page_alloc_init_late(&image);
	mm_initcalls();
	expect_mm_sound();
	check(!bad_page_count());

	for (unsigned int i = 0; (h = hugetlb_get(i)); i++)
		check(hugetlb_resize(h, 0) == 0);
	expect_mm_sound();
	check(!bad_page_count());
	return 0;
}
