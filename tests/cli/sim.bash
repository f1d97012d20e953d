# SPDX-License-Identifier: MIT
# Simulated boards for tests: "load sim", and they go when the test ends.

# Where they are plugged in; all tools look there.
export MPF_SYSROOT=$BATS_TEST_TMPDIR/sysroot
sims=() sim_fds=()

# plug NAME KIND OPTION...: a board that answers when this returns.
plug() {
	local name=$1 fd
	shift
	mkfifo "$BATS_TEST_TMPDIR/$name.events"
	mpf-sim "$@" >"$BATS_TEST_TMPDIR/$name.events" 3>&- &
	sims+=("$!")
	declare -g "pid_$name=$!"
	exec {fd}<"$BATS_TEST_TMPDIR/$name.events"
	sim_fds+=("$fd")
	declare -g "fd_$name=$fd"
	event "$name" plugged
}

# event NAME WHAT: waits until it has happened to that board; $event has it,
# and $blocks what was last said of blocks.
event() {
	local fd=fd_$1
	while read -r -t 10 -u "${!fd}" event; do
		[[ $event == *'"event":"blocks"'* ]] && blocks=$event
		[[ $event == *"\"event\":\"$2\""* ]] && return
	done
	echo "no event $2 of $1" >&2
	return 1
}

# tty NAME-OR-NOTHING: the first tty of the tree, to be opened.
tty() { echo "$MPF_SYSROOT/dev/${1:-ttyACM0}"; }

# talk TTY SEND EXPECT...: see there.
talk() { "$BATS_TEST_DIRNAME/talk" "$@"; }

# unplug_all: for teardown.
unplug_all() {
	local pid fd
	for pid in "${sims[@]}"; do
		kill "$pid" 2>/dev/null || :
	done
	for pid in "${sims[@]}"; do
		wait "$pid" || :
	done
	for fd in "${sim_fds[@]}"; do
		exec {fd}<&-
	done
}

# uf2 FAMILY VERSION MACHINE [BLOCKS [ADDRESS]]: an image that says so, on
# stdout.
uf2() {
	python3 - "$@" <<-'EOF'
	import struct, sys
	family, n = int(sys.argv[1], 16), int((sys.argv[4:] or ["40"])[0])
	base = int((sys.argv[5:] or ["10000000"])[0], 16)
	text = ("MicroPython v%s on 2024-02-22; %s" % tuple(sys.argv[2:4]))
	flash = bytes(1000) + text.encode() + bytes(1) + sys.argv[3].encode()
	flash += bytes(i * i % 251 for i in range(256 * n - len(flash)))
	for i in range(n):
	    sys.stdout.buffer.write(struct.pack("<8I476sI", 0x0a324655,
	        0x9e5d5157, 0x2000 if family else 0, base + 256 * i, 256,
	        i, n, family, flash[256 * i:256 * (i + 1)], 0x0ab16f30))
	EOF
}
