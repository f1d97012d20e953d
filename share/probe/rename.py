# SPDX-License-Identifier: MIT
# CircuitPython does not rename onto a file that is there (EEXIST, 17).
def _mpf(a, b):
    import os
    if not hasattr(os, 'rename'):
        return 'norename'
    try:
        os.rename(a, b)
    except OSError as e:
        if e.args[0] != 17:
            raise
        os.remove(b)
        os.rename(a, b)
    return 'ok'
try:
    print(_mpf(ARG1, ARG2))
finally:
    del _mpf
