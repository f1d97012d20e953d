#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Plain English in what users read first: the manual pages, README.md and
# --help name the subject, and use one word for one thing.
set -eu
cd "$(dirname "$0")/../.."
tmp=$(mktemp)
trap 'rm -f "$tmp"' EXIT
cat man/*.[157] README.md >"$tmp"
for t in "$BUILD"/mpf "$BUILD"/mpf-*; do
	[ -d "$t" ] || "$t" --help >>"$tmp"
done
# Words that stand for a person or a thing that has a name, and turns of phrase
# that a reader has to take apart.
bad='nobody|somebody|whoever|whom|in the place of|so often|is none|are none
has none|of the user.s own|do without|hangs|mend(s|ed)?\b|what may pass
who (is|has|does|tells|waits)|leave[s]? as (it|they) came|is had|no such
that it is no |try again so'
pattern=$(printf '%s' "$bad" | tr '\n' '|')
tr '\n' ' ' <"$tmp" | tr -s ' ' | sed -E 's/([.:;])( |$)/\1\n/g' |
    grep -nE "\\b($pattern)\\b" && exit 1
exit 0
