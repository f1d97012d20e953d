# SPDX-License-Identifier: MIT
# MicroPython's own tool at a simulated board: what it takes for a board is one.
load ../cli/helper
load ../cli/sim

teardown() { unplug_all; }

# remote TTY WORD...: mpremote there.
remote() {
	local tty=$1
	shift
	mpremote connect "$(tty "$tty")" "$@" | tr -d '\r'
}

@test "exec, eval, and an exception" {
	plug a rp2 --version 1.23.0
	run -0 remote ttyACM0 exec 'import sys; print(sys.implementation)'
	[ "$output" = "(name='micropython', version=(1, 23, 0, ''), _machine='Raspberry Pi Pico W with RP2040', _mpy=4870)" ]
	run -0 remote ttyACM0 eval '6 * 7'
	[ "$output" = 42 ]
	run -1 mpremote connect "$(tty)" exec 'nope'
	[[ $output == *"NameError: name 'nope' isn't defined"* ]]
}

@test "firmware without raw-paste" {
	plug a rp2 --old
	run -0 remote ttyACM0 exec 'print("a" + "b")'
	[ "$output" = ab ]
}

@test "a soft reset forgets, resume does not" {
	plug a rp2
	remote ttyACM0 exec 'x = 5'
	run -0 remote ttyACM0 resume exec 'print(x)'
	[ "$output" = 5 ]
	run -1 mpremote connect "$(tty)" exec 'print(x)'
	[[ $output == *NameError* ]]
	remote ttyACM0 resume exec 'x = 5' soft-reset
	run -1 mpremote connect "$(tty)" resume exec 'print(x)'
}

@test "files, there and back" {
	plug a rp2
	head -c 1000 /dev/urandom >"$BATS_TEST_TMPDIR/data"
	remote ttyACM0 cp "$BATS_TEST_TMPDIR/data" :data
	run -0 remote ttyACM0 ls
	[[ $output == *"1000 data"* ]]
	remote ttyACM0 cp :data "$BATS_TEST_TMPDIR/back"
	cmp "$BATS_TEST_TMPDIR/data" "$BATS_TEST_TMPDIR/back"
	echo hello >"$BATS_TEST_TMPDIR/text"
	remote ttyACM0 cp "$BATS_TEST_TMPDIR/text" :text
	run -0 remote ttyACM0 cat :text
	[ "$output" = hello ]
	remote ttyACM0 rm :text
	run -1 mpremote connect "$(tty)" cat :text
}

@test "a program that runs is interrupted" {
	plug a rp2 --busy
	run -0 remote ttyACM0 exec 'print(1)'
	[ "$output" = 1 ]
}

@test "bootloader, a file on the drive, and it is back" {
	plug a rp2
	remote ttyACM0 bootloader
	event a bootloader
	uf2 e48bff56 1.22.2 "Raspberry Pi Pico W with RP2040" \
		>"$MPF_SYSROOT/media/RPI-RP2/fw.uf2"
	event a running
	run -0 remote ttyACM0 exec 'import sys; print(sys.version)'
	[ "$output" = "3.4.0; MicroPython v1.22.2 on 2024-02-22" ]
}

@test "what mpf-detect says is what mpremote hears" {
	plug a rp2 --version 1.24.1
	run -0 remote ttyACM0 exec 'import os; print(os.uname().machine)'
	[ "$output" = "$(mpf-detect --json | jq -r .board.description)" ]
}
