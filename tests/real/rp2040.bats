# SPDX-License-Identifier: MIT
#
# Stock firmware, v1.22.2 for the Pico W, in an emulator of the RP2040: its own
# USB, REPL, interrupts and timers.
load helper

# says_who: the record in $output has the facts of this board, all of them.
says_who() {
	[ "$(field '[.device.mode, .board.family, .board.version, .board.port,
	    .board.board_id, .board.description, .board.mpy, .board.uid] |
	    join("|")')" = "repl|micropython|v1.22.2|rp2|RPI_PICO_W|Raspberry \
Pi Pico W with RP2040|v6.2|e6614c311b5a6b2c" ]
}

@test "it says who it is, and keeps its variables" {
	start_pico board
	python board 'keep = 7'
	run -0 --separate-stderr mpf-detect --serial "$PWD/board"
	[ -z "$stderr" ]
	says_who
	[ "$(field .board.interrupted)" = null ]
	[ "$(python board 'print(keep)')" = 7 ]
}

@test "an idle board keeps its variables, however it was left" {
	start_pico board
	# It has ended the paste itself: that is no Python.
	left_anywhere board '\x01\x05A\x01x=;;;;; R^A\x80^A\x04'
}

@test "a program's timer that prints changes nothing of what it says" {
	local wrong=0
	start_pico board
	mpf-repl board write /main.py <<-'END'
		import machine
		tim = machine.Timer(period=17, callback=lambda t: print(20))
	END
	type board '\x04' $'20\r\n20'
	python board 'keep = 7'
	for _ in $(seq 20); do
		run --separate-stderr mpf-detect --serial "$PWD/board"
		if [ "$(field .error.code)" != null ]; then
			echo "$stderr"
			wrong=$((wrong + 1))
			continue
		fi
		says_who
		[ "$(field .board.interrupted)" = null ]
	done
	[ "$wrong" -le 1 ]
	python board 'tim.deinit()'
	[ "$(python board 'print(keep)')" = 7 ]
}

@test "a program is interrupted to ask, and the board starts anew" {
	start_pico board
	python board 'keep = 7'
	type board 'while True: pass\r\r' '... '
	run -0 --separate-stderr mpf-detect --no-interrupt \
	    --serial "$PWD/board"
	[ "$(field .device.mode)" = busy ]
	run -0 --separate-stderr mpf-detect --serial "$PWD/board"
	says_who
	[ "$(field .board.interrupted)" = true ]
	run -1 --separate-stderr python board 'print(keep)'
	[[ $stderr = *NameError* ]]
}

@test "input() takes the question, and the program is started again" {
	start_pico board
	mpf-repl board write /main.py <<<'x = input()'
	type board '\x04' 'reboot'
	# It ended without a word; this starts what is there now.
	run -0 --separate-stderr mpf-repl board write /main.py \
	    <<<'while True: print(input("? ") + "!")'
	[ "$stderr" = interrupted ]
	run -0 --separate-stderr mpf-detect --serial "$PWD/board"
	says_who
	[ "$(field .board.interrupted)" = true ]
	type board 'again\r' 'again!'
}
