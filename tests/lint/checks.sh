#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A check that cannot fail: of "[ a ] && [ b ]" the shell's errexit forgives
# all but the last, so a test goes on where a is wrong.  Two lines do not.
set -eu
cd "$(dirname "$0")/../.."
# shellcheck disable=SC2046 # no file of ours has a blank in its name
awk '
FNR == 1 { line = "" }
{
	if (line == "") from = FNR
	line = line $0
	if (sub(/\\$/, "", line) || line ~ /&&[ \t]*$/) next
	if (line ~ /(^|[ \t])\]\]?[ \t]*&&[ \t]*(! *)?(\[|test )/ &&
	    line !~ /^[ \t]*(if|elif|while|until) /) {
		sub(/^[ \t]+/, "", line)
		print FILENAME ":" from ": two checks in one statement: " line
		bad = 1
	}
	line = ""
}
END { exit bad }' $(find tests -name '*.bats' -o -name '*.bash')
