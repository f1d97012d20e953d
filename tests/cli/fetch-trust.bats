# SPDX-License-Identifier: MIT
#
# What mpf-fetch trusts: the lock file of a project, and signatures.
load helper
load ../www/site

setup() {
	servers=()
	cd "$BATS_TEST_TMPDIR" || return
	dir=$BATS_TEST_TMPDIR/firmware
	new=rp2/RPI_PICO_W-v1.28.0.uf2
	source=RPI_PICO_W-20260406-v1.28.0.uf2
	official=https://micropython.org/resources/firmware/$source
}

teardown() { stop_servers; }

# by_hand OPTION...: the stable firmware of a Pico W.
by_hand() {
	mpf-fetch --board RPI_PICO_W --retries 0 --mirror "$mirror" \
		--dir "$dir" "$@"
}

sum() { sha256sum <"$1" | cut -d' ' -f1; }

@test "a lock file gets a sorted line for each file, at its official address" {
	pico_site
	serve
	run -0 --separate-stderr by_hand --lock mpf.lock
	run -0 --separate-stderr by_hand --version 1.24.1
	one=https://micropython.org/resources/firmware/RPI_PICO_W-20240602-v1.24.1.uf2
	[ "$(cut -d' ' -f1-3 mpf.lock)" = "# mpf.lock 1
$one sha256:$(sum "$dir/rp2/RPI_PICO_W-v1.24.1.uf2") 25600
$official sha256:$(sum "$dir/$new") 20480" ]
	[[ $(tail -n 1 mpf.lock) =~ \ 20[0-9-]+T[0-9:]+Z$ ]]
	# Nothing new: not touched, and the same bytes from an empty folder.
	cp -p mpf.lock before
	run -0 --separate-stderr by_hand
	rm -r "$dir"
	run -0 --separate-stderr by_hand
	cmp mpf.lock before
	[ ! mpf.lock -nt before ]
	run -0 --separate-stderr by_hand --no-lock --version preview
	cmp mpf.lock before
}

@test "what a lock file has is what a file must be, wherever it comes from" {
	pico_site
	serve
	run -0 --separate-stderr by_hand --lock mpf.lock
	old=$(sum "$dir/$new")
	build "$source" v1.28.0 "$pico" 41
	for options in '' --locked; do
		rm -rf "$dir"
		# shellcheck disable=SC2086 # none, or one
		run -1 --separate-stderr by_hand $options
		[ "$(jq -c '.error | [.code, .retry]' <<<"$output")" = \
			'["verify",false]' ]
		[ "$(field .error.message)" = "$official: sha-256 $(
			sum "$site/resources/firmware/$source"), but the lock file has $old" ]
		[[ $(field .error.hint) == *"take its line out of mpf.lock"* ]]
		[ ! -e "$dir/$new" ]
		[ "$(wc -l <mpf.lock)" = 2 ]
	done
	# In the folder as well.
	build "$source" v1.28.0 "$pico" 40
	run -0 --separate-stderr by_hand
	[ "$(jq -c .image.checks <<<"$output")" = \
		'["sha256","format","chip","board"]' ]
	sed -i "s/$old/$(printf '%064d' 0)/" mpf.lock
	run -1 --separate-stderr by_hand
	[ "$(field .error.code)" = verify ]
}

@test "--locked takes the newest that is in it, and asks no page" {
	pico_site
	serve
	run -0 --separate-stderr by_hand --version 1.24.1 --lock mpf.lock
	rm -r "$dir" "$site/.log"
	run -0 --separate-stderr by_hand --locked
	[ "$(field .firmware.version)" = v1.24.1 ]
	[ "$(asked /download/)" = 0 ]
	[ "$(asked /resources/)" = 1 ]
	run -1 --separate-stderr by_hand --locked --version 1.28.0
	[ "$(field .error.code)" = verify ]
	[[ $(field .error.message) == "mpf.lock: RPI_PICO_W: no 1.28.0 "* ]]
	[ "$(field .error.hint)" = "there is v1.24.1" ]
	run -1 --separate-stderr mpf-fetch --dir "$dir" --locked \
		--board RPI_PICO2
	[ "$(field .error.code)" = verify ]
	[ "$(field .error.message)" = "mpf.lock: nothing for RPI_PICO2 in it" ]
	# What mpf-resolve has pinned is no excuse.
	run -1 --separate-stderr mpf-fetch --mirror "$mirror" --dir "$dir" \
		--locked <<<"$(jq -cn --arg s "$official" '{mpf: 1, firmware: {
		board_id: "RPI_PICO_W", port: "rp2", version: "v1.28.0",
		source: $s}}')"
	[ "$(field .error.code)" = verify ]
	[ "$(field .error.message)" = "$official: not in mpf.lock" ]
	[[ $(field .error.hint) == *"without --locked"* ]]
}

@test "--locked without a lock file, or with a broken one, does nothing" {
	mirror=http://127.0.0.1:1
	run -2 --separate-stderr by_hand --locked
	[ "$(field .error.code)" = usage ]
	[[ $(field .error.hint) == *"--lock mpf.lock"* ]]
	run -2 --separate-stderr by_hand --locked --lock other.lock
	[ "$(field .error.code)" = not_found ]
	printf '# mpf.lock 1\n<<<<<<< HEAD\n' >mpf.lock
	run -2 --separate-stderr by_hand
	[ "$(field .error.message)" = "mpf.lock: line 2: the mark of a merge" ]
	[ "$(cat mpf.lock)" = $'# mpf.lock 1\n<<<<<<< HEAD' ]
	printf '# mpf.lock 1\nhttps://x.example/y sha25' >mpf.lock
	run -2 --separate-stderr by_hand
	[[ $(field .error.hint) == "see mpf.lock(5); "* ]]
}

@test "lines of two at once both end up in the lock file" {
	pico_site
	serve
	for v in 1.24.1 1.28.0 preview; do
		by_hand --version "$v" --lock mpf.lock >"$v.ndjson" &
		pids+=($!)
	done
	for p in "${pids[@]}"; do wait "$p"; done
	[ "$(grep -c sha256: mpf.lock)" = 3 ]
	LC_ALL=C sort -c mpf.lock
}

@test "a lock file that cannot be written is an error of its own" {
	pico_site
	serve
	run -1 --separate-stderr by_hand --lock no/such/mpf.lock
	[ "${#lines[@]}" -eq 2 ]
	[ "$(jq -r .error.code <<<"${lines[1]}")" = not_found ]
}

# keys: a pair, as minisign makes it; sign FILE [OPTION...].
keys() { minisign -G -W -p "$1.pub" -s "$1.key" >/dev/null; }
sign() { minisign -S -s lab.key -m "$@" >/dev/null; }

@test "with --pubkey a signature is wanted, and stays beside the file" {
	pico_site
	serve
	keys lab
	for kind in -H -l; do
		rm -rf "$dir"
		[ $kind = -H ] || set -- -l
		sign "$site/resources/firmware/$source" "$@"
		run -0 --separate-stderr by_hand --pubkey lab.pub
		[ "$(jq -c .image.checks <<<"$output")" = \
			'["signature","format","chip","board"]' ]
		minisign -V -q -p lab.pub -m "$dir/$new"
	done
	# The key itself; and once it is here, without the network.
	run -0 --separate-stderr by_hand --offline \
		--pubkey "$(tail -n 1 lab.pub)"
	[ "$(jq -c .image.checks <<<"$output")" = \
		'["sha256","signature","format","chip","board"]' ]
	# Not asked for, not claimed.
	run -0 --separate-stderr by_hand
	[ "$(jq -c .image.checks <<<"$output")" = \
		'["sha256","format","chip","board"]' ]
}

@test "what is not signed, or by somebody else, is refused" {
	pico_site
	serve
	keys lab
	keys other
	run -1 --separate-stderr by_hand --pubkey lab.pub
	[ "$(jq -c '.error | [.code, .retry]' <<<"$output")" = \
		'["verify",false]' ]
	[[ $(field .error.message) == *"/$source: not signed: $source.minisig is not there" ]]
	sign "$site/resources/firmware/$source"
	run -1 --separate-stderr by_hand --pubkey other.pub
	id() { sed -n '1s/.* 0*//p' "$1"; }	# some print leading zeros
	[[ $(field .error.message) == *"signed with the key $(id lab.pub), but $(id other.pub) is the one that is trusted" ]]
	[ ! -e "$dir/$new" ]
	# One of several is enough.
	run -0 --separate-stderr by_hand --pubkey other.pub --pubkey lab.pub
	rm -r "$dir"
	# A signature of another file, a changed comment, and none at all.
	build "$source" v1.28.0 "$pico" 41
	run -1 --separate-stderr by_hand --pubkey lab.pub
	[[ $(field .error.message) == *"the signature is of other bytes" ]]
	build "$source" v1.28.0 "$pico" 40
	sed -i 's/^trusted comment: /&x/' "$site/resources/firmware/$source.minisig"
	run -1 --separate-stderr by_hand --pubkey lab.pub
	[[ $(field .error.message) == *"trusted comment was changed" ]]
	echo no >"$site/resources/firmware/$source.minisig"
	run -1 --separate-stderr by_hand --pubkey lab.pub
	[[ $(field .error.message) == *"not a signature of minisign" ]]
	[ "$(field .error.code)" = verify ]
	[ -z "$(find "$dir" -name '*.uf2*')" ]
}

@test "a file that is here already is not used unsigned" {
	pico_site
	serve
	keys lab
	run -0 --separate-stderr by_hand
	run -1 --separate-stderr by_hand --pubkey lab.pub --offline
	[ "$(field .error.code)" = verify ]
	run -1 --separate-stderr by_hand --pubkey lab.pub
	[ "$(field .error.code)" = verify ]
	sign "$site/resources/firmware/$source"
	run -0 --separate-stderr by_hand --pubkey lab.pub
	[ "$(jq -c .image.checks <<<"$output")" = \
		'["signature","format","chip","board"]' ]
}

@test "what was signed anew, with another key, is looked at again" {
	pico_site
	serve
	keys lab
	sign "$site/resources/firmware/$source"
	run -0 --separate-stderr by_hand --pubkey lab.pub
	rm lab.pub lab.key
	keys lab
	run -1 --separate-stderr by_hand --pubkey lab.pub
	[ "$(field .error.code)" = verify ]
	sign "$site/resources/firmware/$source"
	run -1 --separate-stderr by_hand --pubkey lab.pub --offline
	[ "$(field .error.code)" = verify ]
	run -0 --separate-stderr by_hand --pubkey lab.pub
	run -0 --separate-stderr by_hand --pubkey lab.pub --offline
}

@test "a public key that is none is said before anything is asked" {
	mirror=http://127.0.0.1:1
	echo x >pub
	run -2 --separate-stderr by_hand --pubkey pub
	[ "$(field .error.message)" = \
		"--pubkey: pub: not a public key of minisign" ]
	run -2 --separate-stderr by_hand --pubkey none.pub
	[ "$(field .error.code)" = not_found ]
	[[ $stderr == *"minisign -G -p"* ]]
}

@test "a token behind an address stays out of lock file and bundle" {
	pico_site
	serve
	own=$mirror/resources/blinky.uf2
	cp "$site/resources/firmware/$source" "$site/resources/blinky.uf2"
	for options in "" --locked; do
		mpf-fetch --board RPI_PICO_W \
			--source "$own?token=secret" --dir "$dir" \
			--lock mpf.lock $options >got
		run -0 mpf-bundle export lab.tar --dir "$dir" <got
	done
	[ "$(tail -n 1 mpf.lock | cut -d' ' -f1)" = "$own" ]
	run -1 grep secret mpf.lock lab.tar
	run -0 --separate-stderr mpf-bundle import lab.tar --dir there \
		--lock mpf.lock --locked
	cmp "$(field .image.path)" "$site/resources/blinky.uf2"
	[ "$(field .firmware.source)" = "$own" ]
}
