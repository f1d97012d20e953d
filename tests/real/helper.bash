# SPDX-License-Identifier: MIT
# Loaded by every *.bats file here: real MicroPython behind ptys.
bats_require_minimum_version 1.5.0

# wait_for COMMAND...: until it succeeds, 20 s at most.
wait_for() {
	local end=$((SECONDS + 20))
	until "$@"; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.05
	done
}

# start_wasm NAME VERSION [JQ]: the npm build of VERSION behind the pty ./NAME;
# JQ changes what it claims to be.
start_wasm() {
	jq -n --arg pkg "$MPF_TEST_NPM/$2" --arg ready "$PWD/$1.ready" \
	    '{$pkg, $ready, machine: "Raspberry Pi Pico W with RP2040",
	    platform: "rp2", uid: "e6614c311b5a6b2c"} | '"${3:-.}" >"$1.json"
	socat "PTY,link=$1,raw,echo=0" \
	    "EXEC:node $BATS_TEST_DIRNAME/mpyboard.mjs $1.json" 3>&- &
	echo $! >>pids
	wait_for [ -e "$1.ready" ]
}

# is_idle NAME: it answers, and no program of its own had to end for that.  A
# board that was just starting when it was asked counts as such a program: it
# has been started again, and may not be ready yet.
is_idle() {
	local said
	said=$(mpf-repl --no-interrupt "$1" run 'print(1)' 2>&1) &&
	    [ "$said" = 1 ]
}

# start_microbit: MicroPython of 2017 behind the pty ./microbit.
start_microbit() {
	local hex=/usr/share/firmware-microbit-micropython/firmware.hex
	[ -e "$hex" ] || skip "no package firmware-microbit-micropython"
	command -v qemu-system-arm >/dev/null || skip "no qemu-system-arm"
	qemu-system-arm -M microbit -nographic -monitor none \
	    -serial unix:uart,server=on,wait=off \
	    -device "loader,file=$hex" >qemu.log 2>&1 3>&- &
	echo $! >>pids
	wait_for [ -S uart ]
	# The socket is there a moment before somebody listens.
	socat PTY,link=microbit,raw,echo=0 \
	    UNIX-CONNECT:uart,retry=200,interval=0.05 3>&- &
	echo $! >>pids
	wait_for [ -e microbit ]
	wait_for is_idle microbit
}

# start_pico NAME: stock firmware for the Pico W in an emulator of its chip,
# behind the pty ./NAME, which drops what it says while nobody has that open.
start_pico() {
	local image=${MPF_SAMPLES:-/nonexistent}/RPI_PICO_W-v1.22.2.uf2
	local pkg=$MPF_TEST_NPM/../rp2040js/1.4.1
	[ -e "$image" ] || skip "no RPI_PICO_W-v1.22.2.uf2 in MPF_SAMPLES"
	[ -e "$pkg" ] || skip "no rp2040js of npm"
	jq -n --arg pkg "$pkg" --arg image "$image" \
	    --arg ready "$PWD/$1.ready" '{$pkg, $image, $ready,
	    uid: "e6614c311b5a6b2c", bootloader: 12}' >"$1.json"
	mpf-sim rp2 --link "$1" --repl \
	    "exec node '$BATS_TEST_DIRNAME/rp2040.mjs' '$PWD/$1.json'" \
	    >"$1.events" 3>&- &
	echo $! >>pids
	wait_for [ -e "$1.ready" ]
}

# type NAME TEXT ANSWER: as somebody at a terminal would, who then reads until
# the board has said ANSWER, with ^A for 01 (which Bash does not compare) and
# without NULs.
type() {
	local said='' c
	{
		printf '%b' "$2" >&7
		until [[ $said = *"$3"* ]]; do
			LC_ALL=C IFS='' read -r -t 10 -d '' -n 1 c <&7 || return 1
			[ "$c" != $'\1' ] || c=^A
			said+=$c
		done
	} 7<>"$1"
}

# python NAME CODE: runs it and prints what it prints.
python() { mpf-repl "$1" run "$2"; }

# left_anywhere NAME [STATE...]: the board is asked where a host that was killed
# has left it, and stays idle and as it was.  A STATE is what was typed, a blank,
# and what the board says to that.  Windows are of 128 bytes; the last two are in
# the middle of what mpremote sends to write a file.
left_anywhere() {
	local state paste='\x01\x05A\x01' x16=0123456789abcdef
	local x128=$x16$x16$x16$x16$x16$x16$x16$x16
	python "$1" 'keep = 7'
	for state in '\r >>>' 'y=(1, y=(1,' 'if-1:\r ...' '\x05paste\r ===' \
	    '\x01 exit' '\x01half exit' "$paste R^A\x80^A" \
	    "${paste}pasting R^A\x80^A" \
	    "$paste$x128 R^A\x80^A^A" \
	    "$paste$x128${x128}x R^A\x80^A^A^A" \
	    "${paste}f=open('x','wb');w=f.write\x04 R^A\x80^A\x04\x04\x04>" \
	    "${paste}w(b'abc')\x04\x05A\x01w(b'abc R^A\x80^A\x04\x04\x04>R^A" \
	    "${@:2}"; do
		echo "state $state"
		type "$1" "${state% *}" "$(printf '%b' "${state#* }")"
		run -0 --separate-stderr mpf-detect --serial "$PWD/$1"
		[ "$(field .device.mode)" = repl ]
		[ "$(field .board.uid)" = e6614c311b5a6b2c ]
		[ "$(field .board.interrupted)" = null ]
		[ "$(python "$1" 'print(keep)')" = 7 ]
	done
	[ "$(python "$1" 'print(w is f.write or len(dir(w)) > 0)')" = True ]
	run -0 --separate-stderr mpf-repl "$1" run 'print([n for n in dir()
	    if "mpf" in n])'
	[ "$output" = "[]" ]
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export MPF_LOCKS=$PWD MPF_HOST=bench XDG_STATE_HOME=$PWD/state
	export MPFLASH_FIRMWARE=$PWD/firmware
	unset MPFLASH_IGNORE MPF_SYSROOT
}

teardown() {
	local pid
	[ ! -e pids ] || while read -r pid; do
		kill "$pid" 2>/dev/null || :
	done <pids
}

# field JQ: that field of the single line in $output.
field() { jq -r "$1" <<<"$output"; }
