# SPDX-License-Identifier: GPL-2.0-only
#
# Part of the Makefile: how an arm64 kernel is compiled and linked.  With the MMU off all memory is
# device memory, where accesses must be aligned.
CROSS	?= aarch64-linux-gnu-
ifeq ($(CC),gcc)
CC	:= $(CROSS)gcc
endif
ifeq ($(LD),ld)
LD	:= $(CROSS)ld
endif
OBJCOPY	?= $(CROSS)objcopy
export NM := $(CROSS)nm
CLANG	:= $(findstring clang,$(CC))
ARCH_CFLAGS := -mcmodel=small -mstrict-align -mno-outline-atomics -mbranch-protection=none \
	   -mno-omit-leaf-frame-pointer $(if $(CLANG),--target=aarch64-none-elf)
# What Linux is built with here: 16 nodes, larger first arrays.
DEFS	+= -DCONFIG_NODES_SHIFT=4 -DINIT_MEMBLOCK_MEMORY_REGIONS=1024 \
	   -DINIT_MEMBLOCK_RESERVED_REGIONS=641
LINKER_LD := arch/arm64/linker.ld
# Rooms that all architectures share, less what only others need.
ARCH_WITHOUT := boot/loader.c $(addprefix tests/kernel/,machine.c paging.c tables.c)
IMAGE	:= $(B)/Image
# The PE header at the kernel's beginning says where the stub behind it ends.
KERNEL_NEEDS := $(B)/efi-stub.bin
LDFLAGS_KERNEL = --defsym=EFI_STUB_SIZE=$(shell stat -c %s $(B)/efi-stub.bin)
EFI_MORE := boot/firmware/fdt.c
all: $(IMAGE)
BUILD_DEPS := arm64
RUN_GROUPS := build arm64 run-arm64
GDB_DEPS := debug-arm64
RUN_DEPS := run-arm64
GDB	?= gdb-multiarch
CPU	?= max
MACHINE	?= virt
