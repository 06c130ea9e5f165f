// SPDX-License-Identifier: GPL-2.0-only
/*
 * memblock's arrays where they move: floating blocks, doubling of both arrays, and a
 * long random walk that checks the normal form and the byte count after every step.
 */
#include "ktap.h"

#include "host_phys.h"
#include "mm/memblock/memblock_internal.h"
#include "tests/host/include/memblock_reset.h"

KTAP_SETUP
{
	host_phys_reset();
	memblock_reset();
}

static void expect_sound(void)
{
	const char *memory = memblock_type_broken(&memblock.memory);
	const char *reserved = memblock_type_broken(&memblock.reserved);

	if (memory)
		expect_fail("memory: %s", memory);
	if (reserved)
		expect_fail("reserved: %s", reserved);
}

KTAP_TEST(test_memblock_add_fills_gaps_only)
{
	/*
	 *	nodes	    [11]    [22]
	 *	add	[~~~~~~~~~~~~~~~~~~]	to node 1
	 */
	memblock_add_node(0x2000, 0x1000, 1, MEMBLOCK_NONE);
	memblock_add_node(0x4000, 0x1000, 2, MEMBLOCK_NONE);
	memblock_add_node(0x1000, 0x5000, 1, MEMBLOCK_NONE);
	expect_eq(memblock.memory.cnt, 3);
	expect_eq(memblock.memory.regions[0].base, 0x1000);
	expect_eq(memblock.memory.regions[0].size, 0x3000);
	expect_eq(memblock.memory.regions[1].base, 0x4000);
	expect_eq(memblock.memory.regions[2].base, 0x5000);
	expect_eq(memblock.memory.total_size, 0x5000);
	expect_sound();
	expect_warns(1);	/* the gap below node 2 */
}

KTAP_TEST(test_memblock_descending_adds_use_the_headroom)
{
	enum { COUNT = 5000 };

	memblock_add(SZ_4G, SZ_1G);
	memblock_allow_resize();
	for (unsigned long i = COUNT; i; i--)
		require_eq(memblock_reserve(i * 0x2000, 0x1000), 0);
	expect_sound();
	expect_true(memblock.reserved.cnt >= COUNT);
	expect_true(memblock.reserved.regions > mb_state.reserved_block.first);
	expect_eq(memblock.reserved.regions[0].base, 0x2000);
	for (unsigned long i = 1; i <= COUNT; i++)
		require_eq(memblock_phys_free(i * 0x2000, 0x1000), 0);
	expect_sound();
}

/* Neither new array lies on the other, and nothing else is lost. */
KTAP_TEST(test_memblock_both_arrays_double_apart)
{
	struct mb_block *m = &mb_state.memory_block, *r = &mb_state.reserved_block;

	memblock_add(SZ_4G, SZ_1M);
	memblock_allow_resize();
	for (unsigned long i = 1; i < 128; i++)
		memblock_add(i * 0x3000, 0x1000);
	for (unsigned long i = 1; i <= 128; i++)
		memblock_reserve(i * 0x3000, 0x800);
	expect_eq(memblock.reserved.cnt, 128);
	expect_eq(memblock.memory.cnt, 128);
	expect_null(r->first);
	expect_eq(memblock_add(0x200000, 0x1000), 0);
	expect_eq(memblock.memory.max, 256);
	expect_eq(memblock.reserved.max, 256);
	expect_true(m->first + m->slots <= r->first || r->first + r->slots <= m->first);
	expect_true(memblock_is_region_reserved(virt_to_phys(m->first), 1));
	expect_true(memblock_is_region_reserved(virt_to_phys(r->first), 1));
	expect_eq(memblock.memory.total_size, SZ_1M + 127 * 0x1000 + 0x1000);
	expect_sound();
}

KTAP_TEST(test_memblock_random_walk_stays_sound)
{
	uint64_t seed = 88172645463325252ULL;

	memblock_add(SZ_4G, SZ_16M);
	memblock_allow_resize();
	for (int i = 0; i < 60000; i++) {
		phys_addr_t base, size;

		seed ^= seed << 13;
		seed ^= seed >> 7;
		seed ^= seed << 17;
		base = (seed >> 8) % 4096 * 0x400 + SZ_16M;
		size = (seed >> 24) % 16 * 0x400;
		switch (seed % 8) {
		case 0:
		case 1:
			memblock_reserve(base, size);
			break;
		case 2:
			memblock_phys_free(base, size);
			break;
		case 3:
			memblock_add(base, size);
			break;
		case 4:
			memblock_remove(base, size);
			break;
		case 5:
			memblock_set_node(base, size * 4, &memblock.reserved,
					  (int)(seed >> 40) % 4);
			break;
		case 6:
			memblock_reserved_mark_noinit(base, size);
			break;
		default:
			if (seed >> 63)
				memblock_mark_nomap(base, size);
			else
				memblock_clear_nomap(base, size);
		}
		if (i % 64 == 0)
			expect_sound();
	}
	expect_true(memblock.reserved.max > 128);
	/* memblock_reserve() over regions of other nodes warns, as it must. */
	expect_warns(warn_count());
}
