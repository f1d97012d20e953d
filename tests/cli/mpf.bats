# SPDX-License-Identifier: MIT
# mpf, the front door, over simulated boards and a site on this machine.
load helper
load sim
load front
load ../www/site

setup() {
	front_setup
}

teardown() {
	unplug_all
	stop_servers
}

# two: an old Pico W and an old Pico.
two() {
	plug w rp2 --board RPI_PICO_W --path 1-1 --version 1.22.2 --files fw
	plug p rp2 --board RPI_PICO --path 1-2 --version 1.21.0 --files fp
}

# runs: what both run now.
runs() {
	mpf-detect --json | jq -r '"\(.board.board_id) \(.board.version)"' |
		sort | paste -sd' '
}

@test "mpf list shows the boards; as JSON with the keys of mpflash" {
	mkdir fw
	printf 'description = "Blue"\n[mpflash]\nx = 1\n' >fw/board_info.toml
	two
	run -0 --separate-stderr mpf list
	[ "$stderr" = "" ]
	[[ ${lines[0]} =~ ^DEVICE\ +MODE\ +PORT\ +BOARD\ +VERSION\ +CPU\ +DES ]]
	[[ ${lines[1]} == /dev/ttyACM0*" repl "*" RPI_PICO_W "*v1.22.2*Blue* ]]
	[ "${#lines[@]}" -eq 3 ]
	run -0 --separate-stderr mpf list --json
	[ "$(command jq -c '.[0] | keys_unsorted' <<<"$output")" = \
		'["serialport","family","description","version","port","sys_platform","cpu","arch","mpy","build","location","toml","vid","pid","board","board_id","variant"]' ]
	[ "$(jq -c 'map([.serialport, .version, .board, .vid, .pid])' \
		<<<"$output")" = \
		'[["/dev/ttyACM0","1.22.2","RPI_PICO_W",11914,5],["/dev/ttyACM1","1.21.0","RPI_PICO",11914,5]]' ]
	[ "$(jq -c '.[0].toml' <<<"$output")" = \
		'{"description":"Blue","mpflash":{"x":1}}' ]
	# What no option changes: its alias, and the letter.
	[ "$(mpf devs -j)" = "$output" ]
	run -0 mpf -u list
	[[ ${lines[1]} == *" 2e8a:0005  1-1 "* ]]
}

@test "mpf list --json is a list where there is no board, or no answer" {
	mkdir none
	MPF_SYSROOT=$PWD/none run -1 --separate-stderr mpf list --json
	[ "$(jq -c . <<<"$output")" = '[]' ]
	[[ $stderr == "mpf-detect: no board found"* ]]
	plug s silent --path 1-3
	run -1 --separate-stderr mpf list -j -s ttyACM0
	[ "$(jq -c 'map([.serialport, .family, .board])' <<<"$output")" = \
		'[["/dev/ttyACM0","unknown","UNKNOWN_BOARD"]]' ]
}

@test "mpf flash updates all boards, and once more skips them" {
	lab
	door
	two
	run -0 --separate-stderr mpf flash
	[[ ${lines[0]} == DEVICE*BOARD*VERSION*ACTION*STATE*RECORD* ]]
	[[ ${lines[1]} == /dev/ttyACM0*"v1.22.2 → v1.28.0  flashed  running  written" ]]
	[[ ${lines[3]} == "2 boards: 2 flashed, in "*" s" ]]
	grep -q 'v1.28.0' fw/mpflash.toml
	run -0 mpf flash
	[[ ${lines[-1]} == "2 boards: 2 skipped, in "* ]]
	run -0 --separate-stderr mpf flash --force --json
	[ "$(jq -sc 'map(.flash.state)' <<<"$output")" = \
		'["running","running"]' ]
}

@test "mpf flash --dry-run shows a plan, and writes nothing" {
	lab
	door
	two
	run -0 --separate-stderr mpf flash -n
	[[ ${lines[1]} == *"v1.22.2 → v1.28.0  would flash "* ]]
	[[ ${lines[-1]} == "2 boards: 2 would be flashed, in "* ]]
	[ "$(runs)" = "RPI_PICO v1.21.0 RPI_PICO_W v1.22.2" ]
	[ ! -e fw/mpflash.toml ]
	run -0 --separate-stderr mpf flash -n --json
	[ "$(jq -sc 'map([.firmware.action, .flash.dry_run])' \
		<<<"$output")" = '[["flash",true],["flash",true]]' ]
}

# --- a file

@test "mpf flash FILE flashes the boards that it fits, and no other" {
	two
	mkfw e48bff56 v1.29.0 2026-04-06 "$pico" 60 >own.uf2
	run -0 mpf flash own.uf2
	[[ ${lines[1]} == /dev/ttyACM0*"v1.22.2 → v1.29.0  flashed"* ]]
	[[ ${lines[2]} == /dev/ttyACM1*" skip "*"the file is for $pico" ]]
	[ "$(runs)" = "RPI_PICO v1.21.0 RPI_PICO_W v1.29.0" ]
	# Nothing is said of the board that the file was not for.
	[ ! -e fp/mpflash.toml ]
	grep -q own.uf2 fw/mpflash.toml
}

@test "mpf flash FILE: what fits nowhere, says nothing, or is not there" {
	two
	mkfw e48bff56 v1.29.0 2026-04-06 'Other board with RP2040' 60 >o.uf2
	run -2 --separate-stderr mpf flash o.uf2
	[[ $stderr == "mpf: o.uf2: fits no board that is here"* ]]
	# To a port that was named anything goes that its chip runs.
	run -0 mpf flash o.uf2 --serial ttyACM1 --json
	[ "$(field .flash.state)" = running ]
	mkfw e48bff59 v1.29.0 2026-04-06 'Raspberry Pi Pico2 with RP2350' \
		60 >2.uf2
	run -1 --separate-stderr mpf flash 2.uf2 --serial ttyACM0 --json
	[ "$(field .error.code)" = mismatch ]
	run -2 --separate-stderr mpf flash nothing.uf2
	[[ $stderr == *"nothing.uf2: No such file"* ]]
	run -2 --separate-stderr mpf flash o.uf2 o.uf2
	run -2 --separate-stderr mpf flash --custom o.uf2
	run -0 mpf flash -n o.uf2
	[[ $output == *" skip "*"the file is for Other board"* ]]
}

@test "mpf flash FILE asks of a port without an answer for its board" {
	plug s silent --path 1-3
	mkfw e48bff56 v1.29.0 2026-04-06 "$pico" 60 >own.uf2
	run -1 mpf flash -n own.uf2
	[[ $output == *" skip "*"name its port with --serial"* ]]
	run -1 --separate-stderr mpf flash -n own.uf2 --serial ttyACM0 --json
	[[ $(head -n 1 <<<"$output" | jq -r .firmware.reason) == \
		"say with --board which"* ]]
}

@test "mpf flash URL downloads it first" {
	lab
	serve
	two
	run -0 mpf flash --json \
		"$mirror/resources/firmware/RPI_PICO-20240602-v1.24.1.uf2"
	[ "$(runs)" = "RPI_PICO v1.24.1 RPI_PICO_W v1.22.2" ]
}

# --- download

@test "mpf download: for boards by name, and for those that are here" {
	lab
	door
	run -0 mpf download --board RPI_PICO -b RPI_PICO_W -v stable -v 1.24.1
	[ "$(cd firmware/rp2 && echo *)" = \
		"RPI_PICO-v1.24.1.uf2 RPI_PICO-v1.28.0.uf2 RPI_PICO_W-v1.24.1.uf2 RPI_PICO_W-v1.28.0.uf2" ]
	[[ $output == BOARD*VERSION*SIZE*FILE* ]]
	rm -r firmware
	plug w rp2 --board RPI_PICO_W --path 1-1 --version 1.28.0
	run -0 mpf --dir other download --json
	[ "$(field .image.path)" = "$PWD/other/rp2/RPI_PICO_W-v1.28.0.uf2" ]
	run -1 --separate-stderr mpf download --board NOWHERE
	[[ $stderr == *NOWHERE* ]]
}

# --- files

@test "mpf backup, erase, restore, format: the files go and come back" {
	mkdir fw fp
	echo 'print(1)' >fw/main.py
	echo 'print(2)' >fp/main.py
	two
	run -0 --separate-stderr mpf backup --output saved -s ttyACM0
	[[ ${lines[1]} == /dev/ttyACM0*saved/*.tar ]]
	[ "$(find saved -name '*.tar' | wc -l)" = 1 ]
	run -0 mpf erase --yes --serial ttyACM0
	[[ ${lines[1]} == /dev/ttyACM0*erased* ]]
	[ ! -e fw/main.py ]
	[ -e fp/main.py ]
	run -0 mpf restore --from saved --serial ttyACM0 --json
	[ "$(cat fw/main.py)" = 'print(1)' ]
	run -0 mpf format --keep-files --yes --json
	[ "$(cat fw/main.py fp/main.py | paste -sd,)" = 'print(1),print(2)' ]
	run -0 mpf format -y
	[ ! -e fw/main.py ]
	[ ! -e fp/main.py ]
}

@test "what wipes needs --yes where there is no terminal" {
	mkdir fw
	echo 'print(1)' >fw/main.py
	two
	for command in erase format; do
		run -2 --separate-stderr mpf $command
		[ "${stderr_lines[0]}" = "mpf: nobody is there to be asked" ]
		[ "${stderr_lines[1]}" = "mpf: hint: say --yes" ]
	done
	[ -e fw/main.py ]
}

@test "mpf flash --backup --format --restore: only what was flashed" {
	lab
	door
	mkdir fw fp
	echo 'print(1)' >fw/main.py
	echo 'print(2)' >fp/main.py
	plug w rp2 --board RPI_PICO_W --path 1-1 --version 1.22.2 --files fw
	plug p rp2 --board RPI_PICO --path 1-2 --version 1.28.0 --files fp
	run -0 mpf flash --backup saved --format --restore --json
	[ "$(cat fw/main.py)" = 'print(1)' ]
	[[ $(cd saved && echo *) == RPI_PICO_W-*Z.tar ]]
	run -0 mpf flash --force --serial ttyACM0 --backup saved2 --format
	[[ $output == *"1 board: 1 flashed, in "* ]]
	[ ! -e fw/main.py ]
	grep -q v1.28.0 fw/mpflash.toml
	# The board that was up to date was left alone.
	run -0 mpf flash --force --format --serial ttyACM0 --backup saved3
	[ "$(cat fp/main.py)" = 'print(2)' ]
	# A board whose files cannot be saved is not flashed.
	touch file
	run -1 mpf flash --force --backup file
	[[ $output == *failed* ]]
	run -2 mpf flash --restore
	run -2 mpf flash --erase --format
}

# --- words

@test "what mpf does not do is refused with the command that does it" {
	while IFS='|' read -r line message hint; do
		# shellcheck disable=SC2086 # words
		run -2 --separate-stderr mpf $line
		[ "${stderr_lines[0]}" = "mpf: $message" ]
		[[ ${stderr_lines[1]} == "mpf: hint: $hint"* ]]
	done <<-'END'
		flash --build|--build: not an option of mpf flash|make -C
		flash --cpu RP2040|--cpu: not an option of mpf flash|mpf-detect | jq
		flash --method pyocd|--method pyocd: mpf drives no debug probe|mpf download; then pyocd
		flash --volume /x|--volume /x: needs --board|mpf flash --help
		list --reset|--reset: not an option of mpf list|mpf-detect | jq
		list --jsn|--jsn: not an option of mpf list|did you mean --json
		list x|x: mpf list takes no argument|did you mean --serial x
		plugins|plugins: not a command of mpf|mpf-flash --list-methods does that
		list-probes|list-probes: not a command of mpf|pyocd list does that
		flsh|flsh: not a command of mpf|mpf help lists
		--color red list|--color red: not auto, always or never|mpf --help
		--progress red list|--progress red: not auto, bar, json or none|mpf --help
		flash --restore|--restore: needs --backup|mpf flash --help
	END
	run -2 mpf
	[[ ${lines[0]} == "usage: mpf "* ]]
}

@test "a method that there is not is found before a board is touched" {
	lab
	door
	two
	fake detect <<<'touch asked'
	for options in '--method nail' '--bl kick' '--method nail --dry-run' \
		'--method nail own.uf2'; do
		# shellcheck disable=SC2086 # words
		run -2 --separate-stderr mpf flash $options
		[[ ${stderr_lines[0]} == "mpf-flash: --"*": no such "* ]]
		[[ ${stderr_lines[1]} == "mpf-flash: hint: use "* ]]
		[ "${#stderr_lines[@]}" = 2 ]
		[ "$output" = "" ]
	done
	run -2 --separate-stderr mpf flash --flash-mode nail
	[[ ${stderr_lines[0]} == "mpf-flash: --flash-mode nail"* ]]
	run -2 --separate-stderr mpf flash --jobs 0
	[[ ${stderr_lines[0]} == "mpf-flash: --jobs 0: not from 1 to "* ]]
	[ ! -e asked ]
	run -2 --separate-stderr mpf flash --method nail --json
	[ "$(field .error.next)" = fix_command ]
}

@test "help: of mpf, of a command, of a tool behind it, for agents" {
	run -0 mpf help
	[[ $output == *"  list  "*"  flash  "* ]]
	[ "$(mpf help flash)" = "$(mpf flash --help)" ]
	[ "$(mpf help boards | head -n 1)" = \
		"$(mpf-index --help | head -n 1)" ]
	run -0 mpf --version
	[[ $output == "mpf "[0-9]* ]]
	run -0 mpf help agent
	[[ $output == *mpf-detect* ]]
	run -2 mpf help flash list
	# Each line of help is of a command that works.
	for command in $(mpf help | awk '/^  / { print $1 }'); do
		mpf "$command" --help >/dev/null
	done
}

@test "mpf boards and mpf sim are the tools of that name" {
	lab
	door
	run -0 mpf boards RPI_PICO_W --json
	[ "$(jq -sc 'map(.firmware.version)' <<<"$output")" = \
		'["v1.28.0","v1.24.1"]' ]
	run -0 mpf sim rp2 -- mpf-detect --json
	[ "$(field .board.board_id)" = RPI_PICO_W ]
}

@test "-VV prints each pipe, as it can be typed" {
	lab
	door
	two
	run -0 --separate-stderr mpf -VV flash --version '>=1.22' --yes
	pipe=$(sed -n 's/^mpf: \(mpf-detect.*\)/\1/p' <<<"$stderr")
	[ "$pipe" = "mpf-detect --verbose | mpf-resolve --version '>=1.22' --verbose" ]
	bash -o pipefail -c "$pipe" >out 2>/dev/null
	[ "$(jq -s length out)" = 2 ]
}

@test "the environment of mpflash: quiet, CI, folder" {
	lab
	door
	two
	MPFLASH_QUIET=1 run -0 --separate-stderr mpf -VV flash -n
	[[ $stderr != *"mpf: mpf-detect"* ]]
	unset MPFLASH_FIRMWARE
	export GITHUB_ACTIONS=true GITHUB_WORKSPACE=$BATS_TEST_TMPDIR/ws
	run -0 --separate-stderr mpf -VV download --json
	[[ $output == *"$PWD/ws/firmware/rp2/"* ]]
	run -0 --separate-stderr mpf -VV flash
	[[ $stderr == *"mpf-flash --no-interactive"* ]]
	run -0 --separate-stderr mpf -VV -i flash -s 'tty*' -b 'RPI*' -v stable
	[[ $stderr == *"mpf-flash "* && $stderr != *"--no-interactive"* ]]
}

@test "a file .env: of this folder or above, unless others can write it" {
	lab
	door
	unset MPFLASH_FIRMWARE
	here=$(pwd -P)
	printf 'export MPFLASH_FIRMWARE="%s/kept" # here\n' "$here" >.env
	mkdir -p project/src
	cd project/src
	run -0 --separate-stderr mpf -V download --board RPI_PICO_W --json
	[ "$(field .image.path)" = "$here/kept/rp2/RPI_PICO_W-v1.28.0.uf2" ]
	[[ $stderr == *"$here/.env: read"* ]]
	# What is set is set; a folder of that name is passed over.
	mkdir ../.env
	MPFLASH_FIRMWARE=$PWD/own run -0 mpf download --board RPI_PICO_W --json
	[[ $output == *"$PWD/own/rp2/"* ]]
	chmod o+w ../../.env
	run --separate-stderr mpf -q list
	[[ ${stderr_lines[0]} == "mpf: "*"/.env: not read, as all users "* ]]
	[ "${stderr_lines[1]}" = "mpf: hint: chmod o-w $here/.env" ]
	if [ "$(id -u)" = 0 ]; then
		chmod o-w ../../.env
		chown 65534 ../../.env
		run --separate-stderr mpf -q list
		[[ ${stderr_lines[0]} == *"/.env: not read, as another user"* ]]
	fi
}

@test "tools are found beside mpf, in PATH, or missed in words" {
	lab
	door
	two
	mkdir alone
	cp bin/mpf alone
	run -0 alone/mpf list
	PATH=/usr/bin:/bin run -2 --separate-stderr alone/mpf list
	[ "${stderr_lines[0]}" = \
		"mpf: mpf-detect: neither beside mpf nor in PATH" ]
}

# --- what goes wrong

@test "a stage that is killed: each board has its record, and the status is 2" {
	lab
	door
	two
	fake flash <<-'END'
		read -r line
		kill -9 $$
	END
	run -2 --separate-stderr mpf flash --json
	[ "$(jq -sc 'map([.device.serial_port, .error.stage, .error.code]) |
		sort' <<<"$output")" = \
		'[["/dev/ttyACM0","flash","internal"],["/dev/ttyACM1","flash","internal"]]' ]
	[[ $stderr == *"mpf: mpf-flash was ended by signal 9 (Killed)"* ]]
	run -2 --separate-stderr mpf flash
	[[ ${lines[1]} == /dev/ttyACM0*failed*"mpf-flash was ended by signal 9"* ]]
	fake detect <<<'kill -9 $$'
	run -2 --separate-stderr mpf flash
	[[ $stderr == "mpf: mpf-detect was ended by signal 9 (Killed)"* ]]
	fake detect <<<'exit 77'
	run -2 --separate-stderr mpf list
	[[ $stderr == "mpf: mpf-detect ended with status 77"* ]]
}

@test "one board that fails is a line of the table, and the status 1" {
	lab
	door
	two
	plug x rp2 --board RPI_PICO_W --path 1-3 --version 1.22.2 \
		--fail-at bootloader
	run -1 --separate-stderr mpf -x flash
	[[ ${lines[3]} == /dev/ttyACM2*" failed "* ]]
	[[ $output == *"hint: "* ]]
	[[ ${lines[-1]} == "3 boards: 2 flashed, 1 failed, in "* ]]
	# It is said once: in the table.
	[[ $stderr != *ttyACM2* ]]
}

@test "lost output is an error, not a success" {
	two
	run -2 --separate-stderr bash -c 'mpf list >/dev/full'
	[[ $stderr == *"standard output: No space left on device"* ]]
	run -2 --separate-stderr bash -c 'mpf list --json >/dev/full'
	run -2 bash -c 'mpf list >&-'
}

@test "events of all stages go to --events-fd, and nothing to stderr" {
	lab
	door
	two
	run -0 --separate-stderr bash -c 'mpf --events-fd 5 flash 5>events'
	[ "$stderr" = "" ]
	run -2 --separate-stderr env MPF_EVENTS_FD=no mpf list
	[ "${stderr_lines[0]}" = "mpf: MPF_EVENTS_FD no: not a file descriptor" ]
	[ "$(jq -r 'select(.event == "result").tool' events | sort -u |
		paste -sd' ')" = "detect fetch flash record resolve" ]
	run -0 --separate-stderr mpf --progress json list
	jq -es 'all(.tool == "detect")' <<<"$stderr"
}

@test "^C: what was begun is finished and written down, the rest is cancelled" {
	lab
	door
	two
	fake record <<-'END'
		trap ': >told' TERM
		cat
	END
	fake flash <<-'END'
		trap 'stop=1' TERM
		read -r a
		echo "$a" | jq -c '.flash = {state: "running"}'
		: >begun
		until [ -n "$stop" ]; do sleep 0.01; done
		while read -r b; do
			echo "$b" | jq -c '.error = {stage: "flash",
			    code: "cancelled", message: "cancelled", retry: true}'
		done
	END
	mpf flash --json >out 2>err 3>&- &
	pid=$!
	wait_until [ -e begun ]
	kill -INT $pid
	status=0
	wait $pid || status=$?
	[ "$status" = 1 ]
	[ "$(jq -sc 'map([.flash.state, .error.code]) | sort' out)" = \
		'[[null,"cancelled"],["running",null]]' ]
	# Who writes down what was flashed was not told to stop.
	[ ! -e told ]
}

@test "^C twice ends all stages at once, and each board has a record" {
	lab
	door
	two
	fake flash <<-'END'
		trap '' TERM INT
		read -r line
		: >begun
		until [ -e never ]; do sleep 0.05; done
	END
	mpf flash --json >out 2>err 3>&- &
	pid=$!
	wait_until [ -e begun ]
	kill -INT $pid
	kill -TERM $pid
	status=0
	wait $pid || status=$?
	[ "$status" = 1 ]
	[ "$(jq -sc 'map(.error.code)' out)" = '["cancelled","cancelled"]' ]
}
