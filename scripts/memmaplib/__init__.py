# SPDX-License-Identifier: GPL-2.0-only
"""What scripts/memmap.py is made of: reading boot logs, asking them, drawing them."""
