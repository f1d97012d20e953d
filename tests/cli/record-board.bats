# SPDX-License-Identifier: MIT
load helper
load sim
load ledger

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export MPF_LOCKS=$PWD MPFLASH_FIRMWARE=$PWD/fw
	mkdir -p fw files
}

teardown() { unplug_all; }

# pico NAME OPTION...: a Pico that knows what it is, as boards do since v1.25.
pico() { plug "$1" rp2 --version 1.26.0 --board RPI_PICO "${@:2}"; }

# detected: all boards that are here.
detected() { mpf-detect --json --keep-order; }

as_skipped() {
	jq -c '.firmware = {board_id: (.board.board_id // "X"), action: "skip"}'
}

# unplug NAME: until it is gone.
unplug() {
	local pid=pid_$1
	kill "${!pid}"
	wait "${!pid}" || :
}

@test "a board that was flashed says so itself, and so does the database" {
	pico a --uid e6614c311b5a6b2c
	run -0 --separate-stderr mpf-record < <(detected | as_flashed)
	[ "$(field .record.toml)" = written ]
	[ "$(field .record.database)" = written ]
	[ -z "$stderr" ]

	[ "$(detected | command jq -cS '.board.record | .firmware, .source')" = \
	    '{"board_id":"RPI_PICO","custom":false,"description":"Raspberry Pi Pico with RP2040","flash_date":"2026-11-20T12:00:00Z","port":"rp2","version":"v1.26.0"}
{"filename":"RPI_PICO-v1.26.0.uf2","hash":"sha256:'"$SHA"'","type":"http","url":"https://x/RPI_PICO-v1.26.0.uf2"}' ]
	[ "$(sql 'SELECT uid, board_id, version, flashed_at FROM mpf_device')" \
	    = "e6614c311b5a6b2c|RPI_PICO|v1.26.0|2026-11-20T12:00:00Z" ]
}

@test "what is on the board already is not written again" {
	pico a --files files
	mpf-record < <(detected | as_flashed) >/dev/null
	before=$(ls -i files)
	run -0 mpf-record < <(detected | as_flashed)
	[ "$(field '.record | .toml + .database')" = unchangedunchanged ]
	run -0 mpf-record < <(detected | as_skipped)
	[ "$(field '.record | .toml + .database')" = unchangedunchanged ]
	[ "$(ls -i files)" = "$before" ]
	[ "$(sql 'SELECT count(*) FROM mpf_event')" = 1 ]
}

@test "the user's own tables are kept" {
	printf 'note = "x"\n[lab]\nauthor = "me"\n' >files/mpflash.toml
	pico a --files files
	mpf-record < <(detected | as_flashed) >/dev/null
	run -0 detected
	[ "$(field '.board.record | .note + .lab.author')" = xme ]
	[ "$(field .board.record.firmware.version)" = v1.26.0 ]
		[ "$(ls files)" = mpflash.toml ]
}

@test "what is no TOML is put aside, and told" {
	echo 'x = ' >files/mpflash.toml
	pico a --files files
	run -0 --separate-stderr mpf-record < <(detected | as_skipped)
	[ "$(field .record.toml)" = written ]
	[[ $stderr == *"was no TOML, and is kept as mpflash.toml.bad"* ]]
	[ "$(cat files/mpflash.toml.bad)" = 'x = ' ]
	[ "$(detected | jq -r .board.record.firmware.version)" = v1.26.0 ]
}

@test "a run that ended before it recorded is made good by the next" {
	pico a
	mpf-record --no-database < <(detected | as_flashed) >/dev/null
	run -0 mpf-record < <(detected | as_skipped)
	[ "$(field '.record | .toml + .database')" = unchangedwritten ]
	[ "$(sql 'SELECT flashed_at FROM mpf_device')" = 2026-11-20T12:00:00Z ]

		unplug a
	pico b				# the same board, without its file
	run -0 mpf-record < <(detected | as_skipped)
	[ "$(field '.record | .toml + .database')" = writtenunchanged ]
	run -0 detected
	[ "$(field '.board.record.firmware | keys | join(" ")')" = \
	    "board_id custom description port version" ]
}

@test "another board in its place is refused, and nothing is written" {
	pico a --uid aaaa --files files
	run -1 --separate-stderr mpf-record < <(detected | as_flashed |
	    jq -c '.board.uid = "bbbb"')
	[ "$(field .error.code)" = mismatch ]
	[ "$(field .record)" = null ]
	[[ $stderr == *"has the id aaaa, the board of the record had bbbb"* ]]
	[ -z "$(ls files)" ]
	[ "$(sql 'SELECT count(*) FROM mpf_device')" = 0 ]
}

@test "other firmware than the record says is refused, not written down" {
	pico a --version 1.25.0 --files files
	detected | as_skipped >in
	unplug a
	pico b --files files			# the same board, flashed since
	run -1 --separate-stderr mpf-record <in
	[ "$(field .error.code)" = mismatch ]
	[[ $stderr == *"other firmware by now (v1.26.0) than the record"* ]]
	[ -z "$(ls files)" ]
	[ "$(sql 'SELECT count(*) FROM mpf_device')" = 0 ]
}

@test "it is found by its place, whatever its tty is called now" {
	pico a --path 1-1.4 --tty ttyACM5
	run -0 mpf-record < <(detected | as_flashed |
	    jq -c '.device.serial_port = "/dev/ttyACM0"')
	[ "$(field .record.toml)" = written ]
}

@test "a program that runs is started again" {
	pico a --busy --files files
	run -0 mpf-record < <(detected | as_flashed)
	[ "$(field .record.toml)" = written ]
	run -0 detected
	[ "$(field .board.interrupted)" = true ]
}

@test "a program is started again when the time is over, too" {
	pico a --busy --slow 120 --files files
	detected | as_flashed >in
	run -1 --separate-stderr mpf-record --timeout 2s <in
	[ "$(field .error.code)" = timeout ]
	run -0 detected
	[ "$(field .board.interrupted)" = true ]
	[ ! -e files/mpflash.toml.tmp ]
}

@test "a board without room, or without a file system, has its row alone" {
	local eno why state
	while IFS='|' read -r eno state why; do
		pico a --fail-at "record:$eno"
		run -0 --separate-stderr mpf-record < <(detected | as_flashed)
		[ "$(field .record.toml)" = "$state" ]
		[ "$(field .record.toml_reason)" = "$why" ]
		[ "$(field .record.database)" != null ]
		[ "$(sql 'SELECT toml_state, toml_reason FROM mpf_device')" = \
		    "$state|$why" ]
		unplug a
		rm a.events
	done <<-'END'
		28|queued|the board's file system is full
		30|none|the board's file system is read-only
		19|none|the board has no file system
		28|queued|the board's file system is full
	END
	[ "$(sql 'SELECT why FROM mpf_queue')" = \
	    "the board's file system is full" ]
	# Made room: the next run writes it, and the queue is empty.
	pico a
	run -0 mpf-record < <(detected | as_flashed)
	[ "$(field .record.toml)" = written ]
	[ "$(field '.record | has("toml_reason")')" = false ]
	[ "$(sql 'SELECT toml_state, toml LIKE "%v1.26.0%" FROM mpf_device')" \
	    = "written|1" ]
	[ "$(sql 'SELECT count(*) FROM mpf_queue')" = 0 ]
}

@test "what runs outranks the file: another tool has flashed the board" {
	echo '[firmware]
board_id = "RPI_PICO"
port = "rp2"
version = "v1.24.1"
custom = false
mine = 1
[source]
hash = "sha256:00ff"' >files/mpflash.toml
	pico a --files files
	run -0 detected
	[ "$(field .board.record_stale)" = \
	    "it names v1.24.1 of RPI_PICO, the board runs v1.26.0" ]
	run -0 mpf-record < <(detected | as_skipped)
	[ "$(field .record.toml)" = written ]
	run -0 detected
	[ "$(field '.board | has("record_stale")')" = false ]
	[ "$(field '.board.record.firmware | [.version, .mine] | join(" ")')" \
	    = "v1.26.0 1" ]
	[ "$(field .board.record.source)" = null ]
	[ "$(sql 'SELECT what, version, note FROM mpf_event')" = "foreign|v1.26.0|another tool flashed it: its mpflash.toml names other firmware" ]
	# Nor does the database, where the file was removed.
	sql "UPDATE mpf_device SET version = 'v1.25.0', sha256 = '00ff'"
	rm files/mpflash.toml
	run -0 mpf-record < <(detected | as_skipped)
	[ "$(sql 'SELECT what, version_before, version, note FROM mpf_event
	    WHERE id = 2')" = "foreign|v1.25.0|v1.26.0|another tool flashed it: the database had other firmware" ]
	[ "$(sql 'SELECT version, sha256 FROM mpf_device')" = "v1.26.0|" ]
}

@test "the file outranks the database: mpf flashed the board elsewhere" {
	pico a --files files
	run -0 mpf-record < <(detected | as_flashed)
	sql "UPDATE mpf_device SET version = 'v1.25.0', sha256 = '00ff',
	    file_name = 'old.uf2'"
	run -0 mpf-record < <(detected | as_skipped)
	[ "$(field '.record | .toml + .database')" = unchangedwritten ]
	[ "$(sql 'SELECT version, sha256, file_name FROM mpf_device')" = \
	    "v1.26.0|$SHA|RPI_PICO-v1.26.0.uf2" ]
	[ "$(sql 'SELECT what, note FROM mpf_event WHERE id = 2')" = "recorded|flashed elsewhere, as its mpflash.toml says" ]
}

@test "a board whose drive this host has mounted is left alone" {
	pico a
	detected | as_flashed >in
	local usb disk
	usb=$(readlink -f "$MPF_SYSROOT/sys/bus/usb/devices/1-1")
	disk=$usb/1-1:1.2/host1/target1:0:0/1:0:0:0/block/sda
	mkdir -p "$disk" "$MPF_SYSROOT/proc/self" "$MPF_SYSROOT/media/PYBFLASH"
	echo 8:0 >"$disk/dev"
	echo 100 >"$disk/size"
	echo 08 >"$usb/1-1:1.2/bInterfaceClass"
	echo 06 >"$usb/1-1:1.2/bInterfaceSubClass"
	echo 50 >"$usb/1-1:1.2/bInterfaceProtocol"
	printf '36 22 8:0 / /media/PYBFLASH rw - vfat /dev/sda rw\n' \
	    >"$MPF_SYSROOT/proc/self/mountinfo"
	run -0 mpf-record <in
	[ "$(field .record.toml)" = queued ]
	[[ $(field .record.toml_reason) == "this host has mounted its drive at "*"/media/PYBFLASH: eject it" ]]
	[ "$(field .record.database)" = written ]
	[ "$(sql 'SELECT count(*) FROM mpf_queue')" = 1 ]
	rm "$MPF_SYSROOT/proc/self/mountinfo"
	run -0 mpf-record <in
	[ "$(field .record.toml)" = written ]
	[ "$(sql 'SELECT count(*) FROM mpf_queue')" = 0 ]
}

@test "a file that would be too large to be read again is not written" {
	printf '[notes]\nx = "%08100d"\n' 1 >files/mpflash.toml
	cp files/mpflash.toml before
	pico a --files files
	run -1 --separate-stderr mpf-record < <(detected | as_skipped)
	[ "$(field .error.code)" = space ]
	[ "$(field .error.hint)" = "shorten your own tables in it" ]
	cmp before files/mpflash.toml
}

@test "a board that stops answering is an error when its time is over" {
	pico a
	detected | as_flashed >in
	unplug a
	pico b --fail-at silence
	run -1 --separate-stderr mpf-record --timeout 300ms <in
	[ "$(field .error.code)" = timeout ]
}

# stops_at N: the board stops answering there; the old file or the new one is
# there then, and the next run has the new one.
stops_at() {
	mkdir flash
	echo 'note = "old"' >flash/mpflash.toml
	cp flash/mpflash.toml old
	pico a --files flash
	detected | as_flashed >in
	unplug a
	pico b --files flash --fail-at "silence:$1"
	run -1 --separate-stderr mpf-record --timeout 300ms <in
	[ "$(field .error.code)" = timeout ]
	unplug b
	cmp old flash/mpflash.toml ||
	    grep -q "^hash = \"sha256:$SHA\"" flash/mpflash.toml
	pico c --files flash
	run -0 mpf-record <in
	grep -q 'note = "old"' flash/mpflash.toml
	grep -q "^hash = \"sha256:$SHA\"" flash/mpflash.toml
}

@test "wherever it stops answering, the old file or the new one is there (1 of 5)" {
	stops_at 1
}

@test "wherever it stops answering, the old file or the new one is there (2 of 5)" {
	stops_at 2
}

@test "wherever it stops answering, the old file or the new one is there (3 of 5)" {
	stops_at 3
}

@test "wherever it stops answering, the old file or the new one is there (4 of 5)" {
	stops_at 4
}

@test "wherever it stops answering, the old file or the new one is there (5 of 5)" {
	stops_at 5
}

@test "several boards at once, one of them without a place for its file" {
	pico a --path 1-1 --tty ttyACM0
	pico b --board RPI_PICO_W --path 1-2 --tty ttyACM1 \
	    --fail-at record:30
	pico c --board RPI_PICO2 --path 1-3 --tty ttyACM2
	run -0 --separate-stderr mpf-record --keep-order \
	    < <(detected | as_flashed)
	[ "$(jq -sc 'map(.error.code // .record.toml)' <<<"$output")" = \
	    '["written","none","written"]' ]
	[ "$(sql 'SELECT board_id FROM mpf_device ORDER BY board_id')" = \
	    "RPI_PICO
RPI_PICO2
RPI_PICO_W" ]
}

@test "without a database the board has its file, and the record says so" {
	pico a
	run -1 --separate-stderr mpf-record -d /dev/null/x \
	    < <(detected | as_flashed)
	[ "$(field .record.toml)" = written ]
	[ "$(field .error.code)" = io ]
	[[ "$(field .error.message)" == "on the board, but not in the"* ]]
	run -0 mpf-record < <(detected | as_skipped)
	[ "$(field '.record | .toml + .database')" = unchangedwritten ]
}

@test "the board alone, and no database" {
	pico a
	run -0 mpf-record --no-database < <(detected | as_flashed)
	[ "$(field '.record | keys | join(" ")')" = "at toml took_ms" ]
	[ ! -e fw/mpflash.db ]
}

@test "a board that a filter keeps out is not touched" {
	pico a
	detected >in
	run -0 mpf-record < <(jq -c '.firmware = {action: "skip"}' in)
	[ "$output" = "$(jq -c '.firmware = {action: "skip"}' in)" ]
	[ ! -e fw/mpflash.db ]
}

@test "a pty that was named is found under a sysroot, as by mpf-detect" {
	pico a --uid e6614c311b5a6b2c
	board=$(tty)
	export MPF_SYSROOT=$PWD/other
	mkdir -p other/sys/bus/usb/devices other/dev
	mpf-detect --json --serial "$board" | as_flashed >in
	[ "$(jq -r '.device | [.serial_port, .usb_path] | @csv' in)" = \
	    "\"$board\"," ]
	run -0 --separate-stderr mpf-record <in
	[ "$(field .record.toml)" = written ]
}
