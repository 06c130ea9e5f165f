/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Searches for a place for an array that fail on demand.
 *
 * The tests are linked so that mb_find_for_array(), which memblock calls to find memory for a
 * doubled array and for nothing else, comes here first.  Searches are counted from 1;
 * those from fail_from to fail_to find nothing.
 */
#ifndef TESTS_HOST_MODEL_FAKE_FIND_H
#define TESTS_HOST_MODEL_FAKE_FIND_H

struct fake_find {
	unsigned int	calls;
	unsigned int	fail_from, fail_to;	/* 0: none fails */
};

extern struct fake_find fake_find;

#endif /* TESTS_HOST_MODEL_FAKE_FIND_H */
