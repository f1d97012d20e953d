# SPDX-License-Identifier: MIT
# The policy: what mpf-flash refuses whatever it is told.
load helper
load add
load sim

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export MPF_HOST=bench XDG_CONFIG_HOME=$BATS_TEST_TMPDIR/config
	mkdir -p config/mpf
	policy=config/mpf/policy
	uf2 e48bff56 1.24.1 "$PICO" 400 >fw.uf2
}

teardown() { unplug_all; }

# flash STATUS [OPTION...]: the board that is plugged in, with fw.uf2.
flash() {
	local status=$1
	shift
	[ -e record ] || mpf-add --json fw.uf2 >record
	run "-$status" --separate-stderr mpf-flash --json "$@" <record
}

# refused_by RULE LINE: and the board was not touched.
refused_by() {
	[ "$(field .error.code)" = permission ]
	[[ $(field .error.message) == *"refused by policy $1 ($PWD/$policy:$2)"* ]]
	[ "$(field .error.retry)" = false ]
	[ "$(field .flash.state)" = null ]
}

@test "a policy refuses boards, versions, sources and downgrades" {
	local rule value
	plug a rp2 --board RPI_PICO --path 1-1.2 --version 1.25.0 --keep kept
	while read -r rule value; do
		printf '# the lab\n%s %s\n' "$rule" "$value" >"$policy"
		flash 1
		refused_by "$rule" 2
		flash 1 --dry-run
		refused_by "$rule" 2
		flash 1 --force
		refused_by "$rule" 2
	done <<-'EOF'
	board ESP32*
	version >=1.25
	source https://micropython.org/*
	downgrade no
	key RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3
	EOF
	[ ! -e kept ]
	printf '%s\n' 'board RPI_*' 'version 1.24' "source file://$PWD/*" \
		'downgrade yes' >"$policy"
	flash 0
	[ "$(field .flash.state)" = running ]
}

@test "with a key only what it has signed is flashed, byte for byte" {
	plug a rp2 --board RPI_PICO --path 1-1.2 --version 1.22.2 --keep kept
	minisign -G -W -p lab.pub -s lab.key >/dev/null
	minisign -G -W -p other.pub -s other.key >/dev/null
	echo "key $PWD/lab.pub" >"$policy"
	flash 1
	refused_by key 1
	# The word of a record is no signature.
	jq -c '.firmware.trust = "signature" | .image.checks += ["signature"]' \
		record >told
	mv told record
	flash 1
	refused_by key 1
	path=$(jq -r .image.path record)
	minisign -S -s other.key -m "$path" >/dev/null
	flash 1
	refused_by key 1
	minisign -S -s lab.key -m "$path" >/dev/null
	flash 0
	cmp fw.uf2 kept
}

@test "what the board runs now counts, not what its record says" {
	plug a rp2 --board RPI_PICO --path 1-1.2 --version 1.25.0 --keep kept
	echo 'downgrade no' >"$policy"
	mpf-add --json fw.uf2 >record
	mpf-detect --json >board
	jq -cs '.[0] * {device: .[1].device, board: .[1].board} |
		.board.version = "v1.20.0"' record board >told
	mv told record
	flash 1
	[[ $(field .error.message) == *"refused by policy downgrade"* ]]
	[ ! -e kept ]
}

@test "a policy that cannot be read or understood forbids all" {
	plug a rp2 --board RPI_PICO --path 1-1.2 --version 1.22.2 --keep kept
	echo 'bord RPI_PICO' >"$policy"
	flash 1
	[[ $(field .error.message) == *"policy:1: an unknown rule"* ]]
	[[ $(field .error.hint) == *mpf-policy* ]]
	echo 'version soon' >"$policy"
	flash 1
	[[ $(field .error.message) == *"policy:1: "* ]]
	rm "$policy"
	mkdir "$policy"
	flash 1
	[ ! -e kept ]
	rmdir "$policy"
	flash 0
}

@test "root's policy counts besides the user's own" {
	[ "$(id -u)" = 0 ] || skip "not root"
	plug a rp2 --board RPI_PICO --path 1-1.2 --version 1.22.2 --keep kept
	mpf-add --json fw.uf2 >record
	cp -a /etc etc
	mkdir -p etc/mpf
	echo 'board ESP32*' >etc/mpf/policy
	echo 'board *' >"$policy"
	unshare --mount true 2>/dev/null || skip "no mounts of our own"
	run -1 --separate-stderr unshare --mount bash -c \
		'mount --bind etc /etc && mpf-flash --json <record'
	[[ $(field .error.message) == \
		*"refused by policy board (/etc/mpf/policy:1)"* ]]
	chmod 666 etc/mpf/policy
	run -1 --separate-stderr unshare --mount bash -c \
		'mount --bind etc /etc && mpf-flash --json <record'
	[[ $(field .error.message) == *"not root's alone"* ]]
	[ ! -e kept ]
}
