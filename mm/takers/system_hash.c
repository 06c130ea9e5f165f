// SPDX-License-Identifier: GPL-2.0-only
/*
 * How large a hash table should be, by Linux's rule (see system_hash.h).
 *
 *	free pages, up to whole MiB		 3F3E0 pages on a PC of 1 GiB
 *	one entry per 2^scale bytes		 13: 129,536
 *	up to a power of two			 131,072
 *	at most a sixteenth of memory, at least one entry
 */
#include "mm/system_hash.h"

#include "kernel/lib/params.h"	/* __setup(), memparse() */
#include "mm/memblock.h"
#include "mm/memblock_event.h"	/* ledger_owned() */
#include "mm/port.h"
#include "mm/takers.h"		/* early_memory_suffices() */
#include "mm/takers/takers_internal.h"

#define ADAPT_BASE	(64ULL << 30)	/* above, the scale grows by 1 for each factor of 4 */

struct hash_words hash_words __initdata;

static int __init set_dhash_entries(char *val)
{
	hash_words.dentry.given = true;
	hash_words.dentry.entries = (unsigned long)memparse(val, NULL);
	return 1;
}
__setup("dhash_entries=", set_dhash_entries,
	"dhash_entries=N: take a table for names of files as Linux does; 0: sized by memory");

static int __init set_ihash_entries(char *val)
{
	hash_words.inode.given = true;
	hash_words.inode.entries = (unsigned long)memparse(val, NULL);
	return 1;
}
__setup("ihash_entries=", set_ihash_entries,
	"ihash_entries=N: take a table for inodes as Linux does; 0: sized by memory");

static unsigned long __init roundup_pow_of_two(unsigned long n)
{
	return n <= 1 ? 1 : 1UL << (64 - __builtin_clzl(n - 1));
}

static unsigned long __init entries_for_memory(unsigned long pages, unsigned int scale)
{
	pages = ALIGN_UP(pages, SZ_1M >> PAGE_SHIFT);
	for (unsigned long long adapt = ADAPT_BASE >> PAGE_SHIFT; adapt < pages; adapt <<= 2)
		scale++;
	if (scale > PAGE_SHIFT)
		return pages >> (scale - PAGE_SHIFT);
	return pages << (PAGE_SHIFT - scale);
}

static unsigned int __init order_of(unsigned long bytes)
{
	unsigned int order = 0;

	while (PAGE_SIZE << order < bytes)
		order++;
	return order;
}

__noinline struct system_hash __init alloc_large_system_hash(const char *name,
							     unsigned long entry_size,
							     unsigned long entries,
							     unsigned int scale,
							     unsigned long limit)
{
	const unsigned long pages = memblock_estimated_nr_free_pages();
	struct system_hash hash = { 0 };
	unsigned long bytes;

	if (!entries)
		entries = MAX(entries_for_memory(pages, scale), PAGE_SIZE / entry_size);
	if (!limit)
		limit = (pages << PAGE_SHIFT) / 16 / entry_size;
	limit = MAX(limit, PAGE_SIZE / entry_size);
	entries = roundup_pow_of_two(MIN(entries, limit));
	if (entries > limit)
		entries /= 2;
	for (bytes = entries * entry_size; bytes >= PAGE_SIZE; bytes /= 2, entries /= 2) {
		hash.table = memblock_alloc(bytes, SMP_CACHE_BYTES);
		if (hash.table && early_memory_suffices())
			break;
		if (hash.table)
			memblock_phys_free(virt_to_phys(hash.table), bytes);
		hash.table = NULL;
	}
	if (!hash.table) {
		pr_warn("%s hash table: no memory for even one page of it\n", name);
		return hash;
	}
	ledger_owned(hash.table, bytes, name);
	hash.entries = entries;
	hash.shift = (unsigned int)__builtin_ctzl(entries);
	pr_info("%s hash table entries: %ld (order: %d, %lu bytes, linear)\n", name,
		(long)entries, (int)order_of(bytes), bytes);
	return hash;
}

void __init vfs_caches_init_early(void)
{
	if (hash_words.dentry.given)
		alloc_large_system_hash("Dentry cache", sizeof(void *), hash_words.dentry.entries, 13, 0);
	if (hash_words.inode.given)
		alloc_large_system_hash("Inode-cache", sizeof(void *), hash_words.inode.entries, 14, 0);
}
