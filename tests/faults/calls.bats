# SPDX-License-Identifier: MIT
# The tools as processes, over simulated boards behind ptys, where one system
# call fails: MPF_CALLS_TRIED of them for each tool, chosen by MPF_SEED.  In a
# quarter as many more runs, another process changes a file just before it is
# opened: fifo, taken and swap in so-calls.c.
bats_require_minimum_version 1.5.0
load ../cli/sim
load ../www/site
load ../cli/whole

# fresh: a board with an old version, and an empty firmware folder.
fresh() {
	unplug_all
	sims=() sim_fds=()
	rm -rf flash firmware state mpflash.events "$MPF_SYSROOT"
	mkdir flash
	rm -f board.events
	plug board rp2 --path 1-1 --version 1.21.0 --files flash
}

# one TOOL OPTION...: it alone, as in the pipe; a hang is status 124.
one() {
	timeout 60 "mpf-$1" --json --progress none "${@:2}"
}

# failing TOOL OPTION...: the same, while $call, $nth and $error say what
# fails.  ./hit is there if it has.
failing() {
	rm -f hit
	LD_PRELOAD=$MPF_CALLS_SO MPF_FAIL=$call:$nth:$error MPF_FAIL_HIT=hit \
	    MPF_UNDER=$PWD one "$@"
}

# choose TOOL OPTION... <INPUT: "CALL NTH ERRNO" in ./tries, from what the tool
# does when all is well; its output in ./calm.
choose() {
	rm -f calls
	LD_PRELOAD=$MPF_CALLS_SO MPF_CALLS=calls MPF_UNDER=$PWD one "$@" >calm
	# EIO ENOSPC EINTR EACCES EAGAIN EMFILE, and half of it
	pick "${MPF_CALLS_TRIED:-6}" "5 28 4 13 11 24 -1" \
	    < <(grep -Ev "$turns" calls) >tries
	pick $((${MPF_CALLS_TRIED:-6} / 4 + 1)) 0 \
	    < <(grep -E "$turns" calls) >>tries
	[ -s tries ]
}
turns='^(fifo|taken|swap) '

# pick N ERRNOS <COUNTS: N lines "CALL NTH ERRNO".
pick() {
	awk -v seed="${MPF_SEED:-1}" -v list="$2" '
	BEGIN { srand(seed); n = split(list, errors) }
	$2 > most[$1] { most[$1] = $2 }
	END {
		for (name in most)
			for (i = 1; i <= most[name]; i++)
				for (k = 1; k <= n; k++)
					# The first and last of a name matter.
					print rand() * (i < 4 ? 1 : 4), name,
					    i, errors[k]
	}' | sort -g | head -n "$1" | cut -d' ' -f2-
}

# undo: what another process did is over; a drive that it put there has nothing
# of ours.
undo() {
	local before
	while read -r before; do
		if [ -d "$before" ]; then
			[ "$(ls -A "${before%.before}")" = INFO_UF2.TXT ]
		fi
		rm -rf "${before%.before}"
		mv "$before" "${before%.before}"
	done < <(find "$PWD" -name '*.before')
}

# judge: $status must be 0, 1 or 2, and each line of ./out a record.  $ok is
# set if that says that all is well.
judge() {
	echo "seed ${MPF_SEED:-1}: $call $nth $error: status $status"
	cat out err
	[[ $status == [012] ]]
	jq -e . <out >/dev/null
	undo
	ok=
	[ "$status" -ne 0 ] || ok=1
	# One that failed says so, in its record if there is any.
	if [ "$status" -eq 1 ]; then
		jq -se 'any(.error != null)' <out >/dev/null
	fi
}

# truth: each fact of the board in ./out is as in ./calm, or is absent.
truth() {
	jq -es --slurpfile calm calm '$calm[0].board as $true |
		all(.[]; .board // {} | to_entries |
		all(.[]; .value == $true[.key]))' <out >/dev/null
}

# whole_files: what is under a final name is whole, and the database is.
whole_files() {
	local file
	for file in firmware/rp2/*.uf2; do
		[ -e "$file" ] || continue
		cmp "$image" "$file"
	done
	[ ! -e firmware/mpflash.db ] ||
		[ "$(sqlite3 firmware/mpflash.db 'PRAGMA integrity_check')" = ok ]
}

# runs VERSION: the board says so.
runs() {
	[ "$(one detect | jq -r .board.version)" = "$1" ]
}

# finish: the next run brings it to its end, and what is written down is true.
finish() {
	local sum
	run --separate-stderr pipe
	echo "$output $stderr"
	[ "$status" -eq 0 ]
	runs v1.22.2
	whole_files
	sum=$(sha256sum <"$image")
	cat flash/mpflash.toml
	grep -qx 'version = "v1.22.2"' flash/mpflash.toml
	[ "$(sqlite3 firmware/mpflash.db 'SELECT version FROM mpf_device')" = \
	    v1.22.2 ]
	if grep -q sha256: flash/mpflash.toml; then
		grep -qx "hash = \"sha256:${sum%% *}\"" flash/mpflash.toml
	fi
	[ -z "$(ls state/mpf/pending 2>/dev/null)" ]
}

@test "mpf-detect believes nothing wrong where a call fails" {
	fresh
	choose detect
	while read -r call nth error; do
		status=0
		failing detect >out 2>err || status=$?
		judge
		truth
		# A board that was only asked is as it was.
		runs v1.21.0
	done <tries
}

@test "mpf-fetch leaves no half file where a call fails" {
	fresh
	one detect | one resolve >in
	choose fetch --mirror "$mirror" <in
	while read -r call nth error; do
		rm -rf firmware
		status=0
		failing fetch --mirror "$mirror" <in >out 2>err || status=$?
		judge
		whole_files
		[ -z "$ok" ] || [ -e firmware/rp2/RPI_PICO_W-v1.22.2.uf2 ]
		one fetch --mirror "$mirror" <in >out
		[ -e firmware/rp2/RPI_PICO_W-v1.22.2.uf2 ]
		whole_files
	done <tries
}

@test "mpf-flash says no false ok where a call fails" {
	fresh
	one detect | one resolve | one fetch --mirror "$mirror" >in
	choose flash <in
	cp -r firmware firmware.calm
	while read -r call nth error; do
		fresh
		cp -r firmware.calm firmware
		status=0
		failing flash <in >out 2>err || status=$?
		judge
		if [ -n "$ok" ]; then
			runs v1.22.2
			truth
		fi
		wait_arrived
		finish
	done <tries
}

@test "mpf-record writes no wrong word where a call fails" {
	local before after=
	fresh
	one detect | one resolve | one fetch --mirror "$mirror" | one flash >in
	choose record <in
	before=
	after=$(<flash/mpflash.toml)
	while read -r call nth error; do
		rm -rf flash/mpflash.toml firmware/mpflash.db*
		unplug_all
		sims=() sim_fds=()
		rm -f board.events
		plug board rp2 --path 1-1 --version 1.22.2 --files flash
		status=0
		failing record <in >out 2>err || status=$?
		judge
		# Written whole, or not at all; ok: written.
		[ ! -e flash/mpflash.toml ] ||
			[ "$(<flash/mpflash.toml)" = "$after" ]
		[ -z "$ok" ] || [ -e flash/mpflash.toml ]
		whole_files
		[ -z "$ok" ] || [ "$(sqlite3 firmware/mpflash.db \
			'SELECT version FROM mpf_device')" = v1.22.2 ]
		one record <in >out
		[ "$(<flash/mpflash.toml)" = "$after" ]
		[ "$(sqlite3 firmware/mpflash.db \
			'SELECT version FROM mpf_device')" = v1.22.2 ]
	done <tries
}

# wait_arrived: a board on its way from one place to the other is there.
wait_arrived() {
	local end=$((SECONDS + 20))
	until one detect 2>/dev/null | jq -e '.device.mode as $m |
	    .error == null and ($m == "repl" or $m == "uf2")' >/dev/null; do
		[ "$SECONDS" -lt "$end" ] || return 1
	done
}
