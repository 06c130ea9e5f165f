/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bringing up the other CPUs.
 */
#ifndef KERNEL_SMP_H
#define KERNEL_SMP_H

/**
 * smp_init() - start every CPU that has a stack and that the command line allows
 *
 * Prints Linux's lines.  CPUs that do not answer are named and left out, two seconds after the
 * last one that does.  Context: boot CPU, after the hand-over; afterwards on_each_cpu() reaches
 * them.
 */
void smp_init(void);

#endif /* KERNEL_SMP_H */
