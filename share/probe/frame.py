# SPDX-License-Identifier: MIT
# Around each script here, which takes the place of BODY.  What that says by
# w(KEY, VALUE) goes out as "KEY=LENGTH:" and the bytes, in chunks, each with
# its place and a sum and printed by one call; and at last an end with the
# length of all and a sum over all (lib/repl/parcel.h).  The sums begin with
# NONCE and the arguments a[0], a[1]...: a late answer to an earlier run, or to
# arguments that arrived wrong, does not fit.  What raises is said instead of
# the rest, with a number as if another argument were the byte 256: a bit of an
# argument that arrives wrong cannot make an answer of it.
def _mpf(a, s):
    def w(k, v):
        if isinstance(v, str):
            v = bytes(v, 'utf8')
        v = bytes('%s=%d:' % (k, len(v)), 'utf8') + v
        for i in range(0, len(v), 16):
            h = '<%x:' % s[1]
            n = s[0] + s[1]
            for o in v[i:i + 16]:
                h += '%02x' % o
                n = (n * 509 + o) % 2097143
                s[2] = (s[2] * 509 + o) % 2097143
                s[1] += 1
            print(h + ';%x>' % n, end='')
    for l in a:
        for b in l:
            s[0] = (s[0] * 509 + b) % 2097143
    try:
        BODY
    except Exception as e:
        s = [(s[0] * 509 + 256) % 2097143, 0, 0]
        w('error', repr(e))
    print('<%x.%x;%x>' % (s[1], s[2], s[0] + s[1] + s[2]), end='')
try:
    _mpf(ARGS, [NONCE, 0, 0])
finally:
    del _mpf
