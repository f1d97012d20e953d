# SPDX-License-Identifier: MIT
"""
check: where the files in share/ and MicroPython's repository disagree, in
words for the maintainer of these files.
"""

import fnmatch

from catalog import FACTS, KEYS, Failure, order, row_id

HEAD = ["port", "old", "new", "since", "how"]
MEANS = ["port", "board", "files", "methods", "loader", "usb", "tool",
         "command", "deploy"]


def versions_differ(share, tree):
    for name in tree.versions:
        if name not in share.versions:
            yield f"{name}: the tree has it, boards.tsv does not"
    for name in share.versions:
        if name not in tree.versions:
            yield f"{name}: boards.tsv has it, the tree does not"
    if share.tip != tree.tip:
        yield (f"the tip: boards.tsv is of {share.tip}, the tree is at "
               f"{tree.tip}")


def variants_differ(tree):
    """Variants that report the plain board's string, and nobody judged."""
    for row in tree.rows:
        plain = [r for r in tree.rows if r["port"] == row["port"] and
                 r["board"] == row["board"] and not r["variant"]]
        if row["variant"] and not row["differs"] and \
                row["last"] + 1 == len(tree.versions) and \
                any(r["name"] == row["name"] and
                    r["hw_mcu"] == row["hw_mcu"] for r in plain):
            yield (f"{row['port']} {row_id(row)}: does it differ in software "
                   "or in hardware?  variants.tsv does not say")


def row_in(rows, version):
    for row in rows:
        if row["first"] <= version <= row["last"]:
            return row
    return None


def facts_differ(share, tree):
    if share is None or tree is None:
        return "" if share is tree else \
            "the tree has it, boards.tsv does not" if tree else \
            "boards.tsv has it, the tree does not"
    return "; ".join(f"{f} is \"{share[f]}\" in boards.tsv, \"{tree[f]}\" in "
                     "the tree" for f in FACTS if share[f] != tree[f])


def answers(share, name):
    """The version of boards.tsv that answers for this one; None."""
    if name in share.versions:
        return share.versions.index(name)
    newest = len(share.versions) - 1
    return newest if order(name) > order(share.versions[newest]) else None


def boards_differ(share, tree):
    """Boards and their facts, in each version that boards.tsv speaks of."""
    rows = {}
    for i, table in enumerate((share, tree)):
        for row in table.rows:
            key = tuple(row[k] for k in KEYS[:3])
            rows.setdefault(key, ([], []))[i].append(row)
    for key in sorted(rows):
        spans = []              # [what, first, last]
        for i, name in enumerate(tree.versions):
            there = answers(share, name)
            if there is None:
                continue
            what = facts_differ(row_in(rows[key][0], there),
                                row_in(rows[key][1], i))
            if not spans or spans[-1][0] != what:
                spans.append([what, name, name])
            spans[-1][2] = name
        board = row_id((rows[key][0] + rows[key][1])[0])
        for what, first, last in spans:
            if what:
                yield (f"{key[0]} {board}, {first}"
                       f"{f' to {last}' if last != first else ''}: {what}")


def names(pattern, row):
    """"*-dp" is the variant dp of any board; anything else is an id."""
    return row["variant"] == pattern[2:] if pattern.startswith("*-") \
        else row_id(row) == pattern


def parse_renames(text, tree):
    lines = [line.split("\t") for line in text.splitlines()]
    for i, line in enumerate(lines or [[]], 1):
        if len(line) != len(HEAD) or (i == 1 and line != HEAD):
            raise Failure(f"renames.tsv, line {i}: not port, old, new, since "
                          "and how")
    return [(i, port, old, new, tree.versions.index(since)
             if since in tree.versions else -1)
            for i, (port, old, new, since, _) in enumerate(lines[1:], 2)]


def renames_differ(text, tree):
    """Each row holds, and no id is gone without a row."""
    renames = parse_renames(text, tree)

    def there(port, pattern, version):
        return [r for r in tree.rows if r["port"] == port and
                r["first"] <= version <= r["last"] and names(pattern, r)]

    def wrong(port, old, new, since):
        if since < 1:
            return ["its \"since\" is not a version after the first"]
        if there(port, old, since):
            return [f"{tree.versions[since]} still has it"]
        if not there(port, old, since - 1):
            return [f"{tree.versions[since - 1]} does not have it"]
        ids = [new] if not (old[0] == new[0] == "*") else \
            [r["board"] + new[1:] for r in there(port, old, since - 1)]
        return [f"no {i} in {tree.versions[since]}" for i in ids
                if not there(port, i, since)]

    before = None
    for line, port, old, new, since in renames:
        for what in wrong(port, old, new, since):
            yield f"renames.tsv, line {line}: {port} {old}: {what}"
        if before is not None and (port, old, since) <= before:
            yield (f"renames.tsv, line {line}: {port} {old}: not in order of "
                   "port, old and since")
        before = (port, old, since)
    for row in tree.rows:
        since, port = row["last"] + 1, row["port"]
        if since == len(tree.versions) or there(port, row_id(row), since) or \
                (port, row_id(row)) in tree.given_up or \
                any(r[4] == since and r[1] == port and names(r[2], row)
                    for r in renames):
            continue
        may = [row_id(r) for r in tree.rows if r["first"] == since and
               r["port"] == port and not there(port, row_id(r), since - 1) and
               (r["name"] == row["name"] or row["product"] and
                r["product"] == row["product"])]
        yield (f"{port} {row_id(row)}: gone since {tree.versions[since]}, and "
               "renames.tsv has no row for it" +
               (f"; may be: {', '.join(may)}" if may else ""))


def parse_means(text):
    lines = [line.split("\t") for line in text.splitlines()]
    for i, line in enumerate(lines or [[]], 1):
        if len(line) != len(MEANS) or (i == 1 and line != MEANS):
            raise Failure(f"means.tsv, line {i}: not " + ", ".join(MEANS))
    return [dict(zip(MEANS, line)) for line in lines[1:]]


def match_any(name, patterns):
    return any(fnmatch.fnmatchcase(name, p) for p in patterns.split(","))


def means_differ(text, tree):
    """
    Each board of the site has a means, which rests on the files that tell how
    to deploy it; and an stm32 has DFU if its firmware has USB.
    """
    means = parse_means(text)
    used = set()
    for row in tree.rows:
        if row["variant"] or row["released"] != "1" or \
                row["last"] + 1 != len(tree.versions):
            continue
        board = f"{row['port']} {row['board']}"
        i = next((i for i, m in enumerate(means) if m["port"] == row["port"]
                  and fnmatch.fnmatchcase(row["board"], m["board"])), None)
        if i is None:
            yield f"{board}: means.tsv has no row for it"
            continue
        used.add(i)
        for name in row["deploy"]:
            if not match_any(name, means[i]["deploy"]):
                yield (f"{board}: the tree says by boards/{name} how it is "
                       f"flashed, means.tsv rests on {means[i]['deploy']}")
        dfu = "dfu" in means[i]["methods"].split(",")
        if row["port"] == "stm32" and dfu != row["has_usb"]:
            yield (f"{board}: it has {'' if row['has_usb'] else 'no '}USB, and "
                   f"means.tsv has {means[i]['methods']}")
    for i, m in enumerate(means):
        if i not in used:
            yield (f"means.tsv, line {i + 2}: {m['port']} {m['board']}: no "
                   "board of the tree")
