# SPDX-License-Identifier: MIT
#
# Four boards of four kinds go from one release to the next, at the same time,
# by an ordinary user whom the udev rules let in: an RP2 over PICOBOOT, an RP2
# that has its drive alone, a SAMD51 by its drive, and a pyboard by DfuSe.
declare -A four_a=([port]=0 [uid]=e6614103e7452d01 [sim]='rp2 --board RPI_PICO_W')
declare -A four_b=([port]=1 [uid]=e6614103e7452d02 [sim]='rp2 --board RPI_PICO'
	[drive]='-x drive')
declare -A four_c=([port]=2 [uid]=12ab34cd56ef7803 [parts]=no
	[sim]='samd --board SEEED_WIO_TERMINAL' [usb]='-d 239a:802b'
	[drive]='-k samd51 -b SAMD51P19A-Wio-Terminal-v0 -n 12AB34CD56EF7803')
declare -A four_d=([port]=3 [uid]=3f0041000d51353431323604 [loader]=fake_dfu
	[drive]='-n 354151353431' [sim]='stm32 --board PYBV11'
	[usb]='-d f055:9800')
site RPI_PICO_W rp2 'Pico W' e48bff56 'Raspberry Pi Pico W with RP2040'
site RPI_PICO rp2 'Pico' e48bff56 'Raspberry Pi Pico with RP2040'
site SEEED_WIO_TERMINAL samd 'Wio Terminal' 0 'Wio Terminal D51R with SAMD51P19A'
pyboard_site
[ -n "${mirror:-}" ] || serve
udev_up
rm -rf state firmware
mkdir -p locks state firmware
chmod -R a+rwX .
for board in four_{a,b,c,d}; do
	plug "$board"
done
udevadm settle -t 10

# The genuine pyboard image, where it is, is a preview: the plan for that board
# is made by itself.
as_user mpf-detect --json --progress none >four.found 2>err
{
	jq -c 'select(.device.usb_path == "1-4")' four.found |
	    as_user mpf-resolve --json --version "${pyb_version:-stable}"
	jq -c 'select(.device.usb_path != "1-4")' four.found |
	    as_user mpf-resolve --json
} 2>>err | as_user mpf-fetch --json --progress none --mirror "$mirror" \
    2>>err | as_user mpf-flash --json --progress none 2>>err |
    as_user mpf-record --json --progress none >four.ndjson 2>>err

check 'an ordinary user flashes four boards of four kinds at once' \
    is four.ndjson 'sort_by(.device.usb_path) | map(.flash.method) ==
	["picoboot", "uf2", "uf2", "dfu"] and all(.error == null and
	.flash.state == "running" and .record.toml == "written" and
	.flash.version_before == "v1.21.0")'
check 'each answers with the version that was planned' is four.ndjson '
    length == 4 and all(.board.version == .firmware.version and
	(.board.build // 0) == (.firmware.build // 0))'
firmware=site/resources/firmware
for pair in four_a:RPI_PICO_W four_b:RPI_PICO four_c:SEEED_WIO_TERMINAL; do
	check "${pair#*:} has its image byte for byte" \
	    cmp "$firmware/${pair#*:}-20240222-v1.22.2.uf2" "${pair%:*}.uf2"
done
for board in four_{a,b,c,d}; do
	unplug "$board"
done
