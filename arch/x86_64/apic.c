// SPDX-License-Identifier: GPL-2.0-only
/*
 * The local APIC (Intel SDM volume 3, chapter 10).
 */
#include "arch/x86_64/apic.h"

#include "arch/x86_64/paging.h"		/* APIC_VIRTUAL */
#include "arch/x86_64/traps.h"		/* VECTOR_SPURIOUS */
#include "kernel/lib/init.h"

#include <arch/cpu.h>
#include <asm/cpufeature.h>
#include <asm/regs.h>

#define MSR_APIC_BASE	0x1bU
#define APIC_ON		BIT(11)
#define APIC_X2		BIT(10)
#define MSR_X2APIC	0x800U		/* of register 0: registers are 16 bytes apart in memory */
#define XAPIC_ID_MAX	254U

#define REGISTER_EOI	0x0bU
#define REGISTER_SPURIOUS	0x0fU
#define REGISTER_COMMAND	0x30U
#define REGISTER_COMMAND_HIGH	0x31U

#define SPURIOUS_ON	0x100U
#define COMMAND_BUSY	0x1000U
#define BUSY_POLLS	1000000U

/* Are the registers MSRs on this CPU? */
static bool apic_is_wide(void)
{
	return rdmsr(MSR_APIC_BASE) & APIC_X2;
}

static volatile uint32_t *apic_register(uint32_t number)
{
	return (volatile uint32_t *)(APIC_VIRTUAL + number * 16);
}

static void apic_write(uint32_t number, uint32_t value)
{
	if (apic_is_wide())
		wrmsr(MSR_X2APIC + number, value);
	else
		*apic_register(number) = value;
}

void apic_enable(bool wide)
{
	uint64_t base = rdmsr(MSR_APIC_BASE) | APIC_ON;

	wrmsr(MSR_APIC_BASE, base);
	if (wide)			/* from off to x2APIC is no way */
		wrmsr(MSR_APIC_BASE, base | APIC_X2);
	apic_write(REGISTER_SPURIOUS, SPURIOUS_ON | VECTOR_SPURIOUS);
}

void __init apic_map(void)
{
	if (cpu.apic)
		paging_map_slots(APIC_VIRTUAL, rdmsr(MSR_APIC_BASE) & PTE_ADDR, PAGE_SIZE,
				 PTE_RW | PTE_PCD | PTE_PWT);
}

bool __init apic_wants_msrs(uint32_t max_id)
{
	return apic_is_wide() || max_id > XAPIC_ID_MAX;
}

void apic_send(uint32_t id, uint32_t command)
{
	if (apic_is_wide()) {
		/* What was written before is seen by whom this wakes. */
		__asm__ volatile("mfence; lfence" : : : "memory");
		wrmsr(MSR_X2APIC + REGISTER_COMMAND, (uint64_t)id << 32 | command);
		return;
	}
	*apic_register(REGISTER_COMMAND_HIGH) = id << 24;
	*apic_register(REGISTER_COMMAND) = command;
	for (unsigned int i = 0; i < BUSY_POLLS; i++) {
		if (!(*apic_register(REGISTER_COMMAND) & COMMAND_BUSY))
			break;
		cpu_relax();
	}
}

void apic_eoi(void)
{
	apic_write(REGISTER_EOI, 0);
}
