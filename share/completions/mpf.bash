# SPDX-License-Identifier: MIT
#
# Completion for bash.  It is installed under the name of each tool, and asks
# the tool itself: what --help lists is what can be completed.

# _mpf_takes_value HELP OPTION: does that option stand in front of a value?
_mpf_takes_value() {
	# Classes: in Turkish [a-z] lacks the i.
	local line name='(--[[:lower:][:digit:]-]+)?'
	local value='([[:upper:]][[:upper:][:digit:]:|_-]*)?'
	while IFS= read -r line; do
		[[ $line =~ ^\ +(-.,\ )?$name\ ?$value(\ \ |$) ]] ||
			continue
		[[ ${BASH_REMATCH[1]%, } == "$2" || ${BASH_REMATCH[2]} == "$2" ]] &&
			[[ -n ${BASH_REMATCH[3]} ]] && return 0
	done <<<"$1"
	return 1
}

_mpf() {
	local word=${COMP_WORDS[COMP_CWORD]} before='' help
	COMPREPLY=()
	((COMP_CWORD == 0)) || before=${COMP_WORDS[COMP_CWORD - 1]}
	help=$("$1" --help 2>/dev/null) || return
	# A value: file names, which -o default has for us.
	_mpf_takes_value "$help" "$before" && return
	[[ $word == -* ]] || return
	mapfile -t COMPREPLY < <(compgen -W \
		"$(grep -oE '^ +(-., )?--[[:lower:][:digit:]-]+' <<<"$help" |
			grep -oE -- '--[[:lower:][:digit:]-]+')" -- "$word")
}

complete -o default -F _mpf "${BASH_SOURCE[0]##*/}"
