# SPDX-License-Identifier: GPL-2.0-only
# The arrays after they have moved, and before memblock_discard() gives them away.
set confirm off
set pagination off
set width 0
source scripts/gdb/daybreak.py

break memblock_discard
continue
delete
mb dump
mb owners
buddy
pt start_kernel
detach
