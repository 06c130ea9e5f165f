/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sets of nodes: one bit for each possible node id.
 *
 * Ids that numa_valid_node() refuses are in no set: adding them does nothing.
 */
#ifndef MM_NODEMASK_H
#define MM_NODEMASK_H

#include <stdint.h>

#include "mm/numa.h"

struct nodemask {
	uint64_t	word[(MAX_NUMNODES + 63) / 64];
};

static inline void node_set(struct nodemask *set, int nid)
{
	if (numa_valid_node(nid))
		set->word[nid / 64] |= 1ULL << (nid % 64);
}

static inline bool node_isset(const struct nodemask *set, int nid)
{
	return numa_valid_node(nid) && (set->word[nid / 64] >> (nid % 64) & 1);
}

/* The lowest member >= @nid, MAX_NUMNODES if there is none. */
static inline int node_in_set(const struct nodemask *set, int nid)
{
	while (nid < MAX_NUMNODES && !node_isset(set, nid))
		nid = set->word[nid / 64] >> (nid % 64) ? nid + 1 : (nid / 64 + 1) * 64;
	return nid < MAX_NUMNODES ? nid : MAX_NUMNODES;
}

#define for_each_node_in(nid, set) \
	for ((nid) = node_in_set((set), 0); (nid) < MAX_NUMNODES; \
	     (nid) = node_in_set((set), (nid) + 1))

#endif /* MM_NODEMASK_H */
