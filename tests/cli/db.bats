# SPDX-License-Identifier: MIT
#
# mpf-db: what it finds, and what it takes away.
load helper
load ledger

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export MPF_LOCKS=$PWD MPF_SYSROOT=$PWD/root MPFLASH_FIRMWARE=$PWD/fw
	export MPF_HOST=bench
	mkdir -p root/sys/bus/usb/devices fw
}

# all JQ: that of each line of $output, in one line.
all() { jq -r "$1" <<<"$output" | xargs; }

@test "list shows the files, and the boards with what they run" {
	known
	known '.board.uid = "aa" | .firmware.board_id = "RPI_PICO"'
	custom RPI_PICO_W v1.28.0 mine.uf2
	run -0 --separate-stderr mpf-db list
	[ "$(all '[.database.kind, .firmware.board_id, .firmware.custom]
	    | join(" ")')" = "firmware RPI_PICO_W true" ]
	[[ $(field .firmware.sha256) =~ ^[0-9a-f]{64}$ ]]
	[ "$(field .database.size_bytes)" = "$(stat -c %s mine.uf2)" ]
	[ -e "fw/$(field .database.file)" ]
	run -0 --separate-stderr mpf-db list boards
	[ "$(all '[.board.uid, .board.board_id, .board.version,
	    .database.place, .database.flashed_at] | join(" ")')" = \
	    "aa RPI_PICO v1.28.0 bench/usb/1-1.2 2026-11-20T12:00:00Z e6614c311b5a6b2c RPI_PICO_W v1.28.0 bench/usb/1-1.2 2026-11-20T12:00:00Z" ]
	run -0 mpf-db list boards --board 'RPI_PICO'
	[ "$(all .board.uid)" = aa ]
	run -0 mpf-db list boards --port esp32
	[ -z "$output" ]
	run -0 mpf-db list boards --custom
	[ -z "$output" ]
	run -0 mpf-db list boards --limit 1
	[ "${#lines[@]}" = 1 ]
	run -2 --separate-stderr mpf-db list nonsense
	[[ $stderr == *"list nonsense: not firmware, boards or queue"* ]]
}

@test "search finds boards, files, events and definitions by their words" {
	known '.board.uid = "e66aa"'
	custom RPI_PICO_W v1.28.0 zebra.uf2
	run -0 mpf-db search rpi_pico_w v1.28
	[ "$(all .database.kind)" = "board firmware event" ]
	run -0 mpf-db search E66AA
	[ "$(all .database.kind)" = "board event" ]
	run -0 mpf-db search 'e66*' 'pico*'
	[ "$(all .database.kind)" = "board event" ]
	run -0 mpf-db search zebra
	[ "$(all .database.kind)" = firmware ]
	run -0 mpf-db search pimoroni lipo 16mb
	[ "$(all .database.kind | tr ' ' '\n' | sort -u)" = definition ]
	# What is a word of FTS5 or of SQL is a word here.
	for words in 'AND' 'NEAR(a' '"' "';DROP" '*' '-' 'words:x' '^a'; do
		run -"$([[ $words =~ [A-Za-z] ]] && echo 0 || echo 2)" \
			mpf-db search -- "$words"
	done
	run -2 --separate-stderr mpf-db search
	[[ $stderr == *"search: too few words"* ]]
}

@test "what mpflash put there itself is found, too" {
	known
	sql "INSERT INTO $theirs VALUES ('ESP32_GENERIC-SPIRAM', 'v1.24.1',
	    'esp32\\GENERIC-v1.24.1.bin', 'esp32', '', 'https://x/quagga',
	    0, 0, NULL)"
	for words in quagga 'generic-v1.24*' 'QUAGGA v1.24.1'; do
		# shellcheck disable=SC2086 # words
		run -0 mpf-db search $words
		[ "$(all .database.file)" = esp32/GENERIC-v1.24.1.bin ]
	done
	run -0 mpf-db list --port esp32
	[ "$(field '.firmware | .board_id + " " + .variant')" = \
	    "ESP32_GENERIC SPIRAM" ]
	sql "DELETE FROM firmwares"
	run -0 mpf-db search quagga
	[ -z "$output" ]
}

@test "show knows a board, a digest, a file, a BOARD and a place" {
	known
	custom RPI_PICO_W v1.28.0 mine.uf2
	for name in e6614c311b5a6b2c 9f86d08 bench/usb/1-1.2; do
		run -0 mpf-db show "$name"
		[ "$(all .database.kind)" = "board event" ]
	done
	run -0 mpf-db show RPI_PICO_W
	[ "$(all .database.kind)" = "board event firmware" ]
	file=$(mpf-db list | jq -r .database.file)
	for name in "$file" "${file##*/}"; do
		run -0 mpf-db show "$name"
		[ "$(field .database.file)" = "$file" ]
	done
	run -1 --separate-stderr mpf-db show nowhere
	[ "$(field .error.code)" = not_found ]
	[[ $(field .error.hint) == *"mpf-db search"* ]]
}

@test "the history says who, where, from what to what, and how long" {
	known
	sed -n 8p "$BATS_TEST_DIRNAME/../data/golden.ndjson" |
	    jq -c '.error.stage = "flash" | .flash = {method: "esp",
	        state: "unknown", attempts: 2, took_ms: 7}' |
	    { mpf-record >>recorded || true; }
	run -0 mpf-db history
	[ "$(command jq -c '.event | del(.at, .id, .sha256, .user, .place)' \
	    <<<"${lines[0]}")" = '{"what":"flashed","uid":"e6614c311b5a6b2c","host":"bench","port":"rp2","board_id":"RPI_PICO_W","version_before":"v1.24.1","version":"v1.28.0","file_name":"RPI_PICO_W-v1.28.0.uf2","method":"picoboot","state":"running","attempts":1,"took_ms":5210,"stages":{"flash":5210}}' ]
	[ "$(jq -r .event.user <<<"${lines[0]}")" = "$(id -un)" ]
	[ "$(jq -r '.event | [.what, .stage, .error_code, .method, .attempts,
	    .version_before] | join(" ")' <<<"${lines[1]}")" = \
	    "failed flash ambiguous esp 2 v1.22.2" ]
	run -0 mpf-db history e6614c311b5a6b2c
	[ "$(all .event.what)" = flashed ]
	run -0 mpf-db history bench/usb/1-4
	[ "$(all .event.what)" = failed ]
	run -0 mpf-db history --what failed
	[ "$(all .event.what)" = failed ]
	run -0 mpf-db history --until 2026-11-21
	[ "$(all .event.what)" = flashed ]
	run -0 mpf-db history --since 2026-11-21
	[ "$(all .event.what)" = failed ]
	run -0 mpf-db history --board 'RPI*' --limit 1
	[ "$(all .event.what)" = flashed ]
	run -1 mpf-db history nobody
	run -2 --separate-stderr mpf-db history --since yesterday
	[[ $stderr == *"--since yesterday: not a time in UTC"* ]]
	run -0 mpf-db --table history
	[[ ${lines[1]} == *"v1.24.1 → v1.28.0"* ]]
}

@test "history verify proves that no row was changed" {
	known
	known '.board.uid = "aa"'
	run -0 mpf-db history verify
	[ "$(field .database.rows)" = 2 ]
	head=$(field .database.head)
	known '.board.uid = "bb"'
	run -0 mpf-db history verify --head "$head"
	[ "$(field .database.rows)" = 3 ]
	run -1 --separate-stderr mpf-db history verify --head "${head//[0-9]/0}"
	[ "$(field .error.code)" = verify ]
	[[ $(field .error.message) == *"does not hold the head"* ]]
	run -2 mpf-db history verify --head x
	run -19 sql "UPDATE mpf_event SET version = 'v9' WHERE id = 2"
	[[ $output == *"the history can only be added to"* ]]
	sql "DROP TRIGGER mpf_event_kept;
	    UPDATE mpf_event SET version = 'v9' WHERE id = 2"
	run -1 --separate-stderr mpf-db history verify
	[ "$(field .database.row)" = 2 ]
	[[ $(field .error.message) == "the history is broken at row 2: "* ]]
}

@test "stats counts what was done at once, and in the end" {
	known
	fail='.error = {stage: "flash", code: "verify", message: "x",
	    retry: false} | .flash.state = "unknown"'
	flashed ".board.uid = \"aa\" | $fail" |
	    { mpf-record >>recorded || true; }
	known '.board.uid = "aa"'
	run -0 mpf-db stats
	[ "$(field '.statistics | [.port, .board_id, .method, .host,
	    .installations, .attempts, .first_pass, .final] | join(" ")')" = \
	    "rp2 RPI_PICO_W picoboot bench 2 3 1 2" ]
	run -0 mpf-db --table stats
	[[ ${lines[1]} == *"2              3         50.0 %   100.0 %"* ]]
	run -0 mpf-db stats --since 2100-01-01
	[ -z "$output" ]
}

@test "outdated compares boards with the newest that is known" {
	known '.board.version = "v1.24.1" | .flash.version_after = "v1.24.1" |
	    .firmware.version = "v1.24.1" | .image.version = "v1.24.1"'
	run -0 mpf-db outdated
	[ "$(field .database.state)" = unknown ]
	sql "INSERT INTO mpf_page VALUES (1, 'https://m/RPI_PICO_W/',
	        'RPI_PICO_W', 'rp2', 1, NULL, NULL);
	    INSERT INTO mpf_link VALUES (1, 0, 'RPI_PICO_W', '', 'v1.28.0',
	        NULL, NULL, '20260406', 'uf2', 'https://m/a.uf2', NULL),
	        (1, 1, 'RPI_PICO_W', '', 'v1.29.0-preview', 7, NULL,
	        '20260506', 'uf2', 'https://m/b.uf2', NULL),
	        (1, 2, 'RPI_PICO_W', 'OTHER', 'v1.99.0', NULL, NULL,
	        '20260506', 'uf2', 'https://m/c.uf2', NULL)"
	run -1 --separate-stderr mpf-db outdated
	[ "$(jq -r '.database | .state + " " + .newest' <<<"${lines[0]}")" = \
	    "behind v1.28.0" ]
	[ "$(jq -r .error.message <<<"${lines[1]}")" = \
	    "1 of 1 boards run older firmware than there is" ]
	known
	run -0 mpf-db outdated
	[ "$(field .database.state)" = current ]
	# A preview is compared with previews.
	known '.board.version = "v1.29.0-preview" | .board.build = 6 |
	    .flash.version_after = "v1.29.0-preview" |
	    .firmware.version = "v1.29.0-preview" |
	    .image.version = "v1.29.0-preview"'
	run -1 --separate-stderr mpf-db outdated --board RPI_PICO_W
	[ "$(jq -r '.database.newest_build' <<<"${lines[0]}")" = 7 ]
	run -0 mpf-db outdated --port esp32
	[ -z "$output" ]
}

@test "check finds files that are gone or changed, and what is damaged" {
	known
	custom RPI_PICO_W v1.28.0 mine.uf2
	custom RPI_PICO_W v1.27.0 other.uf2
	run -0 mpf-db check
	[ "$(all '.database | .kind + " " + .state')" = "check sound" ]
	mapfile -t files < <(mpf-db list | jq -r .database.file)
	rm "fw/${files[0]}"
	echo x >>"fw/${files[1]}"
	sql "INSERT INTO mpf_queue VALUES ('zz', 'now', 'x')"
	run -1 --separate-stderr mpf-db check
	[ "$(all '[.database.state, .error.code // empty] | join(" ")')" = \
	    "damaged input missing not_found differs verify damaged" ]
	[ "$(jq -r .database.problems <<<"${lines[-1]}")" = 3 ]
	[[ $stderr == *"queued for a board that is not known: zz"* ]]
	sql "DROP TRIGGER mpf_event_whole; DELETE FROM mpf_event"
	run -1 --separate-stderr mpf-db check
	[[ $stderr == *"the history is broken at row 1: rows at the end are missing"* ]]
}

@test "remove takes a row, and with --files its file" {
	known
	custom RPI_PICO_W v1.28.0 mine.uf2
	custom RPI_PICO_W v1.27.0 other.uf2
	mapfile -t files < <(mpf-db list | jq -r .database.file)
	run -1 --separate-stderr mpf-db remove RPI_PICO_W
	[ "$(field .error.code)" = ambiguous ]
	run -0 mpf-db remove --dry-run "${files[0]}"
	[ "$(mpf-db list | wc -l)" = 2 ]
	run -0 mpf-db remove "${files[0]}"
	[ "$(field '.database | .state + " " + .file')" = \
	    "removed ${files[0]}" ]
	[ -e "fw/${files[0]}" ]
	run -1 --separate-stderr mpf-db remove --files "${files[1]}" nowhere
	[ ! -e "fw/${files[1]}" ]
	[ "$(jq -r .error.code <<<"${lines[1]}")" = not_found ]
	run -0 mpf-db list
	[ -z "$output" ]
	run -0 mpf-db search mine
	[ "$(all .event.what)" = removed ]
	run -0 mpf-db remove e6614c311b5a6b2c
	run -0 mpf-db list boards
	[ -z "$output" ]
	run -0 mpf-db history --what removed
	[ "${#lines[@]}" = 3 ]
	run -0 mpf-db check
}

@test "prune takes rows without files, and old files" {
	known
	for v in 1.25.0 1.26.0 1.27.0 1.28.0; do
		custom RPI_PICO_W v$v "$v.uf2"
	done
	sql 'UPDATE mpf_file SET custom = 0; DELETE FROM mpf_custom'
	sha=$(sha256sum <1.25.0.uf2)
	sql "UPDATE mpf_device SET sha256 = '${sha%% *}'"
	rm "fw/$(mpf-db list | jq -r 'select(.firmware.version == "v1.27.0")
	    .database.file')"
	run -0 mpf-db prune --dry-run --keep 1
	[ "$(mpf-db list | wc -l)" = 4 ]
	run -0 mpf-db prune
	[ "$(all .firmware.version)" = v1.27.0 ]
	run -0 mpf-db prune --keep 1
	[ "$(all .firmware.version)" = v1.26.0 ]
	[ "$(find fw -name '*.uf2' | wc -l)" = 2 ]
	run -0 mpf-db list
	[ "$(all .firmware.version | tr ' ' '\n' | sort | xargs)" = \
	    "v1.25.0 v1.28.0" ]
}

@test "a database that may only be read answers, and is not written to" {
	open_dir
	known
	mv fw "$open/fw"
	chmod 555 "$open/fw" && chmod 444 "$open"/fw/*
	for command in list "list boards" "search pico" history \
	    "history verify" stats outdated check; do
		# shellcheck disable=SC2086 # words
		run -0 --separate-stderr as_nobody mpf-db -d "$open/fw" $command
	done
	run -2 --separate-stderr as_nobody mpf-db -d "$open/fw" prune
	[[ $stderr == *"nothing is kept there"* ]]
	mv "$open/fw" fw
}

@test "without a database each command says so, and makes none" {
	run -2 --separate-stderr mpf-db list
	[[ $stderr == *"no database here"* ]]
	run -2 --separate-stderr mpf-db
	[[ $stderr == *"no command"* ]]
	run -2 --separate-stderr mpf-db dance
	[[ $stderr == *"dance: not a command of mpf-db"* ]]
	run -2 --separate-stderr mpf-db stats now
	[[ $stderr == *"now: one word too many for stats"* ]]
	[ ! -e fw/mpflash.db ]
}

@test "rows that mean harm do none" {
	known
	long=$(printf 'x%.0s' {1..5000})
	sql "INSERT INTO $theirs VALUES
	    ('../../x', 'unknown', '../../outside.uf2', '; rm -rf',
	        char(27) || '[31mred', 'file:///etc/passwd', 0, 1, NULL),
	    ('B', 'v1', '/etc/passwd', 'rp2', '', '', -5, 0, NULL),
	    ('C' || char(10), '$long', 'a//b', '', '', '', 0, 0, NULL),
	    ('D', 'v1.0', 'ok/' || x'ff', 'rp2', x'c328', '', 0, 0, NULL),
	    ('', '', '', '', '', '', 0, 0, '');
	    INSERT INTO mpf_device (uid, custom, version, board_id, toml)
	        VALUES (char(27) || ']0;t' || char(7), 7, '{\"a\":', 'A B',
	        '[')"
	echo precious >outside.uf2
	run -0 --separate-stderr mpf-db list
	[ "$(jq -r .mpf <<<"$output" | wc -l)" = 5 ]
	[ "$(jq -r '.database.odd // empty | .[]' <<<"$output" |
	    grep -c 'firmware.version: unknown')" = 1 ]
	run -0 mpf-db list boards
	run -0 mpf-db --table list
	[[ $output != *$'\e'* ]]
	run -0 mpf-db --table list boards
	[[ $output != *$'\e'* && $output != *$'\a'* ]]
	run -1 --separate-stderr mpf-db check
	[[ $output != *"root:"* ]]
	run -1 --separate-stderr mpf-db remove --files ../../outside.uf2
	run -0 mpf-db search red
	run -0 mpf-db outdated
	[ "$(cat outside.uf2)" = precious ]
	[ -e /etc/passwd ]
}

@test "a folder of the store that is a link out of it is not followed" {
	known
	custom RPI_PICO_W v1.28.0 mine.uf2
	file=$(mpf-db list | jq -r .database.file)
	mv fw/rp2 elsewhere
	ln -s ../elsewhere fw/rp2
	run -1 --separate-stderr mpf-db check
	[ "$(jq -r .database.state <<<"${lines[0]}")" = elsewhere ]
	run -1 --separate-stderr mpf-db remove --files "$file"
	[[ $stderr == *"not in the firmware folder"* ]]
	[ -n "$(ls elsewhere)" ]
	# The store itself may be a link.
	rm fw/rp2
	mv elsewhere fw/rp2
	mv fw real
	ln -s real fw
	run -0 mpf-db check
}

@test "the views are there for other programs" {
	known
	custom RPI_PICO_W v1.28.0 mine.uf2
	run -0 /usr/bin/python3 - <<-'END'
		import sqlite3
		db = sqlite3.connect("file:fw/mpflash.db?mode=ro", uri=True)
		for view in ("boards", "firmwares", "history",
		             "installations", "definitions"):
		    rows = db.execute("SELECT * FROM mpf_view_" + view)
		    print(view, len(rows.fetchall()) > 0)
		print(db.execute("SELECT what, length(chain) FROM "
		                 "mpf_view_history").fetchall())
	END
	[ "$output" = "boards True
firmwares True
history True
installations True
definitions True
[('flashed', 64)]" ]
	run -1 sql "DELETE FROM mpf_view_boards"
	[[ $output == *"cannot modify"* ]]
}
