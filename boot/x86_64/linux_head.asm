; SPDX-License-Identifier: GPL-2.0-only
;
; The entry points of the Linux/x86 boot protocol, where it wants them: at the first byte of the
; image in 32-bit mode, at byte 0x200 in long mode; both with RSI = boot_params.  build/bzImage is
; the image as it lies in memory behind a real-mode header (boot/x86_64/bzimage/setup.asm).
;
; The image may have been loaded anywhere, even above 4 GiB, and cannot run there.  The loader
; promises init_size bytes at that place: the image and LINUX_STASH_SIZE behind it.  So both entries
;
;	1. copy boot_params and the command line behind the image, where it was loaded: then it
;	   does not matter what they lay on;
;	2. move all of it to where it is linked, if it is not there;
;	3. look whether it is what the build made: firmware may have written into RAM that it had
;	   given away;
;	4. go to multiboot2_entry with a magic of our own and the copy's address.
;
;	 image (IMAGE_SIZE)        | boot_params 4 KiB | command line 4 KiB | setup_data 4 KiB |
;	 ^ loaded here, or moved   ^ LINUX_STASH, handed over as the info block
;
; kexec -l puts nodes of the setup_data list at 1 MiB: those that begin the list and lie where the
; image goes are copied, too.  Others are left where they are, and nobody looks at them here,
; because the loader need not have mapped them.
;
; Addresses are multiples of 2 MiB or exactly 1 MiB (kernel_alignment, pref_address), so the two
; places of an image below 1 MiB in size do not overlap.

%include "boot/x86_64/entry.inc"

extern multiboot2_entry, early_gdt_pointer, boot_stack_top, refuse32, early_memory
extern IMAGE_SIZE, LINUX_STASH, __init_bss_start	; linker.ld

IMAGE_BASE		equ 0x100000
PARAMS_SIZE		equ 4096
PARAMS_SCRATCH_END	equ 0x1e8	; the four bytes before are for the kernel's first call
PARAMS_EXT_CMD_LINE_PTR	equ 0xc8	; bits 63..32 of:
PARAMS_CMD_LINE_PTR	equ 0x228
PARAMS_SETUP_DATA	equ 0x250
NODE_LEN		equ 12		; of setup_data: next, type, length, data
NODE_HEADER		equ 16
NODES_MAX		equ 24
CR4_PCIDE_BIT		equ 17
CPUID_HYPERVISOR_BIT	equ 31
SETUP_TYPE_MAX		equ 0x80000009

section .head.linux progbits alloc exec nowrite align=16
bits 32
linux_entry32:
	cli
	cld
	lea	esp, [esi + PARAMS_SCRATCH_END]
	call	.here
.here:
	pop	ebx
	sub	ebx, .here - linux_entry32	; EBX: where the image was loaded

	lea	edi, [ebx + IMAGE_SIZE]
	mov	ecx, PARAMS_SIZE / 4
	rep movsd
	mov	esi, [edi - PARAMS_SIZE + PARAMS_CMD_LINE_PTR]
	mov	byte [edi], 0
	test	esi, esi
	jz	.copied
	mov	ecx, LINUX_CMDLINE_SIZE
.next:
	lodsb
	stosb
	test	al, al
	loopnz	.next
.copied:

	mov	edi, IMAGE_BASE
	mov	esi, ebx
	cmp	esi, edi
	je	.at_home
	mov	ecx, IMAGE_SIZE + LINUX_STASH_SIZE
	shr	ecx, 2
	rep movsd
.at_home:
	mov	eax, linux_go - KERNEL_MAP_BASE
	jmp	eax

linux_go:					; here virtual - KERNEL_MAP_BASE = physical
	mov	esi, IMAGE_BASE
	mov	ecx, (__init_bss_start - KERNEL_MAP_BASE - IMAGE_BASE)
	shr	ecx, 2
	xor	eax, eax
.sum:
	add	eax, [esi]
	add	esi, 4
	loop	.sum
	test	eax, eax
	jnz	.damaged
	mov	eax, LINUX_MAGIC
	mov	ebx, LINUX_STASH
	mov	ecx, multiboot2_entry
	jmp	ecx
.damaged:
	mov	esp, PHYS(boot_stack_top)
	mov	eax, 1
	cpuid
	shr	ecx, CPUID_HYPERVISOR_BIT
	mov	[EARLY(under_hypervisor)], cl
	mov	esi, PHYS(text_damaged)
	mov	ecx, refuse32
	jmp	ecx
text_damaged:
	db	"Daybreak: the kernel was damaged after it was loaded: its checksum is wrong.", 0

	; The build makes the sum of all words of the image 0 with this one (scripts/balance).
	times LINUX_BALANCE - ($ - linux_entry32) db 0xcc
	dd	0

	; kernel_info of protocol 2.15.
	times LINUX_KERNEL_INFO - ($ - linux_entry32) db 0xcc
	db	"LToP"
	dd	16, 16			; its size, with and without what follows it
	dd	SETUP_TYPE_MAX		; of setup_data; all types are treated alike but two

	times 0x200 - ($ - linux_entry32) db 0xcc
bits 64
linux_entry64:
	cli
	cld
	lea	rbx, [rel linux_entry32]	; RBX: where the image was loaded

	lea	rdi, [rbx + IMAGE_SIZE]
	mov	ecx, PARAMS_SIZE / 8
	rep movsq
	mov	esi, [rdi - PARAMS_SIZE + PARAMS_EXT_CMD_LINE_PTR]
	shl	rsi, 32
	mov	eax, [rdi - PARAMS_SIZE + PARAMS_CMD_LINE_PTR]
	or	rsi, rax
	mov	byte [rdi], 0
	jz	.copied
	mov	ecx, LINUX_CMDLINE_SIZE
.next:
	lodsb
	stosb
	test	al, al
	loopnz	.next
.copied:

	; R8: where the link to the next node is, R9D: room, RDI: where the next copy goes.
	lea	r8, [rbx + IMAGE_SIZE + PARAMS_SETUP_DATA]
	lea	rdi, [rbx + IMAGE_SIZE + PARAMS_SIZE + LINUX_CMDLINE_SIZE]
	mov	r9d, LINUX_NODES_SIZE
	mov	r10d, NODES_MAX
.node:
	mov	rsi, [r8]
	cmp	rsi, IMAGE_BASE
	jb	.nodes_done
	cmp	rsi, LINUX_STASH + LINUX_STASH_SIZE - NODE_HEADER
	jae	.nodes_done
	mov	ecx, [rsi + NODE_LEN]
	cmp	ecx, LINUX_NODES_SIZE - NODE_HEADER
	ja	.nodes_done
	add	ecx, NODE_HEADER + 7
	and	ecx, ~7
	sub	r9d, ecx
	js	.nodes_done
	mov	rax, rdi			; its address when all is moved
	sub	rax, rbx
	add	rax, IMAGE_BASE
	mov	[r8], rax
	mov	r8, rdi
	shr	ecx, 3
	rep movsq
	dec	r10d
	jnz	.node
.nodes_done:

	mov	edi, IMAGE_BASE
	mov	rsi, rbx
	cmp	rsi, rdi
	je	.moved
	mov	ecx, IMAGE_SIZE + LINUX_STASH_SIZE
	shr	ecx, 3
	rep movsq
.moved:
	mov	eax, .at_home - KERNEL_MAP_BASE
	jmp	rax

	; Out of long mode: the 32-bit entry sets everything up from there, in one way for all.
.at_home:
	mov	rax, cr4
	btr	rax, CR4_PCIDE_BIT		; paging cannot be left with it
	mov	cr4, rax
	mov	eax, early_gdt_pointer
	lgdt	[rax]
	mov	esp, PHYS(boot_stack_top)
	push	SEL_CODE32
	mov	eax, .compatible - KERNEL_MAP_BASE
	push	rax
	retfq
bits 32
.compatible:
	mov	eax, SEL_DATA
	mov	ds, eax
	mov	es, eax
	mov	ss, eax
	mov	eax, cr0
	and	eax, ~CR0_PG
	mov	cr0, eax
	mov	ecx, MSR_EFER
	xor	eax, eax
	xor	edx, edx
	wrmsr
	jmp	linux_go

section .note.GNU-stack noalloc noexec nowrite progbits
