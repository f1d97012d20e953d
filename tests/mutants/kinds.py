# SPDX-License-Identifier: MIT
"""The kinds of change that make mutants tries, each as a function from the
text of a C file to the places where it applies.

The text is searched with comments and strings blanked out, so that offsets
stay those of the file.  No parser: our own format (tests/lint/format.sh) is
what makes patterns enough.
"""
import collections
import re

Change = collections.namedtuple(
    "Change", "path number kind line now text before")
NAMES = ("negate", "operand", "bound", "equal", "ignore", "success", "truth",
         "drop")

# Calls that only let go of memory: no test without a sanitizer can tell.
LETS_GO = re.compile(r"(.*_)?(free|release)$|link_close$|means_close$|"
                     r"buf_clear$|mem_trim$|closedir$|fclose$|close$")


def blank(text):
    """The text with comments, strings and # lines as blanks, same length."""
    def spaces(m):
        return re.sub(r"[^\n]", " ", m.group())
    text = re.sub(r"/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'",
                  spaces, text, flags=re.S)
    text = re.sub(r"^#(?:.*\\\n)*.*$", spaces, text, flags=re.M)
    # Tables at the top are data; code is indented.
    return text


def closing(code, at):
    """The offset behind the bracket that closes the one at this offset."""
    depth = 0
    for i in range(at, len(code)):
        depth += (code[i] in "([{") - (code[i] in ")]}")
        if depth == 0:
            return i + 1
    return len(code)


def operand(code, at, step, weak):
    """How far the operand reaches from an operator's edge, to one side."""
    depth = 0
    opening, shutting = ("([{", ")]}") if step > 0 else (")]}", "([{")
    i = at
    while 0 <= i < len(code):
        c = code[i]
        if c in opening:
            depth += 1
        elif c in shutting:
            if depth == 0:
                break
            depth -= 1
        elif depth == 0:
            pair = code[i:i + 2] if step > 0 else code[i - 1:i + 1]
            if c in ",;?:" or pair in weak:
                break
            if c == "=" and re.match(
                    r"[^=!<>]=[^=]", code[i - 1:i + 2]):
                break
            if step < 0 and re.match(r"return\b", code[i - 5:i + 2]):
                break
        i += step
    return i


def negate(code):
    for m in re.finditer(r"\bif \(", code):
        start, end = m.end() - 1, closing(code, m.end() - 1)
        yield start, end, lambda s: f"(!{s})"


def drop_operand(code):
    for m in re.finditer(r"&&|\|\|", code):
        # "&&" binds closer: the operand of a "||" may hold one.
        weak = ("||",) if m.group() == "||" else ("||", "&&")
        left = operand(code, m.start() - 1, -1, weak) + 1
        right = operand(code, m.end(), 1, weak)
        if m.group() == "||":	# up to the next one only
            pass
        while left < m.start() and code[left].isspace():
            left += 1
        yield left, m.end(), lambda s: blanks(s)
        yield m.start(), right, lambda s: blanks(s)


def blanks(s):
    """Nothing, in as many lines."""
    return "\n" * s.count("\n")


def bound(code):
    other = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
    for m in re.finditer(r"(?<= )(<=?|>=?)(?= )", code):
        yield m.start(), m.end(), lambda s: other[s]


def equal(code):
    other = {"==": "!=", "!=": "=="}
    for m in re.finditer(r"==|!=", code):
        if not re.match(r"== -1\b", code[m.start():m.end() + 4]):
            yield m.start(), m.end(), lambda s: other[s]


def ignore(code):
    """A failing call passes for one that worked."""
    for m in re.finditer(r"([a-z_][\w>.-]*)\(", code):
        end = closing(code, m.end() - 1)
        tail = re.match(r"\s*== -1\b", code[end:])
        if tail:
            yield (m.start(), end + tail.end(),
                   lambda s: f"({s} && 0)")


def success(code):
    for m in re.finditer(r"\breturn ((-1)|(\w*_?(fail|bad|foreign|err_\w+|"
                         r"hint)\())", code):
        end = code.index(";", m.start())
        yield m.start(), end, lambda s: "return 0" + blanks(s)
    for m in re.finditer(r"\? -1 : 0\b", code):
        yield m.start(), m.end(), lambda s: "? 0 : 0"


def truth(code):
    other = {"true": "false", "false": "true"}
    for m in re.finditer(r"\b(true|false)\b", code):
        if "{" not in code[code.rfind("\n", 0, m.start()):m.start()]:
            yield m.start(), m.end(), lambda s: other[s]


def drop_call(code):
    for m in re.finditer(r"(?:^|\n|\))\s*\n?\t+((?:\(void\))?([a-z_]\w*)\()",
                         code):
        end = closing(code, m.end() - 1)
        if code[end:end + 1] == ";" and not LETS_GO.match(m.group(2)):
            yield m.start(1), end, blanks


KINDS = dict(zip(NAMES, (negate, drop_operand, bound, equal, ignore, success,
                         truth, drop_call)))


def changes(path, text):
    """All changes of all kinds to that file."""
    out, code, seen = [], blank(text), set()
    for kind, places in KINDS.items():
        for start, end, change in places(code):
            now = text[:start] + change(text[start:end]) + text[end:]
            if now in seen or in_table(code, start):
                continue
            seen.add(now)
            number = text.count("\n", 0, start) + 1
            last = text.count("\n", 0, end) + 1
            cut = slice(number - 1, last)
            out.append(Change(path, number, kind,
                              "\n-".join(text.split("\n")[cut]),
                              "\n+".join(now.split("\n")[cut]), now, text))
    return out


def in_table(code, at):
    """Outside of a function's body, where no line begins with a tab."""
    opened = code.rfind("\n{", 0, at)
    return opened == -1 or code.rfind("\n}", 0, at) > opened
