/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine after boot, whatever it is: time, symbols.
 */
#include "kernel/lib/ksyms.h"
#include "kernel/lib/sections.h"
#include "kernel/lib/string.h"
#include "kernel/main.h"
#include "kernel/selftest.h"

#include <arch/machine.h>

SELFTEST(clock_runs)
{
	uint64_t before = clock_ns();

	if (!clock_khz())
		return ktap_skip(t, "no time source");
	clock_delay_ms(2);
	expect_true(t, clock_ns() - before >= 1900000);
}

/* Names reach exactly as far as text. */
SELFTEST(ksyms_match_the_image)
{
	unsigned long offset, size;
	const char *name = ksyms_lookup((unsigned long)start_kernel + 1, &offset, &size);

	expect_true(t, name && strcmp(name, "start_kernel") == 0);
	expect_true(t, name && offset == 1 && size > 1);
	expect_true(t, !ksyms_lookup((unsigned long)_text - 1, NULL, NULL));
	expect_true(t, !ksyms_lookup((unsigned long)__start_rodata, NULL, NULL));
	expect_true(t, !ksyms_lookup((unsigned long)_sdata, NULL, NULL));
	expect_true(t, !ksyms_lookup((unsigned long)__bss_start, NULL, NULL));
}
