# SPDX-License-Identifier: GPL-2.0-only
"""What comments and documents point to is in the tree: files, laws, sections, definitions."""

import fnmatch
import functools
import os
import re

from layerslib.tree import FIXTURES, ROOMS_TOP, code, comments, line_of, read, row_of, tracked

HERE = "scripts/layerslib/references.py"

ENDS = "c|h|asm|inc|py|md|list|case|gdb|mk|ld|cfg|svg|js|html"
FILE = re.compile(rf"(?<![\w./<${{*-])((?:[\w.*-]|\{{[\w,.*-]+\}})+(?:/(?:[\w.*-]|\{{[\w,.*-]+\}})+)*"
                  rf"\.(?:{ENDS}))(?![\w(=/-]|\.\w)")
LAW = re.compile(r"\b[Ll]aws? (\d+)(?:(?:,| and| to|-) ?(?:law )?(\d+))?")
LAW_WORD = re.compile(r"\b[Ll]aws? (one|two|three|four|five|six|seven|eight|nine|ten)\b")
LAW_HEAD = re.compile(r"^(\d+)\. \*\*", re.M)
DEFINED_IN = re.compile(r"\b(\w+)\(\)`? ?(?:\(|in |of )`?((?:\w[\w-]*/)*[\w-]+\.[ch])\b")
SECTION = re.compile(r"\b(?:spec(?:ification)?|section|chapter)s? (\d+(?:\.\d+)*)\b")
# A path from the root without an ending: a script, a folder.
PLACE = re.compile(r"(?<![\w./<${*:-])((?:scripts|tests|mm|boot|arch|kernel|iso)"
                   r"(?:/[\w.*{},-]*[\w*}])+/?)(?![\w/*<{(-]|\.\w)")
CALLED = re.compile(r"(?<![\w.])([a-z_]\w{3,})\(\)")
REMARK = re.compile(r'^#include "([^"]+)"[ \t]*/\*(.*)\*/', re.M)
OF_OTHERS = re.compile(r"Linux|kernels|until \d|\d\.\d+\)")      # whose functions need not be here
TITLE = re.compile(r'\b((?:[\w.-]+/)*[\w.-]+\.md),? (?:section )?"([^"]+)"')
# Whose sections may be cited by number: books that anybody can get.
STANDARDS = re.compile(r"Multiboot|MP spec|ACPI|UEFI|SMBIOS|PVH|Intel|AMD|8259|16550|Graphviz|TAP", re.I)
# What is no file of this tree, and why it may be named.
ELSEWHERE = {
    "build/*": "what make writes",
    "config.mk": "a user's own, ignored by git",
    "a.html": "what the example of memmap.py writes",
    "internal.h": "Linux's suite brings one",
    "include/linux/gfp_types.h": "Linux's",
    "mm/takers/waste.c": "what an exercise asks for",
}
PLACEHOLDER = re.compile(r"(^|/)[A-Z]+(_\w+)?(/|\.(?!md))")    # OUT.c, mm/X/H.h
LAWS = "mm/README.md"
USED = set()


@functools.lru_cache(maxsize=1)
def by_name():
    names = {}
    for path in tracked():
        names.setdefault(os.path.basename(path), []).append(path)
    return names


def spelled_out(name):
    """a{b,c}d as abd, acd."""
    match = re.search(r"\{([^{}]*)\}", name)
    if not match:
        return [name]
    return [full for word in match[1].split(",")
            for full in spelled_out(name[:match.start()] + word + name[match.end():])]


@functools.lru_cache(maxsize=None)
def found(name, folder):
    """The files that @name means in a comment of @folder: from the root, from there, by its end."""
    here = os.path.normpath(os.path.join(folder, name))
    if "*" in name:
        return [p for p in tracked() if fnmatch.fnmatch(p, name) or fnmatch.fnmatch(p, here)
                or fnmatch.fnmatch(p, "*/" + name)]
    for path in (os.path.normpath(name), here):
        if os.path.isfile(path):
            return [path]
    return [p for p in by_name().get(os.path.basename(name), ()) if p.endswith("/" + name)]


def readable(path):
    """Does @path have comments or sentences of ours?"""
    if FIXTURES.search(path):
        return False
    return path.endswith((".c", ".h", ".asm", ".inc", ".py", ".md", ".mk", ".ld", ".gdb", ".list",
                          ".case", ".js")) or path == "Makefile" or read(path).startswith("#!")


def sentences(path):
    """(line, text, text with the next line) of every line of every comment; lines of fenced code
    in documents are left out, because they show what people type and programs print."""
    fenced = False
    for first, text in comments(path):
        lines = text.split("\n")
        for number, line in enumerate(lines, first):
            if path.endswith(".md") and line.lstrip().startswith("```"):
                fenced = not fenced
            if not fenced:
                following = lines[number - first + 1] if number - first + 1 < len(lines) else ""
                yield number, line, line + " " + following.lstrip("\t *#")


@functools.lru_cache(maxsize=1)
def all_words():
    """Every word of the sources: of C without comments; not of tests of scripts, which plant some."""
    words = set()
    for path in tracked():
        if not FIXTURES.search(path) and not path.endswith(".md") and \
                not path.startswith("tests/scripts/"):
            words.update(re.findall(r"\w+", code(path) if path.endswith((".c", ".h"))
                                    else read(path)))
    return words


def file_troubles(path, number, line):
    for match in FILE.finditer(line):
        for name in spelled_out(match[1]):
            if not elsewhere(name) and not found(name, os.path.dirname(path)):
                yield (f"{path}:{number}: names {name}, which is not in the tree: name the file "
                       "that has it now, or take the sentence out")
    for name in (full for match in PLACE.finditer(line) for full in spelled_out(match[1])):
        here = os.path.join(os.path.dirname(path), name)
        if not (FILE.search(name) or re.search(r"/[A-Z]+$", name) or elsewhere(name)
                or os.path.exists(name) or os.path.exists(here)
                or found(name.rstrip("/"), os.path.dirname(path))):
            yield (f"{path}:{number}: names {name}, which is not in the tree: name the file or "
                   "folder that it is now, or take the sentence out")
    for function, name in DEFINED_IN.findall(line):
        files = [f for f in found(name, os.path.dirname(path)) if f.endswith((".c", ".h"))]
        if files and not any(re.search(rf"\b{function}\(", code(f)) for f in files):
            yield f"{path}:{number}: {function}() is not in {name}: name the file that defines it"


def elsewhere(name):
    known = [pattern for pattern in ELSEWHERE if fnmatch.fnmatch(name, pattern)]
    USED.update(known)
    return known or PLACEHOLDER.search(name)


def call_troubles(path, number, line, around):
    if not path.startswith(ROOMS_TOP) or OF_OTHERS.search(around):
        return
    for match in CALLED.finditer(line):
        if match[1] not in all_words():
            yield (f"{path}:{number}: {match[0]} is nowhere in the tree: name the function that "
                   "does it now, or say whose it is")


def remark_troubles(path):
    """An include's remark says what the header is there for: it has that, and the file uses it."""
    for match in REMARK.finditer(read(path)):
        if not os.path.exists(match[1]):
            continue
        line = line_of(read(path), match.start())
        for name in re.findall(r"\b(\w+)\(\)", match[2]):
            if not re.search(rf"\b{name}\b", code(match[1])):
                yield f"{path}:{line}: {match[1]} has no {name}(): say what the include is there for"
            elif path.endswith(".c") and not re.search(rf"\b{name}\b", code(path)):
                yield (f"{path}:{line}: {name}() of {match[1]} is not used here: say what the "
                       "include is there for, or take it out")


def number_troubles(path, number, own, line, laws):
    """@own: the line; @line: with the next one, on which a sentence may go on."""
    for match in LAW_WORD.finditer(line):
        if match.start() < len(own):
            yield f"{path}:{number}: \"{match[0]}\": write its number, so that it can be checked"
    for match in LAW.finditer(line):
        if match.start() >= len(own):
            continue
        for law in filter(None, match.groups()):
            if law not in laws:
                yield (f"{path}:{number}: there is no law {law}: {LAWS} has the laws "
                       f"{laws[0]} to {laws[-1]}" if laws else
                       f"{path}:{number}: {LAWS} has no laws: restore its list")
    for match in SECTION.finditer(line):
        if match.start() < len(own) and not STANDARDS.search(line):
            yield (f"{path}:{number}: \"{match[0]}\" of which document? cite one in the tree by "
                   "its title, a standard by its name, or say the rule itself")
    for name, title in TITLE.findall(own):
        for file in found(name, os.path.dirname(path)):
            if not re.search(rf"^#+ .*{re.escape(title)}", read(file), re.M | re.I):
                yield f"{path}:{number}: {file} has no section \"{title}\": name one it has"


def check_references(files):
    """comments and documents point to files, laws and sections that are in the tree"""
    USED.clear()
    laws = LAW_HEAD.findall(laws_text())
    for path in files:
        if not readable(path):
            continue
        if path.startswith(ROOMS_TOP) and path.endswith((".c", ".h")):
            yield from remark_troubles(path)
        before = ""
        for number, line, longer in sentences(path):
            yield from file_troubles(path, number, line)
            yield from call_troubles(path, number, line, before + longer)
            yield from number_troubles(path, number, line, longer, laws)
            before = line
    for pattern in ELSEWHERE:
        if pattern not in USED:
            yield f"{row_of(HERE, pattern)}: nothing names {pattern}: take the row out"


def laws_text():
    parts = re.split(r"(?im)^## (?:the )?laws\b.*$", read(LAWS) if os.path.exists(LAWS) else "")
    return parts[1].split("\n## ")[0] if len(parts) > 1 else ""
