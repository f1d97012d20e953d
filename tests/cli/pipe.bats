# SPDX-License-Identifier: MIT
# The whole pipe, over simulated boards and a site on this machine.
load helper
load sim
load ../www/site

FILE=RPI_PICO_W-20240222-v1.22.2.uf2
OLD=RPI_PICO_W-20231006-v1.21.0.uf2

setup() {
	export XDG_STATE_HOME=$BATS_TEST_TMPDIR/state MPF_LOCKS=$BATS_TEST_TMPDIR
	export MPF_HOST=bench MPFLASH_FIRMWARE=$BATS_TEST_TMPDIR/firmware
	cd "$BATS_TEST_TMPDIR" || return
	servers=()
	site
	printf -- '- %s uf2\n' '20240222 v1.22.2' '20231006 v1.21.0' |
		offer RPI_PICO_W rp2
	image=$site/resources/firmware/$FILE
	# A genuine one, where there is one: the same, but for its bytes.
	cp "${MPF_SAMPLES:-/nonexistent}/RPI_PICO_W-v1.22.2.uf2" "$image" \
		2>/dev/null || mkfw e48bff56 v1.22.2 2024-02-22 "$pico" 400 >"$image"
	build "$OLD" v1.21.0 "$pico" 300
	serve
}

teardown() {
	unplug_all
	stop_servers
}

# pipe [STAGE OPTION...]: the five tools; a stage named gets more options.
pipe() {
	local stage=${1:-} more=("${@:2}")
	with() {
		local tool=$1
		shift
		[ "$tool" != "$stage" ] || set -- "$@" "${more[@]}"
		"mpf-$tool" --json --progress none "$@"
	}
	set -o pipefail
	with detect | with resolve | with fetch --mirror "$mirror" |
		with flash | with record
}

# of PLACE JQ: that field of the board there, of the records in $output.
of() {
	jq -r --arg at "bench/usb/$1" \
		'select(.device.id == $at) | '"$2" <<<"$output"
}

@test "an image goes all the way, byte for byte, and all notes agree" {
	plug a rp2 --path 1-1.2 --version 1.21.0 --keep kept --files flash
	run -0 --separate-stderr pipe
	cmp "$image" kept
	cmp "$image" firmware/rp2/RPI_PICO_W-v1.22.2.uf2
	sum=$(sha256sum <"$image")
	sum=${sum%% *}
	[ "$(field .image.sha256)" = "$sum" ]
	[ "$(jq -c '[.flash.version_before, .board.version,
		.flash.verified[-1], .flash.state, .record.toml,
		.record.database]' <<<"$output")" = \
		'["v1.21.0","v1.22.2","boot","running","written","written"]' ]
	[ "$(sqlite3 firmware/mpflash.db 'SELECT version, sha256
		FROM mpf_device')" = "v1.22.2|$sum" ]
	[ "$(sqlite3 firmware/mpflash.db 'SELECT sha256 FROM mpf_file')" = "$sum" ]
	grep -qx "hash = \"sha256:$sum\"" flash/mpflash.toml
	grep -qx 'version = "v1.22.2"' flash/mpflash.toml
	event a running
	[ "$(jq -r .version <<<"$event")" = v1.22.2 ]
}

@test "the second time nothing is downloaded, flashed or written" {
	plug a rp2 --version 1.21.0 --keep kept --files flash
	run -0 --separate-stderr pipe
	rm kept
	stamp=$(stat -c %y flash/mpflash.toml)
	run -0 --separate-stderr pipe
	[ "$(jq -c '[.firmware.action, .flash, .record.toml, .record.database]' \
		<<<"$output")" = '["skip",null,"unchanged","unchanged"]' ]
	[ "$(asked /resources/)" = 1 ]
	[ ! -e kept ]
	[ "$(stat -c %y flash/mpflash.toml)" = "$stamp" ]
}

@test "five boards at once: old, new, busy, silent, foreign" {
	plug old rp2 --path 1-1 --version 1.21.0
	plug new rp2 --path 1-2 --version 1.22.2 --date 2024-02-22
	plug busy rp2 --path 1-3 --version 1.21.0 --busy
	plug silent silent --path 1-4
	plug foreign foreign --path 1-5
	run -0 --separate-stderr pipe
	[ "${#lines[@]}" -eq 5 ]
	[ "$(of 1-1 .board.version)" = v1.22.2 ]
	[ "$(of 1-2 .firmware.action)" = skip ]
	[ "$(of 1-3 .board.version)" = v1.22.2 ]
	[ "$(of 1-4 '.device.mode + " " + .firmware.action')" = "silent skip" ]
	[ "$(of 1-5 '.device.mode + " " + .firmware.action')" = "foreign skip" ]
	[ "$(of 1-4 '.flash, .record')" = $'null\nnull' ]
	[ "$(asked "/resources/firmware/$FILE")" = 1 ]
}

@test "between two tools jq chooses, by the recipe of mpf(7)" {
	local recipe
	recipe=$(sed -n "/jq -c 'select(.board.port/,/' |\$/p" \
		"$BATS_TEST_DIRNAME/../../man/mpf.7")
	[ -n "$recipe" ]
	plug old rp2 --path 1-1 --version 1.21.0
	plug new rp2 --path 1-2 --version 1.24.1
	plug other esp32 --path 1-3 --version 1.21.0
	run -0 --separate-stderr bash -c "mpf-detect --json | ${recipe%|}"
	[ "${#lines[@]}" -eq 1 ]
	[ "$(field .device.usb_path)" = 1-1 ]
}

@test "down again by name" {
	plug a rp2 --version 1.22.2 --date 2024-02-22
	run -0 --separate-stderr pipe resolve --version 1.21.0
	[ "$(field .board.version)" = v1.21.0 ]
	cmp "$site/resources/firmware/$OLD" \
		firmware/rp2/RPI_PICO_W-v1.21.0.uf2
}

@test "an image of another family reaches no board" {
	mkfw e48bff59 v1.22.2 2024-02-22 "Raspberry Pi Pico2 with RP2350" 40 \
		>"$image"
	plug a rp2 --version 1.21.0 --keep kept
	run -1 --separate-stderr pipe
	[ "$(field .error.stage)" = fetch ]
	[[ $(field .error.message) == *rp2350* ]]
	[ ! -e kept ]
	run -0 talk "$(tty)" '\x02' '>>> '
	[[ $output == *v1.21.0* ]]
}

@test "a drive that vanishes is an error that says so, and others are done" {
	plug bad rp2 --path 1-1 --version 1.21.0 --fail-at block:50
	plug good rp2 --path 1-2 --version 1.21.0
	run -1 --separate-stderr pipe
	[ "$(of 1-1 .error.stage)" = flash ]
	[ "$(of 1-1 .record.toml)" = null ]
	[[ $(of 1-1 .flash.state) =~ ^(unknown|unbootable|bootloader)$ ]]
	[ "$(of 1-2 .board.version)" = v1.22.2 ]
	[ "$(sqlite3 firmware/mpflash.db "SELECT count(*) FROM mpf_event
		WHERE what = 'failed'")" = 1 ]
}

@test "the wrong board afterwards fails its check, and is not recorded as done" {
	plug a rp2 --version 1.21.0 --files flash --fail-at board
	run -1 --separate-stderr pipe
	[ "$(jq -c '[.error.stage, .error.code]' <<<"$output")" = \
		'["flash","verify"]' ]
	[ ! -e flash/mpflash.toml ]
}

@test "a reader that leaves does not stop a flash half-way" {
	plug a rp2 --version 1.21.0 --keep kept
	# What detect says is passed on; who would read the end is not there.
	run bash -c 'set +o pipefail
		mpf-detect --json | mpf-resolve | mpf-fetch --mirror "$1" |
		mpf-flash --json | true' - "$mirror"
	event a running
	cmp "$image" kept
}

# --- kill -9 ---

# round SEED: a pipe that is killed at a moment of the seed's choosing, and
# then one that is not, which has to bring everything to its end.
round() {
	local ms pid
	ms=$(awk -v seed="$1" 'BEGIN { srand(seed); print int(rand() * 700) }')
	rm -rf flash firmware
	plug "k$1" rp2 --path 1-1 --version 1.21.0 --files flash
	export mirror
	setsid bash -c "$(declare -f pipe); pipe" >/dev/null 2>&1 3>&- &
	pid=$!
	read -r -t "$(printf '0.%03d' "$ms")" <> <(:) || :
	kill -KILL -- "-$pid" 2>/dev/null || :
	wait "$pid" 2>/dev/null || :
	while pgrep -g "$pid" >/dev/null; do	# until the last has gone
		:
	done
	# The board may be on its way from one place to the other just now.
	for _ in 1 2 3; do
		until [ -e "$MPF_SYSROOT/sys/bus/usb/devices/1-1" ]; do
			:
		done
		run --separate-stderr pipe
		[ "$status" -ne 0 ] || break
	done
	[ "$(field .board.version)" = v1.22.2 ] || {
		echo "seed $1, $ms ms: $output $stderr"
		return 1
	}
	[ "$status" -eq 0 ]
	grep -qx 'version = "v1.22.2"' flash/mpflash.toml
	[ "$(sqlite3 firmware/mpflash.db 'PRAGMA integrity_check;
		SELECT version FROM mpf_device')" = $'ok\nv1.22.2' ]
	cmp "$image" firmware/rp2/RPI_PICO_W-v1.22.2.uf2
	unplug_all
	sims=() sim_fds=()
	rm -f "k$1.events"
}

@test "killed anywhere, the next run brings it to its end" {
	for seed in $(seq "${MPF_KILLS:-10}"); do
		round "$seed"
	done
}
