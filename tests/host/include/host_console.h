/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The console of host builds: keeps what printk() shows, for tests to read,
 * and copies it to stdout if the environment has HOST_PRINTK=1.
 */
#ifndef TESTS_HOST_HOST_CONSOLE_H
#define TESTS_HOST_HOST_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>

/** host_console_init() - become the console; again is harmless */
void host_console_init(void);

/**
 * host_console_reset() - forget what was printed
 *
 * The log ring is empty too, the levels are the defaults, stamps are off
 * (printk_time) and a line left open is dropped.
 */
void host_console_reset(void);

/** host_console_text() - everything shown since, "" if nothing; completes an open line */
const char *host_console_text(void);

/** host_console_has() - does some line shown contain @text? */
bool host_console_has(const char *text);

/** host_console_count() - lines shown that contain @text; "" counts all */
size_t host_console_count(const char *text);

#endif /* TESTS_HOST_HOST_CONSOLE_H */
