# SPDX-License-Identifier: MIT
# mpf-flash where no board is touched.
load helper

setup() {
	export XDG_STATE_HOME=$BATS_TEST_TMPDIR/state MPF_LOCKS=$BATS_TEST_TMPDIR
	export MPF_SYSROOT=$BATS_TEST_DIRNAME/../data/sysroot/bench
	image=$BATS_TEST_TMPDIR/image.bin
	head -c 5000 /dev/zero >"$image"
}

# pico [JQ]: the Pico of the recorded tree, to be flashed.
pico() {
	command jq -cn --arg image "$image" --arg sum "$(sha256sum "$image" |
	    head -c 64)" '{mpf: 1,
		device: {id: "bench/usb/1-1.2", serial_port: "/dev/ttyACM0",
			vid: "2e8a", pid: "0005", usb_serial: "e6614c311b5a6b2c",
			usb_path: "1-1.2", mode: "repl"},
		board: {version: "v1.22.2", port: "rp2", board_id: "RPI_PICO",
			description: "Raspberry Pi Pico with RP2040",
			uid: "e6614c311b5a6b2c"},
		firmware: {action: "flash", by: "board"},
		image: {path: $image, format: "bin", sha256: $sum}}'" | ${1:-.}"
}

# refused CODE MESSAGE [OPTION...]: the record on stdin is not flashed.
refused() {
	local code=$1 message=$2
	shift 2
	run -1 --separate-stderr mpf-flash "$@"
	[ "$(field .error.stage)" = flash ]
	[ "$(field .error.code)" = "$code" ]
	[ "$(field .error.message)" = "$message" ]
	[ "$(field .flash)" = null ]
	# People are told the name that they know it by.
	[[ $stderr == "mpf-flash: "*"${message//bench\/usb\/1-1.2/\/dev\/ttyACM0}"* ]]
	[ ! -e "$XDG_STATE_HOME" ]
}

@test "what is skipped, has failed or is somebody else's leaves as it came" {
	pico '.firmware.action = "skip" | del(.image)' >"$BATS_TEST_TMPDIR/in"
	cat >>"$BATS_TEST_TMPDIR/in" <<-'END'
	{"mpf": 1, "device":{"id":"x","mode":"repl"},"error":{"stage":"fetch","code":"network","message":"x: no","retry":true}}
	{"somebody": "else's" }
	END
	run -1 --separate-stderr mpf-flash --keep-order <"$BATS_TEST_TMPDIR/in"
	[ "$output" = "$(cat "$BATS_TEST_TMPDIR/in")" ]
	[ -z "$stderr" ]
}

@test "a record that was not fetched says what is missing" {
	refused input "bench/usb/1-1.2: the record names no image" \
	    < <(pico 'del(.image)')
	[ "$(field .error.hint)" = "put mpf-fetch before mpf-flash" ]
	refused not_found "/nonexistent: No such file or directory" \
	    < <(pico '.image.path = "/nonexistent"')
}

@test "an image that is a pipe is refused, and nobody waits for it" {
	pico >"$BATS_TEST_TMPDIR/in"
	rm "$image"
	mkfifo "$image"
	refused input "$image: a pipe, not a regular file" \
	    <"$BATS_TEST_TMPDIR/in"
}

@test "an image that is not the one that was fetched is not flashed" {
	local none sum
	none=$(printf '%064d' 0) sum=$(sha256sum "$image" | head -c 64)
	refused verify "$image: not the file that was fetched: sha-256 $sum, not $none" \
	    --force < <(pico '.image.sha256 = "0" * 64')
	refused verify "$image: not the file that was chosen: sha-256 $sum, not $none" \
	    --force < <(pico '.firmware.sha256 = "0" * 64')
}

@test "a record that lacks what a check needs is refused as input" {
	local key
	for key in firmware.action image.sha256 device.vid device.pid device.usb_path; do
		refused input "bench/usb/1-1.2: $key: missing" --force \
		    < <(pico "del(.$key)")
	done
	refused input "bench/usb/1-1.2: board.uid: missing" --force \
	    < <(pico 'del(.board)')
	refused input "bench/usb/1-1.2: device.usb_path: \"1-1.3\" is not the place in device.id, \"bench/usb/1-1.2\"" \
	    --force < <(pico '.device.usb_path = "1-1.3"')
}

@test "an empty device.mode does not skip the question who is there" {
	refused input 'device.mode: "" is not one of repl, uf2, dfu, picoboot, esp_rom, silent, busy, ignored, foreign' \
	    --force < <(pico '.device.mode = "" | .image.path = "/nonexistent"')
}

@test "ports that nobody named are never flashed, whatever is forced" {
	for mode in silent foreign ignored; do
		refused unsupported "bench/usb/1-1.2: $mode, so it is not flashed" \
		    --force < <(pico ".device.mode = \"$mode\"")
	done
	refused unsupported "bench/usb/1-1.2: silent, so it is not flashed" \
	    < <(pico '.device.mode = "silent" | .device.named = true')
	refused busy "bench/usb/1-1.2: in use by another program" --force \
	    < <(pico '.device.mode = "busy" | .device.named = true')
	refused ambiguous "bench/usb/1-1.2: it cannot say which board it is" \
	    < <(pico '.device.mode = "uf2" | del(.board)')
}

@test "no method takes the job: those of the board say why, or else all" {
	refused unsupported "bench/usb/1-1.2: no way to flash it; picoboot, uf2: the image is not UF2" \
	    < <(pico)
	refused unsupported "bench/usb/1-1.2: no way to flash it; drive: the board is not behind a debug probe that shows a drive; picoboot, uf2: the image is not UF2; dfu: only boards of the port stm32 have DfuSe; dfu: no plain DFU is known of this board; esp: the image is not for an ESP chip" \
	    < <(pico 'del(.board.port)')
}

@test "a method or a way that there is not is found before a record is read" {
	run -2 --separate-stderr mpf-flash --method nail < <(pico)
	[ "${stderr_lines[0]}" = "mpf-flash: --method nail: no such method" ]
	[ "${stderr_lines[1]}" = \
		"mpf-flash: hint: use drive, picoboot, uf2, dfu, esp" ]
	run -2 --separate-stderr mpf-flash --bootloader kick < <(pico)
	[ "${stderr_lines[0]}" = \
		"mpf-flash: --bootloader kick: no such way into a bootloader" ]
	[ "${stderr_lines[1]}" = \
		"mpf-flash: hint: use mpy, touch1200, manual, none" ]
	[ "$(field .error.next)" = fix_command ]
}

@test "--list-methods lists them, and reads nothing" {
	run -0 --separate-stderr mpf-flash --list-methods
	for method in drive picoboot uf2 dfu esp; do
		[ "$(grep -c "^  $method " <<<"$output")" -eq 1 ]
	done
	for way in mpy touch1200 manual none; do
		[[ $output == *$'\n  '"$way "* ]]
	done
	run -2 bash -c "mpf-flash --list-methods >/dev/full"
}
