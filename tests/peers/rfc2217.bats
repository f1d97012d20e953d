# SPDX-License-Identifier: MIT
# RFC 2217 as others speak it: pyserial's server and client, and Espressif's.
load ../cli/helper
load ../cli/sim

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
	peers=$("$BATS_TEST_DIRNAME/get")
	servers=()
}

teardown() {
	[ "${#servers[@]}" -eq 0 ] || kill "${servers[@]}"
	unplug_all
}

# board KIND OPTION...: mpf-sim, as an RFC 2217 server at $address.
board() {
	plug a "$@" --rfc2217 0
	address=$(jq -r .serial_port <<<"$event")
}

free_port() {
	/usr/bin/python3 -c 'import socket
with socket.socket() as s:
	s.bind(("127.0.0.1", 0))
	print(s.getsockname()[1])'
}

# in_front SERVER: that program serves the board's port at $address.
in_front() {
	local port
	[ -e "$1" ] || skip "no $1"
	port=$(free_port)
	PYTHONPATH=$peers/root/usr/lib/python3/dist-packages \
		/usr/bin/python3 "$1" -p "$port" \
		"$address?ign_set_control" >server.log 2>&1 3>&- &
	servers+=($!)
	wait_until grep -q "TCP/IP port: $port" server.log
	address=rfc2217://127.0.0.1:$port
}

# check_all: a REPL, and after that a chip by its lines, behind a server.
check_all() {
	board esp32 --version 1.24.1 --rise 150
	in_front "$1"
	run -0 --separate-stderr mpf-detect --serial "$address"
	[ "$(field .board.version)" = v1.24.1 ]
	kill "${servers[@]}"
	unplug_all
	servers=() sims=() sim_fds=()
	rm -f a.events
	board esp32s3 --blank --psram 8MB --rise 150
	in_front "$1"
	run -0 --separate-stderr mpf-detect --esp --serial "$address"
	[ "$(field '.chip.name, .chip.psram')" = $'esp32s3\noctal' ]
}

@test "pyserial's server, whose lines are as honest as ours" {
	check_all /usr/share/doc/python3-serial/examples/rfc2217_server.py
}

@test "Espressif's server, which resets the chip itself" {
	printf '[esptool]\ncustom_reset_sequence = %s\n' \
		'D0|R1|W0.1|D1|R0|W0.05|D0' >esptool.cfg
	check_all "$peers/root/usr/share/doc/esptool/examples/esp_rfc2217_server.py"
}

# pyserial lets 100 ms pass between two lines, so EN has to be slow.
@test "esptool over RFC 2217: it resets, writes and verifies our chip" {
	board esp32c3 --blank --rise 150
	head -c 100000 /dev/urandom >image
	run -0 esptool --port "$address?ign_set_control" --baud 460800 \
		--no-stub write_flash --compress 0 image
	[[ $output == *"Hash of data verified"* ]]
	[[ $output == *"Hard resetting via RTS pin"* ]]
	run -0 esptool --port "$address?ign_set_control" --no-stub \
		verify_flash 0 image
	[[ $output == *"verify OK"* ]]
}

@test "mpremote talks to a board over RFC 2217" {
	board esp32 --version 1.24.1
	run -0 mpremote connect "$address" exec 'print(6*7)'
	[[ $output == *42* ]]
}
