# SPDX-License-Identifier: MIT
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export MPFLASH_FIRMWARE=$BATS_TEST_TMPDIR/none
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

# what TOOL WORD...: the same, as every shell asks for it.
what() { "$MPF_SHARE/completions/words" "$@" | paste -sd' '; }

@test "mpf completes its commands, and the options of a command" {
	[[ $(what mpf '') == "list flash download "* ]]
	[[ $(what mpf -d x '') == "list flash download "* ]]
	[[ " $(what mpf --) " == *" --events-fd "* ]]
	[[ " $(what mpf flash --) " == *" --bootloader "*" --yes "* ]]
	[[ " $(what mpf -V list --) " != *" --bootloader "* ]]
	run -0 tab mpf fl
	[ "$output" = flash ]
}

@test "values: boards, variants, versions, ports, methods, serial ports" {
	[[ " $(what mpf flash --board '') " == *" RPI_PICO_W "* ]]
	[[ $(what mpf-resolve -b PYBV11 --variant '') == \
		"- DP DP_THREAD NETWORK THREAD "* ]]
	[ "$(what mpf-resolve -b RPI_PICO_W --variant '')" = - ]
	[[ $(what mpf-fetch --version '') == "stable preview latest v1.18 "* ]]
	[[ " $(what mpf flash -p '') " == *" rp2 "* ]]
	[[ " $(what mpf-flash -m '') " == *" uf2 "* ]]
	[[ " $(what mpf flash --bl '') " == *" touch1200 "* ]]
	[ "$(what mpf-detect --color '')" = "auto always never" ]
	mkdir -p dev
	touch dev/ttyACM0 dev/ttyUSB1
	[ "$(MPF_SYSROOT=$PWD what mpf list -s '')" = \
		"/dev/ttyACM0 /dev/ttyUSB1" ]
	[ "$(what mpf-fetch --dir '')" = "" ]
}

@test "values of the history: boards before all others, and places" {
	export MPFLASH_FIRMWARE=$PWD/firmware MPF_HOST=bench
	mkfw e48bff56 v1.29.0 2026-04-06 'Raspberry Pi Pico W with RP2040' 60 \
		>own.uf2
	what mpf flash --board '' >none
	[[ $(cat none) != RPI_PICO_W* ]]
	[ ! -e firmware ]
	mpf-sim rp2 --path 1-7 -- mpf flash --yes own.uf2
	[[ $(what mpf flash --board '') == "RPI_PICO_W "* ]]
	[ "$(what mpf flash --board '' | tr ' ' '\n' | sort)" = \
		"$(tr ' ' '\n' <none | sort)" ]
	[[ " $(what mpf flash --serial '') " == *" bench/usb/1-7 "* ]]
}

@test "zsh completes the same" {
	command -v zsh >/dev/null || skip "needs zsh"
	cat >try.zsh <<-'END'
		fpath=($COMPLETIONS $fpath)
		autoload -Uz compinit
		compinit -u -D
		[[ $_comps[mpf] = _mpf ]] || exit 1
		[[ $_postpatcomps[mpf-*] = _mpf ]] || exit 1
		compadd() { print -l -- ${(P)2} }
		_files() { print FILES }
		words=("$@") CURRENT=$#
		_mpf
	END
	export COMPLETIONS=$MPF_SHARE/completions
	[[ $(zsh -f try.zsh mpf '' | paste -sd' ') == "list flash "* ]]
	[[ $(zsh -f try.zsh mpf flash --b) == *--bootloader* ]]
	[ "$(zsh -f try.zsh mpf-fetch --dir '')" = FILES ]
}

@test "fish completes the same" {
	command -v fish >/dev/null || skip "needs fish"
	export HOME=$PWD
	cp "$MPF_SHARE/completions/mpf.fish" .
	ask() { fish --no-config -c "source ./mpf.fish; complete -C '$1'"; }
	[[ $(ask 'mpf fl') == flash* ]]
	[[ $(ask 'mpf flash --boot') == --bootloader* ]]
	[[ $(ask 'mpf flash --board RPI_PICO_') == *RPI_PICO_W* ]]
}

@test "a tool that can not answer completes to nothing" {
	run -0 tab mpf-absent --
	[ "$output" = "" ]
}
