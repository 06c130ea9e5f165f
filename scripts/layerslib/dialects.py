# SPDX-License-Identifier: GPL-2.0-only
"""dialect=: the facts of a dialect are asked for where the table says so, and nowhere else."""

import re

from layerslib.tree import ROOMS_TOP, code, line_of, read

TABLE = "kernel/lib/dialect.h"
SOURCE = "kernel/lib/dialect.c"
FACT = re.compile(r"/\*((?:(?!\*/).)*)\*/\s*\n\s*(?:bool|const char)\s+([^;]+);", re.S)
FILES = re.compile(r"[\w./]+\.[ch]\b")
USE = re.compile(r"(?<![\w>.])dialect\b(?:\s*->\s*(\w+))?")


def facts():
    """{field: (line, files that may ask)} of the table."""
    text = read(TABLE)
    body = text[text.index("struct dialect {"):text.index("};")]
    start = text.index("struct dialect {")
    found = {}
    for match in FACT.finditer(body):
        files = FILES.findall(match[1].rpartition("):")[2])
        for field in re.findall(r"\w+", match[2]):
            found[field] = (line_of(text, start + match.start(2)), files)
    return found


def check_dialects(files):
    """a dialect's facts are asked for where kernel/lib/dialect.h says so"""
    table, asked = facts(), set()
    for path in files:
        if not path.startswith(ROOMS_TOP) or not path.endswith((".c", ".h")) \
                or path in (TABLE, SOURCE):
            continue
        for match in USE.finditer(code(path)):
            field = match[1]
            where = f"{path}:{line_of(code(path), match.start())}"
            if field not in table:
                yield f"{where}: dialect is more than a fact of {TABLE} here: ask for one by name"
                continue
            named = next((f for f in table[field][1] if ("/" + path).endswith("/" + f)), None)
            if named is None:
                yield (f"{where}: dialect->{field} is asked for in {', '.join(table[field][1])}: "
                       f"do it there, or name this file in {TABLE}")
            asked.add((field, named))
    for field, (line, names) in table.items():
        for name in names:
            if (field, name) not in asked and not SOURCE.endswith(name):
                yield f"{TABLE}:{line}: {name} does not ask for {field}: take it out"
