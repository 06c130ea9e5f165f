// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sizes of hash tables.  What Linux took on real machines is in
 * takers_log_test.c.
 */
#include "ktap.h"

#include "host_console.h"
#include "kernel/lib/params.h"
#include "mm/ledger.h"
#include "mm/memblock/memblock_internal.h"
#include "mm/system_hash.h"
#include "mm_machine.h"

#define M	* (1ULL << 20)
#define G	* (1ULL << 30)

static const struct {
	const char	*name;
	phys_addr_t	ram;
	unsigned long	entries;	/* asked for */
	unsigned int	scale;
	unsigned long	limit;
	unsigned long	want;
} sizes[] = {
	{ "1 GiB", 1 G, 0, 13, 0, 131072 },
	{ "a page less is rounded up", 1 G - 0x1000, 0, 13, 0, 131072 },
	{ "a MiB less is the next power, too", 1 G - (1 M), 0, 13, 0, 131072 },
	{ "one more is the power above", 1 G + (1 M), 0, 13, 0, 262144 },
	{ "64 GiB", 64 G, 0, 13, 0, 8388608 },
	{ "above, half as dense", 128 G, 0, 13, 0, 8388608 },
	{ "above 256 GiB a quarter", 512 G, 0, 13, 0, 16777216 },
	{ "4 TiB", 4096 G, 0, 13, 0, 67108864 },
	{ "scale below a page", 1 G, 0, 10, 0, 1048576 },
	{ "at most a sixteenth", 1 G, 1 G, 13, 0, 8388608 },
	{ "limit", 1 G, 0, 13, 5000, 4096 },
	{ "asked for", 1 G, 1000, 13, 0, 1024 },
	{ "never less than a page", 1 G, 1, 13, 0, 512 },
	{ "smallest machine", 1 M, 0, 13, 0, 512 },
};

KTAP_TABLE_TEST(test_system_hash_sizes, sizes, c)
{
	struct system_hash hash;

	mm_machine_reset();
	memblock_add(1 G, c->ram);
	hash = alloc_large_system_hash("Test", 8, c->entries == 1 ? 512 : c->entries, c->scale,
				       c->limit);
	expect_eq(hash.entries, c->want);
	expect_eq(1UL << hash.shift, c->want);
	expect_eq(memblock_reserved_size(), c->want * 8);
	expect_log("Test hash table entries: ");
}

/* The best place is too small: halved until it fits. */
KTAP_TEST(test_system_hash_halves_until_it_fits)
{
	struct system_hash hash;

	mm_machine_reset();
	memblock_add(1 G, 2 M);
	for (phys_addr_t pa = 1 G; pa < (1 G) + (2 M); pa += 32 << 10)
		memblock_reserve(pa, 4096);		/* no run of more than 28 KiB */
	memblock_add(2 G, 4 M);				/* there is more, out of reach */
	memblock_set_current_limit((1 G) + (2 M));
	hash = alloc_large_system_hash("Test", 8, 0, 7, 0);
	expect_eq(hash.entries, 2048);			/* 16 KiB; 256 KiB was wanted */
	expect_log("Test hash table entries: 2048 (order: 2, 16384 bytes, linear)");
}

KTAP_TEST(test_system_hash_no_memory_is_no_table)
{
	struct system_hash hash;

	mm_machine_reset();
	memblock_add(1 G, 2048);
	hash = alloc_large_system_hash("Test", 8, 0, 13, 0);
	expect_eq(hash.entries, 0);
	expect_null(hash.table);
	expect_log("Test hash table: no memory for even one page of it");
}

KTAP_TEST(test_system_hash_only_if_asked_for)
{
	struct ledger_entry e;

	mm_machine_reset();
	mm_machine_memory(&mm_machine_1g);
	vfs_caches_init_early();
	expect_no_log("hash table");
	parse_args("ihash_entries=0");
	vfs_caches_init_early();
	expect_no_log("Dentry");
	expect_log("Inode-cache hash table entries: 65536 (order: 7, 524288 bytes, linear)");
	for (unsigned int i = 0; ledger_get(i, &e); i++)
		if (e.size == 524288)
			expect_str_eq(e.owner, "Inode-cache");
	mm_machine_hand_over();
	expect_mm_sound();
}
