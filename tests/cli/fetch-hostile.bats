# SPDX-License-Identifier: MIT
# Servers that misbehave: nothing that they send is ever visible as a firmware.
load helper
load fetch

# bad CODE RETRY MESSAGE KIND [ARG]: with this fault there is no file, and the
# error is this one.
bad() {
	pico_site
	serve
	fault "$file" "${@:4}"
	refuses "${@:1:3}" ${timeout:+--timeout "$timeout"}
}

@test "hostile: 404 with a page of HTML" {
	bad not_found false '*: not there (404)' status 404
}

@test "hostile: 403 with a page of HTML" {
	bad network false '*: the server answers 403' status 403
}

@test "hostile: 503 for ever" {
	bad network true '*: the server answers 503' status 503
}

@test "hostile: 200 with a page of HTML" {
	bad input false \
		'RPI_PICO_W-v1.28.0.uf2: a web page, not a firmware' html
	[ "$(field .error.hint)" = "if the network asks for a login, log in with a browser first" ]
}

@test "hostile: 304, which nobody asked about" {
	bad network false '*: the server answers 304' status 304
}

@test "hostile: a short body" {
	bad network true '* 17480 bytes *' short 3000
}

@test "hostile: a length of too much" {
	bad network true '* 1 bytes *' long 1
}

@test "hostile: a length of too little" {
	bad input false 'RPI_PICO_W-v1.28.0.uf2: *' less 700
}

@test "hostile: chunks without a last one" {
	bad network true '*: transfer closed with outstanding read data remaining' cut 4096
}

@test "hostile: a body that stands still" {
	timeout=300ms
	bad timeout true '*: nothing came for * ms' stall 0
}

@test "hostile: a few bytes a second" {
	timeout=600ms
	bad timeout true '*: no more than * bytes came in * ms' drip 20
}

@test "hostile: a body without an end" {
	bad input false '*: larger than 67108864 bytes' endless
}

@test "hostile: a length beyond all measure" {
	bad input false '*: larger than 67108864 bytes' long 100000000
}

@test "hostile: a part that nobody asked for" {
	bad network false '*: the server answers 206' partial
}

@test "hostile: a redirect to http elsewhere" {
	bad network false '*: leads to http://example.com/x, which is not safe' \
		redirect http://example.com/x
}

@test "hostile: a redirect to a file" {
	bad network false '*: leads to file:///etc/passwd, which is not safe' \
		redirect file:///etc/passwd
}

@test "hostile: a redirect to another protocol" {
	bad network false '*: leads to gopher://localhost/x, which is not safe' \
		redirect gopher://localhost/x
}

@test "hostile: redirects in a circle" {
	bad network false '*: too many redirects, the last to *' redirect "/resources/firmware/$source"
}

@test "hostile: headers without measure" {
	bad network false '*: more headers than any site of firmware sends' \
		headers 400
}

@test "hostile: a file that comes compressed" {
	bad input false '*: compressed (gzip), which was not asked for' gzip
}

@test "hostile: a page that unpacks to gigabytes" {
	pico_site
	serve
	head -c 100000000 /dev/zero | gzip -1 \
		>"$site/download/RPI_PICO_W/index.html"
	fault /download/RPI_PICO_W/ gzip
	run -1 --separate-stderr fetch <<<"$(choice)"
	[ "$(jq -c '.error | [.code, .retry]' <<<"$output")" = \
		'["input",false]' ]
	[[ $(field .error.message) == *": larger than 2097152 bytes" ]]
	[ "$(row 'SELECT count(*) FROM mpf_page')" = 0 ]
}

@test "hostile: names that are paths" {
	pico_site
	serve
	for name in ../../../tmp/x ..%2f..%2fx .hidden 'a b' 'x/../../y' \
		'-20260406-v1.28.0.uf2' '%2e%2e/RPI_PICO_W-20260406-v1.28.0.uf2'; do
		echo "<a href=\"/resources/firmware/$name\">v1.28.0</a>"
	done >"$site/download/RPI_PICO_W/index.html"
	run -1 --separate-stderr fetch <<<"$(choice)"
	[ "$(field .error.code)" = not_found ]
	[[ $(field .error.message) == *": no firmware for RPI_PICO_W on the page" ]]
	no_file
	run -1 --separate-stderr env -u MPF_EMITTED mpf-fetch --mirror \
		"$mirror" --dir "$dir" <<<"$(choice stable ".firmware += {
		version: \"v1.28.0\", port: \"rp2\",
		source: \"$mirror/resources/firmware/..%2f..%2fx.uf2\"}")"
	[ "$(field .error.code)" = input ]
	no_file
}

@test "hostile: a part of a file that is another one by now" {
	pico_site
	serve
	part 12288 '"old"'
	fault "$file" changed
	run -0 --separate-stderr fetch <<<"$(choice)"
	cmp "$dir/$new" "$site$file"
	[ "$(grep -c "$source 206" "$site/.log")" = 1 ]
	[ "$(grep -c "$source 200" "$site/.log")" = 1 ]
	only_whole
}

@test "hostile: an ETag that is a lie, seen where the parts overlap" {
	pico_site
	serve
	fault "$file" etag '"same"'
	part 12288 '"same"'
	# Of the same length, and other bytes all over.
	build "$source" v1.28.0 "$pico W" 40
	printf xxxx | dd of="$site$file" bs=1 seek=11900 conv=notrunc status=none
	run -0 --separate-stderr fetch <<<"$(choice)"
	cmp "$dir/$new" "$site$file"
	[ "$(asked "$file")" = 2 ]
	only_whole
}

@test "hostile: an ETag that is a lie, seen at the end alone" {
	pico_site
	serve
	fault "$file" etag '"same"'
	build "$source" v1.27.0 "$pico" 40
	part 12288 '"same"'
	build "$source" v1.28.0 "$pico" 40
	run -0 --separate-stderr fetch <<<"$(choice)"
	cmp "$dir/$new" "$site$file"
	[ "$(asked "$file")" = 2 ]
	only_whole
}

@test "hostile: a file of no bytes" {
	pico_site
	serve
	part 12288
	truncate -s 0 "$site$file"
	run -1 --separate-stderr fetch <<<"$(choice)"
	[ "$(field .error.code)" = input ]
	no_file
}
