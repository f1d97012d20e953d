# SPDX-License-Identifier: MIT
# What README.md shows about firmware, line by line, with a site of the test's
# own in the place of those that it names.
load helper
load ../www/site

setup() {
	servers=()
	cd "$BATS_TEST_TMPDIR" || return
	export MPFLASH_FIRMWARE=$BATS_TEST_TMPDIR/firmware
}

teardown() { stop_servers; }

# lab_site: as micropython.org and fw.example.com, signed, with a release of
# acme's.
lab_site() {
	local name=RPI_PICO_W-20260406-v1.28.0.uf2 releases
	pico_site
	list_boards
	minisign -G -W -p lab.pub -s lab.key >/dev/null
	minisign -S -s lab.key -m "$site/resources/firmware/$name" >/dev/null
	serve
	export mirror GITHUB_API_URL=$mirror
	releases=$site/repos/acme/blinky/releases/tags
	mkdir -p "$releases"
	cp "$site/resources/firmware/$name" "$site/blinky.uf2"
	jq -n --arg at "$mirror" '{tag_name: "v2.1", assets: [{id: 7,
		name: "blinky.uf2", browser_download_url: "\($at)/blinky.uf2"}]}' \
		>"$releases/v2.1"
}

# elsewhere: a folder of programs that lead to that site.
elsewhere() {
	mkdir bin
	cat >bin/mpf-fetch <<-'END'
		#!/bin/bash
		args=("${@/#https:\/\/*/$mirror}")
		[[ $* == *--mirror* ]] || args+=(--mirror "$mirror")
		exec "$REAL/${0##*/}" --retries 0 "${args[@]}"
	END
	chmod +x bin/mpf-fetch
	cp bin/mpf-fetch bin/mpf-index
	REAL=$(dirname "$(command -v mpf-fetch)")
	export REAL PATH=$PWD/bin:$PATH
}

@test "the README's commands for firmware do what it says" {
	lab_site
	elsewhere
	sed -n '/^## Getting firmware/,/^## The tools/s/^    mpf-\(fetch\|index\|bundle\)/mpf-\1/p' \
		"$BATS_TEST_DIRNAME/../../README.md" >commands
	[ "$(wc -l <commands)" -ge 9 ]
	while read -r command; do
		echo "# $command"
		bash -o pipefail -c "$command" </dev/null >out
	done <commands
	# The last one has brought what the one before took along.
	[ "$(jq -r .image.path out)" = \
		"$MPFLASH_FIRMWARE/rp2/RPI_PICO_W-v1.28.0.uf2" ]
	[ "$(grep -c sha256: mpf.lock)" = 2 ]
	[ "$(asked /download/RPI_PICO_W/)" -gt 1 ]
}

# recipes: the README's commands with jq, without what goes on after "...".
recipes() {
	sed -n '/^## In between, jq/,/^## Getting firmware/p' \
		"$BATS_TEST_DIRNAME/../../README.md" |
		sed -n 's/ | \.\.\.$//; s/^    \(.*jq -.*\)/\1/p'
}

@test "the README's recipes with jq, with a board and with none" {
	export MPF_HOST=bench MPF_LOCKS=$BATS_TEST_TMPDIR
	export XDG_STATE_HOME=$BATS_TEST_TMPDIR MPF_SYSROOT=$BATS_TEST_TMPDIR/none
	recipes >commands
	[ "$(wc -l <commands)" -eq 4 ]
	mkdir none
	mpf-detect >"done" 2>/dev/null || :
	run -0 --separate-stderr bash commands
	[ "${#lines[@]}" -eq 2 ]
	[[ ${lines[0]} == "-: no board found"* ]]
	[[ $output != *null* ]]

	export MPF_SYSROOT=$BATS_TEST_TMPDIR/bench
	run -0 --separate-stderr mpf-sim rp2 --board RPI_PICO_W -- bash -c \
		'mpf-detect >done; bash commands'
	[ "${#lines[@]}" -eq 3 ]
	[ "${lines[0]}" = $'/dev/ttyACM0\tRPI_PICO_W\tv1.24.1' ]
	[ "$(jq -r .firmware.action <<<"${lines[1]}")" = flash ]
	[[ ${lines[2]} == "bench/usb/1-1: flash, newest stable"* ]]
}
