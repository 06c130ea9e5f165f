/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the CPU goes on an exception.
 *
 * The kernel runs on SP_EL0, exceptions on SP_EL1, so that a stack overflow can be told.  The
 * entries make a struct trap_frame (traps.h) and call trap_handle(); if that returns,
 * the interrupted code goes on, at the frame's elr.
 */
#define FRAME_SIZE	(36 * 8)

	.macro	entry, index
	.balign	128
	sub	sp, sp, #FRAME_SIZE
	stp	x0, x1, [sp]
	mov	x0, #\index
	b	trap_common
	.endm

	.section .text, "ax"
	.balign	2048
	.global	vectors
vectors:
	.set	index, 0
	.rept	16
	entry	index
	.set	index, index + 1
	.endr

	.type trap_common, %function
trap_common:
	stp	x2, x3, [sp, #16]
	stp	x4, x5, [sp, #32]
	stp	x6, x7, [sp, #48]
	stp	x8, x9, [sp, #64]
	stp	x10, x11, [sp, #80]
	stp	x12, x13, [sp, #96]
	stp	x14, x15, [sp, #112]
	stp	x16, x17, [sp, #128]
	stp	x18, x19, [sp, #144]
	stp	x20, x21, [sp, #160]
	stp	x22, x23, [sp, #176]
	stp	x24, x25, [sp, #192]
	stp	x26, x27, [sp, #208]
	stp	x28, x29, [sp, #224]
	mrs	x1, sp_el0
	stp	x30, x1, [sp, #240]
	mrs	x1, elr_el1
	mrs	x2, spsr_el1
	stp	x1, x2, [sp, #256]
	str	x0, [sp, #272]
	mov	x0, sp
	/* A stack frame as if the interrupted code had called us, for call traces. */
	add	x1, x1, #4
	stp	x29, x1, [sp, #-16]!
	mov	x29, sp
	bl	trap_handle
	add	sp, sp, #16
	ldp	x1, x2, [sp, #256]
	msr	elr_el1, x1
	msr	spsr_el1, x2
	ldp	x30, x1, [sp, #240]
	msr	sp_el0, x1
	ldp	x2, x3, [sp, #16]
	ldp	x4, x5, [sp, #32]
	ldp	x6, x7, [sp, #48]
	ldp	x8, x9, [sp, #64]
	ldp	x10, x11, [sp, #80]
	ldp	x12, x13, [sp, #96]
	ldp	x14, x15, [sp, #112]
	ldp	x16, x17, [sp, #128]
	ldp	x18, x19, [sp, #144]
	ldp	x20, x21, [sp, #160]
	ldp	x22, x23, [sp, #176]
	ldp	x24, x25, [sp, #192]
	ldp	x26, x27, [sp, #208]
	ldp	x28, x29, [sp, #224]
	ldp	x0, x1, [sp]
	add	sp, sp, #FRAME_SIZE
	eret

	/* bool probe_load(uint64_t va, uint8_t *value): a fault there goes on at probe_fault. */
	.global	probe_load, probe_fault
	.type probe_load, %function
probe_load:
	ldrb	w2, [x0]
	strb	w2, [x1]
	mov	w0, #1
	ret
probe_fault:
	mov	w0, #0
	ret

	/* int64_t f(...): an exception at one of the three instructions goes on at call_failed. */
	.global	semihost_call, semihost_instruction, psci_call_hvc, psci_call_smc
	.global	smc_instruction, hvc_instruction, call_failed
	.type semihost_call, %function
semihost_call:
semihost_instruction:
	hlt	#0xf000
	ret
	.type psci_call_hvc, %function
psci_call_hvc:
hvc_instruction:
	hvc	#0
	ret
	.type psci_call_smc, %function
psci_call_smc:
smc_instruction:
	smc	#0
	ret
	.type call_failed, %function
call_failed:
	mov	x0, #-1
	ret

	.section .note.GNU-stack, "", %progbits
