# SPDX-License-Identifier: MIT
# What comes in broken, from a pipe or from a board: each is an error of the
# right kind that says what to do, it costs its own record alone, and nothing
# that was there is lost.
load helper
load sim
load ../www/site

FILE=RPI_PICO_W-20240222-v1.22.2.uf2

setup() {
	export XDG_STATE_HOME=$BATS_TEST_TMPDIR/state MPF_LOCKS=$BATS_TEST_TMPDIR
	export MPF_HOST=bench MPFLASH_FIRMWARE=$BATS_TEST_TMPDIR/firmware
	cd "$BATS_TEST_TMPDIR" || return
	servers=() flash=()
	site
	printf -- '- %s uf2\n' '20240222 v1.22.2' | offer RPI_PICO_W rp2
	build "$FILE" v1.22.2 "$pico" 300
	serve
}

teardown() {
	unplug_all
	stop_servers
}

# pipe [OPTION...]: the five tools, as a user types them; mpf-detect with these
# options, and mpf-flash with those in $flash.
pipe() {
	mpf-detect --json "$@" | mpf-resolve | mpf-fetch --mirror "$mirror" |
		mpf-flash "${flash[@]}" | mpf-record
}

# failed STAGE CODE MESSAGE [JQ]: so the error of that record says, and has a
# hint.
failed() {
	local error
	error=$(jq -c "${4:-.} | .error // empty" <<<"$output")
	[ "$(jq -r '.stage + " " + .code' <<<"$error")" = "$1 $2" ] || {
		echo "$error" >&2
		return 1
	}
	[[ $(jq -r .message <<<"$error") == *"$3"* ]] || {
		echo "$error" >&2
		return 1
	}
	[ -n "$(jq -r '.hint // empty' <<<"$error")" ]
}

# good: the record of a board that is to be left alone; any tool passes it.
good='{"mpf":1,"device":{"id":"bench/usb/9-9","mode":"silent"},"firmware":{"action":"skip"}}'

# --- from the pipe

@test "half a line, noise and a line without end cost themselves alone" {
	{
		echo "$good"
		printf '\x00\xff\xfe\x80{\n'
		printf '"\xc3\x28"\n'
		head -c 1048577 /dev/zero | tr '\0' '"'
		printf '\n%s\n{"mpf":1,"device":{"id":"a"' "$good"
	} >in
	for tool in resolve fetch flash record; do
		run -1 --separate-stderr "mpf-$tool" --keep-order <in
		[ "${#lines[@]}" -eq 6 ]
		[ "$(jq -c '.error.code' <<<"$output" | tr '\n' ' ')" = \
			'null "input" "input" "input" null "input" ' ]
		jq -se 'map(select(.error)) | all(.error.hint ==
			"feed it records, one JSON object a line")' <<<"$output"
		[ "$(jq -r .error.message <<<"${lines[3]}")" = \
			"line 4: longer than 1048576 bytes" ]
		[[ $stderr == *"line 2: not "*"line 3: not UTF-8 at "* ]]
		[[ $stderr == *"line 6: not JSON, or only a part of it at "* ]]
	done
	[ "$(command jq -c 'del(.firmware.reason)' <<<"${lines[0]}")" = "$good" ]
}

@test "a page of text, or half a file, never reaches a board" {
	plug a rp2 --version 1.21.0 --keep kept --files flash
	fault "/resources/firmware/$FILE" html
	run -1 --separate-stderr pipe
	failed fetch input "a web page, not a firmware"
	fault "/resources/firmware/$FILE" cut 4096
	run -1 --separate-stderr pipe
	failed fetch network "$FILE"
	fault "/resources/firmware/$FILE" status 404
	run -1 --separate-stderr pipe
	failed fetch not_found "not there (404)"
	[ ! -e kept ]
	[ ! -e flash/mpflash.toml ]
	[ -z "$(find firmware -name '*.uf2')" ]
	# And then all is well.
	rm "$site/.faults"
	run -0 --separate-stderr pipe
	[ "$(field .board.version)" = v1.22.2 ]
}

@test "an image that changed after it was fetched is not flashed" {
	plug a rp2 --version 1.21.0 --keep kept
	mpf-detect --json | mpf-resolve | mpf-fetch --mirror "$mirror" >plan
	chmod +w firmware/rp2/*.uf2
	printf x | dd of=firmware/rp2/RPI_PICO_W-v1.22.2.uf2 conv=notrunc \
		bs=1 seek=100 status=none
	run -1 --separate-stderr mpf-flash <plan
	failed flash verify "not the file that was fetched"
	[ ! -e kept ]
	run -1 --separate-stderr mpf-fetch --mirror "$mirror" <plan
	failed fetch verify "was changed since it was first seen"
}

# --- from a board

@test "a board that floods, talks nonsense or goes is an error with a hint" {
	plug a rp2 --path 1-1 --fail-at flood:10
	plug b rp2 --path 1-2 --fail-at garbage
	plug c rp2 --path 1-3 --fail-at probe
	plug d rp2 --path 1-4 --version 1.21.0
	run -1 --separate-stderr pipe
	[ "${#lines[@]}" -eq 4 ]
	at='select(.device.usb_path == "1-'
	failed detect io "prints more than the 262144 bytes" "$at"'1")'
	failed detect io ": what the board answers does not arrive whole: " \
	    "$at"'2")'
	failed detect not_found "the device is gone" "$at"'3")'
	[ "$(jq -r "$at"'4") | .board.version' <<<"$output")" = v1.22.2 ]
}

@test "a board whose name is no UTF-8 is unknown, and is not flashed" {
	plug a rp2 --version 1.21.0 --keep kept --fail-at utf8
	run -1 --separate-stderr pipe
	failed resolve not_found "no known board reports this"
	iconv -f utf-8 -t utf-8 <<<"$output" >/dev/null
	[ ! -e kept ]
}

@test "a drive that vanishes half-way: the next run says what to do" {
	plug a rp2 --version 1.21.0 --files flash --fail-at block:50
	flash=(--timeout 2)
	run -1 --separate-stderr pipe
	failed flash "$(field .error.code)" ": "
	[[ $(field .flash.state) =~ ^(unknown|unbootable)$ ]]
	[ ! -e flash/mpflash.toml ]
	[ "$(find state -name '*.json' | wc -l)" -eq 1 ]
}

@test "a file on the board that is too long stays as it is" {
	mkdir flash
	{
		printf '[mine]\nx = 1\n'
		head -c 9000 /dev/zero | tr '\0' '#'
		printf '\ny = 2\n'
	} >flash/mpflash.toml
	cp flash/mpflash.toml was
	plug a rp2 --version 1.22.2 --date 2024-02-22 --files flash
	run -1 --separate-stderr pipe
	failed record input "mpflash.toml: over 8192 bytes on the board"
	cmp flash/mpflash.toml was
}

# --- from the disk

@test "a store that may only be read is said, and nothing is done by halves" {
	open_dir
	plug a rp2 --version 1.21.0 --keep kept
	mpf-detect --json | mpf-resolve >choice
	mkdir -m 555 "$open/firmware"
	run -2 --separate-stderr as_nobody mpf-fetch --mirror "$mirror" \
		--dir "$open/firmware" <choice
	left=$(ls -A "$open/firmware")
	[ -z "$left" ]
	failed fetch permission "$open/firmware"
	run -1 --separate-stderr mpf-flash <<<"$output"
	failed fetch permission "$open/firmware"
	[ ! -e kept ]
}

# waits_not COMMAND...: it ends by itself, with an error about a pipe.
waits_not() {
	run --separate-stderr timeout 20 "$@"
	[ "$status" -ne 124 ]
	[ "$(jq -r .error.code <<<"${lines[0]}")" = input ]
	[[ $(jq -r .error.message <<<"${lines[0]}") == \
		*": a pipe, not a regular file" ]]
	[ -n "$(jq -r .error.hint <<<"${lines[0]}")" ]
}

@test "a folder whose name is not UTF-8 is an error, and nothing is kept" {
	export MPFLASH_FIRMWARE=$BATS_TEST_TMPDIR/$'na\xefve'
	local seen='{"mpf":1,"device":{"id":"bench/usb/9-9","mode":"repl"},
		"board":{"version":"v1.22.2","port":"rp2",
		"description":"Raspberry Pi Pico W with RP2040"}}'
	seen=$(jq -c . <<<"$seen")
	for tool in "mpf-fetch --mirror $mirror --board RPI_PICO_W" \
	    mpf-resolve; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr $tool <<<"$seen"
		[ "$status" -ne 0 ]
		failed "$(field .error.stage)" input \
			": the folder's name is not UTF-8"
		[[ $(field .error.hint) == *--dir ]]
		[ ! -e "$MPFLASH_FIRMWARE" ]
	done
}

@test "what is no file is never replaced by one" {
	[ "$(id -u)" = 0 ] || skip "not root"
	local fetch=(mpf-fetch --mirror "$mirror" --board RPI_PICO_W)
	"${fetch[@]}" >fetched
	mknod null c 1 3
	mkfifo pipe
	ln -s null link
	for what in null pipe link; do
		for tool in "${fetch[*]} --lock" "mpf-bundle export"; do
			# shellcheck disable=SC2086 # words
			run --separate-stderr timeout 20 $tool "$what" <fetched
			[ "$status" -ne 0 ]
			[ "$status" -ne 124 ]
			[[ $stderr == *"$what: a "*", not a regular file"* ]]
		done
	done
	[ -c null ]
	[ -p pipe ]
	[ "$(readlink link)" = null ]

	mkdir locks
	ln -s locks/real lock
	run -0 "${fetch[@]}" --lock lock
	[ "$(readlink lock)" = locks/real ]
	grep -q RPI_PICO_W locks/real
	file=firmware/rp2/RPI_PICO_W-v1.22.2.uf2
	mv "$file" locks/kept.uf2
	ln -s ../../locks/kept.uf2 "$file"
	run -0 "${fetch[@]}" --force
	[ "$(readlink "$file")" = ../../locks/kept.uf2 ]
	[ -f locks/kept.uf2 ]
}

@test "a pipe in the place of a file is refused, and nobody waits for it" {
	mkfifo pipe
	local fetch=(mpf-fetch --mirror "$mirror" --board RPI_PICO_W)
	waits_not "${fetch[@]}" --lock pipe
	waits_not "${fetch[@]}" --pubkey pipe
	waits_not "${fetch[@]}" --cacert pipe
	waits_not "${fetch[@]}" --source pipe
	waits_not "${fetch[@]}" --source "file://$PWD/pipe"
	waits_not mpf-bundle import pipe

	"${fetch[@]}" >fetched 2>/dev/null
	file=$(jq -r .image.path fetched)
	rm "$file"
	mkfifo "$file"
	waits_not "${fetch[@]}"
	rm "$file"
	mkfifo "${file%/*}/.${file##*/}.part"
	waits_not "${fetch[@]}"
	rm "${file%/*}/.${file##*/}.part"
	mkfifo firmware/mpflash.db-journal
	waits_not mpf-resolve --force <<<'{"mpf":1,"device":{"id":"a"},"board":{}}'
	rm firmware/mpflash.db*
	mkfifo firmware/mpflash.db
	waits_not "${fetch[@]}"
	rm firmware/mpflash.db
	mkfifo firmware/mpflash.db.lock
	waits_not "${fetch[@]}"
	rm firmware/mpflash.db.lock
	mkdir share
	cp "$MPF_SHARE/renames.tsv" "$MPF_SHARE/means.tsv" share
	mkfifo share/boards.tsv
	MPF_SHARE=$PWD/share waits_not "${fetch[@]}"
}
