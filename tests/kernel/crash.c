/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ways to die, on purpose: each must end in a report and status 35, never in a
 * silent reset.  `selftest=crash_null` runs one; none is part of `all`.
 */
#include "kernel/lib/bug.h"
#include "kernel/lib/panic.h"		/* PANIC_NOTE() */
#include "kernel/lib/printk.h"
#include "kernel/lib/sections.h"
#include "kernel/selftest.h"

/* Where a pointer comes from that the compiler may not reason about. */
static volatile uintptr_t nowhere = 0x10;

SELFTEST(crash_null)
{
	ktap_fail(t, "read %d through NULL", *(volatile int *)nowhere);
}

SELFTEST(crash_noncanonical)
{
	nowhere = 0x8000000000000000UL;
	ktap_fail(t, "read %d at a non-canonical address", *(volatile int *)nowhere);
}

/* The kernel's text is read and executed, never written. */
SELFTEST(crash_write_text)
{
	nowhere = (uintptr_t)_text;
	*(volatile char *)nowhere = 0;
	ktap_fail(t, "wrote to .text");
}

SELFTEST(crash_write_rodata)
{
	nowhere = (uintptr_t)__start_rodata;
	*(volatile char *)nowhere = 0;
	ktap_fail(t, "wrote to .rodata");
}

/* Whatever it means: it is fetched from a page that is not executable. */
static unsigned char code_in_data[4] __attribute__((aligned(4))) = { 0xc3 };

SELFTEST(crash_jump_data)
{
	nowhere = (uintptr_t)code_in_data;
	((void (*)(void))nowhere)();
	ktap_fail(t, "executed .data");
}

SELFTEST(crash_divide)
{
	volatile int zero = 0;

	ktap_fail(t, "10 / 0 = %d", 10 / zero);	/* 1 / x needs no division */
}

/* Not a tail call: the array is used after the return. */
__attribute__((noinline)) static int selftest_crash_descend(int depth)
{
	volatile int room[64];

	room[0] = depth;
	room[1] = nowhere ? selftest_crash_descend(depth + 1) : 0;
	return room[0] + room[1];
}

SELFTEST(crash_stack)
{
	ktap_fail(t, "recursed to %d", selftest_crash_descend(0));
}

SELFTEST(crash_bug)
{
	(void)t;
	BUG();
}

SELFTEST(crash_undefined)
{
	(void)t;
	__builtin_trap();
}

/* Nothing is there, and nothing is on the stack but where it was called from. */
SELFTEST(crash_jump_nowhere)
{
	nowhere = 0x1000;
	((void (*)(void))nowhere)();
	ktap_fail(t, "came back from nowhere");
}

/* A fault while a line is being made. */
SELFTEST(crash_in_printk)
{
	nowhere = 0x8000000000000000UL;
	pr_info("%s\n", (const char *)nowhere);
	ktap_fail(t, "printed a text that is not there");
}

/* The report itself faults, and so does the report of that: there it must end. */
static bool spoil_reports;

static void fault_in_report(void)
{
	if (spoil_reports)
		(void)*(volatile int *)nowhere;
}
PANIC_NOTE(crash_nested, "a fault on purpose", fault_in_report);

SELFTEST(crash_nested)
{
	spoil_reports = true;
	ktap_fail(t, "read %d through NULL", *(volatile int *)nowhere);
}
