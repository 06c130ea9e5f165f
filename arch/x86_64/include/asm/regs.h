/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers and instructions that C has no word for.  Not hosted.
 */
#ifndef ASM_REGS_H
#define ASM_REGS_H

#include "kernel/lib/types.h"

#define CR0_WP		BIT(16)
#define CR4_PSE		BIT(4)
#define CR4_PAE		BIT(5)
#define CR4_MCE		BIT(6)
#define CR4_PGE		BIT(7)
#define CR4_LA57	BIT(12)

#define MSR_PAT		0x277U
#define CPUID_PAT	BIT(16)		/* of leaf 1, EDX: the CPU has it */
#define MSR_EFER	0xc0000080U
#define EFER_LME	BIT(8)
#define EFER_NXE	BIT(11)

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

#endif /* ASM_REGS_H */
