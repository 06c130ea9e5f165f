/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Calls to whoever is below: a debugger or QEMU (semihosting), firmware (PSCI).  In vectors.S.
 * Where nobody answers they come back with -1.
 */
#ifndef ARCH_ARM64_SEMIHOST_H
#define ARCH_ARM64_SEMIHOST_H

#include "kernel/lib/types.h"

int64_t semihost_call(uint32_t operation, const void *parameters);
int64_t psci_call_hvc(uint64_t function);
int64_t psci_call_smc(uint64_t function);

#endif /* ARCH_ARM64_SEMIHOST_H */
