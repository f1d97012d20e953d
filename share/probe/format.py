# SPDX-License-Identifier: MIT
# Makes the file system at a[0] anew.  Then come three for each kind that may be
# there: its class, its block device and its arguments, as expressions.  The
# first kind that can read what is there is kept; if none can, it is the first
# that this firmware has.
import os
try:
    import vfs as v
except ImportError:
    v = os
m = str(a[0], 'utf8')
t = 0
for i in range(1, len(a), 3):
    n = str(a[i], 'utf8')
    if not hasattr(v, n):
        continue
    c = getattr(v, n)
    b = eval(str(a[i + 1], 'utf8'), {})
    k = eval(str(a[i + 2], 'utf8'), {})
    t = t or (c, b, k, n)
    try:
        c(b, **k)
    except OSError:
        continue
    t = (c, b, k, n)
    break
if t:
    c, b, k, n = t
    os.chdir('/')
    try:
        v.umount(m)
    except OSError:
        pass
    c.mkfs(b, **k)
    v.mount(c(b, **k), m)
    os.chdir(m)
    w('kind', n)
