# SPDX-License-Identifier: MIT
"""
source: the files of one version, and what cpp, make and cmake share.

These three evaluate the definition of a board.  They read files of a tree and
run nothing: a file of the repository cannot do anything to this machine.
"""

DEPTH = 16                      # files that include each other
NESTING = 64                    # values in each other
LENGTH = 64 << 10               # of one value
STEPS = 8 << 10                 # to work out one value


class Problem(Exception):
    """What is wrong with a board's files, in words."""


class Source:
    """The files of one version: {"ports/rp2/Makefile": text}."""

    def __init__(self, files):
        self.files = files
        self.missing = ""       # the first file that was asked for in vain
        self.depth = 0

    def find(self, folders, name):
        """The path of a file, looked for in these folders; None."""
        for folder in folders if not name.startswith("/") else [""]:
            path = []
            for part in (folder + "/" + name).split("/"):
                if part == ".." and path:
                    path.pop()
                elif part == "..":
                    break
                elif part not in ("", "."):
                    path.append(part)
            if self.files.get("/".join(path)) is not None:
                return "/".join(path)
        return None

    def miss(self, name):
        self.missing = self.missing or name

    def read(self, path, work):
        """Calls work(text); a Problem begins with the innermost path."""
        if self.depth == DEPTH:
            raise Problem(f"{path}: more than {DEPTH} files that include "
                          "each other")
        self.depth += 1
        try:
            work(self.files[path])
        except Problem as e:
            text = str(e)
            raise Problem(text if text.startswith("ports/") else
                          f"{path}: {text}") from None
        finally:
            self.depth -= 1


class Conditions:
    """Conditions in each other: which lines count?"""

    def __init__(self):
        self.stack = []         # [around, live, taken, last]

    def live(self):
        return not self.stack or self.stack[-1][1]

    def open(self):
        """Would a branch count, if its condition were true?"""
        return bool(self.stack) and self.stack[-1][0] and \
            not self.stack[-1][2]

    def begin(self, true):
        around = self.live()
        if len(self.stack) == NESTING:
            raise Problem(f"more than {NESTING} conditions in each other")
        self.stack.append([around, around and true, around and true, False])

    def branch(self, true, last=False):
        if not self.stack or self.stack[-1][3]:
            raise Problem("a branch without a condition")
        live = self.open() and true
        self.stack[-1][1:] = [live, self.stack[-1][2] or live, last]

    def end(self):
        if not self.stack:
            raise Problem("the end of a condition that has not begun")
        self.stack.pop()

    def done(self):
        if self.stack:
            raise Problem("a condition does not end")
