# SPDX-License-Identifier: MIT
#
# Two boards of one kind, told to go at the same moment, each with an image of
# its own: the last to go is the first to come back, so that their names and
# numbers change hands each time.  $MPF_ROUNDS rounds.
declare -A one=([port]=0 [uid]=e6614103e7452d2f [drive]='-f one.nor'
	[sim]='rp2 --board RPI_PICO')
declare -A two=([port]=1 [uid]=e6614c311b5a6b2c [drive]='-f two.nor'
	[sim]='rp2 --board RPI_PICO')
rm -f {one,two}.{nor,late,elsewhere}
twin_machine='Raspberry Pi Pico with RP2040'
mkfw e48bff56 v1.24.1 2024-11-29 "$twin_machine" 300 >twin-a.uf2
mkfw e48bff56 v1.25.0 2025-04-15 "$twin_machine" 300 >twin-b.uf2

plug one
plug two
for board in one two; do
	job "$board" twin-a.uf2 v1.24.1 RPI_PICO
done >a.job
for board in one two; do
	job "$board" twin-b.uf2 v1.25.0 RPI_PICO
done >b.job
# The first board of a, the second of b; and the other way round.
{ sed -n 1p a.job; sed -n 2p b.job; } >ab.job
{ sed -n 1p b.job; sed -n 2p a.job; } >ba.job

# came NAME IMAGE: has that board that image, and no other?
came() { cmp -s "twin-$2.uf2" "$1.uf2"; }
rounds=${MPF_ROUNDS:-20} wrong=0 failures=0 names=()
# round JOB LATE IMAGE-OF-ONE IMAGE-OF-TWO
round() {
	rm -f {one,two}.late
	touch "$2.late"
	flash "$1" || failures=$((failures + 1))
	{ came one "$3" && came two "$4"; } || wrong=$((wrong + 1))
	names+=("$(jq -r 'select(.device.usb_path == "1-1") |
	    .device.serial_port' "$1.ndjson")")
}
for ((i = 0; i < rounds; i += 2)); do
	round ab one a b
	round ba two b a
done
check "in $rounds rounds no board got the other's image" test "$wrong" = 0
check 'and each got its own' test "$failures" = 0
check 'while their names changed hands' test \
    "$(printf '%s\n' "${names[@]}" | sort -u | wc -l)" = 2
unplug one
unplug two

# The boards themselves change places on their way.  Only an RP2350 has an id
# in its boot loader: nothing is written to either.
one[sim]='rp2 --board RPI_PICO2' one[version]=1.24.0
two[sim]=${one[sim]} two[version]=1.24.0
one[drive]='-k rp2350 -n E6614103E7452D2F -f one.nor'
two[drive]='-k rp2350 -n E6614C311B5A6B2C -f two.nor'
mkfw e48bff59 v1.24.1 2024-11-29 'Raspberry Pi Pico2 with RP2350' 300 \
    >twin-c.uf2
rm -f {one,two}.{nor,late}
plug one
plug two
for board in one two; do
	job "$board" twin-c.uf2 v1.24.1 RPI_PICO2
done >c.job
echo 1 >one.elsewhere
echo 0 >two.elsewhere
flash c
check 'boards that changed places are told by their ids' is c.ndjson '
    map(.error.code) == ["mismatch", "mismatch"]'
unplug one
unplug two
erased='picoboot: .* [1-9][0-9]* sectors'
check 'and the first was not written to' lacks one.log "$erased"
check 'nor was the second' lacks two.log "$erased"
rm -f {one,two}.elsewhere
