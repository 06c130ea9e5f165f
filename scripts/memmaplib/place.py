# SPDX-License-Identifier: GPL-2.0-only
"""Where the tools are: in the tree, or installed as one file (`make install`).

    TREE/scripts/memmap.py              TREE/build/sim, kernel.elf
    PREFIX/bin/memmap (a zipapp)        PREFIX/lib/daybreak/sim, sim.image
"""

import pkgutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent          # .../memmaplib, maybe inside of a zipapp
INSTALLED = not HERE.is_dir()
TOP = HERE.parents[2] if INSTALLED else HERE.parents[1]         # PREFIX, or the tree
BUILD = str(TOP / "lib/daybreak") if INSTALLED else "build"
MAPS = [] if INSTALLED else sorted((TOP / "tests/maps").glob("*.dmesg"))


def program():
    """The command that runs memmap once more."""
    return [sys.executable, str(HERE.parent if INSTALLED else HERE.parent / "memmap.py")]


def own_text(name):
    """A file that lies beside this one."""
    return pkgutil.get_data(__package__, name).decode("utf-8")
