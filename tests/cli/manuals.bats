# SPDX-License-Identifier: MIT
# The examples of the manual pages, pasted as they are, over two simulated
# boards and a site on this machine.
load helper
load sim
load front
load ../www/site

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	servers=()
	export TMPDIR=$BATS_TEST_TMPDIR
	export MPF_HOST=bench MPFLASH_FIRMWARE=$BATS_TEST_TMPDIR/firmware
	man=$BATS_TEST_DIRNAME/../../man
}

teardown() {
	unplug_all
	stop_servers
}

# bench: the site, the boards, and what a reader has at hand: a key, a plan, a
# repository.
bench() {
	pico_site
	printf -- '- %s uf2\n' '20260406 v1.28.0' '20240602 v1.24.1' |
		offer RPI_PICO rp2
	build RPI_PICO-20260406-v1.28.0.uf2 v1.28.0 \
		'Raspberry Pi Pico with RP2040'
	build RPI_PICO-20240602-v1.24.1.uf2 v1.24.1 \
		'Raspberry Pi Pico with RP2040' 50
	list_boards
	serve
	mkdir bin
	local tool
	for tool in mpf-fetch mpf-index; do
		cat >bin/$tool <<-END
			#!/bin/sh
			exec "$(command -v $tool)" --mirror $mirror "\$@"
		END
		chmod +x bin/$tool
	done
	PATH=$PWD/bin:$PATH
	minisign -G -W -p lab.pub -s lab.key >/dev/null
	git init -q .
	plug a rp2 --path 1-1.2 --version 1.21.0
	plug b rp2 --path 1-1.3 --version 1.22.2
	mpf-detect | mpf-resolve | mpf-fetch >plan.ndjson
}

# examples PAGE: each paragraph of lines that begin with a prompt, with what
# they go on with, as a shell gets it, and NUL behind it.
examples() {
	awk '
	function flush() { if (text != "") printf "%s%c", text, 0; text = "" }
	/^\.(Bd -literal|Ed)/ { flush(); in_block = /Bd/; on = 0; next }
	/^\.Dl / { sub(/^\.Dl /, ""); flush(); one = 1 }
	in_block || one {
		one = 0
		gsub(/\\e/, "\\"); gsub(/\\\(dq/, "\""); gsub(/\\&/, "")
		if (/^\$ /) { on = 1; text = text substr($0, 3) "\n" }
		else if (on) text = text $0 "\n"
		if (!in_block) { flush(); on = 0 }
	}' "$man/$1"
}

# elsewhere TEXT: does it need a thing that no test has?
elsewhere() {
	case $1 in
	*mpremote\ connect* | *mpflash\ list*) return 0 ;;	# other programs
	*github:*) return 0 ;;			# another site
	*/media/*) return 0 ;;			# a drive of this machine's
	*usermod*) return 0 ;;
	*mpf-erase | *mpf-format | *mpf-format\ --keep-files)
		return 0 ;;			# a person is asked
	*'mpf -i'* | *"'?'"*) return 0 ;;	# a person: choose.bats
	*--esp*) return 0 ;;			# a chip without firmware
	esac
	return 1
}

# paste PAGE AT-LEAST: runs them all in order; each has to end with 0.
paste_page() {
	local text n=0
	while IFS= read -r -d '' text; do
		elsewhere "${text%?}" && continue
		echo "# $1: $text"
		# What is bad on this machine is nothing that a page can know.
		[[ $text != mpf-doctor* ]] || text="{ $text } || [ \$? = 1 ]"
		timeout 60 bash -eo pipefail -c "$text" </dev/null >>out 3>&-
		n=$((n + 1))
	done < <(examples "$1")
	echo "# $1: $n examples"
	[ "$n" -ge "$2" ]
}

@test "the examples of mpf(7) work when they are pasted" {
	bench
	paste_page mpf.7 6
	# The plan was carried out, and nothing failed.
	[ "$(jq -s 'map(select(.record.database and (.error | not))) | length' \
		done.ndjson)" = 2 ]
}

@test "the recipes of mpf-recipes(7) work when they are pasted" {
	bench
	paste_page mpf-recipes.7 10
	event a running
	grep -q ' write 100 %' out
	# What was carried along is what is signed.
	[ -s lab.tar.minisig ]
	[ -s stick/firmware/mpflash.db ]
}

@test "the examples of mpf-detect(1) work when they are pasted" {
	bench
	paste_page mpf-detect.1 3
	grep -qx $'/dev/ttyACM0\tv1.21.0' out
}

@test "the examples of mpf-resolve(1) work when they are pasted" {
	bench
	paste_page mpf-resolve.1 6
	# The one that goes back went back, and came up again.
	[ "$(jq -r 'select(.flash.version_after).flash.version_after' out |
		tr '\n' ' ')" = 'v1.28.0 v1.28.0 v1.24.1 v1.28.0 ' ]
}

@test "the examples of mpf-record(1) work when they are pasted" {
	bench
	paste_page mpf-record.1 3
	[ "$(sqlite3 firmware/mpflash.db \
		"SELECT count(*) FROM mpf_device WHERE version = 'v1.28.0'")" = 2 ]
}

@test "the examples of mpf-sim(1) work when they are pasted" {
	paste_page mpf-sim.1 3
	[ "$(jq -r .device.mode out | sort | uniq -c | xargs)" = \
		'3 repl 1 silent' ]
}

@test "the examples of mpf-stream(5), mpf.lock(5) and mpflash.toml(5) work" {
	bench
	mpf-flash <plan.ndjson | mpf-record >done.ndjson
	paste_page mpflash.toml.5 1
	[ "$(jq -rs '.[0].firmware.version' out)" = v1.28.0 ]
	paste_page mpf.lock.5 2
	[ "$(grep -c sha256: mpf.lock)" = 2 ]
	paste_page mpf-stream.5 3
	[ "$(jq -s 'map(select(.board.version == "v1.28.0")) | length' \
		done.ndjson)" = 2 ]
}

@test "the examples of mpf-fetch(1) work when they are pasted" {
	bench
	paste_page mpf-fetch.1 5
	grep -qx "$MPFLASH_FIRMWARE/rp2/RPI_PICO_W-v1.24.1.uf2" out
	[ "$(grep -c sha256: mpf.lock)" = 1 ]
}

@test "the examples of mpf-index(1) work when they are pasted" {
	bench
	paste_page mpf-index.1 3
	grep -q v1.29.0-preview out
	[ -s firmware/rp2/RPI_PICO_W-v1.24.1.uf2 ]
}

@test "the examples of mpf-bundle(1) work when they are pasted" {
	bench
	paste_page mpf-bundle.1 2
	[ "$(jq -r 'select(.flash).flash.version_after' out | sort -u)" = v1.28.0 ]
}

@test "the examples of mpf-add(1) work when they are pasted" {
	plug a rp2 --board RPI_PICO --path 1-1.2 --version 1.21.0
	mkfw e48bff56 v1.24.1 2024-11-29 'Raspberry Pi Pico with RP2040' 40 \
		>firmware.uf2
	paste_page mpf-add.1 6
	[ "$(jq -r 'select(.flash.version_after).flash.version_after' out |
		sort -u)" = v1.24.1 ]
}

@test "the examples of mpf-flash(1) work when they are pasted" {
	bench
	paste_page mpf-flash.1 2
	event b running
}

@test "every tool ends with 0, 1 or 2 as its page says" {
	local tool status skipped failed
	skipped='{"mpf":1,"device":{"id":"t/1","mode":"silent"},"firmware":
		{"action":"skip","by":"board","reason":"it is silent"}}'
	failed='{"mpf":1,"device":{"id":"t/1","mode":"repl"},"error":
		{"stage":"detect","code":"io","message":"broken","retry":true}}'
	for tool in detect resolve fetch flash record index bundle; do
		for status in 0 1 2; do
			sed '1,/^\.Sh EXIT STATUS/d' "$man/mpf-$tool.1" |
				grep -qx "\.It $status"
		done
		run -2 --separate-stderr "mpf-$tool" --nonsense </dev/null
		[ "$tool" != detect ] || continue
		[ "$tool" != bundle ] || tool='bundle export lab.tar'
		# shellcheck disable=SC2086 # a command and its file
		run -1 --separate-stderr mpf-$tool <<<"${failed//[$'\n\t']/}"
		[ "${lines[0]}" = "${failed//[$'\n\t']/}" ]
		[[ $tool != bundle* ]] || continue
		run -0 --separate-stderr "mpf-$tool" <<<"${skipped//[$'\n\t']/}"
	done
	run -1 --separate-stderr mpf-detect
	plug a rp2
	run -0 --separate-stderr mpf-detect
}

@test "the pipes for users of mpflash and esptool work when they are pasted" {
	bench
	door
	mkfw e48bff56 v1.29.0 2026-04-06 "$pico" 60 >own.uf2
	paste_page mpf-mpflash.7 17
	paste_page mpf-esptool.7 2
	# What was flashed is what the pages say.
	mpf-detect | jq -r .board.version | grep -qx v1.29.0
}

@test "the examples of mpf-backup(1) and its kin work when they are pasted" {
	bench
	paste_page mpf-backup.1 2
	# The page has an archive of its own.
	archives=(backups/*.tar)
	cp "${archives[0]}" backups/RPI_PICO-1234-20261130T120000Z.tar
	paste_page mpf-restore.1 2
	paste_page mpf-format.1 1
	paste_page mpf-erase.1 1
	grep -q '"action":"erased"' out
}

@test "the examples of mpf-db(1) and mpflash.db(5) work when they are pasted" {
	bench
	plug c rp2 --path 1-1.4 --version 1.21.0 --uid e6614c311b5a6b2c
	mpf-detect | mpf-resolve | mpf-fetch | mpf-flash |
		mpf-record >/dev/null
	printf '#!/bin/sh\nshift\nexec "$@"\n' >bin/ssh
	chmod +x bin/ssh
	git init -q boards
	paste_page mpf-db.1 5
	command -v sqlite3 >/dev/null || skip "needs sqlite3"
	cd firmware || return
	paste_page mpflash.db.5 1
	grep -q 'v1.28.0|' out
}

@test "the examples of mpf(1) work when they are pasted" {
	bench
	door
	paste_page mpf.1 7
	grep -q '2 flashed' out
}

@test "the examples of mpf-doctor(1) say what is bad" {
	mkdir none
	export MPF_SYSROOT=$PWD/none
	while IFS= read -r -d '' text; do
		run --separate-stderr bash -c "$text"
		[ "$status" -le 1 ]
		[ "$stderr" = "" ]
		[[ $output == *"sudo make install"* ]]
	done < <(examples mpf-doctor.1)
}
