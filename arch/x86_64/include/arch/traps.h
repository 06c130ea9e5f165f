/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CPU exceptions: each ends in a report (what, where, registers, backtrace) and a panic.
 */
#ifndef ARCH_TRAPS_H
#define ARCH_TRAPS_H

#include "kernel/lib/types.h"

/* What the entry stubs of traps.asm leave on the stack, lowest address first. */
struct trap_frame {
	uint64_t r15, r14, r13, r12, r11, r10, r9, r8;
	uint64_t rbp, rdi, rsi, rdx, rcx, rbx, rax;
	uint64_t vector, error;
	uint64_t rip, cs, rflags, rsp, ss;
};

/* Load GDT, TSS and IDT; #DF, NMI and #MC run on stacks of their own. */
void traps_init(void);

/*
 * Give a fault in progress a second chance: if an instruction between two labels may
 * fault by design (a probe), list it with the label to go on at.  See probe_read_byte().
 */
struct trap_fixup {
	uint64_t fault_ip;
	uint64_t resume_ip;
};

/* Read one byte of any address; false if that faults.  For dumps of foreign memory. */
bool probe_read_byte(uint64_t va, uint8_t *value);

/* Print the callers of the code that has frame pointer @rbp, innermost first. */
void backtrace_from(uint64_t rip, uint64_t rbp);

/* A phrase for the place @va lies in: "kernel text", "stack guard page", "NULL page"... */
const char *address_place(uint64_t va);

/* C entry of every exception, called by traps.asm only. */
void trap_handle(struct trap_frame *frame);

#endif /* ARCH_TRAPS_H */
