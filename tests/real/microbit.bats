# SPDX-License-Identifier: MIT
#
# MicroPython of 2017 on a micro:bit in QEMU: no raw-paste, 9 kB of heap, a
# UART that loses what comes too fast, no os.rename.
load helper

@test "a micro:bit of 2017 says what it is, and keeps its variables" {
	start_microbit
	python microbit 'keep = 5'
	run -0 --separate-stderr mpf-detect -t 30s --serial "$PWD/microbit"
	[ -z "$stderr" ]
	[ "$(field .device.id)" = "bench/tty/$PWD/microbit" ]
	[ "$(field '.device | [.mode, .named] | @csv')" = '"repl",true' ]
	[ "$(field '.board | [.family, .version, .port] | join(" ")')" = \
	    "micropython v1.9.2 microbit" ]
	[ "$(field '.board | [.build, .commit] | join(" ")')" = "34 d64154c73" ]
	[ "$(field .board.description)" = "micro:bit with nRF51822" ]
	[ "$(field .board.mcu)" = nRF51822 ]
	[ "$(field .board.uid)" = 0300000078563412 ]
	[ "$(field '.board | has("interrupted", "info", "record")')" = \
	    $'false\nfalse\nfalse' ]
	[ "$(python microbit 'print(keep)')" = 5 ]
}

@test "a file that cannot be opened is not taken for one that is not there" {
	start_microbit
	python microbit 'def open(*a): raise OSError(5)'
	run -0 --separate-stderr mpf-detect -t 30s --serial "$PWD/microbit"
	[ "$(field .board.info_error)" = \
	    "board_info.toml: the board cannot open it: OSError: 5" ]
}

@test "it is asked wherever somebody left it, and keeps its variables" {
	start_microbit
	python microbit 'keep = 6'
	for state in 'y=(1, y=(1,' 'if-1:\r ...' '\x05paste\r ===' \
	    '\x01 exit' '\x01half exit'; do
		type microbit "${state% *}" "${state#* }"
		[ "$(python microbit 'print(keep)')" = 6 ]
	done
}

@test "an input() at its prompt gets an empty line, and it is idle" {
	start_microbit
	python microbit 'keep = 8'
	type microbit 'x = input("? ")\r' $'\n? '
	run -0 --separate-stderr mpf-detect -t 30s --serial "$PWD/microbit"
	[ "$(field '.device.mode, .board.interrupted')" = $'repl\nnull' ]
	[ "$(python microbit 'print(repr(x), keep)')" = "'' 8" ]
}

@test "a file is written without os.rename, and survives a soft reset" {
	start_microbit
	for i in $(seq 8); do printf '%s = "\\%c é"\n' "line$i" "'"; done >file
	mpf-repl microbit write mpflash.toml <file
	type microbit '\x04' reboot
	mpf-repl microbit read mpflash.toml | cmp - file
	[ "$(python microbit 'import os; print(os.listdir())')" = \
	    "['mpflash.toml']" ]
	run -1 --separate-stderr mpf-repl microbit read nothing
	[ "$stderr" = "not_found: nothing: no such file on the board" ]
}

@test "a program is interrupted to ask, and runs again afterwards" {
	start_microbit
	python microbit "f = open('main.py', 'w')
f.write('x = bytearray(3000)\\nprint(\"runs\")\\nwhile True: pass\\n')
f.close()"
	type microbit '\x04' runs
	run -0 --separate-stderr mpf-detect -t 30s --no-interrupt --serial "$PWD/microbit"
	[ "$(field .device.mode)" = busy ]

	run -0 --separate-stderr mpf-detect -t 30s --serial "$PWD/microbit"
	[ "$(field .board.interrupted)" = true ]
	[ "$(field .board.version)" = v1.9.2 ]

	run -1 --separate-stderr mpf-repl --no-interrupt microbit run 'print(1)'
	[[ "$stderr" == "busy: "* ]]
	run -0 --separate-stderr mpf-repl microbit run 'print(len(x))'
	[ "$output" = 3000 ]
	[ "$stderr" = interrupted ]
}

@test "too little room for all questions: they are asked in parts" {
	start_microbit
	python microbit 'x = bytearray(2700)'
	run -1 --separate-stderr mpf-repl microbit call facts \
	    name="'$(printf '%01000d' 0)'" platform=1
	[[ $stderr == *MemoryError* ]]
	run -0 --separate-stderr mpf-detect -t 30s --serial "$PWD/microbit"
	[ "$(field .board.commit)" = d64154c73 ]
	[ "$(python microbit 'print(len(x))')" = 2700 ]
}
