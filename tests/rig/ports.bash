# SPDX-License-Identifier: MIT
#
# Three ports with three drivers: cdc_acm, cp210x and ch341.  What the devices
# saw of the host's doings is in their logs.
declare -A pico=([port]=0 [uid]=e6614103e7452d2f [sim]='rp2 --board RPI_PICO_W')
declare -A esp=([port]=1 [uid]=a0b1c2d3e4f5 [sim]=esp32 [usb]='-c cp2102 -E')
declare -A mute=([port]=2 [uid]=00 [sim]=silent [usb]='-c ch340')

plug esp
plug mute
plug pico
check 'a port of each driver is there' test -c "$tty"

same_ports() {
	mpf-ports bus >bus.names 2>err
	mpf-ports list 2>>err | sort | cmp - bus.names
}
check 'libserialport and sysfs know the same ports' same_ports

mpf-detect --json --progress none --keep-order >found.ndjson 2>err
check 'each is what it is, by its place' is found.ndjson '
    map([.device.id, .device.mode, .board.port]) == [
	["rig/usb/1-1", "repl", "rp2"], ["rig/usb/1-2", "repl", "esp32"],
	["rig/usb/1-3", "silent", null]]'
check 'to be asked has reset no board' lacks esp.log reset
check 'and has let no modem line fall' lacks pico.log 'dtr 0'

# Whoever reads a port gets half of the answers, so it is left alone.
cat "$tty" >/dev/null &
holder=$!
# shellcheck disable=SC2317 # called by within
reads() { compgen -G "/proc/$holder/fd/3" >/dev/null; }
within 10 reads
mpf-detect --json --progress none >busy.ndjson 2>err
check 'a port that another program holds is busy, and says by whom' \
    is busy.ndjson 'map(select(.device.usb_path == "1-1"))[0] |
	.device.mode == "busy" and .device.held_by.pid == '"$holder"' and
	.device.held_by.command == "cat" and .board == null'
mpf-detect --json --progress none --serial 1-1 >busy.ndjson 2>err
check 'named exactly it is asked, and then as busy' is busy.ndjson \
    '.[0].device | .mode == "busy" and .held_by.command == "cat"'
kill "$holder"
wait "$holder" 2>/dev/null

# A speed that termios has no name for: an ESP8266 boots at it.
tty_of pico
mpf-ports baud "$tty" 74880 2>err
check 'a port is set to any speed' grep -q 'baud 74880' pico.log

# A device that takes no more, as its firmware stands still.
tty_of mute
read -r child _ <"/proc/$(<mute.pid)/task/$(<mute.pid)/children"
kill -STOP "$child"
mpf-ports stuff "$tty" >stuffed 2>err
read -r ms before after <stuffed
check 'a port that takes no more is closed without a wait' \
    test "${ms:-32000}" -lt 5000
check 'and its closing_wait is as it was' test "$before" -eq "$after"
kill -CONT "$child"
tty_of pico

# A port is root's alone until udev has been there.
mkdir -m 1777 fresh
chmod 600 "$tty"
{ nap 400; chmod 666 "$tty"; } &
MPF_LOCKS=$work/fresh as_user mpf-detect --json --progress none \
    --serial "$tty" >fresh.ndjson 2>err
wait $!
check 'a port that was just plugged in is asked as soon as it may be' \
    is fresh.ndjson '.[0] | .board.port == "rp2" and .error == null'
unplug esp
unplug mute
