# SPDX-License-Identifier: MIT
# The wrappers of packaging/: do they fit the tree, as far as that can be said
# without the systems that they are for?
load helper
load sim
load front
load ../www/site

setup() {
	front_setup
	top=$(realpath "$BATS_TEST_DIRNAME/../..")
	packaging=$top/packaging
	version=$(sed -n 's/^VERSION\t= //p' "$top/Makefile")
}

teardown() {
	unplug_all
	stop_servers
}

@test "each wrapper is of the version of the Makefile" {
	grep -qx "pkgver=$version" "$packaging/aur/PKGBUILD"
	grep -q "/mpf-$version.tar.gz\"" "$packaging/homebrew/mpf.rb"
	grep -q "version = \"$version\";" "$packaging/nix/default.nix"
	head -n 1 "$top/debian/changelog" | grep -qF "($version)"
}

@test "each wrapper names all libraries of the Makefile" {
	n=0
	while read -r pc brew aur nix; do
		grep -q "depends_on \"$brew\"" "$packaging/homebrew/mpf.rb"
		(. "$packaging/aur/PKGBUILD" &&
			[[ " ${depends[*]} " == *" $aur "* ]])
		grep -qx "    $nix" "$packaging/nix/default.nix"
		echo "$pc" >>known
		n=$((n + 1))
	done <<-'END'
		jansson jansson jansson jansson
		libcrypto openssl@3 openssl openssl
		libdeflate libdeflate libdeflate libdeflate
		libserialport libserialport libserialport libserialport
		libudev systemd systemd-libs udev
		libusb-1.0 libusb libusb libusb1
		sqlite3 sqlite sqlite sqlite
		libcurl curl curl curl
		libxml-2.0 libxml2 libxml2 libxml2
		zlib zlib-ng-compat zlib zlib
	END
	# A library that is new in the Makefile is new here, too.
	sed -n '/^PKGS/,/[^\\]$/p' "$top/Makefile" | tr -s '[:blank:]' '\n' |
		grep -E '^(jansson|zlib|sqlite3|lib[a-z0-9.-]+)$' | sort -u >all
	sort known | diff all -
	[ "$n" = "$(wc -l <all)" ]
}

@test "the container has what the programs are linked with" {
	[ "$(. /etc/os-release && echo "$ID $VERSION_ID")" = "debian 12" ] ||
		skip "its names are those of Debian 12"
	command -v readelf >/dev/null || skip "needs readelf"
	[ -z "${MPF_TEST_SANITIZED:-}" ] || skip "other libraries"
	for tool in "$(dirname "$(command -v mpf-detect)")"/mpf*; do
		[ ! -f "$tool" ] || readelf -d "$tool" |
			sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'
	done | sort -u | grep -vE '^(libc|libm|ld-linux.*)\.so' >needed
	[ -s needed ]
	while read -r name; do
		package=$(dpkg -S "*/$name" | head -n 1 | cut -d: -f1)
		grep -qE "[[:space:]]$package([[:space:]]|\$)" \
			"$packaging/container/Containerfile"
	done <needed
	run -0 grep -c '^FROM docker.io/library/debian:bookworm-slim' \
		"$packaging/container/Containerfile"
	[ "$output" = 2 ]
}

@test "PKGBUILD: its functions install the tree" {
	# shellcheck source=/dev/null
	. "$packaging/aur/PKGBUILD"
	mkdir bin "mpf-$pkgver"
	cp "$top/LICENSE" "mpf-$pkgver"
	printf '#!/bin/sh\nprintf "%%s\\n" "$*" >>asked\n' >bin/make
	chmod +x bin/make
	PATH=$PWD/bin:$PATH
	pkgdir=$PWD/pkg
	build
	check
	package
	[ -e pkg/usr/share/licenses/mpf/LICENSE ]
	[ "$(cat asked)" = "-C mpf-$version MPF_INSTALL=no PREFIX=/usr
-C mpf-$version MPF_INSTALL=no PREFIX=/usr check-unit
-C mpf-$version MPF_INSTALL=no PREFIX=/usr DESTDIR=$PWD/pkg install" ]
	# Targets and variables that the Makefile knows.
	for word in install: check-unit: DESTDIR MPF_INSTALL PREFIX; do
		grep -q "$word" "$top/Makefile"
	done
}

@test "the formula and the file for Nix are well-formed" {
	if command -v ruby >/dev/null; then
		ruby -c "$packaging/homebrew/mpf.rb"
	fi
	if command -v nix-instantiate >/dev/null; then
		nix-instantiate --parse "$packaging/nix/default.nix" >/dev/null
	fi
	# What both try is true of this build.
	run -0 mpf-sim rp2 -- mpf-detect --json
	[[ $output == *'"board_id":"RPI_PICO_W"'* ]]
	for file in homebrew/mpf.rb nix/default.nix; do
		grep -qE 'mpf-sim rp2 -- .*mpf-detect --json' "$packaging/$file"
	done
}

# run_action: as a runner would, over what is in MPF_ACTION_*.
run_action() {
	export RUNNER_TEMP=$PWD GITHUB_OUTPUT=$PWD/output \
		GITHUB_STEP_SUMMARY=$PWD/summary GITHUB_ACTIONS=true
	export MPF_ACTION_VERSION=stable MPF_ACTION_BOARD='' \
		MPF_ACTION_SERIAL='' MPF_ACTION_FIRMWARE=''
	run --separate-stderr env "$@" "$packaging/action/flash"
}

# results: what the file for JUnit says: tests, failures, errors, skipped, and
# what stands in each test.
results() {
	python3 - "$(sed -n 's/^junit=//p' output | tail -n 1)" <<-'END'
		import sys, xml.etree.ElementTree as xml
		suite, = xml.parse(sys.argv[1]).getroot()
		print(*(suite.get(k) for k in ("tests", "failures", "errors",
		                               "skipped")))
		for case in suite:
		    print(case.get("name"), *(c.tag for c in case))
	END
}

@test "the GitHub action flashes, keeps the records, and sums up" {
	lab
	door
	plug w rp2 --board RPI_PICO_W --path 1-1 --version 1.22.2
	plug p rp2 --board RPI_PICO --path 1-2 --version 1.21.0
	run_action MPF_ACTION_SERIAL=ttyACM0
	[ "$status" = 0 ]
	records=$(sed -n 's/^records=//p' output)
	[ "$(jq -r .flash.version_after "$records")" = v1.28.0 ]
	grep -qxF '| /dev/ttyACM0 | RPI\_PICO\_W | v1.22.2 | v1.28.0 |  |' summary
	[ "$(results)" = $'1 0 0 0\n/dev/ttyACM0 RPI_PICO_W' ]
	mkfw e48bff56 v1.29.0 2026-04-06 'Raspberry Pi Pico with RP2040' 60 \
		>own.uf2
	run_action MPF_ACTION_FIRMWARE=own.uf2
	[ "$status" = 0 ]
	[[ $(jq -r .flash.version_after "$records") == *v1.29.0* ]]
	[ "$(results | sort)" = "$(printf '%s\n' '/dev/ttyACM0 RPI_PICO_W skipped' \
		'/dev/ttyACM1 RPI_PICO' '2 0 0 1')" ]
	run_action MPF_ACTION_BOARD=NOWHERE MPF_ACTION_SERIAL=ttyACM1
	[ "$status" = 2 ]
	grep -q 'NOWHERE' summary
	[ "$(results)" = $'1 1 0 0\nmpf flash failure' ]
	run_action MPF_ACTION_FIRMWARE=--help
	[ "$status" = 2 ]
	[ "$(results)" = $'1 0 1 0\nmpf flash error' ]
	# What a board says is no markup.
	jq -nc '{mpf: 1, device: {id: "a<b\u0001\"&]]>"}, error: {code: "io",
		message: "</failure>\u0000", hint: "\u007f\u202e"}}' >hostile
	command jq -rs --argjson status 1 -f "$packaging/action/junit.jq" \
		hostile >junit.xml
	echo junit=junit.xml >output
	[ "$(results)" = $'1 1 0 0\na<b?"&]]> failure' ]
}

@test "the GitHub action: its inputs are those of its step" {
	python3 -c 'import yaml' 2>/dev/null || skip "needs python3-yaml"
	python3 - "$packaging/action" <<-'END'
		import re, sys, yaml
		with open(sys.argv[1] + "/action.yml") as f:
		    action = yaml.safe_load(f)
		step, = action["runs"]["steps"]
		assert action["runs"]["using"] == "composite"
		names = {re.fullmatch(r"\$\{\{ inputs\.(\w+) \}\}", v)[1]: k
		         for k, v in step["env"].items()}
		assert set(names) == set(action["inputs"]), names
		with open(sys.argv[1] + "/flash") as f:
		    told = re.search(r"printf.*>>\"\$GITHUB_OUTPUT\"", f.read())[0]
		assert set(re.findall(r"(\w+)=\$", told)) == set(action["outputs"])
		assert all("default" in i for i in action["inputs"].values())
		with open(sys.argv[1] + "/flash") as f:
		    text = f.read()
		assert all("$" + k in text for k in names.values())
		assert step["run"] == "${GITHUB_ACTION_PATH}/flash"
		# No input becomes a part of a script.
		assert "inputs" not in step["run"]
	END
}

@test "programs that were moved find their data beside them" {
	mkdir -p away/bin away/share/mpf/help
	cp "$(command -v mpf)" away/bin
	cp "$top/share/boards.tsv" away/share/mpf
	echo moved >away/share/mpf/help/agent.txt
	unset MPF_SHARE
	[ "$(away/bin/mpf help agent)" = moved ]
}

@test "the SBOM is SPDX 2.3, whole, and the same each time" {
	mkdir bin
	echo 1 >bin/mpf
	echo 2 >bin/mpf-detect
	for line in '7 libjansson-dev 2.14-2 libjansson.a' \
		'8 libssl-dev 3.0 libcrypto.a libssl.a' \
		'5 libcurl4-openssl-dev 7.88 libcurl.a' \
		'9 libunused-dev 1 libunused.a'; do
		read -r digest name of archives <<<"$line"
		printf '%s\t%s\t%064d\t%s\n' "$name" "$of" "$digest" "$archives"
	done >packages
	printf 'curl\t7.88.1-10\t%064d\tlibcurl.a\n' 6 >sources
	export SOURCE_DATE_EPOCH=1700000000
	"$packaging/sbom" "$version" x86_64 packages sources bin \
		jansson crypto ssl curl >one
	"$packaging/sbom" "$version" x86_64 packages sources bin \
		jansson crypto ssl curl | cmp - one
	[ "$(jq -r '[.spdxVersion, .creationInfo.created] | @tsv' one)" = \
		$'SPDX-2.3\t2023-11-14T22:13:20Z' ]
	[ "$(jq -c '[.packages[].name]' one)" = \
		'["mpf","libjansson-dev","libssl-dev","curl"]' ]
	[ "$(jq -r '.files[] | select(.fileName == "./bin/mpf").checksums[] |
		select(.algorithm == "SHA256").checksumValue' one)" = \
		"$(sha256sum bin/mpf | cut -d' ' -f1)" ]
	# What is named is there.
	jq -e '([.SPDXID] + [.packages[], .files[] | .SPDXID]) as $ids |
		all(.relationships[]; [.spdxElementId, .relatedSpdxElement] -
		$ids == []) and ($ids | length) == ($ids | unique | length)' one
	run -1 --separate-stderr "$packaging/sbom" "$version" x86_64 packages \
		sources bin jansson nothing
	[[ $stderr == *"of no known package: nothing" ]]
}
