#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The manual pages are sound mdoc, refer to pages that exist, and have their
# sections in one order: what the tool is, examples, options, details, and then
# ENVIRONMENT, FILES, EXIT STATUS.  mandoc knows EXAMPLES as a section of the
# end alone: "EXAMPLES\&" looks the same, and may come early.  No line but that of
# a digest is wider than a terminal of 80 columns.
set -eu
cd "$(dirname "$0")/../.."
order='NAME SYNOPSIS DESCRIPTION EXAMPLES OPTIONS . ENVIRONMENT FILES
EXIT_STATUS DIAGNOSTICS SEE_ALSO STANDARDS CAVEATS BUGS'
bad=0
for m in man/*.[157]; do
	[ -e "$m" ] || continue
	mandoc -Tlint -Wwarning "$m" || bad=1
	mandoc -Tascii "$m" | sed 's/.\x08//g' | awk -v page="$m" '
	length > 80 && !/ = "sha256:/ { print page ": too wide: " $0; bad = 1 }
	END { exit bad }' || bad=1
	refs=$(sed -nE 's/^(\.It )?\.?Xr (mpf[a-z.-]*) ([0-9]).*/\2.\3/p' "$m")
	for r in $refs; do
		[ -e "man/$r" ] || { echo "$m: no page $r"; bad=1; }
	done
	awk -v page="$m" -v order="$order" '
	BEGIN { n = split(order, name, /[ \n]+/)
		for (i = 1; i <= n; i++) rank[name[i]] = i }
	/^\.Sh / {
		s = substr($0, 5); sub(/\\&$/, "", s); gsub(/ /, "_", s)
		r = s in rank ? rank[s] : rank["."]
		if (r < last) { print page ": " s " comes too late"; bad = 1 }
		last = r
	}
	END { exit bad }' "$m" || bad=1
done
exit $bad
