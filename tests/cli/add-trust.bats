# SPDX-License-Identifier: MIT
# mpf-add: whom it believes, and what it never keeps.
load helper
load add
load ../www/site

setup() {
	servers=()
	cd "$BATS_TEST_TMPDIR" || return
	pico_uf2 >fw.uf2
}

teardown() { stop_servers; }

keys() {
	minisign -G -W -p lab.pub -s lab.key >/dev/null
	minisign -G -W -p other.pub -s other.key >/dev/null
}

sign() { minisign -S -s "$1.key" -m "$2" >/dev/null; }

@test "with --pubkey only a signed file is added, and keeps its signature" {
	keys
	refused verify "not signed" "only signed files" fw.uf2 --pubkey lab.pub
	sign other fw.uf2
	refused verify "" "only signed files" fw.uf2 --pubkey lab.pub
	sign lab fw.uf2
	add 0 fw.uf2 --pubkey other.pub --pubkey lab.pub
	[ "$(field .firmware.trust)" = signature ]
	[[ $(field '.image.checks | join(" ")') == *signature* ]]
	minisign -V -q -p lab.pub -m "$(field .image.path)"
	[ "$(row 'SELECT trust FROM mpf_custom')" = signature ]
	# Changed after it was signed.
	rm -r "$dir"
	flip_byte fw.uf2 300
	refused verify "" "" fw.uf2 --pubkey lab.pub
	echo nonsense >fw.uf2.minisig
	refused verify "" "" fw.uf2 --pubkey lab.pub
	add 2 fw.uf2 --pubkey nothere.pub
}

flip_byte() {
	/usr/bin/python3 -c 'import sys
b = bytearray(open(sys.argv[1], "rb").read())
b[int(sys.argv[2])] ^= 1
open(sys.argv[1], "wb").write(b)' "$@"
}

@test "a signature is downloaded from beside the file" {
	keys
	site
	cp fw.uf2 "$site/fw.uf2"
	sign lab "$site/fw.uf2"
	cp fw.uf2 "$site/unsigned.uf2"
	serve
	add 0 "$mirror/fw.uf2?x=1" --pubkey lab.pub
	[ "$(field .firmware.trust)" = signature ]
	rm -r "$dir"
	refused verify "not signed" "" "$mirror/unsigned.uf2" --pubkey lab.pub
}

@test "a scanner decides by its status, and its output is kept" {
	cat >scanner <<-'END'
		#!/bin/sh
		[ -s "$2" ] || exit 9
		printf 'looked at it \033[31m\n'
		exit "$1"
	END
	chmod +x scanner
	add 0 fw.uf2 --scan './scanner 0'
	[ "$(field .image.scan)" = 'looked at it \x1b[31m' ]
	[[ $(field '.image.checks | join(" ")') == *scan ]]
	[ "$(row "SELECT what, description FROM mpf_custom_event
		WHERE what = 'scanned'")" = 'scanned|looked at it \x1b[31m' ]
	# Also of what is there already.
	add 1 fw.uf2 --scan './scanner 1'
	[ "$(field .error.code)" = verify ]
	rm -r "$dir"
	refused verify "refused by the scanner ./scanner (status 3): looked at" \
		"" fw.uf2 --scan './scanner 3'
	refused not_found "no-such-scanner" PATH fw.uf2 --scan no-such-scanner
	refused usage "names no program" "" fw.uf2 --scan ' '
	# No shell sees the words.
	refused not_found ";touch" "" fw.uf2 --scan ';touch ran'
	[ ! -e ran ]
}

@test "security: a file swapped between check and write is not taken" {
	# By the scanner, in the firmware folder.
	cat >swapper <<-'END'
		#!/bin/sh
		printf evil | dd of="$1" conv=notrunc status=none
	END
	chmod +x swapper
	refused verify "was changed while the scanner" "" fw.uf2 --scan ./swapper
	# At its own place, after it was read: what was looked at is written.
	sum=$(sha256sum <fw.uf2 | head -c 64)
	cat >changer <<-END
		#!/bin/sh
		echo evil >"$PWD/fw.uf2"
	END
	chmod +x changer
	add 0 fw.uf2 --scan ./changer
	[ "$(sha256sum <"$(field .image.path)" | head -c 64)" = "$sum" ]
	[ "$(cat fw.uf2)" = evil ]
	# In the folder, after it was added: mpf-flash reads other bytes.
	echo evil >"$(field .image.path)"
	jq -c '.device = {id: "t/usb/1-1", usb_path: "1-1", vid: "2e8a",
		pid: "0005", serial_port: "/dev/ttyACM0", mode: "repl"} |
		.board = {description: "Raspberry Pi Pico with RP2040",
		port: "rp2"}' <<<"$output" >record
	run -1 --separate-stderr mpf-flash --json --dry-run <record
	[[ $(field .error.message) != "" ]]
	[[ $(field .error.code) == @(verify|input) ]]
	# And the next mpf-add puts it right.
	pico_uf2 >fw.uf2
	add 0 fw.uf2
	[ "$(sha256sum <"$(field .image.path)" | head -c 64)" = "$sum" ]
}

@test "security: no name leads out of the firmware folder" {
	site
	mkdir -p "$site/x"
	cp fw.uf2 "$site/x/fw.uf2"
	serve
	local name
	for name in 'x/%2e%2e%2f%2e%2e%2f%2e%2e%2fevil.uf2' 'x/%2e%2e%2fevil.uf2' \
		'x/.hidden.uf2' 'x/-rf.uf2'; do
		# The server has it under that very name.
		mkdir -p "$site/$(dirname "$name")"
		cp fw.uf2 "$site/$name"
		rm -rf "$dir"
		add 0 "$mirror/$name"
		path=$(field .image.path)
		[[ $path == "$dir"/rp2/custom/????????????/* ]]
		[[ ${path#"$dir"/rp2/custom/????????????/} != *[/]* ]]
		[[ $(basename "$path") != [.-]* ]]
	done
	[ ! -e evil.uf2 ]
	[ -z "$(find "$BATS_TEST_TMPDIR" -name 'evil.uf2' ! -path "$dir/*")" ]
	# A name with all that could do harm, and one of 250 letters.
	cp fw.uf2 "$(printf 'a\n\e[31m;$(x)\xff.uf2')"
	rm -rf "$dir"
	add 0 ./a*
	[[ $(field .firmware.file_name) =~ ^[A-Za-z0-9._-]+$ ]]
	long=$(printf 'x%.0s' $(seq 240)).uf2
	pico_uf2 v1.25.0 >"$long"
	add 0 "$long"
	[ "$(field '.firmware.file_name | length')" = 120 ]
	[[ $(field .firmware.file_name) == *.uf2 ]]
}

@test "security: escapes and garbage in a description are refused" {
	local text
	while IFS='|' read -r text message; do
		refused usage "$message" "" fw.uf2 --description \
			"$(printf '%b' "$text")"
	done <<-'EOF'
	a\033[31mb|--description: a control character at byte 1
	a\nb|--description: a control character at byte 1
	a\302\233b|--description: a control character at byte 1
	a\377|--description: not UTF-8 at byte 1
	|--description: empty
	EOF
	refused usage "--feature: 1500 bytes" "" fw.uf2 --feature \
		"$(printf 'x%.0s' $(seq 1500))"
	tags=()
	for _ in $(seq 33); do tags+=(--tag x); done
	run -2 --separate-stderr mpf-add --json fw.uf2 "${tags[@]}"
	[[ $stderr == *"--tag: more than 32 times"* ]]
	# What SQL, JSON and shells would take for theirs is text.
	add 0 fw.uf2 --description "'); DROP TABLE mpf_custom; -- \"\$(x)\\"
	[ "$(row 'SELECT description FROM mpf_custom')" = \
		"'); DROP TABLE mpf_custom; -- \"\$(x)\\" ]
}

@test "security: sizes are bounded before they are believed" {
	truncate -s 65M big.bin
	refused input "big.bin" "" big.bin
	head -c 70000000 /dev/zero >zeros
	run -2 --separate-stderr mpf-add --json - <zeros
	[[ $stderr == *"more than 67108864 bytes"* ]]
	# A UF2 block that says it is one of four thousand million.
	/usr/bin/python3 -c 'import struct, sys
sys.stdout.buffer.write(struct.pack("<8I", 0x0a324655, 0x9e5d5157, 0x2000,
    0x10000000, 256, 0, 0xffffffff, 0xe48bff56) + bytes(476)
    + struct.pack("<I", 0x0ab16f30))' >many.uf2
	refused input "" "" many.uf2
}

@test "no token is kept: not in database, records or messages" {
	local secret=geheim-0123456789
	site
	mkdir -p "$site/repos/a/b/releases/assets"
	cp fw.uf2 "$site/fw.uf2"
	serve
	# A token of GitHub's, from the environment and from a service's folder.
	jq -n --arg m "$mirror" '{tag_name: "v1", assets: [{id: 7,
		name: "fw.uf2", browser_download_url: "\($m)/fw.uf2"}]}' \
		>"$site/repos/a/b/releases/latest"
	cp fw.uf2 "$site/repos/a/b/releases/assets/7"
	export GITHUB_API_URL=$mirror
	GITHUB_TOKEN=$secret add 0 'github:a/b#*.uf2'
	said=$output$stderr
	grep -q "GET /repos/a/b/releases/assets/7" "$site/.log"
	mkdir creds
	echo "$secret" >creds/github_token
	CREDENTIALS_DIRECTORY=$PWD/creds add 0 'github:a/b#*.uf2'
	said+=$output$stderr
	run ! grep -F "$secret" <<<"$said"
	run ! grep -rF "$secret" "$dir" "$BATS_TEST_TMPDIR/state"
}

@test "no credential can be seen by ps while a scanner or git runs" {
	local secret=geheim-by-ps-$BATS_TEST_NUMBER
	# What the programs above it were called with.
	cat >lister <<-'END'
		#!/bin/bash
		pid=$$
		while [ "$pid" -gt 1 ] && read -r _ name _ up _ <"/proc/$pid/stat"
		do
			[[ $name == *bats* ]] && break
			tr '\0' ' ' <"/proc/$pid/cmdline"
			pid=$up
		done >seen
	END
	chmod +x lister
	GITHUB_TOKEN=$secret add 0 fw.uf2 --scan ./lister
	grep -q "mpf-add --json" seen
	run ! grep -qF "$secret" seen
}
