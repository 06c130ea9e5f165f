# SPDX-License-Identifier: GPL-2.0-only
"""Linux with memblock=debug: operations and dumps, in the words of 3.x to 7.x."""

import re

from memmaplib.facts import Dump, Event, Region
from memmaplib.readers.kind import CALLER, HEX, Kind, ends_like, number

OPERATIONS = "add|add_node|remove|phys_free|free|reserve|physmem_add|free_late"
FUNCTION = re.compile(CALLER)
# Of U-Boot's words for its own list, which has this form too.
FLAG_WORDS = {"no-map": 4}


def caller_of(text):
    """The function that asked, without what a bug tracker put behind it."""
    found = FUNCTION.match(text.strip())
    return found[0] if found else text.strip()


def add_event(log, event):
    event.seq = len(log.events)
    log.events.append(event)


def span(log, match, lineno):
    """memblock_reserve: [0x..-0x..] CALLER; since 6.16 with nid= and flags="""
    nid = int(match[4]) if match[4] else -1
    flags = int(match[5], 16) if match[5] else 0
    op = "phys_free" if match[1] == "free" else match[1]
    add_event(log, Event(op, number(match[2]), (number(match[3]) + 1) % 2**64,
                         caller=caller_of(match[6]), nid=nid, flags=flags, line=lineno))


def span_old(log, match, lineno):
    """memblock_reserve: [0x..-0x..] flags 0x0 CALLER of 3.13 to 4.x, or [0x..-END) of 3.x"""
    add_event(log, Event("phys_free" if match[1] == "free" else match[1], number(match[2]),
                         (number(match[3]) + 1) % 2**64, caller=caller_of(match[4]), line=lineno))


def alloc(log, match, lineno):
    """memblock_phys_alloc_range: N bytes align=0x.. from=0x.. max_addr=0x.. CALLER"""
    add_event(log, Event(match[1].replace("memblock_", "", 1), 0, 0, size=int(match[2]),
                         align=number(match[3]), nid=int(match[4] or -1), low=number(match[5]),
                         high=number(match[6]), caller=caller_of(match[7]), line=lineno))


def alloc_huge(log, match, lineno):
    """memblock_alloc_hugetlb: N bytes, nid=0, exact_nid=0 CALLER of 7.3"""
    add_event(log, Event("alloc_hugetlb", 0, 0, size=int(match[1]), nid=int(match[2]),
                         caller=caller_of(match[3]), line=lineno))


def doubled(log, match, lineno):
    """memblock: reserved is doubled to 256 at [0x..-0x..]"""
    add_event(log, Event("double", number(match[3]), number(match[4]) + 1,
                         owner=f"memblock {match[1]} array", size=int(match[2]), line=lineno))


def dump_head(log, match, lineno):
    log.said.feed(match[0], lineno)
    log.dumps.append(Dump(line=lineno))


def dump_size(log, match, lineno):
    dump = current_dump(log, lineno)
    dump.memory_size, dump.reserved_size = number(match[1]), number(match[2])


def dump_row(log, match, lineno):
    """memory[0x0]  [0x..-0x..], 0x9e000 bytes on node 0 flags: 0x0"""
    dump = current_dump(log, lineno)
    flags = match[6] or ""
    mask = FLAG_WORDS.get(flags.split(",")[0].strip(), None)
    if mask is None:
        mask = int(flags, 16) if flags[:2] == "0x" or flags.isdigit() else 0
    getattr(dump, match[1]).append(Region(
        number(match[3]), number(match[4]) + 1, nid=int(match[5]) if match[5] else -1,
        flags=mask, line=lineno))


def current_dump(log, lineno):
    """The dump that a row belongs to; a row may have lost its head."""
    if not log.dumps:
        log.dumps.append(Dump(line=lineno))
    return log.dumps[-1]


EVENT = r"(?<!\w)(?:__)?memblock_\w+:(?= \[| \d|\s*$)"
KINDS = [
    Kind("memblock_", EVENT, rf"(?:__)?memblock_({OPERATIONS}): \[{HEX}\s?-\s?{HEX}\]"
         r"(?! flags 0x)\s*(?:nid=(-?\d+) flags=([0-9a-fA-Fx]+) )?(.*)$", span,
         ends_like(rf"\]\s*(?:nid=-?\d+ flags=\S+ )?(?:{CALLER}|0x[0-9a-f]{{8,}})")),
    Kind("memblock_", EVENT, rf"(?:__)?memblock_({OPERATIONS}): \[{HEX}\s?-\s?{HEX}\] flags "
         r"0x[0-9a-f]+(.*)$", span_old, ends_like(CALLER)),
    Kind("memblock_", EVENT, rf"(memblock_(?:phys_)?alloc\w*): (\d+) bytes align={HEX} "
         rf"(?:nid=(-?\d+) )?from={HEX} max_addr={HEX} ?(.*)$", alloc,
         ends_like(rf"max_addr=0x[0-9a-f]+ {CALLER}")),
    Kind("memblock_", EVENT,
         r"memblock_alloc_hugetlb: (\d+) bytes, nid=(-?\d+), exact_nid=\d+ ?(.*)$", alloc_huge,
         ends_like(CALLER)),
    Kind("memblock: ", r"memblock: \w+ is doubled to",
         rf"memblock: (\w+) is doubled to (\d+) at \[{HEX}\s?-\s?{HEX}\]", doubled),
    Kind("MEMBLOCK", r"MEMBLOCK(?: conf\w*:?|\s*$)", r"MEMBLOCK configuration:", dump_head),
    Kind("lmb_dump", r"lmb_dump_all:", r".*", dump_head),
    Kind("memory size", r"\bmemory size =", rf"memory size = {HEX} reserved size = {HEX}", dump_size, ends_like(r"= 0x[0-9a-f]{16}")),
    Kind("memory[|reserved[", r"(?:memory|reserved)\[(?:0x)?[0-9a-f]{1,8}\]",
         rf"(memory|reserved)\[{HEX}\]\s*\[{HEX}\s?-\s?{HEX}\], 0x[0-9a-f]{{1,16}} bytes,?"
         r"(?: on node (\d+))?(?: flags: ([\w-]+(?:, [\w-]+)*))?", dump_row,
         ends_like(r"bytes,?(?: on node \d+)? flags: (?:0x[0-9a-f]+|[a-z-]+)"), "an entry"),
]
