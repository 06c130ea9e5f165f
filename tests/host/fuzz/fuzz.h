/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What fuzzers share: a law that does not hold says so and is a finding.  What fails a
 * unit test (mm_machine.h) is one too; a panic also, see fuzz_init.c.
 */
#ifndef TESTS_HOST_FUZZ_FUZZ_H
#define TESTS_HOST_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define check(cond)								\
	do {									\
		if (!(cond)) {							\
			fprintf(stderr, "%s:%d: not %s\n", __FILE__, __LINE__, #cond); \
			abort();						\
		}								\
	} while (0)

#endif /* TESTS_HOST_FUZZ_FUZZ_H */
