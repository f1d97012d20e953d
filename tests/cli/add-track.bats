# SPDX-License-Identifier: MIT
# mpf-add --track and --update: sources that have something new from time to
# time.
load helper
load add
load ../www/site

setup() {
	servers=()
	cd "$BATS_TEST_TMPDIR" || return
	export MPF_HOST=bench
}

teardown() { stop_servers; }

# release TAG VERSION: the latest release of acme/blinky is that.
release() {
	mkdir -p "$site/repos/acme/blinky/releases"
	pico_uf2 "$2" >"$site/blinky-$1.uf2"
	jq -n --arg m "$mirror" --arg t "$1" '{tag_name: $t, assets: [{id: 1,
		name: "blinky-\($t).uf2",
		browser_download_url: "\($m)/blinky-\($t).uf2"}]}' \
		>"$site/repos/acme/blinky/releases/latest"
}

@test "--update adds what is new of a release, as it was described" {
	site
	serve
	export GITHUB_API_URL=$mirror
	release v1 v1.24.0
	add 0 --track 'github:acme/blinky#*.uf2' --description Blinky \
		--board RPI_PICO --board RPI_PICO_W --tag lab
	[ "$(field '.firmware | .version, .action' | xargs)" = "v1.24.0 flash" ]
	add 0 --update
	[ "$(field '.firmware | .action, .reason' | xargs)" = \
		"skip unchanged since it was last looked at" ]
	[ "$(row 'SELECT count(*) FROM mpf_custom')" = 1 ]
	release v2 v1.25.0
	cd /
	add 0 --update
	cd "$BATS_TEST_TMPDIR"
	[ "$(field '[.firmware | .version, .action, .description,
		.custom_info.tags[0], .fits[0]] | join(" ")')" = \
		"v1.25.0 flash Blinky lab RPI_PICO_W" ]
	[ "$(row 'SELECT count(*) FROM mpf_custom')" = 2 ]
	add 0 --update
	[ "$(field .firmware.action)" = skip ]
	# One that is gone is said, and looked for again the next time.
	rm "$site/repos/acme/blinky/releases/latest"
	add 1 --update
	[ "$(field .error.code)" = not_found ]
	release v3 v1.26.0
	add 0 --update
	[ "$(field .firmware.version)" = v1.26.0 ]
}

@test "--update looks at a file in a repository, from any folder" {
	git config --global user.name Ann
	git config --global user.email ann@example.org
	git init -q repo
	git -C repo commit -q --allow-empty -m one
	mkdir repo/build
	pico_uf2 "v1.24.0-preview.1.g$(git -C repo rev-parse --short=9 HEAD)" \
		>repo/build/fw.uf2
	add 0 --track repo/build/fw.uf2 --git-path repo
	[ "$(field .firmware.git.commit)" = "$(git -C repo rev-parse HEAD)" ]
	git -C repo commit -q --allow-empty -m two
	add 0 --update
	[ "$(field .firmware.action)" = skip ]
	pico_uf2 "v1.24.0-preview.2.g$(git -C repo rev-parse --short=9 HEAD)" \
		>repo/build/fw.uf2
	cd /
	add 0 --update
	[ "$(field .firmware.action)" = flash ]
	[ "$(field .firmware.git.commit)" = \
		"$(git -C "$BATS_TEST_TMPDIR/repo" rev-parse HEAD)" ]
	# A dry run shows it, and remembers nothing.
	cd "$BATS_TEST_TMPDIR"
	pico_uf2 v1.25.0 >repo/build/fw.uf2
	git -C repo tag v1.25.0
	add 0 --update --dry-run
	[ "$(field '.firmware | .version, .action' | xargs)" = "v1.25.0 flash" ]
	add 0 --update --dry-run
	[ "$(field .firmware.action)" = flash ]
}

@test "what cannot be found again, or holds a secret, is not tracked" {
	pico_uf2 >fw.uf2
	run -1 --separate-stderr mpf-add --json --track - <fw.uf2
	[ "$(field .error.code)" = usage ]
	add 1 --track 'https://example.org/fw.uf2?token=geheim'
	[ "$(field .error.code)" = usage ]
	[[ $output$stderr != *geheim* ]]
	nothing_there
	run -2 --separate-stderr mpf-add --json --update fw.uf2
	run -2 --separate-stderr mpf-add --json --update --track
	# Nothing is tracked, and there is no database.
	add 0 --update
	[ -z "$output" ]
	# A row that another program spoilt is left alone.
	add 0 --track fw.uf2
	row "INSERT INTO mpf_custom_source VALUES ('x', '{', NULL, NULL),
		('y', '{\"mpf\":1,\"firmware\":{\"build\":\"x\"}}', NULL, NULL)"
	add 0 --update
	[ "${#lines[@]}" -eq 1 ]
}

@test "the timer's unit runs mpf-add --update, and keeps no secret" {
	unit=$BATS_TEST_DIRNAME/../../share/systemd/mpf-update.service
	grep -q '^ExecStart=.*mpf-add --update' "$unit"
	grep -q 'LoadCredential=github_token:' "$unit"
	command -v systemd-analyze >/dev/null || skip "no systemd"
	mkdir units
	# Its path holds no blank there.
	ln -s "$(dirname "$(command -v mpf-add)")" bin
	sed "s,^ExecStart=[^ ]*/,ExecStart=$PWD/bin/," \
		"$unit" >units/mpf-update.service
	cp "$BATS_TEST_DIRNAME/../../share/systemd/mpf-update.timer" units/
	export XDG_RUNTIME_DIR=$PWD
	run -0 systemd-analyze --user verify units/mpf-update.service \
		units/mpf-update.timer
}
