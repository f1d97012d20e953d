# SPDX-License-Identifier: MIT
# The whole pipe, killed with -9 anywhere: MPF_KILLS moments (make check-kill),
# a few in make check.  Each test takes every eighth of them.
load helper
load sim
load ../www/site
load whole

# fresh NAME: a board with an old version, and an empty firmware folder.
fresh() {
	unplug_all
	sims=() sim_fds=()
	rm -rf flash firmware
	plug "$1" rp2 --path 1-1 --version 1.21.0 --files flash
}

# How far a pipe got before it was killed, by what it left.
reached() {
	if grep -qsx 'version = "v1.22.2"' flash/mpflash.toml; then
		echo recorded
	elif [[ $(jq -r .device.mode 2>/dev/null <<<"$found") == uf2 ]]; then
		echo bootloader
	elif [ -e firmware/rp2/RPI_PICO_W-v1.22.2.uf2 ]; then
		echo downloaded
	else
		echo begun
	fi
}

# all_gone GROUP: of its processes, but for those that nobody reaps.
all_gone() { ! pgrep -r R,S,D,T,t -g "$1" >/dev/null; }

# is_back: there is a board to work on; $found is its record.
is_back() {
	found=$(mpf-detect --json) && jq -e '.device.mode as $m |
	    .error == null and ($m == "repl" or $m == "uf2")' >/dev/null \
	    <<<"$found"
}

# round SEED SPAN: a pipe that is killed at a moment of the seed's choosing,
# within SPAN ms, and then one that is not, which has to bring everything to
# its end.
round() {
	local ms pid fd
	ms=$(awk -v seed="$1" -v span="$2" \
	    'BEGIN { srand(seed); print int(rand() * span) }')
	fresh "k$1"
	export mirror
	setsid bash -c "$(declare -f pipe); pipe" >/dev/null 2>&1 3>&- &
	pid=$!
	read -r -t "$(printf '%d.%03d' $((ms / 1000)) $((ms % 1000)))" <> <(:) || :
	kill -KILL -- "-$pid" 2>/dev/null || :
	wait "$pid" 2>/dev/null || :
	wait_until all_gone "$pid"
	# The board may be on its way from one place to the other just now: it
	# goes 20 ms after the last block, and says so.
	fd=fd_k$1
	while read -r -t 0.3 -u "${!fd}" _; do
		:
	done
	wait_until is_back
	echo "# seed $1: killed after $ms of $2 ms, $(reached)" >&3
	run --separate-stderr pipe
	# Killed just as the board left, nobody has seen it arrive: then nothing
	# proves which board waits there, and a person has to say it.
	if [ "$status" -eq 1 ] && [ "$(field .error.code)" = ambiguous ]; then
		[ "$(reached)" = bootloader ]
		run --separate-stderr pipe resolve --board RPI_PICO_W
	fi
	echo "seed $1, $ms ms: $output $stderr"
	[ "$status" -eq 0 ]
	[ "$(field .board.version)" = v1.22.2 ]
	grep -qx 'version = "v1.22.2"' flash/mpflash.toml
	[ "$(sqlite3 firmware/mpflash.db 'PRAGMA integrity_check;
		SELECT version FROM mpf_device')" = $'ok\nv1.22.2' ]
	cmp "$image" firmware/rp2/RPI_PICO_W-v1.22.2.uf2
	[ -z "$(ls "$XDG_STATE_HOME/mpf/pending" 2>/dev/null)" ]
	rm "k$1.events"
}

# rounds FIRST: every eighth seed from there, within what a pipe takes here.
rounds() {
	local begin span
	begin=$(micros)
	fresh whole
	run -0 --separate-stderr pipe
	span=$((($(micros) - begin) / 1000))
	for seed in $(seq "$1" 8 "${MPF_KILLS:-8}"); do
		round "$seed" "$span"
	done
}

@test "killed anywhere, the next run brings it to its end (1 of 8)" {
	rounds 1
}

@test "killed anywhere, the next run brings it to its end (2 of 8)" {
	rounds 2
}

@test "killed anywhere, the next run brings it to its end (3 of 8)" {
	rounds 3
}

@test "killed anywhere, the next run brings it to its end (4 of 8)" {
	rounds 4
}

@test "killed anywhere, the next run brings it to its end (5 of 8)" {
	rounds 5
}

@test "killed anywhere, the next run brings it to its end (6 of 8)" {
	rounds 6
}

@test "killed anywhere, the next run brings it to its end (7 of 8)" {
	rounds 7
}

@test "killed anywhere, the next run brings it to its end (8 of 8)" {
	rounds 8
}
