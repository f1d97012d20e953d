#!/bin/sh
# The architecture, as a check: "A: B C" lets lib/A include lib/B and lib/C.
# A module that is not in the list may not exist.
set -eu
cd "$(dirname "$0")/../.."
allowed='
base:
image: base
toml: base
bus: base
stream: base
link: base
repl: base link
model: base stream
store: base model
tool: base stream model
facts: base model store
board: base model link repl toml store bus facts
choose: base model store facts
fetch: base model store image facts
boot: base model link repl bus
flash: base model link repl image boot board bus
journal: base model repl toml store link bus
sim: base image
'
bad=0
for mod in lib/*/; do
	mod=${mod#lib/}; mod=${mod%/}
	may=$(printf '%s' "$allowed" | sed -n "s/^$mod://p;")
	printf '%s' "$allowed" | grep -q "^$mod:" ||
	    { echo "lib/$mod: not in $0"; bad=1; continue; }
	# shellcheck disable=SC2086 # may is a list of words
	ok=$(printf '%s|' "$mod" $may)
	grep -rnE '^#include "[a-z0-9]+/' "lib/$mod" |
	    grep -vE "\"(${ok%|})/" && { echo "lib/$mod may include: $may"; bad=1; }
done
grep -rln 'jansson\.h' lib tools | grep -v '^lib/stream/' && bad=1
exit $bad
