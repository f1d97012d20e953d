# SPDX-License-Identifier: MIT
# Asked first where there is no raw-paste: how fast may we write?
print(__import__('sys').platform)
