# SPDX-License-Identifier: MIT
# Wherever they run: from the build folder, without their data files, in any
# language.
load helper
load sim

teardown() { unplug_all; }

tree() { realpath "$BATS_TEST_DIRNAME/../.."; }

# Each tool that reads data files, as NAME WORD...
users_of_data() {
	cat <<-'END'
		mpf-index list RPI_PICO
		mpf-resolve --board RPI_PICO
		mpf-sim rp2 --board RPI_PICO
	END
}

@test "a tool in the build folder finds share/ beside it, and says so" {
	[ -d "$(tree)/build" ] || skip "built elsewhere"
	unset MPF_SHARE
	run -0 --separate-stderr mpf-resolve -v --dir "$BATS_TEST_TMPDIR/fw" \
		<<<"$(record)"
	[[ $stderr == "mpf-resolve: the data files are those in $(tree)/share"* ]]
	[ "$(field .firmware.board_id)" = RPI_PICO ]
	# Elsewhere it is as if it were installed.
	mkdir -p "$BATS_TEST_TMPDIR/build/plain" "$BATS_TEST_TMPDIR/share"
	cp "$(command -v mpf-resolve)" "$BATS_TEST_TMPDIR/build/plain"
	run --separate-stderr "$BATS_TEST_TMPDIR/build/plain/mpf-resolve" -v \
		<<<"$(record)"
	[[ $stderr == *"the data files are those in /usr"*/share/mpf* ]]
}

@test "where a data file is missing, each tool says how to mend it" {
	export MPF_SHARE=$BATS_TEST_TMPDIR
	export MPFLASH_FIRMWARE=$BATS_TEST_TMPDIR/fw
	record >"$BATS_TEST_TMPDIR/in"
	while read -r -a words; do
		run --separate-stderr "${words[@]}" <"$BATS_TEST_TMPDIR/in"
		echo "${words[*]}: $status $output $stderr"
		[ "$status" -ne 0 ]
		[[ $stderr == *"$MPF_SHARE/boards.tsv: "* ]]
		[[ $stderr == *"hint: install mpf's data files, or set MPF_SHARE"* ]]
	done < <(users_of_data)
}

# language NAME: makes it, and is in it from now on.
language() {
	mkdir -p "$BATS_TEST_TMPDIR/locale"
	localedef -i "$1" -f UTF-8 "$BATS_TEST_TMPDIR/locale/$1.UTF-8" ||
		skip "package locales is not installed"
	export LOCPATH=$BATS_TEST_TMPDIR/locale
	# It would warn, as it looks where the system's are.
	{ export LC_ALL=$1.UTF-8; } 2>/dev/null
}

# speaks_the_same: what a pipe says does not depend on the language.
speaks_the_same() {
	plug pico rp2 --path 1-1 --version 1.22.2
	pipe() { mpf-detect --json | mpf-resolve --dir "$BATS_TEST_TMPDIR/fw" --json "$@"; }
	run -0 --separate-stderr pipe
	here=$output$stderr
	LC_ALL=C.UTF-8 run -0 --separate-stderr pipe
	[ "$output$stderr" = "$here" ]
	[ "$(field .board.board_id)" = RPI_PICO_W ]
	run -0 mpf-detect --table
	here=$output
	LC_ALL=C.UTF-8 run -0 mpf-detect --table
	[ "$output" = "$here" ]
	# The completion, too: Turkish has an i of its own.
	run -0 bash -c '. "$0"; COMP_WORDS=(mpf-detect --ig) COMP_CWORD=1
		COMP_LINE="mpf-detect --ig" COMP_POINT=15
		_mpf mpf-detect --ig mpf-detect; echo "${COMPREPLY[*]}"' \
		"$(tree)/share/completions/mpf.bash"
	[[ $output == --ignore* ]]
}

@test "in Turkish" {
	language tr_TR
	speaks_the_same
}

@test "in German" {
	language de_DE
	speaks_the_same
}

@test "in American English" {
	language en_US
	speaks_the_same
}
