# SPDX-License-Identifier: MIT
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export MPFLASH_FIRMWARE=$PWD/fw
}

# golden N [JQ]: that line of the golden records, changed so.
golden() {
	sed -n "$1p" "$BATS_TEST_DIRNAME/../data/golden.ndjson" |
	    jq -c "del(.firmware, .image, .flash, .record, .error) | ${2:-.}"
}

# index AGE: a database with the page of RPI_PICO_W, AGE seconds old.
index() {
	mpf-record --no-board >/dev/null \
	    <<<"$(sed -n 7p "$BATS_TEST_DIRNAME/../data/golden.ndjson")"
	sqlite3 fw/mpflash.db "INSERT INTO mpf_page (id, url, board_id, port,
	    fetched_at) VALUES (1, 'https://micropython.org/download/RPI_PICO_W/',
	    'RPI_PICO_W', 'rp2', strftime('%s') - $1);
	    INSERT INTO mpf_link (page, n, board_id, variant, version, build,
	    commit_id, date, ext, url) VALUES
	    (1, 0, 'RPI_PICO_W', '', 'v1.28.0', NULL, NULL, '20260406', 'uf2',
	    'https://micropython.org/resources/firmware/RPI_PICO_W-20260406-v1.28.0.uf2'),
	    (1, 1, 'RPI_PICO_W', '', 'v1.27.0', NULL, NULL, '20251209', 'uf2',
	    'https://micropython.org/resources/firmware/RPI_PICO_W-20251209-v1.27.0.uf2'),
	    (1, 2, 'RPI_PICO_W', '', 'v1.29.0-preview', 731, '1c3c201149',
	    '20261101', 'uf2',
	    'https://micropython.org/resources/firmware/RPI_PICO_W-20261101-v1.29.0-preview.731.g1c3c201149.uf2')"
}

@test "the newest stable is pinned from the index" {
	index 420
	run -0 --separate-stderr mpf-resolve <<<"$(golden 1)"
	want=$(sed -n 4p "$BATS_TEST_DIRNAME/../data/golden.ndjson" |
	    command jq -S '.firmware | del(.index.age_s, .reason)')
	[ "$(command jq -S '.firmware | del(.index.age_s, .runner_up, .reason)' \
	    <<<"$output")" = "$want" ]
	[ "$(field .firmware.reason)" = "newest stable for RPI_PICO_W; next \
is v1.27.0 (older); the board runs v1.24.1" ]
	[ "$(field .firmware.runner_up.version)" = v1.27.0 ]
	[ "$(field '.firmware.index.age_s - 420 < 60')" = true ]
	[ -z "$stderr" ]
}

@test "a board that runs it is skipped, and flashed with --force" {
	index 420
	run -0 mpf-resolve <<<"$(golden 1 '.board.version = "v1.28.0"')"
	[ "$(field .firmware.action)" = skip ]
	[ "$(field .firmware.reason)" = "the board already runs v1.28.0" ]
	run -0 mpf-resolve --force \
	    <<<"$(golden 1 '.board.version = "v1.28.0"')"
	[ "$(field .firmware.action)" = flash ]
}

@test "--version takes a word, a version, a series and a range" {
	index 420
	while read -r word version; do
		run -0 mpf-resolve --version "$word" <<<"$(golden 1)"
		[ "$(field .firmware.version)" = "$version" ]
		[ "$(field .firmware.wanted)" = "$word" ]
	done <<-'END'
		stable v1.28.0
		preview v1.29.0-preview
		latest v1.29.0-preview
		1.27 v1.27.0
		v1.27.0 v1.27.0
		<1.28 v1.27.0
	END
	run -0 mpf-resolve --version preview <<<"$(golden 1)"
	[ "$(field '"\(.firmware.build) \(.firmware.commit)"')" = \
	    "731 1c3c201149" ]
}

@test "without an index, or with an old one, fetch is left to pin it" {
	run -0 mpf-resolve <<<"$(golden 1)"
	[ "$(field .firmware.action)" = flash ]
	[ "$(field '.firmware | has("version")')" = false ]
	run -0 mpf-resolve --version 1.27.0 <<<"$(golden 1)"
	[ "$(field .firmware.version)" = v1.27.0 ]
	index 200000
	run -0 mpf-resolve <<<"$(golden 1)"
	[ "$(field '.firmware | has("version")')" = false ]
	[ "$(field .firmware.index.stale)" = true ]
	run -0 mpf-resolve --max-age 300000 <<<"$(golden 1)"
	[ "$(field .firmware.version)" = v1.28.0 ]
}

@test "no folder is made, and none is needed" {
	run -0 mpf-resolve <<<"$(golden 1)"
	[ ! -e fw ]
	run -0 mpf-resolve --dir /nonexistent/fw <<<"$(golden 1)"
}

@test "a database of another program is told, and left alone" {
	mkdir fw
	echo "a letter, long enough to be looked at" >fw/mpflash.db
	run -2 --separate-stderr mpf-resolve <<<"$(golden 1)"
	[[ $stderr == "mpf-resolve: "*"/fw/mpflash.db: not a database"* ]]
	[ "$(field .error.code)" = input ]
	[ "$(cat fw/mpflash.db)" = "a letter, long enough to be looked at" ]
}

@test "two boards that report the same are an error that names both" {
	run -1 --separate-stderr mpf-resolve <<<"$(golden 8 '.board.version =
	    "v1.24.1"')"
	want=$(sed -n 8p "$BATS_TEST_DIRNAME/../data/golden.ndjson" |
	    command jq -S .error)
	[ "$(command jq -S .error <<<"$output")" = "$want" ]
	[ "$(field '.firmware.candidates | join(" ")')" = \
	    "OLIMEX_ESP32_EVB OLIMEX_ESP32_POE" ]
	run -0 mpf-resolve --board OLIMEX_ESP32_POE \
	    <<<"$(golden 8 '.board.version = "v1.24.1"')"
	[ "$(field .firmware.board_id)" = OLIMEX_ESP32_POE ]
	[ "$(field .firmware.by)" = manual ]
}

@test "a board that reports an old name gets firmware of today's" {
	run -0 mpf-resolve <<<"$(golden 1 'del(.board.board_id) |
	    .board.version = "v1.19.1"')"
	[ "$(field .firmware.board_id)" = RPI_PICO_W ]
	[ "$(field .board.board_id)" = RPI_PICO_W ]
}

@test "what did not answer is skipped, unless it is named" {
	run -0 mpf-resolve <<<"$(golden 6)"
	want=$(sed -n 6p "$BATS_TEST_DIRNAME/../data/golden.ndjson" |
	    command jq -S .firmware)
	[ "$(command jq -S .firmware <<<"$output")" = "$want" ]
	run -1 --separate-stderr mpf-resolve --serial 1-3 <<<"$(golden 6)"
	[ "$(field .error.code)" = timeout ]
	[ "$(field .error.hint)" = "say with --board which board it is" ]
	run -0 mpf-resolve --serial 1-3 --board RPI_PICO <<<"$(golden 6)"
	[ "$(field .firmware.action)" = flash ]
	[ "$(field .firmware.board_id)" = RPI_PICO ]
	# mpf-flash asks for this: a name here counts as one at mpf-detect.
	[ "$(field .device.named)" = true ]
	run -0 mpf-resolve --serial '1-*' --board RPI_PICO <<<"$(golden 6)"
	[ "$(field '.firmware.action, .device.named')" = $'skip\nnull' ]
}

@test "--serial narrows: the others are left alone" {
	run -0 mpf-resolve --serial '/dev/ttyACM*' \
	    < <(golden 1 && golden 5 '.device.serial_port = "/dev/ttyUSB7"')
	[ "$(jq -r .firmware.action <<<"${lines[0]}")" = flash ]
	[ "$(jq -r .firmware.action <<<"${lines[1]}")" = skip ]
}

@test "of builds that differ in software alone the plain one is taken" {
	pyboard() { golden 1 ".board = {family: \"micropython\",
	    version: \"$1\", port: \"stm32\",
	    description: \"PYBv1.1 with STM32F405RG\"}"; }
	run -0 --separate-stderr mpf-resolve --other-tools \
	    <<<"$(pyboard v1.20.0)"
	[ -z "$stderr" ]
	[ "$(field '.firmware.board_id + (.firmware.variant // "")')" = PYBV11 ]
	[ "$(field .firmware.action)" = flash ]
	[[ $(field .firmware.reason) == *"; PYBV11, PYBV11-DP, "*"PYBV11-THREAD report the same and differ in software alone" ]]
	[ "$(field '.firmware.candidates | join(" ")')" = \
	    "PYBV11 PYBV11-DP PYBV11-DP_THREAD PYBV11-NETWORK PYBV11-THREAD" ]
	run -0 mpf-resolve --other-tools --variant thread \
	    <<<"$(pyboard v1.20.0)"
	[ "$(field .firmware.variant)" = THREAD ]
	[ "$(field .firmware.candidates)" = null ]
	run -0 mpf-resolve --version 1.24.1 <<<"$(pyboard v1.24.1)"
	[ "$(field .firmware.action)" = skip ]
	[[ $(field .firmware.reason) == "the board already runs v1.24.1; "* ]]
	# In hardware: the user is asked.
	run -1 --separate-stderr mpf-resolve <<<"$(golden 1 '.board = {
	    version: "v1.27.0", description: "WeAct Studio RP2040"}')"
	[ "$(field .error.code)" = ambiguous ]
	[ "$(field '.firmware.candidates | length')" -eq 4 ]
}

@test "a machine string will do without its MCU, or with a port for one" {
	for mcu in '' ', mcu: "rp2"' ', mcu: "RP2040"'; do
		run -0 mpf-resolve <<<"$(golden 1 ".board = {
		    version: \"v1.20.0\", description: \"Raspberry Pi Pico\"$mcu}")"
		[ "$(field .firmware.board_id)" = RPI_PICO ]
	done
	run -0 mpf-resolve <<<"$(golden 1 '.board = {version: "v1.21.0",
	    description: "Generic ESP32 module with SPIRAM", mcu: "SPIRAM"}')"
	[ "$(field '.firmware.board_id + "-" + .firmware.variant')" = \
	    ESP32_GENERIC-SPIRAM ]
	run -1 mpf-resolve <<<"$(golden 1 '.board = {version: "v1.20.0",
	    description: "Raspberry Pi Pico", mcu: "ESP32"}')"
}

@test "names that look alike are of the same chip" {
	run -1 --separate-stderr mpf-resolve <<<"$(golden 1 '.board = {
	    version: "v1.27.0", port: "rp2",
	    description: "Raspberry Pi Pico 3 with RP2350"}')"
	[[ $(field .error.hint) == "if it is RPI_PICO2"*", say so with --board" ]]
	[[ $(field .error.hint) != *RPI_PICO_W* ]]
	run -1 --separate-stderr mpf-resolve <<<"$(golden 1 '.board = {
	    version: "v1.27.0", port: "esp32",
	    description: "Raspberry Pi Pico 3 with ESP32"}')"
	[[ $(field .error.hint) != *RPI_* ]]
}

@test "a drive is not guessed at" {
	run -1 --separate-stderr mpf-resolve <<<"$(golden 2)"
	[ "$(field .error.code)" = ambiguous ]
	[ "$(field '.firmware.candidates | index("RPI_PICO") != null')" = true ]
	[ "$(field '.firmware.candidates | index("RPI_PICO2")')" = null ]
	run -0 mpf-resolve --board RPI_PICO_W <<<"$(golden 2)"
	[ "$(field .firmware.board_id)" = RPI_PICO_W ]
}

@test "an unknown board is refused, and the nearest named" {
	run -2 --separate-stderr mpf-resolve --board RPI_PICOW <<<"$(golden 1)"
	[[ $stderr == *"--board RPI_PICOW: no such board"* ]]
	[[ $stderr == *"hint: do you mean --board RPI_PICO or RPI_PICO_W?"* ]]
	run -2 mpf-resolve --version newest <<<"$(golden 1)"
}

@test "--version chooses a version with a value, and prints mpf's alone" {
	run -0 --separate-stderr mpf-resolve -V
	version=$output
	[[ $version == "mpf-resolve "[0-9]* ]]
	run -0 --separate-stderr mpf-resolve --version
	[ "$output" = "$version" ]
	run -0 mpf-resolve --help
	[[ $output == *$'\n      --version WHICH'*$'\n  -V  '* ]]
}

@test "another board's firmware needs the port's name" {
	run -1 --separate-stderr mpf-resolve --board RPI_PICO \
	    <<<"$(golden 1)"
	[ "$(field .error.code)" = mismatch ]
	run -0 mpf-resolve --board RPI_PICO --serial /dev/ttyACM0 \
	    <<<"$(golden 1)"
	[ "$(field .firmware.board_id)" = RPI_PICO ]
}

@test "hostile names do no harm" {
	hostile=$'x\'; DROP TABLE boards; --"\n\e[31m%s%n'
	index 420
	run -1 --separate-stderr mpf-resolve < <(golden 1 | jq -c \
	    --arg h "$hostile" 'del(.board.board_id) | .board.description = $h
	    | .device.id = $h | .device.product = $h')
	[ "$(jq -r .board.description <<<"$output")" = "$hostile" ]
	[[ $stderr != *$'\e'* ]]
	run -2 mpf-resolve --board "$hostile" <<<"$(golden 1)"
	run -2 mpf-resolve --version "$hostile" <<<"$(golden 1)"
	[ "$(sqlite3 fw/mpflash.db 'SELECT count(*) > 3000 FROM boards')" = 1 ]
}

@test "failed records and those of others pass as they came" {
	printf '%s\n' '{ "a": [1, "x"] }' >in
	sed -n '9,10p' "$BATS_TEST_DIRNAME/../data/golden.ndjson" >>in
	mpf-resolve <in >out || [ $? -eq 1 ]
	cmp in out
}

@test "a terminal gets a table with what each board runs and gets" {
	index 420
	run -0 mpf-resolve --table <<<"$(golden 1)"
	[[ ${lines[0]} == DEVICE*BOARD*VERSION*ACTION*REASON* ]]
	[[ ${lines[1]} == /dev/ttyACM0*RPI_PICO_W*v1.24.1*v1.28.0*flash* ]]
}

@test "twenty thousand records are done by one process" {
	index 420
	yes "$(golden 1)" | head -n 20000 >many
	run -0 sh -c 'mpf-resolve <many | tail -n 1'
	[ "$(field .firmware.version)" = v1.28.0 ]
}

# skipped N WHY: that line is, for that reason.
skipped() {
	[ "$(jq -r .firmware.action <<<"${lines[$1]}")" = skip ]
	[ "$(jq -r .firmware.reason <<<"${lines[$1]}")" = "$2" ]
}

@test "--ignore leaves devices, boards and ports alone, by patterns" {
	boards=$(golden 1 && golden 1 '.device = {id: "h/usb/1-9", mode: "repl",
	    usb_path: "1-9", serial_port: "/dev/ttyUSB9"} | .board.port = "esp32"
	    | .board.board_id = "ESP32_GENERIC" | .board.variant = "SPIRAM" |
	    del(.board.description, .board.mcu)')
	for what in '/dev/ttyUSB*' 1-9 'esp32*' ESP32_GENERIC 'ESP32_*-SPIRAM'; do
		run -0 mpf-resolve --ignore "$what" <<<"$boards"
		[ "$(jq -r .firmware.action <<<"${lines[0]}")" = flash ]
		skipped 1 "to be ignored, as --ignore says"
	done
	run -0 mpf-resolve --ignore 'esp8266' --ignore 'ESP32' <<<"$boards"
	[ "$(jq -r .firmware.action <<<"${lines[1]}")" = flash ]
	# An exact name beats it, a pattern does not.
	run -0 mpf-resolve -i '*' -s /dev/ttyUSB9 <<<"$boards"
	[ "$(jq -r .firmware.action <<<"${lines[1]}")" = flash ]
	run -0 mpf-resolve -i '*' -s '/dev/ttyUSB*' <<<"$boards"
	[ "$(jq -r .firmware.action <<<"${lines[1]}")" = skip ]
}

@test "--port and a pattern for --board narrow, and never widen" {
	boards=$(golden 1 && golden 1 '.device.id = "h/usb/1-9" |
	    .device.mode = "uf2" | .device.vid = "2e8a" | .device.pid = "000f" |
	    del(.board, .device.serial_port)' && golden 6)
	run -1 --separate-stderr mpf-resolve --port rp2 <<<"$boards"
	[ "$(jq -r .firmware.action <<<"${lines[0]}")" = flash ]
	[ "$(jq -r .error.code <<<"${lines[1]}")" = ambiguous ]
	[ "$(jq -r .firmware.action <<<"${lines[2]}")" = skip ]
	run -0 mpf-resolve -p stm32 -p 'esp*' <<<"$boards"
	skipped 0 "not of the ports that --port names"
	skipped 1 "not of the ports that --port names"
	run -0 mpf-resolve -b 'rpi_pico_*' -b 'PYB*' <<<"$boards"
	[ "$(jq -r .firmware.board_id <<<"${lines[0]}")" = RPI_PICO_W ]
	skipped 1 "not one of the boards that --board names"
	run -0 mpf-resolve -b 'PYB*' <<<"$boards"
	skipped 0 "not one of the boards that --board names"
	# An exact name does not beat these.
	run -0 mpf-resolve -p stm32 -s /dev/ttyACM0 <<<"$(golden 1)"
	skipped 0 "not of the ports that --port names"
	run -2 --separate-stderr mpf-resolve -p rp2040 <<<"$boards"
	[[ $stderr == *"--port rp2040: MicroPython has no such port"* ]]
	[[ $stderr == *"hint: its ports are alif, cc3200, "*rp2* ]]
	run -2 --separate-stderr mpf-resolve -b RPI_PICO -b PYBV11 <<<"$boards"
	[ "$(field .error.code)" = usage ]
}

@test "several ports and a board: each of them gets it, and no other" {
	boards=$(golden 1 '.device.serial_port = "/dev/ttyA" |
	    .device.id = "h/tty/A"' && golden 1 '.device.serial_port =
	    "/dev/ttyB" | .device.id = "h/tty/B"' && golden 1)
	run -0 mpf-resolve -s /dev/ttyA -s /dev/ttyB -b RPI_PICO <<<"$boards"
	for i in 0 1; do
		[ "$(jq -r '.firmware | "\(.board_id) \(.by)"' \
		    <<<"${lines[$i]}")" = "RPI_PICO manual" ]
	done
	skipped 2 "not one of those that --serial names"
	# A link to the port is a name of it.
	touch ttyB
	ln -s ttyB by-id
	run -0 mpf-resolve -s "$PWD/by-id" -b RPI_PICO <<<"$(golden 1 \
	    ".device.serial_port = \"$(realpath ttyB)\"")"
	[ "$(field .firmware.board_id)" = RPI_PICO ]
}

@test "a port that was named and never came is an error at the end" {
	run -1 --separate-stderr mpf-resolve -s /dev/ttyACM0 -s /dev/ttyX \
	    -b RPI_PICO_W <<<"$(golden 1)"
	[ "$(jq -r .firmware.action <<<"${lines[0]}")" = flash ]
	[ "$(jq -r .error.code <<<"${lines[1]}")" = not_found ]
	[[ $stderr == *"--serial /dev/ttyX: no such device in the input"* ]]
	[[ $stderr == *"hint: mpf-detect --serial /dev/ttyX makes one"* ]]
}

@test "at a terminal, without records, it says who makes them" {
	run script -qec "mpf-resolve --serial 1-1 --board RPI_PICO" \
	    /dev/null </dev/null
	[ "${output//$'\r'/}" = "\
mpf-resolve: --serial 1-1: chooses among the records on standard input, which is a terminal
mpf-resolve: hint: mpf-detect --serial 1-1 | mpf-resolve --board RPI_PICO" ]
	[ "$status" -eq 2 ]
	for tool in resolve fetch flash record; do
		run script -qec "mpf-$tool" /dev/null </dev/null
		[ "$status" -eq 2 ]
		[[ $output == "mpf-$tool: standard input is a terminal: mpf-$tool reads records from a pipe or a file"* ]]
		[[ $output == *"mpf-$tool: hint: mpf-"*"mpf-$tool"* ]]
	done
}

# one JQ OPTION...: mpf-resolve on the first golden record, changed so.
one() {
	local change=$1
	shift
	golden 1 "$change" | mpf-resolve "$@"
}

@test "a record without an id, by another program, is identified" {
	other='.board = {version: "v1.19.1", port: "esp32", description:
	    "ESP32 module (spiram) with ESP32"}'
	run -0 one "$other"
	[ "$(field '.board | "\(.board_id) \(.variant)"')" = \
	    "ESP32_GENERIC SPIRAM" ]
	[ "$(field .board.version)" = v1.19.1 ]
	other='.board = {family: "micropython", version: "v1.23.0", port: "rp2",
	    board_id: "UNKNOWN_BOARD", description: "Raspberry Pi Pico",
	    mcu: "RP2040"}'
	run -0 one "$other"
	[ "$(field '.board.board_id')" = RPI_PICO ]
}

@test "each unknown board, port or version is one clear record" {
	while IFS='~' read -r change options code says; do
		# shellcheck disable=SC2086 # options are words
		run -1 --separate-stderr one "$change" $options
		[ "${#lines[@]}" -eq 1 ]
		[ "$(field .error.code)" = "$code" ]
		# shellcheck disable=SC2053 # a pattern
		[[ $(field .error.message) == $says ]]
		[ "$(field '.error.hint != ""')" = true ]
		[ "$(field '.firmware | has("action")')" = false ]
	done <<-'END'
		.board = {description: "A toaster with 6502"}~~not_found~A toaster with 6502: no known board*
		.board = {version: "v1.24.1"}~~not_found~*does not say which board it is
		.board.port = "esp32" | del(.board.description)~~mismatch~*runs MicroPython for esp32, and RPI_PICO_W is rp2
		.board.port = "stm32" | del(.board.description, .board.board_id)~--board RPI_PICO~mismatch~*for stm32, and RPI_PICO is rp2
		.~--version 1.24.7~not_found~1.24.7: MicroPython has no such release
		.board.board_id = "RPI_PICO2"~--version 1.22.0~not_found~RPI_PICO2: no 1.22.0: MicroPython has it since v1.24.0
		.board = {version: "v1.19", board_id: "GENERIC"}~~ambiguous~*two boards report this: ESP32_GENERIC, ESP8266_GENERIC
		.board = {version: "v1.27.0", description: "QT Py with SAMD21E18A"}~~ambiguous~*two builds for ADAFRUIT_QTPY_SAMD21 report this*
		.~--variant NONESUCH~not_found~RPI_PICO_W: no variant NONESUCH
	END
	# What its name looks like is in the hint.
	run -1 --separate-stderr one \
	    '.board = {description: "Rasberry Pi Pico with RP2040"}'
	[[ $(field .error.hint) == "if it is RPI_PICO or RPI_PICO_W, "*"say so with --board" ]]
}

@test "what is no MicroPython is named in the reason" {
	for family in circuitpython:CircuitPython pycopy:Pycopy \
	    "pycom:Pycom's MicroPython" "ev3-pybricks:Pybricks MicroPython"; do
		run -0 one ".board.family = \"${family%%:*}\""
		[ "$(field .firmware.action)" = skip ]
		[[ $(field .firmware.reason) == "it runs ${family#*:} v1.24.1,"* ]]
	done
}

@test "a hostile board's every text goes through as it is" {
	hostile=$'"; DROP TABLE mpf_board; --\n\e[31m\x07\u0085%s%n$(id)\'\\'
	index 420
	for key in description mcu family; do
		run -1 --separate-stderr mpf-resolve < <(golden 1 | jq -c \
		    --arg h "$hostile" "del(.board.description) |
		    .board.$key = \$h" && golden 1 '.board = {}')
		[ "${#lines[@]}" -eq 2 ]
		[ "$(jq -r ".board.$key" <<<"${lines[0]}")" = "$hostile" ]
		[[ $stderr != *$'\e'* ]]
	done
	run -1 --separate-stderr mpf-resolve --table < <(golden 1 | jq -c \
	    --arg h "$hostile" '.board = {description: $h, mcu: $h}')
	[[ $output != *$'\e'* ]]
	[ "$(sqlite3 fw/mpflash.db 'SELECT count(*) > 400 FROM mpf_board')" = 1 ]
}

@test "a file in the folder is taken first, and the reason says so" {
	index 420
	url=https://micropython.org/resources/firmware
	sqlite3 fw/mpflash.db "INSERT INTO $theirs VALUES ('PYBV11',
	    'v1.28.0', 'stm32\\PYBV11-v1.28.0.hex', 'stm32', '',
	    '$url/PYBV11-20260406-v1.28.0.hex', 0, 0, NULL);
	    INSERT INTO $theirs VALUES ('PYBV11', 'v1.28.0',
	    'stm32/PYBV11-v1.28.0.dfu', 'stm32', '',
	    '$url/PYBV11-20260406-v1.28.0.dfu', 0, 0, NULL)"
	mkdir fw/stm32
	touch fw/stm32/PYBV11-v1.28.0.hex
	pyb='.board.port = "stm32" | .board.board_id = "PYBV11"'
	# Both would do; which is newest the folder cannot say.
	run -0 one "$pyb" --other-tools --version 1.28.0
	[ "$(field .firmware.source)" = "$url/PYBV11-20260406-v1.28.0.hex" ]
	[[ $(field .firmware.reason) == "1.28.0 for PYBV11, which \
is here; next is PYBV11-v1.28.0.dfu (not here);"* ]]
	[ "$(field .firmware.runner_up.source)" = \
	    "$url/PYBV11-20260406-v1.28.0.dfu" ]
	run -0 one "$pyb" --other-tools
	[ "$(field '.firmware | has("version")')" = false ]
	rm fw/stm32/PYBV11-v1.28.0.hex
	run -0 one "$pyb" --other-tools --version 1.28.0
	[ "$(field .firmware.source)" = "$url/PYBV11-20260406-v1.28.0.dfu" ]
	[[ $(field .firmware.reason) == *"(not the format of choice);"* ]]
}

@test "one's own firmware is taken with --custom alone, under any name" {
	index 420
	sqlite3 fw/mpflash.db "INSERT INTO $theirs VALUES ('PICO_W',
	    'v1.27.0', 'rp2/old.uf2', 'rp2', '', 'file:///nowhere/old.uf2', 0,
	    1, 'PICO_W');
	    INSERT INTO $theirs VALUES ('LAB', 'v1.30.0', 'rp2/lab.uf2',
	    'rp2', '', 'file:///nowhere/lab.uf2', 0, 1, 'LAB')"
	mkdir fw/rp2
	touch fw/rp2/old.uf2
	run -0 one .
	[ "$(field .firmware.version)" = v1.28.0 ]
	run -0 one . --custom
	[ "$(field '.firmware | "\(.version) \(.custom) \(.file_name)"')" = \
	    "v1.27.0 true old.uf2" ]
	[ "$(field .firmware.source)" = "file://$PWD/fw/rp2/old.uf2" ]
	# A board that no table has.
	run -0 one '.device.named = true' --custom --board LAB
	[ "$(field '.firmware | "\(.board_id) \(.version)"')" = "LAB v1.30.0" ]
	run -2 one . --board LAB
	run -1 --separate-stderr one '.board.board_id = "RPI_PICO"' --custom
	[ "$(field .error.code)" = not_found ]
}

@test "a version that is empty, or none, is quoted, and there is a hint" {
	for v in "" " " newest; do
		run -2 --separate-stderr mpf-resolve --version "$v" </dev/null
		[ "${stderr_lines[0]}" = "mpf-resolve: --version \"$v\": not a version" ]
		[[ "${stderr_lines[1]}" = "mpf-resolve: hint: stable, "* ]]
	done
}

@test "a record without a device says where such records come from" {
	run -1 --separate-stderr mpf-resolve <<<'{"mpf":1,"firmware":{"board_id":"X"}}'
	[ "$(field .error.message)" = "the record names no device" ]
	[[ "$(field .error.hint)" = "mpf-detect finds the boards"* ]]
}
