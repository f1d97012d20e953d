# SPDX-License-Identifier: MIT
#
# PICOBOOT on a real kernel, as an ordinary user whom the udev rules let in.
declare -A two=([port]=0 [uid]=e6614c311b5a6b2c [version]=1.24.0
	[sim]='rp2 --board RPI_PICO2'
	[drive]='-k rp2350 -n E6614C311B5A6B2C -f two.nor')
two_machine='Raspberry Pi Pico2 with RP2350'
mkfw e48bff59 v1.24.1 2024-11-29 "$two_machine" 1200 >two-old.uf2
mkfw e48bff59 v1.25.0 2025-04-15 "$two_machine" 2000 >two-new.uf2

# job NAME IMAGE VERSION BOARD: the record of the board, to be flashed.
job() {
	as_user mpf-detect --json --progress none 2>>err | jq -c \
	    --arg path "$work/$2" --arg version "$3" --arg board "$4" \
	    --arg sha256 "$(sha256sum "$2" | cut -d' ' -f1)" \
	    --arg place "$(place "$1")" \
	    'select(.device.usb_path == $place) |
	    .firmware = {action: "flash", by: "board", port: "rp2",
		board_id: $board, version: $version} |
	    .image = {path: $path, sha256: $sha256, format: "uf2",
		version: $version, checks: ["board"]}'
}

# flash NAME OPTION...: what job wrote to NAME.job, to NAME.ndjson.
flash() {
	local name=$1
	shift
	as_user mpf-flash --json --progress none "$@" <"$name.job" \
	    >"$name.ndjson" 2>err
}

# rules on|off: those of mpf.
rules() {
	local file=/etc/udev/rules.d/60-mpf.rules
	case $1 in
	on)	mv 60-mpf.rules "$file" ;;
	off)	mv "$file" . ;;
	esac
	udevadm control --reload
	udevadm trigger --settle --action=add --subsystem-match=usb
}

udev_up
mkdir -p locks state firmware
chmod -R a+rwX .
rules off
plug two
udevadm settle -t 10
job two two-old.uf2 v1.24.1 RPI_PICO2 >two.job
flash two --method picoboot
check 'a user without a rule is told the rule' is two.ndjson '.[0] |
    .error.code == "permission" and .flash.state == "bootloader" and
    (.error.hint | test("SUBSYSTEM==\"usb\".*2e8a.*000f.*plugdev"))'
check 'and nothing was written' lacks two.log 'picoboot:'

rules on
job two two-old.uf2 v1.24.1 RPI_PICO2 >two.job
flash two
check 'with the rules, the next run ends the work' is two.ndjson '.[0] |
    .flash.method == "picoboot" and .flash.bootloader == "none" and
    .flash.state == "running" and .flash.verified == ["readback", "boot"] and
    .board.version == "v1.24.1" and .flash.unchanged_bytes == 0'
check 'all bytes are there' cmp two-old.uf2 two.uf2

job two two-old.uf2 v1.24.1 RPI_PICO2 >two.job
flash two
check 'the same image again is not written' is two.ndjson '.[0] |
    .flash.written_bytes == 0 and .flash.unchanged_bytes == 307200 and
    .flash.bootloader == "mpy" and .flash.state == "running"'
check 'no sector is erased for it' grep -q ' 0 sectors erased, 0 pages' two.log

two[boot]='-P 600000'
unplug two
plug two
udevadm settle -t 10
job two two-new.uf2 v1.25.0 RPI_PICO2 >two.job
flash two
check 'a board that is pulled out is an error' is two.ndjson '.[0] |
    .error.code == "not_found" and .flash.state == "unbootable"'
touch two.again
within 20 disk_of two
udevadm settle -t 10
job two two-new.uf2 v1.25.0 RPI_PICO2 >two.job
flash two
check 'plugged in again it is known by its id, and gets the rest' \
    is two.ndjson '.[0] | .flash.state == "running" and .error == null and
	.board.version == "v1.25.0" and .board.uid == "e6614c311b5a6b2c" and
	.flash.written_bytes > 0 and .flash.unchanged_bytes > 0'
check 'to the last byte' cmp two-new.uf2 two.uf2
unplug two
