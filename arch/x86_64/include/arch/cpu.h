/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What this CPU can do, and its control registers.
 */
#ifndef ARCH_CPU_H
#define ARCH_CPU_H

#include "kernel/lib/types.h"

#define CR0_WP		BIT(16)
#define CR4_PSE		BIT(4)
#define CR4_PAE		BIT(5)
#define CR4_PGE		BIT(7)
#define CR4_LA57	BIT(12)

#define MSR_EFER	0xc0000080U
#define EFER_NXE	BIT(11)

struct cpu_features {
	bool		nx;		/* EFER.NXE is set: bit 63 of a table entry is legal   */
	bool		pse;		/* 2M pages; long mode has them even so, but who asks? */
	bool		pge;		/* global pages                                        */
	bool		gbpages;	/* 1G pages                                            */
	bool		la57;		/* the CPU offers 5-level paging (see cpu_la57_active) */
	bool		hypervisor;	/* CPUID says a hypervisor is below us                 */
	unsigned int	phys_bits;	/* width of a physical address: 36..52                 */
	unsigned int	virt_bits;	/* width of a virtual address: 48 or 57                */
	uint32_t	tsc_khz;	/* told by the hypervisor, or 0                        */
	char		vendor[13];
	char		hypervisor_name[13];
};

/* Filled by cpu_init(); all false and 0 before. */
extern struct cpu_features cpu;

/* Ask CPUID.  First call of start_kernel(); prints nothing. */
void cpu_init(void);

/* One line about vendor, features and widths; printed once the log works. */
void cpu_report(void);

/* True while 5-level tables are in use (CR4.LA57); `no5lvl` keeps it off. */
bool cpu_la57_active(void);

struct cpuid_regs {
	uint32_t eax, ebx, ecx, edx;
};

static inline struct cpuid_regs cpuid(uint32_t leaf, uint32_t subleaf)
{
	struct cpuid_regs r;

	__asm__ volatile("cpuid"
			 : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx)
			 : "a"(leaf), "c"(subleaf));
	return r;
}

#define ARCH_CONTROL_REGISTER(name)						\
static inline uint64_t read_##name(void)					\
{										\
	uint64_t value;								\
										\
	__asm__ volatile("mov %%" #name ", %0" : "=r"(value) : : "memory");	\
	return value;								\
}										\
										\
static inline void write_##name(uint64_t value)					\
{										\
	__asm__ volatile("mov %0, %%" #name : : "r"(value) : "memory");		\
}

ARCH_CONTROL_REGISTER(cr0)
ARCH_CONTROL_REGISTER(cr2)
ARCH_CONTROL_REGISTER(cr3)
ARCH_CONTROL_REGISTER(cr4)

static inline uint64_t rdmsr(uint32_t msr)
{
	uint32_t low, high;

	__asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr) : "memory");
	return (uint64_t)high << 32 | low;
}

static inline void wrmsr(uint32_t msr, uint64_t value)
{
	__asm__ volatile("wrmsr"
			 : : "c"(msr), "a"((uint32_t)value), "d"((uint32_t)(value >> 32))
			 : "memory");
}

/* Forget the translation of the page that holds @va. */
static inline void invlpg(const void *va)
{
	__asm__ volatile("invlpg (%0)" : : "r"(va) : "memory");
}

static inline uint64_t rdtsc(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (uint64_t)high << 32 | low;
}

#endif /* ARCH_CPU_H */
