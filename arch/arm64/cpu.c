// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which CPU this is.
 */
#include <arch/cpu.h>

#include "kernel/lib/percpu.h"		/* boot_cpu */
#include "kernel/lib/printk.h"

#include <asm/cpufeature.h>
#include <asm/sysreg.h>

struct cpu_features cpu;		/* constant after boot */

void cpu_init(void)
{
	static const uint8_t pa_bits[] = { 32, 36, 40, 42, 44, 48 };
	const unsigned int range = (unsigned int)(read_sysreg(id_aa64mmfr0_el1) & 0xf);

	boot_cpu.self = &boot_cpu;
	/* 52 bits and more: the tables here hold 48. */
	cpu.phys_bits = range < sizeof(pa_bits) ? pa_bits[range] : 48;
	cpu.midr = (uint32_t)read_sysreg(midr_el1);
	cpu.mpidr = read_sysreg(mpidr_el1) & 0xff00ffffffUL;
}

void cpu_report(void)
{
	pr_info("Booting on physical CPU 0x%010llx [0x%08x], %u physical address bits\n",
		(unsigned long long)cpu.mpidr, cpu.midr, cpu.phys_bits);
}
