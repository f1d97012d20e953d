# SPDX-License-Identifier: MIT
# tests/setup: install, with packages of its own and an apt-get that only notes
# what it is told; mirror, with sources of its own; and the steps of .ci/run.
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	unset CI MPF_INSTALL MIRROR
	mkdir -p bin there lists tests/setup
	cp "$BATS_TEST_DIRNAME"/../setup/{install,mirror} tests/setup/
	{
		printf '%s\t%s\t%s\n' '# purpose' name probe \
			build have cmd:sh check test-have 'file:/dev/n*l' \
			all-there have-it h:stdio.h
		for name in build:lib-gone-dev check:test-gone \
			lint:lint-gone check:test-gone; do
			printf '%s\t%s\t%s\n' "${name%:*}" "${name#*:}" \
				"file:$PWD/there/${name#*:}"
		done
	} >tests/setup/packages.tsv
	export APT_LISTS=$PWD/lists APT_ETC=$PWD/etc
	touch lists/a_Packages
	program apt-get '
		case "$1 $2" in
		"install -s")
			for p; do [ ! -e "unknown-$p" ] || exit 100; done ;;
		install*)
			echo "$*" >>calls
			for p; do
				[ ! -e "broken-$p" ] || exit 100
				case $p in *-gone*) touch "there/$p" ;; esac
			done ;;
		update*)
			echo "$*" >>calls
			rm -f unknown-stale
			touch lists/a_Packages ;;
		esac'
	program apt-cache '
		shift
		for p; do
			printf "%s:\n  Candidate: " "$p"
			[ -e "unknown-$p" ] && echo "(none)" || echo 1
		done'
	user 0
}

# program NAME TEXT: the first in PATH of that name; it runs here.
program() {
	printf '#!/bin/sh\ncd "%s" || exit\n%s\n' "$PWD" "$2" >"bin/$1"
	chmod +x "bin/$1"
	[[ $PATH == "$PWD/bin:"* ]] || PATH=$PWD/bin:$PATH
}

# user ID: who runs install.
user() { program id "echo $1"; }

# install PURPOSE...: neither at a terminal nor in CI.
install() { tests/setup/install "$@" </dev/null; }

# told: what apt-get was told, but for options that are always the same.
told() {
	sed 's/ -o [^ ]*//g; s/ --no-install-recommends//
	    s/ -qq//; s/ -y//' calls
}

@test "where all is there, nothing is said or done" {
	run -0 install all-there
	[ "$output" = "" ]
	[ ! -e calls ]
}

@test "what is missing for the purposes is installed, and no more" {
	run -0 install build lint
	[ "$(told)" = "install lib-gone-dev lint-gone" ]
	run -0 install build lint
	[ "$output" = "" ]
}

@test "lists that are absent or a day old are brought first, once a day" {
	rm lists/a_Packages
	run -0 install build
	[ "$(told)" = "update
install lib-gone-dev" ]
	rm calls there/*
	program find ''			# finds nothing that is so young
	run -0 install build
	[ "$(told)" = "update
install lib-gone-dev" ]
}

@test "an ordinary user installs through sudo, where it asks nothing" {
	user 1000
	program sudo '[ "$1" != -n ] || shift; echo "sudo $*" >>sudo; exec "$@"'
	run -0 install check
	[ "$(head -n 1 sudo)" = "sudo true" ]
	[[ $(tail -n 1 sudo) == "sudo env DEBIAN_FRONTEND=noninteractive apt-get\
 install -y"*" test-gone" ]]
	[ "$(told)" = "install test-gone" ]
}

@test "where sudo asks and nobody can answer, the lines are printed" {
	user 1000
	program sudo 'exit 1'
	run -1 install build check
	[ "$output" = "missing; this installs it:
    sudo apt-get install -y --no-install-recommends lib-gone-dev test-gone" ]
	rm lists/a_Packages
	run -0 install check
	[ "$output" = "missing; this installs it:
    sudo apt-get update
    sudo apt-get install -y --no-install-recommends test-gone" ]
	[ ! -e calls ]
}

@test "MPF_INSTALL=no installs nothing, in CI neither" {
	CI=true MPF_INSTALL=no run -1 install build
	[ "$output" = "missing; this installs it:
    apt-get install -y --no-install-recommends lib-gone-dev" ]
	MPF_INSTALL=no run -0 install check
	[[ $output == *" test-gone" ]]
	# A rule without its tool would find nothing.
	MPF_INSTALL=no run -1 install lint
	[ ! -e calls ]
}

@test "a package that the release does not have is named and left out" {
	touch unknown-test-gone
	run -0 install build check
	[[ ${lines[0]} == "not in this release, "*": test-gone" ]]
	[ "$(told)" = "install lib-gone-dev" ]
	rm calls there/*
	MPF_INSTALL=no run -1 install build check
	[ "$output" = "missing, and not in this release: test-gone
missing; this installs it:
    apt-get install -y --no-install-recommends lib-gone-dev" ]
}

@test "a package that a build needs and that is nowhere is an error" {
	touch unknown-lib-gone-dev
	run -1 install build check
	[ "${lines[-1]}" = "still missing, and needed: lib-gone-dev" ]
	[ "$(told)" = "install test-gone" ]
}

@test "a package that cannot be installed keeps no other from it" {
	touch broken-lib-gone-dev
	run -1 install build check lint
	[ -e there/test-gone ]
	[ -e there/lint-gone ]
	[[ $output == *"lib-gone-dev: could not be installed"* ]]
	[ "${lines[-1]}" = "still missing, and needed: lib-gone-dev" ]
	rm there/*
	mv broken-lib-gone-dev broken-test-gone
	run -0 install build check lint
	[ -e there/lib-gone-dev ]
}

@test "where there is no apt-get, the names are told" {
	rm bin/apt-get bin/apt-cache
	# Everything that the script uses, but apt-get.
	for c in sh dirname sed grep env python3 pkg-config; do
		ln -sf "$(command -v "$c")" bin/
	done
	sed -i '/^PATH=/d' tests/setup/install
	PATH=$PWD/bin run -1 "$PWD/tests/setup/install" build
	[ "$output" = "missing; Debian calls them: lib-gone-dev" ]
}

@test "the mirror is the one of apt's own sources, of both forms" {
	mkdir -p etc/sources.list.d
	echo '# deb http://old.test/debian x main' >etc/sources.list
	run -1 --separate-stderr tests/setup/mirror
	[[ $stderr == "apt knows no mirror of Debian here"* ]]
	[ -z "$output" ]
	printf '%s\n' 'Types: deb' 'URIs: https://a.test/debian-security' \
		'Suites: x-security' '' 'Types: deb' \
		'URIs: https://b.test/debian' >etc/sources.list.d/x.sources
	run -0 tests/setup/mirror
	[ "$output" = https://b.test/debian ]
	echo 'deb [arch=amd64 signed-by=/k] http://c.test/pub/debian/ x main' \
		>>etc/sources.list
	run -0 tests/setup/mirror
	[ "$output" = http://c.test/pub/debian ]
	MIRROR=http://d.test/x run -0 tests/setup/mirror
	[ "$output" = http://d.test/x ]
}

@test "no host of a mirror is written into the scripts" {
	run -1 grep -rnE 'https?://[a-z.]*(debian|ubuntu)\.(org|com|net)' \
		"$BATS_TEST_DIRNAME"/../{setup,fresh,arch,peers,rig} \
		"$BATS_TEST_DIRNAME/../../.ci"
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
