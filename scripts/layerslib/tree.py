# SPDX-License-Identifier: GPL-2.0-only
"""The files of the tree, and the code and comments in them."""

import functools
import os
import re
import subprocess

ROOMS_TOP = ("kernel/", "arch/", "boot/", "mm/")
# Files that record what others said; the rules for our own text do not hold in them.
FIXTURES = re.compile(r"^tests/(linux-logs|maps|.*golden|.*corpus)/|^LICENSE$")
C_TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'', re.S)


@functools.lru_cache(maxsize=1)
def tracked():
    """Files of the repository, new ones included, ignored ones not; without git, the tree."""
    listing = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"],
                             capture_output=True, text=True, check=False)
    if listing.returncode == 0:
        return sorted(f for f in set(listing.stdout.split("\n")) if f and os.path.isfile(f))
    return sorted(os.path.relpath(os.path.join(top, name)) for top, _, names in os.walk(".")
                  for name in names if "/." not in top and not top.startswith("./build")
                  and "__pycache__" not in top)


@functools.lru_cache(maxsize=None)
def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def blank(match):
    return "\n" * match[0].count("\n") or " "


@functools.lru_cache(maxsize=None)
def code(path):
    """C without comments and strings; line numbers stay."""
    return C_TOKEN.sub(blank, read(path))


@functools.lru_cache(maxsize=None)
def code_and_strings(path):
    """C without comments; line numbers stay."""
    return C_TOKEN.sub(lambda m: blank(m) if m[0].startswith("/") else m[0], read(path))


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def row_of(path, word):
    """path:line of the first line of a table in @path that has "@word" in quotes."""
    for number, line in enumerate(read(path).split("\n"), 1):
        if f'"{word}"' in line:
            return f"{path}:{number}"
    return f"{path}:1"


@functools.lru_cache(maxsize=None)
def comments(path):
    """[(line, text)] of the comments of a source file; of a document, its lines."""
    text = read(path)
    if path.endswith((".c", ".h", ".ld", ".js")):
        return [(line_of(text, m.start()), m[0]) for m in C_TOKEN.finditer(text)
                if m[0].startswith("/")]
    if path.endswith(".md"):
        return list(enumerate(text.split("\n"), 1))
    mark = re.compile(r";" if path.endswith((".asm", ".inc")) else r"(?:^|(?<=\s))#(?=[ !]|$)")
    found = [(number, line[match.start():]) for number, line in enumerate(text.split("\n"), 1)
             if (match := mark.search(line))]
    if path.endswith(".py") or text.startswith("#!/usr/bin/env python3"):
        found += [(line_of(text, m.start()), m[0])
                  for m in re.finditer(r'""".*?"""', text, re.S)]
    return sorted(found)
