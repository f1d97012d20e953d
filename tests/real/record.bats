# SPDX-License-Identifier: MIT
#
# mpf-record on MicroPython as it is: the file goes where the board has its
# files, and what the user wrote there stays.
load helper

# recorded NAME: what mpf-record makes of it, as a board that was flashed.
recorded() {
	mpf-detect --serial "$PWD/$1" | jq -c '. + {
	    firmware: {board_id: "RPI_PICO_W", port: "rp2", action: "flash"},
	    flash: {at: "2026-11-20T12:00:00Z", verified: ["boot"],
	        state: "running", version_after: .board.version}}' | mpf-record
}

# has NAME FILE: it says when it was flashed.
has() {
	mpf-repl "$1" read "$2" >"$1.toml"
	grep -qx 'flash_date = 2026-11-20T12:00:00Z' "$1.toml"
}

@test "the file goes into the root, or into /flash where that is" {
	local v n=0
	for v in "$MPF_TEST_NPM"/*; do
		v=${v##*/} n=$((n + 1))
		start_wasm "root$n" "$v"
		run -0 --separate-stderr recorded "root$n"
		[ "$(field .record.toml)" = written ]
		[ -z "$stderr" ]
		has "root$n" /mpflash.toml
		start_wasm "flash$n" "$v" '.mount = "/flash"'
		run -0 recorded "flash$n"
		[ "$(field .record.toml)" = written ]
		has "flash$n" /flash/mpflash.toml
	done
}

@test "the user's own lines stay" {
	start_wasm a 1.27.0
	echo 'note = "mine"' | mpf-repl a write mpflash.toml
	recorded a
	has a mpflash.toml
	grep -qx 'note = "mine"' a.toml
	[ "$(python a 'import os; print("mpflash.toml.tmp" in os.listdir())')" \
	    = False ]
}

@test "a program that runs is interrupted, and started again" {
	start_wasm a 1.27.0
	type a 'exec("print(1+1)\\nwhile 1: pass")\r' $'\n2'
	run -0 recorded a
	[ "$(field .record.toml)" = written ]
}
