# SPDX-License-Identifier: MIT
#
# Firmware for machines without a network: mpf-bundle.
load helper
load ../www/site

setup() {
	servers=()
	cd "$BATS_TEST_TMPDIR" || return
	dir=$BATS_TEST_TMPDIR/firmware
	there=$BATS_TEST_TMPDIR/there
	new=rp2/RPI_PICO_W-v1.28.0.uf2
	source=RPI_PICO_W-20260406-v1.28.0.uf2
	official=https://micropython.org/resources/firmware/$source
	pico_site
	mirror=file://$site
}

teardown() { stop_servers; }

# get [OPTION...]: records of firmware that is here now.
get() { mpf-fetch --mirror "$mirror" --dir "$dir" "$@"; }

# bundle [OPTION...] <RECORDS
bundle() { mpf-bundle export lab.tar --dir "$dir" "$@"; }

# shellcheck disable=SC2119,SC2120 # not everybody gives options
export_it() { get --board RPI_PICO_W "$@" | bundle "$@"; }

# import_it [OPTION...]: on the other machine.
# shellcheck disable=SC2119,SC2120 # not everybody gives options
import_it() { mpf-bundle import lab.tar --dir "$there" "$@"; }

# again [OPTION...]: what is in the folder mpf-bundle, as a bundle by GNU tar.
again() {
	rm -f lab.tar
	tar -cf lab.tar "$@" mpf-bundle
}

unpack() { tar -xf lab.tar; }

# refused CODE MESSAGE: nothing is there afterwards but an empty database.
refused() {
	run -2 --separate-stderr import_it "${@:3}"
	[ "$(field .error.code)" = "$1" ]
	# shellcheck disable=SC2053 # it is a pattern
	[[ $(field .error.message) == $2 ]]
	[ -z "$(find "$there" -type f ! -name 'mpflash.db*')" ]
	[ "$(sqlite3 "$there/mpflash.db" 'SELECT (SELECT count(*) FROM mpf_file)
		+ (SELECT count(*) FROM mpf_page)')" = 0 ]
}

@test "a bundle takes files, list and digests to a machine with no network" {
	run -0 --separate-stderr export_it
	run -0 --separate-stderr bundle < <(get --board RPI_PICO_W \
		--version preview --board RPI_PICO_W)
	tar -tf lab.tar >list
	[ "$(cat list)" = "mpf-bundle/manifest.ndjson
mpf-bundle/index.ndjson
mpf-bundle/mpf.lock
mpf-bundle/firmware/rp2/RPI_PICO_W-v1.29.0-preview.101.uf2" ]
	run -0 --separate-stderr export_it
	run -0 --separate-stderr import_it
	[ "$(jq -c '.image | [.path, .checks]' <<<"$output")" = \
		"[\"$there/$new\",[\"sha256\",\"format\",\"chip\",\"board\"]]" ]
	[ "$(jq -c '.firmware | [.board_id, .version]' <<<"$output")" = \
		'["RPI_PICO_W","v1.28.0"]' ]
	cmp "$there/$new" "$site/resources/firmware/$source"
	# The pipe there: a board that says only what it is.
	run -0 --separate-stderr mpf-fetch --offline --dir "$there" \
		<<<'{"mpf":1,"device":{"id":"x","mode":"repl"},"board":{"port":"rp2","board_id":"RPI_PICO_W","version":"v1.19.1"},"firmware":{"wanted":"stable","board_id":"RPI_PICO_W","action":"flash"}}'
	[ "$(field .image.path)" = "$there/$new" ]
	run -0 --separate-stderr mpf-index list RPI_PICO_W --offline \
		--dir "$there"
	[ "${#lines[@]}" -eq 21 ]
	# Once more is no harm.
	run -0 --separate-stderr import_it
}

@test "what GNU tar packs again is taken as well" {
	export_it >/dev/null
	unpack
	for format in gnu ustar posix v7; do
		again --format=$format
		rm -rf "$there"
		run -0 --separate-stderr import_it
		cmp "$there/$new" "$dir/$new"
	done
	rm -rf "$there" lab.tar
	tar -C mpf-bundle -cf lab.tar .
	run -0 --separate-stderr import_it
	# And a folder it was unpacked to is one to take files from.
	run -0 --separate-stderr mpf-fetch --dir other --board RPI_PICO_W \
		--source mpf-bundle/firmware
}

@test "a bundle that minisign signed is checked before anything is read" {
	minisign -G -W -p lab.pub -s lab.key >/dev/null
	minisign -G -W -p other.pub -s other.key >/dev/null
	export_it >/dev/null
	for kind in -l -q; do
		rm -rf "$there" lab.tar.minisig
		minisign -S $kind -s lab.key -m lab.tar >/dev/null
		run -0 --separate-stderr import_it --pubkey lab.pub
	done
	[ "$(jq -c .image.checks <<<"$output")" = \
		'["sha256","signature","format","chip","board"]' ]
	rm -r "$there"
	refused verify "lab.tar: signed with the key *" --pubkey other.pub
	echo >>lab.tar
	refused verify "lab.tar: the signature is of other bytes" \
		--pubkey lab.pub
	rm -r "$there" lab.tar.minisig
	refused verify "lab.tar: not signed: no lab.tar.minisig" \
		--pubkey lab.pub
	run -2 --separate-stderr bundle --pubkey lab.pub <<<""
	[[ $(field .error.hint) == *"minisign -S -m lab.tar" ]]
}

@test "a bundle is verified, and nothing is kept" {
	export_it >/dev/null
	run -0 --separate-stderr mpf-bundle verify lab.tar --dir "$there"
	[ "$(jq -c '.image | [.path, .version]' <<<"$output")" = \
		"[\"$there/$new\",\"v1.28.0\"]" ]
	[ -z "$(find "$there" -type f ! -name 'mpflash.db*')" ]
	[ "$(sqlite3 "$there/mpflash.db" 'SELECT (SELECT count(*) FROM mpf_file)
		+ (SELECT count(*) FROM mpf_page)')" = 0 ]
	echo >>lab.tar
	head -c 5000 lab.tar >half.tar
	run -2 --separate-stderr mpf-bundle verify half.tar --dir "$there"
	[ "$(field .error.code)" = input ]
}

@test "a bundle of half of what was wanted is not written" {
	run -1 --separate-stderr bundle \
		< <(get --board RPI_PICO_W --board NO_SUCH || :)
	[ "$(jq -r 'select(.error) | .error.message' <<<"$output" |
		tail -n 1)" = "lab.tar: not written: 1 file did not come" ]
	[ ! -e lab.tar ]
	run -1 --separate-stderr bundle \
		< <(get --board RPI_PICO_W --board GENERIC || :)
	[ ! -e lab.tar ]
	run -1 --separate-stderr bundle </dev/null
	[[ $(field .error.message) == *"there is no file for it" ]]
	# Records that were not fetched, or into another folder.
	run -1 --separate-stderr bundle <<<"$(get --board RPI_PICO_W |
		jq -c 'del(.image)')"
	[ "$(jq -r .error.hint <<<"${lines[0]}")" = \
		"put mpf-fetch before mpf-bundle" ]
	run -1 --separate-stderr mpf-bundle export lab.tar --dir other \
		< <(get --board RPI_PICO_W)
	[[ $(jq -r .error.message <<<"${lines[0]}") == \
		*": not in the firmware folder "* ]]
	[ ! -e lab.tar ]
	for words in "" export find "export a b" "import"; do
		# shellcheck disable=SC2086 # words
		run -2 --separate-stderr mpf-bundle $words --dir "$dir" <<<""
		[ "$(field .error.code)" = usage ]
	done
	run -1 --separate-stderr mpf-bundle export no/such/lab.tar \
		--dir "$dir" < <(get --board RPI_PICO_W)
	[ "$(jq -r 'select(.error) | .error.code' <<<"$output")" = not_found ]
	[[ $stderr == *"hint: name a file in a folder that is there"* ]]
}

@test "an archive that is none, or tries tricks, is refused whole" {
	export_it >/dev/null
	unpack
	refused_now() { refused "$@"; rm -rf "$there"; }
	cp lab.tar whole.tar
	for n in 100 5000 15000; do
		head -c $n whole.tar >lab.tar
		refused_now input "lab.tar: *"
	done
	echo hello >lab.tar
	refused_now input "lab.tar: cut off"
	[[ $(field .error.hint) == *"carry it over again"* ]]
	rm lab.tar
	refused_now not_found "lab.tar: *"
	# Names that lead elsewhere; GNU tar has to be told to write them.
	cp mpf-bundle/mpf.lock evil
	for name in ../evil /evil mpf-bundle/../../evil; do
		tar -cf lab.tar -P --transform "s,^evil$,$name," evil mpf-bundle
		refused_now input "lab.tar: a name that leads out of it: $name"
	done
	ln -s /etc/passwd mpf-bundle/firmware/rp2/link
	again
	refused_now input "*/link: a symbolic link"
	rm mpf-bundle/firmware/rp2/link
	ln mpf-bundle/mpf.lock mpf-bundle/hard
	again
	refused_now input "*: a hard link"
	rm mpf-bundle/hard
	mkfifo mpf-bundle/fifo
	again
	refused_now input "*/fifo: a pipe"
	rm mpf-bundle/fifo
	again
	tar -rf lab.tar mpf-bundle/mpf.lock
	refused_now input "*/mpf.lock is in it twice"
	truncate -s 5G mpf-bundle/firmware/hole
	again -S
	refused_now input "lab.tar: *"
	rm mpf-bundle/firmware/hole
	touch "mpf-bundle/$(printf 'x%.0s' $(seq 120))"
	for format in gnu posix; do
		again --format=$format
		refused_now input "lab.tar: *"
	done
}

@test "files that are not what the bundle says are refused whole" {
	export_it >/dev/null
	unpack
	cp -r mpf-bundle good
	# restore: the unpacked bundle as it was.
	restore() { rm -rf mpf-bundle "$there"; cp -r good mpf-bundle; }
	file=mpf-bundle/firmware/$new

	mkfw e48bff56 v1.28.0 2026-04-06 "$pico" 41 >"$file"
	again
	refused verify "lab.tar: $official: sha-256 *, but the lock file has *"
	restore
	sed -i "s/sha256:..../sha256:0000/" mpf-bundle/mpf.lock
	again
	refused verify "lab.tar: $official: *"
	restore
	: >mpf-bundle/mpf.lock
	again
	refused verify "lab.tar: $official: not in the bundle's lock file"
	restore
	rm mpf-bundle/mpf.lock
	again
	refused input "lab.tar: not a bundle: no mpf.lock in it"
	restore
	cp "$file" mpf-bundle/firmware/rp2/more.uf2
	again
	refused input "lab.tar: 2 files in it, but 1 in the manifest"
	restore
	rm "$file"
	again
	refused input "lab.tar: manifest.ndjson, line 1: $new: in the manifest alone"
	restore
	echo "no signature" >"$file.minisig"
	again
	refused input "lab.tar: $new.minisig: not a signature of minisign"
	restore
	# Not what its name says, with the right digest.
	mkfw e48bff56 v1.27.0 2026-04-06 "$pico" 40 >"$file"
	sed -i "s/sha256:[0-9a-f]*/sha256:$(sha256sum <"$file" | cut -d' ' -f1)/" \
		mpf-bundle/mpf.lock
	again
	refused input "lab.tar: RPI_PICO_W-v1.28.0.uf2: says that it is v1.27.0*"
}

@test "a manifest that leads elsewhere is refused" {
	export_it >/dev/null
	unpack
	cp mpf-bundle/manifest.ndjson good
	for change in '.file = "../../x.uf2"' '.file = "/x"' '.file = "rp2/.x"' \
		'.file = "rp2"' '.file = "rp2/a/b/c/d"' 'del(.file)' \
		'.file = "esp32/RPI_PICO_W-v1.28.0.uf2"' 'del(.origin)' \
		'.firmware.port = ".."' '.firmware.board_id = "a/b"' \
		'.firmware.version = "x"' 'del(.firmware.source)' \
		'.firmware.file_name = "a/b"' '[.]'; do
		jq -c "$change" good >mpf-bundle/manifest.ndjson
		again
		refused input "lab.tar: manifest.ndjson, line 1: *"
		rm -r "$there"
	done
	cat good good >mpf-bundle/manifest.ndjson
	again
	refused input "*: twice in the manifest"
	cp good mpf-bundle/manifest.ndjson
	cp mpf-bundle/index.ndjson index
	for change in '.links[0] = "https://x.example/evil.sh"' '.links = 7' \
		'.firmware.index.source = "ftp://x"' 'del(.fetched_at)' \
		'.firmware.board_id = "../x"' '.firmware.port = "../x"'; do
		jq -c "$change" index >mpf-bundle/index.ndjson
		again
		refused input "lab.tar: index.ndjson, line 1: *"
		rm -r "$there"
	done
}

@test "a bundle replaces nothing that was seen before, nor a newer list" {
	export_it >/dev/null
	# shellcheck disable=SC2119
	import_it >/dev/null
	build "$source" v1.28.0 "$pico" 41
	rm -r "$dir"
	export_it >/dev/null
	run -2 --separate-stderr import_it
	[ "$(field .error.code)" = verify ]
	[[ $(field .error.message) == *"not the file that was first seen"* ]]
	build "$source" v1.28.0 "$pico" 40
	rm -r "$dir"
	export_it >/dev/null
	sqlite3 "$there/mpflash.db" \
		"UPDATE mpf_page SET fetched_at = fetched_at + 1000, etag = 'x'"
	# shellcheck disable=SC2119
	import_it >/dev/null
	[ "$(sqlite3 "$there/mpflash.db" 'SELECT etag FROM mpf_page')" = x ]
}

@test "the project's lock file counts for a bundle, too" {
	export_it --lock mpf.lock >/dev/null
	grep -q "^$official " mpf.lock
	run -0 --separate-stderr import_it --locked
	rm -r "$there"
	printf '# mpf.lock 1\n' >mpf.lock
	refused verify "lab.tar: $official: not in mpf.lock" --locked
	run -0 --separate-stderr import_it
	grep -q "^$official " mpf.lock
	rm -r "$there"
	sed -i 's/sha256:..../sha256:0000/' mpf.lock
	refused verify "lab.tar: $official: sha-256 *"
}

@test "firmware of one's own and signatures travel along" {
	minisign -G -W -p lab.pub -s lab.key >/dev/null
	mkfw e48bff56 v1.28.0 2026-04-06 "$pico" 42 >mine.uf2
	minisign -S -s lab.key -m mine.uf2 >/dev/null
	run -0 --separate-stderr bundle < <(mpf-fetch --dir "$dir" \
		--board RPI_PICO_W --source mine.uf2 --pubkey lab.pub)
	run -0 --separate-stderr import_it
	path=$(field .image.path)
	cmp "$path" mine.uf2
	minisign -V -q -p lab.pub -m "$path"
	[ "$(field .firmware.custom)" = true ]
	# A name that takes both parts of a header.
	mv mine.uf2 "$(printf 'x%.0s' $(seq 90)).uf2"
	run -0 --separate-stderr bundle < <(mpf-fetch --dir "$dir" \
		--board RPI_PICO_W --source x*.uf2)
	tar -tf lab.tar | grep -q "/x\{90\}.uf2$"
	run -0 --separate-stderr import_it
	cmp "$(field .image.path)" x*.uf2
}
