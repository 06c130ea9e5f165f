/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Nodes by the device tree: numa-node-id and the distance map; boot/firmware/of_numa.c.
 */
#ifndef BOOT_OF_NUMA_H
#define BOOT_OF_NUMA_H

/**
 * of_numa_init() - tell mm/numa_memblks.h what the tree says of nodes
 *
 * Context: a finder for numa_memblks_init().  Return: 0, or negative: the tree says nothing of
 * nodes, or something that makes no sense.
 */
int of_numa_init(void);

#endif /* BOOT_OF_NUMA_H */
