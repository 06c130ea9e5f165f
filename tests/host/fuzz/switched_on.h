/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A machine that has just been switched on, again: every variable of the kernel's objects as
 * it was before the first input.
 *
 * No object has to know how it is reset.  The linker lays sections out in the order of its
 * command line, so two objects around the archive enclose all its variables:
 *
 *	.data	... | state_begin.o | memblock.o, e820.o, ... | state_end.o | libc ...
 *	            |<--------- saved once, copied back --------->|
 *
 * What is outside (the fuzzer's own, libFuzzer's, ASan's) is not touched.
 */
#ifndef TESTS_HOST_FUZZ_SWITCHED_ON_H
#define TESTS_HOST_FUZZ_SWITCHED_ON_H

/* One variable in each section that has variables. */
#define STATE_MARKS(side)							\
	char state_##side##_data[8] = { 1 };					\
	char state_##side##_bss[8];						\
	__attribute__((section(".init.data"))) char state_##side##_init_data[8] = { 1 }; \
	__attribute__((section(".init.bss"))) char state_##side##_init_bss[8]

#define STATE_MARKS_EXTERN(side)						\
	extern char state_##side##_data[8], state_##side##_bss[8];		\
	extern char state_##side##_init_data[8], state_##side##_init_bss[8]

STATE_MARKS_EXTERN(begin);
STATE_MARKS_EXTERN(end);

/* The first call saves, each further one puts back. */
void switch_on(void);

#endif /* TESTS_HOST_FUZZ_SWITCHED_ON_H */
