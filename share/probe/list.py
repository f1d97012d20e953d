# SPDX-License-Identifier: MIT
# What is below the folder a[0] ("" is the root), but for what has one of the
# names a[1]... at its top: "folder", its path; "file", its size and path.
import os
r = str(a[0], 'utf8')
p = ['']
while p:
    d = p.pop()
    for n in os.listdir(r + d or '/'):
        if not d and bytes(n, 'utf8') in a[1:]:
            continue
        n = d + '/' + n
        t = os.stat(r + n)
        if t[0] & 0x4000:
            w('folder', n)
            p.append(n)
        else:
            w('file', '%d %s' % (t[6], n))
