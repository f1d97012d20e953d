# SPDX-License-Identifier: MIT
# What all tools have in common, tried with tests/tools/mpf-try.c.
load helper

# A test that failed may have left them waiting.
teardown() {
	[ -n "${pid:-}" ] || return 0
	pkill -KILL -P "$pid" || :
	kill -KILL "$pid" 2>/dev/null || :
}

# job ID DO [JQ]: a record for mpf-try.
job() {
	command jq -cn --arg id "t/tty/$1" --arg act "$2" '{mpf: 1,
		device: {id: $id, serial_port: "/dev/\($id)", mode: "repl"},
		try: {do: $act}}'" | ${3:-.}"
}

# jobs N DO [JQ]: that many.
jobs() {
	job a "$2" "${3:-.}" | jq -c "range($1) as \$i | .device.id += \"\(\$i)\""
}

# waiting ID: one that waits until "open_fifo ID".
waiting() {
	[ -p "$BATS_TEST_TMPDIR/$1" ] || mkfifo "$BATS_TEST_TMPDIR/$1"
	job "$1" wait ".try.fifo = \"$BATS_TEST_TMPDIR/$1\""
}
open_fifo() { echo go >"$BATS_TEST_TMPDIR/$1"; }

# start [OPTION...]: mpf-try in the background, its input on fd 7.
start() {
	out=$BATS_TEST_TMPDIR/out err=$BATS_TEST_TMPDIR/err
	mkfifo "$BATS_TEST_TMPDIR/in"
	mpf-try "$@" <"$BATS_TEST_TMPDIR/in" >"$out" 2>"$err" 3>&- &
	pid=$!
	exec 7>"$BATS_TEST_TMPDIR/in"
}

# finish: no more input; its exit status in $status.
finish() {
	exec 7>&-
	status=0
	wait "$pid" || status=$?
}

codes() { jq -sc 'map(.error.code // .try.done)' "${1:-$out}"; }
ids() { jq -sc 'map(.device.id | ltrimstr("t/tty/"))' "${1:-$out}"; }

# --- options

@test "every kind of option is read, in every way of writing it" {
	run -0 --separate-stderr mpf-try -f -w a --list=x -ly --list z -n7 \
	    --a-rather-long-name 0.5 one two --sysroot /t </dev/null
	[ "$stderr" = "word=a num=7 ms=500 args=2 sysroot=/t list=x,y,z," ]
	MPF_SYSROOT=/e run -0 --separate-stderr mpf-try -f \
	    --a-rather-long-name 300ms </dev/null
	[ "$stderr" = "word=- num=-1 ms=300 args=0 sysroot=/e list=" ]
}

@test "what is no option, value or argument is said, with a hint" {
	while IFS='|' read -r args message; do
		# shellcheck disable=SC2086 # words
		run -2 --separate-stderr mpf-try $args </dev/null
		[ "${stderr_lines[0]}" = "mpf-try: $message" ]
		[ "$(jq -c '[.error.stage, .error.code, .error.message]' \
		    <<<"$output")" = "[\"try\",\"usage\",\"$message\"]" ]
		[[ ${stderr_lines[1]} == "mpf-try: hint: "* ]]
	done <<-'END'
		--nonsense|--nonsense: not an option of mpf-try
		--nonsense=3|--nonsense=3: not an option of mpf-try
		-fZ|-Z: not an option of mpf-try
		--flag=3|--flag=3: takes no value
		--word|--word: needs a value
		-w|-w: needs a value
		-n 1x|--number 1x: not a whole number from 0
		-n -1|--number -1: not a whole number from 0
		-n 99999999999999999999|--number 99999999999999999999: not a whole number from 0
		--a-rather-long-name 1m|--a-rather-long-name 1m: not a time such as 2, 0.5 or 300ms
		--progress loud|--progress loud: not auto, bar, json or none
		--json --table|--json and --table: not both
		-j 3|-j: not an option of mpf-try
		--number=|--number '': not a whole number from 0
		--progress=|--progress '': not auto, bar, json or none
		--ver|--ver: may be --verbose, --version
		--l|--l: needs a value
		bad|bad: no such thing
	END
	MPF_TRY=workers run -2 mpf-try -j 0 </dev/null
	MPF_TRY=workers run -2 mpf-try -j 257 </dev/null
}

@test "a wrong command line says what it may have meant" {
	while IFS='|' read -r command hint; do
		# shellcheck disable=SC2086 # words
		run -2 --separate-stderr $command </dev/null
		[ "${stderr_lines[1]}" = "${command%% *}: hint: did you mean $hint" ]
	done <<-'END'
		mpf-detect --seral x|--serial
		mpf-detect --no-prboe|--no-probe
		mpf-detect --tiemout=3|--timeout
		mpf-resolve --verison stable|--version
		mpf-detect /dev/ttyACM0|--serial /dev/ttyACM0
		mpf-fetch RPI_PICO_W|--board RPI_PICO_W
		mpf-resolve ttyACM0|mpf-detect --serial ttyACM0 | mpf-resolve
	END
	touch "$BATS_TEST_TMPDIR/plan"
	run -2 --separate-stderr mpf-flash "$BATS_TEST_TMPDIR/plan"
	[[ $stderr == *"hint: did you mean mpf-flash <$BATS_TEST_TMPDIR/plan" ]]
	# What is like nothing has no such hint.
	run -2 --separate-stderr mpf-detect --xyzzy
	[ "${stderr_lines[1]}" = \
	    "mpf-detect: hint: mpf-detect --help lists the options" ]
}

@test "--version alone prints the version, whatever else it may name" {
	for tool in detect resolve fetch flash record; do
		run -0 --separate-stderr mpf-$tool --version
		[[ $output == "mpf-$tool "[0-9]* ]]
		run -0 mpf-$tool --help
		[[ $output == *$'\n  -V'* ]]
		[[ $output == *$'\nExamples:\n  mpf-'* ]]
	done
}

@test "ttyACM0 means /dev/ttyACM0" {
	run -1 --separate-stderr mpf-detect --serial ttyNO1
	[[ $(field .error.message) == "/dev/ttyNO1: "* ]]
	run -1 --separate-stderr mpf-resolve -s 'ttyNO2' <<<"$(job a ok)"
	[[ $stderr == *"--serial /dev/ttyNO2: no such device in the input"* ]]
	run -0 mpf-resolve --ignore 'ttyX*' < <(job a ok |
	    jq -c '.device.serial_port = "/dev/ttyX1"')
	[ "$(field .firmware.reason)" = "to be ignored, as --ignore says" ]
}

@test "--help has one line for each option, --version is one line" {
	run -0 --separate-stderr mpf-try --help
	[ "${lines[0]}" = "usage: mpf-try [options] [thing ...] <records" ]
	[[ $output == *$'\n  -w, --word WORD       a word\n'* ]]
	[[ $output == *$'\n      --a-rather-long-name TIME  a time\n'* ]]
	[[ $output != *--jobs* ]]
	MPF_TRY=workers run -0 mpf-try -h
	[[ $output == *$'\n  -j, --jobs N '* ]]
	run -0 mpf-try -V
	[[ $output == "mpf-try "[0-9]* ]]
	run -2 --separate-stderr bash -c 'mpf-try --help >/dev/full'
	[[ $stderr == "mpf-try: standard output: "* ]]
}

@test "a tool that cannot begin says so in a record too" {
	run -2 --separate-stderr mpf-try -w begin <<<"$(job a ok)"
	[ "$(field .error.message)" = "begin: it cannot" ]
	[ "$stderr" = "mpf-try: begin: it cannot" ]
}

# --- records

@test "what is not to be worked on leaves byte for byte" {
	printf '%s\n' '{"x": 1.0,"x":1}' '[ 1 ]' '99999999999999999999' \
	    '{"a":1e400}' '["\ud800"]' '{"a\u0000b": 1}' \
	    '{ "mpf": 1,"device":{"id":"a","mode":"repl"}, "skip": 0.1 }' \
	    '{"mpf":1, "error":{"stage":"x","code":"io","message":"m","retry":false}}' \
	    "$(job a leave | sed 's/:/: /g')" >"$BATS_TEST_TMPDIR/in"
	for kind in sync workers async; do
		MPF_TRY=$kind run -1 --separate-stderr mpf-try --keep-order \
		    <"$BATS_TEST_TMPDIR/in"
		[ "$output" = "$(cat "$BATS_TEST_TMPDIR/in")" ]
		[ -z "$stderr" ]
	done
}

@test "an error is one record's, with the board named in the message" {
	for kind in sync workers async; do
		MPF_TRY=$kind run -1 --separate-stderr mpf-try --keep-order \
		    < <(job a ok; job b fail; job c named; job d ok)
		[ "$(codes - <<<"$output")" = '[true,"verify","busy",true]' ]
		[[ $stderr == *"mpf-try: /dev/t/tty/b: block 3 differs
mpf-try: hint: try again"* ]]
		[[ $stderr == *"mpf-try: /dev/t/tty/c: held"* ]]
		[[ $stderr != *"/dev/t/tty/c: /dev"* ]]
		[ "$(command jq -c .error <<<"${lines[1]}")" = '{"stage":"try","code":"verify","message":"block 3 differs","hint":"try again","retry":true}' ]
	done
}

@test "bad lines become error records, and the next line is read" {
	run -1 --separate-stderr mpf-try < <(job a ok; echo nonsense;
		head -c 1048577 /dev/zero | tr '\0' '['; echo; job b ok;
		job c ok '.mpf = 2'; job c ok '.mpf = "1"'; printf '{"mpf":1,')
	[ "$(codes - <<<"$output")" = \
	    '[true,"input","input",true,"unsupported","input","input"]' ]
	[ "$(jq -c '[.mpf, .device.id]' <<<"${lines[4]}")" = '[1,"t/tty/c"]' ]
	[ "$(grep -v hint: <<<"$stderr")" = "\
mpf-try: line 2: not JSON at column 8
mpf-try: line 3: longer than 1048576 bytes
mpf-try: line 5: record of version 2: only 1 is known here
mpf-try: line 6: mpf: not a whole number
mpf-try: line 7: not JSON, or only a part of it at column 9" ]
}

@test "a record of ours that nobody can read still names its board" {
	run -1 --separate-stderr mpf-try < <(
		job a ok | sed 's/}$/,"x":1e400}/'
		job b ok | sed 's/}$/,"x":12345678901234567890}/'
		job c ok | sed 's/}$/,"x":"\\udc00"}/'
		job d ok | sed 's/}$/,"try":2}/')
	[ "$(codes - <<<"$output")" = '["input","input","input","input"]' ]
	[ "$(ids - <<<"$output")" = '["a","b","c","d"]' ]
	[ "$(jq -sc 'map(.device.mode) | unique' <<<"$output")" = '["repl"]' ]
	[[ $stderr == *"line 1: a number too large at column "* ]]
}

@test "long lines of two tools do not mix in one pipe" {
	jobs 60 ok '.pad = "x" * 30000' >"$BATS_TEST_TMPDIR/in"
	for i in 1 2 3; do
		mpf-try <"$BATS_TEST_TMPDIR/in" &
	done 3>&- | jq -es 'length == 180' >/dev/null
}

@test "a record that grows too long becomes an error record" {
	for kind in sync workers; do
		MPF_TRY=$kind run -1 --separate-stderr mpf-try < <(job a grow)
		[ "$(field '.device.id + .error.code')" = t/tty/ainput ]
	done
}

@test "unreadable input ends it, with a record" {
	for kind in sync workers async; do
		MPF_TRY=$kind run -2 --separate-stderr mpf-try </
		[[ $(field .error.message) == "standard input: "* ]]
		MPF_TRY=$kind run -2 --separate-stderr bash -c 'mpf-try <&-'
		[[ $(field .error.message) == "standard input: "* ]]
	done
}

@test "lost output is an error, not a success" {
	run -2 --separate-stderr bash -c 'mpf-try >/dev/full' <<<"$(job a ok)"
	[[ $stderr == "mpf-try: standard output: "* ]]
	run -2 bash -c 'mpf-try --table >/dev/full' <<<"$(job a ok)"
	run -2 bash -c 'mpf-try >&-' <<<"$(job a ok)"
}

@test "a reader that leaves: what was begun is finished" {
	run -0 --separate-stderr bash -c 'set +o pipefail
	    (MPF_TRY_FAILED=1 mpf-try; echo "status $?" >&2) | exec true' \
	    < <(jobs 500 grow)
	[[ $stderr == *"mpf-try: standard output: "*"status 2" ]]
	[ "$(grep -c "standard output:" <<<"$stderr")" -eq 1 ]
}

@test "workers: a reader that leaves does not end them half-way" {
	mkfifo "$BATS_TEST_TMPDIR/in" "$BATS_TEST_TMPDIR/out"
	err=$BATS_TEST_TMPDIR/err
	MPF_TRY=workers mpf-try -j 2 --progress=json <"$BATS_TEST_TMPDIR/in" \
	    >"$BATS_TEST_TMPDIR/out" 2>"$err" 3>&- &
	pid=$!
	exec 7>"$BATS_TEST_TMPDIR/in" 8<"$BATS_TEST_TMPDIR/out"
	exec 8<&-
	{ waiting a; job b ok; } >&7
	wait_until grep -q "standard output: " "$err"
	open_fifo a
	finish
	[ "$status" -eq 2 ]
	grep -q '"event":"result".*"t/tty/a"' "$err"
}

@test "what the parent does before and after, and its failures" {
	for kind in sync workers async; do
		MPF_TRY=$kind run -1 --separate-stderr mpf-try --keep-order < <(
			job a ok '.try.note = 1'; job b ok '.try.unfinished = 1'
			job c fail '.try.note = 1')
		[ "$(codes - <<<"$output")" = '[true,"space","verify"]' ]
		[ "$(jq -c '.try | has("finished_by")' <<<"${lines[0]}")" = true ]
		[ "$(jq -c '.try | has("finished_by")' <<<"${lines[2]}")" = false ]
		MPF_TRY_FAILED=1 MPF_TRY=$kind run -1 --separate-stderr mpf-try \
		    < <(job c fail '.try.note = 1'
			job d ok '.try.unprepared = 1 | .try.note = 1'
			job e fail '.try.unfinished = 1')
		[ "$(jq -sc 'map(.error.code) | sort' <<<"$output")" = \
		    '["not_found","verify","verify"]' ]
		[ "$(jq -sc 'map(.try | has("finished_by")) | sort' \
		    <<<"$output")" = '[false,true,true]' ]
	done
}

# --- time

@test "answers each record before the next one comes" {
	for MPF_TRY in sync workers; do
		export MPF_TRY
		start
		job a ok >&7
		lines_in "$out" 1
		finish
		[ "$status" -eq 0 ]
		rm "$BATS_TEST_TMPDIR/in"
	done
}

@test "workers: records leave as they finish" {
	export MPF_TRY=workers
	start
	{ waiting a; job b ok; } >&7
	lines_in "$out" 1
	open_fifo a
	finish
	[ "$(ids)" = '["b","a"]' ]
	[ "$(jq -sc 'map(.try.pid) | unique | length' "$out")" = 2 ]
}

@test "workers: --keep-order restores the order of the input" {
	export MPF_TRY=workers
	start --keep-order --progress=json
	{ waiting a; job b ok; job c ok; } >&7
	exec 7>&-
	wait_until grep -q '"event":"result".*"t/tty/c"' "$err"
	[ ! -s "$out" ]
	open_fifo a
	finish
	[ "$(ids)" = '["a","b","c"]' ]
}

@test "workers: one board's records are worked one after the other" {
	export MPF_TRY=workers
	start
	{ waiting a; job a ok; job a ok .skip=1; job b ok; } >&7
	lines_in "$out" 1
	[ "$(ids)" = '["b"]' ]
	open_fifo a
	finish
	[ "$(jq -sc 'map(.try.do)' "$out")" = '["ok","wait","ok","ok"]' ]
	[ "$(jq -sc 'map(.skip)' "$out")" = '[null,null,null,1]' ]
}

@test "workers: -j 1 is one at a time" {
	export MPF_TRY=workers
	start -j 1 --progress=json
	{ waiting a; job b ok; job c ok .skip=1; } >&7
	lines_in "$out" 1
	[ "$(ids)" = '["c"]' ]
	[ "$(jq -sc 'map(select(.step == "start") | .device)' "$err")" = \
	    '["t/tty/a"]' ]
	open_fifo a
	finish
	[ "$(ids)" = '["c","a","b"]' ]
}

@test "workers: one that crashes costs its record alone" {
	MPF_TRY=workers run -1 --separate-stderr mpf-try --keep-order \
	    < <(job a ok; job b abort; job c exit; job d ok; job e kill)
	[ "$(codes - <<<"$output")" = \
	    '[true,"internal","internal",true,"internal"]' ]
	[[ $stderr == *"/dev/t/tty/b: the process that worked on it was ended by signal 6 "* ]]
	[[ $stderr == *"/dev/t/tty/c: the process that worked on it ended with status 7 "* ]]
	[ "$(jq -r .try.do <<<"${lines[1]}")" = abort ]
	[[ $(jq -r .error.hint <<<"${lines[1]}") == *"please report it" ]]
	[[ $(jq -r .error.hint <<<"${lines[4]}") == *"memory ran out"* ]]
}

@test "workers: more records than may be ahead" {
	MPF_TRY=workers run -0 --separate-stderr mpf-try -j 2 --keep-order \
	    < <(jobs 299 ok .skip=1; job 0 ok)
	[ "${#lines[@]}" -eq 300 ]
	[ "$(jq -sc '.[299].try.done' <<<"$output")" = true ]
	# All of them at once, so that nothing is left to be waited for.
	(jobs 299 ok .skip=1; job 0 ok) >"$BATS_TEST_TMPDIR/in"
	MPF_TRY=workers run -0 --separate-stderr timeout 20 mpf-try -j 2 \
	    --keep-order <"$BATS_TEST_TMPDIR/in"
	[ "${#lines[@]}" -eq 300 ]
}

@test "source: the tool makes the records itself" {
	MPF_TRY=source run -0 --separate-stderr mpf-try -n 3 --keep-order
	[ "$(ids - <<<"$output")" = '["0","1","2"]' ]
	[ "$(codes - <<<"$output")" = '[true,true,true]' ]
	MPF_TRY=source run -0 --separate-stderr mpf-try -n 0
	[ -z "$output" ]
	MPF_TRY=source run -2 --separate-stderr mpf-try -n 1 -w source
	[ "$(codes - <<<"$output")" = '[true,"io"]' ]
}

@test "async: many are in flight, and come back in any order" {
	MPF_TRY=async run -0 --separate-stderr mpf-try < <(job a ok; job b ok
		job c ok; job d ok .try.now=1)
	[ "$(ids - <<<"$output")" = '["d","c","b","a"]' ]
}

@test "async: the next record of a board waits for the one before" {
	MPF_TRY=async run -0 --separate-stderr mpf-try \
	    < <(job a ok; job a leave; job b ok)
	[ "$(jq -sc 'map(.try.do)' <<<"$output")" = '["ok","ok","leave"]' ]
}

@test "async: when it cannot go on, what is out fails" {
	{ job a ok; job b ok; } >"$BATS_TEST_TMPDIR/in"
	MPF_TRY=async run -2 --separate-stderr mpf-try -w turn \
	    <"$BATS_TEST_TMPDIR/in"
	[ "$(codes - <<<"$output")" = '["network","network","network"]' ]
}

# --- signals

@test "after a signal it reads on, and what was not begun is cancelled" {
	start
	job a ok >&7
	lines_in "$out" 1
	kill -TERM "$pid"
	{ job b ok; echo '{"x": 1}'; job c fail .skip=1; } >&7
	finish
	[ "$status" -eq 1 ]
	[ "$(codes)" = '[true,"cancelled",null,null]' ]
}

# catches PID: it has come so far that SIGINT no longer ends it at once.
catches() {
	local mask
	mask=$(sed -n 's/^SigCgt:[[:space:]]*//p' "/proc/$1/status")
	[ $((16#$mask & 2)) -ne 0 ]
}

@test "a signal before the first record is no success, with any tool" {
	export MPFLASH_FIRMWARE=$BATS_TEST_TMPDIR/firmware
	mkfifo "$BATS_TEST_TMPDIR/in"
	for tool in mpf-try mpf-resolve mpf-fetch mpf-flash mpf-record; do
		"$tool" --json <"$BATS_TEST_TMPDIR/in" \
		    >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
		pid=$!
		exec 7>"$BATS_TEST_TMPDIR/in"
		wait_until catches "$pid"
		kill -INT "$pid"
		finish
		[ "$status" -eq 1 ]
		[ "$(jq -c '[.error.code, .error.retry]' \
			"$BATS_TEST_TMPDIR/out")" = '["cancelled",true]' ]
		grep -q 'stopped by a signal before the first record' \
			"$BATS_TEST_TMPDIR/err"
	done
}

# interrupted PID: sends it SIGINT; is it gone?
interrupted() {
	kill -INT "$1" || :
	! grep -q '^State:[[:space:]]*[DRS]' "/proc/$1/status"
}

@test "a second signal ends any tool that waits for input" {
	export MPFLASH_FIRMWARE=$BATS_TEST_TMPDIR/firmware
	mkfifo "$BATS_TEST_TMPDIR/in"
	for tool in mpf-try mpf-resolve mpf-fetch mpf-flash mpf-record; do
		"$tool" --json <"$BATS_TEST_TMPDIR/in" \
		    >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
		pid=$!
		exec 7>"$BATS_TEST_TMPDIR/in"
		wait_until catches "$pid"
		wait_until interrupted "$pid"
		status=0
		wait "$pid" || status=$?
		exec 7>&-
		[ "$status" -eq 130 ]
		[ ! -s "$BATS_TEST_TMPDIR/out" ]
	done
}

@test "a second signal ends it" {
	start
	job a ok >&7
	lines_in "$out" 1
	kill -INT "$pid"
	job b ok >&7
	lines_in "$out" 2
	kill -TERM "$pid"
	finish
	[ "$status" -eq 143 ]
}

@test "workers: a signal goes on to them, and nothing else begins" {
	export MPF_TRY=workers
	start -j 1 --progress=json
	{ waiting a; job b ok; } >&7
	wait_until grep -q '"step":"wait"' "$err"
	kill -INT "$pid"
	lines_in "$out" 2
	job c ok >&7
	finish
	[ "$status" -eq 1 ]
	[ "$(jq -sc 'map(.error.message) | sort' "$out")" = \
	    '["cancelled before it began","cancelled before it began","stopped in the middle"]' ]
}

@test "workers: a second signal ends them and it" {
	export MPF_TRY=workers
	start --progress=json
	mkfifo "$BATS_TEST_TMPDIR/h"
	job a hang ".try.fifo = \"$BATS_TEST_TMPDIR/h\"" >&7
	wait_until grep -q '"step":"hang"' "$err"
	child=$(pgrep -P "$pid")
	kill -INT "$pid"
	wait_until grep -q '"step":"told"' "$err"
	kill -TERM "$pid"
	finish
	[ "$status" -eq 143 ]
	run ! kill -0 "$child"
}

@test "async: a signal gives back what was held" {
	export MPF_TRY=async
	start
	{ job a ok .try.now=1; job b ok; job c ok; } >&7
	lines_in "$out" 1
	kill -TERM "$pid"
	lines_in "$out" 3
	job d ok >&7
	finish
	[ "$status" -eq 1 ]
	[ "$(codes)" = '[null,"cancelled","cancelled","cancelled"]' ]
}

# --- for people

# tty COMMAND: what it shows on a terminal, line ends as usual, no colour.
tty() {
	local -
	set -o pipefail
	NO_COLOR=${no_color-1} TERM=xterm script -qec "stty cols 100; $1" /dev/null </dev/null |
	    tr -d '\r'
}

@test "on a terminal there is a table, escaped, and no records" {
	{ job a ok; job b ok; } >"$BATS_TEST_TMPDIR/in"
	run -0 tty "mpf-try <$BATS_TEST_TMPDIR/in"
	[ "${lines[0]}" = "DEVICE        DONE" ]
	[ "${lines[1]}" = "/dev/t/tty/a  true" ]
	[ "${#lines[@]}" -eq 3 ]
	job b fail '.device.serial_port = "a\u001b[31mb"' \
	    >>"$BATS_TEST_TMPDIR/in"
	run -1 tty "mpf-try <$BATS_TEST_TMPDIR/in 2>/dev/null"
	[ "${lines[0]}" = "DEVICE        DONE  ERROR" ]
	[ "${lines[3]}" = 'a\x1b[31mb          block 3 differs' ]
	[ "${lines[4]}" = 'a\x1b[31mb: hint: try again' ]
	run -1 tty "mpf-try --json <$BATS_TEST_TMPDIR/in 2>/dev/null"
	[[ $output == '{"mpf":1'* ]]
}

@test "on a terminal the first ^C is answered, once" {
	{ waiting a; job b ok; } >"$BATS_TEST_TMPDIR/in"
	run -1 tty "cd $BATS_TEST_TMPDIR
		MPF_TRY=workers mpf-try --json <in >out & pid=\$!
		until [ -s out ]; do kill -0 \$pid || exit 9; done
		kill -INT \$pid; wait \$pid"
	[ "$(grep -c "mpf-try: stopping as soon as it is safe; ^C again ends it at once" \
	    <<<"$output")" = 1 ]
	[ "$(codes "$BATS_TEST_TMPDIR/out")" = '[true,"cancelled"]' ]
}

@test "on a terminal ^C says so where the input does not end by it" {
	cd "$BATS_TEST_TMPDIR"
	mkfifo in
	script -qefc "sh -c 'echo \$\$ >pid; exec mpf-try --json <in >out'" \
		screen </dev/null >/dev/null 3>&- &
	exec 7>in
	wait_until test -s pid
	wait_until catches "$(<pid)"
	kill -INT "$(<pid)"
	wait_until grep -q "mpf-try: waiting for the end of the input; \^C again" \
		screen
	exec 7>&-
	wait_until grep -q "stopped by a signal before the first record" screen
	wait "$!" || [ "$?" -eq 1 ]
	[ "$(jq -r .error.code out)" = cancelled ]
}

@test "--table shows it in a pipe too; the exit status stays" {
	run -1 --separate-stderr mpf-try --table < <(job a ok; job b fail; echo '{}')
	[ "$output" = "\
DEVICE        DONE  ERROR
/dev/t/tty/a  true
/dev/t/tty/b        block 3 differs

/dev/t/tty/b: hint: try again" ]
	# What is mounted, else its place; and the name that the table has.
	run -1 --separate-stderr mpf-try --table < <(
		job a ok 'del(.device.serial_port) | .device.volume = "/media/X"'
		job b fail 'del(.device.serial_port)'
		job c ok '.error = {stage: "flash", code: "io",
		    message: "t/tty/c: uf2: it broke", retry: true}')
	[ "$output" = "\
DEVICE        DONE  ERROR
/media/X      true
t/tty/b             block 3 differs
/dev/t/tty/c        uf2: it broke

t/tty/b: hint: try again" ]
	run -0 mpf-try --table </dev/null
	[ -z "$output" ]
	# An error about no board makes no row that says "failed" alone.
	for tool in mpf-flash mpf-record; do
		run -1 --separate-stderr "$tool" --table <<<'{"mpf": 1'
		[ "$output" = "\
line 1: not JSON, or only a part of it at column 9
  hint: feed it records, one JSON object a line" ]
	done
}

@test "a table keeps the order of the input, and says an error once" {
	{ waiting a; job b fail; job c ok ".error = {stage: \"detect\",
	    code: \"busy\", message: \"held by 7\", hint: \"wait\", retry: true}"
	} >"$BATS_TEST_TMPDIR/in"
	open_fifo a 3>&- &
	run -1 tty "MPF_TRY=workers mpf-try <$BATS_TEST_TMPDIR/in"
	# A step that counts nothing shows how long it takes.
	[[ $output == *"/dev/t/tty/a  wait       0 s"$'\n'* ]]
	# What the tool itself said is above; the rest is below.
	[ "$(sed -n 's/ *$//; s/.*DEVICE/DEVICE/; /DEVICE/,$p' \
	    <<<"$output")" = "\
DEVICE        DONE  ERROR
/dev/t/tty/a  true
/dev/t/tty/b        block 3 differs
/dev/t/tty/c        held by 7

/dev/t/tty/c: hint: wait" ]
	# By a pipe: the stage before has said it on the same terminal.
	job c ok '.error = {stage: "detect", code: "busy", message: "held by 7",
	    hint: "wait", retry: true}' >"$BATS_TEST_TMPDIR/in"
	run -1 tty "cat $BATS_TEST_TMPDIR/in | mpf-try"
	[ "$output" = "\
DEVICE        ERROR
/dev/t/tty/c  held by 7" ]
}

@test "at most one line a board: the widest text is cut, a name is not" {
	long='one two three four five six seven eight nine'
	job a ok ".try.text = \"$long\"" >"$BATS_TEST_TMPDIR/in"
	job "$(printf 'b%.0s' {1..20})" fail ".try.text = \"\($(printf '"é"'))$long\"" \
	    >>"$BATS_TEST_TMPDIR/in"
	run -1 tty "stty cols 60; LC_ALL=C.UTF-8 mpf-try <$BATS_TEST_TMPDIR/in 2>&1"
	diff -u - <(printf '%s\n' "$output" | sed 1,2d) <<-'END'
		DEVICE                           DONE  NOTE        ERROR
		/dev/t/tty/a                     true  one two t…
		/dev/t/tty/bbbbbbbbbbbbbbbbbbbb        éone two…   block 3…
	END
	run -1 tty "stty cols 60; LC_ALL=C mpf-try <$BATS_TEST_TMPDIR/in 2>/dev/null"
	[[ $output == *"true  one two..."* ]]
	# What was cut is below in full.
	[[ $output == *"bbb: block 3 differs"$'\n'"  hint: try again" ]]
	# With room there is all of it.
	run -1 tty "stty cols 200; mpf-try <$BATS_TEST_TMPDIR/in"
	[[ $output == *"/dev/t/tty/a                     true  $long"$'\n'* ]]
}

@test "states have a colour, where nothing says no" {
	job a fail >"$BATS_TEST_TMPDIR/in"
	red=$'\e[31mblock 3 differs\e[m'
	no_color='' run -1 tty "mpf-try <$BATS_TEST_TMPDIR/in"
	[[ $output == *"$red"* ]]
	run -1 tty "mpf-try --color always <$BATS_TEST_TMPDIR/in"
	[[ $output == *"$red"* ]]
	run -1 --separate-stderr mpf-try --table --color=always \
	    <"$BATS_TEST_TMPDIR/in"
	[[ $output == *"$red"* ]]
	for no in "NO_COLOR=1 mpf-try" "mpf-try --color never" \
	    "TERM=dumb mpf-try" "mpf-try --table | cat"; do
		no_color='' run tty "cat $BATS_TEST_TMPDIR/in |
		    ${no/mpf-try/mpf-try --progress none}"
		[[ $output == *"block 3 differs"* ]]
		[[ $output != *$'\e['* ]]
	done
	run -2 --separate-stderr mpf-try --color blue </dev/null
	[[ $stderr == "mpf-try: --color blue: not auto, always or never"* ]]
}

@test "an error that is about no board is no row" {
	run -2 tty "mpf-try -w begin </dev/null"
	[ "$output" = "mpf-try: begin: it cannot" ]
	run -2 tty "mpf-try -w begin </dev/null 2>/dev/null"
	[ "$output" = "begin: it cannot" ]
}

@test "progress is one line a board, or none" {
	for kind in sync workers async; do
		MPF_TRY=$kind run -0 --separate-stderr mpf-try < <(job a steps)
		[[ ${stderr_lines[0]} == "mpf-try: /dev/t/tty/a: done in "*" s" ]]
		[ "${#stderr_lines[@]}" -eq 1 ]
		MPF_TRY=$kind run -0 --separate-stderr mpf-try -q < <(job a steps)
		[ -z "$stderr" ]
		MPF_TRY=$kind run -0 --separate-stderr mpf-try --progress=none \
		    < <(job a steps)
		[ -z "$stderr" ]
	done
}

@test "events: each board's start, steps and result" {
	for kind in sync workers async; do
		MPF_TRY=$kind run -0 --separate-stderr mpf-try --progress=json \
		    < <(job a steps)
		[ "${stderr_lines[0]}" = '{"tool":"try","event":"progress","device":"t/tty/a","name":"/dev/t/tty/a","step":"start"}' ]
		[ "${stderr_lines[1]}" = '{"tool":"try","event":"progress","device":"t/tty/a","name":"/dev/t/tty/a","step":"write","total":2000000}' ] ||
		    [ "${stderr_lines[1]}" = '{"tool":"try","event":"progress","device":"t/tty/a","name":"/dev/t/tty/a","step":"write","done":0,"total":2000000,"unit":"bytes"}' ]
		[[ $stderr == *'"step":"write","done":2000000,"total":2000000,"unit":"bytes"'* ]]
		[[ $stderr == *'"step":"check twice"}'* ]]
		[[ ${stderr_lines[-1]} == '{"tool":"try","event":"result","device":"t/tty/a","name":"/dev/t/tty/a","status":"done","took_ms":'*'}' ]]
		[ "${#stderr_lines[@]}" -lt 20 ]
	done
}

@test "events: to a descriptor, in the place of messages" {
	for kind in sync workers async; do
		events=$BATS_TEST_TMPDIR/events
		{ job a ok; job b fail; job c ok .skip=1; job d ask; } \
		    >"$BATS_TEST_TMPDIR/in"
		MPF_TRY=$kind run -1 --separate-stderr mpf-try --keep-order \
		    --events-fd 7 <"$BATS_TEST_TMPDIR/in" 7>"$events"
		[ -z "$stderr" ]
		cp "$output" "$BATS_TEST_TMPDIR/out" 2>/dev/null || :
		[ "${#lines[@]}" = 4 ]
		# Only known keys, each of its type: share/schema/event.schema.json.
		"$BATS_TEST_DIRNAME/../schema/check" "$events"
		[ "$(jq -sc 'map(select(.event == "result") |
		    [.name, .status, .code]) | sort' "$events")" = \
		    '[["/dev/t/tty/a","done",null],["/dev/t/tty/b","failed","verify"],["/dev/t/tty/c","passed",null],["/dev/t/tty/d","done",null]]' ]
		[ "$(command jq -sc 'map(select(.event == "message"))' "$events")" = \
		    '[{"tool":"try","event":"message","device":"t/tty/b","name":"/dev/t/tty/b","code":"verify","message":"/dev/t/tty/b: block 3 differs","hint":"try again"}]' ]
		[ "$(command jq -sc 'map(select(.event == "ask"))' "$events")" = \
		    '[{"tool":"try","event":"ask","device":"t/tty/d","name":"/dev/t/tty/d","message":"/dev/t/tty/d: press the button"}]' ]
	done
	# The environment says it to all stages; the option is stronger.
	MPF_EVENTS_FD=7 run -0 --separate-stderr mpf-try < <(job a ok) 7>"$events"
	[ -z "$stderr" ]
	[ "$(jq -sc 'map(.event)' "$events")" = '["progress","result"]' ]
	MPF_EVENTS_FD=8 run -0 mpf-try --events-fd 7 < <(job a ok) 7>"$events"
	[ -s "$events" ]
}

@test "events: a descriptor that cannot be written to is a usage error" {
	run -2 --separate-stderr mpf-try --events-fd 77 </dev/null
	[ "$(field .error.message)" = "--events-fd 77: not open for writing" ]
	[ "${stderr_lines[0]}" = "mpf-try: --events-fd 77: not open for writing" ]
	MPF_EVENTS_FD=x run -2 --separate-stderr mpf-try </dev/null
	[ "$(field .error.message)" = "MPF_EVENTS_FD x: not a file descriptor" ]
	MPF_EVENTS_FD=7 run -2 mpf-try </dev/null 7</dev/null
	# One that breaks later: people are told.
	run -1 --separate-stderr mpf-try --events-fd 7 < <(job a fail) 7>/dev/full
	[ "${stderr_lines[0]}" = "mpf-try: /dev/t/tty/a: block 3 differs" ]
}

@test "events: a line never passes what a pipe keeps together" {
	long=$(printf '\\u0001%.0s' {1..3000})
	job a fail ".device.serial_port = \"/dev/$long\"" >"$BATS_TEST_TMPDIR/in"
	run -1 --separate-stderr mpf-try --events-fd 7 \
	    <"$BATS_TEST_TMPDIR/in" 7>"$BATS_TEST_TMPDIR/events"
	[ "$(awk '{ if (length > m) m = length } END { print m }' \
	    "$BATS_TEST_TMPDIR/events")" -lt 4096 ]
	jq -e .event "$BATS_TEST_TMPDIR/events" >/dev/null
}

# screen: what is left on a terminal after the bytes on stdin; the most lines
# that were drawn at once go to $BATS_TEST_TMPDIR/most.
screen() {
	/usr/bin/python3 -c 'if 1:
	import re, sys
	rows, most = [], 0
	for part in re.split(r"(\x1b\[\d+A\x1b\[J)", sys.stdin.read()):
	    up = re.match(r"\x1b\[(\d+)A", part)
	    if up:
	        most = max(most, int(up[1]))
	        del rows[len(rows) - int(up[1]):]
	    else:
	        rows += re.sub(r"\x1b\[\?7[hl]", "", part).splitlines()
	open(sys.argv[1], "w").write(str(most))
	print("\n".join(rows))' "$BATS_TEST_TMPDIR/most"
}

# watch ROWS PATTERN THEN: mpf-try over "in" on a terminal; when the pattern
# was on it, THEN is done.  What was written is in $output.  The file begins
# with the command, which the pattern must not match.
watch() {
	local log=$BATS_TEST_TMPDIR/log
	touch "$log"
	NO_COLOR=1 TERM=xterm MPF_TRY=workers run -0 script -qefc \
	    "cd $BATS_TEST_TMPDIR; stty cols 100 rows $1; mpf-try -j 20 <in &
	    until grep -qza '$2' $log; do kill -0 \$! || exit 9; done
	    $3; wait \$!" "$log" </dev/null
	output=${output//$'\r'/}
}

@test "a prompt stays while the bars of other boards move" {
	mkfifo "$BATS_TEST_TMPDIR/a" "$BATS_TEST_TMPDIR/b"
	{ job a ask ".try += {quiet: 1, fifo: \"a\"}"; job b wait '.try.fifo = "b"'
	} >"$BATS_TEST_TMPDIR/in"
	# The row of the board says so, too, in the place of its bar.
	watch 24 'a  > press the [b]utton.*b  wait ' "echo >a; echo >b"
	run -0 screen <<<"$output"
	[ "${lines[0]}" = "mpf-try: /dev/t/tty/a: press the button" ]
	[[ ${lines[1]} == DEVICE* ]]
}

@test "of more bars than rows, those that fit are drawn" {
	jobs 20 wait '.try.fifo = "go"' >"$BATS_TEST_TMPDIR/in"
	mkfifo "$BATS_TEST_TMPDIR/go"
	watch 8 'and 1[4] more' "echo >go"
	run -0 screen <<<"$output"
	[ "$(cat "$BATS_TEST_TMPDIR/most")" -eq 7 ]
	[ "${#lines[@]}" -eq 21 ]
	[[ $output != *wait* ]]
}

@test "progress as bars, one line a board, gone at the end" {
	job a steps >"$BATS_TEST_TMPDIR/in"
	run -0 tty "MPF_TRY=workers mpf-try <$BATS_TEST_TMPDIR/in"
	[[ $output == *"/dev/t/tty/a  write "*" MB"* ]]
	[[ $output == *$'\e[1A\e[JDEVICE'* ]]
	run -0 --separate-stderr mpf-try --progress=bar < <(job a steps)
	[[ $stderr == *"/dev/t/tty/a  write      [                    ]   0 % of 2.0 MB"* ]]
	# Nor do they take a record away that goes to the same terminal.
	run -0 tty "mpf-try --json <$BATS_TEST_TMPDIR/in"
	[[ $output == *$'\e[1A\e[J{"mpf":1,'* ]]
}

# --- what the system refuses

@test "no descriptor is left for a worker: that record has an error" {
	for n in $(seq 3 12); do
		out=$({ job a ok; job b ok; } | (ulimit -n "$n"
			MPF_TRY=workers mpf-try 2>/dev/null)) || status=$?
		[[ $out != *"a pipe for a worker"* ]] || break
	done
	[ "$status" -eq 1 ]
	[ "$(jq -sc 'map(.error.code)' <<<"$out")" = '["io","io"]' ]
	[ "$(jq -sc 'map(.try.done)' <<<"$out")" = '[null,null]' ]
}

@test "no process is left for a worker: that record has an error" {
	open_dir
	nobody=$((200000 + $$))		# who has no process but this
	status=0
	{ job a ok; job b ok; } | (ulimit -u 1
		MPF_TRY=workers as_nobody mpf-try) \
		>"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" || status=$?
	[ "$status" -eq 1 ]
	grep -q 'a process for a worker: Resource temporarily' \
	    "$BATS_TEST_TMPDIR/err"
	[ "$(jq -sc 'map(.error.code)' "$BATS_TEST_TMPDIR/out")" = \
	    '["busy","busy"]' ]
	[ "$(jq -sc 'map(.try.done)' "$BATS_TEST_TMPDIR/out")" = \
	    '[null,null]' ]
}
