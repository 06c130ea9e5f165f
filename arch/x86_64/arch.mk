# SPDX-License-Identifier: GPL-2.0-only
#
# Part of the Makefile: how an x86_64 kernel is compiled and linked.
ARCH_CFLAGS := -mno-red-zone -mcmodel=kernel -fcf-protection=none -mno-omit-leaf-frame-pointer
LINKER_LD := linker.ld
# Rooms that all architectures share, less what only others need.
ARCH_WITHOUT := $(DT_SRC)
OBJCOPY	?= objcopy
IMAGE	:= $(ISO)
BUILD_DEPS := build
RUN_GROUPS := build iso run
GDB_DEPS := debug
RUN_DEPS := run
GDB	?= gdb
CPU	?= max,la57=off
MACHINE	?= q35
