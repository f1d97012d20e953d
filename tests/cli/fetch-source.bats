# SPDX-License-Identifier: MIT
#
# Where mpf-fetch takes firmware from, and what one can ask for by hand.
load helper
load ../www/site

setup() {
	servers=()
	cd "$BATS_TEST_TMPDIR" || return
	dir=$BATS_TEST_TMPDIR/firmware
	new=rp2/RPI_PICO_W-v1.28.0.uf2
	source=RPI_PICO_W-20260406-v1.28.0.uf2
}

teardown() { stop_servers; }

fetch() { mpf-fetch --retries 0 --dir "$dir" "$@"; }

@test "by hand, no records are read, and several boards make several" {
	pico_site
	echo '- 20260406 v1.28.0 uf2' | offer RPI_PICO2 rp2
	build RPI_PICO2-20260406-v1.28.0.uf2 v1.28.0 \
		'Raspberry Pi Pico2 with RP2350' 40 e48bff59
	serve
	run -0 --separate-stderr fetch --mirror "$mirror" --keep-order \
		--board RPI_PICO_W --board RPI_PICO2
	[ "$(jq -c '[.firmware.board_id, .firmware.version, .image.chip]' \
		<<<"$output" | xargs)" = \
		"[RPI_PICO_W,v1.28.0,rp2040] [RPI_PICO2,v1.28.0,rp2350]" ]
	[ "$(command jq -c '[keys_unsorted, .firmware.by, .firmware.wanted]' \
		<<<"${lines[0]}")" = \
		'[["mpf","firmware","image"],"manual","stable"]' ]
	[ -e "$dir/$new" ]
	# One that is not there does not hold up the other.
	run -1 --separate-stderr fetch --mirror "$mirror" \
		--board NO_SUCH --board RPI_PICO_W
	[ "$(jq -c .error.code <<<"$output" | sort | xargs)" = "not_found null" ]
}

@test "a board may be called as it was, or with its variant" {
	site
	printf '%s\n' '- 20260406 v1.28.0 bin' 'SPIRAM 20260406 v1.28.0 bin' |
		offer ESP32_GENERIC esp32
	mirror=file://$site
	for names in 'ESP32_GENERIC-SPIRAM' 'esp32_generic --variant SPIRAM' \
		'GENERIC_SPIRAM'; do
		# shellcheck disable=SC2086 # an option may follow
		run -1 --separate-stderr fetch --mirror "$mirror" --board $names
		[[ $(field .error.message) == *"ESP32_GENERIC-SPIRAM-20260406"* ]]
	done
	run -1 --separate-stderr fetch --mirror "$mirror" --board GENERIC
	[ "$(field .error.code)" = ambiguous ]
	[[ $(field .error.hint) == *--port* ]]
	run -1 --separate-stderr fetch --mirror "$mirror" --board GENERIC \
		--port esp32
	[[ $(field .error.message) == *"ESP32_GENERIC-20260406"* ]]
}

@test "--no-clean keeps the date and the hash in the name" {
	pico_site
	serve
	run -0 --separate-stderr fetch --mirror "$mirror" --board RPI_PICO_W \
		--version preview --no-clean
	[ "$(field .image.path)" = \
		"$dir/rp2/RPI_PICO_W-20261102-v1.29.0-preview.101.gabcdef0123.uf2" ]
	run -0 --separate-stderr fetch --mirror "$mirror" --board RPI_PICO_W \
		--version preview --clean
	[ "$(field .image.path)" = "$dir/rp2/RPI_PICO_W-v1.29.0-preview.101.uf2" ]
}

@test "a mirror that fails is said, and the next one is tried" {
	pico_site
	serve
	good=$mirror
	second=$site
	site=$BATS_TEST_TMPDIR/first
	mkdir -p "$site/resources/firmware" "$site/download/RPI_PICO_W"
	cp "$second/download/RPI_PICO_W/index.html" "$site/download/RPI_PICO_W/"
	serve
	fault /download/RPI_PICO_W/ status 503
	run -0 --separate-stderr fetch --mirror "$mirror" --mirror "$good" \
		--board RPI_PICO_W
	[[ $stderr == *"$mirror/download/RPI_PICO_W/: the server answers 503"*": now $good"* ]]
	[ "$(field .firmware.source)" = "$good/resources/firmware/$source" ]
	[ "$(asked /resources/)" = 0 ]	# it had shown what it is worth
	# The page, but not the file; and another file under its name.
	rm -r "$dir" "$site/.faults"
	run -0 --separate-stderr fetch --mirror "$mirror" --mirror "$good" \
		--board RPI_PICO_W
	[[ $stderr == *"not there (404): now $good"* ]]
	[ "$(field .firmware.source)" = "$good/resources/firmware/$source" ]
	rm -r "$dir"
	build "$source" v1.27.0 "$pico"
	run -0 --separate-stderr fetch --mirror "$mirror" --mirror "$good" \
		--board RPI_PICO_W
	[[ $stderr == *"says that it is v1.27.0"*": now $good"* ]]
	cmp "$dir/$new" "$second/resources/firmware/$source"
	# A version that the first one has not yet.
	rm -r "$dir"
	echo '- 20240602 v1.24.1 uf2' | offer RPI_PICO_W rp2
	run -0 --separate-stderr fetch --mirror "$mirror" --mirror "$good" \
		--board RPI_PICO_W --board RPI_PICO_W --version preview
	[ "$(jq -r .firmware.version <<<"$output" | xargs)" = \
		"v1.29.0-preview v1.29.0-preview" ]
}

# pico TOOL [OPTION...]: what each tool does by the index of a Pico W.
pico() {
	local tool=$1
	shift
	case $tool in
	mpf-fetch) fetch --board RPI_PICO_W "$@" ;;
	mpf-index) mpf-index --retries 0 --dir "$dir" "$@" list RPI_PICO_W ;;
	esac
}

@test "a mirror's index is not used without that mirror, or is said to be" {
	pico_site
	serve
	page=$mirror/download/RPI_PICO_W/
	for tool in mpf-fetch mpf-index; do
		rm -rf "$dir" "$site/.log"
		for _ in 1 2; do
			run -0 --separate-stderr pico $tool --mirror "$mirror"
			[ "$(asked /download/RPI_PICO_W/)" = 1 ]
		done
		https_proxy=http://127.0.0.1:1 \
		    run -1 --separate-stderr pico $tool
		[[ $(field .error.message) == *https://micropython.org/* ]]
		# Without a network there is nothing else.
		run -0 --separate-stderr pico $tool --offline
		[[ $stderr == *"$tool: RPI_PICO_W: offline: its versions are \
those of $page"* ]]
		# Two mirrors have an index each, whose day is its own.
		for given in "$site" "$mirror"; do
			run -0 --separate-stderr pico $tool --mirror "$given"
			run -0 --separate-stderr pico $tool --mirror "$given" \
				--offline
			[[ $stderr != *offline:* ]]
			[[ $(jq -r .firmware.index.source \
			    <<<"${lines[0]}") == *"$given/download/"* ]]
		done
		[ "$(asked /download/RPI_PICO_W/)" = 1 ]
	done
}

@test "mpf-resolve says once that its versions are those of a mirror" {
	pico_site
	serve
	pico mpf-index --mirror "$mirror"
	device='{mpf: 1, device: {id: "t/usb/1-1", mode: "repl"}, board: {
		family: "micropython", port: "rp2", version: "v1.19.1",
		board_id: "RPI_PICO_W"}}'
	run -0 --separate-stderr mpf-resolve --dir "$dir" < <(
		jq -nc "$device, ($device | .device.id = \"t/usb/1-2\")")
	[ "$stderr" = "mpf-resolve: RPI_PICO_W: its versions are those of the \
mirror's page $mirror/download/RPI_PICO_W/" ]
}

@test "when all mirrors fail, the last one's error is the record's" {
	pico_site
	serve
	run -1 --separate-stderr fetch --mirror http://127.0.0.1:1 \
		--mirror "$mirror" --mirror http://127.0.0.1:2 \
		--board RPI_PICO_W --version 1.27.0
	[ "$(field .error.code)" = network ]
	[[ $(field .error.message) == *"not there (404)"* ]] ||
		[[ $(field .error.message) == *"127.0.0.1:"[12]* ]]
	[ "$(asked "/resources/firmware/RPI_PICO_W-20251209")" = 1 ]
}

@test "a file of one's own is taken as it is now, whatever its name" {
	mkdir -p build
	mkfw e48bff56 v1.28.0 2026-04-06 "$pico" 40 >"build/my firmware.uf2"
	run -0 --separate-stderr fetch --board RPI_PICO_W \
		--source "build/my firmware.uf2" --offline
	cmp "$(field .image.path)" "build/my firmware.uf2"
	[[ $(field .image.path) == "$dir"/rp2/custom/*/my_firmware.uf2 ]]
	[ "$(jq -c '.firmware | [.custom, .source, .by]' <<<"$output")" = \
		"[true,\"file://$PWD/build/my%20firmware.uf2\",\"manual\"]" ]
	[ "$(jq -c .image.checks <<<"$output")" = '["format","chip","board"]' ]
	# Built anew; and by its address.
	mkfw e48bff56 v1.28.0 2026-04-06 "$pico" 41 >"build/my firmware.uf2"
	run -0 --separate-stderr fetch --board RPI_PICO_W \
		--source "file://$PWD/build/my%20firmware.uf2"
	cmp "$(field .image.path)" "build/my firmware.uf2"
	[ "$(sqlite3 "$dir/mpflash.db" 'SELECT count(*), version, custom
		FROM mpf_file')" = "1|v1.28.0|1" ]
	# Another of the same name, without a board.
	mkfw e48bff59 v1.28.0 2026-04-06 x 40 >"my firmware.uf2"
	run -0 --separate-stderr fetch --port rp2 --source "my firmware.uf2"
	[ "$(sqlite3 "$dir/mpflash.db" 'SELECT count(*) FROM mpf_file')" = 2 ]
	# For another board than it is for; and one that is not there.
	run -1 --separate-stderr fetch --board RPI_PICO_W \
		--source "my firmware.uf2"
	[[ $(field .error.message) == *"is for rp2350, which RPI_PICO_W has not" ]]
	run -1 --separate-stderr fetch --board RPI_PICO_W --source nothing.uf2
	[ "$(field .error.code)" = not_found ]
	run -1 --separate-stderr fetch --source "my firmware.uf2"
	[[ $(field .error.hint) == *--port* ]]
}

@test "a file of one's own is in the lock file by its place beside it" {
	mkfw e48bff56 v1.28.0 2026-04-06 "$pico" 40 >mine.uf2
	run -0 --separate-stderr fetch --board RPI_PICO_W --source mine.uf2 \
		--lock mpf.lock
	grep -q '^file:mine.uf2 sha256:' mpf.lock
	mkdir "$BATS_TEST_TMPDIR/elsewhere"
	mv mine.uf2 mpf.lock "$BATS_TEST_TMPDIR/elsewhere"
	cd "$BATS_TEST_TMPDIR/elsewhere"
	run -0 --separate-stderr fetch --board RPI_PICO_W --source mine.uf2 \
		--locked
	mkfw e48bff56 v1.28.0 2026-04-06 "$pico" 41 >mine.uf2
	run -1 --separate-stderr fetch --board RPI_PICO_W --source mine.uf2
	[ "$(field .error.code)" = verify ]
}

@test "from a folder the file that is meant is taken" {
	pico_site
	serve
	run -0 --separate-stderr fetch --mirror "$mirror" --board RPI_PICO_W
	run -0 --separate-stderr fetch --mirror "$mirror" --board RPI_PICO_W \
		--version preview
	mv "$dir" usb-stick
	touch usb-stick/rp2/RPI_PICO-v1.30.0.uf2 \
		usb-stick/rp2/RPI_PICO_W-v1.31.0.elf
	run -0 --separate-stderr fetch --source usb-stick --board RPI_PICO_W \
		--version stable
	[ "$(field .image.path)" = "$dir/$new" ]
	[ "$(field .firmware.custom)" = null ]
	run -0 --separate-stderr fetch --source usb-stick --board RPI_PICO_W
	[ "$(field .image.version)" = v1.29.0-preview ]
	run -0 --separate-stderr mpf-index list RPI_PICO_W --dir "$dir" \
		--source usb-stick
	[ "$(jq -r .firmware.version <<<"$output" | xargs)" = \
		"v1.28.0 v1.29.0-preview" ]
	run -1 --separate-stderr fetch --source usb-stick --board RPI_PICO_W \
		--version 1.24.1
	[ "$(field .error.code)" = not_found ]
	run -1 --separate-stderr fetch --source usb-stick
	[ "$(field .error.code)" = usage ]
}

@test "an address of one's own, and one of the site's" {
	pico_site
	serve
	cp "$site/resources/firmware/$source" "$site/firmware.uf2"
	run -0 --separate-stderr fetch --board RPI_PICO_W \
		--source "$mirror/firmware.uf2"
	[[ $(field .image.path) == "$dir"/rp2/custom/*/firmware.uf2 ]]
	[ "$(field .firmware.custom)" = true ]
	run -0 --separate-stderr fetch \
		--source "$mirror/resources/firmware/$source"
	[ "$(jq -c '.firmware | [.board_id, .version, .custom]' \
		<<<"$output")" = '["RPI_PICO_W","v1.28.0",null]' ]
	[ "$(field .image.path)" = "$dir/$new" ]
	run -1 --separate-stderr fetch --board RPI_PICO_W \
		--source http://example.com/x.uf2
	[ "$(field .error.code)" = usage ]
}

# release TAG NAME...: what GitHub says of a release with these assets.
release() {
	local tag=$1 api=$site/repos/acme/fw/releases
	shift
	mkdir -p "$api/tags" "$api/assets"
	jq -n --arg tag "$tag" --arg at "$mirror" '{tag_name: $tag,
		assets: [$ARGS.positional | to_entries[] | {id: (.key + 7),
		name: .value, browser_download_url:
		"\($at)/acme/fw/releases/download/\($tag)/\(.value)"}]}' \
		--args "$@" >"$api/tags/$tag"
	cp "$api/tags/$tag" "$api/latest"
	mkdir -p "$site/acme/fw/releases/download/$tag"
}

@test "an asset of a GitHub release is found by its pattern" {
	site
	serve
	export GITHUB_API_URL=$mirror
	unset GITHUB_TOKEN
	release v2 acme-pico.uf2 acme-pico.uf2.minisig acme-esp32.bin notes.txt
	mkfw e48bff56 v1.28.0 2026-04-06 "$pico" 40 \
		>"$site/acme/fw/releases/download/v2/acme-pico.uf2"
	for what in 'github:acme/fw@v2#*.uf2*' 'github:acme/fw#acme-pico.*'; do
		run -0 --separate-stderr fetch --board RPI_PICO_W --source "$what"
		cmp "$(field .image.path)" \
			"$site/acme/fw/releases/download/v2/acme-pico.uf2"
		[ "$(jq -c '.firmware | [.custom, .source, .file_name]' \
			<<<"$output")" = "[true,\"$mirror/acme/fw/releases/download/v2/acme-pico.uf2\",\"acme-pico.uf2\"]" ]
	done
	run -1 --separate-stderr fetch --board RPI_PICO_W \
		--source 'github:acme/fw@v2#acme-*'
	[ "$(field .error.code)" = ambiguous ]
	[ "$(field .error.message)" = \
		"acme/fw@v2: 2 assets are like acme-*: acme-pico.uf2, acme-esp32.bin" ]
	run -1 --separate-stderr fetch --board RPI_PICO_W \
		--source 'github:acme/fw@v2#*.hex'
	[ "$(field .error.code)" = not_found ]
	[[ $(field .error.hint) == "there is acme-pico.uf2, "* ]]
	run -1 --separate-stderr fetch --board RPI_PICO_W \
		--source 'github:acme/fw@v3#*.uf2'
	[ "$(field .error.code)" = not_found ]
	[[ $(field .error.hint) == *GITHUB_TOKEN* ]]
	for bad in 'github:acme/fw@v2' 'github:acme#x' 'github:a/../b#x' \
		'github:a/b@v 1#x'; do
		run -1 --separate-stderr fetch --board RPI_PICO_W --source "$bad"
		[ "$(field .error.code)" = usage ]
	done
	grep -q authorized "$site/.log" && return 1
	# In a record, too.
	run -0 --separate-stderr fetch <<<'{"mpf":1,"device":{"id":"x","mode":"repl"},"firmware":{"board_id":"RPI_PICO_W","action":"flash","source":"github:acme/fw@v2#*.uf2"}}'
	[ "$(field .image.version)" = v1.28.0 ]
}

@test "GitHub's token goes to its API and nowhere else" {
	command -v minisign >/dev/null || skip "no minisign"
	site
	serve
	api=$mirror
	release v2 acme-pico.uf2 acme-pico.uf2.minisig
	first=$site
	site=$BATS_TEST_TMPDIR/storage
	mkdir -p "$site"
	serve
	mkfw e48bff56 v1.28.0 2026-04-06 "$pico" 40 >"$site/blob"
	minisign -G -W -p pub -s key >/dev/null
	minisign -S -s key -m "$site/blob" >/dev/null
	storage=$site
	site=$first
	fault /repos/acme/fw/releases/assets/7 redirect "$mirror/blob"
	fault /repos/acme/fw/releases/assets/8 redirect "$mirror/blob.minisig"
	GITHUB_API_URL=$api GITHUB_TOKEN=secret run -0 --separate-stderr \
		fetch --board RPI_PICO_W --source 'github:acme/fw@v2#*.uf2' \
		--pubkey pub
	cmp "$(field .image.path)" "$storage/blob"
	[ "$(field .firmware.source)" = \
		"$api/acme/fw/releases/download/v2/acme-pico.uf2" ]
	[ "$(grep -c '^GET /repos/.* authorized$' "$first/.log")" = 3 ]
	[ "$(sort "$storage/.log")" = $'GET /blob 200\nGET /blob.minisig 200' ]
	# What is known of it is by that address, and not by the API's number.
	[ "$(sqlite3 "$dir/mpflash.db" 'SELECT source FROM firmwares')" = \
		"$(field .firmware.source)" ]
	# Nor to a mirror, a page, or an address that only begins like the API.
	pico_site
	[ "$(GITHUB_API_URL=${api%?} GITHUB_TOKEN=secret fetch --force \
		--mirror "$api" --board RPI_PICO_W | jq -r .image.version)" = v1.28.0 ]
	[ "$(grep authorized "$first/.log" | grep -cv /repos/)" = 0 ]
}

@test "GITHUB_API_URL has to be safe, and the token one line" {
	GITHUB_API_URL=http://example.com run -2 --separate-stderr \
		fetch --board RPI_PICO_W
	[[ $stderr == *"GITHUB_API_URL=http://example.com: "* ]]
	GITHUB_TOKEN=$'a\r\nX: y' run -2 --separate-stderr \
		fetch --board RPI_PICO_W
	[ "$(field .error.code)" = usage ]
}

@test "options that do not go together are refused" {
	run -2 --separate-stderr fetch --version 1.24.1 </dev/null
	[[ $(field .error.hint) == *mpf-resolve* ]]
	run -2 --separate-stderr fetch --board X --clean --no-clean
	run -2 --separate-stderr fetch --board X --no-lock --locked
	run -2 --separate-stderr fetch --board X --offline --force
	run -1 --separate-stderr fetch --board '../x'
	[ "$(field .error.code)" = usage ]
}

@test "what other tools do now is refused, and the tool is named" {
	while read -r option tool; do
		run -2 --separate-stderr fetch --board X "--$option" x
		[ "$(field .error.code)" = usage ]
		[ "$(field .error.message)" = \
			"--$option: not an option of mpf-fetch" ]
		[[ $(field .error.hint) == *"$tool"*" does that" ]]
	done <<-'END'
	refresh mpf-index refresh
	list mpf-index list BOARD
	export mpf-bundle export FILE
	import mpf-bundle import FILE
	seckey minisign -S
	END
}

@test "an option that names nothing is refused, and says so" {
	for name in source version lock cacert mirror; do
		run -2 --separate-stderr fetch --board X "--$name" ''
		[[ $stderr == "mpf-fetch: "*$'\n'"mpf-fetch: hint: "* ]]
		[ "$(jq -r '.error.hint | type' <<<"$output")" = string ]
	done
}

@test "hints are of use to who works by hand, and for a file of one's own" {
	pico_site
	serve
	run -1 --separate-stderr fetch --mirror "$mirror" \
		--board RPI_PICO_W --version 1.27.0
	[ "$(field .error.hint)" = "--version chooses another one" ]
	echo hello >mine.uf2
	run -1 --separate-stderr fetch --board RPI_PICO_W --source mine.uf2
	[ "$(field .error.hint)" = "is that the right file?" ]
}

@test "an address without a file's name at its end is refused" {
	run -1 --separate-stderr fetch --board RPI_PICO_W \
		--source https://127.0.0.1:1/
	[ "$(field .error.message)" = \
		"https://127.0.0.1:1/: no file name at its end" ]
	[ ! -e "$dir/rp2" ]
}

@test "without a device a record ends before the boards, and says so" {
	mkfw e48bff56 v1.28.0 2026-04-06 "$pico" 40 >mine.uf2
	rec=$(fetch --board RPI_PICO_W --source mine.uf2)
	run -0 --separate-stderr mpf-record <<<"$rec"
	[ "$output" = "$rec" ]
	run -1 --separate-stderr mpf-flash \
		<<<"$(jq -c 'del(.firmware.custom)' <<<"$rec")"
	[ "$(jq -c '.error | [.code, .message]' <<<"$output")" = \
		'["input","RPI_PICO_W: the record names no device"]' ]
	[[ $(field .error.hint) == *mpf-detect* ]]
	# For custom firmware a board is looked for; here is none.
	mkdir none
	MPF_SYSROOT=$PWD/none run -1 --separate-stderr mpf-flash <<<"$rec"
	[ "$(field .error.code)" = not_found ]
}
