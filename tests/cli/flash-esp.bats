# SPDX-License-Identifier: MIT
# ESP boards, flashed by the boot loader in their ROM.
load helper
load sim
load esp

setup() {
	export MPFLASH_FIRMWARE=$BATS_TEST_TMPDIR/fw
	cd "$BATS_TEST_TMPDIR" || exit
}

teardown() { unplug_all; }

# le32 NUMBER: four bytes, the lowest first.
le32() {
	byte $(($1 & 255))
	byte $(($1 >> 8 & 255))
	byte $(($1 >> 16 & 255))
	byte $(($1 >> 24 & 255))
}

# partition TYPE SUBTYPE ADDRESS BYTES LABEL: an entry of a table.
partition() {
	printf '\xaa\x50'
	byte "$1"
	byte "$2"
	le32 "$3"
	le32 "$4"
	printf '%s' "$5"
	head -c $((20 - ${#5})) /dev/zero
}

# c3_image FILES BYTES: for an ESP32-C3, with its files at that address.
c3_image() {
	local size
	image 5 "ESP32C3 module with ESP32C3" 1000 >first
	size=$(wc -c <first)
	{
		cat first
		head -c $((0x8000 - size)) /dev/zero | tr '\0' '\377'
		partition 1 2 0x9000 0x6000 nvs
		partition 0 0 0x10000 0x1f0000 factory
		partition 1 0x81 "$1" "$2" vfs
		head -c $((0x8000 - 96)) /dev/zero | tr '\0' '\377'
		head -c 50000 /dev/zero | tr '\0' '\132'
	}
}

# make_stub NAME: for the simulator, which takes any, as esptool has them.
make_stub() {
	mkdir -p stubs/2
	printf '{"entry": 1074521560, "text": "%s", "text_start": 1074520064,
	    "data": "YWJjZA==", "data_start": 1073605544}' \
	    "$(head -c 7000 /dev/zero | base64 -w 0)" >"stubs/2/$1.json"
}

# flash BOARD FILE [OPTION...]: the pipe, from a file of one's own.
flash() {
	local board=$1 file=$2
	shift 2
	mpf-detect | jq -c --arg b "$board" --arg s "file://$PWD/$file" \
	    '.firmware = {action: "flash", by: "manual", custom: true,
	    board_id: $b, port: .board.port, source: $s}' |
	    mpf-fetch 2>fetch.err | mpf-flash "$@"
}

@test "an ESP32 is flashed by its ROM, proven by digests, and says so" {
	plug a esp32
	image 0 "Generic ESP32 module with ESP32" >one.bin
	run -0 --separate-stderr flash ESP32_GENERIC one.bin --no-stub
	[ "$(field .flash.method)" = esp ]
	[ "$(jq -c .flash.verified <<<"$output")" = '["digest","boot"]' ]
	[ "$(field .board.version)" = v1.25.0 ]
	[ "$(field .flash.state)" = running ]
	[ "$(field .flash.written_bytes)" -eq "$(wc -c <one.bin)" ]
	# Once more: what is there already is not written again.
	run -0 --separate-stderr flash ESP32_GENERIC one.bin --no-stub
	[ "$(field .flash.written_bytes)" -eq 0 ]
	[ "$(field .flash.unchanged_bytes)" -eq "$(wc -c <one.bin)" ]
}

@test "each chip that is played goes through the whole pipe, all at once" {
	local kind id machine n=0
	while read -r kind id machine; do
		plug "$kind" "$kind" --path "1-$((++n))"
		image "$id" "$machine" 60000 >"$kind.bin"
	done <<-'END'
		esp32s2 2 Generic ESP32S2 module with ESP32S2
		esp32s3 9 Generic ESP32S3 module with ESP32S3
		esp32c2 12 ESP32C2 module with ESP32C2
		esp32c3 5 ESP32C3 module with ESP32C3
		esp32c5 23 ESP32C5 module with ESP32C5
		esp32c6 13 ESP32C6 module with ESP32C6
		esp32h2 16 ESP32H2 module with ESP32-H2
		esp32p4 18 Generic ESP32P4 module with ESP32P4
	END
	mpf-detect | jq -c --arg d "file://$PWD/" '.firmware = {action: "flash",
	    by: "manual", custom: true, board_id: .board.board_id,
	    port: "esp32", source: ($d + (.board.mcu | ascii_downcase |
	    gsub("-"; "")) + ".bin")}' | mpf-fetch >plan
	run -0 --separate-stderr bash -c 'mpf-flash --no-stub <plan | mpf-record'
	[ "$(jq -sc 'map([.board.version, .flash.state, .record.toml,
	    .record.database]) | unique, length' <<<"$output")" = \
	    $'[["v1.25.0","running","written","written"]]\n8' ]
	run -0 --separate-stderr mpf-detect
	[ "$(jq -sc 'map(.board.record.firmware.version) | unique' \
	    <<<"$output")" = '["v1.25.0"]' ]
}

@test "a blank chip gets its first firmware, by name" {
	plug a esp32c3 --blank
	image 5 "ESP32C3 module with ESP32C3" >one.bin
	# It says nothing of itself: the user does.
	run -1 --separate-stderr mpf-detect --serial ttyUSB0 -t 3s
	jq -c --arg s "file://$PWD/one.bin" 'select(.device) | .firmware =
	    {action: "flash", by: "manual", custom: true, port: "esp32",
	    board_id: "ESP32_GENERIC_C3", source: $s}' <<<"$output" |
	    mpf-fetch >plan
	run -0 --separate-stderr mpf-flash --no-stub <plan
	[ "$(field .board.version)" = v1.25.0 ]
	[ "$(jq -c .flash.verified <<<"$output")" = '["digest","boot"]' ]
	[ "$(field .flash.files)" = kept ]
}

@test "an image for another chip is refused before anything is erased" {
	plug a esp32
	image 5 "ESP32C3 module with ESP32C3" >one.bin
	run -1 --separate-stderr flash ESP32_GENERIC one.bin --no-stub
	[ "$(field .board.version)" = v1.24.1 ]
	plug b esp32c3 --blank --path 1-2
	image 0 "Generic ESP32 module with ESP32" >two.bin
	run -1 --separate-stderr mpf-detect --serial 1-2 -t 3s
	jq -c --arg s "file://$PWD/two.bin" 'select(.device) | .firmware =
	    {action: "flash", by: "manual", custom: true, port: "esp32",
	    board_id: "ESP32_GENERIC", source: $s}' <<<"$output" |
	    mpf-fetch >plan
	run -1 --separate-stderr mpf-flash --no-stub <plan
	[ "$(field .error.code)" = mismatch ]
	[[ $(field .error.message) == *"for an ESP32, but an ESP32-C3 answers"* ]]
	[ "$(field .flash.state)" = bootloader ]
}

@test "an image that is longer than the flash is refused" {
	plug a esp32c3
	image 5 "ESP32C3 module with ESP32C3" 4300000 >one.bin
	run -1 --separate-stderr flash ESP32_GENERIC_C3 one.bin --no-stub
	[ "$(field .error.code)" = mismatch ]
	[[ $(field .error.message) == *"but the flash has 4194304"* ]]
}

@test "an offset that is not the chip's is refused" {
	plug a esp32c3
	image 5 "ESP32C3 module with ESP32C3" >one.bin
	mpf-detect | jq -c --arg s "file://$PWD/one.bin" '.firmware =
	    {action: "flash", by: "manual", custom: true, port: "esp32",
	    board_id: "ESP32_GENERIC_C3", flash_offset: 4096, source: $s}' |
	    mpf-fetch >plan
	run -1 --separate-stderr mpf-flash --no-stub <plan
	[ "$(field .error.code)" = mismatch ]
	[[ $(field .error.message) == *"goes to 0x1000, but an ESP32-C3 starts what is at 0x0"* ]]
}

@test "the files of a board stay where its file system does" {
	mkdir board
	echo "print('mine')" >board/main.py
	plug a esp32c3 --files "$PWD/board"
	run -0 --separate-stderr mpf-detect
	[ "$(command jq -c .board.storage <<<"$output")" = \
	    '{"addr":2097152,"size_bytes":2097152,"files":1}' ]
	c3_image 0x200000 0x200000 >one.bin
	run -0 --separate-stderr flash ESP32_GENERIC_C3 one.bin --no-stub -n
	[ "$(field .flash.files)" = kept ]
	run -0 --separate-stderr flash ESP32_GENERIC_C3 one.bin --no-stub
	[ "$(field .flash.files)" = kept ]
	[ -e board/main.py ]
}

@test "files that would be lost are not, unless the user says so" {
	mkdir board
	echo "print('mine')" >board/main.py
	plug a esp32c3 --files "$PWD/board"
	c3_image 0x310000 0xf0000 >one.bin
	# Seen before the board is touched, in a dry run too.
	run -1 --separate-stderr flash ESP32_GENERIC_C3 one.bin --no-stub -n
	[ "$(field .flash.files)" = lost ]
	[ "$(field .error.code)" = mismatch ]
	[[ $(field .error.message) == *"would be lost: the file system is at \
0x200000 (2048 KB), and the image has it at 0x310000 (960 KB)"* ]]
	[[ $(field .error.hint) == *--lose-files* ]]
	run -1 --separate-stderr flash ESP32_GENERIC_C3 one.bin --no-stub
	[ "$(field .flash.state)" = null ]
	# Where the board does not say, its chip does; the board runs on.
	mpf-detect | jq -c --arg s "file://$PWD/one.bin" 'del(.board.storage) |
	    .firmware = {action: "flash", by: "manual", custom: true,
	    board_id: "ESP32_GENERIC_C3", port: "esp32", source: $s}' |
	    mpf-fetch >plan
	run -0 --separate-stderr mpf-flash -n <plan
	[ "$(field .flash.files)" = unknown ]
	run -1 --separate-stderr mpf-flash --no-stub <plan
	[[ $(field .error.message) == *"would be lost: the file system is at"* ]]
	[ "$(field .flash.files)" = lost ]
	[ "$(field .flash.state)" = running ]
	[ "$(field .flash.written_bytes)" = null ]
	[ -e board/main.py ]
	run -0 --separate-stderr mpf-flash --no-stub --lose-files <plan
	[ "$(field .flash.files)" = lost ]
	[ "$(field .board.version)" = v1.25.0 ]
	[ ! -e board/main.py ]
}

@test "an image that reaches into the file system is one that loses files" {
	mkdir board
	echo "print('mine')" >board/main.py
	plug a esp32c3 --files "$PWD/board"
	c3_image 0x200000 0x200000 >one.bin
	head -c 2000000 /dev/zero >>one.bin
	run -1 --separate-stderr flash ESP32_GENERIC_C3 one.bin --no-stub -n
	[[ $(field .error.message) == *"the image goes to 0x2047d0, and the file \
system begins at 0x200000"* ]]
}

@test "a board without files of the user's loses none" {
	plug a esp32c3
	c3_image 0x310000 0xf0000 >one.bin
	run -0 --separate-stderr flash ESP32_GENERIC_C3 one.bin --no-stub
	[ "$(field .flash.files)" = kept ]
	[ "$(field .board.storage.addr)" = 3211264 ]
}

@test "the header gets the mode and the frequency that the user wants" {
	plug a esp32c3
	c3_image 0x200000 0x200000 >one.bin
	run -0 --separate-stderr flash ESP32_GENERIC_C3 one.bin --no-stub \
	    --flash-mode qio --flash-freq 80m --flash-size detect
	[ "$(jq -c .flash.verified <<<"$output")" = '["digest","boot"]' ]
	# The flash holds what was asked for, and not what is in the file.
	run -0 --separate-stderr flash ESP32_GENERIC_C3 one.bin --no-stub \
	    --flash-mode qio --flash-freq 80m
	[ "$(field .flash.written_bytes)" -eq 0 ]
	run -0 --separate-stderr flash ESP32_GENERIC_C3 one.bin --no-stub
	[ "$(field .flash.written_bytes)" -gt 0 ]
}

@test "a word that the chip does not have is refused" {
	plug a esp32c3
	image 5 "ESP32C3 module with ESP32C3" >one.bin
	local words
	for words in "flash-freq 48m" "flash-size 512KB"; do
		# shellcheck disable=SC2086 # an option and its word
		run -1 --separate-stderr flash ESP32_GENERIC_C3 one.bin -n \
		    --$words
		[ "$(field .error.code)" = usage ]
		[[ $(field .error.message) == *"--$words: an ESP32-C3 has no "* ]]
	done
	[ "$(field .error.hint)" = \
	    "use 1MB, 2MB, 4MB, 8MB, 16MB, 32MB, 64MB, 128MB, detect or keep" ]
}

@test "a word that no board takes ends it before any is looked at" {
	local words
	for words in "flash-mode fast" "flash-freq 80" "flash-size 3MB" \
	    "baud 0" "retry-baud 5000000" "erase some" "offset here" \
	    "before later" "after that"; do
		# shellcheck disable=SC2086 # an option and its word
		run -2 --separate-stderr mpf-flash --json --$words </dev/null
		[ "$(field .error.code)" = usage ]
		[[ $stderr == "mpf-flash: --$words: "* ]]
	done
	run -2 --separate-stderr mpf-flash --flash-mode fast </dev/null
	[[ $stderr == *"--flash-mode fast: no such value"*"use qio, qout, dio, \
dout or keep"* ]]
}

@test "the user's offset settles what the record says, but not the chip" {
	plug a esp32c3
	image 5 "ESP32C3 module with ESP32C3" >one.bin
	mpf-detect | jq -c --arg s "file://$PWD/one.bin" '.firmware =
	    {action: "flash", by: "manual", custom: true, port: "esp32",
	    board_id: "ESP32_GENERIC_C3", flash_offset: 4096, source: $s}' |
	    mpf-fetch >plan
	run -1 --separate-stderr mpf-flash -n <plan
	[ "$(field .error.code)" = mismatch ]
	[ "$(field .error.hint)" = "--offset 0x0 writes it there" ]
	run -1 --separate-stderr mpf-flash --offset 0x1000 -n <plan
	[[ $(field .error.message) == *"--offset 0x1000, but an ESP32-C3 starts what is at 0x0"* ]]
	run -0 --separate-stderr mpf-flash --no-stub --offset 0 <plan
	[ "$(field .board.version)" = v1.25.0 ]
}

@test "a table for a chip that starts elsewhere is refused" {
	plug a esp32c3
	c3_image 0x200000 0x200000 >all.bin
	# As if built for a chip that starts at 0x1000.
	{ head -c $((0x7000)) all.bin; tail -c +$((0x8001)) all.bin; } >one.bin
	run -1 --separate-stderr flash ESP32_GENERIC_C3 one.bin -n
	[ "$(field .error.code)" = mismatch ]
	[[ $(field .error.message) == *"its partition table is where a chip has \
it that starts at 0x1000, but an ESP32-C3 starts at 0x0"* ]]
}

@test "an application alone is refused" {
	plug a esp32c3
	# It begins with the mark of a description.
	image 5 "ESP32C3 module with ESP32C3" 1000 '\x32\x54\xcd\xab' >one.bin
	run -1 --separate-stderr flash ESP32_GENERIC_C3 one.bin -n
	[ "$(field .flash.state)" = null ]
	[[ $(field .error.message) == *"an application alone, without boot loader"* ]]
}

@test "--erase fs leaves no files, and --erase all nothing else" {
	mkdir board
	echo "print('mine')" >board/main.py
	plug a esp32c3 --files "$PWD/board"
	c3_image 0x200000 0x200000 >one.bin
	run -0 --separate-stderr flash ESP32_GENERIC_C3 one.bin --no-stub \
	    --erase fs
	[ "$(field .flash.files)" = lost ]
	[ "$(field .flash.formatted)" = true ]
	[ "$(field .flash.erased)" = null ]
	[ ! -e board/main.py ]
	run -0 --separate-stderr flash ESP32_GENERIC_C3 one.bin --no-stub \
	    --erase all
	[ "$(field .flash.erased)" = true ]
	[ "$(field .flash.written_bytes)" -eq 0 ]
}

@test "--after stay leaves the board in its loader, proven by digests" {
	plug a esp32c3
	image 5 "ESP32C3 module with ESP32C3" >one.bin
	run -0 --separate-stderr flash ESP32_GENERIC_C3 one.bin --no-stub \
	    --after stay
	[ "$(field .flash.state)" = bootloader ]
	[ "$(jq -c .flash.verified <<<"$output")" = '["digest"]' ]
}

@test "by a stub: all, nothing, and one part; and the other way" {
	plug a esp32
	make_stub esp32
	image 0 "Generic ESP32 module with ESP32" 500000 >one.bin
	run -0 --separate-stderr flash ESP32_GENERIC one.bin --stub stubs
	[ "$(jq -c .flash.verified <<<"$output")" = '["digest","boot"]' ]
	[ "$(field .flash.written_bytes)" -eq "$(wc -c <one.bin)" ]
	[ "$(field .flash.attempts)" -eq 1 ]
	run -0 --separate-stderr flash ESP32_GENERIC one.bin --stub stubs
	[ "$(field .flash.written_bytes)" -eq 0 ]
	run -0 --separate-stderr flash ESP32_GENERIC one.bin --stub stubs \
	    --flash-mode qio
	[ "$(field .flash.written_bytes)" -eq $((0xf000)) ]
	run -0 --separate-stderr flash ESP32_GENERIC one.bin --stub stubs \
	    --no-skip
	[ "$(field .flash.written_bytes)" -eq "$(wc -c <one.bin)" ]
}

@test "--stub-info says which stub is found" {
	make_stub esp32c3
	HOME=$PWD run -0 --separate-stderr mpf-flash --stub-info --stub stubs
	[[ $output == *"ESP32-C3	stubs/2/esp32c3.json (7004 bytes)"* ]]
	[[ $output == *"ESP32	not found: the boot loader in the ROM is used"* ]]
	[[ $output == *"ESP32-P4 before v3.0	not found"* ]]
	[[ $output != *H21* ]]
}

@test "a chip whose boot pin is held is written, and says what to do" {
	plug a esp32c3 --hold boot
	image 5 "ESP32C3 module with ESP32C3" >one.bin
	run -1 --separate-stderr flash ESP32_GENERIC_C3 one.bin --no-stub -t 4s
	[ "$(field .error.code)" = verify ]
	[[ $(field .error.message) == *": it was written and started, and is in \
its boot loader again" ]]
	[[ $(field .error.hint) == "let go of BOOT (GPIO9), or remove "* ]]
	[ "$(field .error.next)" = reset_board ]
	[ "$(field .flash.state)" = bootloader ]
	[ "$(jq -c .flash.verified <<<"$output")" = '["digest"]' ]
}

@test "a chip that is held in reset says nothing, and is told of" {
	plug a esp32c3 --hold reset
	run -1 --separate-stderr mpf-detect --esp -t 2s
	[[ $(jq -r 'select(.device) | .device.problem' <<<"$output") == \
	    *"nothing comes from it, not even at a reset" ]]
}

@test "an ESP8266 is flashed by its ROM, which proves nothing itself" {
	plug a esp8266
	image 5 "ESP module with ESP8266" >new.bin
	{
		# A header without its extension; code goes to its RAM.
		printf '\xe9\x01\x02\x40\0\0\x10\x40\0\0\x10\x40'
		tail -c +29 new.bin
	} >one.bin
	run -0 --separate-stderr flash ESP8266_GENERIC one.bin --no-stub
	[ "$(jq -c .flash.verified <<<"$output")" = '["boot"]' ]
	[ "$(field .board.version)" = v1.25.0 ]
}

# before_data: requests of the last client to the loader, until its first block.
before_data() {
	event a loader
	jq .before_data <<<"$event"
}

@test "few requests come before the first byte of an image" {
	plug a esp32
	make_stub esp32
	c3_image 0x200000 0x200000 >c3.bin
	# The same, for a chip that starts at 0x1000.
	image 0 "Generic ESP32 module with ESP32" 1000 >one.bin
	{
		cat one.bin
		head -c $((0x7000 - $(wc -c <one.bin))) /dev/zero |
		    tr '\0' '\377'
		tail -c +$((0x8001)) c3.bin
	} >two.bin
	run -0 --separate-stderr flash ESP32_GENERIC two.bin --no-stub
	[ "$(before_data)" -le 16 ]
	run -0 --separate-stderr flash ESP32_GENERIC two.bin --stub stubs \
	    --no-skip
	[ "$(before_data)" -le 20 ]
	# Of a chip that nothing is known of.
	unplug_all
	rm a.events
	sims=() sim_fds=()
	plug a esp32 --blank
	mpf-detect --esp --serial ttyUSB0 -t 3s |
	    jq -c --arg s "file://$PWD/two.bin" 'select(.device) | .firmware =
	    {action: "flash", by: "manual", custom: true, port: "esp32",
	    board_id: "ESP32_GENERIC", source: $s}' | mpf-fetch >plan
	event a loader
	run -0 --separate-stderr mpf-flash --stub stubs <plan
	[ "$(field .board.version)" = v1.25.0 ]
	# Whether it is still blank is asked for, too.
	[ "$(before_data)" -le 20 ]
}
