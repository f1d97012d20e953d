# SPDX-License-Identifier: MIT
# tests/setup/install, with packages of its own and an apt-get that only notes.
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	unset CI MPF_INSTALL
	mkdir bin
	cp "$BATS_TEST_DIRNAME/../setup/install" .
	printf '%s\t%s\t%s\n' '# purpose' name probe \
	    build have cmd:sh \
	    build lib-gone-dev pc:mpf-no-such-module \
	    check test-gone file:/nonexistent/* \
	    check test-have file:/dev/n*l \
	    lint lint-gone py:mpf_no_such_module \
	    all-there have-it h:stdio.h >packages.tsv
	printf '#!/bin/sh\necho "$@" >>"%s/calls"\n' "$PWD" >bin/apt-get
	printf '#!/bin/sh\nexec env "$@"\n' >bin/sudo
	chmod +x bin/*
	PATH=$PWD/bin:$PATH
	sudo=''
	[ "$(id -u)" = 0 ] || sudo='sudo '
}

@test "where all is there, nothing is said or done" {
	run -0 ./install all-there </dev/null
	[ "$output" = "" ]
	[ ! -e calls ]
}

@test "without a terminal or CI the line is printed, and a build stops" {
	run -1 ./install build check </dev/null
	[ "$output" = "missing; this installs it: ${sudo}apt-get install -y\
 --no-install-recommends lib-gone-dev test-gone" ]
	[ ! -e calls ]
}

@test "what only tests need does not stop the build" {
	run -0 ./install check </dev/null
	[[ $output == *" test-gone" ]]
}

@test "what lint needs does: a rule without its tool finds nothing" {
	run -1 ./install lint </dev/null
	[[ $output == *" lint-gone" ]]
	MPF_INSTALL=no run -1 ./install lint </dev/null
}

@test "MPF_INSTALL=no installs nothing, in CI neither" {
	CI=true MPF_INSTALL=no run -1 ./install build </dev/null
	[[ $output == *" lib-gone-dev" ]]
	[ ! -e calls ]
}

@test "in CI what is missing for the purposes is installed, and no more" {
	CI=true run -0 ./install build lint </dev/null
	[ "$(head -n 1 calls)" = "update -qq" ]
	[[ $(tail -n 1 calls) == *" lib-gone-dev lint-gone" ]]
	[ "$(wc -l <calls)" -eq 2 ]
}

@test "where there is no apt-get, the names are told" {
	rm bin/apt-get
	# Everything that the script uses, but apt-get.
	for c in sh dirname sed grep id env python3 pkg-config; do
		ln -sf "$(command -v "$c")" bin/
	done
	CI=true PATH=$PWD/bin run -1 "$PWD/install" build </dev/null
	[ "$output" = "missing; Debian calls them: lib-gone-dev" ]
}

@test "CI steps that are asked for and not run are a failure" {
	mkdir .ci
	cp "$BATS_TEST_DIRNAME/../../.ci/run" .ci/
	printf 'lint:\n\t@echo ok 1 - fine\n' >Makefile
	MPF_CI_STEPS="lnit" run -1 .ci/run
	[ "$output" = "lnit: no such step, or not here
0 passed, 1 failed" ]
	MPF_CI_STEPS="lint check-peers" run -1 .ci/run
	[[ $output == *"check-peers: no such step, or not here"* ]]
	[ "${lines[-1]}" = "1 passed, 1 failed" ]
	MPF_CI_STEPS=lint run -0 .ci/run
	[ "${lines[-1]}" = "1 passed, 0 failed" ]
}
