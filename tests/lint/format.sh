#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The C files are as .clang-format says: indentation, braces, blanks, one
# statement a line, the return type on a line of its own.  Where a long line
# is broken, and what is lined up in columns with tabs, is the author's
# choice, so both are taken out on either side before the comparison; and so
# are macros of several lines.
set -eu
cd "$(dirname "$0")/../.."
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

plain() {
	awk '
	function flush() { if (started) print out; started = 0 }
	macro || /^#.*\\$/ { flush(); joined = 0; macro = /\\$/; next }
	{
		match($0, /^[ \t]*/)
		lead = substr($0, 1, RLENGTH); body = substr($0, RLENGTH + 1)
		gsub(/[ \t]+/, " ", body)
		if (joined) out = out (out ~ /\($/ ? "" : " ") body
		else { flush(); out = lead body; started = 1 }
		code = out
		sub(/ *\/\*.*\*\/$/, "", code)
		joined = code ~ /[^*][,(=|&+*?"\/-]$/ ||
		    code ~ /\?.*:$/ && code !~ /case/
	}
	END { flush() }' "$1"
}

files=$(find lib tests tools -name '*.c' 2>/dev/null || :)
mkdir "$tmp/new"
cp .clang-format "$tmp/new/"
# shellcheck disable=SC2086 # no file of ours has a blank in its name
cp --parents $files "$tmp/new/"
# shellcheck disable=SC2086
(cd "$tmp/new" && clang-format -i $files)
bad=0
for f in $files; do
	cmp -s "$f" "$tmp/new/$f" && continue
	plain "$f" >"$tmp/is"
	plain "$tmp/new/$f" >"$tmp/should"
	diff -U1 --label "$f" --label "$f as .clang-format has it" \
	    "$tmp/is" "$tmp/should" || bad=1
done
exit $bad
