# SPDX-License-Identifier: MIT
#
# tests/rig/run bench: mpf-flash beside dfu-util, over the same device, whose
# clock it is: from its first request to its last.  Numbers, no verdict.
udev_up
declare -A rom=([port]=1 [uid]=3f0041000d51353431323637 [in]=drive
	[loader]=fake_dfu [drive]='-e 300 -w 8' [sim]='stm32 --board PYBV11'
	[usb]='-d f055:9800')
mkfw dfu v1.22.2 2024-02-22 'PYBv1.1 with STM32F405RG' 1900 >image.dfu
mpf-fetch --json --board PYBV11 --source image.dfu 2>err |
    jq -c 'del(.mpf)' >image.fetched

# took: the milliseconds of the last device.
took() { sed -n 's/.* requests in \([0-9]*\) ms.*/\1/p' rom.log | tail -n 1; }
gone_from_dfu() { ! dfu_of rom; }
by_peer() {
	dfu-util -p 1-2 -a 0 -s :leave -D image.dfu >dfu.log 2>err
	within 20 gone_from_dfu
}
by_us() {
	mpf-detect --json --serial 1-2 2>err |
	    jq -c --slurpfile f image.fetched '. + $f[0]' |
	    mpf-flash --json >bench.ndjson 2>err
}
# median WHAT HOW [OPTION...]: of five, with these options of the device.
median() {
	local what=$1 how=$2 i times=''
	rom[boot]=${3:-}
	for i in 1 2 3 4 5; do
		plug rom
		"$how"
		times+="$(took) "
		cp rom.uf2 "$how.flash"
		unplug rom 2>/dev/null
	done
	# shellcheck disable=SC2046,SC2086 # numbers are words
	set -- $(printf '%s\n' $times | sort -n)
	echo "# $what: $3 ms (of $*)"
}
median 'dfu-util, cold' by_peer
median 'mpf-flash, cold' by_us
# Of what is there, one page differs.
cp by_us.flash equal.flash
printf x | dd of=equal.flash bs=1 seek=200000 conv=notrunc 2>/dev/null
median 'dfu-util, one page differs' by_peer '-i equal.flash'
median 'mpf-flash, one page differs' by_us '-i equal.flash'
check 'and both wrote the same' cmp by_peer.flash by_us.flash
