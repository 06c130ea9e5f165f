// SPDX-License-Identifier: GPL-2.0-only
/*
 * The boot CPU's struct per_cpu.  Its @self is set by the entry code, before the first C
 * instruction.
 */
#include "kernel/lib/percpu.h"

struct per_cpu boot_cpu;
