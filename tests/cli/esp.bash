# SPDX-License-Identifier: MIT
# Images for ESP chips.

# byte NUMBER: that byte.
byte() { printf '%b' "\\x$(printf %02x "$1")"; }

# image CHIP-ID MACHINE [BYTES [MARK [VERSION DATE]]]: an ESP image that says
# what it is, on stdout; its first segment begins with MARK.
image() {
	local id=$1 machine=$2 more=${3:-200000} mark=${4:-} text sum
	text="MicroPython ${5:-v1.25.0} on ${6:-2025-04-15}; $machine"
	{
		# Magic, one segment, dio, 4 MB; entry; chip; no SHA-256.
		printf '\xe9\x01\x02\x20\x00\x00\x08\x40'
		printf '\xee\0\0\0'
		byte "$id"
		head -c 11 /dev/zero
		printf '\0\0\xfb\x3f\x80\0\0\0'
		{ printf '%b%s' "$mark" "$text"; head -c 128 /dev/zero; } |
		    head -c 128
	} >body
	sum=239
	for byte in $(tail -c 128 body | od -An -v -tu1); do
		sum=$((sum ^ byte))
	done
	{
		cat body
		head -c $((15 - $(wc -c <body) % 16)) /dev/zero
		byte "$sum"
		head -c "$more" /dev/zero | tr '\0' '\245'
	}
}
