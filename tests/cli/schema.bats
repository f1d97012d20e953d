# SPDX-License-Identifier: MIT
# The check of what tools emit, checked: it has to see, and to fail.
load helper

setup() {
	[ -n "${LD_PRELOAD:-}" ] || skip "without tap-stdout.so (make check)"
	so=${LD_LIBRARY_PATH%%:*}/$LD_PRELOAD
	cd "$BATS_TEST_DIRNAME/../.." || return
	# To the shim, whatever is named mpf-... is a tool.
	mkdir "$BATS_TEST_TMPDIR/bin"
	ln -s "$(command -v cat)" "$BATS_TEST_TMPDIR/bin/mpf-cat"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
}

# emit LINE...: what a tool would that writes these lines, checked.
emit() {
	printf '%s\n' "$@" >"$BATS_TEST_TMPDIR/in"
	tests/schema/run t "$so" "$BATS_TEST_TMPDIR/emitted" \
	    sh -c 'cat "$1" | mpf-cat | grep -c .' - "$BATS_TEST_TMPDIR/in"
}

good='{"mpf":1,"device":{"id":"h/usb/1-1","mode":"repl"}}'

@test "the records in the test data are valid" {
	run -0 tests/schema/check tests/data/golden.ndjson
}

@test "valid records, tables and other people's lines pass" {
	run -0 emit "$good" 'DEVICE  BOARD' '{"theirs":[null]}' '[1]' ''
	[ "${lines[1]}" = "ok - 1 different records are as the schema says" ]
}

@test "a record that is not as the schema says fails, and is shown" {
	bad='{"mpf":1,"device":{"id":"h/usb/1-1","mode":"asleep"}}'
	run -1 emit "$good" "$bad"
	[[ $output == *"mpf-cat: \$.device.mode: 'asleep' is not one of"* ]]
	[[ $output == *"$BATS_TEST_FILENAME: $BATS_TEST_NAME"* ]]
	[[ $output == *"$bad"* ]]
}

@test "this very run is checked so" {
	printf '%s\n' "$good" | mpf-cat
	grep -qF "$good" "$MPF_EMITTED"/mpf-cat.*
}

@test "a null, a key that comes twice, and half a record fail" {
	run -1 emit '{"mpf":1,"device":{"id":"d","x":null}}'
	run -1 emit '{"mpf":1,"device":{"id":"d"},"mpf":1}'
	[[ $output == *"a key comes twice"* ]]
	run -1 emit '{"mpf":1,"device":{"id":"d"'
	run -1 emit '{"mpf":1,"device":{"id":"d","x":NaN}}'
}

@test "a run in which no record was seen fails, but has one of its own" {
	run -0 emit 'DEVICE  BOARD'
	mkdir "$BATS_TEST_TMPDIR/none"
	run -1 tests/schema/check "$BATS_TEST_TMPDIR/none"
	[[ $output == *"no record at all was seen"* ]]
}

@test "a process that goes on and a file that stays fail, and go" {
	# shellcheck disable=SC2016 # for the shell there
	run -1 tests/schema/run t "$so" "$BATS_TEST_TMPDIR/emitted" sh -c '
		sleep 100 >/dev/null 2>&1 3>&- & echo "$!" >"$0/pid"
		: >"$TMPDIR/left"' "$BATS_TEST_TMPDIR"
	[[ $output == *"not ok - goes on: sleep 100"* ]]
	[[ $output == *"not ok - stays behind: "*/left* ]]
	run ! pgrep -r R,S,D -F "$BATS_TEST_TMPDIR/pid"
}

@test "the exit status of what ran is kept" {
	run -3 tests/schema/run t "$so" "$BATS_TEST_TMPDIR/emitted" \
	    sh -c 'echo "$1" | mpf-cat; exit 3' - "$good"
	[[ $output == *"ok - 1 different records"* ]]
}
