# SPDX-License-Identifier: MIT
# Erases the blocks from a[2] on, as many as a[3] says, of the block device
# a[1], an expression, whose file system at a[0] goes; says how many there are.
import os
try:
    import vfs as v
except ImportError:
    v = os
os.chdir('/')
try:
    v.umount(str(a[0], 'utf8'))
except OSError:
    pass
b = eval(str(a[1], 'utf8'), {})
n = b.ioctl(4, 0)
i = int(a[2])
for i in range(i, min(n, i + int(a[3]))):
    b.ioctl(6, i)
w('blocks', str(n))
