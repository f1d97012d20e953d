# SPDX-License-Identifier: MIT
# Boards of all ports that have a drive: of a debug probe, or of a bootloader.
load helper
load sim

setup() {
	export XDG_STATE_HOME=$BATS_TEST_TMPDIR/state MPF_LOCKS=$BATS_TEST_TMPDIR
	export MPF_HOST=bench MPFLASH_FIRMWARE=$BATS_TEST_TMPDIR/fw
	cd "$BATS_TEST_TMPDIR" || exit
}
teardown() { unplug_all; }

# hex VERSION MACHINE: an Intel HEX file that says so, on stdout.
hex() {
	perl - "$@" <<-'END'
	my ($version, $machine) = @ARGV;
	my $data = "\0" x 700 .
	    "MicroPython v$version on 2026-04-06; $machine\0$machine\0";
	$data .= pack "C", $_ * $_ % 251 for 0 .. 29999;
	for (my $at = 0; $at < length $data; $at += 16) {
	    my $part = substr $data, $at, 16;
	    my $rec = pack("CnC", length $part, $at, 0) . $part;
	    printf ":%s%02X\n", uc unpack("H*", $rec),
	        -unpack("%32C*", $rec) & 255;
	}
	print ":00000001FF\n";
	END
}

# flash STATUS FILE [OPTION...]: what is plugged in, with that file.
flash() {
	local status=$1 file=$2
	shift 2
	mpf-detect --json | jq -c --arg path "$PWD/$file" --arg sum \
	    "$(sha256sum "$file" | head -c 64)" '
		.firmware = {action: "flash", by: "board",
		    board_id: .board.board_id, port: .board.port} |
		.image = {path: $path, sha256: $sum, version: "v1.28.0",
		    format: ($path | sub(".*[.]"; ""))}' >in
	run "-$status" --separate-stderr mpf-flash --json "$@" <in
}

@test "a micro:bit is flashed by a copy to DAPLink's drive" {
	plug a microbit --keep kept.hex
	hex 1.28.0 "micro:bit with NRF51822" >m.hex
	run -0 mpf-detect --json
	[ "$(field '[.device.mode, .device.probe, .device.volume] |
	    join(" ")')" = "repl DAPLink /media/MICROBIT" ]
	[ "$(mpf-resolve --version 1.28.0 <<<"$output" |
	    jq -r .firmware.action)" = flash ]
	flash 0 m.hex
	[ "$(jq -c '[.flash.method, .flash.state, .flash.version_before,
	    .flash.version_after, .flash.verified]' <<<"$output")" = \
	    '["drive","running","v1.24.1","v1.28.0",["boot"]]' ]
	[ "$(field .board.version)" = v1.28.0 ]
	cmp m.hex kept.hex
}

@test "what FAIL.TXT says is the error, and the board runs what it ran" {
	plug a microbit --fail-at fail
	hex 1.28.0 "micro:bit with NRF51822" >m.hex
	flash 1 m.hex
	[ "$(field .error.code)" = io ]
	[[ $(field .error.message) == *"the DAPLink says: The interface \
firmware FAILED to reset/halt the target MCU" ]]
	run -0 mpf-detect --json
	[ "$(field .board.version)" = v1.24.1 ]
}

@test "a probe whose board does not come back is told so" {
	plug a nucleo --fail-at boot
	hex 1.28.0 "NUCLEO-F401RE with STM32F401xE" >n.hex
	flash 1 n.hex --timeout 300
	[ "$(field .flash.state)" = unknown ]
	[ "$(field .error.code)" = timeout ]
}

@test "an ST-LINK takes HEX for its board, and for no other" {
	plug a nucleo --keep kept.hex
	hex 1.28.0 "micro:bit with NRF51822" >m.hex
	flash 1 m.hex
	[ "$(field .error.code)" = mismatch ]
	[ ! -e kept.hex ]
	hex 1.28.0 "NUCLEO-F401RE with STM32F401xE" >n.hex
	flash 0 n.hex
	[ "$(field .flash.method)" = drive ]
	[ "$(field .board.version)" = v1.28.0 ]
	cmp n.hex kept.hex
}

@test "an nRF52840 gets what fits behind its SoftDevice alone" {
	plug a nrf --keep kept.uf2
	uf2 ada52840 1.28.0 "XIAO nRF52840 Sense with NRF52840" 40 26000 >x.uf2
	flash 1 x.uf2 --force
	[ "$(field .error.code)" = mismatch ]
	[[ $(field .error.message) == *"S140 version 7.3.0, begins at 0x27000" ]]
	[ ! -e kept.uf2 ]
	uf2 ada52840 1.28.0 "XIAO nRF52840 Sense with NRF52840" 40 27000 >x.uf2
	run -0 mpf-detect --json
	[ "$(field .device.uf2.softdevice)" = "S140 version 7.3.0" ]
	jq -c '.device.named = true | .firmware = {action: "flash", port: "nrf",
	    by: "manual", board_id: "SEEED_XIAO_NRF52"}' <<<"$output" |
	    jq -c --arg sum "$(sha256sum x.uf2 | head -c 64)" '.image = {
	    path: "'"$PWD"'/x.uf2", sha256: $sum, version: "v1.28.0",
	    format: "uf2", checks: ["board"]}' >in
	run -0 --separate-stderr mpf-flash --json <in
	[ "$(field .board.version)" = v1.28.0 ]
	cmp x.uf2 kept.uf2
}

@test "an i.MX RT board is flashed by its UF2 drive" {
	plug a mimxrt --keep kept.uf2
	uf2 4fb2d5bd 1.28.0 "i.MX RT1060 EVK with MIMXRT1062DVJ6A" 40 60000400 \
	    >i.uf2
	flash 0 i.uf2
	[ "$(field .flash.method)" = uf2 ]
	[ "$(field .board.version)" = v1.28.0 ]
	cmp i.uf2 kept.uf2
}
