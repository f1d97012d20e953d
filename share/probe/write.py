# SPDX-License-Identifier: MIT
_mpf_f.write(DATA1)
print('ok')
