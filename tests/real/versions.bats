# SPDX-License-Identifier: MIT
#
# MicroPython of many versions: its builds for WebAssembly from npm, which
# mpyboard.mjs gives the identity of a board.
load helper

# The versions, with what they say of their build.
versions='1.23.0 v1.23.0 - -
1.24.1 v1.24.1 - -
1.25.0 v1.25.0 - -
1.26.0 v1.26.0 - -
1.27.0 v1.27.0 - -
1.28.0-6 v1.28.0 6 974b56afa6
1.29.0-6 v1.29.0 6 c763859f35'

@test "every version says what it is, all asked at once" {
	args=()
	while read -r pack _; do
		start_wasm "$pack" "$pack" '.build = "RPI_PICO_W"'
		args+=(--serial "$PWD/$pack")
	done <<<"$versions"
	run -0 --separate-stderr mpf-detect --keep-order "${args[@]}"
	[ -z "$stderr" ]
	jq -r '[.board.version, .board.build // "-", .board.commit // "-"] |
	    join(" ")' <<<"$output" >got
	cut -d' ' -f2- <<<"$versions" | diff - got
	[ "$(jq -r '.board | [.family, .port, .board_id, .description, .mcu,
	    .mpy, .uid] | join("|")' <<<"$output" | uniq)" = \
	    "micropython|rp2|RPI_PICO_W|Raspberry Pi Pico W with RP2040|RP2040|v6.3|e6614c311b5a6b2c" ]
	[ "$(jq -r '.device.mode, .board.interrupted // "idle"' \
	    <<<"$output" | uniq | sort -u | xargs)" = "idle repl" ]
}

@test "before v1.25 the table of boards tells the board's id" {
	start_wasm board 1.24.1
	run -0 --separate-stderr mpf-detect --serial "$PWD/board"
	[ "$(field .board.board_id)" = RPI_PICO_W ]
}

@test "an idle board keeps its variables, however it was left: v1.23" {
	start_wasm board 1.23.0
	left_anywhere board
}

@test "an idle board keeps its variables, however it was left: v1.26" {
	start_wasm board 1.26.0
	left_anywhere board
}

@test "an idle board keeps its variables, however it was left: v1.29" {
	start_wasm board 1.29.0-6
	left_anywhere board
}

# Stock v1.22 for rp2 says no more than the exception's name.
@test "an idle board that leaves a raw-paste without a traceback" {
	start_wasm board 1.24.1 '.paste_killed = "KeyboardInterrupt: \r\n"'
	left_anywhere board
}

@test "a program is interrupted to ask, and the board starts anew" {
	start_wasm board 1.27.0
	type board 'exec("print(1+1)\\nwhile 1: pass")\r' $'\n2'
	run -0 --separate-stderr mpf-detect --no-interrupt \
	    --serial "$PWD/board"
	[ "$(field .device.mode)" = busy ]
	run -0 --separate-stderr mpf-detect --serial "$PWD/board"
	[ "$(field .board.interrupted)" = true ]
	run -0 --separate-stderr mpf-detect --serial "$PWD/board"
	[ "$(field .board.interrupted)" = null ]
}

@test "mpflash.toml is written, read back, and survives a soft reset" {
	start_wasm board 1.28.0-6
	for i in $(seq 200); do printf '%s = "\\%c é"\n' "line$i" "'"; done >all
	for n in 200 3 0; do
		head -n "$n" all >part
		mpf-repl board write /mpflash.toml <part
		type board '\x04' '>>> '
		mpf-repl board read /mpflash.toml | cmp - part
	done
	[ "$(python board 'import os
print([n for n in os.listdir("/") if "mpf" in n])')" = "['mpflash.toml']" ]
	run -1 --separate-stderr mpf-repl board read /none
	[ "$stderr" = "not_found: /none: no such file on the board" ]
	run -1 --separate-stderr mpf-repl board write /none/none <part
	[[ "$stderr" == "not_found: /none/none.tmp: "* ]]
}

@test "mpf-record writes on the board what mpf-detect reads back" {
	start_wasm board 1.27.0 '.build = "RPI_PICO_W"'
	mpf-detect --serial "$PWD/board" >found
	jq -c '. + {firmware: {board_id: "RPI_PICO_W", port: "rp2",
	    version: "v1.27.0", source: "https://example.org/x.uf2",
	    file_name: "x.uf2", action: "flash"}, flash: {method: "uf2",
	    version_after: "v1.27.0", at: "2026-11-20T12:00:00Z",
	    verified: ["boot"], state: "running"}}' found >flashed
	run -0 --separate-stderr mpf-record <flashed
	[ "$(field .record.toml)" = written ]
	type board '\x04' '>>> '

	run -0 --separate-stderr mpf-detect --serial "$PWD/board"
	[ "$(field '.board.record | [.firmware.version, .firmware.flash_date,
	    .source.filename] | join(" ")')" = \
	    "v1.27.0 2026-11-20T12:00:00Z x.uf2" ]
	jq -c '. + {firmware: {board_id: "RPI_PICO_W", port: "rp2",
	    version: "v1.27.0", action: "skip"}}' <<<"$output" >skipped
	run -0 --separate-stderr mpf-record <skipped
	[ "$(field .record.toml)" = unchanged ]
}

@test "what lies on the board is read: info, record, and broken files" {
	start_wasm board 1.25.0 '.mount = "/flash"'
	mpf-repl board write /flash/board_info.toml <<-'END'
	description = "the one on the left"
	[mpflash]
	board_id = "MY_BOARD-V"
	END
	echo 'firmware.version = "v1.25.0"' |
	    mpf-repl board write /flash/mpflash.toml
	run -0 --separate-stderr mpf-detect --serial "$PWD/board"
	[ "$(field .board.info.description)" = "the one on the left" ]
	[ "$(field .board.record.firmware.version)" = v1.25.0 ]
	[ "$(field '.board | [.board_id, .variant] | @csv')" = \
	    '"MY_BOARD","V"' ]

	echo 'x = ' | mpf-repl board write /flash/mpflash.toml
	{ echo '[mpflash]'; echo 'ignore = true'; } |
	    mpf-repl board write /flash/board_info.toml
	run -0 --separate-stderr mpf-detect --serial "$PWD/board"
	[ "$(field .device.mode)" = ignored ]
	[ "$(field .board.record)" = null ]
	[[ "$(field .board.record_error)" == "mpflash.toml: line 1"* ]]

	head -c 9000 /dev/zero | tr '\0' '#' |
	    mpf-repl board write /flash/board_info.toml
	run -0 --separate-stderr mpf-detect --serial "$PWD/board"
	[ "$(field .device.mode)" = repl ]
	[ "$(field .board.info_error)" = \
	    "board_info.toml: over 8192 bytes" ]
}

@test "a file that is there, and cannot be opened, is said" {
	start_wasm board 1.25.0
	python board 'def open(*a): raise OSError(5)'
	run -0 --separate-stderr mpf-detect --serial "$PWD/board"
	[ "$(field '.board | .info_error, .record_error')" = \
	    "board_info.toml: the board cannot open it: OSError: 5
mpflash.toml: the board cannot open it: OSError: 5" ]
	python board 'def open(*a): raise OSError(2)'
	run -0 --separate-stderr mpf-detect --serial "$PWD/board"
	[ "$(field '.board | has("info_error", "record_error")')" = \
	    $'false\nfalse' ]
}

@test "a board that says no to raw-paste is written to in pieces" {
	start_wasm board 1.23.0 '.no_paste = true'
	run -0 --separate-stderr mpf-detect --serial "$PWD/board"
	[ "$(field .board.version)" = v1.23.0 ]
}

@test "a prompt without a raw REPL is foreign" {
	start_wasm board 1.23.0 '.no_raw = true'
	run -1 --separate-stderr mpf-detect -v --serial "$PWD/board"
	[ "$(jq -r .device.mode <<<"${lines[0]}")" = foreign ]
	[[ $stderr == *"a prompt, but no raw REPL"* ]]
}

@test "a board that floods gets an error, and can be asked afterwards" {
	start_wasm board 1.29.0-6
	run -1 --separate-stderr mpf-repl board run \
	    'while 1: print("0123456789" * 10)'
	[[ $stderr == "input: board: the board prints more than the 262144"* ]]
	[ "$(python board 'print(2)')" = 2 ]
}
