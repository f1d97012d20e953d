# SPDX-License-Identifier: MIT
# Ports of other computers, by RFC 2217: mpf-sim plays both sides' computers.
load helper
load sim
load esp

setup() {
	export MPFLASH_FIRMWARE=$BATS_TEST_TMPDIR/fw MPF_HOST=bench
	cd "$BATS_TEST_TMPDIR" || return
	servers=()
}

teardown() {
	[ "${#servers[@]}" -eq 0 ] || kill "${servers[@]}"
	unplug_all
}

# serve KIND OPTION...: its port is at $address.
serve() {
	plug a "$@" --rfc2217 0
	address=$(jq -r .serial_port <<<"$event")
}

# listen COMMAND: a server that is none of RFC 2217, at $address.
listen() {
	local port
	socat -d -d TCP-LISTEN:0,bind=127.0.0.1,reuseaddr,fork \
		"SYSTEM:$1" 2>listen.log 3>&- &
	servers+=($!)
	wait_until grep -q "listening on" listen.log
	port=$(sed -n 's/.*listening on .*:\([0-9]*\)$/\1/p' listen.log)
	address=rfc2217://127.0.0.1:$port
}

@test "a board on another computer is asked, and its id is its address" {
	serve esp32 --version 1.24.1
	run -0 --separate-stderr mpf-detect --serial "$address"
	[ "$(jq -c '[.device.id, .device.serial_port, .device.named,
		.device.mode, .board.version]' <<<"$output")" = \
		"[\"$address\",\"$address\",true,\"repl\",\"v1.24.1\"]" ]
	# As often as one likes: the port is let go.
	run -0 --separate-stderr mpf-detect --serial "$address"
	[ "$(field .board.board_id)" = ESP32_GENERIC ]
}

@test "a program there is interrupted and started again" {
	serve esp32 --busy
	run -0 --separate-stderr mpf-detect --serial "$address"
	[ "$(field .board.interrupted)" = true ]
}

@test "the whole pipe over the network: files, flash and record" {
	serve esp32 --files board
	image 0 "Generic ESP32 module with ESP32" >one.bin
	run -0 --separate-stderr bash -c "mpf-detect --serial $address |
		jq -c --arg s 'file://$PWD/one.bin' '.firmware = {
		action: \"flash\", by: \"manual\", custom: true,
		board_id: \"ESP32_GENERIC\", port: \"esp32\", source: \$s}' |
		mpf-fetch | mpf-flash --no-stub | mpf-record"
	[ "$(jq -c '[.device.id, .board.version, .flash.state,
		.flash.verified, .record.toml]' <<<"$output")" = \
		"[\"$address\",\"v1.25.0\",\"running\",[\"digest\",\"boot\"],\"written\"]" ]
	grep -q 'version = "v1.25.0"' board/mpflash.toml
}

@test "a blank chip there is reset by DTR and RTS, and gets its firmware" {
	serve esp32c3 --blank
	image 5 "ESP32C3 module with ESP32C3" >one.bin
	run -0 --separate-stderr mpf-detect --esp --serial "$address"
	[ "$(field .chip.name)" = esp32c3 ]
	run -0 --separate-stderr bash -c "jq -c \
		--arg s 'file://$PWD/one.bin' '.firmware = {
		action: \"flash\", by: \"board\", custom: true,
		board_id: \"ESP32_GENERIC_C3\", port: \"esp32\", source: \$s}' |
		mpf-fetch | mpf-flash --no-stub" <<<"$output"
	[ "$(field '.board.version, .flash.state')" = $'v1.25.0\nrunning' ]
}

@test "a slow EN is waited for" {
	serve esp32c3 --blank --rise 200
	run -0 --separate-stderr mpf-detect --esp --serial "$address"
	[ "$(field .chip.name)" = esp32c3 ]
}

@test "two tools do not work on one port" {
	serve esp32
	mpf-detect --serial "$address" >record
	lock=$(find . -maxdepth 1 -name '*.lock' | head -1)
	[ -n "$lock" ]
	exec {fd}<>"$lock"
	flock -n "$fd"
	run -0 --separate-stderr mpf-detect --serial "$address"
	[ "$(field .device.mode)" = busy ]
	exec {fd}>&-
}

@test "nothing listens, or something else does" {
	run -1 --separate-stderr mpf-detect --serial rfc2217://127.0.0.1:1
	[ "$(field .error.code)" = network ]
	[[ $stderr == *"rfc2217://127.0.0.1:1: Connection refused"*"hint: start an RFC 2217 server there"* ]]
	listen 'printf "ets Jul 29"; printf "\\377\\376\\054"; sleep 9'
	run -1 --separate-stderr mpf-detect --serial "$address"
	[ "$(field .error.code)" = unsupported ]
	[[ $(field .error.message) == "$address: no RFC 2217 server" ]]
	listen 'exit 0'
	run -1 --separate-stderr mpf-detect --serial "$address"
	[ "$(field .error.code)" = network ]
	[[ $(field .error.message) == *"the other end closes the connection" ]]
}

@test "an address that is wrong is said, and other ports are looked at" {
	local bad
	for bad in rfc2217://host rfc2217://:4000 rfc2217://host:0; do
		run -1 --separate-stderr mpf-detect --serial "$bad"
		[ "$(field .error.code)" = usage ]
		[[ $stderr == *"$bad: not an address of RFC 2217"*"hint: write rfc2217://HOST:PORT"* ]]
	done
	run -1 --separate-stderr mpf-detect --serial socket://host:1
	[ "$(field .error.code)" = unsupported ]
}

@test "a chip that the lines hold in reset is let go, and flashed" {
	serve esp32 --wiring direct
	run -0 --separate-stderr mpf-detect --serial "$address"
	[ "$(field .board.version)" = v1.24.1 ]
	[ "$(field .device.lines)" = null ]
	image 0 "Generic ESP32 module with ESP32" >one.bin
	jq -c --arg s "file://$PWD/one.bin" '.firmware = {
		action: "flash", by: "manual", custom: true,
		board_id: "ESP32_GENERIC", port: "esp32", source: $s}' \
		<<<"$output" | mpf-fetch >plan
	run -0 --separate-stderr mpf-flash --no-stub <plan
	[ "$(field '.board.version, .flash.state')" = $'v1.25.0\nrunning' ]
}

@test "--lines names the lines by hand, and the record passes them on" {
	serve esp32 --wiring direct --files board
	run -0 --separate-stderr mpf-detect --serial "$address" --lines 0,0 \
		--trace wire
	[ "$(field .device.lines)" = 0,0 ]
	[ "$(field .board.interrupted)" = null ]
	[ "$(sed -n 2p wire)" = "~ 0 0" ]
	jq -c '.flash = {version_after: "v1.24.1", state: "running",
		verified: ["boot"]} |
		.firmware = {action: "flash", by: "manual", port: "esp32",
		board_id: "ESP32_GENERIC", version: "v1.24.1"}' \
		<<<"$output" >flashed
	rm wire
	mpf-record --trace wire <flashed >/dev/null || :
	[ "$(sed -n 2p wire)" = "~ 0 0" ]
	run -2 --separate-stderr mpf-detect --lines on,off
	[ "$(field .error.code)" = usage ]
	[[ $stderr == *"--lines on,off: not DTR and RTS as 0,0"* ]]
}

@test "an image that does not start in qio is written again in dio" {
	serve esp32 --flash-lines 2
	image 0 "Generic ESP32 module with ESP32" >one.bin
	mpf-detect --serial "$address" |
		jq -c --arg s "file://$PWD/one.bin" '.firmware = {
		action: "flash", by: "manual", custom: true, port: "esp32",
		board_id: "ESP32_GENERIC", source: $s}' | mpf-fetch >plan
	run -0 --separate-stderr mpf-flash --no-stub -t 4s \
		--flash-mode qio <plan
	[ "$(field .flash.flash_mode)" = dio ]
	[ "$(field .flash.state)" = running ]
	[ "$(field .flash.attempts)" = 2 ]
	[ "$(field .flash.written_bytes)" -eq "$(wc -c <one.bin)" ]
	# As the image has it, it starts at once.
	run -0 --separate-stderr mpf-flash --no-stub <<<"$output"
	[ "$(field '.flash.flash_mode, .flash.written_bytes')" = $'null\n0' ]
}

@test "a board that says nothing is not reset by looking at it" {
	serve esp32 --repl "stty raw -echo; >$PWD/raw; exec cat >/dev/null"
	wait_until test -e raw
	run -1 --separate-stderr mpf-detect --serial "$address" -t 4s
	[ "$(jq -r 'select(.device) | .device.mode' <<<"$output")" = silent ]
	run ! read -r -t 0.2 -u "$fd_a" event
}

@test "--trace writes what went over the port, and -vv shows it" {
	serve esp32c3 --blank
	run -0 --separate-stderr mpf-detect --esp --serial "$address" \
		--trace wire -vv
	[ "$(grep -c "^# $address, " wire)" -eq 2 ]
	grep -qx '~ 0 1' wire
	grep -q '^> \\xc0\\x00\\x08\$' wire
	! grep -vE '^(# |[<>] |@ [0-9]+$|~ [01] [01]$|!$)' wire || false
	[[ $stderr == *"mpf-detect: $address: ~ 0 1"* ]]
	run -2 --separate-stderr mpf-detect --trace no/such
	[[ $stderr == *"--trace: no/such: "* ]]
}
