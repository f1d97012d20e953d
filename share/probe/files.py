# SPDX-License-Identifier: MIT
# What lies on the board about it, as lines "KEY HEX", and "end".  A timer may
# print in between: so many bytes, and this sum of them, must have come.
def _mpf(k, n):
    s = c = 0
    for d in ('/flash/', '/', ''):
        try:
            f = open(d + n, 'rb')
        except OSError:
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
