# SPDX-License-Identifier: MIT
# The whole pipe: a site with two releases, and the five tools over it.  After
# "load sim" and "load ../www/site".

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
