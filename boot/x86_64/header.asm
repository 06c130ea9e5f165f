; SPDX-License-Identifier: GPL-2.0-only
;
; How loaders recognise us: a multiboot2 header for GRUB and an ELF note for PVH loaders
; (qemu -kernel, Firecracker, cloud-hypervisor).  Both lead to boot/x86_64/entry32.asm.
;
; The header asks for a framebuffer, and boots without: GRUB hands over memory map, modules, command
; line, RSDP and EFI map unasked, and takes the entry point from the ELF header.

%include "boot/x86_64/entry.inc"

extern pvh_entry

; linker.ld puts this first: GRUB searches the first 32 KiB of the file only.
section .head align=8
header:
	dd	0xe85250d6			; multiboot2
	dd	0				; 32-bit protected mode of i386
	dd	header.end - header
	dd	-(0xe85250d6 + 0 + (header.end - header)) & 0xffffffff
	dw	5, 1				; framebuffer, optional: iso/grub.cfg decides
	dd	20
	dd	1024, 768, 32
	dd	0				; tags begin at multiples of 8
	dw	0, 0				; end tag: type, flags
	dd	8				; its size
.end:

; XEN_ELFNOTE_PHYS32_ENTRY: the physical address to start at, in 32-bit mode, paging off.
section .note.Xen note align=4
	dd	4				; length of the name
	dd	8				; length of the value
	dd	18				; type
	db	"Xen", 0
	dq	pvh_entry			; linked at its physical address

section .note.GNU-stack noalloc noexec nowrite progbits
