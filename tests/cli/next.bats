# SPDX-License-Identifier: MIT
# error.next: what to do, as a word that a program can act on.
load helper
load sim

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export MPF_HOST=bench MPFLASH_FIRMWARE=$PWD/firmware
}

teardown() { unplug_all; }

# next: of the records on standard input, those that say so.
next() { jq -r 'select(.error).error | "\(.code) \(.next // "-")"'; }

@test "each step is one word of a fixed list, and most hints have one" {
	board='{mpf: 1, device: {id: "b/usb/1-1", serial_port: "/dev/x",
	    mode: "repl"}, board: {family: "micropython", port: "rp2",
	    version: "v1.24.1"}}'
	while IFS=';' read -r wanted change command; do
		run --separate-stderr bash -c "$command" \
			< <(jq -nc "$board | $change")
		echo "# $command: $(next <<<"$output")"
		[ "$(next <<<"$output")" = "$wanted" ]
	done <<-'END'
		usage fix_command;.;mpf-resolve --nonsense
		not_found choose_board;.board.description = "Nothing with X";mpf-resolve
		not_found choose_board;.board.board_id = "RPI_PICO";mpf-resolve --board RPI_PIC
		not_found choose_variant;.board.board_id = "RPI_PICO";mpf-resolve --variant NOSUCH
		not_found choose_board;.;mpf-resolve --board NOWHERE
		not_found fix_command;.;mpf-resolve --port nowhere
		unsupported upgrade_mpf;.mpf = 2;mpf-resolve
		not_found go_online;.firmware = {action: "flash", by: "board", board_id: "RPI_PICO", port: "rp2", version: "v1.24.1"};mpf-fetch --offline
	END
}

@test "what mpf-detect says of boards that cannot be used" {
	mkdir none
	run -1 --separate-stderr mpf-detect --json --sysroot none
	[ "$(next <<<"$output")" = "not_found plug_in" ]
	run -1 --separate-stderr mpf-detect --json --sysroot none -s ttyACM9
	[ "$(next <<<"$output" | head -n 1)" = "not_found choose_port" ]
	plug s silent --path 1-3
	run -1 --separate-stderr mpf-detect --json
	[ "$(next <<<"$output")" = "not_found choose_port" ]
}
