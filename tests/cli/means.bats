# SPDX-License-Identifier: MIT
load helper

# Which board is flashed by what: share/means.tsv, and what is made of it.

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export MPFLASH_FIRMWARE=$PWD/fw
	rules=$BATS_TEST_DIRNAME/../../share/udev/60-mpf.rules
}

# runs PORT BOARD [JQ]: a record of a board that answers.
runs() {
	jq -cn "{mpf: 1, device: {id: \"t/usb/1-1\", usb_path: \"1-1\",
	    serial_port: \"/dev/ttyACM5\", vid: \"f055\", pid: \"9802\",
	    mode: \"repl\"}, board: {family: \"micropython\",
	    version: \"v1.24.1\", port: \"$1\", board_id: \"$2\",
	    uid: \"0011\"}} | ${3:-.}"
}

@test "what only another tool can flash is refused by mpf-resolve, with it" {
	run -1 --separate-stderr mpf-resolve < <(runs mimxrt TEENSY41)
	[ "$(field .error.code)" = unsupported ]
	[ "$(field .error.retry)" = false ]
	[ "$(field .error.message)" = "t/usb/1-1: mpf-flash cannot flash \
TEENSY41 by HalfKay; teensy_loader_cli can" ]
	[ "$(field .error.hint)" = "mpf-fetch --board TEENSY41 gets FILE, then: \
teensy_loader_cli --mcu=TEENSY41 -v -w FILE" ]
	run -1 --separate-stderr mpf-resolve \
	    < <(runs nrf ARDUINO_NANO_33_BLE_SENSE)
	[[ $(field .error.hint) == *" --offset=0x16000 --port=/dev/ttyACM5 "* ]]
	run -1 --separate-stderr mpf-resolve < <(runs psoc-edge KIT_PSE84_AI)
	[[ $(field .error.hint) == "get FILE from \
micropython.org/download/KIT_PSE84_AI, then: "*" --board KIT_PSE84_AI "* ]]
}

@test "--other-tools chooses for it all the same, and mpf-flash says the rest" {
	run -0 --separate-stderr mpf-resolve --other-tools --version 1.28.0 \
	    < <(runs mimxrt TEENSY41)
	[ "$(field .firmware.action)" = flash ]
	printf ':0400000001020304F2\n:00000001FF\n' >T.hex
	plan=$(jq -c --arg sha "$(sha256sum T.hex | cut -d' ' -f1)" \
	    '.image = {path: "'"$PWD"'/T.hex", size_bytes: 32,
	    sha256: $sha, format: "hex"}' <<<"$output")
	run -1 --separate-stderr mpf-flash <<<"$plan"
	[ "$(field .error.code)" = unsupported ]
	[ "$(field .error.hint)" = \
	    "teensy_loader_cli --mcu=TEENSY41 -v -w $PWD/T.hex" ]
	run -1 --separate-stderr mpf-flash --method uf2 <<<"$plan"
	[[ $(field .error.message) == *"no way to flash it; uf2: "* ]]
}

@test "a drive is a means only where the board's probe shows one" {
	run -1 --separate-stderr mpf-resolve < <(runs stm32 NUCLEO_F401RE)
	[[ $(field .error.message) == *"by ST-LINK's drive, which does not \
show; st-flash can" ]]
	[[ $(field .error.hint) == *"then: st-flash --reset --format ihex write \
FILE" ]]
}

@test "mpf-flash --list-methods says how each board is flashed" {
	run -0 --separate-stderr mpf-flash --list-methods
	[ -z "$stderr" ]
	[[ $output == *"rp2         *                          picoboot, uf2"* ]]
	[[ $output == *"TEENSY40                   teensy_loader_cli --mcu=TEENSY40 \
-v -w FILE"* ]]
	rows=$(($(wc -l <"$MPF_SHARE/means.tsv") - 1))
	[ "$(grep -c '^  [a-z0-9-]* *[A-Z*][^ ]*  *[^ ]' <<<"$output")" = "$rows" ]
}

# --- udev rules

# matches LABEL VID PID: do the rules after LABEL tag such a device?
matches() {
	local v p alternative
	while read -r v p; do
		[ "$v" = "$2" ] || continue
		[ -n "$p" ] || return 0
		for alternative in ${p//|/ }; do
			# shellcheck disable=SC2053 # it is a pattern
			[[ $3 == $alternative ]] && return 0
		done
	done < <(sed -n "/^LABEL=\"$1\"/,/^TAG==/p" "$rules" |
	    sed -nE 's/^ATTRS?\{idVendor\}=="([^"]*)", (ATTRS?\{idProduct\}=="([^"]*)", )?TAG.*/\1 \3/p')
	return 1
}

@test "the udev rules give each bootloader of the table to the user" {
	set -f
	while read -r usb; do
		for id in ${usb//,/ }; do
			pid=${id#*:}
			pid=${pid//\[0-7]/0}
			[[ ${id%:*} =~ ^(1366|0d28)$ || $id == 0483:374* ]] ||
			    matches mpf_usb "${id%:*}" "${pid//\?/1}"
		done
	done < <(awk -F'\t' '$4 ~ /picoboot|uf2|dfu/ { print $6 }' \
	    "$MPF_SHARE/means.tsv")
	matches mpf_usb 2e8a 0003
	matches mpf_usb 239a 0022
	matches mpf_usb 0483 df11
	run ! matches mpf_usb 239a 8022
	run ! matches mpf_usb 0483 374b
	run ! matches mpf_usb 0781 5567
}

@test "the udev rules know the serial port of each board of the table" {
	while read -r vid pid; do
		matches mpf_tty "$vid" "$pid"
	done < <(awk -F'\t' 'NR > 3 && $13 != "" { print $13, $14 }' \
	    "$MPF_SHARE/boards.tsv" | sort -u)
	matches mpf_tty 1a86 7523
	matches mpf_tty 0483 374b
	run ! matches mpf_tty 1209 0001
}

@test "the udev rules come before the seat's, and open nothing to the world" {
	[[ ${rules##*/} < 73-seat-late.rules ]]
	run -1 grep -vE '^(#.*|[A-Z]+(\{[A-Za-z_]+\})?(==|\+=|=)"[^"]*"(, [A-Z]+(\{[A-Za-z_]+\})?(==|\+=|=)"[^"]*")*|)$' "$rules"
	[ "$(grep -o 'MODE="[^"]*"' "$rules" | sort -u)" = 'MODE="0660"' ]
	while read -r label; do
		grep -q "^LABEL=${label#GOTO=}$" "$rules"
	done < <(grep -o 'GOTO="[^"]*"' "$rules" | sort -u)
}
