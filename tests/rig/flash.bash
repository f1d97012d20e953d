# SPDX-License-Identifier: MIT
#
# Boards go through the whole pipe; ttys and drives come and go on a real
# kernel.
site RPI_PICO_W rp2 'Pico W' e48bff56 'Raspberry Pi Pico W with RP2040'
site SEEED_WIO_TERMINAL samd 'Wio Terminal' 0 'Wio Terminal D51R with SAMD51P19A'
serve
image=site/resources/firmware/RPI_PICO_W-20240222-v1.22.2.uf2
wio_image=site/resources/firmware/SEEED_WIO_TERMINAL-20240222-v1.22.2.uf2

# A drive that looks right in every way and waits, mounted, at another place.
declare -A other=([port]=3 [uid]='' [sim]='' [in]=drive)
declare -A wio=([port]=4 [uid]=12ab34cd56ef7891 [parts]=no
	[sim]='samd --board SEEED_WIO_TERMINAL' [usb]='-d 239a:802b'
	[drive]='-k samd51 -b SAMD51P19A-Wio-Terminal-v0')
plug other
disk_of other
mkdir other.mnt
mount "$disk" other.mnt
plug wio

pipe first
status=$?
# record PLACE JQ: is that true of the record of that place?
record() { is first.ndjson "map(select(.device.usb_path == \"$1\"))[0] | $2"; }
done_well='.board.version == "v1.22.2" and .flash.state == "running" and
    .flash.verified[-1] == "boot" and .flash.version_before == "v1.21.0" and
    .record.toml == "written" and .record.database == "written" and
    .error == null'
check 'the pipe goes over all of them, and one is in doubt' \
    test "$status" = 1
check 'a board is flashed by way of machine.bootloader()' \
    record 1-1 "$done_well and .flash.bootloader == \"mpy\""
check 'over PICOBOOT, and read back' record 1-1 '.flash.method == "picoboot" and
    .flash.verified[0] == "readback"'
check 'every block of the image was received, byte for byte' \
    cmp "$image" pico.uf2
check 'another is by the touch at 1200 baud' \
    record 1-5 "$done_well and .flash.bootloader == \"touch1200\""
check 'its image too, byte for byte' cmp "$wio_image" wio.uf2
check 'the drive at another place is left in doubt' \
    record 1-4 '.error.code == "ambiguous" and .flash == null'
check 'and not one block was written to it' lacks other.log 'begin'
check 'it is recorded on the board' \
    grep -q 'version = "v1.22.2"' pico.files/mpflash.toml
check 'and in the database' test "$(sqlite3 firmware/mpflash.db \
    "SELECT version FROM mpf_device WHERE uid = '${pico[uid]}'")" = v1.22.2
nothing_left() {
	lacks /proc/self/mountinfo " $TMPDIR/mpf-" &&
	    ! compgen -G "$TMPDIR/*" &&
	    ! compgen -G 'state/mpf/pending/*'
}
check 'no mount, folder or saved record is left behind' nothing_left
umount other.mnt
unplug other
unplug wio

pipe again
status=$?
check 'the second time nothing is to be done' is again.ndjson '.[0] |
    .firmware.action == "skip" and .flash == null and .error == null'
check 'and nothing is an error' test "$status" = 0
unplug pico

# In its bootloader already, and mounted by somebody else.
pico[in]=drive
plug pico
disk_of pico
mkdir pico.mnt
mount "$disk" pico.mnt
pipe mounted detect --serial "$work/pico.mnt" resolve --board RPI_PICO_W \
    flash --method uf2
check 'a drive that is mounted already is used where it is' \
    is mounted.ndjson '.[0] | .flash.method == "uf2" and
	.flash.bootloader == "none" and .flash.state == "running" and
	.board.version == "v1.22.2"'
check 'with the same bytes' cmp "$image" pico.uf2
check 'and its mount is left to who made it' \
    grep -q " $work/pico.mnt " /proc/self/mountinfo
umount pico.mnt
unplug pico
