# SPDX-License-Identifier: MIT
# The whole pipe against real MicroPython (npm's, behind mpf-sim's bootloader),
# whose program prints once, at one byte of all that the board says: one run
# for each place, MPF_PLACES of them chosen by MPF_SEED, or "all"; or MPF_AT="N
# N...", to repeat some.
bats_require_minimum_version 1.5.0
load ../cli/sim
load ../www/site
load ../cli/whole

eval "whole_$(declare -f setup)"
setup() {
	whole_setup
	printf -- '- %s uf2\n' '20250415 v1.25.0' '20241129 v1.24.1' |
		offer RPI_PICO_W rp2
	build RPI_PICO_W-20250415-v1.25.0.uf2 v1.25.0 "$pico" 40
	image=$site/resources/firmware/RPI_PICO_W-20250415-v1.25.0.uf2
	# What runs first, and from the next start on.
	mkdir boards
	config 1.24.1 >boards/old.json
	config 1.25.0 '.build = "RPI_PICO_W"' >boards/new.json
	cat >board <<-END
		#!/bin/sh
		config=$PWD/boards/old.json
		[ ! -e $PWD/started ] || config=$PWD/boards/new.json
		: >$PWD/started
		exec mpf-proxy -c $PWD/count \$(cat $PWD/fault) \\
		    node $BATS_TEST_DIRNAME/../real/mpyboard.mjs \$config
	END
	chmod +x board
}

# config VERSION [JQ]: the npm build of VERSION, as a Pico W.
config() {
	jq -n --arg pkg "$MPF_TEST_NPM/$1" --arg ready "$PWD/ready" \
	    --arg machine "$pico" '{$pkg, $ready, $machine, platform: "rp2",
	    uid: "e6614c311b5a6b2c", bootloader: 12} | '"${2:-.}"
}

# fresh FAULT: the board with the old version, and nothing recorded.
fresh() {
	unplug_all
	sims=() sim_fds=()
	rm -rf firmware state "$MPF_SYSROOT"
	rm -f board.events count started ready
	printf '%s' "$1" >fault
	plug board rp2 --path 1-1 --repl "$PWD/board"
	for _ in $(seq 200); do
		[ ! -e ready ] || return 0
		sleep 0.05
	done
	return 1
}

# true_facts <RECORDS: all that is said of the board is so, before or after.
true_facts() {
	jq -es '
	{family: "micropython", port: "rp2", board_id: "RPI_PICO_W",
	    description: "Raspberry Pi Pico W with RP2040", mcu: "RP2040",
	    mpy: "v6.3", uid: "e6614c311b5a6b2c"} as $true |
	all(.[]; (.board // {} | to_entries | all(.[]; .value == $true[.key] or
	    (.key == "version" and (.value == "v1.24.1" or
	    .value == "v1.25.0")) or (.key == "interrupted"))) and
	    ((.firmware.board_id // "RPI_PICO_W") == "RPI_PICO_W"))' >/dev/null
}

# whole_pipe: its end is in ./out, its status in $status.
whole_pipe() {
	status=0
	timeout 90 bash -c "$(declare -f pipe); pipe" >out 2>err || status=$?
	cat out err
}

# print_at PLACE: the pipe, with a print there.
print_at() {
	local texts=(20 OK '>>>' f) text
	text=${texts[$1 % ${#texts[@]}]}
	echo "seed ${MPF_SEED:-1}: $text at byte $1"
	fresh "-f print=$text@$1"
	whole_pipe
	[[ $status == [01] ]]
	true_facts <out
	if [ "$status" -eq 0 ]; then
		[ "$(jq -r .board.version out)" = v1.25.0 ]
		[ "$(jq -r .flash.state out)" = running ]
		[ -e started ]
	else
		jq -es 'any(.error != null)' <out >/dev/null
	fi
}

# places N OF: every OF-th of the places that are to be tried, from the Nth.
places() {
	local all
	export mirror
	fresh ''
	whole_pipe
	[ "$status" -eq 0 ]
	[ "$(jq -r .board.version out)" = v1.25.0 ]
	all=$(($(<count)))
	echo "# $all bytes from the board" >&3
	seq 0 "$all" | if [ -n "${MPF_AT:-}" ]; then
		xargs -n 1 <<<"$MPF_AT"
	elif [ "${MPF_PLACES:-20}" = all ]; then
		cat
	else
		awk -v seed="${MPF_SEED:-1}" 'BEGIN { srand(seed) }
		    { print rand(), $1 }' | sort -g | cut -d' ' -f2 |
		    head -n "${MPF_PLACES:-20}"
	fi | awk -v n="$1" -v of="$2" 'NR % of == n' >places
	[ -s places ]
	while read -r place; do
		print_at "$place"
	done <places
}

@test "a print anywhere in a whole pipe changes no fact (1 of 2)" {
	places 0 2
}

@test "a print anywhere in a whole pipe changes no fact (2 of 2)" {
	places 1 2
}
