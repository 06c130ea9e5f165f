/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What this x86 can do.
 */
#ifndef ASM_CPUFEATURE_H
#define ASM_CPUFEATURE_H

#include "kernel/lib/types.h"

struct cpu_features {
	bool		nx;		/* EFER.NXE is set: bit 63 of a table entry is legal   */
	bool		pse;		/* 2M pages, by CPUID; every long mode has them       */
	bool		pge;		/* global pages                                        */
	bool		gbpages;	/* 1G pages                                            */
	bool		la57;		/* the CPU offers 5-level paging (see cpu_la57_active) */
	bool		apic;		/* there is a local APIC                               */
	bool		x2apic;		/* ... whose registers can be MSRs, with ids of 32 bits */
	uint32_t	apic_id;	/* of the CPU that asked first: the boot CPU's         */
	bool		hypervisor;	/* CPUID says a hypervisor is below us                 */
	unsigned int	phys_bits;	/* width of a physical address: 36..52                 */
	unsigned int	virt_bits;	/* width of a virtual address: 48 or 57                */
	uint32_t	tsc_khz;	/* told by the hypervisor, or 0                        */
	char		vendor[13];
	char		hypervisor_name[13];
};

/* Filled by cpu_init(), all false and 0 before; constant after boot. */
extern struct cpu_features cpu;

/* True while 5-level tables are in use (CR4.LA57); `no5lvl` keeps it off. */
bool cpu_la57_active(void);

#endif /* ASM_CPUFEATURE_H */
