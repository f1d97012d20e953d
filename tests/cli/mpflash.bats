# SPDX-License-Identifier: MIT
# For those who come from mpflash: its own command lines, under its name.
load helper
load sim
load front
load ../www/site

setup() {
	front_setup
	listed=$BATS_TEST_DIRNAME/../data/mpflash-commands
}

teardown() {
	unplug_all
	stop_servers
}

# fresh: two boards with files, and an empty firmware folder.
fresh() {
	unplug_all
	sims=() sim_fds=()
	rm -rf fw fp firmware scratch ./*.events
	mkdir fw fp
	echo 'print(1)' | tee fw/main.py >fp/main.py
	plug w rp2 --board RPI_PICO_W --path 1-1 --version 1.22.2 --files fw
	plug p rp2 --board RPI_PICO --path 1-2 --version 1.24.1 --files fp
	export MPFLASH_FIRMWARE=$PWD/firmware
}

# check WHAT TEXT: does it hold?
check_boards() {
	[ "$(mpf-detect --json | jq -r '"\(.board.board_id) \(.board.version)"' |
		sort | paste -sd' ')" = "$1" ]
}
check_files() {
	local dir=firmware
	[ ! -d scratch ] || dir=scratch
	[ "$(cd $dir && echo */*.uf2)" = "$1" ]
}
check_added() {
	[ "$(mpf db list --custom --json | wc -l)" = "$1" ]
	mpf db list --custom --json | grep -q Own
}
check_wiped() {
	[ ! -e "fw/$1" ]
	[ ! -e "fp/$1" ]
}

@test "each command line of mpflash's README does the same, or is refused" {
	lab
	for board in RPI_PICO RPI_PICO_W; do
		echo '- 20261101 v1.29.0-preview.12.g0123456789 uf2
- 20260406 v1.28.0 uf2' | offer $board rp2
	done
	build RPI_PICO-20261101-v1.29.0-preview.12.g0123456789.uf2 \
		v1.29.0-preview.12.g0123456789 'Raspberry Pi Pico with RP2040'
	build RPI_PICO_W-20261101-v1.29.0-preview.12.g0123456789.uf2 \
		v1.29.0-preview.12.g0123456789 "$pico"
	door
	ln -s mpf bin/mpflash
	mkfw e48bff56 v1.29.0 2026-04-06 "$pico" 60 >own.uf2
	n=0
	while IFS=$'\t' read -r command wanted; do
		case $command in '#'*) continue ;; esac
		echo "# mpflash $command"
		n=$((n + 1))
		fresh
		what=${wanted%%: *} text=${wanted#*: }
		# shellcheck disable=SC2086 # words
		run --separate-stderr mpflash $command </dev/null
		if [ "$what" = refused ]; then
			[ "$status" = 2 ]
			[[ $stderr == *"hint: "*"$text"* ]]
		else
			[ "$status" = 0 ]
			"check_$what" "$text"
		fi
	done <"$listed"
	[ "$n" = 19 ]
}

@test "each option of mpflash is one of mpf's, or is refused with words" {
	# The options of its commands, but for those of pyOCD's own commands.
	while read -r command options; do
		for option in $options; do
			run -2 --separate-stderr mpf "$command" "$option" --nonsense
			# Either mpf goes on to what is wrong, or says who does it.
			[[ $stderr == *"--nonsense: not an option of mpf $command"* ||
				$stderr == *"mpf: ${option%%=*}: not"*"hint: "*" does that"* ]]
		done
	done <<-'END'
		list --json -j --serial=x --serial-port=x --ignore=x --bluetooth --no-bluetooth --bt --progress --no-progress --reset --no-reset
		download --version=stable --board=x --serial=x --ignore=x --clean --no-clean --force
		flash --version=stable --serial=x --serial-port=x --volume=x --ignore=x --bluetooth --bt --port=rp2 --board=x --variant=x --var=x --cpu=x --chip=x --erase --no-erase --format --no-format --bootloader=mpy --bl=mpy --method=uf2 --flash-method=uf2 --probe=x --probe-id=x --auto-install-packs --no-auto-install-packs --target=x --force --build --clean --flash_mode=keep --fm=keep --retry --no-retry --retry-baud=115200 --retry-flash-mode=dio --rfm=dio --custom --softdevice=x --repair-softdevice
		erase --serial=x --ignore=x --bluetooth --yes
		format --serial=x --ignore=x --bluetooth --yes
	END
	mpf -q -V -u -d x --no-interactive --interactive -x -i list --help >/dev/null
}
