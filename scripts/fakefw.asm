; SPDX-License-Identifier: GPL-2.0-only
;
; A firmware of one deed: enter protected mode as a loader would leave it and
; jump to the kernel with EAX, EBX and the entry point the test put at 0x500.
; QEMU's generic loader has placed the kernel and the information block.
;
;	0x500	EAX (magic)	0x504	EBX (block)	0x508	entry point
;
; A flat 64 KiB ROM; it ends at 4 GiB and is seen at 0xf0000 too.  RAM is not
; touched, so a poisoned guest stays poisoned.

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
