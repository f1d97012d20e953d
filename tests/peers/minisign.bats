# SPDX-License-Identifier: MIT
#
# Signatures that minisign(1) makes, checked by mpf-fetch and mpf-bundle.
load ../cli/helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	dir=$BATS_TEST_TMPDIR/firmware
	mkfw e48bff56 v1.28.0 2026-04-06 'Raspberry Pi Pico W with RP2040' 40 \
		>fw.uf2
}

# fetch [OPTION...]: that firmware.
# shellcheck disable=SC2119,SC2120 # run gives it arguments
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

@test "a bundle that minisign signs is one that mpf-bundle accepts" {
	minisign -G -W -p pub -s key >/dev/null
	minisign -G -W -p other -s other.key >/dev/null
	fetch | mpf-bundle export lab.tar --dir "$dir" >/dev/null
	minisign -S -s key -m lab.tar >/dev/null
	run -0 --separate-stderr mpf-bundle verify lab.tar --dir there \
		--pubkey pub
	run -2 --separate-stderr mpf-bundle import lab.tar --dir there \
		--pubkey other
	echo >>lab.tar
	run -2 --separate-stderr mpf-bundle import lab.tar --dir there \
		--pubkey pub
}
