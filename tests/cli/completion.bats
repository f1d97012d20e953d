# SPDX-License-Identifier: MIT
load helper

setup() {
	mkdir "$BATS_TEST_TMPDIR/bin"
	cat >"$BATS_TEST_TMPDIR/bin/mpf-try" <<-'END'
		#!/bin/sh
		cat <<-'HELP'
			usage: mpf-try [options]
			  -m, --method NAME     which way (--no-way is none)
			      --method-list     all ways
			  -n, --dry-run         say, and do not
			      --timeout-connect SECONDS
			                        how long
		HELP
	END
	chmod +x "$BATS_TEST_TMPDIR/bin/mpf-try"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	# As make install names it.
	cp "$BATS_TEST_DIRNAME/../../share/completions/mpf.bash" \
	    "$BATS_TEST_TMPDIR/mpf-try"
	# shellcheck source=/dev/null
	. "$BATS_TEST_TMPDIR/mpf-try"
}

# tab WORD...: what completes the last of these words.
tab() {
	COMP_WORDS=("$@")
	COMP_CWORD=$(($# - 1))
	_mpf "$1"
	printf '%s\n' "${COMPREPLY[*]}"
}

@test "completion is set up for the name of the file" {
	run -0 complete -p mpf-try
	[ "$output" = "complete -o default -F _mpf mpf-try" ]
}

@test "completion offers the long options that --help lists" {
	run -0 tab mpf-try --
	[ "$output" = "--method --method-list --dry-run --timeout-connect" ]
	run -0 tab mpf-try -n --m
	[ "$output" = "--method --method-list" ]
	run -0 tab mpf-try --no
	[ "$output" = "" ]
}

@test "completion leaves values and operands to file names" {
	for option in -m --method --timeout-connect; do
		run -0 tab mpf-try "$option" -
		[ "$output" = "" ]
	done
	run -0 tab mpf-try x
	[ "$output" = "" ]
	run -0 tab mpf-try -n --d
	[ "$output" = "--dry-run" ]
}

@test "a tool that can not answer completes to nothing" {
	run -0 tab mpf-absent --
	[ "$output" = "" ]
}
