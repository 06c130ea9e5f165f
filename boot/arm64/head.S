/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From the loader's jump to start_kernel().
 *
 * At the first instruction: x0 = physical address of the device tree, the MMU is off, EL1 or
 * EL2, interrupts masked, the image at a multiple of 2 MiB.  Symbols are addressed relative
 * to the program counter, so until the MMU is on they are physical addresses.
 *
 *	x19..x22	x0..x3 of the loader
 */
#define PAGE_SIZE	4096
#define BOOT_STACK_SIZE	16384
#define FDT_MAGIC	0xd00dfeed

#define SCTLR_EL1_OFF	0x30d00800	/* the bits that are 1 by the architecture; MMU off */
#define SCTLR_MMU	(1 << 0)
#define SCTLR_D_CACHE	(1 << 2)
#define SCTLR_STACK	(1 << 3)	/* the stack pointer's alignment is checked */
#define SCTLR_I_CACHE	(1 << 12)

#define HCR_EL2_RW	(1 << 31)	/* EL1 is 64 bit */
#define SPSR_EL1T	0x3c4		/* EL1 with SP_EL0, all interrupts masked */

/* 48 bits both halves, 4K pages, tables cached and inner shareable; the size is added. */
#define TCR_48_4K	(16 | 1 << 8 | 1 << 10 | 3 << 12 | 16 << 16 | 1 << 24 | 1 << 26 | \
			 3 << 28 | 2 << 30)
#define TCR_EPD0	(1 << 7)	/* no walks of the lower half */
#define TCR_IPS_SHIFT	32
#define MAIR_VALUE	0x00ff		/* entry 0: normal, write back; entry 1: device */
#define ID_ROOT		(9 * PAGE_SIZE)	/* in struct static_tables; paging/early_map.c checks */

	.section .head, "ax"
	.global _head
_head:
	ccmp	x18, #0, #0xd, pl	/* "MZ", and does nothing that matters */
	b	primary_entry
	.quad	0			/* text_offset: the image begins at its 2 MiB base */
	.quad	_image_size		/* with .bss, which is not in the file */
	.quad	0xa			/* little endian, 4K pages, anywhere in RAM */
	.quad	0, 0, 0
	.ascii	"ARM\x64"
	.long	pe_header - _head

/*
 * The same file as an application of UEFI firmware (boot/efi/): behind the kernel, where its
 * .bss will be, lie the EFI stub and its command line.  Each section's address is its place in
 * the file, so nothing needs relocation; the first page, with this header, comes along.
 */
pe_header:
	.ascii	"PE\0\0"
	.short	0xaa64			/* machine */
	.short	3			/* sections */
	.long	0, 0, 0			/* no time, no symbols */
	.short	pe_sections - pe_optional
	.short	0x222			/* executable, large addresses, no debug information */
pe_optional:
	.short	0x020b			/* PE32+ */
	.byte	0, 0			/* linker version */
	.long	_efi_code_size	/* bytes of code */
	.long	_efi_data_size
	.long	0			/* of zeroes */
	.long	_efi_stub		/* the entry point is the stub's first byte */
	.long	_efi_stub		/* where code begins */
	.quad	0			/* made for no address */
	.long	PAGE_SIZE, 512		/* alignment of sections in memory, in the file */
	.short	0, 0			/* operating system version */
	.short	3, 0			/* image version: 3 takes an initrd as Linux does */
	.short	0, 0			/* subsystem version */
	.long	0
	.long	_efi_end		/* in memory */
	.long	PAGE_SIZE		/* headers, and what else is in front */
	.long	0			/* checksum: firmware ignores it */
	.short	10			/* EFI application */
	.short	0x100			/* no memory has to be writable and executable */
	.quad	0, 0, 0, 0		/* stack and heap are firmware's */
	.long	0
	.long	6			/* directories: none; the fifth is for a signature */
	.quad	0, 0, 0, 0, 0, 0
pe_sections:
	.ascii	".linux\0\0"
	.long	_efi_kernel_size, PAGE_SIZE, _efi_kernel_size, PAGE_SIZE, 0, 0, 0
	.long	0x40000040		/* data, to read */
	.ascii	".text\0\0\0"
	.long	_efi_code_size, _efi_stub, _efi_code_size, _efi_stub, 0, 0, 0
	.long	0x60000020		/* code, to read and execute */
	.ascii	".cmdline"
	.long	PAGE_SIZE, _efi_cmdline, PAGE_SIZE, _efi_cmdline, 0, 0, 0
	.long	0x40000040

	.section .init.text, "ax"

/* Clean and invalidate [x0, x1) in the data caches, to the point of coherency. */
dcache_clean_inval:
	mrs	x2, ctr_el0
	ubfx	x2, x2, #16, #4
	mov	x3, #4
	lsl	x3, x3, x2		/* bytes of a line */
	sub	x2, x3, #1
	bic	x0, x0, x2
1:	dc	civac, x0
	add	x0, x0, x3
	cmp	x0, x1
	b.lo	1b
	dsb	sy
	ret

	.global primary_entry
	.type primary_entry, %function
primary_entry:
	msr	daifset, #0xf
	mov	x19, x0
	mov	x20, x1
	mov	x21, x2
	mov	x22, x3
	mrs	x0, CurrentEL
	cmp	x0, #(2 << 2)
	b.ne	at_el1

	/* EL2: hand the timer, the ID registers and the FPU's trap to EL1, and go down. */
	mov	x0, #HCR_EL2_RW
	msr	hcr_el2, x0
	mrs	x0, cnthctl_el2
	orr	x0, x0, #3
	msr	cnthctl_el2, x0
	msr	cntvoff_el2, xzr
	mov	x0, #0x33ff
	msr	cptr_el2, x0
	msr	hstr_el2, xzr
	msr	vttbr_el2, xzr
	mrs	x0, midr_el1
	msr	vpidr_el2, x0
	mrs	x0, mpidr_el1
	msr	vmpidr_el2, x0
	mov	x0, #SPSR_EL1T
	msr	spsr_el2, x0
	adr	x0, at_el1
	msr	elr_el2, x0
	ldr	w0, =SCTLR_EL1_OFF
	msr	sctlr_el1, x0
	isb
	eret

at_el1:
	msr	spsel, #0
	ldr	w0, =SCTLR_EL1_OFF
	msr	sctlr_el1, x0
	isb

	/*
	 * The file ends where .bss begins; the C below needs a stack and variables of 0.  What the
	 * caches may still have to write there goes out first.
	 */
	adrp	x0, __bss_start
	adrp	x1, _end
	bl	dcache_clean_inval
	adrp	x0, __bss_start
	adrp	x1, _end
1:	stp	xzr, xzr, [x0], #16
	cmp	x0, x1
	b.lo	1b
	adrp	x0, boot_stack_top
	mov	sp, x0
	mov	x29, xzr
	mov	x30, xzr
	bl	early_map

	/*
	 * All of it was written past the caches: what they hold of these addresses is stale.  The
	 * image is read through them from here on.
	 */
	adrp	x0, _head
	adrp	x1, _end
	bl	dcache_clean_inval
	ic	ialluis
	dsb	ish

	adrp	x0, static_tables
	add	x0, x0, :lo12:static_tables
	msr	ttbr1_el1, x0
	add	x0, x0, #ID_ROOT
	msr	ttbr0_el1, x0
	mov	x0, #MAIR_VALUE
	msr	mair_el1, x0
	mrs	x0, id_aa64mmfr0_el1
	and	x0, x0, #0xf		/* 48 bits of physical address, or what the CPU has */
	mov	x1, #5
	cmp	x0, x1
	csel	x0, x0, x1, lo
	lsl	x0, x0, #TCR_IPS_SHIFT
	ldr	x1, =TCR_48_4K
	orr	x0, x0, x1
	msr	tcr_el1, x0
	isb
	tlbi	vmalle1
	dsb	nsh
	isb
	mrs	x0, sctlr_el1
	ldr	w1, =(SCTLR_MMU | SCTLR_D_CACHE | SCTLR_STACK | SCTLR_I_CACHE)
	orr	x0, x0, x1
	msr	sctlr_el1, x0
	isb
	ldr	x0, =primary_switched
	br	x0
	.ltorg

/* At the addresses it was linked for. */
	.type primary_switched, %function
primary_switched:
	mrs	x0, tcr_el1
	orr	x0, x0, #TCR_EPD0	/* NULL is an address that nobody mapped */
	msr	tcr_el1, x0
	isb
	tlbi	vmalle1
	dsb	nsh
	isb
	ldr	x0, =vectors
	msr	vbar_el1, x0
	ldr	x0, =trap_stack_top	/* exceptions have a stack of their own: SP_EL1 */
	msr	spsel, #1
	mov	sp, x0
	msr	spsel, #0
	ldr	x0, =boot_stack_top
	mov	sp, x0
	isb
	ldr	x0, =boot_args
	stp	x19, x20, [x0]
	stp	x21, x22, [x0, #16]
	mov	x29, xzr
	mov	x30, xzr
	ldr	w0, =FDT_MAGIC
	mov	x1, x19
	bl	start_kernel		/* does not return; a call, so that traces name us */
	brk	#0
	.ltorg

	.section .bss.boot_stack, "aw", %nobits
	.balign	PAGE_SIZE
	.global boot_stack_guard, boot_stack, boot_stack_top
boot_stack_guard:			/* per CPU; never mapped */
	.skip	PAGE_SIZE
boot_stack:				/* per CPU */
	.skip	BOOT_STACK_SIZE
boot_stack_top:				/* per CPU */

	.section .bss.trap_stacks, "aw", %nobits
	.balign	PAGE_SIZE
	.global trap_stack_guard, trap_stack, trap_stack_top
trap_stack_guard:			/* per CPU; never mapped */
	.skip	PAGE_SIZE
trap_stack:				/* per CPU */
	.skip	2 * PAGE_SIZE
trap_stack_top:				/* per CPU */

	.section .data.ro_after_init, "aw"
	.balign	8
	.global boot_args
boot_args:				/* constant after boot: x0..x3 of the loader */
	.quad	0, 0, 0, 0

	.section .note.GNU-stack, "", %progbits
