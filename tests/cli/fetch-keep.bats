# SPDX-License-Identifier: MIT
#
# What mpf-fetch keeps of a file: its bytes, its signature and its row, or
# nothing of it; and the next file is not touched by that.
load helper
load fetch

@test "a file whose signature cannot be kept is not kept, and the next one is" {
	pico_site
	serve
	cd "$BATS_TEST_TMPDIR"
	minisign -G -W -p lab.pub -s lab.key >/dev/null
	minisign -S -s lab.key -m "$site"/resources/firmware/*.uf2 >/dev/null
	mkdir -p "$dir/$new.minisig"		# where it would lie
	run -1 --separate-stderr fetch --pubkey lab.pub < <(choice
		choice 1.24.1 '.device.id = "t/usb/1-2"'
		choice preview '.device.id = "t/usb/1-3"')
	[ "$(jq -sc 'sort_by(.device.id) | map(.error.code != null)' \
	    <<<"$output")" = '[true,false,false]' ]
	[ ! -e "$dir/$new" ]
	[ -z "$(find "$dir" -name '*.part' -o -name '*.from')" ]
	[ "$(row 'SELECT group_concat(version, " ") FROM (SELECT version
	    FROM mpf_file ORDER BY version)')" = "v1.24.1 v1.29.0-preview" ]
	# Once there is room for it, all is well.
	rmdir "$dir/$new.minisig"
	run -0 --separate-stderr fetch --pubkey lab.pub < <(choice)
	[ -f "$dir/$new.minisig" ]
	[ "$(row 'SELECT count(*) FROM mpf_file')" = 3 ]
}

@test "a file that is here is not taken for signed if that cannot be kept" {
	pico_site
	serve
	cd "$BATS_TEST_TMPDIR"
	minisign -G -W -p lab.pub -s lab.key >/dev/null
	minisign -S -s lab.key -m "$site"/resources/firmware/*.uf2 >/dev/null
	run -0 --separate-stderr fetch < <(choice; choice 1.24.1)
	row 'DELETE FROM mpf_file; DELETE FROM firmwares'
	mkdir "$dir/$new.minisig"
	run -1 --separate-stderr fetch --pubkey lab.pub < <(choice
		choice 1.24.1 '.device.id = "t/usb/1-2"'
		choice preview '.device.id = "t/usb/1-3"')
	[ "$(jq -sc 'sort_by(.device.id) | map(.error.code != null)' \
	    <<<"$output")" = '[true,false,false]' ]
	[ "$(row "SELECT count(*) FROM mpf_file WHERE file = '$new'")" = 0 ]
	[ "$(row 'SELECT count(*) FROM mpf_file')" = 2 ]
}

@test "a file that is here and cannot be noted is not used, and the next one is" {
	pico_site
	serve
	run -0 --separate-stderr fetch < <(choice; choice 1.24.1)
	row "DELETE FROM mpf_file; DELETE FROM firmwares;
	    CREATE TRIGGER no BEFORE INSERT ON mpf_file
	    WHEN NEW.file = '$new' BEGIN SELECT RAISE(ABORT, 'not that'); END"
	run -1 --separate-stderr fetch < <(choice
		choice 1.24.1 '.device.id = "t/usb/1-2"')
	[ "$(jq -sc 'sort_by(.device.id) | map(.error.code)' <<<"$output")" = \
	    '["io",null]' ]
	[[ $stderr == *"mpflash.db: not that"* ]]
	[ "$(row 'SELECT group_concat(version) FROM mpf_file')" = v1.24.1 ]
	# Nothing of it stays in the way.
	row 'DROP TRIGGER no'
	run -0 --separate-stderr fetch < <(choice)
	[ "$(row 'SELECT count(*) FROM mpf_file')" = 2 ]
}

@test "where a damaged database cannot say what a file was, it is not used" {
	local page size
	pico_site
	serve
	run -0 --separate-stderr fetch < <(choice)
	page=$(row "SELECT rootpage FROM sqlite_master WHERE name = 'mpf_file'")
	size=$(row 'PRAGMA page_size')
	row 'PRAGMA wal_checkpoint(TRUNCATE)'
	head -c 100 /dev/zero | tr '\0' 'x' | dd of="$dir/mpflash.db" bs="$size" \
	    seek=$((page - 1)) conv=notrunc status=none
	run -1 --separate-stderr fetch < <(choice)
	echo "$output $stderr"
	[ "$(field .image)" = null ]
	[ "$(field .error.code)" = input ]
}
