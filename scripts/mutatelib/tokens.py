# SPDX-License-Identifier: GPL-2.0-only
"""C sources as tokens, and the small bugs that can be made of them."""

import hashlib
import pathlib
import re

TOKEN = re.compile(r"""
    (?P<skip>/\*.*?\*/|//[^\n]*|\s+|\\\n)
  | (?P<pre>^[ \t]*\#(?:[^\n]*\\\n)*[^\n]*)
  | (?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
  | (?P<number>\b(?:0[xX][0-9a-fA-F]+|\d+)[uUlL]*\b)
  | (?P<name>[A-Za-z_]\w*)
  | (?P<op><<=|>>=|\.\.\.|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=
        |[-+*/%&|^~!<>=?:;,.(){}\[\]])
""", re.VERBOSE | re.DOTALL | re.MULTILINE)

SWAPS = {
    "<": ["<=", ">="], "<=": ["<", ">"], ">": [">=", "<="], ">=": [">", "<"],
    "==": ["!="], "!=": ["=="], "&&": ["||"], "||": ["&&"],
    "+": ["-"], "-": ["+"], "+=": ["-=", "="], "-=": ["+=", "="], "/": ["*"],
    "<<": [">>"], ">>": ["<<"], "&": ["|"], "|": ["&"], "^": ["&"],
    "|=": ["&=", "="], "&=": ["|=", "="], "++": ["--"], "--": ["++"], "!": [""], "~": [""],
}
# A declaration, not a statement: deleting it would only fail to compile.
TYPES = {"struct", "enum", "unsigned", "const", "static", "bool", "int", "long", "char", "void",
         "phys_addr_t", "uint64_t", "uint32_t", "size_t", "extern", "goto", "case", "default"}
# Words after which + - * & are signs, not operators between two values.
BEFORE_UNARY = {"return", "else", "case", "sizeof"}


class Token:
    def __init__(self, kind, text, start):
        self.kind, self.text, self.start, self.end = kind, text, start, start + len(text)


def tokenize(source):
    tokens, at = [], 0
    while at < len(source):
        match = TOKEN.match(source, at)
        if not match:
            raise SystemExit(f"mutate: cannot read {source[at:at + 30]!r}")
        if match.lastgroup not in ("skip", "pre"):
            tokens.append(Token(match.lastgroup, match[0], at))
        at = match.end()
    return tokens


def closing(tokens, i):
    """Index of the bracket that closes tokens[i]."""
    depth = 0
    for k in range(i, len(tokens)):
        depth += tokens[k].text in "([{" and len(tokens[k].text) == 1
        depth -= tokens[k].text in ")]}" and len(tokens[k].text) == 1
        if not depth:
            return k
    return len(tokens) - 1


def bodies(tokens):
    """(first, last) token indices of function bodies: braces after ) at depth 0."""
    i = 0
    while i < len(tokens):
        if tokens[i].text == "{":
            end = closing(tokens, i)
            if i and tokens[i - 1].text == ")":
                yield i, end
            i = end
        i += 1


def is_unary(tokens, i):
    before = tokens[i - 1]
    return before.text in BEFORE_UNARY or (before.kind == "op" and before.text not in ")]") or \
        (before.text == ")" and is_cast(tokens, i - 1))


def is_cast(tokens, i):
    """Does the ) at tokens[i] close a cast, like (void *) or (phys_addr_t)?"""
    k = i - 1
    while k and tokens[k].text in ("*", "const", "struct", "unsigned", "long") or \
            tokens[k].text in TYPES or (tokens[k].kind == "name" and tokens[k - 1].text == "struct"):
        k -= 1
    return k < i - 1 and tokens[k].text == "("


def operator_mutants(tokens, first, last):
    for i in range(first, last):
        token = tokens[i]
        if token.kind == "op" and token.text in SWAPS:
            if token.text in "+-*&" and is_unary(tokens, i):
                continue
            for new in SWAPS[token.text]:
                yield token.start, token.end, new, f"{token.text} -> {new or 'nothing'}"
        if token.kind == "number":
            value = int(re.sub("[uUlL]+$", "", token.text), 0)
            for new in {value + 1, value - 1} if value else {1}:
                yield token.start, token.end, str(new), f"{token.text} -> {new}"
        if token.text in ("true", "false"):
            new = "false" if token.text == "true" else "true"
            yield token.start, token.end, new, f"{token.text} -> {new}"
        if token.text in ("MIN", "MAX") and tokens[i + 1].text == "(":
            new = "MAX" if token.text == "MIN" else "MIN"
            yield token.start, token.end, new, f"{token.text} -> {new}"
        if token.text in ("continue", "break") and token.kind == "name":
            yield token.start, token.end, "", f"{token.text} gone"


def condition_mutants(tokens, first, last):
    for i in range(first, last):
        if tokens[i].text in ("if", "while") and tokens[i + 1].text == "(":
            end = closing(tokens, i + 1)
            for new in ("0", "1") if tokens[i].text == "if" else ("0",):
                yield (tokens[i + 1].end, tokens[end].start, new,
                       f"{tokens[i].text} ({new})")


def statement_mutants(tokens, first, last):
    i = first + 1
    while i < last:
        begins = tokens[i - 1].text in (";", "{", "}", "else") or \
            (tokens[i - 1].text == ")" and is_header(tokens, i - 1))
        if begins and tokens[i].text not in TYPES and tokens[i].text not in "{};" and \
                tokens[i].text not in ("if", "for", "while", "do", "else", "break", "continue"):
            end = i
            while tokens[end].text != ";":
                end = closing(tokens, end) + 1 if tokens[end].text in "([{" else end + 1
                if end >= last:
                    break
            if end < last and tokens[i].text == "return":
                yield from return_mutants(tokens, i, end)
            elif end < last and not is_declaration(tokens, i, end):
                yield tokens[i].start, tokens[end].start, "", "statement gone"
            i = end
        i += 1


def is_header(tokens, i):
    """Does the ) at tokens[i] close the head of if, while, for or for_each...?"""
    depth = 0
    for k in range(i, -1, -1):
        depth += tokens[k].text == ")"
        depth -= tokens[k].text == "("
        if not depth:
            return tokens[k - 1].text in ("if", "while", "for") or \
                tokens[k - 1].text.startswith("for_each")
    return False


def is_declaration(tokens, i, end):
    return tokens[i].kind == "name" and tokens[i + 1].kind == "name" and end > i + 1


def return_mutants(tokens, i, end):
    if end == i + 1:
        yield tokens[i].start, tokens[end].start, "", "return gone"
        return
    text = [t.text for t in tokens[i + 1:end]]
    if text not in (["0"], ["NULL"], ["false"]):
        yield tokens[i + 1].start, tokens[end].start, "0", "return 0"


def mutants_of(path):
    source = pathlib.Path(path).read_text()
    tokens = tokenize(source)
    for first, last in bodies(tokens):
        body = source[tokens[first].start:tokens[last].end]
        digest = hashlib.sha1(body.encode()).hexdigest()[:12]
        for make in (operator_mutants, condition_mutants, statement_mutants):
            for start, end, new, what in make(tokens, first, last):
                line = source.count("\n", 0, start)
                yield {"file": path, "line": line + 1, "start": start, "end": end, "new": new,
                       "what": what, "text": source.splitlines()[line].strip(),
                       "column": start - source.rfind("\n", 0, start),
                       "id": f"{path}:{digest}:{start - tokens[first].start}:{what}"}
