/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Early takers: whoever takes memory from memblock because the command line says so.
 *
 *	taker		when			contract
 *	memtest=	before nodes are known	memtest.h
 *	log_buf_len=	direct map is up	log_buf.h
 *	reserve_mem=	parse_args()		memblock.h
 *	hugepages=	parse_args()		hugetlb.h
 *	cma= hugetlb_cma= crashkernel=	mm_early_takers()	cma.h, hugetlb.h, crash.h
 *	dhash_entries= ihash_entries=	before the hand-over	system_hash.h
 */
#ifndef MM_TAKERS_H
#define MM_TAKERS_H

#include "kernel/lib/types.h"

/**
 * check_memory_size() - a panic that says what is missing, if this boot cannot end well
 * @tables: bytes a page that page tables still cost
 * @words: of the command line that made memory smaller; "" if none
 *
 * What is counted: page map, node data and some room.  With movable_node hotpluggable memory
 * is no place for these, once SRAT has been read.  Linux dies without a word, or where the first
 * of them finds no room.
 * Context: memblock knows all memory.
 */
void check_memory_size(unsigned int tables, const char *words);

/**
 * mm_early_takers() - those who take before zones are sized, in Linux's order
 * @limit: end of the memory that is mapped; no area of theirs lies above
 * @cmdline: raw
 *
 * Failure of one costs a line and nothing else.  Context: nodes are known.
 */
void mm_early_takers(phys_addr_t limit, const char *cmdline);

/** early_room_needed() - bytes in one piece that must stay free.  Context: as below. */
phys_addr_t early_room_needed(void);

/**
 * early_memory_suffices() - is enough free for the page map (if it is not there yet), and
 *	for the small things behind it?
 *
 * In one piece, to be sure.  Whoever takes memory because the user said so asks this
 * afterwards, and gives back if not; Linux differs: it takes, and panics later.
 * Context: before the hand-over.
 */
bool early_memory_suffices(void);

#endif /* MM_TAKERS_H */
