/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A machine whose arrays are about to be full, and the model's opinion of where
 * a doubled array must lie.  Shared by the tests of doubling.
 */
#ifndef TESTS_HOST_MODEL_MACHINE_H
#define TESTS_HOST_MODEL_MACHINE_H

#include "tests/host/model/model.h"

#define FULL	((size_t)INIT_MEMBLOCK_REGIONS)

extern struct model machine;

/* 1024 pages at 16 MiB, nothing reserved, growing allowed. */
void machine_reset(bool bottom_up);

/* The address of cell @c. */
phys_addr_t cell(size_t c);

/* Whole pages that an array of @entries takes. */
phys_addr_t array_bytes(unsigned long entries);

/* The page-aligned memory a doubled array floats in; regions[0] may lie further up. */
phys_addr_t array_at(const struct memblock_type *type);

/* Cells first, first + 2, ...: @n single regions. */
void comb(struct model_type *t, size_t first, size_t n);

/* Where an array of @entries goes, looked for in [start, end). */
phys_addr_t place(unsigned long entries, phys_addr_t start, phys_addr_t end);

/* The same on behalf of cells [first, end) of reserved: above them, else below. */
phys_addr_t place_outside(unsigned long entries, size_t first, size_t end);

void machine_reserve(phys_addr_t at, phys_addr_t bytes);

/* Arrays and model agree. */
void expect_same(void);

#endif /* TESTS_HOST_MODEL_MACHINE_H */
