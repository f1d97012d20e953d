# SPDX-License-Identifier: MIT
load helper
load fetch

@test "downloads what the record names, byte for byte, and says so" {
	pico_site
	serve
	run -0 --separate-stderr fetch <<<"$(choice)"
	cmp "$dir/$new" "$site/resources/firmware/$source"
	sum=$(sha256sum <"$dir/$new")
	[ "$(jq -c '.image | del(.size_bytes)' <<<"$output")" = "$(jq -cn \
		--arg path "$dir/$new" --arg sum "${sum%% *}" '{path: $path,
		sha256: $sum, format: "uf2", chip: "rp2040",
		version: "v1.28.0", board: "Raspberry Pi Pico W with RP2040",
		checks: ["format", "chip", "board"]}')" ]
	[ "$(field .image.size_bytes)" = "$(wc -c <"$dir/$new")" ]
	[ "$(jq -c '.firmware | [.version, .file_name, .port, .index.stale]' \
		<<<"$output")" = "[\"v1.28.0\",\"$source\",\"rp2\",false]" ]
	[ "$(field .firmware.source)" = "$mirror/resources/firmware/$source" ]
	[ "$(row 'SELECT file, sha256, size_bytes, version, source
		FROM mpf_file')" = \
		"$new|${sum%% *}|20480|v1.28.0|$(field .firmware.source)" ]
	[ "$(row 'SELECT board_id, version, firmware_file, port, build, custom
		FROM firmwares')" = "RPI_PICO_W|v1.28.0|$new|rp2|0|0" ]
	only_whole
}

@test "what is here already is not downloaded again, but is checked" {
	pico_site
	serve
	run -0 --separate-stderr fetch <<<"$(choice)"
	run -0 --separate-stderr fetch <<<"$output"
	[ "$(jq -c .image.checks <<<"$output")" = \
		'["sha256","format","chip","board"]' ]
	[ "$(asked /resources/)" = 1 ]
	run -0 --separate-stderr fetch --force <<<"$(choice)"
	[ "$(asked /resources/)" = 2 ]
	[ "$(asked /download/)" = 1 ]
	# Twice in one run, the second when the first is done.
	third_is_here() {
		[ "$(asked /resources/) $(find "$dir" -name '*.part')" = '3 ' ]
	}
	run -0 --separate-stderr fetch --force < <(choice
		wait_until third_is_here
		choice)
	[ "$(asked /resources/)" = 4 ]
}

@test "stable, preview, a number and a series are found among dozens" {
	pico_site
	serve
	run -0 --separate-stderr fetch --keep-order < <(choice latest
		choice preview; choice v1.24.1; choice 1.24; choice '<1.28.0,!=1.27.0,!=1.26.1,!=1.26.0,!=1.25.0')
	[ "$(jq -r .firmware.version <<<"$output" | xargs)" = \
		"v1.29.0-preview v1.29.0-preview v1.24.1 v1.24.1 v1.24.1" ]
	[ "$(jq -r .image.version <<<"$output" | xargs)" = \
		"$(jq -r .firmware.version <<<"$output" | xargs)" ]
	[ "$(jq -c '.firmware | [.build, .commit]' <<<"${lines[1]}")" = \
		'[101,"abcdef0123"]' ]
	[ "$(jq -c '.image | [.build, .commit]' <<<"${lines[1]}")" = \
		'[101,"abcdef0123"]' ]
	[ -e "$dir/rp2/RPI_PICO_W-v1.29.0-preview.101.uf2" ]
	[ "$(asked /download/)" = 1 ]
	[ "$(asked /resources/)" = 2 ]
}

@test "a version that there is not is not_found, and the hint names others" {
	pico_site
	serve
	run -1 --separate-stderr fetch <<<"$(choice v1.25.1)"
	[ "$(jq -c '.error | [.code, .retry]' <<<"$output")" = \
		'["not_found",false]' ]
	[ "$(field .error.message)" = \
		"RPI_PICO_W: no v1.25.1 among 21 files" ]
	[ "$(field .error.hint)" = "there is v1.26.0, v1.25.0, v1.24.1" ]
	[ "$(asked /resources/)" = 0 ]
}

@test "a board that runs it already is skipped, by resolve's rule" {
	pico_site
	serve
	run -0 --separate-stderr fetch --force \
		<<<"$(choice stable '.board.version = "v1.28.0"')"
	[ "$(jq -c '.firmware | [.action, .reason, .version]' <<<"$output")" = \
		'["skip","the board already runs v1.28.0","v1.28.0"]' ]
	[ "$(field .image)" = null ]
	[ ! -e "$dir/$new" ]
}

@test "what mpf-resolve was told to force is not skipped here either" {
	pico_site
	serve
	for index in none old new; do
		[ "$index" = none ] || index < <(choice) >/dev/null
		[ "$index" != old ] || row 'UPDATE mpf_page SET
			fetched_at = fetched_at - 90000'
		choice | jq -c 'del(.firmware) | .board.version = "v1.28.0" |
			.board.description = "Raspberry Pi Pico W with RP2040"' \
			>in
		run -0 --separate-stderr bash -c "mpf-resolve --force \
			--dir '$dir' <in | mpf-fetch --mirror '$mirror' \
			--dir '$dir'"
		[ "$(jq -c '[.firmware.action, .firmware.force,
			.firmware.version]' <<<"$output")" = \
			'["flash",true,"v1.28.0"]' ]
		[ -e "$(field .image.path)" ]
		rm "$(field .image.path)"
	done
	run -0 --separate-stderr bash -c "mpf-resolve --dir '$dir' <in"
	[ "$(jq -c '.firmware | [.action, has("force")]' <<<"$output")" = \
		'["skip",false]' ]
}

@test "a program that does not say what it is passes as no firmware" {
	pico_site
	serve
	local name=${new#*/}
	build "$source" nothing "Raspberry Pi Pico W with RP2040"
	refuses input false "$name: does not say which version of \
MicroPython it is"
	build "$source" v1.28.0 ''
	refuses input false "$name: does not say which board it is for"
	# What somebody put into the folder is looked at likewise.
	mkdir -p "$dir/rp2"
	cp "$site$file" "$dir/$new"
	run -1 --separate-stderr fetch --offline <<<"$(choice stable \
		".firmware += {version: \"v1.28.0\", port: \"rp2\",
		source: \"$mirror$file\"}")"
	[[ $(field .error.message) == *"does not say which board it is for" ]]
	# One's own may say nothing, and the record tells that it did not.
	run -0 --separate-stderr fetch --source "$site$file" --port rp2
	[ "$(field .firmware.custom)" = true ]
	[ "$(jq -c '.image | [.board, .checks]' <<<"$output")" = \
		'[null,["format"]]' ]
}

@test "skipped, failed and foreign records pass byte for byte" {
	site
	mirror=http://127.0.0.1:1
	printf '%s\n' '{"mpf":1, "device":{"id":"x","mode":"silent"}, "firmware":{"action":"skip"}}' \
		'{"mpf": 1,"error":{"stage":"resolve","code":"ambiguous", "message":"two","retry":false}}' \
		'{"other": 1.0}' >"$BATS_TEST_TMPDIR/in"
	run -1 --separate-stderr fetch <"$BATS_TEST_TMPDIR/in"
	[ "$output" = "$(cat "$BATS_TEST_TMPDIR/in")" ]
}

@test "one download does for many boards" {
	pico_site
	serve
	run -0 --separate-stderr fetch < <(for i in 1 2 3 4 5 6 7 8; do
		choice stable ".device.id = \"t/usb/1-$i\""; done)
	[ "$(jq -r .image.sha256 <<<"$output" | sort -u | wc -l)" = 1 ]
	[ "${#lines[@]}" -eq 8 ]
	[ "$(asked /)" = 2 ]
}

@test "a file is read once, however many records name it" {
	pico_site
	build "$source" v1.28.0 "$pico" 2000
	serve
	run -0 --separate-stderr fetch <<<"$(choice)"
	mkfifo "$BATS_TEST_TMPDIR/in"
	mpf-fetch --mirror "$mirror" --dir "$dir" <"$BATS_TEST_TMPDIR/in" \
		>"$BATS_TEST_TMPDIR/out" 2>/dev/null 3>&- &
	pid=$!
	exec 7>"$BATS_TEST_TMPDIR/in"
	choice | jq -c 'range(60) as $i | .device.id = "t/usb/1-\($i)"' >&7
	lines_in "$BATS_TEST_TMPDIR/out" 60
	rchar=$(sed -n 's/^rchar: //p' "/proc/$pid/io")
	exec 7>&-
	wait "$pid"
	# 60 times 1 MB, if each record had it read.
	[ "$rchar" -lt 10000000 ]
	[ "$(jq -r .image.sha256 "$BATS_TEST_TMPDIR/out" | sort -u)" = \
		"$(sha256sum <"$dir/$new" | cut -d' ' -f1)" ]
}

@test "a page or file that is not there is not_found" {
	pico_site
	serve
	run -1 --separate-stderr fetch \
		<<<"$(choice stable '.firmware.board_id = "NO_SUCH"')"
	[ "$(jq -c '.error | [.code, .hint]' <<<"$output")" = \
		'["not_found","NO_SUCH has no page of its own there"]' ]
	run -1 --separate-stderr fetch <<<"$(choice v1.27.0)"
	[ "$(field .error.code)" = not_found ]
	[[ $(field .error.message) == *"-v1.27.0.uf2: not there (404)" ]]
	only_whole
}

@test "of a board that nobody knows the ids are named that are near" {
	pico_site
	serve
	near="do you mean --board RPI_PICO or RPI_PICO_W?"
	for with in '' --offline; do
		# shellcheck disable=SC2086 # an option, or none
		run -1 --separate-stderr fetch --board rpi_picow $with
		[ "$(jq -c '.error | [.code, .hint]' <<<"$output")" = \
			"[\"not_found\",\"$near\"]" ]
	done
	run -1 --separate-stderr fetch --board RPI_PICOW-X
	[ "$(field .error.hint)" = "$near" ]
	run -1 --separate-stderr index list RPI_PICOW
	[ "$(field .error.hint)" = "$near" ]
	# One that is known, or like none, has no page; that is all.
	for board in PYBV11 QQQQQQQQQQQQQQQQ; do
		run -1 --separate-stderr fetch --board $board
		[ "$(field .error.hint)" = \
			"$board has no page of its own there" ]
	done
}

@test "a page that never ends is given up, whether it says so or not" {
	pico_site
	serve
	head -c 3000000 /dev/zero >>"$site/download/RPI_PICO_W/index.html"
	for how in nolength 'long 0'; do
		# shellcheck disable=SC2086 # a kind and its argument
		fault /download/RPI_PICO_W/ $how
		run -1 --separate-stderr fetch <<<"$(choice)"
		[ "$(field .error.code)" = input ]
	done
}

@test "a file without a length, or behind a redirect, is fine" {
	pico_site
	serve
	fault "/resources/firmware/$source" nolength
	run -0 --separate-stderr fetch <<<"$(choice)"
	cmp "$dir/$new" "$site/resources/firmware/$source"
	rm -r "$dir"
	fault "/resources/firmware/$source" redirect /resources/firmware/x
	mv "$site/resources/firmware/$source" "$site/resources/firmware/x"
	run -0 --separate-stderr fetch <<<"$(choice)"
	cmp "$dir/$new" "$site/resources/firmware/x"
}

@test "a file that is another version, chip or kind is refused" {
	pico_site
	serve
	build "$source" v1.27.0 "$pico"
	run -1 --separate-stderr fetch <<<"$(choice)"
	[[ $(field .error.message) == *": says that it is v1.27.0, not v1.28.0" ]]
	build "$source" v1.28.0 "$pico" 40 e48bff59
	run -1 --separate-stderr fetch <<<"$(choice)"
	[[ $(field .error.message) == *": is for rp2350, which RPI_PICO_W has not" ]]
	head -c 4096 /dev/zero >"$site/resources/firmware/$source"
	run -1 --separate-stderr fetch <<<"$(choice)"
	[ "$(field .error.code)" = input ]
	[[ $(field .error.message) == *": bin, by its bytes" ]]
	only_whole
}

@test "a preview is no release, and a release no preview" {
	pico_site
	serve
	build "$source" v1.28.0-preview.12.gabcdef012 "$pico"
	run -1 --separate-stderr fetch <<<"$(choice)"
	[[ $(field .error.message) == \
		*": says that it is v1.28.0-preview.12.gabcdef012, not v1.28.0" ]]
	build RPI_PICO_W-20261102-v1.29.0-preview.101.gabcdef0123.uf2 \
		v1.29.0 "$pico"
	run -1 --separate-stderr fetch <<<"$(choice preview)"
	[[ $(field .error.message) == \
		*": says that it is v1.29.0, not v1.29.0-preview" ]]
	only_whole
}

@test "a file that says it is another board's is refused" {
	pico_site
	serve
	build "$source" v1.28.0 'Raspberry Pi Pico with RP2040'
	run -1 --separate-stderr fetch <<<"$(choice)"
	[ "$(field .error.code)" = input ]
	[[ $(field .error.message) == *": is for RPI_PICO, by what it says"* ]]
	no_file
	# Who names a file may mean just that; and nobody knows this one.
	mkfw e48bff56 v1.28.0 2026-04-06 'Raspberry Pi Pico with RP2040' 4 \
		>"$BATS_TEST_TMPDIR/mine.uf2"
	run -0 --separate-stderr fetch --board RPI_PICO_W --source \
		"$BATS_TEST_TMPDIR/mine.uf2"
	build "$source" v1.28.0 'Raspberry Pi Pico W, a new one, with RP2040'
	run -0 --separate-stderr fetch <<<"$(choice)"
	[ "$(jq -c .image.checks <<<"$output")" = '["format","chip"]' ]
}

@test "a wrong sha-256 is refused, in a download and on the disk" {
	pico_site
	serve
	run -1 --separate-stderr fetch \
		<<<"$(choice stable '.firmware.sha256 = ("0" * 64)')"
	[ "$(jq -c '.error | [.code, .retry]' <<<"$output")" = \
		'["verify",true]' ]
	[ ! -e "$dir/$new" ]
	run -0 --separate-stderr fetch <<<"$(choice)"
	run -1 --separate-stderr fetch \
		<<<"$(choice stable '.firmware.sha256 = ("0" * 64)')"
	[ "$(field .error.code)" = verify ]
}

@test "a record that asks for what a file is not spoils no other's download" {
	local order in=$BATS_TEST_TMPDIR/in
	pico_site
	serve
	choice stable '.firmware += {version: "v1.28.0", port: "rp2", source:
		"'"$mirror$file"'"} | (.device.id = "good"),
		(.device.id = "digest" | .firmware.sha256 = ("0" * 64)),
		(.device.id = "version" | .firmware.version = "v1.27.0"),
		(.device.id = "fine")' >"$in"
	for order in cat tac; do
		rm -rf "$dir"
		run -1 --separate-stderr fetch < <("$order" "$in")
		[ "$(jq -r '"\(.device.id) \(.error.code)"' <<<"$output" |
			sort)" = "$(printf '%s\n' 'digest verify' \
			'fine null' 'good null' 'version input')" ]
		cmp "$dir/$new" "$site$file"
	done
	[ "$(asked "$file")" = 2 ]
}

@test "a file that changed on the disk is refused, and --force mends it" {
	pico_site
	serve
	run -0 --separate-stderr fetch <<<"$(choice)"
	build "$source" v1.28.0 "$pico" 41
	cp "$site/resources/firmware/$source" "$dir/$new"
	run -1 --separate-stderr fetch <<<"$(choice)"
	[ "$(field .error.code)" = verify ]
	[ "$(field .error.hint)" = "--force downloads it again" ]
	# The site has changed it too: not what was first seen there.
	run -1 --separate-stderr fetch --force <<<"$(choice)"
	[ "$(field .error.code)" = verify ]
	[[ $(field .error.message) == *"not the file that was first seen there"* ]]
	build "$source" v1.28.0 "$pico" 40
	run -0 --separate-stderr fetch --force <<<"$(choice)"
	cmp "$dir/$new" "$site/resources/firmware/$source"
}

@test "a file that mpflash left is looked at, and known from then on" {
	pico_site
	serve
	mkdir -p "$dir/rp2"
	cp "$site/resources/firmware/$source" "$dir/$new"
	run -0 --separate-stderr fetch <<<"$(choice)"
	[ "$(asked /resources/)" = 0 ]
	[ "$(row 'SELECT sha256 FROM mpf_file')" = "$(field .image.sha256)" ]
	head -c 5000 "$dir/$new" >"$dir/cut"
	mv "$dir/cut" "$dir/$new"
	row 'DELETE FROM mpf_file'
	row 'DELETE FROM firmwares'
	run -1 --separate-stderr fetch <<<"$(choice)"
	[ "$(jq -c '.error | [.code, .hint]' <<<"$output")" = \
		'["input","--force downloads it again"]' ]
}

@test "offline, it does with what is here, and says how old that is" {
	pico_site
	serve
	run -1 --separate-stderr fetch --offline <<<"$(choice)"
	[ "$(field .error.code)" = not_found ]
	run -0 --separate-stderr fetch <<<"$(choice)"
	stop_servers
	servers=()
	row 'UPDATE mpf_page SET fetched_at = fetched_at - 3 * 86400 - 9'
	run -0 --separate-stderr fetch --offline <<<"$(choice)"
	[ "$(field .image.path)" = "$dir/$new" ]
	[ "$(jq -c .firmware.index.stale <<<"$output")" = true ]
	[[ $stderr == "mpf-fetch: RPI_PICO_W: chosen from a list that is 3 days old"* ]]
	run -1 --separate-stderr fetch --offline <<<"$(choice v1.24.1)"
	[ "$(field .error.message)" = \
		"rp2/RPI_PICO_W-v1.24.1.uf2: not in $dir" ]
	# Without --offline a stale list is not good enough.
	run -1 --separate-stderr fetch <<<"$(choice)"
	[ "$(jq -c '.error | [.code, .retry]' <<<"$output")" = \
		'["network",true]' ]
}

@test "offline, files that no database knows are found by name, and looked at" {
	local port=$dir/rp2
	pico_site
	mirror=http://127.0.0.1:1
	mkdir -p "$port" "$dir/rp2/custom"
	cp "$site/resources/firmware/RPI_PICO_W-20240602-v1.24.1.uf2" \
		"$port/RPI_PICO_W-v1.24.1.uf2"
	cp "$site/resources/firmware/RPI_PICO_W-20260406-v1.28.0.uf2" \
		"$port/RPI_PICO_W-v1.28.0.uf2"
	echo '{"filename": "rp2/RPI_PICO_W-v1.28.0.uf2"}' >"$dir/firmware.jsonl"
	run -0 --separate-stderr fetch --offline <<<"$(choice)"
	[ "$(field .image.path)" = "$port/RPI_PICO_W-v1.28.0.uf2" ]
	[ "$(field .firmware.version)" = v1.28.0 ]
	[ "$(field '.image.checks | join(" ")')" = "format chip board" ]
	run -0 --separate-stderr fetch --offline <<<"$(choice 1.24.1)"
	[ "$(field .image.version)" = v1.24.1 ]
	# What such a file is now, it has to be the next time.
	printf x >>"$port/RPI_PICO_W-v1.24.1.uf2"
	run -1 --separate-stderr fetch --offline <<<"$(choice 1.24.1)"
	[[ $(field .error.code) =~ ^(verify|input)$ ]]
	# A name is not enough.
	cp "$port/RPI_PICO_W-v1.28.0.uf2" "$port/RPI_PICO_W-v1.27.0.uf2"
	run -1 --separate-stderr fetch --offline <<<"$(choice 1.27.0)"
	[ "$(field .error.code)" = input ]
	[[ $(field .error.message) == *"says that it is v1.28.0, not v1.27.0" ]]
	# Nor may a record have another file read.
	run -1 --separate-stderr fetch --offline <<<"$(choice 1.28.0 \
		'.firmware += {version: "v1.28.0", port: "rp2",
		source: "file:///etc/rp2/RPI_PICO_W-v1.28.0.uf2"}')"
	[ "$(field .error.code)" = input ]
}

@test "offline, it does with what mpflash alone has left" {
	pico_site
	mirror=http://127.0.0.1:1
	url=https://micropython.org/resources/firmware/RPI_PICO_W
	mpflash <<-END
		v1.24.1 rp2\\RPI_PICO_W-v1.24.1.uf2 $url-20240602-v1.24.1.uf2 0
		v1.28.0 $new $url-20260406-v1.28.0.uf2 0
		v1.28.0 rp2/RPI_PICO_W-20260406-v1.28.0.uf2 $url-20260406-v1.28.0.uf2 0
		v1.31.0 rp2/RPI_PICO_W-v1.31.0.uf2 $url-20270602-v1.31.0.uf2 0
		v1.32.0 rp2/RPI_PICO_W-v1.32.0.uf2 $url-20280602-v1.32.0.uf2 1
	END
	cp "$site$file" "$dir/$new"
	cp "$site/resources/firmware/RPI_PICO_W-20240602-v1.24.1.uf2" \
		"$dir/rp2/RPI_PICO_W-v1.24.1.uf2"
	touch "$dir/rp2/RPI_PICO_W-v1.32.0.uf2"
	run -0 --separate-stderr fetch --offline <<<"$(choice)"
	[ "$(jq -c '[.firmware.version, .firmware.source, .image.path,
		.firmware.index.source, .firmware.index.stale]' <<<"$output")" = \
		"[\"v1.28.0\",\"$url-20260406-v1.28.0.uf2\",\"$dir/$new\",\"$dir\",false]" ]
	run -0 --separate-stderr fetch --offline --board RPI_PICO_W \
		--version 1.24
	[ "$(field .image.path)" = "$dir/rp2/RPI_PICO_W-v1.24.1.uf2" ]
	run -0 --separate-stderr index list RPI_PICO_W --offline
	[ "$(jq -r .firmware.version <<<"$output" | sort | xargs)" = \
		"v1.24.1 v1.28.0" ]
	run -1 --separate-stderr fetch --offline --board RPI_PICO_W \
		--version preview
	[ "$(jq -c '.error | [.code, .hint]' <<<"$output")" = \
		'["not_found","there is v1.28.0, v1.24.1"]' ]
	# With a network the page alone says which is the newest.
	run -1 --separate-stderr fetch <<<"$(choice)"
	[ "$(field .error.code)" = network ]
}

@test "offline, mpflash may have what was not on the page yet" {
	pico_site
	serve
	run -0 --separate-stderr fetch <<<"$(choice)"
	build RPI_PICO_W-20261120-v1.30.0.uf2 v1.30.0 "$pico"
	mpflash <<<"v1.30.0 rp2/RPI_PICO_W-20261120-v1.30.0.uf2 \
$mirror/resources/firmware/RPI_PICO_W-20261120-v1.30.0.uf2 0"
	cp "$site/resources/firmware/RPI_PICO_W-20261120-v1.30.0.uf2" "$dir/rp2"
	# It has another name there, as mpflash --no-clean gives it.
	run -0 --separate-stderr fetch --offline <<<"$(choice)"
	[ "$(field .firmware.version)" = v1.28.0 ]
	run -0 --separate-stderr fetch --offline --no-clean <<<"$(choice)"
	[ "$(jq -c '[.firmware.version, .firmware.index.source]' \
		<<<"$output")" = \
		"[\"v1.30.0\",\"$mirror/download/RPI_PICO_W/\"]" ]
}

@test "a stale list is asked for again, and that it is unchanged will do" {
	pico_site
	serve
	run -0 --separate-stderr fetch <<<"$(choice)"
	row 'UPDATE mpf_page SET fetched_at = fetched_at - 100000'
	run -0 --separate-stderr fetch <<<"$(choice)"
	[ "$(grep -c 'download/RPI_PICO_W/ 304' "$site/.log")" = 1 ]
	[ "$(jq -c '.firmware.index | [.age_s < 100, .stale]' <<<"$output")" = \
		'[true,false]' ]
	run -0 --separate-stderr fetch <<<"$(choice)"
	[ "$(asked /download/)" = 2 ]
}

@test "a version that a fresh list does not have is looked for once more" {
	pico_site
	serve
	run -0 --separate-stderr fetch <<<"$(choice)"
	echo '- 20261120 v1.30.0 uf2' | offer RPI_PICO_W rp2
	build RPI_PICO_W-20261120-v1.30.0.uf2 v1.30.0 "$pico"
	run -0 --separate-stderr fetch <<<"$(choice v1.30.0)"
	[ "$(field .image.version)" = v1.30.0 ]
}

@test "what resolve pinned needs no page" {
	pico_site
	serve
	run -0 --separate-stderr fetch <<<"$(choice stable ".firmware += {version: \"v1.28.0\",
		port: \"rp2\", source: \"https://micropython.org/resources/firmware/$source\"}")"
	[ "$(field .image.path)" = "$dir/$new" ]
	[ "$(asked /download/)" = 0 ]
	# Pinned, but from where it does not say.
	run -0 --separate-stderr fetch <<<"$(choice stable '.firmware.version = "v1.24.1"')"
	[ "$(field .image.version)" = v1.24.1 ]
}

@test "a mirror may be a folder" {
	pico_site
	mirror=file://$site
	run -0 --separate-stderr fetch <<<"$(choice)"
	cmp "$dir/$new" "$site/resources/firmware/$source"
	# But a record alone may not have a file of this machine read.
	run -1 --separate-stderr mpf-fetch --dir "$dir/2" <<<"$(choice stable \
		".firmware += {version: \"v1.28.0\", port: \"rp2\",
		source: \"file://$site/resources/firmware/$source\"}")"
	[ "$(field .error.code)" = input ]
}

@test "a mirror elsewhere without https is not asked" {
	run -2 --separate-stderr mpf-fetch --mirror http://example.com <<<"$(choice)"
	[ "$(field .error.code)" = usage ]
	[[ $stderr == *"hint: https, file, or http to this machine"* ]]
}

@test "a certificate that nobody vouches for is refused" {
	command -v openssl >/dev/null || skip "no openssl"
	pico_site
	cd "$site"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout key -out cert -days 2 -subj /CN=localhost \
		-addext subjectAltName=DNS:localhost 2>/dev/null
	: >log
	openssl s_server -accept 127.0.0.1:0 -cert cert -key key -WWW \
		>>log 2>&1 3>&- &
	servers+=($!)
	for _ in $(seq 500); do
		port=$(sed -n 's/^ACCEPT 127.0.0.1://p' log)
		[ -n "$port" ] && break
		sleep 0.01
	done
	record=$(choice stable ".firmware += {version: \"v1.28.0\", port: \"rp2\",
		source: \"https://localhost:$port/resources/firmware/$source\"}")
	run -1 --separate-stderr mpf-fetch --dir "$dir" <<<"$record"
	[ "$(jq -c '.error | [.code, .retry]' <<<"$output")" = \
		'["network",false]' ]
	[[ $(field .error.hint) == *"--cacert" ]]
	run -0 --separate-stderr mpf-fetch --dir "$dir" --cacert cert <<<"$record"
	cmp "$dir/$new" "$site/resources/firmware/$source"
}

# both [OPTION...]: two mpf-fetch at once; $a, $b, and what they say in a, b.
both() {
	cd "$BATS_TEST_TMPDIR" || return
	set -- --mirror "$mirror" --dir "$dir" "$@"
	mpf-fetch "$@" <<<"$(choice)" >a 2>a.err 3>&- &
	a=$!
	mpf-fetch "$@" <<<"$(choice)" >b 2>b.err 3>&- &
	b=$!
}

@test "two at once download a file once, and both have it" {
	pico_site
	serve
	fault "/resources/firmware/$source" hold "$BATS_TEST_TMPDIR/go"
	both --force
	# One has it, and the other one says that it waits.
	wait_until grep -qs 'another process is downloading it: waiting' \
		a.err b.err
	touch "$BATS_TEST_TMPDIR/go"
	wait "$a"
	wait "$b"
	[ "$(asked /resources/)" = 1 ]
	cmp "$dir/$new" "$site/resources/firmware/$source"
	[ "$(jq -r .image.sha256 a b | sort -u | wc -l)" = 1 ]
	[ "$(row 'SELECT count(*) FROM mpf_file')" = 1 ]
	only_whole
}

@test "whoever waits for another process goes on where that one dies" {
	pico_site
	serve
	fault "/resources/firmware/$source" first 1 hold "$BATS_TEST_TMPDIR/go"
	both
	wait_until grep -qs waiting a.err b.err
	if grep -q waiting a.err; then kill -9 "$b"; else kill -9 "$a"; fi
	wait "$a" "$b" || :
	[ "$(cat a b | jq -r .image.path)" = "$dir/$new" ]
	cmp "$dir/$new" "$site/resources/firmware/$source"
	only_whole
}

# half: mpf-fetch in the background, in the middle of its download; $pid.
half() {
	fault "/resources/firmware/$source" hold "$BATS_TEST_TMPDIR/go"
	mpf-fetch --mirror "$mirror" --dir "$dir" >"$BATS_TEST_TMPDIR/out" \
		2>"$BATS_TEST_TMPDIR/err" < <(choice
		choice stable '.device.id = "t/usb/1-2"') 3>&- &
	pid=$!
	for _ in $(seq 500); do
		[ -n "$(find "$dir" -name '*.part' -size +9k 2>/dev/null)" ] && break
		sleep 0.01
	done
}

@test "a process that does nothing is waited for as long as a server" {
	pico_site
	serve
	half
	kill -STOP "$pid"
	run --separate-stderr timeout 60 mpf-fetch --mirror "$mirror" \
		--dir "$dir" --timeout 300ms <<<"$(choice)"
	kill -CONT "$pid"
	[ "$status" = 1 ]
	[ "$(jq -c '.error | [.code, .retry]' <<<"$output")" = '["busy",true]' ]
	[[ $(field .error.message) == "$new: another process is downloading \
it, and nothing came for "*" ms" ]]
	[[ $(field .error.hint) == *"fuser .${new##*/}.part"* ]]
	# That one is not harmed.
	touch "$BATS_TEST_TMPDIR/go"
	wait "$pid"
	cmp "$dir/$new" "$site$file"
	only_whole
}

@test "a lock that nobody lets go of is no reason to hang" {
	pico_site
	serve
	part 9000
	hidden=$dir/rp2/.${new##*/}.part
	run -1 --separate-stderr flock "$hidden" timeout 60 mpf-fetch \
		--mirror "$mirror" --dir "$dir" --timeout 300ms < <(choice
		choice stable '.device.id = "t/usb/1-2"')
	[ "$(jq -r .error.code <<<"$output" | xargs)" = "busy busy" ]
	[ "$(wc -c <"$hidden")" = 9000 ]
	run -0 --separate-stderr fetch <<<"$(choice)"
	only_whole
}

@test "kill -9 leaves nothing that looks like a firmware" {
	pico_site
	serve
	half
	kill -9 "$pid"
	wait "$pid" || status=$?
	[ "$status" = 137 ]
	[ -z "$(find "$dir" -name '*.uf2')" ]
	[ "$(row 'SELECT count(*) FROM mpf_file')" = 0 ]
	touch "$BATS_TEST_TMPDIR/go"
	run -0 --separate-stderr fetch <<<"$(choice)"
	cmp "$dir/$new" "$site/resources/firmware/$source"
}

@test "a signal ends downloads, and every record comes out" {
	pico_site
	serve
	half
	kill -TERM "$pid"
	wait "$pid" || status=$?
	[ "$status" = 1 ]
	[ "$(jq -c .error.code "$BATS_TEST_TMPDIR/out" | xargs)" = \
		"cancelled cancelled" ]
	[ ! -e "$dir/$new" ]
	only_whole
}

@test "a full disk is said, and leaves no file" {
	pico_site
	serve
	mkdir -p "$dir"
	mount -t tmpfs -o size=1600k none "$dir" 2>/dev/null ||
		skip "may not mount"
	build "$source" v1.28.0 "$pico" 3000
	run -1 --separate-stderr fetch <<<"$(choice)"
	[ -z "$(find "$dir" -name '*.uf2' -o -name '*.part')" ]
	[ "$(field .error.code)" = space ]
	[[ $(field .error.hint) == *"--dir" ]]
	# Where the bytes were held back, it is found out at another place.
	run -1 --separate-stderr fetch --limit-rate 1M <<<"$(choice)"
	[ -z "$(find "$dir" -name '*.uf2' -o -name '*.part')" ]
	[ "$(field .error.code)" = space ]
	[[ $(field .error.message) == *".part: "* ]]
}

@test "a limit on the size of files is said, and leaves no file" {
	pico_site
	serve
	build "$source" v1.28.0 "$pico" 6000
	run -1 --separate-stderr bash -c "ulimit -f 1500
		mpf-fetch --mirror $mirror --dir $dir" <<<"$(choice)"
	[ -z "$(find "$dir" -name '*.uf2' -o -name '*.part')" ]
	[ "$(field .error.code)" = io ]
}

@test "a folder that may only be read still serves what is in it" {
	open_dir
	pico_site
	serve
	run -0 --separate-stderr fetch <<<"$(choice)"
	chmod -R a+rX "$dir"
	mv "$dir" "$open/firmware"
	fetch_as_nobody() {
		as_nobody mpf-fetch --mirror "$mirror" --dir "$open/firmware"
	}
	run -0 --separate-stderr fetch_as_nobody <<<"$(choice)"
	here=$output said=$stderr
	run -1 --separate-stderr fetch_as_nobody <<<"$(choice v1.24.1)"
	[ "$(jq -r .image.path <<<"$here")" = "$open/firmware/$new" ]
	# The loader may have said before that nobody cannot read its test library.
	[[ $said == *"mpf-fetch: "*"nothing is kept there"* ]]
	[ "$(field .error.code)" = permission ]
	[[ $(field .error.hint) == *"--dir" ]]
}

@test "a record that names no firmware is an input error" {
	mirror=http://127.0.0.1:1
	run -1 --separate-stderr fetch <<<'{"mpf":1,"device":{"id":"x","mode":"repl"}}'
	[ "$(jq -c '.error | [.code, .hint]' <<<"$output")" = \
		'["input","feed it records of mpf-resolve"]' ]
	# What the schema does not allow either is not for its check to see.
	run -1 --separate-stderr env -u MPF_EMITTED mpf-fetch --dir "$dir" \
		<<<"$(choice stable '.firmware.board_id = "../../etc"')"
	[ "$(field .error.code)" = input ]
	run -1 --separate-stderr env -u MPF_EMITTED mpf-fetch --dir "$dir" \
		<<<"$(choice stable '.firmware += {port: "..",
		version: "v1.0.0", source: "https://x.example/y.uf2"}')"
	[ "$(field .error.code)" = input ]
}

@test "no server is a network error that may pass" {
	mirror=http://127.0.0.1:1
	run -1 --separate-stderr fetch <<<"$(choice)"
	[ "$(jq -c '.error | [.code, .retry]' <<<"$output")" = \
		'["network",true]' ]
	[[ $(field .error.hint) == *"--offline"* ]]
}

@test "a genuine firmware comes through" {
	file=RPI_PICO_W-v1.22.2.uf2
	[ -e "${MPF_SAMPLES:-none}/$file" ] || skip "no $file in MPF_SAMPLES"
	pico_site
	serve
	cp "$MPF_SAMPLES/$file" \
		"$site/resources/firmware/RPI_PICO_W-20240602-v1.22.2.uf2"
	run -0 --separate-stderr fetch <<<"$(choice v1.22.2)"
	cmp "$dir/rp2/$file" "$MPF_SAMPLES/$file"
	[ "$(jq -c '.image | [.version, .chip, .board]' <<<"$output")" = \
		'["v1.22.2","rp2040","Raspberry Pi Pico W with RP2040"]' ]
}

@test "a version that is none is refused before anything is asked" {
	for v in "" newest 1.2.3.4; do
		run -2 --separate-stderr mpf-fetch --mirror http://127.0.0.1:1 \
			--dir "$dir" --board RPI_PICO_W --version "$v"
		[ "${stderr_lines[0]}" = \
			"mpf-fetch: --version \"$v\": not a version" ]
		[[ ${stderr_lines[1]} == *"hint: stable, preview, latest, "* ]]
	done
}
