# SPDX-License-Identifier: MIT
# The boot loader of an ESP chip on a real pty, with one fault in each run: MPF_ESP_RUNS
# of them (100), chosen by MPF_SEED.  What mpf-faults does in memory, with the
# tools as they are.
bats_require_minimum_version 1.5.0
load ../cli/helper
load ../cli/esp

lanes=20

# noise: bytes that cannot be packed, the same each time.
noise() {
	openssl enc -aes-128-ctr -nosalt -K 00 -iv 00 -in /dev/zero 2>/dev/null |
	    head -c 100000
}

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
	image 0 "Generic ESP32 module with ESP32" 100 >a; { cat a; noise; } >esp32.bin
	image 5 "ESP32C3 module with ESP32C3" 100 >a; { cat a; noise; } >esp32c3.bin
	# Any bytes are a stub for the simulator.
	mkdir stubs
	for chip in esp32 esp32c3; do
		printf '{"entry": 1, "text_start": 4, "text": "%s"}' \
		    "$(head -c 7000 /dev/zero | base64 -w 0)" \
		    >"stubs/$chip.json"
	done
}

# one_run CHIP FAULT OPTION...: in a folder of its own; prints what is wrong.
one_run() {
	local chip=$1 fault=$2 dir board sim state
	shift 2
	dir=$(mktemp -d run-XXXXXX)
	case $chip in
	esp32)	board=ESP32_GENERIC ;;
	*)	board=ESP32_GENERIC_C3 ;;
	esac
	export MPFLASH_FIRMWARE=$PWD/$dir/fw XDG_STATE_HOME=$PWD/$dir/state
	export MPF_LOCKS=$PWD/$dir MPF_SYSROOT=$PWD/$dir/sys
	: >"$dir/events"
	mpf-sim "$chip" --version 1.24.1 --link "$PWD/$dir/tty" \
	    --events "$PWD/$dir/events" --fail-at "$fault" 3>&- &
	sim=$!
	wait_until grep -q plugged "$dir/events"
	mpf-detect --serial "$PWD/$dir/tty" --json |
	    jq -c --arg b "$board" --arg s "file://$PWD/$chip.bin" \
	    '.firmware = {action: "flash", by: "manual", custom: true,
	    port: "esp32", board_id: $b, source: $s}' |
	    mpf-fetch --json --no-lock >"$dir/plan" 2>/dev/null
	mpf-flash --json --deadline 60s "$@" <"$dir/plan" >"$dir/out" \
	    2>/dev/null || :
	state=$(jq -r 'if .error then "error \(.flash.state)" else
	    "ok \(.flash.state) \(.board.version)" end' "$dir/out")
	case $state,$fault in
	"ok running v1.25.0",digest* | "ok running v1.25.0",mute*)
		echo "$dir $chip $fault $*: a false ok" ;;
	"ok running v1.25.0",*)
		# It proves it, by digests of all that is in the flash.  The
		# fault may come only now, and a pty cannot reset the chip.
		jq -c '.board.version = "v1.25.0"' "$dir/plan" |
		    mpf-flash --json "$@" >"$dir/again" 2>/dev/null || :
		case $(jq -r '.error.code // .flash.written_bytes' \
		    "$dir/again") in
		0)	echo proven >>"$dir/proven" ;;
		timeout) ;;
		*)	echo "$dir $chip $fault $*: not what was written:" \
			    "$(jq -c '.flash, .error' "$dir/again")" ;;
		esac ;;
	"error bootloader",* | "error unknown",* | "error unbootable",*) ;;
	"error running",*)
		[ "$(mpf-detect --serial "$PWD/$dir/tty" --json |
		    jq -r .device.mode)" = repl ] ||
			echo "$dir $chip $fault $*: it does not run" ;;
	*)	echo "$dir $chip $fault $*: $state" ;;
	esac
	kill "$sim"
	wait "$sim" || :
	echo ended >>"$dir/done"
}

# lane NUMBER: each so-many-th of the runs.
lane() {
	local i chip fault how
	for ((i = $1; i < ${MPF_ESP_RUNS:-100}; i += lanes)); do
		RANDOM=$((${MPF_SEED:-1} * 1000 + i))
		chip=$([ $((RANDOM % 2)) -eq 0 ] && echo esp32 || echo esp32c3)
		case $((RANDOM % 6)) in
		0)	fault=reply:$((1 + RANDOM % 40)) ;;
		1)	fault=drop:$((1 + RANDOM % 9000)) ;;
		2)	fault=flip:$((1 + RANDOM % 9000)) ;;
		3)	fault=stuck:$((1 + RANDOM % 4)) ;;
		4)	fault=digest ;;
		*)	fault=mute:$((1 + RANDOM % 14)) ;;
		esac
		how=$([ $((RANDOM % 2)) -eq 0 ] && echo "--no-stub" ||
		    echo "--stub stubs")
		# shellcheck disable=SC2086 # an option and its word
		one_run "$chip" "$fault" $how >>"lane$1"
	done
}

@test "faults on a pty: no false ok, no hang, true states" {
	local i pids=()
	for ((i = 0; i < lanes; i++)); do
		lane "$i" 3>&- &
		pids+=("$!")
	done
	wait "${pids[@]}"
	cat lane*
	[ -z "$(cat lane*)" ]
	[ "$(cat run-*/done | wc -l)" -eq "${MPF_ESP_RUNS:-100}" ]
	# Of most that went well it is known.
	[ "$(cat run-*/proven | wc -l)" -ge $((${MPF_ESP_RUNS:-100} / 3)) ]
}
