# SPDX-License-Identifier: MIT
#
# Firmware for machines without a network: mpf-fetch --export and --import.
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

export_it() {
	mpf-fetch --mirror "$mirror" --dir "$dir" --board RPI_PICO_W \
		--export lab.tar "$@"
}

# import_it [OPTION...]: on the other machine.
# shellcheck disable=SC2119,SC2120 # not everybody gives options
import_it() { mpf-fetch --dir "$there" --import lab.tar "$@"; }

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
	run -0 --separate-stderr mpf-fetch --mirror "$mirror" --dir "$dir" \
		--board RPI_PICO_W --version preview --board RPI_PICO_W \
		--export lab.tar
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
	run -0 --separate-stderr mpf-fetch --offline --dir "$there" \
		--board RPI_PICO_W --list
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

@test "a bundle is signed, and minisign says so too" {
	minisign -G -W -p lab.pub -s lab.key >/dev/null
	minisign -G -W -p other.pub -s other.key >/dev/null
	run -0 --separate-stderr export_it --seckey lab.key
	run -0 minisign -V -p lab.pub -m lab.tar
	[[ $output == *"Trusted comment: timestamp:"*"file:lab.tar"* ]]
	run -0 --separate-stderr import_it --pubkey lab.pub
	[ "$(jq -c .image.checks <<<"$output")" = \
		'["sha256","signature","format","chip","board"]' ]
	rm -r "$there"
	refused verify "lab.tar: signed with the key *" --pubkey other.pub
	echo >>lab.tar
	refused verify "lab.tar: the signature is of other bytes" \
		--pubkey lab.pub
	# By minisign itself, plain and hashed.
	for kind in -l -q; do
		rm -rf "$there" lab.tar.minisig
		minisign -S $kind -s lab.key -m lab.tar >/dev/null
		run -0 --separate-stderr import_it --pubkey lab.pub
	done
	rm -r "$there" lab.tar.minisig
	refused verify "lab.tar: not signed: no lab.tar.minisig" \
		--pubkey lab.pub
}

@test "a secret key with a password, which a file holds" {
	command -v python3 >/dev/null || skip "no python3"
	minisign -G -W -p lab.pub -s lab.key >/dev/null
	# As minisign -G does, but for 1 MB of memory instead of 1 GB.
	python3 - <<-'END'
		import base64, hashlib, struct
		comment, key = open("lab.key").read().splitlines()
		secret, salt = base64.b64decode(key)[-104:], bytes(range(32))
		pad = hashlib.scrypt(b"open", salt=salt, n=1024, r=8, p=1, dklen=104)
		raw = b"EdScB2" + salt + struct.pack("<QQ", 32768, 1 << 20) + \
		    bytes(a ^ b for a, b in zip(secret, pad))
		open("lab.key", "w").write(
		    comment + "\n" + base64.b64encode(raw).decode() + "\n")
	END
	echo open >word
	run -0 --separate-stderr export_it --seckey lab.key --password word
	run -0 minisign -V -p lab.pub -m lab.tar
	rm lab.tar*
	echo closed >word
	run -2 --separate-stderr export_it --seckey lab.key --password word
	[ "$(field .error.message)" = "--seckey: lab.key: not its password" ]
	# No terminal to ask at: setsid takes it away.
	run -2 --separate-stderr setsid -w mpf-fetch --board X --dir "$dir" \
		--export lab.tar --seckey lab.key
	[[ $(field .error.hint) == *"--password"* ]]
	[ ! -e lab.tar ]
	run -2 --separate-stderr mpf-fetch --board X --seckey lab.key
	[ "$(field .error.code)" = usage ]
}

@test "at a terminal the password is asked for, and not shown" {
	minisign -G -W -p lab.pub -s lab.key >/dev/null
	printf '%s\n' 'untrusted comment: x' "$(python3 -c '
import base64
print(base64.b64encode(b"EdScB2" + bytes(32) + b"\0\x80" + bytes(6) +
    b"\0\0\x10" + bytes(5) + bytes(104)).decode())')" >lab.key
	mkfifo keys
	script -qec "mpf-fetch --board X --export lab.tar --seckey lab.key
		echo status \$?" /dev/null <keys >shown 2>&1 3>&- &
	exec 4>keys
	wait_until grep -qs 'Password of' shown
	echo wrong-word >&4
	exec 4>&-
	wait "$!" || :
	grep -q 'Password of the secret key: ' shown
	grep -q 'not its password' shown
	run ! grep wrong-word shown
}

@test "a bundle of half of what was wanted is not written" {
	run -1 --separate-stderr mpf-fetch --mirror "$mirror" --dir "$dir" \
		--board RPI_PICO_W --board NO_SUCH --export lab.tar
	[ "$(jq -r 'select(.error) | .error.message' <<<"$output" |
		tail -n 1)" = "lab.tar: not written: 1 file did not come" ]
	[ ! -e lab.tar ]
	run -1 --separate-stderr mpf-fetch --mirror "$mirror" --dir "$dir" \
		--board RPI_PICO_W --board GENERIC --export lab.tar
	[ ! -e lab.tar ]
	run -1 --separate-stderr mpf-fetch --dir "$dir" --export lab.tar \
		</dev/null
	[[ $(field .error.message) == *"there is no file for it" ]]
	run -2 --separate-stderr import_it --export x.tar
	[ "$(field .error.code)" = usage ]
	run -1 --separate-stderr mpf-fetch --mirror "$mirror" --dir "$dir" \
		--board RPI_PICO_W --export no/such/lab.tar
	[ "$(jq -r 'select(.error) | .error.code' <<<"$output")" = not_found ]
	[[ $stderr == *"hint: --export names a file"* ]]
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
	run -0 --separate-stderr mpf-fetch --mirror "$mirror" --dir "$dir" \
		--board RPI_PICO_W --export lab.tar --keep-order \
		<<<"" # by hand, whatever comes in
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
	refused input "lab.tar: not a bundle of mpf-fetch: no mpf.lock in it"
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
	run -0 --separate-stderr mpf-fetch --dir "$dir" --board RPI_PICO_W \
		--source mine.uf2 --pubkey lab.pub --export lab.tar
	run -0 --separate-stderr import_it
	path=$(field .image.path)
	cmp "$path" mine.uf2
	minisign -V -q -p lab.pub -m "$path"
	[ "$(field .firmware.custom)" = true ]
	# A name that takes both parts of a header.
	mv mine.uf2 "$(printf 'x%.0s' $(seq 90)).uf2"
	run -0 --separate-stderr mpf-fetch --dir "$dir" --board RPI_PICO_W \
		--source x*.uf2 --export lab.tar
	tar -tf lab.tar | grep -q "/x\{90\}.uf2$"
	run -0 --separate-stderr import_it
	cmp "$(field .image.path)" x*.uf2
}
