# SPDX-License-Identifier: MIT
#
# A board with CircuitPython is asked by name, brought into its bootloader, and
# runs MicroPython afterwards.
declare -A circuit=([port]=0 [uid]=e6614103e7452d09 [sim]='rp2 --board RPI_PICO'
	[firmware]=$top/tests/rig/circuitpython)
site RPI_PICO rp2 'Pico' e48bff56 'Raspberry Pi Pico with RP2040'
[ -n "${mirror:-}" ] || serve
rm -f circuitpython.ready
plug circuit
within 60 test -e circuitpython.ready
[ ! -e /run/udev/control ] || udevadm settle -t 10
pipe circuit_skip
check 'a board with CircuitPython is left alone' is circuit_skip.ndjson '.[0] |
    .board.family == "circuitpython" and .firmware.action == "skip" and
    .flash == null'
pipe circuit detect --serial 1-1 resolve --board RPI_PICO
check 'named, it goes into its bootloader by its own words' is circuit.ndjson '
    .[0] | .flash.bootloader == "mpy" and .flash.state == "running" and
	.board.family == "micropython" and .board.version == "v1.22.2" and
	.error == null'
unplug circuit
