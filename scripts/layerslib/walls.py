# SPDX-License-Identifier: GPL-2.0-only
"""Rooms, floors, and who may include whom.

A room is a folder, or a few files of one.  The place of a header is its visibility: mm/X/H.h is
for mm/X/ and the tests, mm/H.h is a contract for every room above.  A header belongs to the room
that has H.c, or to the room that HOMES names.
"""

import functools
import os
import re
from collections import defaultdict

from layerslib.tree import ROOMS_TOP, code, code_and_strings, line_of, read, row_of, tracked

HERE = "scripts/layerslib/walls.py"

# Top to bottom.  Rooms of one line stand beside each other and do not include each other.
# (name, which files it has; the first row that fits counts)
FLOORS = [
    [("kernel", r"kernel/[^/]*$")],
    [("arch/ARCH", r"arch/(?!include/)[^/]+/(?!(?:cpu|regs|io)\.)[^/]*$")],
    [("arch/ARCH/map", r"arch/[^/]+/map/"), ("arch/ARCH/paging", r"arch/[^/]+/paging/")],
    [("arch/ARCH/cpu", r"arch/(?!include/)[^/]+/(cpu|regs|io)\.")],
    [("boot", r"boot/(?!boot_info)[^/]*$")],
    [("boot/ARCH", r"boot/(?!firmware/|efi/)[^/]+/")],
    [("boot/efi", r"boot/efi/")],
    [("boot/firmware", r"boot/firmware/")],
    [("boot/boot_info", r"boot/boot_info")],
    [("mm/mm_init", r"mm/mm_init\.")],
    [("mm/report", r"mm/report/")],
    [("mm/takers", r"mm/takers/")],
    [("mm/page_alloc", r"mm/page_alloc/")],
    [("mm/buddy", r"mm/buddy/")],
    [("mm/nodes", r"mm/nodes/")],
    [("mm/totalram", r"mm/totalram\."), ("mm/ram_check", r"mm/ram_check\.")],
    [("mm/memblock", r"mm/memblock/")],
    [("mm/ledger", r"mm/ledger\.")],
    [("mm/port", r"mm/port\.")],
    [("arch/include", r"arch/include/arch/(?!(?:percpu|cpu)\.)|arch/[^/]+/include/")],
    [("kernel/lib", r"kernel/lib/")],
    [("arch/instruction", r"arch/include/arch/(?:percpu|cpu)\.")],
]
# Of the rooms on the floors below, those it does include.  Everybody may include kernel/lib.
MAY_INCLUDE = {
    "kernel": "boot boot/boot_info mm/mm_init mm/report mm/takers mm/page_alloc mm/buddy "
              "mm/nodes mm/memblock mm/ledger arch/include",
    "arch/ARCH": "arch/ARCH/map arch/ARCH/paging arch/ARCH/cpu boot boot/firmware "
                 "boot/boot_info mm/mm_init mm/report mm/takers mm/nodes mm/ram_check "
                 "mm/memblock mm/ledger arch/include",
    "arch/ARCH/map": "boot/firmware boot/boot_info mm/takers mm/memblock mm/ledger mm/port "
                     "arch/include",
    "arch/ARCH/paging": "mm/ram_check mm/memblock mm/ledger arch/include",
    "arch/ARCH/cpu": "",
    "boot": "boot/ARCH boot/firmware boot/boot_info mm/page_alloc mm/memblock "
            "mm/ledger arch/include",
    "boot/ARCH": "boot/efi boot/boot_info arch/include",
    "boot/efi": "boot/firmware boot/boot_info arch/include",
    "boot/firmware": "boot/boot_info mm/takers mm/nodes mm/memblock mm/port arch/include",
    "boot/boot_info": "mm/port arch/include",
    "mm/mm_init": "mm/report mm/takers mm/page_alloc mm/buddy mm/nodes mm/totalram mm/memblock",
    "mm/report": "mm/takers mm/page_alloc mm/buddy mm/nodes mm/totalram mm/memblock mm/ledger "
                 "mm/port arch/include",
    "mm/takers": "mm/page_alloc mm/buddy mm/nodes mm/totalram mm/memblock mm/ledger mm/port "
                 "arch/include",
    "mm/page_alloc": "mm/buddy mm/nodes mm/totalram mm/memblock mm/ledger mm/port",
    "mm/buddy": "mm/nodes mm/memblock mm/ledger mm/port",
    "mm/nodes": "mm/memblock mm/port",
    "mm/totalram": "mm/memblock mm/port",
    "mm/ram_check": "mm/port",
    "mm/memblock": "mm/ledger mm/port arch/include",
    "mm/ledger": "mm/port",
    "mm/port": "arch/include",
    "arch/include": "",
}
# Public headers without a source of their name.
HOMES = {
    "mm/handover.h": "mm/memblock",         # what memblock needs from the rooms above it
    "mm/numa.h": "mm/port",
    "mm/range.h": "mm/port",
    "mm/blocks.h": "mm/port",
    "mm/sorted.h": "mm/port",
    "mm/takers.h": "mm/takers",
    "mm/block_place.h": "mm/buddy",
    "mm/unit_bits.h": "mm/buddy",
    "mm/nodemask.h": "mm/nodes",
    "mm/page.h": "mm/nodes",
    "boot/uefi.h": "boot/efi",
}
# Compiled inside somebody else's tree, with its headers.
FOREIGN = ("tests/host/linux-suite/", "scripts/amalgamation/")
# What everybody may ask of the machine, even kernel/lib: instructions, which nobody can register.
ONE_INSTRUCTION = {"arch/percpu.h", "arch/cpu.h"}
FREESTANDING = {"stdint.h", "stddef.h", "stdbool.h", "stdarg.h"}
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', re.M)
HIDDEN_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include\b(?![ \t]*["<])', re.M)
# A declaration in a .c file of what another file has: an include that no wall sees.  What the
# linker or the assembler defines has no header: arrays, and functions of a file with an .asm;
# and a function of the file itself that only assembly calls.
DECLARED = re.compile(r"^(?:extern\b(?!.*\])[^;{=]*;|"
                      r"(?!static\b|typedef\b|return\b)[a-z][\w \t*]*?[ \t*](\w+)\([^;{}]*\)\s*;)",
                      re.M)
# Rooms with private headers, and their neighbours' part of the tree.
PRIVATE = re.compile(r"((?:mm|boot)/[^/]+|arch/(?!include/)[^/]+/(?:map|paging))/[^/]+\.h$")
OF_ONE_MACHINE = re.compile(r"arch/(?!include/)|boot/(?!firmware/|efi/)[^/]+/")
HOSTED = re.compile(r"mm/|boot/.*\.[ch]|kernel/lib/|arch/[^/]+/(map|paging)/(?!mmu)")
HOST_SWITCH = re.compile(r"#\s*(if|ifdef|ifndef|elif)\b.*"
                         r"\b(DAYBREAK_HOST|__KERNEL__|__STDC_HOSTED__)")

FLOOR_OF = {name: floor for floor, rooms in enumerate(FLOORS) for name, _ in rooms}


@functools.lru_cache(maxsize=1)
def sources_by_name():
    """{(top folder, name without .c): path} of the sources that may own a header."""
    return {(path.split("/")[0] + ("/lib" if path.startswith("kernel/lib/") else ""),
             os.path.basename(path)[:-2]): path
            for path in tracked() if path.startswith(ROOMS_TOP) and path.endswith(".c")}


@functools.lru_cache(maxsize=None)
def room(path):
    """The room of a file, or None: a public header is where its source is."""
    if path in HOMES:
        return HOMES[path]
    if path.endswith(".h") and re.fullmatch(r"[^/]+/[^/]+|arch/(?!include/)[^/]+/[^/]+", path):
        path = sources_by_name().get((path.split("/")[0], os.path.basename(path)[:-2]), path)
    for rooms in FLOORS:
        for name, files in rooms:
            if re.match(files, path):
                return name
    return None


def includes():
    """(path, line, quoted?, name) of every include of the kernel's rooms and the tests."""
    for path in tracked():
        if not path.endswith((".c", ".h")) or path.startswith(("build/",) + FOREIGN):
            continue
        text = code_and_strings(path)
        for match in INCLUDE.finditer(text):
            yield path, line_of(text, match.start()), match[1] == '"', match[2]


def edges():
    """{(from, to): [(path, line, header)]} of the includes between rooms."""
    found = defaultdict(list)
    for path, number, quoted, name in includes():
        if not path.startswith(ROOMS_TOP):
            continue
        target = name if quoted else f"arch/include/{name}"
        if not os.path.exists(target):
            continue
        here, there = room(path), room(target)
        if here and there and here != there:
            found[here, there].append((path, number, name))
    return found


def include_trouble(path, name):
    """Why @path may not include "@name", or None."""
    if path.startswith("tests/"):       # programs above all floors, with headers of their own
        return None
    if not os.path.exists(name) or name != os.path.normpath(name):
        return f'"{name}" is no file: write the path from the root of the repository'
    if OF_ONE_MACHINE.match(name) and not path.startswith("arch/") and \
            not OF_ONE_MACHINE.match(path):
        return (f'"{name}" is of one architecture: include a header of <arch/...>, and let each '
                "architecture supply what it declares")
    private = PRIVATE.match(name)
    if private and not path.startswith(private[1] + "/"):
        return (f'"{name}" is private to {private[1]}/: include a header that stands in '
                f"{os.path.dirname(private[1])}/, or move what you need into one")
    here, there = room(path), room(name)
    if there is None:
        return (f"{name} is in no room: move it into one, or give its room a line in FLOORS "
                f"({HERE})")
    if here == there or here is None:       # in no room: hidden_troubles() says so
        return None
    if FLOOR_OF[here] < FLOOR_OF[there]:
        return permission_trouble(here, there, f'"{name}"')
    way = "up" if FLOOR_OF[here] > FLOOR_OF[there] else "sideways"
    return (f'"{name}" is {way}, from {here} to {there}: let {there} register with {here}, or '
            "move what both need to a floor below")


def permission_trouble(here, there, name):
    if there in MAY_INCLUDE.get(here, "").split() or there == "kernel/lib":
        return None
    return (f"{name}: {here} includes nothing of {there} so far: use a room that it does include, "
            f'or add {there} to its row of MAY_INCLUDE (scripts/layerslib/walls.py)')


def angle_trouble(path, name):
    """Why @path may not include <@name>, or None."""
    if path.startswith("tests/") or name in FREESTANDING:
        return None
    if not name.startswith(("arch/", "asm/")):
        return (f"<{name}> is not freestanding: the kernel has {', '.join(sorted(FREESTANDING))} "
                "and its own headers")
    if path.startswith("kernel/lib/") and name not in ONE_INSTRUCTION:
        return f"<{name}>: kernel/lib knows no machine: let arch/ register what it needs"
    if path.startswith("mm/memblock/"):
        return f'<{name}>: memblock needs "mm/port.h" and no other word of the machine'
    if name.startswith("asm/") and not path.startswith("arch/"):
        return f"<{name}> belongs to the contract: include <arch/{name[4:]}>"
    if name in ONE_INSTRUCTION or name.startswith("asm/") or room(path) == "arch/include":
        return None
    return permission_trouble(room(path), "arch/include", f"<{name}>")


def check_walls(files):
    """includes only go down; a header is included where it is visible"""
    for path, number, quoted, name in includes():
        trouble = (include_trouble if quoted else angle_trouble)(path, name)
        if trouble:
            yield f"{path}:{number}: {trouble}"
    for path in files:
        if not path.startswith(ROOMS_TOP) or not path.endswith((".c", ".h")):
            continue
        yield from hidden_troubles(path)
        if not HOSTED.match(path):
            continue
        for match in HOST_SWITCH.finditer(code(path)):
            yield (f"{path}:{line_of(code(path), match.start())}: kernel and host compile the same "
                   "text here: put what differs behind a header of the port")


def hidden_troubles(path):
    """What would reach another room and is no include that the walls can read."""
    if room(path) is None:
        yield (f"{path}:1: {path} is in no room: move it into one, or give its room a line in "
               f"FLOORS ({HERE})")
    for match in HIDDEN_INCLUDE.finditer(code_and_strings(path)):
        yield (f"{path}:{line_of(code_and_strings(path), match.start())}: an include of a macro: "
               "write the path in quotes")
    if not path.endswith(".c"):
        return
    for match in DECLARED.finditer(code(path)):
        own = match[1] and re.search(rf"^[a-z][^;\n]*\b{match[1]}\([^;{{}}]*\)\n\{{", code(path), re.M)
        if own or match[1] and in_assembly(path, match[1]):
            continue
        yield (f"{path}:{line_of(code(path), match.start())}: declares what another file has: "
               "include the header of that file")


def in_assembly(path, name):
    sources = (p for p in tracked() if p.endswith((".asm", ".S"))
               and os.path.dirname(p) == os.path.dirname(path))
    return any(re.search(rf"^\s*\.?globa?l\b[^;\n]*\b{name}\b", read(p), re.M) for p in sources)


def check_permissions(_files):
    """every permission in the tables of walls.py is used by somebody"""
    kernel = [path for path in tracked() if path.startswith(ROOMS_TOP)]
    for rooms in FLOORS:
        for name, files in rooms:
            if not any(re.match(files, path) for path in kernel):
                yield f'{row_of(HERE, name)}: no file is in room "{name}": take the row out'
    used = edges()
    for here, rooms in MAY_INCLUDE.items():
        for there in rooms.split():
            if here not in FLOOR_OF or there not in FLOOR_OF:
                gone = here if here not in FLOOR_OF else there
                yield f'{row_of(HERE, here)}: no room is called "{gone}": FLOORS has the names'
            elif FLOOR_OF[here] >= FLOOR_OF[there]:
                yield f"{row_of(HERE, here)}: {there} is not below {here}: take it out of the row"
            elif (here, there) not in used:
                yield f"{row_of(HERE, here)}: {here} includes nothing of {there}: take it out"
    for folder in FOREIGN:
        if not any(path.startswith(folder) for path in tracked()):
            yield f'{row_of(HERE, folder)}: FOREIGN names "{folder}", which is gone: take it out'
    for header in sorted(FREESTANDING - {name for _, _, quoted, name in includes() if not quoted}):
        yield f"{row_of(HERE, header)}: nothing includes <{header}>: take it out of FREESTANDING"
    for header, home in HOMES.items():
        own = sources_by_name().get((header.split("/")[0], os.path.basename(header)[:-2]))
        if not os.path.exists(header):
            yield f'{row_of(HERE, header)}: HOMES names "{header}", which is gone: take the row out'
        elif own and room(own) == home:
            yield f"{row_of(HERE, header)}: {header} is at home where {own} is: take the row out"
        elif home not in FLOOR_OF:
            yield f'{row_of(HERE, header)}: no room is called "{home}": FLOORS has the names'


def folder_edges():
    """{(folder, folder)} of quoted includes, a header standing where it stands."""
    return {(os.path.dirname(path), os.path.dirname(name)) for path, _, quoted, name in includes()
            if quoted and path.startswith(ROOMS_TOP) and os.path.exists(name)
            and os.path.dirname(path) != os.path.dirname(name)}


def circles(found):
    """Groups of rooms that include each other, directly or around."""
    to = defaultdict(set)
    for here, there in found:
        to[here].add(there)
    reach = {}
    for start in list(to):
        seen, todo = set(), [start]
        while todo:
            for there in to[todo.pop()]:
                if there not in seen:
                    seen.add(there)
                    todo.append(there)
        reach[start] = seen
    return sorted({tuple(sorted(b for b in reach[a] if a in reach.get(b, ())))
                   for a in reach if a in reach[a]})


def check_circles(_files):
    """no room includes itself around others"""
    for circle in circles(folder_edges()):
        yield (f"{circle[0]}:1: folders in a circle, {' <-> '.join(circle)}: `check-layers --graph` "
               "names the includes; let the lower one offer a hook")
    found = edges()
    for circle in circles(found):
        path, number, name = next(where[0] for (here, there), where in sorted(found.items())
                                  if here in circle and there in circle
                                  and FLOOR_OF[here] >= FLOOR_OF[there])
        yield (f"{path}:{number}: \"{name}\" closes a circle, {' <-> '.join(circle)}: let the lower "
               "room offer a hook, or move what both need to a floor below")


def print_graph():
    """The include graph by room, and whether it has a circle; False if it has."""
    found = edges()
    for rooms in FLOORS:
        for name, _ in rooms:
            row = [f"{there} {len(where)}" for (here, there), where in
                   sorted(found.items(), key=lambda e: FLOOR_OF[e[0][1]]) if here == name]
            print(f"{name:<17} -> {', '.join(row) or 'nothing'}")
    round_and_round = circles(found) + circles(folder_edges())
    for circle in round_and_round:
        print(f"circle: {' <-> '.join(circle)}")
        for (here, there), where in sorted(found.items()):
            if here in circle and there in circle and FLOOR_OF[here] >= FLOOR_OF[there]:
                print("".join(f"  {p}:{n}: {name}\n" for p, n, name in where), end="")
    print("circles: the build fails" if round_and_round else
          "no circle between rooms, none between folders")
    return not round_and_round
