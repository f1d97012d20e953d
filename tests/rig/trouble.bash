# SPDX-License-Identifier: MIT
#
# A drive that is pulled out half-way, and how the next run mends it.
pico[in]=tty pico[boot]='-U 1000'
rm -f pico.files/mpflash.toml
plug pico
pipe pulled flash --method uf2
status=$?
check 'a drive that is pulled out is an error' test "$status" = 1
check 'which says what is on the board' is pulled.ndjson '.[0] |
    .error.stage == "flash" and .error.code == "not_found" and
    .flash.state == "unbootable" and .record.toml == null'
check 'and it is not recorded as done' test ! -e pico.files/mpflash.toml
check 'but as failed' test "$(sqlite3 firmware/mpflash.db \
    "SELECT error_code FROM mpf_event WHERE what = 'failed' AND
	uid = '${pico[uid]}'")" = not_found

# Somebody plugs it in again, with its button held down.
touch pico.again
within 20 disk_of pico
pipe doubted
check 'the next run does not guess which board was plugged in there' \
    is doubted.ndjson '.[0] | .error.code == "ambiguous" and .flash == null'
pipe mended resolve --board RPI_PICO_W flash --method uf2
status=$?
check 'told which it is, it ends the work' is mended.ndjson '.[0] |
    .flash.bootloader == "none" and .board.board_id == "RPI_PICO_W" and
    .board.version == "v1.22.2" and .flash.state == "running"'
check 'and ends well' test "$status" = 0
check 'with every block in its place' cmp "$image" pico.uf2
check 'and on record' grep -q 'version = "v1.22.2"' pico.files/mpflash.toml
unplug pico

# A drive that somebody has mounted in a way that helps nobody.
useless_mount() {
	mount -o "$1" "$disk" pico.mnt
	${as:-} mpf-flash --json --progress none --method uf2 <useless.job \
	    >useless.ndjson 2>err
	umount pico.mnt
}
pico[in]=drive pico[boot]=''
plug pico
disk_of pico
mkdir -p pico.mnt
chmod -R a+rwX locks state firmware
job pico "$image" v1.22.2 RPI_PICO_W | jq -c '.firmware.by = "manual"' >useless.job
is_useless() {
	is useless.ndjson '.[0] | .error.code == "permission" and
	    (.error.hint | test("read-only: mount it for yourself")) and
	    .flash.state == "bootloader"'
}
useless_mount ro
check 'a drive that can only be read is told so' is_useless
as=as_user useless_mount uid=1234,umask=077
check "a drive that is another user's too" is_useless
check 'and not one block was written to it' lacks pico.log begin
unplug pico
