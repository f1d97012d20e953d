# SPDX-License-Identifier: MIT
# kill -9 at any moment: nothing half-done is visible, and the next run brings
# all of it.  MPF_KILLS says how often; a few are a matter of every day.
load helper
load fetch

# files: a site of three files of several sizes, for the boards of $records.
files() {
	local i
	site
	records=
	for i in 1 2 3; do
		echo '- 20260406 v1.28.0 uf2' | offer "BOARD$i" rp2
		build "BOARD$i-20260406-v1.28.0.uf2" v1.28.0 "$pico" $((i * 150))
		fault "/resources/firmware/BOARD$i-20260406-v1.28.0.uf2" slow 1
		records+=$(choice stable ".device.id = \"t/usb/1-$i\" |
			.board.board_id = \"BOARD$i\" |
			.firmware += {board_id: \"BOARD$i\", port: \"rp2\"}")
		records+=$'\n'
	done
	serve
}

# killed SEED: a run that dies at a moment of the seed's choosing, and one that
# does not; false, and why, if that is not as it should be.
killed() {
	local dir=$BATS_TEST_TMPDIR/$1 ms i status=0
	ms=$(awk -v seed="$1" 'BEGIN { srand(seed); print int(rand() * 350) }')
	printf %s "$records" | timeout -s KILL "0.$(printf %03d "$ms")" \
		mpf-fetch --mirror "$mirror" --dir "$dir" >/dev/null 2>&1 || :
	for i in 1 2 3; do
		name=BOARD$i-v1.28.0.uf2
		[ ! -e "$dir/rp2/$name" ] || cmp "$dir/rp2/$name" \
			"$site/resources/firmware/BOARD$i-20260406-v1.28.0.uf2" ||
			status=1
	done
	printf %s "$records" | mpf-fetch --mirror "$mirror" --dir "$dir" \
		>"$dir.out" 2>"$dir.err" || status=1
	for i in 1 2 3; do
		cmp "$dir/rp2/BOARD$i-v1.28.0.uf2" \
			"$site/resources/firmware/BOARD$i-20260406-v1.28.0.uf2" ||
			status=1
	done
	[ "$(find "$dir" -type f -printf '%f\n' | grep -v '^mpflash\.db' |
		sort | xargs)" = \
		"BOARD1-v1.28.0.uf2 BOARD2-v1.28.0.uf2 BOARD3-v1.28.0.uf2" ] ||
		status=1
	[ "$(sqlite3 "$dir/mpflash.db" 'PRAGMA integrity_check;
		SELECT count(*) FROM mpf_file')" = $'ok\n3' ] || status=1
	[ "$status" = 0 ] || {
		echo "seed $1, $ms ms: $(ls -A "$dir" "$dir/rp2")"
		cat "$dir.err"
	}
	rm -rf "$dir"
	return "$status"
}

@test "killed anywhere, mpf-fetch leaves nothing half-done" {
	files
	export mirror site records BATS_TEST_TMPDIR
	export -f killed
	seq "${MPF_KILLS:-8}" | parallel --will-cite -j 8 killed \
		>"$BATS_TEST_TMPDIR/said" 3>&- || failed=1
	cat "$BATS_TEST_TMPDIR/said"
	[ -z "${failed:-}" ]
	# Some of them had something to go on with.
	[ "${MPF_KILLS:-0}" -lt 100 ] || grep -q ' 206 bytes=' "$site/.log"
}
