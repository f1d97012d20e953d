# SPDX-License-Identifier: MIT
# mpf-index: the index, of all boards or of those that there are.
load helper
load fetch

# boards: a site of four boards, one of which has no firmware.
boards() {
	pico_site
	echo '- 20260406 v1.28.0 bin app-bin elf map
SPIRAM 20260406 v1.28.0 bin app-bin
- 20261102 v1.29.0-preview.101.gabcdef0123 bin' | offer ESP32_GENERIC esp32
	echo '- 20260406 v1.28.0 dfu hex' | offer PYBV11 stm32
	offer NO_BUILDS rp2 </dev/null
	list_boards
	serve
}

# refresh [OPTION...]: all boards.
# shellcheck disable=SC2119,SC2120 # run gives it arguments
refresh() { index refresh "$@"; }

# said: how many pages changed, and so on.
said() { grep -o '[0-9]* boards: .*' <<<"$stderr"; }

@test "without records all boards are refreshed, and nothing is written" {
	boards
	run -0 --separate-stderr refresh
	[ -z "$output" ]
	[ "$(said)" = \
		"4 boards: 3 changed, 0 unchanged, 1 without firmware, 0 failed" ]
	[ "$(row 'SELECT board_id, port FROM mpf_page WHERE board_id != ""
		ORDER BY 1' | xargs)" = \
		"ESP32_GENERIC|esp32 PYBV11|stm32 RPI_PICO_W|rp2" ]
	[ "$(row 'SELECT variant, version, build, date, commit_id, ext
		FROM mpf_link WHERE board_id = "ESP32_GENERIC" AND ext != ""
		ORDER BY n' | xargs)" = "|v1.28.0||20260406||bin \
|v1.28.0||20260406||app-bin SPIRAM|v1.28.0||20260406||bin \
SPIRAM|v1.28.0||20260406||app-bin \
|v1.29.0-preview|101|20261102|abcdef0123|bin" ]
	[ -z "$(find "$dir" -mindepth 1 -type d)" ]
}

@test "what did not change costs a question each, and no page" {
	boards
	run -0 --separate-stderr refresh
	: >"$site/.log"
	echo '- 20261120 v1.30.0 dfu hex' | offer PYBV11 stm32
	run -0 --separate-stderr refresh
	[ "$(said)" = \
		"4 boards: 1 changed, 2 unchanged, 1 without firmware, 0 failed" ]
	[ "$(cut -d' ' -f2,3 "$site/.log" | sort | xargs)" = \
		"/download/ 304 /download/ESP32_GENERIC/ 304 \
/download/NO_BUILDS/ 200 /download/PYBV11/ 200 /download/RPI_PICO_W/ 304" ]
	[ "$(row 'SELECT version FROM mpf_link WHERE board_id = "PYBV11" AND
		ext = "dfu"')" = v1.30.0 ]
}

@test "of a page without an ETag its time is asked about" {
	boards
	fault /download/PYBV11/ dated 10
	run -0 --separate-stderr refresh
	run -0 --separate-stderr refresh
	[ "$(grep /PYBV11/ "$site/.log" | cut -d' ' -f3 | xargs)" = "200 304" ]
	fault /download/PYBV11/ dated 11
	echo '- 20261120 v1.30.0 dfu hex' | offer PYBV11 stm32
	run -0 --separate-stderr refresh
	run -0 --separate-stderr refresh
	[ "$(grep /PYBV11/ "$site/.log" | cut -d' ' -f3 | xargs)" = \
		"200 304 200 304" ]
	[ "$(row 'SELECT version FROM mpf_link WHERE board_id = "PYBV11" AND
		ext = "dfu"')" = v1.30.0 ]
}

@test "a board that is new on the list is found, and one that went is kept" {
	boards
	run -0 --separate-stderr refresh
	echo '- 20260406 v1.28.0 uf2' | offer RPI_PICO2 rp2
	rm -r "$site/download/PYBV11"
	list_boards
	run -0 --separate-stderr refresh
	[ "$(said)" = \
		"4 boards: 1 changed, 2 unchanged, 1 without firmware, 0 failed" ]
	[ "$(row 'SELECT count(*) FROM mpf_page WHERE board_id != ""')" = 4 ]
}

@test "with records the pages of their boards are refreshed, and they pass" {
	boards
	{
		choice stable 'del(.firmware)'
		choice stable 'del(.firmware) | .device.id = "t/usb/1-2"'
		echo '{"mpf":1, "device":{"id":"x","mode":"silent"}}'
		echo '{"other": 1.0}'
	} >"$BATS_TEST_TMPDIR/in"
	run -0 --separate-stderr index --keep-order <"$BATS_TEST_TMPDIR/in"
	[ "$output" = "$(cat "$BATS_TEST_TMPDIR/in")" ]
	[ "$(asked /)" = 1 ]
	# With a choice in it, the record says how old the index is.
	run -0 --separate-stderr index <<<"$(choice)"
	[ "$(jq -c .firmware.index <<<"$output")" = "$(jq -cn --arg u \
		"$mirror/download/RPI_PICO_W/" \
		'{source: $u, age_s: 0, stale: false}')" ]
	[ "$(tail -n 1 "$site/.log")" = "GET /download/RPI_PICO_W/ 304" ]
}

@test "in a pipe, mpf-resolve pins from what was just refreshed" {
	boards
	export MPFLASH_FIRMWARE=$dir
	run -0 --separate-stderr refresh
	echo '- 20261120 v1.30.0 uf2' | offer RPI_PICO_W rp2
	run -0 --separate-stderr bash -c 'mpf-index \
		--mirror "$1" | mpf-resolve' - "$mirror" \
		< <(choice stable 'del(.firmware)')
	[ "$(jq -c '.firmware | [.version, .index.stale]' <<<"$output")" = \
		'["v1.30.0",false]' ]
}

@test "a board without a page passes on, and that is said" {
	boards
	run -0 --separate-stderr index \
		<<<"$(choice stable 'del(.firmware) | .board.board_id = "MINE"')"
	[ "$(field .error)" = null ]
	[[ $stderr == *"/download/MINE/: not there (404)"* ]]
	# When there is no board at all, that is not all of them.
	run -1 --separate-stderr index <<<'{"mpf":1,"error":{"stage":"detect","code":"not_found","message":"no board","retry":false}}'
	[ "$(asked /download/)" = 1 ]
}

@test "a page that cannot be had is an error; the old one stays" {
	boards
	run -0 --separate-stderr refresh
	fault /download/PYBV11/ status 500
	run -1 --separate-stderr refresh
	[ "$(said)" = \
		"4 boards: 0 changed, 2 unchanged, 1 without firmware, 1 failed" ]
	[[ $stderr == *"/download/PYBV11/: the server answers 500"* ]]
	[ "$(jq -c '.error | [.stage, .code, .hint]' <<<"$output")" = \
		'["index","network","the lists of their boards stay as they were"]' ]
	[ "$(row 'SELECT count(*) FROM mpf_link WHERE board_id = "PYBV11" AND
		ext != ""')" = 2 ]
	run -1 --separate-stderr index \
		<<<"$(choice stable '.firmware.board_id = "PYBV11"')"
	[ "$(jq -c '.error | [.code, .retry]' <<<"$output")" = \
		'["network",true]' ]
}

@test "without the list nothing is refreshed, and it is an error" {
	boards
	rm "$site/download/index.html"
	run -1 --separate-stderr refresh
	[ "$(jq -c '.error | [.code, .retry]' <<<"$output")" = \
		'["not_found",false]' ]
	[[ $(field .error.message) == "1 page could not be had: "*"(404)" ]]
	[[ $stderr == *"/download/: not there (404)"* ]]
	echo '<html>maintenance' >"$site/download/index.html"
	run -1 --separate-stderr refresh
	[[ $stderr == *"/download/: no boards on the page"* ]]
	mirror=http://127.0.0.1:1
	run -1 --separate-stderr refresh
	[ "$(field .error.code)" = network ]
}

@test "a second mirror stands in where the first has not got it" {
	boards
	run -0 --separate-stderr mpf-index refresh --retries 0 --dir "$dir" \
		--mirror http://127.0.0.1:1 --mirror "$mirror"
	[ "$(said)" = \
		"4 boards: 3 changed, 0 unchanged, 1 without firmware, 0 failed" ]
	mirror=file://$site
	rm -rf "$dir"
	run -0 --separate-stderr refresh
	[ "$(said)" = \
		"4 boards: 3 changed, 0 unchanged, 1 without firmware, 0 failed" ]
}

@test "how many pages are done is told, as JSON or as a bar" {
	boards
	run -0 --separate-stderr refresh --progress json
	grep '^{' <<<"$stderr" >"$BATS_TEST_TMPDIR/events"
	jq -es 'map(select(.event == "progress")) | all(.tool == "index" and
		.step == "refresh" and .unit == "pages" and .total == 4 and
		.device == "all") and
		.[0].done == 0 and .[-1].done == 4' "$BATS_TEST_TMPDIR/events"
	run -0 --separate-stderr refresh
	[ "$stderr" = "mpf-index: $(said)" ]
	run -0 --separate-stderr refresh --progress bar
	[[ $stderr == *"all  refresh    [                    ]   0 %, 0 of 4 pages"* ]]
	[[ $stderr == *$'\e[1A\e[Jmpf-index: 4 boards: '* ]]
	run -0 --separate-stderr refresh --progress none
	[ "$stderr" = "mpf-index: $(said)" ]
}

@test "with records, too, and a message does not get between the bars" {
	boards
	rm -r "$site/download/PYBV11"
	run -0 --separate-stderr index --progress json < <(
		choice
		choice stable '.device.id = "t/usb/1-2" |
			.firmware.board_id = "ESP32_GENERIC"')
	grep '"all"' <<<"$stderr" >"$BATS_TEST_TMPDIR/events"
	jq -es '.[-1] | .step == "refresh" and .done == 2 and .total == 2' \
		"$BATS_TEST_TMPDIR/events"
	echo '<a class="board-card" href="PYBV11">' >>"$site/download/index.html"
	run -1 --separate-stderr refresh --progress bar
	[[ $stderr == *$'\e[1A\e[Jmpf-index: '*'/PYBV11/: not there (404)'* ]]
}

@test "list shows all there is as records, which can be fetched" {
	pico_site
	serve
	run -0 --separate-stderr index list RPI_PICO_W
	[ "${#lines[@]}" -eq 21 ]
	[ "$(jq -c '.firmware | [.version, .file_name, .index.stale]' \
		<<<"${lines[0]}")" = "[\"v1.28.0\",\"$source\",false]" ]
	[ "$(asked /resources/)" = 0 ]
	# Through jq, and back in.
	run -0 --separate-stderr fetch < <(jq -c 'select(.firmware.version == "v1.24.1")' <<<"$output")
	[ "$(field .image.version)" = v1.24.1 ]
	run -0 --separate-stderr index list RPI_PICO_W \
		--version preview --table
	[ "${#lines[@]}" -eq 6 ]
	[[ ${lines[0]} == "BOARD "*" FILE"* ]]
	[[ $output == *v1.29.0-preview* ]]
}

@test "list keeps the page's order, in a pipe and in a table" {
	cd "$BATS_TEST_TMPDIR" || return
	pico_site
	serve
	index list RPI_PICO_W |
		jq -r .firmware.file_name >"$BATS_TEST_TMPDIR/page"
	[ "$(head -1 "$BATS_TEST_TMPDIR/page")" = RPI_PICO_W-20260406-v1.28.0.uf2 ]
	[ "$(tail -1 "$BATS_TEST_TMPDIR/page")" = \
		RPI_PICO_W-20220103-unstable-v1.17-3-g0123456789.uf2 ]
	# From the page that is known, and from two boards at once.
	index list RPI_PICO_W RPI_PICO_W \
		--keep-order | jq -r .firmware.file_name >again
	cmp again <(cat "$BATS_TEST_TMPDIR"/page{,})
	rm -rf "$dir"
	index list RPI_PICO_W --table >table
	cmp "$BATS_TEST_TMPDIR/page" <(awk 'NR > 1 { print $NF }' table)
}

@test "list of one variant alone" {
	site
	printf '%s\n' '- 20260406 v1.28.0 bin' 'SPIRAM 20260406 v1.28.0 bin' \
		'SPIRAM 20240602 v1.24.1 bin' | offer ESP32_GENERIC esp32
	mirror=$site
	list() { index list "$@"; }
	run -0 --separate-stderr list ESP32_GENERIC
	[ "${#lines[@]}" -eq 3 ]
	run -0 --separate-stderr list ESP32_GENERIC --variant SPIRAM
	[ "$(jq -r .firmware.version <<<"$output" | xargs)" = "v1.28.0 v1.24.1" ]
	run -0 --separate-stderr list ESP32_GENERIC --variant -
	[ "$(jq -c '[.firmware.version, .firmware.variant]' <<<"$output")" = \
		'["v1.28.0",null]' ]
	run -1 --separate-stderr list ESP32_GENERIC --variant OTA
	[ "$(field .error.code)" = not_found ]
}

@test "some boards alone are refreshed, by what they are called" {
	boards
	run -0 --separate-stderr refresh RPI_PICO_W ESP32_GENERIC-SPIRAM
	[ "$(said)" = \
		"2 boards: 2 changed, 0 unchanged, 0 without firmware, 0 failed" ]
	[ "$(asked /download/)" = 2 ]
	run -1 --separate-stderr refresh RPI_PICOW
	[[ $stderr == *"/download/RPI_PICOW/: not there (404)"* ]]
	[[ $stderr == *"hint: do you mean --board RPI_PICO or RPI_PICO_W?"* ]]
}

@test "what is known is exported, a record for each page" {
	boards
	run -0 --separate-stderr index export
	[ -z "$output" ]
	run -0 refresh
	: >"$site/.log"
	run -0 --separate-stderr index export
	[ "$(jq -c '[.firmware.board_id, .firmware.port, (.links | length)]' \
		<<<"$output" | xargs -d '\n')" = '["ESP32_GENERIC","esp32",5] ["PYBV11","stm32",2] ["RPI_PICO_W","rp2",21]' ]
	[ "$(jq -r '.links[0]' <<<"${lines[1]}")" = \
		"https://micropython.org/resources/firmware/PYBV11-20260406-v1.28.0.dfu" ]
	run -0 --separate-stderr index export PYBV11
	[ "$(jq -r .firmware.board_id <<<"$output")" = PYBV11 ]
	[ ! -s "$site/.log" ]
}

@test "commands and options that do not fit are refused" {
	boards
	run -2 --separate-stderr index find
	[ "$(field .error.code)" = usage ]
	[[ $(field .error.hint) == "refresh, list or export"* ]]
	run -2 --separate-stderr index list
	[[ $(field .error.hint) == *"list BOARD" ]]
	for with in --offline '--version 1.24.1' '--source x' '--port rp2'; do
		# shellcheck disable=SC2086 # options
		run -2 --separate-stderr refresh $with
		[ "$(field .error.code)" = usage ]
	done
	run -1 --separate-stderr index list '../x'
	[ "$(field .error.code)" = usage ]
}

@test "a signal ends a refresh, and what came is kept" {
	boards
	fault /download/PYBV11/ stall
	mpf-index refresh --mirror "$mirror" --dir "$dir" --json \
		2>"$BATS_TEST_TMPDIR/err" >"$BATS_TEST_TMPDIR/out" 3>&- &
	pid=$!
	three_here() {
		[ "$(row 'SELECT count(*) FROM mpf_page' 2>/dev/null)" = 3 ]
	}
	wait_until three_here
	kill -INT "$pid"
	status=0
	wait "$pid" || status=$?
	[ "$status" -eq 1 ]
	[ "$(jq -r .error.code "$BATS_TEST_TMPDIR/out")" = cancelled ]
	[ "$(row 'SELECT count(*) FROM mpf_page')" = 3 ]
}
