// SPDX-License-Identifier: GPL-2.0-only
/*
 * The one instance of struct per_cpu that there is.
 */
#include "kernel/lib/percpu.h"

struct per_cpu boot_cpu;
