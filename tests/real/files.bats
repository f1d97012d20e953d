# SPDX-License-Identifier: MIT
#
# The files of boards that run real MicroPython: saved, wiped, restored.
load helper

# fill NAME: a folder in a folder, an empty file, all bytes, and a file that
# takes several pieces.
fill() {
	python "$1" "import os
os.mkdir('lib')
os.mkdir('lib/deep')
os.mkdir('empty')
f = open('lib/deep/all', 'wb')
f.write(bytes(range(256)) * 40)
f.close()
open('none', 'w').close()
f = open('main.py', 'w')
f.write('x = \"\u00e9\"\\n')
f.close()"
}

# tree NAME: what is on the board, and a sum over each file.
tree() {
	python "$1" "import os, hashlib
def t(d):
    for n in sorted(os.listdir(d)):
        n = d + '/' + n
        if os.stat(n)[0] & 0x4000:
            print(n)
            t(n)
        else:
            print(n, sum(hashlib.sha256(open(n, 'rb').read()).digest()))
t('')"
}

@test "stock firmware: formatted, and each file comes back as it was" {
	start_pico pico
	mpf-detect --serial "$PWD/pico" >board
	fill pico
	tree pico >before
	grep -q '^/lib/deep/all' before

	run -0 --separate-stderr mpf-backup -o saved <board
	[ "$(field '.files | [.action, .count, .size_bytes] | join(" ")')" = \
	    "saved 3 10249" ]
	[ "$(stat -c %a saved/*.tar)" = 600 ]
	run -0 --separate-stderr mpf-format --yes <board
	[ "$(field .files.action)" = formatted ]
	[ -z "$(tree pico)" ]

	run -0 --separate-stderr mpf-restore --from saved <board
	[ "$(field '.files | [.action, .count, .unchanged] | join(" ")')" = \
	    "restored 3 " ]
	tree pico | diff before -
	run -0 --separate-stderr mpf-format --keep-files <board
	[ "$(field '.files | [.count, .size_bytes] | join(" ")')" = "3 10249" ]
	tree pico | diff before -
	[ -z "$(ls state/mpf/files)" ]
}

@test "stock firmware: erased, and it makes a new file system" {
	start_pico pico
	mpf-detect --serial "$PWD/pico" >board
	fill pico
	run -0 --separate-stderr mpf-erase --yes -t 120 <board
	[ "$(field '.files | [.action, .count] | join(" ")')" = "erased 3" ]
	[ -z "$(tree pico)" ]
	python pico "open('again', 'w').close()"
	[ "$(tree pico | cut -d' ' -f1)" = /again ]
}
