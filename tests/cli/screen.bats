# SPDX-License-Identifier: MIT
# What a person sees of mpf on a terminal: tmux, at several widths.  Stages that
# stand still play what is on the screen in the middle of the work.
load helper
load sim
load front
load ../www/site

setup() {
	front_setup
	command -v tmux >/dev/null || skip "needs tmux"
}

teardown() {
	close_terminal
	unplug_all
	stop_servers
}

# bench N: N boards on the way, each at another step; ends when "go" exists.
bench() {
	mirror=
	door
	export N=$1
	fake detect <<-'END'
		for ((i = 0; i < N; i++)); do
			printf '{"tool":"detect","event":"progress","device":"h/usb/1-%d","name":"/dev/ttyACM%d","step":"start"}\n' $i $i >&$MPF_EVENTS_FD
			printf '{"mpf":1,"device":{"id":"h/usb/1-%d","serial_port":"/dev/ttyACM%d","mode":"repl"},"board":{"version":"v1.22.2","board_id":"RPI_PICO_W"}}\n' $i $i
		done
	END
	fake resolve <<-'END'
		jq --unbuffered -c '.firmware = {version: "v1.28.0", board_id: "RPI_PICO_W",
		    action: "flash", by: "board", reason: "newest stable for RPI_PICO_W"}'
	END
	fake fetch <<<cat
	fake flash <<-'END'
		event() {
			printf '{"tool":"flash","device":"h/usb/1-%d","name":"/dev/ttyACM%d",%s}\n' "$1" "$1" "$2" >&$MPF_EVENTS_FD
		}
		i=0
		while read -r line; do
			case $i in
			1) event $i '"event":"ask","message":"/dev/ttyACM1: hold BOOTSEL, and plug it in"' ;;
			2) event $i '"event":"progress","step":"bootloader"' ;;
			3) echo "$line" | jq -c '.flash = {written_bytes: 9, version_before: "v1.22.2", version_after: "v1.28.0"}' ;;
			4) echo "$line" | jq -c '.error = {stage: "flash", code: "timeout", message: "/dev/ttyACM4: no drive came within 10 s", hint: "press RESET", retry: true}' ;;
			*) event $i "\"event\":\"progress\",\"step\":\"write\",\"done\":$((i * 100000)),\"total\":1689600,\"unit\":\"bytes\",\"rate\":$((80000 + i * 1000))" ;;
			esac
			i=$((i + 1))
			kept+=("$line")
		done
		until [ -e go ]; do sleep 0.02; done
		for i in 0 1 2 "${!kept[@]}"; do
			case $i in 3 | 4) continue ;; esac
			case ${seen[i]}${kept[i]} in '' | 1*) continue ;; esac
			seen[i]=1
			echo "${kept[i]}" | jq -c '.flash = {written_bytes: 9, version_before: "v1.22.2", version_after: "v1.28.0"}'
		done
	END
	fake record <<<cat
}

# in_the_middle WIDTH NAME: the screen while all stand still, and at the end.
in_the_middle() {
	terminal "$1" 30 "clear; mpf flash --yes"
	until_screen '^/dev/ttyACM4 .* failed '
	wait_until screen_has '^16 in all, 1 failed, 1 done, 14 at work'
	golden "$2-middle"
	: >go
	until_screen '^16 boards: .* s$'
	until_screen '^end'
	golden "$2-end"
}

@test "16 boards at 80 columns: a line each, and nothing wraps" {
	bench 16
	in_the_middle 80 flash-80
}

@test "16 boards at 200 columns" {
	bench 16
	in_the_middle 200 flash-200
}

@test "a narrow window gives way in the stated order" {
	bench 16
	for width in 70 50 34; do
		terminal "$width" 30 "clear; mpf flash --yes"
		until_screen 'write .* 88 %'
		until_screen '> '
		until_screen ' 1 failed, 1 done'
		golden "flash-$width-middle"
		close_terminal
	done
}

@test "with colour, and without: NO_COLOR, --color, FORCE_COLOR" {
	bench 5
	: >go
	terminal 80 24 "clear; mpf flash --yes"
	until_screen '^5 boards'
	# Where a colour ends is said differently by each tmux.
	for words in '[1mDEVICE' '[32mflashed' '[31mfailed' \
		'[31mno drive came'; do
		screen -e | grep -qF $'\033'"$words"
	done
	close_terminal
	terminal 80 24 "clear; NO_COLOR=1 FORCE_COLOR=1 mpf flash --yes"
	until_screen '^5 boards'
	[[ $(screen -e) != *$'\033[3'* ]]
	run mpf flash --yes
	[[ $output != *$'\033'* ]]
	FORCE_COLOR=1 run mpf flash --yes
	[[ $output == *$'\033[32mflashed'* ]]
	FORCE_COLOR=1 run mpf --color never flash --yes
	[[ $output != *$'\033'* ]]
	NO_COLOR=1 run mpf --color always flash --yes
	[[ $output == *$'\033[32mflashed'* ]]
}

@test "of more boards than lines, those at work stay" {
	bench 40
	terminal 80 16 "clear; mpf flash --yes"
	until_screen '^and 27 more'
	screen | grep -q '^40 in all'
	screen | grep -q '^/dev/ttyACM1 .*> hold BOOTSEL'
	[[ $(screen) != */dev/ttyACM3\ * ]]
	# It can be made wider meanwhile.
	tmux -S "$tmux" resize-window -x 60 -y 50
	until_screen '^/dev/ttyACM39 '
	[ "$(screen | grep -c '^40 in all')" -le 1 ]
	: >go
	until_screen '^40 boards'
}

@test "on a terminal the plan is shown, and asked for once" {
	bench 3
	: >go
	terminal 80 24 "clear; mpf flash; echo status \$?"
	until_screen '^Flash 3 boards? \[y/N\]'
	golden flash-ask
	keys n Enter
	until_screen '^status 2'
	screen | grep -q '^mpf: nothing was flashed'
	keys 'clear; mpf flash; echo status $?' Enter
	until_screen '^Flash 3 boards'
	keys y Enter
	until_screen '^status 0'
	screen | grep -q '^3 boards: 3 flashed'
	# Nobody is asked where an answer cannot come.
	run -0 mpf flash </dev/null
}

@test "mpf erase shows the boards, and asks once for all" {
	mkdir fa
	echo 1 >fa/main.py
	plug a rp2 --path 1-1 --files fa
	plug b rp2 --path 1-2 --files fb
	terminal 80 24 "clear; mpf erase; echo status \$?"
	until_screen '^Erase all files on 2 boards? \[y/N\]'
	keys Enter
	until_screen '^status 2'
	[ -e fa/main.py ]
	keys 'clear; mpf erase; echo status $?' Enter
	until_screen '^Erase all files on 2'
	keys y Enter
	until_screen '^status 0'
	[ ! -e fa/main.py ]
}

@test "^C at the question ends it, and the terminal is sane" {
	bench 2
	terminal 80 24 "clear; mpf flash; echo status \$?"
	until_screen '^Flash 2 boards'
	keys C-c
	until_screen '^status 2'
	keys 'echo it is $((40 + 2))' Enter
	until_screen '^it is 42'
}

@test "^C in the middle: the terminal is sane, and each board has a line" {
	bench 5
	terminal 80 24 "clear; mpf flash --yes; echo status \$?"
	until_screen '5 in all, 1 failed, 1 done, 3 at work'
	keys C-c
	until_screen '^status [12]'
	[ "$(screen | grep -c '^/dev/ttyACM')" -ge 5 ]
	keys 'echo it is $((40 + 2))' Enter
	until_screen '^it is 42'
}

@test "a terminal that closes in the middle: what was begun is written down" {
	bench 1
	fake flash <<-'END'
		trap : TERM
		read -r line
		: >begun
		until [ -e go ]; do sleep 0.02; done
		echo "$line" | jq -c '.flash = {version_after: "v1.28.0"}'
	END
	fake record <<-'END'
		cat >taken
		mv taken written
	END
	terminal 80 24 "mpf flash --yes"
	wait_until test -e begun
	close_terminal
	: >go
	wait_until test -e written
	[ "$(jq -r .flash.version_after written)" = v1.28.0 ]
}

@test "16 simulated boards: each has one line until the end" {
	lab
	door
	for i in {1..16}; do
		plug "b$i" rp2 --board RPI_PICO_W --path "1-$i" \
			--version 1.22.2 --settle 300
	done
	terminal 80 30 "clear; mpf flash --yes; echo status \$?"
	while ! screen_has '^status'; do
		screen >now
		[ "$(grep -c '^/dev/ttyACM' now)" -le 17 ]
		[[ $(grep -v '^/dev/ttyACM' now) != *ttyACM* ]]
		[ "$(grep -c 'in all' now)" -le 1 ]
	done
	screen_has '^status 0'
	screen_has '^16 boards: 16 flashed'
	golden flash-real
}
