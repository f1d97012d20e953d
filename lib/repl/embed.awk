# SPDX-License-Identifier: MIT
#
# share/probe/NAME.py ... as one C table.  Comments and empty lines stay
# behind, and an indent of four becomes one: every byte of a script costs time
# on the wire and room on a small board.

function quote(s)
{
	gsub(/\\/, "\\\\", s)
	gsub(/"/, "\\\"", s)
	return "\"" s "\\n\""
}

function end_script()
{
	if (n > 0)
		print " },"
}

BEGIN {
	print "/* Made from share/probe by lib/repl/embed.awk. */"
	print "#include \"repl/script.h\"\n"
	print "const struct script scripts[] = {"
}

FNR == 1 {
	end_script()
	name = FILENAME
	sub(/.*\//, "", name)
	sub(/\.py$/, "", name)
	printf "\t{ \"%s\", \"\"", name
	n++
}

/^[ \t]*(#|$)/ { next }

{
	match($0, /^ */)
	depth = RLENGTH / 4
	line = substr($0, RLENGTH + 1)
	for (i = 0; i < depth; i++)
		line = " " line
	printf "\n\t    %s", quote(line)
}

END {
	end_script()
	print "\t{ NULL, NULL },\n};"
}
