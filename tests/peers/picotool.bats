# SPDX-License-Identifier: MIT
# Raspberry Pi's own tool at an RP2 on real USB: see tests/rig/picotool.bash.
load ../cli/helper

@test "picotool lists, writes and reads back our RP2s, and what mpf-flash wrote" {
	cd "$BATS_TEST_DIRNAME/../.." || exit
	run tests/rig/run picotool
	echo "$output"
	[ "$status" = 0 ]
	[[ $output != *"# skip"* ]] || skip "no virtual machine here"
}
