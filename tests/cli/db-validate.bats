# SPDX-License-Identifier: MIT
#
# mpf-db validate: the rules of mpflash.toml(5).
load helper

SHA=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08

setup() { cd "$BATS_TEST_TMPDIR" || return; }

# whole: a file with all that the page knows.
whole() {
	cat >t.toml <<-END
		[firmware]
		board_id = "ESP32_GENERIC"
		port = "esp32"
		version = "v1.21.0"
		flash_date = "2025-07-08T14:30:00Z"
		description = "Custom build with extended BLE support"
		custom = true

		[source]
		type = "git"
		url = "https://github.com/user/custom-micropython"
		filename = "firmware.bin"
		hash = "sha256:$SHA"

		[source.git]
		branch = "feature/ble-extensions"
		commit = "a1b2c3d4"
		tag = "v1.21.0-preview"
		commits_since_tag = 48

		[build]
		toolchain_version = "esp-idf-v5.1"
		python_version = "3.13.0"
		build_date = 2025-07-07T23:15:00Z
		build_host = "CI-Runner-123"

		[custom]
		author = "John Doe"
		organization = "MyOrg"
		features = ["extended-ble", "custom-modules"]
		dependencies = ["my-custom-module>=1.2.0"]
	END
}

# edit SED: the whole file, changed so.
edit() {
	whole
	sed -i "$1" t.toml
}

# says TEXT [OPTION...]: that is the only problem.
says() {
	run -1 --separate-stderr mpf-db validate "${@:2}" t.toml
	[ "${#lines[@]}" = 1 ]
	[ "$(jq -r .error.message <<<"$output")" = "t.toml: $1" ]
}

@test "a file with all fields is valid, and so is one with the least" {
	whole
	run -0 mpf-db validate --strict t.toml
	[ "$(field .database.state)" = valid ]
	printf '[firmware]\nboard_id = "B"\nport = "rp2"\nversion = "v1.28"\nmine = 1\n[mine]\nx = 1\n' >t.toml
	run -0 mpf-db validate t.toml
	run -1 --separate-stderr mpf-db validate --strict t.toml
	[ "$(jq -r .error.message <<<"$output")" = "t.toml: line 1: firmware.flash_date: missing
t.toml: line 1: firmware.custom: missing
t.toml: line 1: source: missing" ]
}

@test "each of the three types of source, and each optional section" {
	local section
	for type in local http; do
		edit "s/\"git\"/\"$type\"/; /source.git/,/commits_since/d"
		run -0 mpf-db validate --strict t.toml
	done
	for section in build custom; do
		edit "/^\[$section\]/,/^\$/d"
		run -0 mpf-db validate --strict t.toml
	done
	edit 's/"git"/"ftp"/; /source.git/,/commits_since/d'
	says 'line 10: source.type: "ftp": not git, local or http'
	edit 's/"git"/"local"/'
	says 'line 15: source.git: only where source.type is git'
	edit '/source.git/,/commits_since/d'
	says 'line 9: source.git: missing' --strict
}

@test "dates, hashes, addresses, versions, commits and names have rules" {
	local bad
	for bad in 2025-07-08 'yesterday' '2025-13-08T14:30:00Z' \
	    '2025-07-08T14:30:00' ''; do
		edit "s/2025-07-08T14:30:00Z/$bad/"
		says "line 5: firmware.flash_date: \"$bad\": not an ISO 8601 time such as 2026-11-20T12:00:00Z"
	done
	for bad in sha256:abc123... "$SHA" sha256: "sha257:$SHA" \
	    "sha1:$SHA" "sha256:${SHA}00" "sha256:x${SHA:1}"; do
		edit "s/sha256:$SHA/$bad/"
		run -1 --separate-stderr mpf-db validate t.toml
		[[ $(field .error.message) == "t.toml: line 13: source.hash: "*"not ALGORITHM:HEX"* ]]
	done
	for bad in github.com/x 'https://' 'https://a b' '://x' '' 'http:/x'; do
		edit "s|https://github.com/user/custom-micropython|$bad|"
		says "line 11: source.url: \"$bad\": not an address"
	done
	for good in git@github.com:u/r.git 'ssh://h/x' 'file:///f' 'https://h'; do
		edit "s|https://github.com/user/custom-micropython|$good|"
		run -0 mpf-db validate --strict t.toml
	done
	for bad in one 1 '' v1.2.3.4.5 vX; do
		edit "s/\"v1.21.0\"/\"$bad\"/"
		says "line 4: firmware.version: \"$bad\": not a version such as v1.24.1"
	done
	for good in 1.21.0 v1.21 V1.26.0-preview-48 v1.26.0-preview \
	    v1.26.0-preview.48.gabcdef0123; do
		edit "s/\"v1.21.0\"/\"$good\"/"
		run -0 mpf-db validate --strict t.toml
	done
	edit 's/a1b2c3d4/a1b2/'
	says 'line 17: source.git.commit: "a1b2": not 7 to 64 hex digits'
	for bad in 'a/b' '..' ''; do
		edit "s|\"firmware.bin\"|\"$bad\"|"
		says "line 12: source.filename: \"$bad\": not the name of a file, without folders"
	done
}

@test "types are checked, and what is missing is named" {
	edit 's/custom = true/custom = "yes"/'
	says 'line 7: firmware.custom: "yes": not true or false'
	edit 's/= 48/= -1/'
	says 'line 19: source.git.commits_since_tag: not a whole number from 0'
	edit 's/^features.*/features = ["a", 1]/'
	says 'line 30: custom.features: not a list of strings'
	edit '/^board_id/d'
	says 'line 1: firmware.board_id: missing'
	edit '/^author/d'
	says 'line 27: custom.author: missing' --strict
	run -0 mpf-db validate t.toml
	edit '/^build_host/d'
	says 'line 21: build.build_host: missing' --strict
	edit 's/"ESP32_GENERIC"/""/'
	says 'line 2: firmware.board_id: "": not a name'
}

@test "what is no TOML is told with its line, and the next file is read" {
	whole
	echo '[firmware' >bad.toml
	run -1 --separate-stderr mpf-db validate bad.toml nowhere.toml t.toml
	[ "$(jq -r '.error.code // .database.state' <<<"$output" | xargs)" = \
	    "input not_found valid" ]
	[[ $(jq -r .error.message <<<"${lines[0]}") == "bad.toml: line 1, column "* ]]
}
