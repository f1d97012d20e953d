# SPDX-License-Identifier: MIT
load helper
load upstream

# The tool is the maintainer's: it is not in PATH.
mpf-boards() { /usr/bin/python3 "$BATS_TEST_DIRNAME/../../tools/boards/mpf-boards" "$@"; }

# means DIR PORT...: a table of means there, with one row for each port.
means() {
	local dir=$1 port
	shift
	{
		printf '%s\t' port board files methods loader usb tool command
		echo deploy
		for port; do
			printf '%s\t*\tbin\tuf2\tx\t\tt\tt FILE\t*deploy.md\n' \
			    "$port"
		done
	} >"$dir/means.tsv"
}

setup_file() {
	make_repo "$BATS_FILE_TMPDIR/repo"
	mkdir "$BATS_FILE_TMPDIR/share"
	sed "s/@TIP@/$(git -C "$BATS_FILE_TMPDIR/repo" describe --abbrev=10 \
	    --tags --match 'v*-preview')/" \
	    "$BATS_TEST_DIRNAME/../data/upstream.tsv" \
	    >"$BATS_FILE_TMPDIR/share/boards.tsv"
	printf '%s\t%s\t%s\t%s\t%s\n' port old new since how \
	    esp32 ONE-ota ONE-OTA v1.23.0 'upper case' \
	    rp2 BY_JSON BY_HEADER v1.26.0-preview folded \
	    rp2 PICO PICO_NEW v1.26.0-preview renamed \
	    stm32 BETA ALPHA v1.25.0 folded \
	    stm32 EVIL ALPHA v1.25.0 folded \
	    stm32 EVIL-OK ALPHA v1.25.0 folded \
	    stm32 GAMMA ALPHA v1.25.0 folded \
	    stm32 '*-dp' '*-DP' v1.23.0 'upper case' \
	    stm32 '*-wide' '*-WIDE' v1.23.0 'upper case' \
	    | LC_ALL=C sort >"$BATS_FILE_TMPDIR/renames"
	{
		grep ^port "$BATS_FILE_TMPDIR/renames"
		grep -v ^port "$BATS_FILE_TMPDIR/renames"
	} >"$BATS_FILE_TMPDIR/share/renames.tsv"
	# shellcheck disable=SC2046 # each port is a word
	means "$BATS_FILE_TMPDIR/share" $(awk -F'\t' 'NR > 3 && $5 ~ /preview/ &&
	    $3 == "" && $19 == 1 { print $1 }' \
	    "$BATS_FILE_TMPDIR/share/boards.tsv" | sort -u)
}

setup() {
	repo=$BATS_FILE_TMPDIR/repo
	share=$BATS_FILE_TMPDIR/share
	expected=$share/boards.tsv
	out=$BATS_TEST_TMPDIR/boards.tsv
}

# good_repo: a copy of the repository whose boards are all right.
good_repo() {
	good=$BATS_TEST_TMPDIR/good
	git init -q -b main "$good"
	(
		cd "$good" || exit
		header Solo SOLO | put ports/stm32/boards/SOLO/mpconfigboard.h
		json Solo stm32 >ports/stm32/boards/SOLO/board.json
		save v1.20.0
		save v1.21.0
		header Duo DUO | put ports/stm32/boards/DUO/mpconfigboard.h
		save v1.22.0-preview
		save
	)
	mkdir "$BATS_TEST_TMPDIR/share"
	mpf-boards -o "$BATS_TEST_TMPDIR/share/boards.tsv" "$good"
	printf 'port\told\tnew\tsince\thow\n' \
	    >"$BATS_TEST_TMPDIR/share/renames.tsv"
	share=$BATS_TEST_TMPDIR/share
	means "$share" stm32
}

# edit SED: boards.tsv in share/, changed.
edit() { sed -i "$1" "$share/boards.tsv"; }

# --- the table

@test "boards of all kinds of definitions come out as they are built" {
	run -1 --separate-stderr mpf-boards --output "$out" "$repo"
	diff -u "$expected" "$out"
	[ -z "$output" ]
}

@test "boards that are not as they should be are named, and the rest done" {
	run -1 --separate-stderr mpf-boards --output "$out" "$repo"
	# Python 3.13 blames the comma before.
	diff -u - <(echo "${stderr/line 2, column 23/line 3, column 1}") <<-'END'
		mpf-boards: v1.23.0 to v1.24.0: stm32 BAD NAME;$(touch pwned): not a name of a board; left out
		mpf-boards: v1.23.0 to v1.24.0: stm32 EVIL-../../x: board.json: not a name of a variant; left out
		mpf-boards: v1.23.0 to v1.24.0: stm32 LOOP: ports/stm32/boards/LOOP/mpconfigboard.h: more than 16 files that include each other
		mpf-boards: v1.23.0 to v1.24.0: stm32 LOST: MICROPY_HW_BOARD_NAME is not a string; boards/NOWHERE/mpconfigboard.h, which may set it, is not in the tree
		mpf-boards: v1.23.0 to v1.24.0: stm32 OPEN: ports/stm32/boards/OPEN/mpconfigboard.h: a condition does not end
		mpf-boards: v1.26.0-preview: rp2 BY_HEADER: board.json: not JSON at line 3, column 1
	END
	[ ! -e pwned ]
	[ ! -e "$repo/pwned" ]
}

@test "a bare clone, a folder in a work tree and a strange GIT_DIR are one" {
	git clone -q --bare "$repo" "$BATS_TEST_TMPDIR/bare"
	for r in "$BATS_TEST_TMPDIR/bare" "$repo/ports/rp2" "$repo/.git"; do
		GIT_DIR=/nonexistent GIT_INDEX_FILE=/nonexistent \
		    run -1 mpf-boards -o "$out" "$r"
		cmp "$expected" "$out"
	done
	cd "$repo"
	run -1 mpf-boards .
	cmp "$expected" <(mpf-boards "$repo" 2>/dev/null)
}

@test "what is not committed does not count, and stays" {
	cp -r "$repo" "$BATS_TEST_TMPDIR/dirty"
	cd "$BATS_TEST_TMPDIR/dirty"
	header Changed CHANGED >ports/stm32/boards/ALPHA/mpconfigboard.h
	mkdir ports/stm32/boards/NEW
	header New NEW >ports/stm32/boards/NEW/mpconfigboard.h
	find . -type f -exec sha256sum {} + | sort >"$BATS_TEST_TMPDIR/before"
	chmod -R a-w .
	run -1 mpf-boards -o "$out" .
	chmod -R u+w .
	cmp "$expected" "$out"
	find . -type f -exec sha256sum {} + | sort |
		cmp - "$BATS_TEST_TMPDIR/before"
}

@test "--tip takes a branch, a commit and a release" {
	run -1 mpf-boards --tip main -o "$out" "$repo"
	cmp "$expected" "$out"
	run -1 mpf-boards --tip "$(git -C "$repo" rev-parse HEAD)" -o "$out" \
	    "$repo"
	cmp "$expected" "$out"
	run -1 mpf-boards --tip v1.25.0 -o "$out" "$repo"
	[ "$(head -2 "$out" | tr '\n\t' '| ')" = \
	    "#versions v1.20.0 v1.23.0 v1.24.0 v1.25.0|#tip v1.25.0|" ]
	grep -q $'^rp2\tPICO\t\tv1.20.0\tv1.25.0\t' "$out"
}

@test "commits on a release are the preview of the next patch" {
	good_repo
	git -C "$good" checkout -q v1.21.0
	git -C "$good" commit -qm patch --allow-empty
	run -0 mpf-boards "$good"
	[ "${lines[0]}" = $'#versions\tv1.20.0\tv1.21.0\tv1.21.1-preview' ]
	[[ ${lines[1]} == $'#tip\tv1.21.0-1-g'* ]]
}

@test "the evaluators of C, make and CMake know what definitions are made of" {
	/usr/bin/python3 "$BATS_TEST_DIRNAME/../boards/test_evaluate.py"
}

# --- what cannot be read

# refused MESSAGE [OPTION...]: status 2, a hint, and the old file untouched.
refused() {
	local message=$1
	shift
	echo old >"$out"
	run -2 --separate-stderr mpf-boards -o "$out" "$@"
	[[ ${stderr_lines[0]} == "mpf-boards: "$message ]]
	[[ ${stderr_lines[1]} == "mpf-boards: hint: "* ]]
	[ "$(cat "$out")" = old ]
	[ "$(find "${out%/*}" -name 'tmp*' | wc -l)" -eq 0 ]
}

@test "no repository, no release and no such tip are refused with a hint" {
	mkdir "$BATS_TEST_TMPDIR/empty"
	GIT_CEILING_DIRECTORIES=$BATS_TEST_TMPDIR \
	    refused "$BATS_TEST_TMPDIR/empty: git: not a git repository*" \
	    "$BATS_TEST_TMPDIR/empty"
	refused "/nonexistent/x: git: cannot change to '/nonexistent/x'*" \
	    /nonexistent/x
	git init -q "$BATS_TEST_TMPDIR/other"
	refused "*: no tag of a MicroPython release from v1.18 on" \
	    "$BATS_TEST_TMPDIR/other"
	refused "$repo: no commit \"no such tip\"" --tip 'no such tip' "$repo"
	refused "$repo: no commit \"--output=x\"" --tip=--output=x "$repo"
	refused "$repo: no tag \"v...\" before the tip" \
	    --tip "$(git -C "$repo" commit-tree -m x 'HEAD^{tree}')" "$repo"
	git clone -q --depth 1 "file://$repo" "$BATS_TEST_TMPDIR/shallow"
	refused "*: a shallow clone: releases may be missing" \
	    "$BATS_TEST_TMPDIR/shallow"
}

@test "a repository of something else is refused" {
	git init -q -b main "$BATS_TEST_TMPDIR/other"
	git -C "$BATS_TEST_TMPDIR/other" commit -qm x --allow-empty
	git -C "$BATS_TEST_TMPDIR/other" tag v1.30.0
	echo old >"$out"
	run -2 --separate-stderr mpf-boards -o "$out" "$BATS_TEST_TMPDIR/other"
	[ "$stderr" = "mpf-boards: v1.30.0: no folder \"ports\": not MicroPython's repository" ]
	[ "$(cat "$out")" = old ]
}

@test "somebody else's repository is trusted only if git is told so" {
	open_dir
	good_repo
	cp -r "$good" "$open/repo"
	chmod -R a+rX "$open/repo"
	cp -r "$BATS_TEST_DIRNAME/../../tools/boards" "$open/boards"
	run -2 --separate-stderr env HOME=/ setpriv --reuid 65534 \
	    --regid 65534 --clear-groups /usr/bin/python3 \
	    "$open/boards/mpf-boards" "$open/repo"
	[[ ${stderr_lines[0]} == *"dubious ownership"* ]]
	[[ ${stderr_lines[1]} == *"hint: "*"safe.directory"* ]]
}

@test "where there is no git, that is said" {
	echo old >"$out"
	run -2 --separate-stderr env PATH=/nonexistent /usr/bin/python3 \
	    "$BATS_TEST_DIRNAME/../../tools/boards/mpf-boards" -o "$out" \
	    "$repo"
	[ "$stderr" = "mpf-boards: git: no such program
mpf-boards: hint: install git" ]
	[ "$(cat "$out")" = old ]
}

@test "a repository that lacks an object, or has a broken one, is refused" {
	local id object
	good_repo
	id=$(git -C "$good" rev-parse HEAD:ports/stm32/boards/DUO/mpconfigboard.h)
	object=$good/.git/objects/${id:0:2}/${id:2}
	chmod u+w "$object"
	echo nonsense >"$object"
	refused "v1.22.0-preview: *$id*" "$good"
	rm -f "$object"
	refused "v1.22.0-preview: *$id*" "$good"
}

@test "an object cut short is refused, and a huge one is left out" {
	local id object b=ports/stm32/boards/SOLO
	good_repo
	cd "$good"
	seq 20000 | sed 's,^,// ,' >>$b/mpconfigboard.h
	save v1.23.0
	id=$(git rev-parse HEAD:$b/mpconfigboard.h)
	object=.git/objects/${id:0:2}/${id:2}
	cp "$object" "$BATS_TEST_TMPDIR/whole"
	chmod u+w "$object"
	head -c 20000 "$BATS_TEST_TMPDIR/whole" >"$object"
	refused "v1.23.0: .: git: *$id*" .
	cp "$BATS_TEST_TMPDIR/whole" "$object"
	head -c 17000000 /dev/zero >$b/board.json
	save v1.24.0
	run -1 --separate-stderr mpf-boards -o "$out" .
	[ "$stderr" = "mpf-boards: v1.24.0: stm32 SOLO: board.json: more than 1048576 bytes; left out" ]
	grep -q $'^stm32\tSOLO\t\tv1.24.0\tv1.24.0\tSolo\tSOLO\t.*\t0$' "$out"
}

@test "a file that cannot be written is said, and status 2" {
	good_repo
	run -2 --separate-stderr mpf-boards -o "$expected/x" "$good"
	[[ ${stderr_lines[0]} == "mpf-boards: $expected"*": "* ]]
	full() { mpf-boards "$1" >/dev/full; }
	run -2 --separate-stderr full "$good"
	[[ $stderr == "mpf-boards: standard output: "*"No space left"* ]]
}

@test "options that do not go together, and too many repositories" {
	run -2 --separate-stderr mpf-boards --check -o x x
	[[ $stderr == *"one of --check and --output at a time"* ]]
	run -2 --separate-stderr mpf-boards x y
	[[ $stderr == *"unrecognized arguments: y"* ]]
	run -2 --separate-stderr mpf-boards --check
	[[ $stderr == *"required: repository"* ]]
}

# --- --check

@test "--check of tables that are right says nothing" {
	good_repo
	run -0 --separate-stderr mpf-boards --check --share "$share" "$good"
	[ -z "$output$stderr" ]
	run -1 --separate-stderr mpf-boards --check \
	    --share "$BATS_FILE_TMPDIR/share" "$repo"
	[ -z "$output" ]
}

@test "--check says row by row what differs" {
	good_repo
	edit 's/Solo\tSOLO/Solo 2\tSOLO2/'
	edit '/\tDUO\t/d'
	edit '$a stm32\tTRIO\tX\tv1.21.0\tv1.21.0\tTrio\tTRIO\t\t\t\t\t\t\t\t\t\t\t\t0'
	run -1 --separate-stderr mpf-boards --check --share "$share" "$good"
	diff -u - <(echo "$output") <<-'END'
		stm32 DUO, v1.22.0-preview: the tree has it, boards.tsv does not
		stm32 SOLO, v1.20.0 to v1.22.0-preview: name is "Solo 2" in boards.tsv, "Solo" in the tree; hw_mcu is "SOLO2" in boards.tsv, "SOLO" in the tree
		stm32 TRIO-X, v1.21.0: boards.tsv has it, the tree does not
	END
}

@test "a variant of the same string is judged, or --check asks" {
	good_repo
	cd "$good"
	json Duo stm32 '.variants = {DP: "d", NOVEL: "n"}' \
	    >ports/stm32/boards/DUO/board.json
	for v in DP NOVEL; do
		put ports/stm32/boards/DUO/mpconfigvariant_$v.mk <<<'X = 1'
	done
	save
	mpf-boards -o "$share/boards.tsv" .
	[ "$(cut -f2,3,18 "$share/boards.tsv" | tail -n +4 | xargs)" = \
	    "DUO DUO DP software DUO NOVEL SOLO" ]
	run -1 --separate-stderr mpf-boards --check --share "$share" .
	[ "$output" = "stm32 DUO-NOVEL: does it differ in software or in hardware?  variants.tsv does not say" ]
}

@test "--check says what a new release changes" {
	good_repo
	cd "$good"
	header 'Solo, new' SOLO >ports/stm32/boards/SOLO/mpconfigboard.h
	header Trio TRIO | put ports/stm32/boards/TRIO/mpconfigboard.h
	save v1.22.0
	save v1.23.0-preview
	run -1 --separate-stderr mpf-boards --check --share "$share" .
	diff -u - <(echo "$output" | grep -v '^the tip') <<-'END'
		v1.22.0: the tree has it, boards.tsv does not
		v1.23.0-preview: the tree has it, boards.tsv does not
		v1.22.0-preview: boards.tsv has it, the tree does not
		stm32 SOLO, v1.22.0 to v1.23.0-preview: name is "Solo" in boards.tsv, "Solo, new" in the tree
		stm32 TRIO, v1.22.0 to v1.23.0-preview: the tree has it, boards.tsv does not
	END
}

@test "--check knows new releases, another tip, and other bytes" {
	good_repo
	edit 's/^#tip.*/#tip\tv1.22.0-preview-9-g0123456789/'
	edit '1s/\tv1.20.0/\tv1.19.1\tv1.20.0/'
	git -C "$good" tag v1.21.1 v1.21.0
	run -1 mpf-boards --check --share "$share" "$good"
	[[ $output == *"v1.21.1: the tree has it, boards.tsv does not"* ]]
	[[ $output == *"v1.19.1: boards.tsv has it, the tree does not"* ]]
	[[ $output == *"the tip: boards.tsv is of v1.22.0-preview-9-g0123456789, the tree is at v1.22.0-preview-1-g"* ]]
	git -C "$good" tag -d v1.21.1 >/dev/null
	mpf-boards -o "$share/boards.tsv" "$good"
	edit '3{h;d};4{G}'
	run -2 --separate-stderr mpf-boards --check --share "$share" "$good"
	[[ $stderr == "mpf-boards: boards.tsv, line 3: not as mpf-boards"* ]]
	mpf-boards "$good" | sed '4{h;d};5{G}' >"$share/boards.tsv"
	run -1 --separate-stderr mpf-boards --check --share "$share" "$good"
	[[ $output == *"the same facts, but not as mpf-boards writes them"* ]]
}

@test "--check tries each old name, and finds those that are missing" {
	cp -r "$share" "$BATS_TEST_TMPDIR/share"
	share=$BATS_TEST_TMPDIR/share
	sed -i -e '/PICO_NEW/d' -e 's/ONE-OTA/ONE-NOTHING/' \
	    -e 's/\(GAMMA.*\)v1.25.0/\1v1.24.0/' \
	    -e 's/\(BETA.*\)v1.25.0/\1v1.26.0-preview/' \
	    -e 's/\*-WIDE/*-NARROW/' -e 's/\(BY_JSON.*\)v1.26.0.*/\1v9.9.9\tx/' \
	    "$share/renames.tsv"
	run -1 --separate-stderr mpf-boards --check --share "$share" "$repo"
	diff -u - <(echo "$output") <<-'END'
		renames.tsv, line 2: esp32 ONE-ota: no ONE-NOTHING in v1.23.0
		renames.tsv, line 3: rp2 BY_JSON: its "since" is not a version after the first
		renames.tsv, line 5: stm32 *-wide: no ALPHA-NARROW in v1.23.0
		renames.tsv, line 6: stm32 BETA: v1.25.0 does not have it
		renames.tsv, line 9: stm32 GAMMA: v1.24.0 still has it
		rp2 BY_JSON: gone since v1.26.0-preview, and renames.tsv has no row for it
		rp2 PICO: gone since v1.26.0-preview, and renames.tsv has no row for it; may be: PICO_NEW
		stm32 BETA: gone since v1.25.0, and renames.tsv has no row for it
		stm32 GAMMA: gone since v1.25.0, and renames.tsv has no row for it
	END
	tac "$share/renames.tsv" >"$BATS_TEST_TMPDIR/renames"
	{ tail -1 "$BATS_TEST_TMPDIR/renames"; head -n -1 "$BATS_TEST_TMPDIR/renames"; } \
	    >"$share/renames.tsv"
	run -1 --separate-stderr mpf-boards --check --share "$share" "$repo"
	[[ $output == *"not in order of port, old and since"* ]]
}

@test "--check of files that are not tables says which line, and status 2" {
	good_repo
	printf 'port\told\n' >"$share/renames.tsv"
	run -2 --separate-stderr mpf-boards --check --share "$share" "$good"
	[[ $stderr == "mpf-boards: renames.tsv, line 1: not port, old, new, since and how"* ]]
	printf 'x\n' >"$share/boards.tsv"
	run -2 --separate-stderr mpf-boards --check --share "$share" "$good"
	[[ $stderr == "mpf-boards: boards.tsv, line 1: "* ]]
	run -2 --separate-stderr mpf-boards --check --share /nonexistent "$good"
	[[ $stderr == *"/nonexistent/boards.tsv: "*"No such file"*hint:* ]]
}

# set_means SED: means.tsv of good_repo, changed from how it was made.
set_means() {
	means "$share" stm32
	sed -i "$1" "$share/means.tsv"
}

@test "--check says which boards have no means, or other ones" {
	good_repo
	(
		cd "$good" || exit
		{
			header Duo DUO
			echo '#define MICROPY_HW_ENABLE_USB (1)'
		} | put ports/stm32/boards/DUO/mpconfigboard.h
		json Duo stm32 '.deploy = ["../deploy.md", "new.md"]' \
		    >ports/stm32/boards/DUO/board.json
		json Solo stm32 '.deploy = ["../deploy.md"]' \
		    >ports/stm32/boards/SOLO/board.json
		save
	)
	mpf-boards -o "$share/boards.tsv" "$good"
	run -1 --separate-stderr mpf-boards --check --share "$share" "$good"
	diff -u - <(echo "$output") <<-'END'
		stm32 DUO: the tree says by boards/DUO/new.md how it is flashed, means.tsv rests on *deploy.md
		stm32 DUO: it has USB, and means.tsv has uf2
	END
	set_means '2s/\*deploy.md/*.md/; 2s/uf2/uf2,dfu/'
	run -1 --separate-stderr mpf-boards --check --share "$share" "$good"
	[ "$output" = "stm32 SOLO: it has no USB, and means.tsv has uf2,dfu" ]
	set_means '2s/\t\*\t/\tS*\t/'
	run -1 --separate-stderr mpf-boards --check --share "$share" "$good"
	[ "$output" = "stm32 DUO: means.tsv has no row for it" ]
	set_means '$a\
stm32\tTRIO\tbin\tuf2\tx\t\tt\tt FILE\tdeploy.md'
	run -1 --separate-stderr mpf-boards --check --share "$share" "$good"
	[[ $output == *"means.tsv, line 3: stm32 TRIO: no board of the tree" ]]
	set_means '2s/\t\*deploy.md//'
	run -2 --separate-stderr mpf-boards --check --share "$share" "$good"
	[[ $stderr == "mpf-boards: means.tsv, line 2: not port, board, files, methods"* ]]
}

# --- the real repository

@test "MicroPython's own repository gives the table in share/" {
	[ -n "${MPF_MICROPYTHON:-}" ] || skip "MPF_MICROPYTHON names no clone"
	local tip
	tip=$(sed -n 's/^#tip.*-g//p' "$MPF_SHARE/boards.tsv")
	run -0 --separate-stderr mpf-boards --tip "$tip" -o "$out" \
	    "$MPF_MICROPYTHON"
	cmp "$MPF_SHARE/boards.tsv" "$out"
	[ -z "$stderr" ]
	run -0 --separate-stderr mpf-boards --tip "$tip" --check \
	    "$MPF_MICROPYTHON"
	[ -z "$output$stderr" ]
}
