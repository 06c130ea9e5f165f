# SPDX-License-Identifier: GPL-2.0-only
"""A function's body as places where a whole expression or statement can be had twice.

A reader of statements by tokens, good for this tree's style: no macro that hides half a
statement, loops by macro are called for_each...
"""

from mutatelib.tokens import TYPES, closing

PLAIN = ("break", "continue")
SKIPPED = ("goto", "asm", "__asm__", "_Static_assert")


class Place:
    """tokens[first:last] of @kind: condition, value, statement, return, leave."""

    def __init__(self, kind, first, last, word=""):
        self.kind, self.first, self.last, self.word = kind, first, last, word


def until(tokens, i, texts):
    """The next token at the same depth that is one of @texts."""
    while tokens[i].text not in texts:
        i = closing(tokens, i) + 1 if tokens[i].text in "([{" else i + 1
    return i


def is_declaration(tokens, i):
    if tokens[i].text in ("goto", "case", "default"):
        return False
    if tokens[i].text in TYPES or tokens[i].text.startswith("__typeof"):
        return True
    k = i + 1
    while tokens[k].text in ("*", "const"):
        k += 1
    return tokens[i].kind == "name" and tokens[k].kind == "name"


class Reader:
    def __init__(self, tokens):
        self.tokens, self.places = tokens, []

    def add(self, kind, first, last, word=""):
        if last > first or kind == "leave":
            self.places.append(Place(kind, first, last, word))

    def initialisers(self, i, end):
        """Values of `type a = x, b = y`; what is in braces, or static, is left alone."""
        tokens = self.tokens
        if tokens[i].text == "static":
            return
        while i < end:
            i = until(tokens, i, ("=", ";"))
            if i >= end or tokens[i].text == ";":
                return
            stop = min(until(tokens, i + 1, (",", ";")), end)
            if tokens[i + 1].text != "{":
                self.add("value", i + 1, stop)
            i = stop + 1

    def for_head(self, i, end):
        """for (first; condition; step)"""
        tokens = self.tokens
        one = until(tokens, i, (";",))
        two = until(tokens, one + 1, (";",))
        if is_declaration(tokens, i):
            self.initialisers(i, one)
        self.add("condition", one + 1, two, "for")
        self.add("step", two + 1, end)

    def headed(self, i, word):
        """A statement with a head in brackets; returns what follows the head."""
        end = closing(self.tokens, i + 1)
        if word in ("if", "while"):
            self.add("condition", i + 2, end, word)
        elif word == "switch":
            self.add("value", i + 2, end)
        elif word == "for":
            self.for_head(i + 2, end)
        return end + 1

    def statement(self, i):
        """Reads the statement at token @i; returns the index behind it."""
        tokens = self.tokens
        word = tokens[i].text
        if word == "{":
            end = closing(tokens, i)
            i += 1
            while i < end:
                i = self.statement(i)
            return end + 1
        if word in ("if", "while", "for", "switch") or \
                (word.startswith("for_each") and tokens[i + 1].text == "("):
            i = self.statement(self.headed(i, word))
            if word == "if" and tokens[i].text == "else":
                i = self.statement(i + 1)
            return i
        if word == "do":
            i = self.statement(i + 1)
            return self.headed(i, "while") + 1
        if word in ("case", "default"):
            return until(tokens, i, (":",)) + 1
        if tokens[i].kind == "name" and tokens[i + 1].text == ":":
            return i + 2
        end = until(tokens, i, (";",))
        if word == "return":
            self.add("return", i + 1, end)
            if end == i + 1:
                self.add("leave", i, end, word)
        elif word in PLAIN:
            self.add("leave", i, end, word)
        elif word in SKIPPED:
            pass
        elif is_declaration(tokens, i):
            self.initialisers(i, end)
        else:
            self.add("statement", i, end)
        return end + 1


def places(tokens, first, last):
    reader = Reader(tokens)
    reader.statement(first)
    return reader.places
