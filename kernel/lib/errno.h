/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Error numbers, with the values every Unix on this machine gives them.
 * Functions return them negated.
 */
#ifndef KERNEL_LIB_ERRNO_H
#define KERNEL_LIB_ERRNO_H

#define ENOENT 2
#define EIO 5
#define E2BIG 7
#define ENOMEM 12
#define EFAULT 14
#define EBUSY 16
#define EEXIST 17
#define ENODEV 19
#define EINVAL 22
#define ENOSPC 28
#define ERANGE 34

#endif /* KERNEL_LIB_ERRNO_H */
