; SPDX-License-Identifier: GPL-2.0-only
;
; From the loader to long mode.
;
; Two ways in, both in 32-bit protected mode with paging off: multiboot2_entry (EAX = magic,
; EBX = info block) and pvh_entry (EBX = start info).  Nothing else is taken for granted: UEFI
; leaves CR0.WP, several CR4 bits, EFER.NXE and a stale IDT, so every control register is
; written whole.  EDI (magic) and ESI (info) are kept for start_kernel() throughout.
;
; This file is linked where it runs, virtual = physical, so that breakpoints and symbols are
; right before paging is on; see linker.ld.  Loaders zero what has no content in the file, but
; firmware may have written there since (SeaBIOS with 2 MiB of RAM and PVH does), so .bss,
; .init.bss and early_memory are zeroed here.  The gaps between segments are not: the loader's data
; may lie there.
;
; The tables built here, all in early_memory (.init.bss32), replaced by init_mem_mapping():
;
;	PAGE_OFFSET     .. + 4 GiB	2M pages, writable, not executable (NX sits in the PDPT)
;	KERNEL_MAP_BASE .. + 1 GiB	2M pages, the same page directory as the first GiB above
;	0               .. + 1 GiB	identity; gone as soon as RIP is in the higher half
;
; The first 2 MiB, where the image lies, are 4K pages in all of them: the page below the boot
; stack is missing, so that an overflow is noticed.
;
; With 5 levels the direct map has another base and so needs a level-4 table of its own:
;
;	4 levels:  pml4[0, 511] -> pdpt_kernel   pml4[273] -> pdpt_direct
;	5 levels:  pml5[0, 511] -> pml4          pml5[273] -> pml4_direct[0] -> pdpt_direct

%include "boot/x86_64/entry.inc"

extern __init_bss_start, _end
extern boot_stack_guard, boot_stack_top, boot_phases, trap_stubs
extern entry64
extern refuse32, exception32_stubs, cmdline_find, cmdline_has

global multiboot2_entry, pvh_entry
global early_memory, early_gdt, early_gdt_pointer

PML4_DIRECT	equ 273			; bits 47..39 of PAGE_OFFSET_L4, 56..48 of PAGE_OFFSET_L5
PDPT_KERNEL	equ 510			; bits 38..30 of KERNEL_MAP_BASE
TABLE		equ PTE_P | PTE_RW | PTE_A
SMALL_PAGE	equ PTE_P | PTE_RW | PTE_A | PTE_D
LARGE_PAGE	equ SMALL_PAGE | PTE_PS

section .init.text32 progbits alloc exec nowrite align=16
bits 32

pvh_entry:
	mov	eax, PVH_MAGIC		; PVH says who it is in memory, not in EAX
multiboot2_entry:
	cli
	cld
	mov	edi, eax
	mov	esi, ebx
	mov	esp, PHYS(boot_stack_top)

	; The loader's GDT may be anywhere, even in memory we are about to use.
	lgdt	[early_gdt_pointer]
	jmp	SEL_CODE32:.own_segments
.own_segments:
	mov	eax, SEL_DATA
	mov	ds, eax
	mov	es, eax
	mov	fs, eax
	mov	gs, eax
	mov	ss, eax

	mov	edx, edi		; no stack: it is in .bss
	xor	eax, eax
	mov	edi, early_memory
	mov	ecx, early_size / 4
	rep stosd
	mov	edi, PHYS(__init_bss_start)
	mov	ecx, PHYS(_end)
	sub	ecx, edi
	shr	ecx, 2
	rep stosd			; .init.bss and .bss behind it
	mov	edi, edx

	mov	eax, CR0_PE | CR0_ET | CR0_NE
	mov	cr0, eax
	xor	eax, eax
	mov	cr4, eax
	call	load_idt32		; from here on an exception says so instead of resetting

	call	check_cpu		; EBP: EFER bits, does not return without long mode
	rdtsc				; where a boot's time is counted from
	mov	[PHYS(boot_phases)], eax
	mov	[PHYS(boot_phases) + 4], edx
	call	cmdline_find		; EBX, ECX: the loader's command line
	mov	edx, word_provoke_entry32
	call	cmdline_has
	jnc	.no_provocation
	ud2
.no_provocation:
	mov	edx, word_provoke_entry64
	call	cmdline_has
	setc	[EARLY(provoke_entry64)]
	call	check_la57		; EDX: CR4_LA57 or 0
	call	build_tables		; EAX: the top table
	mov	cr3, eax

	mov	eax, CR4_PAE | CR4_MCE	; MCE: a machine check is reported, not a shutdown
	or	eax, edx
	mov	cr4, eax

	mov	ecx, MSR_EFER
	mov	eax, ebp
	xor	edx, edx
	wrmsr

	; In long mode only 64-bit gates count: load them just before it begins.
	call	build_idt64
	lidt	[early_idt64_pointer]
	mov	eax, CR0_PG | CR0_WP | CR0_NE | CR0_ET | CR0_PE
	mov	cr0, eax
	jmp	SEL_CODE64:.long_mode
bits 64
.long_mode:
	mov	rax, entry64
	jmp	rax
bits 32

; Long mode or a refusal.  Returns EBP = the EFER to set; keeps ESI, EDI.
check_cpu:
	pushfd				; no CPUID if EFLAGS.ID (bit 21) cannot be changed
	pop	eax
	mov	ecx, eax
	xor	eax, 1 << 21
	push	eax
	popfd
	pushfd
	pop	eax
	cmp	eax, ecx
	je	.refuse

	mov	eax, 1
	cpuid
	bt	ecx, 31			; the hypervisor bit: may the debug exit be used?
	setc	[EARLY(under_hypervisor)]

	mov	eax, 0x80000000
	cpuid
	cmp	eax, 0x80000001
	jb	.refuse
	mov	eax, 0x80000001
	cpuid
	bt	edx, 29			; LM
	jnc	.refuse
	mov	ebp, EFER_LME
	bt	edx, 20			; NX
	jnc	.no_nx
	or	ebp, EFER_NXE
.no_nx:
	ret
.refuse:
	mov	esi, no_long_mode
	jmp	refuse32

; Five levels if the CPU has them and `no5lvl` is not on the command line [EBX, EBX + ECX).
; Returns EDX = CR4_LA57 or 0.
check_la57:
	mov	edx, word_no5lvl
	call	cmdline_has
	jc	.four
	xor	eax, eax
	cpuid
	cmp	eax, 7
	jb	.four
	mov	eax, 7
	xor	ecx, ecx
	cpuid
	bt	ecx, 16
	jnc	.four
	mov	edx, CR4_LA57
	ret
.four:
	xor	edx, edx
	ret

; Fill the tables.  In: EBP = EFER, EDX = CR4_LA57 or 0.  Out: EAX = the top table.
build_tables:
	xor	ecx, ecx		; page directories: DIRECT_GIB * 512 large pages in a row
	mov	eax, LARGE_PAGE
.page:
	mov	[EARLY(pd_direct) + ecx * 8], eax
	add	eax, 1 << 21
	inc	ecx
	cmp	ecx, DIRECT_GIB * 512
	jne	.page

	xor	ecx, ecx		; the first of these large pages again, in small ones
	mov	eax, SMALL_PAGE
.small_page:
	mov	[EARLY(pt_first) + ecx * 8], eax
	add	eax, PAGE_SIZE
	inc	ecx
	cmp	ecx, 512
	jne	.small_page
	mov	dword [EARLY(pd_direct) + 0 * 8], EARLY(pt_first) + TABLE
	mov	eax, PHYS(boot_stack_guard)
	shr	eax, 12
	mov	dword [EARLY(pt_first) + eax * 8], 0

	xor	ebx, ebx		; upper half of a direct-map entry
	test	ebp, EFER_NXE
	jz	.no_nx
	mov	ebx, PTE_NX_HIGH
.no_nx:
	xor	ecx, ecx
	mov	eax, EARLY(pd_direct) + TABLE
.gib:
	mov	[EARLY(pdpt_direct) + ecx * 8], eax
	mov	[EARLY(pdpt_direct) + ecx * 8 + 4], ebx
	add	eax, PAGE_SIZE
	inc	ecx
	cmp	ecx, DIRECT_GIB
	jne	.gib

	mov	dword [EARLY(pdpt_kernel) + 0 * 8], EARLY(pd_direct) + TABLE
	mov	dword [EARLY(pdpt_kernel) + PDPT_KERNEL * 8], EARLY(pd_direct) + TABLE
	mov	dword [EARLY(pml4) + 0 * 8], EARLY(pdpt_kernel) + TABLE
	mov	dword [EARLY(pml4) + 511 * 8], EARLY(pdpt_kernel) + TABLE
	test	edx, edx
	jnz	.five
	mov	dword [EARLY(pml4) + PML4_DIRECT * 8], EARLY(pdpt_direct) + TABLE
	mov	eax, EARLY(pml4)
	ret
.five:
	mov	dword [EARLY(pml4_direct) + 0 * 8], EARLY(pdpt_direct) + TABLE
	mov	dword [EARLY(pml5) + 0 * 8], EARLY(pml4) + TABLE
	mov	dword [EARLY(pml5) + 511 * 8], EARLY(pml4) + TABLE
	mov	dword [EARLY(pml5) + PML4_DIRECT * 8], EARLY(pml4_direct) + TABLE
	mov	eax, EARLY(pml5)
	ret

; 32 interrupt gates to exception32_stubs, 5 bytes apart.
load_idt32:
	xor	ecx, ecx
	mov	eax, exception32_stubs
.gate:
	mov	[EARLY(idt32) + ecx * 8], ax
	mov	word [EARLY(idt32) + ecx * 8 + 2], SEL_CODE32
	mov	edx, eax
	mov	dx, 0x8e00		; present, ring 0, 32-bit interrupt gate
	mov	[EARLY(idt32) + ecx * 8 + 4], edx
	add	eax, 5
	inc	ecx
	cmp	ecx, 32
	jne	.gate
	lidt	[early_idt32_pointer]
	ret

; 32 interrupt gates to the kernel's own stubs, 16 bytes apart, until trap_init() has its
; final table.  The upper half of every kernel address is all ones.
build_idt64:
	xor	ecx, ecx
	mov	ebx, EARLY(idt64)
	mov	eax, PHYS(trap_stubs)
	add	eax, KERNEL_MAP_BASE & 0xffffffff
.gate:
	mov	[ebx], ax
	mov	word [ebx + 2], SEL_CODE64
	mov	edx, eax
	mov	dx, 0x8e00
	mov	[ebx + 4], edx
	mov	dword [ebx + 8], 0xffffffff
	add	ebx, 16
	add	eax, 16
	inc	ecx
	cmp	ecx, 32
	jne	.gate
	ret

; Constants live beside the code: all of this goes when free_initmem() runs.
no_long_mode:
	db	"Daybreak: this CPU has no long mode (64-bit); nothing to be done here.", 0
word_no5lvl:
	db	"no5lvl", 0
word_provoke_entry32:
	db	"provoke=entry32", 0	; these two test the handlers of the first instructions
word_provoke_entry64:
	db	"provoke=entry64", 0

	align	8
early_gdt:
	dq	0
	dq	0x00af9b000000ffff	; SEL_CODE64
	dq	0x00cf93000000ffff	; SEL_DATA
	dq	0x00cf9b000000ffff	; SEL_CODE32
.end:
early_gdt_pointer:
	dw	early_gdt.end - early_gdt - 1
	dq	early_gdt
early_idt32_pointer:
	dw	32 * 8 - 1
	dd	EARLY(idt32)
early_idt64_pointer:
	dw	32 * 16 - 1
	dd	EARLY(idt64)

section .init.bss32 nobits alloc noexec write align=4096
early_memory:	resb	early_size	; boot only

section .note.GNU-stack noalloc noexec nowrite progbits
