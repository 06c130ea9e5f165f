/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Modules arrive whole: a CRC of each is printed after everything above has
 * churned memory; tests/qemu/run compares it with the file's.
 */
#include "boot/boot_info.h"
#include "kernel/lib/string.h"	/* crc32() */
#include "kernel/selftest.h"

#include <arch/memory.h>

SELFTEST(modules_are_intact)
{
	if (!boot_info.nr_modules)
		ktap_skip(t, "no module");
	for (uint32_t i = 0; i < boot_info.nr_modules; i++) {
		const struct boot_module *m = &boot_info.modules[i];

		t->checks++;
		if (m->refused || m->freed)
			continue;
		ktap_note(t, "module %u \"%s\": %llu bytes, crc32 %#010x", i, m->name,
			  (unsigned long long)m->range.size,
			  crc32(phys_to_virt(m->range.base), m->range.size));
	}
}
