# SPDX-License-Identifier: MIT
"""
cmake: the variables that CMake files leave behind (cmake-language(7)): set,
unset, list (APPEND, PREPEND, REMOVE_ITEM), if, include and return, of which
definitions of boards are made.  Other commands do nothing here; functions,
macros and loops are passed over.  Tests of files and targets are false.
"""

import operator
import re

from source import LENGTH, NESTING, Conditions, Problem

LEXER = re.compile(r"""
      (?P<noise>[ \t\r\n]+|\#\[(?P<c>=*)\[.*?\](?P=c)\]|\#[^\n]*)
    | \[(?P<b>=*)\[(?P<bracket>.*?)\](?P=b)\]
    | "(?P<quoted>(?:\\.|[^"\\])*)"
    | (?P<paren>[()])
    | (?P<bare>(?:\\.|"(?:\\.|[^"\\])*"|[^\s()#"\\])+)
    """, re.DOTALL | re.VERBOSE)
BLOCKS = {"function": "endfunction", "macro": "endmacro",
          "foreach": "endforeach", "while": "endwhile"}
ESCAPES = {"t": "\t", "r": "\r", "n": "\n"}
TRUE = ("1", "ON", "YES", "TRUE", "Y")
FALSE = ("", "0", "OFF", "NO", "FALSE", "N", "IGNORE", "NOTFOUND")
UNARY = ("EXISTS", "COMMAND", "POLICY", "TARGET", "TEST", "IS_DIRECTORY",
         "IS_SYMLINK", "IS_ABSOLUTE")
NUMERIC = {"EQUAL": operator.eq, "LESS": operator.lt, "GREATER": operator.gt,
           "LESS_EQUAL": operator.le, "GREATER_EQUAL": operator.ge}
OTHERS = ("STREQUAL", "MATCHES", "VERSION_LESS", "VERSION_GREATER",
          "VERSION_EQUAL", "VERSION_LESS_EQUAL", "VERSION_GREATER_EQUAL",
          "STRLESS", "STRGREATER", "IN_LIST", "PATH_EQUAL", "IS_NEWER_THAN")


def commands(text):
    """(name, [(kind, text), ...]) for each command."""
    i, tokens = 0, []
    while i < len(text):
        m = LEXER.match(text, i)
        if not m:
            raise Problem("it ends in the middle of a command")
        i = m.end()
        if m["noise"] is None:
            kind = m.lastgroup if m.lastgroup != "b" else "bracket"
            tokens.append((kind, m[kind]))
    tokens.reverse()
    while tokens:
        kind, name = tokens.pop()
        if kind != "bare" or not tokens or tokens.pop() != ("paren", "("):
            raise Problem("not a command")
        args, depth = [], 1
        while depth:
            if not tokens:
                raise Problem("it ends in the middle of a command")
            token = tokens.pop()
            depth += (token == ("paren", "(")) - (token == ("paren", ")"))
            args.append(token)
        yield name.lower(), args[:-1]


def number(text):
    m = re.match(r"\s*[-+]?\d+(?:\.\d*)?", text)
    return float(m[0]) if m else 0.0


class CMake:
    def __init__(self, source, folder):
        self.source = source
        self.folder = folder    # include() starts here
        self.vars = {}

    def items(self, name):
        return [i for i in self.vars.get(name, "").split(";") if i]

    def expand(self, text):
        """Replaces ${NAME}, the innermost first, and escapes."""
        for _ in range(NESTING):
            new = re.sub(r"(?<!\\)\$\{([^${}]*)\}",
                         lambda m: self.vars.get(m[1], ""), text)
            if len(new) > LENGTH:
                raise Problem(f"a value of more than {LENGTH} bytes")
            if new == text:
                break
            text = new
        return re.sub(r"\\([^;A-Za-z0-9]|[trn])",
                      lambda m: ESCAPES.get(m[1], m[1]), text)

    def arguments(self, args):
        """As a command sees them: (kind, text), lists taken apart."""
        for kind, text in args:
            if kind in ("bracket", "paren"):
                yield kind, text
            elif kind == "quoted":
                yield kind, self.expand(text)
            else:
                for item in re.split(r"(?<!\\);", self.expand(text)):
                    if item:
                        yield kind, item.replace("\\;", ";")

    def file(self, path):
        before = self.vars.get("CMAKE_CURRENT_LIST_DIR", "")
        self.vars["CMAKE_CURRENT_LIST_DIR"] = "/" + path.rpartition("/")[0]
        self.source.read(path, self.lines)
        self.vars["CMAKE_CURRENT_LIST_DIR"] = before

    def lines(self, text):
        conditions, until = Conditions(), None
        for name, args in commands(text):
            if until is not None:
                until = None if name == until else until
            elif name in BLOCKS:
                until = BLOCKS[name]
            elif name == "if":
                conditions.begin(conditions.live() and self.true(args))
            elif name == "elseif":
                conditions.branch(conditions.open() and self.true(args))
            elif name == "else":
                conditions.branch(True, last=True)
            elif name == "endif":
                conditions.end()
            elif conditions.live():
                if name == "return":
                    return
                self.command(name, [t for _, t in self.arguments(args)])
        if until is not None:
            raise Problem(f"no {until}()")
        conditions.done()

    def command(self, name, args):
        if name == "set" and args:
            for word in ("CACHE", "PARENT_SCOPE"):
                if word in args[1:]:
                    del args[args.index(word, 1):]
            if len(args) > 1:
                self.vars[args[0]] = ";".join(args[1:])
            else:
                self.vars.pop(args[0], None)
        elif name == "unset" and args:
            self.vars.pop(args[0], None)
        elif name == "list" and len(args) > 1:
            how, name, rest = args[0], args[1], args[2:]
            items = {"APPEND": lambda: self.items(name) + rest,
                     "PREPEND": lambda: rest + self.items(name),
                     "REMOVE_ITEM": lambda: [i for i in self.items(name)
                                             if i not in rest]}.get(how)
            if items:
                self.vars[name] = ";".join(items())
        elif name == "include" and args and re.search("[/.]", args[0]):
            path = self.source.find([self.folder], args[0])
            if path:
                self.file(path)
            else:
                self.source.miss(args[0])

    def true(self, args):
        """if(): AND and OR weigh the same, from the left."""
        args = list(self.arguments(args))

        def take(*words):
            if args and args[0][0] in ("bare", "paren") and \
                    args[0][1] in words:
                return args.pop(0)[1]
            return None

        def value(arg):
            return self.vars.get(arg[1], arg[1]) if arg[0] == "bare" \
                else arg[1]

        def truth(arg):
            if arg[1].upper() in TRUE:
                return True
            if arg[0] == "bare" and arg[1] in self.vars:
                v = self.vars[arg[1]].upper()
                return v not in FALSE and not v.endswith("-NOTFOUND")
            return bool(re.fullmatch(r"[-+]?[\d.]+", arg[1]) and
                        number(arg[1]))

        def single():
            if take("("):
                v = either()
                take(")")
                return v
            if take("NOT"):
                return not single()
            if take("DEFINED"):
                return bool(args) and args.pop(0)[1] in self.vars
            if take(*UNARY):
                del args[:1]
                return False
            if not args:
                return False
            left = args.pop(0)
            how = take(*NUMERIC, *OTHERS) if len(args) > 1 else None
            if how is None:
                return truth(left)
            a, b = value(left), value(args.pop(0))
            return a == b if how == "STREQUAL" else how in NUMERIC and \
                NUMERIC[how](number(a), number(b))

        def either():
            v = single()
            while True:
                if take("AND"):
                    v = single() and v
                elif take("OR"):
                    v = single() or v
                else:
                    return v

        try:
            return either()
        except RecursionError:
            return False
