# SPDX-License-Identifier: GPL-2.0-only
"""From the lines of a file to the messages in them.

    "> Nov 28 08:26:02 host kernel: [    0.000000] BIOS-e820: [mem ..."
     '------------- coat -------------------------''---- message ---...

What the readers (readers/) know a line by, its head, is looked for anywhere in the
line; so a coat that nobody has described does not hide a message.  A message may
also be spelled otherwise than the kernel did (quoted-printable, HTML), stand on one
line with another one, or go on in the next lines: all of it is tried, and what is
no message then is counted.
"""

import html
import itertools
import json
import re

from memmaplib.logtext import ESCAPES, TRAIL, coat_of
from memmaplib.readers import KINDS
from memmaplib.said import Said

MAX_PARTS = 6           # lines that one message may be spread over


def heads_by_word():
    """[(word, [(compiled head, kinds that it may begin), ...]), ...]"""
    kinds, words = {}, {}
    for kind in KINDS:
        kinds.setdefault(kind.head, []).append(kind)
    for head, alike in kinds.items():
        pair = (re.compile(head), alike)
        for word in {word for kind in alike for word in kind.words.split("|")}:
            words.setdefault(word, []).append(pair)
    return list(words.items())


BY_WORD = heads_by_word()
LIKE = ("e820", "memblock", "emory", " RAM", "[mem ")
OWN_LEADS = re.compile(r"(?:\b(?:ACPI|e820|efi|EFI|OF|NUMA): *)+$|\s+$")
QUOTES = re.compile(r"(?:> ?)*")
LAST_DIGITS = re.compile(r"\s*[0-9a-f]{1,4}\s*")
COMMENT = re.compile(r"#(?!\d+ \[)")
SOFT = re.compile(r"=([0-9A-F]{2})")
TAGS = re.compile(r"</?[a-zA-Z][^<>]*>")
DASHES = {0xA0: " ", 0x2007: " ", 0x202F: " ", 0x2010: "-", 0x2011: "-", 0x2012: "-", 0x2013: "-",
          0x2014: "-", 0x2212: "-", 0x200B: None, 0x2060: None, 0xAD: None, 0xFEFF: None}


def worth(raw):
    """
    May there be a head in @raw?  What stands most often in a line of memory is asked
    first; written out, for it is asked of every line, and most have nothing of it.
    """
    return ("mem" in raw or "000" in raw or "0x" in raw or "e820" in raw or "ACPI: " in raw
            or "RA" in raw or "ode" in raw or "eser" in raw or "BIOS-" in raw or "MEMB" in raw
            or "NODE" in raw or "Memory: " in raw or "ommand line" in raw or "MTRR" in raw
            or "pfn" in raw or "panned" in raw or "type:" in raw or "==> " in raw or " : " in raw
            or "lmb_" in raw or "arly " in raw or "esrt:" in raw
            or "mokvar" in raw or "Zone " in raw or "CPU" in raw or "AMD-Vi" in raw
            or "riscv: " in raw)


def clean(text):
    """@text without what a terminal, a web page or a word processor put into it."""
    if "\x1b" in text or "\0" in text or "\b" in text:
        text = ESCAPES.sub("", text)
    if "&" in text and ";" in text:
        text = html.unescape(text)
    if not text.isascii():
        text = text.translate(DASHES)
    if '"MESSAGE"' in text:
        try:
            text = str(json.loads(text)["MESSAGE"])
        except (ValueError, KeyError, TypeError):
            pass
    return text.strip("\r\n")


def spellings(text):
    """@text, and what it may have been before a mail program or a web page had it."""
    yield text
    if "<" in text:
        yield TAGS.sub("", text)
    if "=" in text:
        yield SOFT.sub(lambda match: chr(int(match[1], 16)), text).removesuffix("=").rstrip()


def joins(parts):
    """The ways in which @parts may have been one line: with a blank between them, or none."""
    ways = [("=", "", " ") if part.rstrip().endswith("=") else (" ", "") for part in parts[:-1]]
    for blanks in itertools.product(*ways):
        joined = parts[0].strip()
        for blank, part in zip(blanks, parts[1:]):
            if blank == "=":                    # quoted-printable: its blanks are the message's
                joined = joined[:-1] + part.rstrip()
            else:
                joined += blank + part.strip()
        yield joined


def heads_in(text, hits):
    """[(where, kinds)] of the heads in @text, in order; of two at one place the first."""
    found = {}
    for heads in hits:
        for pattern, kinds in heads:
            for match in pattern.finditer(text):
                found.setdefault(match.start(), kinds)
    return sorted(found.items(), key=lambda pair: pair[0])


class LineReader:
    """Feeds one Bootlog."""

    def __init__(self, log):
        self.log = log
        log.said = Said()
        self.parts = []         # of a message that may go on in the next line
        self.coat = ""          # what stood before the first of them
        self.line = 0
        self.waiting = None     # (kind, match): what to take if it does not go on
        self.told = True
        self.kinds = []
        self.final = False      # only the last digits of a number can be missing

    def feed(self, raw, lineno):
        """Take one line of the file."""
        if "&" in raw or not raw.isascii():
            raw = clean(raw)
        hits = [heads for word, heads in BY_WORD if word in raw] if worth(raw) else ()
        if not (hits or self.parts or self.log.expect):
            if not self.log.like:
                self.remember(raw, lineno)
            return
        text = clean(raw)
        if self.log.expect and text.strip():
            expect, self.log.expect = self.log.expect, None
            self.guard(lineno, expect, text)
            return
        heads = [] if COMMENT.match(text) else heads_in(text, hits)
        if self.parts and self.goes_on(text, bool(heads)):
            return
        if not self.log.like:
            self.remember(text, lineno)
        if heads:
            self.messages(text, heads, lineno)

    def finish(self):
        """The file ends here."""
        self.give_up()

    def remember(self, text, lineno):
        """The first line that looked like memory: for the message that nothing was found."""
        if any(word in text for word in LIKE):
            self.log.like = f"line {lineno}: {text.strip()[:100]}"

    def messages(self, text, heads, lineno):
        """Every message that begins in @text; all but the last end where the next begins."""
        if heads[0][1][0].what == "an entry":
            self.remember_coat(text[:heads[0][0]], lineno)
        for (begin, kinds), after in itertools.zip_longest(heads, heads[1:]):
            piece = text if after is None else TRAIL.sub("", text[:after[0]])
            if not self.whole(kinds, piece, begin, lineno):
                self.begin(kinds, piece[begin:], text[:begin], lineno)
            if after is not None:
                self.give_up()

    def whole(self, kinds, text, begin, lineno, joined=False):
        """Take the message at @begin if it is whole and final."""
        self.waiting = None
        for spelled in spellings(text) if begin == 0 else itertools.chain(
                (text,), spellings(text[begin:])):
            at = begin if spelled is text else 0
            for kind in kinds:
                match = kind.whole.match(spelled, at)
                if match and kind.final(match, joined):
                    self.waiting, self.final = (kind, match), True
                    if not joined:
                        self.line = lineno
                        self.give_up()
                    return True
                if match and self.waiting is None:
                    self.waiting = (kind, match)
        return False

    def begin(self, kinds, text, coat, lineno):
        """A message begins and is not whole."""
        self.parts, self.line, self.coat, self.final = [text], lineno, coat, False
        self.told = any(kind.told for kind in kinds)
        self.kinds = kinds

    def goes_on(self, text, has_head):
        """Is @text the rest of the message that has begun?  False: it is no part of it."""
        rest = None if has_head else self.rest_of(text)
        if rest is None or self.final and not LAST_DIGITS.fullmatch(rest):
            self.give_up()
            return False
        before = self.waiting
        self.parts.append(rest)
        for joined in joins(self.parts):
            if self.whole(self.kinds, joined, 0, self.line, True):
                return True
            before = before or self.waiting
        self.waiting = before
        if len(self.parts) >= MAX_PARTS:
            self.give_up()
        return True

    def rest_of(self, text):
        """@text without the coat that the rest of a message may wear; None if it is a new one."""
        coat = coat_of(text)
        if not coat.strip("> \t"):
            return text[QUOTES.match(text).end():]
        if self.coat.strip() and text.startswith(self.coat):
            return text[len(self.coat):]
        return None

    def give_up(self):
        """No more lines of the message that has begun: take it as it is, or count it."""
        parts, waiting = self.parts, self.waiting
        self.parts, self.waiting, self.final = [], None, False
        if waiting:
            self.guard(self.line, waiting[0].take, self.log, waiting[1], self.line)
        elif parts and self.told:
            self.log.reject(self.line, f"half {self.kinds[0].what}: {parts[0].strip()[:80]}")

    def guard(self, lineno, function, *words):
        """Nothing that a file says may end the program."""
        try:
            function(*words)
        except (ValueError, OverflowError, KeyError, IndexError) as error:
            self.log.reject(lineno, error)

    def remember_coat(self, coat, lineno):
        """Count lines whose coat is none of the known ones."""
        coat = OWN_LEADS.sub("", coat)
        if not coat.strip() or coat_of(coat + "x") == coat:
            return
        shape = re.sub(r"[0-9]+", "0", coat)
        shape = shape if len(self.log.coats) < 4 or shape in self.log.coats else "others"
        self.log.coats.setdefault(shape, [0, lineno, coat])[0] += 1
