# SPDX-License-Identifier: MIT
# What lies on the board about it, as lines "KEY HEX", and "end".
def _mpf(k, n):
    for d in ('/flash/', '/', ''):
        try:
            f = open(d + n, 'rb')
        except OSError:
            continue
        print(k, end=' ')
        for i in range(256):
            for b in f.read(32):
                print('%02x' % b, end='')
        print()
        if f.read(1):
            print(k + '-too-large')
        return f.close()
try:
    _mpf('info', 'board_info.toml')
    _mpf('record', 'mpflash.toml')
    print('end')
finally:
    del _mpf
