/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For the host harness.  Permitted includers: kernel/lib/trace.c, tests/host/.
 */
#ifndef KERNEL_LIB_TRACE_INTERNAL_H
#define KERNEL_LIB_TRACE_INTERNAL_H

void trace_reset(void);		/* empty, no sink */

#endif /* KERNEL_LIB_TRACE_INTERNAL_H */
