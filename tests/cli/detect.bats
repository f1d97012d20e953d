# SPDX-License-Identifier: MIT
load helper
load sim

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	mkdir locks
	export MPF_LOCKS=$PWD/locks MPF_HOST=bench XDG_STATE_HOME=$PWD/state
	export MPF_SYSROOT=$BATS_TEST_DIRNAME/../data/sysroot/empty
	bench=$BATS_TEST_DIRNAME/../data/sysroot/bench
	stuck=$BATS_TEST_DIRNAME/../data/sysroot/stuck
	unset MPFLASH_IGNORE
}

teardown() {
	local pid
	[ ! -e pids ] || while read -r pid; do
		kill "$pid" 2>/dev/null || :
	done <pids
	unplug_all
}

# port NAME [ADDRESS]: a pty ./NAME with this behind it; by default nothing.
port() {
	socat "PTY,link=$1,raw,echo=0" "${2:-PTY,raw,echo=0}" 3>&- &
	echo $! >>pids
	for _ in $(seq 200); do
		[ ! -e "$1" ] || return 0
		sleep 0.02
	done
	return 1
}

# sum TEXT: how files for a device.id are named.
sum() { printf %s "$1" | sha256sum | cut -c1-16; }

@test "no board at all is one record, and a failure" {
	run -1 --separate-stderr mpf-detect
	[ "${#lines[@]}" -eq 1 ]
	[ "$(field '.error | [.stage, .code, .message] | join("|")')" = \
	    "detect|not_found|no board found: 0 serial ports and 0 bootloaders looked at" ]
	[[ "${stderr_lines[0]}" = "mpf-detect: no board found"* ]]
	[[ "${stderr_lines[1]}" = "mpf-detect: hint: check the cable"* ]]
}

@test "a name that nobody has is an error, and the others are looked at" {
	port dead
	run -1 --separate-stderr mpf-detect --no-probe -s /dev/ttyNONE -s 1-7 \
	    -s "$PWD/dead" -s socket://h:1
	[ "$(jq -r 'select(.error) | .error.code' <<<"$output" | xargs)" = \
	    "not_found not_found unsupported" ]
	[ "$(jq -r 'select(.device) | .device.id' <<<"$output")" = \
	    "bench/tty/$PWD/dead" ]
}

@test "a silent port that was named is silent, and no board" {
	port dead
	run -1 --separate-stderr mpf-detect --serial "$PWD/dead" -v
	[ "$(jq -c .device <<<"${lines[0]}")" = "$(jq -cn --arg p "$PWD/dead" \
	    '{id: "bench/tty/\($p)", host: "bench", named: true,
	    serial_port: $p, mode: "silent", interrupt: "sent"}')" ]
	[ "$(jq -r .error.message <<<"${lines[1]}")" = \
	    "no board found: 1 serial port and 0 bootloaders looked at; $PWD/dead: no answer, nor to ^C" ]
	[[ $stderr = *"$PWD/dead: no answer"* ]]
}

@test "a record says that ^C was sent, or that it was not to be" {
	port dead
	run -1 --separate-stderr mpf-detect -v --serial "$PWD/dead"
	[ "$(jq -r .device.interrupt <<<"${lines[0]}")" = sent ]
	[[ $stderr = *"no answer, nor to ^C"* ]]
	run -1 --separate-stderr mpf-resolve <<<"${lines[0]}"
	[ "$(field .error.message)" = "$PWD/dead: no answer within 2 s, nor to ^C, which may have ended a program" ]

	run -0 --separate-stderr mpf-detect --no-interrupt --serial "$PWD/dead"
	[ "$(field '.device | .mode, .interrupt')" = $'busy\nwithheld' ]
	run -1 --separate-stderr mpf-resolve <<<"$output"
	[ "$(field .error.message)" = "$PWD/dead: no answer, and a program that may run there was not to be interrupted" ]
	[ "$(field .error.hint)" = "leave --no-interrupt of mpf-detect out, or say with --board which board it is" ]

	export MPF_SYSROOT=$PWD/sysroot
	plug a rp2
	run -0 --separate-stderr mpf-detect --no-interrupt
	[ "$(field '.device | .mode, .interrupt')" = $'repl\nnull' ]
}

@test "sixteen dead ports take no longer than one" {
	args=()
	for i in $(seq 16); do
		port "dead$i"
		args+=(--serial "$PWD/dead$i")
	done
	SECONDS=0
	run -1 --separate-stderr mpf-detect "${args[@]}"
	[ "$SECONDS" -lt 16 ]			# one after another: 32
	[ "${#lines[@]}" -eq 17 ]
}

@test "a line that somebody has begun is given up, and is not run" {
	export MPF_SYSROOT=$PWD/sysroot
	plug a rp2 --board RPI_PICO
	talk "$(tty)" '\r' '>>> ' 'import machine; machine.bootloader()' '()'
	run -0 --separate-stderr mpf-detect
	[ "$(field '.device.mode, .board.interrupted')" = $'repl\nnull' ]
	run -0 --separate-stderr mpf-detect
	[ "$(field .device.mode)" = repl ]
}

@test "what talks, but is no MicroPython, is foreign" {
	port modem EXEC:cat			# an echo of what it is sent
	run -1 --separate-stderr mpf-detect -v --serial "$PWD/modem"
	[ "$(jq -r .device.mode <<<"${lines[0]}")" = foreign ]
	[[ $stderr = *"no MicroPython prompt, but \"\\x02\\x03"* ]]
}

@test "that there is no board names the ports, and what was heard there" {
	port modem EXEC:cat
	port dead
	run -1 --separate-stderr mpf-detect --keep-order -s "$PWD/modem" \
	    -s "$PWD/dead"
	[[ $(jq -r .device.problem <<<"${lines[0]}") = \
	    'no MicroPython prompt, but "'* ]]
	[ "$(jq .device.problem <<<"${lines[1]}")" = null ]
	local said; said=$(jq -r .error.message <<<"${lines[2]}")
	[[ $said = "no board found: 2 serial ports and 0 bootloaders"* ]]
	[[ $said = *"; $PWD/modem: no MicroPython prompt, but "* ]]
	[[ $said = *"; $PWD/dead: no answer, nor to ^C"* ]]
	[[ $stderr != *cable* ]]
}

@test "a program that catches ^C is said to be there" {
	local port
	cat >stubborn <<-'END'
		#!/usr/bin/env perl
		# It says its argument to ^C, and goes on.
		while (sysread STDIN, $c, 1) {
			syswrite STDOUT, "$ARGV[0]\r\n" if $c eq "\x03";
		}
	END
	cat >measure <<-'END'
		#!/bin/sh
		# It prints all the time, and takes no notice of ^C.
		while printf 'temp 21.5\r\n'; do sleep 0.3; done
	END
	chmod +x stubborn measure
	port robot 'EXEC:./stubborn KeyboardInterrupt'
	port arm 'EXEC:./stubborn stopped'
	port sensor EXEC:./measure
	run -1 --separate-stderr mpf-detect --keep-order \
	    --serial "$PWD/robot" --serial "$PWD/arm" --serial "$PWD/sensor"
	for port in 0 1; do
		[[ $(jq -r .device.problem <<<"${lines[port]}") = \
		    "a program there catches ^C and goes on; it says "* ]]
	done
	[[ $(jq -r .device.problem <<<"${lines[2]}") = \
	    'no MicroPython prompt, but "temp'* ]]
}

@test "what never stops talking is foreign within the time given" {
	port gps "EXEC:yes \\\$GPGGA"
	SECONDS=0
	run -1 --separate-stderr mpf-detect -t 500ms --serial "$PWD/gps"
	[ "$(jq -r .device.mode <<<"${lines[0]}")" = foreign ]
	[ "$SECONDS" -lt 8 ]
}

@test "a board that another of us works on is busy, and is sent nothing" {
	port board SYSTEM:'cat >heard'
	exec 8>"locks/mpf-$(sum "bench/tty/$PWD/board").lock"
	flock 8
	run -0 --separate-stderr mpf-detect --serial "$PWD/board"
	[ "$(field .device.mode)" = busy ]
	[ ! -s heard ]
}

@test "a port that somebody else has locked is busy, and says who" {
	port board SYSTEM:'cat >heard'
	flock -F board sleep 60 3>&- &
	echo $! >>pids
	is_locked() { ! flock -n board true; }
	wait_until is_locked
	run -0 --separate-stderr mpf-detect --serial "$PWD/board"
	[ "$(field .device.mode)" = busy ]
	[[ "$(field .device.held_by.command)" =~ ^(sleep|socat)$ ]]
	[ ! -s heard ]
}

@test "ports that others have open are busy, each says who; the rest is asked" {
	local held
	export MPF_SYSROOT=$PWD/sysroot
	for i in 1 2 3; do
		plug "board$i" rp2 --path "1-$i" --tty "ttyACM$i"
	done
	exec {held}<>"$(tty ttyACM1)"
	sleep 60 3>&- <>"$(tty ttyACM3)" &
	echo $! >>pids
	run -0 --separate-stderr mpf-detect --json
	[ "$(jq -rs 'sort_by(.device.id)[] | [.device.usb_path, .device.mode,
	    .board.board_id // .device.held_by.command] | join(" ")' \
	    <<<"$output")" = "\
1-1 busy bash
1-2 repl RPI_PICO_W
1-3 busy sleep" ]
	[ "$(jq 'select(.device.usb_path == "1-3") | .device.held_by.pid' \
	    <<<"$output")" = "$!" ]
	exec {held}>&-
}

@test "a port that is read by somebody else too is busy, and says who" {
	run -0 --separate-stderr mpf-sim silent --path 1-1 \
	    --sysroot "$BATS_TEST_TMPDIR/tree" -- bash -c '
		cat "$MPF_SYSROOT/dev/ttyACM0" >/dev/null 3>&- &
		for _ in {1..1000}; do
			[[ $(readlink /proc/$!/fd/*) != *"/dev/pts/"* ]] || break
			sleep 0.01
		done
		mpf-detect --json --serial 1-1
		kill $!'
	[ "$(field .device.mode)" = busy ]
	[ "$(field .device.held_by.command)" = cat ]
}

@test "without a probe it lists what the system knows" {
	run -0 --separate-stderr mpf-detect --sysroot "$bench" --no-probe \
	    --keep-order
	[ -z "$stderr" ]
	[ "$(jq -r '.device | [.id, .mode, .vid, .pid] | join(" ")' \
	    <<<"$output" | sed 4q)" = "\
bench/usb/1-1.3 uf2 2e8a 0003
bench/usb/1-5 uf2 239a 0022
bench/usb/1-1.2 silent 2e8a 0005
bench/usb/1-1.10 silent 303a 1001" ]
	[ "$(jq -r .device.volume <<<"${lines[0]}")" = "/media/RPI RP2" ]
	[ "$(jq -c .device.bootloaders <<<"${lines[0]}")" = \
	    '["uf2","picoboot"]' ]
	[ "${#lines[@]}" -eq 9 ]
}

@test "a signal ends the wait for a board that has not answered" {
	MPF_SYSROOT=$PWD/tree
	plug a silent
	mpf-detect --json --progress=json >out 2>err 3>&- &
	pid=$!
	wait_until grep -q '"step":"ask"' err
	kill -INT "$pid"
	status=0
	wait "$pid" || status=$?
	[ "$status" -eq 1 ]
	[ "$(jq -r '.device.mode + " " + .error.code' out)" = \
	    "silent cancelled" ]
	[[ $(jq -r .error.message out) == *": stopped before it answered" ]]
}

@test "--ignore and MPFLASH_IGNORE add up; a filter always narrows" {
	export MPFLASH_IGNORE=$' ttyUSB*\t 1-1.3\n'
	run -0 --separate-stderr mpf-detect --sysroot "$bench" --no-probe \
	    --ignore '*ACM1' --serial '1-[12]*' --keep-order
	[ "$(jq -r '.device | [.usb_path, .mode] | join(" ")' \
	    <<<"$output" | xargs)" = \
	    "1-1.3 ignored 1-1.2 silent 1-1.10 ignored 1-2 ignored" ]
}

@test "a port that cannot be opened is an error that says what to do" {
	run -1 --separate-stderr mpf-detect --sysroot "$bench" --serial 1-1.2
	[ "$(field .device.usb_path)" = 1-1.2 ]
	[ "$(field .error.code)" = unsupported ]
	run -1 --separate-stderr mpf-detect --sysroot "$stuck" --serial 1-4
	[ "$(field .device.usb_path)" = 1-4 ]
	[ "$(field .error.code)" = not_found ]
	[[ "$(field .error.hint)" = "in a container, pass the device on"* ]]
}

@test "what cannot be used is said to be there, and nothing is sent to it" {
	run -0 --separate-stderr mpf-detect --sysroot "$stuck" --keep-order
	[ "$(jq -r '.device | [.usb_path, .mode] | join(" ")' \
	    <<<"$output")" = "\
1-5 dfu
1-6 uf2
1-7 uf2
1-1 silent
1-2 silent
1-3 silent
1-4 silent" ]
	[[ "$(jq -r .device.problem <<<"${lines[3]}")" = \
	    "1-1: CH340 (1a86:7523): no driver"* ]]
	# Its port is a regular file here: to open it would be an error.
	[ "$(jq -r .device.serial_port <<<"${lines[1]}")" = /dev/ttyACM1 ]
	run -1 --separate-stderr mpf-detect --sysroot "$stuck" --serial 1-1
	[[ "$(field .error.hint)" = *"modprobe ch341"*"brltty"* ]]
	run -1 --separate-stderr mpf-detect --sysroot "$stuck" --serial 1-2
	[[ "$(field .error.hint)" = *"apt remove brltty"*"plug"* ]]
}

@test "where no board is found, what cannot be used is named" {
	run -1 --separate-stderr mpf-detect --sysroot "$stuck" \
	    --serial '1-[12]'
	[ "${#lines[@]}" -eq 3 ]
	[[ "$(jq -r .error.message <<<"${lines[2]}")" = \
	    "no board found: "*"; 1-1: CH340 (1a86:7523): no driver"* ]]
	[[ "$(jq -r .error.hint <<<"${lines[2]}")" = *"modprobe ch341"* ]]
}

# fat FILE: a bootloader's file system, with what it says of itself.
fat() {
	/usr/bin/python3 - "$1" <<-'END'
	import struct, sys
	info = (b"UF2 Bootloader 0.6.1\r\nModel: Seeed XIAO nRF52840\r\n"
	        b"Board-ID: nRF52840-SeeedXiao-v1\r\n"
	        b"SoftDevice: S140 version 7.3.0\r\n")
	boot, fat, root = bytearray(512), bytearray(512), bytearray(512)
	boot[0] = 0xeb
	struct.pack_into("<HBHBHHBH", boot, 11, 512, 1, 1, 1, 16, 100, 0xf8, 1)
	boot[510:] = b"\x55\xaa"
	fat[3:5] = b"\xff\x0f"
	root[:11] = b"INFO_UF2TXT"
	struct.pack_into("<HI", root, 26, 2, len(info))
	with open(sys.argv[1], "wb") as f:
	    f.write(boot + fat + root + info.ljust(512))
	END
}

@test "a drive that nobody mounted, of unknown ids, says what it is" {
	cp -R "$stuck" tree
	tree=$PWD/tree
	fat tree/dev/sdd
	size=$(echo tree/sys/bus/usb/devices/1-8/1-8:1.0/host*/*/*/block/sdd/size)
	# A stick of the user's, whatever files it has.
	run -1 --separate-stderr mpf-detect --sysroot "$tree" --serial 1-8
	echo 65536 >"$size"
	run -0 --separate-stderr mpf-detect --sysroot "$tree" --serial 1-8
	[ "$(field .device.mode)" = uf2 ]
	[ "$(field '.device.uf2 | [.board_id, .model, .softdevice] | join(",")')" \
	    = "nRF52840-SeeedXiao-v1,Seeed XIAO nRF52840,S140 version 7.3.0" ]
	run -0 mpf-detect --sysroot "$tree" --serial 1-8 --table
	[[ $output == *"Seeed XIAO nRF52840 (nRF52840-SeeedXiao-v1)"* ]]
	# Whoever works on it is not disturbed.
	exec 8>"locks/mpf-$(sum bench/usb/1-8).lock"
	flock 8
	run -1 --separate-stderr mpf-detect --sysroot "$tree" --serial 1-8
}

@test "a DFU device and the drive of a debug probe say what they are" {
	cp -R "$stuck" tree
	tree=$PWD/tree
	echo "@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg" \
	    >tree/sys/bus/usb/devices/1-5/1-5:1.0/interface
	run -0 --separate-stderr mpf-detect --sysroot "$tree" --serial 1-5
	[ "$(field .device.dfu.memory)" = \
	    "@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg" ]
	echo 0d28 >tree/sys/bus/usb/devices/1-8/idVendor
	echo 0204 >tree/sys/bus/usb/devices/1-8/idProduct
	run -0 --separate-stderr mpf-detect --sysroot "$tree" --keep-order
	jq -se 'map(select(.device.usb_path == "1-8"))[0].device |
	    .mode == "silent" and .probe == "DAPLink" and (.problem |
	    startswith("1-8: DAPLink (0d28:0204): a debug probe that shows a"))' \
	    <<<"$output"
	# Not even where the flashing of another board was begun.
	mkdir -p state/mpf/pending
	echo '{"mpf":1,"board":{"family":"micropython","port":"rp2"}}' \
	    >"state/mpf/pending/$(sum bench/usb/1-8).json"
	run -0 --separate-stderr mpf-detect --sysroot "$tree" --keep-order
	[ "$(jq -s 'map(select(.device.usb_path == "1-8"))[0].device.mode' \
	    <<<"$output")" = '"silent"' ]
}

# A drive that is mounted for somebody else may not be looked into.
@test "a drive that is mounted for another user is there, and said so" {
	open_dir
	cp -r "$bench" "$open/tree"
	media=$open/tree/media
	mkdir "$media/user"
	mv "$media/RPI RP2" "$media/user"
	chmod 700 "$media/user"
	printf '36 22 8:1 / /media/user/RPI\\040RP2 rw - vfat /dev/sda1 rw\n' \
	    >"$open/tree/proc/self/mountinfo"
	export MPF_LOCKS=$open/locks
	mkdir -m 1777 "$MPF_LOCKS"
	run -1 --separate-stderr as_nobody mpf-detect --json \
	    --sysroot "$open/tree" --no-probe --serial 1-1.3
	rm -rf "$open"
	[ "$(field '[.device.mode, .error.code] | @csv')" = \
	    '"uf2","permission"' ]
	[ "$(field .device.problem)" = \
	    "/media/user/RPI RP2: this drive is mounted for another user" ]
}

@test "a bootloader's port that cannot be listed hides no other port" {
	mkdir -p loop/dev
	ln -s sys loop/sys
	run -1 --separate-stderr mpf-detect --sysroot loop --no-probe \
	    --serial /dev/null --keep-order
	[ "${#lines[@]}" -eq 2 ]
	[[ "$(jq -r .error.message <<<"${lines[0]}")" = \
	    */sys/bus/usb/devices:* ]]
	[ "$(jq -r .device.serial_port <<<"${lines[1]}")" = /dev/null ]
}

# connection PLACE TREE: what tells that nothing was plugged in there since.
connection() {
	local dir=$2/sys/bus/usb/devices/$1
	echo "$(cat /proc/sys/kernel/random/boot_id) $(cat "$dir/devnum").$(
		stat -Lc %i "$dir")"
}

# kept PLACE JQ [TREE]: what was kept of a board whose flashing began there.
kept() {
	mkdir -p state/mpf/pending
	jq -cn --arg now "$(connection "$1" "${3:-$bench}")" '{mpf: 1,
	    device: {id: "bench/usb/1-1.3", mode: "repl"}, connection: $now,
	    board: {family: "micropython", board_id: "RPI_PICO", uid: "e661"},
	    flash: {state: "bootloader"}}'" | $2" \
	    >"state/mpf/pending/$(sum "bench/usb/$1").json"
}

@test "a bootloader says what the board was before its flashing began" {
	kept 1-1.3 .
	run -0 --separate-stderr mpf-detect --sysroot "$bench" --serial 1-1.3
	[ "$(field '.board | [.family, .board_id, .uid, length] | join(" ")')" \
	    = "micropython RPI_PICO e661 3" ]
	[ "$(field '[.device.mode, .device.named, has("flash"),
	    has("connection")] | @csv')" = '"uf2",true,false,false' ]

	# A drive of unknown ids that is not mounted is known by that alone.
	run -1 --separate-stderr mpf-detect --sysroot "$stuck" --serial 1-8
	[[ "$(field .error.message)" = "1-8: Cruzer Blade (0781:5567): a drive"* ]]
	kept 1-8 . "$stuck"
	run -0 --separate-stderr mpf-detect --sysroot "$stuck" --serial 1-8
	[ "$(field '[.device.mode, .board.uid] | @csv')" = '"uf2","e661"' ]
}

@test "what was kept says nothing of a board that was plugged in since" {
	local change
	for change in 'del(.connection)' '.connection += "1"' \
	    '.connection |= "x" + .'; do
		kept 1-1.3 "$change"
		run -0 mpf-detect --sysroot "$bench" --serial 1-1.3
		[ "$(field '[.device.mode, has("board")] | @csv')" = \
		    '"uf2",false' ]
	done
}

@test "what was kept is over when a board runs there" {
	export MPF_SYSROOT=$PWD/sysroot
	plug a rp2 --path 1-1
	mkdir -p state/mpf/pending
	echo '{"mpf":1,"device":{"id":"bench/usb/1-1"},"board":{"uid":"00"}}' \
	    >"state/mpf/pending/$(sum bench/usb/1-1).json"
	run -0 mpf-detect --json
	[ "$(field .device.mode)" = repl ]
	[ -z "$(ls state/mpf/pending)" ]
}

@test "a bootloader that somebody flashes is busy" {
	local file fd
	file=locks/mpf-$(sum bench/usb/1-1.3).lock
	echo "4242 mpf-flash" >"$file"
	exec {fd}<>"$file"
	flock "$fd"
	run -0 mpf-detect --sysroot "$bench" --serial 1-1.3
	[ "$(jq -c '.device | [.mode, .held_by.command]' <<<"$output")" = \
	    '["busy","mpf-flash"]' ]
	exec {fd}>&-
	run -0 mpf-detect --sysroot "$bench" --serial 1-1.3
	[ "$(field .device.mode)" = uf2 ]
}

@test "a port that the tree knows is never this system's" {
	export MPF_SYSROOT=$PWD/sysroot
	plug a rp2 --path 1-1
	port "$PWD/other" "EXEC:mpf-sim rp2 --stdio,pty,raw,echo=0"
	rm sysroot/dev/ttyACM0
	mkdir -p "sysroot/sys/class/tty/other"
	ln -s "$(realpath sysroot/sys/class/tty/ttyACM0/device)" \
	    sysroot/sys/class/tty/other/device
	run -1 --separate-stderr mpf-detect --json --serial "$PWD/other"
	[ "$(field .error.code)" = not_found ]
}

@test "a kept record that is broken is told, and the drive is shown" {
	mkdir -p state/mpf/pending
	echo '{' >"state/mpf/pending/$(sum bench/usb/1-1.3).json"
	run -0 --separate-stderr mpf-detect --sysroot "$bench" --serial 1-1.3
	[ "$(field .device.mode)" = uf2 ]
	[ "$(field .board)" = null ]
	[[ $stderr = "mpf-detect: the record kept for bench/usb/1-1.3: "* ]]
}

@test "on a terminal it is a table" {
	run -0 --separate-stderr mpf-detect --sysroot "$bench" --no-probe \
	    --table --keep-order
	[[ "${lines[0]}" =~ ^DEVICE\ +MODE\ +DESCRIPTION\ +PLACE ]]
	[[ "${lines[1]}" = *"Raspberry Pi RP2 (RPI-RP2)"* ]]
	[[ "${lines[3]}" =~ ^/dev/ttyACM0\ +silent\ +1-1.2 ]]
}

# 40 boards that say nothing: none is given up before the last is asked.
silent_boards() {
	/usr/bin/python3 - "$1" <<-'END'
	import os, select, sys, tty
	masters, names = {}, []
	for i in range(40):
	    m, s = os.openpty()
	    tty.setraw(s)
	    masters[m] = False
	    names.append(os.ttyname(s))
	    os.close(os.open(os.ttyname(s), os.O_RDWR | os.O_NOCTTY))
	    os.close(s)
	with open(sys.argv[1] + ".new", "w") as f:
	    f.write("\n".join(names) + "\n")
	os.rename(sys.argv[1] + ".new", sys.argv[1])
	asked, left = set(), set()
	while len(left) < len(masters):
	    for m in select.select([m for m in masters if m not in left], [], [],
	            0.05)[0]:
	        try:
	            os.read(m, 100)
	            asked.add(m)
	        except OSError:	# nobody has it open: not yet, or no more
	            if m in asked:
	                left.add(m)
	    if left and len(asked) < len(masters):
	        sys.exit(f"{len(asked)} asked when the first was given up")
	END
}

@test "ports that do not answer wait together, however many" {
	silent_boards ports >said 2>&1 &
	python=$!
	until [ -e ports ]; do sleep 0.02; done
	args=()
	while read -r port; do args+=(--serial "$port"); done <ports
	run -1 --separate-stderr mpf-detect "${args[@]}"
	cat said
	wait "$python"
	[ "$(grep -c '"mode":"silent"' <<<"$output")" -eq 40 ]
}

@test "a preview, a variant and board_info.toml are in the record, or why not" {
	export MPF_SYSROOT=$PWD/tree
	mkdir files
	printf '[mpflash]\nboard_id = "RPI_PICO_W"\n' >files/board_info.toml
	run -0 --separate-stderr mpf-sim rp2 --files files \
		--version 1.29.0-preview.101.gabcdef0123 -- mpf-detect
	[ "$(jq -c '.board | [.version, .build, .commit,
		.info.mpflash.board_id, .info_error]' <<<"$output")" = \
		'["v1.29.0-preview",101,"abcdef0123","RPI_PICO_W",null]' ]
	echo 'x = [' >files/board_info.toml
	run -0 --separate-stderr mpf-sim rp2 --files files -- mpf-detect
	[ "$(field .board.info)" = null ]
	[[ $(field .board.info_error) == "board_info.toml: line "* ]]
	run -0 --separate-stderr mpf-sim esp32 --board ESP32_GENERIC \
		--variant SPIRAM -- mpf-detect
	[ "$(field '.board | .board_id + "-" + .variant')" = \
		ESP32_GENERIC-SPIRAM ]
}
