# SPDX-License-Identifier: GPL-2.0-only
"""Boot logs in, facts out.

A log is a Linux dmesg of any era (2.4 to 7.x), our own COM1 log, our COM2 trace
(JSON Lines, schema 1), or what another witness printed (readers/).  All become
one Bootlog; whatever a file does not contain stays empty and is said by
Bootlog.missing().

Nothing here trusts its input: a line that does not parse is not evidence, and
is counted, never fatal.
"""

import itertools
import re
import sys

from memmaplib import logtext
from memmaplib.facts import Bootlog
from memmaplib.lines import LineReader
from memmaplib.trace import TraceReader

# A boot begins with one of these; a file may hold several (journal, serial log, kdump).
BOOT = re.compile(r"(?:Linux version \d|Daybreak \d)")
MAP_HEAD = re.compile(r"BIOS-provided physical RAM map:")


def looks_like_trace(text, first):
    """Is this the first object of a JSON Lines trace?  After other lines we are stricter."""
    if '"MESSAGE"' in text:         # the journal's own JSON
        return False
    return text.lstrip().startswith("{" if first else '{"schema"')


FIRMWARE_LINES = 64     # UEFI firmware speaks on the trace's port before the kernel does


def read_file(name):
    """Read the log @name; '-' is standard input.  Raises OSError, nothing else."""
    if name == "-":
        return read_log(sys.stdin.buffer, "standard input")
    with open(name, "rb") as stream:
        return read_log(stream, name)


def read_log(stream, name):
    """Read an open binary @stream; never raises on content."""
    log = Bootlog(name=name)
    broken, remarks = [], []
    lines = counted(logtext.lines(stream, lambda *error: broken.append(error), remarks.append), log)
    head = list(itertools.islice(lines, FIRMWARE_LINES))
    start = next((i for i, (_, text) in enumerate(head) if looks_like_trace(text, i == 0)), None)
    if start is not None:
        log.kind = "trace"
        TraceReader(log).read(itertools.chain(head[start:], lines))
    else:
        log = last_boot(itertools.chain(head, lines), log)
    for lineno, error in broken:
        log.reject(lineno, error)
    log.remarks += remarks
    return log


def last_boot(lines, log):
    """
    Read text; of several boots in one file keep the last one that says something of
    memory.  What firmware and loaders printed before a kernel belongs to its boot.
    """
    begun, kept, reader = [], None, LineReader(Bootlog(name=log.name))
    for lineno, text in lines:
        if ("version " in text or "Daybreak " in text or "RAM map:" in text) and begins(
                text, reader.log):
            reader.finish()
            if reader.log.kernel_speaks():
                kept = reader.log
                begun.append(kept.line)
                reader = LineReader(Bootlog(name=log.name, line=lineno, like=kept.like))
        reader.feed(text, lineno)
    reader.finish()
    if reader.log.speaks() or kept is None:
        kept = reader.log
        begun.append(kept.line)
    kept.lines = log.lines
    kept.boots = begun
    return kept


def begins(text, log):
    """Does another boot begin here?"""
    return log.kernel_speaks() and (BOOT.search(text) or (log.maps and MAP_HEAD.search(text)))


def counted(lines, log):
    """The same @lines, and log.lines up to date."""
    for lineno, text in lines:
        log.lines = lineno
        yield lineno, text
