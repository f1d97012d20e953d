# SPDX-License-Identifier: MIT
#
# PICOBOOT on a real kernel, as an ordinary user whom the udev rules let in.
declare -A two=([port]=0 [uid]=e6614c311b5a6b2c [version]=1.24.0
	[sim]='rp2 --board RPI_PICO2'
	[drive]='-k rp2350 -n E6614C311B5A6B2C -f two.nor')
two_machine='Raspberry Pi Pico2 with RP2350'
mkfw e48bff59 v1.24.1 2024-11-29 "$two_machine" 1200 >two-old.uf2
mkfw e48bff59 v1.25.0 2025-04-15 "$two_machine" 2000 >two-new.uf2

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
as=as_user job two two-old.uf2 v1.24.1 RPI_PICO2 >two.job
as=as_user flash two --method picoboot
check 'a user without a rule is told the rule' is two.ndjson '.[0] |
    .error.code == "permission" and .flash.state == "bootloader" and
    (.error.hint | test("SUBSYSTEM==\"usb\".*2e8a.*000f.*plugdev"))'
check 'and nothing was written' lacks two.log 'picoboot:'

rules on
as=as_user job two two-old.uf2 v1.24.1 RPI_PICO2 >two.job
as=as_user flash two
check 'with the rules, the next run ends the work' is two.ndjson '.[0] |
    .flash.method == "picoboot" and .flash.bootloader == "none" and
    .flash.state == "running" and .flash.verified == ["readback", "boot"] and
    .board.version == "v1.24.1" and .flash.unchanged_bytes == 0'
check 'all bytes are there' cmp two-old.uf2 two.uf2

as=as_user job two two-old.uf2 v1.24.1 RPI_PICO2 >two.job
as=as_user flash two
check 'the same image again is not written' is two.ndjson '.[0] |
    .flash.written_bytes == 0 and .flash.unchanged_bytes == 307200 and
    .flash.bootloader == "mpy" and .flash.state == "running"'
check 'its port has its name again, as nobody held it' is two.ndjson '.[0] |
    .device.serial_port == "/dev/ttyACM0"'
check 'no sector is erased for it' grep -q ' 0 sectors erased, 0 pages' two.log

two[boot]='-P 600000'
unplug two
plug two
udevadm settle -t 10
as=as_user job two two-new.uf2 v1.25.0 RPI_PICO2 >two.job
as=as_user flash two
check 'a board that is pulled out is an error' is two.ndjson '.[0] |
    .error.code == "not_found" and .flash.state == "unbootable"'
touch two.again
within 20 disk_of two
udevadm settle -t 10
as=as_user job two two-new.uf2 v1.25.0 RPI_PICO2 >two.job
as=as_user flash two
check 'plugged in again it is known by its id, and gets the rest' \
    is two.ndjson '.[0] | .flash.state == "running" and .error == null and
	.board.version == "v1.25.0" and .board.uid == "e6614c311b5a6b2c" and
	.flash.written_bytes > 0 and .flash.unchanged_bytes > 0'
check 'to the last byte' cmp two-new.uf2 two.uf2
unplug two

# A file for both kinds of cores: the ROM would take either image.
mkfw e48bff5a v1.25.0 2025-04-15 "$two_machine-RISCV" 300 >two-riscv.uf2
cat two-old.uf2 two-riscv.uf2 >two-both.uf2
two[boot]=''
plug two
udevadm settle -t 10
as=as_user job two two-both.uf2 v1.25.0 RPI_PICO2 |
    jq -c '.firmware.by = "manual" | .firmware.variant = "RISCV"' >two.job
as=as_user flash two --method uf2
check 'of a file for Arm and RISC-V the drive is given one image' \
    is two.ndjson '.[0] | .flash.method == "uf2" and .error == null and
	.flash.state == "running" and .board.version == "v1.25.0"'
check 'the one of the variant, by SCSI commands of an ordinary user' \
    cmp two-riscv.uf2 two.uf2
unplug two
