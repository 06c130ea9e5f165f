/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The monitor: a prompt on the serial console after the boot is done.
 */
#ifndef KERNEL_MONITOR_H
#define KERNEL_MONITOR_H

/**
 * monitor_init() - find the terminal, so that memblock=step can ask for a key
 *
 * Context: after serial_init(), before the first memblock operation.
 */
void monitor_init(void);

/**
 * monitor() - read commands until somebody quits
 *
 * Return: the status given to `quit`; 0 if there is no terminal.
 */
int monitor(void);

#endif /* KERNEL_MONITOR_H */
