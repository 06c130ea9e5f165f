/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mb_find_for_array() that fails on demand; see fake_find.h.
 */
#include "tests/host/model/fake_find.h"

#include "mm/memblock/memblock_internal.h"

struct fake_find fake_find;

/* The linker's names (--wrap=mb_find_for_array). */
phys_addr_t __real_mb_find_for_array(const struct mb_wish *wish, enum memblock_flags flags);
phys_addr_t __wrap_mb_find_for_array(const struct mb_wish *wish, enum memblock_flags flags);

phys_addr_t __wrap_mb_find_for_array(const struct mb_wish *wish, enum memblock_flags flags)
{
	fake_find.calls++;
	if (fake_find.fail_from && fake_find.calls >= fake_find.fail_from &&
	    fake_find.calls <= fake_find.fail_to)
		return 0;
	return __real_mb_find_for_array(wish, flags);
}
