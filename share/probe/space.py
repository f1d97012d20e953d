# SPDX-License-Identifier: MIT
# How many bytes are free in the file system of the folder a[0].
import os
t = os.statvfs(str(a[0], 'utf8') or '/')
w('free', str(t[0] * t[3]))
