# SPDX-License-Identifier: MIT
# Writes a[1] to the file a[0], or if that is empty to the one that an earlier
# run has opened; and closes it if a[2] is not empty: what a full file system
# could not take may be said only there.
global _mpf_f
if a[0]:
    _mpf_f = open(str(a[0], 'utf8'), 'wb')
_mpf_f.write(a[1])
if a[2]:
    try:
        _mpf_f.close()
    finally:
        del _mpf_f
