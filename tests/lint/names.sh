#!/bin/sh
# SPDX-License-Identifier: MIT
#
# No two files have a static function of one name: a search for the name, a
# backtrace and a breakpoint then mean one function.  But in tools/ a function
# that fills a hook of struct tool has the name of the hook.
set -eu
cd "$(dirname "$0")/../.."
hooks=' begin end filter finish has_source last next source submit turn wants '
# shellcheck disable=SC2046 # no file of ours has a blank in its name
awk -v hooks="$hooks" '
is_static && /^[a-z_0-9]+\(/ {
	name = $0; sub(/\(.*/, "", name)
	hook = FILENAME ~ /^tools\// && index(hooks, " " name " ")
	if (!hook && name in file && file[name] != FILENAME) {
		print name ": in " file[name] " and in " FILENAME
		bad = 1
	}
	if (!hook)
		file[name] = FILENAME
}
{ is_static = /^static [^;=(]*$/ }
END { exit bad }' $(find lib tools -name '*.c')
