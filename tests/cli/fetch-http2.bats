# SPDX-License-Identifier: MIT
# HTTP/2: what works, and what misbehaves, when all goes over one connection.
load helper
load fetch

# far_site: $site over HTTP/2, 50 ms away; its address in $mirror.
far_site() {
	local port
	command -v nghttpd >/dev/null || skip "needs nghttp2-server"
	(cd "$site" && certificates)
	port=$(free_port)
	behind "$port" nghttpd -a 127.0.0.1 -d "$site" "$port" "$site/key" \
		"$site/cert"
	lag "$port" 25 >"$site/.lag" 3>&- &
	servers+=($!)
	for _ in $(seq 500); do
		[ ! -s "$site/.lag" ] || break
		sleep 0.01
	done
	mirror=https://localhost:$(<"$site/.lag")
}

# Debian 12's libcurl forgets some of their bytes, in every third run or so.
@test "over HTTP/2 a hundred large files come without a stop" {
	site
	build one v1.28.0 "$pico" 3300
	cd "$site/resources/firmware"
	for i in $(seq 100); do
		ln one "BOARD$i-20260406-v1.28.0.uf2"
	done
	far_site
	many 100 >"$site/records"
	fetch -q --timeout 5s --cacert "$site/ca" <"$site/records" \
		>"$site/out"
	[ "$(jq -r .image.sha256 "$site/out" | sort -u)" = \
		"$(sha256sum one | cut -d' ' -f1)" ]
	[ "$(find "$dir/rp2" -name '*.uf2' | wc -l)" = 100 ]
	[ "$(row 'SELECT count(*) FROM mpf_file')" = 100 ]
	[ -z "$(find "$dir" -name '.*.part' -o -name '.*.from')" ]
}

# front: HTTP/2 in front of the server that misbehaves; its address in $mirror.
front() {
	local port
	command -v nghttpx >/dev/null || skip "needs nghttp2-proxy"
	serve
	(cd "$site" && certificates)
	port=$(free_port)
	behind "$port" nghttpx --conf=/dev/null --workers=1 \
		--no-server-rewrite -f "127.0.0.1,$port" \
		-b "127.0.0.1,${mirror##*:}" "$site/key" "$site/cert"
	mirror=https://localhost:$port
}

# bad CODE RETRY MESSAGE KIND [ARG]: as in fetch-hostile.bats.
bad() {
	: >"$site/.faults"
	fault "$file" "${@:4}"
	refuses "${@:1:3}" --timeout 500ms --cacert "$site/ca"
}

@test "hostile over HTTP/2: nothing of it becomes a file" {
	pico_site
	front
	bad not_found false '*: not there (404)' status 404
	bad network true '*: the server answers 503' status 503
	bad input false '*: a web page, not a firmware' html
	bad network false '*: the server answers 304' status 304
	bad network true '*' short 3000
	bad network true '*' long 1
	bad input false 'RPI_PICO_W-v1.28.0.uf2: *' less 700
	bad network true '*' cut 4096
	bad timeout true '*: nothing came for * ms' stall 0
	bad timeout true '*: no more than * bytes came in * ms' drip 20
	bad input false '*: larger than 67108864 bytes' endless
	bad network false '*: the server answers 206' partial
	bad network false '*: leads to http://*, which is not safe' \
		redirect http://example.com/x
	bad network false '*: leads to file:///*, which is not safe' \
		redirect file:///etc/passwd
	bad network false '*: too many redirects, the last to *' redirect "$file"
	bad input false '*: compressed (gzip), *' gzip
}
