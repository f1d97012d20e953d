# SPDX-License-Identifier: MIT
# How mpf-fetch does with a network that is not at its best.
load helper
load fetch

# again [OPTION...]: with a few tries, and no time in between.
again() { fetch --retries 3 "$@" <<<"$(choice)"; }

@test "what may pass is tried again, and said" {
	pico_site
	serve
	for how in 'status 503' 'status 429' 'status 408' 'status 500' \
		'retry 0' 'short 3000' 'cut 4096'; do
		rm -rf "$dir" "$site/.log"
		# shellcheck disable=SC2086 # a kind and its argument
		fault "$file" first 3 $how
		run -0 --separate-stderr again
		cmp "$dir/$new" "$site$file"
		[ "$(asked "$file")" = 4 ]
		[ "$(grep -c ': trying again in 0.0 s' <<<"$stderr")" = 3 ]
		only_whole
	done
}

@test "what stands still is tried again" {
	pico_site
	serve
	fault "$file" first 1 stall 100
	run -0 --separate-stderr again --timeout 1
	[[ $stderr == *"no more than 100 bytes came in "*"trying again"* ]]
	cmp "$dir/$new" "$site$file"
}

@test "a page is tried again, too" {
	pico_site
	serve
	fault /download/RPI_PICO_W/ first 2 short 300
	run -0 --separate-stderr again
	cmp "$dir/$new" "$site$file"
}

@test "what will not pass is not tried again" {
	pico_site
	serve
	for how in 'status 404' 'status 403' 'status 410' html \
		'headers 400'; do
		rm -rf "$dir" "$site/.log"
		# shellcheck disable=SC2086
		fault "$file" $how
		run -1 --separate-stderr again
		[ "$(asked "$file")" = 1 ]
	done
}

@test "the last try's error is the one that is told" {
	pico_site
	serve
	fault "$file" status 502
	fault "$file" first 3 short 100
	run -1 --separate-stderr again
	[[ $(field .error.message) == *": the server answers 502" ]]
	[ "$(asked "$file")" = 4 ]
	no_file
}

# How long it waits else is in test-fetch_http, where time is the test's own.
@test "a server that asks to be left alone for a day is" {
	pico_site
	serve
	fault "$file" retry 86400
	run -1 --separate-stderr again
	[ "$(asked "$file")" = 1 ]
	[ "$(jq -c '.error | [.code, .retry]' <<<"$output")" = \
		'["network",true]' ]
	[[ $(field .error.hint) == *"run it again later" ]]
}

@test "a download that broke off goes on where it was" {
	pico_site
	serve
	fault "$file" first 1 broken 12288
	run -0 --separate-stderr again
	cmp "$dir/$new" "$site$file"
	# The last 4 kB come twice, to be compared.
	[ "$(tail -n 2 "$site/.log")" = "GET $file 200
GET $file 206 bytes=8192-" ]
	only_whole
}

@test "without a strong ETag it begins anew" {
	pico_site
	serve
	fault "$file" first 1 short 12288
	run -0 --separate-stderr again
	cmp "$dir/$new" "$site$file"
	[ "$(tail -n 1 "$site/.log")" = "GET $file 200" ]
	fault "$file" etag 'W/"weak"'
	rm -r "$dir"
	part 12288 'W/"weak"'
	run -0 --separate-stderr again
	cmp "$dir/$new" "$site$file"
	[ "$(tail -n 1 "$site/.log")" = "GET $file 200" ]
	only_whole
}

@test "a server that knows no ranges sends all of it" {
	pico_site
	serve
	fault "$file" norange
	part 12288
	run -0 --separate-stderr fetch <<<"$(choice)"
	cmp "$dir/$new" "$site$file"
	[ "$(tail -n 1 "$site/.log")" = "GET $file 200 bytes=8192-" ]
	only_whole
}

@test "a file that changed since comes from its beginning" {
	pico_site
	serve
	part 12288
	build "$source" v1.28.0 "$pico" 44
	run -0 --separate-stderr fetch <<<"$(choice)"
	cmp "$dir/$new" "$site$file"
	[ "$(tail -n 1 "$site/.log")" = "GET $file 200 bytes=8192-" ]
}

@test "what a killed process left is gone on with" {
	pico_site
	serve
	build "$source" v1.28.0 "$pico" 400
	fault "$file" first 1 broken 150000
	mpf-fetch --mirror "$mirror" --dir "$dir" --retry-delay 60 \
		<<<"$(choice)" >/dev/null 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	wait_until grep -qs 'again in' "$BATS_TEST_TMPDIR/err"
	kill -9 $!
	wait $! || :
	[ "$(wc -c <"$dir/rp2/.RPI_PICO_W-v1.28.0.uf2.part")" = 150000 ]
	run -0 --separate-stderr fetch <<<"$(choice)"
	cmp "$dir/$new" "$site$file"
	[ "$(tail -n 1 "$site/.log")" = "GET $file 206 bytes=145904-" ]
	only_whole
}

@test "a run that gives up leaves a large part for the next one" {
	pico_site
	serve
	build "$source" v1.28.0 "$pico" 400
	fault "$file" first 1 broken 150000
	run -1 --separate-stderr fetch <<<"$(choice)"
	[ ! -e "$dir/$new" ]
	run -0 --separate-stderr fetch <<<"$(choice)"
	cmp "$dir/$new" "$site$file"
	[ "$(tail -n 1 "$site/.log")" = "GET $file 206 bytes=145904-" ]
	only_whole
}

@test "a part that is of another address, or no one's, is not used" {
	pico_site
	serve
	for note in "url $mirror/else"$'\n'"etag $(etag)" "url $mirror$file" \
		"url $mirror$file"$'\n'"etag $(etag)x" ''; do
		rm -rf "$dir" "$site/.log"
		part 12288
		echo "$note" >"$dir/rp2/.${new##*/}.from"
		run -0 --separate-stderr fetch <<<"$(choice)"
		cmp "$dir/$new" "$site$file"
		[ "$(tail -n 1 "$site/.log")" = "GET $file 200" ]
		only_whole
	done
	part 20480
	mv "$dir/rp2/.${new##*/}.part" "$dir/rp2/.x.part"
	ln -s /etc/passwd "$dir/rp2/.${new##*/}.part"
	run -1 --separate-stderr fetch --force <<<"$(choice)"
	[ "$(field .error.stage)" = fetch ]
	cmp "$dir/$new" "$site$file"
}

@test "parts that nobody goes on with are removed in time" {
	pico_site
	serve
	part 9000
	mv "$dir/rp2/.${new##*/}.part" "$dir/rp2/.old.part"
	mv "$dir/rp2/.${new##*/}.from" "$dir/rp2/.old.from"
	touch "$dir/rp2/.young.part" "$dir/rp2/.busy.part" "$dir/rp2/old.part"
	touch -d '9 days ago' "$dir/rp2"/.{old,busy}.part "$dir/rp2/old.part"
	flock "$dir/rp2/.busy.part" mpf-fetch --mirror "$mirror" --dir "$dir" \
		<<<"$(choice)" >/dev/null
	[ "$(find "$dir/rp2" -type f -printf '%f\n' | sort | xargs)" = \
		".busy.part .young.part RPI_PICO_W-v1.28.0.uf2 old.part" ]
}

@test "--limit-rate holds it back" {
	pico_site
	serve
	build "$source" v1.28.0 "$pico" 100
	start=$(date +%s%3N)
	run -0 --separate-stderr fetch --limit-rate 100k <<<"$(choice)"
	[ $(($(date +%s%3N) - start)) -ge 300 ]
	cmp "$dir/$new" "$site$file"
	run -2 --separate-stderr mpf-fetch --limit-rate 1x </dev/null
	[ "$(field .error.code)" = usage ]
}

# tls [OPTION...]: a server with a certificate of the test's own authority,
# "$site/ca"; its address in $tls.
tls() {
	local n
	certificates
	openssl s_server -accept 127.0.0.1:0 -cert "$site/cert" \
		-key "$site/key" "$@" >"$site/tls.log" 2>&1 3>&- &
	servers+=($!)
	for n in $(seq 500); do
		n=$(sed -n 's/^ACCEPT 127.0.0.1://p' "$site/tls.log" \
			2>/dev/null || :)
		[ -z "$n" ] || break
		sleep 0.01
	done
	tls=https://localhost:$n
}

# from URL: a record that names the file there.
from() {
	choice stable ".firmware += {version: \"v1.28.0\", port: \"rp2\",
		source: \"$1$file\"}"
}

@test "--limit-rate does without HTTP/2, which cannot be held back" {
	pico_site
	cd "$site" || return
	tls -WWW -http_server_binmode -alpn h2,http/1.1
	mirror=$tls
	# That server says h2 to who wants it, and cannot speak it.
	run -0 --separate-stderr fetch --cacert "$site/ca" --limit-rate 10M \
		<<<"$(from "$tls")"
	cmp "$dir/$new" "$site$file"
}

@test "a proxy is used where the usual variables say so" {
	pico_site
	serve
	cd "$site"
	tls -WWW
	run -0 --separate-stderr env https_proxy="$mirror" mpf-fetch \
		--dir "$dir" --cacert ca <<<"$(from "$tls")"
	cmp "$dir/$new" "$site$file"
	[ "$(grep -c "CONNECT ${tls#https://} 200" .log)" = 1 ]
	rm -r "$dir"
	run -0 --separate-stderr env https_proxy="$mirror" no_proxy=localhost \
		mpf-fetch --dir "$dir" --cacert ca <<<"$(from "$tls")"
	[ "$(grep -c "CONNECT" .log)" = 1 ]
	# http to this machine goes by none.
	rm -r "$dir"
	run -0 --separate-stderr env http_proxy=http://127.0.0.1:1 \
		mpf-fetch --dir "$dir" --mirror "$mirror" <<<"$(choice)"
}

# behind_proxy STATUS: fetching from $tls by a proxy that answers that, with
# a password that is not to be seen; once alone, where it will not pass.
behind_proxy() {
	rm -f .log
	fault CONNECT status "$1"
	run -1 --separate-stderr env https_proxy="${mirror/\/\//\/\/me:secret@}" \
		mpf-fetch --dir "$dir" --cacert ca --retry-delay 1ms \
		<<<"$(from "$tls")"
	[[ $(field .error.message) == \
		"$tls"*": the proxy ${mirror#http://} answers $1" ]]
	[[ $output$stderr != *secret* ]]
	no_file
}

@test "a proxy that refuses is named, and is not the server" {
	pico_site
	serve
	cd "$site"
	tls -WWW
	behind_proxy 407
	[ "$(jq -c '.error | [.code, .retry]' <<<"$output")" = \
		'["network",false]' ]
	[[ $(field .error.hint) == *"user and password"*"https_proxy"* ]]
	[ "$(grep -c CONNECT .log)" = 1 ]
	behind_proxy 403
	[ "$(field .error.retry)" = false ]
	[[ $(field .error.hint) == *"allow that server"* ]]
	[ "$(grep -c CONNECT .log)" = 1 ]
	behind_proxy 502
	[ "$(field .error.retry)" = true ]
	[ "$(grep -c CONNECT .log)" = 4 ]
}

# refused HINT: fetching from $tls fails for its certificate.
refused() {
	run -1 --separate-stderr mpf-fetch --retries 3 --retry-delay 60 \
		--dir "$dir" --cacert "$site/ca" <<<"$(from "$tls")"
	[ "$(jq -c '.error | [.code, .retry]' <<<"$output")" = \
		'["network",false]' ]
	[[ $(field .error.message) == *"$1"* ]]
	[ -z "$(find "$dir" -name '*.uf2' -o -name '*.part')" ]
}

@test "a certificate for another name is refused" {
	pico_site
	cd "$site"
	tls -WWW
	run -0 --separate-stderr mpf-fetch --dir "$dir" --cacert ca \
		<<<"$(from "$tls")"
	rm -r "$dir"
	tls=${tls/localhost/127.0.0.1}
	refused SSL
}

@test "a certificate that has expired is refused" {
	pico_site
	cd "$site"
	certificates 20200101000000Z 20200201000000Z
	tls -WWW
	refused expired
}

@test "TLS of the last century is refused" {
	pico_site
	cd "$site"
	tls -WWW -tls1_1 -cipher ALL:@SECLEVEL=0
	run -1 --separate-stderr mpf-fetch --retries 0 --dir "$dir" \
		--cacert ca <<<"$(from "$tls")"
	[ "$(field .error.code)" = network ]
	[[ $(field .error.message) == *"alert protocol version"* ]]
	no_file
}

@test "a server that is down is said to be tried again once, not per file" {
	{
		choice stable
		choice stable '.device.id = "t/usb/1-2" |
		    .firmware.board_id = "ESP32_GENERIC"'
		choice stable '.device.id = "t/usb/1-3" |
		    .firmware.board_id = "PYBV11"'
	} >"$BATS_TEST_TMPDIR/in"
	run -1 --separate-stderr mpf-fetch --mirror http://127.0.0.1:1 \
	    --dir "$dir" --retries 2 --retry-delay 0 <"$BATS_TEST_TMPDIR/in"
	[ "$(grep -c ': trying again in' <<<"$stderr")" = 2 ]
}

@test "progress tells of each record and of all, with the rate" {
	pico_site
	serve
	build "$source" v1.28.0 "$pico" 300
	build RPI_PICO_W-20240602-v1.24.1.uf2 v1.24.1 "$pico" 200
	fault "$file" slow 20
	run -0 --separate-stderr fetch --progress json < <(
		choice
		choice stable '.device.id = "t/usb/1-2"'
		choice v1.24.1 '.device.id = "t/usb/1-3"')
	grep '^{' <<<"$stderr" >"$BATS_TEST_TMPDIR/events"
	cd "$BATS_TEST_TMPDIR"
	jq -es 'map(select(.event == "progress" and .step == "download" and
		.device != "all")) | length > 5 and all(.total > 0 and
		(.done == null or .done <= .total and .unit == "bytes") and
		(.device | startswith("t/usb/1-"))) and
		any(.rate > 1000)' events
	# Two boards have one file, which counts once.
	jq -es 'map(select(.device == "all")) | length > 2 and
		all(.tool == "fetch" and .step == "download" and
		.unit == "bytes") and .[-1] == (.[-1] + {done: 256000, total: 256000}) and
		any(.rate > 1000)' events
}

@test "a port's folder may be on another file system" {
	[ -w /dev/shm ] || skip "no /dev/shm"
	pico_site
	serve
	other=$(mktemp -d -p /dev/shm)
	mkdir -p "$dir"
	ln -s "$other" "$dir/rp2"
	run -0 --separate-stderr fetch <<<"$(choice)"
	cmp "$other/${new##*/}" "$site$file" || bad=1
	[ "$(ls -A "$other")" = "${new##*/}" ] || bad=1
	rm -r "$other"
	[ -z "${bad:-}" ]
}

# many_site N: a file for each of them, and the first one fetched.
many_site() {
	site
	for i in $(seq "$1"); do
		build "BOARD$i-20260406-v1.28.0.uf2" v1.28.0 "$pico" $((40 + i))
	done
	serve
	many 1 | fetch >/dev/null
}

@test "of files that come at once, one that may not be kept is alone" {
	many_site 20
	row "UPDATE mpf_file SET sha256 = replace(sha256, substr(sha256, 1, 1),
		'x')"
	rm "$dir"/rp2/*.uf2
	run -1 --separate-stderr fetch --json <<<"$(many 20)"
	[ "$(jq -c 'select(.error) | [.firmware.board_id, .error.code]' \
		<<<"$output")" = '["BOARD1","verify"]' ]
	[ "$(find "$dir/rp2" -name '*.uf2' | wc -l)" = 19 ]
	[ "$(row 'SELECT count(*) FROM mpf_file')" = 20 ]
	[ -z "$(find "$dir" -name '.*.part' -o -name '.*.from')" ]
	# Each of them is what its row says.
	run -1 --separate-stderr fetch --json --offline <<<"$(many 20)"
	[ "$(jq -s 'map(select(.image.checks[0] == "sha256")) | length' \
		<<<"$output")" = 19 ]
}

@test "files that came whole are not lost when the database is" {
	many_site 3
	row "CREATE TRIGGER broken BEFORE INSERT ON mpf_file
		BEGIN SELECT raise(ABORT, 'broken'); END"
	run -1 --separate-stderr fetch --json <<<"$(many 3)"
	[ "$(jq -sc 'map(.error.code)' <<<"$output")" = '[null,"io","io"]' ]
	[ "$(jq -r .error.message <<<"${lines[1]}")" = \
		"$dir/mpflash.db: broken" ]
	row 'DROP TRIGGER broken'
	run -0 --separate-stderr fetch --json <<<"$(many 3)"
	[ "$(asked /resources)" = 3 ]
	[ "$(row 'SELECT count(*) FROM mpf_file')" = 3 ]
}
