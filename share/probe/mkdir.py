# SPDX-License-Identifier: MIT
# The folder a[0] is there afterwards.
import os
n = str(a[0], 'utf8')
try:
    os.mkdir(n)
except OSError as e:
    try:
        d = os.stat(n)[0] & 0x4000
    except OSError:
        d = 0
    if not d:
        raise e
