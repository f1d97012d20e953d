#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The udev rules and the table in mpf-flash(1) are what share/means.tsv says.
set -eu
cd "$(dirname "$0")/../.."
grep -q '^\.\\" Made by tools/boards/means' man/mpf-flash.1 ||
    { echo "man/mpf-flash.1: no table of means"; exit 1; }
exec tools/boards/means check
