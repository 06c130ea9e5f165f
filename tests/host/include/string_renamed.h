/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Other names for what kernel/lib/string.c defines, so that its test can be
 * linked with a libc.  The Makefile compiles string.c with this, the test
 * includes it before kernel/lib/string.h.
 */
#ifndef TESTS_HOST_STRING_RENAMED_H
#define TESTS_HOST_STRING_RENAMED_H

#define memset	k_memset
#define memcpy	k_memcpy
#define memmove	k_memmove
#define memcmp	k_memcmp
#define memchr	k_memchr
#define strlen	k_strlen
#define strnlen	k_strnlen
#define strcmp	k_strcmp
#define strncmp	k_strncmp
#define strchr	k_strchr
#define strrchr	k_strrchr
#define strstr	k_strstr

#endif /* TESTS_HOST_STRING_RENAMED_H */
