# SPDX-License-Identifier: MIT
# a[0] becomes a[1].  CircuitPython does not rename onto a file that is there
# (EEXIST, 17); "no": this board cannot rename at all.
import os
f, t = [str(n, 'utf8') for n in a]
if not hasattr(os, 'rename'):
    w('no', b'')
else:
    try:
        os.rename(f, t)
    except OSError as e:
        if e.args[0] != 17:
            raise
        os.remove(t)
        os.rename(f, t)
