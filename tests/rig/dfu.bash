# SPDX-License-Identifier: MIT
#
# Bootloaders that speak DFU: what dfu-util makes of them, the pipe over
# boards that have one, by an ordinary user, and what may go wrong.
udev_up
declare -A rom=([port]=1 [uid]=357236543131 [in]=drive [loader]=fake_dfu
	[sim]='stm32 --board PYBV11' [usb]='-d f055:9800')
declare -A nano=([port]=2 [uid]=n1 [in]=drive [loader]=fake_dfu
	[drive]='-k nano' [sim]='esp32s3' [usb]='-d 2341:056b')

dfu() { dfu-util "$@" >dfu.log 2>err; }
reads_back() { dfu "$@" && cmp random back; }

# Every byte of these two is the peer's work: no tool of ours is at it.
head -c 100000 /dev/urandom >random
plug rom
plug nano
dfu-util -l >dfu.list 2>err
check 'dfu-util finds the four memories of a ROM' \
    test "$(grep -c 'Found DFU: \[0483:df11\].*path="1-2"' dfu.list)" = 4
check 'and their layout' grep -q \
    'name="@Internal Flash  /0x08000000/04\*016Kg,01\*064Kg,07\*128Kg"' dfu.list
check 'it finds a device of plain DFU' \
    grep -q 'Found DFU: \[2341:0070\].*path="1-3"' dfu.list
check 'it writes to the ROM' dfu -p 1-2 -a 0 -s 0x08004000 -D random
check 'and reads it back, byte for byte' \
    reads_back -p 1-2 -a 0 -s 0x08004000:100000 -U back
check 'it writes by plain DFU' dfu -p 1-3 -D random
rm back
check 'and reads it back, byte for byte' reads_back -p 1-3 -U back

mpf-detect --json --progress none --keep-order >found.ndjson 2>err
check 'mpf-detect shows both' is found.ndjson '
    map([.device.id, .device.mode, .device.dfu.flash_bytes]) ==
    [["rig/usb/1-2", "dfu", 1048576], ["rig/usb/1-3", "dfu", null]]'
unplug rom
unplug nano

# The pipe: a pyboard by way of machine.bootloader().
rom[in]=tty rom[uid]=3f0041000d51353431323637 rom[drive]='-n 354151353431'
pyboard_site
[ -n "${mirror:-}" ] || serve
mkdir -p locks state firmware
chmod -R a+rwX .
plug rom
udevadm settle -t 10
as=as_user pipe pyb
status=$?
check 'a pyboard goes through the pipe as an ordinary user' is pyb.ndjson '
    .[0] | .flash.method == "dfu" and .flash.bootloader == "mpy" and
    .flash.verified == ["readback", "boot"] and .flash.state == "running" and
    .board.version == "v1.22.2" and .error == null'
check 'and well' test "$status" = 0
unplug rom

# What is in its flash, as dfu-util reads it.  An element of the file begins
# behind 11 and 274 bytes, and 8 of its own.
cp rom.uf2 rom.flash
rom[in]=drive rom[boot]='-i rom.flash'
plug rom
reads_vectors() {
	rm -f back
	dfu -p 1-2 -a 0 -s 0x08000000:4096 -U back &&
	    tail -c +294 "$pyb_image" | head -c 4096 | cmp - back
}
reads_text() {
	rm -f back
	dfu -p 1-2 -a 0 -s 0x08020000:482304 -U back &&
	    tail -c +4398 "$pyb_image" | head -c 482304 | cmp - back
}
as_stranger() {
	setpriv --reuid nobody --regid nogroup --clear-groups "$@"
}
as=as_stranger pipe stranger detect --serial 1-2 resolve --board PYBV11
check 'whoever is in no group is told what to do' is stranger.ndjson '.[0] |
    .error.code == "permission" and (.error.hint | test("rule"))'
check 'dfu-util reads the vectors that mpf-flash wrote' reads_vectors
check 'and the rest, byte for byte' reads_text
unplug rom

# A genuine image, to a device that says too short times, keeps a bit wrong
# once, and goes without an answer.
if [ -n "$genuine" ]; then
	rom[in]=tty rom[boot]='-q short-poll -q mute-leave -W 40'
	plug rom
	udevadm settle -t 10
	as=as_user pipe genuine resolve --version preview
	check 'a genuine image goes the whole pipe, over a device with quirks' \
	    is genuine.ndjson '.[0] | .flash.method == "dfu" and
		.flash.attempts == 2 and .flash.state == "running" and
		.board.build == 99 and .error == null'
	same_text() {
		cmp <(tail -c +15094 "$genuine" | head -c 443576) \
		    <(tail -c +131073 rom.uf2 | head -c 443576)
	}
	check 'with each byte in its place' same_text
	unplug rom
fi

# Pulled out half-way, plugged in again, and mended.
# pulled REQUEST: it goes at that one.
pulled() {
	rom[in]=tty rom[boot]="-U $1"
	plug rom
	udevadm settle -t 10
	as=as_user pipe pulled resolve --force
	is pulled.ndjson '.[0] | .error.code == "not_found" and
	    (.flash.state == "unbootable" or .flash.state == "unknown") and
	    .record.toml == null'
}
doubted() {
	touch rom.again
	within 20 dfu_of rom
	udevadm settle -t 10
	as=as_user pipe doubted
	is doubted.ndjson '.[0] | .error.code == "ambiguous" and
	    .flash == null'
}
mended() {
	as=as_user pipe mended resolve --board PYBV11
	is mended.ndjson '.[0] | .flash.bootloader == "none" and
	    .board.version == "v1.22.2" and .flash.state == "running" and
	    .error == null'
}
check 'a device that is pulled out is an error, and the state is said' \
    pulled 700
check 'nobody guesses which board was plugged in there' doubted
check 'told which it is, the next run ends the work' mended
unplug rom

# Plain DFU, by hand: an image that is a whole C33's.
printf '%s\0' 'MicroPython v1.22.2 on 2024-02-22' \
    '; Arduino Portenta C33 with RA6M5' | cat - random >c33.bin
declare -A c33=([port]=2 [uid]=c33000 [in]=drive [loader]=fake_dfu
	[drive]='-k c33' [sim]=stm32 [usb]='-d 2341:0468')
plug c33
udevadm settle -t 10
chmod a+r c33.bin
as_user mpf-fetch --json --source "$work/c33.bin" --port renesas-ra \
    --board ARDUINO_PORTENTA_C33 >c33.fetched 2>err
as_user mpf-detect --json --serial 1-3 2>err |
    jq -c --slurpfile f c33.fetched '. + ($f[0] | del(.mpf))' |
    as_user mpf-flash --json >c33.ndjson 2>err
check 'a Portenta C33 is written by plain DFU' is c33.ndjson '.[0] |
    .flash.method == "dfu" and .flash.state == "running" and
    .board.version == "v1.22.2" and .error == null'
check 'byte for byte' cmp c33.bin c33.uf2
unplug c33

# Two boards that look the same in every way in their bootloaders, where both
# go at the same moment, each for another image; and before each second round
# they change their places, so that the records are of the other.
declare -A one=([uid]=111111111111111111111111 [port]=1)
declare -A two=([uid]=222222222222222222222222 [port]=2)
for name in one two; do
	declare -n b=$name
	b[loader]=fake_dfu b[drive]='-e 5' b[usb]='-d f055:9800'
	b[sim]='stm32 --board PYBV11'
done
for v in 1 2; do
	mkfw dfu "v1.22.$v" 2024-02-22 'PYBv1.1 with STM32F405RG' 60 >"$v.dfu"
	mpf-fetch --json --board PYBV11 --source "$v.dfu" 2>err |
	    jq -c 'del(.mpf)' >"$v.fetched"
done
# both VERSION VERSION: one and two get these.
both() {
	jq -c --slurpfile a "$1.fetched" --slurpfile b "$2.fetched" '. +
	    (if .board.uid[0:1] == "1" then $a else $b end)[0]' found.ndjson |
	    mpf-flash --json --progress none >both.ndjson 2>err
}
find_both() { mpf-detect --json --progress none >found.ndjson 2>err; }
swap_places() {
	local port=${one[port]}
	unplug one
	unplug two
	one[port]=${two[port]} two[port]=$port
	plug one && plug two
}
# round NUMBER: is all as it should be?
round() {
	local v=$(($1 % 2 + 1)) w=$(((1 + $1) % 2 + 1))
	find_both || return
	if [ "$v" = 1 ]; then
		swap_places
		both "$v" "$w"
		is both.ndjson 'length == 2 and all(.error.code == "mismatch"
		    and .flash == null)' || return
		find_both || return
	fi
	both "$v" "$w" && grep -q "MicroPython v1.22.$v " one.uf2 &&
	    grep -q "MicroPython v1.22.$w " two.uf2 &&
	    lacks one.uf2 "MicroPython v1.22.$w " &&
	    lacks two.uf2 "MicroPython v1.22.$v " &&
	    is both.ndjson 'length == 2 and all(.flash.state == "running" and
		.flash.verified == ["readback", "boot"])'
}
rounds() {
	local i
	for ((i = 1; i <= ${MPF_ROUNDS:-4}; i++)); do
		round "$i" || { echo "round $i" >>err; return 1; }
	done
}
plug one
plug two
check "no board gets the image of its twin, in ${MPF_ROUNDS:-4} rounds" rounds
unplug one
unplug two
