# SPDX-License-Identifier: MIT
# The lists of mpf, to choose a port, a board and a version from, in tmux.
# Stages of the test's own play the boards.
load helper
load front

setup() {
	front_setup
	command -v tmux >/dev/null || skip "needs tmux"
	mirror=
	door
	# A table that no new release of MicroPython changes.
	mkdir share
	export MPF_SHARE=$PWD/share
	printf '#versions\tv1.27.0\tv1.28.0\nport\tboard\tvariant\tfirst\tlast\tname\n' \
		>share/boards.tsv
	while IFS='|' read -r port board variant name; do
		printf '%s\t%s\t%s\tv1.20.0\tv1.28.0\t%s\tx\n' "$port" \
			"$board" "$variant" "$name" >>share/boards.tsv
	done <<-'END'
		esp32|ESP32_GENERIC||Generic ESP32 module
		esp32|ESP32_GENERIC|SPIRAM|Generic ESP32 module with SPIRAM
		esp32|ESP32_GENERIC_C2||ESP32C2 module
		rp2|RPI_PICO||Raspberry Pi Pico
		rp2|RPI_PICO_W||Raspberry Pi Pico W
		rp2|W5100S_EVB_PICO||W5100S-EVB-Pico
	END
	# One says what a terminal would obey.
	fake detect <<-'END'
		printf '%s\n' "$*" >>asked
		case $1,$2 in
		--serial,[!*]*) only=$2 ;;
		*) only='' ;;
		esac
		grep -F "$only" <<-'RECORDS'
			{"mpf":1,"device":{"id":"h/usb/1-1","serial_port":"/dev/ttyACM0","mode":"repl"},"board":{"version":"v1.22.2","board_id":"RPI_PICO_W","description":"Raspberry Pi Pico W with RP2040"}}
			{"mpf":1,"device":{"id":"h/usb/1-2","serial_port":"/dev/ttyACM1","mode":"repl"},"board":{"version":"v1.24.1","board_id":"PLÄTTCHEN","description":"\u001b]0;x\u0007\u001b[2Jevil"}}
			{"mpf":1,"device":{"id":"h/usb/1-3","serial_port":"/dev/ttyUSB0","mode":"silent"}}
		RECORDS
	END
	fake index <<-'END'
		printf '%s\n' "$*" >>asked
		for v in v1.28.0 v1.28.0 v1.27.0 v1.24.1; do
			printf '{"mpf":1,"firmware":{"board_id":"RPI_PICO_W","version":"%s"}}\n' $v
		done
	END
	fake resolve <<-'END'
		printf '%s\n' "$*" >>asked
		jq -c '.firmware = {action: "skip", reason: "a test"}'
	END
	for tool in fetch flash record; do
		fake $tool <<<cat
	done
	# Runs mpf, and says how it ended and whether the terminal is as before.
	cat >bin/sane <<-'END'
		#!/bin/bash
		clear
		stty -g >before
		bash -c 'echo $$ >pid; exec mpf "$@"' - "$@"
		status=$?
		stty -g >after
		cmp before after && echo "sane, status $status"
	END
	chmod +x bin/sane
}

teardown() {
	close_terminal
}

# sane ARGUMENT...: in a terminal of 80 columns and 12 lines, until the list.
sane() {
	terminal "${columns:-80}" "${lines_:-12}" "sane $*"
	until_screen "${until:-Enter chooses}"
}

# ended STATUS: it did, and all is as it was.
ended() {
	until_screen "^sane, status $1"
	[[ $(screen) != *"Enter chooses"* ]]
	keys 'echo it is $((40 + 2))' Enter
	until_screen '^it is 42'
}

@test "-i: port, board and version are chosen, and the plan is asked for" {
	columns=100 sane -i flash
	golden choose-port
	keys Down
	until_screen '^> /dev/ttyACM0'
	keys Enter
	until_screen '^> as reported'
	keys pico_w
	until_screen '^> RPI_PICO_W '
	golden choose-board
	keys Enter
	until_screen '^Version:'
	golden choose-version
	keys 1.27 Enter
	ended 0
	screen | grep -qF "mpf: chosen: mpf flash --serial /dev/ttyACM0 \
--board RPI_PICO_W --version v1.27.0"
	# The stages of the last pipe begin together.
	[ "$(head -n 2 asked)" = $'\nlist RPI_PICO_W' ]
	[ "$(sed 1,2d asked | sort)" = "--serial /dev/ttyACM0
--version v1.27.0 --board RPI_PICO_W" ]
}

@test "'?' asks for that alone; a board as reported is no option" {
	sane flash --version "'?'" --serial ttyACM0
	until_screen '^Version:'
	keys Down Enter
	ended 0
	screen | grep -qF 'chosen: mpf flash --version preview'
	close_terminal
	: >asked
	sane -i flash --version stable
	keys Enter
	until_screen '^> as reported'
	keys Enter
	ended 0
	grep -qx -- '--version stable' asked
	screen | grep -qF "chosen: mpf flash --serial '*'"
}

@test "download asks no port, and erase nothing else" {
	sane -i download
	until_screen '^Board:'
	keys esp32_generic_c2 Enter
	until_screen '^Version:'
	keys Escape
	ended 2
	screen | grep -q '^mpf: nothing was chosen'
	[ "$(cat asked)" = "list ESP32_GENERIC_C2" ]
	close_terminal
	sane erase --serial "'?'"
	keys USB0
	until_screen '^1 of 4'
	keys Enter
	ended 0
	screen | grep -q '^/dev/ttyUSB0 *silent'
}

@test "what is typed filters: UTF-8, in parts, taken back" {
	sane flash --serial "'?'"
	keys PLÄTT
	until_screen '^1 of 4'
	screen | grep -q '^Port: PLÄTT$'
	screen | grep -q '^> /dev/ttyACM1'
	keys BSpace BSpace BSpace
	until_screen '^Port: PL$'
	keys C-u
	until_screen '^4 of 4'
	# A letter in two parts, and bytes that are no letter.
	keys -H c3
	keys -H 84
	until_screen '^Port: Ä$'
	keys C-u
	keys -H ff 1b 5b 31 3b 35 43 1b 78
	keys M0
	until_screen '^Port: M0$'
	keys zz
	until_screen '^0 of 4'
	keys Enter
	keys C-w
	until_screen '^4 of 4'
	keys End
	until_screen '^> /dev/ttyUSB0'
	keys C-p
	until_screen '^> /dev/ttyACM1'
	keys C-c
	ended 2
}

@test "what boards say is shown, and never obeyed" {
	sane flash --serial "'?'"
	screen | grep -qF '\x1b]0;x\x07\x1b[2Jevil'
	keys Escape
	ended 2
}

@test "Esc, ^C, ^D and SIGTERM leave the terminal as it was" {
	for key in Escape C-c C-d; do
		sane flash --board "'?'"
		keys pico
		until_screen '^Board: pico'
		keys $key
		ended 2
		close_terminal
	done
	for signal in TERM HUP INT; do
		sane flash --board "'?'"
		kill -$signal "$(cat pid)"
		ended 2
		close_terminal
	done
}

@test "a terminal that goes away ends it" {
	sane flash --board "'?'"
	close_terminal
	# Or it waits to be reaped, where process 1 does not do so.
	gone() { [[ $(ps -o stat= -p "$(cat pid)") == ?(Z*) ]]; }
	wait_until gone
}

@test "a stage that dies before the list: words, and a sane terminal" {
	fake detect <<<'kill -9 $$'
	until='^sane, status' sane flash --serial "'?'"
	ended 2
	screen | grep -q '^mpf: mpf-detect was ended by signal 9'
	screen | grep -q '^mpf: there is no port to choose from'
	close_terminal
	# Versions are those of the table, then.
	fake index <<<'kill -9 $$'
	until='^Version:' sane download --board RPI_PICO --version "'?'"
	screen | grep -q '^  v1.28.0'
	keys Escape
	ended 2
}

@test "narrow and tiny windows, also in the middle" {
	columns=34 lines_=5 sane flash --board "'?'"
	keys w5100s
	until_screen '^Board: w5100s'
	golden choose-34
	for size in '20 3' '3 2' '1 1' '90 9'; do
		# shellcheck disable=SC2086 # two words
		set -- $size
		tmux -S "$tmux" resize-window -x "$1" -y "$2"
	done
	until_screen '^> W5100S_EVB_PICO  *W5100S-EVB-Pico'
	until_screen '^[0-9]* of [0-9]*; Enter chooses, Esc ends'
	golden choose-90
	keys Escape
	ended 2
}

@test "the marked line is bold, but not without colour" {
	sane flash --board "'?'"
	screen -e | grep -q $'^\033\[1m> '
	close_terminal
	terminal 80 12 "clear; NO_COLOR=1 mpf flash --board '?'"
	until_screen 'Enter chooses'
	[[ $(screen -e) != *$'\033'* ]]
}

@test "without a terminal nothing is chosen, and no board is touched" {
	while IFS='|' read -r line message hint; do
		# shellcheck disable=SC2086 # words
		run -2 --separate-stderr mpf $line
		[ "${stderr_lines[0]}" = "mpf: $message" ]
		[ "${stderr_lines[1]}" = "mpf: hint: $hint" ]
	done <<-'END'
		flash --serial ?|--serial ?: there is no terminal to choose at|say --serial NAME; mpf list shows the names
		flash --board ?|--board ?: there is no terminal to choose at|say --board ID; mpf list shows the ids
		flash --version ?|--version ?: there is no terminal to choose at|say --version stable, or one of mpf boards ID
		-i flash|-i: there is no terminal to choose at|say --serial NAME; mpf list shows the names
		-x flash -b ?|--board ?: nothing is asked, as -x or GITHUB_ACTIONS has it|say --board ID; mpf list shows the ids
		list -s ?|--serial ?: there is no terminal to choose at|say --serial NAME; mpf list shows the names
	END
	[ ! -e asked ]
	until='^sane, status' sane flash --board "'?'" '</dev/null'
	screen | grep -q 'no terminal to choose at'
	close_terminal
	terminal 80 12 "clear; mpf flash --board '?' >out; echo status \$?"
	until_screen '^status 2'
	screen | grep -q 'no terminal to choose at'
	close_terminal
	term=dumb until='^sane, status' sane flash --board "'?'"
	screen | grep -q 'no terminal to choose at'
	[ ! -e asked ]
}
