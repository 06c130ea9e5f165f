/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers in tables of others: little-endian, at any address.  The caller has checked that the
 * bytes are there.
 */
#ifndef KERNEL_LIB_UNALIGNED_H
#define KERNEL_LIB_UNALIGNED_H

#include "kernel/lib/string.h"
#include "kernel/lib/types.h"

static inline uint32_t get_le32(const void *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static inline uint64_t get_le64(const void *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

#endif /* KERNEL_LIB_UNALIGNED_H */
