# SPDX-License-Identifier: MIT
# The whole pipe, over simulated boards and a site on this machine.
load helper
load sim
load ../www/site
load whole

@test "an image goes all the way, byte for byte, and all notes agree" {
	plug a rp2 --path 1-1.2 --version 1.21.0 --keep kept --files flash
	run -0 --separate-stderr pipe
	cmp "$image" kept
	cmp "$image" firmware/rp2/RPI_PICO_W-v1.22.2.uf2
	sum=$(sha256sum <"$image")
	sum=${sum%% *}
	[ "$(field .image.sha256)" = "$sum" ]
	[ "$(jq -c '[.flash.version_before, .board.version,
		.flash.verified[-1], .flash.state, .record.toml,
		.record.database]' <<<"$output")" = \
		'["v1.21.0","v1.22.2","boot","running","written","written"]' ]
	# That the version had to be looked up is over.
	[ "$(field .firmware.reason)" = "newest stable for RPI_PICO_W; the \
board runs v1.21.0" ]
	[ "$(sqlite3 firmware/mpflash.db 'SELECT version, sha256
		FROM mpf_device')" = "v1.22.2|$sum" ]
	[ "$(sqlite3 firmware/mpflash.db 'SELECT sha256 FROM mpf_file')" = "$sum" ]
	grep -qx "hash = \"sha256:$sum\"" flash/mpflash.toml
	grep -qx 'version = "v1.22.2"' flash/mpflash.toml
	event a running
	[ "$(jq -r .version <<<"$event")" = v1.22.2 ]
}

@test "the second time nothing is downloaded, flashed or written" {
	plug a rp2 --version 1.21.0 --keep kept --files flash
	run -0 --separate-stderr pipe
	rm kept
	stamp=$(stat -c %y flash/mpflash.toml)
	run -0 --separate-stderr pipe
	[ "$(jq -c '[.firmware.action, .flash, .record.toml, .record.database]' \
		<<<"$output")" = '["skip",null,"unchanged","unchanged"]' ]
	[ "$(asked /resources/)" = 1 ]
	[ ! -e kept ]
	[ "$(stat -c %y flash/mpflash.toml)" = "$stamp" ]
}

@test "five boards at once: old, new, busy, silent, foreign" {
	plug old rp2 --path 1-1 --version 1.21.0
	plug new rp2 --path 1-2 --version 1.22.2 --date 2024-02-22
	plug busy rp2 --path 1-3 --version 1.21.0 --busy
	plug silent silent --path 1-4
	plug foreign foreign --path 1-5
	run -0 --separate-stderr pipe
	[ "${#lines[@]}" -eq 5 ]
	[ "$(of 1-1 .board.version)" = v1.22.2 ]
	[ "$(of 1-2 .firmware.action)" = skip ]
	[ "$(of 1-3 .board.version)" = v1.22.2 ]
	[ "$(of 1-4 '.device.mode + " " + .firmware.action')" = "silent skip" ]
	[ "$(of 1-5 '.device.mode + " " + .firmware.action')" = "foreign skip" ]
	[ "$(of 1-4 '.flash, .record')" = $'null\nnull' ]
	[ "$(asked "/resources/firmware/$FILE")" = 1 ]
}

@test "between two tools jq chooses, by a recipe of mpf-recipes(7)" {
	local recipe
	recipe=$(sed -n "/jq -c 'select(.board.port/,/' |\$/p" \
		"$BATS_TEST_DIRNAME/../../man/mpf-recipes.7")
	[ -n "$recipe" ]
	plug old rp2 --path 1-1 --version 1.21.0
	plug new rp2 --path 1-2 --version 1.24.1
	plug other esp32 --path 1-3 --version 1.21.0
	run -0 --separate-stderr bash -c "mpf-detect --json | ${recipe%|}"
	[ "${#lines[@]}" -eq 1 ]
	[ "$(field .device.usb_path)" = 1-1 ]
}

@test "down again by name" {
	plug a rp2 --version 1.22.2 --date 2024-02-22
	run -0 --separate-stderr pipe resolve --version 1.21.0
	[ "$(field .board.version)" = v1.21.0 ]
	cmp "$site/resources/firmware/$OLD" \
		firmware/rp2/RPI_PICO_W-v1.21.0.uf2
}

@test "an image of another family reaches no board" {
	mkfw e48bff59 v1.22.2 2024-02-22 "Raspberry Pi Pico2 with RP2350" 40 \
		>"$BATS_TEST_TMPDIR/other"
	mv -f "$BATS_TEST_TMPDIR/other" "$image"
	plug a rp2 --version 1.21.0 --keep kept
	run -1 --separate-stderr pipe
	[ "$(field .error.stage)" = fetch ]
	[[ $(field .error.message) == *rp2350* ]]
	[ ! -e kept ]
	run -0 talk "$(tty)" '\x02' '>>> '
	[[ $output == *v1.21.0* ]]
}

@test "a drive that vanishes is an error that says so, and others are done" {
	plug bad rp2 --path 1-1 --version 1.21.0 --fail-at block:50
	plug good rp2 --path 1-2 --version 1.21.0
	run -1 --separate-stderr pipe flash --timeout 4
	[ "$(of 1-1 .error.stage)" = flash ]
	[ "$(of 1-1 .record.toml)" = null ]
	[[ $(of 1-1 .flash.state) =~ ^(unknown|unbootable|bootloader)$ ]]
	[ "$(of 1-2 .board.version)" = v1.22.2 ]
	[ "$(sqlite3 firmware/mpflash.db "SELECT count(*) FROM mpf_event
		WHERE what = 'failed'")" = 1 ]
}

@test "the wrong board afterwards fails its check, and is not recorded as done" {
	plug a rp2 --version 1.21.0 --files flash --fail-at board
	run -1 --separate-stderr pipe
	[ "$(jq -c '[.error.stage, .error.code]' <<<"$output")" = \
		'["flash","verify"]' ]
	[ ! -e flash/mpflash.toml ]
}

@test "a reader that leaves does not stop a flash half-way" {
	plug a rp2 --version 1.21.0 --keep kept
	# What detect says is passed on; who would read the end is not there.
	run bash -c 'set +o pipefail
		mpf-detect --json | mpf-resolve | mpf-fetch --mirror "$1" |
		mpf-flash --json | true' - "$mirror"
	event a running
	cmp "$image" kept
}
