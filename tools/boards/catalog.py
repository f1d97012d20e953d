# SPDX-License-Identifier: MIT
"""
catalog: boards.tsv: which boards and variants there are, and in which versions
which facts about them hold; read from a repository, or from the file.
"""

import fnmatch
import functools
import io
import json
import os
import re
import subprocess
import tarfile

from definition import Definition
from source import Problem

KEYS = ["port", "board", "variant", "first", "last"]
# What only describes a board does not begin a new row.
TELLING = ["name", "hw_mcu", "machine", "vid", "pid", "json_id", "released"]
FACTS = ["name", "hw_mcu", "machine", "mcu", "product", "vendor", "url", "vid",
         "pid", "flash_offset", "json_id", "variant_text", "differs",
         "released"]
OLDEST = (1, 18, 0)
VERSION = re.compile(r"v(\d+)\.(\d+)(?:\.(\d+))?(-preview)?")
FILES = re.compile(r"ports/[^/]+/(boards/.*|mpconfigport\.h|Makefile|"
                   r"[^/]*\.(?:mk|cmake|h))")
FILE_MAX = 1 << 20              # bytes; a larger file is no definition
KEPT = ("GIT_CEILING_DIRECTORIES", "GIT_CONFIG_GLOBAL",
        "GIT_CONFIG_NOSYSTEM", "GIT_EXEC_PATH")
SIGNS = ("mpconfigboard.h", "mpconfigboard.cmake", "mpconfigboard.mk",
         "board.json")
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}")
VARIANT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,62}")


class Failure(Exception):
    """Nothing can be made of it: a message and a hint."""

    def __init__(self, text, hint=""):
        super().__init__(text)
        self.hint = hint


def order(name):
    """What versions are compared by; a preview comes before its release."""
    m = VERSION.fullmatch(name)
    return (int(m[1]), int(m[2]), int(m[3] or 0), m[4] is None) if m else None


@functools.lru_cache
def judgements():
    """variants.tsv: (port, variant, differs), the first that fits counts."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                        "variants.tsv")
    with open(path, encoding="utf-8") as f:
        return [line.split("\t")[:3] for line in f.read().splitlines()[1:]]


def differs(port, variant):
    """
    In what a variant is another than the board without one: "software",
    "hardware", or "" where nobody has judged.
    """
    name = variant.upper().replace("-", "_")
    for of_port, pattern, what in judgements():
        if variant and fnmatch.fnmatchcase(port, of_port) and \
                fnmatch.fnmatchcase(name, pattern):
            return what
    return ""


def row_id(row):
    return row["board"] + ("-" + row["variant"] if row["variant"] else "")


class Catalog:
    def __init__(self):
        self.versions = []      # names, the oldest first
        self.tip = ""           # what git describe says of the newest
        self.rows = []          # dicts; first and last are indices
        self.given_up = set()   # (port, id): old_variants of the tip
        self.problems = []      # [text, first, last]

    def merge(self):
        """Sorts, and makes one row of versions that are told apart by none."""
        rows = []
        for row in sorted(self.rows, key=lambda r: [r[k] for k in KEYS[:4]]):
            last = rows[-1] if rows else None
            if last and row["first"] == last["last"] + 1 and all(
                    row[k] == last[k] for k in KEYS[:3] + TELLING):
                row["first"] = last["first"]
                rows.pop()
            rows.append(row)
        self.rows = rows

    def text(self):
        lines = [["#versions"] + self.versions, ["#tip", self.tip],
                 KEYS + FACTS]
        for row in self.rows:
            lines.append([row[k] for k in KEYS[:3]] +
                         [self.versions[row["first"]],
                          self.versions[row["last"]]] +
                         [row[k] for k in FACTS])
        return "".join("\t".join(line) + "\n" for line in lines)

    @classmethod
    def parse(cls, text, name):
        out = cls()
        lines = [line.split("\t") for line in text.splitlines()]
        heads = [["#versions"], ["#tip"], KEYS + FACTS]
        for i, head in enumerate(heads):
            if len(lines) <= i or lines[i][:len(head)] != head:
                raise Failure(f"{name}, line {i + 1}: not as mpf-boards "
                              "writes it")
        out.versions, out.tip = lines[0][1:], "".join(lines[1][1:])
        for i, fields in enumerate(lines[3:], 4):
            row = dict(zip(KEYS + FACTS, fields))
            if len(fields) != len(KEYS + FACTS) or \
                    row["first"] not in out.versions or \
                    row["last"] not in out.versions:
                raise Failure(f"{name}, line {i}: not as mpf-boards writes it")
            row["first"] = out.versions.index(row["first"])
            row["last"] = out.versions.index(row["last"])
            out.rows.append(row)
        return out


class Repository:
    """A clone of MicroPython's repository, read by git(1)."""

    def __init__(self, path):
        self.path = path
        # What names another repository than the one that was asked for.
        self.environment = {k: v for k, v in os.environ.items()
                            if not k.startswith("GIT_") or k in KEPT}
        self.environment["LC_ALL"] = "C"
        # There "ports" means the same, wherever in a work tree path is.
        self.folder = path
        self.folder = self.git("rev-parse", "--absolute-git-dir")
        if self.git("rev-parse", "--is-shallow-repository") == "true":
            raise Failure(f"{path}: a shallow clone: releases may be missing",
                          "git fetch --unshallow --tags")

    def git(self, *args, text=True):
        try:
            done = subprocess.run(
                ["git", "-C", self.folder, *args], check=False,
                stdin=subprocess.DEVNULL, capture_output=True,
                env=self.environment)
        except FileNotFoundError:
            raise Failure("git: no such program", "install git") from None
        said = done.stderr.decode(errors="replace").strip().splitlines()
        if done.returncode:
            words = [re.sub(r"^(fatal|error): ", "", w) for w in said[:3]]
            raise Failure(
                f"{self.path}: git: " +
                ("; ".join(words) or f"status {done.returncode}"),
                "name a clone of MicroPython's repository; git fsck says what "
                "is broken in it; if it is another user's: git config "
                "--global --add safe.directory " + self.path)
        return done.stdout.decode().strip() if text else done.stdout

    def versions(self, tip):
        """[(name, commit)] of the releases and the tip; what describes it."""
        found = {}
        for tag in self.git("tag", "--list", "v*").split():
            v = order(tag)
            if v and v[3] and v[:3] >= OLDEST:
                found.setdefault(v, (tag, tag))
        if not found:
            raise Failure(f"{self.path}: no tag of a MicroPython release from "
                          "v1.18 on", "git fetch --tags, or name a clone of "
                          "MicroPython's repository")
        try:
            commit = self.git("rev-parse", "--verify", "--end-of-options",
                              tip + "^{commit}")
        except Failure:
            raise Failure(f"{self.path}: no commit \"{tip}\"",
                          "name a branch, a tag or a commit") from None
        try:
            said = self.git("describe", "--tags", "--abbrev=10", "--match",
                            "v[1-9]*.*[0-9]", "--match", "v[1-9]*-preview",
                            commit)
        except Failure:
            raise Failure(f"{self.path}: no tag \"v...\" before the tip",
                          "git fetch --tags, or name another tip with --tip"
                          ) from None
        m = VERSION.match(said)
        if not m:
            raise Failure(f"{self.path}: the tip is {said}, which is not a "
                          "version of MicroPython", "name another with --tip")
        if m[4] or m[0] != said:
            v = (int(m[1]), int(m[2]), int(m[3] or 0) + (not m[4]), False)
            found[v] = ("v{}.{}.{}-preview".format(*v), commit)
        return [found[v] for v in sorted(found)], said

    def files(self, commit):
        """{path: text} of definitions' files; None: it is too large."""
        out = {}
        try:
            data = self.git("archive", "--format=tar", commit, "ports",
                            text=False)
        except Failure as e:
            if "did not match any files" in str(e):
                raise Failure("no folder \"ports\": not MicroPython's "
                              "repository") from None
            raise
        with tarfile.open(fileobj=io.BytesIO(data)) as tar:
            for member in tar:
                if not member.isfile() or not FILES.fullmatch(member.name):
                    continue
                out[member.name] = tar.extractfile(member).read().decode(
                    errors="replace").replace("\r\n", "\n") \
                    if member.size <= FILE_MAX else None
        return out


class Reader:
    """Reads the rows of one version into a catalog."""

    def __init__(self, catalog, files, version):
        self.catalog, self.files, self.version = catalog, files, version

    def complain(self, what, text):
        text = f"{what}: {text}"
        for p in self.catalog.problems:
            if p[0] == text and p[2] + 1 >= self.version:
                p[2] = self.version
                return
        self.catalog.problems.append([text, self.version, self.version])

    def boards(self):
        folders = {}
        for path in self.files:
            part = path.split("/")
            if len(part) == 5 and part[2] == "boards":
                folders.setdefault((part[1], part[3]), []).append(part[4])
        for (port, board), names in sorted(folders.items()):
            if not any(sign in names for sign in SIGNS):
                continue
            if NAME.fullmatch(board) and NAME.fullmatch(port):
                self.board(port, board, names)
            else:
                self.complain(f"{port} {board}", "not a name of a board; left "
                              "out")

    def read_json(self, port, board):
        path = f"ports/{port}/boards/{board}/board.json"
        text = self.files.get(path)
        if path in self.files and text is None:
            self.complain(f"{port} {board}", f"board.json: more than "
                          f"{FILE_MAX} bytes; left out")
        try:
            out = json.loads(text) if text is not None else None
        except json.JSONDecodeError as e:
            self.complain(f"{port} {board}", "board.json: not JSON at line "
                          f"{e.lineno}, column {e.colno}")
            return None
        return out if isinstance(out, dict) else None

    def board(self, port, board, names):
        said = self.read_json(port, board)
        variants = {m[1]: None for m in (re.fullmatch(
            r"mpconfigvariant_(.*)\.(?:mk|cmake)", n) for n in sorted(names))
            if m and VARIANT.fullmatch(m[1])}
        for variant in (said or {}).get("variants", {}):
            if VARIANT.fullmatch(variant):
                variants[variant] = None
            else:
                self.complain(f"{port} {board}-{variant}", "board.json: not a "
                              "name of a variant; left out")
        if self.version + 1 == len(self.catalog.versions):
            for variant in (said or {}).get("old_variants", {}):
                self.catalog.given_up.add((port, f"{board}-{variant}"))
        for variant in ["", *variants]:
            self.add(port, board, variant, said)

    def add(self, port, board, variant, said):
        row = dict.fromkeys(FACTS, "")
        row.update(port=port, board=board, variant=variant,
                   first=self.version, last=self.version,
                   differs=differs(port, variant))
        d = Definition(self.files, port, board, variant, said)
        d.describe(row)
        try:
            d.evaluate(row)
        except Problem as e:
            self.complain(f"{port} {row_id(row)}", e)
        if row["name"] and row["hw_mcu"]:
            self.catalog.rows.append(row)


def read_repository(path, tip):
    repo = Repository(path)
    out = Catalog()
    versions, out.tip = repo.versions(tip)
    out.versions = [name for name, _ in versions]
    for i, (name, commit) in enumerate(versions):
        try:
            Reader(out, repo.files(commit), i).boards()
        except Failure as e:
            raise Failure(f"{name}: {e}", e.hint) from None
    out.merge()
    return out
