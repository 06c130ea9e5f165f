# SPDX-License-Identifier: GPL-2.0-only
"""Words of one room that no other room may speak."""

import re

from layerslib.tree import ROOMS_TOP, code, code_and_strings, line_of, read, row_of

HERE = "scripts/layerslib/words.py"
# (word, rooms that may speak it, rule and cure); in code, without comments and includes
WORDS = [
    (re.compile(r"\b(?:rdmsr|wrmsr|outb|outw|outl|inb|inw|inl)(?=\s*\()"), ["arch/", "tests/"],
     "ports and MSRs belong to arch/: ask a function of <arch/...>"),
    (re.compile(r"\be820\w*"), ["arch/", "tests/"],
     "only arch/ knows the word e820: it tells memblock what is RAM"),
    (re.compile(r"\b(?:multiboot2?|mb2)_\w+"), ["boot/", "tests/"],
     "only boot/ knows the loader's protocol: read struct boot_info"),
    (re.compile(r"\b(?:read_|write_)?cr[0348]\b"), ["arch/", "tests/"],
     "control registers belong to arch/: ask a function of <arch/...>"),
    # Without instructions in it: a barrier of the compiler.
    (re.compile(r"\b(?:__)?asm(?:__)?(?! *\( *(?:\"\")? *:)\b"),
     ["arch/", "tests/"],
     "instructions belong to arch/: ask a function of <arch/...>"),
]
# Words that mm/ and kernel/ must not speak, whoever else does.
DEVICE_TREE = re.compile(r"\bfdt_\w+|\bof_(?:scan|numa|flat)\w*")
# An architecture's name, in code or comments; what is of one architecture is in arch/ARCH and
# boot/ARCH.
MACHINE = re.compile(r"__builtin_ia32_\w+|(?<![A-Za-z0-9])(?:[xX]86|amd64|i386|arm64|aarch64)"
                     r"(?![A-Za-z0-9])\w*|\b__(?:BMI2?|AVX\w*|SSE\w*|POPCNT|LZCNT|ARM_\w+)__\b")
MACHINE_ROOMS = re.compile(r"^(?:arch/(?!include/)|boot/(?!firmware/|efi/)[^/]+/)")
# Files that may name one nevertheless, and why.
MACHINE_NAMED = {
}


def check_words(files):
    """words of one room stay there; no architecture is named outside arch/ARCH and boot/ARCH"""
    named, spoken = set(), set()
    for path in files:
        if not path.endswith((".c", ".h", ".asm")):
            continue
        yield from words_of(path, spoken)
        if path.startswith(ROOMS_TOP) and not MACHINE_ROOMS.match(path):
            for match in MACHINE.finditer(read(path)):
                if path in MACHINE_NAMED:
                    named.add(path)
                    continue
                yield (f"{path}:{line_of(read(path), match.start())}: names an architecture "
                       f"({match[0]}): move it to arch/ or boot/ARCH, behind a name of <arch/...>")
    for path in MACHINE_NAMED:
        if path not in named:
            yield f"{row_of(HERE, path)}: {path} names no architecture: take the row out"
    for _, rooms, _ in WORDS:
        for room in rooms:
            if (id(rooms), room) not in spoken:
                yield f"{row_of(HERE, room)}: no file in {room} speaks such a word: take it out"


def words_of(path, spoken):
    if not path.endswith((".c", ".h")):
        return
    text = code_and_strings(path) if path.startswith("mm/") else code(path)
    for word, rooms, why in WORDS:
        for match in word.finditer(text):
            room = next((r for r in rooms if path.startswith(r)), None)
            spoken.add((id(rooms), room))
            if room is None:
                yield f"{path}:{line_of(text, match.start())}: {match[0].strip()}: {why}"
    for match in DEVICE_TREE.finditer(text) if path.startswith(("mm/", "kernel/")) else ():
        yield (f"{path}:{line_of(text, match.start())}: {match[0]}: the device tree belongs to "
               "boot/firmware/: it tells memblock what is RAM")
