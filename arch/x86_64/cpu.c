/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What this CPU can do, asked once.  boot/x86_64/entry32.asm has asked by itself the two
 * questions that decide about going on (long mode) and about the tables (5 levels).
 */

#include <arch/cpu.h>

#include "kernel/lib/init.h"
#include "kernel/lib/params.h"	/* early_flag() */
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"	/* memcpy() */

#include <asm/cpufeature.h>
#include <asm/regs.h>

#define LEAF_FEATURES		0x1U
#define LEAF_STRUCTURED		0x7U
#define LEAF_TOPOLOGY		0xbU
#define LEAF_HYPERVISOR		0x40000000U
#define LEAF_HV_TIMING		0x40000010U	/* VMware's idea, taken up by KVM and others */
#define LEAF_EXTENDED		0x80000000U
#define LEAF_EXT_FEATURES	0x80000001U
#define LEAF_ADDRESS_SIZES	0x80000008U

struct cpu_features cpu;		/* constant after boot */

static bool bit(uint32_t value, unsigned int n)
{
	return value >> n & 1;
}

static void store_name(char *name, uint32_t a, uint32_t b, uint32_t c)
{
	memcpy(name, &a, 4);
	memcpy(name + 4, &b, 4);
	memcpy(name + 8, &c, 4);
	name[12] = '\0';
}

static void ask_hypervisor(void)
{
	struct cpuid_regs r;

	cpu.hypervisor = bit(cpuid(LEAF_FEATURES, 0).ecx, 31);
	if (!cpu.hypervisor)
		return;
	r = cpuid(LEAF_HYPERVISOR, 0);
	store_name(cpu.hypervisor_name, r.ebx, r.ecx, r.edx);
	if (r.eax >= LEAF_HV_TIMING && r.eax < LEAF_HYPERVISOR + 0x10000)
		cpu.tsc_khz = cpuid(LEAF_HV_TIMING, 0).eax;
}

/* Of 32 bits where the CPU knows so many; boot/x86_64/secondary.asm asks in the same way. */
static uint32_t ask_apic_id(uint32_t leaves)
{
	if (leaves >= LEAF_TOPOLOGY && (cpuid(LEAF_TOPOLOGY, 0).ebx & 0xffff))
		return cpuid(LEAF_TOPOLOGY, 0).edx;
	return cpuid(LEAF_FEATURES, 0).ebx >> 24;
}

void cpu_init(void)
{
	struct cpuid_regs r = cpuid(0, 0);
	uint32_t leaves = r.eax;

	store_name(cpu.vendor, r.ebx, r.edx, r.ecx);
	r = cpuid(LEAF_FEATURES, 0);
	cpu.pse = bit(r.edx, 3);
	cpu.pge = bit(r.edx, 13);
	cpu.apic = bit(r.edx, 9);
	cpu.x2apic = bit(r.ecx, 21);
	cpu.apic_id = ask_apic_id(leaves);
	if (leaves >= LEAF_STRUCTURED)
		cpu.la57 = bit(cpuid(LEAF_STRUCTURED, 0).ecx, 16);

	r = cpuid(LEAF_EXT_FEATURES, 0);
	cpu.gbpages = bit(r.edx, 26);
	cpu.nx = rdmsr(MSR_EFER) & EFER_NXE;

	cpu.phys_bits = 36;
	cpu.virt_bits = 48;
	if (cpuid(LEAF_EXTENDED, 0).eax >= LEAF_ADDRESS_SIZES) {
		r = cpuid(LEAF_ADDRESS_SIZES, 0);
		cpu.phys_bits = r.eax & 0xff;
		cpu.virt_bits = r.eax >> 8 & 0xff;
	}
	ask_hypervisor();
}

void cpu_report(void)
{
	pr_info("cpu: %s, %u physical and %u virtual address bits, %u-level paging%s%s%s%s%s\n",
		cpu.vendor, cpu.phys_bits, cpu.virt_bits, cpu_la57_active() ? 5u : 4u,
		cpu.nx ? ", nx" : ", NO nx", cpu.gbpages ? ", 1G pages" : "",
		cpu.pge ? ", global pages" : "", cpu.hypervisor ? ", under " : "",
		cpu.hypervisor ? cpu.hypervisor_name : "");
}

bool cpu_la57_active(void)
{
	return read_cr4() & CR4_LA57;
}

/* Obeyed by boot/x86_64/entry32.asm, which must choose before it turns paging on. */
early_flag("no5lvl", NULL, "use 4-level page tables even if the CPU has 5 levels");
