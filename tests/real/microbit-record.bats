# SPDX-License-Identifier: MIT
load helper

@test "a micro:bit of 2017 gets its mpflash.toml, though it cannot rename" {
	start_microbit
	mpf-detect -t 30s --serial "$PWD/microbit" | jq -c '.board.board_id = "MICROBIT"
	    | .firmware = {board_id: "MICROBIT", action: "skip"}' >in
	run -0 --separate-stderr mpf-record -t 60s -v <in
	[ "$(field '.record | .toml + .database')" = writtenwritten ]
	[[ $stderr == *"it can not rename files"* ]]
	[ "$(python microbit 'import os; print(os.listdir())')" = \
	    "['mpflash.toml']" ]

	run -0 mpf-detect -t 30s --serial "$PWD/microbit"
	[ "$(field '.board.record.firmware | [.board_id, .port, .version,
	    .build, .commit] | join(" ")')" = \
	    "MICROBIT microbit v1.9.2 34 d64154c73" ]
	run -0 mpf-record <<<"$(jq -c '.firmware = {board_id: "MICROBIT", action: "skip"}' \
	    <<<"$output")"
	[ "$(field '.record | .toml + .database')" = unchangedunchanged ]
}
