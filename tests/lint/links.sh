#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A tool is linked with what it uses and no more.  The linker leaves out what
# is not used (--as-needed), so what is there shows who really uses what.
set -eu
cd "$(dirname "$0")/../.."
bad=0
# only LIBRARY TOOLS: nobody else is linked with it.
only() {
	for c in tools/*.c; do
		[ -e "$c" ] || continue
		t=$(basename "$c" .c)
		case " $2 " in *" $t "*) continue ;; esac
		if readelf -d "$BUILD/$t" | grep -qE "NEEDED.*\[$1[.-]"; then
			echo "$t: linked with $1, which is for: $2"
			bad=1
		fi
	done
}
only libcurl 'mpf-doctor mpf-add mpf-fetch mpf-index mpf-bundle'
only libxml2 'mpf-fetch mpf-index mpf-bundle'
only libserialport "mpf-detect mpf-flash mpf-record mpf-db mpf-backup mpf-restore \
mpf-format mpf-erase"
only libz 'mpf-sim'
only libdeflate 'mpf-flash'
only libudev 'mpf-flash'
only libusb 'mpf-detect mpf-flash'
only libsqlite3 'mpf-doctor mpf-add mpf-detect mpf-resolve mpf-fetch mpf-index mpf-bundle mpf-record mpf-db'
exit $bad
