# SPDX-License-Identifier: MIT
# Asked first where there is no raw-paste: how fast may we write?
import sys
w('platform', bytes(sys.platform, 'utf8'))
