# SPDX-License-Identifier: MIT
#
# A board behind a debug probe: a file is copied to the probe's drive, whose
# medium goes and comes again, with FAIL.TXT or without.
udev_up
# As udev's 60-block.rules does: nothing else sees that a medium has gone.
echo 2000 >/sys/module/block/parameters/events_dfl_poll_msecs
declare -A micro=([port]=0 [parts]=no [uid]=9904360254674e45 [sim]=microbit
	[version]=1.24.1 [usb]='-d 0d28:0204 -P micro.hex')

head -c 30000 /dev/urandom >random
printf '%s\0' 'MicroPython v1.28.0 on 2026-04-06; micro:bit with NRF51822' \
    'micro:bit with NRF51822' | cat - random >new.bin
objcopy -I binary -O ihex new.bin new.hex

# copy_hex NAME: that file by mpf-flash; what comes out is in NAME.ndjson.
copy_hex() {
	mpf-detect --json --progress none 2>err | jq -c \
	    --arg sum "$(sha256sum new.hex | cut -d' ' -f1)" '
	    .firmware = {action: "flash", port: "nrf", board_id: "MICROBIT",
		by: "board", version: "v1.28.0"} |
	    .image = {path: "'"$work/new.hex"'", sha256: $sum, format: "hex",
		version: "v1.28.0", checks: ["board"]}' >"$1.job"
	flash "$1"
}

plug micro
within 20 disk_of micro
udevadm settle -t 10
copy_hex micro
check 'a file goes to the drive of a probe, and the board answers' \
    is micro.ndjson '.[0] | .flash.method == "drive" and .error == null and
	.flash.version_before == "v1.24.1" and .board.version == "v1.28.0" and
	.flash.state == "running" and .flash.verified == ["boot"]'
check 'the probe has it byte for byte' cmp new.hex micro.hex
unplug micro

micro[usb]+=' -x'
plug micro
within 20 disk_of micro
udevadm settle -t 10
copy_hex fail
check 'the words of FAIL.TXT are the error' is fail.ndjson '.[0].error |
    .code == "io" and (.message | test("the DAPLink says: The interface " +
	"firmware FAILED to reset/halt the target MCU"))'
check 'and the board runs what it ran' is fail.ndjson '.[0].flash.state ==
    "running" or .[0].board.version == "v1.24.1"'
unplug micro
