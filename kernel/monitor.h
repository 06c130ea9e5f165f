/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The monitor: a prompt after the boot is done, on the first serial port and on the screen.
 */
#ifndef KERNEL_MONITOR_H
#define KERNEL_MONITOR_H

#include "kernel/lib/types.h"

/**
 * monitor_init() - offer the terminal, so that memblock=step can ask for a key
 *
 * Context: after serial_init(), before the first memblock operation.
 */
void monitor_init(void);

/* Is there a serial port, or a screen with a keyboard? */
bool monitor_has_person(void);

/**
 * monitor() - read commands until somebody quits
 *
 * Context: monitor_has_person().
 * Return: the status given to `quit`.
 */
int monitor(void);

#endif /* KERNEL_MONITOR_H */
