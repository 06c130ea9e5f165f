/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lists of memory blocks by node: what the files numa_*.c share.
 *
 *	numa_memblks.c		runs a finder, gives memblock's regions their nodes
 *	numa_emulation.c	rewrites the finder's list into made-up nodes
 *	numa_distance.c		the table of distances
 *	numa_meminfo.c		the finder's list, and how a list is tidied
 *
 * Each calls those below it only.
 */
#ifndef MM_NODES_NUMA_MEMINFO_H
#define MM_NODES_NUMA_MEMINFO_H

#include "mm/nodemask.h"
#include "mm/numa_memblks.h"

#define RANGE			"[mem %#010llx-%#010llx]"
#define RANGE_ARGS(start, end)	(unsigned long long)(start), (unsigned long long)(end) - 1

struct numa_memblk {
	phys_addr_t	start;
	phys_addr_t	end;
	int		nid;
} __attribute__((packed, aligned(4)));	/* 2048 of them are in an image that must be small */

struct numa_meminfo {
	unsigned int		nr_blks, max_blks;
	struct numa_memblk	*blk;
};

/**
 * struct numa_found - what the finder in charge has said
 * @list: of the blocks in @blk
 * @parsed: nodes it has named, with or without memory
 * @nr_sorted: so many blocks are in @scratch, by number, in order of their start
 * @scratch: a number for each block, for whoever works on a list just now
 *
 * boot only: 64 KiB that free_initmem() gives back.
 */
struct numa_found {
	struct numa_meminfo	list;
	struct nodemask		parsed;
	unsigned int		nr_sorted;
	struct numa_memblk	blk[NR_NODE_MEMBLKS];
	phys_addr_t		scratch[NR_NODE_MEMBLKS];
};

extern struct numa_found numa_found;

/* Begin anew: no block, no node. */
void numa_forget_found(void);

/* One more than the highest node heard of, 0 if there is none. */
int numa_count_found(void);

/**
 * numa_add_memblk_to() - put [start, end), bytes, of @nid at the end of @list
 *
 * Empty: nothing.  start > end or no such node: a warning, nothing.
 * Return: 0, or -EINVAL if the list is full (a line says so).
 */
int numa_add_memblk_to(struct numa_meminfo *list, int nid, phys_addr_t start, phys_addr_t end);

/*
 * Drop what is not RAM, cut to RAM's ends, join blocks of one node.  Return: 0, or
 * -EINVAL if two nodes claim the same memory; the lines are Linux's.  Uses the scratch.
 */
int numa_cleanup_meminfo(struct numa_meminfo *list);

/**
 * struct numa_distances - how far nodes are apart
 * @table: @rows times @rows bytes, row by row; NULL: 10 and 20
 * @rows: 0: no table; -1: there was no memory for it.  Both constant after boot.
 * @told_id, @told_value: boot only: a wrong id, a wrong distance has been told
 */
struct numa_distances {
	uint8_t	*table;
	int	rows;
	bool	told_id, told_value;
};

extern struct numa_distances numa_distances;

/* Nodes the distance table is for; 0 if there is none. */
int numa_distance_rows(void);

/**
 * struct numa_faking - what the command line says about made-up nodes
 * @text: of numa=fake=, moves behind what was read: a second finder gets the rest; NULL: none
 * @forbidden: numa=off: made-up nodes are made and told, and then not used
 * @phys_of: physical node of each made-up one, -1: not made
 *
 * boot only.
 */
struct numa_faking {
	char	*text;
	bool	forbidden;
	int16_t	phys_of[MAX_NUMNODES];
};

extern struct numa_faking numa_faking;

/*
 * numa=fake: replace the blocks of @list, @parsed nodes and distances by made-up ones.
 * Without the parameter, or if it asks too much (a line says so): changes nothing.
 * Uses the unused end of @list->blk, and the scratch.
 */
void numa_emulation(struct numa_meminfo *list, struct nodemask *parsed);

#endif /* MM_NODES_NUMA_MEMINFO_H */
