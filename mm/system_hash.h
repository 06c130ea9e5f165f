/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hash tables sized by memory.
 *
 * Linux differs: it takes two while memblock still rules, for names and inodes of files.
 * This kernel has no files: the tables are only taken if `dhash_entries=` or `ihash_entries=` is on
 * the command line, for those who want the log and the map to look the same.
 */
#ifndef MM_SYSTEM_HASH_H
#define MM_SYSTEM_HASH_H

#include "kernel/lib/types.h"

/** struct system_hash - a table that was taken; entries 0: none */
struct system_hash {
	void		*table;
	unsigned long	entries;	/* a power of two */
	unsigned int	shift;		/* its logarithm */
};

/**
 * alloc_large_system_hash() - a zeroed table of 2^n entries from memblock
 * @name: as in Linux's line; must outlive the boot
 * @entry_size: bytes of an entry
 * @entries: wanted number, 0: by memory
 * @scale: an entry per 2^@scale bytes of free memory
 * @limit: at most so many, 0: a sixteenth of memory
 *
 * Halves the table until memblock can give it; prints
 * "NAME hash table entries: N (order: O, B bytes, linear)".
 * Context: after zones are sized, before the hand-over.
 * Return: entries 0 if not even a page could be had; Linux differs: it panics.
 */
struct system_hash alloc_large_system_hash(const char *name, unsigned long entry_size,
					   unsigned long entries, unsigned int scale,
					   unsigned long limit);

/** vfs_caches_init_early() - the two tables, if they are asked for */
void vfs_caches_init_early(void);

#endif /* MM_SYSTEM_HASH_H */
