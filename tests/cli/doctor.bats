# SPDX-License-Identifier: MIT
# mpf-doctor, under trees in the shape of a system.
load helper
load ../www/site

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	servers=()
	unset FORCE_COLOR CLICOLOR_FORCE MPF_SYSROOT
	export MPFLASH_FIRMWARE=$PWD/firmware
}

teardown() { stop_servers; }

# healthy: a system without faults, with two boards; in $root.
healthy() {
	root=$PWD/root
	cp -a "$BATS_TEST_DIRNAME/../data/sysroot/bench" "$root"
	mkdir -p "$root/etc" "$root/run/udev" "$root/lib/udev/rules.d" \
		"$root/proc/1"
	# Whoever runs this is in that group; root may do all anyway.
	local gid=20
	[ "$(id -u)" = 0 ] || gid=$(id -g)
	printf 'root:x:0:\ndialout:x:%s:me\n' "$gid" >"$root/etc/group"
	touch "$root/run/udev/control"
	cp "$BATS_TEST_DIRNAME/../../share/udev/60-mpf.rules" \
		"$root/lib/udev/rules.d"
	echo init >"$root/proc/1/comm"
}

# look: what is said of each check, but for ok: "CHECK STATUS NEXT".
look() {
	mpf-doctor --sysroot "$root" --offline --json |
		jq -r 'select(.status != "ok") |
			"\(.check) \(.status) \(.next // "-")"' |
		grep -v -e '^network note' -e '^tools note' || :
}

@test "a healthy system: each check is ok, and the status 0" {
	healthy
	run -0 mpf-doctor --sysroot "$root" --offline
	[[ ${lines[0]} =~ ^ok\ +groups\ +root\ may|^ok\ +groups\ +you ]]
	[ "$(awk '/^(ok|note|bad)/ { print $2 }' <<<"$output" | uniq |
		paste -sd' ')" = \
		"groups udev modemmanager brltty usb ports folder store locks clock network tools" ]
	[ "$(look)" = "" ]
	run -0 mpf-doctor --sysroot "$root" --offline --quiet
	[ "$output" = "" ]
}

@test "udev's rules: missing, too late, of another version" {
	healthy
	at=$root/lib/udev/rules.d/60-mpf.rules
	echo '# other' >>"$at"
	[ "$(look)" = "udev note install_udev_rule" ]
	rm "$at"
	[ "$(look)" = "udev bad install_udev_rule" ]
	run -1 mpf-doctor --sysroot "$root" --offline -q
	[[ ${lines[0]} == "bad   udev "*"60-mpf.rules is not installed"* ]]
	[[ ${lines[1]} == *"sudo make install"* ]]
	# A file in /etc hides the others, and an older place is found, too.
	mkdir -p "$root/etc/udev/rules.d"
	cp "$BATS_TEST_DIRNAME/../../share/udev/60-mpf.rules" \
		"$root/etc/udev/rules.d"
	[ "$(look)" = "" ]
	rm "$root/run/udev/control"
	[ "$(look)" = "udev note -" ]
}

@test "ModemManager and brltty: where they run, and where rules are for them" {
	healthy
	mkdir "$root/proc/77"
	echo ModemManager >"$root/proc/77/comm"
	[ "$(look)" = "" ]
	rm "$root/lib/udev/rules.d/60-mpf.rules"
	[ "$(look)" = $'udev bad install_udev_rule\nmodemmanager bad install_udev_rule' ]
	cp "$BATS_TEST_DIRNAME/../../share/udev/60-mpf.rules" \
		"$root/lib/udev/rules.d"
	touch "$root/lib/udev/rules.d/85-brltty.rules"
	[ "$(look)" = "brltty note remove_brltty" ]
	echo brltty >"$root/proc/77/comm"
	[ "$(look)" = "brltty bad remove_brltty" ]
}

@test "USB: a bridge without a port, a port without a file, autosuspend" {
	healthy
	rm -r "${root:?}"/{sys,dev}
	cp -a "$BATS_TEST_DIRNAME/../data/sysroot/stuck/"* "$root"
	run -1 mpf-doctor --sysroot "$root" --offline -q
	[[ $output == *"bad   usb "*"no driver has made a serial port"*modprobe* ]]
	[[ $output == *"bad   ports "*"/dev has no such file"* ]]
	rm -rf "$root"
	healthy
	mkdir "$root/sys/bus/usb/devices/1-2/power"
	echo auto >"$root/sys/bus/usb/devices/1-2/power/control"
	[ "$(look)" = "usb note stop_autosuspend" ]
	echo on >"$root/sys/bus/usb/devices/1-2/power/control"
	[ "$(look)" = "" ]
	rm -r "${root:?}/sys"
	cp -a "$BATS_TEST_DIRNAME/../data/sysroot/empty/sys" "$root"
	[ "$(look)" = "ports note plug_in" ]
}

@test "the folder, the database, the locks" {
	healthy
	mkdir firmware
	echo garbage >firmware/mpflash.db
	[ "$(look)" = "store bad replace_database" ]
	rm firmware/mpflash.db
	[ "$(MPF_LOCKS=$PWD/none look)" = "locks bad choose_folder" ]
}

@test "somebody who may do nothing is told so" {
	open_dir
	healthy
	cp -a "$root" "$open/root"
	mkdir "$open/fw"
	chmod -R a+rX "$open"
	chmod 777 "$open"
	chmod 755 "$open/fw"
	bad() {
		as_nobody mpf-doctor --sysroot "$open/root" --offline \
			--dir "$open/fw" --json | jq -r 'select(.status == "bad") |
			select(.check != "tools") | "\(.check) \(.next)"'
	}
	[ "$(bad | uniq)" = \
		$'groups join_group\nports join_group\nfolder choose_folder' ]
	chmod 777 "$open/fw"
	chmod 666 "$open"/root/dev/*
	[ "$(groups=--groups=20 bad)" = "" ]
}

@test "the network: the site answers, or why not, and by which proxy" {
	healthy
	pico_site
	list_boards
	serve
	run -0 mpf-doctor --sysroot "$root" --mirror "$mirror"
	[[ $output == *"ok    network "*"$mirror answers"* ]]
	run -1 mpf-doctor --sysroot "$root" --mirror http://127.0.0.1:1 -q
	[[ $output == *"bad   network "*"127.0.0.1"* ]]
	https_proxy=http://me:secret@proxy.example:8080 run -0 mpf-doctor \
		--sysroot "$root" --mirror "$mirror"
	[[ $output == *"through the proxy proxy.example:8080"* ]]
	[[ $output != *secret* ]]
}

@test "the clock is looked at, the options are, and lost output" {
	healthy
	run -2 --separate-stderr mpf-doctor --nonsense
	[[ $stderr == "mpf-doctor: --nonsense: not an option of mpf-doctor"* ]]
	run -2 mpf-doctor x
	run -2 bash -c "mpf-doctor --sysroot '$root' --offline >/dev/full"
	run -0 mpf doctor --sysroot "$root" --offline -q
	run -0 mpf-doctor --sysroot "$root" --offline --color always
	[[ $output == *$'\033[32mok  \033[m'* ]]
}
