#!/bin/sh
# SPDX-License-Identifier: MIT
#
# All shell of ours, as shellcheck wants it.  In *.bats, $output and friends come from
# run (SC2154), and each test is a subshell (SC2030, SC2031).
set -eu
cd "$(dirname "$0")/../.."
bad=0
scripts=$(find .ci packaging tests share tools -type f ! -path 'tests/data/*' \
    ! -path '*/corpus/*' -exec sh -c '
	for f; do
		head -n 1 "$f" | tr -d "\0" |
		    grep -qE "^#! ?/(usr/)?bin/(env )?(ba)?sh" && echo "$f"
	done' - {} + 2>/dev/null || :)
# shellcheck disable=SC2086 # no file of ours has a blank in its name
shellcheck -e SC2016 $scripts || bad=1
parts="$(find tests share -name "*.bash") packaging/aur/PKGBUILD"
# shellcheck disable=SC2086
[ -z "$parts" ] || shellcheck -s bash -e SC2154,SC2034 $parts || bad=1
tests=$(find tests -name '*.bats')
# shellcheck disable=SC2086
[ -z "$tests" ] ||
    shellcheck -s bats -e SC1091,SC2016,SC2154,SC2030,SC2031,SC2034 $tests || bad=1
exit $bad
