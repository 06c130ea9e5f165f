# SPDX-License-Identifier: GPL-2.0-only
"""One source with all its mutants in it, switched at run time.

	if (a < b)		if (mutant(7) ? (a <= b) : mutant(8) ? (0) : (a < b))
	free(p);		{ if (mutant(9)) { } else { free(p); } }

mutant(n) is true if n is the chosen one, and notes that n was reached.  Each alternative
stands in a line of its own, so that the compiler's complaints tell which of them is no C.
"""

import hashlib
import pathlib
import re
import subprocess

from mutatelib.statements import places
from mutatelib.tokens import bodies, operator_mutants, tokenize

HEAD = ("extern int mutant_chosen; extern unsigned char mutant_reached[];\n"
        "#define mutant(n) (mutant_reached[n] = 1, mutant_chosen == (n))\n")


def flat(text):
    """In one line, without comments; no string of ours has a comment or a line's end in it."""
    return re.sub(r"\s*\n\s*", " ", re.sub(r"/\*.*?\*/", " ", text, flags=re.DOTALL))


def alternatives(source, tokens, place):
    """(new text, what, position) of each mutant of @place."""
    start = tokens[place.first].start
    end = tokens[place.last - 1].end if place.last > place.first else start
    if place.kind == "leave":
        yield None, f"{place.word} gone", start
        return
    for lo, hi, new, what in operator_mutants(tokens, place.first, place.last):
        if lo >= start and hi <= end:
            yield source[start:lo] + new + source[hi:end], what, lo
    text = [t.text for t in tokens[place.first:place.last]]
    if place.kind == "condition":
        for new in ("0", "1") if place.word == "if" else ("0",):
            yield new, f"{place.word} ({new})", start
    elif place.kind == "return" and text not in (["0"], ["NULL"], ["false"]):
        yield "0", "return 0", start
    elif place.kind == "statement":
        yield None, "statement gone", start


class Schema:
    """The mutants of one file, numbered from @first."""

    def __init__(self, path, first):
        self.path = path
        self.source = pathlib.Path(path).read_text()
        self.tokens = tokenize(self.source)
        self.mutants = {}           # number -> dict
        self.slots = []             # (place, [numbers])
        self.dropped = set()
        number = first
        for lo, hi in bodies(self.tokens):
            body = self.source[self.tokens[lo].start:self.tokens[hi].end]
            digest = hashlib.sha1(body.encode()).hexdigest()[:12]
            for place in places(self.tokens, lo, hi):
                numbers = []
                for new, what, at in alternatives(self.source, self.tokens, place):
                    line = self.source.count("\n", 0, at)
                    offset = at - self.tokens[lo].start
                    self.mutants[number] = {
                        "file": path, "line": line + 1, "new": new, "what": what,
                        "column": at - self.source.rfind("\n", 0, at),
                        "text": self.source.splitlines()[line].strip(),
                        "id": f"{path}:{digest}:{offset}:{place.kind}:{what}"}
                    numbers.append(number)
                    number += 1
                if numbers:
                    self.slots.append((place, numbers))
        self.end = number

    def alive(self):
        return [n for n in self.mutants if n not in self.dropped]

    def replacement(self, place, numbers, old):
        """The text for @place, its lines tagged with the mutant that each holds."""
        numbers = [n for n in numbers if n not in self.dropped]
        if not numbers:
            return None
        lines = []
        if place.kind in ("statement", "leave"):
            lines.append((None, "{"))
            for n in numbers:
                new = self.mutants[n]["new"]
                lines.append((n, f"if (mutant({n})) {{ {flat(new) + ';' if new else ''} }} else"))
            lines.append((None, f"{{ {flat(old)}; }} }}"))
        else:
            lines.append((None, "("))
            for n in numbers:
                lines.append((n, f"mutant({n}) ? ({flat(self.mutants[n]['new'])}) :"))
            lines.append((None, f"({flat(old)}))"))
        return lines

    def text(self):
        """The source with all mutants, and which line of it is which mutant's."""
        out, at = [HEAD + f'#line 1 "{self.path}"\n'], 0
        owners, line = {}, HEAD.count("\n") + 2
        edits = []
        for place, numbers in self.slots:
            first = self.tokens[place.first]
            end = self.tokens[place.last].end if place.kind in ("statement", "leave") else \
                self.tokens[place.last - 1].end
            old = self.source[first.start:self.tokens[place.last].start]
            lines = self.replacement(place, numbers, old)
            if lines and "#" not in re.sub(r'"(?:\\.|[^"\\])*"', "", old):
                edits.append((first.start, end, lines))
        out = [HEAD]
        line = HEAD.count("\n") + 1
        for start, end, lines in sorted(edits, key=lambda e: e[0]):
            if start < at:
                continue
            piece = self.source[at:start] + "\n"
            out.append(piece)
            line += piece.count("\n")
            for number, text in lines:
                if number is not None:
                    owners[line] = number
                out.append(text + "\n")
                line += 1
            at = end
        out.append(self.source[at:])
        return "".join(out), owners

    def compile(self, compiler, flags, room):
        """Compiles to an object, leaving out what is no C; returns its path."""
        copy, target = room / self.path, room / self.path.replace(".c", ".o")
        copy.parent.mkdir(parents=True, exist_ok=True)
        for _ in range(12):
            text, owners = self.text()
            copy.write_text(text)
            done = subprocess.run([compiler, *flags, "-w", "-fmax-errors=0", "-c", copy, "-o",
                                   target], capture_output=True, text=True)
            if not done.returncode:
                self.dropped |= set(self.mutants) - set(owners.values())
                return target
            said = {int(n) for n in re.findall(re.escape(str(copy)) + r":(\d+):", done.stderr)}
            bad = {owners[n] for n in said if n in owners}
            if not bad:
                raise SystemExit(f"mutate: {self.path}: {done.stderr[:2000]}")
            self.dropped |= bad
        raise SystemExit(f"mutate: {self.path}: never compiles")


def runtime(count):
    """C that chooses the mutant of $MUTANT and writes down who was reached to $MUTANT_REACHED."""
    return f"""
#include <stdio.h>
#include <stdlib.h>
int mutant_chosen = -1;
unsigned char mutant_reached[{count}];
static void tell(void)
{{
	const char *name = getenv("MUTANT_REACHED");
	FILE *file = name ? fopen(name, "w") : NULL;

	for (int i = 0; file && i < {count}; i++)
		if (mutant_reached[i])
			fprintf(file, "%d\\n", i);
	if (file)
		fclose(file);
}}
__attribute__((constructor)) static void choose(void)
{{
	if (getenv("MUTANT"))
		mutant_chosen = atoi(getenv("MUTANT"));
	atexit(tell);
}}
"""
