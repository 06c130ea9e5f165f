/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * efi_jump(start, end, tree): out of firmware's world, at EL1 or EL2 as it was, at an address
 * that is the same with and without the MMU.
 */
#define SCTLR_MMU	(1 << 0)
#define SCTLR_D_CACHE	(1 << 2)

	.text
/* Write [x0, x1) out of the data caches, to the point of coherency. */
clean:
	mrs	x3, ctr_el0
	ubfx	x3, x3, #16, #4
	mov	x4, #4
	lsl	x4, x4, x3		/* bytes of a line */
	sub	x3, x4, #1
	bic	x0, x0, x3
1:	dc	civac, x0
	add	x0, x0, x4
	cmp	x0, x1
	b.lo	1b
	dsb	sy
	ret

	.global efi_jump
	.type efi_jump, %function
efi_jump:
	msr	daifset, #0xf
	mov	x19, x0
	mov	x20, x2
	bl	clean
	adr	x0, no_mmu		/* the instructions that run without caches */
	adr	x1, no_mmu_end
	bl	clean
	ic	ialluis
	dsb	ish
	isb
	mrs	x5, CurrentEL
	mov	x6, #(SCTLR_MMU | SCTLR_D_CACHE)
	b	no_mmu
	.balign	64
no_mmu:
	cmp	x5, #(2 << 2)
	b.eq	2f
	mrs	x7, sctlr_el1
	bic	x7, x7, x6
	msr	sctlr_el1, x7
	b	3f
2:	mrs	x7, sctlr_el2
	bic	x7, x7, x6
	msr	sctlr_el2, x7
3:	isb
	mov	x0, x20
	mov	x1, xzr
	mov	x2, xzr
	mov	x3, xzr
	br	x19
no_mmu_end:

	.section .note.GNU-stack, "", %progbits
