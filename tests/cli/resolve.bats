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
	    jq -S '.firmware | del(.index.age_s)')
	[ "$(jq -S '.firmware | del(.index.age_s, .runner_up)' \
	    <<<"$output")" = "$want" ]
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
	    jq -S .error)
	[ "$(jq -S .error <<<"$output")" = "$want" ]
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
	    jq -S .firmware)
	[ "$(jq -S .firmware <<<"$output")" = "$want" ]
	run -1 --separate-stderr mpf-resolve --serial 1-3 <<<"$(golden 6)"
	[ "$(field .error.code)" = timeout ]
	[ "$(field .error.hint)" = "say with --board which board it is" ]
	run -0 mpf-resolve --serial 1-3 --board RPI_PICO <<<"$(golden 6)"
	[ "$(field .firmware.action)" = flash ]
	[ "$(field .firmware.board_id)" = RPI_PICO ]
}

@test "--serial narrows: the others are left alone" {
	run -0 mpf-resolve --serial '/dev/ttyACM*' \
	    < <(golden 1 && golden 5 '.device.serial_port = "/dev/ttyUSB7"')
	[ "$(jq -r .firmware.action <<<"${lines[0]}")" = flash ]
	[ "$(jq -r .firmware.action <<<"${lines[1]}")" = skip ]
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
	[[ $stderr == *"hint: do you mean RPI_PICO"* ]]
	run -2 mpf-resolve --version newest <<<"$(golden 1)"
}

@test "-V prints the version, as --version chooses one" {
	run -0 mpf-resolve -V
	[[ $output == "mpf-resolve "[0-9]* ]]
	run -2 --separate-stderr mpf-resolve --version
	[[ $stderr == *"--version: needs a value"* ]]
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
	[[ ${lines[0]} == DEVICE*BOARD*RUNS*GETS*ACTION*REASON* ]]
	[[ ${lines[1]} == /dev/ttyACM0*RPI_PICO_W*v1.24.1*v1.28.0*flash* ]]
}

@test "twenty thousand records are done by one process" {
	index 420
	yes "$(golden 1)" | head -n 20000 >many
	run -0 sh -c 'mpf-resolve <many | tail -n 1'
	[ "$(field .firmware.version)" = v1.28.0 ]
}
