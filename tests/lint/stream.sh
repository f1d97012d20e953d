#!/bin/sh
# SPDX-License-Identifier: MIT
#
# mpf-stream(5) describes every key of the schema, and no other, in its table of
# keys with the type of the schema; so does the table in lib/model/codec.c, but
# for keys that no struct has.  tests/schema/keys looks who writes them.
set -eu
cd "$(dirname "$0")/../.."
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
bad=0
nouns='device chip board firmware image flash record files database event statistics error'
for n in $nouns; do
	jq -r --arg n "$n" '.["$defs"][$n].properties | keys_unsorted[]
	    | $n + "." + .' share/schema/record.schema.json
done | sort >"$tmp/schema"
awk '/^\.Ss / { noun = $2 } /^\.Sh / { noun = "" } /^The codes,/ { noun = "" }
noun != "" && /^\.It Cm/ && !/ Ta / {
	gsub(/,/, "")
	for (i = 3; i <= NF; i++) print noun "." $i
}' man/mpf-stream.5 | sort >"$tmp/page"
diff -u --label schema --label mpf-stream.5 "$tmp/schema" "$tmp/page" || bad=1

jq -r --arg nouns "$nouns" '.["$defs"] as $defs
    | {string: "string", integer: "number", boolean: "boolean",
	array: "list", object: "object"} as $name
    | ($nouns / " ")[] as $n | $defs[$n].properties | to_entries[]
    | (.value["$ref"] // "" | ltrimstr("#/$defs/")) as $to
    | "\($n).\(.key) \($name[(.value.type // $defs[$to].type)])"' \
    share/schema/record.schema.json | sort >"$tmp/types"
sed -nE 's/^\.It Cm ([a-z]+\.[a-z0-9_]+) Ta ([a-z]+) Ta .*/\1 \2/p' \
    man/mpf-stream.5 | sort >"$tmp/page"
diff -u --label schema --label "table of mpf-stream.5" "$tmp/types" \
    "$tmp/page" || bad=1

jq -r '.["$defs"].error.properties.code.enum[]' \
    share/schema/record.schema.json | sort >"$tmp/codes"
awk '/^The codes,/ { on = 1 } /^\.Sh |^The steps/ { on = 0 }
on && /^\.It Cm/ { print $3 }' man/mpf-stream.5 | sort >"$tmp/page"
diff -u --label schema --label mpf-stream.5 "$tmp/codes" "$tmp/page" || bad=1

# The steps of error.next: schema, page, and the table that tools use.
jq -r '.["$defs"].error.properties.next.enum[]' \
    share/schema/record.schema.json | sort >"$tmp/steps"
awk '/^The steps of/ { on = 1 } /^\.Sh / { on = 0 }
on && /^\.It Cm/ { print $3 }' man/mpf-stream.5 | sort >"$tmp/page"
diff -u --label schema --label mpf-stream.5 "$tmp/steps" "$tmp/page" || bad=1
sed -nE 's/^	\[NEXT_[A-Z_]+\] = "([a-z_]+)",$/\1/p' lib/base/err.c |
    sort >"$tmp/table"
diff -u --label schema --label err.c "$tmp/steps" "$tmp/table" || bad=1
# What mpf-doctor says is among them.
grep -rhoE '"[a-z]+(_[a-z]+)+", *("|hint|install|e\.hint)' lib/doctor | grep -v _proxy |
    sed 's/"\([a-z_]*\)".*/\1/' | sort -u >"$tmp/doctor"
comm -23 "$tmp/doctor" "$tmp/steps" | sed 's/^/lib\/doctor: not a step: /' |
    grep . && bad=1

sed -n 's/^	{ "\([a-z]*\.[a-z0-9_]*\)[."].*/\1/p' lib/model/codec.c |
    sort -u >"$tmp/codec"
grep -vE '^(record|files|error|database|event|statistics)\.|^firmware\.(runner_up|candidates)$|_(error|stale)$' \
    "$tmp/schema" >"$tmp/nouns"
diff -u --label schema --label codec.c "$tmp/nouns" "$tmp/codec" || bad=1
exit $bad
