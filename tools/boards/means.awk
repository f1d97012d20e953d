# SPDX-License-Identifier: MIT
#
# What is made of the table of means, for tools/boards/means.
#
#   awk -v want=udev -f means.awk share/means.tsv share/boards.tsv \
#       lib/chips/usb.c		share/udev/60-mpf.rules
#   awk -v want=man -f means.awk share/means.tsv	a part of mpf-flash(1)

BEGIN {
	FS = "\t"
	# Vendors that gave their id to others: only the products are known.
	split("1209 16c0 16d0 1d50 04d8 03eb 15ba", list, " ")
	for (i in list)
		shared[list[i]] = 1
	# MicroPython's own ids, and Espressif's.
	add(tty, "f055:*")
	add(tty, "2e8a:*")
	add(tty, "303a:*")
}

# Sets of ids: set[VID] = "PID|PID", in the order in which they came.
function add(set, id,	part, vid, pid) {
	split(id, part, ":")
	vid = part[1]
	pid = part[2]
	if (!(vid in set))
		set[vid] = pid
	else if (set[vid] == "*" || index("|" set[vid] "|", "|" pid "|"))
		return
	else
		set[vid] = pid == "*" ? pid : set[vid] "|" pid
}

# Where a vendor has its id for itself, all of its ttys are boards.
function add_tty(id,	part) {
	split(id, part, ":")
	add(tty, part[1] in shared ? id : part[1] ":*")
}

FILENAME ~ /means\.tsv$/ && FNR > 1 {
	row[++rows] = $0
	n = $4 == "" ? 0 : split($6, ids, ",")
	for (i = 1; i <= n; i++) {
		loader[++loaders] = ids[i]
		if ($4 ~ /uf2/)		# it has a serial port too
			with_tty[ids[i]] = 1
	}
}

FILENAME ~ /boards\.tsv$/ && FNR > 3 && $13 != "" { add_tty($13 ":" $14) }

# { "1a86", "7523", "CH340", "ch341" }, of two tables of usb.c.
FILENAME ~ /usb\.c$/ && /^} [a-z]+\[\] = \{/ { table = $0 }
FILENAME ~ /usb\.c$/ && /^\t\{ "/ {
	n = split($0, word, "\"")
	pid = n > 4 && $0 !~ /", NULL/ ? word[4] : "*"
	if (table ~ /bridges/)
		add(bridge, word[2] ":" pid)
	else if (table ~ /probes/)
		add(probe, word[2] ":" pid)
}

# Is it one of the probes, whose drive is mounted, and not spoken to?
function is_probe(id,	part, list, n, i) {
	split(id, part, ":")
	if (!(part[1] in probe))
		return 0
	if (probe[part[1]] == "*" || part[2] == "*")
		return 1
	n = split(probe[part[1]], list, "|")
	for (i = 1; i <= n; i++)
		if (list[i] == part[2] || (part[2] ~ /\?$/ &&
		    index(list[i], substr(part[2], 1, 3)) == 1))
			return 1
	return 0
}

# One line for each vendor, by number.
function rules(set, attr, tag,	n, vid, list, i, k, swap) {
	n = 0
	for (vid in set)
		list[++n] = vid
	for (i = 1; i <= n; i++)
		for (k = i + 1; k <= n; k++)
			if (list[k] < list[i]) {
				swap = list[i]
				list[i] = list[k]
				list[k] = swap
			}
	for (i = 1; i <= n; i++)
		printf "%s{idVendor}==\"%s\", %sTAG+=\"%s\"\n", attr, list[i],
		    set[list[i]] == "*" ? "" : attr "{idProduct}==\"" \
		    set[list[i]] "\", ", tag
}

function print_udev(	i) {
	for (i = 1; i <= loaders; i++) {
		if (is_probe(loader[i]))
			continue
		add(boot, loader[i])
		if (loader[i] in with_tty)
			add_tty(loader[i])
	}
	print "# SPDX-License-Identifier: MIT"
	print "#"
	print "# Made by tools/boards/means.awk from share/means.tsv,"
	print "# share/boards.tsv and lib/chips/usb.c: do not edit."
	print "#"
	print "# Lets whoever sits at the machine (uaccess), and the group"
	print "# plugdev, which is for those who come over ssh, use boards and"
	print "# bootloaders without being root; and keeps ModemManager from"
	print "# talking to them.  Comes before 73-seat-late.rules, which acts on"
	print "# uaccess.\n"
	print "ACTION==\"remove\", GOTO=\"mpf_end\""
	print "SUBSYSTEM==\"usb\", ENV{DEVTYPE}==\"usb_device\", " \
	    "GOTO=\"mpf_usb\""
	print "SUBSYSTEM==\"tty\", SUBSYSTEMS==\"usb\", GOTO=\"mpf_tty\""
	print "GOTO=\"mpf_end\"\n"
	print "# Bootloaders: DFU, PICOBOOT, and drives that are written to by"
	print "# SCSI commands."
	print "LABEL=\"mpf_usb\""
	rules(boot, "ATTR", "mpf_boot")
	print "TAG==\"mpf_boot\", TAG+=\"uaccess\", GROUP=\"plugdev\", " \
	    "MODE=\"0660\""
	print "GOTO=\"mpf_end\"\n"
	print "# Serial ports: MicroPython's, and its boards' loaders'."
	print "LABEL=\"mpf_tty\""
	rules(tty, "ATTRS", "mpf_board")
	print "# Debug probes."
	rules(probe, "ATTRS", "mpf_board")
	print "# Bridges."
	rules(bridge, "ATTRS", "mpf_board")
	print "TAG==\"mpf_board\", TAG+=\"uaccess\", " \
	    "ENV{ID_MM_DEVICE_IGNORE}=\"1\", ENV{ID_MM_PORT_IGNORE}=\"1\"\n"
	print "LABEL=\"mpf_end\""
}

function print_man(	i, f) {
	print ".Bl -column \"renesas-ra\" \"ARDUINO_NANO_33_BLE_SENSE\" " \
	    "\"picoboot, uf2\""
	print ".It Sy Port Ta Sy Board Ta Sy By"
	for (i = 1; i <= rows; i++) {
		split(row[i], f, "\t")
		gsub(/,/, ", ", f[4])
		printf ".It %s Ta %s Ta %s\n", f[1], f[2],
		    f[4] != "" ? f[4] : f[7] " (" f[5] ")"
	}
	print ".El"
}

END {
	if (want == "udev")
		print_udev()
	else
		print_man()
}
