#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The architecture, as a check: "A: B C" lets lib/A include lib/B and lib/C.
# A module that is not in the list may not exist.  A tool includes lib/tool,
# lib/model, its own verb and what these stand on.
set -eu
cd "$(dirname "$0")/../.."
allowed='
base:
image: base chips esp
trust: base
toml: base
chips:
bus: base chips
usb: base
picoboot: base usb
stream: base
link: base
rfc2217: base link
repl: base link
esp: base stream link
dfu: base usb
scsi: base image usb
model: base stream
store: base model
tool: base stream model
means: base model store
facts: base model store means
addr: base model link bus rfc2217
board: base chips dfu addr esp stream model link repl toml store bus facts image scsi usb
choose: base chips model store facts means
http: base tool
site: base stream model store facts trust http means
fetch: base stream model store image facts trust http site means
tar: base
bundle: base tar stream model store image trust http site fetch
ledger: base stream model store facts
boot: base chips addr esp model link repl bus
flash: base chips addr esp usb dfu model stream trust link repl image facts boot board bus means picoboot scsi
files: base model stream tool link repl bus board tar
custom: base chips stream model store image facts trust toml http site
journal: base addr model repl toml store link bus board facts
sim: base image repl esp rfc2217
pick: base tool
front: base stream tool pick
doctor: base bus board store http
'
# Other people's headers, and the only module that includes each.
homes='
jansson\.h stream
zlib\.h sim
openssl/ base
sqlite3\.h store
libdeflate\.h flash
curl/ http
libxml/ site
libserialport\.h link
libudev\.h bus
libusb-1\.0/ usb
'
bad=0
# A circle in the list: tsort names who is in it.
printf '%s' "$allowed" | awk -F: '{ n = split($2, to, " ")
	for (i = 1; i <= n; i++) print $1, to[i] }' | tsort >/dev/null ||
    { echo "lib: rooms include one another in a circle"; bad=1; }
for mod in lib/*/; do
	mod=${mod#lib/}; mod=${mod%/}
	printf '%s' "$allowed" | grep -q "^$mod:" ||
	    { echo "lib/$mod: not in tests/lint/layers.sh"; bad=1; continue; }
	may=$(printf '%s' "$allowed" | sed -n "s/^$mod://p;")
	# shellcheck disable=SC2086 # may is a list of words
	ok=$(printf '%s|' "$mod" $may)
	grep -rnE '^#[ \t]*include "[a-z0-9]+/' "lib/$mod" |
	    grep -vE "\"(${ok%|})/" &&
	    { echo "lib/$mod may include:${may:- nothing}"; bad=1; }
done
printf '%s\n' "$homes" | (
	while read -r header home; do
		[ -n "$header" ] || continue
		grep -rnE "^#[ \t]*include [<\"]($header)" lib tools |
		    grep -v "^lib/$home/" &&
		    { echo "only lib/$home may include that"; bad=1; }
	done
	exit $bad
) || bad=1
exit $bad
