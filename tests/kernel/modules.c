/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Modules arrive whole: a CRC of each is printed after everything above has
 * churned memory; tests/qemu/run compares it with the file's.
 */
#include "boot/boot_info.h"
#include "kernel/selftest.h"

#include <arch/memory.h>

/* The CRC-32 of zip, PNG and Python's zlib: reflected 0x04c11db7. */
static uint32_t crc32(const uint8_t *p, uint64_t size)
{
	uint32_t table[256], crc = ~0u;

	for (uint32_t i = 0; i < 256; i++) {
		table[i] = i;
		for (int bit = 0; bit < 8; bit++)
			table[i] = table[i] >> 1 ^ (table[i] & 1 ? 0xedb88320u : 0);
	}
	while (size--)
		crc = crc >> 8 ^ table[(crc ^ *p++) & 0xff];
	return ~crc;
}

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
