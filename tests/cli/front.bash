# SPDX-License-Identifier: MIT
# A front door of the test's own: bin/mpf, and the tools beside it.

# front_setup: a folder of the test's own, and no wish of the user's.
front_setup() {
	cd "$BATS_TEST_TMPDIR" || return
	servers=()
	export MPF_HOST=bench MPFLASH_FIRMWARE=$BATS_TEST_TMPDIR/firmware
	unset GITHUB_ACTIONS MPFLASH_QUIET FORCE_COLOR CLICOLOR_FORCE
}

# door: bin/ with a copy of mpf; the tools there lead to the real ones, those
# for the network to the site at $mirror.
door() {
	local tool real
	real=$(dirname "$(command -v mpf-detect)")
	mkdir -p bin
	cp "$real/mpf" bin/mpf
	for tool in detect resolve fetch index flash record sim backup \
		restore erase format add db; do
		printf '#!/bin/sh\nexec "%s/mpf-%s" "$@"\n' "$real" "$tool" \
			>"bin/mpf-$tool"
	done
	for tool in ${mirror:+fetch index}; do
		printf '#!/bin/sh\nexec "%s/mpf-%s" "$@" --mirror "%s"\n' \
			"$real" "$tool" "$mirror" >"bin/mpf-$tool"
	done
	chmod +x bin/mpf-*
	PATH=$PWD/bin:$PATH
}

# fake TOOL <TEXT: a stage that does as this shell script says.
fake() {
	{
		echo '#!/bin/bash'
		cat
	} >"bin/mpf-$1"
	chmod +x "bin/mpf-$1"
}

# lab: a site with two releases of the Pico and the Pico W.
lab() {
	site
	local board
	for board in RPI_PICO RPI_PICO_W; do
		printf -- '- %s uf2\n' '20260406 v1.28.0' '20240602 v1.24.1' |
			offer $board rp2
	done
	for v in 20260406-v1.28.0 20240602-v1.24.1; do
		build "RPI_PICO_W-$v.uf2" "${v#*-}" \
			'Raspberry Pi Pico W with RP2040'
		build "RPI_PICO-$v.uf2" "${v#*-}" \
			'Raspberry Pi Pico with RP2040' 50
	done
	list_boards
	mirror=file://$site
}

# terminal COLUMNS LINES COMMAND: a terminal of that size, and in it a shell
# that runs the command.  "screen" prints what it shows.  Each has a socket of
# its own: tmux that was told to end holds its socket a little longer.  Leaks are
# not looked for: a process is stopped for that, and the SIGCONT that comes with
# the SIGHUP of a terminal that goes away undoes it; it would wait for ever.
terminal() {
	tmux=$BATS_TEST_TMPDIR/tmux.$((++terminals))
	# A user without a login has a shell that runs nothing.
	SHELL=/bin/sh tmux -S "$tmux" -f /dev/null \
		new-session -d \
		-x "$1" -y "$2" "env TERM=${term-xterm-256color} \
		ASAN_OPTIONS='${ASAN_OPTIONS:-}:detect_leaks=0' PS1='end\$ ' \
		bash --norc --noprofile -i" 3>&-
	keys "$3" Enter
}
keys() { tmux -S "$tmux" send-keys "$@"; }
screen() { tmux -S "$tmux" capture-pane -p "$@"; }
screen_has() { screen | grep -q -- "$1"; }
# until_screen TEXT: waits until it is there.
until_screen() {
	wait_until screen_has "$1" || {
		screen
		return 1
	}
}
close_terminal() {
	tmux -S "$tmux" kill-server 2>/dev/null || :
}

# golden NAME: is the screen as tests/data/screens/NAME, but for times?
golden() {
	screen "${@:2}" | same_screen "$1"
}
# same_screen NAME <TEXT: the same of what was printed elsewhere.
same_screen() {
	local file=$BATS_TEST_DIRNAME/../data/screens/$1
	perl -pe 's/( +[0-9.]+) s\s*$/(" " x (length($1) - 1)) . "T s\n"/e;
		s/, in +T s/, in T s/;
		s/([0-9T]+)Z\.tar/("#" x length($1)) . "Z.tar"/e' >shown
	[ -z "${MPF_GOLDEN:-}" ] || cp shown "$file"
	diff -u "$file" shown
}
