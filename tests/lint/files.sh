#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Each source file names its license, no line ends in a blank, and nothing
# knows the machine on which it was written.
set -eu
cd "$(dirname "$0")/../.."
bad=0
sources=$(find Makefile .ci lib tools tests man share -type f \( -name '*.[ch]' \
    -o -name '*.sh' -o -name '*.bats' -o -name '*.bash' -o -name '*.py' \
    -o -name '*.mjs' -o -name '*.[157]' -o -name Makefile -o -perm -u+x \) \
    ! -path 'tests/fuzz/corpus/*' ! -path 'tests/data/*' 2>/dev/null || :)
for f in $sources; do
	head -n 5 "$f" | grep -q 'SPDX-License-Identifier: MIT' ||
	    { echo "$f: no SPDX-License-Identifier in its first lines"; bad=1; }
done
# shellcheck disable=SC2086 # no file of ours has a blank in its name
grep -nE '[ 	]+$' $sources /dev/null && { echo "blanks at the end"; bad=1; }
# Where this tree lies, and where the tree does whose worktree it may be.
main=$(git rev-parse --path-format=absolute --git-common-dir 2>/dev/null || :)
for d in "$PWD" "${main%/*}"; do
	case ${d%/*} in /*/*) d=${d%/*} ;; esac
	case $d in /*/*) ;; *) continue ;; esac
	grep -rnIF "$d/" . --exclude=.git --exclude-dir=.git \
	    --exclude-dir=build && { echo "a path of one machine"; bad=1; }
done
find tests -name '*.bats' -exec grep -nE 'env -i|(-u|unset) LD_PRELOAD' \
    /dev/null {} + &&
    { echo "hides what the tool emits from the schema check"; bad=1; }
exit $bad
