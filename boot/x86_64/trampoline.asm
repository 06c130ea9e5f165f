; SPDX-License-Identifier: GPL-2.0-only
;
; From a startup IPI to long mode: what every CPU but the first runs first.
;
; arch/x86_64/smp.c copies this to a page below 1 MiB and fills in the parameters.  CPUs may run it
; at the same time: it has no stack and writes nothing.  The page tables that it loads show the page
; where it is, and the kernel where the kernel is.
;
; A startup IPI with vector V begins at V000:0000, in real mode, with interrupts off.

%include "boot/x86_64/entry.inc"

global trampoline, trampoline_parameters, trampoline_end

%define HERE(label)	((label) - trampoline)

section .rodata.trampoline progbits alloc noexec nowrite align=16
bits 16
trampoline:
	cli
	cld
	mov	ax, cs
	mov	ds, ax
	xor	ebx, ebx
	mov	bx, ax
	shl	ebx, 4			; EBX: where this page is
	o32 lgdt [HERE(trampoline_parameters.gdt_pointer)]
	mov	eax, CR0_PE | CR0_ET | CR0_NE	; whole: INIT leaves the caches off
	mov	cr0, eax
	jmp	dword far [HERE(trampoline_parameters.enter32)]

bits 32
trampoline32:
	mov	eax, SEL_DATA
	mov	ds, eax
	mov	es, eax
	mov	ss, eax
	xor	eax, eax
	mov	fs, eax
	mov	gs, eax
	mov	eax, [ebx + HERE(trampoline_parameters.cr4)]
	mov	cr4, eax
	mov	eax, [ebx + HERE(trampoline_parameters.cr3)]
	mov	cr3, eax
	mov	ecx, MSR_EFER
	mov	eax, [ebx + HERE(trampoline_parameters.efer)]
	xor	edx, edx
	wrmsr
	mov	eax, CR0_PG | CR0_WP | CR0_NE | CR0_ET | CR0_PE
	mov	cr0, eax
	jmp	far [ebx + HERE(trampoline_parameters.enter64)]

bits 64
trampoline64:
	mov	ebx, ebx		; the upper half is undefined after 32-bit code
	mov	rdi, [rbx + HERE(trampoline_parameters.root)]
	mov	rsi, [rbx + HERE(trampoline_parameters.records)]
	mov	edx, [rbx + HERE(trampoline_parameters.nr_records)]
	jmp	[rbx + HERE(trampoline_parameters.entry)]

	align	8
; struct trampoline_parameters of arch/x86_64/smp.c, which makes addresses of offsets.
trampoline_parameters:
.gdt:		dq	0
		dq	0x00af9b000000ffff	; SEL_CODE64
		dq	0x00cf93000000ffff	; SEL_DATA
		dq	0x00cf9b000000ffff	; SEL_CODE32
.gdt_pointer:	dw	4 * 8 - 1
		dd	HERE(.gdt)
.enter32:	dd	HERE(trampoline32)
		dw	SEL_CODE32
.enter64:	dd	HERE(trampoline64)
		dw	SEL_CODE64
.cr3:		dd	0
.cr4:		dd	0
.efer:		dd	0
.nr_records:	dd	0
.root:		dq	0
.records:	dq	0
.entry:		dq	0
trampoline_end:

section .note.GNU-stack noalloc noexec nowrite progbits
