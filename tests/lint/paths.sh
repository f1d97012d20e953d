#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What the documents link to is there: "[text](path)", "(path#part)".
set -eu
cd "$(dirname "$0")/../.."
missing() {
	grep -oE '\]\([^) ]+\)' "$1" | sed -E 's/^\]\(//; s/[)#].*//' | sort -u |
	while read -r to; do
		case $to in
		*://* | mailto:* | '') ;;
		*) [ -e "$to" ] || echo "$1: $to is not there" ;;
		esac
	done
}
out=$(for m in *.md; do missing "$m"; done)
printf '%s' "${out:+$out
}"
[ -z "$out" ]
