# SPDX-License-Identifier: MIT
"""
cpp: what headers define: #include, #define, #undef and conditions (C11,
6.10).  Declarations, macros with arguments, and headers that are not in the
tree (a chip maker's, the compiler's) are passed over.  A condition that has no
value is false.
"""

import operator
import re

from source import STEPS, Conditions

TOKEN = re.compile(r'"(?:\\.|[^"\\\n])*"?|\'(?:\\.|[^\'\\\n])*\'?|'
                   r'[A-Za-z_]\w*|\d\w*|\s+|<<|>>|<=|>=|==|!=|&&|\|\||.',
                   re.DOTALL)
NOISE = re.compile(r'\\\r?\n|/\*.*?(?:\*/|\Z)|//(?:\\\r?\n|[^\n])*|'
                   r'"(?:\\.|[^"\\\n])*"?|\'(?:\\.|[^\'\\\n])*\'?',
                   re.DOTALL)
LITERALS = re.compile(r'\s*(?:"(?:\\["\\\'?]|[^"\\])*"\s*)+')
BINARY = [                      # from the weakest; C11, 6.5.5 to 6.5.14
    {"||": lambda a, b: int(a != 0 or b != 0)},
    {"&&": lambda a, b: int(a != 0 and b != 0)},
    {"|": operator.or_}, {"^": operator.xor}, {"&": operator.and_},
    {"==": operator.eq, "!=": operator.ne},
    {"<": operator.lt, ">": operator.gt, "<=": operator.le,
     ">=": operator.ge},
    {"<<": lambda a, b: a << (b & 63), ">>": lambda a, b: a >> (b & 63)},
    {"+": operator.add, "-": operator.sub},
    {"*": operator.mul, "/": lambda a, b: int(a / b),
     "%": lambda a, b: a - b * int(a / b)},
]


def number(text):
    """The value of a constant expression; None: it has none."""
    tokens = [t for t in TOKEN.findall(text) if not t.isspace()]

    def primary():
        t = tokens.pop(0)
        if t in ("!", "-", "+", "~"):
            v = primary()
            return {"!": int(not v), "-": -v, "+": v, "~": ~v}[t]
        if t == "(":
            v = ternary()
            if tokens.pop(0) != ")":
                raise ValueError
            return v
        if re.fullmatch(r"'[^'\\]'", t):
            return ord(t[1])
        if t[0].isdigit():
            t = t.rstrip("uUlL")
            v = int(t, 8 if t[0] == "0" and t.isdigit() else 0)
            if v >> 64:
                raise ValueError
            return v
        if re.match(r"[A-Za-z_]", t):
            return 0
        raise ValueError

    def binary(level):
        if level == len(BINARY):
            return primary()
        v = binary(level + 1)
        while tokens and tokens[0] in BINARY[level]:
            v = int(BINARY[level][tokens.pop(0)](v, binary(level + 1)))
        return v

    def ternary():
        v = binary(0)
        if tokens and tokens[0] == "?":
            tokens.pop(0)
            yes = ternary()
            if tokens.pop(0) != ":":
                raise ValueError
            no = ternary()
            v = yes if v else no
        return v

    try:
        v = ternary()
        return v if not tokens else None
    except (ValueError, IndexError, ZeroDivisionError, RecursionError):
        return None


class Cpp:
    """What headers define."""

    def __init__(self, source, folders):
        self.source = source
        self.folders = folders  # looked through for headers
        self.macros = {}        # name: text, or None if it has arguments

    def define(self, text):
        """As -DNAME or -DNAME=TEXT."""
        m = re.fullmatch(r"([A-Za-z_]\w*)(?:=(.*))?", text, re.DOTALL)
        if m:
            self.macros[m[1]] = "1" if m[2] is None else m[2]

    def expand(self, text):
        """The text with its macros expanded; "" if that takes too long."""
        steps = STEPS

        def expand(text, busy):
            nonlocal steps
            for t in TOKEN.findall(text):
                steps -= 1
                value = self.macros.get(t) if t not in busy else None
                if steps < 0:
                    return
                if value is not None:
                    yield from expand(value, busy + (t,))
                else:
                    yield t

        out = "".join(expand(text, ()))
        return out if steps >= 0 else ""

    def string(self, name):
        """A macro that is a string literal, or several in a row; None."""
        text = self.expand(name) if name in self.macros else ""
        if not LITERALS.fullmatch(text):
            return None
        return "".join(re.sub(r"\\(.)", r"\1", s) for s in
                       re.findall(r'"((?:\\.|[^"\\])*)"', text))

    def number(self, name):
        return number(self.expand(name)) if name in self.macros else None

    def true(self, text):
        text = re.sub(r"\bdefined\s*(?:\(\s*(\w+)\s*\)|(\w+))", lambda m:
                      " 1 " if (m[1] or m[2]) in self.macros else " 0 ", text)
        return bool(number(self.expand(text)))

    def file(self, path):
        self.source.read(path, lambda text: self.lines(path, text))

    def include(self, path, text):
        m = re.match(r'"([^"]*)|<([^>]*)', text)
        if not m:
            return
        beside = [path.rpartition("/")[0]] if m[1] is not None else []
        name = m[1] or m[2] or ""
        found = self.source.find(beside + self.folders, name)
        if found:
            self.file(found)
        elif m[1] is not None:
            self.source.miss(name)

    def lines(self, path, text):
        text = NOISE.sub(lambda m: "" if m[0][0] == "\\" or m[0][:2] == "//"
                         else " " if m[0][:2] == "/*" else m[0], text)
        conditions = Conditions()
        for line in text.split("\n"):
            m = re.match(r"\s*#\s*([a-z]+)\s*(.*?)\s*\Z", line)
            if m:
                self.directive(path, conditions, m[1], m[2])
        conditions.done()

    def directive(self, path, conditions, name, rest):
        word = re.match(r"\w*", rest)[0]
        if name == "if":
            conditions.begin(conditions.live() and self.true(rest))
        elif name in ("ifdef", "ifndef"):
            conditions.begin((word in self.macros) == (name == "ifdef"))
        elif name == "elif":
            conditions.branch(conditions.open() and self.true(rest))
        elif name == "else":
            conditions.branch(True, last=True)
        elif name == "endif":
            conditions.end()
        elif not conditions.live():
            return
        elif name == "define" and word:
            value = rest[len(word):]
            self.macros[word] = None if value[:1] == "(" else value.strip()
        elif name == "undef":
            self.macros.pop(word, None)
        elif name == "include":
            self.include(path, rest)
