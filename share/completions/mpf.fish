# SPDX-License-Identifier: MIT
#
# Completion for fish.  It is installed under the name of each tool.

set -l tool (string replace -r '.*/(.*)\.fish$' '$1' -- (status filename))

function __mpf_words
	set -l words (commandline -opc) (commandline -ct)
	set -l share $MPF_SHARE
	test -n "$share"
	or set share (dirname (command -v $words[1]))/../share/mpf
	$share/completions/words $words 2>/dev/null
end

complete -c $tool -a '(__mpf_words)'
