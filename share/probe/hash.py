# SPDX-License-Identifier: MIT
# The SHA-256 of the file a[0]; no answer where the firmware cannot tell.
h = 0
try:
    import hashlib as h
except ImportError:
    try:
        import uhashlib as h
    except ImportError:
        pass
if h and hasattr(h, 'sha256'):
    h = h.sha256()
    f = open(str(a[0], 'utf8'), 'rb')
    b = f.read(256)
    while b:
        h.update(b)
        b = f.read(256)
    f.close()
    w('sha256', h.digest())
