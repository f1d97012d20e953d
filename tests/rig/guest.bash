# SPDX-License-Identifier: MIT
#
# For the tests inside the virtual machine: boards that hang on its USB, and
# TAP.  Starting a program costs 40 to 100 ms in here, so what waits does it
# without.
work=/run/mpf n=0 failed=0
declare -A board_pid=()

# rig_up: drivers, a folder to work in, and the tools' own folders there.
rig_up() {
	modprobe -a cdc_acm cp210x ch341 usb_storage sd_mod vfat nls_cp437 \
	    nls_iso8859-1 nls_ascii nls_utf8 vhci_hcd
	# Not the second that it waits for a disk of its own accord.
	echo 0 >/sys/module/usb_storage/parameters/delay_use
	mkdir -p "$work/locks" && cd "$work" || exit
	export MPF_LOCKS=$work/locks MPF_HOST=rig XDG_STATE_HOME=$work/state
	export XDG_CONFIG_HOME=$work/config
	export MPFLASH_FIRMWARE=$work/firmware
	# The host's /tmp shows here, with what its tests put there meanwhile.
	mkdir -m 1777 tmp && export TMPDIR=$work/tmp
	unset MPF_SYSROOT MPFLASH_IGNORE
	mkfifo never && exec {never}<>never
}

# nap MS: no program, and less than a second.
nap() { read -r -t "0.$(printf %03d "$1")" -u "$never" || :; }

# within SECONDS COMMAND...: polls until it succeeds.
within() {
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		[ "$SECONDS" -lt "$end" ] || return 1
		nap 50
	done
}

# check WHAT COMMAND...: a test.  When it fails, all that is known is shown.
check() {
	local what=$1 file
	shift
	n=$((n + 1))
	if "$@"; then
		echo "ok $n - $what"
		return
	fi
	failed=1
	echo "not ok $n - $what"
	for file in *.log *.ndjson err; do
		[ -s "$file" ] && tail -n 12 "$file" | sed "s/^/# $file: /"
	done
}

# is FILE JQ: is that true of the records in FILE, as an array?
is() { jq -se "$2" "$1" >/dev/null; }

# lacks FILE PATTERN
lacks() { ! grep -q "$2" "$1"; }

# udev_up: udevd, with our rules, as on an installed system.
udev_up() {
	[ ! -e /run/udev/control ] || return 0
	cp "$top"/share/udev/*.rules /etc/udev/rules.d/
	mkdir -p /run/udev
	/lib/systemd/systemd-udevd --daemon 2>/dev/null
	udevadm trigger --type=devices --action=add
	udevadm settle -t 30
}

# as_user COMMAND...: by an ordinary user who is in the groups of our rules.
as_user() {
	setpriv --reuid nobody --regid nogroup --groups plugdev,dialout "$@"
}

# --- boards ---

# A board is an associative array of its name: port (root port, from 0), uid,
# usb (options of fake_serial), sim (of mpf-sim, its kind first), loader
# (fake_uf2, or fake_dfu), boot (options of that, once), drive (of that,
# always), in (tty or drive), firmware (a command, at first), image or version (what it runs, from the
# beginning).

# Starts a device of the board, and waits until it is gone.
device() {
	local name=$1
	shift
	"$@" 2>>"$name.log" &
	echo $! >"$name.pid"
	wait $!
}

# play NAME: the board.  It is a tty until its bootloader is called (12), by
# words or by a touch; then a drive until it has an image (0), which is what
# it runs next.  Pulled out half-way (4) it waits for somebody to plug it in
# again, in its bootloader: a file NAME.again.  NAME.late: it takes its time each
# way; NAME.elsewhere: the port where its bootloader comes up.
play() {
	local name=$1 status
	local -n b=$1
	local usb sim drive boot runs=(--version "${b[version]:-1.21.0}")
	local loader=${b[loader]:-fake_uf2}
	[ -z "${b[image]:-}" ] || runs=(--image "${b[image]}")
	read -ra usb <<<"${b[usb]:-}"
	read -ra sim <<<"${b[sim]}"
	read -ra drive <<<"${b[drive]:-}"
	read -ra boot <<<"${b[boot]:-}"
	export VDEV_PORT=${b[port]}
	while :; do
		if [ "${b[in]:-tty}" = tty ]; then
			runs=("${b[firmware]:-mpf-sim}" "${sim[@]}" --stdio
			    --uid "${b[uid]}" --files "$name.files" "${runs[@]}")
			b[firmware]=''
			device "$name" fake_serial "${usb[@]}" -n "${b[uid]}" \
			    -- "${runs[@]}"
			[ $? = 12 ] || return
		fi
		b[in]='tty'
		[ ! -e "$name.late" ] || nap 400
		[ ! -e "$name.elsewhere" ] ||
		    VDEV_PORT=$(<"$name.elsewhere")
		until device "$name" "$loader" "${drive[@]}" "${boot[@]}" \
		    -o "$name.uf2"; do
			status=$?
			[ "$status" = 4 ] || return
			boot=()
			echo pulled >>"$name.log"
			within 60 test -e "$name.again" || return
		done
		[ ! -e "$name.late" ] || nap 400
		runs=(--image "$name.uf2")
	done
}

# plug NAME: returns when its tty, or its drive with a medium, is there.
plug() {
	local -n board=$1
	rm -f "$1".{uf2,again,log}
	play "$1" &
	board_pid[$1]=$!
	if [ "${board[in]:-tty}" = tty ]; then
		within 20 tty_of "$1"
	elif [ "${board[loader]:-}" = fake_dfu ]; then
		within 20 dfu_of "$1"
	else
		within 20 disk_of "$1"
	fi
}

# unplug NAME: ends its device, and with it the loop around it, which may be
# between two devices just now.
unplug() {
	while kill -0 "${board_pid[$1]}" 2>/dev/null; do
		kill "$(<"$1.pid")" 2>/dev/null
		nap 20
	done
	wait "${board_pid[$1]}"
	local -n board=$1
	within 10 gone "/sys/bus/usb/devices/$(place "$1")"
}
gone() { [ ! -e "$1" ]; }

# place NAME: the USB path of its root port.
place() {
	local -n board_=$1
	echo "1-$((board_[port] + 1))"
}

# tty_of NAME: is it there?  Then its node is in $tty.
tty_of() {
	local -n board_=$1
	local d
	for d in "/sys/bus/usb/devices/1-$((board_[port] + 1))"/*/{tty/tty*,tty[A-Z]*}
	do
		tty=/dev/${d##*/}
		[ ! -c "$tty" ] || return 0
	done
	return 1
}

# dfu_of NAME: is it there, in DFU mode?
dfu_of() {
	local -n board_=$1
	local class
	{ read -r class <"/sys/bus/usb/devices/1-$((board_[port] + 1)):1.0/bInterfaceClass"; } 2>/dev/null &&
	    [ "$class" = fe ]
}

# disk_of NAME: likewise its first partition, or the whole disk, in $disk.
disk_of() {
	local -n board_=$1
	local d part size
	local here=/sys/bus/usb/devices/1-$((board_[port] + 1))
	for d in "$here"/*/host*/target*/*/block/*; do
		{ read -r size <"$d/size"; } 2>/dev/null || continue
		disk=/dev/${d##*/}
		part=${disk}1
		[ "$size" -gt 0 ] || continue
		[ -b "$disk" ] || continue
		[ "${board_[parts]:-yes}" = no ] || [ -b "$part" ] || continue
		[ ! -b "$part" ] || disk=$part
		return 0
	done
	return 1
}

# --- the pipe ---

# site BOARD PORT PRODUCT FAMILY MACHINE: a download page, and the image on
# it: a genuine one if it is there.  FAMILY is a number, or dfu.
site() {
	local ext=uf2 image
	[ "$4" != dfu ] || ext=dfu
	image=site/resources/firmware/$1-20240222-v1.22.2.$ext
	mkdir -p "site/download/$1" site/resources/firmware
	echo "- 20240222 v1.22.2 $ext" |
	    "$top/tests/www/mkpage" "$1" "$2" "$3" >"site/download/$1/index.html"
	cp "${MPF_SAMPLES:-/nonexistent}/$1-v1.22.2.$ext" "$image" \
	    2>/dev/null ||
	    mkfw "$4" v1.22.2 2024-02-22 "$5" 1900 >"$image"
}

# pyboard_site: that of PYBV11, whose genuine image is a preview ($genuine;
# $pyb_version is what to ask for).
pyboard_site() {
	local preview=unstable-v1.18-99-g203ec8ca7
	site PYBV11 stm32 'Pyboard v1.1' dfu 'PYBv1.1 with STM32F405RG'
	pyb_image=site/resources/firmware/PYBV11-20240222-v1.22.2.dfu
	pyb_version=stable
	genuine=$(compgen -G "${MPF_SAMPLES:-/nonexistent}/pyb-v1.1*.dfu")
	[ -n "$genuine" ] || return 0
	pyb_version=preview
	cp "$genuine" "site/resources/firmware/PYBV11-20220211-$preview.dfu"
	chmod a+r site/resources/firmware/*
	printf -- '- 20240222 v1.22.2 dfu\n- 20220211 %s dfu\n' "$preview" |
	    "$top/tests/www/mkpage" PYBV11 stm32 'Pyboard v1.1' \
	    >site/download/PYBV11/index.html
}

serve() {
	testwww site &
	within 10 test -s site/.port
	mirror=http://127.0.0.1:$(<site/.port)
}

# pipe NAME [STAGE OPTION...]...: the five tools, by $as (as_user; empty: root).
# NAME.ndjson is what comes out, err what they say, and the status is the worst.
# Options of one stage go up to the next stage's name.
pipe() {
	local out=$1 stage='' word
	local -A more=()
	shift
	for word; do
		case $word in
		detect|resolve|fetch|flash|record) stage=$word ;;
		*) more[$stage]+=" $word" ;;
		esac
	done
	(
		set -o pipefail
		# shellcheck disable=SC2086 # options are words
		${as:-} mpf-detect --json --progress none ${more[detect]:-} |
		    ${as:-} mpf-resolve --json --progress none \
			${more[resolve]:-} |
		    ${as:-} mpf-fetch --json --progress none \
			--mirror "$mirror" ${more[fetch]:-} |
		    ${as:-} mpf-flash --json --progress none \
			${more[flash]:-} |
		    ${as:-} mpf-record --json --progress none \
			${more[record]:-}
	) >"$out.ndjson" 2>err
}

# job NAME IMAGE VERSION BOARD: the record of a board, to be flashed.  A machine
# that has much else to do answers late, and is not what is tested.
job() {
	${as:-} mpf-detect --json --progress none --timeout 60 2>>err | jq -c \
	    --arg path "$work/$2" --arg version "$3" --arg board "$4" \
	    --arg sha256 "$(sha256sum "$2" | cut -d' ' -f1)" \
	    --arg place "$(place "$1")" \
	    'select(.device.usb_path == $place) |
	    .firmware = {action: "flash", port: "rp2", board_id: $board,
		by: (if .board then "board" else "manual" end),
		version: $version} |
	    .image = {path: $path, sha256: $sha256, format: "uf2",
		version: $version, checks: ["board"]}'
}

# flash NAME OPTION...: flashes the records in NAME.job; what comes out is in
# NAME.ndjson.
flash() {
	local name=$1
	shift
	${as:-} mpf-flash --json --progress none "$@" <"$name.job" \
	    >"$name.ndjson" 2>err
}

finish() {
	echo "1..$n"
	exit $((failed || n == 0))
}
