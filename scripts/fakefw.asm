; SPDX-License-Identifier: GPL-2.0-only
;
; A firmware of one deed: enter protected mode as a loader would leave it and
; jump to the kernel with EAX, EBX and the entry point the test put at 0x500.
; QEMU's generic loader has placed the kernel and the information block.
;
;	0x500	EAX (magic)	0x504	EBX (block)	0x508	entry point
;	0x50c	RAM that PCI devices supply: device * 8, base; device * 8, base; ... 0
;
; Such a device has its RAM behind BAR 2; 64 bits, and the upper half is 0 after reset.
;
; A flat 64 KiB ROM; it ends at 4 GiB and is seen at 0xf0000 too.  RAM is not
; touched, so a poisoned guest stays poisoned.

; Write ECX into register EDI of the PCI function EBX: there is no stack for a call.
%macro pci_write 0
	lea	eax, [ebx + edi]
	mov	dx, 0xcf8
	out	dx, eax
	mov	eax, ecx
	mov	dx, 0xcfc
	out	dx, eax
%endmacro

	bits	16
	org	0

start:
	cli
	mov	ax, cs			; 0xf000 after the far jump
	mov	ds, ax
	lgdt	[gdt_pointer]
	mov	eax, cr0
	or	al, 1			; PE
	mov	cr0, eax
	jmp	dword 8:0xf0000 + flat

	bits	32
flat:
	mov	ax, 16
	mov	ds, ax
	mov	es, ax
	mov	fs, ax
	mov	gs, ax
	mov	ss, ax
	mov	esi, 0x50c
.next_ram:
	movzx	ebx, byte [esi]
	test	ebx, ebx
	jz	.enter
	shl	ebx, 8			; device and function: bits 15:8 of the address
	or	ebx, 0x80000000
	mov	ecx, [esi + 4]
	mov	edi, 0x18		; BAR 2
	pci_write
	mov	ecx, 2			; answer to memory accesses
	mov	edi, 4			; command
	pci_write
	add	esi, 8
	jmp	.next_ram
.enter:
	mov	eax, [0x500]
	mov	ebx, [0x504]
	jmp	[0x508]			; ESP is undefined, as the specification allows

	align	8
gdt:
	dq	0
	dq	0x00cf9a000000ffff	; 8: flat code
	dq	0x00cf92000000ffff	; 16: flat data
gdt_end:
gdt_pointer:
	dw	gdt_end - gdt - 1
	dd	0xf0000 + gdt

	times	0xfff0 - ($ - $$) db 0
	bits	16
reset:
	jmp	0xf000:start
	times	0x10000 - ($ - $$) db 0
