# SPDX-License-Identifier: MIT
# The file that write.py and close.py act on.
_mpf_f = open(ARG1, 'wb')
print('ok')
