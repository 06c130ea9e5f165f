# SPDX-License-Identifier: GPL-2.0-only
"""Licence lines, machine paths, lengths, blanks."""

import re

from layerslib.tree import FIXTURES, code, read

SOURCE = re.compile(r"\.(c|h|S|asm|ld|py|case|cfg|gdb|mk)$")
MACHINE_PATH = re.compile(r"(?<![\w.$}/])/(work|home|root|mnt|Users)/[\w.]")
MAX_LINES, MAX_FUNCTION, MAX_WIDTH = 600, 60, 100


def check_licence(files):
    """the first line of every source file is its SPDX licence"""
    for path in files:
        if FIXTURES.search(path):
            continue
        head = read(path).split("\n", 2)
        script = head[0].startswith("#!")
        if not (SOURCE.search(path) or script or path in ("Makefile", ".clang-format")):
            continue
        line = head[1] if script and len(head) > 1 else head[0]
        if "SPDX-License-Identifier: GPL-2.0-only" not in line:
            yield f"{path}: no SPDX-License-Identifier: GPL-2.0-only in line {2 if script else 1}"


def check_machine_paths(files):
    """no file knows the machine it was written on"""
    for path in files:
        if FIXTURES.search(path) or path == "scripts/layerslib/style.py":
            continue
        for number, line in enumerate(read(path).splitlines(), 1):
            if MACHINE_PATH.search(line):
                yield f"{path}:{number}: a machine's path: {line.strip()[:60]}"


def check_lengths(files):
    """files, functions and lines have a readable length"""
    for path in files:
        if FIXTURES.search(path) or not (SOURCE.search(path) or read(path).startswith("#!")):
            continue
        lines = read(path).splitlines()
        if len(lines) > MAX_LINES:
            yield f"{path}: {len(lines)} lines, at most {MAX_LINES}: split it"
        for number, line in enumerate(lines, 1):
            # A message stays in one piece, so that it can be searched for.
            shown = re.sub(r'"(?:\\.|[^"\\])*"', '""', line).expandtabs(8)
            if len(shown) > MAX_WIDTH and not path.endswith((".case", ".mk")):
                yield f"{path}:{number}: {len(shown)} columns, at most {MAX_WIDTH}"
        if path.endswith(".c"):
            yield from long_functions(path)


def long_functions(path):
    start, length = None, 0
    for number, line in enumerate(code(path).split("\n"), 1):
        if line == "{":
            start, length = number, 0
        elif line.startswith("}") and start:
            if length > MAX_FUNCTION:
                yield f"{path}:{start}: a function of {length} lines, at most {MAX_FUNCTION}"
            start = None
        elif start and line.strip():
            length += 1


def check_whitespace(files):
    """no blank at a line's end, a newline at the file's end, tabs in C"""
    for path in files:
        if FIXTURES.search(path) or not SOURCE.search(path):
            continue
        text = read(path)
        if text and not text.endswith("\n"):
            yield f"{path}: no newline at the end"
        for number, line in enumerate(text.split("\n"), 1):
            if line != line.rstrip():
                yield f"{path}:{number}: blank at the end of the line"
            if path.endswith((".c", ".h")) and re.match(r" {8}", line):
                yield f"{path}:{number}: indented with blanks, not tabs"
