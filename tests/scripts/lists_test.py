#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Every row of mutants.list and coverage.list fits a line of its source.

Both lists name lines by a part of their text.  When the line changes, its row explains
nothing any more; hours of `make mutate` are a late way to learn so.
"""

import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/scripts")]
import ktap_unittest                             # noqa: E402  pylint: disable=wrong-import-position


def strays(rows, separator, parts):
    """The rows that fit no line, or have not got @parts parts."""
    for row in rows:
        if not row.strip() or row.startswith("#"):
            continue
        columns = [part.strip() for part in row.rstrip("\n").split(separator, parts - 1)]
        source = ROOT / columns[0]
        if len(columns) != parts or not source.is_file() or \
                not any(columns[1] in line for line in source.read_text().splitlines()):
            yield row.rstrip("\n")


def rows_of(name):
    return (ROOT / "tests/host" / name).read_text().splitlines()


class Lists(unittest.TestCase):
    """What the two lists say of lines that exist."""

    def test_every_row_of_mutants_list_fits_a_line(self):
        self.assertEqual(list(strays(rows_of("mutants.list"), " | ", 4)), [])

    def test_every_row_of_coverage_list_fits_a_line(self):
        self.assertEqual(list(strays(rows_of("coverage.list"), ": ", 3)), [])

    def test_no_row_of_mutants_list_stands_twice(self):
        rows = [row for row in rows_of("mutants.list") if row.strip()]
        self.assertEqual(sorted(rows), sorted(set(rows)))

    def test_a_stray_row_is_found(self):
        source = "mm/memblock/memblock_free.c"
        bad = [f"{source} | no such text | * | reason", f"{source} | if (start >= end) | reason",
               "mm/gone.c | if (x) | * | reason"]
        good = ["# a comment", "", f"{source} | if (start >= end) | * | reason"]
        self.assertEqual(list(strays(bad + good, " | ", 4)), bad)


if __name__ == "__main__":
    ktap_unittest.main()
