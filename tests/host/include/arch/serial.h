/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Host builds have the port's own contract: whoever links kernel/snapshot.c says what a
 * serial port is (tests/host/sim/sim.c: a file).
 */
#include "arch/x86_64/include/arch/serial.h"
