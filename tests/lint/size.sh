#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A file has up to 400 lines, a function up to 60, a line up to 80 columns
# (but for an address, which can not be broken).
set -eu
cd "$(dirname "$0")/../.."
# shellcheck disable=SC2046 # no file of ours has a blank in its name
awk '
FNR == 1 {
	if (file != "" && last > 400) fault(file ": " last " lines, of 400")
	file = FILENAME
}
function fault(s) { print s; bad = 1 }
{ last = FNR }
/^[A-Za-z_].*\(/ { name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name) }
/^{/ { from = FNR }
/^}/ && from {
	if (FNR - from + 1 > 60)
		fault(FILENAME ":" from ": " name " has " FNR - from + 1 \
		    " lines, of 60")
	from = 0
}
!/https?:/ {
	col = 0
	for (i = 1; i <= length($0); i++) {
		c = substr($0, i, 1)
		if (c == "\t") col += 8 - col % 8
		else if (c < "\200" || c >= "\300") col++
	}
	if (col > 80) fault(FILENAME ":" FNR ": " col " columns, of 80")
}
END {
	if (last > 400) fault(file ": " last " lines, of 400")
	exit bad
}' $(find lib tools tests -name '*.[ch]' 2>/dev/null || :)
