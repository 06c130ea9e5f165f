; SPDX-License-Identifier: GPL-2.0-only
;
; A firmware of one deed: enter protected mode as a loader would leave it and
; jump to the kernel with EAX, EBX and the entry point the test put at 0x500.
; QEMU's generic loader has placed the kernel and the information block.
;
;	0x500	EAX (magic)	0x504	EBX, ESI (block)	0x508	entry point
;	0x50c	32; or 64: long mode, everything below 512 GiB mapped where it is, and
;	0x510	entry point, 64 bits	0x518	RSI (block), 64 bits
;	0x520	RAM that PCI devices supply: device * 8, base; device * 8, base; ... 0
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
	mov	esi, 0x520
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
	cmp	dword [0x50c], 64
	je	long_mode
	mov	eax, [0x500]
	mov	ebx, [0x504]
	mov	esi, ebx
	jmp	[0x508]			; ESP is undefined, as the specification allows

long_mode:
	mov	eax, cr4
	or	al, 1 << 5		; PAE
	mov	cr4, eax
	mov	eax, 0xf0000 + pml4
	mov	cr3, eax
	mov	ecx, 0xc0000080		; EFER: LME
	rdmsr
	or	eax, 1 << 8
	wrmsr
	mov	eax, cr0
	or	eax, 1 << 31
	mov	cr0, eax
	jmp	24:0xf0000 + .flat64
	bits	64
.flat64:
	mov	rsi, [0x518]
	jmp	[0x510]

	align	8
gdt:
	dq	0
	dq	0x00cf9a000000ffff	; 8: flat code
	dq	0x00cf92000000ffff	; 16: flat data
	dq	0x00af9a000000ffff	; 24: long mode
gdt_end:
gdt_pointer:
	dw	gdt_end - gdt - 1
	dd	0xf0000 + gdt

	; In ROM: accessed and dirty are set, nothing has to be written.
	align	4096
pml4:
	dq	0xf0000 + pdpt + 0x23
	times	511 dq 0
pdpt:
%assign gib 0
%rep 512
	dq	(gib << 30) + 0xe3
%assign gib gib + 1
%endrep

	times	0xfff0 - ($ - $$) db 0
	bits	16
reset:
	jmp	0xf000:start
	times	0x10000 - ($ - $$) db 0
