# SPDX-License-Identifier: MIT
#
# Raspberry Pi's picotool at the ROM of an RP2, as we play it; and what it reads
# of what mpf-flash wrote.  For make check-peers.
declare -A rom=([port]=3 [uid]=5b8a9c1d2e3f4051 [in]=drive [sim]=rp2)
mkfw e48bff56 v1.24.1 2024-11-29 'Raspberry Pi Pico with RP2040' 700 >rp2040.uf2
mkfw e48bff59 v1.24.1 2024-11-29 'Raspberry Pi Pico2 with RP2350' 700 \
    >rp2350.uf2

# peer COMMAND...: its progress is for a terminal.
peer() { picotool "$@" >peer.out 2>err; }
# saves FLASH: does it read what that flash begins with?
saves() {
	rm -f back.bin
	peer save -r 10000000 1002bc00 back.bin &&
	    cmp -n 179200 "$1" back.bin
}

for chip in rp2040 rp2350; do
	machine=RPI_PICO
	[ "$chip" = rp2040 ] || machine=RPI_PICO2
	rom[drive]="-k $chip -f $chip.nor"
	rm -f "$chip.nor"
	plug rom
	peer info -a
	check "picotool knows an $chip" grep -qi "type: *$chip" peer.out
	check 'it writes to it, and compares' peer load -v "$chip.uf2"
	check 'it reads back what it wrote' \
	    peer save -r 10000000 1002bc00 first.bin
	check 'it restarts it' peer reboot
	within 10 tty_of rom
	check 'and the flash has these bytes' cmp -n 179200 "$chip.nor" first.bin
	unplug rom

	# Ours, into a flash that holds something else.
	head -c 300000 /dev/urandom >"$chip.nor"
	plug rom
	job rom "$chip.uf2" v1.24.1 "$machine" >rom.job
	flash rom
	check 'mpf-flash writes to it' is rom.ndjson '.[0] |
	    .flash.method == "picoboot" and .flash.state == "running" and
	    .flash.written_bytes == 179200 and .error == null'
	unplug rom
	plug rom
	check 'picotool verifies what mpf-flash wrote' peer verify "$chip.uf2"
	check 'and reads the same bytes' saves "$chip.nor"
	check 'which are those of the first' cmp first.bin back.bin
	unplug rom
done

rom[drive]='-k rp2350 -x secure'
plug rom
peer info -d
check 'picotool sees secure boot where mpf-flash does' \
    grep -q 'secure boot: *1$' peer.out
unplug rom
