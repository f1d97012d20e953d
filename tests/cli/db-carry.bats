# SPDX-License-Identifier: MIT
#
# mpf-db: into the database, out of it, and to and from boards.
load helper
load sim
load ledger

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export MPF_LOCKS=$PWD MPFLASH_FIRMWARE=$PWD/fw MPF_HOST=bench
	mkdir -p fw files
}

teardown() { unplug_all; }

# pico NAME OPTION...: a Pico that knows what it is.
pico() { plug "$1" rp2 --version 1.26.0 --board RPI_PICO "${@:2}"; }

detected() { mpf-detect --json --keep-order; }

unplug() {
	local pid=pid_$1
	kill "${!pid}"
	wait "${!pid}" || :
	rm -f "$1.events"
}

all() { jq -r "$1" <<<"$output" | xargs; }

@test "what export wrote, import brings back, once" {
	known
	known '.board.uid = "aa" | .firmware.variant = "V"'
	custom RPI_PICO_W v1.28.0 mine.uf2
	run -0 mpf-db export
	echo "$output" >all.ndjson
	[ "$(all .database.kind)" = "firmware board board event event" ]
	mkdir other
	# There has to be a database to import into: any tool makes one.
	MPFLASH_FIRMWARE=$PWD/other run -0 mpf-db import <all.ndjson
	[ "$(all .database.state)" = \
	    "imported imported imported imported imported" ]
	MPFLASH_FIRMWARE=$PWD/other run -0 mpf-db export
	[ "$(command jq -S 'del(.event.id, .database.state, .firmware.added_at,
	    .database.toml, .database.toml_reason, .database.toml_text,
	    .database.queued_at, .database.queued_why)' <<<"$output")" = \
	    "$(command jq -S 'del(.event.id, .firmware.added_at, .database.toml,
	    .database.toml_reason, .database.toml_text, .database.queued_at,
	    .database.queued_why)' all.ndjson)" ]
	MPFLASH_FIRMWARE=$PWD/other run -0 mpf-db import <all.ndjson
	[ "$(all .database.state | tr ' ' '\n' | sort -u)" = unchanged ]
	MPFLASH_FIRMWARE=$PWD/other run -0 mpf-db history verify
}

@test "import keeps what is there, says so, and queues the board" {
	known
	custom RPI_PICO_W v1.28.0 mine.uf2
	mpf-db export >all.ndjson
	jq -c 'if .database.kind == "board" then .board.version = "v1.27.0"
	    elif .database.kind == "firmware" then
	    .firmware.sha256 = "'"$SHA"'" else . end' all.ndjson >other.ndjson
	run -0 mpf-db import <other.ndjson
	[ "$(all .database.state)" = "conflict conflict unchanged" ]
	[[ $(jq -r .database.reason <<<"${lines[1]}") == *"what the board runs decides"* ]]
	[ "$(sql 'SELECT version FROM mpf_device')" = v1.28.0 ]
	run -0 mpf-db list queue
	[ "$(all .database.queued_why)" != "" ]
	# Dry: nothing comes in.
	sql 'DELETE FROM mpf_device'
	run -0 mpf-db import --dry-run <all.ndjson
	[ "$(all .database.state)" = "unchanged imported unchanged" ]
	[ "$(sql 'SELECT count(*) FROM mpf_device')" = 0 ]
	# A part of what was known: the rest is filled in.
	known
	jq -c 'select(.database.kind == "board")' all.ndjson >board.ndjson
	sql "UPDATE mpf_device SET sha256 = NULL, source = NULL"
	run -0 mpf-db import <board.ndjson
	[ "$(all .database.state)" = imported ]
	[ "$(sql 'SELECT sha256 FROM mpf_device')" = "$SHA" ]
}

@test "import refuses what leads out of the folder, and does the rest" {
	known
	mpf-db export >good.ndjson
	{
		echo '{"mpf":1,"database":{"kind":"firmware","file":"../x.uf2"},"firmware":{"board_id":"A","version":"v1.0"}}'
		echo '{"mpf":1,"database":{"kind":"firmware","file":"/etc/x"},"firmware":{"board_id":"A","version":"v1.0"}}'
		echo '{"mpf":1,"database":{"kind":"board"},"board":{"board_id":"A"}}'
		cat good.ndjson
		echo '{"mpf":1,"database":{"kind":"definition"},"board":{"board_id":"A"}}'
		echo '{"other":1}'
	} >in
	run -1 --separate-stderr mpf-db import <in
	[ "$(jq -c '.error.code // .database.state // "passed"' <<<"$output" |
	    xargs)" = \
	    "input input input unchanged unchanged passed passed" ]
	[ "$(sql 'SELECT count(*) FROM mpf_file')" = 0 ]
}

@test "export --toml writes a file for each board, as the board has it" {
	pico a --files files
	run -0 mpf-record < <(detected | as_flashed)
	uid=$(detected | jq -r .board.uid)
	run -0 mpf-db export --toml tree
	[ "$(all .database.state)" = written ]
	# But for the order of keys, and what only the board says.
	diff <(grep -v ^description "tree/RPI_PICO/$uid.toml" | sort) \
	    <(grep -v ^description files/mpflash.toml | sort)
	run -0 mpf-db export --toml tree
	[ "$(all .database.state)" = unchanged ]
	sql "UPDATE mpf_device SET uid = '../../x'"
	run -1 --separate-stderr mpf-db export --toml tree
	[ "$(field .error.code)" = input ]
	[ "$(find . -name 'x*')" = "" ]
}

@test "import --toml brings back what export --toml wrote, and edits of it" {
	printf '[kitchen]\nshelf = 3\n' >files/mpflash.toml
	pico a --files files
	run -0 mpf-record < <(detected | as_flashed | jq -c '.firmware += {
	    custom: true, git: {branch: "main", commit: "a1b2c3d4e5f6"},
	    custom_info: {author: "Ann", features: ["ble"]}}')
	known '.board.variant = "V" | .board.uid = "aa"'
	uid=$(detected | jq -r .board.uid)
	mpf-db export --toml tree >made
	grep -q shelf "tree/RPI_PICO/$uid.toml"
	grep -q '"Ann"' "tree/RPI_PICO/$uid.toml"
	echo 'not a board' | tee tree/README tree/RPI_PICO/notes.txt >made
	# Into a new database, once; there it makes the same files.
	export MPFLASH_FIRMWARE=$PWD/other
	mpf-db create >made
	run -0 mpf-db import --toml tree --dry-run
	[ "$(all .database.state)" = "imported imported" ]
	run -0 mpf-db list boards
	[ -z "$output" ]
	run -0 mpf-db import --toml tree
	[ "$(all '.database.state + " " + .board.uid' | xargs)" = \
	    "imported $uid imported aa" ]
	run -0 mpf-db import --toml tree
	[ "$(all .database.state)" = "unchanged unchanged" ]
	mpf-db export --toml again >made
	rm tree/README tree/RPI_PICO/notes.txt
	diff -r tree again
	# The board is the judge of what the tree says of it.
	sed -i 's/v1.26.0/v1.20.0/' "tree/RPI_PICO/$uid.toml"
	run -0 mpf-db import --toml tree
	[ "$(all .database.state)" = "conflict unchanged" ]
	run -0 mpf-db sync < <(detected)
	[ "$(sqlite3 other/mpflash.db 'SELECT version FROM mpf_device
	    WHERE board_id = "RPI_PICO"')" = v1.26.0 ]
	run -0 mpf-db check
}

@test "import --toml names each file that is wrong, and takes the others" {
	known
	mpf-db export --toml tree >made
	uid=$(flashed | jq -r .board.uid)
	board=tree/$(flashed | jq -r .board.board_id)
	good=$board/$uid.toml
	sed 's/^version.*/version = 7/' "$good" >"$board/version.toml"
	sed 's/sha256:/sha256:xyz/' "$good" >"$board/hash.toml"
	grep -v '^port' "$good" >"$board/port.toml"
	echo '[firmware' >"$board/syntax.toml"
	cp "$good" "$board/no name.toml"
	head -c 100000 /dev/zero >"$board/large.toml"
	mkdir "$board/folder.toml"
	run -1 --separate-stderr mpf-db import --toml tree
	[ "$(jq -r .error.code <<<"$output" | sort | uniq -c | xargs)" = \
	    "7 input 1 null" ]
	for name in version hash port syntax 'no name' large folder; do
		[[ $stderr == *"$board/$name.toml"* ]]
	done
	[[ $stderr == *"hash.toml: line "*source.hash* ]]
	[ "$(jq -r 'select(.error | not) | .database.state' <<<"$output")" = \
	    unchanged ]
	run -1 --separate-stderr mpf-db import --toml tree --strict
	run -2 --separate-stderr mpf-db import --toml nowhere
	[[ $stderr == *nowhere* ]]
	run -2 --separate-stderr mpf-db list --toml tree
	[[ $stderr == *"only for export and import"* ]]
	run -2 --separate-stderr mpf-db sync --toml tree
}

@test "sync writes what the database alone knows, and the other way round" {
	pico a --files files
	run -0 mpf-record < <(detected | as_flashed)
	run -0 mpf-db sync < <(detected)
	[ "$(field .database.state)" = unchanged ]
	# The file is gone: the row has it all.
	unplug a
	rm files/mpflash.toml
	pico a --files files
	run -0 mpf-db sync --dry-run < <(detected)
	[ "$(field .database.state)" = synced ]
	[ ! -e files/mpflash.toml ]
	run -0 mpf-db sync < <(detected)
	[ "$(field '.database.state + " " + .record.toml')" = \
	    "synced written" ]
	grep -q "^hash = \"sha256:$SHA\"" files/mpflash.toml
	# The row is gone: the file has it all.
	sql 'DELETE FROM mpf_device'
	run -0 mpf-db sync < <(detected)
	[ "$(field '.record.toml + " " + .record.database')" = \
	    "unchanged written" ]
	[ "$(sql 'SELECT sha256, flashed_at FROM mpf_device')" = \
	    "$SHA|2026-11-20T12:00:00Z" ]
	# Both say something: the digest of the file counts.
	sql "UPDATE mpf_device SET sha256 = '00ff'"
	run -0 mpf-db sync < <(detected)
	[ "$(field .database.state)" = conflict ]
	[[ $(field .database.reason) == *"the file's counts" ]]
	[ "$(sql 'SELECT sha256 FROM mpf_device')" = "$SHA" ]
	run -0 mpf-db check
}

@test "a kill between the file and the row is made good by the next run" {
	pico a --files files
	known			# there is a database
	detected | as_flashed >in
	exec 8<>fw/mpflash.db.lock
	flock 8
	mpf-record <in >out 8>&- 3>&- &
	local pid=$!
	wait_until test -e files/mpflash.toml
	kill -9 "$pid"
	wait "$pid" || true
	exec 8>&-
	[ "$(sql "SELECT count(*) FROM mpf_device WHERE board_id = 'RPI_PICO'")" \
	    = 0 ]
	run -0 mpf-db check
	detected | jq -c '.firmware = {board_id: .board.board_id,
	    action: "skip"}' >in
	run -0 mpf-record <in
	[ "$(sql "SELECT sha256 FROM mpf_device WHERE board_id = 'RPI_PICO'")" \
	    = "$SHA" ]
	run -0 mpf-db check
	run -0 mpf-db sync < <(detected)
	[ "$(all .database.state)" = "unchanged queued" ]
}

@test "what is for a board that is not here is queued until it is" {
	pico a --files files
	run -0 mpf-record < <(detected | as_flashed)
	uid=$(detected | jq -r .board.uid)
	mpf-db export | jq -c 'select(.database.kind == "board")' >board
	rm files/mpflash.toml
	unplug a
	sql 'UPDATE mpf_device SET source = NULL'
	run -0 mpf-db import <board
	run -0 mpf-db sync </dev/null
	[ "$(field '[.board.uid, .database.queued_why] | join(" ")')" = \
	    "$uid its row was imported" ]
	# Again, in another process: it is still there.
	run -0 mpf-db list queue
	[ "$(field .board.uid)" = "$uid" ]
	pico a --files files
	run -0 mpf-db sync < <(detected)
	[ "$(all .database.state)" = synced ]
	grep -q '^url = "https://x/RPI_PICO' files/mpflash.toml
	run -0 mpf-db list queue
	[ -z "$output" ]
}

@test "migrate carries firmware.jsonl and old databases over" {
	printf '%s\n' '{"ext":".uf2","filename":"rp2\\RPI_PICO_W-v1.23.0.uf2","description":"","port":"rp2","family":"micropython","board":"RPI_PICO_W","variant":"RPI_PICO_W","version":"1.23.0","preview":false,"build":"0","firmware":"https://m/a.uf2"}' \
	    '{"filename":"esp32/X.bin","port":"esp32","board":"ESP32_GENERIC","variant":"ESP32_GENERIC-SPIRAM","version":"1.24.0","preview":true,"build":12,"firmware":"https://m/b.bin"}' \
	    'nonsense' '{"filename":"../../x","board":"B","version":"1"}' \
	    >fw/firmware.jsonl
	cp fw/firmware.jsonl before
	sqlite3 fw/mpflash.db <"$BATS_TEST_DIRNAME/../data/store/v4.sql"
	run -0 mpf-db list
	run -1 --separate-stderr mpf-db migrate --dry-run
	[ -e fw/firmware.jsonl ]
	run -1 --separate-stderr mpf-db migrate
	cmp before fw/firmware.jsonl.bak
	[ ! -e fw/firmware.jsonl ]
	[ -e fw/mpflash.db.v4.bak ]
	[[ $stderr == *"firmware.jsonl, line 3: "* ]]
	[[ $stderr == *"firmware.jsonl, line 4: ../../x: leads out of"* ]]
	[ "$(jq -r 'select(.database.state == "migrated") | .database |
	    .reason, .rows' <<<"$output" | xargs)" = \
	    "tables of version $(sql 'PRAGMA user_version'), from 4 1" ]
	[ "$(sql "SELECT file, board_id, variant, version, build FROM mpf_file
	    WHERE source LIKE 'https://m/%' ORDER BY file")" = \
	    "esp32/X.bin|ESP32_GENERIC|SPIRAM|v1.24.0-preview|12
rp2/RPI_PICO_W-v1.23.0.uf2|RPI_PICO_W||v1.23.0|0" ]
	# mpflash can read them.
	[ "$(sql "SELECT board_id FROM firmwares WHERE firmware_file =
	    'esp32/X.bin'")" = ESP32_GENERIC-SPIRAM ]
	# A board of that time has a file made for it.
	[ "$(sql "SELECT toml LIKE '%v1.24.1%' FROM mpf_device")" = 1 ]
	run -0 mpf-db search zebra
	[ "$(all .firmware.board_id)" = MINE ]
	run -0 mpf-db migrate
	[ "$(all .database.state)" = current ]
}

@test "sixteen pipelines record at once, and nothing is lost" {
	local i pids=() each=${MPF_RECORDS:-25}
	for i in $(seq 16); do
		flashed | jq -c --argjson i "$i" --argjson each "$each" \
		    'range($each) as $n |
		    .device.id = "b/usb/\($i)-\($n)" |
		    .board.uid = "\($i)x\($n)"' >"in$i"
	done
	for i in $(seq 16); do
		mpf-record --no-board <"in$i" >"out$i" 2>"err$i" &
		pids+=("$!")
	done
	wait "${pids[@]}"
	[ "$(cat out* | jq -r .record.database | sort | uniq -c | xargs)" = \
	    "$((16 * each)) written" ]
	[ -z "$(cat err*)" ]
	[ "$(sql 'SELECT count(*) FROM mpf_device')" = $((16 * each)) ]
	run -0 mpf-db history verify
	[ "$(field .database.rows)" = $((16 * each)) ]
	run -0 mpf-db check
}
