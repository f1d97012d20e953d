#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Who knows one tool knows all: a letter means the same option in each, a
# summary is in lower case and has no full stop, headings are in upper case,
# and each page has the parts that one looks for.
set -eu
cd "$(dirname "$0")/../.."
tmp=$(mktemp)
trap 'rm -f "$tmp"' EXIT
bad=0
say() { echo "$*"; bad=1; }
for c in tools/*.c; do
	t=$(basename "$c" .c)
	text=$("$BUILD/$t" --help)
	case $(printf '%s\n' "$text" | sed -n 2p) in
	[!a-z]* | *.) say "$t --help: summary not in lower case, or with a full stop" ;;
	esac
	# The letters of mpf are those of mpflash.
	[ "$t" = mpf ] ||
	    printf '%s\n' "$text" | sed -nE "s/^  (-[^-]), (--[a-z0-9-]+)( .*)?$/\1 \2/p" \
		>>"$tmp"
	grep -nE '^	+\{ "[^"]*[a-z][^"]*", .*COLUMN_' "$c" &&
		say "$c: heading not in upper case"
	grep -n '"ERROR"' "$c" && say "$c: each table has that by itself"
	for part in 'EXIT STATUS' EXAMPLES 'SEE ALSO'; do
		grep -qx "\.Sh $part\\(\\\\&\\)*" "man/$t.1" || say "man/$t.1: no $part"
	done
done
twice=$(sort -u "$tmp" | cut -d' ' -f1 | uniq -d)
for letter in $twice; do
	say "$letter has several meanings:" \
		"$(sort -u "$tmp" | sed -n "s/^$letter //p" | tr '\n' ' ')"
done
exit $bad
