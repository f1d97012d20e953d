# SPDX-License-Identifier: MIT
# mpf-add: firmware of the user's own, from wherever it is.
load helper
load add
load sim
load ../www/site

setup() {
	servers=()
	cd "$BATS_TEST_TMPDIR" || return
	export MPF_HOST=bench
	pico_uf2 >fw.uf2
}

teardown() {
	unplug_all
	stop_servers
}

@test "a file is known without being told, stored, and its record is whole" {
	add 0 fw.uf2
	sum=$(sha256sum fw.uf2 | head -c 64)
	[ "$(field '[.firmware | .board_id, .port, .version, .custom, .action,
		.by, .trust, .file_name] | join(" ")')" = \
		"RPI_PICO rp2 v1.24.1 true flash board none fw.uf2" ]
	[ "$(field .firmware.sha256)" = "$sum" ]
	[ "$(field .firmware.source)" = "file://$PWD/fw.uf2" ]
	[ "$(field '[.image | .format, .chip, .mcu, .built, .version,
		.integrity, .board] | join("|")')" = \
		"uf2|rp2040|RP2040|2024-11-29|v1.24.1|structure|$PICO" ]
	[ "$(field '.image.checks | sort | join(" ")')" = "board chip format" ]
	path=$(field .image.path)
	[ "$path" = "$dir/rp2/custom/${sum:0:12}/fw.uf2" ]
	cmp fw.uf2 "$path"
	[ "$(row "SELECT board_id, version, custom, description FROM mpf_file
		WHERE sha256 = '$sum'")" = "RPI_PICO|v1.24.1|1|$PICO" ]
	[ "$(row 'SELECT custom, custom_id FROM firmwares')" = "1|RPI_PICO" ]
	[ -z "$stderr" ]
}

@test "each format is known by its bytes, its name in any case" {
	local format want
	while IFS='|' read -r format file want; do
		make "$format" >"$file"
		add 0 "$file"
		[ "$(field '[.image.format, .image.chip, .image.integrity,
			.firmware.board_id, .firmware.version] |
			join(" ")')" = "$want" ]
	done <<-'EOF'
	esp|a.BIN|esp esp32 sha256 ESP32_GENERIC v1.24.1
	dfu|b.Dfu|dfu stm32f4 crc PYBV11 v1.24.1
	hex|c.hex|hex stm32f4 crc PYBV11 v1.24.1
	bin|d.bin|bin stm32f4  PYBV11 v1.24.1
	EOF
	cp fw.uf2 e.UF2
	add 0 e.UF2
	[ "$(field .image.format)" = uf2 ]
}

@test "a preview tells its build and its commit, in every form" {
	local tag
	for tag in v1.26.0-preview.48.gabcdef0123 \
		v1.26.0-preview-48-gabcdef0123; do
		pico_uf2 "$tag" >p.uf2
		add 0 p.uf2
		[ "$(field '[.firmware | .version, .build, .commit] |
			join(" ")')" = "v1.26.0-preview 48 abcdef0123" ]
	done
}

@test "genuine images are known with no option given" {
	[ -d "$MPF_SAMPLES" ] || skip "no genuine images"
	add 0 --keep-order "$MPF_SAMPLES"
	[ "$(jq -rs 'map(.firmware.board_id + "-" + .firmware.variant + " " +
		.firmware.version + " " + .image.integrity) | sort | .[]' \
		<<<"$output")" = "ESP32_GENERIC-SPIRAM v1.23.0-preview sha256
PYBV11- v1.18 crc
RPI_PICO_W- v1.22.2 structure
SEEED_WIO_TERMINAL- v1.22.2 structure" ]
	# A cut, a flip in what a sum covers, a foreign header.
	esp=$MPF_SAMPLES/ESP32_GENERIC-SPIRAM-v1.23.0-preview.236.bin
	dfu=$(echo "$MPF_SAMPLES"/*.dfu)
	rm -r "$dir"
	head -c 1000000 "$esp" >cut.bin
	refused input "application at byte 61440" "" cut.bin
	flip "$esp" 1500000 flipped.bin
	refused input "application at byte 61440: checksum 0x" "" flipped.bin
	flip "$dfu" 100000 flipped.dfu
	refused input "CRC" "" flipped.dfu
	cat "$dfu" >foreign.uf2
	refused input "dfu, by its bytes" "" foreign.uf2
}

# flip FILE BYTE TO: a copy with one bit changed.
flip() {
	/usr/bin/python3 -c 'import sys
b = bytearray(open(sys.argv[1], "rb").read())
b[int(sys.argv[2])] ^= 1
open(sys.argv[3], "wb").write(b)' "$@"
}

@test "the user's words are kept in the record and the database" {
	add 0 fw.uf2 --description 'with BLE & "quotes"' --author Ann \
		--organization Acme --feature ble --feature 'a b' \
		--dependency 'umqtt>=1.2' --tag lab --tag rack-3 \
		--custom-id PICO@ble --toolchain 'arm-none-eabi-gcc 13.2.1'
	[ "$(ordered_field '.firmware.custom_info | tojson')" = '{"author":"Ann","organization":"Acme","features":["ble","a b"],"dependencies":["umqtt>=1.2"],"tags":["lab","rack-3"]}' ]
	[ "$(field '.firmware.description')" = 'with BLE & "quotes"' ]
	[ "$(field .firmware.build_info.toolchain_version)" = \
		"arm-none-eabi-gcc 13.2.1" ]
	[ "$(row 'SELECT custom_id, custom_author, custom_organization,
		custom_features, custom_dependencies, build_toolchain
		FROM firmwares')" = 'PICO@ble|Ann|Acme|["ble","a b"]|["umqtt>=1.2"]|arm-none-eabi-gcc 13.2.1' ]
	[ "$(row 'SELECT custom_tags FROM mpf_custom')" = '["lab","rack-3"]' ]
}

@test "a firmware for several boards is found for each of them" {
	make bin v1.24.1 'My own thing' >own.bin
	add 0 own.bin --board RPI_PICO --board RPI_PICO_W --board MY_BOARD-X
	[ "$(field '[.firmware.board_id, .firmware.by, (.firmware.fits |
		join(" "))] | join("|")')" = "RPI_PICO|manual|RPI_PICO_W MY_BOARD-X" ]
	add 0 fw.uf2 --board RPI_PICO --board RPI_PICO_W --dry-run
	[ "$(field '.image.checks | sort | join(" ")')" = "board chip format" ]
	for board in RPI_PICO RPI_PICO_W; do
		run -0 --separate-stderr mpf-resolve --custom --json <<<"$(jq \
			-cn --arg b $board '{mpf: 1, device: {id: "t/usb/1-1",
			serial_port: "/dev/ttyACM0", mode: "repl"}, board:
			{family: "micropython", version: "v1.20.0",
			port: "rp2", board_id: $b}}')"
		[ "$(field .firmware.action)" = flash ]
		[[ $(field .firmware.source) == file://*/own.bin ]]
	done
	[ "$(row 'SELECT group_concat(board_id) FROM (SELECT board_id FROM
		firmwares ORDER BY 1)')" = MY_BOARD-X,RPI_PICO,RPI_PICO_W ]
}

@test "a board's own firmware needs its port, and no table" {
	make bin v1.24.1 'My board with a chip' >own.bin
	refused input "does not say what it is for" --board own.bin
	refused input "does not say what it is for" --port own.bin \
		--board MY_BOARD
	add 0 own.bin --board MY_BOARD-V2 --port stm32
	[ "$(field '[.firmware | .board_id, .variant, .port] | join(" ")')" = \
		"MY_BOARD V2 stm32" ]
	add 1 own.bin --board MY_BOARD --port nowhere
	[[ $(field .error.message) == *"not a port of MicroPython"* ]]
}

@test "a statement that contradicts the file is refused, unless --force" {
	local option message
	make esp >esp.bin
	while IFS='|' read -r file option message; do
		# shellcheck disable=SC2086 # a list of options
		refused mismatch "$message" --force $file $option
		# shellcheck disable=SC2086
		add 0 $file $option --force --dry-run
		[[ $stderr == *"kept by --force"* ]]
	done <<-'EOF'
	fw.uf2|--version 1.24.0|the image says that it is v1.24.1
	fw.uf2|--version v1.24.1-preview|the image says that it is v1.24.1
	fw.uf2|--version v1.24.1-7|the image says that it is v1.24.1
	fw.uf2|--board ESP32_GENERIC|for rp2040, which ESP32_GENERIC does not have
	fw.uf2|--board RPI_PICO_W|the image says that it is for RPI_PICO (
	fw.uf2|--board NEW --port esp32|no board of esp32 has
	fw.uf2|--port esp32|the image is for rp2040
	esp.bin|--variant OTA|ESP32_GENERIC, plain
	esp.bin|--board ESP32_GENERIC_S3|for esp32, which ESP32_GENERIC_S3
	EOF
	[ ! -e "$dir" ]
	add 0 fw.uf2 --version 1.24.1 --board rpi_pico
	[ "$(field .firmware.board_id)" = RPI_PICO ]
	add 0 fw.uf2 --board RPI_PICO_W --version V1.26.0-preview-48 --force
	[ "$(field '[.firmware | .board_id, .version, .build] | join(" ")')" = \
		"RPI_PICO_W v1.26.0-preview 48" ]
	add 0 esp.bin --variant OTA --force
	[ "$(field .firmware.variant)" = OTA ]
}

@test "what cannot be flashed is refused with what to give instead" {
	local name start hint
	while IFS='|' read -r name start hint; do
		printf '%bxxxx' "$start" >"$name"
		refused unsupported "cannot be flashed" "$hint" "$name"
	done <<-'EOF'
	firmware.elf|\177ELF|.uf2, .dfu, .hex or .bin
	firmware.bin|\177ELF|.uf2, .dfu, .hex or .bin
	firmware.map|Archive|.uf2, .dfu, .hex or .bin
	artifact.zip|PK\003\004|gh run download
	artifact.uf2|PK\003\004|unpack it
	fw.bin.gz|\037\213|unpack it
	fw.app-bin|\351|give the .bin
	main.py|import|mpremote
	EOF
	echo x >notes.txt
	refused unsupported "not a firmware file" ".uf2, .bin" notes.txt
	echo '<!doctype html><p>' >page.uf2
	refused input "a web page" "log in" page.uf2
	: >empty.uf2
	refused input "empty" "" empty.uf2
	make app >app.bin
	refused unsupported "without its bootloader" "merge_bin" app.bin
	refused not_found "nothere.uf2" "" nothere.uf2
	mkfifo pipe.uf2
	refused input "pipe.uf2" "" pipe.uf2
}

@test "a build folder gives its whole image, or says how to make it" {
	mkdir -p ports/rp2/build-RPI_PICO ports/esp32/build-MY_BOARD-V2 \
		ports/esp32/build-X
	pico_uf2 >ports/rp2/build-RPI_PICO/firmware.uf2
	touch ports/rp2/build-RPI_PICO/{firmware.elf,firmware.bin,CMakeCache.txt}
	add 0 ports/rp2/build-RPI_PICO
	[ "${#lines[@]}" -eq 1 ]
	[ "$(field .firmware.file_name)" = firmware.uf2 ]
	# The folder's name settles what the image does not say.
	make esp v1.24.1 'Mine with ESP32' \
		>ports/esp32/build-MY_BOARD-V2/firmware.bin
	cp fw.uf2 ports/esp32/build-MY_BOARD-V2/firmware.uf2
	echo '{}' >ports/esp32/build-MY_BOARD-V2/flasher_args.json
	add 0 ports/esp32/build-MY_BOARD-V2
	[ "$(field '[.firmware | .board_id, .variant, .port] | join(" ")')" = \
		"MY_BOARD V2 esp32" ]
	touch ports/esp32/build-X/{flasher_args.json,micropython.bin}
	add 1 ports/esp32/build-X
	[[ $(field .error.message) == *"without the whole image"* ]]
	[[ $(field .error.hint) == *"merge_bin"* ]]
	# One that cannot be of that folder is not.
	mkdir -p ports/rp2/build-RPI_PICO_W
	make esp >ports/rp2/build-RPI_PICO_W/fw.bin
	add 0 ports/rp2/build-RPI_PICO_W/fw.bin
	[ "$(field .firmware.board_id)" = ESP32_GENERIC ]
}

@test "of a folder the good files are kept, and each has its record" {
	mkdir many
	for i in 1 2 3; do
		pico_uf2 v1.24.$i >many/$i.uf2
	done
	head -c 700 many/1.uf2 >many/bad.uf2
	echo x >many/readme.txt
	echo x >many/.hidden.uf2
	add 1 -j 2 many
	[ "${#lines[@]}" -eq 4 ]
	[ "$(jq -s 'map(select(.error)) | length' <<<"$output")" = 1 ]
	[ "$(row 'SELECT count(*) FROM mpf_custom')" = 3 ]
	[[ $stderr == *"bad.uf2: 700 bytes: not whole UF2 blocks"* ]]
	mkdir none
	add 1 none
	[[ $(field .error.message) == *"no firmware in this folder"* ]]
	# Several words; the first fails.
	add 1 nothere.uf2 many/1.uf2 many/2.uf2
	[ "${#lines[@]}" -eq 3 ]
}

@test "the same bytes are one entry, with both descriptions in its history" {
	add 0 fw.uf2 --description first --tag a
	cp fw.uf2 other.uf2
	add 0 other.uf2 --description second --author Ann
	[[ $stderr == *"there already"* ]]
	[ "$(field .firmware.file_name)" = fw.uf2 ]
	[ -e "$(field .image.path)" ]
	[ "$(find "$dir" -name '*.uf2' | wc -l)" = 1 ]
	[ "$(field '[.firmware.description, .firmware.custom_info.author,
		.firmware.custom_info.tags[0]] | join(" ")')" = "second Ann a" ]
	[ "$(row 'SELECT count(*) FROM mpf_custom')" = 1 ]
	[ "$(row 'SELECT count(*) FROM firmwares')" = 1 ]
	[ "$(row 'SELECT what, description FROM mpf_custom_event')" = \
		"added|first
again|second" ]
	[ "$(row 'SELECT custom_tags, description, custom_author
		FROM mpf_custom')" = '["a"]|second|Ann' ]
}

@test "standard input is a file too" {
	add 0 - <fw.uf2
	[ "$(field '[.firmware | .source, .file_name] | join(" ")')" = \
		"stdin firmware.uf2" ]
	make esp >esp.bin
	add 0 - <esp.bin
	[ "$(field .firmware.file_name)" = firmware.bin ]
	echo text >t
	refused_input "a page of text"
}

refused_input() {
	add 1 - <t
	[[ $(field .error.message) == *"$1"* ]]
}

@test "--dry-run prints the record, and stores nothing" {
	add 0 --dry-run fw.uf2
	[ "$(field .firmware.board_id)" = RPI_PICO ]
	[ "$(field .image.path)" = "$PWD/fw.uf2" ]
	[ ! -e "$dir" ]
}

@test "an address is downloaded, and every way to write it means the same" {
	site
	pico_uf2 v1.25.0 >"$site/resources/firmware/my-fw.uf2"
	serve
	add 0 "$mirror/resources/firmware/my-fw.uf2?token=geheim"
	[ "$(field '[.firmware | .version, .file_name] | join(" ")')" = \
		"v1.25.0 my-fw.uf2" ]
	[ "$(field .firmware.source)" = "$mirror/resources/firmware/my-fw.uf2" ]
	run ! grep -r geheim "$dir"
	rm -r "$dir"
	refused not_found "404" "" "$mirror/resources/nothing.uf2"
	refused unsupported "cannot be flashed" "unpack" "$mirror/a.zip"
	[ "$(asked /a.zip)" = 0 ]
	refused usage "not encrypted" https "http://example.org/fw.uf2"
	refused usage "a user name or a password" netrc \
		"https://me:geheim@example.org/fw.uf2"
	[[ $output$stderr != *geheim* ]]
	fault /resources/firmware/my-fw.uf2 cut 1000
	refused network "" "" "$mirror/resources/firmware/my-fw.uf2"
}

@test "--limit-rate and --retry-delay hold a download back" {
	site
	uf2 e48bff56 1.24.1 "$PICO" 200 >"$site/resources/firmware/my-fw.uf2"
	serve
	start=$(date +%s%3N)
	add 0 "$mirror/resources/firmware/my-fw.uf2" --limit-rate 200k
	[ $(($(date +%s%3N) - start)) -ge 300 ]
	start=$(date +%s%3N)
	add 1 http://127.0.0.1:1/my-fw.uf2 --retries 1 --retry-delay 400ms
	[ $(($(date +%s%3N) - start)) -ge 300 ]
	[[ $stderr == *"trying again in"* ]]
}

@test "a release on GitHub is asked by its API" {
	site
	mkdir -p "$site/repos/acme/blinky/releases/tags"
	pico_uf2 v1.25.0 >"$site/blinky.uf2"
	serve
	export GITHUB_API_URL=$mirror
	jq -n --arg m "$mirror" --arg d "sha256:$(sha256sum "$site/blinky.uf2" |
		head -c 64)" '{tag_name: "v2.1", assets: [{id: 1,
		name: "blinky.uf2", browser_download_url: "\($m)/blinky.uf2",
		digest: $d}, {id: 2, name: "notes.txt",
		browser_download_url: "\($m)/notes.txt"}]}' \
		>"$site/repos/acme/blinky/releases/tags/v2.1"
	add 0 'github:acme/blinky@v2.1#*.uf2'
	[ "$(field .firmware.source)" = "$mirror/blinky.uf2" ]
	[[ $(field '.image.checks | join(" ")') == sha256* ]]
	add 1 'github:acme/blinky@v2.1#*.hex'
	[[ $(field .error.hint) == *blinky.uf2* ]]
	add 1 'github:acme/blinky@v9#*'
	[[ $(field .error.hint) == *"GITHUB_TOKEN"* ]]
	pico_uf2 v1.26.0 >"$site/blinky.uf2"
	add 1 'github:acme/blinky@v2.1#*.uf2'
	[ "$(field .error.code)" = verify ]
}

@test "what was added is chosen with --custom, and read where it is" {
	plug a rp2 --board RPI_PICO --path 1-1.2 --version 1.22.2 --keep kept
	uf2 e48bff56 1.24.1 "$PICO" 400 >fw.uf2
	add 0 fw.uf2 --description Mine --author Ann --feature ble
	path=$(field .image.path)
	mpf-detect --json >boards
	run -0 --separate-stderr bash -o pipefail -c \
		'mpf-resolve --custom --json <boards | mpf-fetch --json'
	[ "$(field .image.path)" = "$path" ]
	[ "$(field '[.firmware.description, .firmware.trust,
		.firmware.custom_info.author, .firmware.custom_info.features[0]]
		| join(" ")')" = "Mine none Ann ble" ]
	[ "$(find "$dir" -name '*.uf2' | wc -l)" = 1 ]
	[ "$(row 'SELECT count(*) FROM mpf_file')" = 1 ]
	[ "$(row 'SELECT custom_author FROM firmwares')" = Ann ]
	mpf-flash --json <<<"$output" >flashed
	[ "$(jq -r .board.version flashed)" = v1.24.1 ]
	# Changed in the folder since: neither used nor taken for new.
	echo x >>"$path"
	run -1 --separate-stderr bash -o pipefail -c \
		'mpf-resolve --custom --json <boards | mpf-fetch --json'
	[[ $(field .error.code) == @(verify|input) ]]
}

@test "security: a byte that is flipped later is noticed by the database" {
	pico_uf2 v1.24.1 "$PICO" 4 >small.uf2
	add 0 small.uf2
	path=$(field .image.path)
	# Where no sum of the format's own covers it; see test-image-flips.
	for at in 40 700 1300 2000; do
		cp small.uf2 "$path"
		flip small.uf2 "$at" "$path"
		run -1 --separate-stderr mpf-fetch --json --offline \
			--source "$path" --board RPI_PICO
		[ "$(field .error.code)" = verify ]
		[[ $(field .error.message) == *"was changed since"* ]]
	done
}

@test "mpf-add FILE | mpf-flash flashes the board that it fits" {
	plug a rp2 --board RPI_PICO --path 1-1.2 --version 1.22.2 --keep kept
	plug b esp32 --board ESP32_GENERIC --path 1-1.3
	uf2 e48bff56 1.24.1 "$PICO" 400 >fw.uf2
	mpf-add --json fw.uf2 >record
	run -0 --separate-stderr mpf-flash --json <record
	[ "$(field '[.device.id, .flash.state, .board.version] | join(" ")')" = \
		"bench/usb/1-1.2 running v1.24.1" ]
	cmp fw.uf2 kept
}

@test "--flash does that in one go, for the only board that it fits" {
	uf2 e48bff56 1.24.1 "$PICO" 400 >fw.uf2
	add 1 --flash fw.uf2
	[ "$(field .error.code)" = not_found ]
	plug a rp2 --board RPI_PICO --path 1-1.2 --version 1.22.2
	add 0 --flash --dry-run fw.uf2
	[ "$(field .flash.dry_run)" = true ]
	add 0 --flash fw.uf2
	[ "$(field '[.device.id, .flash.state, .board.version] | join(" ")')" = \
		"bench/usb/1-1.2 running v1.24.1" ]
	# Of two none is guessed; a name decides.
	plug b rp2 --board RPI_PICO --path 1-1.3 --version 1.22.2 --uid 22
	uf2 e48bff56 1.25.0 "$PICO" 400 >fw.uf2
	add 1 --flash fw.uf2
	[ "$(field .error.code)" = ambiguous ]
	[[ $(field .error.message) == *"fits 2 boards"* ]]
	add 0 --flash --serial 1-1.3 fw.uf2
	[ "$(field '[.device.id, .board.version] | join(" ")')" = \
		"bench/usb/1-1.3 v1.25.0" ]
	# A bad file flashes nothing.
	head -c 700 fw.uf2 >bad.uf2
	add 1 --flash bad.uf2
	[ "$(field .error.stage)" = add ]
}

@test "a board of another kind is said, and why it is not flashed" {
	plug a rp2 --board RPI_PICO_W --path 1-1.2 --version 1.22.2
	plug b esp32 --board ESP32_GENERIC --path 1-1.3
	add 1 --flash fw.uf2
	[ "$(field .error.code)" = not_found ]
	[[ $(field .error.message) == *"is a RPI_PICO_W"* ]]
	[[ $(field .error.message) == *"has esp32, not rp2040"* ]]
	[[ $(field .error.hint) == *--board* ]]
}

@test "a wrong command line is refused before anything is done" {
	run -2 --separate-stderr mpf-add --json </dev/null
	[ "$(field .error.code)" = usage ]
	run -2 --separate-stderr mpf-add --json ''
	run -2 --separate-stderr mpf-add --json --serial x fw.uf2
	[[ $stderr == *"--flash"* ]]
	add 1 --version nonsense fw.uf2
	[ "$(field .error.code)" = usage ]
	add 1 --board 'no/such' fw.uf2
	[[ $(field .error.message) == *"not a name of a board"* ]]
	nothing_there
}
