# SPDX-License-Identifier: MIT
# For the tests of mpf-add: a firmware folder, and small files of each format.

export MPFLASH_FIRMWARE=$BATS_TEST_TMPDIR/firmware
unset GITHUB_{ACTIONS,SHA,REF_TYPE,REF_NAME,REPOSITORY,SERVER_URL,TOKEN,API_URL}
unset GITLAB_CI CI_{COMMIT_SHA,COMMIT_BRANCH,PROJECT_URL,RUNNER_DESCRIPTION}
unset RUNNER_NAME NETRC CREDENTIALS_DIRECTORY "${!MPF_BUILD_@}" "${!GIT_@}"
export HOME=$BATS_TEST_TMPDIR/home GIT_CONFIG_NOSYSTEM=1
mkdir -p "$HOME"

dir=$MPFLASH_FIRMWARE
PICO='Raspberry Pi Pico with RP2040'

row() { sqlite3 "$dir/mpflash.db" "$1"; }

# add STATUS ARG...: its records in $output.
add() {
	local status=$1
	shift
	run "-$status" --separate-stderr mpf-add --json --retries 0 "$@"
}

# refused CODE MESSAGE HINT ARG...: nothing is stored.
refused() {
	local code=$1 message=$2 hint=$3
	shift 3
	add 1 "$@"
	[ "$(field .error.code)" = "$code" ]
	[[ $(field .error.message) == *"$message"* ]]
	[[ $(field .error.hint) == *"$hint"* ]]
	[ "$(field .error.stage)" = add ]
	nothing_there
}

# nothing_there: neither a file nor a row.
nothing_there() {
	[ -z "$(find "$dir" -path '*/custom/*' -type f 2>/dev/null)" ]
	[ ! -e "$dir/mpflash.db" ] ||
		[ "$(row 'SELECT count(*) FROM mpf_custom')" = 0 ]
}

# pico_uf2 [TAG [MACHINE [BLOCKS]]]: on stdout.
pico_uf2() {
	mkfw e48bff56 "${1:-v1.24.1}" 2024-11-29 "${2:-$PICO}" "${3:-8}"
}

# make FORMAT [TAG [MACHINE]]: a small file of that format, on stdout.
make() {
	/usr/bin/python3 - "$@" <<-'EOF'
	import hashlib, struct, sys, zlib
	kind = sys.argv[1]
	tag = (sys.argv[2:] or ["v1.24.1"])[0]
	machine = (sys.argv[3:] or [{
	    "esp": "Generic ESP32 module with ESP32",
	    "app": "Generic ESP32 module with ESP32",
	    "dfu": "PYBv1.1 with STM32F405RG",
	    "hex": "PYBv1.1 with STM32F405RG",
	    "bin": "PYBv1.1 with STM32F405RG"}[kind]])[0]
	text = f"3.4.0; MicroPython {tag} on 2024-11-29\0; {machine}\0".encode()

	def esp(data):
	    head = bytes([0xe9, 1, 0, 0]) + struct.pack("<I", 0x40080000)
	    head += bytes([0xee] + [0] * 14 + [1])
	    body = struct.pack("<II", 0x3ffb0000, len(data)) + data
	    out = head + body
	    out += bytes(15 - len(out) % 16)
	    total = 0xef
	    for b in data:
	        total ^= b
	    out += bytes([total])
	    return out + hashlib.sha256(out).digest()

	if kind == "app":
	    out = esp(struct.pack("<I", 0xabcd5432) + text)
	elif kind == "esp":
	    table = struct.pack("<HBBII16sI", 0x50aa, 0, 0, 0x10000, 0x10000,
	        b"factory", 0)
	    table += b"\xeb\xeb" + b"\xff" * 14 + hashlib.md5(table).digest()
	    out = esp(b"boot").ljust(0x7000, b"\xff") + table
	    out = out.ljust(0xf000, b"\xff")
	    out += esp(struct.pack("<I", 0xabcd5432) + text)
	elif kind == "dfu":
	    element = struct.pack("<II", 0x08000000, len(text)) + text
	    target = b"Target" + bytes(260)
	    target += struct.pack("<II", len(element), 1) + element
	    out = b"DfuSe\x01" + struct.pack("<IB", 11 + len(target), 1)
	    out += target + struct.pack("<HHHH3sB", 0, 0xdf11, 0x0483, 0x011a,
	        b"UFD", 16)
	    out += struct.pack("<I", zlib.crc32(out) ^ 0xffffffff)
	elif kind == "hex":
	    def line(addr, t, data):
	        raw = struct.pack(">BHB", len(data), addr, t) + data
	        return ":" + (raw + bytes([-sum(raw) & 255])).hex().upper() + "\n"
	    out = line(0, 4, b"\x08\0")
	    for i in range(0, len(text), 16):
	        out += line(i, 0, text[i:i + 16])
	    out = (out + line(0, 1, b"")).encode()
	else:
	    out = struct.pack("<II", 0x20020000, 0x08000101) + bytes(64) + text
	sys.stdout.buffer.write(out)
	EOF
}
