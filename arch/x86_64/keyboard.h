/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A keyboard behind an i8042, polled: what it types goes to the monitor (kernel/lib/monitor.h).
 */
#ifndef ARCH_X86_64_KEYBOARD_H
#define ARCH_X86_64_KEYBOARD_H

/**
 * keyboard_init() - look for a keyboard, and let it type
 *
 * A controller or keyboard that is not there is waited for 0.1 s at most, and said.  There is no
 * driver for USB; firmware may let a keyboard there appear as one of these.
 */
void keyboard_init(void);

#endif /* ARCH_X86_64_KEYBOARD_H */
