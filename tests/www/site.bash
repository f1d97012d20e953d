# SPDX-License-Identifier: MIT
# A download site for tests: site, and pids of servers to stop.

# site: a folder in the shape of micropython.org, in $site.
site() {
	site=$BATS_TEST_TMPDIR/site
	mkdir -p "$site/resources/firmware"
}

# serve: $site on this machine; its address in $mirror.
serve() {
	testwww "$site" 3>&- &
	servers+=($!)
	for _ in $(seq 500); do
		[ -e "$site/.port" ] && break
		sleep 0.01
	done
	mirror=http://127.0.0.1:$(cat "$site/.port")
}

# behind PORT COMMAND...: a server that is told its port, once it listens.
behind() {
	local port=$1 n
	shift
	"$@" >/dev/null 2>&1 3>&- &
	servers+=($!)
	for n in $(seq 500); do
		# shellcheck disable=SC2188 # it is there if it can be opened
		! (<"/dev/tcp/127.0.0.1/$port") 2>/dev/null || return 0
		sleep 0.01
	done
	return 1
}

# free_port: one that nobody has; who does not find a port of its own needs it.
free_port() {
	python3 -c 'import socket
with socket.socket() as s:
	s.bind(("127.0.0.1", 0))
	print(s.getsockname()[1])'
}

stop_servers() {
	[ "${#servers[@]}" -eq 0 ] || kill "${servers[@]}"
}

# offer BOARD PORT <LIST: a page in the real shape; see mkpage.
offer() {
	mkdir -p "$site/download/$1"
	"$BATS_TEST_DIRNAME/../www/mkpage" "$1" "$2" "Board $1" \
		>"$site/download/$1/index.html"
}

# build NAME TAG MACHINE [BLOCKS [FAMILY]]: a firmware file on the site.
build() {
	mkfw "${5:-e48bff56}" "$2" 2026-04-06 "$3" "${4:-40}" \
		>"$site/resources/firmware/$1"
}

# fault PATH KIND [ARG]: the server does that from now on.
fault() {
	local old=
	[ ! -e "$site/.faults" ] || old=$(<"$site/.faults")
	printf '%s\n' "$*" "$old" >"$site/.faults.new"
	mv "$site/.faults.new" "$site/.faults"
}

# asked PATTERN: how many requests there were for such a path.
asked() { grep -c "GET $1" "$site/.log" || :; }

# pico_site: a Pico W with dozens of builds, of which three are really there.
pico_site() {
	local v
	site
	{
		echo '- 20260406 v1.28.0 uf2 elf map'
		echo '- 20251209 v1.27.0 uf2 elf map'
		for v in 26.1 26.0 25.0 24.1 24.0 23.0 22.2 22.1 22.0 21.0 \
			20.0; do
			echo "- 20240602 v1.$v uf2"
		done
		echo '- 20220618 v1.19.1 uf2 meta.zip'
		echo '- 20220618 v1.19 uf2'
		echo '- 20220117 v1.18 uf2'
		echo '- 20261102 v1.29.0-preview.101.gabcdef0123 uf2'
		echo '- 20261101 v1.29.0-preview.12.g0123456789 uf2'
		for v in 1 2 3; do
			echo "- 2022010$v unstable-v1.17-$v-g0123456789 uf2"
		done
	} | offer RPI_PICO_W rp2
	build RPI_PICO_W-20260406-v1.28.0.uf2 v1.28.0 "$pico"
	build RPI_PICO_W-20240602-v1.24.1.uf2 v1.24.1 "$pico" 50
	build RPI_PICO_W-20261102-v1.29.0-preview.101.gabcdef0123.uf2 \
		v1.29.0-preview.101.gabcdef0123 "$pico" 60
}
pico='Raspberry Pi Pico W with RP2040'

# certificates [FROM TO]: an authority, $site/ca, and what it says of localhost,
# in $site/cert and key, for two days or between these; what is there stays.
certificates() {
	[ ! -e "$site/cert" ] || return 0
	(
		cd "$site" || exit
		openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
			-nodes -keyout ca.key -out ca -days 2 -subj /CN=ca
		openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
			-keyout key -out csr -subj /CN=localhost
		[ $# -gt 0 ] || set -- "$(date -u +%Y%m%d000000Z)" \
			"$(date -u -d '2 days' +%Y%m%d000000Z)"
		: >issued
		printf '%s\n' '[ca]' 'default_ca = a' '[a]' 'database = issued' \
			'serial = serial' 'policy = p' 'default_md = sha256' \
			'[p]' 'commonName = supplied' >ca.conf
		openssl ca -batch -notext -config ca.conf -cert ca -keyfile ca.key \
			-in csr -out cert -outdir . -create_serial \
			-startdate "$1" -enddate "$2" \
			-extfile <(echo subjectAltName=DNS:localhost)
	) 2>/dev/null
}

# list_boards: the download index, of all boards that are offered.
list_boards() {
	local board
	{
		echo '<!DOCTYPE html><html><body>'
		echo '<a href="/download/?port=rp2">rp2</a>'
		for board in "$site"/download/*/; do
			board=$(basename "$board")
			echo "<a class=\"board-card\" href=\"$board\">"
			echo "<div class=\"board-product\">$board</div></a>"
		done
		echo '</body></html>'
	} >"$site/download/index.html"
}
