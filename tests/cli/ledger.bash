# SPDX-License-Identifier: MIT
# Boards and firmware for tests of the database: "load ledger", in a folder
# whose fw is the store.

# flashed [JQ]: the golden record of a board that was flashed, changed so.
flashed() {
	sed -n 7p "$BATS_TEST_DIRNAME/../data/golden.ndjson" |
	    jq -c "del(.record) | ${1:-.}"
}

# known [JQ]: that board, recorded.
known() { flashed "${1:-.}" | mpf-record --no-board >>recorded; }

# custom BOARD VERSION NAME: a file of that content, added from here.
custom() {
	mkfw e48bff56 "$2" 2026-04-06 'Raspberry Pi Pico W with RP2040' 8 >"$3"
	mpf-fetch --board "$1" --source "$PWD/$3" >>added
}

SHA=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08

# as_flashed [SHA256]: boards that were detected, flashed with that file.
as_flashed() {
	jq -c --arg sha "${1:-$SHA}" '. + {
		firmware: {board_id: .board.board_id, port: .board.port,
		    version: .board.version, action: "flash",
		    source: "https://x/RPI_PICO-v1.26.0.uf2",
		    file_name: "RPI_PICO-v1.26.0.uf2"},
		image: {path: "/f/x.uf2", format: "uf2", sha256: $sha},
		flash: {at: "2026-11-20T12:00:00Z", verified: ["boot"],
		    state: "running", version_after: .board.version}
	}'
}

# sql QUERY: what the database answers.
sql() { sqlite3 fw/mpflash.db "$1"; }
