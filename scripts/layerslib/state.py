# SPDX-License-Identifier: GPL-2.0-only
"""State: how many variables live longer than a call, and who may touch each.

The compiler's own list is asked (nm on the kernel's objects, types b B d D), because it knows
statics of functions, too.  Constants do not count.
"""

import os
import re
import subprocess
from collections import Counter

from layerslib.tree import ROOMS_TOP, read, tracked

LIMIT = 89
MARKS = ("boot only", "under zone->lock", "per CPU", "constant after boot", "one writer")
MARKED = re.compile("|".join(mark.replace(" ", r"(?:\s|\*)+") for mark in MARKS), re.I)


def objects():
    return os.path.join(os.environ.get("B", "build"), "k")


def variables():
    """[(source, name)] of every variable of the kernel's objects; None without objects."""
    sources = [p for p in tracked() if p.startswith(ROOMS_TOP) and p.endswith((".c", ".asm"))]
    built = {os.path.join(objects(), p[:-2] + ".o" if p.endswith(".c") else p + ".o"): p
             for p in sources}
    built = {made: source for made, source in built.items() if os.path.exists(made)}
    if len(built) < len(sources) // 2:
        return None
    listing = subprocess.run(["nm", "-A", "--defined-only", *built], capture_output=True,
                             text=True, check=True).stdout
    rows = re.findall(r"^([^:]+):\S* [bBdD] (\S+)$", listing, re.M)
    return [(built[made], re.sub(r"\.\d+$", "", name)) for made, name in rows]


def check_count(_files):
    """there are no more variables than agreed"""
    found = variables()
    if found is not None and len(found) > LIMIT:
        yield (f"scripts/layerslib/state.py:1: {len(found)} variables, at most {LIMIT}: put the new "
               "one into its module's struct, or on a stack")


def print_count():
    found = variables()
    if found is None:
        print("variables: not counted, nothing is built")
        return
    rooms = Counter(os.path.dirname(source) for source, _ in found)
    print(f"variables: {len(found)} of at most {LIMIT}: "
          + ", ".join(f"{room} {n}" for room, n in sorted(rooms.items())))


def comment_at(text, start):
    """The comment that stands before the line at @start, with no blank line between."""
    above = text[:start].rstrip("\t ")
    return above[above.rindex("/*"):] if above.endswith("*/\n") else ""


def text_marked(text, name, headers):
    """Does the comment of the variable @name, of its group or of its struct have a mark?

    @headers: texts in which its struct may be, too."""
    definition = re.compile(rf"^(?!\s*(?:/?\*|extern|return|typedef|goto|else))(?=[\t }}]*[a-z_])"
                            rf"[^\n()=;]*?\b{name}\b[^\n]*(?:\n\t+/?\*[^\n]*)*", re.M)
    return any(definition_marked(text, match, headers) for match in definition.finditer(text))


def definition_marked(text, match, headers):
    start = match.start()
    if MARKED.search(comment_at(text, start) + match[0]):
        return True
    if match[0].startswith("}"):
        head = text.rfind("static struct", 0, start)
        return head >= 0 and bool(MARKED.search(comment_at(text, head) + text[head:start]))
    group = text[text.rfind("\n\n", 0, start) + 1:start]
    if re.match(r"\s*/\*", group) and MARKED.search(group[:group.index("*/")]):
        return True
    struct = re.match(r"\s*(?:static\s+)?(?:\w+\s+)?struct (\w+)", match[0])
    return bool(struct) and any(struct_marked(where, struct[1]) for where in [text, *headers])


def struct_marked(text, name):
    """Does the struct of that name have a mark on all, or on its first field?"""
    match = re.search(rf"^(?:static |extern )?struct {name} \{{\n(.*?)^\}}", text, re.M | re.S)
    if not match:
        return False
    first = re.search(r"^\t\w[^;]*;(?:[^\n]*/\*.*?\*/)?", match[1], re.M | re.S)
    return bool(MARKED.search(comment_at(text, match.start())) or
                first and MARKED.search(match[1][:first.end()]))


def declared_marked(name, headers):
    """Does a header that declares the variable, or a macro that defines it, have a mark?"""
    for text in headers:
        match = re.search(rf"^[\t ]*(?:extern|static) [^\n(]*\b{name}\b[^\n]*", text, re.M)
        if not match:
            continue
        group = match.start()           # of declarations without a line between them
        while re.match(r"extern [^\n]*\n$", text[text.rfind("\n", 0, group - 1) + 1:group]):
            group = text.rfind("\n", 0, group - 1) + 1
        if MARKED.search(comment_at(text, group) + text[group:match.end()]):
            return True
    return False


def check_marks(_files):
    """every variable says who may touch it"""
    headers = [read(p) for p in tracked() if p.startswith(ROOMS_TOP) and p.endswith(".h")]
    for path, name in variables() or []:
        if path.endswith(".c") and not text_marked(read(path), name, headers) \
                and not declared_marked(name, headers):
            line = next((n for n, row in enumerate(read(path).split("\n"), 1)
                         if re.search(rf"\b{name}\b", row)), 1)
            yield (f"{path}:{line}: {name} does not say who may touch it: add one of "
                   + ", ".join(f'"{mark}"' for mark in MARKS) + " to its comment")
