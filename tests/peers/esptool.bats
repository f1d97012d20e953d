# SPDX-License-Identifier: MIT
# Espressif's own tool at a simulated ESP chip: what it flashes is one.
load ../cli/helper

setup() { cd "$BATS_TEST_TMPDIR" || exit; }
teardown() { [ -z "${sim:-}" ] || kill "$sim" 2>/dev/null || :; }

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
	kill "$sim"
	check_chip esp32c2 0x0 --no-stub
	kill "$sim"
	check_chip esp32h2 0x0 --no-stub
	kill "$sim"
	check_chip esp32p4 0x2000 --no-stub
}

@test "each chip that this esptool has a stub for" {
	check_chip esp32c3 0x0
	kill "$sim"
	check_chip esp32c6 0x0
	kill "$sim"
	check_chip esp32c2 0x0
	kill "$sim"
	check_chip esp32h2 0x0
	kill "$sim"
	check_chip esp8266 0x0
}

@test "chips for which Debian cannot build a stub, with another chip's" {
	# The simulator runs none: to it each is as good.
	local where lib=usr/lib/python3/dist-packages
	where=$(dirname "$(command -v esptool)")/../root
	[ -d "$where/$lib/esptool" ] || skip "this esptool is not Debian's"
	cp -r "$where/$lib" python
	cd python/esptool/targets/stub_flasher
	for chip in 32 32s2 32s3; do
		[ -e "stub_flasher_$chip.json" ] ||
			cp stub_flasher_32c3.json "stub_flasher_$chip.json"
	done
	cd "$BATS_TEST_TMPDIR"
	esptool() { PYTHONPATH=python /usr/bin/python3 "$where/usr/bin/esptool" "$@"; }
	check_chip esp32 0x1000
	kill "$sim"
	check_chip esp32s2 0x1000
	kill "$sim"
	check_chip esp32s3 0x0
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

# esp_facts: what esptool says of the chip, as words.
esp_facts() {
	esp --no-stub flash_id >log
	sed -n 's/^Chip is .*(revision v\(.*\)).*/revision \1/p' log >words
	sed -n 's/^Chip is \(ESP8266\)EX.*/chip \1/p;
		s/^Chip is \(ESP32[^ ]*\).*/chip \1/p;
		s/^\(BASE \)\{0,1\}MAC: \([0-9a-f:]\{17\}\)$/mac \2/p; s/^Crystal is \(.*\)MHz/crystal \1/p;
		s/^Detected flash size: \(.*\)/flash \1/p;
		s/^Features:.*Embedded PSRAM \([0-9]*MB\).*/psram \1/p;
		s/^Features:.*Single Core.*/cores 1/p' log | sort -u - words
}

# mpf_facts: the same of mpf-detect.
mpf_facts() {
	mpf-detect --esp --serial "$PWD/tty" -t 5s --json | jq -r '
		select(.chip).chip | (.package // (.name | ascii_upcase |
		sub("ESP32(?<x>[A-Z][0-9]+)"; "ESP32-\(.x)"))) as $chip |
		"chip \($chip)",
		if .revision then "revision v\(.revision)" else empty end,
		"mac \(.mac)", "crystal \(.crystal_mhz)",
		"flash \(if .flash_bytes < 1048576
			then "\(.flash_bytes / 1024)KB"
			else "\(.flash_bytes / 1048576)MB" end)",
		if .psram_bytes then "psram \(.psram_bytes / 1048576)MB"
			else empty end,
		if .cores == 1 then "cores 1" else empty end' |
		sed 's/^revision v/revision /' | sort -u
}

# same_facts KIND OPTION...: both say the same of that chip, blank.
same_facts() {
	plug_esp "$@" --blank
	esp_facts >theirs
	mpf_facts >ours
	kill "$sim"
	diff theirs ours
}

@test "esptool and mpf-detect --esp say the same of each chip" {
	same_facts esp32
	same_facts esp32 --package ESP32-S0WD --revision 1.0
	same_facts esp32 --package ESP32-D2WD --revision 1.1 --flash-size 2MB
	same_facts esp32s3 --psram 8MB --flash-size 16MB
	same_facts esp32s3 --psram 2MB --flash-size 8MB --revision 0.1
	same_facts esp32c2 --flash-size 2MB
	same_facts esp32c3 --revision 1.1
	same_facts esp32c6
	same_facts esp8266 --flash-size 512KB
}

@test "esptool names the package of an ESP32-S2 by its PSRAM" {
	plug_esp esp32s2 --psram 2MB --blank
	run -0 esp --no-stub chip_id
	[[ $output == *"Chip is ESP32-S2R2 (revision v1.0)"* ]]
	[[ $output == *"Embedded PSRAM 2MB"* ]]
	[[ $(mpf_facts) == *"psram 2MB"* ]]
}

@test "the locks of a chip, as esptool sees them" {
	plug_esp esp32s3 --secure boot,flash --blank
	run -0 esp --no-stub get_security_info
	[[ $output == *"Secure Boot: Enabled"* ]]
	[[ $output == *"Flash Encryption: Enabled"* ]]
	kill "$sim"
	plug_esp esp32c3 --secure download --blank
	run -0 esp --chip esp32c3 --no-stub get_security_info
	[[ $output == *"Chip is ESP32-C3 in Secure Download Mode"* ]]
	[[ $output == *"Flags: 0x00000004"* ]]
	run -0 mpf-detect --esp --serial "$PWD/tty" -t 5s --json
	[ "$(jq .chip.secure_download <<<"$output")" = true ]
}

@test "esptool reads back what mpf-flash wrote, byte for byte" {
	local image
	image=$(find "${MPF_SAMPLES:-/nonexistent}" -name 'ESP32_GENERIC*.bin' \
	    -print -quit 2>/dev/null || :)
	[ -n "$image" ] || skip "no genuine firmware (MPF_SAMPLES)"
	plug_esp esp32
	export MPFLASH_FIRMWARE=$PWD/fw
	mpf-detect --serial "$PWD/tty" | jq -c --arg s "file://$image" \
	    '.firmware = {action: "flash", by: "manual", custom: true,
	    port: "esp32", board_id: "ESP32_GENERIC", variant: "SPIRAM",
	    source: $s}' | mpf-fetch --no-lock >plan
	run -0 --separate-stderr mpf-flash --no-stub <plan
	[ "$(jq -r .flash.state <<<"$output")" = running ]
	esp --no-stub --baud 921600 read_flash 0x1000 200000 back >/dev/null
	cmp -n 200000 "$image" back
	esp --no-stub verify_flash 0x1000 "$image" | grep -q "verify OK"
}

@test "mpf-flash by a stub of this esptool's" {
	local stubs
	stubs=$(dirname "$(command -v esptool)")/../root/usr/lib/python3
	stubs+=/dist-packages/esptool/targets/stub_flasher
	[ -d "$stubs" ] || skip "no stubs beside this esptool"
	plug_esp esp32c3
	export MPFLASH_FIRMWARE=$PWD/fw
	# An image of one segment that says what it is.
	{
		printf '\xe9\x01\x02\x20\0\0\x08\x40\xee\0\0\0\x05'
		printf '\0\0\0\0\0\0\0\0\0\0\0\0\0\xfb\x3f\x04\0\0\0abcd'
		printf '\0\0\0\0\0\0\0\0\0\0\0'
		printf '\xeb'
		printf 'MicroPython v1.25.0 on 2025-04-15; '
		printf 'ESP32C3 module with ESP32C3\0'
		head -c 250000 /dev/urandom
	} >one.bin
	mpf-detect --serial "$PWD/tty" | jq -c --arg s "file://$PWD/one.bin" \
	    '.firmware = {action: "flash", by: "manual", custom: true,
	    port: "esp32", board_id: "ESP32_GENERIC_C3", source: $s}' |
	    mpf-fetch --no-lock >plan
	run -0 --separate-stderr mpf-flash --stub "$stubs" <plan
	[ "$(jq -r .board.version <<<"$output")" = v1.25.0 ]
	[ "$(jq -c .flash.verified <<<"$output")" = '["digest","boot"]' ]
	esp --no-stub verify_flash 0x0 one.bin | grep -q "verify OK"
}
