# SPDX-License-Identifier: MIT
#
# mpf-backup, mpf-restore, mpf-format and mpf-erase, on simulated boards.
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export MPF_HOST=bench
	mkdir -p b/lib/deep
	printf 'print(1)\n' >b/main.py
	printf 'x = 1\n' >b/mpflash.toml
	: >b/lib/none
	head -c 20000 /dev/urandom >b/lib/deep/data
	cp -r b before
}

# on_board COMMAND [OPTION...]: a Pico with the files of ./b and its record in
# ./board, while COMMAND runs.
on_board() {
	local command=$1
	shift
	run -0 --separate-stderr mpf-sim rp2 --uid e6614c311b5a6b2c --files b \
	    "$@" -- bash -c "mpf-detect >board; $command; true"
}

@test "what is saved comes back byte for byte, and only what is missing" {
	on_board 'mpf-backup -o saved <board >s1
	    mpf-format --yes <board >s2
	    ls b >formatted
	    mpf-restore --from saved <board >s3
	    mpf-restore --from saved <board >s4'
	[ "$(jq -r '.files | [.action, .count, .size_bytes] | join(" ")' s1)" = \
	    "saved 4 20015" ]
	[ "$(jq -r .files.path s1)" = "$PWD/$(echo saved/*)" ]
	[ "$(stat -c %a saved saved/*)" = $'700\n600' ]
	[[ $(echo saved/*) == saved/RPI_PICO_W-e6614c311b5a6b2c-20*Z.tar ]]
	[[ $stderr == *"passwords too"* ]]
	[ "$(jq -r '.files | [.action, .count] | join(" ")' s2)" = \
	    "formatted 1" ]
	[ "$(find b -type f)" = b/mpflash.toml ] || cat formatted
	[ "$(jq -r '.files | [.action, .count, .unchanged] | join(" ")' s3)" = \
	    "restored 4 1" ]
	[ "$(jq -r '.files | [.action, .count, .unchanged] | join(" ")' s4)" = \
	    "restored 4 4" ]
	diff -r before b
}

@test "an archive is a plain tar, with who, what and a hash of each file" {
	on_board 'mpf-backup -o saved <board'
	mkdir out
	tar xf saved/*.tar -C out
	diff -r before out/files
	[ "$(jq -rs '.[0].board.uid' out/manifest.ndjson)" = \
	    e6614c311b5a6b2c ]
	jq -r 'select(.sha256) | "\(.sha256)  files\(.path)"' \
	    out/manifest.ndjson >sums
	[ "$(wc -l <sums)" = 4 ]
	(cd out && sha256sum -c ../sums)
}

@test "formatting keeps mpflash.toml, and all files if that is asked for" {
	on_board 'mpf-format --keep-files <board >result'
	[ "$(jq -r '.files | [.action, .count] | join(" ")' result)" = \
	    "formatted 4" ]
	diff -r before b
	[ -z "$(ls "$XDG_STATE_HOME/mpf/files")" ]
	on_board 'mpf-format -y <board >result'
	cmp before/mpflash.toml b/mpflash.toml
	[ "$(find b -type f)" = b/mpflash.toml ]
}

@test "erasing leaves nothing, and starts the board again" {
	on_board 'mpf-erase -y <board >result; mpf-detect >after'
	[ "$(jq -r '.files | [.action, .count, .size_bytes] | join(" ")' \
	    result)" = "erased 4 20015" ]
	[ -z "$(find b -type f)" ]
	[ "$(jq -r .board.board_id after)" = RPI_PICO_W ]
}

@test "what wipes asks on a terminal, and is refused without one" {
	on_board 'setsid mpf-format <board >result; setsid mpf-erase <board >>result'
	[ "$(jq -r '.error | .code + " " + .hint' result)" = \
	    $'usage say --yes\nusage say --yes' ]
	diff -r before b
	on_board "echo n | script -qec 'mpf-erase --json <board >result' /dev/null"
	[[ $output == *"/dev/ttyACM0: all files on this board will be erased.  Go on? [y/N]"* ]]
	[ "$(jq -r .error.code result)" = cancelled ]
	diff -r before b
	on_board "echo y | script -qec 'mpf-erase --json <board >result' /dev/null"
	[ "$(jq -r .files.action result)" = erased ]
}

@test "another board's files are refused, unless that is meant" {
	on_board 'mpf-backup -o saved <board'
	rm -r b/lib
	run -0 --separate-stderr mpf-sim rp2 --uid 11112222 --files b -- \
	    bash -c 'mpf-detect >board
	    mpf-restore --from saved/*.tar <board >s1
	    mpf-restore --from saved <board >s2
	    mpf-restore --from saved/*.tar --other-board <board >s3'
	[ "$(jq -r .error.code s1 s2)" = $'mismatch\nnot_found' ]
	[[ $(jq -r .error.message s1) == *"the board e6614c311b5a6b2c, and this is 11112222" ]]
	[[ $(jq -r .error.hint s1) == *"--other-board" ]]
	[ "$(jq -r .files.count s3)" = 4 ]
	diff -r before b
}

@test "an mpflash.toml that is there stays, as it says what runs now" {
	on_board 'mpf-backup -o saved <board
	    echo y = 2 >b/mpflash.toml; echo new >b/main.py'
	on_board 'mpf-restore --from saved <board >result'
	[ "$(cat b/mpflash.toml)" = "y = 2" ]
	cmp before/main.py b/main.py
}

@test "the newest archive of a board is taken" {
	on_board 'mpf-backup -o saved <board
	    mv saved/*.tar saved/RPI_PICO_W-e6614c311b5a6b2c-20990101T000000Z.tar
	    echo new >b/main.py'
	on_board 'mpf-backup -o saved <board >s1
	    mpf-restore --from saved <board >s2'
	[[ $(jq -r .files.path s2) == */RPI_PICO_W-e6614c311b5a6b2c-2099* ]]
	diff -r before b
}

# damaged SED: the archive after that is restored, which must change nothing.
damaged() {
	rm -rf out && mkdir out
	tar xf saved/*.tar -C out
	(cd out && eval "$1" && tar cf ../bad.tar --format=ustar -- *)
	rm -rf b/lib
	on_board 'mpf-restore --from bad.tar <board >result'
	[ "$(jq -r .error.code result)" = input ] || jq .error result
	[ ! -e b/lib ]
	jq -r .error.message result
}

@test "a damaged archive is refused whole, and says where" {
	on_board 'mpf-backup -o saved <board'
	run -0 damaged 'printf x >>files/main.py'
	[[ $output == *"bad.tar: /main.py is not as the manifest says" ]]
	run -0 damaged 'rm files/main.py'
	[[ $output == *"it lacks /main.py" ]]
	run -0 damaged 'echo >files/more'
	[[ $output == *"5 files, and the manifest names 4" ]]
	run -0 damaged "sed -i 's|\"/main.py\"|\"/../main.py\"|' manifest.ndjson"
	[[ $output == *"manifest.ndjson: line 6: path: \"/../main.py\" leads out"* ]]
	run -0 damaged "sed -i 2d manifest.ndjson; echo x >>manifest.ndjson"
	[[ $output == *"manifest.ndjson: line 7: "* ]]
	run -0 damaged 'rm manifest.ndjson'
	[[ $output == *"no manifest.ndjson in it" ]]
	run -0 damaged ': >manifest.ndjson'
	[[ $output == *"manifest.ndjson: it is empty" ]]
	head -c 9000 saved/*.tar >cut.tar
	on_board 'mpf-restore --from cut.tar <board >result'
	[ "$(jq -r .error.code result)" = input ]
	on_board 'mpf-restore --from nowhere.tar <board >result'
	[ "$(jq -r .error.code result)" = not_found ]
}

@test "what has no room is refused before anything is written" {
	head -c 600000 /dev/urandom >b/lib/deep/data
	on_board 'mpf-backup -o saved <board'
	rm -r b/lib
	head -c 600000 /dev/urandom >b/other
	on_board 'mpf-restore --from saved <board >result'
	[ "$(jq -r .error.code result)" = space ]
	[[ $(jq -r .error.message result) == *"the files need 600000 bytes more, and the board has "* ]]
	[ ! -e b/lib ]
}

@test "where files cannot come back, the archive stays and is named" {
	on_board 'mpf-format --keep-files <board >result' --fail-at record:5
	[ "$(jq -r '.error | .code + " " + .message' result)" = \
	    "protocol its file system cannot be made anew: OSError: 5" ]
	diff -r before b
	hint=$(jq -r .error.hint result)
	[[ $hint == *"mpf-restore --from"* ]]
	ls "$XDG_STATE_HOME"/mpf/files/*.tar
}

@test "another board in its place is left alone" {
	on_board "jq -c '.board.uid = \"aa\"' board >wrong
	    mpf-erase -y <wrong >result; mpf-backup <wrong >>result"
	[ "$(jq -r .error.code result)" = $'mismatch\nmismatch' ]
	diff -r before b
	[ -z "$(find . -name '*.tar')" ]
}

@test "ports whose file system is not known are refused, but saved" {
	on_board "jq -c '.board.port = \"zephyr\"' board >odd
	    mpf-erase -y <odd >result; mpf-format -y <odd >>result
	    mpf-backup -o saved <odd >>result
	    jq -c '.board.port = \"stm32\"' board | mpf-erase -y >>result"
	[ "$(jq -r '.error.code // .files.action' result)" = \
	    $'unsupported\nunsupported\nsaved\nunsupported' ]
	diff -r before b
}

@test "a program that ran is started again" {
	on_board 'mpf-backup -o saved <board; mpf-format --keep-files <board
	    mpf-detect >after' --busy
	[ "$(jq -r .board.interrupted after)" = true ]
	diff -r before b
}

@test "several boards at once, and what is no board passes" {
	run -0 --separate-stderr mpf-sim rp2 --uid 01 --files b -- \
	    mpf-sim samd --uid 02 --path 1-2 -- mpf-sim silent --path 1-3 -- \
	    bash -c 'mpf-detect | mpf-backup -o saved >result'
	[ "$(jq -rs '[.[] | .files.action // .device.mode] | sort | join(" ")' \
	    result)" = "saved saved silent" ]
	[ "$(find saved -name '*.tar' | wc -l)" = 2 ]
}

@test "a record that is not a board's, and one that failed, are not worked" {
	run -1 --separate-stderr mpf-erase -y \
	    <<<'{"mpf":1,"device":{"id":"x/tty/y","mode":"repl"}}'
	[ "$(field .error.code)" = input ]
	run -1 --separate-stderr mpf-backup \
	    <<<'{"mpf":1,"device":{"id":"x/tty/y","mode":"repl"},"error":{"stage":"detect","code":"busy","message":"m","retry":false}}'
	[ "$(field .error.stage)" = detect ]
}
