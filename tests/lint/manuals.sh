#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The manual pages are sound mdoc, and refer to pages that exist.
set -eu
cd "$(dirname "$0")/../.."
bad=0
for m in man/*.[157]; do
	[ -e "$m" ] || continue
	mandoc -Tlint -Wwarning "$m" || bad=1
	refs=$(sed -nE 's/^(\.It )?\.?Xr (mpf[a-z.-]*) ([0-9]).*/\2.\3/p' "$m")
	for r in $refs; do
		[ -e "man/$r" ] || { echo "$m: no page $r"; bad=1; }
	done
done
exit $bad
