; SPDX-License-Identifier: GPL-2.0-only
;
; Where the CPU goes on an exception.  The stubs make every stack look alike (struct trap_frame
; of traps.h) and call trap_handle(); if that returns, the interrupted code goes on.

extern trap_handle

global trap_stubs, probe_load, probe_fault

; The CPU pushes an error code for these: 8, 10-14, 17, 21, 29, 30.
WITH_ERROR_CODE	equ 0x60227d00
FRAME_RIP	equ 17 * 8		; in struct trap_frame

section .text progbits alloc exec nowrite align=16
bits 64

; 16 bytes each: boot/x86_64/entry32.asm and traps.c compute their addresses.
align 16
trap_stubs:
%assign vector 0
%rep 34
	align	16
    %if (WITH_ERROR_CODE >> vector) & 1 == 0
	push	0
    %endif
	push	vector
	jmp	near trap_common
    %assign vector vector + 1
%endrep

align 16
trap_common:
	push	rax
	push	rbx
	push	rcx
	push	rdx
	push	rsi
	push	rdi
	push	rbp
	push	r8
	push	r9
	push	r10
	push	r11
	push	r12
	push	r13
	push	r14
	push	r15
	cld
	mov	rdi, rsp
	; A stack frame as if the interrupted code had called us, for call traces.  They take
	; what they find for the address behind a call: one byte into the instruction will do.
	mov	rax, [rsp + FRAME_RIP]
	inc	rax
	push	rax
	push	rbp
	mov	rbp, rsp
	call	trap_handle		; 24 words on an aligned top: rsp is aligned as C wants it
	add	rsp, 16
	pop	r15
	pop	r14
	pop	r13
	pop	r12
	pop	r11
	pop	r10
	pop	r9
	pop	r8
	pop	rbp
	pop	rdi
	pop	rsi
	pop	rdx
	pop	rcx
	pop	rbx
	pop	rax
	add	rsp, 16			; vector and error code
	iretq

; bool probe_load(uint64_t va, uint8_t *value): a fault at probe_load is sent to probe_fault.
align 16
probe_load:
	mov	al, [rdi]
	mov	[rsi], al
	mov	eax, 1
	ret
probe_fault:
	xor	eax, eax
	ret

section .note.GNU-stack noalloc noexec nowrite progbits
