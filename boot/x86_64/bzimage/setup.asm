; SPDX-License-Identifier: GPL-2.0-only
;
; build/bzImage: the real-mode part of the Linux/x86 boot protocol, version 2.15, a header of a
; PE32+ application, and what both load.  Assembled as a flat file; nothing of it is linked into
; kernel.elf.
;
;	0x0000		boot sector, PE header, setup header, real-mode code
;	0x1000		the EFI stub (boot/efi/stub.ld): code, then the built-in command line
;	SECTORS * 512	the kernel, from its first byte to _end, zeroes included, and room for the
;			copies of what is around it (boot/x86_64/linux_head.asm)
;
; A loader that knows the 32-bit or 64-bit entry (GRUB, kexec) reads only the header.  One that
; starts the real-mode code (QEMU's -kernel with SeaBIOS) gets from it what such a loader would
; have filled in: e820, sizes of memory, the screen.  UEFI firmware loads the file as it is: the
; address of each section is its place in the file, and nothing needs relocation.

%include "boot/x86_64/entry.inc"

BOOT_CS		equ 0x10
BOOT_DS		equ 0x18
E820_MAX	equ 128
SMAP		equ 0x534d4150
SECTORS		equ (image - setup_begin) / 512

PE_MACHINE_X86_64	equ 0x8664
PE_EXECUTABLE		equ 0x0002	; of the file; large addresses, no debug information:
PE_LARGE		equ 0x0020
PE_NO_DEBUG		equ 0x0200
PE_NX_COMPATIBLE	equ 0x0100	; no memory has to be writable and executable
PE_EFI_APPLICATION	equ 10
PE_CODE			equ 0x00000020	; of a section
PE_DATA			equ 0x00000040
PE_EXECUTE		equ 0x20000000
PE_READ			equ 0x40000000

	org	0
	bits	16
setup_begin:
	db	"MZ"			; here dec bp, pop dx: harmless

	; Not a boot sector: who starts it as one is told so.
	jmp	0x07c0:.not_a_disk
.not_a_disk:
	push	cs
	pop	ds
	mov	si, text_not_a_disk
	call	print
.stop:
	hlt
	jmp	.stop

print:
	lodsb
	test	al, al
	jz	.done
	mov	ah, 0x0e
	mov	bx, 7
	int	0x10
	jmp	print
.done:
	ret

	times 0x3c - ($ - setup_begin) db 0
	dd	pe_header

pe_header:
	db	"PE", 0, 0
	dw	PE_MACHINE_X86_64
	dw	(pe_sections_end - pe_sections) / 40
	dd	0, 0, 0			; no time, no symbols
	dw	pe_sections - pe_optional
	dw	PE_EXECUTABLE | PE_LARGE | PE_NO_DEBUG
pe_optional:
	dw	0x020b			; PE32+
	db	0, 0			; linker version
	dd	stub_cmdline - stub	; bytes of code
	dd	file_end - stub_cmdline	; of data
	dd	0			; of zeroes
	dd	stub			; the entry point is the stub's first byte
	dd	stub			; where code begins
	dq	0			; made for no address
	dd	4096, 512		; alignment of sections in memory, in the file
	dw	0, 0			; operating system version
	dw	3, 0			; image version: 3 takes an initrd as Linux does
	dw	0, 0			; subsystem version
	dd	0
	dd	file_end		; in memory
	dd	stub			; headers, and what else is in front
	dd	0			; checksum: firmware ignores it
	dw	PE_EFI_APPLICATION
	dw	PE_NX_COMPATIBLE
	dq	0, 0, 0, 0		; stack and heap are firmware's
	dd	0
	dd	(pe_sections - pe_directories) / 8
pe_directories:
	dq	0, 0, 0, 0, 0, 0	; none; the fifth is for a signature
pe_sections:
	db	".text", 0, 0, 0
	dd	stub_cmdline - stub, stub, stub_cmdline - stub, stub, 0, 0, 0
	dd	PE_CODE | PE_EXECUTE | PE_READ
	db	".cmdline"
	dd	image - stub_cmdline, stub_cmdline, image - stub_cmdline, stub_cmdline, 0, 0, 0
	dd	PE_DATA | PE_READ
	db	".linux", 0, 0
	dd	file_end - image, image, file_end - image, image, 0, 0, 0
	dd	PE_DATA | PE_READ
pe_sections_end:

text_not_a_disk:
	db	"Daybreak: this is a kernel for a boot loader, not a boot disk.", 13, 10, 0

	times 0x1ef - ($ - setup_begin) db 0
	db	0xff			; sentinel: 0 in boot_params that began with zeroes
	db	0
header:
	db	SECTORS - 1		; setup_sects
	dw	0			; root_flags
	dd	(image_end - image + 15) / 16	; syssize
	dw	0			; ram_size
	dw	0xffff			; vid_mode: normal
	dw	0			; root_dev
	dw	0xaa55			; boot_flag
	db	0xeb, header_end - ($ + 2)	; a short jump, and where the header ends
	db	"HdrS"
	dw	0x020f			; version of the protocol
	dd	0			; realmode_swtch
	dw	0x1000			; start_sys_seg
	dw	text_version - 0x200	; kernel_version
	db	0			; type_of_loader
	db	0x01			; loadflags: LOADED_HIGH
	dw	0			; setup_move_size
code32_start:
	dd	0x100000
	dd	0, 0			; ramdisk_image, ramdisk_size
	dd	0			; bootsect_kludge
	dw	0			; heap_end_ptr
	db	0, 0			; ext_loader_ver, ext_loader_type
	dd	0			; cmd_line_ptr
	dd	0x7fffffff		; initrd_addr_max
	dd	0x200000		; kernel_alignment
	db	1			; relocatable_kernel: it moves itself
	db	21			; min_alignment
	dw	0x03			; xloadflags: 64-bit entry; may be above 4 GiB
	dd	LINUX_CMDLINE_SIZE - 1	; cmdline_size: more than is used, so a cut is seen
	dd	0			; hardware_subarch: a PC
	dq	0			; hardware_subarch_data
	dd	0, 0			; payload_offset, payload_length: nothing is compressed
	dq	0			; setup_data
	dq	0x100000		; pref_address
	dd	image_end - image	; init_size
	dd	0			; handover_offset
	dd	LINUX_KERNEL_INFO	; kernel_info_offset
header_end:

start:
	; CS is DS + 0x20 here.  One segment for all; the stack as the loader has it.
	push	ds
	push	word .one_segment
	retf
.one_segment:
	cld
	push	ds
	pop	es
	mov	ax, ss
	mov	dx, ds
	cmp	ax, dx
	je	.stack_known
	mov	ss, dx
	mov	sp, 0xfffc
.stack_known:
	sti

	mov	di, params		; boot_params behind this code: empty, then the header
	mov	cx, 4096 / 2
	xor	ax, ax
	rep stosw
	mov	si, header
	mov	di, params + 0x1f1
	mov	cx, header_end - header
	rep movsb

	call	ask_screen
	call	ask_sizes
	call	ask_e820
	call	open_a20
	jmp	protected_mode

; screen_info: cursor, page, mode, columns, lines, height of a letter; VGA only if it says so.
ask_screen:
	mov	byte [params + 0x07], 80
	mov	byte [params + 0x0e], 25
	mov	ah, 0x12			; an EGA answers with something else in BL
	mov	bx, 0x10
	int	0x10
	mov	[params + 0x0a], bx
	cmp	bl, 0x10
	je	.done
	mov	ax, 0x1a00			; a VGA leaves this in AL
	int	0x10
	cmp	al, 0x1a
	jne	.mode
	mov	byte [params + 0x0f], 1		; VGA text
.mode:
	mov	ah, 0x03
	xor	bx, bx
	int	0x10
	mov	[params + 0x00], dx
	mov	ah, 0x0f
	int	0x10
	and	al, 0x7f
	mov	[params + 0x06], al
	mov	[params + 0x04], bh
	push	fs
	xor	ax, ax
	mov	fs, ax
	mov	al, [fs:0x44a]
	mov	[params + 0x07], al
	mov	al, [fs:0x484]
	inc	al
	mov	[params + 0x0e], al
	mov	ax, [fs:0x485]
	mov	[params + 0x10], ax
	pop	fs
.done:
	ret

; ext_mem_k and alt_mem_k, for firmware without e820.
ask_sizes:
	mov	ah, 0x88
	clc
	int	0x15
	jc	.no_88
	mov	[params + 0x02], ax
.no_88:
	xor	cx, cx
	xor	dx, dx
	mov	ax, 0xe801
	stc
	int	0x15
	jc	.done
	test	cx, cx
	jnz	.in_cx
	mov	cx, ax
	mov	dx, bx
.in_cx:
	movzx	ecx, cx				; KiB up to 16 MiB
	movzx	edx, dx				; 64 KiB pieces above
	cmp	ecx, 15 << 10
	jne	.hole				; a hole below 16 MiB: what is above does not count
	shl	edx, 6
	add	ecx, edx
.hole:
	mov	[params + 0x1e0], ecx
.done:
	ret

ask_e820:
	mov	di, params + 0x2d0
	xor	ebx, ebx
.next:
	mov	eax, 0xe820
	mov	edx, SMAP
	mov	ecx, 20
	stc
	int	0x15
	jc	.done				; some firmware ends like this
	cmp	eax, SMAP
	jne	.broken
	add	di, 20
	inc	byte [params + 0x1e8]
	cmp	byte [params + 0x1e8], E820_MAX
	je	.done
	test	ebx, ebx
	jnz	.next
.done:
	ret
.broken:					; firmware lost its mind in the middle
	mov	byte [params + 0x1e8], 0
	ret

open_a20:
	mov	ax, 0x2401
	int	0x15
	in	al, 0x92
	or	al, 2
	and	al, ~1				; bit 0 is reset
	out	0x92, al
	ret

protected_mode:
	cli
	mov	al, 0x80			; no NMI
	out	0x70, al
	mov	al, 0xff			; no interrupt
	out	0xa1, al
	out	0x21, al

	xor	esi, esi
	mov	si, ds
	shl	esi, 4				; ESI: where this segment begins
	mov	eax, gdt
	add	eax, esi
	mov	[gdt_pointer + 2], eax
	mov	ebx, [code32_start]
	lea	eax, [esi + .flat]
	mov	[.target], eax
	add	esi, params
	lgdt	[gdt_pointer]
	mov	eax, cr0
	or	al, CR0_PE
	mov	cr0, eax
	db	0x66, 0xea			; jmp BOOT_CS:.flat, its address filled in above
.target:
	dd	0
	dw	BOOT_CS
	bits	32
.flat:
	mov	eax, BOOT_DS
	mov	ds, eax
	mov	es, eax
	mov	fs, eax
	mov	gs, eax
	mov	ss, eax
	xor	eax, eax
	xor	ecx, ecx
	xor	edx, edx
	xor	edi, edi
	xor	ebp, ebp
	jmp	ebx

	align	8
gdt:
	dq	0, 0
	dq	0x00cf9b000000ffff		; BOOT_CS
	dq	0x00cf93000000ffff		; BOOT_DS
gdt_pointer:
	dw	gdt_pointer - gdt - 1
	dd	0
text_version:
	db	"0.1 (Daybreak)", 0
setup_end:
; Over the EFI stub, which nobody needs who comes this way.
params		equ setup_begin + ((setup_end - setup_begin + 15) & ~15)

	times 4096 - ($ - setup_begin) db 0
stub:
	incbin	"efi-stub.bin"
stub_cmdline	equ $ - 4096
image:
	incbin	"kernel.bin"
	times LINUX_STASH_SIZE db 0
image_end:
file_end:

%if SECTORS > 65
%error "GRUB takes no more than 64 sectors behind the first"
%endif
