# SPDX-License-Identifier: MIT
# The five recipes of README.md, mpf.mk, and the tasks for an editor: all as
# they are, over simulated boards and a site on this machine.  tests/deb/try and
# packaging/static/try run this with what a user gets: programs from PATH, their
# MPF_SHARE, and the README that comes with them in MPF_README.
load helper
load sim
load front
load ../www/site

setup() {
	front_setup
	unset DEVICE VERSION FIRMWARE MAKEFLAGS
	# make(1) includes no file with a blank in its name.
	ln -s "$MPF_SHARE" share
	share=$PWD/share
	lab
	door
	plug w rp2 --board RPI_PICO_W --path 1-1 --version 1.22.2
}

teardown() {
	unplug_all
	stop_servers
}

# recipe WORDS: the commands below the paragraph that begins so.
recipe() {
	awk -v words="$1" '
	/^## / { on = 0 }
	index($0, words) == 1 { on = 1 }
	on && /^    / { print substr($0, 5); seen = 1 }
	on && seen && /^[A-Z]/ { on = 0 }' \
		"${MPF_README:-$BATS_TEST_DIRNAME/../../README.md}" |
		sed "s|/usr/local/share/mpf|$share|"
}

# follow WORDS: runs them all, each has to end well; their output in out.
follow() {
	recipe "$1" >commands
	[ "$(wc -l <commands)" -ge 2 ]
	while read -r command; do
		echo "# $command"
		bash -o pipefail -c "$command" </dev/null 3>&-
	done <commands >out
}

# version: what the board runs.
version() { mpf-detect --json | jq -r .board.version; }

@test "README: at a desk" {
	mkdir build-RPI_PICO_W
	mkfw e48bff56 v1.29.0 2026-04-06 "$pico" 60 \
		>build-RPI_PICO_W/firmware.uf2
	follow 'At a desk:'
	[ "$(version)" = v1.29.0 ]
	grep -q '^1 board: 1 flashed' out
}

@test "README: in CI" {
	git init -q .
	follow 'In CI:'
	[ "$(version)" = v1.28.0 ]
	[ "$(grep -c sha256: mpf.lock)" = 1 ]
	[ "$(jq -r .record.database flashed.ndjson)" = written ]
	# The last line prints steps of what failed: nothing did.
	[ "$(tail -n 1 out)" = "# $(tail -n 1 commands)" ]
}

@test "README: in a Makefile" {
	follow 'In a Makefile:'
	[ "$(version)" = v1.24.1 ]
}

@test "README: in a lab" {
	plug x rp2 --board RPI_PICO_W --path 1-4.1 --version 1.22.2
	follow 'In a lab:'
	[ "$(version | sort | paste -sd' ')" = "v1.22.2 v1.28.0" ]
	grep -qx bench/usb/1-4.1 out
	[ "$(find backups -name '*.tar' | wc -l)" = 1 ]
}

@test "README: without a network" {
	follow 'Without a network:'
	[ "$(version)" = v1.28.0 ]
}

@test "mpf.mk: list, flash, flash-custom, record, and other names" {
	echo "include $share/mpf.mk" >Makefile
	run -0 make -s list
	[[ ${lines[1]} == /dev/ttyACM0*v1.22.2* ]]
	run -0 make -s flash
	[ "$(version)" = v1.28.0 ]
	mkfw e48bff56 v1.29.0 2026-04-06 "$pico" 60 >own.uf2
	run -0 make -s flash-custom FIRMWARE=own.uf2 DEVICE=ttyACM0
	[ "$(version)" = v1.29.0 ]
	run -2 make -s flash-custom
	[[ $output == *"FIRMWARE=FILE names the firmware"* ]]
	run -0 make -s record
	[ "$(jq -r .board.version boards.ndjson)" = v1.29.0 ]
	run -2 make -s flash DEVICE=ttyACM7
	printf 'MPF_PREFIX = mpf-\ninclude %s/mpf.mk\n' "$share" >Makefile
	run -0 make -s mpf-list
	run -2 make -s list
}

@test "the tasks for an editor are JSON, and each command works" {
	mkfw e48bff56 v1.29.0 2026-04-06 "$pico" 60 >own.uf2
	n=0
	while IFS= read -r task; do
		mapfile -t words < <(jq -r '.command, .args[]' <<<"$task" |
			sed 's|${input:device}|ttyACM0|
			s|${input:version}|1.24.1|; s|${file}|own.uf2|')
		echo "# ${words[*]}"
		case ${words[1]} in doctor) words+=(--offline --quiet) ;; esac
		run "${words[@]}"
		[ "$status" -le 1 ]
		[[ $output != *"not an option"* ]]
		n=$((n + 1))
	done < <(jq -c '.tasks[]' "$share/vscode/tasks.json")
	[ "$n" = 6 ]
	[ "$(version)" = v1.29.0 ]
}

@test "mpf help agent: each command works" {
	mkdir build
	mkfw e48bff56 v1.29.0 2026-04-06 "$pico" 60 >build/firmware.uf2
	n=0
	while IFS= read -r command; do
		case $command in
		mpf-doctor*) continue ;;
		mpf-sim*) command="unset MPF_SYSROOT; $command" ;;
		esac
		echo "# $command"
		bash -o pipefail -c "$command" </dev/null >out 3>&-
		n=$((n + 1))
	done < <(mpf help agent | sed -nE 's/^    (mpf[^ ]*.*)/\1/p' |
		sed -E 's/  +.*//; s/ a file, onto .*//')
	[ "$n" -ge 9 ]
	[ "$(version)" = v1.28.0 ]	# the pipe came last
}
