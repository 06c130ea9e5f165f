/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The local APIC: how one CPU sends to another.
 *
 * Its registers are memory (xAPIC) or MSRs (x2APIC).  MSRs are used if firmware has switched to
 * them, or if a CPU has an id that the others cannot name.
 */
#ifndef ARCH_X86_64_APIC_H
#define ARCH_X86_64_APIC_H

#include "kernel/lib/types.h"

/* What apic_send() sends: the delivery mode, with a vector or a page where it has one. */
#define APIC_FIXED	0x4000U
#define APIC_NMI	0x4400U
#define APIC_INIT	0x4500U
#define APIC_STARTUP	0x4600U

/* Make the registers that are memory reachable.  Context: while memblock allocates; repeatable. */
void apic_map(void);

/* Must the registers be MSRs, to reach @max_id or because firmware says so?  Boot CPU. */
bool apic_wants_msrs(uint32_t max_id);

/* Switch the APIC of the CPU this runs on on; @wide: its registers are MSRs. */
void apic_enable(bool wide);

/* Send @command to the CPU whose APIC has @id; waits until it has left. */
void apic_send(uint32_t id, uint32_t command);

/* The interrupt that is being handled has been. */
void apic_eoi(void);

#endif /* ARCH_X86_64_APIC_H */
