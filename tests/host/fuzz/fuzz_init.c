// SPDX-License-Identifier: GPL-2.0-only
/*
 * What every fuzzer is linked with: a panic is a finding, and so is what would fail a
 * unit test.  A fuzzer whose code may panic rightly sets a halt hook of its own that
 * longjmps out.  There is no console; printk() fills the log ring.
 */
#include "kernel/lib/panic.h"		/* panic_set_halt() */

#include "kernel/lib/printk.h"		/* struct console */
#include "ktap.h"			/* ktap_fail(), ktap_eq(), ktap_log() */
#include "tests/host/include/lib_reset.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);

static void to_stderr(const char *text, size_t n)
{
	fwrite(text, 1, n, stderr);
}

static struct console stderr_console = { .name = "stderr", .write = to_stderr };

static void halt(int status)
{
	fprintf(stderr, "panic (exit status %d): %s\n", status, panic_reason());
	abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	if (getenv("HOST_PRINTK"))
		register_console(&stderr_console);
	panic_set_halt(halt);
	return 0;
}

void ktap_fail(const char *file, int line, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fprintf(stderr, "%s:%d: ", file, line);
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
	va_end(args);
	abort();
}

bool ktap_eq(unsigned long long a, unsigned long long b, bool want_equal, const char *what,
	     const char *file, int line)
{
	if ((a == b) != want_equal)
		ktap_fail(file, line, "not %s: %#llx, %#llx", what, a, b);
	return true;
}

/* Nobody captures the log here: what a test expects in it is not a law of the fuzzers. */
bool ktap_log(const char *text, bool want, const char *file, int line)
{
	(void)text, (void)want, (void)file, (void)line;
	return true;
}
