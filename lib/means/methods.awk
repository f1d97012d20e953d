# SPDX-License-Identifier: MIT
#
# The names of the drivers in lib/flash/registry.c, as a list in C, for the
# tools that do not flash and are not linked with what that takes.

BEGIN {
	print "/* Made from lib/flash/registry.c by lib/means/methods.awk. */"
	print "#include \"means/means.h\"\n"
	print "const char *const means_methods[] = {"
}

/^\t&flash_/ {
	name = $1
	gsub(/^&flash_|,$/, "", name)
	printf "\t\"%s\",\n", name
}

END { print "\tNULL\n};" }
