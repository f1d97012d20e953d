# SPDX-License-Identifier: MIT
# A file's bytes as lines of hex, and "end".
def _mpf(p):
    f = open(p, 'rb')
    while 1:
        b = f.read(32)
        if not b:
            break
        print(''.join(['%02x' % c for c in b]))
    f.close()
    print('end')
try:
    _mpf(ARG1)
finally:
    del _mpf
