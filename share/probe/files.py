# SPDX-License-Identifier: MIT
# What lies on the board about it.  Each a[i] is "KEY=PATH|PATH...": the first
# file that can be opened is sent, 8 kB of it at most, and KEY-more if there
# is more.  KEY-shut: why the last could not be opened.
for l in a:
    k, l = str(l, 'utf8').split('=')
    for n in l.split('|'):
        x = i = 0
        try:
            f = open(n, 'rb')
            b = f.read(32)
        except MemoryError:
            raise
        except Exception as e:
            x = repr(e)
            continue
        while b:
            w(k if i < 256 else k + '-more', b)
            i += 1
            b = i < 257 and f.read(32)
        f.close()
        break
    if x:
        w(k + '-shut', x)
