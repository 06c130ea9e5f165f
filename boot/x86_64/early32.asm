; SPDX-License-Identifier: GPL-2.0-only
;
; What 32-bit code needs while there is no C: a look at the command line, and a way to say why
; nothing more will happen (serial port, VGA text, debug exit).

%include "boot/x86_64/entry.inc"

extern early_memory

global refuse32, exception32_stubs, cmdline_find, cmdline_has

COM1		equ 0x3f8
VGA_TEXT	equ 0xb8000
VGA_ALERT	equ 0x4f			; white on red
PATIENCE	equ 100000			; polls for one character; a port needs about 100

MB2_TAG_END	equ 0
MB2_TAG_CMDLINE	equ 1
MB2_SIZE_LIMIT	equ 16 << 20			; no loader's block comes near
PVH_CMDLINE	equ 24				; offset of the 64-bit address in the start info
CMDLINE_LIMIT	equ 2048			; as in Linux; the rest is not looked at

; Error codes are pushed for these exceptions: 8, 10-14, 17, 21, 29, 30.
WITH_ERROR_CODE	equ 0x60227d00

section .init.text32 progbits alloc exec nowrite align=16
bits 32

; Find the loader's command line.  In: EDI = magic, ESI = info.
; Out: EBX = its address, ECX = bytes to look at, 0 if there is none or the block is broken (the
; C parser will say so).  Clobbers EAX, EDX.
cmdline_find:
	test	esi, esi
	jz	.none
	cmp	edi, MB2_BOOT_MAGIC
	je	.multiboot2
	cmp	edi, LINUX_MAGIC
	je	.linux
	cmp	edi, PVH_MAGIC
	jne	.none
	cmp	dword [esi], PVH_MAGIC
	jne	.none
	cmp	dword [esi + PVH_CMDLINE + 4], 0
	jne	.none
	mov	ebx, [esi + PVH_CMDLINE]
	mov	ecx, CMDLINE_LIMIT
	test	ebx, ebx
	jz	.none
	ret

.linux:						; linux_head.asm has put it there
	lea	ebx, [esi + 4096]
	mov	ecx, CMDLINE_LIMIT
	ret

.multiboot2:
	mov	edx, [esi]			; EDX: bytes left in the block
	cmp	edx, MB2_SIZE_LIMIT
	ja	.none
	mov	ebx, esi
	mov	eax, 8				; the block's own header
.next:						; EAX: bytes to step over, a multiple of 8
	sub	edx, eax
	jb	.none
	add	ebx, eax
	jc	.none
	cmp	edx, 8
	jb	.none
	mov	eax, [ebx + 4]			; the tag's size without padding
	cmp	eax, 8
	jb	.none
	cmp	eax, edx
	ja	.none
	cmp	dword [ebx], MB2_TAG_CMDLINE
	je	.found
	cmp	dword [ebx], MB2_TAG_END
	je	.none
	add	eax, 7
	and	eax, ~7
	jmp	.next
.found:
	lea	ecx, [eax - 8]
	add	ebx, 8
	cmp	ecx, CMDLINE_LIMIT
	jbe	.done
	mov	ecx, CMDLINE_LIMIT
.done:
	ret
.none:
	xor	ecx, ecx
	ret

; Does the word at EDX stand alone in the text [EBX, EBX + ECX), which also ends at a NUL?
; Out: carry set if so.  Clobbers EAX.
cmdline_has:
	push	ebx
	push	ecx
	push	edi
.start:						; EBX: at the first letter of a word, or at a blank
	mov	edi, edx
.letter:
	xor	eax, eax			; the end of the text counts as a NUL
	jecxz	.have
	mov	al, [ebx]
.have:
	cmp	al, ' '
	jbe	.ended
	cmp	al, [edi]
	jne	.skip
	inc	ebx
	dec	ecx
	inc	edi
	jmp	.letter
.skip:						; another word: go to the blank behind it
	inc	ebx
	dec	ecx
	jz	.out				; carry is clear: cmp in .letter does not reach here
	cmp	byte [ebx], ' '
	ja	.skip
	jmp	.start
.ended:
	cmp	byte [edi], 0
	je	.yes
	test	al, al				; clears carry
	jz	.out
	inc	ebx
	dec	ecx
	jmp	.start
.yes:
	stc
.out:
	pop	edi
	pop	ecx
	pop	ebx
	ret

; Where exceptions go before the kernel can handle them: the return address of the call tells
; which.  Nothing is resumed.
exception32_stubs:
%rep 32
	call	near exception32
%endrep

exception32:
	pop	eax
	sub	eax, exception32_stubs + 5
	xor	edx, edx
	mov	ecx, 5
	div	ecx				; EAX: the vector
	mov	edx, WITH_ERROR_CODE
	bt	edx, eax
	jnc	.no_error_code
	pop	edx
.no_error_code:
	pop	ebp				; EIP
	push	eax
	call	serial_setup
	mov	edi, VGA_TEXT
	mov	esi, text_exception
	call	print
	pop	eax
	mov	ecx, 2
	call	print_hex
	mov	esi, text_at
	call	print
	mov	eax, ebp
	mov	ecx, 8
	call	print_hex
	mov	esi, text_before
	jmp	last_words

; Say the text at ESI and stop.
refuse32:
	call	serial_setup
	mov	edi, VGA_TEXT
last_words:
	call	print
	mov	esi, text_newline
	call	print
	cmp	byte [EARLY(under_hypervisor)], 0
	je	.halt
	mov	eax, DEBUG_EXIT_PANIC
	mov	edx, DEBUG_EXIT_PORT
	out	dx, eax
.halt:
	cli
	hlt
	jmp	.halt

; 115200 baud, 8N1.  Without a port this does nothing, and print does not wait for long.
serial_setup:
	mov	ebx, serial_program
.next:
	movzx	edx, byte [ebx]
	add	edx, COM1
	mov	al, [ebx + 1]
	out	dx, al
	add	ebx, 2
	cmp	ebx, serial_program.end
	jne	.next
	ret

; Print the NUL-terminated text at ESI; EDI is the place on the screen.  Clobbers EAX, EDX.
print:
	lodsb
	test	al, al
	jz	.done
	call	print_char
	jmp	print
.done:
	ret

; Print the ECX low hex digits of EAX.  Clobbers EAX, ECX, EDX.
print_hex:
	push	ebx
	mov	ebx, eax
.digit:
	dec	ecx
	js	.done
	mov	eax, ebx
	shl	ecx, 2
	shr	eax, cl
	shr	ecx, 2
	and	eax, 15
	mov	al, [hex_digits + eax]
	call	print_char
	jmp	.digit
.done:
	pop	ebx
	ret

; Print AL.  Clobbers EAX, EDX; advances EDI.
print_char:
	push	ecx
	push	eax
	mov	ecx, PATIENCE
	mov	edx, COM1 + 5
.wait:
	in	al, dx
	test	al, 0x20			; transmitter empty
	loopz	.wait
	pop	eax
	mov	edx, COM1
	out	dx, al
	mov	ah, VGA_ALERT
	cmp	al, ' '
	jb	.invisible
	stosw
.invisible:
	pop	ecx
	ret

serial_program:					; register, value
	db	1, 0x00, 3, 0x80, 0, 0x01, 1, 0x00, 3, 0x03, 2, 0x07, 4, 0x03
.end:
hex_digits:
	db	"0123456789abcdef"
text_exception:
	db	13, 10, "Daybreak: exception 0x", 0
text_at:
	db	" at 0x", 0
text_before:
	db	" before the kernel could handle it; stopped.", 0
text_newline:
	db	13, 10, 0

section .note.GNU-stack noalloc noexec nowrite progbits
