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
	perl - "$@" <<-'EOF'
	my ($family, $version, $machine, $n, $base) = @ARGV;
	$family = hex $family;
	$n //= 40;
	$base = hex($base // "10000000");
	my $flash = "\0" x 1000 .
	    "MicroPython v$version on 2024-02-22; $machine\0$machine";
	$flash .= pack "C", $_ * $_ % 251 for 0 .. 256 * $n - length($flash) - 1;
	binmode STDOUT;
	print pack "V8a476V", 0x0a324655, 0x9e5d5157, $family ? 0x2000 : 0,
	    $base + 256 * $_, 256, $_, $n, $family,
	    substr($flash, 256 * $_, 256), 0x0ab16f30 for 0 .. $n - 1;
	EOF
}
