# SPDX-License-Identifier: MIT
# For the tests of mpf-fetch: a site, a firmware folder, and a record.
load ../www/site

setup() {
	servers=()
	dir=$BATS_TEST_TMPDIR/firmware
	new=rp2/RPI_PICO_W-v1.28.0.uf2
	source=RPI_PICO_W-20260406-v1.28.0.uf2
	file=/resources/firmware/$source
}

teardown() {
	stop_servers
	! mountpoint -q "$dir" || umount "$dir"
}

# choice [WORD [JQ]]: what mpf-resolve says of a Pico W, without a version.
# shellcheck disable=SC2120 # who calls it in here gives it none
choice() {
	jq -cn --arg wanted "${1:-stable}" '{
		mpf: 1,
		device: {id: "t/usb/1-1", serial_port: "/dev/ttyACM0",
			mode: "repl"},
		board: {family: "micropython", version: "v1.19.1", port: "rp2",
			board_id: "RPI_PICO_W"},
		firmware: {wanted: $wanted, board_id: "RPI_PICO_W",
			action: "flash", by: "board", reason: "newest"}
	} | '"${2:-.}"
}

# shellcheck disable=SC2119,SC2120 # run gives it arguments
fetch() {
	mpf-fetch --retries 0 --retry-delay 0 --mirror "$mirror" --dir "$dir" \
		"$@"
}

# shellcheck disable=SC2119,SC2120 # run gives it arguments
index() {
	mpf-index --retries 0 --retry-delay 0 --mirror "$mirror" --dir "$dir" \
		"$@"
}

row() { sqlite3 "$dir/mpflash.db" "$1"; }

# Nothing in the folder but whole files and the database.
only_whole() {
	[ -z "$(find "$dir" -name '*.part' -o -name '*.from' \
		-o -name '*.uf2' ! -path "$dir/$new")" ]
}

# no_file: nothing is there that could be taken for a firmware, or known.
no_file() {
	[ ! -e "$dir/$new" ]
	only_whole
	[ "$(row 'SELECT (SELECT count(*) FROM mpf_file) +
		(SELECT count(*) FROM firmwares)')" = 0 ]
}

# part N [ETAG]: what a killed process left, the first N bytes of the file.
part() {
	local hidden=$dir/${new%/*}/.${new##*/}
	mkdir -p "$dir/${new%/*}"
	head -c "$1" "$site$file" >"$hidden.part"
	printf 'url %s\netag %s\n' "$mirror$file" "${2:-$(etag)}" \
		>"$hidden.from"
}

# etag: of the file, as testwww makes it.
etag() { stat -c '"%s-%.9Y"' "$site$file"; }

# mpflash: what another program left: its database, as it makes it today, with
# a row for each of LINES "VERSION FILE URL CUSTOM".
mpflash() {
	local version file url custom
	mkdir -p "$dir/rp2"
	[ -e "$dir/mpflash.db" ] || row '
		CREATE TABLE boards (board_id VARCHAR(40) NOT NULL, version
		VARCHAR(12) NOT NULL, board_name TEXT NOT NULL, mcu TEXT NOT
		NULL, variant TEXT NOT NULL, port VARCHAR(30) NOT NULL, path
		TEXT NOT NULL, description TEXT NOT NULL, family TEXT NOT NULL,
		custom INTEGER NOT NULL, PRIMARY KEY (board_id, version));
		CREATE TABLE firmwares (board_id VARCHAR(40) NOT NULL, version
		VARCHAR(12) NOT NULL, firmware_file TEXT NOT NULL, port
		VARCHAR(20) NOT NULL, description TEXT NOT NULL, source TEXT
		NOT NULL, build INTEGER NOT NULL, custom INTEGER NOT NULL,
		custom_id VARCHAR(40), PRIMARY KEY (board_id, version,
		firmware_file));
		CREATE TABLE metadata (name VARCHAR(255) NOT NULL PRIMARY KEY,
		value TEXT NOT NULL)'
	while read -r version file url custom; do
		row "INSERT INTO $theirs VALUES ('RPI_PICO_W', '$version',
			'$file', 'rp2', '', '$url', 0, $custom, NULL)"
	done
}

# many N: records of as many boards that all want a file of their own.
many() {
	choice | jq -c --arg m "$mirror/resources/firmware" --argjson n "$1" \
		'range(1; $n + 1) as $i | .device.id = "t/usb/1-\($i)" |
		.firmware |= {wanted, action, port: "rp2", version: "v1.28.0",
			board_id: "BOARD\($i)",
			source: "\($m)/BOARD\($i)-20260406-v1.28.0.uf2"}'
}

# refuses CODE RETRY MESSAGE [OPTION...]: there is no file of what the server
# sends, and the error is this one.
refuses() {
	run -1 --separate-stderr fetch "${@:4}" \
		<<<"$(choice stable ".firmware += {version: \"v1.28.0\",
		port: \"rp2\", source: \"$mirror$file\"}")"
	no_file
	[ "$(jq -c '.error | [.code, .retry]' <<<"$output")" = \
		"[\"$1\",$2]" ]
	# shellcheck disable=SC2053 # a pattern
	[[ $(field .error.message) == $3 ]]
	[ -n "$(field .error.hint)" ]
}
