# SPDX-License-Identifier: MIT
load helper
load ledger

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export MPF_LOCKS=$PWD MPF_SYSROOT=$PWD/root MPFLASH_FIRMWARE=$PWD/fw
	mkdir -p root/sys/bus/usb/devices fw
}

# skipped [JQ]: the golden record of a board that needs no flashing.
skipped() {
	sed -n 5p "$BATS_TEST_DIRNAME/../data/golden.ndjson" |
	    jq -c "${1:-.}"
}

@test "the row of a board that was flashed says with what and when" {
	run -0 --separate-stderr mpf-record --no-board <<<"$(flashed)"
	[ "$(field .record.database)" = written ]
	[ "$(field .record.toml)" = queued ]
	[[ "$(field .record.at)" == 20*T*Z ]]
	[ -z "$stderr" ]
	[ "$(sql 'SELECT uid, device_id, port, board_id, version, file_name,
	    substr(sha256, 1, 8), flashed_at FROM mpf_device')" = \
	    "e6614c311b5a6b2c|bench/usb/1-1.2|rp2|RPI_PICO_W|v1.28.0|RPI_PICO_W-v1.28.0.uf2|9f86d081|2026-11-20T12:00:00Z" ]
	[ "$(sql 'SELECT what, version, at FROM mpf_event')" = \
	    "flashed|v1.28.0|2026-11-20T12:00:00Z" ]

	run -0 mpf-record --no-board <<<"$(flashed)"
	[ "$(field .record.database)" = unchanged ]
	[ "$(sql 'SELECT count(*) FROM mpf_event')" = 1 ]
}

@test "a board that was skipped is written down, with no date made up" {
	run -0 mpf-record --no-board <<<"$(skipped)"
	[ "$(field .record.database)" = written ]
	[ "$(sql 'SELECT board_id, version, flashed_at FROM mpf_device')" = \
	    "RPI_PICO|v1.28.0|" ]
	[ "$(sql 'SELECT what FROM mpf_event')" = recorded ]
}

@test "what the board's own file says of the flashing goes into the row" {
	run -0 mpf-record <<<"$(skipped '.board.record = {
	    firmware: {board_id: "RPI_PICO", port: "rp2", version: "v1.28.0",
	        custom: false, flash_date: "2026-01-02T03:04:05Z"},
	    source: {type: "http", url: "https://x/y.uf2",
	        hash: "sha256:00ff"}}')"
	[ "$(field .record.toml)" = unchanged ]
	[ "$(sql 'SELECT source, sha256, flashed_at FROM mpf_device')" = \
	    "https://x/y.uf2|00ff|2026-01-02T03:04:05Z" ]
}

@test "a failure stays as it came, and becomes part of the history" {
	sed -n 8,9p "$BATS_TEST_DIRNAME/../data/golden.ndjson" >in
	run -1 --separate-stderr mpf-record --keep-order <in
	[ "$output" = "$(cat in)" ]
	[ -z "$stderr" ]
	[ "$(sql 'SELECT device_id, what, error_code FROM mpf_event')" = \
	    "bench/usb/1-4|failed|ambiguous" ]
}

@test "without a device there is no history, and no database" {
	sed -n 9p "$BATS_TEST_DIRNAME/../data/golden.ndjson" >in
	run -1 mpf-record <in
	[ "$output" = "$(cat in)" ]
	[ ! -e fw/mpflash.db ]
}

@test "what is not to be written down leaves byte for byte" {
	{
		sed -n '1,4p;6p' "$BATS_TEST_DIRNAME/../data/golden.ndjson"
		flashed '.flash.dry_run = true'
		flashed 'del(.flash)'
		echo '{ "mpf": 1, "device": {"id": "x", "mode": "foreign"}, "firmware": {"action": "skip"} }'
		echo '[ 1 ]'
	} >in
	run -0 --separate-stderr mpf-record --keep-order <in
	[ "$output" = "$(cat in)" ]
	[ -z "$stderr" ]
	[ ! -e fw/mpflash.db ]
}

@test "a digest is written down only if the board is known to run it" {
	local what
	for what in '.flash.verified = ["digest"]' 'del(.flash.state)' \
	    '.flash.state = "unknown"' '.flash.version_after = "v1.27.0"' \
	    '.firmware.version = "v1.27.0"' 'del(.flash.version_after)'; do
		run -1 --separate-stderr mpf-record <<<"$(flashed "$what")"
		[ "$(field .error.code)" = input ]
		[ "$(field .record)" = null ]
		[[ $stderr == *"flashed, but the record does not say that the board runs it"* ]]
	done
	[ "$(sql 'SELECT count(*) FROM mpf_device')" = 0 ]
	[ "$(sql "SELECT count(*) FROM mpf_event WHERE what != 'failed'")" = 0 ]
}

@test "a board that is gone is an error, and has no row" {
	run -1 --separate-stderr mpf-record <<<"$(flashed)"
	[ "$(field .error.stage)" = record ]
	[ "$(field .error.code)" = not_found ]
	[ "$(field .error.retry)" = true ]
	[ "$(field .record)" = null ]
	[[ $stderr == "mpf-record: /dev/ttyACM0: nothing is plugged in"* ]]
	[ "$(sql 'SELECT count(*) FROM mpf_device')" = 0 ]
	[ "$(sql 'SELECT what, error_code FROM mpf_event')" = \
	    "failed|not_found" ]
}

@test "a board that somebody else holds is busy" {
	run -1 mpf-record <<<"$(flashed)"	# makes the file of the lock
	exec 8<>"$(ls ./*.lock)"
	flock 8
	run -1 --separate-stderr mpf-record --timeout 50ms <<<"$(flashed)"
	[ "$(field .error.code)" = busy ]
}

@test "without a database the board's record says so, and the next is done" {
	run -1 --separate-stderr mpf-record --no-board -d /dev/null/x \
	    < <(flashed; skipped)
	[ "$(jq -sc 'map(.error.code)' <<<"$output")" = '["io","io"]' ]
	[[ "$(jq -r .error.message <<<"${lines[0]}")" == \
	    "not in the database: /dev/null/x"* ]]
	[[ "$(jq -r .error.hint <<<"${lines[0]}")" == *--dir* ]]
}

@test "a failure that cannot be noted does not hide the failure" {
	sed -n 8p "$BATS_TEST_DIRNAME/../data/golden.ndjson" >in
	run -1 --separate-stderr mpf-record -d /dev/null/x <in
	[ "$output" = "$(cat in)" ]
	[[ $stderr == *"the failure is not in the history: /dev/null/x"* ]]
}

@test "a database that cannot be written is told, per record" {
	open_dir
	mpf-record --no-board <<<"$(flashed)"
	mv fw "$open/fw"
	chmod 555 "$open/fw" && chmod 444 "$open"/fw/*
	run -1 --separate-stderr as_nobody mpf-record --no-board \
	    -d "$open/fw" <<<"$(flashed; skipped)"
	mv "$open/fw" fw
	[ "$(jq -sc 'map(.error.code)' <<<"$output")" = \
	    '["permission","permission"]' ]
	chmod 755 fw
	[ "$(sql 'SELECT count(*) FROM mpf_device')" = 1 ]
}

@test "one of the two may be left out, but not both" {
	run -2 --separate-stderr mpf-record --no-board --no-database </dev/null
	[[ $stderr == *"leave nothing to do"* ]]
}

# current: a skipped board whose own file says all that there is to say.
current() {
	skipped '.board.record = {firmware: {board_id: "RPI_PICO",
	    port: "rp2", version: "v1.28.0", custom: false}} |
	    '"${1:-.}"
}

# As a user who may have one process, and no more.
alone() {
	ulimit -u 1
	nobody=64117 as_nobody mpf-record --json --dir "$open/fw" <in
}

@test "no process is made for a board on which nothing is to be done" {
	[ -z "${MPF_TEST_SANITIZED:-}" ] ||
		skip "LeakSanitizer looks from a process of its own"
	open_dir
	mkdir "$open/fw"
	chown 64117 "$open/fw"
	current >in
	run -0 --separate-stderr alone
	rm -rf "$open"
	[ "$(field '.record | [.toml, .database] | join(" ")')" = \
	    "unchanged written" ]
}

# with_trigger SQL: three records, and what the database does at the second.
with_trigger() {
	mpf-record <<<"$(current)" >/dev/null
	sql "CREATE TRIGGER t BEFORE INSERT ON mpf_event WHEN new.uid = 'e2'
	    BEGIN SELECT RAISE($1); END"
	for uid in e1 e2 e3; do
		current ".board.uid = \"$uid\" | .device.id += \"$uid\""
	done >in
	run -1 --separate-stderr mpf-record --keep-order <in
	[ "${#lines[@]}" -eq 3 ]
	[ "$(jq -r .error.message <<<"${lines[1]}")" = "$2" ]
}

@test "what the database refuses spoils no other record of its group" {
	with_trigger "FAIL, 'no e2'" "on the board, but not in the database: \
$PWD/fw/mpflash.db: no e2"
	[ "$(jq -r '.record.database' <<<"$output" | xargs)" = \
	    "written null written" ]
	[ "$(sql "SELECT group_concat(uid) FROM mpf_device WHERE uid LIKE
	    'e_'")" = e1,e3 ]
}

@test "no record says it is in the database before that is sure" {
	with_trigger "ROLLBACK, 'all lost'" "on the board, but not in the \
database: $PWD/fw/mpflash.db: all lost"
	[ "$(jq -r '[.record.database, .error.code] | join(" ")' \
	    <<<"$output")" = " io
 io
 io" ]
	[ "$(sql "SELECT count(*) FROM mpf_device WHERE uid LIKE 'e_'")" = 0 ]
}
