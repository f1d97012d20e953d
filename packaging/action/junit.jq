# SPDX-License-Identifier: MIT
#
# packaging/action/junit.jq: records as the results of tests, in the XML of JUnit
# that CI systems read: a board that failed is a failure, and a board that was
# skipped is skipped.
#
#	jq -rs --argjson status $? -f junit.jq RECORDS
#
# Source: github.com/testmoapp/junitxml (what most CI systems take).

# What a board says is text, and no control character, which XML cannot hold.
def text: (. // "") | tostring | gsub("[^ -~]"; "?") | @html;
def attribute($name): " \($name)=\"\(text)\"";
def is_skipped: (.error | not) and .firmware.action == "skip";

def case_of:
    "<testcase classname=\"mpf.flash\"" +
    ([.device.serial_port // .device.id, .firmware.board_id //
	.board.board_id] | map(select(.)) | join(" ") |
	if . == "" then "mpf flash" else . end | attribute("name")) +
    ((.flash.took_ms // 0) / 1000 | attribute("time")) + ">" +
    (if .error then
	"<failure" + (.error.code | attribute("type")) +
	(.error.message | attribute("message")) + ">" +
	(.error.hint | text) + "</failure>"
    elif is_skipped then
	"<skipped" + (.firmware.reason | attribute("message")) + "/>"
    else "" end) + "</testcase>";

map(select(.mpf)) |
($status == 2 and (map(select(.error)) == [])) as $broken |
"<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
"<testsuites><testsuite name=\"mpf flash\" tests=\"\(length + if $broken then 1
    else 0 end)\" failures=\"\(map(select(.error)) | length)\" errors=\"\(if
    $broken then 1 else 0 end)\" skipped=\"\(map(select(is_skipped)) |
    length)\">",
(.[] | case_of),
(if $broken then
    "<testcase classname=\"mpf.flash\" name=\"mpf flash\">" +
    "<error message=\"it could not work, and ended with status 2\"/>" +
    "</testcase>"
else empty end),
"</testsuite></testsuites>"
