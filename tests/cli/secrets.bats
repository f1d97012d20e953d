# SPDX-License-Identifier: MIT
#
# Names, passwords and tokens: whoever needs them gets them, and they stand
# nowhere afterwards.
load helper
load add
load sim
load ../www/site

secret=geheim-0123456789

setup() {
	servers=()
	cd "$BATS_TEST_TMPDIR" || return
	said=
	site
	uf2 e48bff56 1.24.1 "$PICO" 400 >"$site/blinky.uf2"
	serve
	url=$mirror/blinky.uf2
}

teardown() {
	unplug_all
	stop_servers
}

# tool STATUS TOOL ARG...: runs it, and notes what it said.
tool() {
	local status=$1 name=$2
	shift 2
	run "-$status" --separate-stderr "$name" --json "$@"
	said+=$output$stderr
}

# shellcheck disable=SC2120 # not always more options
get() { tool "$1" mpf-fetch --retries 0 --board RPI_PICO "${@:2}"; }

# kept_nowhere: neither in what was said, nor in a file but those given.
kept_nowhere() {
	[ -n "$said" ]
	run ! grep -F "$secret" <<<"$said"
	rm -f "$site/.log" "$@"
	run ! grep -rF "$secret" "$BATS_TEST_TMPDIR"
}

@test "a name or a password in an address is refused, and stands nowhere" {
	local with=${url/127/me:$secret@127}
	while read -r status name words; do
		# shellcheck disable=SC2086 # words
		tool "$status" "$name" $words
		[ "$(field .error.code)" = usage ]
		[[ $(field .error.message) == *"a user name or a password"* ]]
		[[ $(field .error.hint) == *.netrc* ]]
	done <<-END
	2 mpf-fetch --board RPI_PICO --source $with
	2 mpf-fetch --source ${with/me:}
	2 mpf-fetch --board RPI_PICO --mirror $with
	2 mpf-index refresh --mirror $with
	1 mpf-add $with
	1 mpf-add --track https://$secret:x-oauth-basic@github.com/a/b/raw/main/c.uf2
	END
	[ ! -e "$site/.log" ]
	kept_nowhere
}

@test "a record with a password in its address goes no further" {
	# It is passed on with its error: tests/schema/fed.ndjson has it, too.
	rec='{"mpf":1,"device":{"id":"h/usb/1-1","mode":"repl"},'
	rec+='"board":{"port":"rp2","board_id":"RPI_PICO","version":"v1.24.1"},'
	rec+='"firmware":{"board_id":"RPI_PICO","port":"rp2","custom":true,'
	rec+="\"source\":\"https://me:$secret@example.org/fw.uf2\","
	rec+='"action":"flash"},"database":{"kind":"firmware","file":"rp2/x"}}'
	for name in mpf-fetch mpf-flash mpf-record "mpf-db import"; do
		# shellcheck disable=SC2086 # words
		run -1 --separate-stderr $name --json <<<"$rec"
		[ "$(field .error.code)" = input ]
		[[ $(field .error.message) == *"firmware.source: "* ]]
		[[ $(field .error.hint) == *.netrc* ]]
		said+=$(field .error)$stderr
	done
	kept_nowhere
}

@test "what is behind the ? of an address is asked with, and kept nowhere" {
	minisign -G -W -p lab.pub -s lab.key >/dev/null
	minisign -S -s lab.key -m "$site/blinky.uf2" >/dev/null
	local with="$url?token=$secret"
	get 0 --source "$with" --lock mpf.lock --pubkey lab.pub
	[ "$(field '[.firmware.source, .firmware.file_name] | join(" ")')" = \
		"$url blinky.uf2" ]
	[[ $(tail -n 1 mpf.lock) == "$url sha256:"* ]]
	[ "$(row 'SELECT source FROM firmwares')" = "$url" ]
	grep -q "^GET /blinky.uf2?token=$secret 200" "$site/.log"
	grep -q "^GET /blinky.uf2.minisig?token=$secret 200" "$site/.log"
	mpf-bundle export lab.tar <<<"$output"
	# By the lock file, from the folder, and without a network.
	get 0 --source "$with" --lock mpf.lock --locked
	get 0 --source "$url" --offline
	# Where it is not there, leads elsewhere, or is all that there is.
	get 1 --source "${with/blinky/nothing}"
	fault "/far.uf2?token=$secret" redirect \
		"http://example.org/far.uf2?token=$secret"
	get 1 --source "${with/blinky/far}"
	[[ $(field .error.message) == *"leads to http://example.org/far.uf2,"* ]]
	fault "/near.uf2?token=$secret" redirect \
		"http://me:$secret@127.0.0.1:1/near.uf2?token=$secret"
	get 1 --source "${with/blinky/near}"
	[[ $(field .error.message) == *"http://127.0.0.1:1/near.uf2"* ]]
	get 1 --source "$mirror/?token=$secret"
	add 0 "$with"
	said+=$output$stderr
	kept_nowhere "$site/.faults"
}

@test "a download that is killed leaves no token behind" {
	fault "/blinky.uf2?token=$secret" broken 100000
	get 1 --source "$url?token=$secret"
	[ -n "$(find "$dir" -name '.*.from')" ]
	rm "$site/.faults"
	get 0 --source "$url?token=$secret"
	grep -q "bytes=.*" "$site/.log"
	cmp "$(field .image.path)" "$site/blinky.uf2"
	kept_nowhere
}

@test "a password in ~/.netrc goes to its host, and wherever it leads, not" {
	printf 'machine 127.0.0.1 login me password %s\n' "$secret" \
		>"$HOME/.netrc"
	chmod 600 "$HOME/.netrc"
	get 0 --source "$url"
	add 0 "$url"
	said+=$output$stderr
	[ "$(grep -c '^GET /blinky.uf2 .* authorized$' "$site/.log")" = 2 ]
	offer RPI_PICO rp2 <<<'- 20260406 v1.28.0 uf2'
	tool 0 mpf-index refresh RPI_PICO --mirror "$mirror"
	grep -q '^GET /download/RPI_PICO/ .* authorized$' "$site/.log"
	# To another name of this machine, which is another host.
	fault /away.uf2 redirect "${url/127.0.0.1/localhost}"
	rm "$site/.log"
	get 0 --source "$mirror/away.uf2"
	add 0 "$mirror/away.uf2"
	said+=$output$stderr
	[ "$(sort -u "$site/.log")" = $'GET /away.uf2 302 authorized\nGET /blinky.uf2 200' ]
	# Not while others may read it, which is said where it would be of use.
	chmod 640 "$HOME/.netrc"
	rm "$site/.log"
	get 0 --source "$url" --force
	run ! grep authorized "$site/.log"
	fault /private.uf2 status 401
	get 1 --source "$mirror/private.uf2"
	[[ $(field .error.hint) == "chmod 600 $HOME/.netrc: "* ]]
	add 1 "$mirror/private.uf2"
	[[ $(field .error.hint) == "chmod 600 $HOME/.netrc: "* ]]
	said+=$output$stderr
	NETRC=/nothere get 1 --source "$mirror/private.uf2"
	[[ $(field .error.hint) == *"into ~/.netrc"* ]]
	kept_nowhere "$HOME/.netrc"
}

@test "from an address with a token to a board, its file and the history" {
	plug a rp2 --board RPI_PICO --path 1-1.2 --version 1.22.2 --keep files
	add 0 --flash "$url?token=$secret"
	said+=$output$stderr
	run -0 --separate-stderr mpf-record --json <<<"$output"
	said+=$output$stderr
	[ "$(field .record.toml)" = written ]
	[ "$(row 'SELECT source FROM mpf_device')" = "$url" ]
	for verb in list history export; do
		tool 0 mpf-db "$verb"
	done
	tool 0 mpf-detect
	[ "$(field .board.record.source.url)" = "$url" ]
	mpf-db export --toml tree
	kept_nowhere
}

@test "ps shows no password and no token while a file comes in" {
	printf 'machine 127.0.0.1 login me password %s\n' "$secret" \
		>"$HOME/.netrc"
	chmod 600 "$HOME/.netrc"
	export GITHUB_TOKEN=$secret
	fault /blinky.uf2 hold go
	for name in "mpf-fetch --board RPI_PICO --source" mpf-add; do
		rm -f go "$site/.log"
		# shellcheck disable=SC2086 # words
		$name "$url" >got 2>&1 3>&- &
		pid=$!
		wait_until grep -qs blinky "$site/.log"
		tr '\0' ' ' <"/proc/$pid/cmdline" >seen
		touch go
		wait "$pid"
		grep -q "blinky.uf2" seen
		said+=$(cat got seen)
	done
	kept_nowhere "$HOME/.netrc"
}
