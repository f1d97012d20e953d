# SPDX-License-Identifier: MIT
# kill -9 just before a system call, while a tool writes files and database:
# MPF_CALL_KILLS of the calls, chosen by MPF_SEED, and among them all those
# between a board's mpflash.toml and its row.
bats_require_minimum_version 1.5.0
load ../cli/sim
load ../cli/ledger

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export MPF_LOCKS=$PWD MPFLASH_FIRMWARE=$PWD/fw MPF_HOST=bench
	mkdir -p fw files
}

teardown() { unplug_all; }

# calls_of COMMAND...: "NAME NTH" for each call that it makes when all is well,
# in an order by MPF_SEED, as many as there are to be tried by this test.
calls_of() {
	rm -f calls
	LD_PRELOAD=$MPF_CALLS_SO MPF_CALLS=calls "$@" >calm
	awk -v seed="${MPF_SEED:-1}" '
	BEGIN { srand(seed) }
	$2 > most[$1] { most[$1] = $2 }
	END {
		for (name in most)
			for (i = 1; i <= most[name]; i++)
				print rand(), name, i
	}' calls | sort -g | head -n "$(((${MPF_CALL_KILLS:-40} + 3) / 4))" |
	    cut -d' ' -f2-
}

# killed COMMAND...: it, and all its processes, die before that call.
killed() {
	rm -f hit
	LD_PRELOAD=$MPF_CALLS_SO MPF_FAIL=$name:$nth:-9 MPF_FAIL_HIT=hit \
	    timeout 60 setsid -w "$@" >out 2>err || :
}

# sound: nothing is wrong with files, rows and history.
sound() {
	run --separate-stderr mpf-db check
	echo "seed ${MPF_SEED:-1}: $name $nth: $output $stderr"
	[ "$status" -eq 0 ]
}

# board NTH: the record of the board here, flashed with a file of its own.
board() {
	printf -v sha %064x "$1"
	as_flashed "$sha" <detected >in
}

record() { mpf-record --json <in; }

# record_rounds FIRST: every third call from there.
record_rounds() {
	local round=1
	plug a rp2 --version 1.26.0 --board RPI_PICO --files files
	mpf-detect --json >detected
	board 0
	record >made
	board 1
	calls_of mpf-record --json <in | sed -n "$1~3p" >tries
	[ -s tries ]
	while read -r name nth <&9; do
		board $((++round))
		killed mpf-record --json <in
		[ -e hit ]
		run -0 --separate-stderr record
		sound
		[ "$(sqlite3 fw/mpflash.db 'SELECT sha256 FROM mpf_device')" = \
		    "$sha" ]
		grep -q "$sha" files/mpflash.toml
	done 9<tries
}

@test "record, killed before any call, is made good by the next run (1 of 3)" {
	MPF_CALL_KILLS=$((${MPF_CALL_KILLS:-40} * 3)) record_rounds 1
}

@test "record, killed before any call, is made good by the next run (2 of 3)" {
	MPF_CALL_KILLS=$((${MPF_CALL_KILLS:-40} * 3)) record_rounds 2
}

@test "record, killed before any call, is made good by the next run (3 of 3)" {
	MPF_CALL_KILLS=$((${MPF_CALL_KILLS:-40} * 3)) record_rounds 3
}

# image NTH: custom firmware with bytes of its own.
image() {
	mkfw e48bff56 "v1.$1.0" 2026-04-06 'Raspberry Pi Pico W with RP2040' 8 \
	    >mine.uf2
}

@test "add and import, killed before any call, are made good, too" {
	local round=1
	image 1
	mpf-add mine.uf2 >made
	image 2
	calls_of mpf-add mine.uf2 >tries
	[ -s tries ]
	while read -r name nth <&9; do
		image $((++round + 1))
		killed mpf-add mine.uf2
		[ -e hit ]
		run -0 --separate-stderr mpf-add mine.uf2
		sound
		mpf-db export >all
		rm -r fw
		killed mpf-db import <all
		run -0 --separate-stderr mpf-db import <all
		mpf-db export | jq -c 'del(.event.id)' | sort >again
		jq -c 'del(.event.id)' <all | sort | cmp - again
		run -0 --separate-stderr mpf-db history verify
		rm -r fw
		mpf-add mine.uf2 >made
	done 9<tries
}

@test "what a killed mpf-add wrote goes when it is old and nobody has it" {
	name=fsync nth=1
	image 1
	killed mpf-add mine.uf2
	[ -e hit ]
	part=$(find fw -name '.*.part')
	[ -n "$part" ]
	image 2
	run -0 --separate-stderr mpf-add mine.uf2
	[ -e "$part" ]
	touch -d '1 hour ago' "$part"
	flock "$part" mpf-add mine.uf2 >made
	[ -e "$part" ]
	run -0 --separate-stderr mpf-add --dry-run mine.uf2
	[ -e "$part" ]
	run -0 --separate-stderr mpf-add mine.uf2
	[ ! -e "$part" ]
}
