# SPDX-License-Identifier: GPL-2.0-only
"""What a reader is made of: kinds of lines.

    words   every line of the kind has one of these (| between them): most lines of most
            files have none, and are passed over quickly
    head    what such a line begins with; they are looked for anywhere in a
            line, and what stands before them is its coat (logtext.py)
    whole   what a line of this kind looks like from its head on
    take    take(log, match, line number) puts it into the Bootlog; a ValueError
            says that the line is no evidence after all
    final   final(match, joined): nothing of the line can be missing; @joined: it is
            put together of several

A line that has a head and is not whole, or not final, was cut or wrapped: the
lines after it are tried as its rest.  One that is whole without them is taken as
it is; any other is counted as not understood.
"""

import re
from dataclasses import dataclass
from typing import Any, Callable

HEX = r"(?:0x)?([0-9a-fA-F]{1,16})(?![0-9a-fA-F])"
MEM = rf"\[mem {HEX}\s?-\s?{HEX}\]"
CALLER = r"\S+\+0x[0-9a-f]+/0x[0-9a-f]+"


@dataclass
class Kind:
    """One kind of line."""
    words: str
    head: str
    whole: Any
    take: Callable
    final: Callable = lambda match, joined: True
    what: str = "a line"        # in "half a line"
    told: bool = True           # False: a line that is not whole is not worth a word

    def __post_init__(self):
        self.whole = re.compile(self.whole)


def number(text):
    """A hexadecimal number, with or without 0x."""
    return int(text, 16)


def ends_like(pattern):
    """
    A Kind.final for lines of which more may always follow (the last digits of a
    number): only with its rest, and if @pattern ends it, such a line is final.
    """
    found = re.compile(rf"(?:{pattern})\s*$").search
    return lambda match, joined: joined and found(match.string, match.start()) is not None
