# SPDX-License-Identifier: MIT
# mpf-add and where a firmware was built: git repositories, and what a build
# leaves behind.
load helper
load add

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	git config --global user.name Ann
	git config --global user.email ann@example.org
	git config --global init.defaultBranch main
	git config --global protocol.file.allow always
	repo=$BATS_TEST_TMPDIR/repo
}

# repo [OPTION...]: a repository with a tag and commits since, in $repo.
make_repo() {
	git init -q "$@" "$repo"
	git -C "$repo" remote add origin \
		https://ann:geheim@example.org/acme/micropython.git
	echo a >"$repo/main.c"
	commit "Begin"
	git -C "$repo" tag -a v1.26.0-preview -m 'begin the next release'
	commit "Add BLE"
	commit "Mend BLE"
	mkdir -p "$repo/ports/rp2/build-RPI_PICO"
	built=$repo/ports/rp2/build-RPI_PICO/firmware.uf2
}

commit() {
	git -C "$repo" add -A
	git -C "$repo" commit -q --allow-empty -m "$1"
}

head_of() { git -C "$repo" rev-parse HEAD; }

# image: what a build of the commit that is checked out makes, in $built.
image() {
	local at
	at=$(head_of)
	pico_uf2 "v1.26.0-preview.2.g${at:0:9}" >"$built"
}

# git_is JQ WANT: of the record's firmware.git.
git_is() { [ "$(field ".firmware.git | $1")" = "$2" ]; }

@test "in a work tree a file tells its commit, tag, branch and changes" {
	make_repo
	image
	add 0 "$built"
	git_is .commit "$(head_of)"
	git_is '[.tag, .commits_since_tag, .version, .branch, .dirty] |
		map(tostring) | join(" ")' \
		"v1.26.0-preview 2 v1.26.0-preview-2 main false"
	git_is .url https://example.org/acme/micropython.git
	git_is '.changes | map(sub("^[0-9a-f]+ "; "")) | join("|")' \
		"Mend BLE|Add BLE"
	[ "$(row 'SELECT git_branch, git_commit, git_tag,
		git_commits_since_tag FROM firmwares')" = \
		"main|$(head_of)|v1.26.0-preview|2" ]
	run ! grep -r geheim "$dir"
}

@test "the commit is that which the image names, not what is checked out" {
	local at
	make_repo
	at=$(head_of)
	image
	commit "Go on"
	git -C "$repo" switch -q -c feature/other
	commit "Go elsewhere"
	add 0 "$built"
	git_is .commit "$at"
	git_is .commits_since_tag 2
	git_is .branch feature/other
	# Of a repository that does not have it nothing is known.
	pico_uf2 v1.26.0-preview.2.g0123456789 >"$built"
	add 0 "$built"
	[ "$(field .firmware.git)" = null ]
	refused_git mismatch "is not in" --git-path "$repo"
	# A release is the commit of its tag.
	git -C "$repo" tag v1.26.0 main
	pico_uf2 v1.26.0 >"$built"
	add 0 "$built"
	git_is .commit "$(git -C "$repo" rev-parse v1.26.0)"
}

# refused_git CODE MESSAGE OPTION...
refused_git() {
	add 1 "$built" "${@:3}"
	[ "$(field .error.code)" = "$1" ]
	[[ $(field .error.message) == *"$2"* ]]
}

@test "an image that says nothing is of what is checked out, dirty or not" {
	make_repo
	built=$repo/fw.bin
	make bin x y >"$built"
	sed -i 's/MicroPython/MicroThing!/' "$built"
	add 0 "$built" --board RPI_PICO
	git_is .commit "$(head_of)"
	git_is .dirty false
	[ "$(field '[.firmware | .version, .build] | join(" ")')" = \
		"v1.26.0-preview 2" ]
	echo b >>"$repo/main.c"
	add 0 "$built" --board RPI_PICO
	git_is .dirty true
}

@test "--git-path names the repository of a file that lies elsewhere" {
	make_repo
	image
	mv "$built" fw.uf2
	add 0 fw.uf2
	[ "$(field .firmware.git)" = null ]
	add 0 fw.uf2 --git-path "$repo/ports"
	git_is .commit "$(head_of)"
	built=fw.uf2
	refused_git not_found "in no work tree" --git-path "$BATS_TEST_TMPDIR"
	# What comes from elsewhere has no work tree, but may be given one.
	add 0 - --git-path "$repo" <fw.uf2
	git_is .branch main
}

@test "worktrees, detached heads and branches without a remote are known" {
	make_repo
	git -C "$repo" worktree add -q "$BATS_TEST_TMPDIR/tree" -b side
	cd tree
	mkdir ports
	pico_uf2 "v1.26.0-preview.2.g$(git rev-parse --short=9 HEAD)" >fw.uf2
	add 0 fw.uf2
	git_is .branch side
	git switch -q --detach
	add 0 fw.uf2
	git_is .branch null
	git_is .commit "$(git rev-parse HEAD)"
	git -C "$repo" remote remove origin
	cp fw.uf2 again.uf2
	rm -r "$dir"
	add 0 again.uf2
	git_is .url null
}

@test "a shallow clone does not count what it lacks" {
	make_repo
	for i in 1 2 3; do commit "$i"; done
	git clone -q --depth 1 "file://$repo" shallow
	cp "$BATS_TEST_DIRNAME/helper.bash" shallow/x.bin
	printf '\0\0\2\040' >shallow/x.bin
	head -c 100 /dev/zero >>shallow/x.bin
	add 0 shallow/x.bin --board RPI_PICO
	git_is .commit "$(head_of)"
	git_is '[.tag, .commits_since_tag] | tojson' '[null,null]'
	# Deep enough for the tag, but with a merge that it cuts.
	git clone -q --depth 6 --branch main "file://$repo" deep
	cp shallow/x.bin deep/y.bin
	rm -r "$dir"
	add 0 deep/y.bin --board RPI_PICO
	git_is .tag v1.26.0-preview
	git_is .commits_since_tag null
	# The image says the number itself.
	pico_uf2 "v1.26.0-preview.5.g$(git -C deep rev-parse --short=9 HEAD)" \
		>deep/z.uf2
	add 0 deep/z.uf2
	git_is .commits_since_tag 5
}

@test "no tags, no commits, no git: what cannot be known is absent" {
	git init -q "$repo"
	git -C "$repo" commit -q --allow-empty -m x
	pico_uf2 >"$repo/fw.uf2"
	add 0 "$repo/fw.uf2"
	[ "$(field .firmware.git)" = null ]
	printf '\0\0\2\040' >"$repo/x.bin"
	head -c 100 /dev/zero >>"$repo/x.bin"
	add 0 "$repo/x.bin" --board RPI_PICO
	git_is .commit "$(head_of)"
	git_is '[.tag, .version, .changes] | tojson' '[null,null,null]'
	[ "$(field .firmware.version)" = null ]
	git init -q empty
	cp "$repo/x.bin" empty/y.bin
	echo >>empty/y.bin
	add 0 empty/y.bin --board RPI_PICO
	[ "$(field .firmware.git)" = null ]
	# Without git in PATH a file is added all the same.
	mkdir bin
	ln -s "$(command -v mpf-add)" bin/
	run -0 --separate-stderr env PATH="$PWD/bin" mpf-add --json "$repo/fw.uf2"
	run -1 --separate-stderr env PATH="$PWD/bin" mpf-add --json \
		"$repo/fw.uf2" --git-path "$repo"
	[[ $(field .error.message) == *"git: No such file"* ]]
}

@test "a repository of SHA-256 has commits of 64 digits" {
	make_repo --object-format=sha256
	image
	add 0 "$built"
	[ "$(field '.firmware.git.commit | length')" = 64 ]
	git_is .commit "$(head_of)"
	git_is .commits_since_tag 2
	[ "$(row 'SELECT length(git_commit) FROM firmwares')" = 64 ]
}

@test "nothing in a repository is run" {
	local key
	make_repo
	image
	cat >evil <<-END
		#!/bin/sh
		echo "\$0 \$*" >>"$BATS_TEST_TMPDIR/ran"
		cat
	END
	chmod +x evil
	evil=$PWD/evil
	for key in core.fsmonitor core.pager core.sshCommand core.askPass \
		diff.external core.editor gpg.program gpg.ssh.program \
		filter.x.clean filter.x.smudge filter.x.process filter.a=b.clean \
		alias.describe alias.log alias.status alias.rev-parse \
		credential.helper core.gitProxy uploadpack.packObjectsHook \
		diff.x.textconv pager.log pager.config; do
		git -C "$repo" config "$key" "$evil"
	done
	git -C "$repo" config filter.x.required true
	git -C "$repo" config log.showSignature true
	git -C "$repo" config core.hooksPath "$BATS_TEST_TMPDIR/hooks"
	mkdir hooks
	for hook in post-index-change pre-commit post-checkout \
		reference-transaction pre-auto-gc; do
		cp evil hooks/$hook
		cp evil "$repo/.git/hooks/$hook"
	done
	echo '* filter=x diff=x' >"$repo/.gitattributes"
	mkdir -p "$repo/.git/info"
	echo '* filter=a=b' >"$repo/.git/info/attributes"
	# Objects that are not here would be fetched, by any program.
	git -C "$repo" config extensions.partialClone evil
	git -C "$repo" config remote.evil.url "ext::$evil"
	git -C "$repo" config remote.evil.promisor true
	git -C "$repo" config protocol.ext.allow always
	touch -d 2020-01-01 "$repo/main.c"
	rm -f ran
	add 0 "$built"
	git_is .commit "$(head_of)"
	cp "$built" "$repo/other.uf2"
	make bin x y >"$repo/x.bin"
	sed -i 's/MicroPython/MicroThing!/' "$repo/x.bin"
	add 0 "$repo/x.bin" --board RPI_PICO
	git_is .commit "$(head_of)"
	# A commit that is not here.
	pico_uf2 v1.26.0-preview.2.gdeadbeef0 >"$repo/y.uf2"
	add 0 "$repo/y.uf2"
	[ ! -e ran ] || { cat ran; false; }
}

@test "the repository of another user is left alone, and that is said" {
	[ "$(id -u)" = 0 ] || skip "not root"
	make_repo
	image
	chown -R 65534 "$repo"
	add 0 "$built"
	[ "$(field .firmware.git)" = null ]
	[[ $stderr == *"another user"*"safe.directory"* ]]
	refused_git permission "another user" --git-path "$repo"
}

@test "variables that git sets for its hooks lead to no other repository" {
	make_repo
	image
	git init -q other
	export GIT_DIR=$PWD/other/.git GIT_WORK_TREE=$PWD/other \
		GIT_INDEX_FILE=$PWD/other/.git/index
	add 0 "$built"
	unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
	git_is .commit "$(head_of)"
}

@test "escapes in a log, a branch or a tag reach no terminal" {
	make_repo
	git -C "$repo" commit -q --allow-empty -m $'red \e[31m text'
	image
	add 0 "$built"
	[[ $(field '.firmware.git.changes[0]') == *'\x1b[31m text' ]]
	[[ $output != *$'\e'* ]]
	[ "$(row "SELECT instr(git_changes, char(27)) FROM mpf_custom")" = 0 ]
}

# --- the build ---

@test "what is written beside a file is taken over, and checked" {
	pico_uf2 >fw.uf2
	cat >fw.uf2.toml <<-'EOF'
	[firmware]
	description = "from the nightly job"
	[build]
	toolchain_version = "arm-none-eabi-gcc 13.2.1"
	python_version = "3.11.2"
	build_date = 2025-07-08T01:15:00+02:00
	build_host = "builder-7"
	[custom]
	author = "Ann"
	features = ["ble", "usb"]
	EOF
	add 0 fw.uf2 --author Bob
	[ "$(ordered_field '.firmware.build_info | tojson')" = '{"toolchain_version":"arm-none-eabi-gcc 13.2.1","python_version":"3.11.2","date":"2025-07-07T23:15:00Z","host":"builder-7"}' ]
	[ "$(field '.firmware | [.description, .custom_info.author,
		(.custom_info.features | join(","))] | join("|")')" = \
		"from the nightly job|Bob|ble,usb" ]
	[ "$(row 'SELECT build_toolchain, build_python_version, build_date,
		build_host FROM firmwares')" = "arm-none-eabi-gcc 13.2.1|3.11.2|2025-07-07T23:15:00Z|builder-7" ]
	while IFS='|' read -r text message; do
		printf '%b' "$text" >fw.uf2.toml
		add 1 fw.uf2
		[ "$(field .error.code)" = input ]
		[[ $(field .error.message) == *"$message"* ]]
	done <<-'EOF'
	[build|fw.uf2.toml: line 1
	[build]\nbuild_date = "yesterday"|build.build_date: yesterday is not a time
	[build]\nbuild_date = 7|build.build_date: not a time
	[custom]\nauthor = 7|custom.author: not a string
	[custom]\nfeatures = "x"|custom.features: not a list
	[custom]\nfeatures = [""]|custom.features: empty
	[custom]\nauthor = "\\u001b[31m"|custom.author: a control character
	EOF
}

@test "the environment of a build is taken over" {
	pico_uf2 >fw.uf2
	export MPF_BUILD_TOOLCHAIN=esp-idf-v5.1 MPF_BUILD_PYTHON=3.13.0 \
		MPF_BUILD_DATE=2025-07-07T23:15:00Z MPF_BUILD_HOST=CI-Runner-123
	add 0 fw.uf2
	[ "$(ordered_field '.firmware.build_info | [.[]] | join(" ")')" = \
		"esp-idf-v5.1 3.13.0 2025-07-07T23:15:00Z CI-Runner-123" ]
	export MPF_BUILD_DATE=July
	add 1 fw.uf2
	[[ $(field .error.message) == *"MPF_BUILD_DATE: July is not a time"* ]]
}

@test "a CI job tells its commit and its runner, of its own image alone" {
	local sha=abcdef0123abcdef0123abcdef0123abcdef0123
	pico_uf2 v1.26.0-preview.48.gabcdef012 >fw.uf2
	pico_uf2 v1.26.0-preview.48.g999999999 >old.uf2
	export GITHUB_ACTIONS=true GITHUB_SHA=$sha GITHUB_REF_TYPE=branch \
		GITHUB_REF_NAME=feature/ble GITHUB_REPOSITORY=acme/blinky \
		GITHUB_SERVER_URL=https://github.com RUNNER_NAME=runner-1
	add 0 fw.uf2
	git_is '[.url, .branch, .commit] | join(" ")' \
		"https://github.com/acme/blinky feature/ble $sha"
	[ "$(field .firmware.build_info.host)" = runner-1 ]
	add 0 old.uf2
	[ "$(field '[.firmware.git, .firmware.build_info] | tojson')" = \
		'[null,null]' ]
	unset GITHUB_ACTIONS
	rm -r "$dir"
	export GITLAB_CI=true CI_COMMIT_SHA=$sha CI_COMMIT_BRANCH=main \
		CI_PROJECT_URL=https://u:geheim@gitlab.com/a/b \
		CI_RUNNER_DESCRIPTION=r2 CI_JOB_STARTED_AT=2025-07-07T23:15:00Z
	add 0 fw.uf2
	git_is '[.url, .branch] | join(" ")' "https://gitlab.com/a/b main"
	[ "$(field '.firmware.build_info | [.date, .host] | join(" ")')" = \
		"2025-07-07T23:15:00Z r2" ]
}

@test "a build folder tells its toolchain and Python" {
	mkdir -p build/CMakeFiles/3.25.1 build/genhdr idf
	pico_uf2 >build/firmware.uf2
	touch -d 2024-11-29T10:00:00Z build/firmware.uf2
	cat >build/CMakeCache.txt <<-'EOF'
	// a comment
	CMAKE_C_COMPILER:FILEPATH=/opt/arm/bin/arm-none-eabi-gcc
	_Python3_INTERPRETER_PROPERTIES:INTERNAL=Python;3;11;2;64;32;<none>
	EOF
	echo 'set(CMAKE_C_COMPILER_VERSION "13.2.1")' \
		>build/CMakeFiles/3.25.1/CMakeCCompiler.cmake
	echo '#define MICROPY_GIT_TAG "v1.24.1"' >build/genhdr/mpversion.h
	add 0 build
	[ "$(field '.firmware.build_info | [.toolchain_version,
		.python_version, .date] | join("|")')" = \
		"arm-none-eabi-gcc 13.2.1|3.11.2|2024-11-29T10:00:00Z" ]
	# The folder has gone on to another build: it says nothing of this.
	rm -r "$dir"
	echo '#define MICROPY_GIT_TAG "v1.25.0"' >build/genhdr/mpversion.h
	add 0 build
	[ "$(field .firmware.build_info)" = null ]
	make esp >idf/firmware.bin
	echo '# Espressif IoT Development Framework (ESP-IDF) 5.1.2 Project' \
		>idf/sdkconfig
	add 0 idf/firmware.bin
	[ "$(field .firmware.build_info.toolchain_version)" = esp-idf-v5.1.2 ]
	# Garbage in them is no fact, and no crash.
	rm -r "$dir"
	head -c 3000 /dev/urandom >build/CMakeCache.txt
	: >build/genhdr/mpversion.h
	add 0 build
	[ "$(field .firmware.build_info.toolchain_version)" = null ]
}
