# SPDX-License-Identifier: MIT
# mpf-flash on simulated boards, found by mpf-detect.
load helper
load sim

PICO="Raspberry Pi Pico with RP2040"

setup() {
	export XDG_STATE_HOME=$BATS_TEST_TMPDIR/state MPF_LOCKS=$BATS_TEST_TMPDIR
	export MPF_HOST=bench
	cd "$BATS_TEST_TMPDIR" || exit
	uf2 e48bff56 1.24.1 "$PICO" 400 >pico.uf2
}
teardown() { unplug_all; }

# image FILE [JQ]: what mpf-fetch would add to each record, but for what the
# board says.
image() {
	jq -c --arg path "$PWD/$1" --arg sum "$(sha256sum "$1" | head -c 64)" '
		.firmware += {action: "flash", by: "board"} |
		.image = {path: $path, sha256: $sum, format: "uf2",
			version: "v1.24.1"}'" | ${2:-.}"
}

# flash STATUS [OPTION...]: flashes what is plugged in with pico.uf2.
flash() {
	local status=$1
	shift
	mpf-detect --json | image pico.uf2 >in
	run "-$status" --separate-stderr mpf-flash --json "$@" <in
}

# fails CODE STATE MESSAGE: so the record of the single board says.
fails() {
	[ "$(field .error.code)" = "$1" ]
	[ "$(field .flash.state)" = "$2" ]
	[[ $(field .error.message) == *"$3"* ]]
}

# saved: is the board's record kept?
saved() { [ -n "$(ls state/mpf/pending 2>/dev/null)" ]; }

@test "a board is flashed, comes back and says so" {
	plug a rp2 --board RPI_PICO --path 1-1.2 --version 1.22.2 --keep kept
	flash 0
	[ "$(jq -c '[.flash.method, .flash.bootloader, .flash.state,
	    .flash.version_before, .flash.version_after, .flash.verified,
	    .flash.written_bytes, .flash.attempts]' <<<"$output")" = \
	    '["uf2","mpy","running","v1.22.2","v1.24.1",["boot"],102400,1]' ]
	[ "$(field .board.version)" = v1.24.1 ]
	[ "$(field .device.id)" = bench/usb/1-1.2 ]
	cmp pico.uf2 kept
	run ! saved
}

@test "a board that takes another tty name is found by its place" {
	plug a rp2 --board RPI_PICO --version 1.22.2 --new-name
	flash 0
	[ "$(field .device.serial_port)" = /dev/ttyACM1 ]
	[ "$(field .flash.state)" = running ]
}

@test "two boards at once, each with its own drive" {
	plug a rp2 --board RPI_PICO --path 1-1 --version 1.22.2 --keep a.kept
	plug b rp2 --board RPI_PICO --path 1-2 --version 1.22.2 --keep b.kept
	plug c rp2 --board RPI_PICO --path 1-3 --version 1.22.2 --keep c.kept
	uf2 e48bff56 1.24.1 "$PICO" 401 >other.uf2
	mpf-detect --json >detected
	{
		image pico.uf2 <detected | jq -c 'select(.device.usb_path == "1-1")'
		image other.uf2 <detected | jq -c 'select(.device.usb_path == "1-2")'
	} >in
	run -0 --separate-stderr mpf-flash --json <in
	[ "${#lines[@]}" -eq 2 ]
	cmp pico.uf2 a.kept
	cmp other.uf2 b.kept
	[ ! -e c.kept ]
}

# two_ttys: the board's REPL is at interface 2, and another tty at 0.
two_ttys() {
	local class=sysroot/sys/class/tty
	local dev
	dev=$(realpath "$class/ttyACM0/device/..")
	mv "$dev/1-1:1.0" "$dev/1-1:1.2"
	ln -sfn "$dev/1-1:1.2/tty/ttyACM0" "$class/ttyACM0"
	ln -sfn "$dev/1-1:1.2" "$dev/1-1:1.2/tty/ttyACM0/device"
	mkdir -p "$dev/1-1:1.0/tty/ttyACM5"
	ln -s "$dev/1-1:1.0" "$dev/1-1:1.0/tty/ttyACM5/device"
	ln -s "$dev/1-1:1.0/tty/ttyACM5" "$class/ttyACM5"
}

@test "a board with several ttys comes back at another one" {
	plug a rp2 --board RPI_PICO --version 1.22.2
	two_ttys
	mpf-detect --json -s /dev/ttyACM0 | image pico.uf2 >in
	[ "$(jq -r .device.id in)" = bench/usb/1-1:2 ]
	run -0 --separate-stderr mpf-flash --json <in
	[ "$(field .flash.state)" = running ]
	run ! saved
}

@test "a board with several ttys is known in its bootloader, too" {
	plug a rp2 --board RPI_PICO --version 1.22.2 --fail-at mount
	two_ttys
	mpf-detect --json -s /dev/ttyACM0 | image pico.uf2 >in
	run -1 --separate-stderr mpf-flash --json -t 2s <in
	[ "$(field .flash.state)" = bootloader ]
	run -0 --separate-stderr mpf-detect --json
	[ "$(jq -c '[.device.id, .device.mode, .board.board_id]' \
	    <<<"$output")" = '["bench/usb/1-1","uf2","RPI_PICO"]' ]
}

@test "what ran before is what the board said last" {
	plug a rp2 --board RPI_PICO --version 1.22.2
	mpf-detect --json | image pico.uf2 >in
	run -0 --separate-stderr mpf-flash --json <in
	run -0 --separate-stderr mpf-flash --json <in
	[ "$(field .flash.version_before)" = v1.24.1 ]
}

@test "a drive that hangs elsewhere is refused before the board is told" {
	plug a rp2 --board RPI_PICO --path 1-1 --version 1.22.2
	plug b rp2 --board RPI_PICO --path 1-2 --version 1.22.2
	talk "$(tty)" '\x01' '>' 'import machine; machine.bootloader()\x04' ''
	event a bootloader
	volume=$(jq -r .volume <<<"$event")
	mpf-detect --json -s 1-2 | image pico.uf2 >in
	run -1 --separate-stderr mpf-flash --json --volume "$volume" <in
	fails mismatch null "is at 1-1"
	run -0 mpf-detect --json -s 1-2
	[ "$(field .device.mode)" = repl ]
}

@test "a touch at 1200 baud brings a SAMD board into its bootloader" {
	plug a samd --version 1.22.2
	uf2 0 1.24.1 "$(jq -r .description <<<"$event")" 400 4000 >samd.uf2
	mpf-detect --json | image samd.uf2 >in
	run -0 --separate-stderr mpf-flash --json <in
	[ "$(field .flash.bootloader)" = touch1200 ]
	[ "$(field .flash.state)" = running ]
}

@test "an option that the method does not use is refused" {
	plug a rp2 --board RPI_PICO
	local option
	for option in "--erase all" "--offset 0" "--flash-size 4MB" \
	    "--after stay" "--retry-baud 9600"; do
		# shellcheck disable=SC2086 # an option and its word
		flash 1 -n $option
		[ "$(field .error.code)" = usage ]
		[[ $(field .error.message) == *"does not use ${option% *}" ]]
	done
}

@test "--dry-run says how, and touches nothing" {
	plug a rp2 --board RPI_PICO --version 1.22.2 --keep kept
	flash 0 --dry-run
	[ "$(command jq -c .flash <<<"$output")" = \
	    '{"method":"uf2","bootloader":"mpy","files":"unknown","dry_run":true}' ]
	[ "$(field .board.version)" = v1.22.2 ]
	[ ! -e kept ]
	run ! saved
}

@test "a dry run that fails is one, too; what comes after it is none" {
	plug a rp2 --board RPI_PICO --version 1.22.2
	mpf-detect --json | image pico.uf2 >in
	run -1 --separate-stderr mpf-flash --dry-run \
	    < <(jq -c '.image.path = "/nonexistent"' in)
	[ "$(jq -c '[.flash, .error.hint]' <<<"$output")" = \
	    '[{"dry_run":true},"run mpf-fetch again"]' ]
	run -0 --separate-stderr bash -c 'mpf-flash --dry-run <in | mpf-flash'
	[ "$(jq -c '[.flash.dry_run, .flash.state]' <<<"$output")" = \
	    '[null,"running"]' ]
}

@test "a board that does not answer any more is not flashed" {
	plug a rp2 --board RPI_PICO --version 1.22.2 --keep kept \
	    --fail-at silence:1
	mpf-detect --json | image pico.uf2 >in
	start=$SECONDS
	run -1 --separate-stderr mpf-flash --force --timeout 1 <in
	[ $((SECONDS - start)) -lt 8 ]		# not the 10 of the default
	[ "$(jq -c '[.error.code, .error.hint]' <<<"$output")" = \
	    '["io","reset the board, and try again"]' ]
	[ ! -e kept ]
}

@test "another board at the same place is not flashed" {
	plug a rp2 --board RPI_PICO --uid 1111111111111111 --version 1.22.2
	mpf-detect --json | image pico.uf2 |
	    jq -c '.board.uid = "2222222222222222"' >in
	run -1 --separate-stderr mpf-flash --force <in
	[ "$(field .error.code)" = mismatch ]
	[ "$(field .flash)" = null ]
	run ! saved
}

@test "an image for another board is not flashed, unless by force" {
	plug a rp2 --board RPI_PICO --version 1.22.2 --keep kept
	uf2 e48bff56 1.24.1 "Pimoroni Tiny 2040 with RP2040" 400 >other.uf2
	mpf-detect --json | image other.uf2 >in
	run -1 --separate-stderr mpf-flash <in
	[ "$(field .error.code)" = mismatch ]
	[[ $(field .error.message) == *'but the board is "Raspberry Pi Pico'* ]]
	[ ! -e kept ]
	run -0 --separate-stderr mpf-flash --force <in
	[ "$(jq -c .flash.forced <<<"$output")" = '["board"]' ]
	[ "$(field .board.description)" = "Pimoroni Tiny 2040 with RP2040" ]
}

@test "an image that says nothing of itself is no firmware" {
	plug a rp2 --board RPI_PICO --version 1.24.1 --keep kept
	LC_ALL=C sed 's/MicroPython/XicroPython/g' pico.uf2 >mute.uf2
	mpf-detect --json | image mute.uf2 'del(.image.version)' >in
	run -1 --separate-stderr mpf-flash <in
	fails mismatch null "it does not say which version of MicroPython it is"
	[ ! -e kept ]
	# By force it is written, and comes back with the old version.
	run -1 --separate-stderr mpf-flash --force \
	    < <(jq -c '.firmware.version = "v1.24.2"' in)
	fails verify running "runs v1.24.1, not v1.24.2"
	# Custom firmware may be mute, but then something has to change.
	mpf-detect --json | image mute.uf2 'del(.image.version) |
	    .firmware.custom = true' >in
	run -1 --separate-stderr mpf-flash <in
	fails verify running "runs v1.24.1 as before, and nothing proves"
	run -1 mpf-record --no-board -d . <<<"$output"
	[ "$(sqlite3 mpflash.db 'SELECT count(*) FROM mpf_device')" = 0 ]
}

@test "the same version is flashed again, as all blocks were taken" {
	plug a rp2 --board RPI_PICO --version 1.24.1 --keep kept
	flash 0
	[ "$(jq -c '[.flash.version_before, .flash.version_after]' \
	    <<<"$output")" = '["v1.24.1","v1.24.1"]' ]
	cmp pico.uf2 kept
}

@test "blocks of a family that is not a chip's are not written" {
	plug a rp2 --board RPI_PICO --version 1.22.2 --keep kept
	for family in e48bff57 e48bff58 12345678; do
		uf2 "$family" 1.24.1 "$PICO" 400 >pico.uf2
		flash 1
		fails mismatch null "the UF2 family 0x$family"
		[ "$(field .error.hint)" = "--force overrides this check" ]
	done
	[ ! -e kept ]
	flash 1 --force --timeout 1
	[ "$(jq -c .flash.forced <<<"$output")" = '["family","bootloader"]' ]
}

# spoil HOW: pico.uf2 with 400 blocks of 512 bytes, and one thing wrong.
spoil() {
	perl -e 'local $/; my $f = <STDIN>;
	my %how = (
	    missing => sub { substr $f, 7 * 512, 512, "" },
	    twice => sub { substr $f, 7 * 512 + 20, 4, pack "V", 6 },
	    overlap => sub { substr $f, 7 * 512 + 12, 4,
	        substr $f, 6 * 512 + 12, 4 },
	    cut => sub { substr $f, -1, 1, "" },
	    magic => sub { substr $f, 7 * 512 + 508, 1, "x" });
	$how{$ARGV[0]}->(); print $f' "$1" <pico.uf2
}

@test "a damaged UF2 is refused, and the board is not even restarted" {
	plug a rp2 --board RPI_PICO --version 1.22.2 --keep kept
	mpf-detect --json >found
	while IFS='|' read -r how message; do
		spoil "$how" >"$how.uf2"
		run -1 --separate-stderr mpf-flash --json --force \
		    < <(image "$how.uf2" <found)
		fails input null "$how.uf2: $message"
	done <<-'END'
		missing|block 0 of 399: number 0 of 400, but the file has 399
		twice|block 7 of 400: number 6 twice
		overlap|blocks 6 and 7: different bytes for address 0x10000600
		cut|204799 bytes: not whole UF2 blocks of 512
		magic|block 7 of 400: not a UF2 block: wrong magic
	END
	run -0 mpf-detect --json
	[ "$(field '.board.version + .device.mode')" = v1.22.2repl ]
	# What it does is told, until it goes.
	kill "$pid_a"
	run -0 cat <&"$fd_a"
	[[ $output != *bootloader* ]]
}

@test "an image for another chip is not flashed" {
	plug a rp2 --board RPI_PICO --version 1.22.2
	uf2 e48bff59 1.24.1 "Raspberry Pi Pico2 with RP2350" 400 >pico.uf2
	flash 1
	fails mismatch null "for rp2350, but the board has rp2040"
}

@test "a board that knows no way into its bootloader says what to press" {
	plug a rp2 --board RPI_PICO --version 1.22.2 --fail-at bootloader
	flash 1 --bootloader mpy
	fails unsupported unknown "no software way into its bootloader"
	[[ $(field .error.hint) == "hold BOOTSEL"* ]]
	run ! saved
}

@test "what goes wrong on the way is said with the state it leaves" {
	n=0
	for fault in drive mount boot board; do
		plug "x$((++n))" rp2 --board RPI_PICO --path "1-$n" \
		    --version 1.22.2 --fail-at "$fault" \
		    --after "Some Other with RP2040"
	done
	mpf-detect --json | image pico.uf2 >in
	run -1 --separate-stderr mpf-flash --json --timeout 2 <in
	[ "$(jq -sc 'sort_by(.device.id) | map([.error.code, .flash.state])' \
	    <<<"$output")" = '[["timeout","unknown"],["permission","bootloader"],["timeout","unknown"],["verify","running"]]' ]
	[ "$(find state/mpf/pending -name '*.json' | wc -l)" -eq 3 ]
}

@test "a run that was ended half-way is finished by the next" {
	plug a rp2 --board RPI_PICO --version 1.22.2 --fail-at mount
	flash 1 --timeout 1
	fails permission bootloader "the drive is not mounted"
	saved
	# Now it is mounted; the board itself can not say what it is.
	dev=$(cat "$MPF_SYSROOT"/sys/bus/usb/devices/1-1/*/host*/*/*/block/*/*/dev)
	mkdir -p "$MPF_SYSROOT/media/late"
	printf 'UF2 Bootloader v3.0\nModel: x\nBoard-ID: RPI-RP2\n' \
	    >"$MPF_SYSROOT/media/late/INFO_UF2.TXT"
	echo "36 22 $dev / /media/late rw - vfat x rw" \
	    >"$MPF_SYSROOT/proc/self/mountinfo"
	run -0 --separate-stderr mpf-detect --json
	[ "$(field .device.mode)" = uf2 ]
	[ "$(field .device.volume)" = /media/late ]
	[ "$(field .board.description)" = "$PICO" ]
	image pico.uf2 <<<"$output" >in
	run -1 --separate-stderr mpf-flash --json --timeout 1 <in
	[ "$(field .flash.bootloader)" = none ]
	cmp pico.uf2 "$MPF_SYSROOT/media/late/FIRMWARE.UF2"
}

@test "a record kept for a bootloader does not flash another board there" {
	plug a rp2 --board RPI_PICO --version 1.22.2 --fail-at mount
	flash 1 --timeout 1
	fails permission bootloader "the drive is not mounted"
	run -0 mpf-detect --json
	[ "$(field .board.description)" = "$PICO" ]
	image pico.uf2 <<<"$output" >in
	kill "$pid_a"
	wait "$pid_a" || :
	# Another Pico, put there by its button.
	plug b rp2 --board RPI_PICO --version 1.22.2 --keep kept
	talk "$(tty)" '\x01' '>' 'import machine; machine.bootloader()\x04' ''
	event b bootloader
	run -0 mpf-detect --json
	[ "$(jq -c '[.device.mode, .board]' <<<"$output")" = '["uf2",null]' ]
	run -1 --separate-stderr mpf-flash --force <in
	[ "$(field .error.code)" = ambiguous ]
	[ "$(field .error.hint)" = "say which it is with mpf-resolve --board" ]
	[ ! -e kept ]
	run -0 mpf-flash < <(jq -c '.firmware.by = "manual" | del(.board)' in)
	cmp pico.uf2 kept
}

@test "a locked place is busy, and its board is left alone" {
	plug a rp2 --board RPI_PICO --path 1-1 --version 1.22.2 --keep kept
	mpf-detect --json | image pico.uf2 >in
	lock=$BATS_TEST_TMPDIR/mpf-$(printf bench/usb/1-1 | sha256sum |
	    head -c 16).lock
	run -1 --separate-stderr flock "$lock" mpf-flash --json <in
	[ "$(field .error.code)" = busy ]
	[ "$(field .flash)" = null ]
	[ ! -e kept ]
}

@test "a port that somebody has opened meanwhile is busy, and says by whom" {
	plug a rp2 --board RPI_PICO --version 1.22.2 --keep kept
	mpf-detect --json | image pico.uf2 >in
	exec 5<>"$(tty)"
	run -1 --separate-stderr mpf-flash --force <in
	exec 5>&-
	[ "$(jq -c '[.error.code, .flash]' <<<"$output")" = '["busy",null]' ]
	[[ $(field .error.message) == *": in use by "*" (process "*")" ]]
	[ ! -e kept ]
}

@test "a program that was stopped for a bootloader there is none is started" {
	plug a esp32 --busy
	uf2 1c5f21b0 1.24.1 "$(jq -r .description <<<"$event")" 40 0 >esp.uf2
	mpf-detect --json | jq -c 'del(.board.port)' | image esp.uf2 >in
	run -1 --separate-stderr mpf-flash --bootloader mpy <in
	[ "$(field '.error.code + .flash.state')" = unsupportedrunning ]
	mpf-detect | jq -e .board.interrupted
}
