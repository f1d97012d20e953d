# SPDX-License-Identifier: MIT
#
# The cable is pulled at a random moment, $MPF_PULLS times for each kind of
# bootloader: nothing is "ok" that is not, nothing hangs, and the next run mends
# the board.  $MPF_SEED repeats what an earlier run did, $MPF_PULL_KINDS takes some
# of the kinds.
RANDOM=${MPF_SEED:=$RANDOM$$}
echo "# MPF_SEED=$MPF_SEED"
pulls=${MPF_PULLS:-1}
declare -A pull_picoboot=([port]=0 [uid]=e6614c311b5a6b2c [version]=1.24.0
	[sim]='rp2 --board RPI_PICO2' [most]=500000 [how]=-P
	[drive]='-k rp2350 -n E6614C311B5A6B2C -f pull.nor' [board]=RPI_PICO2)
declare -A pull_uf2=([port]=1 [uid]=e6614103e7452d2f [version]=1.24.0
	[sim]='rp2 --board RPI_PICO' [most]=800 [how]=-U [board]=RPI_PICO)
declare -A pull_dfu=([port]=2 [uid]=3f0041000d51353431323637
	[loader]=fake_dfu [sim]='stm32 --board PYBV11' [usb]='-d f055:9800'
	[drive]='-n 354151353431 -e 5' [most]=900 [how]=-U [board]=PYBV11)
mkfw e48bff59 v1.24.1 2024-11-29 'Raspberry Pi Pico2 with RP2350' 800 \
    >pull_picoboot.image
mkfw e48bff56 v1.24.1 2024-11-29 'Raspberry Pi Pico with RP2040' 800 \
    >pull_uf2.image
mkfw dfu v1.24.1 2024-11-29 'PYBv1.1 with STM32F405RG' 800 >pull_dfu.image

# plan NAME: the record of the board now, to be flashed.
plan() {
	local -n board__=$1
	local port=rp2 format=uf2
	[ "$1" != pull_dfu ] || port=stm32 format=dfu
	job "$1" "$1.image" v1.24.1 "${board__[board]}" |
	    jq -c --arg port $port --arg format $format \
	    '.firmware.port = $port | .image.format = $format' >"$1.job"
}
# write_image NAME: in time, or it hangs.
write_image() {
	local method=${1#pull_}
	timeout 120 mpf-flash --json --progress none --method "$method" \
	    <"$1.job" >"$1.ndjson" 2>err
}
has_image() {
	case $1 in
	pull_dfu) grep -q 'MicroPython v1.24.1 ' "$1.uf2" ;;
	*)	  cmp -s "$1.image" "$1.uf2" ;;
	esac
}
is_well() {
	is "$1.ndjson" '.[0] | .error == null and .flash.state == "running" and
	    .board.version == "v1.24.1"' && has_image "$1"
}
is_told() {
	is "$1.ndjson" '.[0] | .error.stage == "flash" and
	    (.error.code | IN("not_found", "io", "timeout", "protocol",
	    "verify")) and (.flash.state | IN("unbootable", "unknown"))'
}
in_bootloader() {
	if [ "$1" = pull_dfu ]; then
		dfu_of "$1"
	else
		disk_of "$1"
	fi
}
# pull NAME AT: one of them.
pull() {
	local -n board_of=$1
	board_of[in]=tty board_of[boot]="${board_of[how]} $2"
	rm -f pull.nor
	plug "$1" || return
	plan "$1"
	write_image "$1"
	if is_well "$1"; then		# it was too late
		unplug "$1"
		return
	fi
	is_told "$1" || return
	touch "$1.again"
	within 20 in_bootloader "$1" || return
	plan "$1"
	write_image "$1"
	is_well "$1" || return
	unplug "$1"
}
pull_often() {
	local i at
	local -n kind=$1
	for ((i = 1; i <= pulls; i++)); do
		at=$(((RANDOM * 32768 + RANDOM) % kind[most] + 1))
		if ! pull "$1" "$at"; then
			echo "pull $i, ${kind[how]} $at" >>err
			return 1
		fi
		((i % 25)) || echo "# $1: $i"
	done
}
for kind in ${MPF_PULL_KINDS:-picoboot uf2 dfu}; do
	check "the cable is pulled $pulls times in $kind" \
	    pull_often "pull_$kind"
done
