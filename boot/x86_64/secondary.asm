; SPDX-License-Identifier: GPL-2.0-only
;
; Where the trampoline leads: a CPU finds out who it is and calls secondary_start(cpu) on its stack.
;
; RDI: the kernel's page tables; RSI: the array of struct cpu_record; EDX: how many.
;
; A CPU that has no record, or whose record is not CPU_STARTING, halts: nobody asked for it, or
; the boot CPU has given it up.  That may be long after boot, so this stays.

%include "boot/x86_64/entry.inc"

extern secondary_start
global secondary_entry

; struct cpu_record and enum cpu_state of kernel/lib/smp.h.
RECORD_HARDWARE_ID	equ 0
RECORD_STATE		equ 4
RECORD_STACK_TOP	equ 8
RECORD_AREA		equ 16
RECORD_SIZE		equ 32
CPU_STARTING		equ 1
CPU_ARRIVED		equ 2

section .text progbits alloc exec nowrite align=16
bits 64
secondary_entry:
	mov	cr3, rdi		; the trampoline's page is no address any more
	mov	r8, rsi
	mov	r9d, edx

	; As ask_apic_id() of arch/x86_64/cpu.c.
	xor	eax, eax
	cpuid
	cmp	eax, 0xb
	jb	.narrow
	mov	eax, 0xb
	xor	ecx, ecx
	cpuid
	test	bx, bx
	jz	.narrow
	mov	eax, edx
	jmp	.search
.narrow:
	mov	eax, 1
	cpuid
	shr	ebx, 24
	mov	eax, ebx

.search:
	xor	edi, edi		; the number of the record that R8 points to
.next:
	cmp	edi, r9d
	je	.stranger
	cmp	[r8 + RECORD_HARDWARE_ID], eax
	je	.found
	add	r8, RECORD_SIZE
	inc	edi
	jmp	.next

.found:
	mov	eax, CPU_STARTING
	mov	ecx, CPU_ARRIVED
	lock cmpxchg [r8 + RECORD_STATE], ecx
	jne	.stranger

	mov	rsp, [r8 + RECORD_STACK_TOP]
	xor	ebp, ebp		; no caller: call traces end here
	mov	rax, [r8 + RECORD_AREA]
	mov	rdx, rax
	shr	rdx, 32
	mov	ecx, MSR_GS_BASE	; this_cpu()
	wrmsr
	call	secondary_start		; does not return; a call, so that traces name us
.stranger:
	cli
	hlt
	jmp	.stranger

section .note.GNU-stack noalloc noexec nowrite progbits
