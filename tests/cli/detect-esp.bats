# SPDX-License-Identifier: MIT
# ESP chips that say nothing, asked by the boot ROM, and what they then get.
load helper
load sim
load esp
load ../www/site

setup() {
	export MPFLASH_FIRMWARE=$BATS_TEST_TMPDIR/fw MPF_HOST=bench
	cd "$BATS_TEST_TMPDIR" || return
	servers=()
}

teardown() {
	unplug_all
	stop_servers
}

# firmware BOARD VARIANT CHIP-ID MACHINE [VERSION]: a page with that build
# (VARIANT -: the plain one), and the image.
firmware() {
	local board=$1 variant=$2 id=$3 machine=$4 version=${5:-v1.28.0} port
	[[ $board == ESP8266* ]] && port=esp8266 || port=esp32
	printf '%s 20260406 %s bin\n' "$variant" "$version" >>"$board.list"
	mkdir -p "$site/download/$board"
	"$BATS_TEST_DIRNAME/../www/mkpage" "$board" "$port" "$board" \
		<"$board.list" >"$site/download/$board/index.html"
	[ "$variant" = - ] && variant= || variant=-$variant
	image "$id" "$machine" 60000 "" "$version" 2026-04-06 >new.bin
	# Of these two the header says 2 MB.
	case $variant in -D2WD | -FLASH_2M)
		printf '\x10' | dd of=new.bin bs=1 seek=3 conv=notrunc status=none
	esac
	mv new.bin "$site/resources/firmware/$board$variant-20260406-$version.bin"
}

# pipe RESOLVE-OPTION...: from a blank board to a board with firmware.
pipe() {
	mpf-detect --esp | mpf-resolve "$@" |
		mpf-fetch --mirror "$mirror" --progress none |
		mpf-flash --no-stub --progress none
}

# chip JQ: that of the record's chip, in $output.
chip() { command jq -c ".chip | $1" <<<"$output"; }

@test "a blank chip says what it is by its boot ROM, and only when asked" {
	plug a esp32s3 --blank --psram 8MB --flash-size 16MB \
		--uid 240ac4123456
	run -1 --separate-stderr mpf-detect -t 3s
	[ "$(jq -c 'select(.device) | .chip' <<<"$output")" = null ]
	run -0 --separate-stderr mpf-detect --esp
	[ "$(chip .)" = '{"name":"esp32s3","revision":"0.2",'\
'"mac":"24:0a:c4:12:34:56","crystal_mhz":40,"flash_bytes":16777216,'\
'"psram":"octal","psram_bytes":8388608,"secure_boot":false,'\
'"flash_encryption":false,"secure_download":false,"blank":true}' ]
}

@test "what the eFuses tell, and what they do not" {
	local said
	plug a esp32 --blank --path 1-1 --package ESP32-S0WD --revision 1.0
	plug b esp32 --blank --path 1-2 --package ESP32-PICO-V3-02
	plug c esp32s2 --blank --path 1-3 --psram 2MB --flash-size 2MB
	plug d esp32p4 --blank --path 1-4 --revision 0.1
	plug e esp8266 --blank --path 1-5 --flash-size 512KB
	plug f esp32h2 --blank --path 1-6
	plug g esp32s3 --blank --path 1-7
	run -0 --separate-stderr mpf-detect --esp
	said=$(jq -sc 'sort_by(.device.id)[] | .chip | [.name, .package,
		.revision, .cores, .crystal_mhz, .flash_bytes, .psram,
		.psram_bytes]' <<<"$output")
	diff - <<<"$said" <(cat <<-'END'
		["esp32","ESP32-S0WD","1.0",1,40,4194304,"unknown",null]
		["esp32","ESP32-PICO-V3-02","3.0",2,40,4194304,"quad",2097152]
		["esp32s2",null,"1.0",null,40,2097152,"quad",2097152]
		["esp32p4",null,"0.1",null,40,4194304,"unknown",null]
		["esp8266",null,null,null,26,524288,"none",null]
		["esp32h2",null,"1.2",null,32,4194304,"none",null]
		["esp32s3",null,"0.2",null,40,4194304,"none",null]
	END
	)
}

@test "a chip with locks says so, and is left alone" {
	plug a esp32 --blank --path 1-1 --secure boot,flash
	plug b esp32c3 --blank --path 1-2 --secure download
	run -0 --separate-stderr mpf-detect --esp
	[ "$(jq -sc 'sort_by(.device.id)[] | .chip | [.secure_boot,
		.flash_encryption, .secure_download]' <<<"$output")" = \
		$'[true,true,false]\n[false,false,true]' ]
	run -0 --separate-stderr mpf-resolve <<<"$output"
	[ "$(jq -sc 'sort_by(.device.id)[] | .firmware |
		[.action, .reason]' <<<"$output")" = \
'["skip","the flash of its chip is encrypted"]
["skip","its chip is in secure download mode"]' ]
	mpf-detect --esp --serial 1-1 >record
	run -1 --separate-stderr mpf-resolve --board ESP32_GENERIC <record
	[ "$(field .error.code)" = unsupported ]
	[[ $(field .error.message) == *"the flash of its chip is encrypted" ]]
}

@test "what runs is started again, and is not flashed unless it is named" {
	plug a esp32c3 --repl "stty raw -echo; >$PWD/raw; exec cat >/dev/null"
	wait_until test -e raw
	run -0 --separate-stderr mpf-detect --esp -t 3s
	[ "$(chip .blank)" = false ]
	mpf-resolve <<<"$output" >plan
	[ "$(jq -r .firmware.action plan)" = skip ]
	[[ $(jq -r .firmware.reason plan) == *"which is not blank; name the port"* ]]
	mpf-resolve --board ESP32_GENERIC_C3 <<<"$output" >plan
	[ "$(jq -r .firmware.action plan)" = skip ]
	run -0 --separate-stderr mpf-detect --esp -t 3s --serial ttyUSB0
	run -0 --separate-stderr mpf-resolve --board ESP32_GENERIC_C3 \
		<<<"$output"
	[ "$(field .firmware.action)" = flash ]
}

@test "a board that answers is not reset" {
	plug a esp32c3
	run -0 --separate-stderr mpf-detect --esp
	[ "$(field '.device.mode, .chip, .board.board_id')" = \
		$'repl\nnull\nESP32_GENERIC_C3' ]
}

@test "a blank ESP32-S3 gets its first firmware, the build for its PSRAM" {
	site
	firmware ESP32_GENERIC_S3 - 9 "Generic ESP32S3 module with ESP32S3"
	firmware ESP32_GENERIC_S3 SPIRAM_OCT 9 \
		"Generic ESP32S3 module with Octal-SPIRAM with ESP32S3"
	serve
	plug a esp32s3 --blank --psram 8MB --flash-size 16MB
	run -0 --separate-stderr pipe --board ESP32_GENERIC_S3
	[ "$(field .firmware.variant)" = SPIRAM_OCT ]
	[[ $(field .firmware.reason) == *"the chip is an esp32s3 (revision 0.2), 16 MB of flash, 8 MB of octal PSRAM" ]]
	[ "$(field '.board.version, .flash.state')" = $'v1.28.0\nrunning' ]
	[[ $(field .board.description) == *Octal-SPIRAM* ]]
	[ "$(chip .blank)" = false ]
	# Without PSRAM it is the plain build.
	plug b esp32s3 --blank --path 1-2
	run -0 --separate-stderr pipe --serial '*/1-2' --board ESP32_GENERIC_S3
	[ "$(jq -c 'select(.device.usb_path == "1-2") | [.firmware.variant,
		.flash.state]' <<<"$output")" = '[null,"running"]' ]
}

@test "several blank chips at once, each with the build that fits" {
	local p
	site
	firmware ESP32_GENERIC UNICORE 0 \
		"Generic ESP32 module with ESP32-UNICORE"
	firmware ESP32_GENERIC D2WD 0 "Generic ESP32 module with ESP32-D2WD"
	firmware ESP32_GENERIC SPIRAM 0 \
		"Generic ESP32 module with SPIRAM with ESP32"
	firmware ESP32_GENERIC_C3 - 5 "ESP32C3 module with ESP32C3"
	firmware ESP32_GENERIC_C6 - 13 "ESP32C6 module with ESP32C6"
	firmware ESP32_GENERIC_C2 FLASH_2M 12 \
		"Generic ESP32-C2 module with 2MiB Flash with ESP32C2"
	firmware ESP32_GENERIC_S2 - 2 "Generic ESP32S2 module with ESP32S2"
	firmware ESP32_GENERIC_C5 - 23 "ESP32C5 module with ESP32C5"
	serve
	plug a esp32 --blank --path 1-1 --package ESP32-S0WD
	plug b esp32 --blank --path 1-2 --package ESP32-D2WD --flash-size 2MB
	plug c esp32 --blank --path 1-3 --package ESP32-PICO-V3-02
	plug d esp32c3 --blank --path 1-4
	plug e esp32c6 --blank --path 1-5
	plug f esp32c2 --blank --path 1-6 --flash-size 2MB
	plug g esp32s2 --blank --path 1-7
	plug h esp32c5 --blank --path 1-8
	run -0 --separate-stderr pipe
	[ "$(jq -sc 'sort_by(.device.id)[] | [.firmware.board_id,
		.firmware.variant, .flash.state]' <<<"$output")" = \
'["ESP32_GENERIC","UNICORE","running"]
["ESP32_GENERIC","D2WD","running"]
["ESP32_GENERIC","SPIRAM","running"]
["ESP32_GENERIC_C3",null,"running"]
["ESP32_GENERIC_C6",null,"running"]
["ESP32_GENERIC_C2","FLASH_2M","running"]
["ESP32_GENERIC_S2",null,"running"]
["ESP32_GENERIC_C5",null,"running"]' ]
}

@test "several builds fit: ambiguous, with the candidates" {
	plug a esp32 --blank --path 1-1
	plug b esp32p4 --blank --path 1-2 --revision 0.1
	mpf-detect --esp >records
	run -1 --separate-stderr mpf-resolve --version preview <records
	[ "$(jq -sc 'sort_by(.device.id)[] | [.error.code,
		.firmware.candidates]' <<<"$output")" = \
'["ambiguous",["ESP32_GENERIC","ESP32_GENERIC-SPIRAM"]]
["ambiguous",["ESP32_GENERIC_P4-PRE_REV3","ESP32_GENERIC_P4-PRE_REV3_C5_WIFI","ESP32_GENERIC_P4-PRE_REV3_C6_WIFI"]]' ]
	# The user knows what no eFuse does.
	run -0 --separate-stderr mpf-resolve --variant - <records
	[ "$(jq -r 'select(.device.usb_path == "1-1") |
		[.firmware.action, .firmware.board_id, .firmware.variant // "-"] |
		join(" ")' <<<"$output")" = "flash ESP32_GENERIC -" ]
}

@test "an ESP8266 by the size of its flash" {
	local size
	for size in 512KB 1MB 2MB 4MB; do
		plug "x$size" esp8266 --blank --flash-size "$size" --path 1-1
		run -0 --separate-stderr mpf-detect --esp
		run -0 --separate-stderr mpf-resolve <<<"$output"
		field '.firmware.variant // "-"' >>found
		unplug_all
		sims=() sim_fds=()
	done
	[ "$(tr '\n' ' ' <found)" = "FLASH_512K FLASH_1M - - " ]
}

@test "a board with another chip, or no build for this one, is refused" {
	plug a esp32c3 --blank --flash-size 2MB
	mpf-detect --esp >record
	run -1 --separate-stderr mpf-resolve --board ESP32_GENERIC_S3 <record
	[ "$(field .error.code)" = mismatch ]
	[[ $(field .error.message) == *"its chip is an esp32c3, and ESP32_GENERIC_S3 has an esp32s3" ]]
	run -1 --separate-stderr mpf-resolve --board ESP32_GENERIC_C3 <record
	[ "$(field .error.code)" = mismatch ]
	[[ $(field .error.message) == *"no build of ESP32_GENERIC_C3 is for its chip"* ]]
}

@test "an exact release has the builds of its day" {
	plug a esp32s3 --blank --flash-size 4MB
	mpf-detect --esp >record
	run -0 --separate-stderr mpf-resolve --version 1.25.0 <record
	[ "$(field .firmware.variant)" = FLASH_4M ]
	run -0 --separate-stderr mpf-resolve --version 1.28.0 <record
	[ "$(field '.firmware.variant // "-"')" = - ]
}

@test "another chip, or firmware that came since, is not written over" {
	plug a esp32c3 --blank --uid 240ac4123456
	image 5 "ESP32C3 module with ESP32C3" >one.bin
	mpf-detect --esp | jq -c --arg s "file://$PWD/one.bin" '.firmware =
	    {action: "flash", by: "board", custom: true, port: "esp32",
	    board_id: "ESP32_GENERIC_C3", source: $s}' |
	    mpf-fetch >plan
	jq -c '.chip.mac = "24:0a:c4:12:34:57"' plan >other
	run -1 --separate-stderr mpf-flash --no-stub <other
	[ "$(field .error.code)" = mismatch ]
	[[ $(field .error.message) == *"another chip is there: 24:0a:c4:12:34:56, not 24:0a:c4:12:34:57" ]]
	run -0 --separate-stderr mpf-flash --no-stub <plan
	[ "$(field .flash.state)" = running ]
	run -1 --separate-stderr mpf-flash --no-stub <plan
	[ "$(field .error.code)" = mismatch ]
	[[ $(field .error.message) == *"there is firmware on it now" ]]
}

@test "a port where no chip answers says what was heard" {
	plug a silent
	run -1 --separate-stderr mpf-detect --esp -t 3s
	[[ $(jq -r 'select(.device) | .device.problem' <<<"$output") == \
		"neither a bridge nor"* ]]
	socat PTY,link=quiet,raw,echo=0 PTY,raw,echo=0 3>&- &
	sims+=("$!")
	wait_until test -e quiet
	run -1 --separate-stderr mpf-detect --esp -t 2s --serial "$PWD/quiet"
	[ "$(jq -r 'select(.device) | .device.problem' <<<"$output")" = \
		"no ESP chip answers, and nothing comes from it, not even at a reset" ]
}
