# SPDX-License-Identifier: MIT
#
# Who may read and write what mpf keeps.
load helper
load ledger

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export MPF_LOCKS=$PWD MPFLASH_FIRMWARE=$PWD/fw MPF_HOST=bench
	machine='Raspberry Pi Pico W with RP2040'
}

# make FILE VERSION: custom firmware.
make_custom() { mkfw e48bff56 "$2" 2026-04-06 "$machine" 8 >"$1"; }

# modes FOLDER: each mode in it, and how many files and folders have it.
modes() {
	find "$1" -printf '%y%m\n' | sort | uniq -c | awk '{ print $2 "*" $1 }' |
	    xargs
}

@test "what is new is its owner's alone, and what was there keeps its mode" {
	make_custom mine.uf2 v1.28.0
	(umask 000 && mpf-fetch --board RPI_PICO_W --source "$PWD/mine.uf2" &&
	    flashed '.board.uid = "aa"' | mpf-record --no-board &&
	    mpf-add mine.uf2 --board RPI_PICO_W) >out
	[ "$(find fw -type f | wc -l)" -ge 4 ]
	[ -z "$(find fw -type f ! -perm 600)" ]
	[ -z "$(find fw -type d ! -perm 700)" ]
	chmod -R a+rX fw
	before=$(modes fw)
	make_custom other.uf2 v1.27.0
	(umask 000 && mpf-add other.uf2 --board RPI_PICO_W) >out
	[ "$(stat -c %a fw fw/mpflash.db fw/rp2 | xargs)" = "755 644 755" ]
	added=fw/$(jq -r .firmware.sha256 out | cut -c 1-12)
	added=fw/rp2/custom/${added#fw/}
	[ "$(stat -c %a "$added" "$added"/other.uf2 | xargs)" = "700 600" ]
	[ "$(modes fw)" != "$before" ]
}

@test "a copy of an older database is its owner's alone, too" {
	mkdir fw
	sqlite3 fw/mpflash.db <"$BATS_TEST_DIRNAME/../data/store/v1.sql"
	chmod 644 fw/mpflash.db
	umask 000
	run -0 mpf-db migrate
	[ "$(stat -c %a fw/mpflash.db)" = 644 ]
	[ "$(stat -c %a fw/mpflash.db.v1.bak)" = 600 ]
}

@test "files that the user names get the modes that the user's umask gives" {
	make_custom mine.uf2 v1.28.0
	umask 027
	run -0 mpf-fetch --board RPI_PICO_W --source "$PWD/mine.uf2" \
	    --lock new.lock
	flashed '.board.uid = "aa"' | mpf-record --no-board >out
	run -0 mpf-db export --toml boards
	[ "$(stat -c %a new.lock boards boards/*/aa.toml | xargs)" = \
	    "640 750 640" ]
	umask 000
	run -0 mpf-fetch --board RPI_PICO_W --source "$PWD/mine.uf2" \
	    --lock open.lock
	[ "$(stat -c %a open.lock)" = 666 ]
}

@test "commands that only read leave every byte as it is" {
	make_custom mine.uf2 v1.28.0
	mpf-add mine.uf2 --board RPI_PICO_W >out
	flashed '.board.uid = "aa"' | mpf-record --no-board >>out
	find fw -type f -exec sha256sum {} + | sort >before
	for command in list "list boards" "list queue" "search pico" \
	    "show aa" history "history verify" stats outdated check export; do
		# shellcheck disable=SC2086 # words
		run -0 --separate-stderr mpf-db $command
	done
	find fw -type f -exec sha256sum {} + | sort >after
	cmp before after
}

@test "members of a group use a shared store together, and others do not" {
	open_dir
	groups=--groups=65533
	make_custom "$open/mine.uf2" v1.28.0
	make_custom "$open/other.uf2" v1.27.0
	umask 077
	mkdir "$open/fw"
	chgrp 65533 "$open/fw"
	nobody=65532
	chown 65532 "$open/fw"
	chmod 644 "$open"/*.uf2
	run -0 --separate-stderr as_nobody mpf-db create --shared -d "$open/fw"
	[[ $(field .database.reason) == *"mode 0660"*"group 65533"* ]]
	run -0 as_nobody mpf-add -d "$open/fw" --board RPI_PICO_W "$open/mine.uf2"
	nobody=65531
	run -0 as_nobody mpf-add -d "$open/fw" --board RPI_PICO_W \
	    "$open/other.uf2"
	flashed '.board.uid = "aa"' >"$open/aa"
	run -0 as_nobody mpf-record --no-board -d "$open/fw" <"$open/aa"
	[ -z "$(find "$open/fw" -type f ! -perm 660)" ]
	[ -z "$(find "$open/fw" -type d ! -perm 2770)" ]
	[ -z "$(find "$open/fw" ! -gid 65533)" ]
	[ "$(find "$open/fw" -type f -printf '%U\n' | sort -u | xargs)" = \
	    "65531 65532" ]
	nobody=65532
	run -0 --separate-stderr as_nobody mpf-db -d "$open/fw" list
	[ "${#lines[@]}" = 2 ]
	groups=
	nobody=65530
	run -2 --separate-stderr as_nobody mpf-db -d "$open/fw" list
	[[ $stderr == *"fw/mpflash.db: "* ]]
}

@test "SQLite's files beside a shared database are the group's, too" {
	open_dir
	groups=--groups=65533
	nobody=65532
	mkdir -m 700 "$open/fw"
	chown 65532:65533 "$open/fw"
	umask 077
	run -0 as_nobody mpf-db create --shared -d "$open/fw"
	mkfifo in
	as_nobody mpf-db import -d "$open/fw" <in >out 3>&- &
	exec 4>in
	wait_until test -s "$open/fw/mpflash.db-shm"
	[ "$(stat -c '%a %g' "$open"/fw/mpflash.db-{wal,shm} | xargs)" = \
	    "660 65533 660 65533" ]
	exec 4>&-
	wait $!
}

@test "create --shared opens what is there, and nothing else" {
	make_custom mine.uf2 v1.28.0
	mpf-add mine.uf2 --board RPI_PICO_W >out
	echo secret >outside
	chmod 600 outside
	ln -s "$PWD/outside" fw/rp2/link
	ln -s "$PWD" fw/rp2/out
	run -0 mpf-db create --shared
	[ "$(field .database.state)" = unchanged ]
	[ -z "$(find fw -type f ! -perm 660)" ]
	[ -z "$(find fw -type d ! -perm 2770)" ]
	[ "$(stat -c %a outside)" = 600 ]
	[ "$(stat -c %a .)" != 2770 ]
	mkdir home
	touch home/letter
	run -2 --separate-stderr mpf-db create --shared -d home
	[[ $stderr == *"home: a folder with other files, and without a"* ]]
	[ "$(stat -c %a home)" = 755 ]
	run -2 --separate-stderr mpf-db list --shared
	[[ $stderr == *"--shared: only for create"* ]]
	run -2 --separate-stderr mpf-db create --dry-run
	[[ $stderr == *"create: not with --dry-run"* ]]
}

@test "root gives no file away that a link has it make elsewhere" {
	open_dir
	install -d -o 65532 -g 65531 -m 700 "$open/fw"
	mkdir elsewhere
	ln -s "$PWD/elsewhere/made" "$open/fw/mpflash.db"
	run mpf-db create -d "$open/fw"
	[ -z "$(find elsewhere ! -uid 0)" ]
}

@test "what root makes in the folder of another user is that user's" {
	open_dir
	make_custom mine.uf2 v1.28.0
	install -d -o 65532 -g 65531 -m 700 "$open/fw"
	mpf-add -d "$open/fw" mine.uf2 --board RPI_PICO_W >out
	flashed '.board.uid = "aa"' | mpf-record -d "$open/fw" --no-board >>out
	[ -z "$(find "$open/fw" ! \( -uid 65532 -gid 65531 \))" ]
	nobody=65532
	run -0 as_nobody mpf-db -d "$open/fw" remove aa
}
