# SPDX-License-Identifier: MIT
#
# A store below the user's own, which is only read.
load helper
load fetch

# system_has: root's store, which all users can read, has the page of the Pico W
# and its newest firmware; the site is gone; the user has nothing.
system_has() {
	pico_site
	serve
	system=$BATS_TEST_TMPDIR/system
	install -d -m 2755 "$system"
	dir=$system fetch <<<"$(choice)" >"$BATS_TEST_TMPDIR/said"
	stop_servers
	servers=()
	export MPF_SYSTEM_FIRMWARE=$system
	find "$system" -type f -exec sha256sum {} + | sort >before
}

# untouched: the system store is as it was.
untouched() {
	find "$system" -type f -exec sha256sum {} + | sort | cmp - before
}

setup() {
	servers=()
	cd "$BATS_TEST_TMPDIR" || return
	export MPF_HOST=bench MPF_LOCKS=$PWD
	dir=$PWD/firmware
	new=rp2/RPI_PICO_W-v1.28.0.uf2
	source=RPI_PICO_W-20260406-v1.28.0.uf2
}

@test "resolve and fetch use firmware of the system store where it lies" {
	system_has
	[ "$(find "$system" -type f ! -perm 644 | wc -l)" = 0 ]
	run -0 --separate-stderr mpf-resolve --dir "$dir" \
	    <<<"$(choice stable 'del(.firmware)')"
	[ "$(field .firmware.version)" = v1.28.0 ]
	run -0 --separate-stderr fetch <<<"$output"
	[ "$(field .image.path)" = "$system/$new" ]
	[[ $(field '.image.checks | join(" ")') == *sha256* ]]
	[ ! -e "$dir/$new" ]
	[ "$(row 'SELECT count(*) FROM mpf_file')" = 0 ]
	rm -r "$dir"
	run -0 --separate-stderr fetch --offline <<<"$(choice)"
	[ "$(field .image.path)" = "$system/$new" ]
	untouched
}

@test "a file of the system store that is not as it was is refused" {
	system_has
	printf x | dd of="$system/$new" bs=1 seek=1100 conv=notrunc status=none
	run -1 --separate-stderr fetch --offline <<<"$(choice)"
	[ "$(field .error.code)" = verify ]
	mv "$system/$new" "$system/rp2/unknown.uf2"
	run -1 --separate-stderr fetch --offline <<<"$(choice)"
	[ "$(field .error.code)" = not_found ]
}

@test "the user's own file goes before that of the system store" {
	system_has
	cp -r "$system" "$dir"
	run -0 --separate-stderr fetch --offline <<<"$(choice)"
	[ "$(field .image.path)" = "$dir/$new" ]
	run -0 --separate-stderr mpf-db -d "$dir" list
	[ "${#lines[@]}" = 1 ]
	[ "$(field .database.store)" = null ]
	run -0 --separate-stderr mpf-db -d "$dir" search pico v1.28.0
	[ "$(jq -r 'select(.database.kind == "firmware") | .database.file' \
	    <<<"$output")" = "$new" ]
}

@test "mpf-db finds what the system store has, says where, and keeps out" {
	system_has
	for command in list "search RPI_PICO_W v1.28.0" "show $new" \
	    "show RPI_PICO_W"; do
		# shellcheck disable=SC2086 # words
		run -0 --separate-stderr mpf-db -d "$dir" $command
		[ "$(jq -r 'select(.database.kind == "firmware") |
		    .database.store + "/" + .database.file' <<<"$output")" = \
		    "$system/$new" ]
	done
	[ ! -e "$dir" ]
	mkdir "$dir"
	mpf-db -d "$dir" create >made
	run -1 --separate-stderr mpf-db -d "$dir" remove "$new"
	[[ $stderr == *"$new: not in the database"* ]]
	run -0 --separate-stderr mpf-db -d "$dir" export
	[ -z "$output" ]
	MPF_SYSTEM_FIRMWARE='' run -0 --separate-stderr mpf-db -d "$dir" list
	[ -z "$output" ]
	untouched
}

@test "custom firmware of the system store is found, copied and checked" {
	system=$BATS_TEST_TMPDIR/system
	install -d -m 2755 "$system"
	mkfw e48bff56 v1.28.0 2026-04-06 'Raspberry Pi Pico W with RP2040' 8 \
	    >mine.uf2
	mpf-add -d "$system" mine.uf2 --board RPI_PICO_W --author Ada >added
	find "$system" -type f -exec sha256sum {} + | sort >before
	export MPF_SYSTEM_FIRMWARE=$system
	run -0 --separate-stderr mpf-resolve --dir "$dir" --custom \
	    <<<"$(choice stable 'del(.firmware)')"
	[ "$(field .firmware.custom_info.author)" = Ada ]
	run -0 --separate-stderr mpf-fetch --dir "$dir" <<<"$output"
	[[ $(field .image.path) == "$dir"/rp2/custom/* ]]
	cmp "$(field .image.path)" mine.uf2
	untouched
}

@test "a system store that cannot be read is told, and an absent one is not" {
	export MPF_SYSTEM_FIRMWARE=$PWD/absent
	mpf-db -d "$dir" create >made
	run -0 --separate-stderr mpf-db -d "$dir" list
	[ -z "$output$stderr" ]
	mkdir absent
	echo "this is no database, and is longer than a header" \
	    >absent/mpflash.db
	run -2 --separate-stderr mpf-db -d "$dir" list
	[[ $stderr == *"MPF_SYSTEM_FIRMWARE: "*"not a database"* ]]
}

@test "a user of a system store needs no right to write there" {
	open_dir
	umask 022
	install -d -m 2755 "$open/system"
	mkfw e48bff56 v1.28.0 2026-04-06 'Raspberry Pi Pico W with RP2040' 8 \
	    >mine.uf2
	mpf-add -d "$open/system" mine.uf2 --board RPI_PICO_W >added
	export MPF_SYSTEM_FIRMWARE=$open/system
	install -d -o 65534 -g 65534 "$open/fw"
	run -0 --separate-stderr as_nobody mpf-db -d "$open/fw" list
	[ "$(field .database.store)" = "$open/system" ]
	[ "$(field .firmware.board_id)" = RPI_PICO_W ]
}
