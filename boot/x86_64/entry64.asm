; SPDX-License-Identifier: GPL-2.0-only
;
; The first instructions in long mode: leave the identity map for the higher half, drop it, and
; call start_kernel(magic, info) on the guarded boot stack.

%include "boot/x86_64/entry.inc"

extern start_kernel
extern early_memory, early_gdt, boot_cpu

global entry64, page_offset_base
global boot_stack_guard, boot_stack, boot_stack_top

BOOT_STACK_SIZE	equ 16 << 10

section .init.text progbits alloc exec nowrite align=16
bits 64
entry64:
	; Everything the CPU still holds by its physical address moves up.
	lgdt	[rel high_pointers]
	lidt	[rel high_pointers + 10]
	mov	eax, SEL_DATA
	mov	ds, eax
	mov	es, eax
	mov	ss, eax
	xor	eax, eax
	mov	fs, eax
	mov	gs, eax
	mov	rax, boot_cpu		; this_cpu(): the base of GS, and the first member
	mov	[rax], rax
	mov	rdx, rax
	shr	rdx, 32
	mov	ecx, MSR_GS_BASE
	wrmsr
	mov	rsp, boot_stack_top
	xor	ebp, ebp		; no caller: backtraces, ours and GDB's, end here

	mov	rax, PAGE_OFFSET_L4
	mov	rcx, cr4
	test	ecx, CR4_LA57
	jz	.four_levels
	mov	rax, PAGE_OFFSET_L5
.four_levels:
	mov	[rel page_offset_base], rax

	; From here on NULL is an address like any other that nobody mapped.
	mov	rax, EARLY(pml4) + KERNEL_MAP_BASE
	mov	qword [rax], 0
	mov	rax, EARLY(pdpt_kernel) + KERNEL_MAP_BASE
	mov	qword [rax], 0
	mov	rax, cr3
	mov	cr3, rax

	mov	rax, EARLY(provoke_entry64) + KERNEL_MAP_BASE
	cmp	byte [rax], 0
	je	.no_provocation
	ud2
.no_provocation:
	; The upper halves of RDI and RSI are undefined after 32-bit code.
	mov	edi, edi
	mov	esi, esi
	call	start_kernel		; does not return; a call, so that traces name us
.end:
	ud2

; Unwind information, so that GDB's backtraces end here: nothing called entry64.
section .debug_frame progbits noalloc noexec nowrite align=8
cie:
	dd	fde - cie - 4
	dd	0xffffffff		; this is a common information entry
	db	1, 0			; version, no augmentation
	db	1, 0x78			; code and data alignment: 1, -8
	db	16			; the return address is "register" 16
	db	0x0c, 7, 8		; DW_CFA_def_cfa: rsp + 8
	db	0x07, 16		; DW_CFA_undefined: no return address
	align	8, db 0
fde:
	dd	fde_end - fde - 4
	dd	cie
	dq	entry64
	dq	entry64.end + 2 - entry64
	align	8, db 0
fde_end:

section .init.data progbits alloc noexec write align=8
high_pointers:				; boot only: of GDT and IDT
	dw	4 * 8 - 1
	dq	early_gdt + KERNEL_MAP_BASE
	dw	32 * 16 - 1
	dq	EARLY(idt64) + KERNEL_MAP_BASE

section .data.ro_after_init progbits alloc noexec write align=8
page_offset_base:			; constant after boot
	dq	0

section .bss.boot_stack nobits alloc noexec write align=4096
boot_stack_guard:			; per CPU; unmapped by init_mem_mapping()
	resb	PAGE_SIZE
boot_stack:				; per CPU
	resb	BOOT_STACK_SIZE
boot_stack_top:				; per CPU

section .note.GNU-stack noalloc noexec nowrite progbits
