#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What C of ours does not call, and what only some places may.
set -eu
cd "$(dirname "$0")/../.."
bad=0

# The code alone: comments and strings blanked, line numbers kept.
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
for f in $(find lib tools tests -name '*.[ch]' 2>/dev/null || :); do
	mkdir -p "$tmp/$(dirname "$f")"
	sed -E 's/"([^"\\]|\\.)*"/""/g; s#/\*([^*]|\*[^/])*\*/##g
		s#^ \*.*##; s#/\*.*##' "$f" >"$tmp/$f"
done
cd "$tmp"

# forbid WHAT-INSTEAD REGEX WHERE [EXCEPT-PATHS]
forbid() {
	# shellcheck disable=SC2086 # folders
	grep -rnE "(^|[^A-Za-z0-9_>.])($2)[ ]?\(" $3 2>/dev/null |
	    grep -vE "^(${4:-none}):" && { echo "  instead: $1"; bad=1; }
	return 0
}
all='lib tools tests'
forbid 'snprintf, mem_printf or buf_addf' 'v?sprintf' "$all"
forbid 'mem_str, buf_adds or snprintf' 'st[rp]n?cpy|strn?cat|strlcpy' "$all"
forbid 'strcspn, strsep or a parser' 'strtok(_r)?|gets|scanf|sscanf' "$all"
forbid 'strtol and a look at its end' 'ato[ifl]|atoll' "$all"
forbid 'fork and exec with a list of arguments' 'system|popen' "$all"
forbid 'mem_alloc, or a size that is known' 'alloca' "$all"
forbid 'gmtime_r and the like' 'gmtime|localtime|ctime|asctime|strerror_r' \
    "$all"
forbid 'base/clock' 'time|clock_gettime|gettimeofday|nanosleep|usleep|sleep' \
    'lib tools' 'lib/base/clock\.c'
forbid 'mem_alloc, mem_grow' 'malloc|calloc|realloc|strn?dup|v?asprintf' \
    'lib tools' 'lib/base/mem\.c'
forbid 'file_open, which waits for nobody' \
    'open|openat|creat|fopen|freopen|mkstemps?|mkostemps?' 'lib tools' \
    'lib/base/(command|file|file_new|file_sweep|holder|lock)\.c|lib/(board/loader|bus/(sysfs|wait)|link/node)\.c|'\
'lib/(sim/(child|drive|event|port)|tool/confirm|tool/tool|tool/worker|upstream/child)\.c|'\
'lib/trust/password\.c|tools/mpf-sim\.c'
forbid 'a struct err: a library does not end the process' 'exit|abort|errx?' \
    lib 'lib/base/(mem|digest)\.c|lib/tool/[a-z_]*\.c'
forbid 'a struct err: a library does not print' \
    'printf|puts|putchar|perror|fputs' \
    lib 'lib/base/(mem|digest)\.c|lib/tool/[a-z_]*\.c'
exit $bad
