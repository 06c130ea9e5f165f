/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For the host harness.  Permitted includers: kernel/lib/params.c, tests/host/.
 */
#ifndef KERNEL_LIB_PARAMS_INTERNAL_H
#define KERNEL_LIB_PARAMS_INTERNAL_H

void params_reset(void);	/* parse_early_param() works once more */

#endif /* KERNEL_LIB_PARAMS_INTERNAL_H */
