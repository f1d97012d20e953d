# SPDX-License-Identifier: MIT
# UF2 files that hold an image for each of several chips.
load helper
load sim
load fetch

setup() {
	export MPFLASH_FIRMWARE=$BATS_TEST_TMPDIR/fw
	cd "$BATS_TEST_TMPDIR" || exit
	mkfw e48bff56 v1.25.0 2025-04-15 "Raspberry Pi Pico with RP2040" \
	    300 >one
	mkfw e48bff59 v1.25.0 2025-04-15 "Raspberry Pi Pico2 with RP2350" \
	    300 >two
	cat one two >one-two.uf2
	cat two one >TWO-ONE.UF2
}

teardown() { unplug_all; }

# planned BOARD FILE: its record, for the board at ttyACM0.
planned() {
	mpf-detect | jq -c --arg b "$1" --arg s "file://$PWD/$2" '.firmware =
	    {action: "flash", by: "manual", custom: true, board_id: $b,
	    port: "rp2", source: $s}'
}

@test "each board finds its own image, whatever the order and the name's case" {
	for file in one-two.uf2 TWO-ONE.UF2; do
		run -0 --separate-stderr mpf-fetch --no-lock --board RPI_PICO --source "$file"
		[ "$(field .image.chip)" = rp2040 ]
		[ "$(field .image.board)" = "Raspberry Pi Pico with RP2040" ]
		run -0 --separate-stderr mpf-fetch --no-lock --board RPI_PICO2 --source "$file"
		[ "$(field .image.chip)" = rp2350 ]
		[ "$(field .image.board)" = "Raspberry Pi Pico2 with RP2350" ]
	done
}

@test "a board that has neither chip is not given such a file" {
	run -1 --separate-stderr mpf-fetch --no-lock --board SEEED_WIO_TERMINAL \
	    --source one-two.uf2
	[[ $(field .error.message) == *"for several chips, and "* ]]
}

@test "both boards are flashed with it, and say what their image says" {
	plug a rp2 --board RPI_PICO --version 1.24.1
	planned RPI_PICO TWO-ONE.UF2 | mpf-fetch >plan
	run -0 --separate-stderr mpf-flash <plan
	[ "$(field .board.version)" = v1.25.0 ]
	[ "$(field .flash.written_bytes)" -eq $((300 * 256)) ]
	unplug_all
	plug b rp2 --board RPI_PICO2 --version 1.24.1
	planned RPI_PICO2 one-two.uf2 | mpf-fetch >plan
	run -0 --separate-stderr mpf-flash <plan
	[ "$(field .board.description)" = "Raspberry Pi Pico2 with RP2350" ]
	[ "$(field .flash.written_bytes)" -eq $((300 * 256)) ]
}
