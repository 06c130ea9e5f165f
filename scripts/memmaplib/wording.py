# SPDX-License-Identifier: GPL-2.0-only
"""How Linux of one release words what another says otherwise: scripts/memmaplib/wording/*.rules.

A rule a line:

    say REGEX => TEXT       the part of a line that matches is TEXT for the comparison
    skip REGEX # why        lines that match are not compared, and why
    skip KIND # why         the same for a kind of line of difflinux.py

Rules are for both logs, in the order they stand.
"""

import re
from dataclasses import dataclass, field
from importlib import resources

HERE = resources.files(__package__) / "wording"     # maybe inside of an installed memmap
SAY = re.compile(r"^say (.+?) => (.*)$")
SKIP = re.compile(r"^skip (.+?)\s+# (.+)$")


class Trouble(Exception):
    """A line that is no rule."""


@dataclass
class Skip:
    """Lines that are left out."""
    what: str
    why: str

    def fits(self, item):
        """Is @item, with a kind and a text, one of them?"""
        return item.kind == self.what or re.search(self.what, item.text) is not None


@dataclass
class Wording:
    """The rules of one release."""
    changes: list = field(default_factory=list)     # (regex, text)
    skips: list = field(default_factory=list)

    def apply(self, items):
        """(items as all releases would say them, the skips that were needed)."""
        out, used = [], []
        for item in items:
            for pattern, text in self.changes:
                item.text = pattern.sub(text, item.text)
            skip = next((skip for skip in self.skips if skip.fits(item)), None)
            if skip is None:
                out.append(item)
            elif skip not in used:
                used.append(skip)
        return out, used


def read(release):
    """The rules of @release; none if there is no file of that name ("exactly")."""
    path, rules = HERE / f"{release}.rules", Wording()
    if not path.is_file():
        return rules
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip("\n")
            say, skip = SAY.match(line), SKIP.match(line)
            try:
                if say:
                    rules.changes.append((re.compile(say[1]), say[2]))
                elif skip:
                    re.compile(skip[1])
                    rules.skips.append(Skip(skip[1], skip[2]))
                elif line and not line.startswith("#"):
                    raise Trouble(f"{path}:{number}: no rule: {line}")
            except re.error as error:
                raise Trouble(f"{path}:{number}: {error}: {line}") from error
    return rules


def releases():
    """Those that there are rules for."""
    return sorted(path.name[:-len(".rules")] for path in HERE.iterdir()
                  if path.name.endswith(".rules"))
