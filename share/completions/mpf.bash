# SPDX-License-Identifier: MIT
#
# Completion for bash.  It is installed under the name of each tool.

_mpf() {
	local word=${COMP_WORDS[COMP_CWORD]} share words
	COMPREPLY=()
	share=${MPF_SHARE:-$(dirname "$(command -v "$1")")/../share/mpf}
	words=$("$share/completions/words" "$1" \
		"${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null) || return
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}

complete -o default -F _mpf "${BASH_SOURCE[0]##*/}"
