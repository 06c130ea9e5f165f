; SPDX-License-Identifier: GPL-2.0-only
;
; The EFI stub's instructions that C has no words for; called as C calls, wherever they are.

%include "boot/x86_64/entry.inc"

CPUID_HYPERVISOR_BIT	equ 31

section .text
bits 64

; efi_jump(entry, params): interrupts off, RSI = boot_params, go.
global efi_jump
efi_jump:
	cli
	jmp	rdi

; efi_end_qemu(): as early32.asm ends a machine, and only where a hypervisor says that it is one.
global efi_end_qemu
efi_end_qemu:
	push	rbx
	mov	eax, 1
	cpuid
	pop	rbx
	bt	ecx, CPUID_HYPERVISOR_BIT
	jnc	.real
	mov	eax, DEBUG_EXIT_PANIC
	mov	edx, DEBUG_EXIT_PORT
	out	dx, eax
.real:
	ret

section .note.GNU-stack noalloc noexec nowrite progbits
