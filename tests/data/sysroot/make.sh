#!/bin/sh
# Makes the trees beside this script: what the kernel shows of plugged-in
# boards, cut down to what lib/bus reads.  Run it after a change, and commit
# what it made.
#
# bench: a Pico with MicroPython at 1-1.2, one in its bootloader at 1-1.3
# (mounted at a name with a blank), an ESP32-S3 at 1-1.10, a CP2102 at 1-2, an
# FT4232H with four ttys at 1-4, an unmounted UF2 drive without partitions at
# 1-5, and a serial port that is not on USB.
# broken: things missing, half there, or leading out of the tree, to abroad
# (whose name is as long).
# empty: no USB at all.
# bluetooth: one on USB that says so, and one of the kernel's own.
# stuck: what is there and cannot be used, or not yet: bridges and a Pico that
# no driver has, a tty without its file in /dev; bootloaders whose drives are
# not mounted, and DFU; a stick and a keyboard.
set -eu
cd "$(dirname "$0")"

PCI=sys/devices/pci0000:00/0000:00:14.0/usb1


# put FILE TEXT
put() { mkdir -p "$(dirname "$1")" && printf '%s\n' "$2" >"$1"; }

# device DIR NAME VID PID [MANUFACTURER [PRODUCT [SERIAL]]]: below $PCI.
device() {
	d=$PCI/$1
	mkdir -p "$d" sys/bus/usb/devices
	ln -sfn "../../../../$d" "sys/bus/usb/devices/$2"
	put "$d/idVendor" "$3"
	put "$d/idProduct" "$4"
	put "$d/busnum" 1
	put "$d/devnum" 7
	[ $# -lt 5 ] || put "$d/manufacturer" "$5"
	[ $# -lt 6 ] || put "$d/product" "$6"
	[ $# -lt 7 ] || put "$d/serial" "$7"
}

# interface DIR CLASS [SUBCLASS PROTOCOL [DRIVER]]: the last part of DIR is
# "1-1.2:1.0".
interface() {
	put "$PCI/$1/bInterfaceClass" "$2"
	put "$PCI/$1/bInterfaceNumber" "0${1##*.}"
	[ $# -lt 4 ] || put "$PCI/$1/bInterfaceSubClass" "$3"
	[ $# -lt 4 ] || put "$PCI/$1/bInterfaceProtocol" "$4"
	[ $# -lt 5 ] ||
	    ln -sfn "../../../../../../bus/usb/drivers/$5" "$PCI/$1/driver"
}

# tty NAME DIR BACK: DIR is what it hangs on, BACK leads there from its folder.
tty() {
	mkdir -p sys/class/tty
	put "$PCI/$2/tty/$1/dev" "166:0"
	ln -sfn "$3" "$PCI/$2/tty/$1/device"
	ln -sfn "../../../$PCI/$2/tty/$1" "sys/class/tty/$1"
}

# disk DIR NAME DEVNO SECTORS
disk() {
	b=$PCI/$1/host0/target0:0:0/0:0:0:0/block/$2
	put "$b/dev" "$3"
	put "$b/size" "$4"
}

bench() {
	device 1-1 1-1 05e3 0610 GenesysLogic "USB2.1 Hub"

	device 1-1/1-1.2 1-1.2 2e8a 0005 MicroPython "Board in FS mode" \
	    e6614c311b5a6b2c
	interface 1-1/1-1.2/1-1.2:1.0 02
	interface 1-1/1-1.2/1-1.2:1.1 0a
	tty ttyACM0 1-1/1-1.2/1-1.2:1.0 ../../../1-1.2:1.0

	device 1-1/1-1.3 1-1.3 2e8a 0003 "Raspberry Pi" "RP2 Boot" E0C9125B0D9B
	interface 1-1/1-1.3/1-1.3:1.0 08 06 50
	interface 1-1/1-1.3/1-1.3:1.1 ff 00 00
	disk 1-1/1-1.3/1-1.3:1.0 sda 8:0 262144
	put "$b/sda1/partition" 1
	put "$b/sda1/dev" 8:1
	put "$b/sda1/size" 262143
	mkdir -p "media/RPI RP2"
	printf '%s\r\n' "UF2 Bootloader v3.0" "Model: Raspberry Pi RP2" \
	    "Board-ID: RPI-RP2" >"media/RPI RP2/INFO_UF2.TXT"

	device 1-1/1-1.10 1-1.10 303a 1001 Espressif "USB JTAG/serial debug unit" \
	    F4:12:FA:00:11:22
	interface 1-1/1-1.10/1-1.10:1.0 02
	interface 1-1/1-1.10/1-1.10:1.1 0a
	interface 1-1/1-1.10/1-1.10:1.2 ff
	tty ttyACM1 1-1/1-1.10/1-1.10:1.0 ../../../1-1.10:1.0

	device 1-2 1-2 10c4 ea60 "Silicon Labs" \
	    "CP2102 USB to UART Bridge Controller" 0001
	interface 1-2/1-2:1.0 ff
	tty ttyUSB0 1-2/1-2:1.0/ttyUSB0 ../../../ttyUSB0

	device 1-4 1-4 0403 6011 FTDI "Quad RS232-HS"
	for i in 0 1 2 3; do
		interface 1-4/1-4:1.$i ff
		# As they come up, not as they lie: ttyUSB4 is interface 0.
		tty ttyUSB$((4 - i)) 1-4/1-4:1.$i/ttyUSB$((4 - i)) \
		    ../../../ttyUSB$((4 - i))
	done

	device 1-5 1-5 239a 0022 Adafruit "Feather M4 Express"
	interface 1-5/1-5:1.0 02
	interface 1-5/1-5:1.2 08
	disk 1-5/1-5:1.2 sdb 8:16 8065

	put sys/devices/pnp0/00:04/id PNP0501
	put sys/devices/pnp0/00:04/tty/ttyS0/dev 4:64
	ln -sfn ../../../00:04 sys/devices/pnp0/00:04/tty/ttyS0/device
	ln -sfn ../../devices/pnp0/00:04/tty/ttyS0 sys/class/tty/ttyS0
	put sys/devices/virtual/tty/tty1/dev 4:1
	ln -sfn ../../devices/virtual/tty/tty1 sys/class/tty/tty1

	put $PCI/idVendor 1d6b
	ln -sfn ../../../../$PCI sys/bus/usb/devices/usb1
	ln -sfn ../../../../$PCI/1-2/1-2:1.0 sys/bus/usb/devices/1-2:1.0

	mkdir -p dev/serial/by-id proc/self
	for i in ACM0 ACM1 USB0 USB1 USB2 USB3 USB4; do : >"dev/tty$i"; done
	ln -sfn ../../ttyACM0 dev/serial/by-id/usb-MicroPython_Board-if00
	mkdir -p run && ln -sfn "../media/RPI RP2" run/pico
	cat >proc/self/mountinfo <<-'END'
	22 1 253:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
	35 22 8:1 /boot /srv/part rw - vfat /dev/sda1 rw
	36 22 8:1 / /media/RPI\040RP2 rw,nosuid shared:9 - vfat /dev/sda1 rw
	37 22 0:44 / /run/user/1000 rw - tmpfs tmpfs rw
	END
}

broken() {
	# No strings, ids that are none, a class that is missing.
	device 1-1 1-1 XYZ 00000
	mkdir -p "$PCI/1-1/1-1:1.0"
	tty ttyACM0 1-1/1-1:1.0 ../../../1-1:1.0
	printf '\377caf\303\251\001\n' >"$PCI/1-1/product"
	: >"$PCI/1-1/serial"

	# A disk with no medium, one with no number, nothing mounted.
	device 1-2 1-2 2e8a 0003
	interface 1-2/1-2:1.0 08
	disk 1-2/1-2:1.0 sda 8:0 0
	mkdir -p "$PCI/1-2/1-2:1.0/host0/target0:0:0/0:0:0:1/block/sdb"
	put "$PCI/1-2/1-2:1.0/host0/target0:0:0/0:0:0:1/block/sdb/size" 8

	# Links that lead nowhere, in a circle, and out of the tree.
	mkdir -p dev sys/class/tty/ttyUSB0 sys/class/tty/ttyUSB1 \
	    sys/class/tty/ttyUSB2
	ln -sfn ../../../nothing sys/class/tty/ttyUSB0/device
	ln -sfn device sys/class/tty/ttyUSB1/device
	ln -sfn ../../../../../abroad/$PCI/1-2/1-2:1.0 sys/class/tty/ttyUSB2/device
	ln -sfn ../../../../../abroad/$PCI/1-4 sys/bus/usb/devices/1-4
	ln -sfn loop dev/loop
	ln -sfn ../../../nothing sys/bus/usb/devices/1-3
	# (proc is missing)
}

abroad() {
	device 1-2 1-2 10c4 ea60
	interface 1-2/1-2:1.0 ff
	device 1-4 1-4 0403 6011
}

empty() {
	put sys/class/tty/console/dev 5:1
	put proc/self/mountinfo "22 1 253:1 / / rw - ext4 /dev/vda1 rw"
}

bluetooth() {
	device 1-1 1-1 0a12 0001 CSR "Serial over BlueTooth"
	interface 1-1/1-1:1.0 02
	tty ttyACM0 1-1/1-1:1.0 ../../../1-1:1.0
	mkdir -p dev && : >dev/rfcomm0 && : >dev/ttyS0 && : >dev/ttyACM0
	put proc/self/mountinfo "22 1 253:1 / / rw - ext4 /dev/vda1 rw"
}

stuck() {
	device 1-1 1-1 1a86 7523 "" "USB Serial"
	interface 1-1/1-1:1.0 ff 01 02
	device 1-2 1-2 10c4 ea60 "Silicon Labs" "CP2102 USB to UART"
	interface 1-2/1-2:1.0 ff 00 00 usbfs
	device 1-3 1-3 2e8a 0005 MicroPython "Board in FS mode"
	interface 1-3/1-3:1.0 02 02 00
	interface 1-3/1-3:1.1 0a 00 00
	device 1-4 1-4 f055 9800 MicroPython "Pyboard Virtual Comm Port"
	interface 1-4/1-4:1.0 02 02 01 cdc_acm
	tty ttyACM0 1-4/1-4:1.0 ../../../1-4:1.0
	device 1-5 1-5 0483 df11 STMicroelectronics "STM32 BOOTLOADER"
	interface 1-5/1-5:1.0 fe 01 02
	device 1-6 1-6 239a 0022 Adafruit "Feather M4 Express"
	interface 1-6/1-6:1.0 02 02 00 cdc_acm
	interface 1-6/1-6:1.2 08 06 50 usb-storage
	disk 1-6/1-6:1.2 sdb 8:16 8065
	tty ttyACM1 1-6/1-6:1.0 ../../../1-6:1.0
	device 1-7 1-7 cafe 4000 "A maker" "A board's own name"
	interface 1-7/1-7:1.0 08 06 50 usb-storage
	interface 1-7/1-7:1.1 ff 00 00
	disk 1-7/1-7:1.0 sdc 8:32 262144
	device 1-8 1-8 0781 5567 SanDisk "Cruzer Blade"
	interface 1-8/1-8:1.0 08 06 50 usb-storage
	disk 1-8/1-8:1.0 sdd 8:48 30031872
	device 1-9 1-9 046d c31c Logitech "USB Keyboard"
	interface 1-9/1-9:1.0 03 01 01 usbhid
	mkdir -p dev && : >dev/ttyACM1
	put proc/self/mountinfo "22 1 253:1 / / rw - ext4 /dev/vda1 rw"
}

for tree in bench broken abroad empty bluetooth stuck; do
	rm -rf "$tree"
	mkdir "$tree"
	(cd "$tree" && "$tree")
done
