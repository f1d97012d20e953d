# SPDX-License-Identifier: MIT
# Espressif's own tool at a simulated ESP chip: what it flashes is one.
load ../cli/helper

setup() { cd "$BATS_TEST_TMPDIR" || exit; }
teardown() { [ -z "${sim:-}" ] || kill "$sim"; }

# plug_esp KIND [OPTION...]: on the pty "tty"; its events are in "events".
plug_esp() {
	: >events
	mpf-sim "$@" --link "$PWD/tty" --events "$PWD/events" 3>&- &
	sim=$!
	until_event plugged
}

# until_event NAME: until the board has said so.
until_event() {
	timeout 20 tail -n +1 -f events --pid=$$ |
	    grep -qm 1 "\"event\":\"$1\""
}

# esp OPTION...: over the pty, which has no lines for a reset.
esp() {
	esptool --port "$PWD/tty" --before no_reset --after no_reset "$@" |
	    tr '\r' '\n'
}

# check_chip KIND OFFSET [OPTION...]: written, verified and read back.
check_chip() {
	local kind=$1 offset=$2
	shift 2
	plug_esp "$kind"
	head -c 300000 /dev/urandom >image
	esp "$@" --baud 460800 write_flash "$offset" image | tee log
	grep -q "Hash of data verified" log
	esp "$@" verify_flash "$offset" image | grep -q "verify OK"
	esp "$@" read_flash "$offset" 20000 back >/dev/null
	cmp -n 20000 image back
}

@test "a genuine firmware, by the ROM; then the REPL says what it is" {
	local image
	image=$(find "${MPF_SAMPLES:-/nonexistent}" -name 'ESP32_GENERIC*.bin' \
	    -print -quit 2>/dev/null || :)
	[ -n "$image" ] || skip "no genuine firmware (MPF_SAMPLES)"
	plug_esp esp32
	esp --no-stub write_flash --compress 0x1000 "$image" | tee log
	grep -q "Chip is ESP32" log
	grep -q "Hash of data verified" log
	until_event running
	run -0 mpf-detect --serial "$PWD/tty" --json
	[[ $(jq -r .board.version <<<"$output") == v1.23.0-preview* ]]
}

@test "each chip, by its ROM" {
	check_chip esp32 0x1000 --no-stub
	kill "$sim"
	check_chip esp32s2 0x1000 --no-stub
	kill "$sim"
	check_chip esp32s3 0x0 --no-stub
	kill "$sim"
	check_chip esp32c3 0x0 --no-stub
	kill "$sim"
	check_chip esp32c6 0x0 --no-stub
}

@test "each chip that this esptool has a stub for" {
	check_chip esp32c3 0x0
	kill "$sim"
	check_chip esp32c6 0x0
	kill "$sim"
	check_chip esp8266 0x0
}

@test "erasing, and what the eFuses say" {
	plug_esp esp32c3 --uid 240ac4123456
	run -0 esp read_mac
	[[ $output == *"MAC: 24:0a:c4:12:34:56"* ]]
	[[ $output == *"revision v0.4"* ]]
	head -c 8192 /dev/zero >zero
	run -0 esp write_flash 0x10000 zero
	run -0 esp erase_region 0x10000 0x1000
	run -0 esp read_flash 0x10000 0x2000 back
	[ "$(od -v -An -tx1 -N 4096 back | tr -d ' \n' | tr -d f)" = "" ]
	[ "$(tail -c 4096 back | tr -d '\0' | wc -c)" -eq 0 ]
}
