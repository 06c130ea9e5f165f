# SPDX-License-Identifier: GPL-2.0-only
"""The rules of scripts/check-layers: walls, words, references, state, style."""
