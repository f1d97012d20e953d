# SPDX-License-Identifier: MIT
"""
make: the variables that makefiles leave behind (GNU make's manual, chapters 3
and 6 to 8).  Rules are passed over, and nothing is run: what a program or the
machine would answer is unknown, and a condition on it is true, as the first
branch is the usual one.
"""

import re

from source import LENGTH, NESTING, STEPS, Conditions, Problem

UNKNOWN = "\1"

FUNCTIONS = {                   # all others find, and do, nothing
    "filter": lambda a, b="": " ".join(w for w in b.split()
                                       if matches(a, w)),
    "filter-out": lambda a, b="": " ".join(w for w in b.split()
                                           if not matches(a, w)),
    "strip": lambda a: " ".join(a.split()),
    "findstring": lambda a, b="": a if a in b else "",
    "subst": lambda a, b="", c="": c.replace(a, b) if a else c,
    "firstword": lambda a: (a.split() or [""])[0],
    "if": lambda a, b="", c="": b if a.strip() else c,
    "shell": lambda *a: UNKNOWN,
}
NOTHING = """wildcard error warning info eval call foreach abspath realpath or
    and origin patsubst addprefix addsuffix sort word words lastword notdir
    dir basename suffix file value flavor""".split()
ARGUMENTS = {"filter": 2, "filter-out": 2, "findstring": 2, "subst": 3,
             "if": 3}


def matches(patterns, word):
    """Is the word one of these, in which "%" stands for anything?"""
    for p in patterns.split():
        before, any_, after = p.partition("%")
        if word == p if not any_ else (
                len(word) >= len(before) + len(after) and
                word.startswith(before) and word.endswith(after)):
            return True
    return False


class Make:
    """The variables that makefiles leave behind."""

    def __init__(self, source, folder, fixed):
        self.source = source
        self.folder = folder    # include starts here
        self.fixed = fixed      # as given on the command line
        self.now = dict(fixed)  # name: value
        self.later = {}         # name: value, expanded when it is used
        self.steps = 0          # left for one value

    def has(self, name):
        return bool(self.now.get(name) or self.later.get(name))

    def get(self, name, depth=0):
        if name in self.later:
            return self.expand(self.later[name], depth + 1)
        return self.now.get(name, "")

    def expand(self, text, depth=0):
        self.steps = self.steps - 1 if depth else STEPS
        if depth > NESTING or self.steps == 0:
            raise Problem(f"$() in each other more than {NESTING} deep, or "
                          f"more than {STEPS} of them")
        out, i = [], 0
        while i < len(text):
            at = text.find("$", i)
            if at == -1 or at + 1 == len(text):
                out.append(text[i:])
                break
            out.append(text[i:at])
            value, i = self.reference(text, at + 1, depth)
            out.append(value)
        value = "".join(out)
        if len(value) > LENGTH:
            raise Problem(f"a value of more than {LENGTH} bytes")
        return value

    def reference(self, text, i, depth):
        """What stands behind a "$" at i: its value, and where it ends."""
        if text[i] not in "({":
            return "$" if text[i] == "$" else self.get(text[i], depth), i + 1
        end = closing(text, i)
        if end == -1:
            raise Problem(f"a $({text[i + 1:][:20]} does not end")
        inner = text[i + 1:end]
        name, _, rest = inner.partition(" ")
        if name in NOTHING:
            return "", end + 1
        if name in FUNCTIONS:
            args = arguments(rest.lstrip(), ARGUMENTS.get(name, 1))
            return FUNCTIONS[name](*[self.expand(a, depth + 1)
                                     for a in args]), end + 1
        name = self.expand(inner, depth + 1).partition(":")[0]
        return self.get(name, depth), end + 1

    def file(self, path):
        self.source.read(path, self.lines)

    def lines(self, text):
        text = re.sub(r"\\\r?\n[ \t]*", " ", text)
        conditions, recipe, define = Conditions(), False, 0
        for line in text.split("\n"):
            line = re.sub(r"(?<!\\)#.*", "", line).replace("\\#", "#")
            if recipe and line.startswith("\t"):
                continue
            line = line.lstrip(" \t").rstrip("\r")
            word = re.match(r"[^\s(]*", line)[0]
            rest = line[len(word):].lstrip()
            if define or word == "define":
                define += (word == "define") - (word == "endef")
            elif not self.conditional(conditions, word, rest) and \
                    conditions.live() and line:
                recipe = self.statement(line)
        conditions.done()

    def conditional(self, conditions, word, rest):
        """Does the line change which lines count?  Then it does."""
        if word == "endif":
            conditions.end()
        elif word == "else":
            word = re.match(r"[^\s(]*", rest)[0]
            conditions.branch(not word or conditions.open() and self.true(
                word, rest[len(word):].lstrip()), last=not word)
        elif word in ("ifeq", "ifneq", "ifdef", "ifndef"):
            conditions.begin(conditions.live() and self.true(word, rest))
        else:
            return False
        return True

    def true(self, word, rest):
        if word in ("ifdef", "ifndef"):
            return self.has(self.expand(rest).strip()) == (word == "ifdef")
        rest = rest.strip()
        m = re.fullmatch(r"""(["'])(.*?)\1\s*(["'])(.*?)\3""", rest)
        if m:
            pair = [m[2], m[4]]
        elif rest[:1] == "(" and rest[-1:] == ")":
            pair = arguments(rest[1:-1], 2)
        else:
            pair = []
        if len(pair) != 2:
            raise Problem(f"not a condition: {rest[:40]}")
        a, b = (self.expand(x).strip() for x in pair)
        return UNKNOWN in a + b or (a == b) == (word == "ifeq")

    def statement(self, line):
        """An include or an assignment; True: a recipe follows."""
        line = re.sub(r"\A(?:(?:export|override)\s+)*", "", line)
        m = re.match(r"(?:-|s)?include\s+(.*)", line)
        if m:
            for name in self.expand(m[1]).split():
                path = self.source.find([self.folder], name)
                if path:
                    self.file(path)
                else:
                    self.source.miss(name)
            return False
        m = re.match(r"((?:\$\([^)]*\)|\$\{[^}]*\}|[^\s:=+?!$])+)\s*"
                     r"(::?:?=|[+?!]?=)\s*(.*)\Z", line, re.DOTALL)
        if m:
            self.assign(self.expand(m[1]).strip(), m[2], m[3])
            return False
        return line[0] != "$" and ":" in line

    def assign(self, name, how, text):
        known = name in self.now or name in self.later
        if name in self.fixed or (how == "?=" and known):
            return
        if how == "!=":
            text = UNKNOWN
        if how[0] == ":" or (how == "+=" and name in self.now):
            before = self.now.get(name, "") + " " if how == "+=" else ""
            self.now[name] = before + self.expand(text)
            self.later.pop(name, None)
            return
        before = self.later.get(name, "") + " " \
            if how == "+=" and name in self.later else ""
        self.later[name] = before + text
        self.now.pop(name, None)

    def defines(self, name):
        """The "-D" options in a variable, as a shell reads it."""
        words = [re.sub(r'\\(.)|["\']', r"\1", quotes(w)) for w in re.findall(
            r"""(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s"'\\])+""",
            self.get(name))]
        return [words[i + 1] if w == "-D" else w[2:] for i, w in
                enumerate(words) if w[:2] == "-D" and (w != "-D" or
                                                       i + 1 < len(words))]


def quotes(word):
    """What stands in single quotes loses them, and keeps all else."""
    return re.sub(r"'([^']*)'", lambda m: re.sub(r"([\\\"'])", r"\\\1", m[1]),
                  word)


def closing(text, i):
    """Where the parenthesis at i is closed; -1."""
    shut, depth = {"(": ")", "{": "}"}[text[i]], 0
    for k in range(i, len(text)):
        depth += (text[k] == text[i]) - (text[k] == shut)
        if depth == 0:
            return k
    return -1


def arguments(text, most):
    """What is between the commas outside of parentheses."""
    out, depth, start = [], 0, 0
    for i, c in enumerate(text):
        depth += (c in "({") - (c in ")}" and depth > 0)
        if c == "," and depth == 0 and len(out) + 1 < most:
            out.append(text[start:i])
            start = i + 1
    return out + [text[start:].lstrip() if out else text]
