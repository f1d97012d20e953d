# SPDX-License-Identifier: MIT
# What a person sees of the commands of mpf: at a terminal of 80 columns, and
# where there is none.  The screens are in tests/data/screens; MPF_GOLDEN=1
# writes them anew.
load helper
load sim
load front
load ../www/site

setup() {
	front_setup
	lab
	door
}

teardown() {
	close_terminal
	unplug_all
	stop_servers
}

# at_terminal: of 80 columns, and as many lines as the longest help has.
at_terminal() {
	command -v tmux >/dev/null || skip "needs tmux"
	terminal 80 60 "echo here"
	until_screen '^here'
}

# look NAME COMMAND: the screen when the command has ended.
look() {
	# The first time, nothing is known of the site, and nothing is said.
	rm -rf "$MPFLASH_FIRMWARE"
	keys "clear; $2; echo $1: status \$?" Enter
	until_screen "^$1: status [0-9]"
	golden "look-$1"
}

# three: an old board with a file, a new board, and a board to be ignored.
three() {
	mkdir files
	echo 'print(1)' >files/main.py
	plug w rp2 --board RPI_PICO_W --path 1-1 --version 1.22.2 --files files
	plug p rp2 --board RPI_PICO --path 1-2 --version 1.28.0
	plug i rp2 --path 1-3
	export MPFLASH_IGNORE=ttyACM2
}

@test "help, and what is refused, at 80 columns" {
	at_terminal
	look help 'mpf --help'
	look help-flash 'mpf flash --help'
	look refused 'mpf lst; mpf flash --versoin 1; mpf flash --restore'
}

@test "each command without a board, at 80 columns" {
	mkdir none
	export MPF_SYSROOT=$PWD/none
	at_terminal
	look none 'for c in list flash download backup erase; do mpf $c; done'
}

@test "the boards and their files, at 80 columns" {
	three
	at_terminal
	look list 'mpf list'
	look list-usb 'mpf -u list'
	look backup 'mpf backup --output saved'
	look erase 'mpf erase --yes'
	look restore 'mpf restore --from saved'
	look format 'mpf format --yes'
}

@test "the plan, the download and the flash, at 80 columns" {
	three
	at_terminal
	look plan 'mpf flash --dry-run'
	look download 'mpf download'
	look boards 'mpf boards RPI_PICO_W'
	look flash 'mpf flash --yes'
	# Boards that are up to date are not asked for, but written down.
	look again 'mpf flash'
	look mismatch 'mpf flash --yes --board RPI_PICO'
}

@test "the same where there is no terminal, and with NO_COLOR" {
	three
	mpf list | same_screen look-list-pipe
	[[ $(FORCE_COLOR=1 mpf list) == *$'\033[1mDEVICE'* ]]
	NO_COLOR=1 FORCE_COLOR=1 mpf list | same_screen look-list-pipe
	mpf flash --yes | same_screen look-flash-pipe
}
