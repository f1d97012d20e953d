# SPDX-License-Identifier: MIT
# mpf-fetch --refresh: the index, of all boards or of those that there are.
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

# refresh [OPTION...] <RECORDS
refresh() { fetch --refresh "$@"; }

# said: how many pages changed, and so on.
said() { grep -o '[0-9]* boards: .*' <<<"$stderr"; }

@test "without records all boards are refreshed, and nothing is written" {
	boards
	run -0 --separate-stderr refresh </dev/null
	[ -z "$output" ]
	[ "$(said)" = \
		"4 boards: 3 changed, 0 unchanged, 1 without firmware, 0 failed" ]
	[ "$(row 'SELECT board_id, port FROM mpf_page WHERE board_id != ""
		ORDER BY 1' | xargs)" = \
		"ESP32_GENERIC|esp32 PYBV11|stm32 RPI_PICO_W|rp2" ]
	[ "$(row 'SELECT variant, version, build, date, commit_id, ext
		FROM mpf_link WHERE board_id = "ESP32_GENERIC" AND ext != ""
		ORDER BY n' | xargs)" = "|v1.28.0||20260406||bin \
SPIRAM|v1.28.0||20260406||bin \
|v1.29.0-preview|101|20261102|abcdef0123|bin" ]
	[ -z "$(find "$dir" -mindepth 1 -type d)" ]
}

@test "what did not change costs a question each, and no page" {
	boards
	run -0 --separate-stderr refresh </dev/null
	: >"$site/.log"
	echo '- 20261120 v1.30.0 dfu hex' | offer PYBV11 stm32
	run -0 --separate-stderr refresh </dev/null
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
	run -0 --separate-stderr refresh </dev/null
	run -0 --separate-stderr refresh </dev/null
	[ "$(grep /PYBV11/ "$site/.log" | cut -d' ' -f3 | xargs)" = "200 304" ]
	fault /download/PYBV11/ dated 11
	echo '- 20261120 v1.30.0 dfu hex' | offer PYBV11 stm32
	run -0 --separate-stderr refresh </dev/null
	run -0 --separate-stderr refresh </dev/null
	[ "$(grep /PYBV11/ "$site/.log" | cut -d' ' -f3 | xargs)" = \
		"200 304 200 304" ]
	[ "$(row 'SELECT version FROM mpf_link WHERE board_id = "PYBV11" AND
		ext = "dfu"')" = v1.30.0 ]
}

@test "a board that is new on the list is found, and one that went is kept" {
	boards
	run -0 --separate-stderr refresh </dev/null
	echo '- 20260406 v1.28.0 uf2' | offer RPI_PICO2 rp2
	rm -r "$site/download/PYBV11"
	list_boards
	run -0 --separate-stderr refresh </dev/null
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
	run -0 --separate-stderr refresh --keep-order <"$BATS_TEST_TMPDIR/in"
	[ "$output" = "$(cat "$BATS_TEST_TMPDIR/in")" ]
	[ "$(asked /)" = 1 ]
	# With a choice in it, the record says how old the index is.
	run -0 --separate-stderr refresh <<<"$(choice)"
	[ "$(jq -c .firmware.index <<<"$output")" = "$(jq -cn --arg u \
		"$mirror/download/RPI_PICO_W/" \
		'{source: $u, age_s: 0, stale: false}')" ]
	[ "$(tail -n 1 "$site/.log")" = "GET /download/RPI_PICO_W/ 304" ]
}

@test "in a pipe, mpf-resolve pins from what was just refreshed" {
	boards
	export MPFLASH_FIRMWARE=$dir
	run -0 --separate-stderr refresh </dev/null
	echo '- 20261120 v1.30.0 uf2' | offer RPI_PICO_W rp2
	run -0 --separate-stderr bash -c 'mpf-fetch --refresh \
		--mirror "$1" | mpf-resolve' - "$mirror" \
		< <(choice stable 'del(.firmware)')
	[ "$(jq -c '.firmware | [.version, .index.stale]' <<<"$output")" = \
		'["v1.30.0",false]' ]
}

@test "a board without a page passes on, and that is said" {
	boards
	run -0 --separate-stderr refresh \
		<<<"$(choice stable 'del(.firmware) | .board.board_id = "MINE"')"
	[ "$(field .error)" = null ]
	[[ $stderr == *"/download/MINE/: not there (404)"* ]]
	# When there is no board at all, that is not all of them.
	run -1 --separate-stderr refresh <<<'{"mpf":1,"error":{"stage":"detect","code":"not_found","message":"no board","retry":false}}'
	[ "$(asked /download/)" = 1 ]
}

@test "a page that cannot be had is an error; the old one stays" {
	boards
	run -0 --separate-stderr refresh </dev/null
	fault /download/PYBV11/ status 500
	run -1 --separate-stderr refresh </dev/null
	[ "$(said)" = \
		"4 boards: 0 changed, 2 unchanged, 1 without firmware, 1 failed" ]
	[[ $stderr == *"/download/PYBV11/: the server answers 500"* ]]
	[ "$(jq -c '.error | [.stage, .code, .hint]' <<<"$output")" = \
		'["fetch","network","what was known of their boards before stays"]' ]
	[ "$(row 'SELECT count(*) FROM mpf_link WHERE board_id = "PYBV11" AND
		ext != ""')" = 2 ]
	run -1 --separate-stderr refresh \
		<<<"$(choice stable '.firmware.board_id = "PYBV11"')"
	[ "$(jq -c '.error | [.code, .retry]' <<<"$output")" = \
		'["network",true]' ]
}

@test "without the list nothing is refreshed, and it is an error" {
	boards
	rm "$site/download/index.html"
	run -1 --separate-stderr refresh </dev/null
	[ "$(jq -c '.error | [.code, .retry]' <<<"$output")" = \
		'["not_found",false]' ]
	[[ $(field .error.message) == "1 page could not be had: "*"(404)" ]]
	[[ $stderr == *"/download/: not there (404)"* ]]
	echo '<html>maintenance' >"$site/download/index.html"
	run -1 --separate-stderr refresh </dev/null
	[[ $stderr == *"/download/: no boards on the page"* ]]
	mirror=http://127.0.0.1:1
	run -1 --separate-stderr refresh </dev/null
	[ "$(field .error.code)" = network ]
}

@test "a second mirror stands in where the first has not got it" {
	boards
	run -0 --separate-stderr mpf-fetch --refresh --retries 0 --dir "$dir" \
		--mirror http://127.0.0.1:1 --mirror "$mirror" </dev/null
	[ "$(said)" = \
		"4 boards: 3 changed, 0 unchanged, 1 without firmware, 0 failed" ]
	mirror=file://$site
	rm -rf "$dir"
	run -0 --separate-stderr refresh </dev/null
	[ "$(said)" = \
		"4 boards: 3 changed, 0 unchanged, 1 without firmware, 0 failed" ]
}

@test "how many pages are done is told, as JSON or as a bar" {
	boards
	run -0 --separate-stderr refresh --progress json </dev/null
	grep '^{' <<<"$stderr" >"$BATS_TEST_TMPDIR/events"
	jq -es 'map(select(.event == "progress")) | all(.tool == "fetch" and
		.step == "refresh" and .unit == "pages" and .total == 4 and
		.device == "all") and
		.[0].done == 0 and .[-1].done == 4' "$BATS_TEST_TMPDIR/events"
	run -0 --separate-stderr refresh </dev/null
	[ "$stderr" = "mpf-fetch: $(said)" ]
	run -0 --separate-stderr refresh --progress bar </dev/null
	[[ $stderr == *"all  refresh    [                    ]   0 %, 0 of 4 pages"* ]]
	[[ $stderr == *$'\e[1A\e[Jmpf-fetch: 4 boards: '* ]]
	run -0 --separate-stderr refresh --progress none </dev/null
	[ "$stderr" = "mpf-fetch: $(said)" ]
}

@test "with records, too, and a message does not get between the bars" {
	boards
	rm -r "$site/download/PYBV11"
	run -0 --separate-stderr refresh --progress json < <(
		choice
		choice stable '.device.id = "t/usb/1-2" |
			.firmware.board_id = "ESP32_GENERIC"')
	grep '"all"' <<<"$stderr" >"$BATS_TEST_TMPDIR/events"
	jq -es '.[-1] | .step == "refresh" and .done == 2 and .total == 2' \
		"$BATS_TEST_TMPDIR/events"
	echo '<a class="board-card" href="PYBV11">' >>"$site/download/index.html"
	run -1 --separate-stderr refresh --progress bar </dev/null
	[[ $stderr == *$'\e[1A\e[Jmpf-fetch: '*'/PYBV11/: not there (404)'* ]]
}

@test "refresh says what it does not go with" {
	boards
	for with in --offline --locked '--list --board X' '--source x'; do
		# shellcheck disable=SC2086 # options
		run -2 --separate-stderr refresh $with </dev/null
		[ "$(field .error.code)" = usage ]
	done
	run -0 --separate-stderr refresh --board RPI_PICO_W
	[ "$(jq -c .firmware.index.stale <<<"$output")" = false ]
}

@test "a terminal brings no records: all boards" {
	command -v script >/dev/null || skip "no script"
	boards
	script -qec "mpf-fetch --refresh --mirror $mirror --dir $dir --json" \
		/dev/null >"$BATS_TEST_TMPDIR/out" 3>&-
	grep -q '4 boards: 3 changed' "$BATS_TEST_TMPDIR/out"
}
