# SPDX-License-Identifier: GPL-2.0-only
# `make gdb`: QEMU waits at the reset vector; stop where C begins.
set confirm off
set pagination off
break start_kernel
continue
