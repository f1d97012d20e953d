# SPDX-License-Identifier: MIT
#
# mpf-db and mpf-record where the database is full, damaged, locked or away.
load helper
load ledger

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export MPF_LOCKS=$PWD MPFLASH_FIRMWARE=$PWD/fw MPF_HOST=bench
	flashed '.board.uid = "aa"' | mpf-record --no-board >made
}

sum() { sha256sum <fw/mpflash.db; }

# damage OFFSET TEXT: these bytes there.
damage() {
	printf '%s' "$2" | dd of=fw/mpflash.db bs=1 seek="$1" conv=notrunc \
	    status=none
}

@test "what is no database is told by every command, and left as it is" {
	echo "a letter, and not a database, of more bytes than a header has" \
	    >fw/mpflash.db
	before=$(sum)
	for command in list "list boards" "search pico" "show aa" history stats \
	    outdated check "remove aa" prune export migrate create; do
		# shellcheck disable=SC2086 # words
		run -2 --separate-stderr mpf-db $command
		[[ $stderr == *"mpflash.db: not a database"* ]]
		[[ $stderr == *"hint: move it away"* ]]
	done
	run -2 --separate-stderr mpf-db import <made
	run -1 --separate-stderr mpf-record --no-board < <(flashed)
	[[ $stderr == *"mpflash.db: not a database"* ]]
	[ "$(sum)" = "$before" ]
}

@test "a damaged database is found by check, and not changed by others" {
	damage 8192 "$(printf 'x%.0s' {1..4096})"
	before=$(sum)
	run --separate-stderr mpf-db check
	[ "$status" -ne 0 ]
	[[ $stderr == *damaged* ]]
	run --separate-stderr mpf-db list boards
	[[ $status == [012] ]]
	[ "$(sum)" = "$before" ]
}

@test "half a database is told" {
	truncate -s 6000 fw/mpflash.db
	before=$(sum)
	for command in list check "remove aa"; do
		# shellcheck disable=SC2086 # words
		run -2 --separate-stderr mpf-db $command
		[[ $stderr == *"mpflash.db: "*"hint: "* ]]
	done
	[ "$(sum)" = "$before" ]
}

@test "a full disk is told, and what was there is there" {
	size=$(($(stat -c %s fw/mpflash.db) / 1024 + 20))
	flashed 'range(1000; 1401) as $n | .board.uid = "\($n)"' >in
	run -1 --separate-stderr bash -c "trap '' XFSZ; ulimit -f $size
	    mpf-record --no-board <in"
	[[ $stderr == *"no space left"* ]]
	run -0 --separate-stderr mpf-db check
	run -0 --separate-stderr mpf-db show aa
	[ "$(jq -r 'select(.database.kind == "board") | .board.uid' \
	    <<<"$output")" = aa ]
	# With room again it goes on.
	run -0 --separate-stderr mpf-record --no-board <in
	run -0 --separate-stderr mpf-db check
}

@test "who only reads waits for nobody that writes" {
	exec 8<>fw/mpflash.db.lock
	flock 8
	mkfifo sql
	sqlite3 fw/mpflash.db <sql 8>&- 3>&- &
	holder=$!
	exec 7>sql
	printf 'BEGIN IMMEDIATE;\n.shell touch began\n' >&7
	wait_until test -e began
	for command in list "list boards" "search pico" history stats check; do
		# shellcheck disable=SC2086 # words
		run -0 --separate-stderr timeout 9 mpf-db $command 7>&- 8>&-
	done
	exec 7>&- 8>&-
	wait "$holder"
}

@test "a folder or a pipe in the place of the database is told" {
	rm fw/mpflash.db*
	mkdir fw/mpflash.db
	run -2 --separate-stderr mpf-db list
	[[ $stderr == *"mpflash.db: a folder, not a regular file"* ]]
	rmdir fw/mpflash.db
	mkfifo fw/mpflash.db
	run -2 --separate-stderr timeout 9 mpf-db list
	[[ $stderr == *"mpflash.db: a pipe, not a regular file"* ]]
	run -2 --separate-stderr timeout 9 mpf-db create
	[ -p fw/mpflash.db ]
}
