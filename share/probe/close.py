# SPDX-License-Identifier: MIT
# What a full file system could not take may be said only here.
try:
    _mpf_f.close()
finally:
    del _mpf_f
print('ok')
