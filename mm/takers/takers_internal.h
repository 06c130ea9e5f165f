/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the takers remember: one struct each, so that tests can set it as at power on.
 */
#ifndef MM_TAKERS_TAKERS_INTERNAL_H
#define MM_TAKERS_TAKERS_INTERNAL_H

#include "kernel/lib/types.h"
#include "mm/why.h"

/* boot only: cma=; the numbers mean something if it was @given. */
struct cma_word {
	bool		given;
	phys_addr_t	size, base, limit;
};

extern struct cma_word cma_word;

/* boot only: log_buf_len=, a power of two; 0: nothing is wanted, or all was taken */
struct log_buf_word {
	unsigned long	wanted;
};

extern struct log_buf_word log_buf_word;

/* boot only: dhash_entries= and ihash_entries= */
struct hash_words {
	struct {
		unsigned long	entries;
		bool		given;
	} dentry, inode;
};

extern struct hash_words hash_words;

#define RESERVE_MEM_MAX		8
#define RESERVE_MEM_NAME	16	/* with its NUL */

struct reserved_mem {
	char		name[RESERVE_MEM_NAME];
	phys_addr_t	start;
	phys_addr_t	size;		/* 0: released, the name is forgotten */
};

/* reserve_mem=; one writer, the boot CPU: at boot, later when the monitor releases a range. */
struct reserved_mems {
	struct reserved_mem	table[RESERVE_MEM_MAX];
	unsigned int		used;
};

extern struct reserved_mems reserved_mems;

/* One writer, the boot CPU, until the hand-over: wishes that were refused. */
struct why_records {
	struct why	record[WHY_RECORDS];
	unsigned int	count;
};

extern struct why_records why_records;

#endif /* MM_TAKERS_TAKERS_INTERNAL_H */
