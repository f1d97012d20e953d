# SPDX-License-Identifier: MIT
# The bytes of the file a[0]; from the byte a[1] on as many as a[2] says.
f = open(str(a[0], 'utf8'), 'rb')
n = 1 << 30
if a[1:]:
    f.seek(int(a[1]))
    n = int(a[2])
b = f.read(min(n, 32))
while b:
    w('data', b)
    n -= len(b)
    b = n and f.read(min(n, 32))
f.close()
