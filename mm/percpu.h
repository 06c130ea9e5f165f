/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory for what each CPU has of its own, on its node.
 *
 * Linux differs: it cuts blocks of 2 MiB into units and gives their tails back; here units are as
 * many pages as they need, and the boot CPU's is part of the image.
 * Linux differs: a CPU that may be plugged in one day has an area.
 */
#ifndef MM_PERCPU_H
#define MM_PERCPU_H

/**
 * setup_per_cpu_areas() - a struct per_cpu and stacks for each CPU but the first, from memblock
 *
 * On the CPU's node, if there is room.  CPUs for which there is none are left out, with a line.
 * Prints Linux's lines.  Context: nodes are known, the page map stands, memblock still allocates.
 */
void setup_per_cpu_areas(void);

#endif /* MM_PERCPU_H */
