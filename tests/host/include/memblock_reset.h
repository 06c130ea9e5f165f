/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TESTS_HOST_MEMBLOCK_RESET_H
#define TESTS_HOST_MEMBLOCK_RESET_H

/*
 * memblock as at power on, whatever was before: no regions, static arrays, no limit, not
 * handed over, quiet.  mirrored_kernelcore, too; the other parameters are left as they are.
 */
void memblock_reset(void);

#endif /* TESTS_HOST_MEMBLOCK_RESET_H */
