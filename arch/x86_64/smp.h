/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Other CPUs on a PC: which there are, and how they start.
 */
#ifndef ARCH_X86_64_SMP_H
#define ARCH_X86_64_SMP_H

#include "kernel/lib/types.h"

/**
 * init_possible_cpus() - MADT's CPUs become records, by nosmp, maxcpus=, possible_cpus=, nr_cpus=
 *
 * Each APIC id once, the boot CPU first.  Prints Linux's lines, and one for each kind of CPU that
 * is left out.  Context: setup_arch(), nodes are known.
 *
 * Linux differs: it also knows the CPUs of an MP table.
 * Linux differs: it says of each id that comes twice that firmware is wrong.
 */
void init_possible_cpus(void);

/* The trampoline is to be at @pa, a page below 1 MiB, with REAL_MODE_SIZE bytes. */
#define REAL_MODE_SIZE	28672UL		/* Linux's trampoline for other CPUs */
void set_real_mode(phys_addr_t pa);

/* What @va is in: "stack of a CPU", "stack guard page of a CPU" ...; NULL: nothing of the slots. */
const char *cpu_slot_place(uint64_t va);

/* Is [va, va + 16) on a stack of some CPU but the first? */
bool on_cpu_stack(uint64_t va);

/* True for an address in a guard page of the slots. */
bool in_cpu_stack_guard(uint64_t va);

/* An interrupt that a CPU sent: nothing but EOI, because being awake is what it is about. */
void smp_call_interrupt(void);

#endif /* ARCH_X86_64_SMP_H */
