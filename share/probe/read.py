# SPDX-License-Identifier: MIT
# The bytes of the file a[0].
f = open(str(a[0], 'utf8'), 'rb')
b = f.read(32)
while b:
    w('data', b)
    b = f.read(32)
f.close()
