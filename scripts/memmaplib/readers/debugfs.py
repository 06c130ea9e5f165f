# SPDX-License-Identifier: GPL-2.0-only
"""/sys/kernel/debug/memblock/memory and reserved, as cat, grep and head show them."""

from memmaplib.facts import Dump, Region
from memmaplib.readers.kind import HEX, Kind, number

FLAGS = {"NONE": 0, "HOTPLUG": 1, "MIRROR": 2, "NOMAP": 4, "DRV_MNG": 8, "RSV_NOINIT": 16,
         "RSV_KERN": 32, "KHO_SCRATCH": 64, "RSV_HUGETLB": 128}


def which(log, match, _lineno):
    """A line that names a file: the command, head's ==> <==; its rows come next"""
    log.scratch.setdefault("memblock files", []).append(match[1])


def row(log, match, lineno):
    """0: 0x0000000000001000..0x000000000009efff    0 NONE; the last two since 6.3"""
    if match[1] == "0" or "memblock file" not in log.scratch:
        named = log.scratch.get("memblock files")
        log.scratch["memblock file"] = named.pop(0) if named else (
            "reserved" if "memblock file" in log.scratch else "memory")
    coat = match.string[:match.start()]
    array = next((word for word in ("memory", "reserved") if word + ":" in coat),
                 log.scratch["memblock file"])
    if array == "physmem":
        return
    if not log.dumps:
        log.dumps.append(Dump(line=lineno))
    flags = sum(FLAGS.get(word, 0) for word in (match[5] or "NONE").split("|"))
    getattr(log.dumps[-1], array).append(Region(
        number(match[2]), number(match[3]) + 1, nid=int(match[4] or -1), flags=flags, line=lineno))


KINDS = [
    Kind("memblock/", r"memblock/(?:memory|reserved|physmem)\b(?!:)", r"memblock/(\w+)", which),
    Kind("..0x", r"\b\d+: 0x[0-9a-f]{8,16}\.\.0x", rf"(\d+): {HEX}\.\.{HEX}(?:\s+(-?\d+)\s+([A-Z_|]+))?",
         row, what="an entry"),
]
