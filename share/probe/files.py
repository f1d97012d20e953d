# SPDX-License-Identifier: MIT
# What lies on the board about it, as lines "KEY HEX", and "end".  A timer may
# print in between: so many bytes, and this sum of them, must have come; or why
# the last place where it may lie has none.
def _mpf(k, n):
    for d in ('/flash/', '/', ''):
        s = c = 0
        try:
            f = open(d + n, 'rb')
        except OSError as b:
            c = b
            continue
        print(k, end=' ')
        for i in range(256):
            for b in f.read(32):
                print('%02x' % b, end='')
                s += 1
                c = (c * 257 + b) % 65521
        print()
        s += len(f.read(1))
        f.close()
        break
    print(k + '-sum', s, c)
try:
    _mpf('info', 'board_info.toml')
    _mpf('record', 'mpflash.toml')
    print('end')
finally:
    del _mpf
