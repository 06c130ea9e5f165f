# SPDX-License-Identifier: GPL-2.0-only
"""/proc/buddyinfo and /proc/zoneinfo: what the buddy has, of which zones."""

from memmaplib.facts import Region
from memmaplib.readers.kind import Kind

PAGE = 4096


def zone(log, match, lineno):
    """Node 0, zone   DMA32   759   572 ... (buddyinfo); alone on the line (zoneinfo)"""
    key = (int(match[1]), match[2])
    counts = [int(word) for word in match[3].split()]
    if counts:
        log.buddy[key] = counts
    else:
        log.scratch["zone"] = (key, lineno, {})


def field(log, match, _lineno):
    """spanned 4095 and start_pfn: 1 of the zone above"""
    if "zone" not in log.scratch:
        raise ValueError("no zone above")
    (nid, name), line, found = log.scratch["zone"]
    found[match[1] or "start"] = int(match[2] or match[3])
    if found.get("spanned") and "start" in found:
        start = found["start"] * PAGE
        end = start + found["spanned"] * PAGE
        log.zones.append((name, start, end))
        log.node_ranges.append(Region(start, end, nid=nid, line=line))
        del log.scratch["zone"]


KINDS = [
    Kind("Node ", r"Node +\d+, zone +\w+(?!\w|,)", r"Node +(\d+), zone +(\w+)((?: +\d+)*)\s*$", zone),
    Kind("spanned|start_pfn", r"(?:^|(?<=\s))spanned +\d+\s*$|start_pfn: +\d+\s*$",
         r"(?:(spanned) +(\d+)|start_pfn: +(\d+))\s*$", field, told=False),
]
