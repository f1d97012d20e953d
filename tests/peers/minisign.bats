# SPDX-License-Identifier: MIT
#
# minisign(1) and mpf-fetch check each other's signatures.
load ../cli/helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	dir=$BATS_TEST_TMPDIR/firmware
	mkfw e48bff56 v1.28.0 2026-04-06 'Raspberry Pi Pico W with RP2040' 40 \
		>fw.uf2
}

# fetch [OPTION...]: that firmware.
fetch() {
	mpf-fetch --dir "$dir" --board RPI_PICO_W --source fw.uf2 "$@"
}

@test "many keys and files, plain and hashed, and what was changed" {
	for n in $(seq 12); do
		minisign -G -W -f -p pub -s key >/dev/null
		mkfw e48bff56 v1.28.0 2026-04-06 x "$((40 + n))" >fw.uf2
		kind=(-l)
		((n % 2)) || kind=()
		minisign -S "${kind[@]}" -s key -m fw.uf2 -t "run $n" >/dev/null
		run -0 --separate-stderr fetch --pubkey pub
		[[ $output == *'"signature"'* ]]
		run -0 --separate-stderr fetch --pubkey "$(tail -n 1 pub)"
		# One bit of the file, or of the comment.
		printf '\377' | dd of=fw.uf2 bs=1 seek="$((600 + n))" \
			conv=notrunc status=none
		run -1 minisign -V -q -p pub -m fw.uf2
		run -1 --separate-stderr fetch --pubkey pub
		[[ $output == *'"verify"'* ]]
	done
}

@test "a bundle that mpf-fetch signs is one that minisign accepts" {
	minisign -G -W -p pub -s key >/dev/null
	minisign -G -W -p other -s other.key >/dev/null
	fetch --export lab.tar --seckey key >/dev/null
	run -0 minisign -V -H -p pub -m lab.tar
	[[ $output == *"Signature and comment signature verified"* ]]
	run -1 minisign -V -p other -m lab.tar
	echo >>lab.tar
	run -1 minisign -V -p pub -m lab.tar
	run -2 --separate-stderr mpf-fetch --dir there --import lab.tar \
		--pubkey pub
}

@test "a key with a password as minisign makes it, with all its memory" {
	# minisign has scrypt take 1 GB.
	[ "$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo)" -gt 1600000 ] ||
		skip "not enough memory"
	printf 'open sesame\nopen sesame\n' |
		minisign -G -p pub -s key >/dev/null 2>&1
	grep -q '^RWRTY0Iy' key	# encrypted
	echo 'open sesame' >word
	fetch --export lab.tar --seckey key --password word >/dev/null
	run -0 minisign -V -p pub -m lab.tar
	echo 'closed' >word
	run -2 --separate-stderr fetch --export lab.tar --seckey key \
		--password word
	[[ $output == *"not its password"* ]]
}
