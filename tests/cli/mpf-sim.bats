# SPDX-License-Identifier: MIT
load helper
load sim

teardown() { unplug_all; }

PICO_W="Raspberry Pi Pico W with RP2040"

# boot TTY: machine.bootloader(), until the board has gone.
boot() { talk "$1" '\r' '>>> ' 'import machine; machine.bootloader()\r' '$' >/dev/null; }

@test "a board is a tty at its place, and answers" {
	plug a rp2 --path 1-1.2 --version 1.23.0
	[ "$(jq -r .serial_port <<<"$event")" = /dev/ttyACM0 ]
	[ "$(jq -r .version <<<"$event")" = v1.23.0 ]
	[ "$(cat "$MPF_SYSROOT/sys/bus/usb/devices/1-1.2/idVendor")" = 2e8a ]
	[ "$(realpath "$MPF_SYSROOT/sys/class/tty/ttyACM0/device")" = \
		"$(realpath "$MPF_SYSROOT/sys/bus/usb/devices/1-1.2:1.0")" ]
	run -0 talk "$(tty)" '\r' '>>> ' 'print(6*7)\r' '\n>>> '
	[[ $output == *$'>>> print(6*7)\r\n42\r\n>>> ' ]]
}

@test "nobody holds a simulated tty but who opened it" {
	plug a rp2
	# By what it is, as names start alike, and others have their own devpts.
	holders() {
		find -L /proc/[0-9]*/fd -maxdepth 1 -samefile "$(tty)" \
			2>/dev/null || :
	}
	[ -z "$(holders)" ]
	exec 5<>"$(tty)"
	[ -n "$(holders)" ]
	exec 5>&-
}

@test "what it says while nobody listens is lost" {
	plug a foreign
	exec 5<>"$(tty)"
	read -r -t 5 line <&5
	[[ $line == '$GPGGA,'* ]]
	exec 5>&-
	plug b rp2 --path 1-2
	run -0 talk "$(tty ttyACM1)" '\r' '>>> '
	[ "$output" = $'\r\n>>> ' ]
}

@test "UF2 all the way: vanishes, is a drive, takes the file, comes back" {
	plug a rp2 --path 1-1.2 --keep "$BATS_TEST_TMPDIR/kept"
	boot "$(tty)"
	event a bootloader
	[ "$(jq -r .volume <<<"$event")" = /media/RPI-RP2 ]
	[ ! -e "$(tty)" ]
	grep -q 'Board-ID: RPI-RP2' "$MPF_SYSROOT/media/RPI-RP2/INFO_UF2.TXT"
	grep -q ' 8:1 / /media/RPI-RP2 .* vfat /dev/sda1 ' \
		"$MPF_SYSROOT/proc/self/mountinfo"
	uf2 e48bff56 1.22.2 "$PICO_W" >"$BATS_TEST_TMPDIR/fw.uf2"
	cp "$BATS_TEST_TMPDIR/fw.uf2" "$MPF_SYSROOT/media/RPI-RP2/"
	event a running
	[ "$(jq -r .version <<<"$event")" = v1.22.2 ]
	[ "$(jq -r .board_id <<<"$event")" = RPI_PICO_W ]
	cmp "$BATS_TEST_TMPDIR/fw.uf2" "$BATS_TEST_TMPDIR/kept"
	[ ! -e "$MPF_SYSROOT/media/RPI-RP2" ]
	[ ! -s "$MPF_SYSROOT/proc/self/mountinfo" ]
	run -0 talk "$(tty)" '\x02' '>>> '
	[[ $output == *"MicroPython v1.22.2 on 2024-02-22; $PICO_W"* ]]
}

@test "blocks of another family are ignored, as the boot ROM does" {
	plug a rp2
	boot "$(tty)"
	event a bootloader
	uf2 e48bff59 1.24.1 "Raspberry Pi Pico2 with RP2350" \
		>"$MPF_SYSROOT/media/RPI-RP2/wrong.uf2"
	echo hello >"$MPF_SYSROOT/media/RPI-RP2/hello.txt"
	uf2 e48bff56 1.22.2 "$PICO_W" >"$MPF_SYSROOT/media/RPI-RP2/right.uf2"
	event a running
	[ "$(jq -r .version <<<"$event")" = v1.22.2 ]
}

@test "SAMD: no partition, blocks without family, the touch at 1200 baud" {
	plug a samd --path 2-1
	exec 5<>"$(tty)"
	stty 1200 <&5
	exec 5>&-
	event a bootloader
	[ "$(jq -r .disk <<<"$event")" = /dev/sda ]
	uf2 0 1.22.2 "Wio Terminal D51R with SAMD51P19A" \
		>"$MPF_SYSROOT/media/Arduino/fw.uf2"
	event a running
	[ "$(jq -r .version <<<"$event")" = v1.22.2 ]
}

@test "a bridge has no way to the bootloader" {
	plug a esp32 --path 1-1.4
	[ "$(jq -r .serial_port <<<"$event")" = /dev/ttyUSB0 ]
	run -0 talk "$(tty ttyUSB0)" '\r' '>>> ' 'machine.bootloader()\r' '>>> '
	[[ $output == *AttributeError:* ]]
}

@test "a bootloader that is DFU has no drive" {
	plug a stm32
	boot "$(tty)"
	event a bootloader
	[ "$(jq -r .volume <<<"$event")" = null ]
	[ "$(cat "$MPF_SYSROOT/sys/bus/usb/devices/1-1/idProduct")" = df11 ]
	[ "$(cat "$MPF_SYSROOT/sys/bus/usb/devices/1-1:1.0/bInterfaceClass")" = fe ]
}

@test "reset comes back; with --new-name under another name" {
	plug a rp2 --new-name
	talk "$(tty)" 'machine.reset()\r' '$' >/dev/null
	event a running
	[ "$(jq -r .serial_port <<<"$event")" = /dev/ttyACM1 ]
	[ ! -e "$(tty)" ]
}

@test "many boards in one tree, while others read it" {
	for i in 1 2 3 4 5 6; do
		plug "b$i" rp2 --path "1-1.$i"
	done
	[ "$(find "$MPF_SYSROOT/sys/class/tty" -type l | wc -l)" -eq 6 ]
	run -2 --separate-stderr mpf-sim rp2 --path 1-1.3
	[[ $stderr == *"1-1.3: something is plugged in there"* ]]
	unplug_all
	sims=() sim_fds=()
	[ -z "$(find "$MPF_SYSROOT" -type l)" ]
	[ ! -e "$MPF_SYSROOT/sys/devices/pci0000:00" ]
}

@test "a command runs with the board, and its end is the end" {
	unset MPF_SYSROOT
	export TMPDIR=$BATS_TEST_TMPDIR/tmp
	mkdir "$TMPDIR"
	run -7 mpf-sim rp2 --path 1-1 -- mpf-sim silent --path 1-2 -- \
		bash -c 'ls -d "$MPF_SYSROOT"/dev/*; exit 7' --help
	[ "${#lines[@]}" -eq 2 ]
	[[ ${lines[1]} == */dev/ttyACM1 ]]
	[ -z "$(ls "$TMPDIR")" ]
	run -127 mpf-sim rp2 -- /nonexistent
}

@test "a signal takes the board away, and leaves status 0" {
	plug a rp2
	kill -TERM "$pid_a"
	wait "$pid_a"
	[ ! -e "$MPF_SYSROOT/sys/bus/usb/devices/1-1" ]
}

@test "a bare pty under a name of one's own" {
	export MPF_SYSROOT=
	plug a rp2 --link "$BATS_TEST_TMPDIR/port"
	[ "$(jq -r .serial_port <<<"$event")" = "$BATS_TEST_TMPDIR/port" ]
	run -0 talk "$BATS_TEST_TMPDIR/port" '\r' '>>> ' '1+1\r' '>>> '
	[[ $output == *$'\r\n2\r\n'* ]]
	kill "$pid_a"
	wait "$pid_a"
	[ ! -L "$BATS_TEST_TMPDIR/port" ]
}

@test "--link takes no name of another's, and takes away its own alone" {
	cd "$BATS_TEST_TMPDIR"
	echo precious >file
	mkdir dir
	for name in file dir; do
		run -2 --separate-stderr mpf-sim rp2 --link "$name" -- true
		[ "${stderr_lines[0]}" = \
			"mpf-sim: $name: exists and is not a link" ]
		[ "${stderr_lines[1]}" = \
			"mpf-sim: hint: choose another name for --link" ]
	done
	[ "$(cat file)" = precious ]
	ln -s nowhere old
	run -0 mpf-sim rp2 --link old -- test -c old
	[ ! -L old ]
	# Meanwhile the name was given to others.
	run -0 mpf-sim rp2 --link port -- ln -sf file port
	[ "$(readlink port)" = file ]
	run -0 mpf-sim rp2 --link port -- mv -f file port
	[ "$(cat port)" = precious ]
}

@test "on standard input and output; 12 means: off to the bootloader" {
	run -12 mpf-sim rp2 --stdio <<<$'\001machine.bootloader()\004'
	[[ $output == *"raw REPL; CTRL-B to exit"* ]]
	run -0 mpf-sim rp2 --stdio --version 1.21.0 </dev/null
	[[ $output == *"MicroPython v1.21.0 on "* ]]
	uf2 e48bff56 1.22.2 "$PICO_W" >"$BATS_TEST_TMPDIR/fw.uf2"
	run -0 mpf-sim rp2 --stdio --image "$BATS_TEST_TMPDIR/fw.uf2" </dev/null
	[[ $output == *"MicroPython v1.22.2 on 2024-02-22; $PICO_W"* ]]
}

@test "files outlive soft reset, flashing, and with --files the board" {
	plug a rp2 --files "$BATS_TEST_TMPDIR/flash"
	talk "$(tty)" "f=open('a','w')\r" '\n>>> ' "f.write('kept')\r" \
		'\n>>> ' '\x04' '\n>>> ' 'machine.reset()\r' '$' >/dev/null
	event a running
	# The first prompt may be the one of the start.
	run -0 talk "$(tty)" "f=open('a')\r" '\n>>> ' \
		'f.read()\r' "b'kept'"
	[ "$(cat "$BATS_TEST_TMPDIR/flash/a")" = kept ]
}

@test "a program that runs needs ^C, and runs again after a soft reset" {
	plug a rp2 --busy
	run -0 talk "$(tty)" '\r' 'reading ' '\x03' '>>> ' \
		'\x04' 'reading ' '\x03' '>>> '
	[[ $output == *"KeyboardInterrupt:"*">>> "*"MPY: soft reboot"*">>> " ]]
}

@test "a program in the place of the simulated REPL" {
	plug a rp2 --repl "printf 'hello\r\n'; read -r line; exit 12"
	talk "$(tty)" 'x\n' '$' >/dev/null
	event a bootloader
}

@test "silent takes everything and says nothing" {
	plug a silent
	run -124 timeout 0.5 "$BATS_TEST_DIRNAME/talk" "$(tty)" '\r\x03\x03' '>'
	[ -z "$output" ]
}

@test "--slow waits before each answer" {
	plug a rp2 --slow 100
	# The clock of the board: the time of day may be set back meanwhile.
	monotonic='import time; print(time.monotonic_ns() // 1000)'
	# What it said at its start is out of the way then.
	talk "$(tty)" 'print(1)\r' '\n1\r\n>>> ' >/dev/null
	from=$(python3 -c "$monotonic")
	talk "$(tty)" 'print(2)\r' '\n2\r\n>>> ' 'print(3)\r' '\n3\r\n>>> ' >/dev/null
	# Twice 100 ms, each of them a millisecond less at most: clocks tick.
	[ $(($(python3 -c "$monotonic") - from)) -ge 198000 ]
}

@test "faults: a drive that never comes, is never mounted, goes half-way" {
	plug a rp2 --path 1-1 --fail-at drive
	plug b rp2 --path 1-2 --fail-at mount
	plug c rp2 --path 1-3 --fail-at block:10
	plug d rp2 --path 1-4 --fail-at boot
	plug e rp2 --path 1-5 --fail-at board --after "Raspberry Pi Pico with RP2040"
	for n in 0 1 2 3 4; do
		boot "$(tty ttyACM$n)"
	done
	event a vanished
	event b bootloader
	[[ $(jq -c '[.volume, .disk]' <<<"$event") == '[null,"/dev/sd'[a-d]'1"]' ]]
	for n in c d e; do
		event "$n" bootloader
		uf2 e48bff56 1.22.2 "$PICO_W" \
			>"$MPF_SYSROOT$(jq -r .volume <<<"$event")/fw.uf2"
	done
	event c vanished
	[ "$(jq -r .done <<<"$blocks")" -eq 10 ]
	event d blocks
	event d vanished
	event e running
	[ "$(jq -r .board_id <<<"$event")" = RPI_PICO ]
	[ ! -e "$MPF_SYSROOT/sys/bus/usb/devices/1-1" ]
	[ ! -e "$MPF_SYSROOT/sys/bus/usb/devices/1-3" ]
	[ ! -e "$MPF_SYSROOT/sys/bus/usb/devices/1-4" ]
}

@test "events go where they are wanted" {
	run -0 mpf-sim rp2 --events "$BATS_TEST_TMPDIR/ev" -- true
	[ -z "$output" ]
	[ "$(jq -r .event "$BATS_TEST_TMPDIR/ev")" = plugged ]
}

@test "a tree named from here is the same tree elsewhere" {
	cd "$BATS_TEST_TMPDIR"
	mkdir away
	run -0 mpf-sim rp2 --sysroot tree -- \
		bash -c 'cd away && ls "$MPF_SYSROOT/dev" && pwd'
	[ "${lines[0]}" = ttyACM0 ]
	[ ! -e away/tree ]
}

@test "a tty has a name as Linux gives it, and that number" {
	for name in '' ../../zz tty ACM/0 0 ttyACM0x ttyACM1234567; do
		run -2 --separate-stderr mpf-sim rp2 --tty "$name" -- true
		[ "$stderr" = \
			"mpf-sim: ${name:-''}: not a tty name like ttyACM3" ]
	done
	[ -z "$(find "$MPF_SYSROOT" -type l)" ]
	plug a rp2 --tty ttyACM10
	[ "$(cat "$MPF_SYSROOT/sys/class/tty/ttyACM10/dev")" = 166:10 ]
}

@test "events that nobody gets are an error, once, and the board plays on" {
	run -2 --separate-stderr bash -c \
		'printf "\1print(6*7)\4" | mpf-sim rp2 --stdio --events /dev/full'
	[[ $output == *42* ]]
	[ "$stderr" = "mpf-sim: events: No space left on device" ]
	run -7 --separate-stderr mpf-sim rp2 --events /dev/full -- \
		bash -c 'exit 7'
	[ "$stderr" = "mpf-sim: events: No space left on device" ]
}

@test "usage" {
	kinds="rp2, samd, nrf, mimxrt, microbit, nucleo, stm32, esp32, esp32s2, esp32s3, esp32c3, esp32c6, "
	kinds+="esp32c2, esp32c5, esp32h2, esp32p4, esp8266, silent, foreign"
	run -2 --separate-stderr mpf-sim
	[ "$stderr" = "mpf-sim: no KIND given
mpf-sim: hint: there are $kinds; mpf-sim --help says more" ]
	run -2 --separate-stderr mpf-sim teapot
	[[ $stderr == "mpf-sim: teapot: no kind of board"*"there are $kinds;"* ]]
	run -2 --separate-stderr mpf-sim rp2 --nonsense
	[[ $stderr == "mpf-sim: --nonsense: not an option of mpf-sim"* ]]
	run -2 --separate-stderr mpf-sim rp2 --s x
	[[ $stderr == "mpf-sim: --s: may be --secure, --sysroot, --serial, --stdio, --slow, --settle"* ]]
	run -2 --separate-stderr mpf-sim rp2 --settle 3000000000
	[[ $stderr == *"--slow, --boot and --settle: up to 2147483647 ms" ]]
	run -2 --separate-stderr mpf-sim rp2 --slow x
	[[ $stderr == *"--slow x: not a whole number from 0"* ]]
	run -2 --separate-stderr mpf-sim rp2 --board
	[[ $stderr == *"--board: needs a value"* ]]
	run -2 --separate-stderr mpf-sim rp2 --board ESP32_GENERIC
	[[ $stderr == *"ESP32_GENERIC: a board of esp32, not of rp2"* ]]
	run -2 --separate-stderr mpf-sim rp2 --uid xyz
	[[ $stderr == *"--uid xyz: not 1 to 16 bytes in hex"* ]]
	run -2 --separate-stderr mpf-sim rp2 --path /dev/sda
	[[ $stderr == *"/dev/sda: not a USB path like 1-1.2"* ]]
	run -2 --separate-stderr mpf-sim rp2 --fail-at lunch
	[[ $stderr == *"lunch: no such fault"*"hint: there are probe, "* ]]
	run -2 --separate-stderr mpf-sim rp2 --board NOPE
	[[ $stderr == *"NOPE: not a board of v"*"hint: ${MPF_SHARE:0:200}"* ]]
	run -2 --separate-stderr mpf-sim rp2 mpf-detect --json
	[[ $stderr == *"--json: not an option of mpf-sim"*" come after --" ]]
	: >"$BATS_TEST_TMPDIR/empty"
	run -2 --separate-stderr mpf-sim rp2 --image "$BATS_TEST_TMPDIR/empty"
	[[ $stderr == *"/empty: does not say what it is"* ]]
	MPF_SYSROOT='' run -2 --separate-stderr mpf-sim rp2
	[[ $stderr == "mpf-sim: no place to plug it in"*"hint: give --sysroot "* ]]
	run -0 mpf-sim --help
	[[ $output == *"usage: mpf-sim KIND"*"  rp2 "*"  block "* ]]
	# Its first example, as it stands there.
	run -0 --separate-stderr bash -c "$(sed -n '/^Examples:/{n;p}' \
	    <<<"$output")"
	[ "$(jq -r '.device | .usb_path + " " + .mode' <<<"$output" | sort |
	    xargs)" = "1-1 repl 1-2 silent" ]
	run -0 mpf-sim -V
	[[ $output == "mpf-sim "* ]]
}

@test "words for an ESP chip that make no sense are refused" {
	local words
	for words in "flash-size 3MB" "psram 3MB" "revision 3" "rise 0" \
	    "wiring odd" "package ESP32-X" "secure all" "timing slow" \
	    "hold both" "flash-lines 3"; do
		# shellcheck disable=SC2086 # an option and its word
		run -2 --separate-stderr mpf-sim esp32 --$words -- true
		[[ $stderr == "mpf-sim: --$words: "* ]]
	done
	run -2 --separate-stderr mpf-sim rp2 --hold boot -- true
	[[ $stderr == *"--hold: for the kinds whose chip is an ESP" ]]
}
