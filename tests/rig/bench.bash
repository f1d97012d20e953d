# SPDX-License-Identifier: MIT
#
# tests/rig/run bench: mpf-flash beside the tools of other people, over the
# same device, whose clock it is: from the first request, or block, to the
# last.  Numbers, no verdict: a line for tests/bench/usb is
#
#	bench WHAT WHO MILLISECONDS PEAK-KB
# There is no udevd: its rules take longer than what is measured.
runs=5
[ -z "${MPF_BENCH_FAST:-}" ] || runs=1
image=1900				# blocks of 256 bytes

declare -A rom=([port]=1 [uid]=3f0041000d51353431323637 [in]=drive
	[loader]=fake_dfu [sim]='stm32 --board PYBV11' [usb]='-d f055:9800')
declare -A pico=([port]=0 [uid]=5b8a9c1d2e3f4051 [in]=drive
	[sim]='rp2 --board RPI_PICO')
mkfw dfu v1.22.2 2024-02-22 'PYBv1.1 with STM32F405RG' "$image" >image.dfu
mkfw e48bff56 v1.24.1 2024-11-29 'Raspberry Pi Pico with RP2040' "$image" \
    >image.uf2
mpf-fetch --json --board PYBV11 --source image.dfu 2>err |
    jq -c 'del(.mpf)' >image.fetched

# --- what is measured; each ends with the device gone ---

gone_from_dfu() { ! dfu_of rom; }
gone_from_disk() { ! disk_of pico; }
dfu_util() {
	dfu-util -p 1-2 -a 0 -s :leave -D image.dfu >dfu.log 2>err
	within 20 gone_from_dfu
}
picotool_load() {
	picotool load -v -x image.uf2 >peer.log 2>err
	within 20 gone_from_disk
}
copy_sync() {
	cp image.uf2 pico.mnt/ 2>err
	sync -f pico.mnt 2>>err
	within 20 gone_from_disk
}
mpf_flash() {
	took -i bench.job -o bench.ndjson mpf-flash --json --progress none \
	    "$@" >took.out 2>err
}
picoboot() { mpf_flash --method picoboot; }
uf2() { mpf_flash --method uf2; }

# --- the device before, plugged in, and its record, which stays the same ---

rom_ready() {
	plug rom
	[ -s "$1" ] || mpf-detect --json --serial 1-2 2>err |
	    jq -c --slurpfile f image.fetched '. + $f[0]' >"$1"
}
pico_ready() {
	cp pico.before pico.nor
	plug pico
	[ -s "$1" ] || job pico image.uf2 v1.24.1 RPI_PICO >"$1"
}
drive_ready() {
	pico_ready "$1"
	mount "$disk" pico.mnt
}

# measure WHAT NAME READY HOW: so many times, of a new device each.
measure() {
	local what=$1 name=$2 i ms kb
	rm -f bench.job
	for ((i = 0; i < runs; i++)); do
		"$3" bench.job
		echo '0 0 0 0' >took.out
		"$4"
		unplug "$name" 2>/dev/null
		umount -l pico.mnt 2>/dev/null
		ms=$(sed -n "s/.*$clock in \([0-9]*\) ms.*/\1/p" "$name.log")
		read -r _ _ kb _ <took.out
		echo "bench $what $4 ${ms:-0} $kb"
	done
}

mkdir -p pico.mnt
clock=requests
rom[drive]='-e 100 -w 2'
measure DfuSe,cold rom rom_ready dfu_util
cp rom.uf2 peer.flash
measure DfuSe,cold rom rom_ready mpf_flash
check 'dfu-util and mpf-flash write the same' cmp rom.uf2 peer.flash
printf x | dd of=rom.uf2 bs=1 seek=200000 conv=notrunc 2>/dev/null
mv rom.uf2 equal.flash
rom[drive]+=' -i equal.flash'	# for dfu-util that is no difference
measure DfuSe,equal rom rom_ready mpf_flash
check 'so they do where most was there' cmp rom.uf2 peer.flash

clock='picoboot: [0-9]* commands'
pico[drive]='-f pico.nor'
head -c 2097152 /dev/urandom >pico.before
if [ -n "$(command -v picotool)" ]; then
	measure PICOBOOT,cold pico pico_ready picotool_load
	mv pico.nor peer.nor
fi
measure PICOBOOT,cold pico pico_ready picoboot
[ ! -e peer.nor ] || check 'picotool and mpf-flash write the same' \
    cmp -n $((image * 256)) pico.nor peer.nor
mv pico.nor pico.before
measure PICOBOOT,identical pico pico_ready picoboot
check 'and an identical image is left' cmp pico.nor pico.before

# As a sector of real flash takes.
clock='blocks'
pico[drive]+=' -e 45'
measure UF2,copy pico drive_ready copy_sync
mv pico.uf2 peer.uf2
measure UF2,copy pico drive_ready uf2
check 'cp and mpf-flash copy the same' cmp pico.uf2 peer.uf2
